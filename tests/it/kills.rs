//! A server that is killed, wherever it is: nothing is lost, and nothing is repeated but what was not recorded.

use crate::cli::{redress, stdout};
use crate::processes::{Serving, drop_mail, eventually, list, outbox};
use crate::support::{clear_complaint, repository};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A receiver that logs every attempt with the life of the process that made it, and can leave one unanswered.
#[derive(Clone)]
struct AttemptLog {
    /// (life, delivery id), in the order of arrival.
    attempts: Arc<Mutex<Vec<(usize, String)>>>,
    life: Arc<AtomicUsize>,
    /// Which attempt of this life gets no answer; 0 for none.
    unanswered: Arc<AtomicUsize>,
    rung: Arc<tokio::sync::Notify>,
}

impl AttemptLog {
    async fn start() -> (Self, String) {
        let log = Self {
            attempts: Arc::default(),
            life: Arc::default(),
            unanswered: Arc::default(),
            rung: Arc::default(),
        };
        let router = axum::Router::new().fallback(Self::receive).with_state(log.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (log, url)
    }

    async fn receive(State(log): State<Self>, headers: HeaderMap) -> StatusCode {
        let id = headers["webhook-id"].to_str().unwrap().to_owned();
        let life = log.life.load(Ordering::SeqCst);
        let nth = {
            let mut attempts = log.attempts.lock().unwrap();
            attempts.push((life, id));
            attempts.iter().filter(|(l, _)| *l == life).count()
        };
        if nth == log.unanswered.load(Ordering::SeqCst) {
            log.rung.notify_one();
            std::future::pending::<()>().await;
        }
        StatusCode::OK
    }

    fn begin_life(&self, life: usize, unanswered: usize) {
        self.life.store(life, Ordering::SeqCst);
        self.unanswered.store(unanswered, Ordering::SeqCst);
    }

    /// How often each id was attempted, in all lives.
    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (_, id) in self.attempts.lock().unwrap().iter() {
            *counts.entry(id.clone()).or_default() += 1;
        }
        counts
    }
}

/// Killed before anything is done, and then while its first, second, … attempt has no answer yet. What a dead process had
/// recorded as accepted is never attempted again; what it had not is, under the same id and by one process at a time.
#[tokio::test(flavor = "multi_thread")]
async fn killing_at_any_moment_loses_nothing_and_repeats_only_what_is_not_recorded() {
    const LIVES: usize = 6;
    const COMPLAINTS: usize = 4 * LIVES;
    let folder = tempfile::tempdir().unwrap();
    let (data, plugins) = (folder.path().join("data"), folder.path().join("plugins"));
    let (log, url) = AttemptLog::start().await;
    let hook = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\nevents = [\"registered\"]\n\
         [webhook]\nurl = \"{url}\"\nsigning = \"none\"\ntimeout_seconds = 2\n"
    );
    for (name, manifest) in [("mail", crate::support::MAIL_PLUGIN), ("hook", &hook)] {
        std::fs::create_dir_all(plugins.join(name)).unwrap();
        std::fs::write(plugins.join(name).join("plugin.toml"), manifest).unwrap();
    }
    let settings = "[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n";
    let serve = || Serving::start_all(folder.path(), &repository().join("rules"), &plugins, settings);
    let deliveries = || -> Vec<serde_json::Value> {
        let arguments = ["--json", "deliveries", "list", "--plugin", "hook", "--limit", "1000"];
        serde_json::from_str(&stdout(&redress(&data, &arguments))).unwrap()
    };
    let accepted = || -> BTreeSet<String> {
        let is_accepted = |d: &&serde_json::Value| d["state"] == "accepted";
        deliveries().iter().filter(is_accepted).map(|d| d["id"].as_str().unwrap().to_owned()).collect()
    };
    redress(&data, &["migrate"]);
    let mut done_before = vec![BTreeSet::new()];
    for life in 0..LIVES {
        for i in 0..4 {
            drop_mail(folder.path(), &format!("k{life}-{i}"));
        }
        log.begin_life(life, life);
        let serving = serve();
        if life > 0 {
            let rung = tokio::time::timeout(Duration::from_secs(30), log.rung.notified()).await;
            rung.expect("an attempt arrives");
        }
        serving.kill();
        done_before.push(accepted());
    }
    log.begin_life(LIVES, 0);
    let serving = serve();
    let is_in_treatment = |c: &serde_json::Value| c["state"] == "in_treatment";
    eventually("every complaint", || {
        let listed = list(folder.path());
        listed.as_array().is_some_and(|l| l.len() == COMPLAINTS && l.iter().all(is_in_treatment))
    });
    eventually("every letter", || outbox(folder.path()) == 2 * COMPLAINTS);
    eventually("every webhook", || accepted().len() == 2 * COMPLAINTS);
    serving.kill();

    let attempts = log.attempts.lock().unwrap().clone();
    let mut seen = BTreeSet::new();
    for (life, id) in &attempts {
        assert!(seen.insert((life, id)), "{id} was attempted twice by one process");
        assert!(!done_before[*life].contains(id), "{id} was attempted after it was recorded as accepted");
    }
    let counts = log.counts();
    assert_eq!(
        counts.len(),
        2 * COMPLAINTS,
        "each webhook has one id, and nothing was sent that is not there"
    );
    for life in 1..LIVES {
        let (_, unanswered) = attempts.iter().filter(|(l, _)| *l == life).nth(life - 1).unwrap();
        let is_repeated = attempts.iter().any(|(l, id)| *l > life && id == unanswered);
        assert!(is_repeated, "{unanswered} had no answer when process {life} died, and nobody sent it again");
    }
    for delivery in deliveries() {
        let (id, counted) = (delivery["id"].as_str().unwrap(), delivery["attempts"].as_u64().unwrap());
        assert!(counts[id] as u64 <= counted, "{id} was sent more often than the store knows");
    }

    let rest = ["--plugins", plugins.to_str().unwrap(), "--json", "tick"];
    let tick: serde_json::Value = serde_json::from_str(&stdout(&redress(&data, &rest))).unwrap();
    assert_eq!(tick["delivered"]["accepted"], 0, "nothing was left");
    assert_eq!(outbox(folder.path()), 2 * COMPLAINTS);
    assert!(redress(&data, &["audit", "verify"]).status.success());
    let listed = list(folder.path());
    let numbers: BTreeSet<&str> =
        listed.as_array().unwrap().iter().map(|c| c["number"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), COMPLAINTS, "no number twice");
    let last = numbers.last().unwrap();
    assert!(last.ends_with(&format!("-{COMPLAINTS:04}")), "no gap: {numbers:?}");
}

