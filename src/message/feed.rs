//! A calendar of terms as iCalendar text, for programs that fetch it again and again (RFC 5545).

use chrono::{DateTime, Days, NaiveDate, Utc};
use icalendar::{Calendar, Component, Event, EventLike};

/// A whole day on which a term ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// The UID, the same however often the term moves.
    pub uid: String,
    /// The day.
    pub day: NaiveDate,
    /// What is to be done.
    pub summary: String,
    /// Where it is done; none where browsers reach no page.
    pub url: Option<String>,
}

/// Returns a calendar as text with CRLF line ends; the same entries give the same text.
pub fn feed(name: &str, entries: &[FeedEntry], stamp: DateTime<Utc>) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//Redress//NL"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.name(name);
    for entry in entries {
        let mut event = Event::new();
        event.uid(&entry.uid).summary(&entry.summary).timestamp(stamp).starts(entry.day);
        if let Some(next) = entry.day.checked_add_days(Days::new(1)) {
            event.ends(next);
        }
        // It takes nobody's time.
        event.add_property("TRANSP", "TRANSPARENT");
        if let Some(url) = &entry.url {
            event.url(url);
        }
        calendar.push(event.done());
    }
    calendar.done().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_a_whole_day_and_the_text_stays_the_same() {
        let entry = FeedEntry {
            uid: "term.1.reply@lagant.nl".to_owned(),
            day: NaiveDate::from_ymd_opt(2026, 12, 31).expect("a day"),
            summary: "K-2026-0001: Beslissen; of, niet".to_owned(),
            url: Some("https://klachten.lagant.nl/complaints/K-2026-0001/next".to_owned()),
        };
        let text = feed("Redress", std::slice::from_ref(&entry), DateTime::UNIX_EPOCH);
        for line in [
            "BEGIN:VCALENDAR",
            "UID:term.1.reply@lagant.nl",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "DTSTAMP:19700101T000000Z",
            "SUMMARY:K-2026-0001: Beslissen\\; of\\, niet",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
        }
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        assert_eq!(text, feed("Redress", &[entry], DateTime::UNIX_EPOCH));
        assert!(feed("Redress", &[], DateTime::UNIX_EPOCH).contains("END:VCALENDAR"));
    }
}
