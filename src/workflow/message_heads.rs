//! The heads of messages, compared with where each is sent, with each other, and with what the procedure declares: when
//! a message goes is decided there (docs/semantics.md 8.1).

use super::message_mistakes::{file, place};
use super::timetable::TimetableMistake;
use crate::complaint::{Language, Recipient};
use crate::message::{BuiltinMessage, Dispatch, Templates};
use crate::rules::diagnostics::kinds::{digest_times, gathered_letter, undeclared_group, unlike_heads};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::{NotifySite, Ruleset};

/// Returns what is wrong with the heads of a ruleset's messages, as far as each can be read by itself.
pub(super) fn wrong(ruleset: &Ruleset, templates: &Templates, sites: &[NotifySite]) -> Vec<Diagnostic> {
    let groups: Vec<&str> = ruleset.procedure().digest.groups.iter().map(|g| g.name.as_str()).collect();
    let is_declared = |d: &Dispatch| d.group.as_ref().is_none_or(|group| groups.contains(&group.as_str()));
    let mut found = Vec::new();
    for (language, message, text) in ruleset.source().messages() {
        let Some(dispatch) = templates.dispatch(language, message) else { continue };
        let file = file(language, message);
        if let Some((group, on)) = dispatch.group.as_ref().zip(dispatch.group_on)
            && !is_declared(dispatch)
        {
            let at = Location::line(&file, text, on);
            found.push(undeclared_group::report(at, group, groups.iter().copied()));
        }
        if let Some(on) = dispatch.said_on {
            let at = || Location::line(&file, text, on);
            let is_own = BuiltinMessage::ALL.iter().any(|own| own.as_str() == message);
            let is_letter = |site: &&NotifySite| {
                site.message == message && site.recipient == Some(Recipient::Complainant)
            };
            match sites.iter().find(is_letter) {
                _ if is_own => found.push(gathered_letter::report_own(at())),
                Some(site) => found.push(gathered_letter::report(at(), &place(site))),
                None => {}
            }
        }
        if language == Language::Dutch.as_str()
            && let Some(other) = templates.dispatch(Language::English.as_str(), message)
            && is_declared(dispatch)
            && is_declared(other)
            && (dispatch.timing, &dispatch.group) != (other.timing, &other.group)
        {
            let on = dispatch.said_on.or(dispatch.group_on).unwrap_or(1);
            let other = format!("messages/{}/{message}.md", Language::English);
            found.push(unlike_heads::report(Location::line(&file, text, on), &other));
        }
    }
    found
}

/// Tells what is wrong with the times that the procedure declares.
pub(super) fn wrong_times(ruleset: &Ruleset, mistake: &TimetableMistake) -> Diagnostic {
    const FILE: &str = "procedure.toml";
    let text = ruleset.source().files().get(FILE).map(String::as_str).unwrap_or_default();
    let at = |said: &str| Location::quoted(FILE, text, said);
    match mistake {
        TimetableMistake::NoTime(said) => digest_times::report_no_time(at(said), said),
        TimetableMistake::NoHours(said) => digest_times::report_no_hours(at(said)),
        TimetableMistake::DigestOutside(said) => digest_times::report_outside(at(said), said),
    }
}
