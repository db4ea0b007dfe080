//! Letters to read: every message that the scenarios send, in each language, as it goes.

use super::world::Going;
use super::{Published, organisation, scenario};
use crate::complaint::{Language, Recipient};
use crate::config::Settings;
use crate::message::{Rendered, TemplateError};
use crate::rules::diagnostics::Diagnostic;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A message that scenarios send, in the words of each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLetter {
    /// The name of the message.
    pub message: String,
    /// The one it is for.
    pub recipient: Recipient,
    /// The scenarios that send it in these words, in the order in which they are played.
    pub scenarios: Vec<String>,
    /// The words, in the order of [`Language::ALL`].
    pub words: Vec<Rendered>,
}

/// The letters of the scenarios, and what kept some from being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadLetters {
    /// The letters by message, those to the complainant first; what several scenarios say alike stands once.
    pub letters: Vec<ReadLetter>,
    /// The names of the scenarios that fail, and end where they do.
    pub failing: Vec<String>,
}

/// Plays the scenarios and writes down what they send.
///
/// # Errors
/// An organisation of the scenarios that cannot be read.
pub fn of_scenarios(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
) -> Result<ReadLetters, Box<Diagnostic>> {
    let written: Arc<Mutex<Vec<ReadLetter>>> = Arc::default();
    let reader = |name: &str| {
        let (written, name) = (Arc::clone(&written), name.to_owned());
        let read = move |going: &Going<'_>| {
            let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
            note(&mut written, going, &name);
        };
        Box::new(read) as super::world::Reader
    };
    let files = organisation::on_ruleset(files, &published.ruleset)?;
    let stage = organisation::of_scenarios(&files, settings)?;
    // Whoever reads them reads what his own organisation writes.
    let (organisation, mailbox) = (settings.organisation.clone(), settings.mailbox.clone());
    let stage = Settings { organisation, mailbox, ..stage };
    let outcomes = scenario::play_read(published, &stage, &files, &|_| true, reader);
    let failing = outcomes.into_iter().filter(|o| o.failure.is_some()).map(|o| o.name).collect();
    let mut letters = std::mem::take(&mut *written.lock().unwrap_or_else(PoisonError::into_inner));
    letters.sort_by_key(|l| (l.recipient != Recipient::Complainant, l.message.clone()));
    Ok(ReadLetters { letters, failing })
}

/// Writes a message down in each language, or only who sent it too when it reads as one before.
fn note(written: &mut Vec<ReadLetter>, going: &Going<'_>, scenario: &str) {
    let n = going.notification;
    let words = Language::ALL.iter().map(|language| {
        let words = going.renderer.in_language(n, going.case, going.now, *language)?;
        let row = going.row;
        // What goes says as well how late it is.
        let as_it_goes =
            || Rendered { subject: row.subject.clone(), text: row.body.clone(), ..words.clone() };
        Ok::<_, TemplateError>(if row.language == words.language { as_it_goes() } else { words })
    });
    // What cannot be worded in the other language is a mistake that the check of the rules tells.
    let Ok(words) = words.collect::<Result<Vec<_>, _>>() else { return };
    let is_same = |l: &&mut ReadLetter| {
        l.message == n.message.as_str() && l.recipient == n.recipient && l.words == words
    };
    let scenario = scenario.to_owned();
    match written.iter_mut().find(is_same) {
        Some(same) if same.scenarios.contains(&scenario) => {}
        Some(same) => same.scenarios.push(scenario),
        None => written.push(ReadLetter {
            message: n.message.to_string(),
            recipient: n.recipient.clone(),
            scenarios: vec![scenario],
            words,
        }),
    }
}
