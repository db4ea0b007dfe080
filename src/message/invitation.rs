//! Calendar invitations: a meeting as iCalendar text that mail programs accept, move and cancel.
//! (RFC 5545; RFC 5546, 3.2: REQUEST and CANCEL with a stable UID and a rising SEQUENCE.)

use chrono::{DateTime, Duration, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetComponents, Tz};
use icalendar::{Attendee, Calendar, Component, Event, EventLike, EventStatus, Property};
use std::str::FromStr;

/// The request that the invitation makes of the reader's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Put it in, or move it.
    Request,
    /// Take it out.
    Cancel,
}

impl CalendarMethod {
    /// Returns the METHOD of iCalendar (RFC 5546, 1.4).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

impl FromStr for CalendarMethod {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "request" => Ok(Self::Request),
            "cancel" => Ok(Self::Cancel),
            _ => Err(()),
        }
    }
}

/// A meeting as a mail program is to understand it.
#[derive(Clone, Debug)]
pub struct Invitation<'i> {
    /// The request.
    pub method: CalendarMethod,
    /// The UID, the same for every change of the meeting.
    pub uid: String,
    /// The changes since it was planned: SEQUENCE (RFC 5545, 3.8.7.4).
    pub sequence: u32,
    /// The title of the meeting in the calendar.
    pub summary: &'i str,
    /// The place, in words.
    pub place: &'i str,
    /// The time zone in which it is planned.
    pub zone: Tz,
    /// The beginning, on the wall clock of `zone`.
    pub starts: NaiveDateTime,
    /// The length in minutes.
    pub minutes: u32,
    /// The organiser's name and address.
    pub organiser: (&'i str, &'i str),
    /// The addresses of who is invited.
    pub attendees: Vec<String>,
    /// The moment at which this version was made.
    pub stamp: DateTime<Utc>,
}

impl Invitation<'_> {
    /// Returns the invitation as text with CRLF line ends.
    pub fn to_ics(&self) -> String {
        let ends = self.starts + Duration::minutes(i64::from(self.minutes));
        let local = |key: &str, at: NaiveDateTime| {
            let mut property = Property::new(key, at.format("%Y%m%dT%H%M%S").to_string());
            property.add_parameter("TZID", self.zone.name());
            property.done()
        };
        let mut organiser = Property::new("ORGANIZER", format!("mailto:{}", self.organiser.1));
        organiser.add_parameter("CN", &parameter(self.organiser.0));
        let status = match self.method {
            CalendarMethod::Request => EventStatus::Confirmed,
            CalendarMethod::Cancel => EventStatus::Cancelled,
        };
        let mut event = Event::new();
        event
            .uid(&self.uid)
            .summary(self.summary)
            .location(self.place)
            .status(status)
            .timestamp(self.stamp)
            .sequence(self.sequence)
            .append_property(local("DTSTART", self.starts))
            .append_property(local("DTEND", ends))
            .append_property(organiser.done());
        for address in &self.attendees {
            event.attendee(Attendee::new(format!("mailto:{address}")));
        }
        let mut calendar = Calendar::empty();
        calendar.append_property(("VERSION", "2.0"));
        calendar.append_property(("PRODID", "-//Redress//NL"));
        calendar.append_property(("METHOD", self.method.as_str()));
        calendar.push(event.done());
        // The library would give each part of a time zone a UID, which RFC 5545 does not allow there.
        let event = "BEGIN:VEVENT";
        calendar.done().to_string().replacen(event, &format!("{}{event}", self.zone_text()), 1)
    }

    /// Returns a VTIMEZONE with the observance in force and the next one.
    fn zone_text(&self) -> String {
        let starts = self.zone.from_local_datetime(&self.starts).earliest();
        let at = starts.map_or_else(|| self.starts.and_utc(), |t| t.to_utc());
        let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{}", self.zone.name())];
        match change(self.zone, at, Direction::Before) {
            Some(before) => {
                lines.extend(observance(self.zone, before));
                lines.extend(
                    change(self.zone, at, Direction::After)
                        .into_iter()
                        .flat_map(|t| observance(self.zone, t)),
                );
            }
            None => lines.extend(observance(self.zone, DateTime::UNIX_EPOCH)),
        }
        lines.extend(["END:VTIMEZONE".to_owned(), String::new()]);
        lines.join("\r\n")
    }
}

/// Writes the value of a parameter; quotes would end it (RFC 5545, 3.1).
fn parameter(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '"').collect();
    if plain.contains([',', ';', ':']) { format!("\"{plain}\"") } else { plain }
}

/// Returns the zone's offset from UTC, in seconds.
fn seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// On which side of a moment something is looked for.
#[derive(Clone, Copy)]
enum Direction {
    Before,
    After,
}

