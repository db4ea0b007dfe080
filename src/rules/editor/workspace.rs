//! `Workspace`: the texts of a rules folder as they are now, and everything that they name.

use super::expected::learn;
use super::expressions::Expressions;
use super::flow::Flows;
use super::script::{Piece, PieceKind, pieces};
use super::statement::{Known, walk};
use super::symbol::{Mention, Role, Symbol};
use super::tokens::{Token, tokens};
use super::view::View;
use super::{message, tables};
use crate::complaint::Language;
use crate::rules::check::world::Checked;
use crate::rules::language::recovery::Unreadable;
use crate::rules::language::source::ORGANISATION;
use crate::rules::language::source::RulesetSource;
use crate::rules::observe::clauses::Clauses;
use crate::rules::procedure::declared::{self, Procedure};
use crate::rules::procedure::digest::DigestDeclaration;
use crate::rules::procedure::extra::ExtraFields;
use crate::rules::procedure::label::Label;
use crate::rules::statements::script;
use crate::rules::words::fields;
use crate::rules::words::vocabulary::{Declared, Vocabulary};
use rhai::Dynamic;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A place in a file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file, relative to the rules folder.
    pub file: String,
    /// The bytes of its text.
    pub range: Range<usize>,
}

impl Spot {
    fn order(&self) -> (&str, usize, usize) {
        (&self.file, self.range.start, self.range.end)
    }
}

impl PartialOrd for Spot {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spot {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// What kind of file a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Script,
    Scenarios,
    Message,
    Procedure,
    Clauses,
    Organisation,
}

/// Returns what a path relative to the folder holds; none for what is no part of a ruleset.
pub(super) fn kind_of_file(path: &str) -> Option<FileKind> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        [declared::FILE] => Some(FileKind::Procedure),
        [Clauses::FILE] => Some(FileKind::Clauses),
        _ if path == ORGANISATION => Some(FileKind::Organisation),
        [script] if script.ends_with(".rhai") => Some(FileKind::Script),
        ["tests", script] if script.ends_with(".rhai") => Some(FileKind::Scenarios),
        ["messages", _, message] if message.ends_with(".md") => Some(FileKind::Message),
        _ => None,
    }
}

/// A file as it is read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub tokens: Vec<Token>,
    pub pieces: Vec<Piece>,
    pub mentions: Vec<Mention>,
    flows: Flows,
}

/// The texts of a rules folder while somebody types in it.
#[derive(Debug)]
pub struct Workspace {
    texts: BTreeMap<String, String>,
    extra: ExtraFields,
    pub(super) language: Language,
    pub(super) expressions: Expressions,
    pub(super) read: BTreeMap<String, Read>,
    /// The last declarations that loaded.
    procedure: Option<Procedure>,
    source: RulesetSource,
    /// The values of the terms, as far as they can be worked out.
    values: BTreeMap<String, Dynamic>,
    constants: BTreeSet<String>,
    actions: BTreeSet<String>,
    functions: BTreeSet<String>,
    /// The terms as they are written, by which it is known that another value is to be worked out.
    written: Vec<String>,
    flows: Flows,
}

/// A function may hand its parameter, and the answers to questions, on to another, so often.
const HANDED_ON: usize = 4;

impl Workspace {
    /// Makes a workspace of files by path relative to the folder; `extra` are the organisation's own fields,
    /// and people are answered in `language`.
    pub fn new(texts: BTreeMap<String, String>, extra: ExtraFields, language: Language) -> Self {
        let mut workspace = Self {
            texts: BTreeMap::new(),
            extra,
            language,
            expressions: Expressions::new(),
            read: BTreeMap::new(),
            procedure: None,
            source: RulesetSource::new(BTreeMap::new()),
            values: BTreeMap::new(),
            constants: BTreeSet::new(),
            actions: BTreeSet::new(),
            functions: BTreeSet::new(),
            written: Vec::new(),
            flows: Flows::default(),
        };
        workspace.replace(texts);
        workspace
    }

