//! Another term turns no scenario red that does not depend on its value: each term of `00_terms.rhai` is changed by one
//! step, and only scenarios of a list with reasons may fail.

use crate::support::repository;
use redress::config::Settings;
use redress::rules::{ORGANISATION, RulesFolder, RulesetSource};
use redress::workflow::{Published, scenario};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const TERMS: &str = "00_terms.rhai";

/// A term as it stands, and one step to either side of it.
struct Term {
    name: String,
    value: String,
    steps: Vec<String>,
}

fn folder() -> RulesFolder {
    RulesFolder::read(&repository().join("rules")).unwrap()
}

fn settings() -> Settings {
    Settings::parse("", "redress.toml").unwrap()
}

fn terms(source: &RulesetSource) -> Vec<Term> {
    let lines = source.files()[TERMS].lines().filter_map(|line| line.strip_prefix("const "));
    lines
        .map(|line| {
            let (name, rest) = line.split_once(" = ").unwrap();
            let value = rest.rsplit_once(';').map(|(value, _)| value).filter(|v| !v.contains("; "));
            let value = value.unwrap_or_else(|| rest.split_once(';').unwrap().0);
            Term { name: name.to_owned(), value: value.to_owned(), steps: steps(value) }
        })
        .collect()
}

/// The values next to a value, within its sense; what happens by itself or not is no step but another procedure.
fn steps(value: &str) -> Vec<String> {
    if let Some((unit, n)) = value.strip_suffix(')').and_then(|v| v.split_once('(')) {
        let n: i64 = n.parse().unwrap();
        let around = [n + 1, n - 1].into_iter().filter(|n| *n > 0);
        return around.map(|n| format!("{unit}({n})")).collect();
    }
    if let Ok(n) = value.parse::<i64>() {
        return vec![(n + 1).to_string(), (n - 1).to_string()];
    }
    if let Some(list) = value.strip_suffix(']') {
        return vec![format!("{list}, \"kwestie*\"]")];
    }
    match value.trim_matches('"') {
        "true" | "false" => Vec::new(),
        address if address.contains('@') => vec!["\"ontvanger@lagant.nl\"".to_owned()],
        time if time.len() == 5 && time.ends_with(":00") => {
            let hour: u32 = time[..2].parse().unwrap();
            [hour + 1, hour - 1].into_iter().map(|hour| format!("\"{hour:02}:00\"")).collect()
        }
        "" => vec!["\"iets\"".to_owned()],
        other => panic!("no step is known for {other}"),
    }
}

/// The names of the scenarios that fail with another value of a term.
fn failing(term: &Term, step: &str, folder: &RulesFolder, settings: &Settings) -> BTreeSet<String> {
    let mut files = folder.source.files().clone();
    let text = files.get_mut(TERMS).unwrap();
    let along = ALONG.iter().filter(|(name, with, _)| *name == term.name && *with == step);
    for name in along.map(|(.., other)| *other).chain([term.name.as_str()]) {
        let before = format!("const {name} = {};", term.value);
        assert_eq!(text.matches(&before).count(), 1, "{before}");
        *text = text.replace(&before, &format!("const {name} = {step};"));
    }
    let published = match Published::load(RulesetSource::new(files), settings) {
        Ok(published) => published,
        // Nobody can change it so: the bounds of `procedure.toml` refuse it.
        Err(found) if found.iter().all(|d| ["R511", "R512"].contains(&d.kind.code)) => {
            return BTreeSet::new();
        }
        Err(found) => panic!("{} = {step}: {}", term.name, found[0]),
    };
    scenario::failing(&published.into(), settings, &folder.scenarios).into_iter().collect()
}

/// What may fail: a term, the scenarios that depend on its value, and why they do.
struct Depends {
    term: &'static str,
    scenarios: &'static [&'static str],
    because: &'static str,
}

