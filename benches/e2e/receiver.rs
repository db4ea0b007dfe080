//! A receiver of webhooks, in a process of its own so that its work is counted for nobody: it answers 204 and keeps
//! each body as a line of a file.

use axum::extract::State;
use axum::http::StatusCode;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// The argument with which this program is the receiver, followed by the file.
pub const RECEIVE: &str = "receive";

/// A receiver that runs.
pub struct Receiver {
    process: Child,
    file: PathBuf,
    pub url: String,
}

impl Receiver {
    pub fn start(file: PathBuf) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(RECEIVE).arg(&file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { process, file, url: format!("http://127.0.0.1:{}/hook", port.trim()) }
    }

    /// What has arrived, each body once.
    pub fn bodies(&self) -> Vec<String> {
        std::fs::read_to_string(&self.file).unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Receives until the process is ended.
pub async fn receive(file: &Path) {
    let file = Arc::new(Mutex::new(std::fs::File::create(file).unwrap()));
    let router = axum::Router::new().fallback(take).with_state(file);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr().unwrap().port()).unwrap();
    out.flush().unwrap();
    axum::serve(listener, router).await.unwrap();
}

async fn take(State(file): State<Arc<Mutex<std::fs::File>>>, body: String) -> StatusCode {
    file.lock().unwrap().write_all(format!("{body}\n").as_bytes()).unwrap();
    StatusCode::NO_CONTENT
}
