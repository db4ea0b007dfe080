//! The reference of the rule language: every statement, word, field and property, with what it does and an
//! example in the names of the procedure at hand. It is made of the values that engine and checks use.

use crate::complaint::{Language, Recipient};
use crate::rules::observe::call_sites::{NotifySite, notify_sites};
use crate::rules::observe::scenario_words;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::field::Presence;
use crate::rules::words::kind::Kind;
use crate::rules::words::periods::REPORT;
use crate::rules::words::word::{Form, Group, Help, Place, Word};
use crate::rules::words::{self, fields};
use serde::Serialize;
use std::collections::BTreeMap;

/// The stand-in for a name of which the procedure has none.
const NO_NAME: &str = "naam";

/// The words, fields and properties that rules may use.
#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    /// The statements and words, in the order of their groups.
    pub words: Vec<WordEntry>,
    /// The fields of `complaint`.
    pub fields: Vec<FieldEntry>,
    /// The properties of measures and of other complaints.
    pub elements: Vec<PropertyEntry>,
    /// The words that scenarios have besides.
    pub scenarios: Vec<WordEntry>,
}

/// A statement or word as people and editors see it.
#[derive(Clone, Debug, Serialize)]
pub struct WordEntry {
    /// The word, as scripts write it.
    pub name: &'static str,
    /// The heading under which it stands.
    pub group: Help,
    /// The ways of calling it; a statement has none.
    pub forms: Vec<FormEntry>,
    /// True when it has an effect, so that no condition may use it.
    pub has_effect: bool,
    /// The part of a ruleset in which the example stands.
    pub place: Place,
    /// The explanation.
    pub help: Help,
    /// An example that runs, in the names of the procedure at hand.
    pub example: String,
}

/// One way of calling a word.
#[derive(Clone, Debug, Serialize)]
pub struct FormEntry {
    /// The parameters, a method's own value first.
    pub parameters: Vec<ParameterEntry>,
    /// The kind of what it gives, in words.
    pub gives: &'static str,
}

/// A parameter of a word.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterEntry {
    /// The parameter's name.
    pub name: &'static str,
    /// The kind that it takes, in words.
    pub kind: &'static str,
    /// The vocabulary that the name must come from; none for what is no name.
    pub names: Option<&'static str>,
}

/// A field of a complaint as people and editors see it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldEntry {
    /// The field, as scripts write it after `complaint.`.
    pub name: &'static str,
    /// The kind of its value, in words.
    pub kind: &'static str,
    /// The vocabulary that its value comes from; none for what is no name.
    pub names: Option<&'static str>,
    /// The explanation.
    pub help: Help,
    /// True when bodies may fill it in.
    pub writable: bool,
    /// True when it can be `()`.
    pub can_be_empty: bool,
    /// True when conditions may read it; free text does not reach them.
    pub in_conditions: bool,
}

/// A property of what lists hold.
#[derive(Clone, Debug, Serialize)]
pub struct PropertyEntry {
    /// The property, as scripts write it after the element.
    pub name: &'static str,
    /// True when measures have it.
    pub of_measures: bool,
    /// True when other complaints have it.
    pub of_complaints: bool,
    /// True when the complaints of a group have it.
    pub of_members: bool,
    /// The explanation.
    pub help: Help,
}

impl Reference {
    /// Makes the reference with examples in the names of a ruleset.
    pub fn of(ruleset: &Ruleset) -> Self {
        let names = Names::of(ruleset);
        let statements = STATEMENTS.iter().map(|s| WordEntry {
            name: s.name,
            group: STATEMENTS_GROUP,
            forms: Vec::new(),
            has_effect: false,
            place: Place::File,
            help: s.help,
            example: names.fill(s.example),
        });
        Self {
            words: statements.chain(words::all().map(|w| entry(w, &names))).collect(),
            fields: fields::all().map(field).collect(),
            elements: PROPERTIES
                .iter()
                .map(|p| PropertyEntry {
                    name: p.name,
                    of_measures: p.of_measure.is_some(),
                    of_complaints: p.of_complaint.is_some(),
                    of_members: p.of_member.is_some(),
                    help: p.help,
                })
                .collect(),
            scenarios: scenario_words::WORDS.iter().map(|w| of_scenarios(w, &names)).collect(),
        }
    }

