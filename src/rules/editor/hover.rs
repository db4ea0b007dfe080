//! What is told about the thing under the cursor, in the organisation's language, as Markdown.

use super::script::PieceKind;
use super::symbol::{Role, Symbol};
use super::workspace::{Spot, Workspace};
use crate::complaint::{Language, Name};
use crate::rules::observe::reference;
use crate::rules::procedure::declared::{DeadlineDeclaration, Side, StateDeclaration};
use crate::rules::procedure::label::Label;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::field::{Field, Presence};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::{Form, Help, Word};
use crate::rules::words::{self, fields};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// So much of a statement is shown.
const SHOWN_CHARACTERS: usize = 600;

/// What is told about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The bytes that it is about.
    pub range: Range<usize>,
    /// What is told, as Markdown.
    pub markdown: String,
}

/// Makes words in both languages.
pub(super) const fn said(nl: &'static str, en: &'static str) -> Help {
    Help { nl, en }
}

impl Workspace {
    /// Tells what stands at a place; none when there is nothing to tell.
    pub fn hover(&self, file: &str, offset: usize) -> Option<Hover> {
        let (symbol, range) = self.symbol_at(file, offset)?;
        let told: Vec<String> = self.meant(&symbol).iter().filter_map(|s| self.told(file, s)).collect();
        (!told.is_empty()).then(|| Hover { range, markdown: told.join("\n\n---\n\n") })
    }

