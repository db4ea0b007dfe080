//! The complaint a mail belongs to: plus address, references, the tag in the subject, then a conversation of its sender
//! (docs/mail.md "Threading order").

use super::parse::ParsedMail;
use crate::workflow::{Acquaintance, Candidate, StoreError, Workflow};

/// Finds the complaint that a mail answers; the surest sign counts first.
pub(super) async fn find_thread(
    workflow: &Workflow,
    mail: &ParsedMail,
    known: &Acquaintance,
) -> Result<Option<Candidate>, StoreError> {
    let taking_in = workflow.taking_in();
    let letters = |reference: &str| taking_in.check_letters(reference);
    for address in &mail.recipients {
        if let Some(reference) = plus_reference(address, letters)
            && let Some(found) = taking_in.find(&reference).await?
        {
            return Ok(Some(found));
        }
    }
    if mail.references.iter().any(|id| known.threads.contains(id))
        && let Some(found) = taking_in.by_message_ids(&mail.references).await?
    {
        return Ok(Some(found));
    }
    // Letters carry a constant anchor of their case as the first reference
    // (docs/mail.md "Our own Message-ID").
    let settings = workflow.settings();
    for intake_id in anchors(mail, settings.mail_domain()) {
        if let Some(found) = taking_in.find(intake_id).await? {
            return Ok(Some(found));
        }
    }
    if let Some(reference) = tagged_reference(&mail.subject, letters)
        && let Some(found) = taking_in.find(&reference).await?
    {
        return Ok(Some(found));
    }
    // What both answer never came here: a conversation of the same sender that began elsewhere.
    match known.complainants.contains(&mail.from.email) {
        true => taking_in.in_conversation(&mail.references, &mail.from.email).await,
        false => Ok(None),
    }
}

/// Returns whether a mail names a complaint by its number or intake id, rightly or not.
pub(super) fn names_a_complaint(workflow: &Workflow, mail: &ParsedMail) -> bool {
    let letters = |reference: &str| workflow.taking_in().check_letters(reference);
    mail.attendance.is_some()
        || mail.recipients.iter().any(|address| plus_reference(address, letters).is_some())
        || anchors(mail, workflow.settings().mail_domain()).next().is_some()
        || tagged_reference(&mail.subject, letters).is_some()
}

/// Returns the intake ids of the cases in whose letters a mail's references begin.
fn anchors<'m>(mail: &'m ParsedMail, domain: &'m str) -> impl Iterator<Item = &'m str> {
    let references = mail.references.iter();
    references.filter_map(move |r| r.strip_prefix("case.")?.strip_suffix(domain)?.strip_suffix('@'))
}

/// Reads `K-2026-0001` from `planning+k-2026-0001-x7q@…`, when the check letters are right.
fn plus_reference(address: &str, letters: impl Fn(&str) -> String) -> Option<String> {
    let (local, _) = address.split_once('@')?;
    let (_, token) = local.split_once('+')?;
    let (reference, check) = token.rsplit_once('-')?;
    let reference = reference.to_uppercase();
    (letters(&reference).eq_ignore_ascii_case(check)).then_some(reference)
}

/// Reads `K-2026-0001` from `… [K-2026-0001-x7q] …`, when the check letters are right.
fn tagged_reference(subject: &str, letters: impl Fn(&str) -> String) -> Option<String> {
    subject.split('[').skip(1).filter_map(|part| part.split(']').next()).find_map(|tag| {
        let (reference, check) = tag.rsplit_once('-')?;
        (letters(reference) == check).then(|| reference.to_owned())
    })
}

/// Reads from `k.I-2026-000001.<delivery>@…` the delivery whose letter has this Message-ID.
pub(super) fn delivery_of(message_id: &str, domain: &str) -> Option<String> {
    let inner = message_id.strip_prefix("k.")?.strip_suffix(domain)?.strip_suffix('@')?;
    let (_, delivery) = inner.rsplit_once('.')?;
    Some(delivery.to_owned())
}

/// Reads from `meeting.I-2026-000001.2@…` the complaint and the number of its meeting.
pub(super) fn meeting_of(uid: &str, domain: &str) -> Option<(String, u32)> {
    let inner = uid.strip_prefix("meeting.")?.strip_suffix(domain)?.strip_suffix('@')?;
    let (intake_id, number) = inner.rsplit_once('.')?;
    Some((intake_id.to_owned(), number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(reference: &str) -> String {
        if reference == "K-2026-0001" { "x7q".to_owned() } else { "aaa".to_owned() }
    }

    #[test]
    fn a_tag_counts_only_with_its_check_letters() {
        let tagged = |subject: &str| tagged_reference(subject, letters);
        assert_eq!(tagged("Re: [EXT] klacht [K-2026-0001-x7q]"), Some("K-2026-0001".to_owned()));
        assert_eq!(tagged("Re: [K-2026-0001-x7r]"), None);
        assert_eq!(tagged("Re: K-2026-0001"), None);
    }

    #[test]
    fn addresses_and_ids_lead_back_to_what_they_were_made_for() {
        let plus = |address: &str| plus_reference(address, letters);
        assert_eq!(plus("planning+k-2026-0001-x7q@lagant.nl"), Some("K-2026-0001".to_owned()));
        assert_eq!(plus("planning+k-2026-0001-zzz@lagant.nl"), None);
        assert_eq!(plus("planning@lagant.nl"), None);
        assert_eq!(delivery_of("k.I-2026-000001.ab-cd@lagant.nl", "lagant.nl").as_deref(), Some("ab-cd"));
        assert_eq!(delivery_of("k.I-2026-000001.ab-cd@evil.nl", "lagant.nl"), None);
        assert_eq!(
            meeting_of("meeting.I-2026-000001.2@lagant.nl", "lagant.nl"),
            Some(("I-2026-000001".to_owned(), 2))
        );
    }
}
