//! Searching, one contract on both engines: what is found by which words, for whom, and in which order.

use super::*;
use crate::support::commit_all;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use redress::complaint::Measure;
use redress::store::{Part, Query, Sight, TextPart, Viewer};

pub fn everybody() -> Viewer {
    Viewer { person: "d@lagant.nl".to_owned(), sight: Sight::Everything }
}

pub fn handler(email: &str) -> Viewer {
    let part = Part { of_responsible: vec![email.to_owned()], ..Part::default() };
    Viewer { person: email.to_owned(), sight: Sight::Some(part) }
}

/// The complaints that are found, newest first, those that are looked up before them.
pub async fn found(store: &Store, viewer: &Viewer, typed: &str) -> Vec<ComplaintId> {
    let Some(query) = Query::read(typed) else { return Vec::new() };
    let mut hits = store.search().looked_up(viewer, &query, None, 50).await.unwrap();
    hits.extend(store.search().page(viewer, &query, None, 50).await.unwrap());
    hits.into_iter().map(|hit| hit.complaint).collect()
}

/// Opens a complaint by a mail, and makes the first decision on it.
pub async fn opened_with(
    store: &Store,
    id: &str,
    who: (&str, &str),
    subject: &str,
    body: &str,
) -> ComplaintId {
    let opened = filed_with(store, id, who, subject, body).await;
    first_decided(store, opened, |_| ()).await;
    opened
}

/// Makes a decision that writes no letter and gives no number.
pub async fn first_decided(store: &Store, id: ComplaintId, change: impl FnOnce(&mut Commit)) {
    let mut commit = registering(store.cases().load(&[id]).await.unwrap().remove(0));
    commit.case.complaint.number = None;
    (commit.notifications, commit.deliveries) = (Vec::new(), Vec::new());
    commit.is_regrouped = true;
    change(&mut commit);
    assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
}

pub async fn filed_with(
    store: &Store,
    id: &str,
    who: (&str, &str),
    subject: &str,
    body: &str,
) -> ComplaintId {
    let (who, title) = (Party { name: who.0.to_owned(), email: who.1.to_owned() }, subject.to_owned());
    let complaint = |intake: IntakeId| Complaint::received(intake, State::from("a"), title, who, at(NOW));
    let mail = NewMail { subject: subject.to_owned(), body: body.to_owned(), ..mail(id) };
    let opening = Opening { mail, trigger: "{}".to_owned(), complaint: Box::new(complaint) };
    let filed = store.mails().file(vec![Filing::Opens(opening)], at(NOW)).await.unwrap().unwrap();
    let [Filed::Opened(id, _)] = filed[..] else { panic!("{filed:?}") };
    id
}

/// Decides, with these changes of the facts.
pub async fn decided(store: &Store, id: ComplaintId, change: impl FnOnce(&mut Commit)) {
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    let (had_number, is_first) = (case.complaint.number.clone(), case.version == 0);
    let mut commit = registering(case);
    if !is_first {
        commit.consumed = None;
    }
    if let Some(number) = had_number {
        commit.case.complaint.number = Some(number);
        (commit.deliveries, commit.consumed) = (Vec::new(), None);
    }
    commit.is_regrouped = true;
    change(&mut commit);
    assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
}