/// Finds the nearest change of the zone's offset before or after a moment, within 400 days.
fn change(zone: Tz, at: DateTime<Utc>, direction: Direction) -> Option<DateTime<Utc>> {
    let day = |n: i64| match direction {
        Direction::Before => at - Duration::days(n),
        Direction::After => at + Duration::days(n),
    };
    let n = (1..=400).find(|n| seconds(zone, day(*n)) != seconds(zone, day(n - 1)))?;
    let (mut early, mut late) = match direction {
        Direction::Before => (day(n), day(n - 1)),
        Direction::After => (day(n - 1), day(n)),
    };
    let before = seconds(zone, early);
    while late - early > Duration::seconds(1) {
        let middle = early + (late - early) / 2;
        if seconds(zone, middle) == before { early = middle } else { late = middle }
    }
    Some(DateTime::from_timestamp(late.timestamp(), 0).unwrap_or(late))
}

/// Writes the observance that begins at a change of the offset.
fn observance(zone: Tz, since: DateTime<Utc>) -> Vec<String> {
    let from = seconds(zone, since - Duration::seconds(1));
    let to = seconds(zone, since);
    let offset = |s: i32| {
        let sign = if s < 0 { '-' } else { '+' };
        format!("{sign}{:02}{:02}", s.abs() / 3600, s.abs() / 60 % 60)
    };
    let is_summer = !zone.offset_from_utc_datetime(&since.naive_utc()).dst_offset().is_zero();
    let kind = if is_summer { "DAYLIGHT" } else { "STANDARD" };
    // The start is written in the time that was valid just before it (RFC 5545, 3.6.5).
    let local = since.naive_utc() + Duration::seconds(i64::from(from));
    vec![
        format!("BEGIN:{kind}"),
        format!("DTSTART:{}", local.format("%Y%m%dT%H%M%S")),
        format!("TZOFFSETFROM:{}", offset(from)),
        format!("TZOFFSETTO:{}", offset(to)),
        format!("END:{kind}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(method: CalendarMethod, sequence: u32) -> String {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 2).expect("a day");
        Invitation {
            method,
            uid: "meeting.I-2026-000001.1@lagant.nl".to_owned(),
            sequence,
            summary: "Gesprek over uw klacht; K-2026-0001, met komma",
            place: "Utrecht, zaal 2",
            zone: chrono_tz::Europe::Amsterdam,
            starts: day.and_hms_opt(10, 0, 0).expect("a time"),
            minutes: 60,
            organiser: ("Lagant", "planning@lagant.nl"),
            attendees: vec!["jan@example.nl".to_owned()],
            stamp: DateTime::UNIX_EPOCH,
        }
        .to_ics()
    }

    #[test]
    fn an_invitation_says_what_calendars_need() {
        let ics = invitation(CalendarMethod::Request, 0);
        for line in [
            "METHOD:REQUEST",
            "UID:meeting.I-2026-000001.1@lagant.nl",
            "SEQUENCE:0",
            "DTSTART;TZID=Europe/Amsterdam:20261202T100000",
            "DTEND;TZID=Europe/Amsterdam:20261202T110000",
            "LOCATION:Utrecht\\, zaal 2",
            "STATUS:CONFIRMED",
            "TZID:Europe/Amsterdam",
            // Winter time began on the last Sunday of October, summer time begins on the last of March.
            "DTSTART:20261025T030000",
            "DTSTART:20270328T020000",
            "TZOFFSETTO:+0200",
        ] {
            assert!(ics.contains(&format!("{line}\r\n")), "{line} is missing from\n{ics}");
        }
        assert_eq!(ics.matches("BEGIN:VEVENT").count(), 1);
        assert_eq!(ics.matches("VERSION:2.0").count(), 1);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let ics = invitation(CalendarMethod::Cancel, 3);
        let read: Calendar = ics.parse().expect("an iCalendar text");
        let event = read.events().next().expect("an event");
        assert_eq!(event.get_uid(), Some("meeting.I-2026-000001.1@lagant.nl"));
        assert_eq!(event.get_summary(), Some("Gesprek over uw klacht; K-2026-0001, met komma"));
        assert_eq!(event.get_location(), Some("Utrecht, zaal 2"));
        assert_eq!(read.property_value("METHOD"), Some("CANCEL"));
        assert!(ics.lines().all(|l| l.len() <= 75), "lines are folded");
    }

    #[test]
    fn a_zone_without_changes_still_has_an_observance() {
        let mut text = Invitation {
            zone: chrono_tz::UTC,
            method: CalendarMethod::Request,
            uid: "u".to_owned(),
            sequence: 0,
            summary: "s",
            place: "p",
            starts: DateTime::UNIX_EPOCH.naive_utc(),
            minutes: 30,
            organiser: ("a, b", "a@b.nl"),
            attendees: Vec::new(),
            stamp: DateTime::UNIX_EPOCH,
        }
        .to_ics();
        text.retain(|c| c != '\r');
        assert!(text.contains("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000"), "{text}");
        assert!(text.contains("ORGANIZER;CN=\"a, b\":mailto:a@b.nl"), "{text}");
    }
}
