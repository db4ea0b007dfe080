//! Hearing: where no rule tells one of our people of a person's mail, the engine tells somebody
//! (docs/semantics.md 5.8).

use super::input::Trigger;
use crate::complaint::{Case, Channel, Origin, Recipient, Role, Source};
use crate::rules::procedure::declared::Procedure;
use crate::rules::words::context::Eval;
use crate::rules::words::notices::record_notification;
use serde_json::json;

/// The message that the engine sends about a mail; its text is compiled in, so it works with every script broken.
pub const MAIL_MESSAGE: &str = "mail_untold";

/// Tells somebody of a mail, unless one of the notifications after the first `before` goes to one of our people
/// other than its writer, or the person responsible wrote it.
pub(super) fn tell_of_mail(eval: &Eval, trigger: &Trigger, before: usize) {
    let mut working = eval.working();
    let by = match trigger {
        Trigger::Mail { by, .. } => by,
        // What somebody logged was heard by that person.
        Trigger::Received { by, .. } if came_by_mail(working.case.complaint.channel) => by,
        _ => return,
    };
    let is_writer = |address: &str| address.eq_ignore_ascii_case(by);
    let is_heard = working.notifications.iter().skip(before).any(|n| match &n.recipient {
        Recipient::Complainant => false,
        Recipient::Person(address) => !is_writer(address),
        Recipient::Responsible | Recipient::Role(_) => true,
    });
    if is_heard || working.case.complaint.responsible.as_deref().is_some_and(is_writer) {
        return;
    }
    let recipient = listener(&working.case, &eval.procedure);
    working.origin = Origin::ENGINE;
    record_notification(&mut working, recipient, MAIL_MESSAGE.into(), json!({}), Source::Engine);
}

fn came_by_mail(channel: Channel) -> bool {
    matches!(channel, Channel::Email | Channel::Forwarded)
}

/// Returns who hears of a mail: the person responsible, else the role that has the next term, else the one that
/// hears of faults.
fn listener(case: &Case, procedure: &Procedure) -> Recipient {
    if case.complaint.responsible.is_some() {
        return Recipient::Responsible;
    }
    let is_role = |role: &&Role| procedure.roles.contains_key(*role);
    let armed = case.deadlines.iter().filter(|d| d.runs());
    let mut owners: Vec<_> = armed.map(|d| (d.due, &d.owner)).filter(|(_, role)| is_role(role)).collect();
    owners.sort();
    Recipient::Role(owners.first().map_or(&procedure.faults_to, |(_, role)| role).clone())
}
