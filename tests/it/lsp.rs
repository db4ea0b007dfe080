//! The language server as editors start it: the real program, its pipes, and a folder on the disk.

use crate::support::language_client::LanguageClient;
use crate::support::{repository, rules_copy};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// What most editors can do.
fn able() -> Value {
    json!({"workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["rename"]}}})
}

struct Rules {
    folder: tempfile::TempDir,
}

impl Rules {
    /// The shipped rules, in a folder called `rules` as an installation has it.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::rename(rules_copy().keep(), folder.path().join("rules")).unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("rules")
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap()
    }
}

/// The line and the UTF-16 character at which a text stands in another, and `after` characters on.
fn place(text: &str, of: &str, after: usize) -> (usize, usize) {
    let at = text.find(of).unwrap_or_else(|| panic!("{of}"));
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    (line, text[start..at].encode_utf16().count() + after)
}

#[test]
fn mistakes_follow_what_is_typed_and_go_when_it_is_mended() {
    let rules = Rules::new();
    let (mut client, said) = LanguageClient::hello(&rules.path(), able());
    assert_eq!(said["capabilities"]["positionEncoding"], "utf-16");
    let file = "70_monitoring.rhai";
    let whole = rules.read(file);
    client.open(file, &whole);
    // An emoji before it on the line is two units in UTF-16.
    let broken = format!("{whole}\nrule \"🙂\" when complaint.state == \"decidd\" then {{ }}\n");
    client.change(file, 2, &broken);
    let found = client.until(file, |found| !found.is_empty());
    let (line, character) = place(&broken, "\"decidd\"", 0);
    assert_eq!(found[0]["range"]["start"], json!({"line": line, "character": character}));
    assert_eq!(found[0]["range"]["end"], json!({"line": line, "character": character + 8}));
    assert_eq!(found[0]["severity"], 1);
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("bedoelt u `decided`?"), "{message}");
    assert_eq!(found[0]["code"], "R201");
    let uri = client.uri(file);
    let range = found[0]["range"].clone();
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let fixes = client.ask("textDocument/codeAction", params)["result"].clone();
    let edit = &fixes[0]["edit"]["changes"][&uri][0];
    assert_eq!(edit["newText"], "decided");
    assert_eq!(
        edit["range"]["start"],
        json!({"line": line, "character": character + 1}),
        "without the quotes"
    );
    client.change(file, 3, &whole);
    client.until(file, <[Value]>::is_empty);
    assert_eq!(rules.read(file), whole, "nothing is written");
    assert!(client.goodbye().success());
}

#[test]
fn an_open_file_counts_over_the_disk_until_it_is_closed() {
    let rules = Rules::new();
    let (mut client, _) = LanguageClient::hello(&rules.path(), able());
    // A state that only the unsaved declarations have.
    let procedure = rules.read("procedure.toml");
    client.open(
        "procedure.toml",
        &format!("{procedure}\n[states.brand_new]\nnl = \"n\"\nen = \"n\"\nphase = \"p\"\n"),
    );
    client.until("procedure.toml", |found| {
        found.iter().any(|d| d["message"].as_str().unwrap().contains("brand_new"))
    });
    client.open("95_new.rhai", "rule \"x\" when complaint.state == \"brand_new\" then { remark(\"x\"); }\n");
    let hover = client.at("hover", "95_new.rhai", 0, 40);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("brand_new"), "{hover}");
    let uri = client.uri("procedure.toml");
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    let found = client.until("95_new.rhai", |found| !found.is_empty());
    assert!(found[0]["message"].as_str().unwrap().contains("brand_new"));
    assert!(client.goodbye().success());
}

