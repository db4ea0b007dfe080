//! What stands on a term: the rules, actions, schedules and letters that it comes to, the terms that they arm, the scenarios
//! that see it, and the sentences of the company's text that those carry.

use super::super::message;
use super::super::script::{Piece, PieceKind};
use super::super::symbol::{Mention, Role, Symbol};
use super::super::tokens::TokenKind;
use super::super::view::View;
use super::super::workspace::{FileKind, Workspace, kind_of_file};
use crate::rules::observe::clauses::Clauses;
use crate::rules::words::{self, word::Does};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a change of a term comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// The names of the rules that read it, themselves or by way of functions and other terms.
    pub rules: BTreeSet<String>,
    /// The ids of the actions that do.
    pub actions: BTreeSet<String>,
    /// The names of the schedules that do.
    pub schedules: BTreeSet<String>,
    /// The messages in which it stands.
    pub letters: BTreeSet<String>,
    /// The deadlines whose end is reckoned with it.
    pub deadlines: BTreeSet<String>,
    /// The other terms that are made of it.
    pub terms: BTreeSet<String>,
    /// The settings of `procedure.toml` that take it: times of the digest.
    pub settings: BTreeSet<String>,
    /// The scenarios that name it, and those that prove a sentence that rests on it.
    pub scenarios: BTreeSet<String>,
    /// The sentences of the company's text whose rules, letters or deadlines it touches, by row.
    pub clauses: Vec<TouchedClause>,
}

/// A sentence of the company's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TouchedClause {
    /// The number of its row.
    pub row: u32,
    /// Its meaning.
    pub text: String,
}

/// Finds what stands on a term; nothing where there is no such term, or where nothing reads it.
pub fn touched(workspace: &Workspace, name: &str) -> Touched {
    let (reached, mut touched) = decided(workspace, name);
    reached.scenarios(&mut touched);
    reached.settings(&mut touched);
    of_text(workspace, &mut touched);
    touched
}

/// Finds the sentences of the company's text that stand on a term, without looking through scenarios.
pub fn sentences_on(workspace: &Workspace, name: &str) -> Vec<TouchedClause> {
    let (_, mut touched) = decided(workspace, name);
    of_text(workspace, &mut touched);
    touched.clauses
}

/// Finds what is decided and written by a term.
fn decided<'w>(workspace: &'w Workspace, name: &str) -> (Reached<'w>, Touched) {
    let mut reached = Reached::of(workspace, name);
    reached.spread();
    let mut touched = Touched { terms: reached.constants.clone(), ..Touched::default() };
    touched.terms.remove(name);
    reached.statements(&mut touched);
    reached.letters(&mut touched);
    (reached, touched)
}

/// The names by which a term comes to statements.
struct Reached<'w> {
    workspace: &'w Workspace,
    constants: BTreeSet<String>,
    functions: BTreeSet<String>,
    /// The fields of a complaint that something sets to what is reckoned with it.
    fields: BTreeSet<String>,
}

impl<'w> Reached<'w> {
    fn of(workspace: &'w Workspace, name: &str) -> Self {
        let constants = [name.to_owned()].into();
        Self { workspace, constants, functions: BTreeSet::new(), fields: BTreeSet::new() }
    }

    /// Returns the pieces of the scripts with what each mentions.
    fn pieces(&self, kind: FileKind) -> impl Iterator<Item = Looked<'w>> {
        let files = self.workspace.read.iter().filter(move |(path, _)| kind_of_file(path) == Some(kind));
        files.flat_map(|(path, read)| {
            let text = self.workspace.text(path).unwrap_or_default();
            let starts: Vec<usize> =
                read.pieces.iter().map(|piece| piece.range(&read.tokens).start).collect();
            let mut mentions: Vec<Vec<&Mention>> = vec![Vec::new(); starts.len()];
            for mention in &read.mentions {
                let piece = starts.partition_point(|start| *start <= mention.range.start).checked_sub(1);
                if let Some(of_piece) = piece.and_then(|piece| mentions.get_mut(piece)) {
                    of_piece.push(mention);
                }
            }
            let looked = read.pieces.iter().zip(mentions).map(move |(piece, mentions)| Looked {
                view: View { text, tokens: &read.tokens, piece },
                piece,
                mentions,
            });
            looked.collect::<Vec<_>>()
        })
    }

    /// Follows the term into the terms, functions and fields that are made of it, until there is none left.
    fn spread(&mut self) {
        let all: Vec<Looked> = self.pieces(FileKind::Script).collect();
        loop {
            let before = (self.constants.len(), self.functions.len(), self.fields.len());
            for looked in &all {
                self.fields.extend(looked.flow(self).fields);
                let Some(name) = looked.view.name().filter(|_| self.is_in(looked)) else { continue };
                match looked.piece.kind {
                    PieceKind::Constant => {
                        self.constants.insert(name);
                    }
                    PieceKind::Function => {
                        self.functions.insert(name);
                    }
                    _ => {}
                }
            }
            if before == (self.constants.len(), self.functions.len(), self.fields.len()) {
                break;
            }
        }
    }

    fn is_in(&self, looked: &Looked) -> bool {
        looked.mentions.iter().any(|mention| self.is_one(mention))
    }

    fn is_one(&self, mention: &Mention) -> bool {
        mention.role == Role::Uses
            && match &mention.symbol {
                Symbol::Constant(name) => self.constants.contains(name),
                Symbol::Function { scenarios: None, name } => self.functions.contains(name),
                _ => false,
            }
    }

    fn statements(&self, touched: &mut Touched) {
        for looked in self.pieces(FileKind::Script) {
            let deadlines = looked.flow(self).deadlines;
            touched.deadlines.extend(deadlines);
            let Some(name) = looked.view.name().filter(|_| self.is_in(&looked)) else { continue };
            match looked.piece.kind {
                PieceKind::Rule => {
                    touched.rules.insert(name);
                }
                PieceKind::Action => {
                    touched.actions.insert(name);
                }
                PieceKind::Schedule => {
                    touched.schedules.insert(name);
                }
                PieceKind::Scenario | PieceKind::Function | PieceKind::Constant => {}
            }
        }
    }

    fn letters(&self, touched: &mut Touched) {
        for (_, message, text) in self.workspace.source().messages() {
            if message::mentions(text).iter().any(|mention| self.is_one(mention)) {
                touched.letters.insert(message.to_owned());
            }
        }
    }

    fn scenarios(&self, touched: &mut Touched) {
        let scenarios =
            self.pieces(FileKind::Scenarios).filter(|looked| looked.piece.kind == PieceKind::Scenario);
        touched.scenarios.extend(scenarios.filter(|s| self.is_in(s)).filter_map(|s| s.view.name()));
    }

    fn settings(&self, touched: &mut Touched) {
        let Some(procedure) = self.workspace.procedure() else { return };
        let digest = &procedure.digest;
        if self.constants.contains(&digest.at) {
            touched.settings.insert("digest.at".to_owned());
        }
        if digest.working_hours.iter().any(|time| self.constants.contains(time)) {
            touched.settings.insert("digest.working_hours".to_owned());
        }
    }
}

