//! The one path: trigger → load → decide → render → commit → wake the outbox. Everything that changes a
//! complaint goes through here.

mod about;
mod accounts;
mod act;
mod alarms;
mod api_tokens;
mod as_at;
mod audit_pack;
mod auditing;
mod backlog;
mod bell;
mod browsing;
mod cascade;
mod change_control;
mod change_error;
mod counting;
mod decisions;
mod delivering;
mod desk;
mod digest;
mod digests;
mod dossier;
mod drafts;
mod effects;
mod error;
mod event_words;
mod fact_words;
mod facts_at;
mod faults;
mod feeds;
mod filed;
mod forgetting;
mod forgetting_round;
mod forms;
mod grouping;
mod head_telling;
mod import_fates;
mod importing;
mod keyed;
mod labels;
mod letter_preview;
pub mod letters;
mod links;
mod message_heads;
mod message_mistakes;
mod message_shape;
mod message_trial;
mod missed;
mod nameless;
mod operations;
mod organisation;
mod outline;
mod overseeing;
mod oversight;
mod people;
mod personal_data;
mod placeholders_table;
mod plan;
mod plan_ground;
#[cfg(test)]
mod plan_test;
mod planning;
mod postbox;
mod prepare;
pub mod proof;
mod proposals;
mod publish;
mod published;
mod publishing;
mod reading;
mod recall;
mod records;
mod renderer;
mod report;
mod report_keeping;
mod reporting;
mod resets;
mod retold;
#[cfg(test)]
mod root_test;
mod routing;
mod rules_folder;
mod sample;
mod sample_case;
mod satisfaction;
mod saved;
mod saying;
pub mod scenario;
mod schedules;
mod searching;
mod second_factor;
mod seeing_scenarios;
mod seen_in_scenarios;
mod settle;
mod sharing;
mod sheet;
mod similar;
pub mod simulate;
mod staging;
mod standing;
pub mod story;
mod subscriptions;
mod survey;
mod survey_letter;
mod survey_link;
mod survey_mistakes;
mod taking_in;
mod telling;
mod template_context;
mod threads;
mod tick;
mod timekeeping;
mod timetable;
mod tried;
mod triggers;
mod undo;
mod viewing;
mod views;
mod visibility;
mod walks;
mod watching;
mod why;
mod world;

pub use accounts::{AccountError, Accounts, FirstLink, SignIn, SignedIn};
pub use act::ActError;
pub use alarms::{InboxNews, MailHeld, MailboxNews, PluginNews};
pub use api_tokens::{ApiCaller, MOST_DAYS, MadeToken, TokenWish, USUAL_DAYS, is_over};
pub use as_at::AsAt;
pub use audit_pack::{MadePack, PackError, PackWish};
pub use auditing::{LooksPage, TrailStanding};
pub use bell::{Bell, Ears};
pub use browsing::{Menu, RegisterPage, RegisterWish, Stage};
pub use change_control::RuleChange;
pub use change_error::{ChangeError, ChangeRefusal};
use counting::KeptCounts;
pub use decisions::{DecisionGroup, WaitingDecision};
pub use delivering::Delivering;
pub use desk::{DeskPage, Task, Turn};
pub use dossier::{Agreement, DossierError, DossierWish, MadeDossier};
pub use drafts::{Drafts, KeptDraft, OpenDraft, Typed};
pub use error::WorkflowError;
pub use faults::{Faults, FaultyRule, SuspendedRules};
pub use forgetting::{Holdings, KeptFiles, NoFiles};
pub use forms::{Actions, ForeseenLetter, Foresight, Submission, Submitted};
pub use import_fates::{Fate, ImportTold, Sameness};
pub use importing::{ImportError, ImportSummary, Importing, ReadTable, Really, Undoing};
pub use keyed::Keyed;
pub use labels::Labels;
pub use letter_preview::{LetterPreview, Recipients, Worded, message_file, message_name};
pub use missed::{MissedWish, PluginNames};
pub use operations::Operations;
pub use outline::{Outline, outline};
pub use overseeing::{AlarmNews, Concern, Overseeing};
pub use oversight::{Escalated, LateBecause, LateTerm, Month, OverseenWhole, StuckMessage, WaitingFor};
pub use people::{AccountToday, KnownAbsence, PeopleError, PersonToday};
pub use personal_data::{
    Kept, KeptComplaint, KeptEvent, KeptLetter, KeptMail, MadePersonalData, NamedAs, NamingComplaint,
    OwnPerson, PersonalData, PersonalDataError, PersonalDataWish,
};
pub use placeholders_table::{Placeholder, PlaceholderKind};
pub use plan::{ComplaintPlan, Plan, PlanOptions, RulePlan, SchedulePlan};
pub use postbox::Untriaged;
use proposals::Trials;
pub(crate) use proposals::companions_of;
pub use proposals::{
    Behind, Clash, Difference, DifferenceKind, FileEdit, GraphOfRules, Hunk, LineKind, LiveCounts,
    MOST_IN_STATE, MayOfRules, Opened, PlayedScenarios, ProposalError, ProposalOrder, Proposals, Pulled,
    Root, Roots, RulePlaces, Running, SentenceNumber, Settled, Start, TrialAsked, TypedFile, UnreadyBecause,
    WrittenAt,
};
pub use publish::{PublishError, PublishOrder};
pub use published::Published;
pub use publishing::Publishing;
pub use reading::Reading;
pub use recall::{RecallError, SentLetter};
pub use records::{DirectorRecords, RecommendationChange, RecordError};
pub use retold::{MadeScenario, NotMade};
pub use routing::{Carriers, Cause, Departure, Names, Occasion, Outgoing, OutgoingContent, Router};
pub use rules_folder::CheckedFolder;
pub use sample::{OutgoingSample, SampleWish};
pub use saved::Saved;
pub use schedules::next_runs;
pub use searching::{FoundComplaint, FoundIn, FoundPage, SearchCount, SearchPlace};
pub use second_factor::{FactorChange, FactorStanding};
pub use sheet::Sheet;
pub use similar::SimilarComplaint;
pub use standing::PluginAccess;
pub use subscriptions::{
    MOST_HOURS, Subscribed, SubscriptionWish, Subscriptions, USUAL_HOURS, WebhookSecret,
};
pub use survey::{SurveyAsked, SurveyEnd};
pub use taking_in::TakingIn;
pub use threads::standing_of;
pub use tick::Ticked;
pub use timekeeping::ClockStanding;
use views::Views;
pub use walks::Walked;
use walks::Walks;
pub use why::{ReachedAs, Why, because};

