//! Mail as it really is: the corpus of `tests/fixtures/mail`, every mail with CRLF and with LF. What mutation makes of it is in `fuzz`.

use crate::support::{TestApp, repository};
use redress::intake::{ingest, parse};
use redress::reception::IntakeOutcome;
use serde_json::Value;
use std::path::PathBuf;

/// A file and its bytes.
type Variant = (PathBuf, Vec<u8>);

/// (name, expectation, variants)
fn corpus() -> Vec<(String, Value, Vec<Variant>)> {
    let folder = repository().join("tests/fixtures/mail");
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let expected = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let variants = ["crlf", "lf"].map(|v| folder.join(format!("{name}.{v}.eml")));
            let read = |p: &PathBuf| Some((p.clone(), std::fs::read(p).ok()?));
            let variants: Vec<_> = variants.iter().filter_map(read).collect();
            assert!(!variants.is_empty(), "{name} has no mail");
            (name, expected, variants)
        })
        .collect()
}

/// Every key of `expected` is there; lists have the same length.
fn holds(name: &str, place: &str, expected: &Value, found: &Value) {
    match (expected, found) {
        (Value::Object(e), f) => {
            for (key, value) in e {
                holds(name, &format!("{place}/{key}"), value, &f[key.as_str()]);
            }
        }
        (Value::Array(e), Value::Array(f)) => {
            assert_eq!(e.len(), f.len(), "{name}: {place}: {f:?}");
            e.iter().zip(f).for_each(|(e, f)| holds(name, place, e, f));
        }
        (e, f) => assert_eq!(e, f, "{name}: {place}"),
    }
}

#[test]
fn every_mail_of_the_corpus_is_read_as_expected() {
    let corpus = corpus();
    assert!(corpus.len() >= 120, "{}", corpus.len());
    for (name, expected, variants) in &corpus {
        for (path, raw) in variants {
            let name = format!("{name} ({})", path.extension().unwrap().to_string_lossy());
            let mail = parse(raw, Some("mx.lagant.nl"));
            let mut found = serde_json::json!(mail);
            // Two things are easier said in words than in numbers.
            found["text_has"] = expected["mail"]["text_has"].clone();
            if let Some(text) = expected["mail"]["text_has"].as_str() {
                assert!(mail.text.contains(text), "{name}: {:?}", mail.text);
            }
            if let Some(text) = expected["mail"]["history_at_text"].as_str() {
                let fresh = &mail.text[..mail.history_at.unwrap_or(0)];
                assert_eq!(fresh.replace("\r\n", "\n"), text, "{name}");
                found["history_at_text"] = text.into();
            }
            holds(&name, "", &expected["mail"], &found);
        }
    }
}

/// Taken in, every mail has exactly one outcome and leaves exactly one trace; with other line ends it is the same mail.
#[tokio::test(flavor = "multi_thread")]
async fn every_mail_of_the_corpus_has_exactly_one_outcome() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let store = &app.app.store;
    for (name, expected, variants) in corpus() {
        for (i, (path, raw)) in variants.iter().enumerate() {
            let before = store.figures().totals(at()).await.unwrap().complaints;
            let taken = ingest(&app.app.workflow, raw, "corpus").await.unwrap();
            let grew = store.figures().totals(at()).await.unwrap().complaints - before;
            let opened = usize::from(taken.outcome == IntakeOutcome::Complaint);
            assert_eq!(grew as usize, opened, "{name}");
            let again = ingest(&app.app.workflow, raw, "corpus").await.unwrap();
            assert_eq!(again.outcome, IntakeOutcome::Duplicate, "{name}: {}", path.display());
            if i == 0 {
                assert_eq!(serde_json::json!(taken.outcome), expected["outcome"], "{name}");
            }
        }
    }
    app.app.turn().await.unwrap();
    // Who gets an automatic letter is a human who complained, never a machine.
    for letter in app.outbox() {
        for machine in ["mailer-daemon", "noreply", "postmaster", "niet-beantwoorden"] {
            assert!(!letter.to_lowercase().contains(&format!("to: {machine}")), "{letter}");
        }
    }
}

fn at() -> redress::calendar::Moment {
    crate::support::at("2026-11-23 10:00")
}
