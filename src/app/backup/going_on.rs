//! Letting a restored database go on: somebody says that the installation it was copied from has stopped. What waits by
//! then may have been sent by that one, and is held.

use crate::app::{App, AppError};
use crate::calendar::Moment;
use crate::complaint::{Actor, Event, EventKind, Origin, Via};
use crate::workflow::ClockStanding;
use serde_json::json;

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct GoneOn {
    /// The moment of the copy.
    pub copied_at: Moment,
    /// The number of deliveries that are held: dead letters until somebody sends them again.
    pub held: u64,
}

/// Lets a restored database go on. Everything that was due by now is decided first, so that what follows from it is held
/// as well.
///
/// # Errors
/// Where nothing was restored.
pub async fn go_on(app: &App, by: Actor) -> Result<GoneOn, AppError> {
    let Some(from) = app.store.oversight().restored_from().await? else {
        let text = "this database was not restored, or somebody has let it go on already";
        return Err(AppError::Data(text.to_owned()));
    };
    if app.workflow.clock_standing().await? != ClockStanding::Right {
        // Whoever lets an old copy go on has looked at the time as well: nothing is decided before.
        app.workflow.confirm_clock(by.clone()).await?;
    }
    loop {
        let ticked = app.workflow.tick().await?;
        if ticked.decisions == 0 && ticked.schedules == 0 && ticked.digests == 0 {
            break;
        }
    }
    let event = |held| Event {
        kind: EventKind::Restored,
        origin: Origin::person(by, Via::CommandLine),
        summary: "the database was restored from a copy, and goes on".to_owned(),
        data: json!({"copied_at": from.copied_at, "through": from.event, "held": held}),
        personal: None,
    };
    let now = app.workflow.clock().now();
    let held = app.store.let_go_on(event, app.workflow.published().ruleset.hash(), now).await?;
    Ok(GoneOn { copied_at: from.copied_at, held })
}
