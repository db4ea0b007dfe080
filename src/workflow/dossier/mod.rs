//! The dossier of a complaint: what the command line and the page both make of the store, part by part; and whether one agrees
//! with the trail here.

mod book;
mod letters;
pub(super) mod mails;
pub(super) mod packing;
mod steps;
mod talk;
mod telling;
mod term;
mod within;

use super::{Workflow, WorkflowError};
use crate::complaint::{Case, ComplaintId, Language, Words};
use crate::dossier::{
    ATTESTATION, Attestation, Checked, Closing, FORMAT, Head, MANIFEST, Manifest, Marks, Page, TIMELINE,
    attachment_name, attested, letter_name, line, mail_name,
};
use crate::files;
use crate::random;
use crate::rules::Clauses;
use crate::store::{Audit, StoreError};
use book::Book;
use letters::Letters;
use mails::MailSets;
use packing::Packing;
use std::fs::File;
use std::io::{self, Seek};
use std::path::PathBuf;
use steps::{Steps, link_of};
use talk::{KeptMail, Talk};
use telling::Telling;

/// Events that are read at once.
const EVENTS: usize = 500;
/// How often a complaint is read again that changes meanwhile.
const TRIES: usize = 3;
/// The bytes of the page that are handed on at once.
const PIECE: usize = 64 * 1_024;

/// How a dossier is to be made.
#[derive(Clone, Copy, Debug)]
pub struct DossierWish {
    /// The language of its page.
    pub language: Language,
    /// Returns the attachments of a mail, in the order in which they are listed.
    pub open: fn(&[u8]) -> Vec<Vec<u8>>,
    /// The most characters that are kept of the text of a mail.
    pub longest: usize,
}

/// A dossier that was made.
#[derive(Clone, Debug)]
pub struct MadeDossier {
    /// The number of files in it.
    pub files: usize,
    /// The number of events.
    pub steps: u64,
    /// The check number of its page.
    pub check_number: String,
}

/// A reason why there is no dossier.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// There is no such complaint.
    #[error("there is no such complaint")]
    Missing,
    /// Its names and texts are being taken away.
    #[error("its names and texts are being taken away; its dossier can be made when they are gone")]
    Forgetting,
    /// It changed each time while it was read.
    #[error("the complaint changes all the time; try again in a minute")]
    Changing,
    /// The file cannot be written.
    #[error("the dossier cannot be written: {0}")]
    Unwritable(#[from] io::Error),
    /// Something of ours failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl DossierError {
    /// Returns whether the reason lies with the one complaint, so that dossiers of others can be made.
    pub(super) fn is_of_one_complaint(&self) -> bool {
        match self {
            Self::Unwritable(_) => false,
            Self::Workflow(error) => {
                matches!(error, WorkflowError::Store(StoreError::Unreadable { .. }))
            }
            _ => true,
        }
    }

    /// Returns it in words for who reads a pack.
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Changing => Words::new(
                "de zaak veranderde telkens terwijl het werd gemaakt",
                "the case changed each time while it was made",
            ),
            Self::Forgetting => Words::new(
                "de namen en teksten ervan worden juist verwijderd",
                "its names and texts are being taken away now",
            ),
            _ => Words::new(
                "wat ervan is bewaard, is niet geheel te lezen; kijk met redress audit verify",
                "what is kept of it cannot be read whole; look with redress audit verify",
            ),
        }
    }
}

impl From<StoreError> for DossierError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

/// Whether a dossier or an audit pack agrees with the trail here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Its events, or its head, are of the trail.
    Agrees {
        /// The events that came after it was made: of the complaint, or all.
        later: i64,
        /// True where it was attested with the key here; false where that was with one that is gone.
        is_attested: bool,
    },
    /// There is no such complaint here.
    Unknown,
    /// It was attested by nobody here as it is now.
    Forged,
    /// The first event that is not as the trail has it, or its head.
    Differs {
        /// Its place in the trail.
        seq: i64,
    },
    /// The trail here does not hold.
    Broken {
        /// The first event that is not as it was written.
        seq: i64,
    },
}

impl Workflow {
    /// Returns a file in which a dossier can be made that is sent on; it is gone once it is closed.
    ///
    /// # Errors
    /// What keeps a file from being made in the data folder.
    pub fn scratch(&self) -> io::Result<File> {
        files::scratch(&self.scratch_folder(), &format!(".dossier.{}.tmp", random::hex::<16>()))
    }

