//! One due complaint among few and among many; and a tick with nothing due.

use super::*;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

/// Installations are dear to fill; each size is made once.
fn installation(n: usize) -> &'static Mutex<Installation> {
    static MADE: OnceLock<Mutex<BTreeMap<usize, &'static Mutex<Installation>>>> = OnceLock::new();
    let made = MADE.get_or_init(Default::default);
    made.lock().unwrap().entry(n).or_insert_with(|| Box::leak(Box::new(Mutex::new(Installation::with(n)))))
}

/// Measures the plan of an edit over every live complaint; the comparison is loading them and nothing else.
#[divan::bench(args = [1_000, 100_000], sample_count = 3, sample_size = 1)]
fn plan(bencher: Bencher, n: usize) {
    let installation = installation(n).lock().unwrap();
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(std::path::Path::new("rules")).unwrap();
    let mut files = source.files().clone();
    let terms = files.get_mut("00_terms.rhai").unwrap();
    *terms = terms.replace("const FIRST_REMINDER = days(14);", "const FIRST_REMINDER = days(13);");
    let candidate = Arc::new(Published::load(RulesetSource::new(files), &settings).unwrap());
    bencher.counter(n).bench_local(|| {
        let planning = installation.workflow.plan(Arc::clone(&candidate), Default::default(), &|_, _| {});
        installation.runtime.block_on(planning).unwrap()
    });
}

#[divan::bench(args = [1_000, 100_000], sample_count = 3, sample_size = 1)]
fn only_loading(bencher: Bencher, n: usize) {
    let installation = installation(n).lock().unwrap();
    bencher.counter(n).bench_local(|| {
        installation.runtime.block_on(async {
            let ids = installation.store.cases().stale(redress::store::Share::ALL, "", n).await.unwrap();
            for chunk in ids.chunks(1_000) {
                divan::black_box(installation.store.cases().load(chunk).await.unwrap());
            }
        })
    });
}

#[divan::bench(args = [1_000, 100_000], sample_count = 50, sample_size = 1)]
fn one_due(bencher: Bencher, n: usize) {
    let installation = installation(n).lock().unwrap();
    let input = || BTreeMap::from([("consultation".to_owned(), serde_json::Value::from("Met de planner"))]);
    bencher.with_inputs(input).bench_local_values(|input| {
        let acting = installation.workflow.act(
            "I-2026-000500",
            "note_consultation",
            "behandelaar@lagant.nl",
            input,
            Via::CommandLine,
        );
        installation.runtime.block_on(acting).unwrap();
    });
}

#[divan::bench(args = [1_000, 100_000], sample_count = 200, sample_size = 1)]
fn idle_tick(bencher: Bencher, n: usize) {
    let installation = installation(n).lock().unwrap();
    bencher.bench_local(|| {
        let ticked = installation.runtime.block_on(installation.workflow.tick()).unwrap();
        assert_eq!(ticked.decisions, 0, "touches no complaint");
    });
}
