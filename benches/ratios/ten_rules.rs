//! Ten rules as procedures have them: a state, a fact, a comparison; none of them fires.

use super::*;

fn ruleset() -> Arc<Ruleset> {
    let names = |kind: &str, extra: &str| -> String {
        (0..TEN).map(|i| format!("[{kind}.s{i}]\nnl = \"n\"\nen = \"n\"\n{extra}\n")).collect()
    };
    let procedure = format!(
        "initial = \"s0\"\nfaults_to = \"s0\"\nname = {{ nl = \"n\", en = \"n\" }}\n[deadlines]\n{}{}{}",
        names("states", "phase = \"p\"\nopen = true"),
        names("roles", ""),
        names("flags", "")
    );
    let rules: String = (0..TEN)
        .map(|i| format!("rule \"r{i}\" when complaint.state == \"s{i}\" && complaint.language == \"en\" && now >= complaint.received_at then {{ notify(\"s0\", \"m\"); }}\n"))
        .collect();
    let files = [
        ("procedure.toml", procedure.as_str()),
        ("10.rhai", &rules),
        ("messages/nl/m.md", ""),
        ("messages/en/m.md", ""),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    Arc::new(
        Ruleset::load(RulesetSource::new(files), Default::default())
            .unwrap_or_else(|found| panic!("{}", found[0])),
    )
}

/// Measures one decision on one complaint, which is loaded already.
#[divan::bench]
fn decide(bencher: Bencher) {
    let (ruleset, calendar, case) = (ruleset(), calendar(), case());
    bencher
        .with_inputs(|| vec![input(&case)])
        .bench_local_values(|inputs| decide_all(&ruleset, &calendar, inputs, unobserved()));
}

/// Measures the same per complaint in a batch, as ticks do it.
#[divan::bench(args = [100])]
fn decide_batch(bencher: Bencher, n: usize) {
    let (ruleset, calendar, case) = (ruleset(), calendar(), case());
    bencher
        .counter(n)
        .with_inputs(|| (0..n).map(|_| input(&case)).collect::<Vec<_>>())
        .bench_local_values(|inputs| decide_all(&ruleset, &calendar, inputs, unobserved()));
}

fn input(case: &Case) -> Input {
    Input::new(case.clone(), Trigger::Due, start())
}

#[derive(Clone)]
struct Bare {
    state: String,
    language: String,
    received: i64,
}

/// Measures the comparison: the ten conditions in one script on bare Rhai, with a custom type in scope.
#[divan::bench]
fn bare_rhai(bencher: Bencher) {
    let mut engine = rhai::Engine::new();
    engine.register_type_with_name::<Bare>("Bare");
    engine.register_get("state", |b: &mut Bare| b.state.clone());
    engine.register_get("language", |b: &mut Bare| b.language.clone());
    engine.register_get("received_at", |b: &mut Bare| b.received);
    let script: String = (0..TEN)
        .map(|i| format!("if complaint.state == \"s{i}\" && complaint.language == \"en\" && now >= complaint.received_at {{ fired += 1; }}\n"))
        .collect();
    let ast = engine.compile(format!("let fired = 0;\n{script}\nfired")).unwrap();
    let bare = Bare { state: "s3".to_owned(), language: "nl".to_owned(), received: 0 };
    bencher.bench_local(|| {
        let mut scope = rhai::Scope::new();
        scope.push("complaint", bare.clone());
        scope.push("now", 1_i64);
        engine.eval_ast_with_scope::<i64>(&mut scope, &ast).unwrap()
    });
}
