//! The placeholders of messages, known at load: what each value is where the message is sent, and what of it may be
//! empty there. Each line of the tables is a message's body; `¦` stands before the place that is pointed at.

use crate::support::repository;
use redress::config::Settings;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::Diagnostic;
use redress::workflow::Published;
use std::collections::BTreeMap;

const PROCEDURE: &str = r#"
initial = "received"
faults_to = "handler"
name = { nl = "n", en = "n" }
states.received = { nl = "n", en = "n", phase = "p", open = true }
roles.handler = { nl = "n", en = "n" }
deadlines.reply = { nl = "n", en = "n", side = "own" }
deadlines.report = { nl = "n", en = "n", side = "own" }
flags.late = { nl = "n", en = "n" }
measures.proposed = { nl = "n", en = "n" }
"#;

const SETTINGS: &str = "[extra.training]\ntype = \"date\"\nnl = \"n\"\nen = \"n\"\n";

/// The message is sent with a promised day and a deadline that are certain, and with data of every kind.
const SCRIPT: &str = r#"
const TERM = weeks(6);
const LIMIT = 3;
rule "r" when known("promised_by") && armed("reply") then {
  notify("handler", "note", #{ day: today, moment: now, term: TERM, count: LIMIT, text: "x", yes: true, maybe: complaint.decided_on });
}
"#;

fn load(script: &str, body: &str) -> Vec<Diagnostic> {
    load_with(script, body, &[])
}

/// Loads the message with other files beside it, by path.
fn load_with(script: &str, body: &str, beside: &[(&str, &str)]) -> Vec<Diagnostic> {
    let message = format!("---\nsubject: s\n---\n{body}\n");
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", script),
        ("messages/nl/note.md", message.as_str()),
        ("messages/en/note.md", "---\nsubject: s\n---\nb\n"),
    ];
    let files = files.iter().chain(beside);
    let files: BTreeMap<String, String> =
        files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let settings = Settings::parse(SETTINGS, "redress.toml").unwrap();
    Published::load(RulesetSource::new(files), &settings).err().unwrap_or_default()
}

/// What is wrong in a part is told where it is written, and what is wrong behind it on its own line.
#[test]
fn a_mistake_in_a_part_is_told_in_its_file() {
    let end = "{% include \"end\" %}";
    let part = |text| [("messages/nl/_end.md", text)];
    for (body, text, expected) in [
        (end, "Groet,\n\n{{ complaint.nmber }}", "R407 messages/nl/_end.md:3:14"),
        (end, "a\n{% if late %}", "R406 messages/nl/_end.md:2:1"),
        (end, "{{ data.day|datum }}", "R408 messages/nl/_end.md:1:13"),
        (&format!("{end}\n{{{{ complaint.nmber }}}}"), "a\nb\nc", "R407 messages/nl/note.md:5:14"),
        (&format!("{end}\n{end}\nx\n{{{{ complaint.nmber }}}}"), "a\nb", "R407 messages/nl/note.md:7:14"),
        ("a\n{% include \"eind\" %}", "a", "R420 messages/nl/note.md:5:1"),
        // Alone on a line, and no part in a part.
        (&format!("x {end}"), "a", "R412 messages/nl/note.md:4:6"),
        (end, end, "R412 messages/nl/_end.md:1:4"),
        ("{% include end %}", "a", "R412 messages/nl/note.md:4:4"),
    ] {
        let found = load_with(SCRIPT, body, &part(text));
        let told: Vec<String> = found.iter().map(|d| format!("{} {}", d.kind.code, d.place())).collect();
        assert_eq!(told, [expected], "{body} with {text}: {found:#?}");
    }
    assert_eq!(load_with(SCRIPT, end, &part("Groet, {{ data.day|date }}")), []);
    let far = format!("{end}\n").repeat(1_000);
    let found = load_with(SCRIPT, &far, &part(&"x".repeat(1 << 19)));
    assert_eq!(found.iter().map(|d| d.kind.code).collect::<Vec<_>>(), ["R003"], "{found:#?}");
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"))
}

