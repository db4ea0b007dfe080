//! `serve`: the loop of the language server. It takes what the client sends and what the checks found, one
//! thing at a time, and says what is wrong once the typing pauses.

use super::answers::{self, Session};
use super::checking::check;
use super::code;
use super::folder::Folder;
use super::positions::Encoding;
use super::transport::{self, Incoming};
use crate::config::Settings;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::editor::Workspace;
use gen_lsp_types as lsp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// The quiet after which the folder is checked.
const PAUSE: Duration = Duration::from_millis(200);
/// So many events wait; more, and the client waits with its next message.
const WAITING: usize = 256;

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client asked for it, and said so before.
    Properly,
    /// The client left, or said `exit` without `shutdown`.
    Abruptly,
}

/// Something that happens to the server.
enum Event {
    Client(Incoming),
    Gone,
    Checked(u64, Vec<Diagnostic>),
}

/// Texts to be checked, with the number of the change that they are after.
type Work = (u64, BTreeMap<String, String>);

/// Serves one client over standard input and output about one rules folder, until it says `exit` or leaves.
///
/// # Errors
/// The client's messages cannot be told apart, or it no longer reads.
pub fn serve(rules: &Path, settings: Settings) -> io::Result<Ended> {
    let (events, happened) = sync_channel(WAITING);
    let (work, to_check) = sync_channel::<Work>(1);
    let client = events.clone();
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let event = match transport::read(&mut input) {
                Ok(Some(incoming)) => Event::Client(incoming),
                // What cannot be told apart is the end as well: the client starts a new server.
                Ok(None) | Err(_) => Event::Gone,
            };
            let is_last = matches!(event, Event::Gone);
            if client.send(event).is_err() || is_last {
                return;
            }
        }
    });
    let settings = Arc::new(settings);
    let checked = Arc::clone(&settings);
    std::thread::spawn(move || {
        for (number, texts) in to_check {
            if events.send(Event::Checked(number, check(texts, &checked))).is_err() {
                return;
            }
        }
    });
    let language = settings.language;
    let workspace = Workspace::new(BTreeMap::new(), settings.extra.clone(), language);
    let session = Session {
        folder: Folder::new(rules),
        workspace,
        language,
        encoding: Encoding::Utf16,
        watches: false,
        renames_files: false,
        shows: Vec::new(),
        change: 0,
        found: (0, Vec::new()),
    };
    let mut server = Server {
        session,
        output: io::stdout().lock(),
        happened,
        work,
        waiting: VecDeque::new(),
        life: Life::New,
        is_due: false,
        is_checking: false,
        shown: BTreeSet::new(),
    };
    server.run()
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    New,
    Open,
    ShutDown,
}

struct Server<W: Write> {
    session: Session,
    output: W,
    happened: Receiver<Event>,
    work: SyncSender<Work>,
    waiting: VecDeque<Event>,
    life: Life,
    /// True when something changed that was not checked yet.
    is_due: bool,
    is_checking: bool,
    /// Files about which something was said.
    shown: BTreeSet<String>,
}

impl<W: Write> Server<W> {
    fn run(&mut self) -> io::Result<Ended> {
        loop {
            let event = match self.next() {
                Some(event) => event,
                None => {
                    self.start_checking();
                    continue;
                }
            };
            match event {
                Event::Gone => return Ok(Ended::Abruptly),
                Event::Checked(number, found) => {
                    self.is_checking = false;
                    if number == self.session.change {
                        self.publish(found)?;
                    }
                }
                Event::Client(Incoming::Malformed(why)) => {
                    self.refuse(&Value::Null, code::PARSE_ERROR, &why)?;
                }
                Event::Client(Incoming::Message(message)) => {
                    if let Some(ended) = self.message(&message)? {
                        return Ok(ended);
                    }
                }
            }
        }
    }

