//! Hostile and careless templates: bodies of messages, by kind. `src/message/sandbox_test.rs` has those that no ruleset
//! is read with.

/// Templates that a ruleset is read with where the trial at load does not come by: they are stopped when they are
/// rendered.
pub const STOPPED: &[(&str, &str)] = &[
    (
        "loops in loops",
        "{% for i in range(999) %}{% for j in range(999) %}{% for k in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
    ),
    ("a loop over too long a range", "{% for i in range(99999) %}{% endfor %}"),
    (
        "a text that replaces itself",
        "{{ (complaint ~ complaint)|replace(\"a\", complaint ~ complaint)|replace(\"b\", complaint ~ complaint) }}",
    ),
    (
        "a list joined with what is long",
        "{{ range(999)|join(complaint ~ complaint ~ complaint ~ complaint) }}",
    ),
    (
        "a filter for each of many",
        "{{ range(999)|map(\"replace\", \"1\", range(999)|join ~ range(999)|join ~ range(999)|join ~ range(999)|join ~ range(999)|join ~ range(999)|join ~ range(999)|join ~ range(999)|join)|join }}",
    ),
    ("a list of lists", "{% for i in range(999) %}{{ range(999)|list }}{% endfor %}"),
    ("a date that is none", "{{ complaint.decided_on|date }}"),
    ("a text as a date", "{{ complaint.subject|date }}"),
    ("a text as a moment", "{{ complaint.subject|moment }}"),
    ("a date as a term", "{{ complaint.received_at|term }}"),
    ("a misspelt variable", "{{ complant.subject }}"),
    ("a misspelt field", "{{ complaint.subjct }}"),
    ("a field of what is none", "{{ complaint.meeting.day.year }}"),
    ("a deadline that is none", "{{ deadline.nooit.due|date }}"),
    ("a loop over what is no list", "{% for i in 5 %}{% endfor %}"),
    ("arithmetic with a text", "{{ complaint.subject - 1 }}"),
    ("a wrong argument", "{{ complaint.subject|abs(1, 2, 3) }}"),
];

/// Templates that no ruleset is read with, wherever they stand.
pub const REFUSED: &[(&str, &str)] = &[
    ("a macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
    ("a recursive loop", "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}"),
    (
        "a text that doubles",
        "{% set x = \"x\" %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}",
    ),
    (
        "a text that doubles in a loop",
        "{% for i in range(99) %}{% set x = i ~ i %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}{% endfor %}",
    ),
    (
        "a text that doubles by its loops",
        "{% for a in [\"x\" ~ complaint, complaint ~ complaint] %}{% for b in [a ~ a, a ~ a] %}{% for c in [b ~ b, b ~ b] %}{{ c }}{% endfor %}{% endfor %}{% endfor %}",
    ),
    ("a text times a milliard", "{{ \"x\" * 1000000000 }}"),
    ("a list times a milliard", "{{ [1] * 1000000000 }}"),
    ("a power of powers", "{{ 9 ** 9 ** 9 }}"),
    ("a text in the middle of a milliard", "{{ complaint.subject|center(1000000000) }}"),
    ("a text indented by a milliard", "{{ complaint.subject|indent(1000000000) }}"),
    ("a number as wide as a milliard", "{{ \"%1000000000d\"|format(1) }}"),
    ("a list in a milliard of parts", "{{ range(9)|slice(1000000000) }}"),
    ("a block that is filtered", "{% filter upper %}{{ complaint }}{% endfilter %}"),
    ("a block that is kept", "{% set x %}{{ complaint }}{% endset %}"),
    ("a namespace", "{% set n = namespace(x=1) %}"),
    ("itself", "{% include \"nl/m/body\" %}"),
    ("a function of the engine's", "{{ debug() }}"),
    ("a brace that is missing", "{{ complaint.subject }"),
    ("an end that is missing", "{% if complaint.subject %}"),
    ("an end too many", "{% endif %}"),
];