    /// Returns words in the organisation's language.
    pub(super) fn say(&self, help: Help) -> &'static str {
        help.in_language(self.language)
    }

    fn told(&self, file: &str, symbol: &Symbol) -> Option<String> {
        match symbol {
            Symbol::Word(name) => {
                let word = self.with_known(file, |known| known.word(name))?;
                Some(self.of_word(word))
            }
            Symbol::Statement(name) => {
                let statement = reference::statement(name)?;
                let example = self.filled(statement.example);
                Some(format!("**{name}**: {}\n\n```rhai\n{example}\n```", self.say(statement.help)))
            }
            Symbol::Property(name) => {
                let property = PROPERTIES.iter().find(|p| p.name == *name)?;
                Some(format!("**.{name}**: {}", self.say(property.help)))
            }
            Symbol::Name(vocabulary, name) => self.of_name(*vocabulary, name),
            Symbol::Constant(name) => self.of_term(name, symbol),
            Symbol::Function { .. } | Symbol::Rule(_) | Symbol::Schedule(_) | Symbol::Scenario(_) => {
                self.shown(symbol)
            }
            Symbol::Answer { action, name } => self.of_answer(action, name),
            Symbol::Working(_) => None,
        }
    }

    /// Tells the words of a term before the statement that defines it.
    fn of_term(&self, name: &str, symbol: &Symbol) -> Option<String> {
        let shown = self.shown(symbol)?;
        let declared = self
            .procedure()
            .and_then(|procedure| procedure.declared_terms().find(|(term, ..)| *term == name));
        let Some((_, term, _)) = declared else { return Some(shown) };
        let hint = term.hint.as_ref().map(|hint| format!("\n\n{}", hint.in_language(self.language)));
        Some(format!("{}{}\n\n{shown}", self.either(&term.nl, &term.en), hint.unwrap_or_default()))
    }

    fn of_word(&self, word: &Word) -> String {
        let forms: Vec<String> = word.forms.iter().map(|form| signature(word, form, self.language)).collect();
        let example = self.filled(word.example.text);
        format!(
            "```rhai\n{}\n```\n{}\n\n{}\n```rhai\n{example}\n```",
            forms.join("\n"),
            self.say(word.help),
            self.say(said("Bijvoorbeeld:", "For example:"))
        )
    }

    /// Fills the names of this procedure into an example.
    fn filled(&self, example: &str) -> String {
        let names = [
            ("role", Vocabulary::Role),
            ("reporter", Vocabulary::Role),
            ("message", Vocabulary::Message),
            ("report", Vocabulary::Message),
            ("letter", Vocabulary::Message),
            ("deadline", Vocabulary::Deadline),
            ("state", Vocabulary::State),
            ("action", Vocabulary::Action),
            ("escalation", Vocabulary::Escalation),
            ("verdict", Vocabulary::Verdict),
            ("measure", Vocabulary::Measure),
        ];
        names.into_iter().fold(example.to_owned(), |text, (key, vocabulary)| {
            let mark = format!("{{{key}}}");
            if !text.contains(&mark) {
                return text;
            }
            let name = self.names(vocabulary).into_iter().next().unwrap_or_else(|| "naam".to_owned());
            text.replace(&mark, &name)
        })
    }

    fn of_name(&self, vocabulary: Vocabulary, name: &str) -> Option<String> {
        let title = format!("**{name}** ({})", vocabulary.word().in_language(self.language));
        match vocabulary {
            Vocabulary::Field => fields::find(name).map(|field| self.of_field(field)),
            Vocabulary::GroupField => {
                let own = || self.label(Vocabulary::ExtraField, name);
                let help = fields::find(name).map(|field| self.say(field.help).to_owned()).or_else(own);
                Some(help.map_or_else(|| title.clone(), |help| format!("{title}: {help}")))
            }
            Vocabulary::Message => self.of_message(name, &title),
            Vocabulary::Action => self
                .shown(&Symbol::Name(vocabulary, name.to_owned()))
                .map(|text| format!("{title}\n\n{text}")),
            Vocabulary::State => {
                let state = self.procedure()?.states.get(name)?;
                Some(format!("{title}: {}", self.of_state(state)))
            }
            Vocabulary::Deadline => {
                let deadline = self.procedure()?.deadlines.get(name)?;
                Some(format!("{title}: {}", self.of_deadline(name, deadline)))
            }
            _ => Some(format!("{title}: {}", self.label(vocabulary, name)?)),
        }
    }

    /// Returns what people read for a name, in the organisation's language.
    pub(super) fn label(&self, vocabulary: Vocabulary, name: &str) -> Option<String> {
        let procedure = self.procedure()?;
        let of = |map: &BTreeMap<Name, Label>| Some(map.get(name)?.in_language(self.language).to_owned());
        match vocabulary {
            Vocabulary::State => procedure.states.get(name).map(|s| self.either(&s.nl, &s.en)),
            Vocabulary::Deadline => procedure.deadlines.get(name).map(|d| self.either(&d.nl, &d.en)),
            Vocabulary::Role => procedure.roles.get(name).map(|r| self.either(&r.nl, &r.en)),
            Vocabulary::Flag => of(&procedure.flags),
            Vocabulary::Counter => of(&procedure.counters),
            Vocabulary::Measure => of(&procedure.measures),
            Vocabulary::ExtraField => {
                procedure.extra.get(name).map(|field| field.label.in_language(self.language).to_owned())
            }
            other => of(other.labels(procedure)?),
        }
    }

    fn either(&self, nl: &str, en: &str) -> String {
        if self.language == Language::English { en.to_owned() } else { nl.to_owned() }
    }

    fn of_field(&self, field: &Field) -> String {
        let kind = field.kind.described().in_language(self.language);
        let mut text = format!("**complaint.{}** ({kind}): {}", field.name, self.say(field.help));
        let note = |text: &mut String, help: Help| text.push_str(&format!("\n\n{}", self.say(help)));
        if field.presence == Presence::Sometimes {
            note(&mut text, said("Leeg is `()`.", "Empty is `()`."));
        }
        if field.is_free_text() {
            note(
                &mut text,
                said("Een voorwaarde kan alleen `known(…)` vragen.", "A condition can only ask `known(…)`."),
            );
        }
        if field.is_writable() {
            note(&mut text, said("In `then` in te vullen.", "Can be filled in, in `then`."));
        }
        if let Some(vocabulary) = field.kind.vocabulary() {
            let names: Vec<String> = self.names(vocabulary).iter().map(|n| format!("`{n}`")).collect();
            text.push_str(&format!("\n\n{}", names.join(", ")));
        }
        text
    }

    fn of_state(&self, state: &StateDeclaration) -> String {
        let mut text = self.either(&state.nl, &state.en);
        if state.open {
            text.push_str(self.say(said("; wacht op een uitkomst", "; waits for its outcome")));
        }
        if state.terminal {
            text.push_str(self.say(said("; regels kijken er niet meer naar", "; rules stop looking at it")));
        }
        text
    }

    fn of_deadline(&self, name: &str, deadline: &DeadlineDeclaration) -> String {
        let mut text = self.either(&deadline.nl, &deadline.en);
        text.push_str(self.say(match deadline.side {
            Side::Own => said("; bindt de organisatie", "; binds the organisation"),
            Side::Complainant => said("; bindt de klager", "; binds the complainant"),
        }));
        let symbol = Symbol::Name(Vocabulary::Deadline, name.to_owned());
        let called =
            |words: &[&str]| self.titles(&symbol, &|before| words.iter().any(|w| before.ends_with(w)));
        let alarms = deadline.alarms.iter().map(|role| format!("`{role}`")).collect();
        let lists = [
            (said("Gaat lopen door", "Armed by"), called(&["deadline(\""])),
            (said("Wie het hoort als hij voorbij is", "Who hears when it has passed"), alarms),
            (said("Kijken naar het verstrijken", "Look at its passing"), called(&["overdue(\"", "due(\""])),
            (said("Eindigt door", "Ended by"), called(&["met(\"", "cancel(\""])),
        ];
        for (title, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
            text.push_str(&format!("\n\n{}:\n- {}", self.say(title), items.join("\n- ")));
        }
        text
    }

    fn of_message(&self, name: &str, title: &str) -> Option<String> {
        let mut text = title.to_owned();
        let files = self.files_of_message(name);
        if files.is_empty() {
            return None;
        }
        for file in files {
            let language = file.split('/').nth(1).unwrap_or_default();
            let lines = self.text(file).unwrap_or_default().lines();
            let subject = lines.take(5).find_map(|line| line.strip_prefix("subject:")).unwrap_or_default();
            text.push_str(&format!("\n\n{language}: {}", subject.trim()));
        }
        let symbol = Symbol::Name(Vocabulary::Message, name.to_owned());
        let senders = self
            .titles(&symbol, &|before| before.rfind('(').is_some_and(|i| before[..i].ends_with("notify")));
        if !senders.is_empty() {
            let title = self.say(said("Verstuurd door", "Sent by"));
            text.push_str(&format!("\n\n{title}:\n- {}", senders.join("\n- ")));
        }
        Some(text)
    }

    /// Returns the statements that name a symbol where the text before the name on its line fits.
    fn titles(&self, symbol: &Symbol, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
        let mentions = self.mentions_of(symbol).into_iter().map(|(spot, _)| spot);
        let scripts =
            mentions.filter(|spot| spot.file.ends_with(".rhai") && !spot.file.starts_with("tests/"));
        let named = scripts.filter(|spot| fits(self.line_before(spot)));
        let titles: BTreeSet<String> = named.filter_map(|spot| self.title_at(&spot)).collect();
        titles.into_iter().collect()
    }

    fn line_before(&self, spot: &Spot) -> &str {
        let before = self.text(&spot.file).and_then(|text| text.get(..spot.range.start)).unwrap_or_default();
        &before[before.rfind('\n').map_or(0, |i| i + 1)..]
    }

    fn title_at(&self, spot: &Spot) -> Option<String> {
        let (text, read) = (self.text(&spot.file)?, self.read.get(&spot.file)?);
        let of_spot = |p: &&super::script::Piece| p.range(&read.tokens).contains(&spot.range.start);
        let piece = read.pieces.iter().find(of_spot)?;
        Some(format!("{} {}", piece.kind.keyword(), text.get(piece.name(text, &read.tokens)?)?))
    }

    /// Returns the statement that declares a symbol, as it is written.
    fn shown(&self, symbol: &Symbol) -> Option<String> {
        let (spot, _) = self.mentions_of(symbol).into_iter().find(|(_, role)| *role == Role::Declares)?;
        let (text, read) = (self.text(&spot.file)?, self.read.get(&spot.file)?);
        let of_spot = |p: &&super::script::Piece| p.range(&read.tokens).contains(&spot.range.start);
        let piece = read.pieces.iter().find(of_spot)?;
        let mut range = piece.range(&read.tokens);
        if piece.kind == PieceKind::Constant {
            // The remark beside a term says what it is for.
            range.end += text[range.end..].find(['\n', '\r']).unwrap_or(text.len() - range.end);
        }
        let whole = text.get(range)?;
        let shown: String = whole.chars().take(SHOWN_CHARACTERS).collect();
        let more = if shown.len() < whole.len() { "\n…" } else { "" };
        Some(format!("```rhai\n{}{more}\n```", shown.trim_end()))
    }

    fn of_answer(&self, action: &str, name: &str) -> Option<String> {
        let symbol = Symbol::Answer { action: action.to_owned(), name: name.to_owned() };
        let (spot, _) = self.mentions_of(&symbol).into_iter().find(|(_, role)| *role == Role::Declares)?;
        let text = self.text(&spot.file)?;
        let line = &text[spot.range.start..];
        let line = line.lines().next().unwrap_or_default().trim_end_matches(',');
        Some(format!("```rhai\n{line}\n```"))
    }
}

/// Writes a way of calling a word: `days(n) -> a span`.
pub(super) fn signature(word: &Word, form: &Form, language: Language) -> String {
    let parameters: Vec<&str> = form.takes.iter().map(|p| p.name).collect();
    let gives = match form.gives {
        words::kind::Kind::Any | words::kind::Kind::Nothing => String::new(),
        kind => format!("  // {}", kind.described().in_language(language)),
    };
    format!("{}({}){gives}", word.name, parameters.join(", "))
}
