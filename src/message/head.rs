//! `Letter`: a message's file in its parts: the head between two lines `---`, with subject, calendar and when it goes,
//! and the body.

use super::dispatch::{Dispatch, Timing};
use super::invitation::CalendarMethod;
use super::mistake::{HeadMistake, Mistake, MistakeKind, place};

/// A message's file in its parts.
pub(super) struct Letter<'t> {
    pub subject: Section<'t>,
    pub body: Section<'t>,
    /// The line by which a digest tells of it; none where it is never gathered.
    pub line: Option<Section<'t>>,
    pub calendar: Option<CalendarMethod>,
    pub dispatch: Dispatch,
}

/// A part of a message's file that is a template of its own.
#[derive(Clone, Copy)]
pub(super) struct Section<'t> {
    pub text: &'t str,
    /// Lines of the file before it.
    pub lines: usize,
    /// Characters of its first line before it.
    columns: usize,
}

impl Section<'_> {
    /// Returns line and column of an offset, in the file.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let (line, column) = place(self.text, offset);
        (line + self.lines, if line == 1 { column + self.columns } else { column })
    }

    /// Returns a mistake by its place in the file.
    pub fn placed(&self, mistake: Mistake) -> Mistake {
        let before = if mistake.line == 1 { self.columns } else { 0 };
        let column = mistake.column.map(|column| column + before);
        Mistake { line: mistake.line + self.lines, column, ..mistake }
    }
}

/// Reads a message whose lines end in `\n`; what is wrong with its head.
pub(super) fn read(text: &str) -> Result<Letter<'_>, Vec<Mistake>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (line.trim_end_matches('\n'), at)
    });
    let lines: Vec<(&str, usize)> = lines.collect();
    if lines.first().is_none_or(|(first, _)| *first != "---") {
        return Err(vec![mistake(1, HeadMistake::Missing)]);
    }
    let Some(end) = lines.iter().skip(1).position(|(line, _)| *line == "---").map(|i| i + 1) else {
        let head = lines.iter().skip(1).take_while(|(line, _)| key(line).is_some());
        return Err(vec![mistake(1 + head.count(), HeadMistake::Open)]);
    };
    let mut head = Head::default();
    for (i, (line, _)) in lines.iter().enumerate().take(end).skip(1) {
        head.take(line, i);
    }
    let body = lines.get(end).and_then(|(_, after)| text.get(*after..)).unwrap_or_default();
    head.letter(Section { text: body, lines: end + 1, columns: 0 }, end + 1)
}

/// The head of a message while it is read.
#[derive(Default)]
struct Head<'t> {
    subject: Option<Section<'t>>,
    line: Option<Section<'t>>,
    calendar: Option<(CalendarMethod, usize)>,
    /// Whether and how often it is gathered; none for never.
    gather: Option<(Option<Timing>, usize)>,
    now: Option<usize>,
    group: Option<(&'t str, usize)>,
    found: Vec<Mistake>,
}

impl<'t> Head<'t> {
    /// Takes a line, which stands after so many others of the file.
    fn take(&mut self, line: &'t str, lines: usize) {
        let value = line.split_once(':').map_or("", |(_, value)| value);
        let columns = line.chars().count() - value.trim_start().chars().count();
        let section = Section { text: value.trim(), lines, columns };
        let mut wrong = |head| self.found.push(mistake(lines + 1, head));
        match (key(line).unwrap_or_else(|| line.trim_end()), value.trim()) {
            ("subject", _) => self.subject = Some(section),
            ("line", _) => self.line = Some(section),
            ("group", name) => self.group = Some((name, lines + 1)),
            ("gather", "daily") => self.gather = Some((Some(Timing::Daily), lines + 1)),
            ("gather", "weekly") => self.gather = Some((Some(Timing::Weekly), lines + 1)),
            ("gather", "never") => self.gather = Some((None, lines + 1)),
            ("gather", _) => wrong(HeadMistake::Gather),
            ("now", "yes") => self.now = Some(lines + 1),
            ("now", _) => wrong(HeadMistake::Now),
            ("calendar", method) => match method.parse() {
                Ok(method) => self.calendar = Some((method, lines + 1)),
                Err(()) => wrong(HeadMistake::Calendar),
            },
            (key, _) => wrong(HeadMistake::Unknown { key: key.to_owned() }),
        }
    }

