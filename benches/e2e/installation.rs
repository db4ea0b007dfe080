//! A real installation in a folder of its own, and how the real program is called on it.

use super::mails::mail;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The program, as it was built beside this.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_redress");

/// A folder with settings, rules, plugins and data.
pub struct Installation {
    folder: tempfile::TempDir,
}

/// One call of the program: the time that stands on its clock, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// RFC 3339.
    pub at: String,
    pub arguments: Vec<String>,
    /// The file that is its standard input.
    pub input: Option<PathBuf>,
}

impl Call {
    pub fn new(at: &str, arguments: &[&str]) -> Self {
        Self {
            at: at.to_owned(),
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            input: None,
        }
    }
}

/// The automated mails that one address may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caps {
    /// More than any stage sends.
    Wide,
    /// None at all.
    Shut,
}

impl Installation {
    /// Makes one with the shipped rules and the mail plugin, whose letters become files. The scenarios beside the rules
    /// are left out: a first start would play them.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&shipped.join("rules"), &folder.path().join("rules"));
        std::fs::remove_dir_all(folder.path().join("rules/tests")).unwrap();
        copy(&shipped.join("plugins/mail"), &folder.path().join("plugins/mail"));
        let made = Self { folder };
        made.cap(Caps::Wide);
        for part in ["inbox/new", "inbox/cur", "inbox/tmp"] {
            std::fs::create_dir_all(made.data().join(part)).unwrap();
        }
        made
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Sets the caps on automated mail.
    pub fn cap(&self, caps: Caps) {
        let most = if caps == Caps::Wide { 1_000_000 } else { 0 };
        let settings = format!(
            "[delivery]\nrecall_minutes = 0\nmails_per_hour = {most}\nmails_per_day = {most}\nreactions_per_hour = 1000000\n"
        );
        std::fs::write(self.folder.path().join("redress.toml"), settings).unwrap();
    }

    /// Makes letters wait until 9:08 on the morning on which the mails come in, as a mail server does that asks for a
    /// pause, so that taking in and delivering can be told apart.
    pub async fn pause_mail(&self) {
        let row = "INSERT INTO plugin_health (plugin, failures, paused_until, last_error) VALUES ('mail', 0, 1795421280000, '')";
        let mut store = super::database::open(&self.data().join("redress.db")).await;
        sqlx::query(row).execute(&mut store).await.unwrap();
        sqlx::Connection::close(store).await.unwrap();
    }

    /// Lets a webhook have every message to anybody, with 64 in flight.
    pub fn add_webhook(&self, url: &str) {
        let plugin = self.folder.path().join("plugins/hook");
        std::fs::create_dir_all(&plugin).unwrap();
        let manifest = format!(
            "kind = \"webhook\"\nenabled = true\n[webhook]\nurl = \"{url}\"\nconcurrency = 64\n\
             secret = {{ file = \"{}\" }}\n",
            plugin.join("secret").display()
        );
        std::fs::write(plugin.join("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
    }

    pub fn remove_webhook(&self) {
        std::fs::remove_dir_all(self.folder.path().join("plugins/hook")).unwrap();
    }

    /// Puts mails into the inbox, as a mail server does: written elsewhere, and moved there whole.
    pub fn drop_mails(&self, numbers: std::ops::Range<usize>) {
        let place = |part: &str, i: usize| self.data().join("inbox").join(part).join(format!("{i:07}.mail"));
        for i in numbers.clone() {
            std::fs::write(place("tmp", i), mail(i)).unwrap();
        }
        // A server syncs a mail before it moves it, so that the clock of the file system has gone on.
        std::thread::sleep(Duration::from_millis(20));
        for i in numbers {
            std::fs::rename(place("tmp", i), place("new", i)).unwrap();
        }
    }

    /// Writes mails as files beside the data folder, and returns their names.
    pub fn files(&self, numbers: std::ops::Range<usize>) -> Vec<PathBuf> {
        let file = |i: usize| {
            let place = self.folder.path().join(format!("{i:07}.eml"));
            std::fs::write(&place, mail(i)).unwrap();
            place
        };
        numbers.map(file).collect()
    }

    /// Says to a command how the program is called here. What it prints goes to `printed`, what it logs to `logged`.
    pub fn fill(&self, command: &mut Command, call: &Call) {
        let written = |name| std::fs::File::create(self.folder.path().join(name)).unwrap();
        self.command(command, &["--clock", &call.at]);
        command.args(&call.arguments);
        let input = call.input.as_ref().map(|file| Stdio::from(std::fs::File::open(file).unwrap()));
        command.stdin(input.unwrap_or_else(Stdio::null)).stdout(written("printed")).stderr(written("logged"));
    }

    /// Says to a command how the program is called here, by the clock on the wall.
    pub fn command(&self, command: &mut Command, arguments: &[&str]) {
        command.current_dir(self.folder.path());
        for (option, value) in
            [("--config", "redress.toml"), ("--data", "data"), ("--rules", "rules"), ("--plugins", "plugins")]
        {
            command.args([option, value]);
        }
        command.args(arguments).stdin(Stdio::null());
    }

    pub fn printed(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("printed")).unwrap()
    }

    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("logged")).unwrap()
    }

    /// A place for what is measured about it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => _ = std::fs::copy(entry.path(), target).unwrap(),
        }
    }
}
