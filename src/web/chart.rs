//! Small drawings of figures that stand in a table beside them. Here they are reckoned; the template `chart` draws them.

use super::page::Page;
use super::trouble::Trouble;
use crate::complaint::Language;
use minijinja::context;
use minijinja::value::Value;

/// The drawing in units of its own: the width, the height of the bars, and the room for what stands beside and below them.
const WIDTH: i64 = 480;
const HEIGHT: i64 = 130;
const BESIDE: i64 = 34;
const BELOW: i64 = 24;
const ABOVE: i64 = 12;

/// Bars of two series side by side, in groups.
pub(super) struct Bars<'b> {
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
    pub fn draw(&self, page: &Page, language: Language) -> Result<Value, Trouble> {
        let highest = self.groups.iter().flat_map(|(_, figures)| figures).copied().max().unwrap_or(0);
        let top = rounded_up(highest.max(1));
        let groups = i64::try_from(self.groups.len().max(1)).unwrap_or(1);
        let step = (WIDTH - BESIDE) / groups;
        let bar = (step * 2 / 5).min(24);
        let (mut bars, mut names) = (Vec::new(), Vec::new());
        for (i, (name, figures)) in (0..).zip(&self.groups) {
            let middle = BESIDE + i * step + step / 2;
            for (kind, x, figure) in [("before", middle - bar, figures[1]), ("now", middle, figures[0])] {
                let height = figure * HEIGHT / top;
                bars.push(context! { kind, x, y => ABOVE + HEIGHT - height, width => bar - 1, height });
            }
            names.push(context! { x => middle, name });
        }
        let line = |figure: i64| context! { y => ABOVE + HEIGHT - figure * HEIGHT / top, figure };
        let lines = [0, top / 2, top].into_iter().map(line).collect::<Vec<_>>();
        let of = context! {
            id => self.id, title => self.title, now => self.series[0], before => self.series[1], bars, names, lines,
            width => WIDTH, height => ABOVE + HEIGHT + BELOW, bottom => ABOVE + HEIGHT + 17, beside => BESIDE,
        };
        page.part(language, "chart", of)
    }
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
pub(super) fn length(figure: i64, highest: i64) -> i64 {
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
