//! `redress similar`: the shortlist of complaints that may be about the same matter.

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Similar {
    /// K-number or intake id
    number: String,
    /// At most this many
    #[arg(long, default_value_t = 5)]
    limit: usize,
}

impl Similar {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let id = app.workflow.id_of(&self.number).await.map_err(|e| Failure::new(e.to_string()))?;
        let found = app.workflow.similar(id, self.limit).await?;
        if output.json {
            output.document(&found);
        } else if found.is_empty() {
            output.line(format!("nothing is like {}", self.number));
        } else {
            let rows: Vec<Vec<String>> = found
                .into_iter()
                .map(|s| {
                    let decided = s.decided_on.as_ref().map(Date::to_string).unwrap_or_default();
                    let score = format!("{:.2}", s.score);
                    vec![s.reference, score, s.shares.to_owned(), s.state, decided, clip(&s.subject, 60)]
                })
                .collect();
            output.table(&["number", "likeness", "same", "state", "decided", "subject"], &rows);
        }
        Ok(())
    }
}
