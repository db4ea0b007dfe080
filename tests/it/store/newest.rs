//! The newest complaint that was there before a moment, found by halves, on both engines.

use super::*;
use redress::store::NewMail;

/// The days of November on which complaints are taken in, in the order of their ids.
const DAYS: [u32; 7] = [3, 3, 4, 9, 9, 9, 20];

#[tokio::test]
async fn the_newest_before_a_moment_is_found_whenever_it_was_decided_on() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let newest = async |moment| store.register().newest_before(moment).await.unwrap();
        assert_eq!(newest(at("2030-01-01 00:00")).await, None, "there is none");
        let of_day = |day: u32| at(&format!("2026-11-{day:02} 10:00"));
        for (n, day) in DAYS.into_iter().enumerate() {
            let Filing::Opens(opens) = opening(&format!("m{n}"), "k@example.nl") else { panic!() };
            let mail = NewMail { received_at: of_day(day), ..opens.mail };
            let filing = Filing::Opens(Opening { mail, ..opens });
            let filed = store.mails().file(vec![filing], of_day(day)).await.unwrap().unwrap();
            let [Filed::Opened(id, _)] = filed[..] else { panic!("{filed:?}") };
            assert_eq!(id.0, n as i64 + 1);
        }
        // What was decided on long after others that came later was there before them all the same.
        for (id, day) in [(4, 9), (5, 10), (1, 25), (2, 4)] {
            let case = store.cases().load(&[ComplaintId(id)]).await.unwrap().remove(0);
            let commit = Commit { at: of_day(day), ..registering(case) };
            assert_eq!(store.cases().commit(vec![commit]).await.unwrap().written.len(), 1);
        }
        for day in 1..=30 {
            let before = DAYS.iter().filter(|taken_in| of_day(**taken_in) < of_day(day)).count() as i64;
            let expected = (before > 0).then_some(ComplaintId(before));
            assert_eq!(newest(of_day(day)).await, expected, "{url}: day {day}");
        }
    })
    .await;
}