    /// Returns the folder for what is written aside: that of the data, which is closed to others.
    pub fn scratch_folder(&self) -> PathBuf {
        self.folders.get().map_or_else(std::env::temp_dir, |folders| folders.data.clone())
    }

    /// Writes the dossier of a complaint into a file, which is then whole and on the disk.
    ///
    /// # Errors
    /// What keeps it from being made; what stands in the file then is none.
    pub async fn write_dossier(
        &self,
        id: ComplaintId,
        wish: DossierWish,
        file: &File,
    ) -> Result<MadeDossier, DossierError> {
        let _turn = self.dossiers.acquire().await;
        for _ in 0..TRIES {
            let mut file = file.try_clone()?;
            file.set_len(0)?;
            file.rewind()?;
            let case = self.reading().case(id).await?.ok_or(DossierError::Missing)?;
            let version = case.version;
            self.is_whole(id).await?;
            let making = Making::begin(self, id, case, wish).await?;
            let made = making.write(file).await?;
            let after = self.reading().case(id).await?.ok_or(DossierError::Missing)?;
            self.is_whole(id).await?;
            if after.version == version {
                return Ok(made);
            }
        }
        Err(DossierError::Changing)
    }

    /// Refuses while names and texts of a complaint are being taken away: half of them would be kept in a file.
    async fn is_whole(&self, id: ComplaintId) -> Result<(), DossierError> {
        match self.forgetting_of(id).await? {
            Some(forgetting) if forgetting.done_at.is_none() => Err(DossierError::Forgetting),
            _ => Ok(()),
        }
    }

    /// Compares a dossier with the trail here.
    pub async fn agrees(&self, checked: &Checked) -> Result<Agreement, WorkflowError> {
        let manifest = &checked.manifest;
        let Some(found) = self.reading().find(&manifest.intake_id).await? else {
            return Ok(Agreement::Unknown);
        };
        let through = manifest.head.split(' ').next().and_then(|seq| seq.parse::<i64>().ok()).unwrap_or(0);
        let audit = self.store.trail().verify().await?;
        let by = self.attested_by(&checked.attestation, attested, (through, audit));
        if by == AttestedBy::Nobody {
            return Ok(Agreement::Forged);
        }
        let (mut expected, mut after, mut later) = (checked.events.iter(), 0, 0);
        loop {
            let events = self.store.dossiers().events(found.id, (after, i64::MAX), EVENTS).await?;
            let Some(last) = events.last() else { break };
            after = last.seq;
            for event in &events {
                if event.seq > through {
                    later += 1;
                    continue;
                }
                // What is personal is removed here first, and never there alone.
                let is_same = expected.next().is_some_and(|expected| {
                    let is_whole = expected.is_whole || event.personal.is_none();
                    is_whole && expected.seq == event.seq && expected.lasting == link_of(event).lasting()
                });
                if !is_same {
                    return Ok(Agreement::Differs { seq: event.seq });
                }
            }
        }
        if let Some(event) = expected.next() {
            return Ok(Agreement::Differs { seq: event.seq });
        }
        Ok(Agreement::of(audit, by, later))
    }

    /// Returns who attested a sealed file that was made when the trail went up to a place. Which key it was is what the file
    /// itself says, so another one counts only where there was another one.
    pub(super) fn attested_by(
        &self,
        attestation: &Attestation,
        parts: impl Fn(&str) -> [&str; 2],
        (through, audit): (i64, Audit),
    ) -> AttestedBy {
        let key = self.store.key();
        if attestation.key_fingerprint == key.fingerprint() {
            let is_ours = key.sign(&parts(&attestation.manifest_sha256)) == attestation.keyed_digest;
            return if is_ours { AttestedBy::Us } else { AttestedBy::Nobody };
        }
        match audit {
            Audit::HoldsSince { signed_from, .. } if through < signed_from => AttestedBy::LostKey,
            _ => AttestedBy::Unknown,
        }
    }
}

impl Agreement {
    /// Returns how something stands that is of the trail as far as it goes.
    pub(super) fn of(audit: Audit, by: AttestedBy, later: i64) -> Self {
        match (audit, by) {
            (Audit::Broken { seq }, _) => Self::Broken { seq },
            (_, AttestedBy::Nobody | AttestedBy::Unknown) => Self::Forged,
            (_, AttestedBy::Us) => Self::Agrees { later, is_attested: true },
            (_, AttestedBy::LostKey) => Self::Agrees { later, is_attested: false },
        }
    }
}