#[test]
fn what_changes_on_the_disk_is_seen_when_the_client_says_so() {
    let rules = Rules::new();
    let able = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let (mut client, _) = LanguageClient::hello(&rules.path(), able);
    let asked = client.told("client/registerCapability");
    assert_eq!(asked["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    client.send(&json!({"jsonrpc": "2.0", "id": "files", "result": null}));
    std::fs::write(rules.path().join("95_new.rhai"), "rule \"x\" when armed(\"nergens\") then { }\n")
        .unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    client.until("95_new.rhai", |found| !found.is_empty());
    std::fs::remove_file(rules.path().join("95_new.rhai")).unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    client.until("95_new.rhai", <[Value]>::is_empty);
    assert!(client.goodbye().success());
}

#[test]
fn completion_hover_definition_references_and_outline() {
    let rules = Rules::new();
    let (mut client, _) = LanguageClient::hello(&rules.path(), able());
    let text = "rule \"é🙂\" when complaint.state == \"deci\" && armed(\"reply\") then { }\n";
    client.open("95_new.rhai", text);
    let (line, character) = place(text, "\"deci\"", 3);
    let found = client.at("completion", "95_new.rhai", line, character);
    let decided =
        found["items"].as_array().unwrap().iter().find(|i| i["label"] == "decided").unwrap().clone();
    assert_eq!(decided["textEdit"]["range"]["start"], json!({"line": line, "character": character - 2}));
    assert_eq!(decided["textEdit"]["range"]["end"], json!({"line": line, "character": character + 2}));
    assert_eq!(decided["detail"], "besloten");
    let (line, character) = place(text, "armed(", 1);
    let hover = client.at("hover", "95_new.rhai", line, character);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("of een termijn loopt"), "{hover}");
    let (line, character) = place(text, "reply", 1);
    let found = client.at("definition", "95_new.rhai", line, character);
    let (declared, column) = place(&rules.read("procedure.toml"), "[deadlines.reply]", 11);
    assert_eq!(found[0]["uri"], client.uri("procedure.toml"));
    assert_eq!(found[0]["range"]["start"], json!({"line": declared, "character": column}));
    let more = json!({"context": {"includeDeclaration": true}});
    let found = client.at_with("references", "95_new.rhai", (line, character), more)["result"].clone();
    let uris: Vec<&str> = found.as_array().unwrap().iter().map(|l| l["uri"].as_str().unwrap()).collect();
    for end in [
        "procedure.toml",
        "95_new.rhai",
        "clauses.toml",
        "messages/nl/decision.md",
        "tests/30_treatment.rhai",
    ] {
        assert!(uris.iter().any(|uri| uri.ends_with(end)), "{end}: {uris:?}");
    }
    let uri = client.uri("70_monitoring.rhai");
    let outline = client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
    let names: Vec<&str> =
        outline["result"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert!(
        names.contains(&"Brief kon niet worden bezorgd") && names.contains(&"repair_contact"),
        "{names:?}"
    );
    assert!(client.goodbye().success());
}

#[test]
fn a_message_is_renamed_with_its_files_and_the_folder_still_checks() {
    let rules = Rules::new();
    let (mut client, _) = LanguageClient::hello(&rules.path(), able());
    let file = "30_treatment.rhai";
    let at = place(&rules.read(file), "\"complainant\", \"decision\"", 18);
    let prepared = client.at("prepareRename", file, at.0, at.1);
    assert_eq!(prepared["placeholder"], "decision");
    let renamed = client.at_with("rename", file, at, json!({"newName": "verdict_letter"}));
    let mut texts = BTreeMap::new();
    for path in crate::support::source::files(&rules.path()) {
        let name = path
            .strip_prefix(rules.path().canonicalize().unwrap())
            .or(path.strip_prefix(rules.path()))
            .unwrap();
        texts.insert(name.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap());
    }
    client.apply(&renamed["result"], &mut texts);
    assert!(
        texts.contains_key("messages/en/verdict_letter.md") && !texts.contains_key("messages/nl/decision.md")
    );
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &texts {
        let path = folder.path().join("rules").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let checked = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(folder.path())
        .args(["--rules", "rules", "--json", "rules", "check"])
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let refused = client.at_with("rename", file, at, json!({"newName": "acknowledgement"}));
    assert!(refused["error"]["message"].as_str().unwrap().contains("bestaat al"), "{refused}");
    assert!(client.goodbye().success());
    let (mut client, _) = LanguageClient::hello(&rules.path(), json!({}));
    let refused = client.at_with("rename", file, at, json!({"newName": "verdict_letter"}));
    assert!(refused["error"]["message"].as_str().unwrap().contains("cannot rename files"), "{refused}");
}

#[test]
fn bytes_are_counted_where_the_client_can() {
    let rules = Rules::new();
    let able = json!({"general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]}});
    let (mut client, said) = LanguageClient::hello(&rules.path(), able);
    assert_eq!(said["capabilities"]["positionEncoding"], "utf-8");
    let text = "rule \"é🙂\" when armed(\"reply\") then { }\n";
    client.open("95_new.rhai", text);
    let hover = client.at("hover", "95_new.rhai", 0, text.find("reply").unwrap());
    assert_eq!(hover["range"]["start"]["character"], text.find("reply").unwrap());
    // A change of a part of the text, in bytes as well.
    let uri = client.uri("95_new.rhai");
    let at = text.find("reply").unwrap();
    let range = json!({"start": {"line": 0, "character": at}, "end": {"line": 0, "character": at + 5}});
    client.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": range, "text": "archive"}]}),
    );
    let hover = client.at("hover", "95_new.rhai", 0, at + 2);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("**archive**"), "{hover}");
}

#[test]
fn nothing_that_a_client_sends_stops_the_server() {
    let rules = Rules::new();
    let mut client = LanguageClient::start(&rules.path());
    assert_eq!(
        client.ask("textDocument/hover", json!({}))["error"]["code"],
        -32_002,
        "not before initialize"
    );
    client.ask("initialize", json!({"capabilities": "none"}));
    client.tell("initialized", Value::Null);
    client.send_raw(b"Content-Length: 9\r\n\r\n{\"jsonrpc");
    assert_eq!(client.answer(&Value::Null)["error"]["code"], -32_700);
    client.send(&json!([1, 2]));
    assert_eq!(client.answer(&Value::Null)["error"]["code"], -32_600);
    client.send(&json!({"jsonrpc": "2.0", "id": {"odd": true}, "method": "nothing/known"}));
    assert_eq!(client.answer(&json!({"odd": true}))["error"]["code"], -32_601);
    let huge = json!({"line": u32::MAX, "character": u32::MAX});
    for (uri, position) in [
        (client.uri("70_monitoring.rhai"), huge.clone()),
        (client.uri("nothing.rhai"), huge.clone()),
        ("file:///etc/passwd".to_owned(), huge.clone()),
        ("untitled:1".to_owned(), huge.clone()),
        ("%%%".to_owned(), huge),
    ] {
        for method in ["completion", "hover", "definition", "prepareRename"] {
            let params = json!({"textDocument": {"uri": uri}, "position": position});
            let answer = client.ask(&format!("textDocument/{method}"), params);
            assert!(
                answer.get("result").is_some() || answer["error"]["code"] == -32_803,
                "{uri} {method}: {answer}"
            );
        }
    }
    for params in [Value::Null, json!([]), json!({"textDocument": 1}), json!({"position": {"line": -1}})] {
        let answer = client.ask("textDocument/completion", params);
        assert_eq!(answer["error"]["code"], -32_602, "{answer}");
    }
    for method in ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "$/unknown"] {
        client.tell(method, json!({"textDocument": {"uri": 3}}));
    }
    let many = "a".repeat(2 << 20);
    client.open("95_new.rhai", &many);
    client.change("96_never_opened.rhai", 4, "rule");
    assert_eq!(
        client.ask("initialize", json!({"capabilities": {}}))["error"]["code"],
        -32_600,
        "once is enough"
    );
    assert!(client.goodbye().success());
}

#[test]
fn what_is_no_longer_wanted_is_not_worked_out() {
    let rules = Rules::new();
    let (mut client, _) = LanguageClient::hello(&rules.path(), able());
    let mut bytes = Vec::new();
    let uri = client.uri("70_monitoring.rhai");
    for id in 1_000..1_040 {
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 4, "character": 12}});
        let ask = json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/references", "params": params});
        let cancel = json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}});
        for text in [ask.to_string(), cancel.to_string()] {
            bytes.extend(format!("Content-Length: {}\r\n\r\n{text}", text.len()).bytes());
        }
    }
    client.send_raw(&bytes);
    let cancelled = (1_000..1_040).filter(|id| client.answer(&json!(id))["error"]["code"] == -32_800).count();
    assert!(cancelled > 0, "all were answered");
    assert!(client.goodbye().success());
}

