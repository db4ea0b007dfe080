//! Sending digests: what is gathered goes out when its moment has come, in working hours, each line once
//! (docs/semantics.md 8.3).

use super::digest::{Composed, Composing};
use super::renderer::Sent;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Event, EventKind, Origin};
use crate::message::Timing;
use crate::store::{DigestLine, DigestRun, Share, StoreError, WaitingLine};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The longest that a digest waits for what other processes decide, and the pause between two looks.
const OTHERS_MILLIS: i64 = 60_000;
const AGAIN_MILLIS: i64 = 100;

/// The lines whose complaints are in memory at a time.
const LINES: usize = 100;

impl Workflow {
    /// Sends the digests that are due, and returns how many there were.
    pub async fn send_digests(&self) -> Result<usize, WorkflowError> {
        let (renderer, now) = (self.renderer(), self.now().await?);
        if renderer.open_from(now) > now || self.others_are_at_it(now).await? {
            return Ok(0);
        }
        let waiting = self.store.digests().due(now).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut composing = Composing::new(&renderer, now);
        for lines in waiting.chunks(LINES) {
            composing.add(lines, &self.cases_of(lines).await?);
        }
        let Composed { digests, lines, left_out, postponed, broken } = composing.compose();
        let count = digests.len();
        let (rows, deliveries): (Vec<_>, Vec<_>) =
            digests.into_iter().map(|Sent { row, deliveries, .. }| (row, deliveries)).unzip();
        let event = (count + left_out.len() > 0).then(|| event(count, &lines, &left_out));
        // A millisecond later, so that it is not this digest again.
        let again = renderer.digest_from(Timing::Daily, now.next());
        let run = DigestRun {
            at: now,
            ruleset: renderer.published.ruleset.hash(),
            digests: &rows,
            deliveries: &deliveries.concat(),
            lines: &lines,
            left_out: &left_out,
            postponed: (&postponed, again),
            event: event.as_ref(),
        };
        if !self.store.digests().commit(run).await? {
            return Ok(0);
        }
        self.outbox.ring();
        let broken: BTreeMap<String, _> =
            broken.into_iter().map(|fault| (fault.place.clone(), fault)).collect();
        self.tell_faults(broken.into_values().map(|fault| (None, fault)).collect()).await?;
        Ok(count)
    }

    async fn cases_of(&self, waiting: &[WaitingLine]) -> Result<HashMap<ComplaintId, Case>, StoreError> {
        let ids: BTreeSet<ComplaintId> = waiting.iter().filter_map(|line| line.complaint).collect();
        let ids: Vec<ComplaintId> = ids.into_iter().collect();
        let cases = self.store.cases().load(&ids).await?;
        Ok(cases.into_iter().map(|case| (case.id, case)).collect())
    }

    /// Returns whether other processes still decide what was due no later than the digest that is due now: it is to
    /// stand in it. One that does not come to it is not waited for.
    async fn others_are_at_it(&self, now: Moment) -> Result<bool, StoreError> {
        if self.share() == Share::ALL {
            return Ok(false);
        }
        let Some(due) = self.store.digests().next_due().await? else { return Ok(false) };
        let is_behind = self.next_complaint().await?.is_some_and(|wake| wake <= due);
        Ok(is_behind && now < due.plus_millis(OTHERS_MILLIS))
    }

    /// Returns the moment at which the next digest goes; none when nothing is gathered.
    pub async fn next_digest(&self) -> Result<Option<Moment>, StoreError> {
        let Some(due) = self.store.digests().next_due().await? else { return Ok(None) };
        let now = self.now().await?;
        Ok(Some(self.renderer().open_from(if due <= now { now.plus_millis(AGAIN_MILLIS) } else { due })))
    }
}

/// Returns the event that tells in the trail which notifications each digest carried, and which were left out.
fn event(count: usize, lines: &[DigestLine], left_out: &[String]) -> Event {
    let mut digests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in lines {
        digests.entry(&line.digest_id).or_default().push(&line.notification_id);
    }
    let carried: usize = digests.values().map(Vec::len).sum();
    let data: Value = json!({"digests": digests, "left_out": left_out});
    Event {
        kind: EventKind::DigestsSent,
        origin: Origin::ENGINE,
        summary: format!("{count} digests with {carried} notifications, {} left out", left_out.len()),
        data,
        personal: None,
    }
}
