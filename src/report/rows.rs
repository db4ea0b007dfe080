//! A report as rows of values, each with the name of what it belongs to, and those as comma-separated values.

use super::{Report, percent, words};
use crate::escape;

impl Report {
    /// Returns the headings of the rows.
    pub(super) fn headings(&self) -> Vec<String> {
        let said = [
            ("onderdeel", "part"),
            ("regel", "row"),
            ("kolom", "column"),
            ("aantal", "count"),
            ("van", "of"),
            ("percentage", "per cent"),
            ("toelichting", "definition"),
        ];
        said.iter().map(|(nl, en)| words(self.language, nl, en).to_owned()).collect()
    }

    /// Returns every figure and every count, one a row.
    pub(super) fn rows(&self) -> Vec<Vec<String>> {
        let shown = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
        let per_cent = |tenths: Option<i64>| tenths.map_or_else(String::new, |t| percent(t, self.language));
        let figures = words(self.language, "cijfers", "figures");
        let before = words(self.language, "een jaar eerder", "a year earlier");
        let mut rows = Vec::new();
        for f in &self.figures {
            let head = |column: &str| vec![figures.to_owned(), f.label.clone(), column.to_owned()];
            let number = |n: Option<i64>| n.map_or_else(String::new, |n| f.unit.written(n, self.language));
            let values = [number(f.count), shown(f.of), per_cent(f.share()), f.definition.clone()];
            rows.push(head("").into_iter().chain(values).collect());
            let values = [number(f.before), String::new(), String::new(), String::new()];
            rows.push(head(before).into_iter().chain(values).collect());
        }
        for table in &self.tables {
            for row in &table.rows {
                for (i, column) in table.columns.iter().enumerate() {
                    let is_first = i == 0;
                    let of = table.of.filter(|_| is_first);
                    let share = table.share(row).filter(|_| is_first);
                    let head = [table.title.clone(), row.label.clone(), column.clone()];
                    let values = [shown(row.counts[i]), shown(of), per_cent(share), table.definition.clone()];
                    rows.push(head.into_iter().chain(values).collect());
                }
            }
        }
        let conclusions = words(self.language, "conclusies", "conclusions");
        let advices = words(self.language, "aanbevelingen", "recommendations");
        let text = |part: &str, row: &str, text: &str| {
            let blank = || String::new();
            vec![part.to_owned(), row.to_owned(), blank(), blank(), blank(), blank(), text.to_owned()]
        };
        rows.extend(self.conclusions.as_deref().map(|said| text(conclusions, "", said)));
        rows.extend(self.recommendations.iter().map(|a| text(advices, &a.state, &a.content)));
        rows
    }
}

/// Writes a report as comma-separated values.
pub fn csv(report: &Report) -> String {
    // The mark by which spreadsheets know that it is UTF-8.
    let head = format!("\u{feff}{}\r\n", escape::cells(&report.headings()));
    report.rows().iter().fold(head, |text, row| format!("{text}{}\r\n", escape::cells(row)))
}
