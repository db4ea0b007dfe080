//! `redress tick`: evaluate what is due and deliver what is queued, once.

use super::{Failure, Output};
use crate::app::App;
use crate::intake::{Maildir, TakenMail};
use serde_json::json;

pub(super) async fn run(app: &App, output: &Output) -> Result<(), Failure> {
    let maildirs = app.maildirs()?;
    let (taken, decisions) = app.while_settling(take_in(app, &maildirs)).await;
    let (taken, (mut ticked, delivered)) = (taken?, app.turn().await?);
    ticked.decisions += decisions;
    if output.json {
        output.document(&json!({"intake": taken, "ticked": ticked, "delivered": delivered}));
    } else {
        output.line(format!(
            "{} mails taken in, {} decisions, {} schedules, {} deliveries ({} to be retried, {} held, {} given up)",
            taken.len(),
            ticked.decisions,
            ticked.schedules,
            delivered.accepted,
            delivered.retried,
            delivered.held,
            delivered.dead
        ));
    }
    match ticked.unsettled {
        0 => Ok(()),
        n => Err(Failure::temporary(format!("{n} due complaints were not settled; the log says why"))),
    }
}

async fn take_in(app: &App, maildirs: &[Maildir]) -> Result<Vec<TakenMail>, Failure> {
    let mut taken = Vec::new();
    for maildir in maildirs {
        taken.extend(maildir.take_in(&app.workflow).await.map_err(|e| Failure::temporary(e.to_string()))?);
    }
    Ok(taken)
}