/// A piece of a script with what it mentions.
struct Looked<'w> {
    view: View<'w>,
    piece: &'w Piece,
    mentions: Vec<&'w Mention>,
}

/// Where what is reckoned with a term goes within a piece.
#[derive(Default)]
struct Flow {
    /// The fields of the complaint that are set to it.
    fields: BTreeSet<String>,
    /// The deadlines that end by it.
    deadlines: BTreeSet<String>,
}

impl Looked<'_> {
    /// Follows what is reckoned with a term, from left to right: into names, answers that are filled in, fields and deadlines.
    fn flow(&self, reached: &Reached) -> Flow {
        let (mut flow, mut names) = (Flow::default(), BTreeSet::new());
        if reached.fields.is_empty() && !reached.is_in(self) {
            return flow;
        }
        for i in self.piece.tokens.clone() {
            if self.view.kind_of_token(i) != Some(TokenKind::Name) {
                continue;
            }
            let name = self.view.written(i);
            match (name, self.view.written(i + 1), self.view.before(i)) {
                (_, "=", "let") if self.is_of(reached, &names, i + 2, &[";"]) => {
                    names.insert(name);
                }
                (_, "=", ".") if self.is_of(reached, &names, i + 2, &[";"]) => {
                    flow.fields.insert(name.to_owned());
                }
                // An answer that is filled in with it; it is read as `input.NAME`.
                (_, ":", "{" | "#{" | ",") if self.is_of(reached, &names, i + 2, &[",", "}"]) => {
                    names.insert(name);
                }
                (word, "(", _) if words::find(word).is_some_and(|w| w.does == Does::ArmsTerm) => {
                    let Some(deadline) = self.view.argument_text(i, 0) else { continue };
                    let arguments = self.view.arguments(i + 1);
                    let is_end =
                        |of: &std::ops::Range<usize>| of.clone().any(|at| self.is_at(reached, &names, at));
                    if arguments.get(1).is_some_and(is_end) {
                        flow.deadlines.insert(deadline);
                    }
                }
                _ => {}
            }
        }
        flow
    }

    /// Returns whether something up to one of these signs is reckoned with the term.
    fn is_of(&self, reached: &Reached, names: &BTreeSet<&str>, from: usize, until: &[&str]) -> bool {
        let mut depth = 0_usize;
        for i in from..self.piece.tokens.end {
            let written = self.view.written(i);
            if depth == 0 && until.contains(&written) {
                return false;
            }
            match written {
                "(" | "[" | "{" | "#{" | "${" => depth += 1,
                ")" | "]" | "}" => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return false,
                },
                _ if self.is_at(reached, names, i) => return true,
                _ => {}
            }
        }
        false
    }

    fn is_at(&self, reached: &Reached, names: &BTreeSet<&str>, i: usize) -> bool {
        if self.view.kind_of_token(i) != Some(TokenKind::Name) {
            return false;
        }
        let (name, before) = (self.view.written(i), self.view.before(i));
        let owner = i.checked_sub(2).map_or("", |owner| self.view.written(owner));
        if before == "." {
            return (owner == "complaint" && reached.fields.contains(name))
                || (owner == "input" && names.contains(name));
        }
        let start = self.view.tokens[i].range.start;
        let of_token = |mention: &&&Mention| mention.range.start == start;
        names.contains(name) || self.mentions.iter().find(of_token).is_some_and(|m| reached.is_one(m))
    }
}

/// Adds the rows of the company's text that rest on what is touched, and the scenarios that prove them.
fn of_text(workspace: &Workspace, touched: &mut Touched) {
    let text = workspace.text(Clauses::FILE).map(Clauses::parse);
    let Some(Ok(clauses)) = text else { return };
    for clause in &clauses.clauses {
        let workings = clause.rules.iter().any(|name| {
            touched.rules.contains(name) || touched.actions.contains(name) || touched.schedules.contains(name)
        });
        let carried = clause.messages.iter().any(|name| touched.letters.contains(name))
            || clause.deadlines.iter().any(|name| touched.deadlines.contains(name));
        if workings || carried {
            touched.clauses.push(TouchedClause { row: clause.row, text: clause.text.clone() });
        }
        if workings {
            touched.scenarios.extend(clause.scenarios.iter().cloned());
        }
    }
}
