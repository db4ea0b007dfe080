//! R410: a group or list that is shown as a whole.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A group or list that is shown as a whole.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R410",
    slug: "whole-shown",
    severity: Severity::Error,
    meaning: Words::new(
        "Hier staat een groep of lijst, en geen gegeven daaruit. Schrijf welk: {{ deadline.reply.due|date }}.",
        "A group or list stands here, and no field of it. Say which: {{ deadline.reply.due|date }}.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ organisation }}\n",
        mended: "---\nsubject: s\n---\n{{ organisation.name }}\n",
    },
};

/// Says that a group is shown; `parts` are its parts.
pub fn report_group(at: Location, of: &str, parts: &[&str]) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` heeft onderdelen; schrijf welk er moet staan"),
        format!("`{of}` has parts; say which is to stand here"),
    );
    let parts: Vec<String> = parts.iter().take(12).map(|part| format!("`{of}.{part}`")).collect();
    let told = Diagnostic::new(&KIND, at, message);
    if parts.is_empty() {
        return told;
    }
    let parts = parts.join(", ");
    told.remedy(format!("dat kan zijn: {parts}"), format!("that may be: {parts}"))
}

/// Says that a list is shown.
pub fn report_list(at: Location, of: &str) -> Diagnostic {
    let message = Text::new(format!("`{of}` is een lijst"), format!("`{of}` is a list"));
    Diagnostic::new(&KIND, at, message).remedy(
        format!("ga haar langs: {{% for x in {of} %}} … {{% endfor %}}"),
        format!("go through it: {{% for x in {of} %}} … {{% endfor %}}"),
    )
}
