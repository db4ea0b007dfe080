//! What the page answers while a proposal is written: the editor, and the form of the terms.

use super::proposals::{Bench, OTHER, QUALITY, begin};
use super::*;

/// What the editor asks while somebody types: mistakes at their places, what may follow, what a name is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_editor_is_answered_about_what_is_typed_and_not_kept() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let proposal = begin(&mut browser, "Typen").await;
    let json = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let ask = async |browser: &mut Browser, what: &str, path: &str, body: serde_json::Value| {
        let place = format!("{proposal}/editor/{what}/{path}");
        let answer = browser.send("POST", &place, &json, &body.to_string()).await;
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.body).unwrap_or_default())
    };
    let text = "// 😀\nrule \"Half\"\n  when complaint.state == \"decidd\"\n  then { remark(\"x\"); }\n";
    let (status, found) = ask(&mut browser, "check", "95_x.rhai", serde_json::json!({"text": text})).await;
    assert_eq!(status, 200);
    let mistake =
        found["diagnostics"].as_array().unwrap().iter().find(|d| d["code"] == "R201").unwrap().clone();
    let units: Vec<u16> = text.encode_utf16().collect();
    let (from, to) = (mistake["from"].as_u64().unwrap() as usize, mistake["to"].as_u64().unwrap() as usize);
    assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "\"decidd\"");
    let mended = mistake["fix"]["changes"][0]["insert"].as_str().unwrap();
    assert!(mended.contains("decided"), "{mistake}");
    let typed = "rule \"x\"\n  when complaint.sta";
    let body = serde_json::json!({"text": typed, "offset": typed.len()});
    let (_, offered) = ask(&mut browser, "complete", "95_x.rhai", body).await;
    assert!(offered["items"].as_array().unwrap().iter().any(|item| item["label"] == "state"), "{offered}");
    assert_eq!(offered["from"], typed.len() - 3);
    let terms = bench.text_in_force("00_terms.rhai");
    let at = terms.find("ACKNOWLEDGEMENT_TERM").unwrap() + 3;
    let body = serde_json::json!({"text": terms, "offset": terms[..at].encode_utf16().count()});
    let (_, told) = ask(&mut browser, "hover", "00_terms.rhai", body).await;
    assert!(!told["markdown_free_text"].as_str().unwrap().is_empty(), "{told}");
    // Nothing was kept, and nobody else asks about it.
    assert!(browser.get(&proposal).await.text().contains("Er is nog niets gewijzigd"));
    let mut other = bench.site.signed_in(OTHER).await;
    for what in ["check", "complete", "hover"] {
        let body = serde_json::json!({"text": "", "offset": 0});
        assert_eq!(ask(&mut other, what, "95_x.rhai", body.clone()).await.0, 404, "{what}");
        assert_eq!(ask(&mut browser, what, "..%2Fx.rhai", body).await.0, 404, "{what}");
        assert_eq!(ask(&mut browser, what, "95_x.rhai", serde_json::json!([1])).await.0, 400, "{what}");
        let far = serde_json::json!({"text": "rule", "offset": u64::MAX});
        assert!(ask(&mut browser, what, "95_x.rhai", far).await.0 < 500, "{what}");
        assert_eq!(
            ask(&mut bench.site.browser(), what, "95_x.rhai", serde_json::json!({"text": ""})).await.0,
            303
        );
    }
}

/// Terms by the form: what somebody changes is written and nothing else; what is out of bounds is told beside its field.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn terms_are_changed_by_a_form() {
    let bench = Bench::open("").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let overview = browser.get("/procedure/terms").await;
    assert!(
        overview.text().contains("6 weken") && !overview.text().contains("PROMISE_DEFAULT"),
        "{}",
        overview.text()
    );
    let one = browser.get("/procedure/terms/PROMISE_MAX").await.text();
    assert!(one.contains("Wat ervan afhangt") && one.contains("3 maanden"), "{one}");
    assert_eq!(browser.get("/procedure/terms/NOTHING").await.status, 404);
    let begun = browser.post("/proposals", &[("name", "Termijnen"), ("next", "terms")]).await;
    let place = begun.location().to_owned();
    assert!(place.ends_with("/terms"), "{place}");
    let proposal = place.strip_suffix("/terms").unwrap();
    let page = browser.get(&place).await;
    let old = bench.text_in_force("00_terms.rhai");
    let seen = |name: &str| page.value(&format!("o.{name}"));
    let term = |name: &str, value: &str, unit: &str| {
        vec![
            (format!("o.{name}"), seen(name)),
            (format!("v.{name}"), value.to_owned()),
            (format!("u.{name}"), unit.to_owned()),
        ]
    };
    let send = async |browser: &mut Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.post(&place, &fields).await
    };
    // Two at once, one of them in another unit; everything else of the file stays byte for byte.
    let mut both = term("ACKNOWLEDGEMENT_TERM", "6", "workdays");
    both.extend(term("REPORT_TERM", "20", "days"));
    both.extend(term("INFO_TERM", "14", "days"));
    assert_eq!(send(&mut browser, both).await.status, 303);
    let edited = browser.get(&format!("{proposal}/files/00_terms.rhai")).await;
    assert!(edited.text().contains("const ACKNOWLEDGEMENT_TERM = workdays(6);"), "{}", edited.text());
    let shown = browser.get(proposal).await.text();
    assert!(shown.contains("const REPORT_TERM = days(20); // after the end of a quarter"), "{shown}");
    assert!(shown.contains("(+2 −2)"), "{shown}");
    for (name, value, unit, told) in [
        ("PROMISE_DEFAULT", "99", "weeks", "Ten hoogste"),
        ("INFO_TERM", "veertien", "days", "heel getal"),
        ("INFO_TERM", "14", "fortnights", "Kies"),
        ("REMIND_AT", "25:00", "", "09:00"),
        ("DEFAULT_HANDLER", "geen adres", "", "adres"),
        ("EXTERNAL_BODY", "a\u{0}b\nc", "", ""),
    ] {
        let wrong = send(&mut browser, term(name, value, unit)).await;
        if told.is_empty() {
            assert!(wrong.status < 500, "{name}");
            continue;
        }
        assert_eq!(wrong.status, 422, "{name} {value}: {}", wrong.text());
        assert!(
            wrong.body.contains("aria-invalid") && wrong.body.contains(value),
            "{name}: {}",
            wrong.text()
        );
    }
    // A term that was changed in another window meanwhile is told; another one is no matter.
    let late = send(&mut browser, term("ACKNOWLEDGEMENT_TERM", "4", "workdays")).await;
    assert!(
        late.status == 422 && late.text().contains("Intussen veranderd in: 6 werkdagen"),
        "{}",
        late.text()
    );
    assert_eq!(send(&mut browser, term("EVALUATION_TERM", "5", "weeks")).await.status, 303);
    assert_eq!(bench.text_in_force("00_terms.rhai"), old, "nothing is in force yet");
    let mut other = bench.site.signed_in(OTHER).await;
    assert_eq!(send(&mut other, term("INFO_TERM", "10", "days")).await.status, 404);
    assert!(other.get(&place).await.body.contains(" disabled"));
}
