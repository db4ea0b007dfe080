//! A client of the language server, strict about the protocol: every message well framed, every answer to something
//! that was asked, and nothing on standard output beside.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// No answer takes this long; checking a folder in a debug build on a busy machine may take a while.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct LanguageClient {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Notifications that came while something else was waited for.
    kept: Vec<Value>,
    next_id: i64,
    folder: PathBuf,
}

/// Reads messages until the output ends; what is no message is a panic, and the test fails on the silence.
fn read(mut output: impl BufRead, mut each: impl FnMut(Value)) {
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).unwrap() == 0 {
            return;
        }
        let length: usize =
            line.strip_prefix("Content-Length: ").expect("a header").trim_end().parse().unwrap();
        line.clear();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "\r\n");
        let mut body = vec![0; length];
        output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(message["jsonrpc"], "2.0");
        each(message);
    }
}

impl LanguageClient {
    /// Starts a server about a folder of rules, without a word.
    pub fn start(rules: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(rules.parent().unwrap())
            .arg("--rules")
            .arg(rules)
            .args(["rules", "lsp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || read(output, |message| drop(sender.send(message))));
        let input = child.stdin.take();
        let folder = rules.canonicalize().unwrap();
        Self { child, input, messages, kept: Vec::new(), next_id: 0, folder }
    }

    /// Starts a server and says hello with what the client can do.
    pub fn hello(rules: &Path, capabilities: Value) -> (Self, Value) {
        let mut client = Self::start(rules);
        let said = client
            .ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
        client.tell("initialized", json!({}));
        (client, said["result"].clone())
    }

    pub fn uri(&self, file: &str) -> String {
        format!("file://{}/{file}", self.folder.display())
    }

    pub fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request without waiting; returns its id.
    pub fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params}));
        self.next_id
    }

    /// Returns the answer to a request.
    pub fn answer(&mut self, id: &Value) -> Value {
        loop {
            let message = self.receive();
            if message.get("method").is_some() {
                self.kept.push(message);
            } else {
                assert_eq!(message["id"], *id, "answers come in order");
                return message;
            }
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        self.answer(&json!(id))
    }

    /// Asks about a place of a file and returns the result.
    pub fn at(&mut self, method: &str, file: &str, line: usize, character: usize) -> Value {
        self.at_with(method, file, (line, character), json!({}))["result"].clone()
    }

    pub fn at_with(&mut self, method: &str, file: &str, at: (usize, usize), more: Value) -> Value {
        let mut params = json!({
            "textDocument": {"uri": self.uri(file)}, "position": {"line": at.0, "character": at.1},
        });
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask(&format!("textDocument/{method}"), params)
    }

    pub fn open(&mut self, file: &str, text: &str) {
        let uri = self.uri(file);
        let document = json!({"uri": uri, "languageId": "rhai", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, file: &str, version: i32, text: &str) {
        let document = json!({"uri": self.uri(file), "version": version});
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": [{"text": text}]}),
        );
    }

    pub fn receive(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the server says something")
    }

    /// Waits for the next notification of a method.
    pub fn told(&mut self, method: &str) -> Value {
        if let Some(i) = self.kept.iter().position(|m| m["method"] == method) {
            return self.kept.remove(i)["params"].clone();
        }
        loop {
            let message = self.receive();
            if message["method"] == method {
                return message["params"].clone();
            }
            self.kept.push(message);
        }
    }

    /// Waits until what is wrong with a file is as wanted, and returns it.
    pub fn until(&mut self, file: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(file);
        loop {
            let told = self.told("textDocument/publishDiagnostics");
            let found = told["diagnostics"].as_array().unwrap().clone();
            if told["uri"] == uri.as_str() && wanted(&found) {
                return found;
            }
        }
    }

    /// Applies an edit of the whole folder to texts by file, as an editor does.
    pub fn apply(&self, edit: &Value, texts: &mut BTreeMap<String, String>) {
        let start = format!("file://{}/", self.folder.display());
        let file = |uri: &Value| uri.as_str().unwrap().strip_prefix(&start).unwrap().to_owned();
        for change in edit["documentChanges"].as_array().unwrap() {
            if change["kind"] == "rename" {
                let text = texts.remove(&file(&change["oldUri"])).unwrap();
                texts.insert(file(&change["newUri"]), text);
                continue;
            }
            let text = texts.get_mut(&file(&change["textDocument"]["uri"])).unwrap();
            for edit in change["edits"].as_array().unwrap().iter().rev() {
                let at = |end: &str| offset(text, &edit["range"][end]);
                let range = at("start")..at("end");
                text.replace_range(range, edit["newText"].as_str().unwrap());
            }
        }
    }

    /// Closes the server's input and returns how it ended.
    pub fn leave(mut self) -> ExitStatus {
        self.input.take();
        self.child.wait().unwrap()
    }

    /// Ends the conversation as the protocol asks.
    pub fn goodbye(mut self) -> ExitStatus {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.tell("exit", Value::Null);
        self.child.wait().unwrap()
    }
}

impl Drop for LanguageClient {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The byte of a place counted in UTF-16, as every client counts unless it agreed otherwise.
fn offset(text: &str, position: &Value) -> usize {
    let (line, character) =
        (position["line"].as_u64().unwrap() as usize, position["character"].as_u64().unwrap() as usize);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 0;
    for (i, c) in text[start..].char_indices() {
        if units >= character {
            return start + i;
        }
        units += c.len_utf16();
    }
    text.len()
}
