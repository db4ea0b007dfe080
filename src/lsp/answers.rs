//! What each request of the protocol is answered with: `rules::editor`'s answers in the protocol's shapes.

use super::code;
use super::folder::Folder;
use super::positions::{Encoding, Lines};
use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::rules::editor::{
    Completion, CompletionKind, OutlineItem, OutlineKind, Renaming, Spot, With, Workspace,
};
use gen_lsp_types::{self as lsp, CompletionItemKind, SymbolKind};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One client's conversation about one folder.
#[derive(Debug)]
pub(super) struct Session {
    pub folder: Folder,
    pub workspace: Workspace,
    pub encoding: Encoding,
    /// True when the client can say that files change on the disk.
    pub watches: bool,
    /// True when the client can carry out an edit that renames files.
    pub renames_files: bool,
    /// What the person is told beside the answer.
    pub shows: Vec<String>,
    pub language: Language,
    /// How many changes there were.
    pub change: u64,
    /// What is wrong, and after which change it was found.
    pub found: (u64, Vec<Diagnostic>),
}

/// A request that is not carried out, and why, in words for the person.
pub(super) struct Refusal {
    pub code: i32,
    pub why: String,
}

type Answer = Result<Value, Refusal>;

/// Agrees with the client on units, and says what can be asked.
pub(super) fn initialize(session: &mut Session, params: &Value) -> Value {
    let offered = params.pointer("/capabilities/general/positionEncodings");
    let offered: Vec<lsp::PositionEncodingKind> =
        offered.and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default();
    session.encoding = Encoding::agreed(&offered);
    let is_able = |pointer: &str| params.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
    session.watches = is_able("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration");
    let operations = params.pointer("/capabilities/workspace/workspaceEdit/resourceOperations");
    let operations = operations.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    session.renames_files = operations.iter().any(|o| o == "rename")
        && is_able("/capabilities/workspace/workspaceEdit/documentChanges");
    json!({
        "capabilities": {
            "positionEncoding": session.encoding.kind(),
            "textDocumentSync": {
                "openClose": true, "change": lsp::TextDocumentSyncKind::Incremental, "save": true,
            },
            "completionProvider": {"triggerCharacters": [".", "\"", "|", "{"]},
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "renameProvider": {"prepareProvider": true},
            "documentSymbolProvider": true,
            "codeActionProvider": {"codeActionKinds": ["quickfix"]},
        },
        "serverInfo": {"name": "redress", "version": env!("CARGO_PKG_VERSION")},
    })
}

/// Takes a client's changes of a text over, in their order.
pub(super) fn change(session: &mut Session, changed: lsp::DidChangeTextDocumentParams) {
    let id = changed.text_document;
    let uri = id.text_document_identifier.uri;
    let Some(file) = session.folder.file(&uri) else { return };
    let Some(mut text) = session.workspace.text(&file).map(str::to_owned) else { return };
    for change in changed.content_changes {
        match change {
            lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                let lines = Lines::of(&text, session.encoding);
                let (start, end) = (lines.offset(part.range.start), lines.offset(part.range.end));
                text.replace_range(start.min(end)..end.max(start), &part.text);
            }
            lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                text = whole.text;
            }
        }
    }
    session.folder.put(uri, id.version, text);
}

