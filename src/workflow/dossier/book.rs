//! `Book`: the rules that applied to one complaint, from the rulesets that were in force at the time, with the sentences of
//! the company's text that they carry out.

use crate::calendar::Moment;
use crate::dossier::{RuleRef, Sentence};
use crate::rules::{Clauses, RulesetSource, WrittenStatement, written_statements};
use crate::store::{InForce, Store, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A ruleset as far as it applied.
struct Chapter {
    times: Vec<InForce>,
    /// What applied of it, by name; none where the ruleset has no such statement.
    applied: BTreeMap<String, Option<WrittenStatement>>,
}

/// The rules that applied, as they are come across.
pub(super) struct Book {
    store: Store,
    clauses: Clauses,
    chapters: BTreeMap<String, Chapter>,
    /// The ruleset that was looked into last, whole.
    open: (String, Vec<WrittenStatement>),
}

impl Book {
    pub fn new(store: Store, clauses: Clauses) -> Self {
        Self { store, clauses, chapters: BTreeMap::new(), open: (String::new(), Vec::new()) }
    }

    /// Finds a rule, action or schedule under a ruleset at a moment.
    pub async fn find(&mut self, hash: &str, name: &str, at: Moment) -> Result<Option<RuleRef>, StoreError> {
        if !self.chapters.get(hash).is_some_and(|chapter| chapter.applied.contains_key(name)) {
            self.look_up(hash, name).await?;
        }
        let Some(chapter) = self.chapters.get(hash) else { return Ok(None) };
        let Some(Some(found)) = chapter.applied.get(name) else { return Ok(None) };
        let publication = chapter.times.iter().rev().find(|time| time.at <= at).map(|time| time.seq);
        Ok(Some(RuleRef {
            name: found.name.clone(),
            title: found.title.clone(),
            file: found.file.clone(),
            line: found.line,
            text: found.text.clone(),
            publication,
            sentences: self.sentences(name),
        }))
    }

    async fn look_up(&mut self, hash: &str, name: &str) -> Result<(), StoreError> {
        if self.open.0 != hash {
            self.open = (hash.to_owned(), self.statements(hash).await?);
        }
        if !self.chapters.contains_key(hash) {
            let times = self.store.dossiers().in_force(hash).await?;
            self.chapters.insert(hash.to_owned(), Chapter { times, applied: BTreeMap::new() });
        }
        let found = self.open.1.iter().find(|statement| statement.name == name).cloned();
        if let Some(chapter) = self.chapters.get_mut(hash) {
            chapter.applied.insert(name.to_owned(), found);
        }
        Ok(())
    }

    async fn statements(&self, hash: &str) -> Result<Vec<WrittenStatement>, StoreError> {
        let Some(stored) = self.store.dossiers().ruleset(hash).await? else { return Ok(Vec::new()) };
        let source = RulesetSource::from_json(&stored.content);
        let source = source.map_err(|e| stored.unreadable("content", e.to_string()))?;
        Ok(tokio::task::spawn_blocking(move || written_statements(&source)).await.unwrap_or_default())
    }

    fn sentences(&self, name: &str) -> Vec<Sentence> {
        let carried =
            self.clauses.clauses.iter().filter(|clause| clause.rules.iter().any(|rule| rule == name));
        carried.map(|clause| Sentence { row: clause.row, text: clause.text.clone() }).collect()
    }

    /// Returns the files of the folder `rules`: of each ruleset one to read and one for programs.
    pub fn files(&self, when: &dyn Fn(Moment) -> String) -> Vec<(String, String)> {
        let used = self.chapters.iter().filter(|(_, chapter)| chapter.applied.values().any(Option::is_some));
        used.flat_map(|(hash, chapter)| self.chapter(hash, chapter, when)).collect()
    }

    fn chapter(
        &self,
        hash: &str,
        chapter: &Chapter,
        when: &dyn Fn(Moment) -> String,
    ) -> [(String, String); 2] {
        let first = chapter.times.first().map_or(0, |time| time.seq);
        let name = format!("rules/publication-{first}-{}", hash.get(..12).unwrap_or(hash));
        let mut text = String::new();
        for InForce { seq, at, by, reason } in &chapter.times {
            let _ = writeln!(text, "{seq}. {} {by}: {reason}", when(*at));
        }
        let _ = writeln!(text, "SHA-256 {hash}");
        let mut statements: Vec<&WrittenStatement> = chapter.applied.values().flatten().collect();
        statements.sort_by_key(|statement| (&statement.file, statement.line));
        let mut documents: Vec<Value> = Vec::new();
        for statement in statements {
            let sentences = self.sentences(&statement.name);
            let _ = writeln!(text, "\n--- {}:{}", statement.file, statement.line);
            for sentence in &sentences {
                let _ = writeln!(text, "[{}] {}", sentence.row, sentence.text);
            }
            let _ = writeln!(text, "{}", statement.text);
            documents.push(json!({
                "name": statement.name, "title": statement.title, "file": statement.file, "line": statement.line,
                "text": statement.text, "sentences": sentences,
            }));
        }
        let times: Vec<Value> = chapter
            .times
            .iter()
            .map(|t| json!({"publication": t.seq, "at": when(t.at), "by": t.by, "reason": t.reason}))
            .collect();
        let document = json!({"ruleset": hash, "in_force": times, "statements": documents});
        [(format!("{name}.txt"), text), (format!("{name}.json"), format!("{document:#}\n"))]
    }
}
