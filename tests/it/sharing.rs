//! Several servers on one PostgreSQL, each a real process with a data folder of its own: the work is shared, what one
//! does no longer others take up, and what they must have alike is told.

use crate::cli::{redress, stdout};
use crate::processes::{drop_mail, eventually, outbox};
use crate::serving::{Served, metric};
use crate::store::fresh_database;
use crate::web::PASSWORD;
use crate::web::browser::Browser;
use std::collections::BTreeSet;
use std::path::Path;

/// The key of the trail, which all must have.
const KEY: &str = "5f1d3c0b9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817061234";

/// A database of its own; none where PostgreSQL is missing, which the store's tests forbid under CI.
async fn database() -> Option<String> {
    let server = std::env::var("REDRESS_TEST_POSTGRES").ok()?;
    Some(fresh_database(&server).await)
}

fn folder(key: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/audit.key"), key).unwrap();
    folder
}

fn settings(url: &str, more: &str) -> String {
    format!("{more}\n[delivery]\nreactions_per_hour = 1000\n[database]\nurl = \"{url}\"\n")
}

fn start(url: &str, more: &str) -> Served {
    Served::start_in(folder(KEY), &settings(url, more), &[])
}

fn metrics(server: &Served) -> String {
    server.get("/metrics").expect("an answer").1
}

/// The number of processes that a server shares the work with, itself included.
fn processes(server: &Served) -> f64 {
    metric(&metrics(server), "redress_processes").unwrap_or(0.0)
}

fn decisions(server: &Served) -> f64 {
    metric(&metrics(server), "redress_decisions_total").unwrap()
}

fn command(server: &Served, arguments: &[&str]) -> (bool, String) {
    let config = server.folder().join("redress.toml");
    let output = redress(&server.data(), &[&["--config", config.to_str().unwrap()], arguments].concat());
    (output.status.success(), stdout(&output))
}

fn letters(servers: &[&Served]) -> usize {
    servers.iter().map(|server| outbox(server.folder())).sum()
}

/// Letters by their id: one that was written and not yet recorded by a server that then stood still is sent again under
/// the same.
fn different_letters(servers: &[&Served]) -> usize {
    let names = servers
        .iter()
        .flat_map(|server| std::fs::read_dir(server.folder().join("data/outbox")).into_iter().flatten());
    let different: BTreeSet<_> = names.flatten().map(|entry| entry.file_name()).collect();
    different.iter().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "eml")).count()
}

/// The path of the link by which a server says that somebody chooses the first password; none where it says none.
fn first_link(server: &Served) -> Option<String> {
    let said = server.said("first sign-in, as ")?;
    Some(said[said.find("/welcome/").unwrap()..].to_owned())
}

