//! `outline` and `details`: the facts of a complaint and of an event that a plugin may know when it states no
//! purpose. The one place where the facts of a complaint are divided into those that may leave the
//! organisation and those that name somebody or are free text.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Complaint, Event, EventKind, Language, Name};
use crate::rules::{Procedure, is_personal_field};
use serde::Serialize;
use serde_json::{Value, json};

/// Number, state, dates and categories of a complaint: never a name or a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Outline {
    /// The intake id, as `I-2026-000001`; every complaint has one.
    pub intake_id: String,
    /// The number, as `K-2026-0001`; null until it is registered.
    pub number: Option<String>,
    /// The main state, as `procedure.toml` names it.
    pub state: String,
    /// The state in the language of the organisation.
    pub state_label: String,
    /// The way it reached the organisation: email, forwarded, phone, paper or chat.
    pub channel: String,
    /// The side the complainant stands on: internal or external.
    pub complainant_kind: String,
    /// The language of letters to the complainant: nl or en.
    pub language: String,
    /// The moment of receipt: RFC 3339, in the organisation's zone.
    pub received_at: String,
    /// The day by which an answer is promised, `YYYY-MM-DD`; null before it is.
    pub promised_by: Option<String>,
    /// The day of the decision, `YYYY-MM-DD`; null until it is decided.
    pub decided_on: Option<String>,
    /// The verdict, as `procedure.toml` names it; null until it is decided.
    pub verdict: Option<String>,
    /// The ground for not treating it, as `procedure.toml` names it; null when it is treated.
    pub ground: Option<String>,
    /// The complainant's agreement: yes, no, no_reply or not_applicable; null until known.
    pub agreement: Option<String>,
    /// The step of the escalation, as `procedure.toml` names it; null when there was none.
    pub escalation: Option<String>,
    /// The kind of cause, as `procedure.toml` names it; null until it is established.
    pub cause_kind: Option<String>,
    /// The flags that are set, as `procedure.toml` names them.
    pub flags: Vec<String>,
}

/// Returns what a plugin may know of a complaint; `language` is the organisation's.
///
/// Every fact is named, so that a new one has to be judged before this compiles.
pub fn outline(
    complaint: &Complaint,
    procedure: &Procedure,
    calendar: &Calendar,
    language: Language,
) -> Outline {
    let Complaint {
        intake_id,
        number,
        state,
        channel,
        complainant_kind,
        language: spoken,
        received_at,
        promised_by,
        decided_on,
        verdict,
        ground,
        agreement,
        escalation,
        cause_kind,
        flags,
        // People, and what identifies their mail or their complaints to others.
        complainant: _,
        submitter: _,
        about: _,
        forwarded_by: _,
        proposed_complainant: _,
        responsible: _,
        proposed_by: _,
        responsibilities: _,
        message_id: _,
        earlier_number: _,
        incident: _,
        links: _,
        refers_to: _,
        // Free text, and what may hold some.
        subject: _,
        reasons: _,
        solution: _,
        description: _,
        cause: _,
        extra: _,
        letters: _,
        measures: _,
        meeting: _,
        // Of no use to a target.
        language_is_assumed: _,
        triage_reason: _,
        first_contact_on: _,
        arose_on: _,
        registered_at: _,
        promised_by_original: _,
        counters: _,
        last: _,
        registered_under: _,
        // Not anybody's but the organisation's: an event of it goes to who subscribes to that.
        survey: _,
    } = complaint;
    let name = |n: &Option<Name>| n.as_ref().map(ToString::to_string);
    let day = |d: &Option<Date>| d.map(|d| d.to_string());
    let label = procedure.states.get(state).map(|s| s.in_language(language));
    Outline {
        intake_id: intake_id.to_string(),
        number: number.as_ref().map(ToString::to_string),
        state: state.to_string(),
        state_label: label.map_or_else(|| state.to_string(), str::to_owned),
        channel: channel.as_str().to_owned(),
        complainant_kind: complainant_kind.as_str().to_owned(),
        language: spoken.to_string(),
        received_at: calendar.rfc3339(*received_at),
        promised_by: day(promised_by),
        decided_on: day(decided_on),
        verdict: name(verdict),
        ground: name(ground),
        agreement: name(agreement),
        escalation: name(escalation),
        cause_kind: name(cause_kind),
        flags: flags.iter().map(ToString::to_string).collect(),
    }
}

/// Returns what a plugin may know of the facts of an event: that somebody else became responsible, but not
/// who; which rule fired, but not the values it read. The audit trail holds both for auditors.
pub fn details(event: &Event) -> Value {
    match (event.kind, event.data.get("field").and_then(Value::as_str)) {
        (EventKind::FactChanged, Some(field)) if is_personal_field(field) => json!({"field": field}),
        (EventKind::RuleFired, _) => without(&event.data, "because"),
        _ => event.data.clone(),
    }
}

/// The facts of events that are moments, by name; stored as epoch milliseconds.
const MOMENTS: &[&str] = &["due", "raw_end", "replaces_due", "nominal"];

