//! `Sample`: the complaints whose dossiers go along: some that are drawn, so that anybody can draw them again, and those that
//! were escalated.

use crate::complaint::{Complaint, ComplaintId};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A sample as it is drawn, complaint by complaint: those with the least digests of seed and number.
pub(super) struct Sample {
    seed: String,
    most: usize,
    most_escalated: usize,
    /// The number of complaints that were looked at.
    pub of: usize,
    /// The number of those that were escalated.
    pub escalated_of: usize,
    drawn: BTreeMap<String, (ComplaintId, String)>,
    escalated: Vec<(ComplaintId, String)>,
}

impl Sample {
    pub fn new(seed: &str, most: usize, most_escalated: usize) -> Self {
        let (drawn, escalated) = (BTreeMap::new(), Vec::new());
        Self { seed: seed.to_owned(), most, most_escalated, of: 0, escalated_of: 0, drawn, escalated }
    }

    pub fn look(&mut self, id: ComplaintId, complaint: &Complaint) {
        let reference = complaint.reference().to_owned();
        self.of += 1;
        if complaint.escalation.is_some() {
            self.escalated_of += 1;
            if self.escalated.len() < self.most_escalated {
                self.escalated.push((id, reference.clone()));
            }
        }
        self.drawn.insert(lot(&self.seed, &reference), (id, reference));
        if self.drawn.len() > self.most {
            self.drawn.pop_last();
        }
    }

    /// Returns the complaints that were drawn, in that order.
    pub fn drawn(&self) -> Vec<String> {
        self.drawn.values().map(|(_, reference)| reference.clone()).collect()
    }

    /// Returns the escalated complaints that go along.
    pub fn escalated(&self) -> Vec<String> {
        self.escalated.iter().map(|(_, reference)| reference.clone()).collect()
    }

    /// Returns each complaint once.
    pub fn all(&self) -> Vec<(ComplaintId, &str)> {
        let mut seen = BTreeSet::new();
        let all = self.drawn.values().chain(&self.escalated).filter(|(id, _)| seen.insert(*id));
        all.map(|(id, reference)| (*id, reference.as_str())).collect()
    }
}

/// Returns what a complaint is drawn by: the SHA-256 of seed, colon and number, in hexadecimal.
fn lot(seed: &str, reference: &str) -> String {
    format!("{:x}", Sha256::digest(format!("{seed}:{reference}")))
}
