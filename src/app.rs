//! The composition root: builds every long-lived part of an installation.

pub mod backup;
mod check_mark;
mod folder;
mod kept_files;
mod key_file;
pub mod lost_key;
mod meanwhile;
mod places;

pub use folder::FolderStanding;
pub use kept_files::inbox_of;
pub use key_file::is_installation;

use crate::calendar::Moment;
use crate::clock::{Clock, SystemClock, VirtualClock};
use crate::complaint::Actor;
use crate::config::{ConfigError, Settings};
use crate::credentials::Revealed;
use crate::delivery::{Mode, PluginError, Plugins, Runner};
use crate::files;
use crate::intake::Maildir;
use crate::logging;
use crate::rules::diagnostics::Diagnostic;
use crate::store::{AuditKey, KeyStanding, Store, StoreError};
use crate::watchdog::Watchdog;
use crate::workflow::{
    PluginNews, PublishError, PublishOrder, Published, PublishedRules, Workflow, WorkflowError, scenario,
};
use check_mark::CheckMark;
use folder::{Failing, first};
use kept_files::{Folders, inboxes};
use key_file::KEY;
use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The file of the database in a data folder.
const DATABASE: &str = "redress.db";

/// The places of an installation, as the command line gives them.
#[derive(Clone, Debug)]
pub struct Places {
    /// The configuration file; none for `redress.toml` here, or the embedded defaults.
    pub config: Option<PathBuf>,
    /// The data folder: database, audit key, mail in and out.
    pub data: PathBuf,
    /// The rules folder: the candidate ruleset.
    pub rules: PathBuf,
    /// The plugins folder.
    pub plugins: PathBuf,
    /// The fixed time of a rehearsal (`--clock`); none for the computer's clock.
    pub clock: Option<Moment>,
    /// The use that the command makes of the installation.
    pub access: Access,
}

/// The use that a command makes of an installation. Looking at a rehearsal needs no `--clock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It only reads.
    Look,
    /// It may change complaints.
    Change,
    /// It lets a database go on that was restored.
    GoOn,
}

/// The long-lived parts of an installation, opened.
#[derive(Debug)]
pub struct App {
    /// The checked settings as they were at the start; those in use are the workflow's.
    pub settings: Arc<Settings>,
    /// The store, opened; it is closed with the application.
    pub store: Store,
    /// The one path by which complaints change.
    pub workflow: Arc<Workflow>,
    /// The plugins, as the folder holds them.
    pub plugins: Arc<Plugins>,
    /// The lanes that deliver what the outbox holds.
    pub runner: Arc<Runner>,
    /// What looks after the installation.
    pub watchdog: Arc<Watchdog>,
    /// The data folder.
    pub data: PathBuf,
    /// The rules folder: the candidate ruleset.
    pub rules: PathBuf,
}

/// A reason why an installation could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration has a mistake.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The store cannot be opened, or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder has these mistakes, and there is no published ruleset to run instead.
    #[error("the rules folder has mistakes and no ruleset was ever published")]
    Rules(Vec<Diagnostic>),
    /// The published ruleset has these mistakes for this version of the program.
    #[error("the published ruleset cannot be read by this version")]
    Published(Vec<Diagnostic>),
    /// The plugins folder cannot be read, and nothing says how mail is to go.
    #[error(transparent)]
    Plugins(PluginError),
    /// The data folder cannot be used, in words.
    #[error("{0}")]
    Data(String),
    /// The data folder or the database is for another purpose, real or rehearsal, in words: what is meant for
    /// one must not reach the other.
    #[error("{0}")]
    Purpose(String),
    /// A ruleset could not be published or told of.
    #[error(transparent)]
    Workflow(WorkflowError),
}

impl From<WorkflowError> for AppError {
    fn from(error: WorkflowError) -> Self {
        Self::Workflow(error)
    }
}

impl From<PublishError> for AppError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Broken(found) => Self::Published(found),
            PublishError::Workflow(e) => Self::Workflow(e),
        }
    }
}

impl App {
    /// Opens the installation on the clock that its places allow.
    ///
    /// # Errors
    /// What is wrong with the configuration, the data folder, the rules or the plugins.
    pub async fn open(places: &Places) -> Result<Self, AppError> {
        let (clock, mode) = clock(places)?;
        Self::open_proven(places, clock, mode, scenario::failing).await
    }

    /// Opens the installation as [`App::open`] does, on a clock of the caller's and with rules whose scenarios
    /// are known to hold: for the demonstration and tests.
    pub async fn open_with(places: &Places, clock: Arc<dyn Clock>, mode: Mode) -> Result<Self, AppError> {
        Self::open_proven(places, clock, mode, |_, _, _| Vec::new()).await
    }

