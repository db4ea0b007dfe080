//! Letters are true: every sentence of every letter to a complainant is in a table of what letters state, and what it
//! states holds when the letter goes, with the facts as the whole decision leaves them. Of letters that one decision
//! makes obsolete, only the last goes.

#[path = "claims_test.rs"]
mod claims;
#[path = "facts_test.rs"]
mod facts;

use super::{Going, Reader};
use crate::complaint::{Case, Language, Notification, Recipient};
use crate::config::Settings;
use crate::message::Rendered;
use crate::rules::RulesetSource;
use crate::workflow::{Published, scenario};
use claims::{Table, sentences};
use facts::{Facts, WRITTEN};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// What rules hand along that somebody wrote.
const WRITTEN_DATA: &[&str] = &["approach", "questions", "reason", "reasons", "ruling", "conditions"];

/// What a reader found.
#[derive(Debug, Default)]
pub struct Found {
    /// Untrue sentences, with the message and why.
    pub lies: BTreeSet<String>,
    /// The lines of the table that were met.
    met: BTreeSet<usize>,
    /// The messages that were read.
    read: BTreeSet<String>,
    /// How many letters were read.
    pub letters: usize,
}

/// Returns a reader that checks every letter, and where it writes what it found.
pub fn checking(found: &Arc<Mutex<Found>>) -> Reader {
    let found = Arc::clone(found);
    // The complaint, the version that the decision made, and the message.
    let mut sent: BTreeSet<(i64, i64, String)> = BTreeSet::new();
    Box::new(move |going: &Going<'_>| {
        let (n, Some(case)) = (going.notification, going.case) else { return };
        if n.recipient == Recipient::Complainant {
            let mut found = found.lock().expect("no panic");
            read(going, &mut found);
            if !sent.insert((case.id.0, case.version, n.message.to_string())) {
                found.lies.insert(format!("{}: twice in one decision", n.message));
            }
        }
    })
}

fn read(going: &Going<'_>, found: &mut Found) {
    let message = going.notification.message.as_str();
    let Some(facts) = Facts::of(going) else { return };
    let case = going.case.expect("the facts are of one");
    found.letters += 1;
    found.read.insert(message.to_owned());
    let words = |case: &Case, n: &Notification, language: Language| -> Rendered {
        going.renderer.in_language(n, Some(case), going.now, language).expect("it is worded")
    };
    let [dutch, english] = [Language::Dutch, Language::English].map(|l| words(case, going.notification, l));
    let gone = if case.complaint.language == Language::Dutch { &dutch } else { &english };
    assert_eq!(
        (gone.subject.as_str(), gone.text.as_str()),
        (going.row.subject.as_str(), going.row.body.as_str()),
        "what is read is what goes"
    );
    if numbers(&dutch) != numbers(&english) {
        found.lies.insert(format!("{message}: the languages differ:\n{}\n{}", dutch.text, english.text));
    }
    let (case, n) = without_free_text(case, going.notification);
    let mut assumed = case.clone();
    assumed.complaint.language_is_assumed = true;
    // Whoever's language is a guess has some sentences more.
    let texts = [&case, &assumed].map(|case| words(case, &n, Language::Dutch).text);
    for sentence in texts.iter().flat_map(|text| sentences(text)) {
        let mut wrong = Vec::new();
        let mut candidates = TABLE.of(message).filter_map(|claim| Some((claim, claim.said(sentence)?)));
        let is_true = candidates.any(|(claim, said)| {
            let slots = said.iter().filter_map(|(slot, said)| facts.contradicts(slot, said));
            let conditions = claim.conditions.iter().filter(|c| !facts.holds(c));
            let against: Vec<String> = slots.chain(conditions.map(|c| format!("not {c}"))).collect();
            let is_true = against.is_empty();
            if is_true {
                found.met.insert(claim.line);
            } else {
                wrong.push(format!("{}: {}", claim.line, against.join(", ")));
            }
            is_true
        });
        if !is_true {
            let why = if wrong.is_empty() { "stands in no line".to_owned() } else { wrong.join("; ") };
            let state = &case.complaint.state;
            found.lies.insert(format!("{message} ({state}): \"{sentence}\": {why}"));
        }
    }
}