    /// Returns the files by path, as they are now.
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// Returns the text of a file; none when there is no such file.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(String::as_str)
    }

    /// Takes other texts for the folder's; what is no file of a ruleset is left out.
    pub fn replace(&mut self, mut texts: BTreeMap<String, String>) {
        texts.retain(|path, _| kind_of_file(path).is_some());
        let before = std::mem::replace(&mut self.texts, texts);
        let is_changed = |path: &&String| before.get(*path) != self.texts.get(*path);
        let changed: BTreeSet<String> =
            self.texts.keys().chain(before.keys()).filter(is_changed).cloned().collect();
        self.look(&changed);
    }

    /// Takes another text for a file.
    pub fn set(&mut self, file: &str, text: &str) {
        if kind_of_file(file).is_some() && self.text(file) != Some(text) {
            self.texts.insert(file.to_owned(), text.to_owned());
            self.look(&[file.to_owned()].into());
        }
    }

    /// Reads the files anew that changed, and the others where what is declared elsewhere changed.
    fn look(&mut self, changed: &BTreeSet<String>) {
        if changed.is_empty() {
            return;
        }
        let of_ruleset = |path: &str| {
            let kind = kind_of_file(path);
            !matches!(kind, Some(FileKind::Scenarios | FileKind::Organisation | FileKind::Clauses) | None)
        };
        let files = self.texts.iter().filter(|(path, _)| of_ruleset(path));
        self.source = RulesetSource::new(files.map(|(p, t)| (p.clone(), t.clone())).collect());
        if changed.contains(declared::FILE) {
            let parsed = self.text(declared::FILE).map(|text| Procedure::parse(text, self.extra.clone()));
            if let Some((Some(procedure), _)) = parsed {
                self.procedure = Some(procedure);
            }
        }
        for path in changed {
            self.read.remove(path);
            let Some(text) = self.texts.get(path) else { continue };
            let mut read = Read::default();
            if matches!(kind_of_file(path), Some(FileKind::Script | FileKind::Scenarios)) {
                read.tokens = tokens(text);
                read.pieces = pieces(text, &read.tokens);
            }
            self.read.insert(path.clone(), read);
        }
        let declares_else = self.gather();
        let flows_else = self.follow(changed, declares_else);
        let all: Vec<String> = self.texts.keys().cloned().collect();
        let stale = all.iter().filter(|path| declares_else || flows_else || changed.contains(*path));
        let found: Vec<(&String, Vec<Mention>)> = stale.map(|path| (path, self.mentions(path))).collect();
        for (path, mentions) in found {
            if let Some(read) = self.read.get_mut(path) {
                read.mentions = mentions;
            }
        }
    }

    /// Gathers the names that scripts declare; returns whether they are others than before.
    fn gather(&mut self) -> bool {
        let (mut constants, mut actions, mut functions) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut written = Vec::new();
        for (path, read) in &self.read {
            if kind_of_file(path) != Some(FileKind::Script) {
                continue;
            }
            let text = &self.texts[path];
            for piece in &read.pieces {
                let Some(name) = piece.name(text, &read.tokens).map(|at| text[at].to_owned()) else {
                    continue;
                };
                let _is_new = match piece.kind {
                    PieceKind::Constant => {
                        written.push(text[piece.range(&read.tokens)].to_owned());
                        constants.insert(name)
                    }
                    PieceKind::Action => actions.insert(name),
                    PieceKind::Function => functions.insert(name),
                    PieceKind::Rule | PieceKind::Schedule | PieceKind::Scenario => false,
                };
            }
        }
        let is_else = written != self.written || functions != self.functions;
        if written != self.written {
            self.values = script::constants(&self.source, &script::parse(&self.source)).0;
        }
        (self.written, self.constants, self.actions, self.functions) =
            (written, constants, actions, functions);
        is_else
    }

    /// Follows names into functions and answers; returns whether something is known of others than before.
    fn follow(&mut self, changed: &BTreeSet<String>, all: bool) -> bool {
        let before = self.flows.clone();
        for _ in 0..HANDED_ON {
            let scripts = self.read.iter().filter(|(path, _)| kind_of_file(path) == Some(FileKind::Script));
            let stale = scripts.filter(|(path, _)| all || self.flows != before || changed.contains(*path));
            let learnt: Vec<(String, Flows)> =
                stale.map(|(path, read)| (path.clone(), self.learnt(path, read))).collect();
            for (path, flows) in learnt {
                if let Some(read) = self.read.get_mut(&path) {
                    read.flows = flows;
                }
            }
            let mut flows = Flows::default();
            let scripts = self.read.iter().filter(|(path, _)| kind_of_file(path) == Some(FileKind::Script));
            scripts.for_each(|(_, read)| flows.merge(&read.flows));
            let is_all = flows == self.flows;
            self.flows = flows;
            if is_all {
                break;
            }
        }
        let is_else = self.flows != before;
        self.follow_scenarios(changed, all || is_else);
        is_else
    }

    /// Follows names into the functions of scenarios, which are known in their own file only.
    fn follow_scenarios(&mut self, changed: &BTreeSet<String>, all: bool) {
        let paths = self.read.keys().filter(|path| kind_of_file(path) == Some(FileKind::Scenarios));
        let stale: Vec<String> = paths.filter(|path| all || changed.contains(*path)).cloned().collect();
        for path in stale {
            for _ in 0..HANDED_ON {
                let learnt = self.read.get(&path).map(|read| self.learnt(&path, read)).unwrap_or_default();
                let Some(read) = self.read.get_mut(&path).filter(|read| read.flows != learnt) else { break };
                read.flows = learnt;
            }
        }
    }

    fn learnt(&self, path: &str, read: &Read) -> Flows {
        let mut flows = Flows::default();
        self.with_known(path, |known| {
            for piece in &read.pieces {
                learn(&mut flows, known, View { text: &self.texts[path], tokens: &read.tokens, piece });
            }
        });
        flows
    }

    fn mentions(&self, path: &str) -> Vec<Mention> {
        let (Some(text), Some(read)) = (self.text(path), self.read.get(path)) else { return Vec::new() };
        match kind_of_file(path) {
            Some(FileKind::Script | FileKind::Scenarios) => self.with_known(path, |known| {
                let of_piece = |piece: &Piece| {
                    let view = View { text, tokens: &read.tokens, piece };
                    walk(known, view, usize::MAX, |walk| walk.found().to_vec())
                };
                read.pieces.iter().flat_map(of_piece).collect()
            }),
            Some(FileKind::Message) => message::mentions(text),
            Some(FileKind::Procedure) => tables::of_procedure(text),
            Some(FileKind::Clauses) => tables::of_clauses(text),
            Some(FileKind::Organisation) => tables::of_organisation(text),
            None => Vec::new(),
        }
    }

    /// Calls `look` with what the names in a file can mean.
    pub(super) fn with_known<T>(&self, path: &str, look: impl FnOnce(Known) -> T) -> T {
        let (empty, unreadable) = (nothing_declared(), Unreadable::default());
        let procedure = self.procedure.as_ref().unwrap_or(&empty);
        let scenarios = (kind_of_file(path) == Some(FileKind::Scenarios)).then_some(path);
        let own: BTreeSet<String> = scenarios.map(|path| self.functions_of(path)).unwrap_or_default();
        let checked = Checked {
            source: &self.source,
            procedure,
            files: &[],
            constants: &self.values,
            declared: self.declared(procedure),
            functions: BTreeMap::new(),
            unreadable: &unreadable,
        };
        let mut flows = Cow::Borrowed(&self.flows);
        if let Some(read) = scenarios.and_then(|path| self.read.get(path)) {
            flows.to_mut().merge(&read.flows);
        }
        look(Known {
            checked: &checked,
            expressions: &self.expressions,
            constants: &self.constants,
            functions: if scenarios.is_some() { &own } else { &self.functions },
            flows: &flows,
            scenarios,
        })
    }

    fn declared<'w>(&'w self, procedure: &'w Procedure) -> Declared<'w> {
        Declared {
            procedure,
            messages: self.source.messages().map(|(_, message, _)| message).collect(),
            actions: self.actions.iter().map(String::as_str).collect(),
            fields: fields::all().map(|f| f.name).collect(),
        }
    }

    fn functions_of(&self, path: &str) -> BTreeSet<String> {
        let (Some(text), Some(read)) = (self.text(path), self.read.get(path)) else { return BTreeSet::new() };
        let functions = read.pieces.iter().filter(|p| p.kind == PieceKind::Function);
        functions.filter_map(|p| Some(text.get(p.name(text, &read.tokens)?)?.to_owned())).collect()
    }

    pub(super) fn extra(&self) -> &ExtraFields {
        &self.extra
    }

    /// Returns the declarations, as far as they ever loaded.
    pub(super) fn procedure(&self) -> Option<&Procedure> {
        self.procedure.as_ref()
    }

    /// Returns the names of a vocabulary that exist.
    pub(super) fn names(&self, vocabulary: Vocabulary) -> Vec<String> {
        let empty = nothing_declared();
        let procedure = self.procedure.as_ref().unwrap_or(&empty);
        let names = vocabulary.names(&self.declared(procedure));
        names.into_iter().map(str::to_owned).collect()
    }

    pub(super) fn source(&self) -> &RulesetSource {
        &self.source
    }

    pub(super) fn constants(&self) -> &BTreeSet<String> {
        &self.constants
    }

    /// Returns the mention that a place is in or at the end of.
    pub(super) fn mention_at(&self, file: &str, offset: usize) -> Option<&Mention> {
        let mentions = &self.read.get(file)?.mentions;
        let touches = |m: &&Mention| m.range.start <= offset && offset <= m.range.end;
        let inside = |m: &&Mention| offset < m.range.end;
        mentions.iter().filter(touches).find(inside).or_else(|| mentions.iter().find(touches))
    }

    /// Returns what a place names; a message's own file names the message.
    pub(super) fn symbol_at(&self, file: &str, offset: usize) -> Option<(Symbol, Range<usize>)> {
        let found = self.mention_at(file, offset)?;
        Some((found.symbol.clone(), found.range.clone()))
    }

    /// Returns every mention of a symbol, with its file.
    pub(super) fn mentions_of(&self, symbol: &Symbol) -> Vec<(Spot, Role)> {
        let mut found = Vec::new();
        for (file, read) in &self.read {
            for mention in read.mentions.iter().filter(|m| symbol.is_meant_by(&m.symbol)) {
                found.push((Spot { file: file.clone(), range: mention.range.clone() }, mention.role));
            }
        }
        found
    }

    /// Returns the symbols that one stands for: what an event's name, or a clause's, is declared as.
    pub(super) fn meant(&self, symbol: &Symbol) -> Vec<Symbol> {
        let all = self.read.values().flat_map(|r| &r.mentions).filter(|m| m.role == Role::Declares);
        let declared: BTreeSet<&Symbol> =
            all.map(|m| &m.symbol).filter(|declared| declared.is_meant_by(symbol)).collect();
        if declared.is_empty() { vec![symbol.clone()] } else { declared.into_iter().cloned().collect() }
    }

    /// Returns the files of a message, the Dutch one first.
    pub(super) fn files_of_message(&self, message: &str) -> Vec<&str> {
        let end = format!("/{message}.md");
        let is_of = |path: &&str| kind_of_file(path) == Some(FileKind::Message) && path.ends_with(&end);
        let mut files: Vec<&str> = self.texts.keys().map(String::as_str).filter(is_of).collect();
        files.sort_by_key(|path| !path.starts_with("messages/nl/"));
        files
    }

    /// Returns where what a place names is declared.
    pub fn definitions(&self, file: &str, offset: usize) -> Vec<Spot> {
        let Some((symbol, _)) = self.symbol_at(file, offset) else { return Vec::new() };
        let mut found = Vec::new();
        for symbol in self.meant(&symbol) {
            if let Symbol::Name(Vocabulary::Message, message) = &symbol {
                let first = self.files_of_message(message).into_iter().next();
                found.extend(first.map(|file| Spot { file: file.to_owned(), range: 0..0 }));
            }
            let mentions = self.mentions_of(&symbol).into_iter();
            found.extend(mentions.filter(|(_, role)| *role == Role::Declares).map(|(spot, _)| spot));
        }
        found
    }

    /// Returns everywhere that what a place names is named, its declaration among them when it is asked for.
    pub fn references(&self, file: &str, offset: usize, with: With) -> Vec<Spot> {
        let Some((symbol, _)) = self.symbol_at(file, offset) else { return Vec::new() };
        let mentions = self.meant(&symbol).into_iter().flat_map(|symbol| self.mentions_of(&symbol));
        let wanted = |role: &Role| with == With::Declaration || *role == Role::Uses;
        let found: BTreeSet<Spot> = mentions.filter(|(_, r)| wanted(r)).map(|(spot, _)| spot).collect();
        found.into_iter().collect()
    }
}

