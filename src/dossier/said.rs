//! The words of a dossier, in Dutch and in English.

use crate::complaint::{Language, Words};

/// The words of a dossier.
pub(super) struct Said;

macro_rules! said {
    ($($name:ident: $nl:literal, $en:literal;)+) => {
        impl Said { $(pub const $name: Words = Words::new($nl, $en);)+ }
    };
}

said! {
    TITLE: "Dossier van klacht {reference}", "Dossier of complaint {reference}";
    MADE: "Gemaakt op {at} door {organisation}, met Redress {program}. Het loopt tot en met gebeurtenis {head} van het logboek.",
        "Made on {at} by {organisation}, with Redress {program}. It goes up to event {head} of the trail.";
    CONTENTS: "Inhoud", "Contents";
    FACTS: "De klacht in het kort", "The complaint in short";
    TERMS: "Termijnen", "Terms";
    NO_TERMS: "Er zijn geen termijnen geweest.", "There were no terms.";
    TERM: "Termijn", "Term";
    TERM_OWNER: "Voor", "For";
    TERM_END: "Uiterlijk", "By";
    TERM_HOW: "Hoe die dag is berekend", "How that day was reckoned";
    TERM_BECAME: "Wat ervan werd", "What became of it";
    DECISIONS: "Beslissing en uitkomst", "Decision and outcome";
    NO_DECISIONS: "Er is nog niet beslist.", "There is no decision yet.";
    MEASURES: "Maatregelen", "Measures";
    NO_MEASURES: "Er zijn geen maatregelen vastgelegd.", "No measures were recorded.";
    MEASURE: "Maatregel", "Measure";
    MEASURE_STATE: "Stand", "State";
    MEASURE_OWNER: "Uit te voeren door", "To be carried out by";
    MEASURE_DUE: "Uitvoeren vóór", "Carry out by";
    MEASURE_CHECK: "Effect bekijken op", "Check the effect on";
    MEASURE_NOTE: "Laatste aantekening", "Latest note";
    MEETING: "Gesprek", "Meeting";
    NO_MEETING: "Er is geen gesprek gepland.", "No meeting was planned.";
    TALK: "Wat is geschreven en gezegd", "What was written and said";
    TALK_LEAD: "Op volgorde van tijd: berichten, brieven, en aantekeningen van medewerkers.",
        "In the order of time: mails, letters, and notes of staff.";
    COURSE: "Het verloop, stap voor stap", "The course, step by step";
    COURSE_LEAD: "Alles wat het logboek over deze klacht heeft, met de reden. De regels zelf staan in de map rules.",
        "Everything that the trail has on this complaint, with the reason. The rules themselves are in the folder rules.";
    TURN: "Bericht {n}", "Item {n}";
    STEP: "Stap {n}", "Step {n}";
    MAIL: "Ontvangen bericht van", "Mail received from";
    MACHINE: "Automatisch bericht van", "Automatic mail from";
    CONTACT: "Contact, opgeschreven door een medewerker, met", "Contact, written down by staff, with";
    LETTER: "Brief aan", "Letter to";
    REMARK: "Aantekening van", "Note of";
    ACCEPTED: "Bezorgd bij de mailserver", "Delivered to the mail server";
    WAITING: "Nog niet verzonden", "Not sent yet";
    FAILED: "Niet bezorgd", "Not delivered";
    RECALLED: "Teruggehaald voordat zij vertrok", "Called back before it went";
    NOBODY: "Er was niemand om haar aan te sturen", "There was nobody to send it to";
    CUT: "De tekst is zo lang dat hier alleen het begin staat; het hele bericht staat in het bestand.",
        "The text is so long that only its beginning stands here; the whole mail is in the file.";
    FILE: "Bestand in dit dossier:", "File in this dossier:";
    ENCLOSED: "Bijlagen:", "Attachments:";
    IN_THE_MAIL: "staat in het bericht zelf", "is in the mail itself";
    BYTES: "{n} bytes", "{n} bytes";
    BY: "Door", "By";
    WHY: "Reden", "Reason";
    AS_IN: "Volgt uit stap {n}.", "Follows from step {n}.";
    HELD: "Dit gold toen, zoals de regel het leest:", "This held then, as the rule reads it:";
    WHERE: "{file}, tekstregel {line}", "{file}, line {line}";
    PUBLICATION: "publicatie {n} van de regels", "rules of publication {n}";
    SENTENCE: "Voert uit, zin {row} van de procedure:", "Carries out, sentence {row} of the procedure:";
    CHANGED: "Wat er veranderde", "What it changed";
    ANSWERS: "Wat is ingevuld", "What was filled in";
    EVENT_FACTS: "Gegevens", "Facts";
    EVENT: "gebeurtenis {seq} van het logboek", "event {seq} of the trail";
    PROOF: "Wat dit bestand bewijst", "What this file proves";
    PROOF_LEAD: "Dit bestand rekent zichzelf na zodra het in een browser opengaat. Daar is geen verbinding met internet voor nodig.",
        "This file recomputes itself when it is opened in a browser. That needs no connection to the internet.";
    NOT_RUN: "Hier is nog niets nagerekend: in dit programma staat JavaScript uit, of dit is een afdruk.",
        "Nothing has been recomputed here: JavaScript is off in this program, or this is a print.";
    CAN: "Wat het zonder sleutel kan laten zien", "What it can show without a key";
    CAN_TEXT: "Dat de tekst van elk blok en de gegevens van elke stap nog zijn zoals ze in dit bestand zijn gezet.",
        "That the text of each block and the facts of each step are still as they were put into this file.";
    CAN_PERSONAL: "Dat de persoonlijke gegevens van een stap bij de vingerafdruk horen die het logboek ervan bewaart.",
        "That the personal facts of a step belong to the fingerprint that the trail keeps of them.";
    CAN_LINKS: "Dat stappen die in het logboek direct op elkaar volgen, aan elkaar vastzitten. Liggen er stappen van andere zaken tussen, dan is alleen de vingerafdruk van de laatste daarvan meegegeven.",
        "That steps that follow one another directly in the trail are tied together. Where steps of other matters lie between, only the fingerprint of the last of them goes along.";
    CANNOT: "Wat het niet kan laten zien", "What it cannot show";
    CANNOT_KEY: "Dat het logboek zelf echt is. De vingerafdrukken daarin zijn gemaakt met een geheime sleutel, die alleen de organisatie heeft.",
        "That the trail itself is genuine. Its fingerprints were made with a secret key, which only the organisation has.";
    CANNOT_MISSING: "Dat geen stap van deze klacht is weggelaten op plaatsen waar stappen van andere zaken tussen liggen.",
        "That no step of this complaint was left out where steps of other matters lie between.";
    CANNOT_REMADE: "Dat niemand het hele bestand opnieuw heeft gemaakt. Wie dat doet, krijgt een ander controlegetal.",
        "That nobody made the whole file anew. Whoever does gets another check number.";
    ASK: "Wie zekerheid wil, laat de organisatie het hele dossier, het zip-bestand, nagaan met `redress export --check`. Dat vergelijkt elk bestand en elke stap met haar sleutel en haar logboek, en noemt dit controlegetal:",
        "Whoever wants certainty has the organisation check the whole dossier, the zip file, with `redress export --check`. That compares each file and each step with its key and its trail, and names this check number:";
    NUMBER: "Controlegetal", "Check number";
    BESIDE: "Wat er naast dit bestand in het dossier zit", "What is in the dossier beside this file";
    MAILS_ARE: "de berichten zoals ze binnenkwamen", "the mails as they came in";
    ATTACHMENTS_ARE: "wat ermee meekwam; ga ermee om als met elke bijlage van een onbekende",
        "what came with them; treat it like any attachment of a stranger";
    LETTERS_ARE: "de brieven zoals ze zijn verstuurd", "the letters as they were sent";
    RULES_ARE: "de regels die zijn toegepast, zoals ze toen golden, met de zinnen van de procedure die ze uitvoeren",
        "the rules that applied, as they were in force then, with the sentences of the procedure that they carry out";
    TIMELINE_IS: "het verloop voor programma's", "the course, for programs";
    MANIFEST_IS: "alle bestanden met hun grootte en SHA-256", "all files with size and SHA-256";
    SENTENCES_NOTE: "De zinnen van de procedure zijn die van de dag waarop dit dossier is gemaakt; de regels zijn die van toen.",
        "The sentences of the procedure are those of the day on which this dossier was made; the rules are those of then.";
}

