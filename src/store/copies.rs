//! `Copies`: the handle of copies of complaints with everything about them, under ids, numbers and senders of their own: a
//! register of any size, to look at and to measure with. Only demonstrations make them.

use super::chain::chain;
use super::database::Database;
use super::error::StoreError;
use super::row::{Row, view};
use super::search::write_texts;
use super::sets::{Conflict, insert};
use super::statement::{Statement, Tx};
use super::tables::complaints::ComplaintRow;
use super::tables::counters::{Counter, raise};
use super::tables::deadlines::DeadlineRow;
use super::tables::deliveries::DeliveryRow;
use super::tables::delivery_attempts::AttemptRow;
use super::tables::events::StoredEvent;
use super::tables::group_keys::GroupKeyRow;
use super::tables::mails::MailRow;
use super::tables::notifications::NotificationRow;
use super::tables::threads::ThreadRow;
use crate::complaint::{ComplaintId, IntakeId, Number};
use std::collections::BTreeMap;

/// The most copies in one transaction.
const BATCH: usize = 250;
/// A text with the number, the intake id and the sender of its complaint in it, as they are for the copy.
const REWORDED: &str = "replace(replace(replace(t.{}, p.old_number, p.new_number), p.old_intake, p.intake_id), p.old_email, p.email)";

/// The handle of copies.
#[derive(Clone, Debug)]
pub struct Copies(pub(super) Database);

view! {
    /// A complaint that is copied.
    struct OriginalRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        intake_id: String,
        number: Option<Number>,
    }
}

/// What is read of the originals once.
struct Originals {
    complaints: Vec<OriginalRow>,
    events: BTreeMap<ComplaintId, Vec<StoredEvent>>,
    threads: BTreeMap<ComplaintId, Vec<String>>,
    /// The highest id among their mails.
    last_mail: i64,
}

/// A copy that is about to be made.
struct Copy<'o> {
    of: &'o OriginalRow,
    id: ComplaintId,
    intake_id: IntakeId,
    number: Option<Number>,
    /// What is added to the id of a mail.
    mails_from: i64,
}

impl Copies {
    /// Copies every complaint that refers to no other, in turn, until so many have been made. `progress` hears how many
    /// there are.
    pub async fn make(&self, wanted: usize, progress: &dyn Fn(usize)) -> Result<(), StoreError> {
        let originals = self.originals().await?;
        if originals.complaints.is_empty() {
            return Ok(());
        }
        let mut made = 0;
        while made < wanted {
            let count = BATCH.min(wanted - made);
            let batch =
                originals.complaints.iter().cycle().skip(made % originals.complaints.len()).take(count);
            self.write(&originals, batch.collect()).await?;
            made += count;
            progress(made);
        }
        Ok(())
    }

    async fn originals(&self) -> Result<Originals, StoreError> {
        let alone = "FROM complaints WHERE id NOT IN (SELECT complaint_id FROM links) \
            AND id NOT IN (SELECT other_id FROM links) ORDER BY id";
        let complaints: Vec<OriginalRow> =
            Statement::select::<OriginalRow>(alone).all(&self.0.reader).await?;
        let mut events: BTreeMap<ComplaintId, Vec<StoredEvent>> = BTreeMap::new();
        let all = Statement::select::<StoredEvent>("FROM events WHERE complaint_id IS NOT NULL ORDER BY seq");
        for event in all.all::<StoredEvent>(&self.0.reader).await? {
            events.entry(event.complaint_id.unwrap_or(ComplaintId(0))).or_default().push(event);
        }
        let mut threads: BTreeMap<ComplaintId, Vec<String>> = BTreeMap::new();
        for thread in Statement::select::<ThreadRow>("FROM threads").all::<ThreadRow>(&self.0.reader).await? {
            threads.entry(thread.complaint_id).or_default().push(thread.message_id);
        }
        let last = Statement::new("SELECT COALESCE(MAX(id), 0) AS last FROM mails");
        let last_mail = last.value("last", &self.0.reader).await?.unwrap_or(0);
        Ok(Originals { complaints, events, threads, last_mail })
    }

