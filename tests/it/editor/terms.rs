//! The terms of the rules as a form: found, worded, typed, written, and what they touch.

use super::{SHIPPED, shipped, texts_of, told};
use proptest::prelude::*;
use redress::rules::terms::{
    TermField, TermKind, TermValue, Terms, Typed, Unit, parse, parse_written, touched, with_value,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const FILE: &str = "00_terms.rhai";

static TERMS: LazyLock<Terms> = LazyLock::new(|| Terms::of(&SHIPPED));

fn of_script(text: &str) -> Terms {
    Terms::of(&BTreeMap::from([("a.rhai".to_owned(), text.to_owned())]))
}

fn value(text: &str) -> TermValue {
    of_script(&format!("const A = {text};")).get("A").expect("it is found").value.clone()
}

fn weeks(count: i64) -> TermValue {
    TermValue::Span { count, unit: Unit::Weeks }
}

#[test]
fn every_shipped_term_has_words_a_group_and_a_plain_value() {
    let scripts = SHIPPED.iter().filter(|(path, _)| path.ends_with(".rhai") && !path.contains('/'));
    let constants =
        scripts.flat_map(|(_, text)| text.lines()).filter(|line| line.starts_with("const ")).count();
    assert_eq!(TERMS.iter().count(), constants);
    for term in TERMS.iter() {
        assert_ne!(term.label.nl, term.name, "{} has no words", term.name);
        assert_ne!(term.kind(), TermKind::Expression, "{}", term.name);
        for text in [Some(&term.label), term.hint.as_ref(), term.group.as_ref()].into_iter().flatten() {
            for said in [&text.nl, &text.en] {
                assert!(said.chars().count() <= 110 && said.trim() == said && !said.contains('_'), "{said}");
            }
        }
        assert_eq!(TERMS.check(&term.name, &term.value), Ok(()), "{}", term.name);
    }
    let headings: Vec<&str> =
        TERMS.groups().iter().map(|g| g.heading.expect("a heading").nl.as_str()).collect();
    assert_eq!(headings.len(), 10, "{headings:?}");
    let of = |name: &str| TERMS.get(name).expect(name);
    assert_eq!(
        of("MIN_TEXT").remark.as_deref(),
        Some("characters of explanation below which a person looks first")
    );
    assert_eq!(of("REMIND_AT").value, TermValue::Time("09:00".into()));
    assert_eq!(of("DEFAULT_HANDLER").kind(), TermKind::Address);
    assert_eq!(of("CONTACT_PHONE").value, TermValue::Text(String::new()));
    assert_eq!(of("PROMISE_MAX").value, TermValue::Span { count: 3, unit: Unit::Months });
    assert_eq!(of("EXTERNAL_TAKES_PART").value, TermValue::YesNo(false));
}

#[test]
fn other_organisations_terms_are_shown_by_name() {
    assert_eq!(Terms::of(&texts_of("tests/fixtures/municipality")).iter().count(), {
        let text = &texts_of("tests/fixtures/municipality")["10_behandeling.rhai"];
        text.lines().filter(|line| line.starts_with("const ")).count()
    });
    let text = "// Wachten.\r\nconst A = days(3);\r\n\r\nconst B = 2 * 3; // gerekend\r\nrule \"r\" when A > 1 then {\r\n// geen kop\r\n}\r\nconst C = \"x\";\r\n// Een kop\r\n// van twee regels.\r\nconst D = -4;";
    let terms = of_script(text);
    let of = |name: &str| terms.get(name).expect(name).clone();
    assert_eq!((of("A").label.nl, of("A").group.map(|g| g.nl)), ("A".into(), Some("Wachten.".into())));
    assert_eq!(of("B").value, TermValue::Expression("2 * 3".into()));
    assert_eq!(of("B").remark.as_deref(), Some("gerekend"));
    assert_eq!(of("C").group, None, "a remark within a rule is no heading");
    assert_eq!(of("D").group.map(|g| g.nl), Some("Een kop van twee regels.".into()));
    assert_eq!(of("D").value, TermValue::Number(-4));
}

#[test]
fn values_are_what_the_parser_makes_of_them() {
    assert_eq!(value(r#""a \"b\" \\ ${c} \x41""#), TermValue::Text("a \"b\" \\ ${c} A".into()));
    assert_eq!(value("\"één 🙂; // geen remark\""), TermValue::Text("één 🙂; // geen remark".into()));
    assert_eq!(value("[ \"a\",\n  \"b;\", ]"), TermValue::Texts(vec!["a".into(), "b;".into()]));
    assert_eq!(value("[]"), TermValue::Texts(Vec::new()));
    assert_eq!(value("workdays(5)"), TermValue::Span { count: 5, unit: Unit::Workdays });
    for only_in_file in [
        "days(2) + days(3)",
        "[1, 2]",
        "[\"a\", B]",
        "days(-3)",
        "`a ${b}`",
        "1.5",
        "[\"a\", /* b */ \"c\"]",
        "OTHER",
        "weeks(999999)",
    ] {
        assert_eq!(value(only_in_file), TermValue::Expression(only_in_file.into()));
    }
    for unfinished in ["const A = ", "const A", "const A = days(", "const = 3;", "cons"] {
        assert_eq!(of_script(unfinished).iter().count(), 0, "{unfinished}");
    }
}

#[test]
fn typed_fields_are_read_or_refused_in_words() {
    let typed = |kind, value, unit| parse(kind, &Typed { value, unit });
    assert_eq!(typed(TermKind::Span, " 3 ", "weeks"), Ok(weeks(3)));
    assert_eq!(typed(TermKind::Span, "1", "maand"), Ok(TermValue::Span { count: 1, unit: Unit::Months }));
    assert_eq!(typed(TermKind::Time, "9:05", ""), Ok(TermValue::Time("09:05".into())));
    assert_eq!(
        typed(TermKind::Texts, " a \r\n\r\n b, c ", ""),
        Ok(TermValue::Texts(vec!["a".into(), "b, c".into()]))
    );
    assert_eq!(typed(TermKind::Text, "", ""), Ok(TermValue::Text(String::new())));
    for (kind, value, unit, field, says) in [
        (TermKind::Span, "drie", "weeks", TermField::Value, "Vul een heel getal in"),
        (TermKind::Span, "+3", "weeks", TermField::Value, "Vul een heel getal in"),
        (TermKind::Span, "3", "fortnights", TermField::Unit, "Kies uren"),
        (TermKind::Span, "-1", "days", TermField::Value, "0 of meer"),
        (TermKind::Span, "99999", "years", TermField::Value, "honderd jaar"),
        (TermKind::Number, "", "", TermField::Value, "Vul een heel getal in"),
        (TermKind::Number, "99999999999999999999", "", TermField::Value, "Vul een heel getal in"),
        (TermKind::YesNo, "misschien", "", TermField::Value, "Kies ja of nee"),
        (TermKind::Time, "25:00", "", TermField::Value, "een tijd in als"),
        (TermKind::Address, "a@b.nl, c@d.nl", "", TermField::Value, "één e-mailadres"),
        (TermKind::Address, "a@b@c.nl", "", TermField::Value, "één e-mailadres"),
        (TermKind::Text, "a\nb", "", TermField::Value, "op één regel"),
        (TermKind::Text, "a\u{7}b", "", TermField::Value, "een teken dat niemand ziet"),
        (TermKind::Text, "\u{202e}lacol", "", TermField::Value, "een teken dat niemand ziet"),
        (TermKind::Expression, "1", "", TermField::Value, "alleen in het bestand"),
    ] {
        let mistake = typed(kind, value, unit).expect_err(value);
        assert_eq!(mistake.field, field, "{value}");
        assert!(mistake.text.nl.contains(says), "{}", mistake.text.nl);
        assert_ne!(mistake.text.en, mistake.text.nl);
    }
    let long = "é".repeat(10_000);
    assert!(typed(TermKind::Text, &long, "").expect_err("too long").text.nl.contains("10000 tekens"));
    assert!(
        typed(TermKind::Texts, &"x\n".repeat(201), "").expect_err("too many").text.nl.contains("201 regels")
    );
    for written in ["3 weeks", "3 weken", "weeks(3)", "3weken"] {
        assert_eq!(parse_written(TermKind::Span, written), Ok(weeks(3)), "{written}");
    }
    assert_eq!(parse_written(TermKind::Texts, "a, b"), Ok(TermValue::Texts(vec!["a".into(), "b".into()])));
}

#[test]
fn bounds_hold_both_ways() {
    let refused = |name: &str, value: &TermValue| TERMS.check(name, value).expect_err(name).text.nl;
    assert_eq!(TERMS.check("PROMISE_DEFAULT", &weeks(8)), Ok(()));
    assert!(refused("PROMISE_DEFAULT", &weeks(5)).contains("ten minste 6 weken"));
    assert!(
        refused("PROMISE_DEFAULT", &weeks(13)).contains("nooit meer dan 3 maanden"),
        "13 weeks are 91 days"
    );
    assert!(refused("PROMISE_MIN", &weeks(7)).contains("Gewone behandeltermijn"));
    assert!(refused("PROMISE_MAX", &TermValue::Span { count: 1, unit: Unit::Months }).contains("ten minste"));
    assert!(refused("APPROACH_TERM", &TermValue::Span { count: 31, unit: Unit::Days }).contains("1 maand"));
    assert!(refused("SUBMISSION_TERM", &TermValue::Text("x".into())).contains("ander soort"));
    assert!(refused("NOT_THERE", &weeks(1)).contains("NOT_THERE"));
}

fn written(text: &str, name: &str, value: &TermValue) -> String {
    with_value(text, name, value).expect("it is written")
}

#[test]
fn what_stands_around_a_value_stays() {
    let text = "// A.\r\nconst A = days(3);      // kort\r\nconst LONG_NAME = days(14); // lang\r\nconst B = 1;            // één";
    let long = written(text, "A", &TermValue::Span { count: 1000, unit: Unit::Workdays });
    assert_eq!(long, text.replace("days(3);      //", "workdays(1000); //"), "as far as there is room");
    assert_eq!(
        written(&long, "A", &TermValue::Span { count: 3, unit: Unit::Days }),
        text,
        "and back into its column"
    );
    assert_eq!(
        written(text, "B", &TermValue::Number(100)),
        text.replace("1;            //", "100;          //")
    );
    let close = "const A = 1; // a\nconst BBB = 22; // b\n";
    assert_eq!(written(close, "A", &TermValue::Number(12345)), close.replace("= 1;", "= 12345;"));
    assert_eq!(written(close, "BBB", &TermValue::Number(2)), close.replace("= 22;", "= 2;"));
    assert_eq!(written("const A=1;//a", "A", &TermValue::Number(22)), "const A=22;//a");
    let lines = "const A = [\r\n  \"a\",\r\n  \"b\",\r\n]; // woorden\r\nconst B = 1;";
    let more = TermValue::Texts(vec!["a".into(), "c, \"d\"".into(), "e".into()]);
    assert_eq!(written(lines, "A", &more), lines.replace("\"b\"", "\"c, \\\"d\\\"\",\r\n  \"e\""));
    assert_eq!(
        written(&written(lines, "A", &more), "A", &TermValue::Texts(vec!["a".into(), "b".into()])),
        lines
    );
    for (name, value) in [("C", TermValue::Number(1)), ("B", weeks(1))] {
        assert!(with_value(lines, name, &value).is_err());
    }
    assert!(with_value("const A = 1 + 1;", "A", &TermValue::Number(1)).is_err());
}

fn of_kind(value: &TermValue) -> BoxedStrategy<TermValue> {
    let text = || {
        proptest::collection::vec(
            prop_oneof![
                Just("\"".to_owned()),
                Just("\\".to_owned()),
                Just("${".to_owned()),
                Just("//".to_owned()),
                Just(";".to_owned()),
                Just("א".to_owned()),
                Just("`".to_owned()),
                Just("*/".to_owned()),
                Just("{{".to_owned()),
                "[a-zé ,\\]]{1,5}",
            ],
            0..12,
        )
        .prop_map(|parts| parts.concat())
    };
    // What looks like a time or an address would be one.
    let plain = move || text().prop_filter("a text", |t| !t.contains(['@', ':']));
    match value.kind() {
        TermKind::Span => (0_i64..400, 0_usize..6)
            .prop_map(|(count, unit)| TermValue::Span { count: count.min(99), unit: Unit::ALL[unit] })
            .boxed(),
        TermKind::YesNo => any::<bool>().prop_map(TermValue::YesNo).boxed(),
        TermKind::Number => {
            any::<i64>().prop_filter("can be negated", |n| *n != i64::MIN).prop_map(TermValue::Number).boxed()
        }
        TermKind::Text => plain().prop_map(TermValue::Text).boxed(),
        TermKind::Texts => proptest::collection::vec(plain(), 0..6).prop_map(TermValue::Texts).boxed(),
        TermKind::Time => (0..24, 0..60).prop_map(|(h, m)| TermValue::Time(format!("{h:02}:{m:02}"))).boxed(),
        TermKind::Address => "[a-z.]{1,9}@[a-z]{1,9}\\.nl".prop_map(TermValue::Address).boxed(),
        TermKind::Expression => Just(value.clone()).boxed(),
    }
}

fn change() -> impl Strategy<Value = (String, TermValue)> {
    let terms: Vec<(String, TermValue)> =
        TERMS.iter().filter(|t| t.file == FILE).map(|t| (t.name.clone(), t.value.clone())).collect();
    proptest::sample::select(terms)
        .prop_flat_map(|(name, old)| of_kind(&old).prop_map(move |new| (name.clone(), new)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_is_replaced_and_nothing_else((name, new) in change(), is_of_windows in any::<bool>()) {
        let text = if is_of_windows { SHIPPED[FILE].replace('\n', "\r\n") } else { SHIPPED[FILE].clone() };
        let changed = written(&text, &name, &new);
        let before = of_script(&text);
        let after = of_script(&changed);
        prop_assert_eq!(&after.get(&name).expect("it is there").value, &new);
        let others = |terms: &Terms| -> Vec<(String, TermValue, Option<String>, Option<String>)> {
            let others = terms.iter().filter(|t| t.name != name);
            others.map(|t| (t.name.clone(), t.value.clone(), t.remark.clone(), t.group.as_ref().map(|g| g.nl.clone()))).collect()
        };
        prop_assert_eq!(others(&before), others(&after));
        let (old, at) = (before.get(&name).expect("before"), after.get(&name).expect("after"));
        prop_assert_eq!(&text[..old.at.start], &changed[..at.at.start]);
        let without_blanks = |rest: &str| -> String {
            let (line, more) = rest.split_once('\n').unwrap_or((rest, ""));
            format!("{}\n{more}", line.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
        };
        prop_assert_eq!(without_blanks(&text[old.at.end..]), without_blanks(&changed[at.at.end..]));
        prop_assert_eq!(written(&changed, &name, &old.value), text.clone());
        let parsed = rhai::Engine::new_raw().compile(&changed).map(|ast| ast.statements().len());
        prop_assert_eq!(parsed.ok(), Some(before.iter().count()), "the parser reads it as well");
    }
}

#[test]
fn what_a_term_touches_is_followed() {
    let workspace = shipped();
    let of = |name: &str| touched(&workspace, name);
    let promise = of("PROMISE_DEFAULT");
    assert!(promise.deadlines.contains("decision_term"), "{promise:#?}");
    assert!(
        promise.actions.contains("acknowledge"),
        "by way of a function and a preset: {:?}",
        promise.actions
    );
    assert!(promise.clauses.iter().any(|clause| clause.row == 14), "{:?}", promise.clauses);
    assert!(!promise.scenarios.is_empty());
    let reply = of("REPLY_TERM");
    assert!(
        reply.deadlines.contains("reply") && !reply.deadlines.contains("objection"),
        "{:?}",
        reply.deadlines
    );
    assert!(of("REMIND_AT").settings.contains("digest.at"));
    assert!(of("CONTACT_PHONE").letters.contains("acknowledgement"), "a part of it does");
    assert!(of("REPORT_TERM").schedules.len() + of("REPORT_TERM").rules.len() > 0);
    assert_eq!(of("NOT_THERE"), Default::default());
    for term in TERMS.iter() {
        let touched = of(&term.name);
        let works =
            touched.rules.len() + touched.actions.len() + touched.schedules.len() + touched.letters.len();
        assert!(works > 0, "{} touches nothing", term.name);
    }
}

#[test]
fn a_term_is_told_by_its_words() {
    let said = told(
        "95_new.rhai",
        "rule \"r\" when now >= complaint.received_at + REPLY_T‸ERM then { remark(\"x\"); }",
    );
    assert!(
        said.starts_with("Tijd voor de klager om op de beslissing te reageren\n\n```rhai\nconst REPLY_TERM"),
        "{said}"
    );
}
