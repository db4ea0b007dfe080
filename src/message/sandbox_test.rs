//! Hostile templates: each is refused when it is read, or stopped in little time and memory when it is rendered.

use super::Templates;
use crate::clock::{Clock, SystemClock};
use minijinja::Value;
use serde_json::json;

/// What became of a template.
#[derive(Debug)]
enum Fate {
    Refused(String),
    Stopped(String),
    Renders(usize),
}

fn fate(body: &str) -> Fate {
    let text = format!("---\nsubject: s\n---\n{body}\n");
    let templates = match Templates::load([("nl", "m", text.as_str())].into_iter()) {
        Ok(templates) => templates,
        Err(found) => return Fate::Refused(format!("{:?}", found[0].mistake.kind)),
    };
    let long = "klacht ".repeat(28_000);
    let context = json!({"x": "x", "n": 5, "long": long, "list": (0..200).collect::<Vec<_>>(), "none": null});
    match templates.render("nl", "m", &Value::from_serialize(context)) {
        Ok(rendered) => Fate::Renders(rendered.html.len()),
        Err(e) => Fate::Stopped(format!("{:?}", e.mistake.kind)),
    }
}

/// What it says, and a part of why it is refused or stopped; none where it harms nobody.
const HOSTILE: &[(&str, &str)] = &[
    ("{% for i in range(9999) %}{% endfor %}", "Range"),
    (
        "{% for i in range(999) %}{% for j in range(999) %}{% for k in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
        "Steps",
    ),
    ("{% for i in range(999) %}{% for j in range(999) %}{{ i * j }}{% endfor %}{% endfor %}", "Product"),
    ("{% for i in range(999) %}{{ long }}{% endfor %}", "TooMuch"),
    ("{% for i in list %}{{ long|upper }}{% endfor %}", "TooMuch"),
    ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "UnknownStatement { word: \"macro\" }"),
    ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "Recursion"),
    ("{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}", "Parts"),
    ("{% set x = x + x %}{% set x = x + x %}{% set x = x + x %}{% set x = x + x %}", "Parts"),
    (
        "{% for a in [x ~ x] %}{% for b in [a ~ a] %}{% for c in [b ~ b] %}{% for d in [c ~ c] %}{{ d }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "Parts",
    ),
    (
        "{% with a = x ~ x %}{% with b = a ~ a %}{% with c = b ~ b %}{% with d = c ~ c %}{{ d }}{% endwith %}{% endwith %}{% endwith %}{% endwith %}",
        "Parts",
    ),
    ("{% set ns = namespace(x=1) %}", "Function(\"namespace\")"),
    ("{% set ns.x = 1 %}", "Target"),
    ("{% set y %}{{ long }}{% endset %}", "set … endset"),
    ("{{ \"x\" * 1000000000 }}", "NoNumber"),
    ("{{ [1] * 1000000000 }}", "Product"),
    ("{{ x * n }}", "Product"),
    ("{{ 9 ** 9 ** 9 }}", "Power"),
    ("{{ x|center(1000000000) }}", "UnknownFilter { name: \"center\" }"),
    ("{{ x|indent(1000000000) }}", "UnknownFilter { name: \"indent\" }"),
    ("{{ \"%1000000000d\"|format(n) }}", "UnknownFilter { name: \"format\" }"),
    ("{{ list|batch(1000000000) }}", "UnknownFilter { name: \"batch\" }"),
    ("{{ list|slice(1000000000) }}", "UnknownFilter { name: \"slice\" }"),
    ("{{ [long, long, long]|sum }}", "UnknownFilter { name: \"sum\" }"),
    ("{{ long|replace(\"k\", long) }}", "TooMuch"),
    ("{{ long|replace(\"\", long) }}", "TooMuch"),
    ("{{ list|join(long) }}", "TooMuch"),
    ("{{ long|list|join(long) }}", "TooMuch"),
    ("{{ list|map(\"replace\", \"1\", long)|list|length }}", "TooMuch"),
    ("{{ range(999)|map(\"string\")|map(\"replace\", \"1\", long)|join }}", "TooMuch"),
    ("{{ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long }}", "Parts"),
    ("{{ [long, long, long, long, long, long, long, long, long, long, long] }}", "Parts"),
    ("{% include \"nl/m/body\" %}", "UnknownStatement { word: \"include\" }"),
    ("{% extends \"nl/m/body\" %}", "UnknownStatement { word: \"extends\" }"),
    ("{% import \"nl/m/body\" as m %}", "UnknownStatement { word: \"import\" }"),
    ("{% autoescape false %}{% endautoescape %}", "autoescape"),
    ("{% filter upper %}{{ long }}{% endfilter %}", "filter"),
    ("{{ debug() }}", "Function(\"debug\")"),
    ("{{ x.upper() }}", "Method(\"upper\")"),
    ("{{ nmae }}", "Absent"),
    ("{{ none|date }}", "Unfit"),
    ("{{ x|date }}", "wanted: Date"),
    ("{{ x|term }}", "wanted: Term"),
    ("{{ x", "Unclosed"),
    ("{% for i in n %}{% endfor %}", "Unfit"),
];

