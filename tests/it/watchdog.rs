//! The watchdog: what it sees without any rule, whom it tells, by what, how often, and that it is over.

use crate::delivery::app;
use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, tls};
use redress::clock::Clock;
use redress::complaint::Language;
use redress::store::OpenAlarm;
use redress::watchdog::{AlarmKind, Condition};

/// Looks once, and delivers what that led to; nothing is decided.
async fn round(app: &TestApp) {
    app.app.watchdog.round(None).await;
    app.app.runner.deliver_due().await.unwrap();
}

async fn kinds(app: &TestApp) -> Vec<AlarmKind> {
    app.app.watchdog.look().await.iter().map(Condition::kind).collect()
}

/// The subjects of the mails that went out with a word in their subject.
fn mails(app: &TestApp, word: &str) -> Vec<String> {
    let subject = |mail: &String| {
        let rest = mail.split("\nSubject: ").nth(1)?;
        let lines: Vec<&str> = rest.split("\r\n").collect();
        let folded = lines.iter().skip(1).take_while(|l| l.starts_with(' ')).copied();
        Some(std::iter::once(lines[0]).chain(folded).collect::<String>())
    };
    let mut found: Vec<String> =
        app.outbox().iter().filter_map(subject).filter(|s| s.contains(word)).collect();
    found.sort();
    found
}

/// The scheduler stands still: nobody records the breach, no rule and no net tells of it.
#[tokio::test]
async fn a_term_that_passed_unheard_is_told_though_nothing_is_decided() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    round(&app).await;
    assert_eq!(kinds(&app).await, []);
    app.clock.advance_to(crate::support::at("2027-03-01 10:00"));
    let seen = kinds(&app).await;
    assert!(seen.contains(&AlarmKind::TermUntold) && seen.contains(&AlarmKind::SchedulerBehind), "{seen:?}");
    round(&app).await;
    let untold = seen.iter().filter(|kind| **kind == AlarmKind::TermUntold).count();
    assert_eq!(mails(&app, "Klacht K-2026-0001").len(), untold, "{:?}", mails(&app, ""));
    round(&app).await;
    assert_eq!(mails(&app, "Klacht K-2026-0001").len(), untold, "each once");
    assert!(mails(&app, "wachten op een beslissing").is_empty(), "it may be at work yet");
    app.clock.advance_to(crate::support::at("2027-03-01 10:05"));
    round(&app).await;
    assert_eq!(mails(&app, "wachten op een beslissing").len(), 1);
    app.app.turn().await.unwrap();
    round(&app).await;
    let over = mails(&app, "Voorbij");
    assert_eq!(over.len(), 1, "{over:?}");
    assert!(!kinds(&app).await.contains(&AlarmKind::TermUntold), "the breach was told and arrived");
    round(&app).await;
    assert_eq!(mails(&app, "Voorbij").len(), 1, "once");
}

#[tokio::test]
async fn word_of_a_plugin_goes_by_another() {
    let (receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let manifest = crate::delivery::hook(&url, folder.path(), "").replace("[\"acknowledgement\"]", "[\"*\"]");
    let app = crate::delivery::with(manifest).await;
    app.complaint("a1").await;
    let before = receiver.count();
    assert!(kinds(&app).await.contains(&AlarmKind::DeadLetters));
    round(&app).await;
    assert_eq!(mails(&app, "hook heeft afleveringen opgegeven").len(), 1, "{:?}", mails(&app, ""));
    let topics: Vec<String> = app.deliveries("hook", "").await.into_iter().map(|d| d.topic).collect();
    assert!(!topics.contains(&"notification.watchdog_alarm".to_owned()), "{topics:?}");
    assert_eq!(receiver.count(), before);
}

/// Where there is no other way the word waits, rather than to be lost.
#[tokio::test]
async fn word_of_the_only_plugin_waits_for_it() {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    std::fs::remove_dir_all(app.folder.path().join("data/outbox")).unwrap();
    std::fs::write(app.folder.path().join("data/outbox"), "").unwrap();
    app.complaint("a2").await;
    app.clock.advance_to(crate::support::at("2026-11-23 11:00"));
    round(&app).await;
    app.clock.advance_to(crate::support::at("2027-03-01 10:00"));
    app.app.watchdog.round(None).await;
    let waiting = app.deliveries("mail", "queued").await;
    assert!(waiting.iter().any(|d| d.topic == "notification.watchdog_alarm"), "{waiting:?}");
}

/// What the server sees and another process cannot see by itself is shown by `doctor` while it is fresh.
#[tokio::test]
async fn what_only_the_server_sees_is_shown_while_it_lasts() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let now = app.app.workflow.now().await.unwrap();
    let alarm = |kind: AlarmKind| OpenAlarm {
        kind: kind.to_string(),
        subject: "planning".to_owned(),
        observer: "elsewhere /srv/redress".to_owned(),
        since: now,
        seen_at: now,
        told_at: None,
        said: "Postvak planning kan niet worden gelezen".to_owned(),
        remedy: "r".to_owned(),
    };
    let everybodys = OpenAlarm { observer: String::new(), ..alarm(AlarmKind::OutboxOld) };
    let seen = vec![alarm(AlarmKind::MailboxFailing), everybodys];
    app.app.store.oversight().record(seen, now).await.unwrap();
    let found = app.app.watchdog.findings(Language::English).await;
    let kinds: Vec<&str> = found.iter().map(|f| f.kind.as_str()).collect();
    assert_eq!(kinds, ["mailbox_failing"], "the other one anybody can see, and it is not so");
    // Another process's alarm is its own to end, until that has been silent for an hour.
    round(&app).await;
    assert_eq!(app.app.store.oversight().alarms().await.unwrap().len(), 1);
    app.clock.advance_to(crate::support::at("2026-11-23 10:10"));
    assert!(app.app.watchdog.findings(Language::English).await.is_empty());
    app.clock.advance_to(crate::support::at("2026-11-23 11:30"));
    round(&app).await;
    assert!(app.app.store.oversight().alarms().await.unwrap().is_empty());
}

