//! Terms on the calendar: the test vectors of the procedure (docs/procedure.md 2.5), and what must hold for every day.

use crate::support::amsterdam;
use proptest::prelude::*;
use redress::calendar::{Date, Moment, Span, TimeOfDay};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// From a day, plus a span, rolled: the legal end.
fn term(from: &str, span: Span) -> String {
    let calendar = amsterdam();
    let noon = calendar.at(day(from), TimeOfDay::from_hms_opt(12, 0, 0).unwrap()).unwrap();
    let raw = calendar.add(noon, span).unwrap();
    calendar.day_of(calendar.roll(raw).unwrap().due).unwrap().to_string()
}

#[test]
fn the_procedures_test_vectors() {
    assert_eq!(term("2026-11-22", Span::weeks(6)), "2027-01-04");
    assert_eq!(term("2026-11-22", Span::Months(3)), "2027-02-22");
    assert_eq!(term("2026-11-30", Span::Months(3)), "2027-03-01");
    assert_eq!(term("2026-11-13", Span::weeks(6)), "2026-12-28");
    assert_eq!(term("2026-04-14", Span::Months(1)), "2026-05-18");
    assert_eq!(term("2027-01-31", Span::Months(1)), "2027-03-01");
    assert_eq!(term("2027-04-05", Span::Months(1)), "2027-05-10");
    assert_eq!(term("2027-03-12", Span::Days(14)), "2027-03-30");
    assert_eq!(term("2026-04-30", Span::Workdays(5)), "2026-05-08");
    assert_eq!(term("2026-12-23", Span::Workdays(5)), "2026-12-31");
    assert_eq!(term("2027-05-03", Span::Workdays(5)), "2027-05-13");
}

#[test]
fn rolling_says_why_day_by_day() {
    let calendar = amsterdam();
    let rolled = calendar.roll(calendar.end_of(day("2026-12-25")).unwrap()).unwrap();
    assert_eq!(
        rolled.because.as_deref(),
        Some("25 dec is Eerste Kerstdag, 26 dec is Tweede Kerstdag, 27 dec is zondag")
    );
    let midday = calendar.at(day("2026-12-25"), TimeOfDay::from_hms_opt(12, 0, 0).unwrap()).unwrap();
    assert_eq!(calendar.roll(midday).unwrap().because, None, "exact hours do not roll");
}

#[test]
fn a_repeat_in_the_missing_hour_becomes_the_next_valid_instant() {
    let calendar = amsterdam();
    let since = calendar.at(day("2026-03-22"), TimeOfDay::from_hms_opt(2, 30, 0).unwrap()).unwrap();
    let first = calendar.repeat(since, Span::weeks(1), 1).unwrap();
    assert_eq!(calendar.rfc3339(first), "2026-03-29T03:00:00.000+02:00");
    let second = calendar.repeat(since, Span::weeks(1), 2).unwrap();
    assert_eq!(calendar.rfc3339(second), "2026-04-05T02:30:00.000+02:00");
}

#[test]
fn own_closing_days_bring_alarms_forward_and_lengthen_no_term() {
    let closed = redress::calendar::Calendar::new(chrono_tz::Europe::Amsterdam, [day("2026-11-27")]);
    let raw = closed.end_of(day("2026-11-27")).unwrap();
    assert_eq!(closed.roll(raw).unwrap().due, raw);
    assert_eq!(closed.alarm_day(raw).unwrap(), day("2026-11-26"));
}

#[test]
fn out_of_range_is_an_error_and_never_a_panic() {
    let calendar = amsterdam();
    assert!(calendar.add(Moment::from_millis(i64::MIN / 2), Span::Days(1)).is_err());
    assert!(calendar.add(Moment::from_millis(0), Span::Months(1_000_000)).is_err());
    assert!(calendar.add(Moment::from_millis(0), Span::Hours(i64::MAX)).is_err());
    assert_eq!(calendar.add(Moment::NEVER, Span::Days(1)).unwrap(), Moment::NEVER);
}

fn days() -> impl Strategy<Value = Date> {
    (0_u64..36_525).prop_map(|n| day("1990-01-01").checked_add_days(chrono::Days::new(n)).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_is_23_to_25_hours_and_its_end_is_its_last_millisecond(d in days()) {
        let calendar = amsterdam();
        let (start, end) = (calendar.start_of(d).unwrap(), calendar.end_of(d).unwrap());
        let hours = (end.millis() + 1 - start.millis()) as f64 / 3_600_000.0;
        prop_assert!((23.0..=25.0).contains(&hours));
        prop_assert_eq!(calendar.day_of(end).unwrap(), d);
        prop_assert_eq!(calendar.day_of(end.next()).unwrap(), d.succ_opt().unwrap());
        prop_assert_eq!(calendar.day_of(start).unwrap(), d);
    }

    #[test]
    fn rolling_ends_on_a_workday_and_passes_none(d in days()) {
        let calendar = amsterdam();
        let rolled = calendar.roll(calendar.end_of(d).unwrap()).unwrap();
        let due = calendar.day_of(rolled.due).unwrap();
        prop_assert!(due >= d && calendar.is_workday(due));
        prop_assert!(d.iter_days().take_while(|x| *x < due).all(|x| !calendar.is_workday(x)));
        prop_assert_eq!(rolled.because.is_some(), due != d);
        prop_assert_eq!(calendar.roll(rolled.due).unwrap().due, rolled.due);
    }

    #[test]
    fn months_keep_the_day_number_or_take_the_last_day(d in days(), n in 0_i64..60) {
        use chrono::Datelike;
        let reached = amsterdam().add_to_day(d, Span::Months(n)).unwrap();
        let is_last = reached.succ_opt().unwrap().month() != reached.month();
        prop_assert!(reached.day() == d.day() || (reached.day() < d.day() && is_last));
        prop_assert_eq!((reached.year() - d.year()) * 12 + reached.month() as i32 - d.month() as i32, n as i32);
    }

    #[test]
    fn working_days_count_exactly(d in days(), n in 1_i64..60) {
        let calendar = amsterdam();
        let reached = calendar.add_to_day(d, Span::Workdays(n)).unwrap();
        let between = d.iter_days().skip(1).take_while(|x| *x <= reached).filter(|x| calendar.is_workday(*x)).count();
        prop_assert_eq!(between as i64, n);
        prop_assert!(calendar.is_workday(reached));
    }

    #[test]
    fn repeats_go_forward(d in days(), hour in 0_u32..24, k in 1_i64..40, weeks in 1_i64..5) {
        let calendar = amsterdam();
        let since = calendar.at(d, TimeOfDay::from_hms_opt(hour, 30, 0).unwrap()).unwrap();
        let span = Span::weeks(weeks);
        prop_assert!(calendar.repeat(since, span, k).unwrap() < calendar.repeat(since, span, k + 1).unwrap());
    }
}
