//! `Register`: what a row says of a complaint, by the names of the procedure and the people of the company; or which cells
//! cannot be so, and why.

use super::comparing::{folded, folds_to};
use super::day::{parse_day, serial};
use super::mapping::Understood;
use super::table::{Cell, Line};
use super::target::Target;
use super::values::{number, number_key, yes_or_no};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Channel, Complaint, IntakeId, LATER_MAIL, Name, Number, Party, Responsibility, Text};
use crate::config::People;
use crate::rules::{ExtraKind, Label, Procedure};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most characters of a line of text, such as a subject.
const LINE: usize = 1_000;
/// The characters of a subject that is taken from the description.
const SUBJECT: usize = 80;

/// What says that a complaint was handled, and what says that it was not.
const HANDLED: &[&str] = &[
    "handled",
    "afgehandeld",
    "gesloten",
    "afgerond",
    "klaar",
    "gereed",
    "closed",
    "done",
    "resolved",
    "ja",
    "yes",
    "x",
];
const UNHANDLED: &[&str] = &[
    "unhandled",
    "lopend",
    "inbehandeling",
    "nieuw",
    "open",
    "nognietafgehandeld",
    "nietafgehandeld",
    "pending",
    "inprogress",
    "new",
    "nee",
    "no",
];

const CHANNELS: &[(&str, Channel)] = &[
    ("email", Channel::Email),
    ("mail", Channel::Email),
    ("permail", Channel::Email),
    ("peremail", Channel::Email),
    ("telefoon", Channel::Phone),
    ("telefonisch", Channel::Phone),
    ("tel", Channel::Phone),
    ("mondeling", Channel::Phone),
    ("bytelephone", Channel::Phone),
    ("brief", Channel::Paper),
    ("post", Channel::Paper),
    ("papier", Channel::Paper),
    ("schriftelijk", Channel::Paper),
    ("formulier", Channel::Paper),
    ("letter", Channel::Paper),
    ("form", Channel::Paper),
    ("whatsapp", Channel::Chat),
    ("app", Channel::Chat),
];

/// A cell that cannot be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellTrouble {
    /// What its column is called; empty where no cell is at fault.
    pub column: String,
    /// Why.
    pub why: Text,
}

/// By what a row is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Everything that it says.
    pub row: String,
    /// Its number in the earlier register.
    pub number: Option<String>,
    /// Who complained, when, and of what.
    pub case: Option<String>,
}

/// A row that was understood.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, as the spreadsheet shows it.
    pub line: u64,
    /// What it says. Its number and intake id are not given yet, and its state is the procedure's word for `is_handled`.
    pub complaint: Complaint,
    /// The day on which it was received.
    pub received_on: Date,
    /// Whether it was handled.
    pub is_handled: bool,
    /// What was done with what could not be taken over as it stands.
    pub notes: Vec<Text>,
    /// By what it is known again.
    pub keys: Keys,
}

/// What rows are understood by.
#[derive(Clone, Copy, Debug)]
pub struct Register<'r> {
    /// The names of the procedure.
    pub procedure: &'r Procedure,
    /// Our own people.
    pub people: &'r People,
    /// The days of the company.
    pub calendar: &'r Calendar,
    /// The present day.
    pub today: Date,
    /// The present moment.
    pub now: Moment,
    /// The address of who imports.
    pub by: &'r str,
}

/// A row while it is read.
struct Reading<'r> {
    register: &'r Register<'r>,
    understood: &'r Understood,
    line: &'r Line,
    troubles: Vec<CellTrouble>,
    notes: Vec<Text>,
}

impl Register<'_> {
    /// Understands a row.
    ///
    /// # Errors
    /// Its cells that cannot be so.
    pub fn understand(&self, understood: &Understood, line: &Line) -> Result<Row, Vec<CellTrouble>> {
        let mut reading =
            Reading { register: self, understood, line, troubles: Vec::new(), notes: Vec::new() };
        let row = reading.row();
        match row.filter(|_| reading.troubles.is_empty()) {
            Some(row) => Ok(Row { notes: reading.notes, ..row }),
            None => Err(reading.troubles),
        }
    }
}