/// However many servers start, and whomever each takes for the first: all links count, by one of them one password is chosen, and
/// then none counts.
#[tokio::test(flavor = "multi_thread")]
async fn several_first_links_make_one_administrator() {
    let Some(url) = database().await else { return };
    let other = "[[people]]\nname = \"X\"\nemail = \"x@lagant.nl\"\nroles = [\"quality_manager\"]\n";
    let servers = [start(&url, ""), start(&url, ""), start(&url, other)];
    let links = [0, 1, 2].map(|i: usize| first_link(&servers[i]).expect("a link"));
    assert_eq!(links[0], links[1], "the same person has one link");
    assert_ne!(links[0], links[2]);
    for (server, link) in [(0, 0), (1, 0), (0, 1), (2, 2)] {
        let page = Browser::new(servers[server].address()).get(&links[link]).await;
        assert_eq!(page.status, 200, "{server} {link}: {}", page.text());
    }
    let chosen = [("password", PASSWORD), ("again", PASSWORD)];
    let choose = async |server: usize, link: usize| {
        Browser::new(servers[server].address()).post(&links[link], &chosen).await.status
    };
    let at_once = tokio::join!(choose(0, 0), choose(2, 2), choose(1, 1));
    let mut at_once = [at_once.0, at_once.1, at_once.2];
    at_once.sort_unstable();
    assert_eq!(at_once, [303, 410, 410], "one of them was first");
    for (server, link) in [(0, 0), (1, 1), (2, 2)] {
        assert_eq!(choose(server, link).await, 410, "{server} {link}");
    }
    let (_, listed) = command(&servers[0], &["--json", "user", "list"]);
    let (_, beside) = command(&servers[2], &["--json", "user", "list"]);
    let may = [listed, beside].join("").matches("\"may sign in\"").count();
    assert_eq!(may, 1, "one has a password, and is of the people of one of them");
    assert_eq!(first_link(&start(&url, "")), None, "who starts now has nobody to let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_share_the_work_and_nothing_is_done_twice() {
    let Some(url) = database().await else { return };
    let servers = [start(&url, ""), start(&url, ""), start(&url, "")];
    eventually("all know of all", || servers.iter().all(|server| processes(server) == 3.0));
    // All mail comes in at one of them.
    for n in 0..36 {
        drop_mail(servers[0].folder(), &format!("m{n}"));
    }
    let all: Vec<&Served> = servers.iter().collect();
    eventually("every letter", || letters(&all) >= 72);
    assert_eq!(letters(&all), 72, "an acknowledgement and a notice for each, once");
    for server in &servers {
        assert!(decisions(server) >= 12.0, "each does its share: {}", decisions(server));
    }
    let (holds, said) = command(&servers[0], &["audit", "verify"]);
    assert!(holds, "{said}");
    let (_, said) = command(&servers[1], &["doctor"]);
    assert!(said.contains("3 processes share the database"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_one_that_is_stopped_paused_or_killed_is_taken_up() {
    let Some(url) = database().await else { return };
    let first = start(&url, "");
    let mut second = start(&url, "");
    let third = start(&url, "");
    eventually("all know of all", || processes(&first) == 3.0);
    // In order: at once.
    second.stop();
    eventually("it has left", || processes(&first) == 2.0);
    let mut sent = 0;
    let mut all_is_decided = |how: &str| {
        for _ in 0..6 {
            drop_mail(first.folder(), &format!("m{sent}"));
            sent += 1;
        }
        eventually(how, || different_letters(&[&first, &third]) == 2 * sent);
    };
    all_is_decided("with one less");
    // Paused: when its lease ends. What it had begun is done once.
    third.signal("STOP");
    all_is_decided("while one stands still");
    assert_eq!(processes(&first), 1.0);
    third.signal("CONT");
    eventually("it is back", || processes(&first) == 2.0);
    all_is_decided("when it is back");
    drop(third);
    eventually("its lease ends", || processes(&first) == 1.0);
    let (holds, said) = command(&first, &["audit", "verify"]);
    assert!(holds, "{said}");
}

/// A mailbox is read by one of the servers, and by another when that one is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_by_one_server() {
    let Some(url) = database().await else { return };
    let secrets = tempfile::tempdir().unwrap();
    std::fs::write(secrets.path().join("password"), "secret").unwrap();
    // Nobody answers there, which is enough to see who tries.
    let mailboxes: String = ["planning", "info", "klachten", "post"]
        .map(|name| {
            format!(
                "[[mailboxes]]\nname = \"{name}\"\nhost = \"127.0.0.1\"\nport = 1\nusername = \"x\"\n\
                 password = {{ file = \"{}\" }}\npoll_seconds = 1\n",
                secrets.path().join("password").display()
            )
        })
        .concat();
    let (first, second) = (start(&url, &mailboxes), start(&url, &mailboxes));
    eventually("both know of both", || processes(&first) == 2.0 && processes(&second) == 2.0);
    let reads = |server: &Served, name: &str| {
        metric(&metrics(server), &format!("redress_part_up{{part=\"mailbox {name}\"}}")).is_some()
    };
    let names = ["planning", "info", "klachten", "post"];
    eventually("each is read by one", || {
        names.iter().all(|name| reads(&first, name) != reads(&second, name))
            && names.iter().any(|name| reads(&first, name))
            && names.iter().any(|name| reads(&second, name))
    });
    drop(second);
    eventually("the other reads all", || names.iter().all(|name| reads(&first, name)));
}

/// What processes must have alike and do not have is told; another key is no entry at all.
#[tokio::test(flavor = "multi_thread")]
async fn what_differs_between_processes_is_told() {
    let Some(url) = database().await else { return };
    let first = start(&url, "");
    let second = start(&url, "[calendar]\nclosing_days = [\"2031-05-05\"]");
    eventually("both know of both", || processes(&first) == 2.0);
    let (is_well, said) = command(&first, &["doctor"]);
    assert!(!is_well);
    assert!(said.contains("do not have the same in redress.toml"), "{said}");
    let place = |server: &Served| server.data().canonicalize().unwrap().display().to_string();
    assert!(said.contains(&place(&first)) && said.contains(&place(&second)), "{said}");
    drop(second);
    eventually("it is over", || !command(&first, &["doctor"]).1.contains("do not have the same"));

    let stranger = folder(&KEY.replace('5', "6"));
    let config = stranger.path().join("redress.toml");
    std::fs::write(&config, settings(&url, "")).unwrap();
    let refused = redress(&stranger.path().join("data"), &["--config", config.to_str().unwrap(), "list"]);
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("audit.key"), "{why}");
}
