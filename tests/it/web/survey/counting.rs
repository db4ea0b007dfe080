//! What reports count of the survey, against a plain loop over the trail, on both engines.

use super::*;
use redress::calendar::Date;
use redress::report::Unit;

/// A letter that comes back has asked nothing, unless somebody answered all the same.
#[tokio::test]
async fn a_letter_that_comes_back_has_not_asked() {
    let site = site().await;
    asked(&site, "jan@example.nl", "m1").await;
    let link = asked(&site, "piet@example.nl", "m2").await;
    assert_eq!(answer(&site, &link, "2").await.status, 200);
    let before = report(&site, "2026-10-01", "2026-12-31").await;
    assert_eq!(figure(&before, "survey_sent"), Some((Some(2), None)));
    for (n, who) in ["jan@example.nl", "piet@example.nl"].into_iter().enumerate() {
        let letter = site.app.outbox().into_iter().find(|m| m.contains(&format!("To: {who}"))).unwrap();
        let id = letter.lines().find_map(|line| line.strip_prefix("Message-ID:")).unwrap().trim().to_owned();
        let bounce = format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.nl\r\nTo: planning@lagant.nl\r\nSubject: Undelivered\r\n\
             Message-ID: <b{n}@mx>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; \
             boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n--b\r\nContent-Type: \
             message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {who}\r\nAction: failed\r\n\
             Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
        );
        site.app.mail(&bounce).await;
    }
    site.app.app.turn().await.unwrap();
    let after = report(&site, "2026-10-01", "2026-12-31").await;
    assert_eq!(
        figure(&after, "survey_sent"),
        Some((Some(1), None)),
        "of two that came back one was answered"
    );
    assert_eq!(figure(&after, "survey_answered"), Some((Some(1), Some(1))));
}

/// What a plain loop over the trail says, by the day on which the question first went: how many were asked, and what was
/// answered last.
async fn looped(site: &Site, from: Date, to: Date) -> (i64, BTreeMap<i64, i64>) {
    let calendar = crate::support::amsterdam();
    let (mut sent, mut last): (BTreeMap<i64, Date>, BTreeMap<i64, i64>) = Default::default();
    for event in site.app.app.store.trail().events_after(0).await.unwrap() {
        let Some(id) = event.complaint_id else { continue };
        let data: Value = serde_json::from_str(&event.data).unwrap();
        let day = calendar.day_of(event.at).unwrap();
        match event.kind {
            EventKind::LetterAccepted if data["asks"] == true => drop(sent.entry(id.0).or_insert(day)),
            EventKind::SurveyAnswered => drop(last.insert(id.0, data["step"].as_i64().unwrap())),
            _ => {}
        }
    }
    let cohort: Vec<i64> =
        sent.iter().filter(|(_, day)| (from..=to).contains(*day)).map(|(id, _)| *id).collect();
    let mut steps = BTreeMap::new();
    for step in cohort.iter().filter_map(|id| last.get(id)) {
        *steps.entry(*step).or_insert(0) += 1;
    }
    (cohort.len() as i64, steps)
}

#[tokio::test]
async fn figures_are_those_of_a_plain_loop_on_both_engines() {
    let mut databases = vec![String::new()];
    match std::env::var("REDRESS_TEST_POSTGRES") {
        Ok(server) => databases.push(crate::store::fresh_database(&server).await),
        Err(_) => assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES"),
    }
    let mut both = Vec::new();
    for url in databases {
        let config = if url.is_empty() { String::new() } else { format!("[database]\nurl = \"{url}\"\n") };
        let site = site_of(ON, &config).await;
        let mut links = Vec::new();
        for n in 1..=24 {
            if n == 13 {
                site.app.until("2027-01-05 10:00").await;
            }
            links.push(asked(&site, &format!("k{n}@example.nl"), &format!("m{n}")).await);
        }
        for (n, link) in links.iter().enumerate().filter(|(n, _)| n % 4 != 0) {
            for step in [1 + n * 7 % 5, 1 + n * 3 % 5] {
                assert_eq!(answer(&site, link, &step.to_string()).await.status, 200);
            }
            site.advance(1);
        }
        for (from, to) in [
            ("2026-10-01", "2026-12-31"),
            ("2027-01-01", "2027-03-31"),
            ("2026-01-01", "2027-12-31"),
            ("2025-01-01", "2025-12-31"),
        ] {
            let (sent, steps) = looped(&site, from.parse().unwrap(), to.parse().unwrap()).await;
            let whole = report(&site, from, to).await;
            let answered: i64 = steps.values().sum();
            assert_eq!(figure(&whole, "survey_sent"), Some((Some(sent), None)), "{url} {from}");
            assert_eq!(figure(&whole, "survey_answered"), Some((Some(answered), Some(sent))), "{url} {from}");
            let sum: i64 = steps.iter().map(|(step, n)| step * n).sum();
            let mean = (answered > 0).then(|| (sum as f64 * 10.0 / answered as f64).round() as i64);
            assert_eq!(figure(&whole, "survey_mean"), Some((mean, Some(answered))), "{url} {from}");
            let table = whole.tables.iter().find(|t| t.name == "survey").unwrap();
            let counts: Vec<Option<i64>> = table.rows.iter().map(|row| row.counts[0]).collect();
            let expected: Vec<Option<i64>> =
                (1..=5).map(|s| Some(steps.get(&s).copied().unwrap_or(0))).collect();
            assert_eq!((counts, table.of), (expected, Some(answered)), "{url} {from}");
            both.push(written(&whole));
        }
        assert!(site.app.app.store.trail().reconcile().await.unwrap().is_empty());
    }
    let half = both.len() / 2;
    if half == 4 {
        assert_eq!(both[..half], both[half..], "both engines say the same");
    }
}

/// The report in every form, of which none holds a name; what an outsider reads has nothing small in it.
fn written(whole: &Report) -> String {
    let page = redress::report::page(whole).unwrap();
    let csv = redress::report::csv(whole);
    let json = serde_json::to_string(whole).unwrap();
    redress::report::xlsx(whole).unwrap();
    for text in [&page, &csv, &json] {
        assert!(!text.contains("example.nl"), "nothing of a person");
    }
    let mean = whole.figures.iter().find(|f| f.name == "survey_mean").unwrap();
    if let Some(tenths) = mean.count {
        let said = format!("{},{}", tenths / 10, tenths % 10);
        assert!(
            page.contains(&format!(">{said} van 5<")) && csv.contains(&format!("\"{said}\"")),
            "{said}: {csv}"
        );
    }
    let open = whole.clone().open();
    let small = |n: Option<i64>| n.is_some_and(|n| n == 1 || n == 2);
    for figure in open.figures.iter().filter(|f| f.name.starts_with("survey")) {
        let is_few = |of: Option<i64>| of.is_none_or(|of| of < 3);
        match figure.unit {
            Unit::Complaints => assert!(!small(figure.count) && !small(figure.of) && !small(figure.before)),
            _ => assert!(figure.of.is_none() && (figure.count.is_none() || !is_few(mean.of)), "{figure:?}"),
        }
    }
    let table = open.tables.iter().find(|t| t.name == "survey").unwrap();
    assert!(table.rows.iter().all(|row| row.counts.iter().all(|n| !small(*n))), "{table:?}");
    let shown = open.figures.iter().find(|f| f.name == "survey_mean").unwrap().count;
    let is_whole = table.rows.iter().all(|row| row.counts[0].is_some());
    assert!(shown == mean.count.filter(|_| is_whole && mean.of > Some(2)), "{shown:?} beside {table:?}");
    page
}
