//! What was changed is found: a byte anywhere; and a dossier that somebody made anew, as far as the key tells.

use super::program::{Place, alone, done, error};
use super::*;
use crate::support::clear_complaint;
use redress::dossier::{Link, Marks};

/// A fingerprint of no key.
pub const NO_KEY: &str = "00000000000000000000000000000000";

fn place() -> (Place, std::path::PathBuf) {
    let place = Place::new("");
    place.take_in(&[
        mail_with_files("a1", "Klacht over parkeren in Utrecht", &["x.png"]),
        clear_complaint("b@example.nl", "b1"),
    ]);
    let (path, _) = place.export("K-2026-0001", "d.zip", &[]);
    (place, path)
}

#[test]
fn a_changed_byte_in_any_part_is_found() {
    let (place, path) = place();
    let whole = std::fs::read(&path).unwrap();
    let changed = place.path("changed.zip");
    // Some of each part of the file; that every byte counts is shown where archives are.
    for at in (0..whole.len()).step_by(whole.len() / 24) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&changed, &bytes).unwrap();
        assert!(error(&alone(&changed)).contains("not as it was made"), "byte {at}");
    }
    std::fs::write(&changed, &whole[..whole.len() - 1]).unwrap();
    assert!(error(&alone(&changed)).contains("bytes have changed or are missing"));
    std::fs::write(&changed, b"no dossier").unwrap();
    assert!(error(&alone(&changed)).contains("no such file, or only its beginning"));
    assert!(error(&alone(&place.path("nothing.zip"))).contains("there is no file"));
    // Behind a seal that fits, each part is found by its digest.
    let files = opened(&whole);
    for name in files.keys() {
        let mut files = files.clone();
        files.get_mut(name).unwrap().push(b' ');
        write(&files, &changed);
        let said = error(&alone(&changed));
        let is_told = said.contains(&format!("{name} in it is not as it was written"))
            || said.contains("manifest.json is not the one that was attested");
        assert!(is_told, "{name}: {said}");
        files.remove(name);
        write(&files, &changed);
        error(&alone(&changed));
    }
    let mut more = files.clone();
    more.insert("extra.txt".to_owned(), b"x".to_vec());
    write(&more, &changed);
    assert!(error(&alone(&changed)).contains("extra.txt is in it, and not listed"));
}

#[test]
fn what_somebody_made_anew_the_key_tells() {
    let (place, path) = place();
    let files = opened(&std::fs::read(&path).unwrap());
    let forged = place.path("forged.zip");
    for name in ["mails/0001.eml", "letters/0001.txt", "dossier.html", "attachments/0001-001-x.png"] {
        let mut files = files.clone();
        files.get_mut(name).unwrap().extend_from_slice(b"\nforged");
        made_anew(&files, &forged);
        // Without the key nobody can tell, and nothing else is said.
        assert!(done(alone(&forged)).contains("cannot be told without"), "{name}");
        assert!(error(&place.check(&forged)).contains("somebody has made the file anew"), "{name}");
        // Nor does it help to name a key that was never here.
        made_anew_with(&files, &forged, Some(NO_KEY));
        assert!(error(&place.check(&forged)).contains("somebody has made the file anew"), "{name}");
    }
}

/// Writes an event of the timeline anew, with marks that fit.
fn with_another_event(files: &Files, number: usize, change: impl Fn(&mut Link)) -> Files {
    let timeline: serde_json::Value = serde_json::from_slice(&files["timeline.json"]).unwrap();
    let mut marks = Marks::default();
    let mut lines = Vec::new();
    for mut step in timeline.as_array().unwrap().clone() {
        let mut link: Link = serde_json::from_value(step["link"].clone()).unwrap();
        if step["number"] == number {
            change(&mut link);
        }
        step["mark"] = marks.over(&link).into();
        step["link"] = serde_json::to_value(&link).unwrap();
        lines.push(step.to_string());
    }
    let mut files = files.clone();
    files.insert("timeline.json".to_owned(), format!("[\n{}\n]\n", lines.join(",\n")).into_bytes());
    files
}

/// What is personal is found to be another also where nothing is left by which to look.
#[test]
fn what_is_personal_cannot_be_altered_by_leaving_half_of_it_out() {
    let (place, path) = place();
    let files = opened(&std::fs::read(&path).unwrap());
    let forged = place.path("forged.zip");
    made_anew(&with_another_event(&files, 1, |_| {}), &forged);
    done(alone(&forged));
    let altered = |link: &Link| link.personal.as_ref().unwrap().replace("jan@", "piet@");
    let changes: [fn(&mut Link, String); 3] = [
        |link, altered| link.personal = Some(altered),
        |link, altered| (link.personal, link.salt) = (Some(altered), None),
        |link, _| link.personal = None,
    ];
    for (which, change) in changes.iter().enumerate() {
        made_anew(&with_another_event(&files, 1, |link| change(link, altered(link))), &forged);
        let said = error(&alone(&forged));
        assert!(said.contains("step 1 (event 2) is not as it was written"), "{which}: {said}");
    }
}

