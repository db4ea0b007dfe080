//! Nothing that somebody typed is lost: the text is found again by its person, and by nobody else.

use super::browser::{Answer, Browser};
use super::*;
use redress::complaint::Via;

const ASK: &str = "/complaints/K-2026-0001/actions/ask_information";
const TEXT: &str = "Op welke dag was het, en <waar>?";
const SHOWN: &str = "Op welke dag was het, en &lt;waar&gt;?";

/// A complaint in treatment, and the handler's browser.
async fn handled() -> (Site, Browser) {
    let site = Site::open().await;
    complaint(&site, 1).await;
    let browser = site.signed_in(HANDLER).await;
    (site, browser)
}

async fn complaint(site: &Site, n: usize) -> String {
    let mail = crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"));
    site.app.mail(&mail).await;
    site.app.app.turn().await.unwrap();
    let number = format!("K-2026-{n:04}");
    assert_eq!(site.app.state(&number).await, "in_treatment");
    number
}

/// Sends the form as it was shown, with a text and by a button.
async fn send(browser: &mut Browser, path: &str, form: &Answer, step: &str, text: &str) -> Answer {
    let whose = form.body.split_once("name=\"of.").map_or("", |(_, rest)| rest.split('"').next().unwrap());
    let whose = format!("of.{}", whose.replace("&#x2f;", "/"));
    let hidden = ["key", "version", "seen", &whose].map(|name| (name, form.value(name)));
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = if path.ends_with("record_facts") { "a.description" } else { "a.questions" };
    fields.extend([("step", step), (answer, text)]);
    browser.post(path, &fields).await
}

/// Somebody else does something with the complaint.
async fn change(site: &Site, number: &str) {
    let input = [("about".to_owned(), "tweede@lagant.nl".into())].into();
    site.app.app.workflow.act(number, "record_facts", RECEIVER, input, Via::CommandLine).await.unwrap();
}

#[tokio::test]
async fn what_was_typed_waits_until_it_is_sent() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    assert!(!form.text().contains("U begon hier eerder aan") && !form.text().contains("Weggooien"));
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"));
    let seen = send(&mut browser, ASK, &form, "look", TEXT).await;
    assert!(seen.text().contains("Weggooien wat ik typte"), "{}", seen.text());
    let work = browser.get("/").await.text();
    assert!(work.contains("Niet afgemaakt (1) Informatie vragen bewaard op ma 23 nov, 10:00"), "{work}");
    let again = browser.get(ASK).await;
    assert!(again.body.contains(SHOWN), "{}", again.body);
    assert!(again.text().contains("U begon hier eerder aan (ma 23 nov, 10:00)."), "{}", again.text());
    assert_eq!(again.value("key"), form.value("key"), "it is the same form");
    let seen = send(&mut browser, ASK, &again, "look", TEXT).await;
    let done = send(&mut browser, ASK, &seen, "confirm", TEXT).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"), "what was sent is gone");
    // A form that was sent twice does not come back as a draft either.
    assert_eq!(send(&mut browser, ASK, &seen, "confirm", TEXT).await.status, 303);
    assert!(!browser.get(ASK).await.body.contains(SHOWN));
    assert_eq!(
        site.app.notified("K-2026-0001").await.iter().filter(|n| n.contains("information")).count(),
        1
    );
}

#[tokio::test]
async fn what_was_thrown_away_does_not_come_back() {
    let (_site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    let seen = send(&mut browser, ASK, &form, "look", TEXT).await;
    let gone = send(&mut browser, ASK, &seen, "discard", TEXT).await;
    assert_eq!((gone.status, gone.location()), (303, "/complaints/K-2026-0001"));
    assert!(!browser.get(ASK).await.body.contains(SHOWN));
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"));
    // An empty form is nothing to keep.
    let empty = send(&mut browser, ASK, &form, "look", "  ").await;
    assert_eq!(empty.status, 422);
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"));
}

#[tokio::test]
async fn a_draft_is_found_for_thirty_days() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    send(&mut browser, ASK, &form, "look", TEXT).await;
    site.advance(30 * 24 * 60);
    sign_in(&mut browser, HANDLER, PASSWORD).await;
    assert!(browser.get(ASK).await.body.contains(SHOWN));
    site.advance(1);
    assert!(!browser.get(ASK).await.body.contains(SHOWN));
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"));
}

