//! Reports on the page: as of now and as they were kept, whole and open, with files, conclusions and recommendations.

use super::*;
use crate::support::clear_complaint;
use sha2::{Digest, Sha256};

const DIRECTOR: &str = "directeur@lagant.nl";
const EMPLOYEE: &str = HANDLER;

/// Two complaints of a quarter that is over, and the first day of the next.
async fn after_the_quarter() -> Site {
    let site = Site::open().await;
    for n in 1..=2 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    site.app.until("2027-01-01 09:05").await;
    site
}

#[tokio::test]
async fn a_report_that_was_sent_is_had_again_byte_for_byte() {
    let site = after_the_quarter().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let list = director.get("/reports").await;
    assert!(list.text().contains("1 oktober 2026 tot en met 31 december 2026"), "{}", list.text());
    let path = "/reports/2026-10-01_2026-12-31";
    let kept = kept(&list);
    let (_, made) = kept.split_once('?').unwrap();
    let file = |form: &str| format!("{path}/files/report.{form}?{made}");
    let mut before = Vec::new();
    for form in ["html", "csv", "json", "xlsx"] {
        before.push(director.get(&file(form)).await.body);
    }
    // What happens afterwards changes today's report, and not the one that was sent.
    let raw = clear_complaint("k3@example.nl", "m3");
    site.app.mail(&raw).await;
    director.post(&format!("{path}/conclusions"), &[("conclusions", "Rustig kwartaal.")]).await;
    site.app.until("2027-01-04 10:00").await;
    let mut director = again(&site, director).await;
    for (form, before) in ["html", "csv", "json", "xlsx"].iter().zip(&before) {
        assert_eq!(director.get(&file(form)).await.body, *before, "{form}");
    }
    // The digest on the page is that of the file, and stands in the trail.
    let digest = format!("{:x}", Sha256::digest(&before[0]));
    let page = director.get(&kept).await;
    assert!(page.text().contains(&digest), "{}", page.text());
    let events = site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let ran = events
        .iter()
        .find(|e| e.kind.as_str() == "schedule_ran" && e.data.to_string().contains("reports"))
        .unwrap();
    assert!(ran.data.to_string().contains(&digest), "{}", ran.data);
    assert!(!page.text().contains("Rustig kwartaal."), "the conclusions came later");
    assert!(director.get(path).await.text().contains("Rustig kwartaal."));
    let list = director.get("/reports").await.text();
    assert_eq!(
        list.matches("1 oktober 2026 tot en met 31 december 2026").count(),
        3,
        "sent, concluded, and now: {list}"
    );
}

/// The address of the only report that is kept.
fn kept(list: &Answer) -> String {
    let body = list.body.replace("&#x2f;", "/");
    let (_, rest) = body.split_once("/reports/2026-10-01_2026-12-31?made=").unwrap();
    format!("/reports/2026-10-01_2026-12-31?made={}", rest.split('"').next().unwrap())
}

/// A session may be over when days have passed.
async fn again(site: &Site, mut browser: Browser) -> Browser {
    if browser.get("/reports").await.status != 200 {
        sign_in(&mut browser, DIRECTOR, PASSWORD).await;
    }
    let _ = site;
    browser
}

#[tokio::test]
async fn who_sees_no_complaints_has_the_open_report_and_no_forms() {
    let site = after_the_quarter().await;
    let mut employee = site.signed_in(EMPLOYEE).await;
    let mut director = site.signed_in(DIRECTOR).await;
    let kept = kept(&director.get("/reports").await);
    for path in ["/reports/2026-10-01_2026-12-31", &kept, "/reports/2026-Q4"] {
        let (open, whole) = (employee.get(path).await, director.get(path).await);
        assert_eq!((open.status, whole.status), (200, 200), "{path}");
        assert!(open.text().contains("Aantallen onder de 3 zijn weggelaten"), "{path}: {}", open.text());
        assert!(!whole.text().contains("Aantallen onder de 3 zijn weggelaten"), "{path}");
        assert!(!open.body.contains("name=\"conclusions\""), "{path}");
    }
    // Any days and any moment, set against each other, would tell the small numbers.
    for path in [
        "/reports/2026-10-01_2026-12-30",
        "/reports/2026",
        "/reports/2026-10-01_2026-12-30/files/report.json",
    ] {
        let status = (employee.get(path).await.status, director.get(path).await.status);
        assert_eq!(status, (404, 200), "{path}");
    }
    assert!(!employee.get("/reports").await.body.contains("name=\"from\""));
    let json = employee.get("/reports/2026-10-01_2026-12-31/files/report.json").await;
    assert!(json.body.contains("\"is_open\":true") && !json.body.contains("\"count\":2,"), "{}", json.body);
    let path = "/reports/2026-10-01_2026-12-31/conclusions";
    assert_eq!(employee.post(path, &[("conclusions", "Van mij.")]).await.status, 404);
    assert_eq!(employee.get("/recommendations/new").await.status, 404);
    assert_eq!(employee.post("/recommendations/new", &[("content", "Van mij.")]).await.status, 404);
    assert!(!employee.get("/recommendations").await.body.contains("/recommendations/new"));
    // Their mail has no numbers in it, and the director's is not sent twice.
    let letters = site.app.outbox();
    let to = |who: &str| {
        letters.iter().filter(|l| l.contains(&format!("To: {who}")) && l.contains("Kwartaalverslag")).count()
    };
    assert_eq!((to(EMPLOYEE), to(DIRECTOR)), (1, 1));
}

