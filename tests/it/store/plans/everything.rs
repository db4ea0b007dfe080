//! A scenario that sends what the contract of the store does not, so that between them nothing of it is left out.

use super::super::log::what_was_committed_comes_into_the_file;
use super::super::*;
use super::forgetting::forgetting;
use super::looking::{overview, pages, searching};
use super::proposing::proposals;
use super::signing_in::{accounts, drafts, presence, second_factor, subscriptions, views};
use super::taking_along::{dossier, imports, trail};
use crate::support::commit_all;
use redress::calendar::Date;
use redress::complaint::{EventKind, GroupBy, GroupKey, Origin, Via};
use redress::store::{
    Claim, ClaimFirst, ConcludedReport, DeliveryFilter, DeliveryState, DigestLine, DigestRun, Engine,
    GatheredLine, KeptReport, Process, Recall, Recommendation, Replay, ReplayFilter, RestoredFrom, Share,
};

pub(super) const LATER: &str = "2026-11-24 09:00";

/// Runs it on a store that has the contract behind it.
pub async fn everything(store: &Store) {
    let id = a_large_decision(store).await;
    cases(store, id).await;
    mails(store, id).await;
    outbox(store).await;
    deliveries(store).await;
    digests(store).await;
    reading(store, id).await;
    accounts(store, id).await;
    second_factor(store).await;
    presence(store).await;
    drafts(store, id).await;
    pages(store, id).await;
    overview(store, id).await;
    views(store, id).await;
    searching(store, id).await;
    dossier(store, id).await;
    imports(store).await;
    records(store).await;
    trail(store).await;
    processes(store).await;
    forgetting(store, ComplaintId(1)).await;
    proposals(store).await;
    restoring(store).await;
    if store.engine() == Engine::Sqlite {
        what_was_committed_comes_into_the_file().await;
    }
}

/// A copy of everything, and what is asked of one that was restored.
async fn restoring(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let other = match (store.engine(), std::env::var("REDRESS_TEST_POSTGRES")) {
        (Engine::Postgres, Ok(server)) => fresh_database(&server).await,
        _ => {
            store.copy_to_file(&folder.path().join("copy.db")).await.unwrap();
            format!("sqlite:{}", folder.path().join("other.db").display())
        }
    };
    let other = open(&other).await;
    assert_eq!(other.first_filled().await.unwrap(), None);
    let copied = store.copy_into(&other).await.unwrap();
    assert_eq!(other.counts().await.unwrap(), copied);
    assert!(store.copy_into(&other).await.is_err(), "it is not empty any more");
    assert_eq!(other.first_filled().await.unwrap(), Some("rulesets"));
    // One that nobody writes to: SQLite takes an index for damaged that a connection knew before others wrote.
    assert_eq!(other.unsoundness().await.unwrap(), None);
    other.close_file().await.unwrap();
    store.trail().begun_at().await.unwrap().unwrap();
    let from = RestoredFrom { copied_at: at(NOW), event: 1 };
    store.mark_restored(from).await.unwrap();
    assert_eq!(store.oversight().restored_from().await.unwrap(), Some(from));
    let event = |held: u64| Event {
        kind: EventKind::Restored,
        origin: Origin::person(Actor::System, Via::CommandLine),
        summary: "restored".to_owned(),
        data: serde_json::json!({"held": held}),
        personal: None,
    };
    store.let_go_on(event, "r", at(LATER)).await.unwrap();
    assert_eq!(store.oversight().restored_from().await.unwrap(), None);
}

