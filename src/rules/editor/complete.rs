//! What may follow at a place: statements, words, names of the right vocabulary, fields, terms; in messages
//! what can be filled in.

use super::flow::Expected;
use super::hover::{said, signature};
use super::message::{self, FILTERS, FOR_PEOPLE, OF_DEADLINES, Placeholder, ROOTS};
use super::script::{Piece, PieceKind};
use super::statement::{Part, Walk, walk};
use super::symbol::{Role, Symbol};
use super::tables;
use super::tokens::{TokenKind, is_in_remark};
use super::view::View;
use super::workspace::{FileKind, Workspace, kind_of_file};
use crate::complaint::Recipient;
use crate::rules::observe::{reference, scenario_words};
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::kind::Kind;
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::{Group, Help, Phases, Word};
use crate::rules::words::{self, fields};
use std::ops::Range;

/// What something that may follow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word of the grammar.
    Keyword,
    /// A word or function.
    Function,
    /// A method of what stands before the dot.
    Method,
    /// A field.
    Field,
    /// A term.
    Constant,
    /// A name of a vocabulary.
    Name,
    /// A value that Redress gives.
    Variable,
}

/// Something that may follow at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text that is put in, and shown.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// One line about it: a signature or a label.
    pub detail: String,
    /// The bytes that it takes the place of.
    pub range: Range<usize>,
}

/// The grammar's words inside a statement, with what follows each.
const PARTS: &[(&str, Help)] = &[
    ("for", said("een lijst, waarvan elk element `it` is", "a list, of which each element is `it`")),
    ("when", said("de voorwaarde", "the condition")),
    ("every", said("opnieuw na een duur", "again after a span")),
    ("by", said("de rollen die het mogen", "the roles that may")),
    ("asks", said("wat er gevraagd wordt", "what is asked")),
    ("cron", said("wanneer het loopt", "when it runs")),
    ("then", said("wat er gebeurt", "what happens")),
];

const VARIABLES: &[(&str, Help)] = &[
    ("complaint", said("de klacht", "the complaint")),
    ("it", said("het element van de lijst achter `for`", "the element of the list after `for`")),
    ("input", said("de antwoorden op wat de actie vroeg", "the answers to what the action asked")),
    ("actor", said("wie de actie doet", "who does the action")),
    ("now", said("nu", "now")),
    ("today", said("vandaag", "today")),
];

const GROUPS: &[(&str, Help)] = &[
    ("flags", said("de vlaggen", "the flags")),
    ("counters", said("de tellers", "the counters")),
    ("extra", said("de eigen velden", "the own fields")),
];

/// The most that is offered at once.
const MOST: usize = 500;

/// Collects what fits at one place.
struct Offer {
    range: Range<usize>,
    found: Vec<Completion>,
}

impl Offer {
    fn at(range: Range<usize>) -> Self {
        Self { range, found: Vec::new() }
    }

    fn add(&mut self, text: impl Into<String>, kind: CompletionKind, detail: impl Into<String>) {
        let (text, detail) = (text.into(), detail.into());
        if !self.found.iter().any(|c| c.text == text) {
            self.found.push(Completion { text, kind, detail, range: self.range.clone() });
        }
    }
}

impl Workspace {
    /// Returns what may follow at a place.
    pub fn complete(&self, file: &str, offset: usize) -> Vec<Completion> {
        let Some(text) = self.text(file).filter(|text| text.is_char_boundary(offset)) else {
            return Vec::new();
        };
        let mut found = match kind_of_file(file) {
            Some(FileKind::Script | FileKind::Scenarios) => self.in_script(file, text, offset),
            Some(FileKind::Message) => self.in_message(text, offset),
            Some(FileKind::Procedure | FileKind::Clauses | FileKind::Organisation) => {
                self.in_table(file, text, offset)
            }
            None => Vec::new(),
        };
        found.truncate(MOST);
        found
    }

