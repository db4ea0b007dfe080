//! What keeps the question of the survey from being asked although it is on: told with the warnings of a ruleset.

use super::message_mistakes::file;
use crate::complaint::{MessageName, Recipient};
use crate::config::Settings;
use crate::message::Placeholders;
use crate::rules::diagnostics::kinds::survey_unasked;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::{Ruleset, notify_sites};

const FILE: &str = "procedure.toml";
/// The placeholder that a letter with the question shows.
const LINK: &str = "survey.link";

/// Returns why letters that should carry the question do not; nothing while it is off.
pub(super) fn unasked(ruleset: &Ruleset, settings: &Settings) -> Vec<Diagnostic> {
    let Some(survey) = ruleset.procedure().survey_in_use() else { return Vec::new() };
    let text = ruleset.source().files().get(FILE).map(String::as_str).unwrap_or_default();
    let no_address = settings.web.public_base().is_none();
    let place = || Location::first(FILE, text, "survey");
    let no_address = no_address.then(|| survey_unasked::report_no_address(place()));
    let sites = notify_sites(ruleset);
    let is_letter = |message: &&MessageName| {
        let to_complainant = |r: &Option<Recipient>| r.as_ref().is_none_or(|r| *r == Recipient::Complainant);
        sites.iter().any(|site| site.message == message.as_str() && to_complainant(&site.recipient))
    };
    let at = |message: &MessageName| Location::quoted(FILE, text, message.as_str());
    let (letters, others): (Vec<_>, Vec<_>) = survey.letters.iter().partition(is_letter);
    let others = others.into_iter().map(|m| survey_unasked::report_no_letter(at(m), m.as_str()));
    let without_link = letters.into_iter().flat_map(|m| {
        let silent = silent(ruleset, m).into_iter();
        silent.map(|file| survey_unasked::report_no_link(at(m), m.as_str(), &file))
    });
    no_address.into_iter().chain(others).chain(without_link).collect()
}

/// Returns the files of a letter that show no link.
fn silent(ruleset: &Ruleset, letter: &MessageName) -> Vec<String> {
    let texts = ruleset.source().messages().filter(|(_, message, _)| *message == letter.as_str());
    let shows = |text: &str| {
        let text = text.replace("\r\n", "\n");
        Placeholders::parse(&text).is_some_and(|p| p.shown().iter().any(|(path, _)| path == LINK))
    };
    texts.filter(|(.., text)| !shows(text)).map(|(language, message, _)| file(language, message)).collect()
}
