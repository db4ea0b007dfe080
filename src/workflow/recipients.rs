//! Who a notification reaches: roles and names to addresses and a language.

use crate::complaint::Complaint;
use crate::config::Settings;
use crate::rules::Procedure;

/// The addresses and language of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub addresses: Vec<String>,
    pub name: String,
    pub language: String,
}

/// Resolves `complainant`, `responsible`, a role, or an address. Without addresses nobody is reached.
pub(super) fn reach(
    settings: &Settings,
    procedure: &Procedure,
    complaint: Option<&Complaint>,
    recipient: &str,
) -> Reached {
    if recipient == "complainant" {
        let party = complaint.map(|c| &c.complainant);
        return Reached {
            addresses: party.map(|p| p.email.clone()).filter(|e| !e.is_empty()).into_iter().collect(),
            name: party.map(|p| p.name.clone()).unwrap_or_default(),
            language: complaint.map_or_else(|| settings.language.clone(), |c| c.language.clone()),
        };
    }
    let responsible = complaint.and_then(|c| c.responsible.clone());
    let is_held = procedure.roles.get(recipient).is_some_and(|r| r.held_by_responsible);
    let addresses: Vec<String> = match responsible {
        Some(person) if recipient == "responsible" || is_held => vec![person],
        _ if recipient.contains('@') => vec![recipient.to_owned()],
        _ => settings.people.with_role(recipient).map(|p| p.email.clone()).collect(),
    };
    let names = addresses.iter().filter_map(|a| settings.people.find(a)).map(|p| p.name.clone());
    Reached { name: names.collect::<Vec<_>>().join(", "), addresses, language: settings.language.clone() }
}