    fn in_script(&self, file: &str, text: &str, offset: usize) -> Vec<Completion> {
        let Some(read) = self.read.get(file).filter(|_| !is_in_remark(text, offset)) else {
            return Vec::new();
        };
        let tokens = &read.tokens;
        let at = tokens.partition_point(|t| t.range.end < offset);
        let touched = tokens.get(at).filter(|t| t.range.start < offset);
        let range = match touched {
            Some(token) if token.kind == TokenKind::Stretch => return Vec::new(),
            Some(token) if token.kind == TokenKind::Text => {
                let inside = token.inside(text);
                if offset > inside.end { offset..offset } else { inside }
            }
            Some(token) if token.kind == TokenKind::Name => token.range.clone(),
            Some(token) if token.kind == TokenKind::Number => return Vec::new(),
            _ => offset..offset,
        };
        let is_text = touched.is_some_and(|t| t.kind == TokenKind::Text && offset <= t.inside(text).end);
        let is_name = touched.is_some_and(|t| t.kind == TokenKind::Name);
        // The token at which something is put in: the one that is typed, or the first after the place.
        let here = if is_text || is_name { at } else { tokens.partition_point(|t| t.range.start < offset) };
        let next = if is_text || is_name { here + 1 } else { here };
        let mut offer = Offer::at(range);
        let piece = read.pieces.iter().rfind(|p| p.tokens.start < here);
        let Some(piece) = piece else {
            self.statements(file, &mut offer);
            return offer.found;
        };
        // What is typed after a piece belongs to it as long as no other begins.
        let piece = Piece { kind: piece.kind, tokens: piece.tokens.start..piece.tokens.end.max(here) };
        let view = View { text, tokens, piece: &piece };
        self.with_known(file, |known| {
            walk(known, view, here, |walk| {
                if is_text {
                    self.names_for_text(walk, here, next, &mut offer);
                } else if [".", "?."].contains(&view.before(here)) {
                    self.members(walk, here, &piece, view, &mut offer);
                } else if walk.is_at_top() && ["}", ";"].contains(&view.before(here)) {
                    self.statements(file, &mut offer);
                } else {
                    self.values(walk, &piece, &mut offer);
                }
            });
        });
        offer.found
    }

    fn statements(&self, file: &str, offer: &mut Offer) {
        let of_scenarios = kind_of_file(file) == Some(FileKind::Scenarios);
        for kind in [PieceKind::Rule, PieceKind::Action, PieceKind::Schedule] {
            let help = reference::statement(kind.keyword()).map_or("", |s| self.say(s.help));
            if !of_scenarios {
                offer.add(kind.keyword(), CompletionKind::Keyword, help);
            }
        }
        if of_scenarios {
            let help = said("een verhaal, en wat er moet gebeuren", "a story, and what must happen");
            offer.add("scenario", CompletionKind::Keyword, self.say(help));
        } else {
            offer.add("const", CompletionKind::Keyword, self.say(said("een term", "a term")));
        }
        offer.add("fn", CompletionKind::Keyword, self.say(said("een functie", "a function")));
    }

    fn names_for_text(&self, walk: &Walk, here: usize, next: usize, offer: &mut Offer) {
        match walk.expected(here, next) {
            Some(Expected::Names(vocabulary)) => self.names_of(vocabulary, offer),
            Some(Expected::Choice(options)) => {
                options.into_iter().for_each(|option| offer.add(option, CompletionKind::Name, ""));
            }
            Some(Expected::Recipient) => {
                self.names_of(Vocabulary::Role, offer);
                for recipient in [Recipient::Complainant, Recipient::Responsible] {
                    offer.add(recipient.as_str(), CompletionKind::Name, "");
                }
            }
            Some(Expected::Owner) => {
                self.names_of(Vocabulary::Role, offer);
                offer.add(Recipient::Complainant.as_str(), CompletionKind::Name, "");
            }
            Some(Expected::Notice) => self.notices(offer),
            None => {}
        }
    }

