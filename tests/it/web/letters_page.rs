//! Letters on the page: each beside what it looks like, on a made-up complaint and on a real one, and both languages written
//! at once.

use super::proposals::{Bench, OTHER, QUALITY, begin, write};
use super::*;

const LETTER: &str = "acknowledgement";

fn file(language: &str) -> String {
    format!("messages/{language}/{LETTER}.md")
}

/// Keeps both texts of a letter as its form was opened.
async fn keep(browser: &mut Browser, place: &str, form: &Answer, (nl, en): (&str, &str)) -> Answer {
    let (seen_nl, seen_en) = (form.value("seen.nl"), form.value("seen.en"));
    let fields = [("seen.nl", seen_nl.as_str()), ("seen.en", &seen_en), ("text.nl", nl), ("text.en", en)];
    browser.post(place, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_letter_in_force_is_shown_as_it_goes() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let list = browser.get("/procedure/letters").await;
    assert!(list.status == 200 && list.text().contains("de klager"), "{}", list.text());
    let published = bench.site.app.app.workflow.published();
    let mut names: Vec<&str> = published.ruleset.source().messages().map(|(_, name, _)| name).collect();
    names.dedup();
    assert!(names.len() > 20);
    for name in names {
        assert!(list.body.contains(&format!(">{name}</a>")), "{name}");
        let letter = browser.get(&format!("/procedure/letters/{name}")).await;
        let text = letter.text();
        assert!(letter.status == 200 && text.contains("Met verzonnen gegevens"), "{name}: {text}");
        assert!(!text.contains("kan zo niet worden geschreven"), "{name}: {text}");
        assert!(!letter.body.contains("<textarea"), "{name}");
    }
    let part = browser.get("/procedure/letters/_closing").await.text();
    assert!(part.contains("Dit deel staat in andere brieven"), "{part}");
    for strange in ["nothing", "..%2Fx", "%00", "_"] {
        let answer = browser.get(&format!("/procedure/letters/{strange}")).await;
        assert_eq!(answer.status, 404, "{strange}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_shown_on_a_complaint_that_the_reader_may_see_and_on_no_other() {
    let bench = Bench::open("").await;
    let hostile = crate::support::clear_complaint("jan@example.nl", "m1")
        .replace("Klacht over parkeren", "Klacht <script>x</script>");
    bench.site.app.mail(&hostile).await;
    bench.site.app.complaint("m2").await;
    let about = [("about".to_owned(), QUALITY.into())].into();
    let workflow = &bench.site.app.app.workflow;
    workflow
        .act("K-2026-0002", "record_facts", RECEIVER, about, redress::complaint::Via::CommandLine)
        .await
        .unwrap();
    let mut browser = bench.site.signed_in(QUALITY).await;
    let place = format!("/procedure/letters/{LETTER}");
    let real = browser.get(&format!("{place}?complaint=K-2026-0001")).await;
    assert!(real.text().contains("bij K-2026-0001. Er wordt niets verstuurd."), "{}", real.text());
    assert!(!real.body.contains("<script>x"), "{}", real.body);
    let (hidden, absent) = (
        browser.get(&format!("{place}?complaint=K-2026-0002")).await,
        browser.get(&format!("{place}?complaint=K-2026-9999")).await,
    );
    assert_eq!(hidden.body.replace("K-2026-0002", ""), absent.body.replace("K-2026-9999", ""));
    assert!(hidden.text().contains("is niet voor u"), "{}", hidden.text());
    // Who looked is noted, and nothing is sent.
    let mut director = bench.site.signed_in("directeur@lagant.nl").await;
    let views = director.get("/complaints/K-2026-0001/views").await.text();
    assert!(views.contains("Kwaliteit"), "{views}");
    let views = director.get("/complaints/K-2026-0002/views").await.text();
    assert!(!views.contains("Kwaliteit"), "{views}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_texts_are_written_at_once_or_neither_is() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Een andere bevestiging").await;
    let place = format!("{proposal}/letters/{LETTER}");
    let (nl, en) = (bench.text_in_force(&file("nl")), bench.text_in_force(&file("en")));
    let first = browser.get(&place).await;
    let (new_nl, new_en) =
        (format!("{nl}\nTot ziens, **{{{{ complaint.complainant }}}}**.\n"), format!("{en}\nSo long.\n"));
    let kept = keep(&mut browser, &place, &first, (&new_nl, &new_en)).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let shown = browser.get(&place).await;
    assert!(shown.body.contains("Tot ziens, <strong>Jan Voorbeeld</strong>"), "{}", shown.body);
    assert!(shown.text().contains("Tot ziens, Jan Voorbeeld") && shown.text().contains("So long."));
    let list = browser.get(&format!("{proposal}/letters")).await.text();
    assert_eq!(list.matches("gewijzigd").count(), 1, "{list}");
    // One of the two was changed since: neither is kept, and what was typed is still there.
    write(&mut browser, &proposal, &file("en"), &format!("{en}\nSee you.\n")).await;
    let late = keep(&mut browser, &place, &shown, (&format!("{nl}\nDag.\n"), &format!("{en}\nBye.\n"))).await;
    let text = late.text();
    assert_eq!(late.status, 422, "{text}");
    assert!(text.contains("Dag.") && text.contains("Bye.") && text.contains("See you."), "{text}");
    let stands = browser.get(&format!("{proposal}/files/{}", file("nl"))).await.text();
    assert!(stands.contains("Tot ziens") && !stands.contains("Dag."), "{stands}");
    assert_eq!(keep(&mut browser, &place, &late, (&nl, &en)).await.status, 303);
    assert!(browser.get(&proposal).await.text().contains("Er is niets gewijzigd."));
    // A name that does not exist is named, with its line.
    let form = browser.get(&place).await;
    let wrong = format!("{nl}\n{{{{ complaint.numbr }}}}\n");
    assert_eq!(keep(&mut browser, &place, &form, (&wrong, &en)).await.status, 303);
    let told = browser.get(&place).await.text();
    assert!(told.contains("numbr") && told.contains("Fout"), "{told}");
    assert!(told.contains("als de fouten in het voorstel zijn verbeterd"), "{told}");
    // Others read it, and write nothing.
    let mut other = bench.site.signed_in(OTHER).await;
    let form = other.get(&place).await;
    assert!(form.status == 200 && !form.body.contains("<textarea"), "{}", form.text());
    assert_eq!(other.post(&place, &[("text.nl", "x"), ("text.en", "x")]).await.status, 404);
    let mut handler = bench.site.signed_in(HANDLER).await;
    for path in [place.as_str(), "/procedure/letters", &format!("/procedure/letters/{LETTER}")] {
        assert_eq!(handler.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_survives_the_end_of_the_session() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Wordt onderbroken").await;
    let place = format!("{proposal}/letters/{LETTER}");
    let form = browser.get(&place).await;
    bench.site.advance(60 * 24 * 30);
    let (nl, en) = (bench.text_in_force(&file("nl")), bench.text_in_force(&file("en")));
    let over = keep(&mut browser, &place, &form, (&format!("{nl}\nDag.\n"), &format!("{en}\nBye.\n"))).await;
    assert!(over.status == 303 && over.location().starts_with("/sign-in"), "{}", over.body);
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    let text = browser.get(&place).await.text();
    assert!(text.contains("Dag.") && text.contains("Bye."), "{text}");
}