/// Who attested a sealed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttestedBy {
    /// This installation, with the key that it has.
    Us,
    /// This installation with a key that it has lost, as the file says, which cannot be told.
    LostKey,
    /// The file names the key that is here, and that did not sign it.
    Nobody,
    /// The file names a key that was never here.
    Unknown,
}

/// A dossier under way.
struct Making<'w> {
    workflow: &'w Workflow,
    id: ComplaintId,
    case: Case,
    wish: DossierWish,
    telling: Telling,
    /// Place and hash of the newest event of the trail when it was begun.
    head: String,
    through: i64,
    made_at: crate::calendar::Moment,
}

impl<'w> Making<'w> {
    async fn begin(
        workflow: &'w Workflow,
        id: ComplaintId,
        case: Case,
        wish: DossierWish,
    ) -> Result<Self, DossierError> {
        let head = workflow.store.trail().head().await?;
        let through = head.split(' ').next().and_then(|seq| seq.parse().ok()).unwrap_or(0);
        let (telling, made_at) = (Telling::of(workflow, wish.language), workflow.now().await?);
        Ok(Self { workflow, id, case, wish, telling, head, through, made_at })
    }

    async fn write(&self, file: File) -> Result<MadeDossier, DossierError> {
        let mut out = Packing::begin(file);
        let mut book = Book::new(self.workflow.store.clone(), self.clauses().await);
        self.timeline(&mut out, &mut book).await?;
        let kept = self.mails(&mut out).await?;
        self.letters(&mut out).await?;
        for (name, text) in book.files(&|at| self.telling.calendar.rfc3339(at)) {
            out.file(&name, text).await?;
        }
        let closing = self.page(&mut out, &mut book, kept).await?;
        let files = out.entries().await?;
        let count = files.len() + 2;
        let manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            organisation: self.telling.settings.organisation.clone(),
            reference: self.case.complaint.reference().to_owned(),
            intake_id: self.case.complaint.intake_id.to_string(),
            made_at: self.telling.calendar.rfc3339(self.made_at),
            head: self.head.clone(),
            steps: closing.steps,
            check_number: closing.check_number.clone(),
            files,
        };
        let manifest = serde_json::to_vec_pretty(&manifest).map_err(io::Error::from)?;
        let key = self.workflow.store.key();
        let attestation = Attestation::of(&manifest, key.fingerprint(), |parts| key.sign(parts));
        out.file(MANIFEST, manifest).await?;
        out.file(ATTESTATION, attestation.to_bytes()).await?;
        out.seal().await?;
        Ok(MadeDossier { files: count, steps: closing.steps, check_number: closing.check_number })
    }

    /// Returns the sentences of the company's text, as the rules folder has them today; none where it has none that can be read.
    async fn clauses(&self) -> Clauses {
        let folder = self.workflow.folders.get().map(|folders| folders.rules.clone());
        let Some(folder) = folder else { return Clauses::default() };
        let read = tokio::task::spawn_blocking(move || Clauses::read(&folder)).await;
        read.ok().and_then(Result::ok).flatten().unwrap_or_default()
    }

    async fn timeline(&self, out: &mut Packing, book: &mut Book) -> Result<(), DossierError> {
        out.open(TIMELINE).await?;
        let (mut steps, mut marks, mut after) = (Steps::new(&self.telling, book), Marks::default(), 0);
        let mut before = "[\n";
        loop {
            let events = self.events(after).await?;
            let Some(last) = events.last() else { break };
            after = last.seq;
            let mut piece = String::new();
            for event in &events {
                let step = steps.next(event).await?;
                piece.push_str(before);
                piece.push_str(&line(&step, marks.over(&step.link)));
                before = ",\n";
            }
            out.write(piece).await?;
        }
        out.write(if after == 0 { "[\n]\n" } else { "\n]\n" }).await?;
        out.close().await?;
        Ok(())
    }

    async fn events(&self, after: i64) -> Result<Vec<crate::store::StoredEvent>, StoreError> {
        self.workflow.store.dossiers().events(self.id, (after, self.through), EVENTS).await
    }

    /// Writes mails and what came with them, one after the other; returns what is there of each.
    async fn mails(&self, out: &mut Packing) -> Result<Vec<KeptMail>, DossierError> {
        let mut sets = MailSets::new(self.workflow.store.clone(), self.id);
        let mut kept = Vec::new();
        while let Some(set) = sets.next().await? {
            for mail in self.workflow.store.dossiers().raw_mails(&set).await? {
                let (number, listed) = (kept.len() + 1, mail.attachments().to_vec());
                let mut this = KeptMail { is_kept: !mail.raw.is_empty(), attachments: Vec::new() };
                let (raw, open) = (mail.raw, self.wish.open);
                if !raw.is_empty() {
                    out.file(&mail_name(number), &raw).await?;
                }
                if !raw.is_empty() && !listed.is_empty() {
                    let opened = tokio::task::spawn_blocking(move || open(&raw)).await;
                    let opened = opened.map_err(io::Error::other)?;
                    for (place, (attachment, bytes)) in listed.iter().zip(opened).enumerate() {
                        let is_it = bytes.len() == attachment.size;
                        let name = attachment_name(number, place + 1, &attachment.name);
                        if is_it {
                            out.file(&name, bytes).await?;
                        }
                        this.attachments.push(is_it.then_some(name));
                    }
                }
                kept.push(this);
            }
        }
        Ok(kept)
    }

    /// Writes the letters as they were sent.
    async fn letters(&self, out: &mut Packing) -> Result<(), DossierError> {
        let store = self.workflow.store.clone();
        let mut letters = Letters::new(store, self.telling.settings.clone(), self.id);
        while let Some(letter) = letters.next().await? {
            let (at, to) = (self.telling.calendar.rfc3339(letter.summary.at), letter.addresses().join(", "));
            let subject = crate::escape::line(&letter.summary.subject);
            let text =
                format!("Date: {at}\nTo: {to}\nSubject: {subject}\n\n{}\n", letter.summary.body.trim_end());
            out.file(&letter_name(letter.number, "txt"), text).await?;
            if let Some(html) = letter.html() {
                let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                let page = format!(
                    "<!doctype html>\n<meta charset=\"utf-8\">\n\
                     <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<title>{}</title>\n{html}",
                    crate::escape::markup(&subject)
                );
                out.file(&letter_name(letter.number, "html"), page).await?;
            }
        }
        Ok(())
    }

    async fn page(
        &self,
        out: &mut Packing,
        book: &mut Book,
        kept: Vec<KeptMail>,
    ) -> Result<Closing, DossierError> {
        let complaint = &self.case.complaint;
        let mut page = Page::new(self.wish.language, complaint.reference());
        out.open("dossier.html").await?;
        out.write(page.open(&self.head().await?)).await?;
        let mut talk = Talk::new(
            &self.workflow.store,
            &self.telling,
            (self.id, self.through),
            (kept, self.wish.longest),
        );
        let mut piece = String::new();
        while let Some(turn) = talk.next().await? {
            piece.push_str(&page.turn(&turn));
            if piece.len() > PIECE {
                out.write(std::mem::take(&mut piece)).await?;
            }
        }
        piece.push_str(&page.between());
        let (mut steps, mut after) = (Steps::new(&self.telling, book), 0);
        loop {
            let events = self.events(after).await?;
            let Some(last) = events.last() else { break };
            after = last.seq;
            for event in &events {
                piece.push_str(&page.step(&steps.next(event).await?));
                if piece.len() > PIECE {
                    out.write(std::mem::take(&mut piece)).await?;
                }
            }
        }
        out.write(piece).await?;
        let closing = page.close();
        out.write(closing.html.clone()).await?;
        out.close().await?;
        Ok(closing)
    }

    async fn head(&self) -> Result<Head, DossierError> {
        let (complaint, telling) = (&self.case.complaint, &self.telling);
        let deadlines = self.workflow.reading().deadlines(self.id).await?;
        Ok(Head {
            reference: complaint.reference().to_owned(),
            subject: complaint.subject.clone(),
            organisation: telling.settings.organisation.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made: telling.moment(self.made_at),
            head: self.through.to_string(),
            facts: telling.facts(complaint),
            terms: term::all(telling, &deadlines),
            decisions: telling.decisions(complaint),
            measures: telling.measures(complaint),
            meeting: telling.meeting(complaint),
        })
    }
}
