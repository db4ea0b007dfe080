//! The checker: the store against the outside world. It shares nothing with the program but the tables.

use super::chain;
use super::installation::Installation;
use super::load::{Expected, Load};
use super::records::Records;
use super::target::{Arrival, Target};
use std::collections::{BTreeMap, BTreeSet};

/// What was seen at earlier looks.
#[derive(Debug, Default)]
pub struct Checker {
    /// The deliveries that were recorded as accepted, and how many requests had arrived by then.
    accepted: BTreeMap<String, usize>,
}

impl Checker {
    /// Asserts what holds at every instant, whoever was killed a moment ago.
    pub async fn look(&mut self, on: &Installation, target: &Target) -> Records {
        let before = World::see(on, target);
        let records = Records::read(&on.database()).await;
        let after = World::see(on, target);
        chain::assert_intact(&records, &on.key());
        assert_numbers(&records);
        assert_mails(&records);
        assert_attempts(&records);
        assert_recorded(&records, &before);
        assert_delivered(&records, &after);
        assert_same_bodies(&after.arrivals);
        self.assert_never_again(&records, &after.arrivals);
        for host in 0..on.hosts() {
            let log = on.log(host);
            assert!(!log.contains("panicked"), "{log}");
        }
        records
    }

    /// What was recorded as accepted is never sent again, by whatever process.
    fn assert_never_again(&mut self, records: &Records, arrivals: &[Arrival]) {
        for (id, seen) in &self.accepted {
            let again = arrivals.iter().skip(*seen).any(|a| a.id == *id);
            assert!(!again, "{id} was sent again after it was recorded as accepted");
        }
        for delivery in records.deliveries.iter().filter(|d| d.state == "accepted") {
            self.accepted.entry(delivery.id.clone()).or_insert(arrivals.len());
        }
    }
}

struct World {
    arrivals: Vec<Arrival>,
    letters: BTreeSet<String>,
}

impl World {
    fn see(on: &Installation, target: &Target) -> Self {
        Self { arrivals: target.arrivals(), letters: on.letters().into_iter().collect() }
    }
}

/// Numbers and intake ids rise by one, without a gap and without a double, as far as the counters say.
fn assert_numbers(records: &Records) {
    let mut given: BTreeMap<(String, String), BTreeSet<i64>> = BTreeMap::new();
    let intake = records.complaints.iter().map(|c| c.intake_id.clone());
    for name in records.complaints.iter().filter_map(|c| c.number.clone()).chain(intake) {
        let parts: Vec<&str> = name.split('-').collect();
        let [kind, year, sequence] = parts[..] else { panic!("`{name}` is no number") };
        let is_new =
            given.entry((kind.to_owned(), year.to_owned())).or_default().insert(sequence.parse().unwrap());
        assert!(is_new, "{name} was given twice");
    }
    for ((kind, year), numbers) in &given {
        let last = numbers.len() as i64;
        assert_eq!(
            numbers.iter().copied().collect::<Vec<_>>(),
            (1..=last).collect::<Vec<_>>(),
            "{kind}-{year}"
        );
        let counter = if kind == "K" { format!("number {year}") } else { format!("intake {year}") };
        assert_eq!(records.counters[&counter], last, "{counter}");
    }
}

/// Every complaint was opened by one mail, and every mail is there once.
fn assert_mails(records: &Records) {
    let mut ids = BTreeSet::new();
    for mail in &records.mails {
        assert!(ids.insert(&mail.message_id), "{} is stored twice", mail.message_id);
    }
    for complaint in &records.complaints {
        let of_it =
            records.mails.iter().filter(|m| m.complaint == Some(complaint.id) && m.kind == "complaint");
        assert_eq!(of_it.count(), 1, "{}", complaint.intake_id);
    }
}

/// What counts as an attempt was one, and stands in the log.
fn assert_attempts(records: &Records) {
    for d in &records.deliveries {
        assert_eq!(d.attempts, d.logged, "{} of {} counts what was no attempt", d.id, d.plugin);
        assert_ne!(d.state, "dead", "{} of {}", d.id, d.plugin);
    }
    let carried: BTreeSet<&String> =
        records.deliveries.iter().filter_map(|d| d.notification.as_ref()).collect();
    for n in records.notifications.iter().filter(|n| n.is_deliverable) {
        let is_carried = match n.gathered.as_deref() {
            Some("carried") => n.digests >= 1,
            Some(_) => n.digests == 0,
            None => carried.contains(&n.id),
        };
        assert!(is_carried, "nothing carries {} to {}: {n:?}", n.message, n.recipient);
    }
}

/// Whatever reached anybody was recorded before.
fn assert_recorded(records: &Records, world: &World) {
    let known: BTreeSet<(&str, &str)> =
        records.deliveries.iter().map(|d| (d.plugin.as_str(), d.id.as_str())).collect();
    for arrival in &world.arrivals {
        let id = (arrival.plugin.as_str(), arrival.id.as_str());
        assert!(known.contains(&id), "{id:?} arrived and is not in the outbox");
    }
    for letter in &world.letters {
        assert!(known.contains(&("mail", letter)), "letter {letter} was sent and is not in the outbox");
    }
}

