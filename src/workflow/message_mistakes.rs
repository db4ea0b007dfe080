//! What is wrong with messages, in words: how each is written, and by the kinds of what its placeholders see where it
//! is sent.

use super::message_shape::of_site;
use crate::complaint::Language;
use crate::message::{
    Barred, HeadMistake, Mistake, MistakeKind, Placeholders, Shape, TemplateError, TooMuch,
};
use crate::rules::diagnostics::kinds::{
    block_not_closed, front_matter, message_may_be_empty, message_template, message_too_much, not_a_number,
    not_in_messages, nothing_open, single_brace, unknown_block, unknown_filter, unknown_placeholder,
    unknown_test, unlike_languages, unworded, whole_shown, wrong_filter,
};
use crate::rules::diagnostics::{Diagnostic, Fix, Location, Span, Text, Words, nearest};
use crate::rules::{NotifySite, Ruleset, RulesetSource, ValueKind};
use std::collections::BTreeMap;

/// Returns what is wrong with the placeholders of all messages where they are sent: by scripts, and by the engine.
pub(super) fn mistaken(ruleset: &Ruleset, sites: &[NotifySite], engine: &[(&str, Shape)]) -> Vec<Diagnostic> {
    // Each with the first place from which the message is sent with it; none for the engine.
    let mut found: BTreeMap<Diagnostic, Option<&NotifySite>> = BTreeMap::new();
    let mut handed: BTreeMap<&str, BTreeMap<String, ValueKind>> = BTreeMap::new();
    for site in sites {
        let known = handed.entry(&site.message).or_default();
        for (name, kind) in &site.kinds {
            let held = known.entry(name.clone()).or_insert(*kind);
            if held != kind {
                *held = ValueKind::Unknown;
            }
        }
    }
    for (language, message, text) in ruleset.source().messages() {
        let as_read = text.replace("\r\n", "\n");
        let Some(placeholders) = Placeholders::parse(&as_read) else { continue };
        let file = file(language, message);
        let own = engine.iter().filter(|(name, _)| *name == message).map(|(_, seen)| (seen.clone(), None));
        let known = handed.get(message).cloned().unwrap_or_default();
        let sites = sites.iter().filter(|site| site.message == message);
        let sites = sites.map(|site| (of_site(ruleset, site, &known), Some(site)));
        for (seen, site) in sites.chain(own) {
            for mistake in placeholders.mistakes(&seen) {
                let told = match (&mistake.kind, site) {
                    (MistakeKind::UnknownName { name, of: Some(of), known }, Some(site)) if of == "data" => {
                        let (file, text, line) = ruleset.source().written_at(&file, mistake.line);
                        let at = Location::word(file, text, (line, mistake.column.unwrap_or(1)));
                        let known = known.iter().map(String::as_str);
                        unknown_placeholder::report_data(at, name, known, &place(site))
                    }
                    _ => told(ruleset.source(), &file, &mistake),
                };
                found.entry(told).or_insert(site);
            }
        }
    }
    let sent_from = |(told, site): (Diagnostic, Option<&NotifySite>)| match site {
        Some(site) => message_template::sent_from(told, &place(site)),
        None => told,
    };
    found.into_iter().map(sent_from).chain(unlike(ruleset.source())).collect()
}

/// The fields that a message shows, each with the line and column where it is shown first.
type Paths = BTreeMap<String, (usize, usize)>;

/// Returns which fields each message shows in one language and not in the other.
fn unlike(source: &RulesetSource) -> Vec<Diagnostic> {
    let texts: BTreeMap<_, _> = source.messages().map(|(l, message, text)| ((l, message), text)).collect();
    let mut shown: BTreeMap<(&str, &str), Paths> = BTreeMap::new();
    for ((language, message), text) in &texts {
        let as_read = text.replace("\r\n", "\n");
        let paths = shown.entry((*language, *message)).or_default();
        for (path, place) in Placeholders::parse(&as_read).iter().flat_map(Placeholders::shown) {
            // A label has a part for each language.
            let path = path.strip_suffix(&format!(".{language}")).unwrap_or(&path).to_owned();
            paths.entry(path).or_insert(place);
        }
    }
    let mut found = Vec::new();
    for (language, message) in texts.keys() {
        let here = shown.get(&(*language, *message)).into_iter().flatten();
        let file = file(language, message);
        for (path, place) in here {
            let others = Language::ALL.iter().map(|l| l.as_str()).filter(|l| l != language);
            let lacks = |l: &&str| shown.get(&(*l, *message)).is_some_and(|there| !there.contains_key(path));
            found.extend(others.filter(lacks).map(|l| {
                let (file, text, line) = source.written_at(&file, place.0);
                let at = Location::written(file, text, (line, place.1), path);
                unlike_languages::report(at, path, &format!("messages/{l}/{message}.md"))
            }));
        }
    }
    found
}

/// Returns where a message is sent from, as people read it.
pub(super) fn place(site: &NotifySite) -> String {
    format!("{}:{}:{}", site.file, site.line, site.column)
}

