//! `Saying`: how counts are said in one language: a figure with its definition, a table with last year's.

use crate::complaint::Language;
use crate::report::{Drawing, Figure, Row, Table, Unit};
use crate::rules::Procedure;

/// The words of a figure or a table: its name for programs, in Dutch, in English, and what is counted in both.
pub(super) type Said = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// How counts are said in one language.
pub(super) struct Saying<'p> {
    pub procedure: &'p Procedure,
    pub language: Language,
}

impl Saying<'_> {
    pub fn words(&self, nl: &str, en: &str) -> String {
        match self.language {
            Language::Dutch => nl.to_owned(),
            Language::English => en.to_owned(),
        }
    }

    pub fn figure(
        &self,
        said: Said,
        count: Option<i64>,
        of: Option<i64>,
        before: Option<i64>,
        whole: Option<&str>,
    ) -> Figure {
        Figure {
            name: said.0.to_owned(),
            label: self.words(said.1, said.2),
            definition: self.words(said.3, said.4),
            count,
            of,
            before,
            unit: Unit::Complaints,
            part_of: whole.map(str::to_owned),
            sums_up: None,
        }
    }

    fn now_and_before(&self) -> Vec<String> {
        vec![self.words("Aantal", "Count"), self.words("Jaar eerder", "Year earlier")]
    }

    pub fn table(
        &self,
        said: Said,
        heading: (&str, &str),
        rows: Vec<Row>,
        of: Option<i64>,
        drawing: Drawing,
    ) -> Table {
        Table {
            name: said.0.to_owned(),
            title: self.words(said.1, said.2),
            definition: self.words(said.3, said.4),
            heading: self.words(heading.0, heading.1),
            columns: self.now_and_before(),
            rows,
            of,
            drawing: Some(drawing),
            is_by_size: false,
        }
    }
}
