//! `Letter`: a message's file in its parts: the head between two lines `---`, with subject and calendar, and the body.

use super::invitation::CalendarMethod;
use super::mistake::{HeadMistake, Mistake, MistakeKind, place};

/// A message's file in its parts.
pub(super) struct Letter<'t> {
    pub subject: Section<'t>,
    pub body: Section<'t>,
    pub calendar: Option<CalendarMethod>,
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
    let (mut subject, mut calendar, mut found) = (None, None, Vec::new());
    for (i, (line, _)) in lines.iter().enumerate().take(end).skip(1) {
        let value = line.split_once(':').map_or("", |(_, value)| value);
        match key(line).unwrap_or_else(|| line.trim_end()) {
            "subject" => {
                let columns = line.chars().count() - value.trim_start().chars().count();
                subject = Some(Section { text: value.trim(), lines: i, columns });
            }
            "calendar" => match value.trim().parse() {
                Ok(method) => calendar = Some(method),
                Err(()) => found.push(mistake(i + 1, HeadMistake::Calendar)),
            },
            key => found.push(mistake(i + 1, HeadMistake::Unknown { key: key.to_owned() })),
        }
    }
    let Some(subject) = subject else {
        // A line that is not known may be the subject.
        if !found.iter().any(|m| matches!(m.kind, MistakeKind::Head(HeadMistake::Unknown { .. }))) {
            found.push(mistake(end + 1, HeadMistake::NoSubject));
        }
        return Err(found);
    };
    let body = lines.get(end).and_then(|(_, after)| text.get(*after..)).unwrap_or_default();
    let body = Section { text: body, lines: end + 1, columns: 0 };
    if found.is_empty() { Ok(Letter { subject, body, calendar }) } else { Err(found) }
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
}
