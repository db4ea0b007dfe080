//! All SQL: one set of statements for SQLite and PostgreSQL.
//!
//! `tables/` holds a file per table: its row, as it is written and read by name. Beside it stands a file per
//! purpose: a handle with what one part of the program may do and ask, and nothing else. Below both are
//! columns, rows, statements and the audit chain. Knows complaints and their parts, nothing of rules, mail or
//! delivery.

mod absences;
mod accounts;
mod alike;
mod api_tokens;
mod asked;
mod attempts;
mod batch;
mod bounces;
mod browse;
mod cases;
mod chain;
mod checkpoints;
mod column;
mod commit;
mod counting;
mod database;
mod deliveries;
mod delivery_state;
mod desk;
mod dialect;
mod digests;
mod dossier;
mod drafts;
mod error;
mod faulty;
mod feeds;
mod figures;
mod filing;
mod forgetting;
mod grouping;
mod imports;
mod kept_answers;
mod key;
mod key_standing;
mod loading;
mod looks;
mod lost_key;
mod mails;
mod migrations;
mod missed;
mod notices;
mod numbering;
mod outbox;
mod oversight;
mod overview;
mod processes;
mod proof;
mod proposals;
mod publications;
mod ready;
mod recalls;
mod reconcile;
mod records;
mod register;
mod resets;
mod restoring;
mod row;
mod search;
mod second_factors;
mod sets;
mod statement;
mod subscriptions;
mod sweeps;
mod tables;
mod trail;
mod transfer;
mod turns;
mod verifying;
mod views;
mod visibility;
mod watch;

