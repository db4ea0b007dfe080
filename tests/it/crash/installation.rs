//! `Installation`: real processes on folders and a database of their own, and the ways to kill them.

use crate::support::shipped_untried;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// One computer that runs `serve`: its data folder, and the process while there is one.
#[derive(Debug)]
struct Host {
    data: PathBuf,
    serving: Mutex<Option<Child>>,
}

#[derive(Debug)]
pub struct Installation {
    folder: tempfile::TempDir,
    hosts: Vec<Host>,
    /// The database; none for the file in the data folder.
    postgres: Option<String>,
}

/// The key of the trail, which hosts that share a database share.
const KEY: &str = "5f1d3c0b9a8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817061234";

impl Installation {
    /// Makes the folders of `hosts` computers with these settings beside the database, and plugins that send to
    /// `target`.
    pub fn new(hosts: usize, postgres: Option<String>, settings: &str, target: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database =
            postgres.as_ref().map_or_else(String::new, |url| format!("[database]\nurl = \"{url}\"\n"));
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[delivery]\nallow_networks = [\"127.0.0.0/8\"]\n\
             recall_minutes = 0\nreactions_per_hour = 100000\nmails_per_hour = 1000\nmails_per_day = 1000\n{database}{settings}"
        );
        std::fs::write(folder.path().join("redress.toml"), config).unwrap();
        let webhook = "kind = \"webhook\"\nenabled = true\n";
        let section = |path: &str| {
            format!("[webhook]\nurl = \"{target}/{path}\"\nsigning = \"none\"\ntimeout_seconds = 2\n")
        };
        let hook = format!(
            "{webhook}messages = [\"acknowledgement\", \"information_request\"]\nevents = [\"registered\", \"action_taken\"]\n{}",
            section("hook")
        );
        let ordered = format!(
            "{webhook}messages = []\nevents = [\"registered\", \"entered\", \"deadline_met\"]\nordered = true\n{}",
            section("ordered")
        );
        let mail = crate::support::MAIL_PLUGIN.to_owned();
        for (name, manifest) in [("mail", mail), ("hook", hook), ("ordered", ordered)] {
            let plugin = folder.path().join("plugins").join(name);
            std::fs::create_dir_all(&plugin).unwrap();
            std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
        }
        let host = |i| Host { data: folder.path().join(format!("host{i}")), serving: Mutex::default() };
        let hosts: Vec<Host> = (0..hosts).map(host).collect();
        for host in &hosts {
            for part in ["inbox/tmp", "inbox/new"] {
                std::fs::create_dir_all(host.data.join(part)).unwrap();
            }
            if postgres.is_some() {
                std::fs::write(host.data.join("audit.key"), KEY).unwrap();
            }
        }
        Self { folder, hosts, postgres }
    }

    /// The address under which anybody reads the database.
    pub fn database(&self) -> String {
        let file = format!("sqlite:{}?mode=rw", self.hosts[0].data.join("redress.db").display());
        self.postgres.clone().unwrap_or(file)
    }

    pub fn key(&self) -> String {
        std::fs::read_to_string(self.hosts[0].data.join("audit.key")).unwrap().trim().to_owned()
    }

    /// Says whether there is a database with everything in it; a first start may be cut short.
    pub fn has_database(&self) -> bool {
        let looked = self.command(0, &["list"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        looked.unwrap().success()
    }

    /// A command on a host; what it complains of goes to the host's log.
    pub fn command(&self, host: usize, arguments: &[&str]) -> Command {
        let data = &self.hosts[host].data;
        let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
        let log = std::fs::File::options().create(true).append(true).open(data.join("log")).unwrap();
        command.current_dir(shipped_untried()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.arg("--config").arg(self.folder.path().join("redress.toml")).arg("--data").arg(data);
        command.arg("--plugins").arg(self.folder.path().join("plugins")).args(arguments);
        command
    }

    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Starts `serve` where it does not run.
    pub fn start(&self) {
        for (i, host) in self.hosts.iter().enumerate() {
            let mut serving = host.serving.lock().unwrap();
            serving.get_or_insert_with(|| self.command(i, &["serve"]).spawn().unwrap());
        }
    }

    /// Kills `serve` of a host, wherever it is. A process that had ended by itself is a mistake.
    pub fn kill(&self, host: usize) {
        let Some(mut child) = self.hosts[host].serving.lock().unwrap().take() else { return };
        let ended = child.try_wait().unwrap();
        assert_eq!(ended, None, "it ended by itself: {}", self.log(host));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn kill_all(&self) {
        (0..self.hosts.len()).for_each(|host| self.kill(host));
    }

    pub fn log(&self, host: usize) -> String {
        std::fs::read_to_string(self.hosts[host].data.join("log")).unwrap_or_default()
    }

    /// Puts a mail into the Maildir of a host, as a mail server does.
    pub fn drop_mail(&self, host: usize, name: &str, raw: &str) {
        let inbox = self.hosts[host].data.join("inbox");
        std::fs::write(inbox.join("tmp").join(name), raw).unwrap();
        std::fs::rename(inbox.join("tmp").join(name), inbox.join("new").join(name)).unwrap();
    }

    /// Says whether nothing waits in the Maildirs.
    pub fn is_inbox_empty(&self) -> bool {
        let waiting = |host: &Host| std::fs::read_dir(host.data.join("inbox/new")).unwrap().count();
        self.hosts.iter().all(|host| waiting(host) == 0)
    }

    /// The delivery ids of the letters that were written as files.
    pub fn letters(&self) -> Vec<String> {
        let files = self.hosts.iter().filter_map(|host| std::fs::read_dir(host.data.join("outbox")).ok());
        let names = files.flatten().map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter_map(|name| name.strip_suffix(".eml").map(str::to_owned)).collect()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        for host in &mut self.hosts {
            if let Some(child) = host.serving.get_mut().unwrap() {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

/// Runs a command to its end with this on its standard input, or kills it after a while; none when it was killed.
pub fn run(mut command: Command, input: &str, killed_after: Option<Duration>) -> Option<ExitStatus> {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // Who is killed reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    if let Some(after) = killed_after {
        std::thread::sleep(after);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
    }
    Some(child.wait().unwrap())
}