const DEPENDS: &[Depends] = &[
    Depends {
        term: "PROMISE_DEFAULT",
        scenarios: &["De beloofde datum ligt tussen zes weken en drie maanden"],
        because: "the sentence of the text with its numbers, on the calendar: six weeks end on Christmas Day",
    },
    Depends {
        term: "PROMISE_MIN",
        scenarios: &["De beloofde datum ligt tussen zes weken en drie maanden"],
        because: "the same; what is promised by default goes along",
    },
    Depends {
        term: "PROMISE_MAX",
        scenarios: &["De beloofde datum ligt tussen zes weken en drie maanden"],
        because: "the same",
    },
    Depends {
        term: "INFO_TERM",
        scenarios: &["Rond Kerst lopen de termijnen door; alleen feestdagen schuiven het einde op"],
        because: "fourteen days from that Friday end on Christmas Day; one day less does not",
    },
    Depends {
        term: "PATTERN_COUNT",
        scenarios: &[
            "Drie klachten over dezelfde medewerker: de kwaliteitsmanager kijkt naar de oorzaak",
            "Klachten die bij nader inzien niet samenhangen",
            "Over wie de klacht gaat blijkt later: wie het nieuwst is draagt het",
        ],
        because: "stories of three complaints",
    },
    Depends {
        term: "CLARIFICATION_TERM",
        scenarios: &["Oneens zonder vervolg: de termijn voor het gesprek gaat voorbij"],
        because: "the order of two terms: the meeting is missed before the planning of it is neglected",
    },
    Depends {
        term: "LATE_TERM",
        scenarios: &[
            "Wekenlang te laat: eerst de directeur, dan ook de kwaliteitsmanager, met welke termijn",
        ],
        because: "the order of two terms: that nobody judged it is told again before the mail that was asked for is late",
    },
    Depends {
        term: "NEGLECT_TERM",
        scenarios: &["Oneens zonder vervolg: de termijn voor het gesprek gaat voorbij"],
        because: "the same",
    },
];

/// What a step takes along, where one term may not pass another: what is promised by default is not shorter than what is
/// promised at least.
const ALONG: &[(&str, &str, &str)] = &[("PROMISE_MIN", "weeks(7)", "PROMISE_DEFAULT")];

/// A term of each kind of value; `REDRESS_TERMS=all` changes every term, and names with commas change those.
const SAMPLE: &[&str] = &["ACKNOWLEDGEMENT_TERM", "DEFAULT_HANDLER", "PROMISE_DEFAULT", "REMIND_AT"];