/// The Back button shows a form that was sent; another text in it is another form.
#[tokio::test]
async fn another_text_under_the_same_key_is_not_taken_for_the_first() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    let first = send(&mut browser, ASK, &form, "look", TEXT).await;
    let other = send(&mut browser, ASK, &form, "look", "Iets anders?").await;
    assert_eq!(first.value("key"), other.value("key"));
    assert_eq!(send(&mut browser, ASK, &first, "confirm", TEXT).await.status, 303);
    let told = send(&mut browser, ASK, &other, "confirm", "Iets anders?").await;
    assert_eq!(told.status, 409, "{}", told.text());
    assert!(told.text().contains("Iets anders?"), "it is there still: {}", told.text());
    assert!(browser.get(ASK).await.text().contains("Iets anders?"));
    assert_eq!(
        site.app.notified("K-2026-0001").await.iter().filter(|n| n.contains("information")).count(),
        1
    );
}

#[tokio::test]
async fn a_form_that_is_opened_again_says_what_happened_since() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    send(&mut browser, ASK, &form, "look", TEXT).await;
    change(&site, "K-2026-0001").await;
    let again = browser.get(ASK).await;
    let text = again.text();
    assert!(text.contains("De klacht is intussen gewijzigd"), "{text}");
    assert!(again.body.contains(SHOWN), "{text}");
    // Looking with the old version says so too, and once it was shown it is seen.
    let looked = send(&mut browser, ASK, &form, "look", TEXT).await;
    assert!(looked.status == 200 && looked.text().contains("De klacht is intussen gewijzigd"));
    let looked = send(&mut browser, ASK, &looked, "look", TEXT).await;
    assert!(!looked.text().contains("De klacht is intussen gewijzigd"), "{}", looked.text());
}

/// A session that is over cannot read, act, or fill a desk; what is sent by it is its person's.
#[tokio::test]
async fn a_session_that_is_over_keeps_text_and_does_nothing_else() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    let seen = send(&mut browser, ASK, &form, "look", "eerst iets anders").await;
    site.advance(300);
    let over = send(&mut browser, ASK, &seen, "confirm", TEXT).await;
    assert_eq!(
        (over.status, over.location()),
        (303, "/sign-in?next=%2Fcomplaints%2FK-2026-0001%2Factions%2Fask_information")
    );
    assert!(!over.body.contains("dag"), "nothing is told");
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment", "nothing is done");
    // Neither a made-up action, nor a made-up complaint, nor an invented session keeps anything.
    let fields = [("step", "look"), ("a.x", "rommel")];
    for path in [
        "/complaints/K-2026-0001/actions/nonsense",
        "/complaints/K-2026-9999/actions/decide",
        "/complaints/%00/actions/decide",
    ] {
        assert_eq!(browser.post(path, &fields).await.status, 303, "{path}");
    }
    let mut invented = site.browser();
    invented.cookies.insert("redress".to_owned(), "0".repeat(64));
    assert_eq!(invented.post(ASK, &[("step", "look"), ("a.questions", "van niemand")]).await.status, 303);
    // Nor does another site, with the cookie of the session.
    let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(browser.send("POST", ASK, &headers, "a.questions=van+een+ander").await.status, 403);
    let kept = site.app.app.store.drafts().of(HANDLER).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].answers()["questions"], TEXT, "the latest text");
    let next = browser.get(over.location()).await.value("next");
    let inside =
        browser.post("/sign-in", &[("address", HANDLER), ("password", PASSWORD), ("next", &next)]).await;
    assert_eq!(inside.location(), ASK);
    assert!(browser.get(ASK).await.body.contains(SHOWN));
}

/// Somebody who may take the same action, and so could find what the handler typed.
const SECOND: &str = "directeur@lagant.nl";

