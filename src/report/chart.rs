//! Drawings of figures that stand in a table beside them, as SVG with classes that a style colours: shapes tell the series
//! apart, so that it can be read without colours too.

use super::{Drawing, Report, Table, percent, words};
use crate::escape::markup;
use std::fmt::Write;

/// The drawing in units of its own: the width, the height of the bars, and the room for what stands beside and below them.
const WIDTH: i64 = 480;
const HEIGHT: i64 = 130;
const BESIDE: i64 = 34;
const BELOW: i64 = 24;
const ABOVE: i64 = 12;
/// The room of one lying bar, and of the name above it.
const LINE: i64 = 34;

/// Bars of two series side by side, in groups.
#[derive(Clone, Debug)]
pub struct Bars<'b> {
    /// The name by which the page knows the drawing.
    pub id: &'b str,
    /// The words that say what is drawn.
    pub title: String,
    /// What the two series are called.
    pub series: [String; 2],
    /// The name of each group, and the figure of each series.
    pub groups: Vec<(String, [i64; 2])>,
}

impl Bars<'_> {
    /// Draws the bars.
    pub fn draw(&self) -> String {
        let highest = self.groups.iter().flat_map(|(_, figures)| figures).copied().max().unwrap_or(0);
        let top = rounded_up(highest.max(1));
        let step = step(self.groups.len());
        let bar = (step * 2 / 5).min(24);
        let mut svg = begun(self.id, &self.title, ABOVE + HEIGHT + BELOW);
        lines(&mut svg, top);
        for (i, (name, figures)) in (0..).zip(&self.groups) {
            let middle = BESIDE + i * step + step / 2;
            for (kind, x, figure) in [("before", middle - bar, figures[1]), ("now", middle, figures[0])] {
                rect(&mut svg, kind, (x, bar - 1), figure * HEIGHT / top);
            }
            below(&mut svg, middle, name);
        }
        let key = |kind: &str, name: &str| {
            format!(
                "<svg class=\"key\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"{kind}\" x=\"1\" y=\"1\" width=\"10\" height=\"10\"/></svg> {}",
                markup(name)
            )
        };
        let keys = format!("{} {}", key("before", &self.series[1]), key("now", &self.series[0]));
        format!("<figure class=\"chart\">{svg}</svg><figcaption>{keys}</figcaption></figure>")
    }
}

/// Draws a table of a report; none where it is a table only, or nothing in it is more than nothing.
pub fn of_table(report: &Report, table: &Table) -> Option<String> {
    let drawing = table.drawing?;
    let first = |counts: &[Option<i64>]| counts.first().copied().flatten().unwrap_or(0);
    if table.rows.iter().all(|row| row.counts.iter().all(|count| count.unwrap_or(0) == 0)) {
        return None;
    }
    Some(match drawing {
        Drawing::Bars => {
            let second = |counts: &[Option<i64>]| counts.get(1).copied().flatten().unwrap_or(0);
            let groups = table.rows.iter().map(|r| (r.label.clone(), [first(&r.counts), second(&r.counts)]));
            let name = |i: usize| table.columns.get(i).cloned().unwrap_or_default();
            let series = [name(0), name(1)];
            Bars { id: &table.name, title: table.title.clone(), series, groups: groups.collect() }.draw()
        }
        Drawing::Lengths => lengths(table),
        Drawing::Pareto => pareto(report, table),
    })
}

fn lengths(table: &Table) -> String {
    let counts = || table.rows.iter().map(|row| row.counts.first().copied().flatten().unwrap_or(0));
    let highest = counts().max().unwrap_or(0);
    let rows = i64::try_from(table.rows.len()).unwrap_or(i64::MAX / LINE);
    let mut svg = begun(&table.name, &table.title, rows * LINE + 4);
    for (i, (row, count)) in (0..).zip(table.rows.iter().zip(counts())) {
        let (y, width) = (i * LINE, length(count, highest) * (WIDTH - 60) / 100);
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"now\" x=\"0\" y=\"{}\" width=\"{width}\" height=\"12\"/>",
            y + 13,
            markup(&row.label),
            y + 18
        );
        let shown = row.counts.first().copied().flatten().map_or_else(|| "–".to_owned(), |n| n.to_string());
        let _ = write!(svg, "<text x=\"{}\" y=\"{}\">{}</text>", width + 6, y + 29, markup(&shown));
    }
    format!("<figure class=\"chart\">{svg}</svg></figure>")
}