#[tokio::test]
async fn complaints_are_found_by_every_text_of_theirs() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let all = everybody();
        let one = opened_with(
            &store,
            "m1",
            ("Jan Müller", "jan@example.nl"),
            "Cursus gaat niet door",
            "De zaal was té klein.",
        )
        .await;
        let two = opened_with(
            &store,
            "m2",
            ("", "piet@example.nl"),
            "Parkeren",
            "Geen plek voor mijn auto; zie de cursus.",
        )
        .await;
        for (typed, expected) in [
            ("cursus", vec![two, one]),
            ("CURS", vec![two, one]),
            ("curs zaal", vec![]),
            ("cursus zaal", vec![one]),
            ("zaal muller", vec![one]),
            ("Müller", vec![one]),
            ("te", vec![one]),
            ("té klein", vec![one]),
            ("\"was te klein\"", vec![one]),
            ("\"klein was\"", vec![]),
            ("\"gaat door\"", vec![]),
            ("\"cursu\"", vec![]),
            ("cu", vec![]),
            ("jan@example.nl", vec![one]),
            ("example", vec![two, one]),
            ("I-2026-000002", vec![two]),
            ("niets", vec![]),
        ] {
            assert_eq!(found(&store, &all, typed).await, expected, "{typed} {url}");
        }
        decided(&store, one, |c| {
            c.notifications[0].subject = "Uw klacht".to_owned();
            c.notifications[0].body =
                format!("Wij hebben uw klacht {} ontvangen: bevestiging.", Number::PENDING);
            c.notifications.push(RenderedNotification {
                id: "intern/1".to_owned(),
                ordinal: 2,
                recipient: Recipient::Role("director".into()),
                subject: "Intern".to_owned(),
                body: "Alleen voor de directie: geheimwoord".to_owned(),
                ..c.notifications[0].clone()
            });
            let mut told = event("aantekening");
            told.kind = EventKind::Remarked;
            told.personal = Some(serde_json::json!({"text": "Gebeld, voicemail ingesproken."}));
            c.events.push(told);
            let mut answered = event("actie");
            answered.kind = EventKind::ActionTaken;
            answered.personal = Some(
                serde_json::json!({"input": {"why": "omdat ventilatie ontbrak", "choice": "well_founded"}}),
            );
            c.events.push(answered);
            let facts = &mut c.case.complaint;
            facts.cause = Some("Verwarming defect".to_owned());
            facts.extra.insert("course".into(), "Excel".into());
            facts.measures.push(Measure {
                id: 1,
                description: "Ketel vervangen".to_owned(),
                owner: "d@lagant.nl".to_owned(),
                due: None,
                check_on: None,
                note: Some("offerte gevraagd".to_owned()),
                state: "planned".into(),
            });
        })
        .await;
        for typed in [
            "bevestiging",
            "voicemail",
            "ventilatie",
            "verwarming",
            "excel",
            "ketel vervangen",
            "offerte",
            "K-2026-0001",
            "2026-1",
            "k-2026-1",
        ] {
            assert_eq!(found(&store, &all, typed).await, [one], "{typed} {url}");
        }
        for typed in ["geheimwoord", "founded", "directie"] {
            assert!(found(&store, &all, typed).await.is_empty(), "{typed} {url}");
        }
        // A mail that joins it is found by its own words together with who complains.
        let joins =
            NewMail { subject: "Nog iets".to_owned(), body: "Ook de beamer".to_owned(), ..mail("m3") };
        assert!(filed(&store, Filing::Joins { mail: joins, complaint: one, trigger: None }).await);
        assert_eq!(found(&store, &all, "beamer müller").await, [one], "{url}");
        // What is put right is found as it is now.
        decided(&store, one, |c| {
            c.case.complaint.complainant.name = "Johanna Bakker".to_owned();
            c.case.complaint.cause = Some("Thermostaat".to_owned());
        })
        .await;
        for (typed, expected) in [
            ("bakker beamer", vec![one]),
            ("muller", vec![]),
            ("verwarming", vec![]),
            ("thermostaat", vec![one]),
        ] {
            assert_eq!(found(&store, &all, typed).await, expected, "{typed} {url}");
        }
        let query = Query::read("cursus").unwrap();
        let hits = store.search().page(&all, &query, None, 50).await.unwrap();
        let facts = store.register().facts(&[one, two]).await.unwrap();
        let facts = facts.iter().map(|(id, complaint)| (*id, complaint)).collect();
        let written = store.search().written(&hits, &facts).await.unwrap();
        let excerpt = written[&two].iter().find(|w| w.part == TextPart::Mail).unwrap();
        let excerpt = query.excerpt(&excerpt.text);
        assert!(excerpt.pieces.contains(&("cursus".to_owned(), true)), "{excerpt:?}");
        store.close().await;
    })
    .await;
}

