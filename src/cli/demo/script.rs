//! The steps of the demonstration, and their times.

use crate::calendar::{Calendar, Date, Moment, TimeOfDay};

/// A raw mail, with `{{case}}` where the intake id of an earlier mail belongs.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Bytes(&'static [u8]),
    Text(String),
}

pub(super) enum Filled<'r> {
    Bytes(&'r [u8]),
    Text(String),
}

impl Filled<'_> {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }
}

impl Raw {
    pub fn fill(&self, case: impl Fn(&str) -> String) -> Filled<'_> {
        match self {
            Self::Bytes(bytes) => Filled::Bytes(bytes),
            Self::Text(text) => {
                let named = text.split("{{").nth(1).and_then(|t| t.split("}}").next());
                Filled::Text(match named {
                    Some(name) => text.replace(&format!("{{{{{name}}}}}"), &case(name)),
                    None => text.clone(),
                })
            }
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Doing {
    Mail {
        name: &'static str,
        raw: Raw,
    },
    Act {
        case: &'static str,
        actor: &'static str,
        action: &'static str,
        input: Vec<(&'static str, &'static str)>,
    },
    /// A complaint by telephone, which an employee logs.
    Contact {
        name: &'static str,
        who: (&'static str, &'static str),
        subject: &'static str,
    },
    Conclude {
        period: (Date, Date),
        conclusions: &'static str,
    },
    Recommend {
        content: &'static str,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub at: Moment,
    pub doing: Doing,
}

pub(super) fn start() -> Moment {
    at("2026-04-13 08:00")
}

pub(super) fn end() -> Moment {
    at("2026-11-16 12:00")
}

/// Reads a local time; the demonstration plays in the Netherlands whatever the settings say.
fn at(text: &str) -> Moment {
    let calendar = Calendar::new(chrono_tz::Europe::Amsterdam, []);
    let (day, time) = text.split_once(' ').unwrap_or((text, "09:00"));
    let parsed = day.parse::<Date>().ok().zip(TimeOfDay::parse_from_str(time, "%H:%M").ok());
    let moment = parsed.and_then(|(day, time)| calendar.at(day, time).ok());
    moment.unwrap_or(Moment::from_millis(1_776_060_000_000))
}

macro_rules! mail {
    ($at:literal, $name:literal) => {
        Step {
            at: at($at),
            doing: Doing::Mail { name: $name, raw: Raw::Bytes(include_bytes!(concat!($name, ".eml"))) },
        }
    };
}

fn act(
    when: &str,
    case: &'static str,
    actor: &'static str,
    action: &'static str,
    input: &[(&'static str, &'static str)],
) -> Step {
    Step { at: at(when), doing: Doing::Act { case, actor, action, input: input.to_vec() } }
}

fn conclude(when: &str, from: &str, to: &str, conclusions: &'static str) -> Step {
    let day = |text: &str| text.parse().unwrap_or_default();
    Step { at: at(when), doing: Doing::Conclude { period: (day(from), day(to)), conclusions } }
}

pub(super) const RECEIVER: &str = "ontvanger@lagant.nl";
const HANDLER: &str = "behandelaar@lagant.nl";
/// Who takes an earlier register over.
pub(super) const IMPORTER: &str = "kwaliteit@lagant.nl";
pub(super) const DIRECTOR: &str = "directeur@lagant.nl";

/// Returns all steps in order of time.
pub(super) fn steps() -> Vec<Step> {
    let mut steps = samples();
    steps.sort_by_key(|s| s.at);
    steps
}

fn samples() -> Vec<Step> {
    let consulted = &[("consultation", "Met de planner, dezelfde dag")];
    vec![
        mail!("2026-04-13 09:12", "01_outlook"),
        act(
            "2026-04-16 10:00",
            "01_outlook",
            HANDLER,
            "record_facts",
            &[("arose_on", "2026-04-08"), ("description", "Geen parkeerplaats bij training Utrecht")],
        ),
        mail!("2026-04-20 11:40", "02_gmail"),
        act(
            "2026-04-21 09:30",
            "02_gmail",
            HANDLER,
            "ask_information",
            &[("questions", "Welke bladzijden ontbraken?")],
        ),
        mail!("2026-04-21 16:05", "03_apple"),
        reply(
            "2026-04-29 19:20",
            "reply_samira",
            "02_gmail",
            "Samira El Idrissi <samira@example.nl>",
            "Bladzijden 40 tot en met 82.",
        ),
        act("2026-04-30 10:00", "01_outlook", HANDLER, "note_consultation", consulted),
        act(
            "2026-04-30 10:15",
            "01_outlook",
            HANDLER,
            "decide",
            &[
                ("verdict", "upheld"),
                ("reasons", "De toegezegde plaatsen waren aan anderen gegeven."),
                ("solution", "Vergoeding van de parkeerkosten"),
                ("solution_due", "2026-05-22"),
            ],
        ),
        act(
            "2026-05-04 09:00",
            "03_apple",
            HANDLER,
            "escalate_complaint",
            &[("reason", "Een dag voor twaalf mensen valt buiten mijn mandaat")],
        ),
        act("2026-05-06 14:00", "01_outlook", HANDLER, "agree", &[]),
        act("2026-05-11 09:00", "02_gmail", HANDLER, "note_consultation", consulted),
        act(
            "2026-05-11 09:20",
            "02_gmail",
            HANDLER,
            "decide",
            &[
                ("verdict", "partly_upheld"),
                ("reasons", "De bladzijden ontbraken; de cijfers klopten wel."),
                ("solution", "Een volledig exemplaar per post"),
            ],
        ),
        act(
            "2026-05-12 16:00",
            "03_apple",
            DIRECTOR,
            "tell_approach",
            &[("approach", "Ik bel u deze week en kom daarna met een voorstel.")],
        ),
        act(
            "2026-05-18 10:00",
            "02_gmail",
            HANDLER,
            "disagree",
            &[("reason", "De cijfers klopten volgens de klager niet")],
        ),
        act(
            "2026-05-18 10:30",
            "02_gmail",
            HANDLER,
            "plan_meeting",
            &[("day", "2026-05-27"), ("place", "telefonisch")],
        ),
        act("2026-05-20 11:00", "01_outlook", HANDLER, "solution_done", &[]),
        act(
            "2026-05-20 11:30",
            "01_outlook",
            HANDLER,
            "evaluate",
            &[
                ("cause_kind", "location"),
                ("cause", "De locatie verhuurde de plaatsen dubbel"),
                ("structural", "ja"),
                ("measure", "Parkeerplaatsen schriftelijk laten bevestigen"),
                ("measure_due", "2026-06-30"),
            ],
        ),
        act("2026-05-21 09:00", "01_outlook", DIRECTOR, "approve_measure", &[("due", "2026-06-30")]),
        act(
            "2026-05-27 15:00",
            "02_gmail",
            HANDLER,
            "meeting_held",
            &[("minutes", "De berekening is samen nagelopen.")],
        ),
        act(
            "2026-05-28 09:00",
            "02_gmail",
            DIRECTOR,
            "conclude_disagreed",
            &[
                ("body", "de Geschillencommissie"),
                ("site", "www.degeschillencommissie.nl"),
                ("takes_part", "ja"),
            ],
        ),
        mail!("2026-05-28 13:45", "04_thunderbird"),
        act(
            "2026-05-29 09:00",
            "04_thunderbird",
            RECEIVER,
            "dismiss",
            &[("reason", "Vraag over de planning")],
        ),
        act("2026-06-01 10:00", "03_apple", DIRECTOR, "note_consultation", consulted),
        act(
            "2026-06-01 10:30",
            "03_apple",
            DIRECTOR,
            "decide_as_director",
            &[
                ("verdict", "upheld"),
                ("reasons", "De trainer was ziek en niemand heeft u gebeld."),
                ("solution", "Een nieuwe trainingsdag zonder kosten"),
                ("solution_due", "2026-09-01"),
            ],
        ),
        mail!("2026-06-02 08:50", "05_html_only"),
        mail!("2026-06-05 17:10", "06_windows1252"),
        mail!("2026-06-08 12:00", "08_forward"),
        act(
            "2026-06-08 15:00",
            "08_forward",
            RECEIVER,
            "register_complaint",
            &[("complainant", "kees@mulder.example"), ("complainant_name", "Kees Mulder")],
        ),
        act("2026-06-09 10:00", "03_apple", HANDLER, "agree", &[]),
        act("2026-06-10 10:00", "05_html_only", HANDLER, "note_consultation", consulted),
        act(
            "2026-06-10 10:10",
            "05_html_only",
            HANDLER,
            "decide",
            &[
                ("verdict", "upheld"),
                ("reasons", "The name was copied wrongly."),
                ("solution", "A new certificate"),
            ],
        ),
        mail!("2026-06-12 08:00", "09_auto_reply"),
        mail!("2026-06-16 10:20", "07_attachment"),
        act(
            "2026-06-18 09:00",
            "02_gmail",
            HANDLER,
            "evaluate",
            &[("cause_kind", "material"), ("cause", "Drukfout bij de leverancier"), ("structural", "nee")],
        ),
        act("2026-06-25 09:00", "01_outlook", HANDLER, "implement_measure", &[]),
        act(
            "2026-06-29 09:00",
            "08_forward",
            HANDLER,
            "propose_decline",
            &[("ground", "not_competent"), ("reasons", "De heer Mulder is geen klant van ons.")],
        ),
        act("2026-06-30 09:00", "08_forward", DIRECTOR, "approve_decline", &[]),
        act(
            "2026-07-01 09:00",
            "03_apple",
            HANDLER,
            "evaluate",
            &[
                ("cause_kind", "planning"),
                ("cause", "Geen vervanging bij ziekte"),
                ("structural", "ja"),
                ("measure", "Lijst van invallers"),
                ("measure_due", "2026-09-01"),
            ],
        ),
        act("2026-07-02 09:00", "03_apple", DIRECTOR, "approve_measure", &[("due", "2026-09-01")]),
        act("2026-07-06 10:00", "05_html_only", HANDLER, "no_reply", &[]),
        mail!("2026-07-07 09:05", "10_duplicate"),
        mail!("2026-07-08 16:30", "13_english"),
        mail!("2026-07-13 09:00", "12_no_text"),
        act("2026-07-14 09:00", "12_no_text", RECEIVER, "register_complaint", &[]),
        act(
            "2026-07-14 09:10",
            "12_no_text",
            HANDLER,
            "ask_information",
            &[("questions", "Waarover gaat uw klacht?")],
        ),
        act(
            "2026-07-14 09:30",
            "07_attachment",
            HANDLER,
            "ask_information",
            &[("questions", "Op welke dag was de training?")],
        ),
        act(
            "2026-07-20 09:30",
            "05_html_only",
            HANDLER,
            "evaluate",
            &[("cause_kind", "administration"), ("cause", "Overnemen met de hand"), ("structural", "nee")],
        ),
        mail!("2026-08-03 14:00", "11_late"),
        act("2026-08-04 09:00", "11_late", HANDLER, "record_facts", &[("arose_on", "2026-01-21")]),
        act("2026-08-05 09:00", "13_english", HANDLER, "note_consultation", consulted),
        act(
            "2026-08-05 09:10",
            "13_english",
            HANDLER,
            "decide",
            &[
                ("verdict", "upheld"),
                ("reasons", "The connection of our studio failed."),
                ("solution", "The session is repeated"),
            ],
        ),
        act("2026-08-07 09:00", "13_english", HANDLER, "agree", &[]),
        mail!("2026-08-18 11:00", "14_internal"),
        act("2026-08-20 09:00", "14_internal", "kwaliteit@lagant.nl", "assign", &[("handler", DIRECTOR)]),
        act(
            "2026-08-24 09:00",
            "13_english",
            HANDLER,
            "evaluate",
            &[("cause_kind", "location"), ("cause", "Enkelvoudige verbinding"), ("structural", "nee")],
        ),
        act("2026-08-31 09:00", "03_apple", HANDLER, "solution_done", &[]),
        act("2026-08-31 09:10", "03_apple", HANDLER, "implement_measure", &[]),
        act(
            "2026-09-07 09:00",
            "14_internal",
            DIRECTOR,
            "withdraw",
            &[("confirmation", "Mondeling, daarna per mail"), ("confirmed", "ja")],
        ),
        mail!("2026-09-08 20:15", "15_second"),
        act(
            "2026-09-14 09:00",
            "11_late",
            HANDLER,
            "extend",
            &[("promised_by", "2026-10-19"), ("reason", "De locatie reageert nog niet")],
        ),
        act("2026-10-05 09:00", "11_late", HANDLER, "note_consultation", consulted),
        act(
            "2026-10-05 09:30",
            "11_late",
            HANDLER,
            "decide",
            &[
                ("verdict", "partly_upheld"),
                ("reasons", "De groep was te groot; de klacht kwam laat."),
                ("solution", "Een korting van 25 %"),
            ],
        ),
        act(
            "2026-09-28 10:00",
            "01_outlook",
            HANDLER,
            "assess_measure",
            &[("effect", "effective"), ("note", "Geen klachten meer over parkeren in Utrecht")],
        ),
        act("2026-09-28 11:00", "01_outlook", DIRECTOR, "archive_complaint", &[]),
        act("2026-10-12 09:00", "11_late", HANDLER, "agree", &[]),
        conclude(
            "2026-07-10 09:00",
            "2026-04-01",
            "2026-06-30",
            "Twee klachten kwamen door de locatie Utrecht.",
        ),
        conclude(
            "2026-10-12 10:00",
            "2026-07-01",
            "2026-09-30",
            "Geen herhalingen; de maatregel in Utrecht werkt.",
        ),
        Step {
            at: at("2026-07-10 09:30"),
            doing: Doing::Recommend { content: "Leg afspraken met locaties schriftelijk vast." },
        },
        Step {
            at: at("2026-10-20 11:00"),
            doing: Doing::Contact {
                name: "phone",
                who: ("Ria Bakker", "ria@bakker.example"),
                subject: "De lunch bij de training in Zwolle",
            },
        },
        reply(
            "2026-10-22 20:00",
            "reply_ria",
            "phone",
            "Ria Bakker <ria@bakker.example>",
            "Ik bevestig mijn klacht: er was geen vegetarische lunch, hoewel ik die had besteld.",
        ),
    ]
}

fn reply(when: &str, name: &'static str, case: &'static str, from: &str, text: &str) -> Step {
    let raw = format!(
        "From: {from}\r\nTo: planning@lagant.nl\r\nSubject: Re: uw vraag\r\nMessage-ID: <{name}@example.nl>\r\n\
         References: <case.{{{{{case}}}}}@lagant.nl>\r\n\r\n{text}\r\n"
    );
    Step { at: at(when), doing: Doing::Mail { name, raw: Raw::Text(raw) } }
}