    fn names_of(&self, vocabulary: Vocabulary, offer: &mut Offer) {
        for name in self.names(vocabulary) {
            let detail = match vocabulary {
                Vocabulary::Message => self.subject(&name).unwrap_or_default(),
                Vocabulary::Field => fields::find(&name).map_or("", |f| self.say(f.help)).to_owned(),
                Vocabulary::Event => self.label_of_event(&name),
                other => self.label(other, &name).unwrap_or_default(),
            };
            offer.add(name, CompletionKind::Name, detail);
        }
    }

    fn label_of_event(&self, name: &str) -> String {
        let mut labels =
            [Vocabulary::State, Vocabulary::Escalation].into_iter().filter_map(|v| self.label(v, name));
        labels.next().unwrap_or_default()
    }

    fn subject(&self, message: &str) -> Option<String> {
        let files = self.files_of_message(message);
        let in_language = format!("messages/{}/", self.language);
        let file = files.iter().find(|f| f.starts_with(&in_language)).or(files.first())?;
        let mut lines = self.text(file)?.lines().take(5);
        lines.find_map(|line| Some(line.strip_prefix("subject:")?.trim().to_owned()))
    }

    /// Offers what the scripts send: recipient and message, as scenarios expect them.
    fn notices(&self, offer: &mut Offer) {
        for (file, read) in &self.read {
            let Some(text) = self.text(file) else { continue };
            for pair in read.mentions.windows(2) {
                let [to, message] = pair else { continue };
                let is_call = matches!(&to.symbol, Symbol::Name(Vocabulary::Role, _))
                    && text.get(to.range.end..message.range.start).is_some_and(|t| t.trim() == "\", \"");
                if is_call && matches!(&message.symbol, Symbol::Name(Vocabulary::Message, _)) {
                    offer.add(
                        format!("{} {}", to.symbol.name(), message.symbol.name()),
                        CompletionKind::Name,
                        "",
                    );
                }
            }
        }
        for message in self.names(Vocabulary::Message) {
            offer.add(format!("{} {message}", Recipient::Complainant), CompletionKind::Name, "");
        }
    }

    fn members(&self, walk: &Walk, here: usize, piece: &Piece, view: View, offer: &mut Offer) {
        if walk.known.scenarios.is_some() {
            let help = fields::find("state").map_or("", |f| self.say(f.help));
            return offer.add("state", CompletionKind::Field, help);
        }
        let receiver = walk.receiver(here).unwrap_or(Kind::Any);
        match receiver {
            Kind::ThisComplaint => {
                for field in fields::all() {
                    offer.add(field.name, CompletionKind::Field, self.say(field.help));
                }
                for (name, help) in GROUPS {
                    offer.add(*name, CompletionKind::Field, self.say(*help));
                }
            }
            Kind::Flags => self.names_of(Vocabulary::Flag, offer),
            Kind::Counters => self.names_of(Vocabulary::Counter, offer),
            Kind::OwnFields => self.names_of(Vocabulary::ExtraField, offer),
            Kind::Measure | Kind::Complaint | Kind::Member => {
                for property in PROPERTIES.iter().filter(|p| p.kind(receiver).is_some()) {
                    offer.add(property.name, CompletionKind::Field, self.say(property.help));
                }
            }
            Kind::Input => self.answers(piece, view, offer),
            Kind::Period => {
                offer.add("from", CompletionKind::Field, self.say(said("de eerste dag", "the first day")));
                offer.add("to", CompletionKind::Field, self.say(said("de laatste dag", "the last day")));
            }
            _ => {}
        }
        for word in words::all().filter(|word| is_method_of(word, receiver)) {
            offer.add(word.name, CompletionKind::Method, self.say(word.help));
        }
    }

    fn answers(&self, piece: &Piece, view: View, offer: &mut Offer) {
        let Some(action) = view.name().filter(|_| piece.kind == PieceKind::Action) else { return };
        for mention in self.read.values().flat_map(|read| &read.mentions) {
            if let Symbol::Answer { action: of, name } = &mention.symbol
                && *of == action
                && mention.role == Role::Declares
            {
                offer.add(name.clone(), CompletionKind::Field, "");
            }
        }
    }