async fn in_database(site: &Site, statement: &str) {
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    sqlx::query(statement).execute(&pool).await.unwrap();
    pool.close().await;
}

/// However many reports are kept of other periods: two open ones of one period, set against each other, would tell what is left
/// out of either.
#[tokio::test]
async fn the_open_report_of_an_older_period_stays_as_it_was() {
    let site = after_the_quarter().await;
    let store = &site.app.app.store;
    let days = ("2026-10-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let first = store.records().last_kept(days, true).await.unwrap().unwrap();
    let many = "INSERT INTO kept_reports (from_on, to_on, made_at, made_on, is_open, is_concluded, content, page, sha256) \
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
        SELECT '2027-01-01', '2027-03-31', 1800000000000 + i, '2027-04-01', i % 2, 0, '{}', 'p', 's' FROM n";
    in_database(&site, many).await;
    for n in 3..=9 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let mut director = site.signed_in(DIRECTOR).await;
    let path = "/reports/2026-10-01_2026-12-31/conclusions";
    // What it was cannot be read: nothing is made beside it, and somebody is told.
    in_database(&site, "UPDATE kept_reports SET content = '{' || content WHERE is_open = 1").await;
    assert_eq!(director.post(path, &[("conclusions", "Rustig.")]).await.status, 500);
    assert_eq!(store.records().last_kept(days, true).await.unwrap().unwrap().made_at, first.made_at);
    in_database(&site, "UPDATE kept_reports SET content = substr(content, 2) WHERE is_open = 1").await;
    // As if these had come in before it ended.
    in_database(&site, "UPDATE complaints SET received_on = '2026-11-24' WHERE received_on > '2026-12-31'")
        .await;
    assert_eq!(director.post(path, &[("conclusions", "Rustig.")]).await.status, 303);
    let last = store.records().last_kept(days, true).await.unwrap().unwrap();
    assert!(last.made_at > first.made_at);
    let content = async |made_at| -> redress::report::Report {
        let kept = store.records().kept_report(days, made_at, true).await.unwrap().unwrap();
        serde_json::from_str(&kept.content).unwrap()
    };
    let (first, last) = (content(first.made_at).await, content(last.made_at).await);
    assert_eq!((&first.figures, &first.tables), (&last.figures, &last.tables));
    assert!(first.conclusions.is_none() && last.conclusions.is_some());
}

#[tokio::test]
async fn a_report_is_concluded_once_and_what_was_typed_stays() {
    let site = after_the_quarter().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let path = "/reports/2026-10-01_2026-12-31/conclusions";
    let long = "x".repeat(20_001);
    for (typed, why) in [(" ", "vul een tekst in"), (long.as_str(), "langer dan")] {
        let answer = director.post(path, &[("conclusions", typed)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(why) && answer.body.contains(typed), "{why}");
    }
    let early = director.post("/reports/2027-Q1/conclusions", &[("conclusions", "Te vroeg.")]).await;
    assert!(early.status == 422 && early.text().contains("de periode loopt tot en met"), "{}", early.text());
    assert!(
        !director.get("/reports/2027-Q1").await.body.contains("name=\"conclusions\""),
        "nothing to conclude yet"
    );
    let text = "Rustig <b>kwartaal</b>.\n\nTwee klachten.";
    assert_eq!(director.post(path, &[("conclusions", text)]).await.status, 303);
    let page = director.get("/reports/2026-10-01_2026-12-31").await;
    assert!(
        page.text().contains("Rustig <b>kwartaal</b>.") && !page.body.contains("<b>kwartaal"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("name=\"conclusions\""));
    let twice = director.post(path, &[("conclusions", "Nog eens.")]).await;
    assert!(twice.status == 422 && twice.text().contains("al eerder vastgesteld"), "{}", twice.text());
}

#[tokio::test]
async fn a_recommendation_is_recorded_and_followed_up() {
    let site = after_the_quarter().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let new = "/recommendations/new";
    for (fields, why) in [
        (vec![("content", " ")], "vul een tekst in"),
        (vec![("content", "Bel eerder"), ("on", "straks")], "is geen dag"),
        (vec![("content", "Bel eerder"), ("state", "klaar")], "geen stand"),
        (vec![("content", "Bel eerder"), ("complaints", "K-2026-0099")], "er is geen klacht"),
    ] {
        let answer = director.post(new, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.text().contains(why), "{why}: {}", answer.text());
        assert!(answer.body.contains(fields[0].1));
    }
    let fields =
        [("content", "Bel <eerder>"), ("complaints", "k-2026-0001, K-2026-0002"), ("on", "2027-06-01")];
    assert_eq!(director.post(new, &fields).await.location(), "/recommendations");
    let list = director.get("/recommendations").await;
    assert!(
        list.text().contains("Bel <eerder>") && list.text().contains("K-2026-0001, K-2026-0002"),
        "{}",
        list.text()
    );
    assert!(list.text().contains("1 juni 2027"), "{}", list.text());
    let form = director.get("/recommendations/1").await;
    assert!(
        form.body.contains("Bel &lt;eerder&gt;") && form.body.contains("value=\"2027-06-01\""),
        "{}",
        form.body
    );
    let changed = [("content", "Bel <eerder>"), ("note", "Gedaan."), ("on", "2027-06-01")];
    director.post("/recommendations/1", &changed).await;
    let list = director.get("/recommendations").await.text();
    assert!(list.contains("Gedaan.") && !list.contains("K-2026-0001"), "what is taken out is gone: {list}");
    director.post("/recommendations/1", &fields).await;
    director.post("/recommendations/1", &[("content", "Bel <eerder>"), ("note", "Gedaan."), fields[1]]).await;
    let read = site.signed_in(EMPLOYEE).await.get("/recommendations").await.text();
    assert!(read.contains("Bel <eerder>"), "{read}");
    assert!(!read.contains("Gedaan.") && !read.contains("K-2026-0001"), "for who may see complaints: {read}");
    for path in ["/recommendations/2", "/recommendations/x", "/recommendations/99999999999999999999"] {
        assert_eq!(director.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_period_that_is_none_is_a_mistake_of_who_asks() {
    let site = Site::open().await;
    let mut director = site.signed_in(DIRECTOR).await;
    for path in
        ["/reports/x", "/reports/2026-Q5", "/reports/2026-02-01_2026-01-01", "/reports/0001-01-01_9999-12-31"]
    {
        assert_eq!(director.get(path).await.status, 404, "{path}");
        assert_eq!(
            director.post(&format!("{path}/conclusions"), &[("conclusions", "x")]).await.status,
            404,
            "{path}"
        );
    }
    for query in ["made=x", "made=2026-01-01", "made=99999999999999999999", "made=%00"] {
        let status = director.get(&format!("/reports/2026-Q3?{query}")).await.status;
        assert!(status == 404 || query.ends_with("%00") && status == 200, "{query}: {status}");
    }
    assert_eq!(director.get("/reports/2026-Q3/files/report.pdf").await.status, 404);
    let wrong = director.get("/reports?from=2026-05-01&to=2026-01-01").await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("de eerste niet na de laatste") && wrong.body.contains("2026-05-01"),
        "{}",
        wrong.text()
    );
    let asked = director.get("/reports?from=2026-05-01&to=2026-06-30").await;
    assert_eq!((asked.status, asked.location()), (303, "/reports/2026-05-01_2026-06-30"));
}

#[tokio::test]
async fn who_sees_all_complaints_takes_a_year_home_for_an_auditor_and_nobody_else() {
    let site = after_the_quarter().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let list = director.get("/reports").await;
    assert!(list.body.replace("&#x2f;", "/").contains("/reports/2026/pack"), "{}", list.body);
    let answer = director.get("/reports/2026/pack").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").unwrap().contains("audit-2026.zip"));
    assert!(answer.header("content-type").unwrap().contains("application/zip"));
    for path in [
        "/reports/2026-Q4/pack",
        "/reports/0000/pack",
        "/reports/9999/pack",
        "/reports/+026/pack",
        "/reports/x/pack",
    ] {
        assert_eq!(director.get(path).await.status, 404, "{path}");
    }
    assert_eq!(director.post("/reports/2026/pack", &[]).await.status, 405);
    let mut employee = site.signed_in(EMPLOYEE).await;
    assert_eq!(employee.get("/reports/2026/pack").await.status, 404);
    assert!(!employee.get("/reports").await.body.contains("pack"));
    assert_ne!(site.browser().get("/reports/2026/pack").await.status, 200, "who is not signed in");
}