/// The words in the index say what the condition says, whatever changes.
#[tokio::test]
async fn nobody_finds_what_the_condition_keeps_from_them() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let people: Vec<String> = (0..4).map(|n| format!("p{n}@lagant.nl")).collect();
        let mut all = Vec::new();
        let mut n = 0;
        for responsible in people.iter().map(Some).chain([None, Some(&"gone@lagant.nl".to_owned())]) {
            for about in people.iter().map(Some).chain([None]) {
                n += 1;
                let id = opened_with(
                    &store,
                    &format!("m{n}"),
                    ("K", &format!("k{n}@example.nl")),
                    "Klacht",
                    "woord",
                )
                .await;
                decided(&store, id, |c| {
                    c.case.complaint.responsible = responsible.cloned();
                    c.case.complaint.about = about.cloned();
                })
                .await;
                all.push(id);
            }
        }
        let choices = |set: usize| {
            people.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, p)| p.clone()).collect()
        };
        let mut seen = 0;
        for person in &people {
            let mut sights = vec![Sight::Everything];
            for set in [0, 1, 5, 15] {
                for of_nobody_among in [None, Some(people.clone()), Some(Vec::new())] {
                    for about in [0, 2] {
                        let of_nobody_among = of_nobody_among.clone();
                        sights.push(Sight::Some(Part {
                            of_responsible: choices(set),
                            of_nobody_among,
                            about: choices(about),
                        }));
                    }
                }
            }
            for sight in sights {
                let viewer = Viewer { person: person.clone(), sight };
                let listed = store
                    .register()
                    .page(
                        &viewer,
                        &redress::store::Choice::default(),
                        &redress::store::Sequence::Newest(None),
                        100,
                    )
                    .await
                    .unwrap();
                let mut listed: Vec<ComplaintId> = listed.into_iter().map(|c| c.id).collect();
                listed.sort_by(|a, b| b.cmp(a));
                let query = Query::read("woord").unwrap();
                let hits = store.search().page(&viewer, &query, None, 100).await.unwrap();
                let hits: Vec<ComplaintId> = hits.into_iter().map(|h| h.complaint).collect();
                assert_eq!(hits, listed, "{viewer:?} {url}");
                seen += listed.len();
            }
        }
        assert!(seen > 500, "{seen}");
        // Somebody else's from now on.
        decided(&store, all[0], |c| {
            c.case.complaint.responsible = Some("p1@lagant.nl".to_owned());
            c.case.complaint.about = None;
        })
        .await;
        assert!(!found(&store, &handler("p0@lagant.nl"), "woord").await.contains(&all[0]));
        assert!(found(&store, &handler("p1@lagant.nl"), "woord").await.contains(&all[0]));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let mut all = Vec::new();
        for n in 0..30 {
            all.push(opened_with(&store, &format!("m{n}"), ("K", "k@example.nl"), "Klacht", "woord").await);
        }
        // One of them has very many texts.
        for n in 0..700 {
            let mail = NewMail { body: "nog een woord".to_owned(), ..mail(&format!("more{n}")) };
            assert!(filed(&store, Filing::Joins { mail, complaint: all[20], trigger: None }).await);
        }
        all.reverse();
        let (viewer, query) = (everybody(), Query::read("woord").unwrap());
        let mut read = Vec::new();
        while read.len() < 60 {
            let hits = store.search().page(&viewer, &query, read.last().copied(), 7).await.unwrap();
            if hits.is_empty() {
                break;
            }
            assert!(hits.iter().all(|hit| (1..20).contains(&hit.texts.len())));
            read.extend(hits.into_iter().map(|hit| hit.complaint));
        }
        assert_eq!(read, all, "{url}");
        assert_eq!(store.search().page(&viewer, &query, None, 100).await.unwrap().len(), 30);
        // By address, page by page; the texts are other people's.
        let query = Query::read("k@example.nl").unwrap();
        let first = store.search().looked_up(&viewer, &query, None, 10).await.unwrap();
        let next = store.search().looked_up(&viewer, &query, Some(first[9].complaint), 30).await.unwrap();
        let both: Vec<ComplaintId> = first.into_iter().chain(next).map(|hit| hit.complaint).collect();
        assert_eq!(both, all, "{url}");
        assert!(store.search().page(&viewer, &query, None, 10).await.unwrap().is_empty());
        store.close().await;
    })
    .await;
}