#[test]
fn another_term_fails_only_scenarios_that_depend_on_its_value() {
    let (folder, settings) = (folder(), settings());
    let all = terms(&folder.source);
    for depends in DEPENDS {
        assert!(all.iter().any(|term| term.name == depends.term), "there is no term {}", depends.term);
        assert!(!depends.because.is_empty() && !depends.scenarios.is_empty());
    }
    let asked = std::env::var("REDRESS_TERMS").unwrap_or_default();
    let wanted = |name: &str| match asked.as_str() {
        "" => SAMPLE.contains(&name),
        "all" => true,
        some => some.split(',').any(|one| one == name),
    };
    let chosen: Vec<&Term> = all.iter().filter(|term| wanted(&term.name)).collect();
    assert!(!chosen.is_empty());
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(term) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    wrong.lock().unwrap().extend(misjudged(term, &folder, &settings));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the list says of a term that is not so.
fn misjudged(term: &Term, folder: &RulesFolder, settings: &Settings) -> Vec<String> {
    let listed = DEPENDS.iter().filter(|d| d.term == term.name).flat_map(|d| d.scenarios);
    let listed: BTreeSet<&str> = listed.copied().collect();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for step in &term.steps {
        let failed = failing(term, step, folder, settings);
        let surplus = failed.iter().filter(|name| !listed.contains(name.as_str()));
        wrong.extend(surplus.map(|name| format!("{} = {step}: \"{name}\" does not hold", term.name)));
        seen.extend(failed);
    }
    let idle = listed.iter().filter(|name| !seen.contains(**name));
    wrong.extend(idle.map(|name| format!("{}: \"{name}\" is listed, and holds with every step", term.name)));
    wrong
}

/// The days themselves, counted on the calendar, are checked apart from the scenarios.
#[test]
fn the_days_of_the_shipped_terms_are_those_counted_by_hand() {
    let (folder, settings) = (folder(), settings());
    let stories = std::fs::read_to_string(repository().join("tests/fixtures/dates_by_hand.rhai")).unwrap();
    let people = folder.scenarios[ORGANISATION].clone();
    let files = [("dates_by_hand.rhai".to_owned(), stories), (ORGANISATION.to_owned(), people)].into();
    let published = Published::load(folder.source, &settings).unwrap();
    let outcomes = scenario::play(published, &settings, &files);
    let failed: Vec<_> = outcomes.iter().filter(|o| o.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(outcomes.len() >= 20);
}

/// What the first scenario of a text fails with, in the shipped organisation with other lines at its end.
fn why(story: &str, lines: &str) -> Option<String> {
    let (folder, settings) = (folder(), settings());
    let people = format!("{}{lines}", folder.scenarios[ORGANISATION]);
    let story = format!(
        "scenario \"s\" {{ at(\"2026-11-23 10:00\"); let k = mail(#{{ from: \"jan@example.nl\", subject: \"Klacht over de zaal\", \
         text: \"Ik heb een klacht: de zaal was te koud om te werken.\" }}); {story} }}"
    );
    let files = [("s.rhai".to_owned(), story), (ORGANISATION.to_owned(), people)].into();
    let outcomes = scenario::play(Published::load(folder.source, &settings).unwrap(), &settings, &files);
    outcomes[0].failure.clone().map(|text| text.en)
}

#[test]
fn a_letter_says_days_and_terms_in_words_and_lists_say_what_follows_each_other() {
    let declined = r#"act(k, "behandelaar@lagant.nl", "propose_decline", #{ ground: "too_late", reasons: "Het was in maart." });
        act(k, "directeur@lagant.nl", "approve_decline", #{});"#;
    let says = |parts: &str| why(&format!("{declined} expect_letter(k, \"declined\", {parts});"), "");
    assert_eq!(
        says(r#"[SUBMISSION_TERM, ["binnen", SUBMISSION_TERM, "bij ons"], due(k, "objection")]"#),
        None
    );
    assert!(says(r#"[["binnen", weeks(9), "bij ons"]]"#).unwrap().contains("\"binnen 9 weken bij ons\""));
    assert!(says(r#"[["bij ons", SUBMISSION_TERM]]"#).is_some(), "both stand there, but not in this order");
    assert!(says(r#"[workdays(1)]"#).unwrap().contains("\"1 werkdag\""));
}

#[test]
fn the_minute_before_is_before_and_a_time_is_a_time() {
    let sent = "expect_notified(k, [\"handler new_complaint\", \"complainant acknowledgement\"]);";
    let reminder = "due(k, \"decision_term\") - FIRST_REMINDER, REMIND_AT";
    let told = "expect_notified(k, [\"handler term_expiring\"]);";
    let met = "act(k, \"behandelaar@lagant.nl\", \"ask_information\", #{ questions: \"Welke dag?\" }); wait(hours(1)); reply(k); \
               expect_notified(k, [\"handler new_complaint\", \"complainant acknowledgement\", \"complainant information_request\", \
               \"handler complainant_replied\"]);";
    let both = format!("{met} just_before({reminder}); expect_notified(k, []); at({reminder}); {told}");
    assert_eq!(why(&both, ""), None);
    assert!(why(&format!("{met} just_before({reminder}); {told}"), "").is_some());
    assert_eq!(why(&format!("{sent} just_before(today + days(1), \"00:00\");"), ""), None);
    assert!(why("just_before(today, \"9 uur\");", "").unwrap().contains("is not a time"));
    assert!(why("just_before(today, REMIND_AT);", "").unwrap().contains("in the past"));
    assert_eq!(why(r#"absent("directeur@lagant.nl", today, today + days(3));"#, ""), None);
    assert!(why(r#"absent("directeur@lagant.nl", today, today - days(3));"#, "").is_some());
}

#[test]
fn an_organisation_that_calls_by_no_term_is_told() {
    assert!(why("", "NOBODY = \"x@lagant.nl\"\n").unwrap().contains("`NOBODY` is not a term"));
    assert!(why("", "MIN_TEXT = \"x@lagant.nl\"\n").unwrap().contains("`MIN_TEXT` is not a term"));
    assert!(why("", "MIN_TEXT = 40\n").unwrap().contains("cannot be read"));
}
