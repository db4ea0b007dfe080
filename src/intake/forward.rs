//! `Forwarded`: the mail that an employee passed on, read from an attached mail or from the header block that
//! mail programs write. A proposal: a person confirms who complains before anything goes out
//! (docs/mail.md "Forwarded by employee").

use super::part::nested;
use super::text;
use crate::calendar::Moment;
use crate::complaint::Party;
use chrono::NaiveDateTime;
use mail_parser::Message;
use serde::Serialize;

/// A mail that was passed on, as the mail that passes it on shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// Its writer.
    pub from: Party,
    /// Its subject; empty when it has none.
    pub subject: String,
    /// The time at which it was sent; none when it does not say.
    pub sent: Option<Sent>,
    /// The Message-ID of an attached mail, without angle brackets; none for a header block.
    pub message_id: Option<String>,
}

/// The time at which a mail that was passed on had been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// The moment by its own date.
    Exactly(Moment),
    /// The reading of the header block, taken for local time of the organisation.
    OnTheClock(NaiveDateTime),
}

const FROM: &[&str] = &["van:", "from:", "de:"];
const SENT: &[&str] = &["verzonden:", "sent:", "datum:", "date:"];
const SUBJECT: &[&str] = &["onderwerp:", "subject:", "betreft:"];
const TO: &[&str] = &["aan:", "to:", "cc:", "reply-to:", "antwoord aan:", "beantwoorden aan:"];
/// The most lines of a header block that are looked at.
const BLOCK: usize = 12;
/// The lines before `From` at which a header block may begin.
const BEFORE: usize = 3;

/// Reads the mail attached to this one, if there is one.
pub(super) fn attached(message: &Message) -> Option<Forwarded> {
    let inner = message.parts.iter().find_map(nested)?;
    let from = text::party(inner.from().and_then(|a| a.first()));
    from.email.contains('@').then(|| Forwarded {
        from,
        subject: inner.subject().map(text::line).unwrap_or_default(),
        sent: inner.date().map(|d| Sent::Exactly(Moment::from_millis(d.to_timestamp() * 1_000))),
        message_id: inner.message_id().map(|id| text::token(id, text::LINE_CHARACTERS)),
    })
}

/// Reads the first header block in the text: Outlook, Gmail, Apple Mail and Thunderbird, in Dutch and
/// English.
pub(super) fn inline(body: &str) -> Option<Forwarded> {
    let lines: Vec<String> = body.lines().map(unquoted).collect();
    let field = |line: &str, names: &[&str]| {
        let lower = line.to_lowercase();
        let name = names.iter().find(|n| lower.starts_with(**n))?;
        line.get(name.len()..).map(|v| v.trim().trim_end_matches('*').trim().to_owned())
    };
    for (i, line) in lines.iter().enumerate() {
        let Some(from) = field(line, FROM) else { continue };
        // Thunderbird names the subject and the date first.
        let block = lines[i.saturating_sub(BEFORE)..].iter().take(BLOCK);
        let find = |names: &[&str]| block.clone().find_map(|l| field(l, names));
        let known = [SENT, SUBJECT, TO].iter().filter(|names| find(names).is_some()).count();
        if known < 2 {
            continue;
        }
        let from = party(&from);
        return from.email.contains('@').then(|| Forwarded {
            from,
            subject: find(SUBJECT).map(|s| text::line(&s)).unwrap_or_default(),
            sent: find(SENT).and_then(|s| on_the_clock(&s)).map(Sent::OnTheClock),
            message_id: None,
        });
    }
    None
}

/// Leaves out quote marks, bold stars and no-break spaces.
fn unquoted(line: &str) -> String {
    let plain = line.replace('\u{a0}', " ");
    plain.trim_start_matches(['>', ' ', '*']).replacen(":*", ":", 1).trim().to_owned()
}

