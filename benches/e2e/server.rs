//! The real server on an installation, by the clock on the wall.

use super::browser::Browser;
use super::installation::{Installation, PROGRAM};
use super::spend::peak;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The key of the trail, which all have that share a database.
const KEY: &str = "5f1d3c0b9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817061234";
const PASSWORD: &str = "een zin die niemand raadt";

/// Lets the server listen on any port, and reach this computer.
pub fn listen(on: &Installation) {
    add_settings(on, "allow_networks = [\"127.0.0.0/8\"]\n[server]\nlisten = \"127.0.0.1:0\"\n");
}

/// Lets an installation keep everything in a database.
pub fn keep_in(on: &Installation, url: &str) {
    add_settings(on, &format!("[database]\nurl = \"{url}\"\n"));
}

/// Lets an installation keep everything in a database that others use as well.
pub fn share(on: &Installation, url: &str) {
    keep_in(on, url);
    std::fs::write(on.data().join("audit.key"), KEY).unwrap();
}

/// Puts something else in a file of the rules, as an editor does.
pub fn edit_rules(on: &Installation, file: &str, before: &str, after: &str) {
    let file = on.beside("rules").join(file);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(before), "{before}");
    std::fs::write(file, text.replace(before, after)).unwrap();
}

fn add_settings(on: &Installation, more: &str) {
    let file = on.beside("redress.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, settings + more).unwrap();
}

/// The real server.
pub struct Server {
    process: Child,
    /// What it printed until it ran.
    lines: Vec<String>,
}

impl Server {
    pub fn start(on: &Installation) -> Self {
        let mut command = Command::new(PROGRAM);
        on.command(&mut command, &["serve"]);
        let logged = std::fs::File::create(on.beside("logged")).unwrap();
        let mut process = command.stderr(logged).stdout(Stdio::piped()).spawn().unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut lines = Vec::new();
        for line in printed {
            let is_last = line.starts_with("Redress runs");
            lines.push(line);
            if is_last {
                break;
            }
        }
        Self { process, lines }
    }

    /// Returns a browser on its page, of nobody.
    pub fn browser(&self) -> Browser {
        let page = self.lines.iter().find_map(|line| line.strip_prefix("page:")).unwrap().trim();
        Browser::new(page.strip_prefix("http://").unwrap().trim_end_matches('/'))
    }

    /// The most memory that it held, in KiB.
    pub fn peak_kib(&self) -> u64 {
        peak(self.process.id())
    }

    /// Signs somebody in, with a link of `redress user add`.
    pub async fn signed_in(&self, on: &Installation, email: &str) -> Browser {
        let mut command = Command::new(PROGRAM);
        on.command(&mut command, &["--json", "user", "add", email]);
        let added = command.output().unwrap();
        let added: serde_json::Value = serde_json::from_slice(&added.stdout).unwrap();
        let link = added["link"].as_str().unwrap();
        // The command cannot know the port that the server got.
        let path =
            link.strip_prefix("http://").and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap();
        let mut person = self.browser();
        person.post(path, &[("password", PASSWORD), ("again", PASSWORD)]).await;
        let signed = person.post("/sign-in", &[("address", email), ("password", PASSWORD)]).await;
        assert_eq!(signed.status, 303, "{}", signed.text());
        person
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