pub use absences::Absences;
pub use accounts::{Accounts, LinkKind, Recorded};
pub use alike::{Counting, Promise};
pub use api_tokens::ApiTokens;
pub use asked::Asked;
pub use attempts::MessageDelivery;
pub use batch::{Commit, Committed};
pub use bounces::Bounces;
pub use browse::{Choice, Place, Sequence, States, There};
pub use cases::{Cases, WaitingTrigger};
pub use counting::{Counted, EndedTerms, Surveyed, counted_alone};
pub use deliveries::{Deliveries, DeliveryDetails, DeliveryFilter, Replay, ReplayEnd, ReplayFilter, Waiting};
pub use delivery_state::{AttemptOutcome, DeliveryState, GatheredState, NotificationState};
pub use desk::{Concern, Stretch, TermPlace};
pub use dialect::Engine;
pub use digests::{DigestRun, Digests};
pub use dossier::{Dossiers, LetterPlace};
pub use drafts::Drafts;
pub use error::StoreError;
pub use faulty::FaultyComplaint;
pub use feeds::Feeds;
pub use figures::{Figures, Totals};
pub use filing::{Acquaintance, Filed, Filing, MakeComplaint, Opening, Sighting};
pub use forgetting::{Forgettings, KeptFile, Ours, Remainder, Stopping, Told};
pub use imports::{ImportedRow, Imports, Registered, RowKeys, SameAs, SameBy};
pub use kept_answers::KeptAnswers;
pub use key::AuditKey;
pub use key_standing::KeyStanding;
pub use looks::{Look, LookPlace};
pub use mails::{Known, Mails};
pub use missed::{Missed, Stranded};
pub use notices::{Notice, Notices};
pub use outbox::{Claim, ClaimFirst, Claimed, ClaimedDelivery, DeliveryResult, Mailed, Outbox, Outcome};
pub use oversight::{Oversight, Queues};
pub use overview::{Intake, Load, Stuck, StuckLetter, TermCount};
pub use processes::{Processes, Share};
pub use proof::Proof;
pub use proposals::{Base, ChangedFiles, NewProposal, ProposalChange, Proposals};
pub use publications::{Publication, PublicationEnd, Publications, PublishedRuleset};
pub use ready::Ready;
pub use recalls::{Recall, RecallEnd, Recalls};
pub use reconcile::Disagreement;
pub use records::Records;
pub use register::{ListFilter, Register};
pub use resets::Resets;
pub use restoring::RestoredFrom;
pub use search::{Excerpt, Hit, OpeningTexts, Part as TextPart, Query, Search, Written, is_reworded};
pub use subscriptions::{Subscribing, Subscriptions};
pub use sweeps::Sweeps;
pub use tables::absences::EnteredAbsence;
pub use tables::accounts::Account;
pub use tables::alarms::{OpenAlarm, Queue, UntoldTerm};
pub use tables::api_tokens::ApiToken;
pub use tables::companions::StoredCompanions;
pub use tables::complaints::{Candidate, Comparable, ListedComplaint, RegisterLine};
pub use tables::deadlines::RunningTerm;
pub use tables::deliveries::{CarriedDelivery, DeliverySummary, NewDelivery, Replayed};
pub use tables::delivery_attempts::Attempted;
pub use tables::deputies::ChosenDeputy;
pub use tables::digest_lines::DigestLine;
pub use tables::drafts::{Draft, DraftKey};
pub use tables::events::{Chained, StoredEvent, ToldChange};
pub use tables::feeds::Feed;
pub use tables::forgettings::{Forgets, Forgetting, ForgettingStep};
pub use tables::gathered::{GatheredLine, WaitingLine};
pub use tables::imports::Import;
pub use tables::kept_answers::KeptAnswer;
pub use tables::kept_reports::{KeptReport, KeptReportLine};
pub use tables::mailboxes::Cursor;
pub use tables::mails::{FiledMail, Glance, MailOfId, MailSize, MailSummary, NewMail, RawMail};
pub use tables::notifications::{
    BouncedLetter, NotificationSummary, PendingOutcome, RenderedNotification, SentNotification,
};
pub use tables::plugin_health::Health;
pub use tables::processes::Process;
pub use tables::proposal_trials::{Trial, TrialKind};
pub use tables::proposals::{Proposal, ProposalState};
pub use tables::publications::{InForce, PastPublication, PublicationHead};
pub use tables::recommendations::Recommendation;
pub use tables::reports::ConcludedReport;
pub use tables::reset_requests::ResetRequest;
pub use tables::rulesets::StoredRuleset;
pub use tables::schedules::ScheduleRun;
pub use tables::sessions::Session;
pub use tables::views::View;
pub use tables::webhook_subscriptions::WebhookSubscription;
pub use trail::{HeadStanding, HeadTold, KeptHead, Trail};
pub use transfer::RowCount;
pub use verifying::{Audit, Depth};
pub use views::Views;
pub use visibility::{Part, Sight, Viewer};
pub use watch::Watch;

use crate::calendar::{Calendar, Moment};
use crate::complaint::Event;
use database::Database;
use grouping::fill;
use key_standing::{recognise, remember};
use lost_key::replace_key;
use std::sync::Arc;
use tables::meta::Meta;

/// The one store of an installation; each part of the program takes the handle for its purpose.
#[derive(Clone, Debug)]
pub struct Store(Database);

impl Store {
    /// Opens the store at `url` and brings its tables up to date; a newer one is refused untouched.
    pub async fn open(url: &str, calendar: Arc<Calendar>, key: AuditKey) -> Result<Self, StoreError> {
        let database = Database::open(url, calendar, key).await?;
        fill(&database).await?;
        search::make(&database).await?;
        Ok(Self(database))
    }

    /// Opens a file for a test.
    #[cfg(test)]
    async fn of_file(file: &std::path::Path) -> Self {
        let calendar = Arc::new(Calendar::new(chrono_tz::Europe::Amsterdam, []));
        let url = format!("sqlite:{}", file.display());
        Self::open(&url, calendar, AuditKey::new(b"key")).await.expect("a store opens")
    }

    /// Says whether its trail was written with the key it was opened with.
    pub async fn recognise_key(&self) -> Result<KeyStanding, StoreError> {
        recognise(&self.0).await
    }

    /// Remembers the key it was opened with as the one that its trail is written with.
    pub async fn remember_key(&self) -> Result<(), StoreError> {
        remember(&self.0).await
    }

