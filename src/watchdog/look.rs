//! `Watchdog`: looks at database, parts, plugins and folders, and says what is wrong.

use super::condition::{Condition, Shared};
use super::heartbeat::Heartbeat;
use super::reached::Reached;
use crate::calendar::{Date, EQUALISED_VALID_UNTIL, Moment};
use crate::delivery::Plugins;
use crate::files;
use crate::intake::Maildir;
use crate::network::{end_of_file, end_of_token};
use crate::progress::Part;
use crate::workflow::{ClockStanding, Health, Process, Queues, StoreError, Workflow};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The time within which word of a breach must have arrived.
const TOLD_WITHIN_MILLIS: i64 = 3_600_000;
/// The time for which something may be due without being taken up: by the scheduler, and by a lane.
const DUE_MILLIS: i64 = 2 * 60_000;
const OUTBOX_MILLIS: i64 = 15 * 60_000;
/// The time after which a watchdog that writes every minute has stopped.
pub(super) const SILENT_MILLIS: i64 = 5 * 60_000;
/// The longest that a part may take without ending a round.
const STILL: Duration = Duration::from_secs(120);
/// The days before the end of a certificate or token from which it is told.
const SOON_DAYS: i64 = 21;
/// The time for which what was seen is not looked at again by those who ask.
const FRESH: Duration = Duration::from_secs(2);
/// The days ahead for which holidays must be known.
const HOLIDAY_DAYS: u64 = 120;
const DAY_MILLIS: i64 = 86_400_000;
/// The time within which what is to be forgotten must be.
const FORGOTTEN_WITHIN_MILLIS: i64 = DAY_MILLIS;

/// What other parts of the program have noticed and the watchdog cannot see by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// The mistakes of the rules folder, each in one line.
    pub rules: Vec<String>,
    /// True when the folder holds another ruleset than the one in force.
    pub rules_differ: bool,
    /// The mistake in the settings, while those before are in use.
    pub settings: Option<String>,
    /// The changed settings that wait for a restart.
    pub restart: Vec<String>,
}

/// What looks after an installation.
#[derive(Debug)]
pub struct Watchdog {
    pub(super) workflow: Arc<Workflow>,
    plugins: Arc<Plugins>,
    data: PathBuf,
    inboxes: Vec<PathBuf>,
    noted: Mutex<Noted>,
    pub(super) reached: Reached,
    pub(super) heartbeat: Heartbeat,
    /// The name of this process among those that share a database.
    pub(super) observer: String,
    /// What was seen last, and when in the process's time.
    seen: tokio::sync::Mutex<Option<(Duration, Arc<Vec<Condition>>)>>,
}

impl Watchdog {
    /// Makes the watchdog of an installation: its data folder, and its folders of new mail.
    pub fn new(workflow: Arc<Workflow>, plugins: Arc<Plugins>, data: &Path, inboxes: Vec<PathBuf>) -> Self {
        let host = rustix::system::uname();
        let place = data.canonicalize().unwrap_or_else(|_| data.to_owned());
        Self {
            reached: Reached::of(data),
            heartbeat: Heartbeat::new(plugins.network()),
            observer: format!("{} {}", host.nodename().to_string_lossy(), place.display()),
            workflow,
            plugins,
            data: data.to_owned(),
            inboxes,
            noted: Mutex::default(),
            seen: tokio::sync::Mutex::default(),
        }
    }

    /// Returns the computer and the data folder of this process, as others that share its database see it.
    pub fn observer(&self) -> &str {
        &self.observer
    }