#[tokio::test]
async fn silence_a_jump_of_the_clock_and_a_full_disk_are_told() {
    let config = "[watchdog]\nsilent_days = 14\ndisk_free_mib = 1000000000\n";
    let app = Builder::default().config(config).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    assert_eq!(kinds(&app).await, [AlarmKind::DiskLow]);
    let jump = Condition::ClockJumped { at: app.app.workflow.now().await.unwrap(), seconds: -3_600 };
    app.app.watchdog.round(Some(jump)).await;
    app.app.runner.deliver_due().await.unwrap();
    assert_eq!((mails(&app, "versprongen").len(), mails(&app, "bijna vol").len()), (1, 1));
    app.until("2026-12-20 10:00").await;
    let seen = kinds(&app).await;
    assert!(seen.contains(&AlarmKind::IntakeSilent), "{seen:?}");
    round(&app).await;
    assert_eq!(mails(&app, "geen bericht binnengekomen").len(), 1);
    app.mail(&crate::support::clear_complaint("piet@example.nl", "a2")).await;
    round(&app).await;
    assert_eq!(mails(&app, "Voorbij").len(), 1, "{:?}", mails(&app, ""));
}

/// Secrets that are gone, and tokens that end, are known before something fails because of them.
#[tokio::test]
async fn secrets_are_looked_after() {
    use base64::Engine;
    let (_receiver, url) = Receiver::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    assert_eq!(kinds(&app).await, []);
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"exp":1796000000}"#);
    std::fs::write(folder.path().join("secret"), format!("e30.{claims}.c2ln")).unwrap();
    assert_eq!(kinds(&app).await, [AlarmKind::TokenExpiring], "at the end of November");
    std::fs::remove_file(folder.path().join("secret")).unwrap();
    let found = app.app.watchdog.look().await;
    assert!(
        matches!(&found[..], [Condition::SecretMissing { user, .. }] if user == "plugin hook"),
        "{found:?}"
    );
}

/// Certificates end: those that plugins name, and those that their targets show.
#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_looked_after() {
    let folder = tempfile::tempdir().unwrap();
    let files = tls::certificates(folder.path());
    let url = tls::https_for_known(&files).await;
    let manifest = format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"acknowledgement\"]\n[webhook]\nurl = \"{url}\"\n\
         signing = \"none\"\nca_file = \"{}\"\nclient_certificate = {{ file = \"{}\", key = {{ file = \"{}\" }} }}\n",
        files.authority.display(),
        files.certificate.display(),
        files.key.display()
    );
    let app = Builder::default().plugin("hook", manifest).start("2026-11-23 10:00").await;
    let ending = async || {
        let mut ending = Vec::new();
        for condition in app.app.watchdog.look().await {
            match condition {
                Condition::CertificateExpiring { file, on } => ending.push(format!("{file} {on}")),
                Condition::TargetCertificateExpiring { plugin, on } => ending.push(format!("{plugin} {on}")),
                _ => {}
            }
        }
        ending
    };
    assert_eq!(ending().await, Vec::<String>::new());
    let shown = format!("{} 2100-01-01", files.certificate.display());
    app.clock.advance_to(crate::support::at("2099-12-20 10:00"));
    assert_eq!(ending().await, [shown.as_str()], "nobody has called the target yet");
    app.complaint("a1").await;
    assert_eq!(app.deliveries("hook", "accepted").await.len(), 1, "{:?}", app.deliveries("hook", "").await);
    assert_eq!(ending().await, [shown.as_str(), "hook 2100-01-01"]);
}

