//! Terms that ended within a period, as reports count them.

use super::*;
use crate::support::commit_all;
use redress::complaint::{Deadline, Pause};

/// A term that ended on 1 December 2026, and what became of it.
fn term(name: &str, change: impl FnOnce(&mut Deadline)) -> Deadline {
    let due = at("2026-12-01 17:00");
    let mut term = Deadline::armed(name.into(), "handler".into(), due, at(NOW), Source::Engine);
    change(&mut term);
    term
}

#[tokio::test]
async fn a_term_that_was_missed_is_late_whatever_became_of_it() {
    let (early, late) = (Some(at("2026-11-30 10:00")), Some(at("2026-12-03 10:00")));
    on_each_engine(async |url| {
        let store = open(url).await;
        let id = opened(&store, "m1").await;
        let mut commit = registering(store.cases().load(&[id]).await.unwrap().remove(0));
        commit.deadlines = vec![
            term("in_time", |d| d.met_at = early),
            term("met_late", |d| d.met_at = late),
            term("not_met", |_| {}),
            term("extended_in_time", |d| d.replaced_at = early),
            term("extended_late", |d| (d.breached_at, d.replaced_at) = (late, late)),
            term("dropped_in_time", |d| d.cancelled_at = early),
            term("dropped_late", |d| (d.breached_at, d.cancelled_at) = (late, late)),
            term("stands_still", |d| {
                let from = at("2026-11-25 10:00");
                d.pauses.push(Pause { from, by: Source::Engine, ended: None });
            }),
        ];
        commit_all(&store, vec![commit]).await;
        let day = |text: &str| text.parse().unwrap();
        let ended = async |from: &str, to: &str, now: &str| {
            let terms = store.figures().ended_terms(day(from), day(to), at(now)).await.unwrap();
            terms.into_iter().map(|t| format!("{} {} {}", t.name, t.kept, t.broken)).collect::<BTreeSet<_>>()
        };
        let expected =
            ["dropped_late 0 1", "extended_late 0 1", "in_time 1 0", "met_late 0 1", "not_met 0 1"];
        let found = ended("2026-12-01", "2026-12-31", "2027-01-01 00:00").await;
        assert_eq!(found, expected.map(str::to_owned).into(), "{url}");
        assert!(ended("2026-12-02", "2026-12-31", "2027-01-01 00:00").await.is_empty());
        assert!(ended("2026-12-01", "2026-12-31", "2026-12-01 16:00").await.is_empty(), "it is not over");
    })
    .await;
}
