//! A judgement of what is told of a mistake: is the place exact, the cause named, the remedy right?

use super::case::{Case, ruleset};
use redress::config::Settings;
use redress::rules::RulesFolder;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::{Diagnostic, Fix, Severity};
use std::collections::BTreeMap;

/// Returns the mistakes of a folder of these files, and what is probably not meant.
pub fn told(files: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let mut files = files.clone();
    let scenarios = files.extract_if(.., |name, _| name.starts_with("tests/")).collect();
    let folder = RulesFolder { source: RulesetSource::new(files), scenarios, clauses: None };
    folder.check(&Settings::parse("", "redress.toml").unwrap()).diagnostics
}

/// How well one mistake is told.
pub struct Judgement {
    told: Vec<Diagnostic>,
    /// Whether it is told at the line, and at the very columns.
    line: bool,
    columns: bool,
    kind: bool,
    cause: bool,
    remedy: bool,
    /// What a person gives the words.
    words: f64,
}

impl Judgement {
    /// Judges what is told of a case.
    pub fn of(case: &Case) -> Self {
        let told = told(&case.files());
        let place = case.place();
        let of_kind = told.iter().find(|d| d.kind.code == case.code && d.at.file == case.file);
        let first = of_kind.or(told.first());
        let span = first.and_then(|d| d.at.span);
        let cause = first.is_some_and(|d| {
            let remedy = |language: &str| match (&d.remedy, language) {
                (Some(remedy), "nl") => remedy.nl.clone(),
                (Some(remedy), _) => remedy.en.clone(),
                (None, _) => String::new(),
            };
            let holds = |text: &str, words: &str| text.to_lowercase().contains(&words.to_lowercase());
            holds(&format!("{} {}", d.message.nl, remedy("nl")), &case.nl)
                && holds(&format!("{} {}", d.message.en, remedy("en")), &case.en)
        });
        let remedy = first.is_some_and(|d| {
            let words = d.remedy.as_ref().map(|r| r.nl.clone()).unwrap_or_default();
            let fixed = d.fix.as_ref().map(|f| f.replacement.clone()).unwrap_or_default();
            format!("{} {words} {fixed}", d.message.nl).contains(&case.remedy)
                && (!case.mends || mends(case, d.fix.as_ref()))
        });
        Self {
            line: first.is_some_and(|d| d.at.file == case.file)
                && span.map(|s| s.line) == place.map(|p| p.line),
            columns: span == place,
            kind: of_kind.is_some(),
            cause,
            remedy,
            words: case.words,
            told,
        }
    }

    /// Returns whether the mistake is not told as one.
    pub fn is_accepted(&self) -> bool {
        self.told.iter().all(|d| d.kind.severity != Severity::Error)
    }

    /// Returns the mark, of 5: no better than the words are, and less for each part that is wrong, and when more is told
    /// than there is.
    pub fn mark(&self) -> f64 {
        let place = if self.columns {
            0.0
        } else if self.line {
            0.5
        } else {
            2.0
        };
        let cause = if self.cause && self.kind { 0.0 } else { 1.5 };
        let remedy = if self.remedy { 0.0 } else { 1.0 };
        let noise = if self.told.len() > 1 { 0.5 } else { 0.0 };
        let mark: f64 = if self.told.is_empty() { 0.0 } else { 5.0 - place - cause - remedy - noise };
        mark.max(0.0).min(self.words)
    }

    /// Says in what the telling falls short; none when it does not.
    pub fn shortfall(&self, case: &Case) -> Option<String> {
        let checks = [
            (self.columns, "place"),
            (self.kind, "kind"),
            (self.cause, "cause"),
            (self.remedy, "remedy"),
            (self.told.len() == 1, "one thing told"),
        ];
        let wrong: Vec<&str> = checks.iter().filter(|(right, _)| !right).map(|(_, what)| *what).collect();
        let place = case.place();
        let told: Vec<String> = self
            .told
            .iter()
            .map(|d| {
                format!(
                    "    {:?} {}{}",
                    d.at.span,
                    d.in_language(redress::complaint::Language::Dutch),
                    fix(d)
                )
            })
            .collect();
        (!wrong.is_empty()).then(|| {
            format!(
                "{}: {} (expected {} at {place:?})\n  {}\n{}",
                case.name,
                wrong.join(", "),
                case.code,
                case.written(),
                told.join("\n")
            )
        })
    }

    /// Returns its row of the table.
    pub fn row(&self, case: &Case) -> String {
        let sign = |right: bool| if right { "yes" } else { "no" };
        let code = self.told.first().map_or("none", |d| d.kind.code);
        format!(
            "| {} | {code} | {} | {} | {} | {:.1} |\n",
            case.name,
            sign(self.columns),
            sign(self.cause && self.kind),
            sign(self.remedy),
            self.mark()
        )
    }
}

fn fix(d: &Diagnostic) -> String {
    d.fix.as_ref().map(|f| format!("\n    -> {:?} at {:?}", f.replacement, f.span)).unwrap_or_default()
}

/// Returns whether a fix makes of the mistake what was there before it.
fn mends(case: &Case, fix: Option<&Fix>) -> bool {
    let Some(fix) = fix else { return false };
    let text = &case.files()[&case.file];
    let offset = |line: usize, column: usize| {
        let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    let (start, end) =
        (offset(fix.span.line, fix.span.column), offset(fix.span.end_line, fix.span.end_column));
    let mended = format!("{}{}{}", &text[..start], fix.replacement, &text[end..]);
    // White space is nobody's mistake.
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    plain(&mended) == plain(&ruleset()[&case.file])
}