    /// Opens the installation. At a first start `failing` names the scenarios that the folder fails; that is
    /// told, because there is nothing else to run.
    async fn open_proven(
        places: &Places,
        clock: Arc<dyn Clock>,
        mode: Mode,
        failing: Failing,
    ) -> Result<Self, AppError> {
        let settings = Arc::new(Settings::load(places.config.as_deref())?);
        // Two processes may start on a new folder at once; tables are made and rules published by one of
        // them.
        let _first_start = lock(&places.data)?;
        let store = open_store(places, &settings, Some(mode)).await?;
        check_restored(&store, places.access, &settings).await?;
        let mark = CheckMark::of(&places.data, &settings);
        let in_force = Published::in_force(&store, &settings, |ruleset| mark.names(ruleset)).await?;
        let (published, failed) = match in_force {
            Some(published) => (published, Vec::new()),
            None => {
                let (first, failed, companions) =
                    first(&places.rules, &settings, failing).map_err(AppError::Rules)?;
                let order = PublishOrder {
                    companions: Some(&companions),
                    ..PublishOrder::new(Actor::System.as_str(), "first start", None)
                };
                first.publish(&store, clock.now(), &order).await?;
                (Arc::unwrap_or_clone(first), failed)
            }
        };
        mark.note(published.ruleset.hash());
        let plugins = Plugins::load(&places.plugins, &places.data, Arc::clone(&settings), mode);
        let plugins = Arc::new(plugins.map_err(AppError::Plugins)?);
        for (name, error) in plugins.broken() {
            tracing::error!(plugin = name, "the plugin's folder cannot be used: {error}");
        }
        if places.access == Access::Change {
            keep_plugins(&plugins);
        }
        for unknown in plugins.unknown_names(&published.names()) {
            tracing::warn!("{unknown}");
        }
        let router: Arc<dyn crate::workflow::Router> = Arc::clone(&plugins) as _;
        let workflow = Workflow::new(store.clone(), clock, Arc::clone(&settings), published, router);
        let workflow = Arc::new(workflow.keeping(Arc::new(Folders::of(&places.data, &settings))));
        plugins.follow_subscriptions(&workflow).await.map_err(WorkflowError::from)?;
        let into = match mode {
            Mode::Live => PublishedRules::IntoFolder,
            Mode::Rehearsal => PublishedRules::InStoreOnly,
        };
        workflow.stands_among(&places.rules, &places.data, into);
        workflow.follow_absences().await?;
        workflow.tell_failing(workflow.published().ruleset.hash(), &failed).await?;
        let runner = Arc::new(Runner::new(Arc::clone(&workflow), Arc::clone(&plugins)));
        let inboxes = inboxes(&places.data, &settings);
        let watchdog =
            Arc::new(Watchdog::new(Arc::clone(&workflow), Arc::clone(&plugins), &places.data, inboxes));
        Ok(Self {
            settings,
            store,
            workflow,
            plugins,
            runner,
            watchdog,
            data: places.data.clone(),
            rules: places.rules.clone(),
        })
    }

    /// Looks at the rules folder beside the ruleset in force, and lets the watchdog know. Most commands need not ask: what
    /// runs is what was published.
    pub fn look_at_folder(&self) -> FolderStanding {
        let settings = self.workflow.settings();
        let standing = FolderStanding::of(&self.rules, &self.workflow.published(), &settings);
        self.watchdog.note(|noted| {
            let mistakes = standing.faults.iter().map(|d| d.in_language(settings.language).to_string());
            (noted.rules, noted.rules_differ) = (mistakes.collect(), standing.differs);
        });
        standing
    }

    /// Takes one full turn: settles and delivers what is due, and what that leads to as well.
    pub async fn turn(&self) -> Result<(crate::workflow::Ticked, crate::delivery::Delivered), WorkflowError> {
        let mut ticked = crate::workflow::Ticked::default();
        let mut delivered = crate::delivery::Delivered::default();
        loop {
            let t = self.workflow.tick().await?;
            let d = self.runner.deliver_due().await?;
            ticked.decisions += t.decisions;
            ticked.schedules += t.schedules;
            ticked.digests += t.digests;
            ticked.forgotten += t.forgotten;
            ticked.unsettled = t.unsettled;
            delivered += d;
            if d == crate::delivery::Delivered::default() && t.forgotten == 0 {
                return Ok((ticked, delivered));
            }
        }
    }

