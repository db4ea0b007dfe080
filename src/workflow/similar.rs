//! The shortlist of similar complaints that a handler looks at (docs/procedure.md row 26). Nothing follows
//! from it by rule.

use super::Workflow;
use crate::calendar::Date;
use crate::complaint::{ComplaintId, Fingerprint, SIMILAR};
use crate::store::{Comparable, StoreError};
use serde::Serialize;

/// The most complaints that are compared, newest first.
const COMPARED: usize = 5_000;
/// The most that are compared of those of the same sender that came before them.
const OF_SENDER: usize = 200;
/// The score that a shared sender or organisation adds to the likeness of words.
const SAME_SENDER: f64 = 0.10;
const SAME_ORGANISATION: f64 = 0.05;

/// Mail domains that say nothing about an organisation.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.nl",
    "live.nl",
    "live.com",
    "icloud.com",
    "yahoo.com",
    "ziggo.nl",
    "kpnmail.nl",
    "xs4all.nl",
    "home.nl",
    "planet.nl",
    "hetnet.nl",
    "upcmail.nl",
    "casema.nl",
    "quicknet.nl",
    "chello.nl",
    "protonmail.com",
    "proton.me",
];

/// One line of the shortlist.
#[derive(Clone, Debug, Serialize)]
pub struct SimilarComplaint {
    /// The store's key.
    #[serde(skip)]
    pub id: ComplaintId,
    /// The number, or the intake id without one.
    pub reference: String,
    /// The likeness, from 0 to 1.
    pub score: f64,
    /// `sender` or `organisation`, when they share it beside words; empty when they share neither.
    pub shares: &'static str,
    /// The main state.
    pub state: String,
    /// The day of its decision; none until it is decided.
    pub decided_on: Option<Date>,
    /// The subject of its first mail.
    pub subject: String,
    /// The beginning of its first mail; empty without a mail.
    #[serde(skip)]
    pub text: String,
}

impl Workflow {
    /// Returns the complaints most like this one, best first, at most `limit`.
    pub async fn similar(&self, id: ComplaintId, limit: usize) -> Result<Vec<SimilarComplaint>, StoreError> {
        let Some(own) = self.store.register().comparable(id).await? else { return Ok(Vec::new()) };
        let mut others = self.store.register().newest_comparable(COMPARED).await?;
        // Whoever complains again is known by an index, however long ago it was.
        if let Some(oldest) = others.last().filter(|_| others.len() == COMPARED && !own.sender.is_empty()) {
            let older = self.store.register().comparable_of(&own.sender, oldest.id, OF_SENDER).await?;
            others.extend(older);
        }
        let print = fingerprint(&own);
        let scored = others.into_iter().filter(|o| o.id != id).filter_map(|other| {
            let words = print.similarity(&fingerprint(&other));
            let (bonus, shares) = shared(&own.sender, &other.sender);
            // Who sent it moves a line up; only words put it on the list.
            (words >= SIMILAR).then(|| SimilarComplaint {
                id: other.id,
                reference: other.number.map_or(other.intake_id, |n| n.to_string()),
                score: (words + bonus).min(1.0),
                shares,
                state: other.state.to_string(),
                decided_on: other.decided_on,
                subject: other.subject,
                text: other.text.unwrap_or_default(),
            })
        });
        let mut scored: Vec<SimilarComplaint> = scored.collect();
        scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.reference.cmp(&a.reference)));
        scored.truncate(limit);
        Ok(scored)
    }
}

fn fingerprint(c: &Comparable) -> Fingerprint {
    Fingerprint::of(&format!(
        "{} {}",
        crate::complaint::bare_subject(&c.subject),
        c.text.as_deref().unwrap_or("")
    ))
}

fn shared(one: &str, other: &str) -> (f64, &'static str) {
    let domain = |email: &str| email.rsplit_once('@').map(|(_, d)| d.to_owned());
    if !one.is_empty() && one == other {
        return (SAME_SENDER, "sender");
    }
    match (domain(one), domain(other)) {
        (Some(a), Some(b)) if a == b && !FREE_MAIL.contains(&a.as_str()) => {
            (SAME_ORGANISATION, "organisation")
        }
        _ => (0.0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn free_mail_is_no_organisation() {
        assert_eq!(shared("a@x.nl", "a@x.nl").1, "sender");
        assert_eq!(shared("a@x.nl", "b@x.nl").1, "organisation");
        assert_eq!(shared("a@gmail.com", "b@gmail.com").1, "");
        assert_eq!(shared("", "").1, "");
    }
}
