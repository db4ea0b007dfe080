//! Filing mails: a set of mails and the complaints that they open, stored in one transaction, each as it would be by
//! itself.

use super::error::StoreError;
use super::forgetting::{begin_anew, emptied_hash, emptied_id};
use super::mails::Mails;
use super::search::{Headed, keep_filed};
use super::sets::{Conflict, ROWS, insert};
use super::statement::{Statement, Tx};
use super::tables::complaints::{ComplaintRow, Scheduled, candidates, senders_among, wake};
use super::tables::conversations::ConversationRow;
use super::tables::counters::{Counter, Raised, raise_all};
use super::tables::links::LinkRow;
use super::tables::mail_sightings::MailSightingRow;
use super::tables::mailboxes::{Cursor, advance};
use super::tables::mails::{EmptiedMail, MailRow, NewMail};
use super::tables::search::SearchRow;
use super::tables::threads::ThreadRow;
use super::tables::triggers::{self, TriggerRow};
use crate::calendar::{Date, Moment};
use crate::complaint::{Case, Complaint, ComplaintId, IntakeId, NothingDeclared, Tally};
use chrono::Datelike;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

/// What is to be stored of one mail.
#[derive(Debug)]
pub enum Filing {
    /// The mail and the complaint that it opens.
    Opens(Opening),
    /// A mail of a complaint. With a trigger (JSON) it wakes the complaint.
    Joins {
        /// The mail.
        mail: NewMail,
        /// The complaint that it joins.
        complaint: ComplaintId,
        /// The trigger; none where nothing is to be decided.
        trigger: Option<String>,
    },
    /// A mail that belongs to no complaint.
    Keeps(NewMail),
    /// A mail that is there: only that it was seen again.
    SeenAgain(Sighting),
}

/// A mail and the complaint that it opens.
pub struct Opening {
    /// The mail.
    pub mail: NewMail,
    /// The trigger of the complaint's first decision, as JSON.
    pub trigger: String,
    /// Makes the facts from the intake id.
    pub complaint: MakeComplaint,
}

/// Makes the facts of a new complaint from its intake id.
pub type MakeComplaint = Box<dyn FnOnce(IntakeId) -> Complaint + Send + Sync>;

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("mail", &self.mail).finish_non_exhaustive()
    }
}

/// A mail that was seen again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The Message-ID without angle brackets.
    pub message_id: String,
    /// The digest of its body.
    pub body_hash: String,
    /// The way it came this time.
    pub source: String,
    /// The place in a mailbox that has been passed with it; none for mail that comes another way.
    pub cursor: Option<Cursor>,
}

/// A mail after it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filed {
    /// It opened this complaint.
    Opened(ComplaintId, IntakeId),
    /// It is stored, or its sighting is.
    Stored,
    /// It was here, and was forgotten: nothing is stored.
    Forgotten,
}

/// The rows that a set of mails comes to.
#[derive(Default)]
struct Rows {
    opened: Vec<Case>,
    mails: Vec<MailRow>,
    conversations: Vec<ConversationRow>,
    links: Vec<LinkRow>,
    threads: Vec<ThreadRow>,
    triggers: Vec<TriggerRow>,
    woken: Vec<ComplaintId>,
    /// What was seen again, each with its place in the set.
    sightings: Vec<(usize, MailSightingRow)>,
    /// The furthest place of each mailbox.
    cursors: BTreeMap<String, Cursor>,
    filed: Vec<Filed>,
    /// The texts as they are searched, but for mails that open complaints; those of complaints that are there have no head yet.
    texts: Vec<SearchRow>,
    joined: Vec<ComplaintId>,
}

/// The ids that a set takes, and the year in which complaints are taken in.
struct Ids {
    complaints: Raised,
    intake: Raised,
    mails: Raised,
    year: i32,
}

/// What the store knows of some mails before they are looked at one by one.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    /// The Message-IDs of mails that are there.
    pub mails: HashSet<String>,
    /// The Message-IDs that belong to a complaint.
    pub threads: HashSet<String>,
    /// The addresses that are a complainant's.
    pub complainants: HashSet<String>,
}

