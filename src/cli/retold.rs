//! `redress rules scenario REFERENCE`: a real complaint as a scenario, with nothing personal of it.

use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Language, Text};
use crate::workflow::NotMade;
use serde_json::json;

pub(super) async fn run(
    app: &App,
    reference: &str,
    language: Language,
    output: &Output,
) -> Result<(), Failure> {
    let found = app.workflow.reading().find(reference).await?;
    let found = found.ok_or_else(|| Failure::new(format!("there is no complaint {reference}")))?;
    let folder = app.workflow.proposals().folder_in_force().await.map_err(|e| Failure::new(e.to_string()))?;
    let says = |text: &Text| text.in_language(language).to_owned();
    let made = app.workflow.retold(found.id, &folder).await.map_err(|e| match e {
        NotMade::Unsaid(why) => Failure::new(format!("{reference}: {}", says(&why))),
        other => Failure::new(other.to_string()),
    })?;
    if output.json {
        let left_out: Vec<String> = made.left_out.iter().map(says).collect();
        let failure = made.failure.as_ref().map(says);
        output.document(
            &json!({"name": made.name, "text": made.text, "left_out": left_out, "failure": failure}),
        );
    } else {
        output.line(made.text.trim_end());
        for left_out in &made.left_out {
            output.warn(format!("not in it: {}", says(left_out)));
        }
    }
    match &made.failure {
        Some(why) => Err(Failure::new(format!("the scenario does not hold: {}", says(why)))),
        None => Ok(()),
    }
}