/// A number is found where it stands as such and by who may see it, whether few texts have its last word or very many.
#[tokio::test]
async fn numbers_that_texts_name_are_found() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let opened = async |n: &str, body: &str| {
            opened_with(&store, n, ("K", &format!("{n}@example.nl")), "Klacht", body).await
        };
        let one = opened("m1", "de eerste").await;
        let names = opened("m2", "Zie ook K-2026-0001, van vorige week.").await;
        let scattered = opened("m3", "In 2026 kreeg K bon 0001; 0001-2026-K.").await;
        let cut = opened("m4", "Bon XK-2026-00012, en K-2026-00.").await;
        for (id, email) in [(one, "a@lagant.nl"), (names, "b@lagant.nl"), (scattered, "b@lagant.nl")] {
            decided(&store, id, |c| c.case.complaint.responsible = Some(email.to_owned())).await;
        }
        decided(&store, cut, |c| c.case.complaint.about = Some("b@lagant.nl".to_owned())).await;
        for round in ["few", "many"] {
            for (typed, viewer, expected) in [
                ("K-2026-0001", everybody(), vec![one, names]),
                ("k-2026-0001", handler("a@lagant.nl"), vec![one]),
                ("K-2026-0001", handler("b@lagant.nl"), vec![names]),
                ("K-2026-0001", handler("c@lagant.nl"), vec![]),
                ("k 2026 0001", everybody(), vec![one, scattered, names]),
                ("2026-0001", everybody(), vec![one, names]),
                ("K-2026-0002", everybody(), vec![names]),
                ("I-2026-000001", everybody(), vec![one]),
                ("K-2026-00012", everybody(), vec![]),
                ("K-2026-0099", everybody(), vec![]),
            ] {
                assert_eq!(found(&store, &viewer, typed).await, expected, "{typed} {round} {url}");
            }
            for n in 0..110 {
                let body = format!("bon 0001, bon 0002, bon 0099 en bon 000001, {round}");
                let mail = NewMail { body, ..mail(&format!("{round}{n}")) };
                assert!(filed(&store, Filing::Joins { mail, complaint: cut, trigger: None }).await);
            }
        }
        store.close().await;
    })
    .await;
}

