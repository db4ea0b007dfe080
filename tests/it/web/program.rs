//! The real program: a first start, its link, signing in, and an action taken on the page.

use super::browser::Browser;
use super::{HANDLER, PASSWORD};
use crate::processes::{drop_mail, eventually};
use crate::support::shipped_untried;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct Server {
    child: Child,
    folder: tempfile::TempDir,
    lines: Vec<String>,
}

impl Server {
    pub fn start(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("redress.toml"), settings).unwrap();
        Self::listening(folder, &["serve"], "Redress runs")
    }

    /// Starts it with other rules.
    pub fn with_rules(settings: &str, rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("redress.toml"), settings).unwrap();
        Self::listening(folder, &["--rules", rules, "serve"], "Redress runs")
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Starts what listens, and reads what it prints up to the line that begins so.
    fn listening(folder: tempfile::TempDir, arguments: &[&str], last: &str) -> Self {
        let mut command = redress(&folder);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap) {
            let is_last = line.starts_with(last);
            lines.push(line);
            if is_last {
                break;
            }
        }
        Self { child, folder, lines }
    }

    pub fn said(&self, before: &str) -> &str {
        let line = self.lines.iter().find(|line| line.starts_with(before));
        line.unwrap_or_else(|| panic!("{before}: {:?}", self.lines)).strip_prefix(before).unwrap().trim()
    }

    /// What a command prints.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = redress(&self.folder).args(arguments).output().unwrap();
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), text)
    }
}