/// Returns the path of a message, below the rules folder.
pub(super) fn file(language: &str, message: &str) -> String {
    format!("messages/{language}/{message}.md")
}

/// Tells where a message is wrong, and why.
pub(super) fn of_error(source: &RulesetSource, error: &TemplateError) -> Diagnostic {
    told(source, &file(&error.language, &error.message), &error.mistake)
}

/// Returns the file and the line on which a message could not be rendered, as people read it.
pub(super) fn place_of(source: &RulesetSource, error: &TemplateError) -> String {
    let file = file(&error.language, &error.message);
    let (file, _, line) = source.written_at(&file, error.mistake.line);
    format!("{file}:{line}")
}

fn told(source: &RulesetSource, file: &str, mistake: &Mistake) -> Diagnostic {
    let (file, text, line) = source.written_at(file, mistake.line);
    let Some(column) = mistake.column else {
        return message_template::report(Location::line(file, text, line), failure(&mistake.kind));
    };
    let place = (line, column);
    let word = || Location::word(file, text, place);
    let at = |written: &str| Location::written(file, text, place, written);
    match &mistake.kind {
        MistakeKind::Head(head) => of_head(file, text, line, head),
        MistakeKind::SingleBrace { written, meant } => single_brace::report(at(written), written, meant),
        MistakeKind::Unclosed { opening } => message_template::report_unclosed(at(opening), opening),
        MistakeKind::BlockNotClosed { block } => block_not_closed::report(at("{%"), block),
        MistakeKind::NothingOpen { word, block } => nothing_open::report(at("{%"), word, block),
        MistakeKind::UnknownStatement { word } => unknown_block::report(at(word), word),
        MistakeKind::Stray { written } => message_template::report_stray(at(written), written),
        MistakeKind::NotInMessages(Barred::Method(filter)) => not_in_messages::report_method(word(), filter),
        MistakeKind::NotInMessages(Barred::Product) => not_in_messages::report_product(word()),
        MistakeKind::NotInMessages(barred) => not_in_messages::report(word(), &named(barred)),
        MistakeKind::TooMuch(passed) => message_too_much::report(word(), limit(*passed)),
        MistakeKind::UnknownName { name, of, known } => {
            let known = known.iter().map(String::as_str);
            unknown_placeholder::report(word(), of.as_deref(), name, known)
        }
        MistakeKind::UnknownFilter { name } => unknown_filter::report(word(), name),
        MistakeKind::UnknownTest { name } => unknown_test::report(word(), name),
        MistakeKind::WrongFilter { filter, of, given } => {
            wrong_filter::report(at(of), filter, of, described(given), fitting(given))
        }
        MistakeKind::MayBeEmpty { of } => message_may_be_empty::report_shown(at(of), of),
        MistakeKind::Whole { of, given: Shape::Group(parts) } => {
            let parts: Vec<&str> = parts.keys().map(String::as_str).collect();
            whole_shown::report_group(at(of), of, &parts)
        }
        MistakeKind::Whole { of, .. } => whole_shown::report_list(at(of), of),
        MistakeKind::Unworded { of, given } => {
            let filter = fitting(given).unwrap_or("date");
            unworded::report(at(of), of, described(given), filter)
        }
        MistakeKind::NoNumber { of, given } => not_a_number::report(at(of), of, described(given)),
        MistakeKind::FilterArguments { filter } => wrong_filter::report_arguments(word(), filter),
        failed => message_template::report(word(), failure(failed)),
    }
}

/// Says why a message could not be rendered.
pub(super) fn failure(kind: &MistakeKind) -> Text {
    match kind {
        MistakeKind::Absent => Text::new("een gegeven is er niet", "a field is not there"),
        MistakeKind::Unwritable { value, wanted } => {
            let wanted = described(wanted);
            let none = wanted
                .nl
                .strip_prefix("een ")
                .map_or_else(|| format!("niet {}", wanted.nl), |what| format!("geen {what}"));
            Text::new(format!("`{value}` is {none}"), format!("`{value}` is not {}", wanted.en))
        }
        MistakeKind::NoMeeting => Text::new(
            "het bericht nodigt uit voor een gesprek, en er is geen gesprek gepland",
            "the message invites to a meeting, and no meeting is planned",
        ),
        MistakeKind::TooMuch(passed) => limit(*passed).into(),
        _ => Text::new(
            "een woord achter | of een teken kan niets met dit gegeven",
            "a word behind | or a sign can do nothing with this field",
        ),
    }
}

/// What people write for the keys of a head.
const KEYS: &[(&str, &str)] = &[
    ("onderwerp", "subject"),
    ("betreft", "subject"),
    ("titel", "subject"),
    ("title", "subject"),
    ("agenda", "calendar"),
    ("kalender", "calendar"),
    ("verzamel", "gather"),
    ("verzamelen", "gather"),
    ("nu", "now"),
    ("direct", "now"),
    ("regel", "line"),
    ("groep", "group"),
];

