//! The reference of the rule language: every statement, word and field with what it does and an example. A test
//! proves that nothing is left out and that each example runs.

use super::field_help::FIELD_HELP;
use super::host::{FIELDS, FUNCTIONS, PROPERTIES};
use serde::Serialize;

/// Where an example stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// A whole statement.
    File,
    /// After `when`.
    Condition,
    /// After `when`, in a rule with `for complaint.duplicates`.
    Element,
    /// In `then` of a rule.
    Body,
    /// In `then` of an action.
    Action,
    /// A value of `asks`.
    Asks,
    /// In `then` of a schedule.
    Schedule,
}

/// One entry.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Word {
    pub name: &'static str,
    pub group: &'static str,
    pub help: &'static str,
    pub example: &'static str,
    pub place: Where,
}

const fn word(
    group: &'static str,
    place: Where,
    name: &'static str,
    example: &'static str,
    help: &'static str,
) -> Word {
    Word { name, group, help, example, place }
}

use Where::{Action, Asks, Body, Condition, Element, File, Schedule};

const STATEMENTS: &str = "Statements";
const SPANS: &str = "Spans and days";
const TERMS: &str = "Terms";
const FACTS: &str = "Facts";
const EFFECTS: &str = "Effects";
const FORMS: &str = "Questions of an action";
const REPORTS: &str = "Schedules and reports";
const LISTS: &str = "Texts, numbers and lists";

