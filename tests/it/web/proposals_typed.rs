//! What somebody types into a proposal and cannot be taken at once: a session that is over, somebody else in the same browser. It is
//! kept for who typed it.

use super::proposals::{Bench, OTHER, QUALITY, begin};
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_survives_the_end_of_the_session_and_of_the_program() {
    let mut bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Wordt onderbroken").await;
    let place = format!("{proposal}/files/95_note.rhai");
    let typed = [("seen", ""), ("text", "// Wat ik typte.\n")];
    bench.site.advance(60 * 24 * 30);
    let over = browser.post(&place, &typed).await;
    assert!(over.status == 303 && over.location().starts_with("/sign-in?next="), "{}", over.body);
    bench.site.restart(&mut [&mut browser]).await;
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    assert!(browser.get(&place).await.text().contains("// Wat ik typte."));
    // Sent again by the session that is over, for a text that has gone by: it is in a copy.
    let mut stale = browser.clone();
    bench.site.advance(60 * 24 * 30);
    let late = stale.post(&place, &[("seen", ""), ("text", "// En nog iets.\n")]).await;
    assert_eq!(late.status, 303);
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    assert!(browser.get(&place).await.text().contains("// Wat ik typte."));
    assert!(browser.get("/proposals/2/files/95_note.rhai").await.text().contains("// En nog iets."));
    // So are the terms of the form.
    let place = format!("{proposal}/terms");
    let seen = browser.get(&place).await.value("o.INFO_TERM");
    bench.site.advance(60 * 24 * 30);
    let term = [("o.INFO_TERM", seen.as_str()), ("v.INFO_TERM", "12"), ("u.INFO_TERM", "days")];
    assert_eq!(browser.post(&place, &term).await.status, 303);
    sign_in(&mut browser, QUALITY, PASSWORD).await;
    assert!(browser.get(&proposal).await.text().contains("const INFO_TERM = days(12);"));
}

/// What somebody types into a proposal is theirs, also where they have signed out, and where somebody else sends it who has signed
/// in with the same browser meanwhile.
#[tokio::test]
async fn what_was_typed_is_of_who_typed_it() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    drop(bench.site.signed_in(OTHER).await);
    let proposal = begin(&mut browser, "Van de eerste").await;
    for (n, next) in [None, Some(OTHER)].into_iter().enumerate() {
        let text = format!("// Getypt {n}.\n");
        let (file, letter) =
            (format!("{proposal}/files/95_note.rhai"), format!("{proposal}/letters/acknowledgement"));
        let of = format!("of.{QUALITY}");
        let (form, terms, letters) = (
            browser.get(&file).await,
            browser.get(&format!("{proposal}/terms")).await,
            browser.get(&letter).await,
        );
        let days = (12 + n).to_string();
        browser.post("/sign-out", &[]).await;
        if let Some(next) = next {
            sign_in(&mut browser, next, PASSWORD).await;
        }
        let (session, status) = (terms.value(&of), if next.is_some() { 409 } else { 303 });
        let seen = form.value("seen");
        let typed = [(of.as_str(), session.as_str()), ("seen", &seen), ("text", &text)];
        assert_eq!(browser.post(&file, &typed).await.status, status, "{next:?}");
        let seen = terms.value("o.INFO_TERM");
        let typed = [
            (of.as_str(), session.as_str()),
            ("o.INFO_TERM", &seen),
            ("v.INFO_TERM", &days),
            ("u.INFO_TERM", "days"),
        ];
        assert_eq!(browser.post(&format!("{proposal}/terms"), &typed).await.status, status, "{next:?}");
        let said = format!("Getypte brief {n}");
        let (seen, seen_en) = (letters.value("seen.nl"), letters.value("seen.en"));
        let typed = [
            (of.as_str(), session.as_str()),
            ("seen.nl", &seen),
            ("text.nl", &said),
            ("seen.en", &seen_en),
            ("text.en", "Typed"),
        ];
        assert_eq!(browser.post(&letter, &typed).await.status, status, "{next:?}");
        sign_in(&mut browser, QUALITY, PASSWORD).await;
        let shown = browser.get(&proposal).await.text();
        for kept in [text.trim(), &format!("const INFO_TERM = days({days});"), &said] {
            assert!(shown.contains(kept), "{next:?} {kept}: {shown}");
        }
    }
    let all = bench.site.app.app.workflow.proposals().open().await;
    assert!(all.is_ok_and(|all| all.len() == 1), "no copy was needed");
}
