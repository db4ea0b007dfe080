//! The mails of a complaint, a few at a time: as many as fit into a part of memory, whatever their number and size.

use crate::complaint::ComplaintId;
use crate::store::{MailSize, Store, StoreError};
use std::collections::VecDeque;

/// What is listed at once, and what is read at once: so many mails, or so many bytes, or one.
const LISTED: usize = 500;
const READ: usize = 100;
const BYTES: i64 = 8 << 20;

/// The keys of the mails of a complaint, in sets that are read at once.
#[derive(Debug)]
pub(in crate::workflow) struct MailSets {
    store: Store,
    id: ComplaintId,
    after: i64,
    listed: VecDeque<MailSize>,
    is_over: bool,
}

impl MailSets {
    pub fn new(store: Store, id: ComplaintId) -> Self {
        Self { store, id, after: 0, listed: VecDeque::new(), is_over: false }
    }

    /// Returns the next set; none behind the last.
    pub async fn next(&mut self) -> Result<Option<Vec<i64>>, StoreError> {
        if self.listed.len() < READ && !self.is_over {
            let more = self.store.dossiers().mail_sizes(self.id, self.after, LISTED).await?;
            self.is_over = more.len() < LISTED;
            self.after = more.last().map_or(self.after, |mail| mail.id);
            self.listed.extend(more);
        }
        let (mut set, mut bytes) = (Vec::new(), 0);
        while let Some(mail) = self.listed.front() {
            bytes += mail.size;
            if !set.is_empty() && (bytes > BYTES || set.len() == READ) {
                break;
            }
            set.push(mail.id);
            self.listed.pop_front();
        }
        Ok(Some(set).filter(|set| !set.is_empty()))
    }
}