    fn values(&self, walk: &Walk, piece: &Piece, offer: &mut Offer) {
        if walk.is_at_top() && !matches!(piece.kind, PieceKind::Function | PieceKind::Constant) {
            for (part, help) in PARTS {
                offer.add(*part, CompletionKind::Keyword, self.say(*help));
            }
        }
        if walk.part == Part::Head && piece.kind != PieceKind::Constant {
            return;
        }
        if walk.known.scenarios.is_some() {
            for word in scenario_words::WORDS {
                offer.add(word.name, CompletionKind::Function, self.one_line(word));
            }
        } else {
            for (name, help) in VARIABLES {
                offer.add(*name, CompletionKind::Variable, self.say(*help));
            }
        }
        for constant in self.constants() {
            offer.add(constant.clone(), CompletionKind::Constant, self.value_of(constant));
        }
        for name in walk.scope.locals.keys() {
            offer.add(name.clone(), CompletionKind::Variable, "");
        }
        for function in walk.known.functions {
            offer.add(function.clone(), CompletionKind::Function, "");
        }
        for word in words::all().filter(|word| !is_method(word) && fits(word, walk.part, piece.kind)) {
            offer.add(word.name, CompletionKind::Function, self.one_line(word));
        }
    }

    fn one_line(&self, word: &Word) -> String {
        let form = word.forms.first().map(|form| signature(word, form, self.language)).unwrap_or_default();
        format!("{form}: {}", self.say(word.help))
    }

    fn value_of(&self, constant: &str) -> String {
        let mentions = self.mentions_of(&Symbol::Constant(constant.to_owned()));
        let declared = mentions.into_iter().find(|(_, role)| *role == Role::Declares);
        let line = declared.and_then(|(spot, _)| {
            let after = self.text(&spot.file)?.get(spot.range.end..)?;
            Some(after.lines().next()?.trim_start_matches([' ', '=']).to_owned())
        });
        line.unwrap_or_default()
    }

    fn in_message(&self, text: &str, offset: usize) -> Vec<Completion> {
        if !message::is_inside(text, offset) {
            return Vec::new();
        }
        let pieces = message::pieces(text);
        let place = |offer: &mut Offer, placeholders: &[Placeholder]| {
            for p in placeholders {
                offer.add(p.name, CompletionKind::Field, self.say(p.help));
            }
        };
        for piece in pieces {
            match piece {
                message::Piece::Filter(range) if range.start <= offset && offset <= range.end => {
                    let mut offer = Offer::at(range);
                    place(&mut offer, FILTERS);
                    return offer.found;
                }
                message::Piece::Path(parts) => {
                    let Some(at) = parts.iter().position(|p| p.start <= offset && offset <= p.end) else {
                        continue;
                    };
                    let mut offer = Offer::at(parts[at].clone());
                    let before: Vec<&str> = parts[..at].iter().map(|p| &text[p.clone()]).collect();
                    self.of_path(&before, &mut offer);
                    return offer.found;
                }
                message::Piece::Filter(_) => {}
            }
        }
        let mut offer = Offer::at(offset..offset);
        let bar = text[..offset].trim_end().ends_with('|');
        place(&mut offer, if bar { FILTERS } else { ROOTS });
        offer.found
    }

    fn of_path(&self, before: &[&str], offer: &mut Offer) {
        let mut place = |placeholders: &[Placeholder]| {
            for p in placeholders {
                offer.add(p.name, CompletionKind::Field, self.say(p.help));
            }
        };
        match before {
            [] => place(ROOTS),
            ["complaint"] => {
                place(FOR_PEOPLE);
                for field in fields::all() {
                    offer.add(field.name, CompletionKind::Field, self.say(field.help));
                }
            }
            ["complaint", "extra"] => self.names_of(Vocabulary::ExtraField, offer),
            ["deadline"] => self.names_of(Vocabulary::Deadline, offer),
            ["deadline", _] => place(OF_DEADLINES),
            ["terms"] => {
                for constant in self.constants() {
                    offer.add(constant.clone(), CompletionKind::Constant, self.value_of(constant));
                }
            }
            ["organisation" | "recipient"] => {
                offer.add("name", CompletionKind::Field, self.say(said("de naam", "the name")));
            }
            _ => {}
        }
    }