/// The code of each body, and the place.
const REFUSED: &str = r#"
// Braces and blocks.
R405 a ¦{ complaint.subject } b
R405 ¦{{ complaint.subject } b
R405 ¦{ data.day|date }} b
R406 a ¦{% if late %}b
R406 {% if late %}b{% endif %}¦{% for m in complaint.measures %}{{ m.id }}
// Names.
R407 {{ complaint.¦nmber }}
R407 {{ ¦complain.subject }}
R407 {{ deadline.¦rply.due|date }}
R407 {{ deadline.reply.¦end|date }}
R407 {{ data.¦dag|date }}
R407 {{ terms.¦TERMS|term }}
R407 {% if complaint.¦lat %}x{% endif %}
R407 {% for m in complaint.measures %}{{ m.¦desc }}{% endfor %}
R407 {{ complaint.subject.¦day }}
R407 {{ organisation.¦naam }}
// Names that something is compared with.
R201 {% if complaint.state == '¦recieved' %}x{% endif %}
R201 {% if "¦recieved" != complaint.state %}x{% endif %}
R201 {% if complaint.language in ['nl', '¦de'] %}x{% endif %}
R201 {{ 'x' if complaint.channel not in ['¦fax'] else 'y' }}
R201 {% for m in complaint.measures %}{% if m.state == '¦proposd' %}x{% endif %}{% endfor %}
// Filters that do not exist, also where nothing is known of the value.
R408 {{ data.day|¦datum }}
R408 {{ complaint.received_at|¦dat }}
R408 {% if late|¦groot %}x{% endif %}
// Filters on what they cannot write.
R409 {{ ¦complaint.subject|date }}
R409 {{ ¦data.count|date }}
R409 {{ ¦data.day|moment }}
R409 {{ ¦data.moment|term }}
R409 {{ ¦terms.TERM|date }}
R409 {{ ¦complaint.promised_by|moment }}
R409 {% set x = data.text %}{{ ¦x|date }}
R409 {{ data.day|¦date("d-m-Y") }}
// What cannot be calculated with.
R416 {{ ¦today + 14 }}
R416 {{ ¦complaint.received_at - 1 }}
R416 {{ ¦data.text - 2 }}
// What messages do not have, and what cannot be read.
R413 {{ ¦complaint.subject.upper() }}
R413 {{ ¦now() }}
R402 {{ complaint ¦number }}
R402 {% if data.count ¦= 1 %}x{% endif %}
R402 {% if data.text == ¦“x” %}y{% endif %}
R402 {{ complaint.subject or ¦'x }}
R402 a ¦{{ complaint.subject
R411 a¦{% endif %}
R412 {% ¦als late %}b{% endif %}
R412 {% if late %}b{% ¦else if today %}c{% endif %}
R415 {% if late is ¦leeg %}b{% endif %}
// What has parts.
R410 {{ ¦organisation }}
R410 {{ ¦deadline.reply }}
R410 {{ ¦complaint.measures }}
// What may be empty.
R403 {{ ¦complaint.decided_on|date }}
R403 {{ ¦complaint.meeting.day|date }}
R403 {{ ¦deadline.report.due|date }}
R403 {{ ¦data.maybe|date }}
R403 {{ ¦complaint.extra.training|date }}
R403 {% if not complaint.decided_on %}{{ ¦complaint.decided_on|date }}{% endif %}
R403 {% if complaint.decided_on or late %}{{ ¦complaint.decided_on|date }}{% endif %}
R403 {% if complaint.decided_on %}x{% endif %}{{ ¦complaint.decided_on|date }}
R403 {% if late %}{% set x = "a" %}{% endif %}{{ ¦x }}
R403 {% for m in complaint.measures %}{{ ¦m.due|date }}{% endfor %}
R403 {% set x = complaint.decided_on %}{{ ¦x|date }}
"#;

const ACCEPTED: &str = r#"
{{ complaint.decided_on }} {{ late }} {{ data.maybe }}
{{ complaint.subject }} {{ complaint.received_at|date }} {{ complaint.received_at|moment }} {{ complaint.state_label|upper }}
{{ complaint.promised_by|date }} {{ deadline.reply.due|date }} {{ deadline.reply.label }}
{{ data.day|date }} {{ data.moment|moment }} {{ data.moment|date }} {{ data.term|term }} {{ data.count + 1 }} {{ data.text|title }}
{{ terms.TERM|term }} {{ terms.LIMIT }} {{ organisation.name }} {{ recipient.name }} {{ today|date }} {{ language }}
{% if complaint.decided_on %}{{ complaint.decided_on|date }}{% endif %}
{% if complaint.decided_on and late %}{{ complaint.decided_on|date }} {{ late }}{% endif %}
{% if not complaint.decided_on %}-{% else %}{{ complaint.decided_on|date }}{% endif %}
{% if complaint.decided_on is none %}-{% else %}{{ complaint.decided_on|date }}{% endif %}
{% if complaint.meeting %}{{ complaint.meeting.day|date }} {{ complaint.meeting.time[:5] }}{% endif %}
{% if deadline.report %}{{ deadline.report.due|date }}{% endif %}
{% if data.maybe %}{{ data.maybe|date }}{% endif %}
{% if complaint.state == 'received' or complaint.state == '' %}x{% endif %}{% if complaint.subject == 'recieved' %}x{% endif %}
{{ complaint.decided_on|date if complaint.decided_on else "-" }}
{{ data.count|int * 2 }} {{ data.count - 1 }} {{ data.text + "x" }} {{ data.day + " x" }}
{{ complaint.complainant or "heer, mevrouw" }} {{ complaint.responsible|default("niemand", true) }}
{% for m in complaint.measures %}{{ loop.index }}. {{ m.description }}{% if m.due %} {{ m.due|date }}{% endif %}{% endfor %}
{% for name in deadline %}{% if deadline[name].is_overdue %}{{ deadline[name].label }} {{ deadline[name].due|date }}{% endif %}{% endfor %}
{% if complaint.decided_on %}{% set x = "a" %}{% else %}{% set x = "b" %}{% endif %}{{ x }}
{% set x = complaint.decided_on %}{% if x %}{{ x|date }}{% endif %}
{% with d = complaint.promised_by %}{{ d|date }}{% endwith %} {% for i in range(3) %}{{ i }}{% endfor %}
{% if complaint.measures|length > 0 %}x{% endif %} {% if complaint.flags.late %}x{% endif %}
De klant schreef {een opmerking}; de prijs is {5}. {# { complaint.subject } #}
"#;

#[test]
fn what_cannot_be_filled_in_is_told_at_its_place() {
    let mut missed = Vec::new();
    for line in lines(REFUSED) {
        let (code, marked) = line.split_once(' ').unwrap();
        let before = marked.split_once('¦').unwrap_or_else(|| panic!("no place is marked in {line}")).0;
        let place = (4, before.chars().count() + 1);
        let found = load(SCRIPT, &marked.replacen('¦', "", 1));
        let is_it = |d: &Diagnostic| {
            d.at.file == "messages/nl/note.md"
                && d.kind.code == code
                && d.at.span.is_some_and(|s| (s.line, s.column) == place)
        };
        if found.len() != 1 || !found.iter().all(is_it) {
            missed.push(format!("{line}\n    {place:?}: {found:#?}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), lines(REFUSED).count(), missed.join("\n"));
}

#[test]
fn what_can_be_filled_in_is_accepted() {
    let wrong: Vec<String> = lines(ACCEPTED)
        .map(|line| (line, load(SCRIPT, line)))
        .filter(|(_, found)| !found.is_empty())
        .map(|(line, found)| format!("{line}\n    {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A message that is sent from two places sees what each hands along.
#[test]
fn a_field_that_one_place_does_not_hand_along_is_told() {
    let twice = "rule \"a\" when complaint.is_open then { notify(\"handler\", \"note\", #{ day: today }); }\n\
                 rule \"b\" when complaint.is_open then { notify(\"handler\", \"note\"); }";
    let found = load(twice, "{{ data.day|date }}");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind.code, found[0].place()), ("R403", "messages/nl/note.md:4:4".to_owned()));
    assert!(load(twice, "{% if data.day %}{{ data.day|date }}{% endif %}").is_empty());
}

/// The subject is a template too, and its columns are those of the file.
#[test]
fn a_mistake_in_the_subject_is_placed_in_the_file() {
    let settings = Settings::parse(SETTINGS, "redress.toml").unwrap();
    for (end, line) in [("\n", 2), ("\r\n", 2)] {
        let text = ["---", "subject:  Over {{ complaint.nmber }}", "---", "b", ""].join(end);
        let files = [
            ("procedure.toml", PROCEDURE),
            ("10.rhai", SCRIPT),
            ("messages/nl/note.md", text.as_str()),
            ("messages/en/note.md", "---\nsubject: s\n---\nb\n"),
        ];
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let found =
            Published::load(RulesetSource::new(files), &settings).expect_err("there is no such field");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place(), format!("messages/nl/note.md:{line}:29"));
    }
}

/// What the organisation and the guide ship is right as it stands.
#[test]
fn the_shipped_messages_are_accepted() {
    for folder in
        ["rules", "tests/fixtures/example", "tests/fixtures/municipality", "tests/it/mistakes/ruleset"]
    {
        let folder = repository().join(folder);
        let text = std::fs::read_to_string(folder.join("redress.toml")).unwrap_or_default();
        let settings = Settings::parse(&text, "redress.toml").unwrap();
        let found =
            Published::load(RulesetSource::read(&folder).unwrap(), &settings).err().unwrap_or_default();
        let about = found.iter().filter(|d| d.kind.code.starts_with("R4")).map(ToString::to_string);
        assert_eq!(about.collect::<Vec<_>>(), Vec::<String>::new(), "{}", folder.display());
    }
}

/// What loads and is probably not meant: a moment or span that is not put in words, and what one language does not show.
#[test]
fn what_is_probably_not_meant_is_told_as_a_warning() {
    let settings = Settings::parse(SETTINGS, "redress.toml").unwrap();
    let warned = |nl: &str, en: &str| -> Vec<String> {
        let message = |body: &str| format!("---\nsubject: s\n---\n{body}\n");
        let (nl, en) = (message(nl), message(en));
        let files = [
            ("procedure.toml", PROCEDURE),
            ("10.rhai", SCRIPT),
            ("messages/nl/note.md", nl.as_str()),
            ("messages/en/note.md", en.as_str()),
        ];
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let published = Published::load(RulesetSource::new(files), &settings).expect("it loads");
        let of_messages = |d: &&Diagnostic| ["R724", "R725"].contains(&d.kind.code);
        let warnings = published.warnings(&settings);
        warnings.iter().filter(of_messages).map(|d| format!("{} {}", d.kind.code, d.place())).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(
        warned("{{ complaint.received_at }}", "{{ complaint.received_at|date }}"),
        ["R724 messages/nl/note.md:4:4"]
    );
    assert_eq!(warned("{{ data.term }}", "{{ data.term|term }}"), ["R724 messages/nl/note.md:4:4"]);
    assert_eq!(
        warned("a {{ complaint.subject }}", "{{ complaint.reference }}"),
        ["R725 messages/en/note.md:4:4", "R725 messages/nl/note.md:4:6"]
    );
    // What is only asked, what has another name in the template, and labels differ by language.
    let nl = "{% if complaint.subject %}x{% endif %}{% for m in complaint.measures %}{{ m.description }}{% endfor %}";
    let en = "{% for measure in complaint.measures %}{{ measure.description }}{% endfor %}";
    assert_eq!(warned(nl, en), none);
    assert_eq!(warned("{{ complaint.received_at[:10] }}", "{{ complaint.received_at|moment }}"), none);
}

/// The guide's table of placeholders is made of what messages see; `UPDATE_GUIDE=1` writes it anew.
#[test]
fn the_guide_lists_every_placeholder() {
    const BEGIN: &str = "<!-- placeholders -->\n";
    const END: &str = "<!-- end of placeholders -->";
    let path = repository().join("rules/README.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = guide.split_once(BEGIN).expect("the place of the table is marked");
    let (table, after) = rest.split_once(END).expect("the end of the table is marked");
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    let expected = Published::load(source, &settings).unwrap().placeholders_table();
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(table, expected, "run UPDATE_GUIDE=1 cargo test the_guide_lists_every_placeholder");
    assert!(
        expected.contains("`complaint.number`") && expected.contains("`deadline.NAME.due`"),
        "{expected}"
    );
}

/// What was found under other settings is not taken for what is found under these, in whichever order they come.
#[test]
fn a_message_is_tried_under_the_settings_that_hold() {
    let body = "{% if organisation.name == \"Wit\" or organisation.mailbox == \"wit@lagant.nl\" %}\
        {% for i in range(90000) %}x{% endfor %}{% endif %}";
    let message = format!("---\nsubject: s\n---\n{body}\n");
    let source = RulesetSource::new(BTreeMap::from([
        ("procedure.toml".to_owned(), PROCEDURE.to_owned()),
        ("10.rhai".to_owned(), SCRIPT.to_owned()),
        ("messages/nl/note.md".to_owned(), message.clone()),
        ("messages/en/note.md".to_owned(), message),
    ]));
    let plain = Settings::parse(SETTINGS, "redress.toml").unwrap();
    let settings = |change: &dyn Fn(&mut Settings)| {
        let mut settings = plain.clone();
        change(&mut settings);
        settings
    };
    let named = settings(&|s| "Wit".clone_into(&mut s.organisation));
    let addressed = settings(&|s| "wit@lagant.nl".clone_into(&mut s.mailbox));
    for round in 0..2 {
        for (settings, is_sound) in [(&plain, true), (&named, false), (&addressed, false)] {
            let found = Published::load(source.clone(), settings).err().unwrap_or_default();
            assert_eq!(
                found.is_empty(),
                is_sound,
                "{round}: {} {} {found:#?}",
                settings.organisation,
                settings.mailbox
            );
        }
    }
}
