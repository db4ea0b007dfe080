//! Meetings: planning, moving and ending them; the invitation follows from the facts
//! (docs/procedure.md row 16).

use super::context::{Eval, Failure, Working, fail};
use super::convert::{date, filled};
use super::kind::Kind;
use super::kind::Kind::{Map as MapKind, Name, Nothing};
use super::vocabulary::Vocabulary;
use super::word::{Word, body, form, help, takes};
use crate::calendar::TimeOfDay;
use crate::complaint::{EventKind, Meeting, MeetingStatus};
use rhai::{Dynamic, Map, NativeCallContext};
use serde_json::json;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "meet",
        forms: &[form(&[takes("meeting", MapKind)], Nothing)],
        help: help(
            "plant het gesprek, of verzet het geplande",
            "plans the meeting, or moves the one that is planned",
        ),
        example: body(
            "meet(#{ day: today + days(7), time: \"10:00\", minutes: 45, place: \"telefonisch\" });",
        ),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext, fields: Map| meet(&context, &fields));
        },
        ..Word::ACTS
    },
    Word {
        name: "end_meeting",
        forms: &[form(&[takes("how", Name(Vocabulary::MeetingEnd))], Nothing)],
        help: help(
            "het geplande gesprek is gehouden (held) of afgezegd (cancelled)",
            "the planned meeting was held or cancelled",
        ),
        example: body("end_meeting(\"held\");"),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext, how: &str| end(&context, how));
        },
        ..Word::ACTS
    },
];

/// The keys of a meeting that a script may give.
pub(in crate::rules) const KEYS: &[&str] = &["day", "time", "minutes", "place"];
/// The length of a meeting when nothing is said, in minutes.
const USUAL_MINUTES: u32 = 60;

/// Plans a meeting, or moves the one that is planned.
/// Returns the kind of what a meeting has under a key.
pub(in crate::rules) fn kind(key: &str) -> Option<Kind> {
    match key {
        "day" => Some(Kind::Date),
        "time" => Some(Kind::TimeOfDay),
        "minutes" => Some(Kind::Number),
        "place" => Some(Kind::Text),
        _ => None,
    }
}

fn meet(context: &NativeCallContext, fields: &Map) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    if let Some(other) = fields.keys().find(|k| !KEYS.contains(&k.as_str())) {
        return Err(fail(
            format!("een gesprek heeft geen `{other}`; wel {}", KEYS.join(", ")),
            format!("a meeting has no `{other}`; it has {}", KEYS.join(", ")),
        ));
    }
    let given = |key: &str| fields.get(key).cloned().unwrap_or(Dynamic::UNIT);
    let day = date(given("day"))?
        .ok_or_else(|| fail("een gesprek heeft een dag nodig", "a meeting needs a day"))?;
    let time = filled(given("time"))?
        .ok_or_else(|| fail("een gesprek heeft een tijd nodig", "a meeting needs a time"))?;
    let time = TimeOfDay::parse_from_str(&time, "%H:%M").map_err(|_| {
        fail(
            format!("`{time}` is geen tijd op de dag; schrijf \"09:00\""),
            format!("`{time}` is not a time of day; write it as \"09:00\""),
        )
    })?;
    let place = filled(given("place"))?
        .ok_or_else(|| fail("een gesprek heeft een plaats nodig", "a meeting needs a place"))?;
    let minutes = given("minutes");
    let minutes = if minutes.is_unit() { Ok(i64::from(USUAL_MINUTES)) } else { minutes.as_int() };
    let minutes = minutes.ok().and_then(|m| u32::try_from(m).ok()).filter(|m| (5..=1440).contains(m));
    let minutes = minutes.ok_or_else(|| {
        fail("een gesprek duurt van 5 tot 1440 minuten", "a meeting lasts from 5 to 1440 minutes")
    })?;
    let mut working = eval.working();
    let before = working.case.complaint.meeting.as_ref();
    let (number, sequence) = match before {
        Some(m) if m.status == MeetingStatus::Planned => (m.number, m.sequence + 1),
        Some(m) => (m.number + 1, 0),
        None => (1, 0),
    };
    let status = MeetingStatus::Planned;
    working.case.complaint.meeting =
        Some(Meeting { number, day, time, minutes, place, sequence, status, answer: None });
    record(&mut working);
    Ok(())
}

fn end(context: &NativeCallContext, how: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    let mut ends = MeetingStatus::ALL.iter().copied().filter(|s| *s != MeetingStatus::Planned);
    let status = ends.find(|s| s.as_str() == how);
    let status = status.ok_or_else(|| {
        fail(
            format!("een gesprek is held of cancelled, niet `{how}`"),
            format!("a meeting is held or cancelled, not `{how}`"),
        )
    })?;
    let mut working = eval.working();
    let planned = working.case.complaint.meeting.as_mut().filter(|m| m.status == MeetingStatus::Planned);
    let Some(meeting) = planned else { return Ok(()) };
    meeting.status = status;
    meeting.sequence += 1;
    record(&mut working);
    Ok(())
}

fn record(working: &mut Working) {
    let Some(m) = working.case.complaint.meeting.clone() else { return };
    let time = m.time.format("%H:%M").to_string();
    let summary = format!("meeting {} {} for {} {time}", m.number, m.status.as_str(), m.day);
    let data = json!({
        "meeting": m.number, "status": m.status, "day": m.day, "time": time, "minutes": m.minutes, "sequence": m.sequence,
    });
    working.record_personal(EventKind::MeetingRecorded, summary, data, Some(json!({"place": m.place})));
}