/// Whoever signs in on a browser after somebody else finds nothing of what that person typed, and the person finds it again, in
/// whichever order sessions end, people come and forms that are still open are sent.
#[tokio::test]
async fn what_one_person_typed_is_never_the_next_ones() {
    let site = Site::open().await;
    let mut mine = site.signed_in(HANDLER).await;
    drop(site.signed_in(SECOND).await);
    let courses = ["signs out", "is over", "stays"].into_iter().flat_map(|left| {
        let steps = ["look", "confirm", "discard"].into_iter();
        steps.flat_map(move |step| [None, Some(SECOND)].map(|next| (left, step, next)))
    });
    for (n, (left, step, next)) in courses.enumerate() {
        let course = format!("{left}, {step}, {next:?}");
        let number = complaint(&site, n + 1).await;
        let path = format!("/complaints/{number}/actions/record_facts");
        sign_in(&mut mine, HANDLER, PASSWORD).await;
        let form = mine.get(&path).await;
        let first = format!("eerst-{n}-x");
        let seen = send(&mut mine, &path, &form, "look", &first).await;
        match left {
            "signs out" => assert_eq!(mine.post("/sign-out", &[]).await.location(), "/sign-in"),
            "is over" => site.advance(300),
            _ => {}
        }
        if let Some(next) = next {
            sign_in(&mut mine, next, PASSWORD).await;
        }
        // What is open still is sent by whoever sits there.
        let text = if step == "look" { format!("later-{n}-x") } else { first.clone() };
        let answer = send(&mut mine, &path, &seen, step, &text).await;
        let is_own = next.is_none() && left == "stays";
        if !is_own {
            assert_eq!(answer.status, if next.is_some() { 409 } else { 303 }, "{course}: {}", answer.text());
            assert!(!answer.body.contains(&text) && !answer.body.contains(&first), "{course}");
            assert!(!answer.location().contains("taken"), "{course}: nothing is done");
        }
        // Nobody else finds it, here or in a browser of their own.
        let mut elsewhere = site.browser();
        for browser in [&mut mine, &mut elsewhere] {
            sign_in(browser, SECOND, PASSWORD).await;
            for page in [path.as_str(), "/"] {
                let shown = browser.get(page).await;
                assert_eq!(shown.status, 200, "{course}: {page}");
                let is_told = shown.body.contains(&text) || shown.body.contains(&first);
                assert!(!is_told && !shown.text().contains("Niet afgemaakt"), "{course}: {}", shown.text());
            }
        }
        // Its person does, unless it was sent or thrown away in a session of the person.
        for browser in [&mut mine, &mut elsewhere] {
            sign_in(browser, HANDLER, PASSWORD).await;
            let found = browser.get(&path).await;
            let is_kept = !is_own || step == "look";
            assert_eq!(found.body.contains(&text), is_kept, "{course}: {}", found.text());
        }
        // The form is its person's, also in a later session.
        if !is_own {
            assert_eq!(send(&mut elsewhere, &path, &seen, "discard", &text).await.status, 303, "{course}");
            assert!(!elsewhere.get(&path).await.body.contains(&text), "{course}");
        }
    }
}

/// Every form into which somebody who is signed in types words says whose it is, so that no browser puts them back for another.
#[test]
fn every_form_into_which_words_are_typed_is_somebodys() {
    let (mut found, mut nobodys) = (0, Vec::new());
    for file in std::fs::read_dir(crate::support::repository().join("assets/templates")).unwrap() {
        let file = file.unwrap();
        let (name, text) = (file.file_name(), std::fs::read_to_string(file.path()).unwrap());
        for form in text.split("<form ").skip(1).map(|rest| rest.split("</form>").next().unwrap()) {
            let (opening, within) = form.split_once('>').unwrap();
            let lines = within.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap());
            let others = ["hidden", "radio", "checkbox", "password", "file"].map(|t| format!("type=\"{t}\""));
            let is_line =
                |line: &str| !others.iter().any(|t| line.contains(t)) && !line.contains("one-time-code");
            let is_typed =
                within.contains("<textarea") || within.contains("editor(") || lines.clone().any(is_line);
            // Before somebody is signed in it is nobody's.
            let is_before =
                ["sign_in", "welcome", "forgotten"].iter().any(|n| name.to_string_lossy().starts_with(n));
            if !opening.contains("method=\"post\"") || !is_typed || is_before {
                continue;
            }
            found += 1;
            let is_own = opening.contains("name=\"by.{{ frame.typist }}\"");
            if !is_own || !within.starts_with("{{ part(\"own\", {\"frame\": frame}) }}") {
                nobodys.push(format!("{name:?}: {opening}"));
            }
        }
    }
    assert!(found > 10 && nobodys.is_empty(), "{found} {nobodys:#?}");
}