impl Mails {
    /// Stores mails in their order, in one transaction, before anything else can go wrong. No two of them may have one
    /// Message-ID or open complaints of one complainant: those are stored one after the other. Returns none, with
    /// nothing stored, when one of them was stored meanwhile.
    pub async fn file(&self, set: Vec<Filing>, now: Moment) -> Result<Option<Vec<Filed>>, StoreError> {
        let mut tx = self.0.begin().await?;
        let mut rows = self.rows(&mut tx, set, now).await?;
        let complaints = rows.opened.iter().map(|case| {
            let tally = Tally::of(&case.complaint, Date::default(), &NothingDeclared);
            let scheduled =
                Scheduled { case, is_live: true, wake_at: Some(now), stamp: "", tally, late_from: None };
            ComplaintRow::new(scheduled, &self.0.calendar)
        });
        let complaints: Vec<ComplaintRow> = complaints.collect::<Result<_, _>>()?;
        insert(&mut tx, complaints, Conflict::Fails).await?;
        let mails = rows.mails.len() as u64;
        if insert(&mut tx, rows.mails, Conflict::Keeps("message_id, body_hash")).await? < mails {
            return Ok(None);
        }
        keep_filed(&mut tx, rows.texts, &rows.joined).await?;
        begin_anew(&mut tx, &rows.joined).await?;
        insert(&mut tx, rows.conversations, Conflict::Fails).await?;
        insert(&mut tx, rows.links, Conflict::Fails).await?;
        insert(&mut tx, rows.threads, Conflict::Keeps("message_id")).await?;
        triggers::add(&mut tx, rows.triggers).await?;
        wake(&mut tx, &rows.woken, now).await?;
        let seen = self.leave_out_emptied(&mut tx, rows.sightings, &mut rows.filed).await?;
        insert(&mut tx, seen, Conflict::Fails).await?;
        advance(&mut tx, rows.cursors.into_values().collect()).await?;
        self.0.finish(tx).await?;
        Ok(Some(rows.filed))
    }

    /// Leaves out what was seen again of mails that were emptied: it would name them anew. Another mail under the Message-ID
    /// of one is none of them.
    async fn leave_out_emptied(
        &self,
        tx: &mut Tx,
        sightings: Vec<(usize, MailSightingRow)>,
        filed: &mut [Filed],
    ) -> Result<Vec<MailSightingRow>, StoreError> {
        let key = &self.0.key;
        let emptied =
            |seen: &MailSightingRow| (emptied_id(key, &seen.message_id), emptied_hash(key, &seen.body_hash));
        let ids: Vec<String> = sightings.iter().map(|(_, seen)| emptied(seen).0).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let there = Statement::select::<EmptiedMail>("FROM mails WHERE message_id IN ").and_list(&ids);
        let there = there.all::<EmptiedMail>(tx).await?.into_iter();
        let there: HashSet<_> = there.map(|mail| (mail.message_id, mail.body_hash)).collect();
        let (gone, stays): (Vec<_>, Vec<_>) =
            sightings.into_iter().partition(|(_, seen)| there.contains(&emptied(seen)));
        for (place, _) in gone {
            filed[place] = Filed::Forgotten;
        }
        Ok(stays.into_iter().map(|(_, seen)| seen).collect())
    }

    async fn rows(&self, tx: &mut Tx, set: Vec<Filing>, now: Moment) -> Result<Rows, StoreError> {
        let mut ids = self.ids(tx, &set, now).await?;
        let mut rows = Rows::default();
        for filing in set {
            match filing {
                Filing::Opens(Opening { mail, trigger, complaint }) => {
                    let id = ComplaintId(ids.complaints.take());
                    let intake_id = IntakeId::new(ids.year, ids.intake.take());
                    rows.filed.push(Filed::Opened(id, intake_id.clone()));
                    let case = Case::new(id, complaint(intake_id));
                    let headed = Headed::of(id, &case.complaint);
                    rows.texts.push(headed.facts(&case.complaint));
                    rows.opened.push(case);
                    rows.conversations.extend(ConversationRow::of(id, &mail.references));
                    rows.trigger(triggers::received(id), id, now, trigger);
                    rows.mail((ids.mails.take(), Some(id)), mail);
                }
                Filing::Joins { mail, complaint, trigger } => {
                    if let Some(content) = trigger {
                        let trigger = format!("mail {} {}", mail.message_id, mail.body_hash);
                        rows.trigger(trigger, complaint, now, content);
                        rows.woken.push(complaint);
                    }
                    rows.joined.push(complaint);
                    let id = ids.mails.take();
                    let headed = Headed { complaint, head: String::new() };
                    rows.texts.push(headed.mail(id, &mail.sender, &mail.subject, &mail.body));
                    rows.mail((id, Some(complaint)), mail);
                    rows.filed.push(Filed::Stored);
                }
                Filing::Keeps(mail) => {
                    rows.mail((ids.mails.take(), None), mail);
                    rows.filed.push(Filed::Stored);
                }
                Filing::SeenAgain(seen) => {
                    rows.pass(seen.cursor);
                    let Sighting { message_id, body_hash, source, .. } = seen;
                    let seen = MailSightingRow { message_id, body_hash, at: now, source };
                    rows.sightings.push((rows.filed.len(), seen));
                    rows.filed.push(Filed::Stored);
                }
            }
        }
        rows.woken.sort();
        rows.woken.dedup();
        link_candidates(tx, &mut rows.opened).await?;
        rows.links = rows.opened.iter().flat_map(LinkRow::of).collect();
        Ok(rows)
    }

