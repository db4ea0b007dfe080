//! The audit pack of a year: what an auditor takes home, made part by part so that a register of any size fits: the company's
//! text with what carries it, the register, the figures, dossiers of a sample, the proof of each term, and what is missing.

mod asked;
mod index;
mod sample;
mod terms;

use super::dossier::packing::Packing;
use super::dossier::{Agreement, AttestedBy};
use super::{DossierError, DossierWish, Sheet, Workflow, WorkflowError};
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, ComplaintId, Language};
use crate::dossier::{ATTESTATION, CheckedPack, HEAD, MANIFEST, PackManifest, WithoutDossier, attested_pack};
use crate::escape;
use crate::random;
use crate::report::{self, Report, TableBook, period_text};
use crate::rules::{Clauses, Requirements};
use crate::store::{Audit, HeadStanding, KeptHead, StoreError};
use sample::Sample;
use std::fs::File;
use std::io;
use terms::Terms;

/// Complaints that are read at once.
const PART: usize = 500;
/// The mark by which spreadsheets know that it is UTF-8.
const MARK: &str = "\u{feff}";
/// The years for which terms are computed.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2400;
/// The dossiers that are drawn.
pub const DRAWN: usize = 10;
/// The most dossiers of escalated complaints.
pub const ESCALATED: usize = 25;

/// How an audit pack is to be made.
#[derive(Clone, Debug)]
pub struct PackWish {
    /// The year in which the complaints came in.
    pub year: i32,
    /// What the sample is drawn with.
    pub seed: String,
    /// How its dossiers are made, and in which language everything is told.
    pub dossiers: DossierWish,
    /// The person whose eyes it is for, who is noted as having looked; none for all there is.
    pub viewer: Option<String>,
}

/// An audit pack that was made.
#[derive(Clone, Debug)]
pub struct MadePack {
    /// The number of files in it.
    pub files: usize,
    /// What it says of itself.
    pub manifest: PackManifest,
}

/// A reason why there is no audit pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is no such year.
    #[error("there is no year {0}")]
    NoYear(i32),
    /// Another one is being made.
    #[error("another audit pack or file of a person is being made; try again in a few minutes")]
    Busy,
    /// A dossier of the sample could not be made, for a reason that is not of its complaint alone.
    #[error("the dossier of {0} cannot be made: {1}")]
    Dossier(String, DossierError),
    /// The rules folder cannot be read.
    #[error("the rules folder cannot be read: {0}")]
    Rules(String),
    /// The file cannot be written.
    #[error("the audit pack cannot be written: {0}")]
    Unwritable(#[from] io::Error),
    /// Something of ours failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for PackError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
    /// Writes the audit pack of a year into a file, which is then whole and on the disk.
    ///
    /// # Errors
    /// What keeps it from being made; what stands in the file then is none.
    pub async fn write_audit_pack(&self, wish: PackWish, file: File) -> Result<MadePack, PackError> {
        let _alone = self.packs.try_acquire().map_err(|_| PackError::Busy)?;
        let text = format!("{:04}", wish.year);
        let days = report::period(&text).filter(|_| YEARS.contains(&wish.year));
        let days = days.ok_or(PackError::NoYear(wish.year))?;
        let (clauses, asked) = self.texts().await?;
        let now = self.now().await?;
        let making = Making {
            workflow: self,
            language: wish.dossiers.language,
            sheet: self.sheet(wish.dossiers.language),
            head: self.store.trail().head().await?,
            wish,
            days,
            now,
            clauses,
            asked,
        };
        making.write(file).await
    }

    /// Returns a seed for a sample, by chance.
    pub fn new_seed(&self) -> String {
        random::hex::<8>()
    }

    /// Compares an audit pack with the trail here.
    pub async fn pack_agrees(&self, checked: &CheckedPack) -> Result<Agreement, WorkflowError> {
        let Ok(head) = checked.manifest.head.parse::<KeptHead>() else {
            return Ok(Agreement::Differs { seq: 0 });
        };
        let audit = self.store.trail().verify().await?;
        let by = self.attested_by(&checked.attestation, attested_pack, (head.seq, audit));
        Ok(match (by, audit, self.store.trail().holds(&head).await?) {
            (AttestedBy::Nobody, ..) => Agreement::Forged,
            (_, Audit::Broken { seq }, _) => Agreement::Broken { seq },
            (_, _, HeadStanding::Cut { .. } | HeadStanding::Differs) => Agreement::Differs { seq: head.seq },
            (by, audit, HeadStanding::Holds { later }) => Agreement::of(audit, by, later),
        })
    }

    /// Returns the company's text and what is asked of it, as the rules folder has them today.
    async fn texts(&self) -> Result<(Clauses, Requirements), PackError> {
        let Some(folder) = self.folders.get().map(|folders| folders.rules.clone()) else {
            return Ok(Default::default());
        };
        let read = tokio::task::spawn_blocking(move || {
            if !folder.exists() {
                return Ok(Default::default());
            }
            let clauses = Clauses::read(&folder)?.unwrap_or_default();
            Ok((clauses, Requirements::read(&folder)?.unwrap_or_default()))
        });
        let read = read.await.map_err(io::Error::other)?;
        read.map_err(|found: Vec<crate::rules::diagnostics::Diagnostic>| {
            let said = found.first().map(|d| d.message.en.clone()).unwrap_or_default();
            PackError::Rules(said)
        })
    }
}