pub use crate::store::Import as StoredImport;
pub use crate::store::Query as SearchQuery;
/// What intake and delivery hand to the path and get from it; they know no store.
pub use crate::store::{
    Account, Acquaintance, AttemptOutcome, Audit, Candidate, ChangedFiles, Claim, ClaimFirst, Claimed,
    ClaimedDelivery, Cursor, DeliveryFilter, DeliveryResult, DeliveryState, DeliverySummary, Excerpt, Filed,
    Filing, Forgetting, ForgettingStep, HeadStanding, Health, KeptAnswer, KeptAnswers, KeptFile, KeptHead,
    KeptReport, KeptReportLine, Known, ListedComplaint, Load, Look, LookPlace, MailOfId, MailSummary, Mailed,
    NewDelivery, NewMail, NotificationState, NotificationSummary, OpenAlarm, Opening, Outcome, Oversight,
    Place, Process, Proposal, ProposalState, PublicationHead, Queue, Queues, Recommendation, Replay,
    ReplayEnd, Replayed, SentNotification, Sequence, Session, Share, Sighting, StoreError, StoredEvent,
    Subscribing, TermPlace, TextPart, Totals, Trial, TrialKind, UntoldTerm, Waiting,
};

/// Names that plugins get wrong are answered like those in rules.
pub use crate::rules::nearest;

/// What a complaint offers, and what is asked for it.
pub use crate::rules::{Ask, AskKind, OfferedAction, Requirement, UnofferedAction};

use crate::accounts::{HASHING, RecentFailures};
use crate::calendar::Date;
use crate::clock::Clock;
use crate::config::Settings;
use crate::progress::Progress;
use crate::store::Store;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use tokio::sync::{Notify, Semaphore};

/// The dossiers that are made at once; who asks for another waits.
const DOSSIERS: usize = 2;
/// The registers to be imported that are looked at, and beside them those that are imported, at once: each file that is read takes
/// memory.
const REGISTERS_READ: usize = 2;

