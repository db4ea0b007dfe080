//! `Failure`: the reason why a command failed, and how it exits.

use crate::app::AppError;
use crate::complaint::Language;
use crate::rules::diagnostics::Diagnostic;
use crate::store::StoreError;
use crate::workflow::{ChangeError, WorkflowError};

/// The exit code after which a mail server tries again (EX_TEMPFAIL).
pub(super) const TEMPORARY: u8 = 75;

/// The failure of a command: what to print and how to exit.
#[derive(Debug)]
pub(super) struct Failure {
    pub code: u8,
    pub text: String,
}

impl Failure {
    pub fn new(text: impl Into<String>) -> Self {
        Self { code: 1, text: text.into() }
    }

    /// Makes the failure of a ruleset that has mistakes.
    pub fn of_rules(found: &[Diagnostic], language: Language) -> Self {
        Self::new(found.iter().map(|d| d.in_language(language)).collect::<Vec<_>>().join("\n"))
    }

    /// Makes the failure of a command whose result is bad news, and has been printed.
    pub fn said() -> Self {
        Self::new("")
    }

    pub fn usage(text: impl Into<String>) -> Self {
        Self { code: 2, text: text.into() }
    }

    /// Makes a failure after which nothing is lost; the same command may succeed later (EX_TEMPFAIL).
    pub fn temporary(text: impl Into<String>) -> Self {
        Self { code: TEMPORARY, text: text.into() }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let text = match error {
            AppError::Rules(found) | AppError::Published(found) => {
                return Self::of_rules(&found, Language::English);
            }
            AppError::Store(StoreError::Busy) => {
                return Self::temporary("the database is busy");
            }
            other => chain(&other),
        };
        Self::new(text)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        AppError::Store(error).into()
    }
}

impl From<WorkflowError> for Failure {
    fn from(error: WorkflowError) -> Self {
        AppError::Workflow(error).into()
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(_, words) => Self::new(words),
            ChangeError::Workflow(error) => error.into(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(e) = source {
        text = format!("{text}: {e}");
        source = e.source();
    }
    text
}