/// The words; fields are listed apart, from their own table.
pub const WORDS: &[Word] = &[
    word(
        STATEMENTS,
        File,
        "rule",
        "rule \"Naam\" when complaint.is_open then { remark(\"gezien\"); }",
        "fires once each time its condition turns true; `for LIST` looks at each element as `it`, `every SPAN` repeats while it holds",
    ),
    word(
        STATEMENTS,
        File,
        "action",
        "action naam \"Wat mensen zien\" by [\"handler\"] asks #{ reden: text(\"Waarom?\") } when complaint.is_open then { remark(input.reden); }",
        "what a person may do: who, what is asked, when it is possible, what follows",
    ),
    word(
        STATEMENTS,
        File,
        "schedule",
        "schedule \"Naam\" cron \"0 0 9 * * MON\" then { notify(\"director\", \"periodic_report\", #{ report: report(previous_quarter()) }); }",
        "runs by the calendar: second, minute, hour, day, month, weekday by name; it can only send",
    ),
    word(SPANS, Condition, "hours", "now >= complaint.received_at + hours(4)", "exact hours"),
    word(
        SPANS,
        Condition,
        "days",
        "now >= complaint.received_at + days(14)",
        "calendar days; a term ends with the last of them",
    ),
    word(SPANS, Condition, "weeks", "now >= complaint.received_at + weeks(6)", "seven days each"),
    word(
        SPANS,
        Condition,
        "months",
        "now >= complaint.received_at + months(1)",
        "the same day of a later month, or its last day",
    ),
    word(SPANS, Condition, "years", "now >= complaint.received_at + years(2)", "twelve months each"),
    word(
        SPANS,
        Condition,
        "workdays",
        "now >= complaint.received_at + workdays(5)",
        "days that are neither weekend nor holiday",
    ),
    word(
        SPANS,
        Condition,
        "at",
        "now >= at(complaint.received_at + days(3), \"09:00\")",
        "a time of day on a day",
    ),
    word(
        SPANS,
        Condition,
        "first_workday_from",
        "today >= first_workday_from(complaint.received_at + weeks(6))",
        "the day itself when it is a working day, or the next that is",
    ),
    word(
        SPANS,
        Condition,
        "last_workday_until",
        "today >= last_workday_until(complaint.received_at + months(3))",
        "the day itself when it is a working day, or the last before",
    ),
    word(
        TERMS,
        Condition,
        "armed",
        "armed(\"decision_term\")",
        "whether a term runs; it still does after its end, until met or cancelled",
    ),
    word(
        TERMS,
        Condition,
        "due",
        "armed(\"decision_term\") && now >= due(\"decision_term\") - days(7)",
        "the end of a running term; never while none runs",
    ),
    word(
        TERMS,
        Condition,
        "alarm_at",
        "armed(\"decision_term\") && now >= alarm_at(\"decision_term\")",
        "the last open day on or before the end as counted",
    ),
    word(TERMS, Condition, "overdue", "overdue(\"decision_term\")", "whether a running term has passed"),
    word(TERMS, Condition, "overdue_terms", "overdue_terms() > 0", "how many running terms have passed"),
    word(
        TERMS,
        Body,
        "deadline",
        "deadline(\"info\", now + days(14), \"complainant\");",
        "arms a term: name, end, and the role that must meet it; on a day off it moves to the next working day",
    ),
    word(TERMS, Body, "met", "met(\"info\");", "the duty was done; nothing when the term does not run"),
    word(
        TERMS,
        Body,
        "cancel",
        "cancel([\"info\", \"meeting\"]);",
        "the term no longer matters; takes one name or a list",
    ),
    word(
        FACTS,
        Condition,
        "known",
        "known(\"arose_on\")",
        "whether a field is filled in; the only question about free text",
    ),
    word(
        FACTS,
        Condition,
        "happened",
        "happened(\"decided\")",
        "whether an action was done, a state or escalation step entered, a mail of a kind came",
    ),
    word(
        FACTS,
        Condition,
        "last",
        "happened(\"decided\") && now >= complaint.last(\"decided\") + days(3)",
        "when that was, the last time; `()` when never",
    ),
    word(
        FACTS,
        Condition,
        "letter",
        "letter(\"decision\") == \"accepted\"",
        "how far the newest letter of a name has come: none, queued, accepted or failed",
    ),
    word(
        FACTS,
        Condition,
        "letters",
        "letters(\"failed\") > 0",
        "how many letters are queued, accepted or failed",
    ),
    word(
        FACTS,
        Condition,
        "text_mentions",
        "text_mentions([\"klacht\", \"complaint\"])",
        "whether subject or first mail contain one of the words",
    ),
    word(FACTS, Condition, "text_length", "text_length() >= 40", "characters of the first mail"),
    word(
        FACTS,
        Element,
        "same_subject",
        "same_subject(it, [\"klacht\", \"over\"])",
        "whether both subjects are equal without prefixes and general words, and still say something",
    ),
    word(
        FACTS,
        Element,
        "from_same_sender",
        "from_same_sender(it)",
        "whether both complainants have the same address",
    ),
    word(
        EFFECTS,
        Body,
        "register",
        "if !known(\"number\") { register(); }",
        "gives the complaint its number",
    ),
    word(EFFECTS, Body, "enter", "enter(\"in_treatment\");", "the complaint enters a state"),
    word(EFFECTS, Body, "escalate", "escalate(\"resolved\");", "the escalation enters a step"),
    word(
        EFFECTS,
        Body,
        "notify",
        "notify(\"handler\", \"new_complaint\");",
        "sends a message to a role, \"complainant\", \"responsible\" or an address; a map may go along",
    ),
    word(
        EFFECTS,
        Body,
        "perform",
        "perform(\"note_consultation\", #{ consultation: \"n.v.t.\" });",
        "the system does an action, after the rest of this block",
    ),
    word(
        EFFECTS,
        Action,
        "refuse",
        "if input.a == \"nee\" { refuse(\"Dat kan niet.\"); }",
        "in an action: tells the person why not; nothing has happened then",
    ),
    word(
        EFFECTS,
        Element,
        "link",
        "it.decided_on == () || from_same_sender(it)",
        "in `then` of such a rule, link(it) records that this complaint repeats the other",
    ),
    word(
        EFFECTS,
        Action,
        "merge",
        "if input.a == \"K-2026-0009\" { merge(input.a); }",
        "merges into an open complaint of the same sender",
    ),
    word(EFFECTS, Action, "unmerge", "if input.a == \"los\" { unmerge(); }", "undoes the merger"),
    word(
        EFFECTS,
        Body,
        "resend_failed_letters",
        "resend_failed_letters();",
        "sends every letter again that could not be delivered",
    ),
    word(
        EFFECTS,
        Body,
        "meet",
        "meet(#{ day: today + days(7), time: \"10:00\", minutes: 45, place: \"telefonisch\" });",
        "plans the meeting, or moves the one that is planned",
    ),
    word(EFFECTS, Body, "end_meeting", "end_meeting(\"held\");", "the planned meeting was held or cancelled"),
    word(
        EFFECTS,
        Body,
        "measure",
        "measure(#{ description: \"Eerder bellen\", owner: \"handler\", state: \"proposed\" });",
        "records a measure; with its number first, changes one",
    ),
    word(EFFECTS, Body, "remark", "remark(\"Gebeld, geen gehoor.\");", "a remark in the audit trail"),
    word(
        EFFECTS,
        Action,
        "record_own_fields",
        "record_own_fields();",
        "takes over what the form asked of your own fields",
    ),
    word(FORMS, Asks, "text", "text(\"Waarom?\")", "a line of text"),
    word(FORMS, Asks, "long_text", "long_text(\"Motivering\")", "a longer text"),
    word(FORMS, Asks, "date", "date(\"Voor wanneer?\")", "a day"),
    word(FORMS, Asks, "number", "number(\"Hoeveel minuten?\")", "a whole number"),
    word(FORMS, Asks, "choice", "choice(\"Oordeel\", [\"upheld\", \"not_upheld\"])", "one of a list"),
    word(FORMS, Asks, "person", "person(\"Wie?\")", "somebody's address"),
    word(FORMS, Asks, "yes_no", "yes_no(\"Klopt dat?\")", "yes or no"),
    word(FORMS, Asks, "file", "file(\"Bijlage\").optional()", "a file"),
    word(
        FORMS,
        Asks,
        "preset",
        "date(\"Voor wanneer?\").preset(today + days(14))",
        "what stands there already",
    ),
    word(FORMS, Asks, "optional", "text(\"Opmerking\").optional()", "may be left empty; it is `()` then"),
    word(FORMS, Asks, "help", "text(\"Kenmerk\").help(\"Staat op de factuur\")", "a line of explanation"),
    word(
        FORMS,
        File,
        "own_fields",
        "action vul_aan \"Aanvullen\" by [\"handler\"] asks #{ reden: text(\"Waarom?\") } + own_fields() when complaint.is_open then { record_own_fields(); remark(input.reden); }",
        "the questions of your own fields, added to an action's own",
    ),
    word(
        REPORTS,
        Schedule,
        "previous_quarter",
        "let k = previous_quarter(); if today > k.to + weeks(2) { notify(\"director\", \"periodic_report\", #{ report: report(k) }); }",
        "first and last day of the quarter before, as .from and .to",
    ),
    word(
        REPORTS,
        Schedule,
        "previous_year",
        "notify(\"director\", \"annual_report\", #{ report: report(previous_year()) });",
        "first and last day of the year before",
    ),
    word(
        REPORTS,
        Schedule,
        "report",
        "notify(\"director\", \"annual_report\", #{ report: report(previous_year()) });",
        "the counts of a period, filled in when the message is written",
    ),
    word(
        REPORTS,
        Schedule,
        "concluded",
        "if !concluded(previous_quarter()) { notify(\"director\", \"periodic_report\", #{ report: report(previous_quarter()) }); }",
        "whether the report of a period has been concluded",
    ),
    word(
        REPORTS,
        Schedule,
        "recommendations_by",
        "if recommendations_by(today) > 0 { notify(\"director\", \"recommendations_due\", #{ waiting: 1 }); }",
        "how many open recommendations are to be looked at by a day",
    ),
    word(LISTS, Body, "len", "if \"klacht\".len() > 3 { remark(\"lang\"); }", "how long a text or list is"),
    word(
        LISTS,
        Body,
        "is_empty",
        "if [].is_empty() { remark(\"leeg\"); }",
        "whether a text or list is empty",
    ),
    word(
        LISTS,
        Body,
        "contains",
        "if \"a@b.nl\".contains(\"@\") { remark(\"adres\"); }",
        "whether a text contains another, or a list an item",
    ),
    word(
        LISTS,
        Condition,
        "some",
        "complaint.measures.some(|m| m.state == \"approved\")",
        "whether something holds for at least one",
    ),
    word(
        LISTS,
        Condition,
        "all",
        "complaint.measures.all(|m| m.state == \"effective\")",
        "whether it holds for each",
    ),
    word(
        LISTS,
        Condition,
        "find",
        "complaint.measures.find(|m| m.state == \"approved\") == ()",
        "the first for which it holds, or `()`",
    ),
    word(
        LISTS,
        Condition,
        "filter",
        "complaint.measures.filter(|m| m.state == \"approved\").len() > 2",
        "those for which it holds",
    ),
    word(LISTS, Condition, "map", "complaint.measures.map(|m| m.id).len() == 0", "what each becomes"),
    word(LISTS, Body, "push", "let namen = []; namen.push(\"Jan\");", "adds an item to a list"),
    word(LISTS, Body, "sort", "let n = [3, 1, 2]; n.sort();", "puts a list in order"),
    word(LISTS, Body, "reverse", "let n = [1, 2]; n.reverse();", "turns a list round"),
    word(LISTS, Body, "keys", "let k = #{ a: 1 }.keys();", "the names in a map"),
    word(LISTS, Body, "values", "let v = #{ a: 1 }.values();", "the values in a map"),
    word(
        LISTS,
        Body,
        "range",
        "for i in range(0, 3) { remark(`${i}`); }",
        "numbers from the first up to, not including, the second",
    ),
    word(LISTS, Body, "to_lower", "let t = \"JAN\".to_lower();", "small letters"),
    word(LISTS, Body, "to_upper", "let t = \"jan\".to_upper();", "capitals"),
    word(LISTS, Body, "trim", "let t = \" jan \"; t.trim();", "takes spaces off both ends"),
    word(
        LISTS,
        Body,
        "starts_with",
        "if \"K-2026\".starts_with(\"K-\") { remark(\"nummer\"); }",
        "whether a text begins so",
    ),
    word(
        LISTS,
        Body,
        "ends_with",
        "if \"a.pdf\".ends_with(\".pdf\") { remark(\"stuk\"); }",
        "whether a text ends so",
    ),
    word(LISTS, Body, "to_string", "let t = (5).to_string();", "as text; dates as 31-12-2026"),
    word(LISTS, Body, "abs", "let n = abs(-3);", "without its sign"),
    word(LISTS, Body, "min", "let n = min(3, 5);", "the lesser"),
    word(LISTS, Body, "max", "let n = max(3, 5);", "the greater"),
];

