//! The messages of the engine that belong to no complaint, and tell of one or name its people. Those that tell of many stay
//! unless they do.

use super::facts::names_of;
use super::naming::{Ours, has_address, one_blank_apart};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::row::view;
use crate::store::statement::{Statement, Tx};

/// The messages that are read at once.
const MESSAGES: i64 = 200;

/// The messages of the engine that belong to no complaint and may tell of one.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The one that tells of mails which were filed as no person's.
    pub filed: &'t str,
    /// Those that may repeat what somebody or a server said.
    pub of_the_whole: &'t [&'t str],
    /// Who is one of our own people: a message goes on naming them.
    pub ours: Ours<'t>,
}

view! {
    struct TellingRow in "notifications" as "notification" ("id") {
        id: String,
    }
}

/// Returns the messages that belong to no complaint and tell of this one, or name its people.
pub(super) async fn all_telling(
    tx: &mut Tx,
    id: ComplaintId,
    told: Told<'_>,
) -> Result<Vec<String>, StoreError> {
    let mut all = telling(tx, id, told).await?;
    all.extend(naming(tx, id, told).await?);
    all.sort();
    all.dedup();
    Ok(all)
}

/// Returns the messages that belong to no complaint and tell of this one.
async fn telling(tx: &mut Tx, id: ComplaintId, told: Told<'_>) -> Result<Vec<String>, StoreError> {
    let telling = Statement::select::<TellingRow>("FROM notifications WHERE tells_of = $1").with(id);
    let mut found: Vec<String> =
        telling.all::<TellingRow>(&mut *tx).await?.into_iter().map(|row| row.id).collect();
    let mails = "SELECT received_at, sender, subject FROM mails WHERE complaint_id = $1 \
        AND kind IN ('auto_reply', 'list', 'loop')";
    let mails: Vec<MachineMail> = Statement::new(mails).with(id).all(&mut *tx).await?;
    for mail in mails {
        // It is told of the next day; that day may have had its message already.
        let next = "FROM notifications WHERE message = $1 AND at >= $2 ORDER BY at LIMIT 2";
        let next = Statement::select::<SaidRow>(next).with(told.filed).with(mail.received_at);
        let next: Vec<SaidRow> = next.all(&mut *tx).await?;
        // It tells of mails of others as well.
        let naming = next.into_iter().filter(|said| mail.is_listed_in(&said.body, told.ours));
        found.extend(naming.map(|said| said.id));
    }
    Ok(found)
}

view! {
    struct MachineMail in "mails" as "mail received at" ("received_at") {
        received_at: Moment,
        sender: String,
        subject: String,
    }
}

impl MachineMail {
    fn is_listed_in(&self, text: &str, ours: Ours<'_>) -> bool {
        let (text, subject) = (one_blank_apart(text), one_blank_apart(&self.subject));
        match self.sender.trim().to_lowercase() {
            sender if sender.is_empty() => !subject.is_empty() && text.contains(&subject),
            // What else one of us sent is not of this complaint.
            sender if ours.has(&sender) => has_address(&text, &sender) && text.contains(&subject),
            sender => has_address(&text, &sender),
        }
    }
}

view! {
    struct SaidRow in "notifications" as "notification" ("id") {
        id: String,
        at: Moment,
        subject: String,
        body: String,
    }
}

/// Returns those of some messages since the complaint came in that belong to no complaint and name its people.
async fn naming(tx: &mut Tx, id: ComplaintId, told: Told<'_>) -> Result<Vec<String>, StoreError> {
    let named = names_of(&mut *tx, id, told.ours).await?;
    let Some((since, names)) = named.filter(|(_, names)| !names.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for message in told.of_the_whole {
        let mut since = since;
        loop {
            let later = "FROM notifications WHERE message = $1 AND at >= $2 AND complaint_id IS NULL \
                ORDER BY at LIMIT $3";
            let later = Statement::select::<SaidRow>(later).with(*message).with(since).with(MESSAGES);
            let rows: Vec<SaidRow> = later.all(&mut *tx).await?;
            let naming = rows.iter().filter(|r| names.are_in(&[&r.subject, &r.body]));
            found.extend(naming.map(|r| r.id.clone()));
            let Some(last) = rows.last().filter(|last| last.at > since) else { break };
            since = last.at;
        }
    }
    Ok(found)
}