fn pareto(report: &Report, table: &Table) -> String {
    let counts: Vec<i64> =
        table.rows.iter().map(|row| row.counts.first().copied().flatten().unwrap_or(0)).collect();
    let top = rounded_up(counts.iter().copied().max().unwrap_or(0).max(1));
    let step = step(counts.len());
    let mut svg = begun(&table.name, &table.title, ABOVE + HEIGHT + BELOW);
    lines(&mut svg, top);
    let height_of = |tenths: i64| ABOVE + HEIGHT - tenths * HEIGHT / 1000;
    let mut points = Vec::new();
    for ((i, count), sum) in (0..).zip(&counts).zip(table.sums()) {
        let middle = BESIDE + i * step + step / 2;
        let width = (step * 3 / 5).min(48);
        rect(&mut svg, "now", (middle - width / 2, width), count * HEIGHT / top);
        // The names stand in the table, by their place.
        below(&mut svg, middle, &(i + 1).to_string());
        points.extend(sum.map(|sum| format!("{middle},{}", height_of(sum))));
    }
    if points.len() == counts.len() {
        let _ = write!(svg, "<polyline class=\"sum\" points=\"{}\"/>", points.join(" "));
        let y = height_of(800);
        let _ = write!(
            svg,
            "<line class=\"mark\" x1=\"{BESIDE}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"end\" x=\"{WIDTH}\" y=\"{}\">{}</text>",
            y - 4,
            percent(800, report.language)
        );
    }
    let said = words(
        report.language,
        "De lijn telt de oorzaken bij elkaar op; de streeplijn staat op 80 %. De nummers staan in de tabel.",
        "The line adds the causes up; the dashed line is at 80 %. The numbers stand in the table.",
    );
    format!("<figure class=\"chart\">{svg}</svg><figcaption>{said}</figcaption></figure>")
}

fn step(groups: usize) -> i64 {
    (WIDTH - BESIDE) / i64::try_from(groups.max(1)).unwrap_or(1)
}

fn begun(id: &str, title: &str, height: i64) -> String {
    let (id, title) = (markup(id), markup(title));
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-drawing\"><title id=\"{id}-drawing\">{title}</title>"
    )
}

fn lines(svg: &mut String, top: i64) {
    for figure in [0, top / 2, top] {
        let y = ABOVE + HEIGHT - figure * HEIGHT / top;
        let _ = write!(
            svg,
            "<line x1=\"{BESIDE}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"end\" x=\"{}\" y=\"{}\">{figure}</text>",
            BESIDE - 6,
            y + 4
        );
    }
}

fn rect(svg: &mut String, kind: &str, (x, width): (i64, i64), height: i64) {
    let y = ABOVE + HEIGHT - height;
    let _ = write!(
        svg,
        "<rect class=\"{kind}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{height}\"/>",
        width.max(1)
    );
}

fn below(svg: &mut String, middle: i64, name: &str) {
    let y = ABOVE + HEIGHT + 17;
    let _ = write!(svg, "<text class=\"mid\" x=\"{middle}\" y=\"{y}\">{}</text>", markup(name));
}

/// Returns the next even figure of one digit that counts.
fn rounded_up(figure: i64) -> i64 {
    let mut unit = 2;
    while figure > unit * 5 {
        unit *= 10;
    }
    (figure + unit - 1) / unit * unit
}

/// Returns the length of a bar, of 100 at most, beside the figure of one line.
pub fn length(figure: i64, highest: i64) -> i64 {
    if highest > 0 { figure * 100 / highest } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bar_is_higher_than_the_highest_line() {
        for (figure, top) in
            [(1, 2), (2, 2), (9, 10), (10, 10), (11, 20), (99, 100), (101, 200), (4_321, 6_000)]
        {
            assert_eq!(rounded_up(figure), top, "{figure}");
        }
        assert_eq!((length(0, 0), length(3, 4), length(4, 4)), (0, 75, 100));
    }
}
