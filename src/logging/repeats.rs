//! `Repeats`: which lines of a log are written, and which are only counted. Pure.

use std::collections::BTreeMap;
use std::time::Duration;
use tracing::callsite::Identifier;

/// The time for which a line that was written stands for those that are the same.
const WINDOW: Duration = Duration::from_secs(60);
/// The most different lines of trouble that one place of the program writes in that time.
const OF_ONE_PLACE: u64 = 50;
/// The most lines that are remembered; beyond that all are written.
const REMEMBERED: usize = 1_000;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    Written,
    Counted,
}

/// How often a line was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Summary {
    pub times: u64,
    pub line: String,
}

#[derive(Clone, Debug)]
struct Seen {
    since: Duration,
    /// How often it came after it was written.
    again: u64,
}

#[derive(Debug)]
struct Place {
    id: Identifier,
    since: Duration,
    lines: u64,
}

/// The lines of the last minute.
#[derive(Debug)]
pub(super) struct Repeats {
    lines: BTreeMap<String, Seen>,
    places: Vec<Place>,
}

impl Repeats {
    pub const fn new() -> Self {
        Self { lines: BTreeMap::new(), places: Vec::new() }
    }

    /// Says whether a line is written that a place of the program wants to log. A summary is not counted again.
    pub fn admit(&mut self, place: Identifier, line: String, is_trouble: bool, now: Duration) -> Admitted {
        if line.starts_with(SUMMARY) {
            return Admitted::Written;
        }
        if let Some(seen) = self.lines.get_mut(&line) {
            if now.saturating_sub(seen.since) < WINDOW || seen.again > 0 {
                seen.again += 1;
                return Admitted::Counted;
            }
            seen.since = now;
            return Admitted::Written;
        }
        if is_trouble && self.is_talkative(place, now) {
            self.count(format!("lines such as: {line}"), now);
            return Admitted::Counted;
        }
        if self.lines.len() < REMEMBERED {
            self.lines.insert(line, Seen { since: now, again: 0 });
        }
        Admitted::Written
    }

    fn count(&mut self, line: String, now: Duration) {
        // One line stands for all of a place: they differ in names and numbers.
        let stem: String = line.chars().take_while(|c| !c.is_ascii_digit()).take(60).collect();
        let known = self.lines.range_mut(stem.clone()..).next().filter(|(known, _)| known.starts_with(&stem));
        match known {
            Some((_, seen)) => seen.again += 1,
            None => _ = self.lines.insert(line, Seen { since: now, again: 1 }),
        }
    }

    fn is_talkative(&mut self, id: Identifier, now: Duration) -> bool {
        let found = self.places.iter().position(|place| place.id == id);
        let at = found.unwrap_or_else(|| {
            self.places.push(Place { id, since: now, lines: 0 });
            self.places.len() - 1
        });
        let place = &mut self.places[at];
        if now.saturating_sub(place.since) >= WINDOW {
            (place.since, place.lines) = (now, 0);
        }
        place.lines += 1;
        place.lines > OF_ONE_PLACE
    }

    /// Forgets the lines whose time is over, and returns those that were repeated.
    pub fn expired(&mut self, now: Duration) -> Vec<Summary> {
        self.take(|seen| now.saturating_sub(seen.since) >= WINDOW)
    }

    /// Forgets every line, and returns those that were repeated.
    pub fn all(&mut self) -> Vec<Summary> {
        self.take(|_| true)
    }

    fn take(&mut self, is_over: impl Fn(&Seen) -> bool) -> Vec<Summary> {
        let (over, stay): (BTreeMap<_, _>, _) =
            std::mem::take(&mut self.lines).into_iter().partition(|(_, seen)| is_over(seen));
        self.lines = stay;
        let repeated = over.into_iter().filter(|(_, seen)| seen.again > 0);
        repeated.map(|(line, seen)| Summary { times: seen.again, line }).collect()
    }
}

/// How summaries begin, in the order in which fields are formatted.
const SUMMARY: &str = "repeated: ";

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::callsite::Callsite;

    fn place() -> Identifier {
        tracing::callsite!(name: "test", kind: tracing::metadata::Kind::EVENT, fields: message)
            .metadata()
            .callsite()
    }

    #[test]
    fn a_line_that_repeats_is_written_once_and_counted() {
        let (mut repeats, place) = (Repeats::new(), place());
        let mut admit = |seconds| {
            repeats.admit(place.clone(), "mail is held back".to_owned(), true, Duration::from_secs(seconds))
        };
        assert_eq!(admit(0), Admitted::Written);
        for _ in 0..3_699 {
            assert_eq!(admit(30), Admitted::Counted);
        }
        assert_eq!(repeats.expired(Duration::from_secs(59)), []);
        let summary = Summary { times: 3_699, line: "mail is held back".to_owned() };
        assert_eq!(repeats.expired(Duration::from_secs(60)), [summary]);
        assert_eq!(repeats.all(), []);
    }

    #[test]
    fn trouble_of_one_place_is_bounded_though_its_lines_differ() {
        let (mut repeats, place) = (Repeats::new(), place());
        let mut written = 0;
        for i in 0..3_700 {
            let line = format!("delivery {i} was given up");
            let admitted = repeats.admit(place.clone(), line, true, Duration::ZERO);
            written += u64::from(admitted == Admitted::Written);
        }
        assert_eq!(written, OF_ONE_PLACE);
        let summaries = repeats.all();
        assert_eq!(summaries.iter().map(|s| s.times).sum::<u64>(), 3_700 - OF_ONE_PLACE);
        assert_eq!(summaries.len(), 1, "{summaries:?}");
    }

    #[test]
    fn what_is_no_trouble_is_written_when_it_differs() {
        let (mut repeats, place) = (Repeats::new(), place());
        for i in 0..200 {
            let admitted = repeats.admit(place.clone(), format!("mail {i}"), false, Duration::ZERO);
            assert_eq!(admitted, Admitted::Written);
        }
    }
}