#[test]
fn an_event_that_is_not_of_the_trail_is_found() {
    let (place, path) = place();
    let files = opened(&std::fs::read(&path).unwrap());
    let forged = place.path("forged.zip");
    let timeline = text(&files, "timeline.json");
    let mut altered = files.clone();
    let said = timeline.replacen(
        "deadline acknowledgement ends 2026-11-30",
        "deadline acknowledgement ends 2026-12-30",
        1,
    );
    assert_ne!(said, timeline);
    altered.insert("timeline.json".to_owned(), said.into_bytes());
    made_anew(&altered, &forged);
    let said = error(&alone(&forged));
    assert!(said.contains("step 4 (event 5) is not as it was written"), "{said}");
    // One that is left out.
    let mut lines: Vec<&str> = timeline.lines().collect();
    lines.remove(4);
    altered.insert("timeline.json".to_owned(), lines.join("\n").into_bytes());
    made_anew(&altered, &forged);
    assert!(error(&alone(&forged)).contains("step 4 is missing, or is not where it belongs"));
    // Another installation has another complaint of that number.
    let other = Place::new("");
    done(other.run(&["tick"]));
    assert!(error(&other.check(&path)).contains("another installation made it"));
    other.take_in(&[clear_complaint("jan@example.nl", "c1")]);
    let said = error(&other.check(&path));
    assert!(said.contains("its events are not those of the trail here, from event 2 on"), "{said}");
}

#[test]
fn a_trail_that_does_not_hold_is_told() {
    let (place, path) = place();
    let url = format!("sqlite:{}", place.data().join("redress.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
        let other = "UPDATE events SET summary = 'other' WHERE complaint_id = 2 AND seq = (SELECT MAX(seq) FROM events)";
        sqlx::query(other).execute(&pool).await.unwrap();
        pool.close().await;
    });
    assert!(error(&place.check(&path)).contains("the audit trail here is broken at event"));
    runtime.block_on(async {
        let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
        sqlx::query("UPDATE events SET summary = 'other' WHERE seq = 6").execute(&pool).await.unwrap();
        pool.close().await;
    });
    assert!(error(&place.check(&path)).contains("not those of the trail here, from event 6 on"));
}

/// What is personal of an event may be removed later: a dossier from before keeps it, and agrees; one from after says so.
#[test]
fn what_was_removed_for_privacy_is_no_difference() {
    let (place, path) = place();
    let withdrawn =
        ["act", "K-2026-0001", "withdraw", "--input", "confirmation=mail", "--input", "confirmed=ja"];
    done(place.run(&[&withdrawn[..], &["--as", "behandelaar@lagant.nl"]].concat()));
    let forget = ["forget", "K-2026-0001", "--reason", "op verzoek", "--as", "directeur@lagant.nl", "--yes"];
    done(place.run(&forget));
    for _ in 0..3 {
        done(place.run(&["tick"]));
    }
    assert!(done(place.check(&path)).contains("this installation made it"));
    let (later, _) = place.export("K-2026-0001", "later.zip", &[]);
    assert!(done(place.check(&later)).contains("this installation made it"));
    let files = opened(&std::fs::read(later).unwrap());
    assert!(words(&files).contains("Wat dit was, is om de privacy verwijderd"));
    assert!(!text(&files, "timeline.json").contains("jan@example.nl"));
}

/// Under a new key a dossier from before is compared with the trail, and nothing is said that cannot be told.
#[test]
fn after_the_key_was_lost_what_can_be_told_is_told() {
    let (place, path) = place();
    std::fs::remove_file(place.data().join("audit.key")).unwrap();
    let quality = ["audit", "replace-key", "--as", "kwaliteit@lagant.nl", "--reason", "schijf kapot"];
    done(place.run(&quality));
    let said = done(place.check(&path));
    assert!(said.contains("attested with a key that this installation does not have"), "{said}");
    // What is there was not taken away before the dossier was made.
    let files = opened(&std::fs::read(&path).unwrap());
    let forged = place.path("forged.zip");
    let bare = with_another_event(&files, 1, |link| (link.personal, link.salt) = (None, None));
    made_anew(&bare, &forged);
    let said = error(&place.check(&forged));
    assert!(said.contains("its events are not those of the trail here, from event 2 on"), "{said}");
    let (later, _) = place.export("K-2026-0001", "later.zip", &[]);
    assert!(done(place.check(&later)).contains("this installation made it"));
    // Whatever was made since was attested with the new key.
    let mut files = opened(&std::fs::read(&later).unwrap());
    files.get_mut("dossier.html").unwrap().push(b' ');
    made_anew_with(&files, &forged, Some(NO_KEY));
    assert!(error(&place.check(&forged)).contains("somebody has made the file anew"));
}
