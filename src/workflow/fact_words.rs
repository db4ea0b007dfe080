//! What the facts of a complaint are called, in dossiers and in stories.

use crate::complaint::{Language, Words};

/// The text of the trail for a fact that was not known before.
pub(super) const UNSET: &str = "not set";

macro_rules! words {
    ($($name:ident: $nl:literal, $en:literal;)+) => {
        $(pub(super) const $name: Words = Words::new($nl, $en);)+
    };
}

words! {
    NUMBER: "Nummer", "Number";
    INTAKE: "Nummer bij binnenkomst", "Number on arrival";
    STATE: "Stand", "State";
    COMPLAINANT: "Klager", "Complainant";
    SUBMITTER: "Namens de klager ingediend door", "Submitted on behalf of the complainant by";
    FORWARDED: "Doorgestuurd door", "Passed on by";
    ABOUT: "Gaat over de medewerker", "Is about the employee";
    CHANNEL: "Binnengekomen per", "Came in by";
    RECEIVED: "Ontvangen", "Received";
    FIRST_CONTACT: "Eerste contact", "First contact";
    AROSE: "Wanneer het gebeurde", "When it happened";
    REGISTERED: "Ingeschreven", "Registered";
    PROMISED: "Antwoord beloofd vóór of op", "Answer promised by";
    PROMISED_FIRST: "Eerst beloofd vóór of op", "First promised by";
    RESPONSIBLE: "Verantwoordelijk", "Responsible";
    RESPONSIBLE_BEFORE: "Verantwoordelijk vanaf", "Responsible from";
    REFERS_TO: "Hoort bij klacht", "Belongs to complaint";
    DESCRIPTION: "Omschrijving", "Description";
    DECIDED: "Besloten op", "Decided on";
    PROPOSED: "Voorgesteld door", "Proposed by";
    VERDICT: "Oordeel", "Verdict";
    GROUND: "Grond", "Ground";
    REASONS: "Redenen", "Reasons";
    SOLUTION: "Oplossing", "Solution";
    AGREEMENT: "Is de klager het eens?", "Does the complainant agree?";
    ESCALATION: "Escalatie", "Escalation";
    CAUSE_KIND: "Soort oorzaak", "Kind of cause";
    CAUSE: "Oorzaak", "Cause";
    MEETING_WHEN: "Wanneer", "When";
    MEETING_PLACE: "Waar", "Where";
    PLANNED: "Gepland", "Planned";
    HELD: "Gehouden", "Held";
    CANCELLED: "Afgezegd", "Cancelled";
    NOBODY: "niemand", "nobody";
    NOTHING: "niets", "nothing";
    YES: "ja", "yes";
    NO: "nee", "no";
    REMOVED: "Wat dit was, is om de privacy verwijderd", "What this was, was removed for privacy";
    FROM_TO: "van {from} naar {to}", "from {from} to {to}";
    FACT_CHANGED: "{name}: gewijzigd", "{name}: changed";
    WAS: "Was", "Was";
    SENDER: "Van", "From";
    KIND: "Soort", "Kind";
    TEXT: "Tekst", "Text";
    BY_RULE: "Regel “{name}” gold.", "Rule “{name}” held.";
    BY_ACTION: "De handeling “{name}” is gekozen.", "The action “{name}” was taken.";
    BY_RULES_ACTION: "De handeling “{name}” is uitgevoerd door de regel “{rule}”.",
        "The action “{name}” was carried out by the rule “{rule}”.";
    BY_SCHEDULE: "De planning “{name}” was aan de beurt.", "The schedule “{name}” was due.";
    BY_ENGINE: "Het programma legt dit zelf vast, zonder regel.", "The program records this by itself, without a rule.";
    BY_MAIL: "Er kwam een bericht binnen.", "A mail came in.";
    BY_PERSON: "Een medewerker deed dit buiten de regels om.", "A member of staff did this outside the rules.";
    WRITER: "Wie het bericht schreef", "Whoever wrote the mail";
    COUNTED: "Geteld vanaf {base}, {span}: {end}.", "Counted from {base}, {span}: {end}.";
    FIXED: "Vastgesteld op {end}.", "Set to {end}.";
    ROLLED: "Dat schoof op naar {end}: {why}.", "That moved on to {end}: {why}.";
    STOOD_STILL: "Stond stil van {from} tot {to}.", "Stood still from {from} to {to}.";
    STANDS_STILL: "Staat stil sinds {from}.", "Stands still since {from}.";
    MET: "Gehaald op {at}", "Met on {at}";
    MET_LATE: "Te laat gehaald, op {at}", "Met late, on {at}";
    LAPSED: "Vervallen op {at}", "Lapsed on {at}";
    REPLACED: "Vervangen op {at}", "Replaced on {at}";
    PASSED: "Verstreken op {at}, niet gehaald", "Passed on {at}, not met";
    RUNS: "Loopt", "Runs";
    WAITS: "Staat stil", "Stands still";
}

