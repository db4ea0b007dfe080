//! `Target`: what a column can be of a complaint, and by which names people call it.

use super::comparing::folded;
use crate::complaint::{Name, Words};
use std::fmt;

/// What a column is of a complaint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The number in the earlier register.
    EarlierNumber,
    /// The day on which it was received.
    ReceivedOn,
    /// The complainant's name.
    Name,
    /// The complainant's address.
    Email,
    /// What it is about, in a line.
    Subject,
    /// What happened.
    Description,
    /// Who is responsible for it: a name or an address of ours.
    Responsible,
    /// The verdict.
    Verdict,
    /// The day of the decision.
    DecidedOn,
    /// The reasons of the decision.
    Reasons,
    /// The solution.
    Solution,
    /// Whether the complainant agreed.
    Agreement,
    /// The cause, in words.
    Cause,
    /// The kind of cause.
    CauseKind,
    /// The way it came.
    Channel,
    /// Whether it was handled.
    Status,
    /// The day on which its handling ended.
    HandledOn,
    /// A field of the organisation's own.
    Own(Name),
}

/// A target with its word in mapping files, what people read, and the names of columns by which it is recognised.
struct Known {
    target: Target,
    word: &'static str,
    label: Words,
    names: &'static [&'static str],
}

const OWN: &str = "extra.";

