//! What has come in and waits for a person's judgement, what it is like, and the mail that is no person's.

use super::visibility::viewer;
use super::{RegisterWish, SimilarComplaint, Stage, Workflow, WorkflowError};
use crate::complaint::{Complaint, ComplaintId};
use crate::store::{FiledMail, Glance, ListedComplaint, Place, Sequence, Sight};
use std::collections::BTreeSet;

/// The most complaints of a shortlist of which it is looked up whether somebody may see them.
const LOOKED_UP: usize = 25;

/// A complaint that nobody has judged yet.
#[derive(Clone, Debug)]
pub struct Untriaged {
    /// The complaint.
    pub complaint: ListedComplaint,
    /// The mail or note that opened it, and its first words.
    pub opening: Option<Glance>,
}

impl Workflow {
    /// Returns what waits for a judgement as somebody may see it, the first received first, at most `limit` from behind a
    /// place on; and the place behind them, where there is more.
    pub async fn untriaged(
        &self,
        person: &str,
        after: Option<Place>,
        limit: usize,
    ) -> Result<(Vec<Untriaged>, Option<Place>), WorkflowError> {
        let wish = RegisterWish {
            stage: Some(Stage::In(self.published().ruleset.procedure().initial.clone())),
            is_late: false,
            responsible: None,
            received: (None, None),
            at: None,
            sequence: Sequence::Oldest(after),
        };
        let page = self.register_page(person, &wish, limit).await?;
        let ids: Vec<ComplaintId> = page.complaints.iter().map(|c| c.id).collect();
        let glances = self.store.register().glances(&ids).await?;
        let untriaged = page.complaints.into_iter().map(|complaint| {
            let own = glances.iter().filter(|g| g.complaint == complaint.id);
            Untriaged { opening: own.min_by_key(|g| g.id).cloned(), complaint }
        });
        let next = page.next.and_then(|wish| match wish.sequence {
            Sequence::Oldest(place) => place,
            Sequence::Newest(_) | Sequence::Number { .. } => None,
        });
        Ok((untriaged.collect(), next))
    }

    /// Returns whether a complaint waits for a judgement.
    pub fn is_untriaged(&self, complaint: &Complaint) -> bool {
        complaint.state == self.published().ruleset.procedure().initial
    }

    /// Returns the newest mails that were filed as no person's, for who sees everything; nobody else can tell whom they are
    /// about.
    pub async fn filed_for(&self, person: &str, limit: usize) -> Result<Vec<FiledMail>, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        match viewer(&settings, published.ruleset.procedure(), person, now).sight {
            Sight::Everything => Ok(self.store.mails().newest_filed(limit).await?),
            Sight::Some(_) => Ok(Vec::new()),
        }
    }

    /// Returns the complaints most like this one that somebody may see, best first, at most `limit`.
    pub async fn similar_for(
        &self,
        person: &str,
        id: ComplaintId,
        limit: usize,
    ) -> Result<Vec<SimilarComplaint>, WorkflowError> {
        let now = self.now().await?;
        let mut similar = self.similar(id, LOOKED_UP).await?;
        let ids: Vec<ComplaintId> = similar.iter().map(|s| s.id).collect();
        let facts = self.store.register().facts(&ids).await?;
        let seen: BTreeSet<ComplaintId> =
            facts.iter().filter(|(_, c)| self.sees(c, person, now)).map(|(id, _)| *id).collect();
        similar.retain(|similar| seen.contains(&similar.id));
        similar.truncate(limit);
        Ok(similar)
    }
}
