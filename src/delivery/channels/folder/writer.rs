//! `OutboxFolder`: writes files whole or not at all.

use crate::calendar::Moment;
use crate::delivery::attempt::Attempt;
use crate::delivery::channels::email::EmailMessage;
use crate::delivery::channels::transport::OpenTransport;
use crate::files;
use crate::workflow::ClaimedDelivery;
use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A write that takes longer has hung.
const TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Clone, Debug)]
pub(in crate::delivery::channels) struct OutboxFolder {
    path: PathBuf,
}

impl OutboxFolder {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Writes a mail. The name is the delivery's id, so an attempt repeated after a crash replaces the same
    /// file.
    fn write_mail(&self, payload: &str, at: Moment) -> Attempt {
        let mail = match EmailMessage::read(payload) {
            Ok(mail) => mail,
            Err(why) => return Attempt::rejected(why),
        };
        match mail.to_mime(at) {
            Ok(mime) => self.write(&format!("{}.eml", mail.id), &mime),
            Err(why) => Attempt::rejected(why),
        }
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Attempt {
        let write = || {
            files::make_folder(&self.path)?;
            files::put(&self.path.join(format!(".{name}.tmp")), &self.path.join(name), bytes)
        };
        match write() {
            Ok(()) => Attempt::accepted("written to the outbox folder"),
            Err(e) => Attempt::failed(format!("{} cannot be written: {e}", self.path.display())),
        }
    }
}

impl OpenTransport for OutboxFolder {
    fn attempt<'a>(&'a self, delivery: &'a ClaimedDelivery, now: Moment) -> BoxFuture<'a, Attempt> {
        let (folder, payload) = (self.clone(), delivery.payload.clone());
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || folder.write_mail(&payload, now)).await;
            written.unwrap_or_else(|_| Attempt::failed("the write was interrupted"))
        })
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::attempt::Conclusion;

    const AT: Moment = Moment::from_millis(1_800_000_000_000);

    #[test]
    fn a_mail_has_one_file_however_often_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = OutboxFolder::new(&folder.path().join("outbox"));
        let payload = serde_json::to_string(&EmailMessage::example()).expect("JSON");
        for _ in 0..2 {
            assert_eq!(outbox.write_mail(&payload, AT).conclusion, Conclusion::Accepted);
        }
        let files: Vec<_> =
            std::fs::read_dir(folder.path().join("outbox")).expect("there").flatten().collect();
        assert_eq!(files.len(), 1, "no temporary file is left: {files:?}");
        let text = std::fs::read_to_string(files[0].path()).expect("a mail");
        assert!(text.contains("To: jan@example.nl"), "{text}");
    }

    #[test]
    fn what_cannot_be_read_is_rejected_and_what_cannot_be_written_is_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = OutboxFolder::new(folder.path());
        assert_eq!(outbox.write_mail("{}", AT).conclusion, Conclusion::Rejected);
        let nobody = EmailMessage { to: "nobody".to_owned(), ..EmailMessage::example() };
        let payload = serde_json::to_string(&nobody).expect("JSON");
        let attempt = outbox.write_mail(&payload, AT);
        assert!(
            attempt.conclusion == Conclusion::Rejected && attempt.reason.contains("nobody"),
            "{attempt:?}"
        );
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let attempt = OutboxFolder::new(&file).write("a", b"");
        assert_eq!(attempt.conclusion, Conclusion::Failed { pause_until: None }, "{attempt:?}");
    }
}
