//! Where messages to our own people lead on the page. A link does nothing by itself: it asks for sign-in, and opens what is
//! the reader's to do then, or says why the message came. Letters never carry one, but that of the survey, which is made when
//! they go (`survey_link.rs`).

use crate::calendar::Date;
use crate::complaint::{Complaint, Language, Notification, Recipient, Source};
use crate::config::Settings;
use crate::message::{BuiltinMessage, Link};
use crate::report::period_text;
use serde_json::Value;

/// What is found behind a link, in Dutch and English.
const PASSWORD: [&str; 2] = ["Nieuw wachtwoord kiezen", "Choose a new password"];
const TO_DO: [&str; 2] = ["Openen", "Open"];
const REPORT: [&str; 2] = ["Het verslag", "The report"];
const WHY: [&str; 2] = ["Waarom kreeg ik dit", "Why did I get this"];

/// What stands around the id of a request where its link will stand in a mail; intake and texts have no such characters.
pub(super) const OPENS: char = '\u{F8E0}';
pub(super) const CLOSES: char = '\u{F8E1}';

/// Returns what stands for the link of a request until its mail goes.
fn link_to_come(id: &str) -> String {
    format!("{OPENS}{id}{CLOSES}")
}

/// Returns a text in which something stands in the place of each mark; none where it has no mark that `with` knows, which
/// are left.
pub(super) fn replaced(text: &str, with: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let mut has_marks = false;
    while let Some((before, after)) = rest.split_once(OPENS) {
        let Some((mark, behind)) = after.split_once(CLOSES) else { break };
        out.push_str(before);
        match with(mark) {
            Some(put) => {
                out.push_str(&put);
                has_marks = true;
            }
            None => out.extend([String::from(OPENS), mark.to_owned(), String::from(CLOSES)]),
        }
        rest = behind;
    }
    out.push_str(rest);
    has_marks.then_some(out)
}

/// Returns whether a message leaves the organisation.
pub(super) fn is_outside(settings: &Settings, recipient: &Recipient) -> bool {
    match recipient {
        Recipient::Complainant => true,
        Recipient::Person(address) => !settings.is_ours(address),
        Recipient::Responsible | Recipient::Role(_) => false,
    }
}

/// Returns where a message about a complaint or a report leads; nowhere where it leaves the organisation or browsers reach no page.
pub(super) fn links(
    settings: &Settings,
    n: &Notification,
    id: &str,
    complaint: Option<&Complaint>,
    language: Language,
) -> Vec<Link> {
    let words = |texts: [&'static str; 2]| texts[usize::from(language == Language::English)];
    if n.source == Source::Engine && n.message.as_str() == BuiltinMessage::PasswordReset.as_str() {
        let reset = n.data["reset"].as_str().unwrap_or_default();
        return vec![Link { words: words(PASSWORD), url: link_to_come(reset) }];
    }
    let Some(base) = settings.web.public_base().filter(|_| !is_outside(settings, &n.recipient)) else {
        return Vec::new();
    };
    let Some(complaint) = complaint else {
        let report = period(&n.data).map(|days| format!("{base}/reports/{}", period_text(days)));
        return report.map(|url| Link { words: words(REPORT), url }).into_iter().collect();
    };
    let mut links = vec![Link { words: words(TO_DO), url: to_do(&base, complaint.reference()) }];
    // `complaint/version/ordinal`, as notifications of a decision are named.
    if let Some((_, place)) = id.split_once('/') {
        let url = format!("{base}/complaints/{}/why/{place}", complaint.reference());
        links.push(Link { words: words(WHY), url });
    }
    links
}

/// Returns the period of the report that a message tells of; none where it tells of none.
fn period(data: &Value) -> Option<(Date, Date)> {
    let of = data.get("report").unwrap_or(data);
    let day = |name: &str| of.get(name)?.as_str()?.parse().ok();
    day("from").zip(day("to"))
}

/// Returns the address of what somebody has to do on a complaint.
pub(super) fn to_do(base: &str, reference: &str) -> String {
    format!("{base}/complaints/{reference}/next")
}