/// Two processes share the work, where the engine lets them; one leaves.
async fn processes(store: &Store) {
    let (processes, lease) = (store.processes(), std::time::Duration::from_secs(60));
    let process = |id: &str| Process {
        id: id.to_owned(),
        place: "server /data".to_owned(),
        settings: "s".to_owned(),
        plugins: "p".to_owned(),
    };
    processes.renew(&process("a"), lease).await.unwrap();
    let both = processes.renew(&process("b"), lease).await.unwrap();
    assert_eq!(processes.living().await.unwrap(), both);
    let shares = [Share::among("a", &both), Share::among("b", &both)];
    let cases = store.cases();
    let mut due = Vec::new();
    for share in shares {
        due.extend(cases.due(share, at(LATER), 900).await.unwrap());
        cases.next_wake(share).await.unwrap();
        cases.stale(share, "other", 900).await.unwrap();
        cases.undecided(share, 50).await.unwrap();
    }
    let mut all = cases.due(Share::ALL, at(LATER), 900).await.unwrap();
    assert_eq!(cases.versions(&all[..2]).await.unwrap().len(), 2);
    if store.engine() == Engine::Postgres {
        assert_eq!(both.len(), 2);
        due.sort();
        all.sort();
        assert_eq!(due, all, "each is due for one of them");
    }
    processes.leave("a").await.unwrap();
    assert_eq!(processes.living().await.unwrap(), both.into_iter().skip(1).collect::<Vec<_>>());
}