    fn in_table(&self, file: &str, text: &str, offset: usize) -> Vec<Completion> {
        let before = &text[..offset];
        let line = before.rfind('\n').map_or(0, |i| i + 1);
        let Some(quote) = before[line..].rfind('"').filter(|_| before[line..].matches('"').count() % 2 == 1)
        else {
            return Vec::new();
        };
        let start = line + quote + 1;
        let end = text[start..].find(['"', '\n']).map_or(text.len(), |i| start + i);
        let key = before[..start].rsplit('\n').find_map(|line| {
            let (key, _) = line.split_once('=')?;
            let key = key.rsplit(['{', ',']).next()?.trim();
            key.chars().all(|c| c.is_ascii_lowercase() || c == '_').then(|| key.to_owned())
        });
        let mut offer = Offer::at(start..end);
        match (kind_of_file(file), key.as_deref()) {
            (Some(FileKind::Procedure), Some(key)) => {
                if let Some(vocabulary) = tables::referred(key) {
                    self.names_of(vocabulary, &mut offer);
                }
            }
            (Some(FileKind::Organisation), Some("roles")) => self.names_of(Vocabulary::Role, &mut offer),
            (Some(FileKind::Clauses), Some("messages")) => self.names_of(Vocabulary::Message, &mut offer),
            (Some(FileKind::Clauses), Some("deadlines")) => self.names_of(Vocabulary::Deadline, &mut offer),
            (Some(FileKind::Clauses), Some(key @ ("rules" | "scenarios"))) => {
                let mentions = self.read.values().flat_map(|read| &read.mentions);
                for mention in mentions.filter(|m| m.role == Role::Declares) {
                    let fits = match &mention.symbol {
                        Symbol::Rule(_) | Symbol::Schedule(_) => key == "rules",
                        Symbol::Name(Vocabulary::Action, _) => key == "rules",
                        Symbol::Scenario(_) => key == "scenarios",
                        _ => false,
                    };
                    if fits {
                        offer.add(
                            mention.symbol.name(),
                            CompletionKind::Name,
                            mention.symbol.what().in_language(self.language),
                        );
                    }
                }
            }
            _ => {}
        }
        offer.found
    }
}

/// Returns whether a word is called on what stands before a dot.
fn is_method(word: &Word) -> bool {
    let first = word.forms.first().and_then(|form| form.takes.first()).map(|p| p.kind);
    word.group == Group::Values || matches!(first, Some(Kind::Question | Kind::ThisComplaint))
}

fn is_method_of(word: &Word, receiver: Kind) -> bool {
    let first = word.forms.iter().filter_map(|form| form.takes.first()).map(|p| p.kind);
    is_method(word)
        && first.into_iter().any(|kind| match (kind, receiver) {
            (Kind::Question | Kind::ThisComplaint, _) => kind == receiver,
            (Kind::List(_), Kind::List(_)) => true,
            (Kind::Any, _) => true,
            (kind, receiver) => kind.family() == receiver.family() && !matches!(kind, Kind::List(_)),
        })
}

/// Returns whether a word may stand in a part of a statement.
fn fits(word: &Word, part: Part, kind: PieceKind) -> bool {
    if kind == PieceKind::Function {
        return word.phases != Phases::Asks;
    }
    match word.phases {
        Phases::Anywhere => true,
        Phases::Asks => part == Part::Asks,
        Phases::Bodies => part == Part::Then && kind != PieceKind::Schedule,
        Phases::BodiesAndSchedules => part == Part::Then,
        Phases::ActionBodies => part == Part::Then && kind == PieceKind::Action,
        Phases::Schedules => part == Part::Then && kind == PieceKind::Schedule,
    }
}
