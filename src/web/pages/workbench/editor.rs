//! `/proposals/ID/editor/…/PATH`: what the editor asks while its owner types in a file of a proposal. Places in a text are
//! counted as browsers count them, in UTF-16.

use super::{allowed, outlined, trouble};
use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, Lines, Severity, Span};
use crate::rules::editor::CompletionKind;
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::TypedFile;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The most mistakes that are told at once.
const MOST: usize = 500;

/// What the editor sends.
#[derive(Deserialize)]
struct Asked {
    text: String,
    #[serde(default)]
    offset: usize,
}

impl Asked {
    fn read(body: &Bytes) -> Result<Self, Trouble> {
        serde_json::from_slice(body).map_err(|_| Trouble::Unreadable)
    }

    fn typed(self, proposal: i64, path: String) -> TypedFile {
        TypedFile { proposal, path, text: self.text }
    }

    /// Returns what is typed, and the byte that is asked about.
    fn place(self, proposal: i64, path: String) -> (TypedFile, usize) {
        let offset = byte_of(&self.text, self.offset);
        (self.typed(proposal, path), offset)
    }
}

pub(in crate::web) async fn check(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, path)): Path<(i64, String)>,
    body: Bytes,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let typed = Asked::read(&body)?.typed(id, path.clone());
    let text = typed.text.clone();
    let checked =
        page.workflow.proposals().check_typed(&signed.person.email, typed).await.map_err(trouble)?;
    let tell = |d: &Diagnostic| told(d, &path, &text, signed.language);
    let all: Vec<Value> = checked.diagnostics.iter().take(MOST).map(tell).collect();
    let outline = outlined(&path, &text, signed.language);
    Ok(Json(json!({"diagnostics": all, "outline": outline})).into_response())
}

pub(in crate::web) async fn complete(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, path)): Path<(i64, String)>,
    body: Bytes,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let (typed, offset) = Asked::read(&body)?.place(id, path);
    let text = typed.text.clone();
    let (by, proposals) = (&signed.person.email, page.workflow.proposals());
    let found = proposals.complete_typed(by, typed, offset, signed.language).await.map_err(trouble)?;
    let from = found.first().map_or(offset, |first| first.range.start);
    let items = found.iter().filter(|item| item.range.start == from);
    let items = items.map(|item| {
        json!({"label": item.text, "kind": kind(item.kind), "detail": item.detail, "help": "", "insert": item.text})
    });
    let items: Vec<Value> = items.collect();
    Ok(Json(json!({"from": unit_of(&text, from), "items": items})).into_response())
}

pub(in crate::web) async fn hover(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, path)): Path<(i64, String)>,
    body: Bytes,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let (typed, offset) = Asked::read(&body)?.place(id, path);
    let text = typed.text.clone();
    let (by, proposals) = (&signed.person.email, page.workflow.proposals());
    let found = proposals.hover_typed(by, typed, offset, signed.language).await.map_err(trouble)?;
    let told = found.map(|hover| {
        json!({
            "from": unit_of(&text, hover.range.start), "to": unit_of(&text, hover.range.end),
            "markdown_free_text": plain(&hover.markdown),
        })
    });
    Ok(Json(told).into_response())
}

/// Tells a mistake as the editor shows it; one of another file at the beginning, with its place in words.
fn told(found: &Diagnostic, path: &str, text: &str, language: Language) -> Value {
    let severity = if found.kind.severity == Severity::Error { "error" } else { "warning" };
    let message = found.message.in_language(language);
    let help = found.remedy.as_ref().map(|remedy| remedy.in_language(language)).unwrap_or_default();
    if found.at.file != path {
        let place = match &found.at.span {
            Some(span) => format!("{}, {} {}", found.at.file, say(language, "line", &[]), span.line),
            None => found.at.file.clone(),
        };
        let message = format!("{place}: {message}");
        return json!({"from": 0, "to": 0, "severity": severity, "code": found.kind.code, "message": message,
            "help": help, "fix": null});
    }
    let (from, to) = found.at.span.as_ref().map_or((0, 0), |span| units(text, span));
    let fix = found.fix.as_ref().map(|fix| {
        let (from, to) = units(text, &fix.span);
        json!({"label": help, "changes": [{"from": from, "to": to, "insert": fix.replacement}]})
    });
    json!({"from": from, "to": to, "severity": severity, "code": found.kind.code, "message": message, "help": help,
        "fix": fix})
}

fn units(text: &str, span: &Span) -> (usize, usize) {
    let lines = Lines::from(text);
    let of = |line, column| unit_of(text, lines.offset(line, column));
    let (from, to) = (of(span.line, span.column), of(span.end_line, span.end_column));
    (from, to.max(from))
}

/// Returns the place of a byte as a browser counts.
fn unit_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    before.encode_utf16().count()
}

/// Returns the byte at a place that a browser counted; the end of the text where it lies beyond.
fn byte_of(text: &str, unit: usize) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += c.len_utf16();
    }
    text.len()
}

fn kind(kind: CompletionKind) -> &'static str {
    match kind {
        CompletionKind::Keyword => "keyword",
        CompletionKind::Function => "function",
        CompletionKind::Method => "method",
        CompletionKind::Field => "property",
        CompletionKind::Constant => "constant",
        CompletionKind::Name => "text",
        CompletionKind::Variable => "variable",
    }
}

/// Returns what stands in Markdown without its marks.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    lines.map(|line| line.replace(['`', '*'], "")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_browsers_count_them() {
        let text = "é😀x\r\ny";
        for (unit, byte) in [(0, 0), (1, 2), (3, 6), (4, 7), (6, 9), (7, 10), (99, 10)] {
            assert_eq!(byte_of(text, unit), byte);
            assert_eq!(unit_of(text, byte), unit.min(7));
        }
        // In the middle of what takes two.
        assert_eq!(byte_of(text, 2), 6);
        let span = Span { line: 1, column: 3, end_line: 2, end_column: 2 };
        assert_eq!(units(text, &span), (3, 7));
    }
}
