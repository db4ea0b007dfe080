//! Times of day without quotes: `9:00`, and `9 uur` where a time is taken.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::bare_time;
use crate::rules::language::tokens::TokenKind;

/// What people write after an hour.
const HOURS: &[&str] = &["uur", "u", "h", "hours", "am", "pm"];

/// Finds such times.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (0..written.code.len()).filter(|i| written.kind(*i) == Some(TokenKind::Number)) {
        let Some((last, hour, minute)) = clock(written, i).or_else(|| in_words(written, i)) else { continue };
        let span = written.spans(i, last);
        let time = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
        let quoted = format!("\"{hour:02}:{minute:02}\"");
        let told = quoted.clone();
        found.push(Slip::new(span, move |at| bare_time::report(at, &time, &told)).replaced(quoted));
    }
}

fn clock(written: &Written, i: usize) -> Option<(usize, u32, u32)> {
    let minutes = written.says(i + 2);
    let is_clock = written.says(i + 1) == ":" && written.touch(i, i + 1) && written.touch(i + 1, i + 2);
    let (hour, minute) = (written.says(i).parse().ok()?, minutes.parse().ok()?);
    (is_clock && minutes.len() == 2 && hour < 24 && minute < 60).then_some((i + 2, hour, minute))
}

/// Reads an hour and its word as the second thing that `at` takes.
fn in_words(written: &Written, i: usize) -> Option<(usize, u32, u32)> {
    let hour = written.says(i).parse::<u32>().ok().filter(|hour| *hour < 24)?;
    let is_hour = HOURS.contains(&written.says(i + 1).to_lowercase().as_str());
    let of_at = written.bracket(i).is_some_and(|open| written.before(open) == "at");
    let afternoon = if written.says(i + 1).eq_ignore_ascii_case("pm") && hour < 12 { 12 } else { 0 };
    (is_hour && of_at && written.before(i) == ",").then_some((i + 1, hour + afternoon, 0))
}
