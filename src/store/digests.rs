//! `Digests`: the handle of what is gathered: the lines that wait, and the digests that carry them.

use super::chain::{Entry, append};
use super::database::Database;
use super::delivery_state::GatheredState;
use super::error::StoreError;
use super::row::view;
use super::sets::{Conflict, ROWS, insert};
use super::statement::{Statement, Tx};
use super::tables::deliveries::{DeliveryRow, NewDelivery};
use super::tables::digest_lines::DigestLine;
use super::tables::gathered::{WaitingLine, WaitingRow};
use super::tables::notifications::{NotificationRow, RenderedNotification};
use crate::calendar::Moment;
use crate::complaint::{Event, EventKind};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most lines that go out in one transaction.
const AT_ONCE: i64 = 10_000;

/// The handle of what is gathered.
#[derive(Clone, Debug)]
pub struct Digests(pub(super) Database);

/// Digests that are ready to be written, and what becomes of the lines that were looked at.
#[derive(Clone, Copy, Debug)]
pub struct DigestRun<'r> {
    /// The moment at which they go.
    pub at: Moment,
    /// The hash of the ruleset in force.
    pub ruleset: &'r str,
    /// The digests, rendered and addressed.
    pub digests: &'r [RenderedNotification],
    /// The deliveries of the digests.
    pub deliveries: &'r [NewDelivery],
    /// What the digests carry.
    pub lines: &'r [DigestLine],
    /// The notifications that are left out, because what they said is no longer so.
    pub left_out: &'r [String],
    /// The notifications that nobody can be told now, and the moment at which that is tried again.
    pub postponed: (&'r [String], Moment),
    /// The event that tells of it in the trail; none when nothing went out or was left out.
    pub event: Option<&'r Event>,
}

impl Digests {
    /// Returns the earliest moment at which a digest is due; none when nothing waits.
    pub async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        let waiting = GatheredState::Waiting.condition();
        let sql = format!("SELECT due_at FROM gathered WHERE {waiting} ORDER BY due_at LIMIT 1");
        Ok(Statement::new(sql).value("due_at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns the lines whose digest is due at a moment, in the order in which they were decided.
    pub async fn due(&self, now: Moment) -> Result<Vec<WaitingLine>, StoreError> {
        let waiting = GatheredState::Waiting.condition();
        let sql = format!(
            "SELECT g.notification_id, n.complaint_id, n.recipient, n.message, n.at, g.due_at, g.part, g.line, \
             g.data, g.stands_on FROM (SELECT * FROM gathered WHERE {waiting} AND due_at <= $1 \
             ORDER BY due_at LIMIT {AT_ONCE}) g JOIN notifications n ON n.id = g.notification_id"
        );
        let rows: Vec<WaitingRow> = Statement::new(sql).with(now).all(&self.0.reader).await?;
        let mut lines: Vec<WaitingLine> = rows.into_iter().map(WaitingLine::from).collect();
        lines.sort_by(|a, b| (a.at, &a.notification_id).cmp(&(b.at, &b.notification_id)));
        Ok(lines)
    }

    /// Writes digests and settles their lines. Returns false, and nothing is written, when another process was
    /// faster.
    pub async fn commit(&self, run: DigestRun<'_>) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let carried: BTreeSet<&str> = run.lines.iter().map(|line| line.notification_id.as_str()).collect();
        let carried: Vec<&str> = carried.into_iter().collect();
        let left_out: Vec<&str> = run.left_out.iter().map(String::as_str).collect();
        for (ids, state) in [(&carried, GatheredState::Carried), (&left_out, GatheredState::LeftOut)] {
            if settle(&mut tx, ids, state, run.at).await? < ids.len() as u64 {
                return Ok(false);
            }
        }
        let (postponed, until) = run.postponed;
        for set in postponed.chunks(ROWS) {
            let later =
                Statement::new("UPDATE gathered SET due_at = $1 WHERE notification_id IN ").with(until);
            let later = later.and_list(set).and(&format!(" AND {}", GatheredState::Waiting.condition()));
            later.run(&mut tx).await?;
        }
        let digests = run.digests.iter().map(|n| NotificationRow::new(None, run.at, n));
        insert(&mut tx, digests.collect(), Conflict::Fails).await?;
        let deliveries = run.deliveries.iter().map(|d| DeliveryRow::new(d, run.at));
        insert(&mut tx, deliveries.collect(), Conflict::Fails).await?;
        insert(&mut tx, run.lines.to_vec(), Conflict::Fails).await?;
        let events: Vec<Event> = run.event.into_iter().cloned().collect();
        append(&self.0, &mut tx, &Entry::alone(run.at, run.ruleset, &events)).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }
}

/// Settles lines that still wait; how many did.
pub(super) async fn settle<S: AsRef<str>>(
    tx: &mut Tx,
    ids: &[S],
    state: GatheredState,
    at: Moment,
) -> Result<u64, StoreError> {
    let mut settled = 0;
    for set in ids.chunks(ROWS) {
        let sql = "UPDATE gathered SET state = $1, settled_at = $2 WHERE notification_id IN ";
        let these = Statement::new(sql).with(state.as_str()).with(at).and_list(set.iter().map(AsRef::as_ref));
        settled += these.and(&format!(" AND {}", GatheredState::Waiting.condition())).run(tx).await?;
    }
    Ok(settled)
}

view! {
    struct RunRow in "events" as "event" ("seq") {
        data: crate::store::column::Json<Value>,
    }
}

view! {
    struct LeftOutRow in "gathered" as "gathered notification" ("notification_id") {
        notification_id: String,
    }
}

/// Names the points in which the digests are not what the trail says of them.
pub(super) async fn disagreements(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let runs =
        Statement::select::<RunRow>("FROM events WHERE kind = $1").with(EventKind::DigestsSent.as_str());
    let (mut told, mut told_left_out) = (BTreeSet::new(), BTreeSet::new());
    for run in runs.all::<RunRow>(&mut *tx).await? {
        let Value::Object(digests) = &run.data.0["digests"] else { continue };
        for (digest, lines) in digests {
            told.extend(texts(lines).map(|line| (digest.clone(), line)));
        }
        told_left_out.extend(texts(&run.data.0["left_out"]));
    }
    let lines = Statement::select::<DigestLine>("FROM digest_lines").all::<DigestLine>(&mut *tx).await?;
    let lines: BTreeSet<_> = lines.into_iter().map(|line| (line.digest_id, line.notification_id)).collect();
    let left_out = format!("FROM gathered WHERE {}", GatheredState::LeftOut.condition());
    let left_out = Statement::select::<LeftOutRow>(&left_out).all::<LeftOutRow>(&mut *tx).await?;
    let left_out: BTreeSet<_> = left_out.into_iter().map(|row| row.notification_id).collect();
    let side = |is_told: bool| if is_told { "is not there" } else { "is not in the trail" };
    let of_digests = told
        .symmetric_difference(&lines)
        .map(|line| format!("line {} of digest {} {}", line.1, line.0, side(told.contains(line))));
    let of_left_out = told_left_out
        .symmetric_difference(&left_out)
        .map(|id| format!("that message {id} was left out of digests {}", side(told_left_out.contains(id))));
    Ok(of_digests.chain(of_left_out).collect())
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned))
}