fn redress(folder: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
    command.current_dir(shipped_untried());
    command.arg("--config").arg(folder.path().join("redress.toml"));
    command.arg("--data").arg(folder.path().join("data"));
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn address(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap();
    rest.split_once('/').unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_first_start_to_an_action() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n");
    let (host, _) = address(server.said("page:"));
    let link = server.said("first sign-in, as kwaliteit@lagant.nl, once and within 24 hours:").to_owned();
    let mut browser = Browser::new(host);
    let chosen =
        browser.post(&format!("/{}", address(&link).1), &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    assert_eq!(super::sign_in(&mut browser, "kwaliteit@lagant.nl", PASSWORD).await.status, 303);
    assert_eq!(browser.get("/").await.status, 200);

    let (done, printed) = server.run(&["--json", "user", "add", HANDLER]);
    assert!(done, "{printed}");
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let path = printed["link"].as_str().unwrap();
    let path = format!("/{}", address(path).1);
    let mut handler = Browser::new(host);
    assert_eq!(handler.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).await.status, 303);
    assert_eq!(super::sign_in(&mut handler, HANDLER, PASSWORD).await.status, 303);

    drop_mail(server.folder.path(), "a1");
    let mut number = String::new();
    eventually("the complaint", || {
        let list: serde_json::Value = serde_json::from_str(&server.run(&["--json", "list"]).1).unwrap();
        number = list[0]["number"].as_str().unwrap_or_default().to_owned();
        !number.is_empty() && list[0]["state"] == "in_treatment"
    });
    let path = format!("/complaints/{number}/actions/ask_information");
    let form = handler.get(&path).await;
    assert_eq!(form.status, 200, "{}", form.text());
    let question = ("a.questions", "Welke dag was het?");
    let (key, version) = (form.value("key"), form.value("version"));
    let seen = handler.post(&path, &[("step", "look"), ("key", &key), ("version", &version), question]).await;
    assert!(seen.text().contains("Dit gaat er gebeuren"), "{}", seen.text());
    let (version, digest) = (seen.value("version"), seen.value("seen"));
    let fields = [("step", "confirm"), ("key", &*key), ("version", &*version), ("seen", &*digest), question];
    let done = handler.post(&path, &fields).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let (_, shown) = server.run(&["--json", "show", &number]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["complaint"]["state"], "awaiting_complainant");
    look_around(&mut handler, &number).await;
    let (_, shown) = server.run(&["--json", "show", &number]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["complaint"]["state"], "in_treatment", "the letter was called back");

    let withdrawn = ["--input", "confirmation=Per e-mail", "--input", "confirmed=ja"];
    let act = [&["act", &number, "withdraw"][..], &withdrawn, &["--as", HANDLER]].concat();
    let (done, told) = server.run(&act);
    assert!(done && told.contains("the letter `withdrawn` goes at 20"), "{told}");
    assert!(told.contains("until then it can be called back"), "{told}");

    a_program_reads(&server, host, &number).await;
    let (locked, _) = server.run(&["user", "lock", HANDLER, "--as", "kwaliteit@lagant.nl"]);
    assert!(locked);
    assert_eq!(handler.get("/").await.status, 303, "out at once, by another process");
    let (_, listed) = server.run(&["user", "list"]);
    assert!(listed.contains("behandelaar@lagant.nl") && listed.contains("locked"), "{listed}");
    let (again, why) = server.run(&["user", "add", HANDLER]);
    assert!(!again && why.contains("has an account already"), "{why}");
    let (stranger, why) = server.run(&["user", "add", "niemand@example.nl"]);
    assert!(!stranger && why.contains("not one of the people"), "{why}");
    assert!(server.run(&["audit", "verify"]).0);
}

/// Makes a key by command, reads the complaint with it, and ends it.
async fn a_program_reads(server: &Server, host: &str, number: &str) {
    let wrong = server.run(&["token", "add", "crm", "--for", HANDLER, "--scope", "everything"]);
    assert!(!wrong.0 && wrong.1.contains("complaints:read"), "{}", wrong.1);
    let made = server.run(&["--json", "token", "add", "crm", "--for", HANDLER, "--scope", "complaints:read"]);
    let made: serde_json::Value = serde_json::from_str(&made.1).unwrap();
    let (id, bearer) = (made["id"].as_str().unwrap(), format!("Bearer {}", made["key"].as_str().unwrap()));
    let (mut program, path) = (Browser::new(host), format!("/api/v1/complaints/{number}"));
    let answer = program.send("GET", &path, &[("authorization", &bearer)], "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let (_, listed) = server.run(&["token", "list"]);
    assert!(listed.contains("crm") && !listed.contains("never"), "{listed}");
    assert!(server.run(&["token", "end", id]).0);
    assert_eq!(program.send("GET", &path, &[("authorization", &bearer)], "").await.status, 401);
    let (again, why) = server.run(&["token", "end", id]);
    assert!(!again && why.contains("redress token list"), "{why}");
}

/// Calls the letter back, and uses the other pages that change something.
async fn look_around(handler: &mut Browser, number: &str) {
    let page = handler.get(&format!("/complaints/{number}")).await.body.replace("&#x2f;", "/");
    let at = page.find("/letters/").expect("a letter that waits");
    let path = format!("/complaints/{number}{}", page[at..].split('"').next().unwrap());
    assert_eq!(handler.post(&path, &[]).await.status, 303);
    let away = [("from", "2099-01-01"), ("to", "2099-01-02")];
    let absences = format!("/people/{HANDLER}/absences");
    assert_eq!(handler.post(&absences, &away).await.status, 422, "nobody knows that far ahead");
    assert!(handler.get("/people").await.text().contains("Wie vandaag welke rol heeft"));
    assert_eq!(handler.get("/decisions").await.status, 200);
    let bulk = handler.post("/bulk/see_reply", &[(&format!("c.{number}"), "1")]).await;
    assert!(bulk.text().contains("Dit kan nu niet bij deze klacht."), "{}", bulk.text());
    let text = handler.post("/me/calendar", &[]).await.text();
    let at = text.find("/calendar/").unwrap();
    let path = text[at..].split_whitespace().next().unwrap();
    let feed = handler.get(path).await;
    assert!(feed.status == 200 && feed.body.contains(&format!("SUMMARY:{number}: ")), "{}", feed.body);
    let asked = handler.post("/forgotten", &[("address", HANDLER)]).await;
    assert!(asked.text().contains("Als dit adres bij ons een account heeft"), "{}", asked.text());
}

/// The demonstration ends with its page, on which a person of each role signs in and the handler has work.
#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_can_be_looked_at_and_worked_in() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("redress.toml"), "").unwrap();
    let server = Server::listening(folder, &["demo", "--complaints", "3", "--serve"], "Time stands still");
    let (host, _) = address(server.said("The page:"));
    let password = server.said("Sign in with the password").trim_end_matches(" as").to_owned();
    for role in ["receiver", "handler", "director", "quality_manager"] {
        let line = server.lines.iter().find(|line| line.split_whitespace().next() == Some(role));
        let email = line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("{role}"));
        let mut browser = Browser::new(host);
        assert_eq!(super::sign_in(&mut browser, email, &password).await.status, 303, "{role}");
        let work = browser.get("/").await;
        assert_eq!(work.status, 200, "{role}");
        assert!(role != "handler" || work.text().contains("K-2026-"), "{}", work.text());
        // The last of the complaints of earlier years, which the quality manager sees as all others.
        let earlier = browser.get("/complaints/K-2026-0017").await;
        assert!(
            role != "quality_manager" || earlier.text().contains("Willemijn de Vries"),
            "{}",
            earlier.text()
        );
    }
    let (refused, why) = server.run(&["--json", "demo", "--serve"]);
    assert!(!refused && why.contains("leave --json out"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_a_port_of_its_own_where_one_is_named() {
    let server = Server::start(
        "[server]\nlisten = \"127.0.0.1:0\"\n[web]\nlisten = \"[::1]:0\"\npublic_url = \"https://klachten.lagant.nl\"\n",
    );
    assert_eq!(server.said("page:"), "https://klachten.lagant.nl/");
    assert!(server.said("first sign-in").contains(" https://klachten.lagant.nl/welcome/"));
    let (host, _) = address(server.said("health:"));
    let mut beside = Browser::new(host);
    assert_eq!(beside.get("/health").await.status, 200);
    assert_eq!(beside.get("/sign-in").await.status, 404, "the page is not beside the figures");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_where_passwords_would_travel_in_the_clear() {
    let server = Server::start("[server]\nlisten = \"0.0.0.0:0\"\n");
    assert!(server.said("page:").starts_with("none; set web.public_url"));
    let (host, _) = address(server.said("health:"));
    let mut browser = Browser::new(&host.replace("0.0.0.0", "127.0.0.1"));
    assert_eq!(browser.get("/health").await.status, 200);
    assert_eq!(browser.get("/sign-in").await.status, 404);
}

/// A register from before search was there: the server goes through it while it works, and says how far it is; what is
/// searched for stands in no log.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_register_becomes_searchable_while_the_server_works() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("redress.toml"),
        "[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"trace\"\n",
    )
    .unwrap();
    let mail = crate::support::clear_complaint("jan@example.nl", "a1");
    std::fs::write(folder.path().join("a1.eml"), mail).unwrap();
    let run = |arguments: &[&str]| {
        let output = redress(&folder).args(arguments).output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let taken = run(&["intake", folder.path().join("a1.eml").to_str().unwrap()]);
    assert!(taken.contains("K-2026-0001") || taken.contains("I-20"), "{taken}");
    let url = format!("sqlite:{}", folder.path().join("data/redress.db").display());
    let pool = crate::store::pool_of(&url).await;
    sqlx::query("DELETE FROM search").execute(&pool).await.unwrap();
    sqlx::query("UPDATE meta SET value = '2' WHERE name = 'search_below'").execute(&pool).await.unwrap();
    pool.close().await;
    assert!(run(&["doctor"]).contains("1 older complaints cannot be found"), "{}", run(&["doctor"]));
    assert!(run(&["search", "parkeren"]).contains("nothing was found"), "{}", run(&["search", "parkeren"]));
    assert!(run(&["search", "jan@example.nl"]).contains("Klacht over parkeren"));
    let logged = folder.path().join("logged");
    let mut command = redress(&folder);
    command.arg("serve").stdout(Stdio::piped()).stderr(std::fs::File::create(&logged).unwrap());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let page = lines.find_map(|line| line.strip_prefix("page:").map(|url| url.trim().to_owned())).unwrap();
    eventually("it can be found", || run(&["search", "parkeren"]).contains("mail"));
    let found: serde_json::Value = serde_json::from_str(&run(&["--json", "search", "PARKÉREN"])).unwrap();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["found_in"]), (1, &"mail".into()), "{found}");
    assert!(found[0]["excerpt"].as_str().unwrap().contains("arkeren"), "{found}");
    let link = run(&["--json", "user", "add", HANDLER]);
    let link: serde_json::Value = serde_json::from_str(&link).unwrap();
    let path = format!("/{}", address(link["link"].as_str().unwrap()).1);
    let mut browser = Browser::new(address(&page).0);
    assert_eq!(browser.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).await.status, 303);
    assert_eq!(super::sign_in(&mut browser, HANDLER, PASSWORD).await.status, 303);
    let searched = browser.get("/search?q=zonnebloempit").await;
    assert!(searched.text().contains("niets gevonden"), "{}", searched.text());
    let _ = child.kill();
    let _ = child.wait();
    let logged = std::fs::read_to_string(&logged).unwrap();
    assert!(logged.contains("every complaint can be found by its texts"), "{logged}");
    assert!(!logged.contains("zonnebloempit"), "what people look for stands in no log");
    assert!(run(&["search", "x"]).contains("two letters or more"));
}