    /// Puts the message together; `after` is the line after the head.
    fn letter(mut self, body: Section<'t>, after: usize) -> Result<Letter<'t>, Vec<Mistake>> {
        // A line that is not known may be the subject.
        let is_unknown = |m: &Mistake| matches!(m.kind, MistakeKind::Head(HeadMistake::Unknown { .. }));
        if self.subject.is_none() && !self.found.iter().any(is_unknown) {
            self.found.push(mistake(after, HeadMistake::NoSubject));
        }
        let gathered = self.gather.and_then(|(timing, on)| Some((timing?, on)));
        if let Some((_, on)) = gathered {
            if let Some(now) = self.now {
                self.found.push(mistake(now, HeadMistake::GatheredNow));
            }
            if let Some((_, calendar)) = self.calendar {
                self.found.push(mistake(calendar, HeadMistake::GatheredInvitation));
            }
            if self.line.is_none_or(|line| line.text.is_empty()) {
                self.found.push(mistake(on, HeadMistake::NoLine));
            }
        }
        let timing = match (self.now, gathered) {
            (Some(_), _) => Timing::AtOnce,
            (None, Some((timing, _))) => timing,
            (None, None) => Timing::InWorkingHours,
        };
        let dispatch = Dispatch {
            timing,
            group: self.group.map(|(name, _)| name.to_owned()),
            said_on: self.gather.map(|(_, on)| on).or(self.now),
            group_on: self.group.map(|(_, on)| on),
        };
        match (self.subject, self.found.is_empty()) {
            (Some(subject), true) => {
                let (line, calendar) = (self.line, self.calendar.map(|(method, _)| method));
                Ok(Letter { subject, body, line, calendar, dispatch })
            }
            _ => Err(self.found),
        }
    }
}

fn mistake(line: usize, head: HeadMistake) -> Mistake {
    Mistake { line, column: Some(1), kind: MistakeKind::Head(head) }
}

/// Returns the word before the colon of a line.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    (!key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_message_lie_where_they_are_written() {
        let letter = read("---\ncalendar: request\nsubject:  Over x \n---\na\n---\nb").expect("it is read");
        assert_eq!((letter.subject.text, letter.subject.lines, letter.subject.columns), ("Over x", 2, 10));
        assert_eq!((letter.body.text, letter.body.lines), ("a\n---\nb", 4));
        assert_eq!(letter.calendar, Some(CalendarMethod::Request));
        assert_eq!(read("---\nsubject: s\n---").expect("it is read").body.text, "");
    }

    #[test]
    fn a_head_that_is_wrong_is_told_by_its_lines() {
        let found = |text: &str| {
            let Err(found) = read(text) else { return Vec::new() };
            found.into_iter().map(|m| (m.line, m.kind)).collect::<Vec<_>>()
        };
        let head = MistakeKind::Head;
        assert_eq!(found(""), [(1, head(HeadMistake::Missing))]);
        assert_eq!(found("subject: s\n---\n"), [(1, head(HeadMistake::Missing))]);
        assert_eq!(found("---\nsubject: s\nbody\n"), [(2, head(HeadMistake::Open))]);
        assert_eq!(found("---\n---\nb"), [(2, head(HeadMistake::NoSubject))]);
        let key = "onderwerp".to_owned();
        assert_eq!(
            found("---\nonderwerp: s\ncalendar: nooit\n---\nb"),
            [(2, head(HeadMistake::Unknown { key })), (3, head(HeadMistake::Calendar)),]
        );
    }

    #[test]
    fn a_head_says_when_a_message_goes() {
        let dispatch = |keys: &str| read(&format!("---\nsubject: s\n{keys}---\nb")).map(|l| l.dispatch);
        let timing = |keys: &str| dispatch(keys).map(|d| d.timing);
        assert_eq!(timing(""), Ok(Timing::InWorkingHours));
        assert_eq!(timing("gather: never\n"), Ok(Timing::InWorkingHours));
        assert_eq!(timing("now: yes\ngather: never\n"), Ok(Timing::AtOnce));
        assert_eq!(timing("gather: weekly\nline: Doe iets\n"), Ok(Timing::Weekly));
        let said = dispatch("gather: daily\nline: Doe {{ x }}\ngroup: late\n").expect("it is read");
        assert_eq!((said.timing, said.group.as_deref()), (Timing::Daily, Some("late")));
        assert_eq!((said.said_on, said.group_on), (Some(3), Some(5)));
    }

    #[test]
    fn a_head_that_contradicts_itself_is_told() {
        for (keys, line, wrong) in [
            ("gather: dagelijks\n", 3, HeadMistake::Gather),
            ("now\n", 3, HeadMistake::Now),
            ("now: nee\n", 3, HeadMistake::Now),
            ("gather: daily\nline: x\nnow: yes\n", 5, HeadMistake::GatheredNow),
            ("gather: weekly\n", 3, HeadMistake::NoLine),
            ("line:\ngather: weekly\n", 4, HeadMistake::NoLine),
            ("gather: daily\nline: x\ncalendar: request\n", 5, HeadMistake::GatheredInvitation),
        ] {
            let Err(found) = read(&format!("---\nsubject: s\n{keys}---\nb")).map(|_| ()) else {
                panic!("{keys} is read");
            };
            let found: Vec<_> = found.into_iter().map(|m| (m.line, m.kind)).collect();
            assert_eq!(found, [(line, MistakeKind::Head(wrong))], "{keys}");
        }
    }
}