/// Reads `Jan Jansen <jan@x.nl>`, `Jan [mailto:jan@x.nl]`, or a bare address.
fn party(said: &str) -> Party {
    let inside = |open: char, close: char| {
        let inner = said.split(open).nth(1)?.split(close).next()?;
        Some(inner.trim().trim_start_matches("mailto:").to_lowercase())
    };
    let bracketed = inside('<', '>').or_else(|| inside('[', ']')).or_else(|| inside('(', ')'));
    let bare = said.split_whitespace().find(|w| w.contains('@')).unwrap_or_default();
    let email = bracketed
        .filter(|e| e.contains('@'))
        .unwrap_or_else(|| bare.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let name = said.split(['<', '[', '(']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let name = if name.contains('@') { "" } else { name };
    Party { name: text::line(name), email: text::token(&email, text::ADDRESS_CHARACTERS) }
}

const MONTHS: [(&str, &str); 12] = [
    ("jan", "jan"),
    ("feb", "feb"),
    ("mrt", "mar"),
    ("apr", "apr"),
    ("mei", "may"),
    ("jun", "jun"),
    ("jul", "jul"),
    ("aug", "aug"),
    ("sep", "sep"),
    ("okt", "oct"),
    ("nov", "nov"),
    ("dec", "dec"),
];

/// Reads "maandag 16 november 2026 14:03", "Mon, Nov 16, 2026 at 2:03 PM", "16-11-2026 14:03", "2026-11-16
/// 14:03".
fn on_the_clock(text: &str) -> Option<NaiveDateTime> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
    let time = words.iter().find_map(|w| time_of(w));
    let afternoon = words.iter().any(|w| matches!(*w, "pm" | "p.m."));
    let morning = words.iter().any(|w| matches!(*w, "am" | "a.m."));
    let (mut hour, minute) = time.unwrap_or((0, 0));
    if afternoon && hour < 12 {
        hour += 12;
    } else if morning && hour == 12 {
        hour = 0;
    }
    let day = words.iter().find_map(|w| numeric_day(w)).or_else(|| worded_day(&words))?;
    day.and_hms_opt(hour, minute, 0)
}

fn time_of(word: &str) -> Option<(u32, u32)> {
    let (hour, rest) = word.split_once(':')?;
    let minute: String = rest.chars().take_while(char::is_ascii_digit).take(2).collect();
    Some((hour.parse().ok().filter(|h| *h < 24)?, minute.parse().ok().filter(|m| *m < 60)?))
}

fn numeric_day(word: &str) -> Option<chrono::NaiveDate> {
    let numbers: Vec<i32> = word.split(['-', '/', '.']).filter_map(|n| n.parse().ok()).collect();
    let [a, b, c] = numbers[..] else { return None };
    let (year, month, day) = if a > 31 { (a, b, c) } else { (c, b, a) };
    let year = if year < 100 { year + 2_000 } else { year };
    chrono::NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn worded_day(words: &[&str]) -> Option<chrono::NaiveDate> {
    let month_of = |word: &str| {
        let found = MONTHS.iter().position(|(nl, en)| word.starts_with(nl) || word.starts_with(en));
        // "maart" is "mrt" for short.
        found.or_else(|| word.starts_with("maa").then_some(2)).map(|i| i as u32 + 1)
    };
    // "maandag" is no month.
    let is_weekday = |word: &str| {
        word.ends_with("dag") || matches!(word, "ma" | "di" | "wo" | "do" | "vr" | "za" | "zo" | "mon")
    };
    let month = words.iter().filter(|w| !is_weekday(w)).find_map(|w| month_of(w))?;
    let numbers: Vec<i32> = words.iter().filter_map(|w| w.trim_matches(['.', 'e']).parse().ok()).collect();
    let year = *numbers.iter().find(|n| **n > 1_900)?;
    let day = *numbers.iter().find(|n| (1..=31).contains(*n))?;
    chrono::NaiveDate::from_ymd_opt(year, month, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_mail_programs_write_them() {
        for (text, expected) in [
            ("maandag 16 november 2026 14:03", "2026-11-16T14:03:00"),
            ("Monday, November 16, 2026 2:03 PM", "2026-11-16T14:03:00"),
            ("Mon, Nov 16, 2026 at 2:03 PM", "2026-11-16T14:03:00"),
            ("ma 16 nov 2026 om 14:03", "2026-11-16T14:03:00"),
            ("16 maart 2026 om 09:05:11 CET", "2026-03-16T09:05:00"),
            ("16-11-2026 14:03", "2026-11-16T14:03:00"),
            ("2026-11-16 14:03", "2026-11-16T14:03:00"),
            ("16/11/26 14:03", "2026-11-16T14:03:00"),
        ] {
            let read = on_the_clock(text).map(|t| t.format("%Y-%m-%dT%H:%M:%S").to_string());
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        }
        assert_eq!(on_the_clock("gisteren"), None);
    }
}
