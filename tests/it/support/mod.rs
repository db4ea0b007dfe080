//! The test installation: everything real but time, the mail server and the receivers of webhooks.

pub mod dovecot;
pub mod fake_imap;
pub mod imports;
pub mod language_client;
pub mod mail_server;
pub mod postgres;
pub mod procedure_names;
pub mod receiver;
pub mod source;
pub mod tls;
pub mod unnumbered;

use redress::app::{Access, App, Places};
use redress::calendar::{Calendar, Date, Moment, TimeOfDay};
use redress::clock::{Clock, VirtualClock};
use redress::delivery::Mode;
use redress::intake::{TakenMail, ingest};
use redress::rules::RulesetSource;
use redress::store::{Commit, Committed, DeliveryFilter, DeliveryState, DeliverySummary, Store};
use redress::workflow::PublishOrder;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

pub fn amsterdam() -> Calendar {
    Calendar::new(chrono_tz::Europe::Amsterdam, [])
}

/// `2026-11-23 10:00` on the wall clock in Amsterdam.
pub fn at(text: &str) -> Moment {
    let (day, time) = text.split_once(' ').unwrap();
    let day: Date = day.parse().unwrap();
    amsterdam().at(day, TimeOfDay::parse_from_str(time, "%H:%M").unwrap()).unwrap()
}

/// Makes decisions ready and writes them, as `workflow` does.
pub async fn commit_all(store: &Store, batch: Vec<Commit>) -> Committed {
    let cases = store.cases();
    let opening = cases.opening_texts(&batch).await.unwrap();
    let ready = cases.ready(batch, &opening).unwrap();
    cases.write(ready).await.unwrap()
}

pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An installation in a folder of its own.
pub struct TestApp {
    pub app: App,
    pub clock: VirtualClock,
    pub folder: tempfile::TempDir,
    rules: PathBuf,
    mode: Mode,
}

fn places(folder: &tempfile::TempDir, rules: &Path) -> Places {
    Places {
        config: Some(folder.path().join("redress.toml")),
        data: folder.path().join("data"),
        rules: rules.to_owned(),
        plugins: folder.path().join("plugins"),
        clock: None,
        access: Access::Change,
    }
}

#[derive(Default)]
pub struct Builder {
    config: String,
    plugins: Vec<(String, String)>,
    files: Vec<(String, String)>,
    rules: Option<PathBuf>,
    is_real: bool,
}

impl Builder {
    pub fn config(mut self, text: &str) -> Self {
        self.config.push_str(text);
        self
    }

    pub fn plugin(mut self, name: &str, manifest: String) -> Self {
        self.plugins.push((name.to_owned(), manifest));
        self
    }

    /// A file beside a plugin's manifest, by its path in the folder of plugins.
    pub fn plugin_file(mut self, path: &str, text: String) -> Self {
        self.files.push((path.to_owned(), text));
        self
    }

    pub fn rules(mut self, folder: &Path) -> Self {
        self.rules = Some(folder.to_owned());
        self
    }

    /// Not a rehearsal: what may be called is what a real installation may call.
    pub fn real(mut self) -> Self {
        self.is_real = true;
        self
    }

    /// The settings; letters go at once, so that a test that is not about it need not wait, unless it says otherwise.
    fn settings(&self) -> String {
        const HEAD: &str = "[delivery]\n";
        let at_once = format!("{HEAD}recall_minutes = 0\n");
        match &self.config {
            config if config.contains("recall_minutes") => config.clone(),
            config if config.contains(HEAD) => config.replacen(HEAD, &at_once, 1),
            config => format!("{config}\n{at_once}"),
        }
    }

    pub async fn start(self, now: &str) -> TestApp {
        self.start_at(at(now)).await
    }

    /// At the real time, where a real peer looks at its own clock.
    pub async fn start_now(self) -> TestApp {
        self.start_at(redress::clock::SystemClock.now()).await
    }

    async fn start_at(self, now: Moment) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let rules = self.rules.clone().unwrap_or_else(|| repository().join("rules"));
        let mode = if self.is_real { Mode::Live } else { Mode::Rehearsal };
        let clock = VirtualClock::new(now);
        std::fs::write(folder.path().join("redress.toml"), self.settings()).unwrap();
        for (name, manifest) in &self.plugins {
            let plugin = folder.path().join("plugins").join(name);
            std::fs::create_dir_all(&plugin).unwrap();
            std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
        }
        for (path, text) in &self.files {
            std::fs::write(folder.path().join("plugins").join(path), text).unwrap();
        }
        let app = App::open_with(&places(&folder, &rules), Arc::new(clock.clone()), mode).await.unwrap();
        TestApp { app, clock, folder, rules, mode }
    }
}

pub const MAIL_PLUGIN: &str = "kind = \"email\"\nenabled = true\n";

impl TestApp {
    pub async fn start(now: &str) -> Self {
        Builder::default().start(now).await
    }

    /// Starts the program again on the same folder.
    pub async fn reopen(&mut self) {
        let places = places(&self.folder, &self.rules);
        self.app = App::open_with(&places, Arc::new(self.clock.clone()), self.mode).await.unwrap();
    }

    /// Another process on the same folder.
    pub async fn beside(&self) -> App {
        let places = places(&self.folder, &self.rules);
        App::open_with(&places, Arc::new(self.clock.clone()), self.mode).await.unwrap()
    }

    pub async fn mail(&self, raw: &str) -> TakenMail {
        let taken = ingest(&self.app.workflow, raw.as_bytes(), "test").await.unwrap();
        self.app.turn().await.unwrap();
        taken
    }

