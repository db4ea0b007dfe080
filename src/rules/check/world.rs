//! `Checked`: everything that the checks of one ruleset look at.

use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::unknown_name;
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::recovery::Unreadable;
use crate::rules::language::source::RulesetSource;
use crate::rules::procedure::declared::Procedure;
use crate::rules::procedure::extra::{ExtraField, ExtraKind};
use crate::rules::statements::script::{ScriptFile, Scripts};
use crate::rules::words::vocabulary::{Declared, Vocabulary};
use crate::rules::words::{self, fields};
use rhai::{Dynamic, Expr, Position};
use std::collections::BTreeMap;

/// The vocabularies of names that stand in scripts as texts.
const NAMED: &[Vocabulary] = &[
    Vocabulary::State,
    Vocabulary::Deadline,
    Vocabulary::Role,
    Vocabulary::Message,
    Vocabulary::Action,
    Vocabulary::Escalation,
    Vocabulary::Measure,
    Vocabulary::Cause,
    Vocabulary::Verdict,
    Vocabulary::Ground,
    Vocabulary::Agreement,
    Vocabulary::Channel,
];

/// The ruleset as its checks look at it.
pub(in crate::rules) struct Checked<'a> {
    pub source: &'a RulesetSource,
    pub procedure: &'a Procedure,
    pub files: &'a [ScriptFile],
    pub constants: &'a BTreeMap<String, Dynamic>,
    pub declared: Declared<'a>,
    /// The functions of the scripts, and how many parameters each takes.
    pub functions: BTreeMap<&'a str, usize>,
    /// The names that are given where nothing could be read; of them nothing is said.
    pub unreadable: &'a Unreadable,
}

impl<'a> Checked<'a> {
    /// Gathers what is declared.
    pub fn of(
        source: &'a RulesetSource,
        procedure: &'a Procedure,
        scripts: &'a Scripts,
        constants: &'a BTreeMap<String, Dynamic>,
    ) -> Self {
        let (files, unreadable) = (&scripts.files, &scripts.unreadable);
        let statements = files.iter().flat_map(|f| &f.statements);
        let actions = statements.filter(|s| s.kind == StatementKind::Action).filter_map(Statement::id);
        let declared = Declared {
            procedure,
            messages: source.messages().map(|(_, message, _)| message).collect(),
            actions: actions.chain(unreadable.actions.iter().map(String::as_str)).collect(),
            fields: fields::all().map(|f| f.name).collect(),
        };
        let functions = files.iter().flat_map(|f| f.ast.iter_functions());
        let functions = functions.map(|f| (f.name, f.params.len())).collect();
        Self { source, procedure, files, constants, declared, functions, unreadable }
    }

    /// Says that a name is in no vocabulary, and which was probably meant.
    pub fn unknown_name(
        &self,
        file: &str,
        position: Position,
        vocabulary: Vocabulary,
        name: &str,
    ) -> Option<Diagnostic> {
        let known = vocabulary.names(&self.declared);
        if known.contains(&name) {
            return None;
        }
        Some(unknown_name::report(self.source.at(file, position), vocabulary.word(), name, known))
    }

    /// Returns what an action asks, as written after `asks`; none where there is no such action.
    pub fn asks_of(&self, action: &str) -> Option<Option<&'a Expr>> {
        let mut actions = self.files.iter().flat_map(|f| &f.statements);
        let found = actions.find(|s| s.kind == StatementKind::Action && s.id() == Some(action));
        found.map(Statement::asks)
    }

    /// Returns whether a text is a name in some vocabulary, or a choice somewhere.
    pub fn is_any_name(&self, text: &str) -> bool {
        let mut own = self.procedure.extra.values();
        let is_choice = |field: &ExtraField| match &field.kind {
            ExtraKind::Choice(options) => options.iter().any(|o| o == text),
            _ => false,
        };
        Vocabulary::ALL.iter().any(|v| v.names(&self.declared).contains(&text)) || own.any(is_choice)
    }

    /// Returns whether a name is one that the procedure declares, or a message or an action.
    pub fn is_declared(&self, name: &str) -> bool {
        NAMED.iter().any(|vocabulary| vocabulary.names(&self.declared).contains(&name))
    }

    /// Returns whether scripts may not give this name to something of their own.
    pub fn is_taken(&self, name: &str) -> bool {
        words::VARIABLES.contains(&name) || words::find(name).is_some() || self.constants.contains_key(name)
    }
}

/// Returns whether a function is one that the parser made of a closure.
pub(super) fn is_closure(function: &str) -> bool {
    function.starts_with("anon$")
}