/// An audit pack under way.
struct Making<'w> {
    workflow: &'w Workflow,
    wish: PackWish,
    language: Language,
    days: (Date, Date),
    sheet: Sheet,
    head: String,
    now: Moment,
    clauses: Clauses,
    asked: Requirements,
}

impl Making<'_> {
    async fn write(self, file: File) -> Result<MadePack, PackError> {
        let workings = self.workflow.store.figures().workings_within(self.days).await?;
        let mut out = Packing::begin(file);
        out.file(HEAD, format!("{}\n", self.head)).await?;
        self.procedure(&mut out, &workings).await?;
        self.register(&mut out).await?;
        let report = self.figures(&mut out).await?;
        let (terms, sample) = self.terms(&mut out).await?;
        let asked = asked::answered(&self.asked, &self.clauses, &report, &workings);
        let table = format!("{MARK}{}", asked::csv(&asked, self.language));
        out.file("requirements/requirements.csv", table).await?;
        out.file("requirements/requirements.json", pretty(&asked)?).await?;
        let without_dossier = self.dossiers(&mut out, &sample).await?;
        let names = out.entries().await?;
        let page = index::page(&index::Told {
            language: self.language,
            organisation: &self.workflow.settings().organisation,
            year: self.wish.year,
            made_at: &self.rfc3339(self.now),
            head: &self.head,
            seed: &self.wish.seed,
            sample: &sample,
            without_dossier: &without_dossier,
            terms: &terms,
            asked: &asked,
            numbers: self.asked.numbers.as_ref().map(|numbers| numbers.in_language(self.language)),
            files: &names,
        });
        out.file("index.html", page).await?;
        let manifest = PackManifest {
            audit_pack: PackManifest::FORM,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            organisation: self.workflow.settings().organisation.clone(),
            year: self.wish.year,
            made_at: self.rfc3339(self.now),
            head: self.head.clone(),
            seed: self.wish.seed.clone(),
            drawn_from: sample.of,
            sample: sample.drawn(),
            escalated: sample.escalated(),
            escalated_of: sample.escalated_of,
            without_dossier,
            files: out.entries().await?,
        };
        let key = self.workflow.store.key();
        let (bytes, attestation) = manifest.attested(key.fingerprint(), |parts| key.sign(parts))?;
        out.file(MANIFEST, bytes).await?;
        out.file(ATTESTATION, attestation.to_bytes()).await?;
        out.seal().await?;
        Ok(MadePack { files: manifest.files.len() + 2, manifest })
    }

    fn rfc3339(&self, moment: Moment) -> String {
        self.workflow.settings().calendar.rfc3339(moment)
    }

    /// Writes the company's text, the map from it to what carries it, and the rules in force.
    async fn procedure(
        &self,
        out: &mut Packing,
        workings: &std::collections::BTreeMap<String, i64>,
    ) -> Result<(), PackError> {
        let published = self.workflow.published();
        let fired = |rules: &[String]| rules.iter().filter_map(|rule| workings.get(rule)).sum::<i64>();
        let rows: Vec<serde_json::Value> = self
            .clauses
            .clauses
            .iter()
            .map(|clause| {
                let mut row = serde_json::json!(clause);
                row["fired"] = fired(&clause.rules).into();
                row
            })
            .collect();
        let gaps = match self.clauses.clauses.is_empty() {
            true => Vec::new(),
            false => self.clauses.gaps(&published.ruleset),
        };
        let gaps: Vec<String> = gaps.into_iter().map(|gap| gap.en).collect();
        let mut text = String::new();
        for clause in &self.clauses.clauses {
            text.push_str(&format!("{:>3}  {}\n", clause.row, clause.text));
            for (what, names) in
                [("rules", &clause.rules), ("messages", &clause.messages), ("deadlines", &clause.deadlines)]
            {
                names.iter().for_each(|name| text.push_str(&format!("       {what}: {name}\n")));
            }
        }
        out.file("procedure/clauses.txt", text).await?;
        out.file("procedure/clauses.json", pretty(&serde_json::json!({"clauses": rows, "gaps": gaps}))?)
            .await?;
        for (name, text) in published.ruleset.source().files() {
            out.file(&format!("procedure/rules/{name}"), text).await?;
        }
        Ok(())
    }

    /// Returns the facts of complaints as far as they may be seen by who asked.
    async fn facts(&self, ids: &[ComplaintId]) -> Result<Vec<(ComplaintId, Complaint)>, PackError> {
        let facts = self.workflow.store.register().facts(ids).await?;
        let seen = |c: &Complaint| {
            self.wish.viewer.as_ref().is_none_or(|viewer| self.workflow.sees(c, viewer, self.now))
        };
        Ok(facts.into_iter().filter(|(_, c)| seen(c)).collect())
    }

    /// Writes the register of the year.
    async fn register(&self, out: &mut Packing) -> Result<(), PackError> {
        let registered = self.workflow.store.register().registered(self.wish.year).await?;
        let headings = self.sheet.columns().into_iter().map(|(_, heading)| heading);
        let columns: Vec<(String, bool)> = headings.zip(self.sheet.days()).collect();
        let headings: Vec<String> = columns.iter().map(|(heading, _)| heading.clone()).collect();
        let folder = self.workflow.scratch_folder();
        let mut book = TableBook::new("Register", &columns, &folder).map_err(io::Error::other)?;
        out.open("register/register.csv").await?;
        out.write(format!("{MARK}{}\r\n", escape::cells(&headings))).await?;
        for part in registered.chunks(PART) {
            let mut piece = String::new();
            for (_, complaint) in self.facts(part).await? {
                let cells = self.sheet.cells(&complaint);
                book.push(&cells).map_err(io::Error::other)?;
                piece.push_str(&escape::cells(&cells));
                piece.push_str("\r\n");
            }
            out.write(piece).await?;
        }
        out.close().await?;
        let file = self.workflow.scratch()?;
        let written = file.try_clone()?;
        let packed = tokio::task::spawn_blocking(move || book.write(written)).await;
        packed.map_err(io::Error::other)?.map_err(io::Error::other)?;
        Ok(out.copy("register/register.xlsx", file).await?)
    }

    /// Writes the report on the year as of today, and every one that was kept and touches the year, as it was kept.
    async fn figures(&self, out: &mut Packing) -> Result<Report, PackError> {
        let records = self.workflow.records();
        let report = records.report(self.days, self.language).await?;
        let page = report::page(&report).map_err(WorkflowError::from)?;
        out.file("figures/report.html", page).await?;
        out.file("figures/report.json", pretty(&report)?).await?;
        out.file("figures/report.csv", report::csv(&report)).await?;
        for line in records.kept_reports_of(self.days).await? {
            let kept = records.kept_report((line.from, line.to), line.made_at, line.is_open).await?;
            let Some(kept) = kept else { continue };
            let which = if line.is_open { "open" } else { "whole" };
            let name = format!(
                "figures/kept/{}-{}-{which}",
                period_text((line.from, line.to)),
                line.made_at.millis()
            );
            out.file(&format!("{name}.html"), kept.page).await?;
            out.file(&format!("{name}.json"), kept.content).await?;
        }
        Ok(report)
    }

    /// Writes the proof of terms, and draws the sample on the way.
    async fn terms(&self, out: &mut Packing) -> Result<(Terms, Sample), PackError> {
        let received = self.workflow.store.register().received(self.wish.year).await?;
        let settings = self.workflow.settings();
        let labels = self.workflow.labels(self.language);
        let mut terms = Terms::new(self.language, settings.calendar.clone(), labels, self.now);
        let mut sample = Sample::new(&self.wish.seed, DRAWN, ESCALATED);
        out.open("terms/terms.csv").await?;
        out.write(format!("{MARK}{}", terms.heading())).await?;
        for part in received.chunks(PART) {
            let facts = self.facts(part).await?;
            let ids: Vec<ComplaintId> = facts.iter().map(|(id, _)| *id).collect();
            let mut of_part = self.workflow.store.register().terms(&ids).await?;
            of_part.sort_by(|(a, x), (b, y)| {
                (a, x.armed_at, &x.name, x.instance).cmp(&(b, y.armed_at, &y.name, y.instance))
            });
            for (id, complaint) in facts {
                sample.look(id, &complaint);
                let from = of_part.partition_point(|(of, _)| *of < id);
                let of_complaint = of_part[from..].iter().take_while(|(of, _)| *of == id);
                let mut piece = String::new();
                of_complaint.for_each(|(_, term)| piece.push_str(&terms.row(complaint.reference(), term)));
                if !piece.is_empty() {
                    out.write(piece).await?;
                }
            }
        }
        out.close().await?;
        out.file("terms/summary.csv", format!("{MARK}{}", terms.summary())).await?;
        Ok((terms, sample))
    }

    /// Writes the dossiers of the sample; returns those that could not be made.
    async fn dossiers(&self, out: &mut Packing, sample: &Sample) -> Result<Vec<WithoutDossier>, PackError> {
        let mut without = Vec::new();
        for (id, reference) in sample.all() {
            if let Some(viewer) = &self.wish.viewer {
                self.workflow.views().note(viewer, id, self.now);
            }
            let packed = self.workflow.pack_dossier(out, (id, reference), self.wish.dossiers).await;
            if let Some(why) = packed.map_err(|e| PackError::Dossier(reference.to_owned(), e))? {
                let why = why.in_language(self.language).to_owned();
                without.push(WithoutDossier { reference: reference.to_owned(), why });
            }
        }
        self.workflow.views().settle().await?;
        Ok(without)
    }
}

fn pretty(document: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec_pretty(document)?)
}