    async fn ids(&self, tx: &mut Tx, set: &[Filing], now: Moment) -> Result<Ids, StoreError> {
        let day = self.0.calendar.day_of(now);
        let year = day.map_err(|e| StoreError::unwritable("complaints", "intake_id", e))?.year();
        let opened = set.iter().filter(|filing| matches!(filing, Filing::Opens(_))).count();
        let mails = set.iter().filter(|filing| !matches!(filing, Filing::SeenAgain(_))).count();
        let counters =
            [(Counter::Complaint, opened), (Counter::Intake(year), opened), (Counter::Mail, mails)];
        let [complaints, intake, mails] = raise_all(tx, counters).await?;
        Ok(Ids { complaints, intake, mails, year })
    }

    /// Asks at once which of these are known: Message-IDs of mails, those that mails refer to, addresses of senders.
    pub async fn acquaintance(
        &self,
        message_ids: &[&str],
        references: &[&str],
        senders: &[&str],
    ) -> Result<Acquaintance, StoreError> {
        let reader = &self.0.reader;
        let of = |table: &str| format!("SELECT DISTINCT message_id FROM {table} WHERE message_id IN ");
        let mut found = Acquaintance::default();
        let emptied: HashMap<String, &str> =
            message_ids.iter().map(|id| (emptied_id(&self.0.key, id), *id)).collect();
        let ids: Vec<&str> = message_ids.iter().copied().chain(emptied.keys().map(String::as_str)).collect();
        for set in ids.chunks(ROWS) {
            let known = Statement::new(of("mails")).and_list(set.iter().copied());
            let known = known.values::<String>("message_id", reader).await?.into_iter();
            found.mails.extend(known.map(|id| emptied.get(&id).map_or(id, |plain| (*plain).to_owned())));
        }
        for set in references.chunks(ROWS) {
            let known = Statement::new(of("threads")).and_list(set.iter().copied());
            found.threads.extend(known.values::<String>("message_id", reader).await?);
        }
        found.complainants = senders_among(reader, senders.iter().copied()).await?;
        Ok(found)
    }
}

/// Links new complaints to the earlier ones of their complainants.
async fn link_candidates(tx: &mut Tx, opened: &mut [Case]) -> Result<(), StoreError> {
    let senders = opened.iter().map(|case| &case.complaint.complainant.email);
    let known = senders_among(&mut *tx, senders).await?;
    for case in opened.iter_mut().filter(|case| known.contains(&case.complaint.complainant.email)) {
        case.complaint.links = candidates(tx, &case.complaint.complainant.email).await?;
    }
    Ok(())
}

impl Rows {
    fn mail(&mut self, (id, complaint): (i64, Option<ComplaintId>), mut mail: NewMail) {
        self.pass(mail.cursor.take());
        let of_thread =
            complaint.map(|complaint_id| ThreadRow { message_id: mail.message_id.clone(), complaint_id });
        self.threads.extend(of_thread);
        self.mails.push(MailRow::new(id, complaint, mail));
    }

    fn trigger(&mut self, id: String, complaint_id: ComplaintId, at: Moment, content: String) {
        self.triggers.push(TriggerRow { id, complaint_id, at, content });
    }

    /// Notes a place that is passed; the last of a mailbox counts.
    fn pass(&mut self, cursor: Option<Cursor>) {
        self.cursors.extend(cursor.map(|cursor| (cursor.mailbox.clone(), cursor)));
    }
}
