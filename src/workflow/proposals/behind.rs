//! A proposal that starts from what is not in force any more: what came in force since is merged into it, file by file and
//! line by line; where both changed the same lines, its owner says which text stands.

use super::difference::{Hunk, hunks};
use super::error::ProposalError;
use super::handle::Proposals;
use super::start::differing;
use crate::rules::RulesFolder;
use crate::store::{ChangedFiles, ProposalChange};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What came in force since a proposal began, beside what it changes.
#[derive(Clone, Debug)]
pub struct Behind {
    /// The files that came in force since and that it does not change, by path.
    pub taken_over: BTreeSet<String>,
    /// The files that both change, in different places, by path.
    pub merged: BTreeSet<String>,
    /// The files in which both change the same.
    pub clashes: Vec<Clash>,
}

/// A file in which a proposal and what came in force since change the same.
#[derive(Clone, Debug)]
pub struct Clash {
    /// Its path.
    pub path: String,
    /// What came in force since.
    pub theirs: Vec<Hunk>,
    /// What the proposal changes.
    pub mine: Vec<Hunk>,
}

/// Which text of a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// What the proposal says, as a whole file.
    Mine,
    /// What is in force, as a whole file.
    Theirs,
}

/// A proposal moved to what is in force.
struct Moved {
    files: ChangedFiles,
    behind: Behind,
}

impl Proposals<'_> {
    /// Returns what moving a proposal to what is in force would come to.
    pub async fn behind(self, id: i64) -> Result<Behind, ProposalError> {
        let opened = self.one(id).await?;
        let in_force = self.in_force().await?;
        Ok(moved(&opened.base, &opened.folder, &in_force.folder, &BTreeMap::new()).behind)
    }

    /// Moves one's own proposal to what is in force. Of each file in which both change the same, `settled` says which text
    /// stands; where it does not, nothing is done and false is returned.
    pub async fn catch_up(
        self,
        (id, version): (i64, i64),
        by: &str,
        settled: &BTreeMap<String, Settled>,
    ) -> Result<bool, ProposalError> {
        let opened = self.own(id, by).await?;
        let in_force = self.in_force().await?;
        let moved = moved(&opened.base, &opened.folder, &in_force.folder, settled);
        if !moved.behind.clashes.is_empty() {
            return Ok(false);
        }
        let stays: BTreeSet<&String> = moved.files.keys().collect();
        let put_back = opened.files.keys().filter(|path| !stays.contains(path)).cloned().collect();
        let change = ProposalChange { put: moved.files, put_back, name: None, base: Some(in_force.base()) };
        self.change((id, version), change).await.map(|_| true)
    }
}

fn moved(
    base: &Arc<RulesFolder>,
    mine: &RulesFolder,
    theirs: &RulesFolder,
    settled: &BTreeMap<String, Settled>,
) -> Moved {
    let (changed, since) = (differing(base, mine), differing(base, theirs));
    let mut result = mine.to_files();
    let mut behind = Behind { taken_over: BTreeSet::new(), merged: BTreeSet::new(), clashes: Vec::new() };
    for (path, text) in &since {
        let took = match (changed.get(path), settled.get(path)) {
            (None, _) => {
                behind.taken_over.insert(path.clone());
                text.clone()
            }
            (Some(own), _) if own == text => text.clone(),
            (Some(own), Some(Settled::Mine)) => own.clone(),
            (Some(_), Some(Settled::Theirs)) => text.clone(),
            (Some(own), None) => match merged(base.text(path), own.as_deref(), text.as_deref()) {
                Some(merged) => {
                    behind.merged.insert(path.clone());
                    Some(merged)
                }
                None => {
                    let before = base.text(path).unwrap_or_default();
                    let hunks = |text: &Option<String>| hunks(before, text.as_deref().unwrap_or_default());
                    behind.clashes.push(Clash { path: path.clone(), theirs: hunks(text), mine: hunks(own) });
                    own.clone()
                }
            },
        };
        match took {
            Some(text) => drop(result.insert(path.clone(), text)),
            None => drop(result.remove(path)),
        }
    }
    Moved { files: differing(theirs, &RulesFolder::of(result)), behind }
}

/// Merges two changes of a text; none where they change the same, or one of them takes the file away.
fn merged(base: Option<&str>, mine: Option<&str>, theirs: Option<&str>) -> Option<String> {
    diffy::merge(base?, mine?, theirs?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Arc<RulesFolder> {
        Arc::new(RulesFolder::of(files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect()))
    }

    const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

    #[test]
    fn changes_of_other_files_and_of_other_lines_are_merged() {
        let base = folder(&[("a.rhai", LINES), ("b.rhai", "b\n"), ("c.rhai", "c\n"), ("d.rhai", "d\n")]);
        let mine = folder(&[("a.rhai", &LINES.replace('2', "two")), ("b.rhai", "b\n"), ("d.rhai", "mine\n")]);
        let theirs = folder(&[
            ("a.rhai", &LINES.replace('8', "eight")),
            ("b.rhai", "B\n"),
            ("c.rhai", "c\n"),
            ("d.rhai", "d\n"),
            ("e.rhai", "e\n"),
        ]);
        let moved = moved(&base, &mine, &theirs, &BTreeMap::new());
        assert!(moved.behind.clashes.is_empty());
        assert_eq!(moved.behind.merged.iter().collect::<Vec<_>>(), ["a.rhai"]);
        assert_eq!(moved.behind.taken_over.iter().collect::<Vec<_>>(), ["b.rhai", "e.rhai"]);
        let both = LINES.replace('2', "two").replace('8', "eight");
        let expected: ChangedFiles = [
            ("a.rhai".to_owned(), Some(both)),
            ("c.rhai".to_owned(), None),
            ("d.rhai".to_owned(), Some("mine\n".to_owned())),
        ]
        .into();
        assert_eq!(moved.files, expected);
    }

    #[test]
    fn the_same_lines_are_for_the_owner_to_settle() {
        let base = folder(&[("a.rhai", LINES), ("b.rhai", "b\n")]);
        let mine = folder(&[("a.rhai", &LINES.replace('2', "mine"))]);
        let theirs = folder(&[("a.rhai", &LINES.replace('2', "theirs")), ("b.rhai", "B\n")]);
        let clashed = moved(&base, &mine, &theirs, &BTreeMap::new());
        let paths: Vec<&str> = clashed.behind.clashes.iter().map(|clash| clash.path.as_str()).collect();
        assert_eq!(paths, ["a.rhai", "b.rhai"], "who takes a file away does not lose what came since unseen");
        let settled: BTreeMap<String, Settled> =
            [("a.rhai".to_owned(), Settled::Mine), ("b.rhai".to_owned(), Settled::Theirs)].into();
        let moved = moved(&base, &mine, &theirs, &settled);
        assert!(moved.behind.clashes.is_empty());
        let mine: ChangedFiles = [("a.rhai".to_owned(), Some(LINES.replace('2', "mine")))].into();
        assert_eq!(moved.files, mine);
    }
}