    /// What the fields are, and where others come from.
    pub const OF_FIELDS: (Help, Help) = (FIELDS, GROUPS);
    /// What the properties are of.
    pub const OF_ELEMENTS: Help = ELEMENTS;
    /// What the words of scenarios are.
    pub const OF_SCENARIOS: Help = SCENARIOS;

    /// Writes the product's own words as one table, each with its parameters: the table of the guide.
    pub fn words_table(&self, language: Language) -> String {
        let t = |help: Help| help.in_language(language);
        let mut text = format!("| {} | |\n|---|---|\n", t(WORD));
        let brought = t(group(Group::Values));
        for word in self.words.iter().filter(|w| !w.forms.is_empty() && t(w.group) != brought) {
            let forms: Vec<String> = word.calls().iter().map(|call| format!("`{call}`")).collect();
            text.push_str(&format!("| {} | {} |\n", forms.join(", "), t(word.help).replace('|', "\\|")));
        }
        text
    }

    /// Writes the reference as Markdown.
    pub fn markdown(&self, language: Language) -> String {
        let t = |help: Help| help.in_language(language);
        let mut text = format!("# {}\n\n{}\n", t(TITLE), t(MADE_BY));
        let mut group = "";
        for word in &self.words {
            if t(word.group) != group {
                group = t(word.group);
                text.push_str(&format!(
                    "\n## {group}\n\n| {} | | {} |\n|---|---|---|\n",
                    t(WORD),
                    t(EXAMPLE)
                ));
            }
            text.push_str(&row(word, language));
        }
        text.push_str(&format!("\n## {}\n\n| {} | | {} |\n|---|---|---|\n", t(FIELDS), t(FIELD), t(IN_THEN)));
        for field in &self.fields {
            let note = if field.in_conditions { String::new() } else { format!("; {}", t(ONLY_KNOWN)) };
            let access = if field.writable { t(FILLED_IN) } else { "" };
            text.push_str(&format!("| `{}` | {}{note} | {access} |\n", field.name, t(field.help)));
        }
        text.push_str(&format!("\n{}\n", t(GROUPS)));
        text.push_str(&format!("\n## {}\n\n| {} | |\n|---|---|\n", t(ELEMENTS), t(FIELD)));
        for property in &self.elements {
            text.push_str(&format!("| `.{}` | {} |\n", property.name, t(property.help)));
        }
        text.push_str(&format!(
            "\n## {}\n\n| {} | | {} |\n|---|---|---|\n",
            t(SCENARIOS),
            t(WORD),
            t(EXAMPLE)
        ));
        for word in &self.scenarios {
            text.push_str(&row(word, language));
        }
        text
    }
}

fn row(word: &WordEntry, language: Language) -> String {
    let cell = |s: &str| s.replace('|', "\\|");
    let (help, example) = (cell(word.help.in_language(language)), cell(&word.example));
    format!("| `{}` | {help} | `{example}` |\n", word.name)
}

impl FieldEntry {
    /// Returns what is to be known of it besides.
    pub fn notes(&self) -> impl Iterator<Item = Help> {
        let notes = [(!self.in_conditions, ONLY_KNOWN), (self.writable, FILLED_IN)];
        notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note)
    }
}

impl WordEntry {
    /// Returns the ways of calling it: `enter(state)`; a statement has its name.
    pub fn calls(&self) -> Vec<String> {
        match self.forms.is_empty() {
            true => vec![self.name.to_owned()],
            false => self.forms.iter().map(|form| call(self.name, form)).collect(),
        }
    }