/// The keys of a head.
const HEAD: [&str; 6] = ["subject", "calendar", "gather", "line", "group", "now"];

/// Returns the key of a head that was probably meant.
fn meant(key: &str) -> Option<&'static str> {
    let plain = key.to_lowercase();
    let listed = KEYS.iter().find(|(word, _)| *word == plain).map(|(_, meant)| *meant);
    listed.or_else(|| nearest(&plain, HEAD)).filter(|meant| *meant != key)
}

fn of_head(file: &str, text: &str, line: usize, mistake: &HeadMistake) -> Diagnostic {
    let written = text.lines().nth(line - 1).unwrap_or_default().trim_end();
    let at = if text.is_empty() {
        Location::file(file)
    } else {
        Location::written(file, text, (line, 1), written)
    };
    match mistake {
        HeadMistake::Missing => {
            let key = written.split_once(':').map(|(key, _)| key);
            let is_head = key.is_some_and(|key| HEAD.contains(&key) || meant(key).is_some());
            let span = Span { line: 1, column: 1, end_line: 1, end_column: 1 };
            let fix = is_head.then(|| Fix { span, replacement: "---\n".to_owned() });
            Diagnostic { fix, ..front_matter::report_missing(at) }
        }
        HeadMistake::Open => front_matter::report_open(at),
        HeadMistake::NoSubject => front_matter::report_no_subject(at),
        HeadMistake::Calendar => front_matter::report_calendar(at),
        HeadMistake::Gather => front_matter::report_gather(at),
        HeadMistake::Now => front_matter::report_now(at),
        HeadMistake::GatheredNow => front_matter::report_gathered_now(at),
        HeadMistake::GatheredInvitation => front_matter::report_gathered_invitation(at),
        HeadMistake::NoLine => front_matter::report_no_line(at),
        HeadMistake::Unknown { key } => {
            let at = Location::written(file, text, (line, 1), key);
            front_matter::report_unknown(at, key, meant(key))
        }
    }
}

fn named(barred: &Barred) -> Text {
    match barred {
        Barred::Statement(word) => Text::same(format!("{{% {word} %}}")),
        Barred::Power => Text::same("`**`"),
        Barred::Product => Text::same("`*`"),
        Barred::Function(name) | Barred::Method(name) => Text::same(format!("`{name}(…)`")),
        Barred::Recursion => Text::same("`recursive`"),
        Barred::Target => {
            Text::new("`set` van iets anders dan een naam", "`set` of something else than a name")
        }
    }
}

/// Says that a limit is passed.
fn limit(passed: TooMuch) -> Words {
    match passed {
        TooMuch::Words => Words::new(
            "tussen deze accolades staat te veel: ten hoogste 300 woorden en tekens",
            "too much stands in these braces: at most 300 words and signs",
        ),
        TooMuch::Blocks => Words::new(
            "er staan te veel blokken in elkaar: ten hoogste 50",
            "too many blocks stand in each other: at most 50",
        ),
        TooMuch::Parts => Words::new(
            "hier worden meer dan 10 gegevens aan elkaar gezet; zet ze los achter elkaar",
            "more than 10 fields are put together here; write them after each other",
        ),
        TooMuch::Names => Words::new(
            "de namen die `set` en `for` geven, houden samen te veel vast",
            "the names that `set` and `for` give hold too much together",
        ),
        TooMuch::Steps => Words::new(
            "dit bericht kost te veel werk; maak de lijsten erin korter",
            "this message takes too much work; make its lists shorter",
        ),
        TooMuch::Written => Words::new("dit bericht wordt te lang", "this message gets too long"),
        TooMuch::Made => Words::new(
            "wat de woorden achter | hier maken, wordt te lang",
            "what the words behind | make here gets too long",
        ),
        TooMuch::Items => Words::new(
            "deze lijst is te lang voor een woord achter |: ten hoogste 10.000",
            "this list is too long for a word behind |: at most 10,000",
        ),
        TooMuch::Range => {
            Words::new("`range` geeft ten hoogste 1.000 getallen", "`range` gives at most 1,000 numbers")
        }
    }
}

/// Returns the filter that writes what a field is.
fn fitting(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Date => Some("date"),
        Shape::Moment => Some("moment"),
        Shape::Term => Some("term"),
        _ => None,
    }
}

fn described(shape: &Shape) -> Words {
    match shape {
        Shape::Any => Words::new("een waarde", "a value"),
        Shape::Text => Words::new("een tekst", "a text"),
        Shape::Number => Words::new("een getal", "a number"),
        Shape::YesNo => Words::new("waar of onwaar", "true or false"),
        Shape::Date => Words::new("een datum", "a date"),
        Shape::Moment => Words::new("een tijdstip", "a moment"),
        Shape::Term => Words::new("een duur", "a span"),
        Shape::List(_) => Words::new("een lijst", "a list"),
        Shape::Group(_) => Words::new("een groep", "a group"),
    }
}
