//! `/bulk/ACTION`: an action that asks nothing, on several complaints: what will happen to each, then yes, then what became of
//! each. Each is decided on its own.

use super::complaint::seen;
use crate::accounts::Token;
use crate::complaint::{Language, Recipient, Via};
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::{ActError, Foresight, OfferedAction, Submission, Submitted};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands before the number of a complaint that is chosen.
const CHOSEN: &str = "c.";
/// The most complaints at once.
const AT_ONCE: usize = 50;

/// Returns the actions that ask nothing, each once.
pub(super) fn of_several<'a>(actions: impl Iterator<Item = &'a OfferedAction>) -> Vec<Value> {
    let plain = actions.filter(|a| a.asks.is_empty());
    let each: BTreeMap<&str, &str> = plain.map(|a| (a.id.as_str(), a.label.as_str())).collect();
    each.into_iter().map(|(id, label)| context! { id, label }).collect()
}

/// A complaint that was chosen, and what is or was done with it.
struct Row {
    reference: String,
    subject: String,
    /// The version that was looked at; 0 where it cannot be done.
    version: i64,
    /// What will happen, or happened, or why not.
    words: Vec<String>,
    is_possible: bool,
}

impl Row {
    fn refused(reference: &str, subject: String, words: String) -> Self {
        Self { reference: reference.to_owned(), subject, version: 0, words: vec![words], is_possible: false }
    }
}

pub(in crate::web) async fn take(
    State(page): State<Arc<Page>>,
    Path(action): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let Some(label) = page.workflow.published().ruleset.action_label(&action).map(str::to_owned) else {
        return Err(Trouble::NotFound);
    };
    let chosen: Vec<(&str, &str)> = fields.under(CHOSEN).take(AT_ONCE).collect();
    let is_confirmed = fields.get("step") == "confirm";
    let key = Token::read(fields.get("key")).unwrap_or_else(Token::new);
    let several = Several { page: &page, signed: &signed, action: &action, key: &key };
    let mut rows = Vec::new();
    for (reference, version) in chosen {
        let version = version.parse::<i64>().ok().filter(|_| is_confirmed);
        rows.push(match several.row(reference, version).await {
            // Others may be done already, which is said; so is that this one is not.
            Err(trouble) if is_confirmed => several.failed(reference, trouble),
            row => row?,
        });
    }
    let status = if rows.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let possible = rows.iter().filter(|row| row.is_possible).count();
    let rows: Vec<Value> = rows
        .iter()
        .map(|r| {
            context! {
                reference => r.reference, subject => r.subject, version => r.version, words => r.words,
                is_possible => r.is_possible,
            }
        })
        .collect();
    let of = context! {
        action, label, rows, possible, is_done => is_confirmed, key => key.expose(),
        rules_language => page.language().as_str(),
    };
    let title = format!("{label} · {}", say(signed.language, "bulk_title", &[]));
    page.show(&signed, status, Shown { template: "bulk", title, here: "", of })
}

/// An action on several complaints, as somebody asks for it.
struct Several<'s> {
    page: &'s Arc<Page>,
    signed: &'s Signed,
    action: &'s str,
    key: &'s Token,
}

impl Several<'_> {
    /// Tells of a complaint on which the action failed.
    fn failed(&self, reference: &str, trouble: Trouble) -> Row {
        trouble.note();
        Row::refused(reference, String::new(), say(self.signed.language, "bulk_failed", &[]))
    }

    /// Looks at a complaint, or takes the action on it where a version was seen.
    async fn row(&self, reference: &str, version: Option<i64>) -> Result<Row, Trouble> {
        let refused = |subject, words| Row::refused(reference, subject, words);
        let language = self.signed.language;
        let (id, case) = match seen(self.page, self.signed, reference).await {
            Ok(found) => found,
            Err(Trouble::NotFound) => return Ok(refused(String::new(), say(language, "bulk_unknown", &[]))),
            Err(other) => return Err(other),
        };
        let (subject, person, nothing) = (case.complaint.subject, &self.signed.person.email, BTreeMap::new());
        let row = |version, words| Row {
            reference: reference.to_owned(),
            subject: subject.clone(),
            version,
            words,
            is_possible: true,
        };
        let outcome = match version {
            None => {
                let own = self.page.workflow.actions_for(person, id).await?.own;
                if !own.iter().any(|a| a.id == self.action && a.asks.is_empty()) {
                    return Ok(refused(subject, say(language, "bulk_not_offered", &[])));
                }
                let foreseen = self.page.workflow.foresee(person, id, self.action, &nothing).await;
                foreseen.map(|f| row(f.version, self.foreseen(&f)))
            }
            Some(version) => {
                let form = Submission {
                    person,
                    id,
                    action: self.action,
                    answers: &nothing,
                    version,
                    key: self.key.expose(),
                    via: Via::Page,
                };
                match self.page.workflow.submit(&form).await {
                    Ok(Submitted::Done | Submitted::Already) => {
                        Ok(row(version, vec![say(language, "taken", &[])]))
                    }
                    Ok(Submitted::Changed(_)) => {
                        return Ok(refused(subject, say(language, "bulk_changed", &[])));
                    }
                    Err(e) => Err(e),
                }
            }
        };
        match outcome {
            Ok(row) => Ok(row),
            Err(ActError::Refused(why)) => Ok(refused(subject, why.in_language(language).to_owned())),
            Err(ActError::Changed) => Ok(refused(subject, say(language, "bulk_changed", &[]))),
            Err(ActError::Unknown(_) | ActError::Stranger(_)) => {
                Ok(refused(subject, say(language, "bulk_unknown", &[])))
            }
            Err(ActError::Workflow(e)) => Err(e.into()),
        }
    }

    /// Says in short what would happen to one complaint.
    fn foreseen(&self, foresight: &Foresight) -> Vec<String> {
        let (language, labels) = (self.signed.language, self.page.workflow.labels(self.signed.language));
        let (before, after) = &foresight.states;
        let mut words = match before == after {
            true => Vec::new(),
            false => {
                let (before, after) = (labels.state(before), labels.state(after));
                vec![say(language, "foresight_state", &[("before", &before), ("after", &after)])]
            }
        };
        words.extend(foresight.course.iter().map(|text| text.in_language(language).to_owned()));
        let to_outside = foresight.letters.iter().filter(|l| l.recipient == Recipient::Complainant).count();
        words.push(letters(language, to_outside));
        words.extend(foresight.faults.iter().map(|text| text.in_language(language).to_owned()));
        words
    }
}

fn letters(language: Language, count: usize) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    say(language, &counted("bulk_letters", count), &[("n", &count.to_string())])
}
