//! A PostgreSQL of a test's own, on loopback, that stops and starts again.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

/// The way in which a server is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Connections are ended, and everything is written.
    Fast,
    /// As after a crash: what was committed is recovered from the log.
    Immediate,
}

impl Stop {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

impl Cluster {
    /// Makes and starts one. None where PostgreSQL is not installed; under CI it must be.
    pub fn start() -> Option<Self> {
        let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest =
            installed.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
        let programs = newest.max();
        assert!(
            programs.is_some() || std::env::var_os("CI").is_none(),
            "PostgreSQL is missing; .ci/run installs it"
        );
        let folder = tempfile::Builder::new().prefix("redress-postgres").tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { programs: programs?, folder, port };
        if cluster.is_root() {
            let owned = Command::new("chown").arg("postgres").arg(cluster.folder.path()).status().unwrap();
            assert!(owned.success());
        }
        let data = cluster.data();
        let made = cluster.run("initdb", &["-D", &data, "-U", "redress", "-A", "trust", "--no-sync"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.resume();
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://redress@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    pub fn stop(&self, how: Stop) {
        let ended = self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", how.as_str(), "stop"]);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// Starts it, or starts it again at the same address.
    pub fn resume(&self) {
        let place = self.folder.path().display().to_string();
        let options = format!("-c listen_addresses=127.0.0.1 -p {} -k {place} -F", self.port);
        let log = format!("{place}/log");
        let started = self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-o", &options, "start"]);
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(started.status.success(), "{} {said}", String::from_utf8_lossy(&started.stderr));
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn is_root(&self) -> bool {
        Path::new("/root/.").read_dir().is_ok()
    }

    /// Runs one of PostgreSQL's programs, which refuse to run as root.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.programs.join(program);
        let mut command = match self.is_root() {
            true => Command::new("setpriv"),
            false => Command::new(&program),
        };
        if self.is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
        }
        // A server that holds a pipe of ours would keep it open.
        let (out, err) = (self.folder.path().join(".out"), self.folder.path().join(".err"));
        command.stdout(std::fs::File::create(&out).unwrap()).stderr(std::fs::File::create(&err).unwrap());
        let status = command.current_dir(self.folder.path()).args(arguments).status().unwrap();
        Output { status, stdout: std::fs::read(out).unwrap(), stderr: std::fs::read(err).unwrap() }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-D", &self.data(), "-m", Stop::Immediate.as_str(), "stop"]);
    }
}