    /// Returns the example as a statement of its own; `actor` is a role that may do an action.
    pub fn statement(&self, actor: &str) -> String {
        let example = self.example.as_str();
        match self.place {
            Place::File => example.to_owned(),
            Place::Condition => format!("rule \"Voorbeeld\" when {example} then {{ remark(\"x\"); }}"),
            Place::Element => {
                format!("rule \"Voorbeeld\" for complaint.duplicates when {example} then {{ link(it); }}")
            }
            Place::ElementBody => {
                format!(
                    "rule \"Voorbeeld\" for complaint.duplicates when it.is_candidate then {{ {example} }}"
                )
            }
            Place::Body => format!("rule \"Voorbeeld\" when complaint.is_open then {{ {example} }}"),
            Place::Action => format!(
                "action voorbeeld \"Voorbeeld\" by [\"{actor}\"] asks #{{ a: text(\"A\").preset(\"ja\") }} when complaint.is_open then {{ {example} }}"
            ),
            Place::Asks => format!(
                "action voorbeeld \"Voorbeeld\" by [\"{actor}\"] asks #{{ a: {example} }} when complaint.is_open then {{ if input.a != () {{ remark(\"x\"); }} }}"
            ),
            Place::Schedule => format!("schedule \"Voorbeeld\" cron \"0 0 9 * * *\" then {{ {example} }}"),
        }
    }
}

/// What a statement is, in words, with an example.
pub(in crate::rules) struct StatementHelp {
    pub name: &'static str,
    pub help: Help,
    pub example: &'static str,
}

/// Returns what is said about the statement that a word begins.
pub(in crate::rules) fn statement(name: &str) -> Option<&'static StatementHelp> {
    STATEMENTS.iter().find(|s| s.name == name)
}

const STATEMENTS: &[StatementHelp] = &[
    StatementHelp {
        name: "rule",
        help: Help {
            nl: "gebeurt een keer, telkens als de voorwaarde waar wordt; `for LIJST` bekijkt elk element als `it`, `every DUUR` herhaalt zolang het waar blijft",
            en: "fires once each time its condition turns true; `for LIST` looks at each element as `it`, `every SPAN` repeats while it holds",
        },
        example: "rule \"Naam\" when complaint.is_open then { remark(\"gezien\"); }",
    },
    StatementHelp {
        name: "action",
        help: Help {
            nl: "wat iemand kan doen: wie, wat er gevraagd wordt, wanneer het kan, wat erop volgt",
            en: "what a person may do: who, what is asked, when it is possible, what follows",
        },
        example: "action naam \"Wat mensen zien\" by [\"{role}\"] asks #{ reden: text(\"Waarom?\") } when complaint.is_open then { remark(input.reden); }",
    },
    StatementHelp {
        name: "schedule",
        help: Help {
            nl: "loopt op de kalender: seconde, minuut, uur, dag, maand, weekdag bij naam; kan alleen iets sturen",
            en: "runs by the calendar: second, minute, hour, day, month, weekday by name; it can only send",
        },
        example: "schedule \"Naam\" cron \"0 0 9 * * MON\" then { notify(\"{reporter}\", \"{report}\", #{ report: report(previous_quarter()) }); }",
    },
];

const fn said(nl: &'static str, en: &'static str) -> Help {
    Help { nl, en }
}

const STATEMENTS_GROUP: Help = said("Uitspraken", "Statements");
const TITLE: Help = said("De woorden van de regels", "The words of the rules");
const MADE_BY: Help = said(
    "Gemaakt met `redress rules reference`; elk voorbeeld draait als test.",
    "Made by `redress rules reference`; each example runs as a test.",
);
const WORD: Help = said("woord", "word");
const EXAMPLE: Help = said("voorbeeld", "example");
const FIELDS: Help = said("Velden van `complaint`", "Fields of `complaint`");
const FIELD: Help = said("veld", "field");
const IN_THEN: Help = said("in `then`", "in `then`");
const ONLY_KNOWN: Help =
    said("een voorwaarde kan alleen `known(…)` vragen", "a condition can only ask `known(…)`");
const FILLED_IN: Help = said("in te vullen", "can be filled in");
const GROUPS: Help = said(
    "Daarnaast: `complaint.flags.NAAM`, `complaint.counters.NAAM` (uit `procedure.toml`) en `complaint.extra.NAAM` (uit `redress.toml`).",
    "Beside these: `complaint.flags.NAME`, `complaint.counters.NAME` (declared in `procedure.toml`) and `complaint.extra.NAME` (in `redress.toml`).",
);
const ELEMENTS: Help = said(
    "Velden van wat `complaint.measures` en `complaint.duplicates` bevatten",
    "Fields of what `complaint.measures` and `complaint.duplicates` hold",
);
const SCENARIOS: Help = said("Woorden van scenario’s", "Words of scenarios");

