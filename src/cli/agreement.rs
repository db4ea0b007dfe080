//! Whether a dossier or an audit pack is of the trail here, in words.

use super::{Failure, Output};
use crate::workflow::Agreement;

/// What the words are about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    Dossier,
    Pack,
}

/// Returns the word for documents.
pub(super) fn word(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Agrees { is_attested: true, .. } => "agrees",
        Agreement::Agrees { .. } => "agrees, attested with another key",
        Agreement::Unknown => "unknown",
        Agreement::Forged => "forged",
        Agreement::Differs { .. } => "differs",
        Agreement::Broken { .. } => "broken",
    }
}

/// Says it; none where there is no trail at hand.
///
/// # Errors
/// It is not of the trail here, in words.
pub(super) fn say(of: Of, agreement: Option<Agreement>, output: &Output) -> Result<(), Failure> {
    let said = match agreement {
        None => untold(of).to_owned(),
        Some(Agreement::Agrees { is_attested, .. }) => agrees(of, is_attested),
        Some(other) => return Err(Failure::new(differs(of, other))),
    };
    if output.json {
        return Ok(());
    }
    output.line(said);
    if let Some(Agreement::Agrees { later: later @ 1.., .. }) = agreement {
        output.line(format!("{later} events came since it was made"));
    }
    Ok(())
}

fn untold(of: Of) -> &'static str {
    match of {
        Of::Dossier => {
            "whether it was made by the organisation, and whether its events are those of the trail, cannot be told without \
             the organisation's data (--data)"
        }
        Of::Pack => {
            "whether it was made by the organisation, and whether its trail is still the same, cannot be told without the \
             organisation's data (--data)"
        }
    }
}

fn agrees(of: Of, is_attested: bool) -> String {
    let (what, files) = match of {
        Of::Dossier => ("its events are those of the trail here, which holds", "its other files are"),
        Of::Pack => ("its head is of the trail here, which holds", "its files are"),
    };
    match is_attested {
        true => format!("this installation made it, and {what}"),
        false => format!(
            "{what}; it was attested with a key that this installation does not have, so whether {files} as they were made \
             cannot be told"
        ),
    }
}

fn differs(of: Of, agreement: Agreement) -> String {
    match (agreement, of) {
        (Agreement::Differs { seq }, Of::Dossier) => {
            format!("its events are not those of the trail here, from event {seq} on")
        }
        (Agreement::Differs { .. }, Of::Pack) => {
            "its head is no event of the trail here: that was written anew since, or another installation made the pack"
                .to_owned()
        }
        (Agreement::Broken { seq }, _) => {
            format!("the audit trail here is broken at event {seq}; see `redress audit verify`")
        }
        (Agreement::Unknown, _) => "there is no such complaint here: another installation made it".to_owned(),
        (Agreement::Forged | Agreement::Agrees { .. }, _) => {
            "it is not what this installation made: somebody has made the file anew".to_owned()
        }
    }
}
