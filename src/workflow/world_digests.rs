//! What is gathered in the world in memory: lines wait and go out as in production.

use super::World;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Text};
use crate::message::Timing;
use crate::store::{RenderedNotification, WaitingLine};
use crate::workflow::digest::Composing;
use std::collections::HashMap;

/// Lines that wait for a digest, and the digests that went.
#[derive(Default)]
pub(in crate::workflow) struct Gathered {
    waiting: Vec<WaitingLine>,
    /// Oldest first.
    pub sent: Vec<SentDigest>,
}

/// A digest that went out in this world.
#[derive(Clone, Debug)]
pub(in crate::workflow) struct SentDigest {
    pub at: Moment,
    pub address: String,
    /// The message that each line is of, and the line.
    pub lines: Vec<(String, String)>,
    /// Subject and text.
    pub words: String,
}

impl Gathered {
    /// Lets those of a decision's notifications wait that are gathered.
    pub(super) fn wait(
        &mut self,
        complaint: Option<ComplaintId>,
        at: Moment,
        notifications: &[RenderedNotification],
    ) {
        let lines = notifications.iter().filter_map(|n| {
            let (notification_id, recipient, message) =
                (n.id.clone(), n.recipient.clone(), n.message.clone());
            let gathered = n.gathered.clone()?;
            Some(WaitingLine { notification_id, complaint, recipient, message, at, gathered })
        });
        self.waiting.extend(lines);
    }
}

impl World {
    /// Returns the moment at which the next digest goes; none when nothing is gathered.
    pub(super) fn next_digest(&self) -> Option<Moment> {
        let due = self.gathered.waiting.iter().map(|line| line.gathered.due_at).min()?;
        Some(self.renderer.open_from(due.max(self.now)))
    }

    /// Sends what is due.
    pub(super) fn send_digests(&mut self) -> Result<(), Text> {
        let now = self.now;
        let is_due = |line: &mut WaitingLine| line.gathered.due_at <= now;
        let due: Vec<WaitingLine> = self.gathered.waiting.extract_if(.., is_due).collect();
        let cases: HashMap<ComplaintId, Case> =
            self.players.iter().map(|player| (player.case.id, player.case.clone())).collect();
        let mut composing = Composing::new(&self.renderer, now);
        composing.add(&due, &cases);
        let composed = composing.compose();
        if let Some(fault) = composed.broken.first() {
            return Err(fault.text.clone().map(|text| format!("{}: {text}", fault.place)));
        }
        let again = self.renderer.digest_from(Timing::Daily, now.next());
        let is_postponed = |line: &WaitingLine| composed.postponed.contains(&line.notification_id);
        self.gathered.waiting.extend(due.iter().filter(|line| is_postponed(line)).cloned().map(
            |mut line| {
                line.gathered.due_at = again;
                line
            },
        ));
        for digest in &composed.digests {
            let mut lines: Vec<_> = composed.lines.iter().filter(|l| l.digest_id == digest.row.id).collect();
            lines.sort_by_key(|line| line.position);
            lines.dedup_by_key(|line| line.position);
            let lines = lines.into_iter().map(|line| {
                let of = due.iter().find(|of| of.notification_id == line.notification_id);
                (of.map(|of| of.message.clone()).unwrap_or_default(), line.line.clone())
            });
            let lines = lines.collect();
            let words = format!("{}\n{}", digest.row.subject, digest.row.body);
            let address = digest.row.addresses.first().cloned().unwrap_or_default();
            self.gathered.sent.push(SentDigest { at: now, address, lines, words });
        }
        Ok(())
    }
}