/// Answers a request.
pub(super) fn answer(session: &mut Session, method: &str, params: Value) -> Answer {
    match method {
        "textDocument/completion" => {
            let at: lsp::CompletionParams = read(params)?;
            Ok(session
                .at(&at.text_document_position_params, |w, f, o| w.complete(f, o))
                .map_or(Value::Null, |(file, found)| session.completions(&file, found)))
        }
        "textDocument/hover" => {
            let at: lsp::HoverParams = read(params)?;
            let found = session.at(&at.text_document_position_params, |w, f, o| w.hover(f, o));
            Ok(found.and_then(|(file, hover)| session.hover(&file, hover?)).unwrap_or(Value::Null))
        }
        "textDocument/definition" => {
            let at: lsp::DefinitionParams = read(params)?;
            let found = session.at(&at.text_document_position_params, |w, f, o| w.definitions(f, o));
            Ok(found.map_or(Value::Null, |(_, spots)| session.locations(&spots)))
        }
        "textDocument/references" => {
            let at: lsp::ReferenceParams = read(params)?;
            let with = if at.context.include_declaration { With::Declaration } else { With::UsesOnly };
            let found = session.at(&at.text_document_position_params, |w, f, o| w.references(f, o, with));
            Ok(found.map_or(Value::Null, |(_, spots)| session.locations(&spots)))
        }
        "textDocument/prepareRename" => session.prepare_rename(&read(params)?),
        "textDocument/rename" => session.rename(&read(params)?),
        "textDocument/documentSymbol" => {
            let of: lsp::DocumentSymbolParams = read(params)?;
            let file = session.folder.file(&of.text_document.uri);
            Ok(file.map_or(Value::Null, |file| session.symbols(&file)))
        }
        "textDocument/codeAction" => {
            let of: lsp::CodeActionParams = read(params)?;
            let file = session.folder.file(&of.text_document.uri);
            Ok(file.and_then(|file| session.fixes(&file, of.range)).unwrap_or(Value::Null))
        }
        _ => Err(Refusal { code: code::METHOD_NOT_FOUND, why: format!("{method} is not known here") }),
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|e| Refusal { code: code::INVALID_PARAMS, why: e.to_string() })
}

impl Session {
    /// Asks the workspace about a place; none when the document is none of the folder's.
    fn at<T>(
        &self,
        at: &lsp::TextDocumentPositionParams,
        ask: impl FnOnce(&Workspace, &str, usize) -> T,
    ) -> Option<(String, T)> {
        let file = self.folder.file(&at.text_document.uri)?;
        let offset = self.lines(&file)?.offset(at.position);
        let answer = ask(&self.workspace, &file, offset);
        Some((file, answer))
    }