/// Whether references include the declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// The declaration and the uses.
    Declaration,
    /// The uses alone.
    UsesOnly,
}

/// A procedure that declares nothing, until there is one that loads.
fn nothing_declared() -> Procedure {
    let label = || Label { nl: String::new(), en: String::new() };
    Procedure {
        name: label(),
        initial: "".into(),
        faults_to: "".into(),
        plugin_alarms_to: None,
        reports_concluded_by: None,
        reports_go_to: Vec::new(),
        recommendations_kept_by: None,
        rules_published_by: None,
        rules_approved_by: None,
        forgets_early: None,
        imports: None,
        states: BTreeMap::new(),
        roles: BTreeMap::new(),
        deadlines: BTreeMap::new(),
        flags: BTreeMap::new(),
        counters: BTreeMap::new(),
        verdicts: BTreeMap::new(),
        grounds: BTreeMap::new(),
        agreements: BTreeMap::new(),
        escalations: BTreeMap::new(),
        causes: BTreeMap::new(),
        measures: BTreeMap::new(),
        recommendations: BTreeMap::new(),
        digest: DigestDeclaration::default(),
        survey: None,
        decisions: Vec::new(),
        terms: Vec::new(),
        absences_kept_by: Vec::new(),
        accounts_kept_by: Vec::new(),
        extra: ExtraFields::new(),
    }
}
