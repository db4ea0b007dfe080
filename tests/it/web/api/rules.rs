//! The rules by programs: terms, files, proposals, trials, and what comes in force, by several at once.

use super::super::proposals::{Bench, OTHER, QUALITY};
use super::*;

const REASON: &str = "de termijn was te kort";

/// Follows the work on a proposal to its end.
async fn ended(program: &mut Program, proposal: &str) -> Value {
    loop {
        let work = read(&program.get(&format!("{proposal}/work")).await);
        if work["state"] != "underWay" {
            return work;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn done(program: &mut Program, proposal: &str, what: &str, wish: &Value) -> Value {
    let begun = program.act(&format!("{proposal}/{what}"), wish).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    assert_eq!(begun.header("location"), Some(&*format!("{proposal}/work")));
    ended(program, proposal).await
}

fn tag(answer: &Answer) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_term_is_changed_tried_approved_put_in_force_and_put_back() {
    let bench = Bench::open("[rules]\nfour_eyes = true\n").await;
    let (mut one, mut two) = (Program::of(&bench.site, QUALITY).await, Program::of(&bench.site, OTHER).await);
    let terms = read(&one.get("/api/v1/procedure/terms").await);
    let all = terms["terms"].as_array().unwrap();
    let term = all.iter().find(|t| t["name"] == "PROMISE_DEFAULT").unwrap();
    assert_eq!((&term["kind"], &term["value"], &term["unit"]), (&json!("span"), &json!(6), &json!("weeks")));
    assert_eq!((&term["most"]["value"], &term["most"]["term"]), (&json!(3), &json!("PROMISE_MAX")));
    assert_eq!(term["label"]["nl"], "Gewone behandeltermijn");
    assert_eq!(term["label"]["en"], "Usual handling term");
    let details = read(&one.get("/api/v1/procedure/terms/PROMISE_DEFAULT").await);
    assert!(
        !details["rules"].as_array().unwrap().is_empty()
            || !details["actions"].as_array().unwrap().is_empty(),
        "{details}"
    );
    let before = bench.in_force();
    let begun = one.post("/api/v1/proposals", &[("idempotency-key", "a")], &json!({"name": "Termijn"})).await;
    assert_eq!(begun.status, 201, "{}", begun.body);
    let proposal = begun.header("location").unwrap().to_owned();
    // The same sent again is the same proposal; something else under the key is refused; who may not, finds nothing.
    let again = one.post("/api/v1/proposals", &[("idempotency-key", "a")], &json!({"name": "Termijn"})).await;
    assert_eq!((again.status, again.header("location")), (201, Some(proposal.as_str())));
    let other = one.post("/api/v1/proposals", &[("idempotency-key", "a")], &json!({"name": "Anders"})).await;
    assert_problem(&other, 422, "key-reused");
    let mut handler = Program::of(&bench.site, HANDLER).await;
    assert_problem(&handler.get(&proposal).await, 404, "not-found");
    assert_problem(&handler.act("/api/v1/proposals", &json!({"name": "x"})).await, 404, "not-found");
    let mut auditor = Program::of(&bench.site, "auditor@lagant.nl").await;
    assert_eq!(auditor.get(&proposal).await.status, 200);
    assert_problem(&auditor.act("/api/v1/proposals", &json!({"name": "x"})).await, 404, "not-found");
    let change = format!("{proposal}/term-changes");
    let wish = |value: Value, unit: &str| json!({"terms": [{"name": "PROMISE_DEFAULT", "value": value, "unit": unit}]});
    assert_problem(&one.act(&change, &wish(json!(7), "weeks")).await, 400, "invalid-input");
    let seen = tag(&one.get(&format!("{proposal}/terms")).await);
    for (value, unit) in [(json!(99), "weeks"), (json!("x"), "weeks"), (json!(7), "x"), (json!({}), "weeks")]
    {
        let headers =
            [("idempotency-key", &*another()), ("if-match", &*seen)].map(|(a, b)| (a, b.to_owned()));
        let headers: Vec<(&str, &str)> = headers.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let problem =
            assert_problem(&one.post(&change, &headers, &wish(value, unit)).await, 400, "invalid-input");
        assert_eq!(problem["errors"][0]["location"], "/terms/0", "{problem}");
    }
    let headers = |key: &'static str| [("idempotency-key", key), ("if-match", seen.as_str())];
    assert_problem(&two.post(&change, &headers("b"), &wish(json!(7), "weeks")).await, 404, "not-found");
    let changed = one.post(&change, &headers("b"), &wish(json!(7), "weeks")).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_problem(&one.post(&change, &headers("c"), &wish(json!(8), "weeks")).await, 412, "changed");
    let shown = read(&one.get(&proposal).await);
    assert_eq!(shown["differences"][0]["path"], "00_terms.rhai", "{shown}");
    assert_eq!(
        (&shown["isMine"], &shown["fourEyes"], &shown["plan"]),
        (&json!(true), &json!(true), &Value::Null)
    );
    assert!(shown["unready"].as_str().is_some_and(|why| why.contains("scenario")), "{shown}");
    let played = done(&mut one, &proposal, "scenario-runs", &json!({})).await;
    assert_eq!(
        (&played["state"], &played["path"]),
        (&json!("done"), &json!(format!("{proposal}/scenarios")))
    );
    let scenarios = read(&one.get(&format!("{proposal}/scenarios")).await);
    assert!(scenarios["scenarios"].as_array().unwrap().iter().all(|s| s["holds"] == true), "{scenarios}");
    done(&mut one, &proposal, "plans", &json!({"adopt": false})).await;
    let plan = read(&one.get(&format!("{proposal}/plan")).await);
    let digest = plan["plan"]["digest"].as_str().unwrap().to_owned();
    let order = json!({"plan": digest, "reason": REASON});
    let now = tag(&one.get(&proposal).await);
    let publish = format!("{proposal}/publications");
    let with = |key: &'static str| [("idempotency-key", key), ("if-match", now.as_str())];
    let waiting = read(&one.get(&proposal).await)["unready"].clone();
    assert!(waiting.as_str().is_some_and(|why| why.contains("eerst goedkeuren: Tweede")), "{waiting}");
    let refused = assert_problem(&one.post(&publish, &with("d"), &order).await, 422, "refused");
    assert!(refused["detail"].as_str().unwrap().contains("eerst goedkeuren: Tweede"), "{refused}");
    let approve = format!("{proposal}/approvals");
    assert_problem(&one.act(&approve, &order).await, 404, "not-found");
    let wrong = json!({"plan": "0123456789abcdef", "reason": REASON});
    assert_problem(&two.act(&approve, &wrong).await, 422, "refused");
    assert_problem(&two.act(&approve, &json!({"plan": digest, "reason": "ja"})).await, 422, "refused");
    assert_eq!(two.act(&approve, &order).await.status, 200);
    let approved = read(&one.get(&proposal).await);
    assert_eq!((&approved["approvers"], &approved["unready"]), (&json!([OTHER]), &Value::Null));
    assert_eq!(one.post(&publish, &with("e"), &order).await.status, 202);
    assert_eq!(ended(&mut one, &proposal).await["state"], "done");
    assert_ne!(bench.in_force(), before);
    let list = read(&one.get("/api/v1/publications").await);
    let newest = &list["publications"][0];
    assert_eq!(
        (&newest["by"], &newest["isInForce"], &newest["reason"]),
        (&json!(QUALITY), &json!(true), &json!(REASON))
    );
    let one_of = read(&one.get(newest["path"].as_str().unwrap()).await);
    assert_eq!(
        (&one_of["differences"][0]["path"], &one_of["plan"]["digest"]),
        (&json!("00_terms.rhai"), &json!(digest))
    );
    // What came in force and who approved it came by programs, which the trail says.
    let events = bench.site.app.app.workflow.reading().trail().events_after(0).await.unwrap();
    let by_program = events.iter().filter(|e| e.via == Via::Api && e.summary.contains("ruleset")).count();
    assert!(by_program >= 1, "{:?}", events.iter().map(|e| (&e.summary, e.via)).collect::<Vec<_>>());
    // Going back is a proposal like any other.
    let first = newest["publication"].as_i64().unwrap() - 1;
    let back = one.act("/api/v1/proposals", &json!({"name": "Terug", "from": {"publication": first}})).await;
    assert_eq!(back.status, 201, "{}", back.body);
    let back = read(&one.get(back.header("location").unwrap()).await);
    assert_eq!(
        (back["differences"].as_array().unwrap().len(), &back["isBehind"]),
        (1, &json!(false)),
        "{back}"
    );
}

#[tokio::test]
async fn two_who_write_a_file_lose_nothing() {
    let bench = Bench::open("").await;
    let mut program = Program::of(&bench.site, QUALITY).await;
    let begun = program.act("/api/v1/proposals", &json!({"name": "Bestanden"})).await;
    let proposal = begun.header("location").unwrap().to_owned();
    let file = format!("{proposal}/files/messages%2Fnl%2F_closing.md");
    let first = program.get(&file).await;
    let seen = tag(&first);
    let same = program.get(&format!("{proposal}/files/messages/nl/_closing.md")).await;
    assert_eq!(read(&first), read(&same), "slashes may stand as they are");
    let text = |text: &str| json!({"text": format!("{}\n{text}\n", read(&first)["text"].as_str().unwrap())});
    assert_problem(&program.send("PUT", &file, &[], &text("een")).await, 400, "invalid-input");
    assert_problem(
        &program.send("PUT", &file, &[("if-match", "x")], &text("een")).await,
        400,
        "invalid-input",
    );
    assert_problem(
        &program.send("PUT", &file, &[("if-none-match", "*")], &text("een")).await,
        412,
        "changed",
    );
    let put = program.send("PUT", &file, &[("if-match", &seen)], &text("een")).await;
    assert_eq!(put.status, 200, "{}", put.body);
    assert_problem(&program.send("PUT", &file, &[("if-match", &seen)], &text("twee")).await, 412, "changed");
    assert!(read(&program.get(&file).await)["text"].as_str().unwrap().ends_with("een\n"));
    // Another file is another matter; one that is not there is written once.
    let new = format!("{proposal}/files/95_note.rhai");
    assert_problem(&program.get(&new).await, 404, "not-found");
    let note = json!({"text": "// Een opmerking.\n"});
    assert_eq!(program.send("PUT", &new, &[("if-none-match", "*")], &note).await.status, 200);
    let twice = program.send("PUT", &new, &[("if-none-match", "*")], &json!({"text": "// x\n"})).await;
    assert_problem(&twice, 412, "changed");
    for path in ["..%2Fredress.toml", "x.txt", "%2Fetc%2Fpasswd", "messages/nl/..%2F..%2Fx.md"] {
        let place = format!("{proposal}/files/{path}");
        let answer = program.send("PUT", &place, &[("if-none-match", "*")], &note).await;
        assert!([404, 422].contains(&answer.status), "{path}: {}", answer.body);
    }
    let broken = json!({"text": "rule \"x\" {"});
    let note_seen = tag(&program.get(&new).await);
    let put = program.send("PUT", &new, &[("if-match", &note_seen)], &broken).await;
    assert_eq!(put.status, 200, "what is wrong is kept and told");
    let shown = read(&program.get(&proposal).await);
    assert!(shown["mistakes"].as_array().unwrap().iter().any(|m| m["file"] == "95_note.rhai"), "{shown}");
    let gone = program.send("DELETE", &new, &[("if-match", &tag(&put))], &json!({})).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_problem(&program.get(&new).await, 404, "not-found");
    let long = json!({"text": "x".repeat((1 << 20) + 1)});
    assert_problem(&program.send("PUT", &new, &[("if-none-match", "*")], &long).await, 422, "refused");
    // A name, giving it up and taking it up again.
    let tag = tag(&program.get(&proposal).await);
    let name = format!("{proposal}/name");
    assert_eq!(
        program.send("PUT", &name, &[("if-match", &tag)], &json!({"name": "Anders"})).await.status,
        200
    );
    let empty = program.send("PUT", &name, &[("if-match", "*")], &json!({"name": " "})).await;
    assert_problem(&empty, 422, "refused");
    let state = format!("{proposal}/state");
    for (state_of, put) in [("withdrawn", 422), ("withdrawn", 422), ("open", 412)] {
        let stood = program.send("PUT", &state, &[], &json!({"state": state_of})).await;
        assert_eq!((stood.status, &read(&stood)["state"]), (200, &json!(state_of)));
        let kept = program.send("PUT", &file, &[("if-match", "\"x\"")], &note).await;
        assert_eq!(kept.status, put, "{}", kept.body);
    }
    let looked = [
        "/api/v1/procedure",
        "/api/v1/procedure/files",
        "/api/v1/procedure/files/00_terms.rhai",
        "/api/v1/procedure/graph",
        "/api/v1/procedure/letters",
        "/api/v1/procedure/letters/acknowledgement",
        "/api/v1/procedure/scenarios",
        "/api/v1/faults",
        "/api/v1/proposals",
    ];
    let document = read(&program.browser.get("/api/v1/openapi.json").await);
    for path in looked {
        let answer = program.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let template = match path.rsplit_once('/').unwrap() {
            ("/api/v1/procedure/files", _) => "/api/v1/procedure/files/{path}",
            ("/api/v1/procedure/letters", _) => "/api/v1/procedure/letters/{letter}",
            _ => path,
        };
        super::describing::assert_valid(
            &super::describing::schema_of(&document, template, "get"),
            &read(&answer),
        );
    }
    // A scenario is told from day to day.
    let listed = read(&program.get("/api/v1/procedure/scenarios").await);
    let first = &listed["scenarios"][0];
    let (file, name) = (first["at"]["file"].as_str().unwrap(), first["name"].as_str().unwrap());
    let of = url::form_urlencoded::Serializer::new(String::new());
    let of = { of }.append_pair("file", file).append_pair("name", name).finish();
    let told = program.get(&format!("/api/v1/procedure/scenario-stories?{of}")).await;
    let schema = super::describing::schema_of(&document, "/api/v1/procedure/scenario-stories", "get");
    super::describing::assert_valid(&schema, &read(&told));
    assert!(!read(&told)["days"].as_array().unwrap().is_empty(), "{}", told.body);
    let none = program.get("/api/v1/procedure/scenario-stories?file=x&name=y").await;
    assert_problem(&none, 404, "not-found");
    let story = format!("/scenario-stories?{of}");
    for (part, template) in [
        ("", ""),
        ("/files", "/files"),
        ("/terms", "/terms"),
        ("/graph", "/graph"),
        ("/letters", "/letters"),
        ("/letters/acknowledgement", "/letters/{letter}"),
        ("/behind", "/behind"),
        ("/scenarios", "/scenarios"),
        (&story, "/scenario-stories"),
    ] {
        let answer = program.get(&format!("{proposal}{part}")).await;
        assert_eq!(answer.status, 200, "{part}: {}", answer.body);
        let template = format!("/api/v1/proposals/{{proposal}}{template}");
        super::describing::assert_valid(
            &super::describing::schema_of(&document, &template, "get"),
            &read(&answer),
        );
    }
}

/// Who may read the rules reads no complaint of others by a letter.
#[tokio::test]
async fn keys_are_good_for_what_they_say() {
    let bench = Bench::open("").await;
    let key = key(&bench.site, QUALITY, &[Scope::ReadRules]).await;
    let mut program = Program { browser: bench.site.browser(), key };
    assert_eq!(program.get("/api/v1/procedure/terms").await.status, 200);
    assert_problem(&program.act("/api/v1/proposals", &json!({"name": "x"})).await, 403, "scope-needed");
    let letter = "/api/v1/procedure/letters/acknowledgement?complaint=K-2026-0001";
    assert_problem(&program.get(letter).await, 403, "scope-needed");
}