    async fn write(&self, originals: &Originals, batch: Vec<&OriginalRow>) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let copies = named(&mut tx, batch, originals.last_mail).await?;
        for table in tables() {
            Statement::new(table.copying(&copies)).run(&mut tx).await?;
        }
        insert(&mut tx, threads(originals, &copies), Conflict::Fails).await?;
        chain(&self.0, &mut tx, events(originals, &copies)).await?;
        let ids: Vec<ComplaintId> = copies.iter().map(|copy| copy.id).collect();
        write_texts(&mut tx, &ids).await?;
        self.0.finish(tx).await
    }
}

/// Gives copies their ids and numbers.
async fn named<'o>(
    tx: &mut Tx,
    batch: Vec<&'o OriginalRow>,
    last_mail: i64,
) -> Result<Vec<Copy<'o>>, StoreError> {
    let count = batch.len() as i64;
    let first = raise(tx, Counter::Complaint, count).await? - count + 1;
    let mails = raise(tx, Counter::Mail, count * last_mail).await? - count * last_mail;
    let mut copies = Vec::new();
    for (i, of) in (0..).zip(batch) {
        let year = |text: &str| text.split('-').nth(1).and_then(|year| year.parse().ok()).unwrap_or(0);
        let intake = year(&of.intake_id);
        let intake_id = IntakeId::new(intake, raise(tx, Counter::Intake(intake), 1).await?);
        let number = match of.number.as_ref().map(|number| year(number.as_str())) {
            Some(year) => Some(Number::new(year, raise(tx, Counter::Number(year), 1).await?)),
            None => None,
        };
        let id = ComplaintId(first + i);
        copies.push(Copy { of, id, intake_id, number, mails_from: mails + i * last_mail });
    }
    Ok(copies)
}

/// A table of which the rows of a complaint are copied.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    /// How the rows `t` are found for each pair `p` of an original and its copy.
    joined: &'static str,
    /// The columns that are another in the copy.
    changed: &'static [(&'static str, &'static str)],
    /// The columns with texts that name the complaint.
    reworded: &'static [&'static str],
}

/// The id of a notification begins with that of its complaint.
const NOTIFICATION: &str = "CAST(p.id AS TEXT) || substr(n.id, length(CAST(p.of_id AS TEXT)) + 1)";

/// Returns the tables in the order in which their rows refer to each other.
fn tables() -> Vec<Table> {
    vec![
        Table {
            name: ComplaintRow::TABLE,
            columns: ComplaintRow::COLUMNS,
            joined: "JOIN complaints t ON t.id = p.of_id",
            changed: &[
                ("id", "p.id"),
                ("intake_id", "p.intake_id"),
                ("number", "p.number"),
                ("complainant_email", "p.email"),
            ],
            reworded: &["facts"],
        },
        Table {
            name: DeadlineRow::TABLE,
            columns: DeadlineRow::COLUMNS,
            joined: "JOIN deadlines t ON t.complaint_id = p.of_id",
            changed: &[("complaint_id", "p.id")],
            reworded: &[],
        },
        Table {
            name: GroupKeyRow::TABLE,
            columns: GroupKeyRow::COLUMNS,
            joined: "JOIN group_keys t ON t.complaint_id = p.of_id",
            changed: &[("complaint_id", "p.id")],
            reworded: &[],
        },
        Table {
            name: MailRow::TABLE,
            columns: MailRow::COLUMNS,
            joined: "JOIN mails t ON t.complaint_id = p.of_id",
            changed: &[
                ("id", "p.mails_from + t.id"),
                ("complaint_id", "p.id"),
                ("message_id", "CAST(p.id AS TEXT) || '.' || t.message_id"),
                ("sender", "p.email"),
            ],
            reworded: &[],
        },
        Table {
            name: NotificationRow::TABLE,
            columns: NotificationRow::COLUMNS,
            joined: "JOIN notifications n ON n.complaint_id = p.of_id JOIN notifications t ON t.id = n.id",
            changed: &[("id", NOTIFICATION), ("complaint_id", "p.id")],
            reworded: &["addresses", "subject", "body"],
        },
        Table {
            name: DeliveryRow::TABLE,
            columns: DeliveryRow::COLUMNS,
            joined: "JOIN notifications n ON n.complaint_id = p.of_id JOIN deliveries t ON t.notification_id = n.id",
            changed: &[
                ("id", "CAST(p.id AS TEXT) || '-' || t.id"),
                ("complaint_id", "p.id"),
                ("notification_id", NOTIFICATION),
            ],
            reworded: &["recipient", "payload", "capped_address"],
        },
        Table {
            name: AttemptRow::TABLE,
            columns: AttemptRow::COLUMNS,
            joined: "JOIN notifications n ON n.complaint_id = p.of_id JOIN deliveries d ON d.notification_id = n.id \
                JOIN delivery_attempts t ON t.delivery_id = d.id",
            changed: &[("delivery_id", "CAST(p.id AS TEXT) || '-' || d.id")],
            reworded: &[],
        },
    ]
}