const KNOWN: &[Known] = &[
    Known {
        target: Target::EarlierNumber,
        word: "earlier_number",
        label: Words::new("nummer in het oude register", "number in the earlier register"),
        names: &[
            "nummer",
            "nr",
            "klachtnummer",
            "klachtnr",
            "nummerklacht",
            "kenmerk",
            "registratienummer",
            "referentie",
            "dossiernummer",
            "dossier",
            "zaaknummer",
            "volgnummer",
            "id",
            "number",
            "complaintnumber",
            "reference",
            "ref",
            "caseid",
            "casenumber",
            "ticket",
            "ticketnummer",
        ],
    },
    Known {
        target: Target::ReceivedOn,
        word: "received_on",
        label: Words::new("datum van ontvangst", "day of receipt"),
        names: &[
            "datum",
            "ontvangen",
            "ontvangenop",
            "datumontvangst",
            "datumontvangen",
            "ontvangstdatum",
            "klachtdatum",
            "datumklacht",
            "datummelding",
            "meldingsdatum",
            "ingediendop",
            "datumindiening",
            "binnengekomen",
            "binnengekomenop",
            "date",
            "receivedon",
            "datereceived",
            "receiveddate",
            "complaintdate",
        ],
    },
    Known {
        target: Target::Name,
        word: "complainant_name",
        label: Words::new("naam van de klager", "complainant's name"),
        names: &[
            "klager",
            "naam",
            "naamklager",
            "klagernaam",
            "klant",
            "naamklant",
            "klantnaam",
            "melder",
            "indiener",
            "deelnemer",
            "cursist",
            "complainant",
            "name",
            "complainantname",
            "customer",
            "customername",
            "client",
        ],
    },
    Known {
        target: Target::Email,
        word: "complainant_email",
        label: Words::new("e-mailadres van de klager", "complainant's address"),
        names: &[
            "email",
            "emailadres",
            "mail",
            "mailadres",
            "emailklager",
            "emailadresklager",
            "klageremail",
            "emailaddress",
            "complainantemail",
            "customeremail",
        ],
    },
    Known {
        target: Target::Subject,
        word: "subject",
        label: Words::new("onderwerp", "subject"),
        names: &["onderwerp", "titel", "betreft", "kop", "subject", "title", "regarding", "topic"],
    },
    Known {
        target: Target::Description,
        word: "description",
        label: Words::new("omschrijving", "description"),
        names: &[
            "omschrijving",
            "omschrijvingklacht",
            "inhoud",
            "inhoudklacht",
            "klacht",
            "klachtomschrijving",
            "beschrijving",
            "toelichting",
            "aarddeklacht",
            "aardvandeklacht",
            "details",
            "content",
            "complaint",
            "description",
        ],
    },
    Known {
        target: Target::Responsible,
        word: "responsible",
        label: Words::new("behandelaar", "handler"),
        names: &[
            "behandelaar",
            "behandelddoor",
            "behandeldedoor",
            "verantwoordelijke",
            "verantwoordelijk",
            "eigenaar",
            "toegewezenaan",
            "handler",
            "handledby",
            "responsible",
            "owner",
            "assignedto",
            "assignee",
        ],
    },
    Known {
        target: Target::Verdict,
        word: "verdict",
        label: Words::new("oordeel", "verdict"),
        names: &[
            "oordeel",
            "besluit",
            "beslissing",
            "uitspraak",
            "gegrond",
            "gegrondongegrond",
            "verdict",
            "decision",
            "ruling",
        ],
    },
    Known {
        target: Target::DecidedOn,
        word: "decided_on",
        label: Words::new("datum van het besluit", "day of the decision"),
        names: &[
            "datumbesluit",
            "besluitdatum",
            "datumbeslissing",
            "beslisdatum",
            "datumoordeel",
            "datumuitspraak",
            "beslotenop",
            "decidedon",
            "decisiondate",
            "datedecided",
            "dateofdecision",
        ],
    },
    Known {
        target: Target::Reasons,
        word: "reasons",
        label: Words::new("motivering", "reasons"),
        names: &["motivering", "onderbouwing", "motivatie", "reasons", "reasoning"],
    },
    Known {
        target: Target::Solution,
        word: "solution",
        label: Words::new("oplossing", "solution"),
        names: &["oplossing", "geboden", "gebodenoplossing", "actie", "solution", "resolution", "remedy"],
    },
    Known {
        target: Target::Agreement,
        word: "agreement",
        label: Words::new("akkoord van de klager", "agreement of the complainant"),
        names: &[
            "akkoord",
            "akkoordklager",
            "klagerakkoord",
            "overeenstemming",
            "tevreden",
            "agreed",
            "agreement",
            "accepted",
            "satisfied",
        ],
    },
    Known {
        target: Target::Cause,
        word: "cause",
        label: Words::new("oorzaak", "cause"),
        names: &["oorzaak", "oorzaakklacht", "oorzaken", "cause", "rootcause"],
    },
    Known {
        target: Target::CauseKind,
        word: "cause_kind",
        label: Words::new("soort oorzaak", "kind of cause"),
        names: &[
            "soortoorzaak",
            "oorzaakcategorie",
            "categorie",
            "categorieoorzaak",
            "category",
            "causekind",
        ],
    },
    Known {
        target: Target::Channel,
        word: "channel",
        label: Words::new("kanaal", "channel"),
        names: &[
            "kanaal",
            "wijzevanindienen",
            "wijzevanontvangst",
            "binnengekomenvia",
            "ontvangenvia",
            "via",
            "channel",
            "receivedvia",
        ],
    },
    Known {
        target: Target::Status,
        word: "status",
        label: Words::new("afgehandeld of niet", "handled or not"),
        names: &[
            "status",
            "afgehandeld",
            "gesloten",
            "afgerond",
            "stand",
            "state",
            "closed",
            "handled",
            "resolved",
        ],
    },
    Known {
        target: Target::HandledOn,
        word: "handled_on",
        label: Words::new("datum van afhandeling", "day on which it was handled"),
        names: &[
            "datumafhandeling",
            "afhandeldatum",
            "afhandelingsdatum",
            "afgehandeldop",
            "datumafgehandeld",
            "datumgesloten",
            "geslotenop",
            "datumafgerond",
            "gereedop",
            "datumgereed",
            "closedon",
            "dateclosed",
            "handledon",
            "resolvedon",
        ],
    },
];

impl Target {
    /// Returns every target that is not a field of the organisation's own.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| known.target.clone())
    }

    /// Finds the one that a mapping file names.
    pub fn named(word: &str) -> Option<Self> {
        if let Some(own) = word.strip_prefix(OWN) {
            return Some(Self::Own(own.into()));
        }
        KNOWN.iter().find(|known| known.word == word).map(|known| known.target.clone())
    }

    /// Finds the one that a column is called after.
    pub fn called(heading: &str) -> Option<Self> {
        let heading = folded(heading);
        let known = KNOWN.iter().find(|known| known.names.contains(&heading.as_str()));
        known.map(|known| known.target.clone())
    }

    /// Returns what people call it; none for a field of the organisation's own, which has a label.
    pub fn label(&self) -> Option<Words> {
        KNOWN.iter().find(|known| known.target == *self).map(|known| known.label)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, KNOWN.iter().find(|known| known.target == *self)) {
            (_, Some(known)) => f.write_str(known.word),
            (Self::Own(name), None) => write!(f, "{OWN}{name}"),
            (_, None) => Ok(()),
        }
    }
}