/// A field as the reference lists it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldEntry {
    pub name: &'static str,
    pub help: &'static str,
    /// Whether bodies may fill it in.
    pub writable: bool,
    /// Free text does not reach conditions.
    pub in_conditions: bool,
}

/// Every field of a complaint.
pub fn fields() -> Vec<FieldEntry> {
    let help = |name: &str| FIELD_HELP.iter().find(|(n, _)| *n == name).map_or("", |(_, help)| help);
    FIELDS
        .iter()
        .map(|f| FieldEntry {
            name: f.name,
            help: help(f.name),
            writable: f.is_writable(),
            in_conditions: !f.is_free_text(),
        })
        .collect()
}

/// The properties of what lists hold.
pub fn properties() -> Vec<&'static str> {
    PROPERTIES.iter().map(|(name, _)| *name).collect()
}

/// Every function that a rule file may call.
pub fn functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

impl Word {
    /// The example as a statement of its own.
    pub fn statement(&self) -> String {
        let example = self.example;
        match self.place {
            File => example.to_owned(),
            Condition => format!("rule \"Voorbeeld\" when {example} then {{ remark(\"x\"); }}"),
            Element => {
                format!("rule \"Voorbeeld\" for complaint.duplicates when {example} then {{ link(it); }}")
            }
            Body => format!("rule \"Voorbeeld\" when complaint.is_open then {{ {example} }}"),
            Action => format!(
                "action voorbeeld \"Voorbeeld\" by [\"handler\"] asks #{{ a: text(\"A\").preset(\"ja\") }} when complaint.is_open then {{ {example} }}"
            ),
            Asks => format!(
                "action voorbeeld \"Voorbeeld\" by [\"handler\"] asks #{{ a: {example} }} when complaint.is_open then {{ if input.a != () {{ remark(\"x\"); }} }}"
            ),
            Schedule => format!("schedule \"Voorbeeld\" cron \"0 0 9 * * *\" then {{ {example} }}"),
        }
    }
}

/// The reference as Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The words of the rules\n\nMade by `redress rules reference`; each example runs as a test.\n",
    );
    let mut group = "";
    for word in WORDS {
        if word.group != group {
            group = word.group;
            text.push_str(&format!("\n## {group}\n\n| word | | example |\n|---|---|---|\n"));
        }
        let cell = |s: &str| s.replace('|', "\\|");
        text.push_str(&format!("| `{}` | {} | `{}` |\n", word.name, cell(word.help), cell(word.example)));
    }
    text.push_str("\n## Fields of `complaint`\n\n| field | | in `then` |\n|---|---|---|\n");
    for field in fields() {
        let note = if field.in_conditions { "" } else { "; a condition can only ask `known(…)`" };
        let access = if field.writable { "can be filled in" } else { "" };
        text.push_str(&format!("| `{}` | {}{note} | {access} |\n", field.name, field.help));
    }
    text.push_str("\nBeside these: `complaint.flags.NAME`, `complaint.counters.NAME` (declared in `procedure.toml`) and `complaint.extra.NAME` (in `redress.toml`).\n");
    text
}