    /// Reads the settings anew and goes on with them; what only a restart changes is named. With a mistake those
    /// before stay in use, and the watchdog tells.
    ///
    /// # Errors
    /// What is wrong with them, or with the ruleset in force under them.
    pub async fn reload(&self, config: Option<&Path>) -> Result<Vec<&'static str>, AppError> {
        let read = self.take_settings(config).await;
        let why = read.as_ref().err().map(|e| match e {
            AppError::Published(found) => {
                found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
            }
            other => other.to_string().replace('\n', ";"),
        });
        self.watchdog.note(|noted| {
            noted.settings = why;
            if let Ok(kept) = &read {
                noted.restart = kept.iter().map(|key| (*key).to_owned()).collect();
            }
        });
        read
    }

    async fn take_settings(&self, config: Option<&Path>) -> Result<Vec<&'static str>, AppError> {
        // What restarts compare with is how this process started.
        let (settings, kept) = Settings::load(config)?.after(&self.settings);
        let settings = Arc::new(settings);
        self.workflow.take_settings(Arc::clone(&settings)).await?;
        self.plugins.take_settings(Arc::clone(&settings));
        logging::set(&settings.log.level, settings.log.form);
        Ok(kept)
    }

    /// Takes over what changed in the plugin folders; tells of what cannot be used.
    pub async fn follow_plugins(&self) -> Result<(), WorkflowError> {
        let reloaded = self.plugins.reload();
        self.plugins.follow_subscriptions(&self.workflow).await?;
        if !reloaded.changed.is_empty() {
            keep_plugins(&self.plugins);
        }
        for name in &reloaded.changed {
            tracing::info!(plugin = name, "the plugin's folder has changed and is in use");
        }
        for unknown in self.plugins.unknown_names(&self.workflow.published().names()) {
            if reloaded.changed.iter().any(|name| unknown.place.contains(name.as_str())) {
                tracing::warn!("{unknown}");
            }
        }
        for (name, error) in &reloaded.broken {
            tracing::error!(plugin = name, "the version before stays in use: {error}");
            let owner = self.plugins.find(name).and_then(|p| p.manifest.owner.clone());
            let why = format!("{}: {}", error.place, error.why);
            self.workflow
                .delivering()
                .tell_plugin_news(name, owner.as_deref(), PluginNews::Broken, &why)
                .await?;
        }
        Ok(())
    }

    /// Opens the Maildirs in which new mail appears: the one of the data folder, where the pipe keeps what it
    /// could not take in, and the configured one.
    pub fn maildirs(&self) -> std::io::Result<Vec<Maildir>> {
        inboxes(&self.data, &self.settings).iter().map(|folder| Maildir::open(folder)).collect()
    }

    /// Closes the store.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

fn keep_plugins(plugins: &Plugins) {
    if let Err(e) = plugins.keep() {
        tracing::error!("the versions of plugins in use cannot be kept beside the database: {e}");
    }
}

/// Takes the lock of a data folder, held until it is dropped; the operating system drops it with the process.
pub(crate) fn lock(data: &Path) -> Result<std::fs::File, AppError> {
    let open = || {
        files::make_folder(data)?;
        let left = files::close_to_others(data);
        if let Some(first) = left.first() {
            tracing::warn!(file = %first.display(), "others may read it and it cannot be closed to them");
        }
        let file = files::closed().create(true).append(true).open(data.join("opening.lock"))?;
        wait_for(&file)?;
        Ok(file)
    };
    open().map_err(|e: std::io::Error| {
        AppError::Data(format!("the data folder {} cannot be used: {e}", data.display()))
    })
}

/// The looks at a lock that another process holds, and the pause between two: two minutes together. A first start
/// plays its scenarios meanwhile.
const LOOKS: u32 = 1_200;
const LOOK: Duration = Duration::from_millis(100);

/// Waits until a lock is free. Since the folder is closed to others only our own processes can hold it, or one that
/// had it open before.
fn wait_for(file: &std::fs::File) -> std::io::Result<()> {
    for _ in 0..LOOKS {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK),
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Err(std::io::Error::other(
        "another process has held opening.lock for two minutes; end it (`fuser` names it), or remove the file",
    ))
}

/// Opens the store of an installation and brings it up to date. The key of its trail is made at its first use, and
/// never again. `mode` is what the folder is for; none for a command that works on both.
pub async fn open_store(places: &Places, settings: &Settings, mode: Option<Mode>) -> Result<Store, AppError> {
    let data = |e: std::io::Error| {
        AppError::Data(format!("the data folder {} cannot be used: {e}", places.data.display()))
    };
    files::make_folder(&places.data).map_err(data)?;
    let path = places.data.join(KEY);
    let kept = key_file::read(&path).map_err(AppError::Data)?;
    let file = places.data.join(DATABASE);
    if settings.database.is_none() {
        if kept.is_some() && key_file::is_unused(&file) {
            return Err(AppError::Data(key_file::without_database(&path, &file)));
        }
        // What belongs to the database takes over who may read it.
        files::closed().create(true).append(true).open(&file).map_err(data)?;
    }
    let text = kept.clone().unwrap_or_else(crate::random::hex::<32>);
    let store = connect(places, settings, &text).await?;
    if let Some(mode) = mode {
        check_purpose(&store, mode).await?;
    }
    match store.recognise_key().await? {
        KeyStanding::Known => {}
        KeyStanding::New if kept.is_some() => store.remember_key().await?,
        KeyStanding::New => match key_file::make(&path, &text).map_err(data)? {
            key_file::Made::ThisOne => store.remember_key().await?,
            // Another process was first; its key counts.
            key_file::Made::Another => {
                store.close().await;
                return Box::pin(open_store(places, settings, mode)).await;
            }
        },
        KeyStanding::Other => {
            store.close().await;
            return Err(AppError::Data(key_file::other(&path, kept.is_some())));
        }
    }
    Ok(store)
}