/// Returns the numbers in a letter, which are the same in each language: days, terms, references.
fn numbers(words: &Rendered) -> Vec<String> {
    let text = format!("{}\n{}", words.subject, words.text);
    let mut found: Vec<String> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect();
    found.sort();
    found
}

/// Returns a complaint and a message with a mark in the place of all that somebody wrote.
fn without_free_text(case: &Case, n: &Notification) -> (Case, Notification) {
    let (mut case, mut n) = (case.clone(), n.clone());
    let c = &mut case.complaint;
    for text in [&mut c.reasons, &mut c.solution, &mut c.cause, &mut c.description] {
        if text.is_some() {
            *text = Some(WRITTEN.to_owned());
        }
    }
    c.subject = WRITTEN.to_owned();
    c.measures.iter_mut().for_each(|m| m.description = WRITTEN.to_owned());
    if let Some(meeting) = &mut c.meeting {
        meeting.place = WRITTEN.to_owned();
    }
    for key in WRITTEN_DATA {
        if let Some(text) = n.data.get_mut(key).filter(|v| v.as_str().is_some_and(|text| !text.is_empty())) {
            *text = Value::from(WRITTEN);
        }
    }
    (case, n)
}

/// The shipped folder after some edits: file, what stands there, what is put in its place.
fn folder(edits: &[(&str, &str, &str)]) -> (Arc<Published>, Settings, BTreeMap<String, String>) {
    let settings = Settings::parse("", "redress.toml").expect("the defaults");
    let rules = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("rules");
    let source = RulesetSource::read(&rules).expect("the shipped rules");
    let mut files = source.files().clone();
    for (file, from, to) in edits {
        let text = files.get_mut(*file).unwrap_or_else(|| panic!("no {file}"));
        assert!(text.contains(from), "{file}: {from}");
        *text = text.replace(from, to);
    }
    let published = Published::load(RulesetSource::new(files), &settings);
    let published = published.unwrap_or_else(|found| panic!("{edits:?}: {}", found[0]));
    (Arc::new(published), settings, RulesetSource::read_scenarios(&rules).expect("the shipped scenarios"))
}

fn played(edits: &[(&str, &str, &str)], wanted: &dyn Fn(&str) -> bool) -> Found {
    let (published, settings, scenarios) = folder(edits);
    let found = Arc::default();
    scenario::play_read(&published, &settings, &scenarios, wanted, |_| checking(&found));
    Arc::into_inner(found).expect("nobody reads any more").into_inner().expect("no panic")
}

/// An organisation that has filled in everything that may be left empty.
const FILLED: &[(&str, &str, &str)] = &[
    ("00_terms.rhai", "CONTACT_PHONE = \"\"", "CONTACT_PHONE = \"030 123 45 67\""),
    ("00_terms.rhai", "CONTACT_HOURS = \"\"", "CONTACT_HOURS = \"werkdagen 9 tot 17 uur\""),
    ("00_terms.rhai", "PRIVACY_PAGE = \"\"", "PRIVACY_PAGE = \"www.example.nl/privacy\""),
    ("00_terms.rhai", "EXTERNAL_BODY = \"\"", "EXTERNAL_BODY = \"de Geschillencommissie\""),
    ("00_terms.rhai", "EXTERNAL_BODY_SITE = \"\"", "EXTERNAL_BODY_SITE = \"www.degeschillencommissie.nl\""),
];

/// An organisation in which a person confirms each complaint, or nobody does.
const BY_HAND: (&str, &str, &str) = ("00_terms.rhai", "AUTO_ACKNOWLEDGE = true", "AUTO_ACKNOWLEDGE = false");

