//! What the store is sent for lists, overviews and searches.

use super::super::*;
use super::everything::day;
use redress::store::{Choice, Part, Place, Query, Sequence, Sight, States, Stuck, There, Viewer};

pub(super) async fn pages(store: &Store, id: ComplaintId) {
    let register = store.register();
    let viewer = Viewer { person: "h@lagant.nl".to_owned(), sight: Sight::Everything };
    let place = Place { day: day("2026-11-23"), at: at(NOW), id };
    let number = |beginning: &str, after: Option<&str>| Sequence::Number {
        beginning: beginning.to_owned(),
        after: after.map(|a| a.to_owned().into()),
    };
    let sequences = [
        Sequence::Newest(None),
        Sequence::Newest(Some(place)),
        Sequence::Oldest(None),
        Sequence::Oldest(Some(place)),
        number("", None),
        number("K-2026", Some("K-2026-0001")),
    ];
    let a = State::from("a");
    let of = |states| Choice { states, ..Choice::default() };
    let november = (Some(day("2026-11-01")), Some(day("2026-11-30")));
    let there = There { last: ComplaintId(1_000_000), whenever: (ComplaintId(1), ComplaintId(1_000_000)) };
    let choices = [
        (Choice::default(), true),
        (of(States::One(a.clone())), true),
        (of(States::Among(vec![a.clone()])), true),
        (of(States::Outside(vec![a])), false),
        (Choice { late_before: Some(at("2030-01-01 00:00")), ..Choice::default() }, true),
        (Choice { responsible: Some("h@lagant.nl".to_owned()), ..Choice::default() }, false),
        (Choice { received: november, ..Choice::default() }, true),
        (Choice { there: Some(there), ..Choice::default() }, true),
        (Choice { received: november, there: Some(there), ..Choice::default() }, true),
    ];
    for (choice, is_some) in choices {
        for (i, sequence) in sequences.iter().enumerate() {
            let page = register.page(&viewer, &choice, sequence, 9).await.unwrap();
            // From a place on there may be no more.
            assert!((i % 2 == 1 && i < 5) || page.is_empty() != is_some, "{choice:?} {sequence:?}");
        }
    }
    for states in [Vec::new(), vec!["a".to_owned()]] {
        register.asked(&viewer, "m", &states, 9).await.unwrap();
    }
    let all = register.page(&viewer, &Choice::default(), &number("k", None), 9).await.unwrap();
    assert!(all.is_empty(), "no number begins so");
}

/// Pages of what is open, which is several states.
pub(super) async fn at_what_is_open(store: &Store) {
    let viewer = Viewer { person: "h@lagant.nl".to_owned(), sight: Sight::Everything };
    let states = States::Among(vec![State::from("a"), State::from("b")]);
    let choice = Choice { states, ..Choice::default() };
    for sequence in [Sequence::Newest(None), Sequence::Oldest(None)] {
        store.register().page(&viewer, &choice, &sequence, 9).await.unwrap();
    }
}

/// What somebody who oversees asks of the whole.
pub(super) async fn overview(store: &Store, id: ComplaintId) {
    let register = store.register();
    let viewer = Viewer { person: "h@lagant.nl".to_owned(), sight: Sight::Everything };
    let (later, states, names) = (at("2030-01-01 00:00"), [State::from("a")], ["reply".into()]);
    let late = register.late_terms(&viewer, &names, later, 9).await.unwrap();
    assert!(late.iter().any(|t| t.id == id), "{late:?}");
    assert!(!register.terms_of(&[id]).await.unwrap().is_empty());
    assert!(!register.glances(&[id]).await.unwrap().is_empty());
    assert!(register.escalated(&viewer, &states, 9).await.unwrap().is_empty());
    let counts = register.running_counts(&viewer, later).await.unwrap();
    assert!(counts.iter().all(|c| c.running > 0 && c.late == c.running), "{counts:?}");
    let loads = register.loads(&viewer, &states, later).await.unwrap();
    assert!(loads.iter().any(|l| l.responsible.is_none() && l.open > l.late && l.late > 0), "{loads:?}");
    let months = register.intake(&viewer, day("2026-01-01")).await.unwrap();
    assert!(months.iter().any(|m| m.month == "2026-11" && m.registered > 0), "{months:?}");
    assert!(
        register.faulty(&viewer, 9).await.unwrap().len() as i64
            <= register.count_faulty(&viewer).await.unwrap()
    );
    register.failures(&[id]).await.unwrap();
    for stuck in [Stuck::Dead, Stuck::WaitingSince(later)] {
        register.stuck(&viewer, stuck, 9).await.unwrap();
    }
}

/// Everything that is searched, kept and forgotten.
pub(super) async fn searching(store: &Store, id: ComplaintId) {
    let (search, everything) = (store.search(), Sight::Everything);
    let part =
        Part { of_responsible: vec!["h@lagant.nl".to_owned()], of_nobody_among: None, about: Vec::new() };
    for sight in [everything, Sight::Some(part)] {
        let viewer = Viewer { person: "h@lagant.nl".to_owned(), sight };
        for typed in ["klacht", "K-2026-0001", "k@example.nl"] {
            let query = Query::read(typed).unwrap();
            for after in [None, Some(id)] {
                search.looked_up(&viewer, &query, after, 9).await.unwrap();
                search.page(&viewer, &query, after, 9).await.unwrap();
            }
        }
    }
    let viewer = Viewer { person: "x@lagant.nl".to_owned(), sight: Sight::Everything };
    let hits = search.page(&viewer, &Query::read("klacht").unwrap(), None, 9).await.unwrap();
    assert!(!hits.is_empty());
    let ids: Vec<ComplaintId> = hits.iter().map(|hit| hit.complaint).collect();
    let listed = search.listed(&ids).await.unwrap();
    let facts = listed.iter().map(|(id, c)| (*id, &c.facts)).collect();
    search.written(&hits, &facts).await.unwrap();
    assert_eq!((search.waiting().await.unwrap(), search.fill().await.unwrap()), (0, 0));
    search.forget(&ids[..1]).await.unwrap();
}
