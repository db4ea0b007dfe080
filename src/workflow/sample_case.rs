//! The complaints against which messages are rendered at load: one with everything filled, one with as little
//! as may be.

use crate::calendar::{Date, Moment, TimeOfDay};
use crate::complaint::{
    Case, Complaint, ComplaintId, Deadline, DeadlineName, IntakeId, Measure, Meeting, MeetingStatus, Number,
    Party, Role, Source,
};
use crate::rules::{Certain, Procedure};
use serde_json::json;

/// The moment at which the samples were received, in epoch milliseconds: some day in 2027.
const AT: i64 = 1_800_000_000_000;

/// Returns a complaint with every field filled and every deadline armed.
pub(super) fn full(procedure: &Procedure) -> Case {
    let at = Moment::from_millis(AT);
    let day = Date::from_ymd_opt(2027, 1, 4);
    let party = Party { name: "x".to_owned(), email: "x@example.nl".to_owned() };
    let mut c =
        Complaint::received(IntakeId::new(2026, 1), procedure.initial.clone(), "x".to_owned(), party, at);
    let text = || Some("x".to_owned());
    c.number = Some(Number::new(2026, 1));
    (c.arose_on, c.promised_by, c.promised_by_original, c.decided_on) = (day, day, day, day);
    (c.reasons, c.solution, c.description, c.cause, c.responsible) = (text(), text(), text(), text(), text());
    c.verdict = procedure.verdicts.keys().next().cloned();
    c.ground = procedure.grounds.keys().next().cloned();
    c.cause_kind = procedure.causes.keys().next().cloned();
    c.agreement = procedure.agreements.keys().next().cloned();
    c.escalation = procedure.escalations.keys().next().cloned();
    c.refers_to = c.number.clone();
    c.extra = procedure.extra.iter().map(|(name, field)| (name.clone(), field.sample())).collect();
    c.first_contact_on = day;
    (c.incident, c.about) = (text(), text());
    c.meeting = day.map(|day| Meeting {
        number: 1,
        day,
        time: TimeOfDay::MIN,
        minutes: 60,
        place: "x".to_owned(),
        sequence: 0,
        status: MeetingStatus::Planned,
        answer: None,
    });
    c.measures = vec![Measure {
        id: 1,
        description: "x".to_owned(),
        owner: "x".to_owned(),
        due: day,
        check_on: day,
        note: text(),
        state: "x".into(),
    }];
    let mut case = Case::new(ComplaintId(1), c);
    case.deadlines = procedure.deadlines.keys().map(|name| armed(name.clone(), at)).collect();
    case
}

/// Returns a complaint with every field filled, in words that a person reads a letter with.
pub(super) fn readable(procedure: &Procedure, responsible: Option<String>) -> Case {
    let mut case = full(procedure);
    let c = &mut case.complaint;
    "Jan Voorbeeld".clone_into(&mut c.complainant.name);
    "jan@example.nl".clone_into(&mut c.complainant.email);
    "Klacht over de cursus".clone_into(&mut c.subject);
    let said = |text: &str| Some(text.to_owned());
    c.description = said("De zaal was te klein voor de groep.");
    c.cause = said("De zaal was dubbel geboekt.");
    c.solution = said("De cursist volgt de cursus opnieuw, zonder kosten.");
    c.reasons = said("De zaal voldeed niet aan wat was afgesproken.");
    c.incident = said("Op de cursusdag waren er twintig stoelen voor dertig mensen.");
    c.responsible = responsible.or(c.responsible.take());
    c.about = c.responsible.clone();
    if let Some(meeting) = &mut c.meeting {
        "het kantoor".clone_into(&mut meeting.place);
    }
    for measure in &mut c.measures {
        "Zalen worden een week vooraf nagekeken.".clone_into(&mut measure.description);
        measure.note = None;
        measure.owner = c.responsible.clone().unwrap_or_default();
        measure.state = procedure.measures.keys().next().cloned().unwrap_or(measure.state.clone());
    }
    case
}

/// Returns a complaint as it comes in, from nobody who is known and without a deadline, but for what is
/// certain to be filled where a message is sent.
pub(super) fn least(procedure: &Procedure, full: &Case, certain: &Certain) -> Case {
    let at = Moment::from_millis(AT);
    let (intake_id, state) = (IntakeId::new(2026, 1), procedure.initial.clone());
    let mut c = Complaint::received(intake_id, state, "x".to_owned(), Party::default(), at);
    let (mut facts, filled) = (json!(c), json!(full.complaint));
    for field in &certain.fields {
        let pointer = format!("/{}", field.replace('.', "/"));
        match (field.split_once('.'), filled.pointer(&pointer)) {
            (Some((group, name)), Some(value)) => facts[group][name] = value.clone(),
            (None, Some(value)) => facts[field.as_str()] = value.clone(),
            (_, None) => {}
        }
    }
    if let Ok(known) = serde_json::from_value::<Complaint>(facts) {
        c = known;
    }
    let mut case = Case::new(ComplaintId(1), c);
    let is_certain = |d: &&Deadline| certain.deadlines.contains(d.name.as_str());
    case.deadlines = full.deadlines.iter().filter(is_certain).cloned().collect();
    case
}

fn armed(name: DeadlineName, at: Moment) -> Deadline {
    Deadline::armed(name, Role::from("x"), at, at, Source::Engine)
}
