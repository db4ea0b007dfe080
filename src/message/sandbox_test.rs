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
        Err(found) => return Fate::Refused(found[0].why.clone()),
    };
    let long = "klacht ".repeat(28_000);
    let context = json!({"x": "x", "n": 5, "long": long, "list": (0..200).collect::<Vec<_>>(), "none": null});
    match templates.render("nl", "m", &Value::from_serialize(context)) {
        Ok(rendered) => Fate::Renders(rendered.html.len()),
        Err(e) => Fate::Stopped(e.why),
    }
}

/// What it says, and a part of why it is refused or stopped; none where it harms nobody.
const HOSTILE: &[(&str, &str)] = &[
    ("{% for i in range(9999) %}{% endfor %}", "at most 1000"),
    (
        "{% for i in range(999) %}{% for j in range(999) %}{% for k in range(999) %}{% endfor %}{% endfor %}{% endfor %}",
        "fuel",
    ),
    (
        "{% for i in range(999) %}{% for j in range(999) %}{{ i * j }}{% endfor %}{% endfor %}",
        "takes numbers",
    ),
    ("{% for i in range(999) %}{{ long }}{% endfor %}", "bytes"),
    ("{% for i in list %}{{ long|upper }}{% endfor %}", "bytes"),
    ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "unknown statement macro"),
    ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "recursive"),
    ("{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}{% set x = x ~ x %}", "put together"),
    ("{% set x = x + x %}{% set x = x + x %}{% set x = x + x %}{% set x = x + x %}", "put together"),
    ("{% for i in list %}{% set x = x ~ x %}{% endfor %}", "from itself"),
    (
        "{% for a in [x ~ x] %}{% for b in [a ~ a] %}{% for c in [b ~ b] %}{% for d in [c ~ c] %}{{ d }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "put together",
    ),
    (
        "{% with a = x ~ x %}{% with b = a ~ a %}{% with c = b ~ b %}{% with d = c ~ c %}{{ d }}{% endwith %}{% endwith %}{% endwith %}{% endwith %}",
        "put together",
    ),
    (
        "{% for a in [] %}{% for b in [] %}{% for c in [] %}{% for d in [] %}{% for e in [] %}{% for f in [] %}{% for g in [] %}\
         {% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "hold too much",
    ),
    ("{% set ns = namespace(x=1) %}", "no other function"),
    ("{% set ns.x = 1 %}", "nothing else"),
    ("{% set y %}{{ long }}{% endset %}", "set … endset"),
    ("{{ \"x\" * 1000000000 }}", "takes numbers"),
    ("{{ [1] * 1000000000 }}", "takes numbers"),
    ("{{ x * n }}", "takes numbers"),
    ("{{ 9 ** 9 ** 9 }}", "**"),
    ("{{ x|center(1000000000) }}", "no filter `center`"),
    ("{{ x|indent(1000000000) }}", "no filter `indent`"),
    ("{{ \"%1000000000d\"|format(n) }}", "no filter `format`"),
    ("{{ list|batch(1000000000) }}", "no filter `batch`"),
    ("{{ list|slice(1000000000) }}", "no filter `slice`"),
    ("{{ [long, long, long]|sum }}", "no filter `sum`"),
    ("{{ long|replace(\"k\", long) }}", "bytes"),
    ("{{ long|replace(\"\", long) }}", "bytes"),
    ("{{ list|join(long) }}", "bytes"),
    ("{{ long|list|join(long) }}", "bytes"),
    ("{{ list|map(\"replace\", \"1\", long)|list|length }}", "bytes"),
    ("{{ range(999)|map(\"string\")|map(\"replace\", \"1\", long)|join }}", "bytes"),
    ("{{ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long ~ long }}", "put together"),
    ("{{ [long, long, long, long, long, long, long, long, long, long, long] }}", "put together"),
    ("{% include \"nl/m/body\" %}", "unknown statement include"),
    ("{% extends \"nl/m/body\" %}", "unknown statement extends"),
    ("{% import \"nl/m/body\" as m %}", "unknown statement import"),
    ("{% autoescape false %}{% endautoescape %}", "autoescape"),
    ("{% filter upper %}{{ long }}{% endfilter %}", "filter"),
    ("{{ debug() }}", "no other function"),
    ("{{ x.upper() }}", "no other function"),
    ("{{ nmae }}", "undefined"),
    ("{{ none|date }}", "not a string"),
    ("{{ x|date }}", "not a date"),
    ("{{ x|term }}", "not a term"),
    ("{{ x", "unexpected"),
    ("{% for i in n %}{% endfor %}", "not iterable"),
];

const HARMLESS: &[&str] = &[
    "{% for i in list %}{{ loop.index * 2 }}. {{ i }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{{ x ~ \", \" ~ x ~ \", \" ~ n }}",
    "{% set total = n + 1 %}{{ total }} {% with half = n / 2 %}{{ half }}{% endwith %}",
    "{{ list|map(\"string\")|join(\", \") }} {{ list|length }} {{ x|default(\"-\")|upper }} {{ long[:100] }}",
    "{{ long }}",
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
    assert_eq!(found[0].line, 7);
}
