//! Slips of the pen in the shipped rules, at random places: how many of them are found when the rules are loaded.

use crate::support::repository;
use redress::rules::{Ruleset, RulesetSource};
use std::collections::BTreeMap;

/// The slips that are tried; `REDRESS_SLIPS` tries more.
const SLIPS: usize = 150;

/// A slip: the file, the part that is replaced, and what stands there instead.
#[derive(Clone, Debug)]
struct Slip {
    file: String,
    start: usize,
    end: usize,
    instead: String,
    /// What somebody did.
    how: &'static str,
}

/// Leaves out the letter in the middle of a name.
fn misspelt(name: &str) -> String {
    let middle = name.len() / 2;
    format!("{}{}", &name[..middle], &name[middle + 1..])
}

fn is_name(text: &str) -> bool {
    text.len() >= 4 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Finds every word of a script: its start, and the text.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(|c: char| c.is_ascii_alphabetic())?;
        let length = text[start..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let end = length.map_or(text.len(), |n| start + n);
        from = end;
        Some((start, &text[start..end]))
    })
}

/// Returns every slip that can be made in a script.
fn slips(file: &str, text: &str) -> Vec<Slip> {
    let mut found = Vec::new();
    let mut add = |start: usize, end: usize, instead: String, how| {
        found.push(Slip { file: file.to_owned(), start, end, instead, how });
    };
    let in_remark = |at: usize| {
        let line = text[..at].rfind('\n').map_or(0, |n| n + 1);
        text[line..at].contains("//")
    };
    for (start, word) in words(text) {
        let (before, end) = (&text[..start], start + word.len());
        let after = &text[end..];
        if in_remark(start) {
            continue;
        }
        if before.ends_with('"') && after.starts_with('"') && is_name(word) {
            add(start, end, misspelt(word), "misspelt a name");
            if before.ends_with("== \"") {
                add(start - 1, end + 1, "1".to_owned(), "compared a text with a number");
            }
        }
        if (before.ends_with("complaint.") || before.ends_with("input.") || before.ends_with("it."))
            && word.len() > 3
        {
            add(start, end, misspelt(word), "misspelt a field");
        }
        if ["days", "weeks", "months", "workdays"].contains(&word)
            && let Some(close) = after.find(')')
            && after.starts_with('(')
        {
            add(start, end + close + 1, after[1..close].to_owned(), "left out a unit");
            add(end + 1, end + close, format!("\"{}\"", &after[1..close]), "put a number in quotes");
        }
        if word == "REMIND_AT" && before.ends_with(", ") {
            add(start, end, "9".to_owned(), "wrote a time as a number");
            add(start, end, "\"9 uur\"".to_owned(), "wrote a time in words");
        }
        if word == "now" && after.starts_with(" + ") {
            let sum = after[3..].find([',', ')', ';']).unwrap_or(0);
            add(end + 3, end + 3 + sum, "14".to_owned(), "left out a unit");
        }
        if ["now", "today"].contains(&word) && before.ends_with(">= ") {
            add(start, end, "2026-12-01".to_owned(), "wrote a date as a sum");
        }
        if after.starts_with("()") && before.ends_with([' ', '!', '(']) && !before.ends_with("fn ") {
            add(start, end, misspelt(word), "misspelt a function");
        }
        if before.ends_with("now >= at(") || before.ends_with("now > ") {
            add(start, start, "\"2026-12-01\" + ".to_owned(), "wrote a date as text");
        }
    }
    found
}

fn read() -> BTreeMap<String, String> {
    RulesetSource::read(&repository().join("rules")).unwrap().files().clone()
}

#[test]
#[expect(clippy::print_stdout, reason = "the figure is what the test is run for")]
fn slips_in_the_shipped_rules_are_found_when_they_are_loaded() {
    let files = read();
    let scripts = files.iter().filter(|(name, _)| name.ends_with(".rhai"));
    let all: Vec<Slip> = scripts.flat_map(|(name, text)| slips(name, text)).collect();
    let wanted = std::env::var("REDRESS_SLIPS").ok().and_then(|n| n.parse().ok()).unwrap_or(SLIPS);
    let mut tried: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut missed, mut found, mut seed) = (Vec::new(), 0, 7_u64);
    for _ in 0..wanted {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let slip = &all[usize::try_from(seed >> 33).unwrap() % all.len()];
        let mut slipped = files.clone();
        let text = slipped.get_mut(&slip.file).unwrap();
        text.replace_range(slip.start..slip.end, &slip.instead);
        let is_found = match Ruleset::load(RulesetSource::new(slipped), BTreeMap::new()) {
            Err(_) => true,
            Ok(ruleset) => !ruleset.warnings().is_empty(),
        };
        let (of_kind, found_of_kind) = tried.entry(slip.how).or_default();
        *of_kind += 1;
        if is_found {
            *found_of_kind += 1;
            found += 1;
        } else {
            let line = files[&slip.file][..slip.start].matches('\n').count() + 1;
            missed.push(format!("{}:{line}: {} -> {}", slip.file, slip.how, slip.instead));
        }
    }
    println!("{found} of {wanted} slips are found at load, of {} that can be made", all.len());
    for (how, (tried, found)) in &tried {
        println!("  {how}: {found} of {tried}");
    }
    println!("{}", missed.join("\n"));
    assert!(found * 100 >= wanted * 95, "{found} of {wanted}; missed:\n{}", missed.join("\n"));
}