fn group(group: Group) -> Help {
    match group {
        Group::Days => said("Duur en dagen", "Spans and days"),
        Group::Terms => said("Termijnen", "Terms"),
        Group::Facts => said("Feiten", "Facts"),
        Group::Effects => said("Gevolgen", "Effects"),
        Group::Questions => said("Vragen van een actie", "Questions of an action"),
        Group::Periods => said("Periodes en verslagen", "Schedules and reports"),
        Group::Values => said("Teksten, getallen en lijsten", "Texts, numbers and lists"),
    }
}

/// Writes `name(parameter, parameter)`.
fn call(name: &str, form: &FormEntry) -> String {
    let parameters: Vec<&str> = form.parameters.iter().map(|p| p.name).collect();
    format!("{name}({})", parameters.join(", "))
}

fn entry(word: &Word, names: &Names) -> WordEntry {
    WordEntry {
        name: word.name,
        group: group(word.group),
        forms: word.forms.iter().map(form).collect(),
        has_effect: word.has_effect(),
        place: word.example.place,
        help: word.help,
        example: names.fill(word.example.text),
    }
}

fn of_scenarios(word: &Word, names: &Names) -> WordEntry {
    WordEntry { group: SCENARIOS, has_effect: false, ..entry(word, names) }
}

fn form(form: &Form) -> FormEntry {
    let parameters = form.takes.iter().map(|p| ParameterEntry {
        name: p.name,
        kind: p.kind.described().en,
        names: names_of(p.kind),
    });
    FormEntry { parameters: parameters.collect(), gives: form.gives.described().en }
}

fn names_of(kind: Kind) -> Option<&'static str> {
    kind.vocabulary().map(|v| v.word().en)
}

fn field(field: &words::field::Field) -> FieldEntry {
    FieldEntry {
        name: field.name,
        kind: field.kind.described().en,
        names: names_of(field.kind),
        help: field.help,
        writable: field.is_writable(),
        can_be_empty: field.presence == Presence::Sometimes,
        in_conditions: !field.is_free_text(),
    }
}

/// Names of the procedure at hand, for examples.
struct Names(BTreeMap<&'static str, String>);

impl Names {
    fn of(ruleset: &Ruleset) -> Self {
        let p = ruleset.procedure();
        let sites = notify_sites(ruleset);
        let to_role = |site: &&NotifySite| matches!(site.recipient, Some(Recipient::Role(_)));
        let notice = sites.iter().filter(to_role).find(|s| s.data.as_object().is_some_and(|d| d.is_empty()));
        let report = sites.iter().filter(to_role).find(|s| s.data.get(REPORT).is_some());
        let letter = sites.iter().find(|s| s.recipient == Some(Recipient::Complainant));
        let to = |site: Option<&NotifySite>| site.and_then(|s| s.recipient.as_ref()).map(ToString::to_string);
        let message = |site: Option<&NotifySite>| site.map(|s| s.message.clone());
        let first = |name: Option<&str>| name.map(str::to_owned);
        let names = [
            ("role", to(notice)),
            ("message", message(notice)),
            ("reporter", to(report)),
            ("report", message(report)),
            ("letter", message(letter)),
            ("deadline", first(p.deadlines.keys().next().map(|k| k.as_str()))),
            ("state", first(p.states.keys().next().map(|k| k.as_str()))),
            ("action", first(ruleset.action_ids().next())),
            ("escalation", first(p.escalations.keys().next().map(|k| k.as_str()))),
            ("verdict", first(p.verdicts.keys().next().map(|k| k.as_str()))),
            ("measure", first(p.measures.keys().next().map(|k| k.as_str()))),
        ];
        Self(names.into_iter().map(|(key, name)| (key, name.unwrap_or_else(|| NO_NAME.to_owned()))).collect())
    }

    fn fill(&self, example: &str) -> String {
        let placeholder =
            |text: String, (key, name): (&&str, &String)| text.replace(&format!("{{{key}}}"), name);
        self.0.iter().fold(example.to_owned(), placeholder)
    }
}
