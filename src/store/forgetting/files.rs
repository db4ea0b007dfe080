//! What was kept as files of a complaint that is forgotten: named while it is known what they are, and deleted when they can be.

use super::Forgettings;
use super::outgoing::{digests_of_complaint, digests_with};
use super::telling::{Told, all_telling};
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::row::{Row, view};
use crate::store::sets::{Conflict, ROWS, insert};
use crate::store::statement::{Statement, Tx};
use crate::store::tables::forgotten_files::LeftFile;

/// The files that are named at once.
const FILES: usize = 500;
/// The beginning of the source of a mail that was found in a Maildir, before the name of its file.
const MAILDIR: &str = "maildir:";

/// Something that may have been kept as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptFile {
    /// A delivery, by its plugin and its id.
    Delivery(String, String),
    /// A mail, by the name of its file in a Maildir.
    Mail(String),
}

impl KeptFile {
    /// Returns the file of a mail by the way it came; none where it came as none.
    pub(in crate::store) fn of_source(source: &str) -> Option<Self> {
        source.strip_prefix(MAILDIR).map(|name| Self::Mail(name.to_owned()))
    }
}

view! {
    /// A delivery that may have been written to a file.
    struct SentFile in "deliveries" as "delivery" ("id") {
        id: String,
        plugin: String,
    }
}

impl SentFile {
    fn kept(self) -> KeptFile {
        KeptFile::Delivery(self.plugin, self.id)
    }
}

impl Forgettings {
    /// Names what may have been kept as files of a complaint, in parts: after which to go on comes with each; none at the end.
    pub async fn sent_files(&self, id: ComplaintId, after: &str) -> Result<Vec<KeptFile>, StoreError> {
        let sent = "FROM deliveries WHERE complaint_id = $1 AND id > $2 ORDER BY id LIMIT $3";
        let sent = Statement::select::<SentFile>(sent).with(id).with(after).with(FILES);
        let sent: Vec<SentFile> = sent.all(&self.0.reader).await?;
        Ok(sent.into_iter().map(SentFile::kept).collect())
    }

    /// Names what was delivered of the digests in which a complaint stood, and of the messages that belong to none and tell of
    /// it.
    pub async fn told_files(&self, id: ComplaintId, told: Told<'_>) -> Result<Vec<KeptFile>, StoreError> {
        let mut tx = self.0.begin_reading().await?;
        let mut carriers = digests_of_complaint(&mut tx, id).await?;
        let telling = all_telling(&mut tx, id, told).await?;
        carriers.extend(digests_with(&mut tx, &telling).await?);
        carriers.extend(telling);
        let mut files = Vec::new();
        for set in carriers.chunks(ROWS) {
            let sent = format!("SELECT {} FROM deliveries WHERE notification_id IN ", SentFile::columns());
            let sent: Vec<SentFile> = Statement::new(sent).and_list(set).all(&mut tx).await?;
            files.extend(sent.into_iter().map(SentFile::kept));
        }
        Ok(files)
    }

    /// Keeps the names of files that are to be deleted later.
    pub async fn leave_files(&self, id: ComplaintId, files: &[KeptFile]) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        leave_files(&mut tx, id, files).await?;
        self.0.finish(tx).await
    }

    /// Returns files of a complaint that are still to be deleted, in parts, each after the last file of the one before.
    pub async fn left_files(
        &self,
        id: ComplaintId,
        after: Option<&KeptFile>,
    ) -> Result<Vec<KeptFile>, StoreError> {
        let after = after.map(|file| left(id, file));
        let (plugin, name) = after.map_or_else(Default::default, |row| (row.plugin, row.name));
        let left = "FROM forgotten_files WHERE complaint_id = $1 AND (plugin, name) > ($2, $3) \
            ORDER BY plugin, name LIMIT $4";
        let left = Statement::select::<LeftFile>(left).with(id).with(plugin).with(name).with(FILES);
        let left: Vec<LeftFile> = left.all(&self.0.reader).await?;
        let kept = |row: LeftFile| match row.plugin.is_empty() {
            true => KeptFile::Mail(row.name),
            false => KeptFile::Delivery(row.plugin, row.name),
        };
        Ok(left.into_iter().map(kept).collect())
    }

    /// Forgets the names of files that are deleted.
    pub async fn files_gone(&self, id: ComplaintId, files: &[KeptFile]) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        for file in files {
            let LeftFile { plugin, name, .. } = left(id, file);
            let gone = "DELETE FROM forgotten_files WHERE complaint_id = $1 AND plugin = $2 AND name = $3";
            Statement::new(gone).with(id).with(plugin).with(name).run(&mut tx).await?;
        }
        self.0.finish(tx).await
    }
}

fn left(complaint_id: ComplaintId, file: &KeptFile) -> LeftFile {
    let (plugin, name) = match file {
        KeptFile::Delivery(plugin, id) => (plugin.clone(), id.clone()),
        KeptFile::Mail(name) => (String::new(), name.clone()),
    };
    LeftFile { complaint_id, plugin, name }
}

/// Keeps the names of files that are to be deleted later.
pub(in crate::store) async fn leave_files(
    tx: &mut Tx,
    id: ComplaintId,
    files: &[KeptFile],
) -> Result<(), StoreError> {
    let rows = files.iter().map(|file| left(id, file)).collect();
    insert(tx, rows, Conflict::Keeps("complaint_id, plugin, name")).await?;
    Ok(())
}
