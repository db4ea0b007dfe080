//! The days of a story, made of what was heard.

use super::heard::{Noted, What};
use super::told::{StoryDay, StoryExpectation, StoryRow, Told};
use crate::calendar::{Calendar, Date};
use crate::complaint::Text;

/// The days up to which working days are counted between two days of a story.
const COUNTED: i64 = 800;

/// Puts what was heard into days and rows.
pub(super) fn of(noted: Vec<Noted>, calendar: &Calendar) -> Vec<StoryDay> {
    let is_of_several = noted.iter().any(|noted| noted.case.is_some_and(|case| case > 0));
    let mut days: Vec<StoryDay> = Vec::new();
    for one in noted {
        let Ok(local) = calendar.local(one.at) else { continue };
        let (day, time) = (local.date(), local.format("%H:%M").to_string());
        let before = days.last().map(|before| before.day);
        if before != Some(day) {
            let later = before.map(|before| later(calendar, before, day));
            days.push(StoryDay { day, later, rows: Vec::new() });
        }
        let Some(rows) = days.last_mut().map(|day| &mut day.rows) else { continue };
        let is_new = rows.last().is_none_or(|row| row.time != time || begins(row, one.what));
        if is_new {
            rows.push(StoryRow { time, ..StoryRow::default() });
        }
        let says = match one.case {
            Some(case) if is_of_several => of_case(one.says, case),
            _ => one.says,
        };
        let Some(row) = rows.last_mut() else { continue };
        match one.what {
            What::Done => row.done = Some(Told { line: one.line, says }),
            What::Follows => row.follows.push(says),
            What::Expected { holds } => {
                row.expected.push(StoryExpectation { line: one.line, says, holds });
            }
        }
    }
    days
}

/// Returns whether something stands in a row of its own after this one, so that a row is read from left to right.
fn begins(row: &StoryRow, what: What) -> bool {
    match what {
        What::Done => true,
        What::Follows => !row.expected.is_empty(),
        What::Expected { .. } => false,
    }
}

fn of_case(says: Text, case: usize) -> Text {
    let number = case + 1;
    Text::new(format!("klacht {number}: {}", says.nl), format!("complaint {number}: {}", says.en))
}

/// Says how long after a day another is, in working days where there are some.
fn later(calendar: &Calendar, from: Date, to: Date) -> Text {
    let days = (to - from).num_days();
    let in_days = |days: i64| match days {
        1 => Text::new("1 dag", "1 day"),
        n => Text::new(format!("{n} dagen"), format!("{n} days")),
    };
    if days == 1 {
        return Text::new("de volgende dag", "the next day");
    }
    let counted = (days <= COUNTED).then(|| {
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|d| calendar.is_workday(*d)).count()
    });
    match (in_days(days), counted) {
        (days, None | Some(0)) => Text::new(format!("{} later", days.nl), format!("{} later", days.en)),
        (days, Some(1)) => {
            Text::new(format!("1 werkdag later ({})", days.nl), format!("1 working day later ({})", days.en))
        }
        (days, Some(n)) => Text::new(
            format!("{n} werkdagen later ({})", days.nl),
            format!("{n} working days later ({})", days.en),
        ),
    }
}