/// Word of an alarm is sent again until it is recorded that it was sent, under one id: it arrives, and once.
#[tokio::test]
async fn an_alarm_is_told_once_whatever_fails_in_between() {
    let app =
        Builder::default().config("[watchdog]\ndisk_free_mib = 1000000000\n").start("2026-11-23 10:00").await;
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    let run = async |sql: &str| {
        sqlx::query(sql).execute(&pool).await.unwrap();
    };
    let told = || mails(&app, "bijna vol").len();
    // Before it is sent.
    run("CREATE TRIGGER t BEFORE INSERT ON notifications BEGIN SELECT RAISE(ABORT, 'refused'); END").await;
    round(&app).await;
    assert_eq!(told(), 0);
    assert!(kinds(&app).await.contains(&AlarmKind::DatabaseFailing), "the watchdog itself is looked after");
    run("DROP TRIGGER t").await;
    // After it is sent, before that is recorded.
    run("CREATE TRIGGER t BEFORE UPDATE OF told_at ON alarms WHEN new.told_at IS NOT NULL \
         BEGIN SELECT RAISE(ABORT, 'refused'); END")
    .await;
    round(&app).await;
    round(&app).await;
    assert_eq!(told(), 1, "sent, and not again under another id");
    run("DROP TRIGGER t").await;
    round(&app).await;
    round(&app).await;
    assert_eq!(told(), 1);
    assert!(!kinds(&app).await.contains(&AlarmKind::DatabaseFailing));
    // The same trouble, after it was over, is another.
    run("DELETE FROM alarms").await;
    app.clock.advance_to(crate::support::at("2026-11-23 11:00"));
    round(&app).await;
    assert_eq!(told(), 2);
    pool.close().await;
}

/// Folders and files that others may read are told of with what to do, and a command that starts closes them.
#[cfg(unix)]
#[tokio::test]
async fn a_data_folder_that_is_open_to_others_is_shown_and_closed() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let data = app.folder.path().join("data");
    let set = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let looked = async || {
        // What was seen a moment ago is not looked at again.
        app.clock.advance_to(app.clock.now().plus_millis(5_000));
        app.app.watchdog.findings(Language::English).await
    };
    for open in [0o755, 0o710, 0o701] {
        set(&data, open);
        let found = looked().await;
        let said: Vec<&str> = found.iter().map(|f| f.what.as_str()).collect();
        assert_eq!(
            said,
            [format!("other users of this computer may look into {}", data.display())],
            "{open:o}"
        );
        assert_eq!(found[0].remedy, format!("as its owner: chmod -R go-rwx {}", data.display()));
        set(&data, 0o700);
        assert!(looked().await.is_empty());
    }
    // A folder that an older version left open.
    let data = app.folder.path().join("other");
    assert!(crate::cli::redress(&data, &["tick"]).status.success());
    let (inbox, database) = (data.join("inbox"), data.join("redress.db"));
    for folder in [&data, &inbox] {
        set(folder, 0o755);
    }
    set(&database, 0o644);
    let shown = crate::cli::redress(&data, &["doctor"]);
    let said = crate::cli::stdout(&shown);
    assert!(said.contains("nothing needs attention"), "{said} {}", String::from_utf8_lossy(&shown.stderr));
    assert_eq!((mode(&data), mode(&inbox), mode(&database)), (0o700, 0o700, 0o600));
}

/// An older copy of the database gives numbers out again: that is noticed, and stays so until somebody has seen to it.
#[tokio::test]
async fn an_older_copy_of_the_database_is_noticed() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    round(&app).await;
    let reached = app.folder.path().join("data/reached");
    let last = app.app.store.trail().last_event().await.unwrap();
    assert_eq!(std::fs::read_to_string(&reached).unwrap().trim(), last.to_string());
    std::fs::write(&reached, (last + 100).to_string()).unwrap();
    assert_eq!(kinds(&app).await, [AlarmKind::DatabaseOlder]);
    round(&app).await;
    round(&app).await;
    assert_eq!(mails(&app, "De database is ouder").len(), 1);
    std::fs::remove_file(&reached).unwrap();
    round(&app).await;
    assert_eq!(kinds(&app).await, []);
    assert_eq!(mails(&app, "Voorbij").len(), 1);
}

/// Every alarm is explained in the document for operators, and nothing else is.
#[test]
fn the_document_explains_every_alarm() {
    let text = std::fs::read_to_string(crate::support::repository().join("docs/operations.md")).unwrap();
    let (_, table) = text.split_once("## What each alarm means").unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let explained: Vec<&str> = rows.map(|(kind, _)| kind).collect();
    let known: Vec<&str> = AlarmKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(explained, known);
}