/// Names of facts as the trail has them, and what they are called.
const FACTS: &[(&str, Words)] = &[
    ("number", NUMBER),
    ("counters", Words::new("Tellers", "Counters")),
    ("description", DESCRIPTION),
    ("reasons", REASONS),
    ("solution", SOLUTION),
    ("cause", CAUSE),
    ("cause_kind", CAUSE_KIND),
    ("verdict", VERDICT),
    ("ground", GROUND),
    ("agreement", AGREEMENT),
    ("responsible", RESPONSIBLE),
    ("proposed_by", PROPOSED),
    ("promised_by", PROMISED),
    ("promised_by_original", PROMISED_FIRST),
    ("decided_on", DECIDED),
    ("arose_on", AROSE),
    ("about", ABOUT),
    ("complainant", COMPLAINANT),
    ("complainant_name", Words::new("Naam van de klager", "Name of the complainant")),
    ("complainant_kind", Words::new("Soort klager", "Kind of complainant")),
    ("submitter", SUBMITTER),
    ("channel", CHANNEL),
    ("first_contact_on", FIRST_CONTACT),
    ("refers_to", REFERS_TO),
    ("incident", Words::new("Voorval", "Incident")),
    ("owner", Words::new("Uit te voeren door", "To be carried out by")),
    ("due", Words::new("Uitvoeren vóór of op", "Carry out by")),
    ("check_on", Words::new("Effect bekijken op", "Check the effect on")),
    ("note", Words::new("Aantekening", "Note")),
    ("state", STATE),
    ("status", STATE),
    ("day", Words::new("Dag", "Day")),
    ("time", Words::new("Tijd", "Time")),
    ("minutes", Words::new("Minuten", "Minutes")),
    ("place", MEETING_PLACE),
    ("from", SENDER),
    ("text", TEXT),
    ("kind", KIND),
];

/// Words of the trail for values that the procedure does not declare, and what they say.
const VALUES: &[(&str, Words)] = &[
    ("internal", Words::new("van binnen de organisatie", "from within the organisation")),
    ("external", Words::new("van buiten de organisatie", "from outside the organisation")),
    ("planned", PLANNED),
    ("held", HELD),
    ("cancelled", CANCELLED),
    ("email", Words::new("e-mail", "email")),
    ("forwarded", Words::new("e-mail, doorgestuurd door een medewerker", "email, passed on by staff")),
    ("phone", Words::new("telefoon", "phone")),
    ("paper", Words::new("papier", "paper")),
    ("chat", Words::new("chat", "chat")),
];

/// Returns what a value says; one that is not known here as it stands.
pub(super) fn known(value: &str, language: Language) -> &str {
    let known = VALUES.iter().find(|(known, _)| *known == value);
    known.map_or(value, |(_, words)| words.in_language(language))
}

/// Returns what a fact is called; a name that is not known here as it stands, in words.
pub(super) fn fact(name: &str, language: Language) -> String {
    let known = FACTS.iter().find(|(fact, _)| *fact == name);
    known.map_or_else(|| name.replace('_', " "), |(_, words)| words.in_language(language).to_owned())
}