    fn lines(&self, file: &str) -> Option<Lines<'_>> {
        Some(Lines::of(self.workspace.text(file)?, self.encoding))
    }

    /// Returns a mistake in the protocol's shape.
    pub fn told(&self, diagnostic: &Diagnostic) -> Value {
        let text = self.workspace.text(&diagnostic.at.file).unwrap_or_default();
        let lines = Lines::of(text, self.encoding);
        let range = diagnostic.at.span.map_or_else(lsp::Range::default, |span| lines.of_span(span));
        let mut message = diagnostic.message.in_language(self.language).to_owned();
        if let Some(remedy) = &diagnostic.remedy {
            message.push('\n');
            message.push_str(remedy.in_language(self.language));
        }
        let severity = match diagnostic.kind.severity {
            Severity::Error => lsp::DiagnosticSeverity::Error,
            Severity::Warning => lsp::DiagnosticSeverity::Warning,
        };
        json!({
            "range": range, "severity": severity, "code": diagnostic.kind.code, "source": "redress",
            "message": message,
        })
    }

    /// Returns the edits that are certain to mend what is wrong in a part of a file; none while it is being
    /// checked anew.
    fn fixes(&self, file: &str, within: lsp::Range) -> Option<Value> {
        let (after, found) = &self.found;
        if *after != self.change {
            return None;
        }
        let (lines, uri) = (self.lines(file)?, self.folder.uri(file)?);
        let fix = |diagnostic: &Diagnostic| {
            let at = lines.of_span(diagnostic.at.span?);
            let (fix, remedy) = (diagnostic.fix.as_ref()?, diagnostic.remedy.as_ref());
            if at.end < within.start || within.end < at.start {
                return None;
            }
            let title = remedy.map_or(&diagnostic.message, |remedy| remedy).in_language(self.language);
            let edit = json!({"range": lines.of_span(fix.span), "newText": fix.replacement});
            Some(json!({
                "title": title, "kind": "quickfix", "isPreferred": true, "diagnostics": [self.told(diagnostic)],
                "edit": {"changes": {uri.0.clone(): [edit]}},
            }))
        };
        Some(found.iter().filter(|d| d.at.file == file).filter_map(fix).collect())
    }

    fn completions(&self, file: &str, found: Vec<Completion>) -> Value {
        let Some(lines) = self.lines(file) else { return Value::Null };
        let item = |(i, c): (usize, Completion)| {
            let kind = match c.kind {
                CompletionKind::Keyword => CompletionItemKind::Keyword,
                CompletionKind::Function => CompletionItemKind::Function,
                CompletionKind::Method => CompletionItemKind::Method,
                CompletionKind::Field => CompletionItemKind::Field,
                CompletionKind::Constant => CompletionItemKind::Constant,
                CompletionKind::Name => CompletionItemKind::EnumMember,
                CompletionKind::Variable => CompletionItemKind::Variable,
            };
            json!({
                "label": c.text, "kind": kind, "detail": c.detail, "sortText": format!("{i:04}"),
                "textEdit": {"range": lines.range(c.range), "newText": c.text},
            })
        };
        let items: Vec<Value> = found.into_iter().enumerate().map(item).collect();
        json!({"isIncomplete": false, "items": items})
    }

    fn hover(&self, file: &str, hover: crate::rules::editor::Hover) -> Option<Value> {
        let range = self.lines(file)?.range(hover.range);
        Some(json!({"contents": {"kind": "markdown", "value": hover.markdown}, "range": range}))
    }

    fn locations(&self, spots: &[Spot]) -> Value {
        let location = |spot: &Spot| {
            let uri = self.folder.uri(&spot.file)?;
            let range = self.lines(&spot.file)?.range(spot.range.clone());
            Some(json!({"uri": uri, "range": range}))
        };
        spots.iter().filter_map(location).collect()
    }

    fn prepare_rename(&self, at: &lsp::PrepareRenameParams) -> Answer {
        let found = self.at(&at.text_document_position_params, |w, f, o| w.renamable(f, o));
        let Some((file, found)) = found else { return Ok(Value::Null) };
        let (range, name) = found.map_err(refused)?;
        let Some(lines) = self.lines(&file) else { return Ok(Value::Null) };
        Ok(json!({"range": lines.range(range), "placeholder": name}))
    }

    fn rename(&mut self, asked: &lsp::RenameParams) -> Answer {
        let at = &asked.text_document_position_params;
        let found = self.at(at, |w, f, o| w.rename(f, o, &asked.new_name));
        let Some((_, found)) = found else { return Ok(Value::Null) };
        let renaming = found.map_err(refused)?;
        if !renaming.files.is_empty() && !self.renames_files {
            let why =
                "This editor cannot rename files along with what is in them; rename the message elsewhere.";
            return Err(Refusal { code: code::REQUEST_FAILED, why: why.to_owned() });
        }
        self.shows.extend(renaming.note.clone());
        Ok(self.edit(&renaming))
    }

    /// Returns a renaming as one edit of the whole folder.
    fn edit(&self, renaming: &Renaming) -> Value {
        let mut by_file: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for place in &renaming.places {
            let Some(lines) = self.lines(&place.file) else { continue };
            let edit = json!({"range": lines.range(place.range.clone()), "newText": renaming.text});
            by_file.entry(&place.file).or_default().push(edit);
        }
        if !self.renames_files {
            let changes =
                by_file.into_iter().filter_map(|(file, edits)| Some((self.folder.uri(file)?.0, edits)));
            return json!({"changes": changes.collect::<BTreeMap<String, Vec<Value>>>()});
        }
        let mut changes: Vec<Value> = Vec::new();
        for (file, edits) in by_file {
            let Some(uri) = self.folder.uri(file) else { continue };
            let document = json!({"uri": uri, "version": self.folder.version(file)});
            changes.push(json!({"textDocument": document, "edits": edits}));
        }
        for (from, to) in &renaming.files {
            let (Some(from), Some(to)) = (self.folder.uri(from), self.folder.uri(to)) else { continue };
            changes.push(json!({"kind": "rename", "oldUri": from, "newUri": to}));
        }
        json!({"documentChanges": changes})
    }

    fn symbols(&self, file: &str) -> Value {
        let Some(lines) = self.lines(file) else { return Value::Null };
        let symbol = |item: OutlineItem| {
            let kind = match item.kind {
                OutlineKind::Statement => SymbolKind::Event,
                OutlineKind::Function => SymbolKind::Function,
                OutlineKind::Constant => SymbolKind::Constant,
                OutlineKind::Name => SymbolKind::EnumMember,
                OutlineKind::Heading => SymbolKind::String,
            };
            json!({
                "name": item.name, "detail": item.what, "kind": kind,
                "range": lines.range(item.range), "selectionRange": lines.range(item.name_range),
            })
        };
        self.workspace.outline(file).into_iter().map(symbol).collect()
    }
}

fn refused(refused: crate::rules::editor::Refused) -> Refusal {
    Refusal { code: code::REQUEST_FAILED, why: refused.to_string() }
}
