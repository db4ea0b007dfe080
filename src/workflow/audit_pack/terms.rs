//! `Terms`: the proof of terms: each instance of each term as a row of a table, and what became of all of one name.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{Deadline, DeadlineStatus, Language, Words};
use crate::escape;
use crate::workflow::Labels;
use std::collections::BTreeMap;
use std::sync::Arc;

const MINUTE_MILLIS: i64 = 60_000;

/// What became of all instances of one term.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// What the term is called.
    pub label: String,
    pub armed: u64,
    pub met: u64,
    pub met_late: u64,
    pub overdue: u64,
    pub running: u64,
    pub lapsed: u64,
    pub replaced: u64,
    /// The most days that one was late.
    pub latest_days: i64,
}

/// The proof of terms under way.
pub(super) struct Terms {
    language: Language,
    calendar: Arc<Calendar>,
    labels: Labels,
    now: Moment,
    /// By the name of the term.
    pub tallies: BTreeMap<String, Tally>,
}

impl Terms {
    pub fn new(language: Language, calendar: Arc<Calendar>, labels: Labels, now: Moment) -> Self {
        Self { language, calendar, labels, now, tallies: BTreeMap::new() }
    }

    /// Returns the first row of the table.
    pub fn heading(&self) -> String {
        let said = [
            ("klacht", "complaint"),
            ("termijn", "term"),
            ("naam in de regels", "name in the rules"),
            ("keer", "instance"),
            ("wie", "who"),
            ("ingegaan", "armed"),
            ("ingegaan door", "armed by"),
            ("geteld vanaf", "counted from"),
            ("duur", "span"),
            ("einde voor verschuiven", "end before rolling"),
            ("einde", "due"),
            ("verschoven omdat", "rolled because"),
            ("minuten stilgestaan", "minutes paused"),
            ("voldaan", "met"),
            ("vervallen of vervangen", "lapsed or replaced"),
            ("overschrijding vastgelegd", "breach recorded"),
            ("uitkomst", "outcome"),
            ("dagen te laat", "days late"),
            ("minuten te laat", "minutes late"),
        ];
        row(&said.map(|(nl, en)| self.say(Words::new(nl, en))))
    }

    /// Returns the row of an instance, and counts it.
    pub fn row(&mut self, reference: &str, d: &Deadline) -> String {
        let late = self.late(d);
        let outcome = self.count(d, late);
        let at = |moment: Option<Moment>| moment.map(|m| self.calendar.rfc3339(m)).unwrap_or_default();
        let (days, minutes) =
            late.map_or_else(Default::default, |(days, minutes)| (days.to_string(), minutes.to_string()));
        let paused = d.pauses.iter().filter_map(|p| Some(p.ended.as_ref()?.at.millis() - p.from.millis()));
        let paused = paused.sum::<i64>() / MINUTE_MILLIS;
        row(&[
            reference.to_owned(),
            self.labels.term(&d.name),
            d.name.to_string(),
            d.instance.to_string(),
            self.labels.role(&d.owner),
            at(Some(d.armed_at)),
            d.armed_by.name().unwrap_or_default().to_owned(),
            at(d.base),
            d.span.clone().unwrap_or_default(),
            at(Some(d.raw_end)),
            at(Some(d.due)),
            d.rolled_because.clone().unwrap_or_default(),
            if d.pauses.is_empty() { String::new() } else { paused.to_string() },
            at(d.met_at),
            at(d.cancelled_at.or(d.replaced_at)),
            at(d.breached_at),
            outcome,
            days,
            minutes,
        ])
    }

    /// Returns by how many days and minutes it is or was late; none where it is not.
    fn late(&self, d: &Deadline) -> Option<(i64, i64)> {
        let over = match d.status() {
            DeadlineStatus::Met => d.met_at,
            DeadlineStatus::Cancelled => d.cancelled_at,
            DeadlineStatus::Replaced => d.replaced_at,
            DeadlineStatus::Paused => d.paused_at(),
            DeadlineStatus::Armed | DeadlineStatus::Overdue => Some(self.now),
        }?;
        let day = |moment| self.calendar.day_of(moment).ok();
        let days = (day(over)? - day(d.due)?).num_days();
        (over > d.due).then(|| (days, (over.millis() - d.due.millis()) / MINUTE_MILLIS))
    }

    fn count(&mut self, d: &Deadline, late: Option<(i64, i64)>) -> String {
        let label = self.labels.term(&d.name);
        let tally = self.tallies.entry(d.name.to_string()).or_default();
        tally.label = label;
        tally.armed += 1;
        tally.latest_days = tally.latest_days.max(late.map_or(0, |(days, _)| days));
        let (count, nl, en) = match (d.status(), late.is_some()) {
            (DeadlineStatus::Met, false) => (&mut tally.met, "op tijd voldaan", "met in time"),
            (DeadlineStatus::Met, true) => (&mut tally.met_late, "te laat voldaan", "met late"),
            (DeadlineStatus::Overdue, _) | (DeadlineStatus::Armed, true) => {
                (&mut tally.overdue, "te laat en nog open", "late and still open")
            }
            (DeadlineStatus::Armed, false) => (&mut tally.running, "loopt", "running"),
            (DeadlineStatus::Paused, _) => (&mut tally.running, "staat stil", "paused"),
            (DeadlineStatus::Cancelled, false) => (&mut tally.lapsed, "vervallen", "lapsed"),
            (DeadlineStatus::Cancelled, true) => {
                (&mut tally.lapsed, "vervallen na het einde", "lapsed after its end")
            }
            (DeadlineStatus::Replaced, false) => (&mut tally.replaced, "vervangen", "replaced"),
            (DeadlineStatus::Replaced, true) => {
                (&mut tally.replaced, "vervangen na het einde", "replaced after its end")
            }
        };
        *count += 1;
        self.say(Words::new(nl, en))
    }

    fn say(&self, words: Words) -> String {
        words.in_language(self.language).to_owned()
    }

    /// Returns the headings of the summary.
    pub fn summary_heading(&self) -> Vec<String> {
        let said = [
            ("termijn", "term"),
            ("ingegaan", "armed"),
            ("op tijd voldaan", "met in time"),
            ("te laat voldaan", "met late"),
            ("te laat en nog open", "late and still open"),
            ("loopt of staat stil", "running or paused"),
            ("vervallen", "lapsed"),
            ("vervangen", "replaced"),
            ("meeste dagen te laat", "most days late"),
        ];
        said.map(|(nl, en)| self.say(Words::new(nl, en))).to_vec()
    }

    /// Returns the rows of the summary.
    pub fn summary_rows(&self) -> Vec<Vec<String>> {
        let row = |t: &Tally| {
            let counts = [t.armed, t.met, t.met_late, t.overdue, t.running, t.lapsed, t.replaced];
            let counts = counts.iter().map(u64::to_string);
            std::iter::once(t.label.clone()).chain(counts).chain([t.latest_days.to_string()]).collect()
        };
        self.tallies.values().map(row).collect()
    }

    /// Returns the summary as a table of its own.
    pub fn summary(&self) -> String {
        let rows = std::iter::once(self.summary_heading()).chain(self.summary_rows());
        rows.map(|cells| row(&cells)).collect()
    }
}

fn row(cells: &[String]) -> String {
    format!("{}\r\n", escape::cells(cells))
}