fn group() -> GroupKey {
    GroupKey { by: GroupBy::About, value: "t@x.nl".to_owned() }
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn notification(id: &str, recipient: Recipient) -> RenderedNotification {
    RenderedNotification {
        id: id.to_owned(),
        ordinal: 2,
        recipient,
        addresses: vec!["d@lagant.nl".to_owned()],
        message: "reminder".to_owned(),
        language: "nl".to_owned(),
        source: Source::Engine,
        subject: "Let op".to_owned(),
        body: "b".to_owned(),
        is_deliverable: true,
        gathered: Some(GatheredLine {
            due_at: at(LATER),
            part: None,
            line: "Let op".to_owned(),
            data: serde_json::json!({}),
            stands_on: None,
        }),
        about: None,
    }
}

/// A decision with a deadline, a gathered notification, a new sender, and groups that it joins and wakes; and one about
/// a complaint whose terms stand in their table only.
async fn a_large_decision(store: &Store) -> ComplaintId {
    let id = opened(store, "large").await;
    let mut case = store.cases().load(&[id]).await.unwrap().remove(0);
    case.complaint.about = Some("t@x.nl".to_owned());
    case.deadlines = vec![deadline()];
    let mut commit = registering(case);
    commit.deadlines = vec![deadline()];
    commit.notifications.push(notification("large/1", Recipient::Role("director".into())));
    commit.notifications.push(notification("large/2", Recipient::Role("director".into())));
    commit.notifications.push(notification("large/3", Recipient::Role("director".into())));
    (commit.sender_changed, commit.is_regrouped, commit.concerns) = (true, true, vec![group()]);
    assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
    id
}

async fn cases(store: &Store, id: ComplaintId) {
    let cases = store.cases();
    assert!(cases.next_wake(Share::ALL).await.unwrap().is_some());
    assert!(cases.live().await.unwrap() > 0);
    assert!(cases.newest_finished(9).await.unwrap().is_empty());
    assert!(!cases.live_after(ComplaintId(0), 9).await.unwrap().is_empty());
    assert!(cases.find("K-2026-0001").await.unwrap().is_some());
    assert!(cases.candidate(id).await.unwrap().is_some());
    assert!(!cases.waiting_triggers().await.unwrap().is_empty());
    assert!(!cases.listing(&[ComplaintId(1)]).await.unwrap().is_empty());
    assert!(!cases.of_sender("k@example.nl").await.unwrap().is_empty());
    assert_eq!(cases.deadlines(id).await.unwrap().len(), 1);
    let answers = store.kept_answers();
    assert_eq!(answers.begin(("k", "s"), at(LATER), at(NOW)).await.unwrap(), None);
    answers.keep("k", 201, "[]", "{}").await.unwrap();
    assert!(answers.begin(("k", "s"), at(LATER), at(NOW)).await.unwrap().is_some());
    answers.drop("k").await.unwrap();
    subscriptions(store).await;
    assert_eq!(cases.deadlines_of(&[id]).await.unwrap()[&id].len(), 1);
    assert!(!store.trail().changes_of(&[id], EventKind::ALL).await.unwrap()[&id].is_empty());
    assert_eq!(store.trail().begun_from(id).await.unwrap().unwrap().complaint_id, id);
    assert_eq!(cases.groups(&[group()]).await.unwrap()[&group()].members.len(), 1);
    assert_eq!(cases.grouped(&[group()]).await.unwrap(), [(id, group())]);
    assert!(!cases.received(day("2026-11-01"), day("2026-11-30")).await.unwrap().is_empty());
}

async fn mails(store: &Store, id: ComplaintId) {
    let (mails, now) = (store.mails(), at(LATER));
    assert!(filed(store, Filing::Keeps(NewMail { kind: MailKind::AutoReply, ..mail("machine") })).await);
    assert_eq!(mails.filed_after(0, 9).await.unwrap().len(), 1);
    assert_eq!(mails.newest_filed(9).await.unwrap().len(), 1);
    assert_eq!(mails.filed_told().await.unwrap(), 0);
    mails.record_filed_told(1).await.unwrap();
    assert_eq!(mails.of_id("large").await.unwrap().len(), 1);
    let terms = ["reply".to_owned()];
    assert_eq!(mails.awaited(&terms, "k@example.nl").await.unwrap(), Some(id));
    let more = Filing::Joins { mail: mail("more"), complaint: id, trigger: Some("{}".to_owned()) };
    assert!(filed(store, more).await);
    let place =
        Cursor { mailbox: "klachten".to_owned(), uid_validity: 1, uid: 1, since: Some(now), since_uid: 1 };
    mails.begin_reading(place).await.unwrap();
    assert!(mails.step_over("klachten", 2, event("stepped over"), "r1", now).await.unwrap());
    assert!(mails.last_letter(id).await.unwrap().is_some());
}

async fn outbox(store: &Store) {
    let (outbox, now) = (store.outbox(), at(LATER));
    for (ordered, first) in [
        (false, ClaimFirst::Oldest),
        (true, ClaimFirst::Oldest),
        (false, ClaimFirst::Untried),
        (true, ClaimFirst::Untried),
    ] {
        let claim =
            Claim { plugin: "mail", now, lease_until: at("2026-11-24 09:02"), limit: 1, ordered, first };
        outbox.claim(claim).await.unwrap();
    }
    assert_eq!(outbox.next_first_attempt(now).await.unwrap(), None);
    let recall =
        Recall { notification: "none", complaint: ComplaintId(1), trigger: "{}", at: at("2026-11-23 09:00") };
    store.recalls().recall(recall).await.unwrap();
    outbox.put_clock_right(at("2030-01-01 00:00")).await.unwrap();
}

async fn deliveries(store: &Store) {
    let (deliveries, now) = (store.deliveries(), at(LATER));
    let of_complaint = DeliveryFilter { complaint: Some(ComplaintId(1)), ..DeliveryFilter::default() };
    deliveries.list(&of_complaint, 9).await.unwrap();
    deliveries.listed(&of_complaint).await.unwrap();
    deliveries.of_messages(ComplaintId(1)).await.unwrap();
    deliveries.took("mail", at(NOW)).await.unwrap();
    deliveries.last_accepted("mail").await.unwrap();
    assert!(deliveries.disable_plugin("odd", "somebody", event("off"), "r1", now).await.unwrap());
    assert!(deliveries.enable_plugin("odd", event("on"), "r1", now).await.unwrap());
    let states =
        [None, Some(DeliveryState::Queued), Some(DeliveryState::Accepted), Some(DeliveryState::Dead)];
    for state in states {
        for plugin in [None, Some("mail")] {
            for topic in [None, Some("event.entered")] {
                let filter = DeliveryFilter {
                    state,
                    plugin: plugin.map(str::to_owned),
                    topic: topic.map(str::to_owned),
                    ..DeliveryFilter::default()
                };
                deliveries.list(&filter, 9).await.unwrap();
                let filter = DeliveryFilter { since: Some(at(NOW)), until: Some(now), ..filter };
                deliveries.list(&filter, 9).await.unwrap();
                let filter = DeliveryFilter { behind: Some((now, "d".to_owned())), ..filter };
                deliveries.list(&filter, 9).await.unwrap();
                let filter = DeliveryFilter { behind: None, ..filter };
                deliveries.listed(&filter).await.unwrap();
                deliveries.replay(Replay::Listed(&filter), |_| event("again"), "r1", now).await.unwrap();
                let Some(state) = state else { continue };
                let filter = ReplayFilter { since: now, until: None, state, plugin, topic };
                deliveries.replay(Replay::Matching(filter), |_| event("again"), "r1", now).await.unwrap();
                let filter = ReplayFilter { until: Some(now), ..filter };
                deliveries.replay(Replay::Matching(filter), |_| event("again"), "r1", now).await.unwrap();
            }
        }
    }
    let filter = ReplayFilter {
        since: at("2026-01-01 00:00"),
        until: None,
        state: DeliveryState::Queued,
        plugin: None,
        topic: None,
    };
    deliveries.replay(Replay::Matching(filter), |_| event("again"), "r1", now).await.unwrap();
}

async fn digests(store: &Store) {
    let (digests, now) = (store.digests(), at(LATER));
    assert_eq!(digests.next_due().await.unwrap(), Some(now));
    let waiting = digests.due(now).await.unwrap();
    assert_eq!(waiting.len(), 3);
    let sent = RenderedNotification {
        gathered: None,
        ..notification("digest/1", Recipient::Person("d@lagant.nl".to_owned()))
    };
    let line = |of: &str| DigestLine {
        digest_id: "digest/1".to_owned(),
        notification_id: of.to_owned(),
        position: 1,
        line: "Let op".to_owned(),
    };
    let run = DigestRun {
        at: now,
        ruleset: "r1",
        digests: &[sent],
        deliveries: &[delivery("digest", "digest/1")],
        lines: &[line("large/1")],
        left_out: &["large/2".to_owned()],
        postponed: (&["large/3".to_owned()], at("2026-11-25 09:00")),
        event: Some(&event("digests sent")),
    };
    assert!(digests.commit(run).await.unwrap());
}

async fn reading(store: &Store, id: ComplaintId) {
    let (register, figures, now) = (store.register(), store.figures(), at(LATER));
    for state in [None, Some("a".to_owned())] {
        for group in [None, Some(group())] {
            let filter = ListFilter { after: None, state: state.clone(), group };
            assert!(!register.list(&filter, 9).await.unwrap().is_empty(), "{filter:?}");
        }
    }
    assert!(register.comparable(id).await.unwrap().is_some());
    assert!(!register.newest_comparable(9).await.unwrap().is_empty());
    register.comparable_of("jan@example.nl", ComplaintId(1_000_000), 9).await.unwrap();
    assert!(!register.notices().await.unwrap().is_empty());
    assert_eq!(register.notification("large/1").await.unwrap().unwrap().notification.subject, "Let op");
    let registered = register.registered(2026).await.unwrap();
    let of_year: Vec<_> = register.facts(&registered).await.unwrap().into_iter().map(|(_, c)| c).collect();
    let first = register.registered_after("", of_year.len()).await.unwrap();
    for facts in [of_year, first] {
        let numbers: Vec<_> = facts.iter().map(|c| c.number.clone().unwrap().to_string()).collect();
        assert_eq!(numbers.first().map(String::as_str), Some("K-2026-0001"));
        assert!(numbers.is_sorted() && numbers.len() == registered.len(), "{numbers:?}");
    }
    let second = register.registered_after("K-2026-0001", 1).await.unwrap();
    assert_eq!(second[0].number.clone().unwrap().to_string(), "K-2026-0002");
    assert!(register.registered(2025).await.unwrap().is_empty());
    let received = register.received(2026).await.unwrap();
    assert!(received.len() >= registered.len());
    register.terms(&received).await.unwrap();
    let lines = register.list(&ListFilter::default(), 1_000).await.unwrap();
    assert_eq!(figures.totals(now).await.unwrap().complaints, lines.len() as i64, "as many as there are");
    let (from, to) = (day("2026-11-01"), day("2026-11-30"));
    assert!(!figures.counted(from, to, to).await.unwrap().is_empty());
    figures.carried_over(to, &["a".into()]).await.unwrap();
    assert!(!figures.ended_terms(from, day("2030-01-01"), at("2031-01-01 00:00")).await.unwrap().is_empty());
    assert!(figures.surveyed((from, to), (from, to)).await.unwrap().is_empty(), "nobody was asked");
    assert!(figures.uncounted().await.unwrap().is_empty(), "each has a tally from its first moment");
    let alone =
        Complaint::received("I".to_owned().into(), "a".into(), String::new(), Party::default(), at(NOW));
    figures.count_in(vec![(id, Tally::of(&alone, from, &NothingDeclared))], &["reply".into()]).await.unwrap();
    figures.workings().await.unwrap();
    assert_eq!(figures.in_state(&"a".into(), 1).await.unwrap(), 1, "it stops there");
    figures.workings_within((from, to)).await.unwrap();
    figures.overdue_by_name(now).await.unwrap();
}

/// Every page of the register, in each order and through each filter.
async fn records(store: &Store) {
    let (records, publications, now) = (store.records(), store.publications(), at(LATER));
    let report = ConcludedReport {
        from: day("2026-01-01"),
        to: day("2026-06-30"),
        conclusions: "geen".to_owned(),
        counts: "{}".to_owned(),
        concluded_by: "d@lagant.nl".to_owned(),
        concluded_at: now,
    };
    let kept = KeptReport {
        from: report.from,
        to: report.to,
        made_at: now,
        made_on: day("2026-11-25"),
        is_open: false,
        is_concluded: true,
        content: "{}".to_owned(),
        page: "<!doctype html>".to_owned(),
        sha256: "e3".to_owned(),
    };
    let told = [notification("report/1", Recipient::Role("director".into()))];
    let carried = [delivery("report", "report/1")];
    let concluded =
        records.conclude_report(report, event("concluded"), "r1", vec![kept], (&told, &carried)).await;
    assert!(concluded.unwrap() && !records.concluded_reports().await.unwrap().is_empty());
    assert_eq!(records.kept_reports(9).await.unwrap().len(), 1);
    for (to, is_open, is_there) in
        [("2026-06-30", false, true), ("2026-06-30", true, false), ("2026-07-31", false, false)]
    {
        let last = records.last_kept((day("2026-01-01"), day(to)), is_open).await.unwrap();
        assert_eq!(last.is_some(), is_there, "{to} {is_open}");
    }
    for (from, to, count) in
        [("2026-06-30", "2026-12-31", 1), ("2025-01-01", "2025-12-31", 0), ("2026-07-01", "2026-07-31", 0)]
    {
        let of = records.kept_reports_of((day(from), day(to))).await;
        assert_eq!(of.unwrap().len(), count, "{from}");
    }
    let again = records.kept_report((day("2026-01-01"), day("2026-06-30")), now, false).await;
    assert_eq!(again.unwrap().unwrap().page, "<!doctype html>");
    let recommendation = Recommendation {
        id: 0,
        made_on: day("2026-11-24"),
        made_by: "d@lagant.nl".to_owned(),
        content: "bel eerder".to_owned(),
        owner: "d@lagant.nl".to_owned(),
        state: "open".to_owned(),
        note: String::new(),
        follow_up_on: day("2027-01-01"),
        complaints: Vec::new(),
        changed_at: now,
    };
    records.keep_recommendation(&recommendation, |_| event("recommended"), "r1").await.unwrap();
    assert_eq!(records.recommendations().await.unwrap().len(), 1);
    assert!(publications.in_force().await.unwrap().is_some());
    assert_eq!(publications.history().await.unwrap().len(), 3);
    assert_eq!(publications.rulesets_like("r").await.unwrap().len(), 2);
    assert!(publications.first_at().await.unwrap().is_some());
}