    /// Takes note of what another part has noticed.
    pub fn note(&self, change: impl FnOnce(&mut Noted)) {
        change(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Returns what was seen within the last two seconds, or looks.
    pub async fn recent(&self) -> Arc<Vec<Condition>> {
        let elapsed = || self.workflow.clock().elapsed();
        let mut seen = self.seen.lock().await;
        if let Some((_, found)) = seen.as_ref().filter(|(at, _)| elapsed().saturating_sub(*at) < FRESH) {
            return Arc::clone(found);
        }
        let found = Arc::new(self.look().await);
        *seen = Some((elapsed(), Arc::clone(&found)));
        found
    }

    /// Looks at everything; what is wrong, in the order of the kinds.
    pub async fn look(&self) -> Vec<Condition> {
        let now = self.workflow.clock().now();
        let mut found = match self.look_at_store(now).await {
            Ok(found) => found,
            Err(e) => vec![Condition::DatabaseFailing { why: e.to_string() }],
        };
        found.extend(self.look_at_parts());
        found.extend(self.look_at_plugins());
        found.extend(self.look_at_secrets(now));
        found.extend(self.look_at_folders());
        found.extend(self.noted(now));
        found.sort_by_key(Condition::kind);
        found.dedup_by_key(|condition| (condition.kind(), condition.subject()));
        found
    }

    async fn look_at_store(&self, now: Moment) -> Result<Vec<Condition>, StoreError> {
        let (overseeing, reading) = (self.workflow.overseeing(), self.workflow.reading());
        let oversight = overseeing.oversight();
        let mut found = Vec::new();
        for late in oversight.untold_terms(now.plus_millis(-TOLD_WITHIN_MILLIS)).await? {
            if let Some(term) = overseeing.mandatory_term(&late.name) {
                let (reference, name, due) = (late.reference, late.name, late.due);
                found.push(Condition::TermUntold { reference, name, term, due });
            }
        }
        let totals = reading.figures().totals(now).await?;
        let count = |n: i64, condition: fn(i64) -> Condition| (n > 0).then(|| condition(n));
        found.extend(count(totals.faulty, |complaints| Condition::RuleFaults { complaints }));
        found.extend(count(totals.undeliverable, |messages| Condition::Undeliverable { messages }));
        found.extend(count(totals.overdue_deadlines, |terms| Condition::TermsOverdue { terms }));
        found.extend(count(reading.found_by_sweeps().await?, |events| Condition::SweepFound { events }));
        let forgetting = self.workflow.forgetting_since(now.plus_millis(-FORGOTTEN_WITHIN_MILLIS)).await?;
        found.extend(forgetting.map(|(since, complaints)| Condition::ForgettingOpen { complaints, since }));
        let older = self.reached.why_older(reading.trail().last_event().await?);
        found.extend(older.map(|why| Condition::DatabaseOlder { why }));
        found.extend(self.copies(now).await?);
        let due = self.workflow.next_complaint().await?;
        found.extend(
            due.filter(|due| now.millis() - due.millis() > DUE_MILLIS)
                .map(|since| Condition::SchedulerBehind { since }),
        );
        match self.workflow.clock_standing().await? {
            ClockStanding::Right => {}
            ClockStanding::Behind { millis } => {
                found.push(Condition::ClockBehind { minutes: millis / 60_000 })
            }
            ClockStanding::Ahead { millis } => {
                found.push(Condition::ClockAhead { days: millis / DAY_MILLIS })
            }
        }
        found.extend(self.in_the_outbox(oversight.queues(now).await?, now).await?);
        found.extend(
            reading.bouncing().await?.into_iter().map(|address| Condition::AddressBounces { address }),
        );
        let living = reading.processes().await?;
        found.extend(differing(&living));
        let silent_days = self.workflow.settings().watchdog.silent_days;
        if let (Some(days), Some(since)) = (silent_days, oversight.last_mail().await?)
            && now.millis() - since.millis() > i64::from(days) * DAY_MILLIS
        {
            found.push(Condition::IntakeSilent { since });
        }
        let watched = oversight.watched_at().await?.filter(|_| !self.plugins.network().is_loopback_only());
        let is_silent = |at: &Moment| now.millis() - at.millis() > SILENT_MILLIS;
        if !self.is_server() {
            found.extend(watched.filter(is_silent).map(|since| Condition::ServerSilent { since }));
            if watched.as_ref().is_none_or(is_silent) {
                found.extend(self.waiting_mail());
            }
        }
        Ok(found)
    }

    /// Finds what is to be known of copies: that none was made for long, and that this is one.
    async fn copies(&self, now: Moment) -> Result<Vec<Condition>, StoreError> {
        let overseeing = self.workflow.overseeing();
        let oversight = overseeing.oversight();
        let mut found = Vec::new();
        if !self.is_server() {
            found.extend(
                oversight.restored_from().await?.map(|from| Condition::Restored { at: from.copied_at }),
            );
        }
        let most = i64::from(self.workflow.settings().watchdog.backup_days);
        // A rehearsal is not worth a backup.
        if most > 0 && !self.plugins.network().is_loopback_only() {
            let since = match oversight.backed_up_at().await? {
                Some(at) => Some(at),
                None => self.workflow.reading().trail().begun_at().await?,
            };
            let days = since.map_or(0, |since| (now.millis() - since.millis()) / DAY_MILLIS);
            found.extend(Some(days).filter(|days| *days >= most).map(|days| Condition::BackupOld { days }));
        }
        Ok(found)
    }

    /// Finds what the outbox holds for too long, and why.
    async fn in_the_outbox(&self, queues: Queues, now: Moment) -> Result<Vec<Condition>, StoreError> {
        let healths = self.workflow.reading().healths().await?;
        let is_enabled = |name: &str| self.plugins.find(name).is_some_and(|p| p.manifest.enabled);
        let mut found = Vec::new();
        for (plugin, health) in &healths {
            let (plugin, why) = (plugin.clone(), health.last_error.clone());
            // Who switched it off knows; what waits for it is told below.
            if health.is_switched_off_by_a_person() {
                continue;
            }
            match (health.disabled_at, health.is_failing()) {
                (Some(_), _) => found.push(Condition::PluginDisabled { plugin, why }),
                (None, true) => found.push(Condition::PluginFailing { plugin, why }),
                (None, false) => {}
            }
        }
        for queue in queues.dead {
            let (plugin, letters) = (queue.plugin, queue.deliveries);
            found.extend(queue.at.map(|newest| Condition::DeadLetters { plugin, letters, newest }));
        }
        for queue in &queues.queued {
            let is_off = |(name, health): &(String, Health)| {
                *name == queue.plugin && health.is_switched_off_by_a_person()
            };
            if !is_enabled(&queue.plugin) || healths.iter().any(is_off) {
                let (plugin, queued) = (queue.plugin.clone(), queue.deliveries);
                found.push(Condition::PluginWaiting { plugin, queued });
            }
        }
        for queue in queues.due {
            let has_trouble = healths.iter().any(|(name, _)| *name == queue.plugin);
            let since = queue.at.filter(|since| now.millis() - since.millis() > OUTBOX_MILLIS);
            if is_enabled(&queue.plugin) && !has_trouble {
                let (plugin, queued) = (queue.plugin, queue.deliveries);
                found.extend(since.map(|since| Condition::OutboxOld { plugin, queued, since }));
            }
        }
        Ok(found)
    }

    /// Returns whether the parts of a server run in this process.
    pub(super) fn is_server(&self) -> bool {
        self.workflow.progress().still_for(&Part::Watchdog).is_some()
    }

    fn look_at_parts(&self) -> Vec<Condition> {
        let progress = self.workflow.progress();
        let failing =
            progress.parts().into_iter().filter_map(|(part, doing)| Some((part, doing.failing?.why)));
        let mut found: Vec<Condition> = failing
            .map(|(part, why)| match part {
                Part::Scheduler => Condition::SchedulerFailing { why },
                Part::Inbox(folder) => Condition::InboxFailing { folder, why },
                Part::Mailbox(mailbox) => Condition::MailboxFailing { mailbox, why },
                // Nothing but the store stops them.
                Part::Lane(_) | Part::Watchdog => Condition::DatabaseFailing { why },
            })
            .collect();
        let still = progress.still_for(&Part::Scheduler).filter(|still| self.is_server() && *still > STILL);
        found.extend(still.map(|still| Condition::SchedulerFailing {
            why: format!("it has not moved for {} s", still.as_secs()),
        }));
        found
    }

    fn look_at_plugins(&self) -> Vec<Condition> {
        let broken = self.plugins.broken().into_iter();
        let broken = broken.map(|(plugin, e)| Condition::PluginBroken { plugin, why: e.to_string() });
        let fallback = self.plugins.fallback_mistake();
        broken.chain(fallback.map(|e| Condition::FallbackBroken { why: e.to_string() })).collect()
    }

    /// Finds secrets that cannot be read, and certificates and tokens that end soon.
    fn look_at_secrets(&self, now: Moment) -> Vec<Condition> {
        let settings = self.workflow.settings();
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut certificate_files = Vec::new();
        let soon = now.plus_millis(SOON_DAYS * DAY_MILLIS);
        let day = |at: Moment| settings.calendar.day_of(at).ok();
        for plugin in self.plugins.set().iter().filter(|p| p.manifest.enabled) {
            let user = format!("plugin {}", plugin.name());
            secrets.extend(plugin.manifest.secrets().into_iter().map(|secret| (user.clone(), secret)));
            certificate_files.extend(plugin.manifest.certificate_files());
            let end = plugin.target_certificate_end().filter(|end| *end < soon).and_then(day);
            let plugin = plugin.name().to_owned();
            found.extend(end.map(|on| Condition::TargetCertificateExpiring { plugin, on }));
        }
        for mailbox in &settings.mailboxes {
            let oauth = mailbox.oauth2.as_ref();
            let oauth = oauth.map(|o| [&o.client_secret, &o.refresh_token]).into_iter().flatten();
            let all = oauth.chain([&mailbox.password]).flatten().cloned();
            secrets.extend(all.map(|secret| (format!("mailbox {}", mailbox.name), secret)));
            certificate_files.extend(mailbox.ca_file.clone());
        }
        for (user, secret) in secrets {
            match secret.read() {
                Err(why) => found.push(Condition::SecretMissing { user, why }),
                Ok(value) => {
                    let end = end_of_token(value.expose()).filter(|end| *end < soon);
                    found.extend(end.and_then(day).map(|on| Condition::TokenExpiring { user, on }));
                }
            }
        }
        for file in certificate_files {
            let end = end_of_file(&file).filter(|end| *end < soon);
            let file = file.display().to_string();
            found.extend(end.and_then(day).map(|on| Condition::CertificateExpiring { file, on }));
        }
        found
    }

    fn look_at_folders(&self) -> Vec<Condition> {
        let mut found = Vec::new();
        let folder = self.data.display().to_string();
        let least = self.workflow.settings().watchdog.disk_free_mib;
        if let Ok(disk) = rustix::fs::statvfs(&self.data) {
            let free_mib = (u128::from(disk.f_bavail) * u128::from(disk.f_frsize)) >> 20;
            let free_mib = u64::try_from(free_mib).unwrap_or(u64::MAX);
            if free_mib < least {
                found.push(Condition::DiskLow { folder: folder.clone(), free_mib });
            }
        }
        if files::is_open_to_others(&self.data) {
            found.push(Condition::DataOpen { folder });
        }
        for inbox in &self.inboxes {
            match Maildir::open(inbox).and_then(|maildir| maildir.state()) {
                Ok(state) => {
                    let unreadable = state.unreadable.into_iter();
                    found.extend(unreadable.map(|file| Condition::MailUnreadable { file }));
                }
                Err(e) => {
                    let folder = inbox.display().to_string();
                    found.push(Condition::InboxFailing { folder, why: e.to_string() });
                }
            }
        }
        found
    }

    /// Finds mail that nobody takes in.
    fn waiting_mail(&self) -> Vec<Condition> {
        let states = self.inboxes.iter().filter_map(|inbox| {
            let mails = Maildir::open(inbox).and_then(|maildir| maildir.state()).ok()?.waiting;
            Some(Condition::MailWaiting { folder: inbox.display().to_string(), mails }).filter(|_| mails > 0)
        });
        states.collect()
    }

    fn noted(&self, now: Moment) -> Vec<Condition> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut found = Vec::new();
        if let Some(first) = noted.rules.first() {
            let more = noted.rules.len() - 1;
            let mistake = if more > 0 { format!("{first} (+{more})") } else { first.clone() };
            found.push(Condition::RulesBroken { mistake });
        }
        found.extend(noted.rules_differ.then_some(Condition::RulesDiffer));
        found.extend(noted.settings.map(|why| Condition::SettingsBroken { why }));
        if !noted.restart.is_empty() {
            found.push(Condition::RestartNeeded { keys: noted.restart.join(", ") });
        }
        found.extend(self.workflow.is_survey_unlinked().then_some(Condition::SurveyUnlinked));
        let (year, month, day) = EQUALISED_VALID_UNTIL;
        let until = Date::from_ymd_opt(year, month, day);
        let today = self.workflow.settings().calendar.day_of(now).ok();
        let horizon = today.and_then(|day| day.checked_add_days(chrono::Days::new(HOLIDAY_DAYS)));
        let is_near = |until: &Date| horizon.is_some_and(|horizon| horizon > *until);
        found.extend(until.filter(is_near).map(|until| Condition::HolidaysUnknown { until }));
        found
    }
}

/// Finds what the processes of one database do not have alike.
fn differing(living: &[Process]) -> Vec<Condition> {
    let differ = |of: fn(&Process) -> &str| living.iter().any(|process| of(process) != of(&living[0]));
    let places = || living.iter().map(|process| process.place.clone()).collect();
    let mut found = Vec::new();
    if differ(|process| &process.settings) {
        found.push(Condition::ProcessesDiffer { in_what: Shared::Settings, places: places() });
    }
    if differ(|process| &process.plugins) {
        found.push(Condition::ProcessesDiffer { in_what: Shared::Plugins, places: places() });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: &str, settings: &str, plugins: &str) -> Process {
        let text = str::to_owned;
        Process {
            id: text(id),
            place: format!("host {id}"),
            settings: text(settings),
            plugins: text(plugins),
        }
    }

    #[test]
    fn what_processes_do_not_have_alike_is_named() {
        let subjects = |living: &[Process]| -> Vec<String> {
            differing(living).iter().map(Condition::subject).collect()
        };
        assert_eq!(subjects(&[]), [""; 0]);
        assert_eq!(subjects(&[process("a", "s", "p")]), [""; 0]);
        assert_eq!(subjects(&[process("a", "s", "p"), process("b", "s", "p")]), [""; 0]);
        let three = [process("a", "s", "p"), process("b", "s", "p"), process("c", "s", "other")];
        assert_eq!(subjects(&three), ["plugins/"]);
        assert_eq!(subjects(&[process("a", "s", "p"), process("b", "t", "q")]), ["redress.toml", "plugins/"]);
    }
}
