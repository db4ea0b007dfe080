//! What stands behind a step: the publication under which a rule applied at a moment, and the sentences of the company's text,
//! as it was published with it, that name the rule.

use super::handle::Proposals;
use crate::calendar::Moment;
use crate::dossier::Sentence;
use crate::rules::Clauses;
use crate::store::{PublicationHead, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// The publications that are looked through, the newest.
const PUBLICATIONS: usize = 1_000;
/// The texts that are kept.
const TEXTS: usize = 32;

/// The publications of some rulesets, with the company's text of each.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// Newest first.
    publications: Vec<PublicationHead>,
    texts: BTreeMap<String, Arc<Clauses>>,
}

/// What stands behind a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The place of the publication among all.
    pub publication: i64,
    /// The moment at which it came in force.
    pub at: Moment,
    /// The sentences that name the rule; empty where none does, or nobody kept the text.
    pub sentences: Vec<Sentence>,
}

impl Proposals<'_> {
    /// Reads the publications of these rulesets, with the company's text of each.
    pub async fn roots(self, rulesets: &BTreeSet<&str>) -> Result<Roots, StoreError> {
        let mut publications = self.0.store.publications().newest(PUBLICATIONS).await?;
        publications.retain(|publication| rulesets.contains(publication.ruleset.as_str()));
        let digests: BTreeSet<&String> = publications.iter().filter_map(|p| p.companions.as_ref()).collect();
        let mut texts = BTreeMap::new();
        for digest in digests {
            texts.insert(digest.clone(), self.clauses_of(digest).await?);
        }
        Ok(Roots { publications, texts })
    }

    /// Returns the company's text as it was published; empty where there was none that can be read.
    async fn clauses_of(self, digest: &str) -> Result<Arc<Clauses>, StoreError> {
        let kept = &self.0.trials.procedure.texts;
        if let Some(text) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
            return Ok(Arc::clone(text));
        }
        let files = match self.0.store.proposals().companions(digest).await? {
            Some(companions) => serde_json::from_str::<BTreeMap<String, String>>(&companions.content)
                .map_err(|e| companions.unreadable(e.to_string()))?,
            None => BTreeMap::new(),
        };
        let text = files.get(Clauses::FILE).and_then(|text| Clauses::parse(text).ok());
        let text = Arc::new(text.unwrap_or_default());
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= TEXTS {
            kept.clear();
        }
        kept.insert(digest.to_owned(), Arc::clone(&text));
        Ok(text)
    }
}

impl Roots {
    /// Returns what stands behind a rule, action or schedule that applied under a ruleset at a moment; none where the
    /// publication is not known.
    pub fn of(&self, rule: &str, ruleset: &str, at: Moment) -> Option<Root> {
        let publication = self.publications.iter().find(|p| p.ruleset == ruleset && p.at <= at)?;
        let text = publication.companions.as_ref().and_then(|digest| self.texts.get(digest));
        let clauses = text.iter().flat_map(|text| &text.clauses);
        let naming = clauses.filter(|clause| clause.rules.iter().any(|name| name == rule));
        let sentences = naming.map(|c| Sentence { row: c.row, text: c.text.clone() }).collect();
        Some(Root { publication: publication.seq, at: publication.at, sentences })
    }
}