    /// Lets the trail go on under the key it was opened with, because the one before is lost; recorded by `event`.
    pub async fn replace_key(&self, event: Event, at: Moment) -> Result<(), StoreError> {
        let ruleset = self.publications().hash_in_force().await?.unwrap_or_default();
        replace_key(&self.0, event, &ruleset, at).await
    }

    /// Returns the same store for what nobody waits for: its writing goes behind that of people.
    pub fn in_background(&self) -> Self {
        Self(self.0.in_background())
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.0.close().await;
    }

    /// Returns the key of its trail and of reply tags.
    pub fn key(&self) -> &AuditKey {
        &self.0.key
    }

    /// Returns what kind of database it is.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Returns the version of its tables, which rises with what is added to them.
    pub fn schema(&self) -> i64 {
        migrations::newest()
    }

    /// Returns what notices commits of other processes. It takes a connection of its own.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        Watch::new(&self.0).await
    }

    /// Returns what the database is for, in the words it was given at its first use; none before.
    pub async fn purpose(&self) -> Result<Option<String>, StoreError> {
        Meta::Purpose.read(&self.0.reader).await
    }

    /// Records what the database is for.
    pub async fn set_purpose(&self, purpose: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::Purpose.write(&mut tx, purpose).await?;
        Ok(tx.commit().await?)
    }
}

macro_rules! handles {
    ($($(#[$doc:meta])* $handle:ident: $type:ident),+ $(,)?) => {
        impl Store {
            $($(#[$doc])* pub fn $handle(&self) -> $type {
                $type(self.0.clone())
            })+
        }
    };
}
handles! {
    /// Returns the handle of the one path: what is due, what a decision starts from, its commit.
    cases: Cases,
    /// Returns the handle of taking in.
    mails: Mails,
    /// Returns the handle of addresses to which mail does not arrive.
    bounces: Bounces,
    /// Returns the handle of a lane: claiming deliveries and recording what became of them.
    outbox: Outbox,
    /// Returns the handle of calling letters back.
    recalls: Recalls,
    /// Returns the handle of whoever looks after deliveries and plugins.
    deliveries: Deliveries,
    /// Returns the handle of the watchdog.
    oversight: Oversight,
    /// Returns the handle of schedules and alarms, whose notifications belong to no complaint.
    notices: Notices,
    /// Returns the handle of what is gathered, and of digests.
    digests: Digests,
    /// Returns the handle of what a plugin did not carry.
    missed: Missed,
    /// Returns the handle of the processes that share the database.
    processes: Processes,
    /// Returns the handle of publishing.
    publications: Publications,
    /// Returns the handle of the director's records.
    records: Records,
    /// Returns the handle of reading complaints.
    register: Register,
    /// Returns the handle of counts.
    figures: Figures,
    /// Returns the handle of the audit trail.
    trail: Trail,
    /// Returns the handle of who signs in.
    accounts: Accounts,
    /// Returns the handle of forgotten passwords.
    resets: Resets,
    /// Returns the handle of the calendars of terms.
    feeds: Feeds,
    /// Returns the handle of the keys by which programs use the interface.
    api_tokens: ApiTokens,
    /// Returns the handle of what programs were answered under their keys.
    kept_answers: KeptAnswers,
    /// Returns the handle of webhooks that are made by the interface or on the page.
    subscriptions: Subscriptions,
    /// Returns the handle of who is away and who stands in.
    absences: Absences,
    /// Returns the handle of what people typed and have not sent.
    drafts: Drafts,
    /// Returns the handle of who looked at which complaint.
    views: Views,
    /// Returns the handle of what is proposed to change of the rules.
    proposals: Proposals,
    /// Returns the handle of imports of earlier registers.
    imports: Imports,
    /// Returns the handle of dossiers.
    dossiers: Dossiers,
    /// Returns the handle of searching.
    search: Search,
    /// Returns the handle of taking names and texts away.
    forgettings: Forgettings,
    /// Returns the handle of the slow sweep.
    sweeps: Sweeps,
}
