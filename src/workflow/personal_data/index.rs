//! The page that leads through what is kept of one person. It needs nothing beside it but the files that it leads to.

use super::kept::{NamedAs, NamingComplaint, OwnPerson};
use crate::complaint::{Language, Words};
use crate::dossier::WithoutDossier;
use crate::escape::markup;

const STYLE: &str = include_str!("../../../assets/report/report.css");

/// What the page tells of.
pub(super) struct Told<'t> {
    pub language: Language,
    pub organisation: &'t str,
    pub address: &'t str,
    pub own: Option<&'t OwnPerson>,
    pub made_at: &'t str,
    pub complaints: &'t [NamingComplaint],
    pub without_dossier: &'t [WithoutDossier],
    pub mails: &'t [LooseMail],
}

/// A mail that belongs to no complaint.
pub(super) struct LooseMail {
    pub id: i64,
    pub at: String,
    pub subject: String,
}

impl NamedAs {
    /// Returns it in words.
    pub fn words(self) -> Words {
        match self {
            Self::Complainant => Words::new("klager", "complainant"),
            Self::Submitter => Words::new("schreef namens de klager", "wrote for the complainant"),
            Self::About => {
                Words::new("de klacht gaat over deze persoon", "the complaint is about this person")
            }
            Self::Sender => Words::new("stuurde een e-mail", "sent a mail"),
        }
    }
}

/// Returns the page.
pub(super) fn page(told: &Told<'_>) -> String {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(told.language).to_owned();
    let title = say("Wat er over een persoon is bewaard", "What is kept of a person");
    let mut parts = vec![format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}: {}</h1>",
        told.language.as_str(),
        markup(told.address),
    )];
    let of =
        if told.organisation.is_empty() { String::new() } else { format!("{}, ", markup(told.organisation)) };
    parts.push(format!("<p>{of}{} {}</p>", say("gemaakt op", "made at"), markup(told.made_at)));
    parts.push(format!("<p>{}</p>", say(
        "Gezocht is op dit e-mailadres. Wie alleen met een naam in een tekst staat, wordt zo niet gevonden. In de dossiers kunnen ook \
         gegevens van anderen staan: bekijk ze voordat u dit uit handen geeft.",
        "This mail address was looked for. Who stands in a text by name alone is not found by it. The dossiers may hold what is of \
         others too: look at them before you hand this over.",
    )));
    if let Some(own) = told.own {
        let is = say("is een van de eigen mensen", "is one of the organisation's own people");
        parts.push(format!("<p>{} {is}: {}</p>", markup(&own.name), markup(&own.roles.join(", "))));
    }
    parts.push(complaints(told));
    parts.push(mails(told));
    let all = say("Hetzelfde voor een programma", "The same for a program");
    parts.push(format!(
        "<p>{all}: <a href=\"personal-data.json\">personal-data.json</a></p>\n</main>\n</body>\n</html>\n"
    ));
    parts.join("\n")
}

fn complaints(told: &Told<'_>) -> String {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(told.language).to_owned();
    let heading = format!("<h2>{}: {}</h2>", say("Klachten", "Complaints"), told.complaints.len());
    let row = |complaint: &NamingComplaint| {
        let reference = markup(&complaint.reference);
        let without = told.without_dossier.iter().find(|without| without.reference == complaint.reference);
        let named: Vec<&str> =
            complaint.named_as.iter().map(|named| named.words().in_language(told.language)).collect();
        let dossier = match without {
            None => format!("<a href=\"dossiers/{reference}.zip\">{reference}</a>"),
            Some(without) => format!("{reference} ({})", markup(&without.why)),
        };
        format!("<li>{dossier} {}: {}</li>", markup(&complaint.subject), named.join(", "))
    };
    let rows: Vec<String> = told.complaints.iter().map(row).collect();
    listed(heading, &rows)
}

fn mails(told: &Told<'_>) -> String {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(told.language).to_owned();
    let text = say("E-mails die bij geen klacht horen", "Mails that belong to no complaint");
    let heading = format!("<h2>{text}: {}</h2>", told.mails.len());
    let row = |mail: &LooseMail| {
        let (id, at, subject) = (mail.id, markup(&mail.at), markup(&mail.subject));
        format!("<li><a href=\"mails/{id}.eml\">{at}</a> {subject}</li>")
    };
    let rows: Vec<String> = told.mails.iter().map(row).collect();
    listed(heading, &rows)
}

fn listed(heading: String, rows: &[String]) -> String {
    match rows {
        [] => heading,
        rows => format!("{heading}\n<ul>\n{}\n</ul>", rows.join("\n")),
    }
}
