//! Gathering the facts of a mail: what it says itself, and what the store and the settings know about it.

use super::attendance::Attendance;
use super::bounce::Bounce;
use super::forward::{Forwarded, Sent};
use super::incoming::Incoming;
use super::threading::{delivery_of, find_thread, meeting_of};
use super::trust::Trust;
use crate::complaint::ComplaintId;
use crate::reception::{
    InvitationAnswer, MailFacts, PassedOn, ReturnedMail, SenderStanding, SentLetter, Thread, is_forward,
};
use crate::workflow::{Candidate, StoreError, standing_of};

/// The facts of a mail, and the complaints that they name.
pub(super) struct Gathered {
    pub facts: MailFacts,
    complaints: Vec<Candidate>,
}

impl Gathered {
    /// Returns a complaint that the facts name.
    pub fn complaint(&self, id: ComplaintId) -> Option<&Candidate> {
        self.complaints.iter().find(|c| c.id == id)
    }
}

/// Gathers the facts. Of a mail that is known the store is asked nothing more.
pub(super) async fn gather(incoming: Incoming<'_>) -> Result<Gathered, StoreError> {
    let mut gathered = Gathered { facts: own_facts(incoming), complaints: Vec::new() };
    if gathered.facts.is_known {
        return Ok(gathered);
    }
    let Incoming { workflow, mail, .. } = incoming;
    gathered.facts.answer = match &mail.attendance {
        Some(answer) => gathered.invitation(incoming, answer).await?,
        None => None,
    };
    gathered.facts.thread = gathered.thread(incoming).await?;
    gathered.facts.absence_follows = match &gathered.facts.thread {
        Some(thread) if mail.reads_as_absence => workflow.taking_in().last_letter(thread.complaint).await?,
        _ => None,
    };
    gathered.facts.is_own_letter = match &mail.redress_id {
        Some(id) => workflow.taking_in().is_own_delivery(id).await?,
        None => false,
    };
    gathered.facts.returned = match &mail.bounce {
        Some(bounce) => gathered.returned(incoming, bounce).await?,
        None => None,
    };
    Ok(gathered)
}

/// Returns what the mail and the settings say without the store.
fn own_facts(incoming: Incoming<'_>) -> MailFacts {
    let Incoming { workflow, mail, arrival, now, .. } = incoming;
    let settings = workflow.settings();
    // Where a mail server is believed, it must vouch for who writes as one of us.
    let is_vouched = settings.authserv_id.is_none() || mail.trust == Trust::Pass;
    let passed_on = |forwarded: &Forwarded| passed_on(incoming, forwarded);
    MailFacts {
        arrived_at: arrival.received_at.or(mail.received),
        is_known: incoming.is_known,
        author: mail.author,
        standing: if is_vouched {
            standing_of(&settings, &mail.from.email)
        } else {
            SenderStanding::Outsider
        },
        complainant_kind: settings.complainant_kind(&mail.from.email),
        attached: mail.attached_mail.as_ref().map(passed_on),
        inline: mail.inline_forward.as_ref().map(passed_on),
        is_closed: mail.content.is_closed(),
        asks_no_answer: mail.asks_no_answer,
        written_for: mail.written_for.iter().find(|party| !settings.is_own_domain(&party.email)).cloned(),
        is_by_own_list: mail.lists.iter().any(|list| settings.is_own_list(list)),
        written_at: mail.written_at,
        answers_from: settings.answers_from(now),
        ..MailFacts::new(mail.from.clone(), mail.subject.clone(), now)
    }
}

fn passed_on(incoming: Incoming<'_>, forwarded: &Forwarded) -> PassedOn {
    let settings = incoming.workflow.settings();
    let sent_at = forwarded.sent.and_then(|sent| match sent {
        Sent::Exactly(at) => Some(at),
        Sent::OnTheClock(clock) => settings.calendar.at(clock.date(), clock.time()).ok(),
    });
    let is_ours = settings.mailbox.eq_ignore_ascii_case(&forwarded.from.email);
    PassedOn { from: forwarded.from.clone(), sent_at, is_ours }
}

impl Gathered {
    /// Finds the complaint that the mail answers, after mergers, or else the one that waits for a mail of its sender:
    /// whoever was asked to write may write a mail of their own, but what they pass on is somebody else's.
    async fn thread(&mut self, incoming: Incoming<'_>) -> Result<Option<Thread>, StoreError> {
        let taking_in = incoming.workflow.taking_in();
        let sender = &incoming.mail.from.email;
        let is_complainant = incoming.known.complainants.contains(sender);
        let found = match find_thread(incoming.workflow, incoming.mail, incoming.known).await? {
            None if is_complainant && !is_forward(&self.facts) => taking_in.awaiting(sender).await?,
            found => found,
        };
        let Some(found) = found else { return Ok(None) };
        let (home, thread) = taking_in.thread_home(found, incoming.now).await?;
        self.complaints.push(home);
        Ok(Some(thread))
    }

    /// Finds the invitation that the mail answers; its UID names the complaint and the meeting.
    async fn invitation(
        &mut self,
        incoming: Incoming<'_>,
        answer: &Attendance,
    ) -> Result<Option<InvitationAnswer>, StoreError> {
        let settings = incoming.workflow.settings();
        let domain = settings.mail_domain();
        let Some((intake_id, meeting)) = meeting_of(&answer.uid, domain) else { return Ok(None) };
        let Some(found) = incoming.workflow.taking_in().find(&intake_id).await? else { return Ok(None) };
        let complaint = found.id;
        let complainant = Some(found.complainant_email.clone()).filter(|email| !email.is_empty());
        self.complaints.push(found);
        Ok(Some(InvitationAnswer { complaint, complainant, meeting, coming: answer.coming }))
    }

    /// Finds the mail of ours that a bounce reports on; its Message-ID names the delivery.
    async fn returned(
        &mut self,
        incoming: Incoming<'_>,
        bounce: &Bounce,
    ) -> Result<Option<ReturnedMail>, StoreError> {
        let Incoming { workflow, .. } = incoming;
        let settings = workflow.settings();
        let domain = settings.mail_domain();
        for delivery in bounce.originals.iter().filter_map(|id| delivery_of(id, domain)) {
            let Some(bounced) = workflow.taking_in().bounced(&delivery).await? else { continue };
            let home = match bounced.complaint {
                Some(id) => workflow.taking_in().candidate(id).await?,
                None => None,
            };
            let letter = bounced.letter.map(|l| SentLetter {
                message: l.message,
                version: l.version,
                ordinal: l.ordinal,
            });
            let is_ours = |address: &&String| workflow.settings().people.find(address).is_some();
            let returned = ReturnedMail {
                failing: bounce.failing,
                complaint: home.as_ref().map(|c| c.id),
                letter,
                colleague: bounce.recipient.as_ref().filter(is_ours).cloned(),
            };
            self.complaints.extend(home);
            return Ok(Some(returned));
        }
        Ok(None)
    }
}