    /// A clear complaint from Jan.
    pub async fn complaint(&self, id: &str) -> TakenMail {
        self.mail(&clear_complaint("jan@example.nl", id)).await
    }

    pub async fn until(&self, to: &str) {
        let to = at(to);
        loop {
            self.app.turn().await.unwrap();
            let decisions = self.app.workflow.next_due().await.unwrap();
            let mails = self.app.workflow.delivering().next_first_attempt().await.unwrap();
            let Some(next) = [decisions, mails].into_iter().flatten().min().filter(|n| *n <= to) else {
                break;
            };
            self.clock.advance_to(next);
        }
        self.clock.advance_to(to);
    }

    /// Writes a file of a plugin, as an integrator does.
    pub fn write_plugin(&self, name: &str, file: &str, text: &str) {
        let folder = self.folder.path().join("plugins").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
    }

    /// The deliveries of a plugin in a state, such as `queued`; in any state where none is named.
    pub async fn deliveries(&self, plugin: &str, state: &str) -> Vec<DeliverySummary> {
        let state = Some(state).filter(|state| !state.is_empty()).map(|state| state.parse().unwrap());
        let filter = DeliveryFilter { state, plugin: Some(plugin.to_owned()), ..DeliveryFilter::default() };
        self.app.store.deliveries().list(&filter, 1_000).await.unwrap()
    }

    /// Goes to the time of the next attempt of anything that waits, and attempts it.
    pub async fn next_attempt(&self) {
        let filter = DeliveryFilter { state: Some(DeliveryState::Queued), ..DeliveryFilter::default() };
        let waiting = self.app.store.deliveries().list(&filter, 1_000).await.unwrap();
        let Some(next) = waiting.iter().map(|d| d.next_at).filter(|at| *at > self.clock.now()).min() else {
            return;
        };
        let healths = self.app.store.deliveries().healths().await.unwrap();
        let paused = healths.iter().filter_map(|(_, h)| h.paused_until).max();
        self.clock.advance_to(paused.map_or(next, |p| p.max(next)));
        self.app.turn().await.unwrap();
    }

    pub async fn state(&self, reference: &str) -> String {
        let id = self.app.workflow.id_of(reference).await.unwrap();
        self.app.store.cases().load(&[id]).await.unwrap()[0].complaint.state.to_string()
    }

    /// `recipient message` of everything sent about a complaint, in order.
    pub async fn notified(&self, reference: &str) -> Vec<String> {
        let id = self.app.workflow.id_of(reference).await.unwrap();
        let found = self.app.store.register().notifications(id).await.unwrap();
        found.into_iter().map(|n| format!("{} {}", n.recipient, n.message)).collect()
    }

    pub fn outbox(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("data/outbox")) else {
            return Vec::new();
        };
        let mut mails: Vec<String> =
            entries.flatten().map(|e| std::fs::read_to_string(e.path()).unwrap()).collect();
        mails.sort();
        mails
    }
}

pub fn clear_complaint(from: &str, id: &str) -> String {
    format!(
        "From: Jan <{from}>\r\nTo: planning@lagant.nl\r\nSubject: Klacht over parkeren in Utrecht\r\n\
         Message-ID: <{id}@example.nl>\r\n\r\nIk heb een klacht over het parkeren bij de training in Utrecht.\r\n"
    )
}

/// What is shipped, as a program's working folder, but for two things: there are no scenarios, which a first start plays for
/// seconds here, and the first notice of a complaint does not wait for working hours, which real time may be outside of. It is made anew when anything in
/// `rules` has changed.
pub fn shipped_untried() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let rules = repository().join("rules");
        let made = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::create_dir_all(made).unwrap();
        let fresh = tempfile::tempdir_in(made).unwrap();
        copy(&rules, &fresh.path().join("rules"));
        std::fs::remove_dir_all(fresh.path().join("rules/tests")).unwrap();
        at_once(&fresh.path().join("rules"));
        let others = ["plugins", "migrations", "src", "tests", "redress.example.toml"];
        for name in others {
            std::os::unix::fs::symlink(repository().join(name), fresh.path().join(name)).unwrap();
        }
        let texts = RulesetSource::read(&rules).unwrap();
        let beside = ["clauses.toml", "requirements.toml"];
        let beside = beside.map(|name| std::fs::read_to_string(rules.join(name)).unwrap());
        let mut sum = DefaultHasher::new();
        (texts.hash(), beside, others, repository(), "at once").hash(&mut sum);
        let kept = made.join(format!("shipped-{:016x}", sum.finish()));
        // Another run may have made it meanwhile; then that is as good.
        if !kept.exists() && std::fs::rename(fresh.path(), &kept).is_ok() {
            let _ = fresh.keep();
        }
        kept
    });
    &FOLDER
}

/// Has the first notice of a complaint go at once, at whatever hour a test runs.
pub fn at_once(rules: &Path) {
    for notice in ["new_complaint", "triage_needed"] {
        for language in ["nl", "en"] {
            let file = rules.join(format!("messages/{language}/{notice}.md"));
            let text = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, text.replacen("---\n", "---\nnow: yes\n", 1)).unwrap();
        }
    }
}

/// A copy of the shipped rules, to be changed by a test.
pub fn rules_copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("rules"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The quality manager publishes, without having looked at a plan: what a test does is known.
pub const BY_QUALITY: PublishOrder = PublishOrder::new("kwaliteit@lagant.nl", "proef", None);