impl Table {
    /// Returns the statement that writes its rows for these copies. What stands in it is numbers and names of ours.
    fn copying(&self, copies: &[Copy<'_>]) -> String {
        let pairs: Vec<String> = copies
            .iter()
            .map(|copy| {
                let number = copy.number.as_ref().map_or("", Number::as_str);
                let (of, id, mails) = (copy.of.id.0, copy.id.0, copy.mails_from);
                format!("({of},{id},'{}','{number}',{mails})", copy.intake_id)
            })
            .collect();
        let values: Vec<String> = self.columns.iter().map(|column| self.value(column)).collect();
        format!(
            "WITH c (of_id, id, intake_id, number, mails_from) AS (VALUES {}), p AS ( \
             SELECT c.of_id, c.id, c.intake_id, c.mails_from, NULLIF(c.number, '') AS number, c.number AS new_number, \
             COALESCE(o.number, '-') AS old_number, o.intake_id AS old_intake, o.complainant_email AS old_email, \
             CASE WHEN o.complainant_email = '' THEN '' ELSE CAST(c.id AS TEXT) || '.' || o.complainant_email END AS email \
             FROM c JOIN complaints o ON o.id = c.of_id) \
             INSERT INTO {} ({}) SELECT {} FROM p {}",
            pairs.join(","),
            self.name,
            self.columns.join(", "),
            values.join(", "),
            self.joined
        )
    }

    fn value(&self, column: &str) -> String {
        match self.changed.iter().find(|(changed, _)| *changed == column) {
            Some((_, value)) => (*value).to_owned(),
            None if self.reworded.contains(&column) => REWORDED.replace("{}", column),
            None => format!("t.{column}"),
        }
    }
}

fn threads(originals: &Originals, copies: &[Copy<'_>]) -> Vec<ThreadRow> {
    let of_copy = |copy: &Copy<'_>| {
        let messages = originals.threads.get(&copy.of.id).map(Vec::as_slice).unwrap_or_default();
        let (complaint_id, messages) = (copy.id, messages.to_vec());
        messages.into_iter().map(move |message| ThreadRow {
            message_id: format!("{}.{message}", complaint_id.0),
            complaint_id,
        })
    };
    copies.iter().flat_map(of_copy).collect()
}

/// Returns the events of the copies, not yet chained.
fn events(originals: &Originals, copies: &[Copy<'_>]) -> Vec<StoredEvent> {
    let mut found = Vec::new();
    for copy in copies {
        let reworded = |text: &str| {
            let text = text.replace(&copy.of.intake_id, copy.intake_id.as_str());
            match (&copy.of.number, &copy.number) {
                (Some(old), Some(new)) => text.replace(old.as_str(), new.as_str()),
                _ => text,
            }
        };
        for event in originals.events.get(&copy.of.id).into_iter().flatten() {
            found.push(StoredEvent {
                complaint_id: Some(copy.id),
                summary: reworded(&event.summary),
                data: reworded(&event.data),
                ..event.clone()
            });
        }
    }
    found
}