/// Whatever is recorded as accepted did reach somebody.
fn assert_delivered(records: &Records, world: &World) {
    let taken: BTreeSet<&str> =
        world.arrivals.iter().filter(|a| a.is_accepted).map(|a| a.id.as_str()).collect();
    for d in records.deliveries.iter().filter(|d| d.state == "accepted") {
        let is_there =
            if d.plugin == "mail" { world.letters.contains(&d.id) } else { taken.contains(&*d.id) };
        assert!(is_there, "{} of {} is recorded as accepted and reached nobody", d.id, d.plugin);
    }
}

/// The same id brings the same content, however often.
fn assert_same_bodies(arrivals: &[Arrival]) {
    let mut bodies: BTreeMap<&str, &str> = BTreeMap::new();
    for arrival in arrivals {
        let first = bodies.entry(&arrival.id).or_insert(&arrival.body);
        assert_eq!(*first, arrival.body, "{} says something else the second time", arrival.id);
    }
}

/// Asserts what holds in the end: everything that was handed over has its one outcome, and everybody was told.
/// `reference` sent a complaint when nobody was killed.
pub fn assert_complete(records: &Records, load: &Load, target: &Target, reference: &str) {
    for mail in &load.sent {
        let stored: Vec<_> = records.mails.iter().filter(|m| m.message_id == mail.message_id).collect();
        assert_eq!(stored.len(), 1, "{} is not stored once", mail.message_id);
        let belongs_to = stored[0].complaint.and_then(|id| records.complaints.iter().find(|c| c.id == id));
        let belongs_to = belongs_to.map(|c| c.email.as_str());
        match &mail.expected {
            Expected::Complaint { sender } => {
                assert_eq!((belongs_to, &*stored[0].kind), (Some(&**sender), "complaint"), "{mail:?}");
            }
            Expected::Addition { sender } => assert_eq!(belongs_to, Some(&**sender), "{mail:?}"),
            Expected::Automated => assert_eq!(belongs_to, None, "{mail:?}"),
        }
    }
    let mails = records.mails.len();
    assert_eq!(mails, load.sent.len(), "nothing is stored that nobody sent");
    for delivery in &records.deliveries {
        assert!(delivery.state == "accepted" || delivery.waits, "{delivery:?}");
    }
    assert_order(records, &target.arrivals());
    assert_actions(records, load);
    assert_courses(records, load, reference);
}

/// Where a plugin asks for order, the first time that each arrives is in order.
fn assert_order(records: &Records, arrivals: &[Arrival]) {
    let mut expected: BTreeMap<i64, Vec<(i64, &str)>> = BTreeMap::new();
    for d in records.deliveries.iter().filter(|d| d.plugin == "ordered") {
        expected.entry(d.complaint.unwrap()).or_default().push((d.position, &d.id));
    }
    for of_complaint in expected.values_mut() {
        of_complaint.sort_unstable();
        let place = |id: &str| arrivals.iter().position(|a| a.id == id && a.is_accepted);
        let places: Vec<_> = of_complaint.iter().map(|(_, id)| place(id)).collect();
        assert!(places.is_sorted(), "{of_complaint:?} arrived at {places:?}");
    }
}

/// What a person was told is done is there once; what nobody knows of at most once.
fn assert_actions(records: &Records, load: &Load) {
    for asked in &load.asked {
        let complaint = records.complaints.iter().find(|c| c.number.as_ref() == Some(&asked.number)).unwrap();
        let is_it = |action: &&String| *action == "action_taken ask_information";
        let count = records.course(complaint.id).iter().filter(is_it).count();
        assert!(count <= 1 && (count == 1 || !asked.is_done), "{asked:?}: {count} times");
    }
}

/// A complaint that nobody touched goes the way of the one that came when nobody was killed: every rule fires once,
/// and the same people hear.
fn assert_courses(records: &Records, load: &Load, reference: &str) {
    let of = |sender: &str| records.of_sender(sender)[0];
    let told = |id: i64| {
        let of_it = records.notifications.iter().filter(|n| n.complaint == Some(id));
        let mut told: Vec<String> = of_it.map(|n| format!("{} {}", n.recipient, n.message)).collect();
        told.sort();
        told
    };
    let expected = of(reference);
    let course = records.course(expected.id);
    assert!(course.len() > 5, "{course:?}");
    let mut plain = 0;
    for mail in &load.sent {
        let Expected::Complaint { sender } = &mail.expected else { continue };
        let complaint = of(sender);
        assert_eq!(records.of_sender(sender).len(), 1, "{sender}");
        let is_touched = load.asked.iter().any(|a| complaint.number.as_ref() == Some(&a.number))
            || load.sent.iter().any(|m| m.expected == Expected::Addition { sender: sender.clone() });
        if !is_touched {
            assert_eq!(records.course(complaint.id), course, "{sender}");
            assert_eq!(told(complaint.id), told(expected.id), "{sender}");
            plain += 1;
        }
    }
    assert!(plain > 0, "nothing was compared");
}