#[test]
fn every_letter_of_every_scenario_is_true() {
    let (plain, filled) = (played(&[], &|_| true), played(FILLED, &|_| true));
    let slow = played(&[BY_HAND], &|name| name.starts_with("Drie maanden voorbij"));
    let lies: BTreeSet<&String> =
        [&plain, &filled, &slow].into_iter().flat_map(|found| &found.lies).collect();
    assert!(lies.is_empty(), "{} sentences are not true: {lies:#?}", lies.len());
    let met: BTreeSet<usize> =
        [&plain, &filled, &slow].into_iter().flat_map(|found| &found.met).copied().collect();
    let unmet: Vec<usize> = TABLE.lines().filter(|line| !met.contains(line)).collect();
    assert!(unmet.is_empty(), "no letter says what stands in these lines: {unmet:?}");
    let read: BTreeSet<&str> = plain.read.iter().map(String::as_str).collect();
    assert_eq!(TABLE.messages().collect::<BTreeSet<_>>(), read, "every letter is in the table, and goes");
    let letters = plain.letters + filled.letters;
    let _ = writeln!(std::io::stdout(), "{letters} letters of {} messages are true", read.len());
}

/// Edits that make a letter lie: file, what stands there, what is put in its place, and a scenario that then sends the lie.
const MUTANTS: &[(&str, &str, &str, &str)] = &[
    (
        "messages/nl/decision.md",
        "{% if data.is_revised %}\nBent",
        "{% if data.has_new_facts %}\nBent",
        "Oneens, gesprek, beslissing herzien, weer oneens: niet overeen",
    ),
    (
        "messages/nl/meeting_cancelled.md",
        "{% if complaint.is_open and not (deadline.reply and deadline.reply.is_armed) %}",
        "{% if complaint.state %}",
        "Intrekken met een gepland gesprek: de afspraak vervalt, en niemand belooft verder te gaan",
    ),
    (
        "20_registration.rhai",
        "complaint.about == complaint.responsible",
        "complaint.about == \"integratie@lagant.nl\"",
        "Gaat de klacht over de behandelaar, dan noemt de bevestiging die niet",
    ),
    (
        "messages/nl/follow_up.md",
        "['approved', 'implemented', 'effective']",
        "['proposed', 'approved', 'implemented', 'effective']",
        "De directeur beslist niet over een maatregel: de klager hoort op tijd de oorzaak",
    ),
    (
        "messages/nl/extension.md",
        "{{ complaint.promised_by_original|date }}",
        "{{ complaint.promised_by|date }}",
        "Twee keer verlengd: de brief noemt de nieuwe en de eerste datum",
    ),
    (
        "messages/nl/reply_reminder.md",
        "{{ deadline.reply.due|date }}",
        "{{ complaint.received_at|date }}",
        "De herinnering aan de beslissing noemt de dag waarop die is geschreven",
    ),
    (
        "30_treatment.rhai",
        "complaint.agreement = \"no_reply\";",
        "complaint.agreement = \"yes\";",
        "Geen reactie op de beslissing: herinneren, voorstellen, bevestigen",
    ),
    (
        "messages/nl/approach_missed.md",
        "{% if terms.EXTERNAL_BODY %}",
        "{% if terms.EXTERNAL_BODY == '' %}",
        "De beloofde termijn loopt af en gaat voorbij",
    ),
    (
        "35_clarification.rhai",
        "notify(\"complainant\", \"clarification\");",
        "notify(\"complainant\", \"clarification\"); notify(\"complainant\", \"clarification\");",
        "Eens tijdens de verduidelijking",
    ),
    (
        "messages/en/decision.md",
        "{{ deadline.reply.due|date }}",
        "the end of the term",
        "Besluit, eens, oplossing uitgevoerd",
    ),
    (
        "40_escalation.rhai",
        "escalate(\"approach_told\");",
        "escalate(\"resolved\");",
        "De behandelaar legt voor, de directeur beslist",
    ),
    (
        "messages/nl/withdrawn.md",
        "Wij behandelen die niet verder, en u hoeft niets meer te doen.",
        "Wij behandelen die verder.",
        "Intrekken",
    ),
];

#[test]
fn a_letter_that_lies_is_found() {
    for (file, from, to, scenario) in MUTANTS {
        let found = played(&[(file, from, to)], &|name| name == *scenario);
        assert!(found.letters > 0, "{scenario}");
        assert!(!found.lies.is_empty(), "{file}: \"{to}\" is not found out in \"{scenario}\"");
    }
}
