//! `redress audit`: whether the trail is as it was written, and the facts are what it says; and the way out when its key
//! is lost.

use super::audit_pack::AuditPack;
use super::{Failure, Output, kept_head};
use crate::app::lost_key::replace_key;
use crate::app::{App, Places};
use crate::store::{Audit, KeptHead};
use clap::Subcommand;
use serde_json::json;

/// The most points that are named.
const NAMED: usize = 50;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Walk the whole chain, and compare what it says with the facts
    Verify {
        /// See that a head that was kept is of this trail: `SEQ HASH`, or a file that holds it: text, a webhook, an audit pack
        #[arg(long, value_name = "FILE|HEAD")]
        against: Option<String>,
    },
    /// Print place and hash of the newest event, to be kept by somebody outside
    Head,
    /// Write what an auditor takes home on a year into one file; or check one
    Pack(AuditPack),
    /// Go on under a new key, because audit.key is lost for good; recorded
    ReplaceKey {
        /// Who says so
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
        /// What became of the key
        #[arg(long)]
        reason: String,
    },
}

impl AuditCommand {
    pub async fn run(self, look: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Verify { against } => {
                let app = App::open(look).await?;
                let head = against.map(|text| kept_head::read(&text)).transpose()?;
                verify(&app, head.as_ref(), output).await
            }
            Self::Head => head(&App::open(look).await?, output).await,
            Self::Pack(pack) => pack.run(look, change, output).await,
            Self::ReplaceKey { by, reason } => {
                replace_key(change, &by, &reason).await?;
                if output.json {
                    output.document(&json!({"replaced": true}));
                } else {
                    output.line(
                        "the trail goes on under a new key; keep a copy of audit.key somewhere else. Replies to letters \
                         from before are still found by their references, and no longer by the letters in their subject.",
                    );
                }
                Ok(())
            }
        }
    }
}

async fn head(app: &App, output: &Output) -> Result<(), Failure> {
    let head = app.workflow.reading().trail().head().await?;
    if output.json {
        let at = app.settings.calendar.rfc3339(app.workflow.now().await?);
        output.document(&json!({"head": head, "at": at}));
    } else {
        output.line(head);
    }
    Ok(())
}

async fn verify(app: &App, against: Option<&KeptHead>, output: &Output) -> Result<(), Failure> {
    let trail = app.workflow.reading().trail();
    let (events, signed_from) = match trail.verify().await? {
        Audit::Holds { events } => (events, 1),
        Audit::HoldsSince { events, signed_from } => (events, signed_from),
        Audit::Broken { seq } => {
            return Err(Failure::new(format!(
                "the audit trail is broken at event {seq}; compare it with a backup, and keep both"
            )));
        }
    };
    let found = trail.reconcile().await?;
    if !found.is_empty() {
        let named: Vec<String> =
            found.iter().take(NAMED).map(|d| format!("  {}: {}", d.complaint, d.what)).collect();
        return Err(Failure::new(format!(
            "the audit trail holds, and the facts are not what it says, in {} points; compare them with a backup, \
                 and keep both:\n{}",
            found.len(),
            named.join("\n")
        )));
    }
    let later = match against {
        Some(head) => Some(kept_head::compare(&trail, head).await?),
        None => None,
    };
    let forgotten = trail.forgotten().await?;
    if output.json {
        let found = json!({
            "holds": true, "events": events, "signed_from": signed_from, "forgotten": forgotten, "later": later,
        });
        output.document(&found);
    } else {
        output.line(format!("the audit trail holds: {events} events"));
    }
    if let Some(later) = later.filter(|_| !output.json) {
        output.line(format!("the head that was kept is of this trail; {later} events came since"));
    }
    if forgotten > 0 && !output.json {
        output.line(format!(
            "names and texts were taken out of {forgotten} of them, because their complaints are forgotten; later events \
             vouch for each"
        ));
    }
    if signed_from > 1 && !output.json {
        output.line(format!(
                "those before event {signed_from} were signed with a key that was lost; they are as they were when it was \
                 replaced"
            ));
    }
    Ok(())
}
