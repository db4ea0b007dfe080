//! The people for whom a form of a website or a group address says that it wrote
//! (docs/mail.md "Forms and group addresses").

use super::author::is_nobody;
use super::text;
use crate::complaint::Party;
use mail_parser::Message;

/// What forms call the address of who filled them in (small letters).
const ADDRESS: &[&str] = &[
    "e-mail",
    "email",
    "e-mailadres",
    "emailadres",
    "e-mail adres",
    "email adres",
    "mailadres",
    "uw e-mail",
    "uw e-mailadres",
    "uw email",
    "uw emailadres",
    "je e-mailadres",
    "je emailadres",
    "mail",
    "e-mail address",
    "email address",
    "your email",
    "your e-mail",
    "your email address",
    "afzender",
    "from",
    "van",
];
/// What forms call the name.
const NAME: &[&str] = &[
    "naam",
    "uw naam",
    "je naam",
    "volledige naam",
    "voor- en achternaam",
    "name",
    "your name",
    "full name",
];
const FIRST: &[&str] = &["voornaam", "first name"];
const LAST: &[&str] = &["achternaam", "last name", "surname"];
/// The longest label, in characters.
const LABEL: usize = 24;
/// The lines in which a form is looked for.
const LINES: usize = 200;

/// Lists those for whom the mail may have been written, the surest first: who the list says wrote it, who gets
/// the answer, who the form names.
pub(super) fn written_for(message: &Message, body: &str) -> Vec<Party> {
    let original =
        ["X-Original-From", "X-Original-Sender"].iter().filter_map(|name| message.header_raw(*name));
    let original = original.map(|raw| text::sender(None, Some(raw)));
    let answered = message.reply_to().map(|to| text::sender(Some(to), None));
    let mut found: Vec<Party> = original.chain(answered).chain(filled_in(body)).collect();
    found.retain(|party| {
        party.email.split_once('@').is_some_and(|(local, _)| !is_nobody(local))
            && text::is_address(&party.email)
    });
    // The form knows the name where a header has only the address.
    let named: Vec<Party> = found.iter().filter(|party| !party.name.is_empty()).cloned().collect();
    for party in found.iter_mut().filter(|party| party.name.is_empty()) {
        if let Some(same) = named.iter().find(|other| other.email == party.email) {
            party.name.clone_from(&same.name);
        }
    }
    found
}

/// Reads who a form says filled it in: lines `E-mail: jan@example.nl`, or the label above or beside its value.
fn filled_in(body: &str) -> Option<Party> {
    let lines: Vec<&str> = body.lines().map(str::trim).filter(|l| !l.is_empty()).take(LINES).collect();
    let labelled = lines.iter().enumerate().filter_map(|(i, line)| {
        let (label, value) = line.split_once([':', '\t']).unwrap_or((line, ""));
        let label = label.trim_matches(|c: char| !c.is_alphanumeric());
        label.chars().nth(LABEL).is_none().then(|| (i, label.to_lowercase(), value))
    });
    let labelled: Vec<(usize, String, &str)> = labelled.collect();
    let field = |labels: &[&str]| {
        labelled.iter().filter(|(_, label, _)| labels.contains(&label.as_str())).find_map(|(i, _, value)| {
            let value = value.trim_matches(|c: char| c == ':' || c.is_whitespace());
            let value = if value.is_empty() { lines.get(i + 1).copied().unwrap_or_default() } else { value };
            (!value.is_empty()).then(|| value.to_owned())
        })
    };
    let address = text::sender(None, field(ADDRESS).as_deref());
    let name = field(NAME).or_else(|| {
        let parts: Vec<String> = [field(FIRST), field(LAST)].into_iter().flatten().collect();
        Some(parts.join(" ")).filter(|name| !name.is_empty())
    });
    let name = name.filter(|name| !name.contains('@')).map(|name| text::line(&name)).unwrap_or_default();
    (!address.email.is_empty()).then_some(Party { name, ..address })
}

/// Lists the domains and addresses by which lists that passed the mail on name themselves (RFC 2919).
pub(super) fn lists(message: &Message) -> Vec<String> {
    let raw = ["List-Id", "List-Post", "Mailing-List"];
    let said = raw.iter().filter_map(|name| message.header_raw(*name));
    let words = said.flat_map(|value| {
        value.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+')))
    });
    let named = words.map(str::to_lowercase).filter(|word| word.contains('.'));
    named.take(text::WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_longer_than_is_looked_at() {
        let all = [ADDRESS, NAME, FIRST, LAST].concat();
        assert!(all.iter().all(|label| label.chars().count() <= LABEL && *label == label.to_lowercase()));
    }

    #[test]
    fn forms_say_who_filled_them_in_in_many_ways() {
        for body in [
            "Naam: Nora Smit\nE-mail: nora@example.nl\nBericht:\nKlacht\n",
            "Nieuw bericht via de website\n\nVoornaam\tNora\nAchternaam\tSmit\nE-mailadres\tNora@Example.nl <mailto:nora@example.nl>\n",
            "Your name:\nNora Smit\n\nYour email:\nnora@example.nl\n",
            "*Naam*: Nora Smit\n*Email*: <nora@example.nl>\n",
        ] {
            let party = filled_in(body).expect(body);
            assert_eq!(
                (party.name.as_str(), party.email.as_str()),
                ("Nora Smit", "nora@example.nl"),
                "{body}"
            );
        }
        for body in ["", "E-mail:\n", "Ik kreeg een e-mail: de deur was dicht\n", "Mail mij terug\n"] {
            assert_eq!(filled_in(body), None, "{body}");
        }
    }
}