/// What becomes invisible for somebody keeps its secret, and the text comes back to whoever typed it.
#[tokio::test]
async fn a_complaint_that_turns_out_to_be_about_me_gives_my_text_back() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    send(&mut browser, ASK, &form, "look", "eerder").await;
    let input = [("about".to_owned(), HANDLER.into())].into();
    let workflow = &site.app.app.workflow;
    workflow.act("K-2026-0001", "record_facts", RECEIVER, input, Via::CommandLine).await.unwrap();
    let refused = send(&mut browser, ASK, &form, "look", TEXT).await;
    assert_eq!(refused.status, 404);
    assert!(refused.body.contains(SHOWN), "{}", refused.body);
    assert!(!refused.body.contains("parkeren"), "{}", refused.body);
    assert_eq!(browser.get(ASK).await.status, 404);
    assert!(!browser.get("/").await.text().contains("Niet afgemaakt"), "nor on the desk");
}

/// A course of chance: the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Something happens while somebody types, or just after the form was sent.
async fn interrupt(
    site: &mut Site,
    number: &str,
    browsers: &mut [&mut Browser],
    chance: &mut Chance,
) -> &'static str {
    let accounts = || site.app.app.workflow.accounts();
    match chance.below(7) {
        0 => "nothing",
        1 => {
            site.advance(300);
            "the session was left alone"
        }
        2 => {
            let person = site.app.app.workflow.settings().people.find(HANDLER).unwrap().clone();
            for session in accounts().sessions(&person).await.unwrap() {
                accounts().end_session(&person, &session.digest).await.unwrap();
            }
            "the session was ended elsewhere"
        }
        3 => {
            let _ = accounts().lock(HANDLER, Actor::System).await;
            "the person was locked"
        }
        4 => {
            change(site, number).await;
            "the complaint was changed"
        }
        5 => {
            site.restart(browsers).await;
            "the program was started anew"
        }
        _ => {
            site.advance(24 * 60 * 3);
            site.restart(browsers).await;
            "three days passed, and the program was started anew"
        }
    }
}