/// Nothing that somebody may type is an error, or finds what does not say it.
#[tokio::test]
async fn whatever_is_typed_is_safe() {
    on_each_engine(async |url| {
        let store = open(url).await;
        opened_with(&store, "m1", ("K", "k@example.nl"), "Klacht", "woord").await;
        let typed = prop_oneof![
            "\\PC{0,40}",
            "[a-z*\"'():^&|!<>+{}\\\\.-]{0,30}",
            "(AND|OR|NOT|NEAR|NEAR/2|head:|body:|§x|\\*|\"|'|woord|:\\*|<->| ){0,9}",
            "(?s).{0,40}",
        ];
        let mut runner = TestRunner::default();
        let mut cases = Vec::new();
        for _ in 0..300 {
            cases.push(typed.new_tree(&mut runner).unwrap().current());
        }
        let viewer = handler("o'brien\"@lagant.nl");
        for typed in cases {
            let Some(query) = Query::read(&typed.replace('\0', "")) else { continue };
            for viewer in [&everybody(), &viewer] {
                let page = store.search().page(viewer, &query, None, 5).await;
                page.unwrap_or_else(|e| panic!("{typed:?} {url}: {e}"));
                store.search().looked_up(viewer, &query, None, 5).await.unwrap();
            }
        }
        for typed in ["§x", "\"§x\"", "x*", "NOT geen", "woord NOT woord", "woord OR geen", "head:klacht"] {
            assert!(found(&store, &everybody(), typed).await.is_empty(), "{typed} {url}");
        }
        // So is whatever somebody wrote.
        let hostile = format!(
            "{} '); DROP TABLE search; -- § {} {}",
            "é".repeat(300),
            "日本語".repeat(40_000),
            "x y ".repeat(40_000)
        );
        let id = opened_with(&store, "m2", (&hostile, "a@b.nl"), &hostile, &hostile).await;
        assert_eq!(found(&store, &everybody(), "\"drop table search\"").await, [id], "{url}");
        decided(&store, id, |c| c.case.complaint.description = Some(hostile.clone())).await;
        store.close().await;
    })
    .await;
}

/// FTS5 puts away what it has gathered for each text whose id is not above the one before, and merges all of those later.
#[tokio::test]
async fn texts_that_are_written_together_are_one_piece_of_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display());
    let store = open(&url).await;
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let pieces = async || {
        let count = "SELECT COUNT(DISTINCT segid) FROM search_index_idx";
        sqlx::query_scalar::<_, i64>(count).fetch_one(&pool).await.unwrap()
    };
    let mut opened = Vec::new();
    for (id, body) in [("m1", "de koffie was koud"), ("m2", "de zaal was te klein"), ("m3", "er was niemand")]
    {
        opened.push(filed_with(&store, id, ("K", &format!("{id}@example.nl")), "Klacht", body).await);
    }
    let before = pieces().await;
    let commits: Vec<Commit> =
        store.cases().load(&opened).await.unwrap().into_iter().map(registering).collect();
    assert_eq!(commit_all(&store, commits).await.written.len(), 3);
    assert_eq!(pieces().await, before + 1);
    // Facts, mail and letter of each.
    for typed in ["K-2026-0002", "klein", "klacht"] {
        assert!(found(&store, &everybody(), typed).await.contains(&opened[1]), "{typed}");
    }
    store.close().await;
}

/// The texts of an opening are read before the decision that writes them has its turn, and a mail may be stored in between.
#[tokio::test]
async fn a_mail_that_comes_before_a_decision_has_its_turn_is_found_as_its_complaint_is() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display());
    let store = open(&url).await;
    let one = filed_with(&store, "m1", ("K", "k@example.nl"), "Klacht", "de zaal was koud").await;
    let mut commit = registering(store.cases().load(&[one]).await.unwrap().remove(0));
    commit.case.complaint.complainant.name = "Johanna Bakker".to_owned();
    let joins = NewMail { body: "en de beamer deed het niet".to_owned(), ..mail("m2") };
    let mails = store.mails();
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let writer = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // Somebody else writes: the mail is the first that waits, and the decision the second, with what it has read.
    let joined = Filing::Joins { mail: joins, complaint: one, trigger: None };
    let mut filing = std::pin::pin!(mails.file(vec![joined], at(NOW)));
    let mut deciding = std::pin::pin!(commit_all(&store, vec![commit]));
    let moment = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(moment, &mut filing).await.is_err());
    assert!(tokio::time::timeout(moment, &mut deciding).await.is_err());
    writer.commit().await.unwrap();
    let (filed, decided) = tokio::join!(filing, deciding);
    assert!(filed.unwrap().is_some());
    assert_eq!(decided.written.len(), 1);
    for typed in ["bakker koud", "bakker beamer"] {
        assert_eq!(found(&store, &everybody(), typed).await, [one], "{typed}");
    }
    store.close().await;
}