const HARMLESS: &[&str] = &[
    "{% for i in list %}{{ loop.index * 2 }}. {{ i }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{{ x ~ \", \" ~ x ~ \", \" ~ n }}",
    "{% set total = n + 1 %}{{ total }} {% with half = n / 2 %}{{ half }}{% endwith %}",
    "{{ list|map(\"string\")|join(\", \") }} {{ list|length }} {{ x|default(\"-\")|upper }} {{ long[:100] }}",
    "{{ long }}",
    // Each round begins with the names of before the loop.
    "{% for i in list %}{% set x = x ~ x %}{{ x }}{% endfor %}",
    "{% for i in range(3) %}{{ i }}{% endfor %}",
];

#[test]
fn hostile_templates_are_refused_or_stopped() {
    let begun = SystemClock.now();
    let mut other = Vec::new();
    for (body, why) in HOSTILE {
        let got = match fate(body) {
            Fate::Refused(got) | Fate::Stopped(got) => got,
            Fate::Renders(bytes) => panic!("{body} renders {bytes} bytes"),
        };
        if !got.contains(why) {
            other.push(format!("{body}: {got}"));
        }
    }
    assert!(other.is_empty(), "{other:#?}");
    let took = SystemClock.now().millis() - begun.millis();
    assert!(took < 30_000, "all together take {took} ms");
}

#[test]
fn what_letters_need_renders() {
    for body in HARMLESS {
        assert!(matches!(fate(body), Fate::Renders(1..)), "{body}: {:?}", fate(body));
    }
}

#[test]
fn deep_nesting_is_refused() {
    let nested = [
        format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{{{{ {}1{} }}}}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}{}", "{% if x %}".repeat(5_000), "{% endif %}".repeat(5_000)),
        format!("{{{{ {}x }}}}", "not ".repeat(5_000)),
        format!("{{{{ x{} }}}}", "|upper".repeat(5_000)),
        format!("{{{{ x{} }}}}", ".a".repeat(5_000)),
        format!("{{{{ n{} }}}}", " + n".repeat(5_000)),
        format!("{{{{ n{} }}}}", " if n else n".repeat(5_000)),
        format!("{{% if n %}}{}{{% endif %}}", "{% elif n %}".repeat(5_000)),
        // Names of ten values each.
        "{% set a = x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x ~ x %}".repeat(11),
    ];
    for body in nested {
        let begin: String = body.chars().take(20).collect();
        assert!(!matches!(fate(&body), Fate::Renders(_)), "{begin}");
    }
    // The longest that is taken does no harm.
    for (sign, times) in [("not ", 280), ("n + ", 140), ("n if n else ", 70), ("- ", 280)] {
        let longest = fate(&format!("{{{{ {}n }}}}", sign.repeat(times)));
        assert!(matches!(longest, Fate::Renders(_) | Fate::Refused(_)), "{sign}: {longest:?}");
    }
    let longest = fate(&format!("{{{{ x{} }}}}", "|upper".repeat(140)));
    assert!(matches!(longest, Fate::Renders(_)), "{longest:?}");
    let longest = fate(&format!("{}{}", "{% if x %}".repeat(50), "{% endif %}".repeat(50)));
    assert!(matches!(longest, Fate::Renders(_)), "{longest:?}");
}

#[test]
fn a_mistake_is_placed_on_its_line() {
    let text = "---\nsubject: s\n---\neen\ntwee\n{% if x %}\n{{ x|center(9) }}\n{% endif %}\n";
    let found = Templates::load([("nl", "m", text)].into_iter()).expect_err("there is no such filter");
    assert_eq!(found[0].mistake.line, 7);
}