/// The path by which complaints change, and what it needs: a store, the time, the settings, the ruleset in
/// force, the way out.
#[derive(Debug)]
pub struct Workflow {
    /// The store. Changes of complaints go through the methods here, not past them.
    store: Store,
    /// The source of the time.
    clock: Arc<dyn Clock>,
    /// The checked settings, as last read.
    settings: RwLock<Arc<Settings>>,
    /// The same as redress.toml has them, without the absences and deputies of the store.
    written: RwLock<Arc<Settings>>,
    published: RwLock<Arc<Published>>,
    router: Arc<dyn Router>,
    /// Wakes the scheduler when complaints may be due.
    due: Notify,
    /// Wakes the lanes when deliveries may be due.
    outbox: Bell,
    /// What the parts of this process do.
    progress: Progress,
    /// The part of the work that is this process's.
    share: RwLock<Share>,
    /// The local day on which this process last looked for what was filed as no person's.
    filed_told_on: Mutex<Option<Date>>,
    /// Bounds how many passwords are looked at at once.
    hashing: Arc<Semaphore>,
    /// The latest failed attempts to sign in, of all accounts.
    failed_sign_ins: Mutex<RecentFailures>,
    /// The latest requests of people who forgot a password, of everybody.
    asked_resets: Mutex<RecentFailures>,
    /// The latest answers to surveys, of everybody.
    answered_surveys: Mutex<RecentFailures>,
    /// Who looked at which complaint, as far as it is not written yet.
    views: Views,
    /// Where files are kept that go with the complaints they are about.
    kept: Arc<dyn KeptFiles>,
    /// How far it is with what is to be forgotten.
    forgetting: Mutex<forgetting_round::ForgettingRound>,
    /// What was counted over the whole register a moment ago.
    kept_counts: KeptCounts,
    /// Bounds how many dossiers are made at once.
    dossiers: Semaphore,
    /// Bounds how many registers are read at once.
    imports_read: Semaphore,
    imports_written: Semaphore,
    /// Lets one audit pack, or file of a person, be made at once.
    packs: Semaphore,
    /// What is done with proposals.
    trials: Trials,
    /// The walks through the trail for auditors.
    walks: Walks,
    /// The folders of the installation; none where nothing named them.
    folders: OnceLock<Folders>,
}

/// The folders that the path reads what is no row from, and puts files into for a while.
#[derive(Debug)]
struct Folders {
    rules: PathBuf,
    data: PathBuf,
    published: PublishedRules,
}

/// What becomes of the rules folder when rules are published on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedRules {
    /// They are written into it.
    IntoFolder,
    /// It stays as it is: a rehearsal writes nothing but its data.
    InStoreOnly,
}

impl Workflow {
    /// Makes the path of an installation with the ruleset in force.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        settings: Arc<Settings>,
        published: Published,
        router: Arc<dyn Router>,
    ) -> Self {
        let views = Views::new(store.clone());
        Self {
            store,
            progress: Progress::new(Arc::clone(&clock)),
            clock,
            settings: RwLock::new(Arc::clone(&settings)),
            written: RwLock::new(settings),
            published: RwLock::new(Arc::new(published)),
            router,
            due: Notify::new(),
            outbox: Bell::default(),
            share: RwLock::new(Share::ALL),
            filed_told_on: Mutex::default(),
            hashing: Arc::new(Semaphore::new(HASHING)),
            failed_sign_ins: Mutex::default(),
            asked_resets: Mutex::default(),
            answered_surveys: Mutex::default(),
            views,
            kept_counts: KeptCounts::default(),
            dossiers: Semaphore::new(DOSSIERS),
            imports_read: Semaphore::new(REGISTERS_READ),
            imports_written: Semaphore::new(REGISTERS_READ),
            packs: Semaphore::new(1),
            trials: Trials::default(),
            walks: Walks::default(),
            folders: OnceLock::new(),
            kept: Arc::new(NoFiles),
            forgetting: Mutex::default(),
        }
    }

    /// Returns the organisation's settings, as last read.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Goes on with other settings, under which the ruleset in force is read anew; every complaint is evaluated
    /// again where that may matter (docs/semantics.md 1.6).
    ///
    /// # Errors
    /// The ruleset in force cannot be read under them; nothing is changed.
    pub async fn take_settings(&self, settings: Arc<Settings>) -> Result<(), PublishError> {
        let published = Published::in_force(&self.store, &settings, |_| false).await?;
        *self.written.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&settings);
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        self.follow_absences().await?;
        if let Some(published) = published {
            self.swap(published);
        }
        self.wake();
        Ok(())
    }

    /// Says where the company's text stands beside the rules, and where files may be for a while; only the first time counts.
    pub fn stands_among(&self, rules: &Path, data: &Path, published: PublishedRules) {
        let _ = self.folders.set(Folders { rules: rules.to_owned(), data: data.to_owned(), published });
    }

    /// Returns the clock on the wall, which may stand before [`Workflow::now`].
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Returns what the parts of this process do.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Has the scheduler look at once for what is due, or that it is to stop.
    pub fn wake(&self) {
        self.due.notify_one();
    }

    /// Returns the ruleset in force, as last seen.
    pub fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn swap(&self, published: Published) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(published);
    }
}