/// Opens the database of an installation with a key.
async fn connect(places: &Places, settings: &Settings, key: &str) -> Result<Store, AppError> {
    let url = match &settings.database {
        Some(url) => url.read().map_err(|why| AppError::Data(format!("database.url: {why}")))?,
        None => Revealed::new(format!("sqlite:{}", places.data.join(DATABASE).display())),
    };
    let key = AuditKey::new(key.as_bytes());
    Ok(Store::open(url.expose(), Arc::clone(&settings.calendar), key).await?)
}

/// Checks what a database is for, real or rehearsal, which its first use decides; a configured one may be far
/// from its folder.
async fn check_purpose(store: &Store, mode: Mode) -> Result<(), AppError> {
    let wanted = match mode {
        Mode::Live => "real",
        Mode::Rehearsal => "rehearsal",
    };
    match store.purpose().await? {
        None => Ok(store.set_purpose(wanted).await?),
        Some(found) if found == wanted => Ok(()),
        Some(found) => Err(AppError::Purpose(format!(
            "the database is for {found} use and this is a {wanted} folder; set database.url in redress.toml, or choose another --data"
        ))),
    }
}

/// Refuses to change a database that was restored from a copy, until somebody has let it go on: the one that it was
/// copied from may run yet (docs/semantics.md 5.10).
async fn check_restored(store: &Store, access: Access, settings: &Settings) -> Result<(), AppError> {
    if access != Access::Change {
        return Ok(());
    }
    match store.oversight().restored_from().await? {
        None => Ok(()),
        Some(from) => Err(AppError::Data(format!(
            "this database was restored from a copy of {}; see that the installation it was copied from has stopped, and \
             then: `redress restore --go-on --as YOU`",
            settings.calendar.rfc3339(from.copied_at)
        ))),
    }
}

/// The mark of a data folder that is a rehearsal; it holds the time reached, in epoch milliseconds.
pub const REHEARSAL: &str = "rehearsal";

/// Marks a data folder as a rehearsal that has come to this time.
pub fn mark_rehearsal(data: &Path, reached: Moment) -> std::io::Result<()> {
    files::make_folder(data)?;
    files::write(&data.join(REHEARSAL), reached.millis().to_string().as_bytes())
}

/// Reads how far a rehearsal has come; none for a folder that is none. A mark that says nothing is no sign that
/// the folder is real.
fn reached(mark: &Path) -> Result<Option<Moment>, String> {
    let wrong =
        |why: String| format!("{} cannot be read: {why}; is this folder a rehearsal?", mark.display());
    match std::fs::read_to_string(mark) {
        Ok(text) => match text.trim().parse() {
            Ok(millis) => Ok(Some(Moment::from_millis(millis))),
            Err(_) => Err(wrong("it holds no time".to_owned())),
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(wrong(e.to_string())),
    }
}

/// Returns the clock that the data folder and `--clock` allow.
fn clock(places: &Places) -> Result<(Arc<dyn Clock>, Mode), AppError> {
    let mark = places.data.join(REHEARSAL);
    let reached = reached(&mark).map_err(AppError::Purpose)?;
    let folder = places.data.display();
    let refuse = |text: String| Err(AppError::Purpose(text));
    match (places.clock, reached) {
        (None, None) => Ok((Arc::new(SystemClock), Mode::Live)),
        (None, Some(reached)) if places.access == Access::Look => {
            Ok((Arc::new(VirtualClock::new(reached)), Mode::Rehearsal))
        }
        (None, Some(_)) => refuse(format!(
            "{folder} is a rehearsal; give its time with --clock, or another folder with --data"
        )),
        (Some(_), None) if places.is_used() => {
            refuse(format!("{folder} is real; --clock works only on a folder that was created with it"))
        }
        (Some(now), reached) => {
            if reached.is_some_and(|r| now < r) {
                return refuse(format!("the clock of {folder} stands later than that and may not go back"));
            }
            mark_rehearsal(&places.data, now)
                .map_err(|e: std::io::Error| AppError::Data(format!("{folder} cannot be used: {e}")))?;
            Ok((Arc::new(VirtualClock::new(now)), Mode::Rehearsal))
        }
    }
}
