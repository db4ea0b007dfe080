//! Who sees what, as the store asks it: from the people, their roles and absences of one day (docs/procedure.md edge
//! case 10).

use super::standing::Standing;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, IntakeId, Party, State};
use crate::config::Settings;
use crate::rules::Procedure;
use crate::store::{Part, Sight, Viewer};

impl Workflow {
    /// Finds a complaint by its number or intake id, for somebody who may see it; none where there is none, or it is not for
    /// this person.
    pub async fn seen_by(&self, person: &str, reference: &str) -> Result<Option<ComplaintId>, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let viewer = viewer(&settings, published.ruleset.procedure(), person, now);
        let Some(id) = self.store.register().visible(&viewer, reference).await? else { return Ok(None) };
        // The condition in the store may let through what a rare course of deputies keeps back.
        let case = self.store.cases().load(&[id]).await?.pop();
        Ok(case.filter(|case| self.sees(&case.complaint, person, now)).map(|case| case.id))
    }
}

/// Returns what somebody may see, by trying who could be responsible and whom a complaint could be about.
pub(super) fn viewer(settings: &Settings, procedure: &Procedure, person: &str, now: Moment) -> Viewer {
    let viewer = |sight| Viewer { person: person.to_lowercase(), sight };
    if Standing::new(settings, procedure, None, now).sees_everything(person) {
        return viewer(Sight::Everything);
    }
    let of = |responsible: Option<&str>, about: Option<&str>| {
        let complaint = undecided(responsible, about, now);
        Standing::new(settings, procedure, Some(&complaint), now).sees(person)
    };
    let everybody: Vec<String> = settings.people.iter().map(|p| p.email.clone()).collect();
    let of_responsible = everybody.iter().filter(|p| of(Some(p), None)).cloned().collect();
    let any = || std::iter::once(None).chain(everybody.iter().map(|p| Some(p.as_str())));
    let is_seen_about = |about: &&String| any().any(|responsible| of(responsible, Some(about)));
    let about = everybody.iter().filter(is_seen_about).cloned().collect();
    let of_nobody_among = of(None, None).then(|| everybody.clone());
    viewer(Sight::Some(Part { of_responsible, of_nobody_among, about }))
}

/// Returns a complaint of which nothing is known but who is responsible and whom it is about, to try people's standing on.
pub(super) fn undecided(responsible: Option<&str>, about: Option<&str>, now: Moment) -> Complaint {
    let (intake, nobody) = (IntakeId::from(String::new()), Party::default());
    let mut complaint = Complaint::received(intake, State::from(""), String::new(), nobody, now);
    (complaint.responsible, complaint.about) = (responsible.map(str::to_owned), about.map(str::to_owned));
    complaint
}