/// Returns the facts of an event as programs outside read them: moments as RFC 3339 in the organisation's zone.
pub(super) fn readable(mut data: Value, calendar: &Calendar) -> Value {
    let fields = data.as_object_mut().into_iter().flatten();
    for (_, value) in fields.filter(|(name, _)| MOMENTS.contains(&name.as_str())) {
        if let Some(millis) = value.as_i64() {
            *value = calendar.rfc3339(Moment::from_millis(millis)).into();
        }
    }
    data
}

/// Returns whether the facts of events of a kind hold what is personal as well, where all are told.
pub(super) fn repeats_personal(kind: EventKind) -> bool {
    matches!(kind, EventKind::FactChanged | EventKind::RuleFired | EventKind::Faulted)
}

/// Returns all facts of an event: with who became responsible, and what a rule read.
pub(super) fn facts(event: &Event) -> Value {
    let (mut data, personal) = (event.data.clone(), event.personal.as_ref());
    let personal = personal.filter(|_| repeats_personal(event.kind)).and_then(Value::as_object);
    if let (Some(data), Some(personal)) = (data.as_object_mut(), personal) {
        data.extend(personal.clone());
    }
    data
}

fn without(data: &Value, name: &str) -> Value {
    let mut data = data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.remove(name);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::{
        ComplaintId, IntakeId, Letter, LetterStatus, Link, LinkKind, Measure, Origin, Party, Responsibility,
    };
    use crate::config::Settings;
    use crate::rules::RulesetSource;
    use crate::workflow::Published;

    /// Stands in every fact that names somebody or is free text.
    const PERSONAL: &str = "persoonlijk";

    fn personal() -> String {
        format!("{PERSONAL}@example.nl")
    }

    fn full(procedure: &Procedure) -> Complaint {
        fn first<T: Clone, U>(names: &std::collections::BTreeMap<T, U>) -> T {
            names.keys().next().expect("the procedure has one").clone()
        }
        let party = || Party { name: PERSONAL.to_owned(), email: personal() };
        let at = Moment::from_millis(1_800_000_000_000);
        let id = IntakeId::new(2026, 7);
        let mut c = Complaint::received(id, first(&procedure.states), PERSONAL.to_owned(), party(), at);
        c.submitter = Some(personal());
        c.about = Some(personal());
        c.incident = Some(PERSONAL.to_owned());
        c.forwarded_by = Some(personal());
        c.proposed_complainant = Some(party());
        c.message_id = personal();
        c.reasons = Some(PERSONAL.to_owned());
        c.solution = Some(PERSONAL.to_owned());
        c.description = Some(PERSONAL.to_owned());
        c.cause = Some(PERSONAL.to_owned());
        c.responsible = Some(personal());
        c.proposed_by = Some(personal());
        c.extra = [("own".into(), json!(PERSONAL))].into();
        let data = json!({"to": PERSONAL});
        let letter = Letter { status: LetterStatus::Queued, version: 1, ordinal: 1, data, asks: false };
        c.letters = [("reply".into(), letter)].into();
        c.measures = vec![Measure {
            id: 1,
            description: PERSONAL.to_owned(),
            owner: personal(),
            due: None,
            check_on: None,
            note: Some(PERSONAL.to_owned()),
            state: "open".into(),
        }];
        c.responsibilities = vec![Responsibility { person: Some(personal()), from: at, by: personal() }];
        c.links = vec![Link { kind: LinkKind::Candidate, other: ComplaintId(1) }];
        c.verdict = Some(first(&procedure.verdicts));
        c.flags = procedure.flags.keys().cloned().collect();
        c
    }

    #[test]
    fn it_holds_no_name_address_or_free_text() {
        let settings = Settings::load(None).expect("settings");
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let source = RulesetSource::read(&root.join("rules")).expect("rules");
        let published = Published::load(source, &settings).expect("rules without mistakes");
        let procedure = published.ruleset.procedure();
        let complaint = full(procedure);
        let marked = serde_json::to_string(&complaint).expect("JSON").matches(PERSONAL).count();
        assert!(marked >= 20, "the complaint is full of it: {marked}");
        let made = outline(&complaint, procedure, &settings.calendar, Language::Dutch);
        let text = serde_json::to_string(&made).expect("JSON");
        assert!(!text.contains(PERSONAL) && !text.contains('@'), "{text}");
        assert!(made.verdict.is_some() && made.flags.len() == complaint.flags.len(), "categories are there");
    }

    fn event(kind: EventKind, data: Value) -> Event {
        Event { kind, origin: Origin::ENGINE, summary: String::new(), data, personal: None }
    }

    #[test]
    fn details_say_that_somebody_else_is_responsible_but_not_who() {
        let change = |field: &str| json!({"field": field, "from": "not set", "to": personal()});
        for field in ["responsible", "proposed_by", "refers_to", "incident", "extra.own"] {
            let told = details(&event(EventKind::FactChanged, change(field)));
            assert_eq!(told, json!({"field": field}));
        }
        let verdict = change("verdict");
        assert_eq!(details(&event(EventKind::FactChanged, verdict.clone())), verdict);
    }

    #[test]
    fn details_say_that_a_rule_fired_but_not_what_it_read() {
        let because = [format!("complaint.responsible is {}", personal())];
        let fired = event(EventKind::RuleFired, json!({"because": because, "element": "1", "repeat": 0}));
        assert_eq!(details(&fired), json!({"element": "1", "repeat": 0}));
    }
}