/// The words of the script: its key for each, and the words.
const SCRIPT: &[(&str, Words)] = &[
    (
        "cannot",
        Words::new(
            "Deze browser kan het niet narekenen: hij heeft geen SHA-256 voor dit bestand. Open het in een andere browser.",
            "This browser cannot recompute it: it has no SHA-256 for this file. Open it in another browser.",
        ),
    ),
    (
        "holds",
        Words::new(
            "Nagerekend: dit bestand klopt met zichzelf. Wat dat wel en niet bewijst, staat onderaan.",
            "Recomputed: this file agrees with itself. What that proves and what it does not is told at the end.",
        ),
    ),
    (
        "broken",
        Words::new(
            "Nagerekend: dit bestand is veranderd nadat het is gemaakt.",
            "Recomputed: this file was changed after it was made.",
        ),
    ),
    ("texts", Words::new("De tekst van {n} blokken is ongewijzigd.", "The text of {n} blocks is unchanged.")),
    (
        "steps",
        Words::new("De gegevens van {n} stappen zijn ongewijzigd.", "The facts of {n} steps are unchanged."),
    ),
    (
        "personal",
        Words::new(
            "Van {n} stappen horen de persoonlijke gegevens bij de vingerafdruk in het logboek.",
            "The personal facts of {n} steps belong to the fingerprint in the trail.",
        ),
    ),
    (
        "removed",
        Words::new(
            "Van {n} stappen zijn de persoonlijke gegevens verwijderd voordat dit bestand werd gemaakt.",
            "The personal facts of {n} steps were removed before this file was made.",
        ),
    ),
    (
        "links",
        Words::new(
            "{n} keer volgen stappen in het logboek direct op elkaar, en daar zitten ze aan elkaar vast. {m} keer liggen er stappen van andere zaken tussen.",
            "{n} times steps follow one another directly in the trail, and there they are tied together. {m} times steps of other matters lie between.",
        ),
    ),
    ("wrong_text", Words::new("Veranderd: de tekst van ‘{name}’.", "Changed: the text of ‘{name}’.")),
    ("wrong_step", Words::new("Veranderd: de gegevens van stap {n}.", "Changed: the facts of step {n}.")),
    (
        "wrong_personal",
        Words::new(
            "Veranderd: de persoonlijke gegevens van stap {n} horen niet bij de vingerafdruk in het logboek.",
            "Changed: the personal facts of step {n} do not belong to the fingerprint in the trail.",
        ),
    ),
    (
        "wrong_link",
        Words::new(
            "Stap {n} zit niet vast aan de stap ervoor: er is iets weg of veranderd.",
            "Step {n} is not tied to the step before it: something is gone or changed.",
        ),
    ),
    (
        "wrong_count",
        Words::new(
            "Er ontbreken blokken of stappen, of er zijn er te veel.",
            "Blocks or steps are missing, or there are too many.",
        ),
    ),
    (
        "wrong_number",
        Words::new(
            "Het controlegetal hoort niet bij wat hier staat.",
            "The check number does not belong to what stands here.",
        ),
    ),
    ("mark", Words::new("Veranderd", "Changed")),
];

/// Returns the words of the script as JSON.
pub(super) fn of_script(language: Language) -> String {
    let words = SCRIPT.iter().map(|(key, words)| ((*key).to_owned(), words.in_language(language).into()));
    serde_json::Value::Object(words.collect()).to_string()
}
