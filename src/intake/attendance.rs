//! `Attendance`: the answer to an invitation (RFC 5546, METHOD:REPLY): the meeting, the attendee, the answer.

use super::part::media_type;
use super::text;
use crate::complaint::Coming;
use icalendar::parser::{read_calendar, unfold};
use mail_parser::Message;
use serde::Serialize;

/// A calendar's answer to an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendance {
    /// The invitation's UID.
    pub uid: String,
    /// The attendee's address, in lower case.
    pub attendee: String,
    /// The answer.
    pub coming: Coming,
}

/// The deepest nesting of components that is read: the parser goes as deep as a text says, and runs out of stack.
const NESTING: usize = 8;

/// Returns whether components stand in each other so deeply that it is no answer of anybody's.
fn is_too_deep(unfolded: &str) -> bool {
    let begins = |line: &str, word: &str| {
        line.trim_start().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let mut depth = 0_usize;
    unfolded.split(['\r', '\n']).any(|line| {
        depth = match line {
            line if begins(line, "BEGIN:") => depth + 1,
            line if begins(line, "END:") => depth.saturating_sub(1),
            _ => depth,
        };
        depth > NESTING
    })
}

/// Reads the answer that a mail carries, when it is one.
pub(super) fn attendance_of(message: &Message) -> Option<Attendance> {
    let part = message.parts.iter().find(|p| media_type(p).as_deref() == Some("text/calendar"))?;
    let text = text::body(&String::from_utf8_lossy(part.contents()));
    let unfolded = unfold(&text);
    if is_too_deep(&unfolded) {
        return None;
    }
    let calendar = read_calendar(&unfolded).ok()?;
    let method = calendar.properties.iter().find(|p| p.name == "METHOD")?;
    if !method.val.as_str().eq_ignore_ascii_case("REPLY") {
        return None;
    }
    let event = calendar.components.iter().find(|c| c.name == "VEVENT")?;
    let uid = event.properties.iter().find(|p| p.name == "UID")?.val.as_str().trim().to_owned();
    let attendee = event.properties.iter().find(|p| p.name == "ATTENDEE")?;
    let status = attendee.params.iter().find(|p| p.key == "PARTSTAT")?;
    let coming = match status.val.as_ref()?.as_str() {
        "ACCEPTED" => Coming::Accepted,
        "DECLINED" => Coming::Declined,
        "TENTATIVE" => Coming::Tentative,
        _ => return None,
    };
    let address = attendee.val.as_str().to_lowercase();
    let attendee = address.trim_start_matches("mailto:").trim().to_owned();
    Some(Attendance { uid, attendee, coming })
}