impl Reading<'_> {
    fn row(&mut self) -> Option<Row> {
        let received_on = self.day(&Target::ReceivedOn);
        if received_on.is_none() && self.troubles.is_empty() {
            self.refuse(&Target::ReceivedOn, "er staat geen datum", "there is no day");
        }
        let handled_on = self.day(&Target::HandledOn);
        let decided_on = self.day(&Target::DecidedOn);
        for (target, day) in [(Target::HandledOn, handled_on), (Target::DecidedOn, decided_on)] {
            if day.zip(received_on).is_some_and(|(day, received)| day < received) {
                self.refuse(&target, "ligt voor de datum van ontvangst", "lies before the day of receipt");
            }
        }
        let is_handled = self.is_handled(handled_on);
        let description = self.text(&Target::Description);
        let subject = self.subject(description.as_deref());
        let complainant = Party { name: self.line_of(&Target::Name), email: self.email() };
        let earlier_number =
            Some(self.line_of(&Target::EarlierNumber)).filter(|number| number_key(number).is_some());
        let (verdict, agreement) = (self.verdict(), self.agreement());
        let (cause_kind, channel) = (self.cause_kind(), self.channel());
        let (description, responsible) = self.responsible(description);
        let extra = self.own();
        let calendar = self.register.calendar;
        let start = |day: Option<Date>| day.and_then(|day| calendar.start_of(day).ok());
        let received_at = start(received_on)?;
        let state = {
            let imports = self.register.procedure.imports.as_ref()?;
            if is_handled { &imports.handled } else { &imports.unhandled }.clone()
        };
        let id = IntakeId::from(String::new());
        let keys = self.keys(&complainant, received_on?, &subject, earlier_number.as_deref());
        let mut c = Complaint::received(id, state.clone(), subject, complainant, received_at);
        c.number = Some(Number::pending());
        c.registered_at = Some(self.register.now);
        c.language_is_assumed = true;
        (c.earlier_number, c.description, c.decided_on) = (earlier_number, description, decided_on);
        (c.verdict, c.agreement, c.cause_kind) = (verdict, agreement, cause_kind);
        (c.channel, c.extra) = (channel, extra);
        c.reasons = self.text(&Target::Reasons);
        c.solution = self.text(&Target::Solution);
        c.cause = self.text(&Target::Cause);
        let entered = start(handled_on.or(decided_on)).filter(|_| is_handled).unwrap_or(received_at);
        c.last.insert(state.as_str().into(), entered);
        if let Some(person) = responsible {
            let by = self.register.by.to_owned();
            c.responsibilities.push(Responsibility { person: Some(person.clone()), from: received_at, by });
            c.responsible = Some(person);
        }
        let received_on = received_on?;
        Some(Row { line: self.line.number, complaint: c, received_on, is_handled, notes: Vec::new(), keys })
    }

    fn cell(&self, target: &Target) -> &Cell {
        let place = self.understood.place(target);
        place.and_then(|at| self.line.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    fn refuse(&mut self, target: &Target, nl: impl Into<String>, en: impl Into<String>) {
        let place = self.understood.place(target);
        let column = place.map(|at| self.understood.columns[at].heading.clone()).unwrap_or_default();
        self.troubles.push(CellTrouble { column, why: Text::new(nl, en) });
    }

    /// Returns what stands in a cell, else what is meant by an empty one; without signs that no text of ours may hold.
    fn text(&mut self, target: &Target) -> Option<String> {
        let text = clean(&self.cell(target).text());
        let text = if text.is_empty() { self.understood.default(target).map(clean)? } else { text };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Returns a text that stands on one line; empty where there is none.
    fn line_of(&mut self, target: &Target) -> String {
        let text = self.text(target).unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > LINE {
            self.refuse(
                target,
                format!("is langer dan {LINE} tekens; is dit de omschrijving?"),
                format!("is longer than {LINE} characters; is this the description?"),
            );
        }
        text
    }

    fn day(&mut self, target: &Target) -> Option<Date> {
        let cell = self.cell(target).clone();
        let read = match &cell {
            Cell::Empty => {
                let meant = self.understood.default(target).filter(|text| !text.trim().is_empty())?;
                parse_day(meant, self.understood.mapping.dates)
            }
            Cell::Day(day) => Ok(*day),
            Cell::Number(number) => serial(*number),
            Cell::Text(text) => parse_day(text, self.understood.mapping.dates),
        };
        let is_known = |day: &Date| self.register.calendar.start_of(*day).is_ok();
        match read {
            Ok(day) if day > self.register.today => {
                let written = cell.text();
                self.refuse(
                    target,
                    format!("“{written}” ligt in de toekomst"),
                    format!("\"{written}\" lies in the future"),
                );
                None
            }
            Ok(day) if is_known(&day) => Some(day),
            Ok(_) => {
                self.refuse(target, "ligt voor 1970", "lies before 1970");
                None
            }
            Err(mistake) => {
                let Text { nl, en } = mistake.said(&cell.text());
                self.refuse(target, nl, en);
                None
            }
        }
    }

    fn is_handled(&mut self, handled_on: Option<Date>) -> bool {
        let has_column = self.understood.place(&Target::Status).is_some();
        let Some(written) = self.text(&Target::Status) else {
            if has_column && handled_on.is_none() {
                self.refuse(&Target::Status, "er staat niets", "there is nothing");
            }
            return handled_on.is_some();
        };
        let said = self.meant(&Target::Status, &written);
        let word = folded(&said);
        let procedure = self.register.procedure;
        let state = procedure.states.iter().find(|(state, declared)| {
            [state.as_str(), &declared.nl, &declared.en].iter().any(|called| folds_to(called, &word))
        });
        match state {
            _ if HANDLED.contains(&word.as_str()) => true,
            _ if UNHANDLED.contains(&word.as_str()) => false,
            Some((state, _)) => !procedure.is_open(state),
            None => {
                self.refuse(
                    &Target::Status,
                    format!("“{written}” zegt niet of de klacht is afgehandeld"),
                    format!("\"{written}\" does not say whether it was handled"),
                );
                false
            }
        }
    }

    fn subject(&mut self, description: Option<&str>) -> String {
        let subject = self.line_of(&Target::Subject);
        if !subject.is_empty() {
            return subject;
        }
        let Some(description) = description else {
            self.refuse(
                &Target::Subject,
                "er staat geen onderwerp en geen omschrijving",
                "there is neither a subject nor a description",
            );
            return String::new();
        };
        let words = description.split_whitespace().collect::<Vec<_>>().join(" ");
        let start: String = words.chars().take(SUBJECT).collect();
        self.notes.push(Text::new(
            "het onderwerp is het begin van de omschrijving",
            "the subject is the beginning of the description",
        ));
        if start.len() < words.len() { format!("{start}…") } else { start }
    }

    fn email(&mut self) -> String {
        let written = self.line_of(&Target::Email).to_lowercase();
        let parts = written.split_once('@');
        let is_address = parts.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.')
        });
        if !written.is_empty()
            && (!is_address || written.contains(char::is_whitespace) || written.len() > 254)
        {
            self.refuse(
                &Target::Email,
                format!("“{written}” is geen e-mailadres"),
                format!("\"{written}\" is no address"),
            );
        }
        written
    }

    fn verdict(&mut self) -> Option<Name> {
        let names = &self.register.procedure.verdicts;
        self.named(&Target::Verdict, names)
    }

    fn agreement(&mut self) -> Option<Name> {
        let names = &self.register.procedure.agreements;
        self.named(&Target::Agreement, names)
    }

    fn cause_kind(&mut self) -> Option<Name> {
        let names = &self.register.procedure.causes;
        self.named(&Target::CauseKind, names)
    }

    /// Finds what the procedure calls something, by its name or by a label.
    fn named(&mut self, target: &Target, names: &BTreeMap<Name, Label>) -> Option<Name> {
        let written = self.text(target)?;
        let word = folded(&self.meant(target, &written));
        let found = names.iter().find(|(name, label)| {
            [name.as_str(), label.nl.as_str(), label.en.as_str()].iter().any(|called| folds_to(called, &word))
        });
        if found.is_none() {
            let list = |said: fn(&Label) -> &String| {
                names.values().map(said).cloned().collect::<Vec<_>>().join(", ")
            };
            let (nl, en) = (list(|label| &label.nl), list(|label| &label.en));
            self.refuse(
                target,
                format!("“{written}” is niet bekend; er zijn: {nl}"),
                format!("\"{written}\" is not known; there are: {en}"),
            );
        }
        found.map(|(name, _)| name.clone())
    }

    /// Returns the word that the mapping has for a word of the register.
    fn meant(&self, target: &Target, written: &str) -> String {
        let values = self.understood.mapping.values.get(&target.to_string());
        let meant = values.and_then(|values| values.iter().find(|(from, _)| folded(from) == folded(written)));
        meant.map_or_else(|| written.to_owned(), |(_, to)| to.clone())
    }

    fn channel(&mut self) -> Channel {
        let Some(written) = self.text(&Target::Channel) else { return Channel::Email };
        let word = folded(&self.meant(&Target::Channel, &written));
        let of_ours = Channel::ALL.iter().find(|channel| channel.as_str() == word).copied();
        let found = of_ours.or_else(|| CHANNELS.iter().find(|(name, _)| *name == word).map(|(_, c)| *c));
        if found.is_none() {
            let known: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
            let known = known.join(", ");
            self.refuse(
                &Target::Channel,
                format!("“{written}” is niet bekend; er zijn: {known}"),
                format!("\"{written}\" is not known; there are: {known}"),
            );
        }
        found.unwrap_or(Channel::Email)
    }

    /// Finds who of our people is responsible. Somebody who is none of them stays in words, under the description.
    fn responsible(&mut self, description: Option<String>) -> (Option<String>, Option<String>) {
        let written = self.line_of(&Target::Responsible);
        if written.is_empty() {
            return (description, None);
        }
        let meant = self.meant(&Target::Responsible, &written);
        let name = folded(&meant);
        let person = self
            .register
            .people
            .iter()
            .find(|p| p.email.eq_ignore_ascii_case(&meant) || folds_to(&p.name, &name));
        if let Some(person) = person {
            return (description, Some(person.email.clone()));
        }
        self.notes.push(Text::new(
            format!("“{written}” is geen medewerker in redress.toml, en staat onder de omschrijving"),
            format!("\"{written}\" is nobody of redress.toml, and stands under the description"),
        ));
        let line = format!("Behandelaar in het oude register: {written}");
        (Some(description.map_or_else(|| line.clone(), |text| format!("{text}\n\n{line}"))), None)
    }

    fn own(&mut self) -> BTreeMap<Name, Value> {
        let mut found = BTreeMap::new();
        let procedure = self.register.procedure;
        for (name, field) in &procedure.extra {
            let target = &Target::Own(name.clone());
            let Some(written) = self.text(target) else { continue };
            let meant = self.meant(target, &written);
            let value = match &field.kind {
                ExtraKind::Text => Some(Value::from(meant)),
                ExtraKind::Date => self.day(target).map(|day| Value::from(day.to_string())),
                ExtraKind::Number => number(&meant),
                ExtraKind::YesNo => yes_or_no(&meant),
                ExtraKind::Choice(options) => {
                    options.iter().find(|option| folded(option) == folded(&meant)).cloned().map(Value::from)
                }
            };
            match value {
                Some(value) => {
                    found.insert(name.clone(), value);
                }
                None if field.kind == ExtraKind::Date => {}
                None => self.refuse(
                    target,
                    format!("“{written}” past niet in dit veld ({})", field.kind.as_str()),
                    format!("\"{written}\" does not fit this field ({})", field.kind.as_str()),
                ),
            }
        }
        found
    }

    fn keys(&self, who: &Party, received_on: Date, subject: &str, number: Option<&str>) -> Keys {
        let cells = self.understood.columns.iter().zip(&self.line.cells);
        let cells = cells
            .filter_map(|(column, cell)| Some(format!("{}\u{1F}{}", column.target.as_ref()?, cell.text())));
        let complainant = if who.email.is_empty() { folded(&who.name) } else { who.email.clone() };
        let case = (!complainant.is_empty())
            .then(|| format!("{complainant}\u{1F}{received_on}\u{1F}{}", folded(subject)));
        Keys { row: cells.collect::<Vec<_>>().join("\u{1E}"), number: number.and_then(number_key), case }
    }
}

/// Takes out what no text of ours may hold: signs that control, and those that stand for a number that is not given yet.
fn clean(text: &str) -> String {
    let is_kept = |c: &char| {
        let stands = [Number::PENDING, Number::PENDING_CHECK].iter().any(|mark| mark.starts_with(*c));
        !stands && *c != LATER_MAIL && (!c.is_control() || matches!(c, '\n' | '\t'))
    };
    text.replace("\r\n", "\n").chars().filter(is_kept).collect::<String>().trim().to_owned()
}