    /// Returns the next event; none when it is time to check.
    fn next(&mut self) -> Option<Event> {
        // What came meanwhile may cancel what is next.
        while self.waiting.len() < WAITING
            && let Ok(event) = self.happened.try_recv()
        {
            self.waiting.push_back(event);
        }
        if let Some(event) = self.waiting.pop_front() {
            return Some(event);
        }
        if !self.is_due || self.is_checking {
            return Some(self.happened.recv().unwrap_or(Event::Gone));
        }
        match self.happened.recv_timeout(PAUSE) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Gone),
        }
    }

    /// Notes that something changed, so that the folder is checked after a pause.
    fn changed(&mut self) {
        self.session.change += 1;
        self.is_due = true;
        self.session.workspace.replace(self.session.folder.texts());
    }

    fn start_checking(&mut self) {
        self.is_due = false;
        self.session.folder.refresh();
        self.session.workspace.replace(self.session.folder.texts());
        self.is_checking = self.work.send((self.session.change, self.session.folder.texts())).is_ok();
    }

    fn message(&mut self, message: &Value) -> io::Result<Option<Ended>> {
        let Some(method) = message.get("method").and_then(Value::as_str) else {
            // An answer to something that was asked of the client needs none.
            let is_answer = message.get("result").is_some() || message.get("error").is_some();
            if !is_answer {
                let id = message.get("id").unwrap_or(&Value::Null);
                self.refuse(id, code::INVALID_REQUEST, "this is no request")?;
            }
            return Ok(None);
        };
        let params = message.get("params").cloned().unwrap_or(Value::Null);
        match message.get("id") {
            Some(id) => self.request(id, method, params)?,
            None => return self.notification(method, params),
        }
        Ok(None)
    }

    fn request(&mut self, id: &Value, method: &str, params: Value) -> io::Result<()> {
        if self.is_cancelled(id) {
            return self.refuse(id, code::REQUEST_CANCELLED, "cancelled");
        }
        match (method, self.life) {
            ("initialize", Life::New) => {
                let result = answers::initialize(&mut self.session, &params);
                self.life = Life::Open;
                self.answer(id, &result)
            }
            (_, Life::New) => self.refuse(id, code::NOT_INITIALIZED, "say initialize first"),
            ("initialize", _) | (_, Life::ShutDown) => {
                self.refuse(id, code::INVALID_REQUEST, "not at this point")
            }
            ("shutdown", Life::Open) => {
                self.life = Life::ShutDown;
                self.answer(id, &Value::Null)
            }
            (_, Life::Open) => {
                let answered = answers::answer(&mut self.session, method, params);
                for message in std::mem::take(&mut self.session.shows) {
                    let shown = json!({"type": lsp::MessageType::Info, "message": message});
                    self.notify("window/showMessage", &shown)?;
                }
                match answered {
                    Ok(result) => self.answer(id, &result),
                    Err(refusal) => self.refuse(id, refusal.code, &refusal.why),
                }
            }
        }
    }

    /// Returns whether the client has said meanwhile that it no longer wants to know.
    fn is_cancelled(&mut self, id: &Value) -> bool {
        let cancels = |event: &Event| match event {
            Event::Client(Incoming::Message(message)) => {
                message.get("method").and_then(Value::as_str) == Some("$/cancelRequest")
                    && message.pointer("/params/id") == Some(id)
            }
            _ => false,
        };
        self.waiting.iter().any(cancels)
    }

    fn notification(&mut self, method: &str, params: Value) -> io::Result<Option<Ended>> {
        if method == "exit" {
            let is_proper = self.life == Life::ShutDown;
            return Ok(Some(if is_proper { Ended::Properly } else { Ended::Abruptly }));
        }
        if self.life != Life::Open {
            return Ok(None);
        }
        match method {
            "initialized" => {
                self.session.folder.refresh();
                self.changed();
                self.watch()?;
            }
            "textDocument/didOpen" => {
                if let Ok(opened) = serde_json::from_value::<lsp::DidOpenTextDocumentParams>(params) {
                    let document = opened.text_document;
                    self.session.folder.put(document.uri, document.version, document.text);
                    self.changed();
                }
            }
            "textDocument/didChange" => {
                if let Ok(changed) = serde_json::from_value::<lsp::DidChangeTextDocumentParams>(params) {
                    answers::change(&mut self.session, changed);
                    self.changed();
                }
            }
            "textDocument/didClose" => {
                if let Ok(closed) = serde_json::from_value::<lsp::DidCloseTextDocumentParams>(params) {
                    self.session.folder.close(&closed.text_document.uri);
                    self.changed();
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.session.folder.refresh();
                self.changed();
            }
            _ => {}
        }
        Ok(None)
    }

    /// Asks the client to say when a file of the folder changes on the disk.
    fn watch(&mut self) -> io::Result<()> {
        if !self.session.watches {
            return Ok(());
        }
        let watchers = ["**/*.rhai", "**/*.toml", "**/*.md"].map(|glob| json!({"globPattern": glob}));
        let registration = json!({
            "id": "files", "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": watchers},
        });
        transport::write(
            &mut self.output,
            &json!({
                "jsonrpc": "2.0", "id": "files", "method": "client/registerCapability",
                "params": {"registrations": [registration]},
            }),
        )
    }

    /// Tells the client what is wrong, file by file; where something was and is no longer, that too.
    fn publish(&mut self, mut found: Vec<Diagnostic>) -> io::Result<()> {
        found.extend(self.session.folder.unreadable().iter().cloned());
        let mut by_file: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for diagnostic in &found {
            let told = self.session.told(diagnostic);
            by_file.entry(diagnostic.at.file.clone()).or_default().push(told);
        }
        for file in std::mem::replace(&mut self.shown, by_file.keys().cloned().collect()) {
            by_file.entry(file).or_default();
        }
        for (file, diagnostics) in by_file {
            let Some(uri) = self.session.folder.uri(&file) else { continue };
            let mut params = json!({"uri": uri, "diagnostics": diagnostics});
            if let Some(version) = self.session.folder.version(&file) {
                params["version"] = json!(version);
            }
            self.notify("textDocument/publishDiagnostics", &params)?;
        }
        self.session.found = (self.session.change, found);
        Ok(())
    }

    fn answer(&mut self, id: &Value, result: &Value) -> io::Result<()> {
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }

    fn refuse(&mut self, id: &Value, code: i32, why: &str) -> io::Result<()> {
        let error = json!({"code": code, "message": why});
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "id": id, "error": error}))
    }

    fn notify(&mut self, method: &str, params: &Value) -> io::Result<()> {
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }
}