/// Killed again and again while it fetches a mailbox, the server ends with what an undisturbed one has.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_while_fetching_loses_and_doubles_nothing() {
    const MAILS: usize = 100;
    use crate::support::dovecot::{Dovecot, PASSWORD};
    let folder = tempfile::tempdir().unwrap();
    let files = crate::support::tls::certificates(folder.path());
    let Some(dovecot) = Dovecot::start(folder.path(), &files, "http://127.0.0.1:9/?token=") else { return };
    let mails = (0..MAILS)
        .map(|i| (format!("m{i:03}"), clear_complaint(&format!("k{i}@example.nl"), &format!("m{i}"))));
    dovecot.deliver("planning", mails);
    std::fs::write(folder.path().join("imap-secret"), PASSWORD).unwrap();
    let settings = format!(
        "[[mailboxes]]\nname = \"planning\"\nhost = \"localhost\"\nport = {}\nsecurity = \"none\"\nusername = \"planning\"\n\
         password = {{ file = \"{}\" }}\npoll_seconds = 1\n[delivery]\nreactions_per_hour = 10000\n",
        dovecot.port,
        folder.path().join("imap-secret").display()
    );
    let (rules, plugins) = (repository().join("rules"), repository().join("plugins"));
    let known = |at: &Path| {
        let listed = list(at);
        let row = |c: &serde_json::Value| format!("{} {}", c["intake_id"], c["complainant"]);
        let mut rows: Vec<String> =
            listed.as_array().map(|l| l.iter().map(row).collect()).unwrap_or_default();
        rows.sort();
        rows
    };
    let (disturbed, undisturbed) = (folder.path().join("a"), folder.path().join("b"));
    for at in [&disturbed, &undisturbed] {
        std::fs::create_dir_all(at).unwrap();
    }
    let mut kills = 0;
    // Each round lives a little longer than the one before, so that on a machine of any speed one of them ends midway.
    let mut life = Duration::from_millis(300);
    for _ in 0..40 {
        let serving = Serving::start_all(&disturbed, &rules, &plugins, &settings);
        std::thread::sleep(life);
        serving.kill();
        life = life.mul_f64(1.1);
        let so_far = known(&disturbed).len();
        kills += usize::from(so_far > 0 && so_far < MAILS);
        if known(&disturbed).len() == MAILS {
            break;
        }
    }
    assert!(kills > 0, "it was never interrupted");
    for at in [&disturbed, &undisturbed] {
        let serving = Serving::start_all(at, &rules, &plugins, &settings);
        eventually("every mail", || known(at).len() == MAILS && outbox(at) == 2 * MAILS);
        serving.kill();
        assert!(redress(&at.join("data"), &["audit", "verify"]).status.success());
    }
    assert_eq!(known(&disturbed), known(&undisturbed));
}
