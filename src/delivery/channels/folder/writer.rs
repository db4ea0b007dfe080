//! `OutboxFolder`: writes files whole or not at all. Mails that are attempted while others are being written are written
//! together after them, so that the folder is written to the disk once for many.

use crate::calendar::Moment;
use crate::delivery::attempt::Attempt;
use crate::delivery::channels::email::EmailMessage;
use crate::delivery::channels::transport::{Beginning, OpenTransport};
use crate::files::{self, NewFile};
use futures_util::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A write that takes longer has hung.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The mails that are written together, at most.
const TOGETHER: usize = 64;

#[derive(Clone, Debug)]
pub(in crate::delivery::channels) struct OutboxFolder {
    path: PathBuf,
    queue: Arc<Mutex<Queue>>,
}

/// The mails that are to be written.
#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// True while a thread writes; it goes on until none waits.
    is_worked: bool,
}

#[derive(Debug)]
struct Waiting {
    payload: String,
    at: Moment,
    answer: oneshot::Sender<Attempt>,
}

impl OutboxFolder {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), queue: Arc::default() }
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Attempt {
        let file = NewFile { name: name.to_owned(), bytes: bytes.to_vec() };
        self.write_all(&[file]).pop().unwrap_or_else(|| Attempt::failed("nothing was written"))
    }

    fn write_all(&self, files: &[NewFile]) -> Vec<Attempt> {
        let why =
            |e: &std::io::Error| Attempt::failed(format!("{} cannot be written: {e}", self.path.display()));
        if let Err(e) = files::make_folder(&self.path) {
            return files.iter().map(|_| why(&e)).collect();
        }
        let written = files::put_all(&self.path, files).into_iter();
        written
            .map(|one| one.map_or_else(|e| why(&e), |()| Attempt::accepted("written to the outbox folder")))
            .collect()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a mail to those that are to be written; true when nobody writes them yet.
    fn add(&self, waiting: Waiting) -> bool {
        let mut queue = self.queue();
        queue.waiting.push(waiting);
        !std::mem::replace(&mut queue.is_worked, true)
    }

    /// Writes what waits, until nothing does.
    fn work(&self) {
        loop {
            let set: Vec<Waiting> = {
                let mut queue = self.queue();
                let most = queue.waiting.len().min(TOGETHER);
                if most == 0 {
                    queue.is_worked = false;
                    return;
                }
                queue.waiting.drain(..most).collect()
            };
            self.write_set(set);
        }
    }

    fn write_set(&self, set: Vec<Waiting>) {
        let (mut mails, mut answers) = (Vec::new(), Vec::new());
        for Waiting { payload, at, answer } in set {
            // What cannot be made a mail is answered at once, and harms no other.
            let made = std::panic::catch_unwind(AssertUnwindSafe(|| file_of(&payload, at)));
            match made.unwrap_or_else(|_| Err(Attempt::refused("the channel failed; the log says why"))) {
                Ok(file) => {
                    mails.push(file);
                    answers.push(answer);
                }
                Err(attempt) => _ = answer.send(attempt),
            }
        }
        for (answer, attempt) in answers.into_iter().zip(self.write_all(&mails)) {
            // Nobody waits any more where the lane was cut off.
            _ = answer.send(attempt);
        }
    }
}

/// Makes the file of a mail. Its name is the delivery's id, so an attempt repeated after a crash replaces the same file.
fn file_of(payload: &str, at: Moment) -> Result<NewFile, Attempt> {
    let mail = EmailMessage::read(payload).map_err(Attempt::rejected)?;
    let bytes = mail.to_mime(at).map_err(Attempt::rejected)?;
    Ok(NewFile { name: format!("{}.eml", mail.id), bytes })
}

impl OpenTransport for OutboxFolder {
    fn attempt<'a>(&'a self, Beginning { delivery, now, .. }: Beginning<'a>) -> BoxFuture<'a, Attempt> {
        Box::pin(async move {
            let (answer, written) = oneshot::channel();
            if self.add(Waiting { payload: delivery.payload.clone(), at: now, answer }) {
                let folder = self.clone();
                drop(tokio::task::spawn_blocking(move || folder.work()));
            }
            written.await.unwrap_or_else(|_| Attempt::failed("the write was interrupted"))
        })
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Readings;
    use crate::delivery::attempt::Conclusion;
    use crate::workflow::ClaimedDelivery;

    const AT: Moment = Moment::from_millis(1_800_000_000_000);

    fn delivery(payload: String) -> ClaimedDelivery {
        ClaimedDelivery {
            id: "d".to_owned(),
            payload,
            attempts: 1,
            created_at: AT,
            is_letter: true,
            capped_address: None,
            is_first_letter: false,
            is_reaction: false,
            lease_until: AT,
        }
    }

    fn mail(id: &str) -> String {
        serde_json::to_string(&EmailMessage { id: id.to_owned(), ..EmailMessage::example() }).expect("JSON")
    }

    /// Attempts mails all at once.
    async fn attempt(outbox: &OutboxFolder, payloads: Vec<String>) -> Vec<Attempt> {
        let deliveries: Vec<ClaimedDelivery> = payloads.into_iter().map(delivery).collect();
        let secrets = Readings::default();
        futures_util::future::join_all(
            deliveries
                .iter()
                .map(|delivery| outbox.attempt(Beginning { delivery, now: AT, secrets: &secrets })),
        )
        .await
    }

    #[tokio::test]
    async fn a_mail_has_one_file_however_often_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = OutboxFolder::new(&folder.path().join("outbox"));
        let payload = serde_json::to_string(&EmailMessage::example()).expect("JSON");
        for _ in 0..2 {
            let attempted = attempt(&outbox, vec![payload.clone()]).await;
            assert_eq!(attempted[0].conclusion, Conclusion::Accepted);
        }
        let files: Vec<_> =
            std::fs::read_dir(folder.path().join("outbox")).expect("there").flatten().collect();
        assert_eq!(files.len(), 1, "no temporary file is left: {files:?}");
        let text = std::fs::read_to_string(files[0].path()).expect("a mail");
        assert!(text.contains("To: jan@example.nl"), "{text}");
    }

    #[tokio::test]
    async fn mails_that_are_written_together_fare_each_by_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = OutboxFolder::new(folder.path());
        let nobody = EmailMessage { to: "nobody".to_owned(), ..EmailMessage::example() };
        let mut payloads: Vec<String> = (0..3 * TOGETHER).map(|i| mail(&format!("m{i}"))).collect();
        payloads[1] = "{}".to_owned();
        payloads[70] = serde_json::to_string(&nobody).expect("JSON");
        // In the place of this one stands a folder.
        std::fs::create_dir(folder.path().join("m80.eml")).expect("a folder");
        for (i, attempt) in attempt(&outbox, payloads).await.into_iter().enumerate() {
            let expected = match i {
                1 | 70 => Conclusion::Rejected,
                80 => Conclusion::Failed { pause_until: None },
                _ => Conclusion::Accepted,
            };
            assert_eq!(attempt.conclusion, expected, "{i}: {attempt:?}");
            let written = folder.path().join(format!("m{i}.eml")).is_file();
            assert_eq!(written, expected == Conclusion::Accepted, "{i}");
        }
        let late = attempt(&outbox, vec![mail("late")]).await;
        assert_eq!(late[0].conclusion, Conclusion::Accepted, "the next mail finds a writer");
    }

    #[test]
    fn what_cannot_be_written_is_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let attempt = OutboxFolder::new(&file).write("a", b"");
        assert_eq!(attempt.conclusion, Conclusion::Failed { pause_until: None }, "{attempt:?}");
    }
}