#[test]
fn the_server_ends_with_its_client() {
    let rules = Rules::new();
    let (client, _) = LanguageClient::hello(&rules.path(), able());
    assert!(!client.leave().success(), "the pipe closed without shutdown");
    let (mut client, _) = LanguageClient::hello(&rules.path(), able());
    client.send_raw(b"no header of any kind\r\n\r\n");
    assert!(!client.leave().success());
    let (client, _) = LanguageClient::hello(&rules.path(), able());
    assert!(client.goodbye().success());
}

/// A real editor's client. Where there is no Neovim, this says nothing; `.ci/run` installs it.
#[test]
fn neovim_shows_mistakes_completes_tells_leads_and_renames() {
    if Command::new("nvim").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has Neovim");
        return;
    }
    let rules = Rules::new();
    let output = Command::new("nvim")
        .args(["--headless", "-u", "NONE", "-i", "NONE"])
        .args(["-c", &format!("luafile {}", script().display())])
        .env("REDRESS", env!("CARGO_BIN_EXE_redress"))
        .current_dir(rules.folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned();
    assert!(output.status.success() && said.contains("all is well"), "{said}");
    let renamed = rules.read("procedure.toml");
    assert!(renamed.contains("[deadlines.answer]") && !renamed.contains("[deadlines.reply]"));
}

fn script() -> PathBuf {
    repository().join("tests/fixtures/editors/neovim.lua")
}
