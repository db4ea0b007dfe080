//! The complaints of earlier years beside those of the demonstration: a spreadsheet that is taken over as any company's is.

use super::super::import::failure;
use super::super::{Failure, Output};
use super::{script, spreadsheet};
use crate::app::{App, Places};
use crate::complaint::Via;
use crate::importing::Mapping;

/// The rows of one file; of more there are several.
const PART: usize = 100_000;
/// The rows after which the progress is shown anew.
const SHOWN: usize = 1_000;

/// Takes over so many complaints, the last of which was received before the demonstration begins.
pub(super) async fn take_over(
    app: &App,
    places: &Places,
    complaints: usize,
    output: &Output,
) -> Result<(), Failure> {
    if complaints == 0 {
        return Ok(());
    }
    let first_day = app.settings.calendar.day_of(script::start());
    let last = first_day.ok().and_then(|day| day.pred_opt()).unwrap_or_default();
    let file = places.data.join("earlier-register.csv");
    let (importing, mut seen) = (app.workflow.importing(), 0);
    for first in (0..complaints).step_by(PART) {
        let rows = first..complaints.min(first + PART);
        spreadsheet::write(&file, rows, complaints, last)?;
        let table = importing.read(&file, &Mapping::default()).await.map_err(failure)?;
        let mut hear = |_| {
            seen += 1;
            if seen % SHOWN == 0 {
                output.progress(&format!("taking over: {seen} of {complaints} complaints"));
            }
        };
        let done = importing.import(&table, script::IMPORTER, Via::CommandLine, &mut hear).await;
        done.map_err(failure)?;
    }
    output.progress("");
    std::fs::remove_file(&file)?;
    app.turn().await?;
    if !output.json {
        output.line(format!("{complaints} complaints of earlier years taken over beside them"));
    }
    Ok(())
}
