//! By what a complaint names people, and what stays of its facts when everything that says who somebody is, or that
//! somebody wrote, is taken away. The one place where that is judged: what is not named here goes.

use super::{Complaint, Letter, Measure, Meeting, Name, Party};
use serde_json::Value;

impl Complaint {
    /// Returns the people it may be of: the complainant, and the likely one.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        [Some(&self.complainant), self.proposed_complainant.as_ref()].into_iter().flatten()
    }

    /// Returns the addresses of those and of who wrote for them, as they were written; some are empty.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.parties().map(|party| party.email.as_str()).chain(self.submitter.as_deref())
    }

    /// Returns what stays of it: numbers, days, names that the procedure declares, and who of our own people handled it.
    /// `word` stands where its subject and its complainant were; `own_stays` says which own fields stay.
    #[must_use]
    pub fn forgotten(&self, word: &str, own_stays: impl Fn(&Name, &Value) -> bool) -> Self {
        let c = self.clone();
        let complainant = Party { name: word.to_owned(), email: String::new() };
        Self {
            number: c.number,
            channel: c.channel,
            complainant_kind: c.complainant_kind,
            language: c.language,
            language_is_assumed: c.language_is_assumed,
            triage_reason: c.triage_reason,
            first_contact_on: c.first_contact_on,
            arose_on: c.arose_on,
            registered_at: c.registered_at,
            promised_by: c.promised_by,
            promised_by_original: c.promised_by_original,
            decided_on: c.decided_on,
            verdict: c.verdict,
            ground: c.ground,
            cause_kind: c.cause_kind,
            agreement: c.agreement,
            escalation: c.escalation,
            responsible: c.responsible,
            proposed_by: c.proposed_by,
            responsibilities: c.responsibilities,
            flags: c.flags,
            counters: c.counters,
            extra: c.extra.into_iter().filter(|(field, value)| own_stays(field, value)).collect(),
            last: c.last,
            letters: c.letters.into_iter().map(|(message, letter)| (message, letter.forgotten())).collect(),
            measures: c.measures.into_iter().map(Measure::forgotten).collect(),
            meeting: c.meeting.map(Meeting::forgotten),
            // A number, and no text.
            survey: c.survey,
            registered_under: c.registered_under,
            // Whatever else a complaint holds is as it was before anybody wrote anything.
            ..Self::received(c.intake_id, c.state, word.to_owned(), complainant, c.received_at)
        }
    }
}

impl Letter {
    fn forgotten(self) -> Self {
        Self { data: Value::Null, ..self }
    }
}

impl Measure {
    fn forgotten(self) -> Self {
        let Self { id, description: _, owner, due, check_on, note: _, state } = self;
        Self { id, description: String::new(), owner, due, check_on, note: None, state }
    }
}

impl Meeting {
    fn forgotten(self) -> Self {
        let Self { number, day, time, minutes, place: _, sequence, status, answer } = self;
        Self { number, day, time, minutes, place: String::new(), sequence, status, answer }
    }
}
