//! `Forgettings`: the handle of taking the names and texts of complaints away: step by step, each of which may be done
//! again, in transactions that are not large, so that whatever ends between two of them is gone on with.

mod emptying;
mod facts;
mod files;
mod naming;
mod outgoing;
mod remains;
mod telling;
mod trail;

pub(super) use emptying::{emptied_hash, emptied_id};
pub use files::KeptFile;
pub use naming::Ours;
pub use outgoing::Stopping;
pub use telling::Told;
pub(super) use trail::vouched;

use super::database::Database;
use super::error::StoreError;
use super::row::view;
use super::sets::{Conflict, ROWS, insert};
use super::statement::{Statement, Tx};
use super::tables::forgettings::{Forgets, Forgetting, ForgettingStep};
use super::tables::meta::Meta;
use crate::calendar::Moment;
use crate::complaint::{Actor, ComplaintId, State};

/// The handle of taking names and texts away.
#[derive(Clone, Debug)]
pub struct Forgettings(pub(super) Database);

/// What stands where something was: a word for subjects, and how a recipient is written that may stay.
#[derive(Clone, Copy, Debug)]
pub struct Remainder<'r> {
    /// The word.
    pub word: &'r str,
    /// The recipients that name nobody.
    pub recipients: &'r [String],
    /// The moment at which it is put there.
    pub now: Moment,
}

impl Forgettings {
    /// Returns complaints of which not everything is gone yet, after one of them, at most `limit`.
    pub async fn open(&self, after: ComplaintId, limit: usize) -> Result<Vec<Forgetting>, StoreError> {
        let open =
            "FROM forgettings WHERE done_at IS NULL AND complaint_id > $1 ORDER BY complaint_id LIMIT $2";
        let open = Statement::select::<Forgetting>(open).with(after).with(limit);
        open.all(&self.0.reader).await
    }

    /// Returns how far the forgetting of a complaint is; none where it is not forgotten.
    pub async fn of(&self, id: ComplaintId) -> Result<Option<Forgetting>, StoreError> {
        let this = Statement::select::<Forgetting>("FROM forgettings WHERE complaint_id = $1");
        this.with(id).first(&self.0.reader).await
    }

    /// Returns how many complaints are not forgotten yet that were decided about before a moment, and the first such decision; none
    /// when there are none. Those that are open are few.
    pub async fn open_since(&self, before: Moment) -> Result<Option<(Moment, u64)>, StoreError> {
        let waiting = "forgettings WHERE done_at IS NULL AND decided_at < $1";
        let count = Statement::counting(waiting).with(before).count(&self.0.reader).await?;
        let first = Statement::new(format!("SELECT MIN(decided_at) AS first FROM {waiting}")).with(before);
        let first: Option<i64> = match count {
            0 => None,
            _ => first.value("first", &self.0.reader).await?,
        };
        Ok(first.map(|first| (Moment::from_millis(first), count.unsigned_abs())))
    }

    /// Records that a step is done.
    pub async fn pass(&self, id: ComplaintId, step: ForgettingStep) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        pass(&mut tx, id, step).await?;
        self.0.finish(tx).await
    }

    /// Records that everything of these is gone, as far as nothing came to it meanwhile.
    pub async fn finish(&self, ids: &[ComplaintId], now: Moment) -> Result<u64, StoreError> {
        let (mut tx, mut done) = (self.0.begin().await?, 0);
        for set in ids.chunks(ROWS) {
            let sql =
                "UPDATE forgettings SET step = $1, done_at = $2 WHERE step IN ($3, $4) AND complaint_id IN ";
            let these = Statement::new(sql).with(ForgettingStep::Done.as_str()).with(now);
            let these = these.with(ForgettingStep::Remains.as_str());
            let these = these.with(ForgettingStep::LeftFiles.as_str()).and_list(set.iter().copied());
            done += these.run(&mut tx).await?;
        }
        self.0.finish(tx).await?;
        Ok(done)
    }
}

impl Forgettings {
    /// Has every complaint be forgotten that is in one of these states and is not yet, once for the same states: those that came
    /// there before the states were said to forget.
    pub async fn begin_in(&self, states: &[State]) -> Result<(), StoreError> {
        let names: Vec<&str> = states.iter().map(State::as_str).collect();
        let wanted = names.join(" ");
        if Meta::Forgets.read::<String>(&self.0.reader).await?.unwrap_or_default() == wanted {
            return Ok(());
        }
        for state in states {
            let mut after = ComplaintId(0);
            loop {
                let there = "FROM complaints WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3";
                let there = Statement::select::<ThereRow>(there).with(state.as_str()).with(after).with(ROWS);
                let there: Vec<ThereRow> = there.all(&self.0.reader).await?;
                let Some(last) = there.last() else { break };
                after = last.id;
                let mut tx = self.0.begin().await?;
                let begun = |row: &ThereRow| {
                    let forgets = Forgets { by: Actor::System, reason: None };
                    Forgetting::begun(row.id, row.decided_at, forgets)
                };
                let rows = there.iter().map(begun);
                insert(&mut tx, rows.collect(), Conflict::Keeps("complaint_id")).await?;
                self.0.finish(tx).await?;
            }
        }
        let mut tx = self.0.begin().await?;
        Meta::Forgets.write(&mut tx, wanted).await?;
        self.0.finish(tx).await
    }
}

view! {
    /// A complaint in a state, and the moment of its last decision.
    struct ThereRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        decided_at: Moment,
    }
}

/// Goes on to what is next after a step; where something came to the complaint meanwhile, it has begun anew and stays so.
async fn pass(tx: &mut Tx, id: ComplaintId, step: ForgettingStep) -> Result<(), StoreError> {
    let next = Statement::new("UPDATE forgettings SET step = $1 WHERE complaint_id = $2 AND step = $3");
    next.with(step.next().as_str()).with(id).with(step.as_str()).run(tx).await?;
    Ok(())
}

/// Has complaints be forgotten that came to a state that forgets, or to which something was decided in it.
pub(super) async fn begin(
    tx: &mut Tx,
    complaints: impl Iterator<Item = (ComplaintId, Moment, Forgets)>,
) -> Result<(), StoreError> {
    let rows: Vec<Forgetting> = complaints.map(|(id, at, by)| Forgetting::begun(id, at, by)).collect();
    let anew = Conflict::Updates { key: "complaint_id", columns: &["step", "done_at"], only_if: None };
    insert(tx, rows, anew).await?;
    Ok(())
}

/// Has complaints be forgotten anew to which a mail has come, as far as they were.
pub(super) async fn begin_anew(tx: &mut Tx, joined: &[ComplaintId]) -> Result<(), StoreError> {
    for set in joined.chunks(ROWS) {
        let anew = "UPDATE forgettings SET step = $1, done_at = NULL WHERE complaint_id IN ";
        let anew = Statement::new(anew).with(ForgettingStep::FIRST.as_str()).and_list(set.iter().copied());
        anew.run(tx).await?;
    }
    Ok(())
}