/// Whatever happens at whatever moment, the text is found again by whoever typed it, and by nobody else; and once it was
/// sent or thrown away it is gone. `REDRESS_DRAFT_ROUNDS` tries more courses.
#[tokio::test]
async fn whatever_happens_the_text_is_found_again() {
    let rounds: u64 = std::env::var("REDRESS_DRAFT_ROUNDS").map_or(24, |n| n.parse().unwrap());
    let (mut site, mut mine) = handled().await;
    let mut other = site.signed_in("kwaliteit@lagant.nl").await;
    for round in 1..=rounds {
        let mut chance = Chance(round);
        let number = complaint(&site, round as usize + 1).await;
        let path = format!("/complaints/{number}/actions/ask_information");
        sign_in(&mut mine, HANDLER, PASSWORD).await;
        let mut form = mine.get(&path).await;
        assert_eq!(form.status, 200, "{round}: {}", form.text());
        let text = format!("tekst-{round}-x");
        if chance.below(2) == 0 {
            form = send(&mut mine, &path, &form, "look", &text).await;
        }
        let text = if chance.below(2) == 0 { text } else { format!("anders-{round}-x") };
        let mut course = Vec::new();
        for _ in 0..chance.below(3) {
            course.push(interrupt(&mut site, &number, &mut [&mut mine, &mut other], &mut chance).await);
        }
        let is_sent = {
            let step = if chance.below(2) == 0 { "look" } else { "confirm" };
            let answer = send(&mut mine, &path, &form, step, &text).await;
            assert!([200, 303, 409].contains(&answer.status), "{round} {course:?}: {}", answer.status);
            answer.location().ends_with("taken=1")
        };
        for _ in 0..chance.below(3) {
            course.push(interrupt(&mut site, &number, &mut [&mut mine, &mut other], &mut chance).await);
        }
        let _ = site.app.app.workflow.accounts().unlock(HANDLER, Actor::System).await;
        sign_in(&mut mine, HANDLER, PASSWORD).await;
        sign_in(&mut other, "kwaliteit@lagant.nl", PASSWORD).await;
        let found = mine.get(&path).await;
        assert_eq!(found.body.contains(&text), !is_sent, "{round} {course:?}: {}", found.text());
        for path in [path.as_str(), "/"] {
            let page = other.get(path).await;
            assert!(!page.body.contains(&text), "{round} {course:?}: somebody else finds it");
            assert!(!page.text().contains("Niet afgemaakt"), "{round} {course:?}");
        }
        if !is_sent {
            send(&mut mine, &path, &found, "discard", &text).await;
            assert!(!mine.get(&path).await.body.contains(&text), "{round} {course:?}: it was thrown away");
        }
    }
}

/// Every handler of a posted form asks whose form it is, but for those where nobody is signed in.
#[test]
fn every_posted_form_is_asked_whose_it_is() {
    let before = ["sign_in.rs", "welcome.rs", "forgotten.rs", "survey.rs"];
    let (mut asked, mut unasked) = (0, Vec::new());
    for source in crate::support::source::sources(&crate::support::repository(), "src/web/pages") {
        let text = std::fs::read_to_string(crate::support::repository().join(&source.path)).unwrap();
        asked += text.matches("}: OwnForm,").count() + text.matches("}: TypedForm,").count();
        if text.contains("Fields::read(") && !before.iter().any(|name| source.path.ends_with(name)) {
            unasked.push(source.path);
        }
    }
    assert!(asked > 25 && unasked.is_empty(), "{asked} {unasked:?}");
}

/// A form of somebody else does nothing, whatever it is for, and says nothing of what stands in it.
#[tokio::test]
async fn no_form_of_somebody_else_does_anything() {
    const INSIDE: &str = "dit-is-van-een-ander";
    let site = Site::open().await;
    let mut second = site.signed_in(SECOND).await;
    let trail = site.app.app.workflow.reading().trail();
    let before = trail.last_event().await.unwrap();
    let (of, own) = (format!("of.{HANDLER}"), format!("of.{SECOND}"));
    for (path, field) in [
        ("/intake/log", "subject"),
        ("/me/keys", "name"),
        ("/me/language", "language"),
        ("/me/second-factor", "code"),
        ("/people/directeur@lagant.nl/absences", "from"),
        ("/people/directeur@lagant.nl/deputy", "deputy"),
        ("/personal-data", "address"),
        ("/personal-data/file", "address"),
        ("/proposals", "name"),
        ("/recommendations/new", "content"),
        ("/reports/2025/conclusions", "conclusions"),
        ("/subscriptions", "name"),
        ("/bulk/decide", "a.x"),
    ] {
        let theirs = second.post(path, &[(&of, "0123"), (field, INSIDE)]).await;
        assert_eq!(theirs.status, 409, "{path}: {}", theirs.text());
        assert!(theirs.text().contains("geopend door iemand anders"), "{path}: {}", theirs.text());
        assert!(!theirs.body.contains(INSIDE), "{path}");
        // One's own goes on, to whatever comes of it.
        let own = second.post(path, &[(&own, "0123"), (field, INSIDE)]).await;
        assert!(own.status < 500 && !own.text().contains("geopend door iemand anders"), "{path}");
    }
    let after = trail.last_event().await.unwrap();
    assert!(after - before <= 2, "{before} {after}: at most what is one's own was done");
}
