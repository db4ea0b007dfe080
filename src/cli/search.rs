//! `redress search`: the complaints in which words stand, newest first.

use super::output::clip;
use super::{Failure, Output};
use crate::app::App;
use crate::workflow::{FoundComplaint, FoundIn, SearchQuery, TextPart};
use clap::Args;
use serde_json::json;

/// The complaints that are read at once.
const PAGE: usize = 100;

#[derive(Debug, Args)]
pub(super) struct Search {
    /// The words, all of which must stand in one text; several in quotation marks one after the other; a number or an
    /// address
    #[arg(required = true)]
    words: Vec<String>,
    /// Only what this person may see
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

impl Search {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let typed = self.words.join(" ");
        let Some(query) = SearchQuery::read(&typed) else {
            return Err(Failure::usage(
                "there is nothing to search for\n  help: give a word of two letters or more",
            ));
        };
        let (mut found, mut after, mut waiting) = (Vec::new(), None, 0);
        while found.len() < self.limit {
            let limit = PAGE.min(self.limit - found.len());
            let page = app.workflow.search(self.viewer.as_deref(), &query, after, limit).await?;
            found.extend(page.complaints);
            (after, waiting) = (page.next, page.waiting);
            if after.is_none() {
                break;
            }
        }
        if output.json {
            let calendar = &app.settings.calendar;
            let rows = found.iter().map(|found| {
                let mut value = json!(found.complaint);
                value["received_at"] = json!(calendar.rfc3339(found.complaint.received_at));
                value["found_in"] = json!(word(found));
                value["excerpt"] = json!(found.excerpt.text());
                value
            });
            output.document(&rows.collect::<Vec<_>>());
            return Ok(());
        }
        let rows: Vec<Vec<String>> = found.iter().map(|found| row(app, found)).collect();
        match rows.is_empty() {
            true => output.line("nothing was found"),
            false => {
                output.table(&["number", "state", "received", "complainant", "subject", "in", "text"], &rows)
            }
        }
        if waiting > 0 {
            output.line(format!("{waiting} older complaints cannot be found by their texts yet; `redress serve` goes through them"));
        }
        Ok(())
    }
}

fn row(app: &App, found: &FoundComplaint) -> Vec<String> {
    let c = &found.complaint;
    let received = app.settings.calendar.day_of(c.received_at).map(|day| day.to_string()).unwrap_or_default();
    vec![
        c.facts.reference().to_owned(),
        c.state.to_string(),
        received,
        clip(&c.complainant, 24),
        clip(&c.subject, 32),
        word(found).to_owned(),
        clip(&found.excerpt.text(), 60),
    ]
}

/// Returns the word for where it was found.
fn word(found: &FoundComplaint) -> &'static str {
    match found.found_in {
        FoundIn::Head => "head",
        FoundIn::Text(TextPart::Facts) => "facts",
        FoundIn::Text(TextPart::Mail) => "mail",
        FoundIn::Text(TextPart::Letter) => "letter",
        FoundIn::Text(TextPart::Note) => "note",
    }
}
