//! The drawing of a procedure's states: a column or more for each phase, the main road as a row, the other states below it, and
//! steps as arcs. Classes tell a style what is what; every state is a link, and a table says the same in words.

use crate::escape::markup;
use crate::rules::StateGraph;
use std::fmt::Write;

/// The size of a box, and the room between two.
const WIDTH: i64 = 112;
const HEIGHT: i64 = 74;
const BESIDE: i64 = 36;
const BELOW: i64 = 44;
/// The room above the main road: the heads of the phases, and the highest arc for each column that it spans.
const HEAD: i64 = 22;
const RISE: i64 = 14;
/// The room around everything.
const MARGIN: i64 = 12;
/// The lines of a label, the characters of a line, and the distance of lines.
const LINES: usize = 3;
const LETTERS: usize = 16;
const LEADING: i64 = 15;

/// What is written in a box.
#[derive(Clone, Debug)]
pub(super) struct BoxWords {
    pub label: String,
    /// How many complaints are there.
    pub count: String,
    /// Where the box leads; none where there is nothing to list.
    pub href: Option<String>,
}

/// The place of a box: its column, and its row below the main road.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    column: i64,
    row: i64,
}

impl Place {
    fn left(self) -> i64 {
        MARGIN + self.column * (WIDTH + BESIDE)
    }

    fn middle(self) -> i64 {
        self.left() + WIDTH / 2
    }

    fn top(self, road: i64) -> i64 {
        road + self.row * (HEIGHT + BELOW)
    }
}

/// Where everything stands.
struct Layout {
    /// The place of each state.
    boxes: Vec<Place>,
    /// The first column of each phase, and how many it has.
    phases: Vec<(i64, i64)>,
}

impl Layout {
    fn of(graph: &StateGraph) -> Self {
        let mut layout = Self { boxes: vec![Place::default(); graph.states.len()], phases: Vec::new() };
        let mut first = 0;
        for phase in 0..graph.phases.len() {
            let inside = |on_road: bool| {
                let states = graph.states.iter().enumerate();
                states
                    .filter(move |(_, s)| s.phase == phase && s.is_on_road == on_road)
                    .map(|(place, _)| place)
            };
            let columns = i64::try_from(inside(true).count()).unwrap_or(i64::MAX).max(1);
            for (n, place) in (0..).zip(inside(true)) {
                layout.boxes[place] = Place { column: first + n, row: 0 };
            }
            for (n, place) in (0..).zip(inside(false)) {
                layout.boxes[place] = Place { column: first + n % columns, row: 1 + n / columns };
            }
            layout.phases.push((first, columns));
            first += columns;
        }
        layout
    }

    /// Returns the most columns that a step along the main road spans.
    fn widest(&self, graph: &StateGraph) -> i64 {
        let spans = graph.transitions.iter().filter_map(|step| {
            let (from, to) = (self.boxes.get(step.from)?, self.boxes.get(step.to)?);
            (from.row == 0 && to.row == 0).then_some((from.column - to.column).abs())
        });
        spans.max().unwrap_or(0)
    }

    fn columns(&self) -> i64 {
        self.phases.last().map_or(0, |(first, columns)| first + columns)
    }

    fn rows(&self) -> i64 {
        self.boxes.iter().map(|place| place.row + 1).max().unwrap_or(0)
    }
}

/// Draws a graph. `phases` and `states` are the words of each, in the order of the graph.
pub(super) fn drawn(graph: &StateGraph, title: &str, phases: &[String], states: &[BoxWords]) -> String {
    let layout = Layout::of(graph);
    let road = MARGIN + HEAD + RISE * (layout.widest(graph) + 2);
    let width = 2 * MARGIN + layout.columns() * (WIDTH + BESIDE) - BESIDE;
    let height = road + layout.rows() * (HEIGHT + BELOW);
    let mut svg = format!(
        "<svg class=\"graph\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
         aria-labelledby=\"graph-drawing\"><title id=\"graph-drawing\">{}</title>\
         <defs><marker id=\"graph-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>",
        markup(title)
    );
    for ((first, columns), name) in layout.phases.iter().zip(phases) {
        let x = Place { column: *first, row: 0 }.left() + (columns * (WIDTH + BESIDE) - BESIDE) / 2;
        let _ = write!(svg, "<text class=\"phase\" x=\"{x}\" y=\"{}\">{}</text>", MARGIN + 12, markup(name));
    }
    for step in &graph.transitions {
        let (Some(from), Some(to)) = (layout.boxes.get(step.from), layout.boxes.get(step.to)) else {
            continue;
        };
        let class = if step.is_seen() { "seen" } else { "unseen" };
        let path = arc(*from, *to, road);
        let (Some(before), Some(after)) = (states.get(step.from), states.get(step.to)) else { continue };
        let said = format!("{} → {}", before.label, after.label);
        let _ = write!(
            svg,
            "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#graph-arrow)\"><title>{}</title></path>",
            markup(&said)
        );
    }
    for ((state, place), words) in graph.states.iter().zip(&layout.boxes).zip(states) {
        let class = if state.is_on_road { "road" } else { "side" };
        let drawn = one_box((place.left(), place.top(road)), words);
        match &words.href {
            Some(href) => {
                let _ = write!(svg, "<a class=\"{class}\" href=\"{}\">{drawn}</a>", markup(href));
            }
            None => {
                let _ = write!(svg, "<g class=\"{class}\">{drawn}</g>");
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

fn one_box((left, top): (i64, i64), words: &BoxWords) -> String {
    let said = format!("{}: {}", words.label, words.count);
    let mut drawn = format!(
        "<title>{}</title><rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"4\"/>",
        markup(&said)
    );
    let middle = left + WIDTH / 2;
    for (n, line) in (1..).zip(lines(&words.label)) {
        let _ =
            write!(drawn, "<text x=\"{middle}\" y=\"{}\">{}</text>", top + 2 + n * LEADING, markup(&line));
    }
    let _ = write!(
        drawn,
        "<text class=\"count\" x=\"{middle}\" y=\"{}\">{}</text>",
        top + HEIGHT - 8,
        markup(&words.count)
    );
    drawn
}

/// Breaks a label between words, and words that are longer than a line.
fn lines(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(LETTERS) {
            let part: String = part.iter().collect();
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + part.chars().count() <= LETTERS => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            *last = last.chars().take(LETTERS - 1).chain(['…']).collect();
        }
    }
    lines
}

/// Returns the way of a step: straight to the next on the main road, over the road to others on it, and else from below or
/// above into the side of a box.
fn arc(from: Place, to: Place, road: i64) -> String {
    let (top, bottom) = (from.top(road), from.top(road) + HEIGHT);
    let end = to.top(road);
    if from == to {
        let x = from.middle();
        return format!("M{} {top}C{} {} {} {} {} {top}", x + 8, x + 30, top - 26, x - 30, top - 26, x - 8);
    }
    if from.row == 0 && to.row == 0 {
        if to.column == from.column + 1 {
            let y = top + HEIGHT / 2;
            return format!("M{} {y}L{} {y}", from.left() + WIDTH, to.left());
        }
        // Those that go back run within those that go on.
        let (aside, within) = if to.column > from.column { (12, 0) } else { (-30, RISE / 2) };
        let (start, stop) = (from.middle() + aside, to.middle() - aside);
        let rise = top - (RISE * (from.column - to.column).abs() + RISE - within) * 4 / 3;
        return format!("M{start} {top}C{start} {rise} {stop} {rise} {stop} {end}");
    }
    let near = to.column <= from.column;
    // Into the side that looks to where it comes from.
    let (edge, out) = if near && to.column < from.column { (to.left() + WIDTH, 1) } else { (to.left(), -1) };
    let middle = end + HEIGHT / 2;
    if from.column == to.column && to.row == from.row + 1 {
        return format!("M{} {bottom}L{} {end}", from.middle(), to.middle());
    }
    if from.column == to.column && from.row == to.row + 1 {
        return format!("M{} {top}L{} {}", from.middle() + 16, to.middle() + 16, end + HEIGHT);
    }
    let (start, lean) = if to.row > from.row { (bottom, BELOW) } else { (top, -BELOW) };
    if to.row == 0 {
        // Up to the road: from above the box into the lower side of the other.
        let (x, floor) = (to.middle() + 24 * out, end + HEIGHT);
        return format!(
            "M{} {start}C{} {} {x} {} {x} {floor}",
            from.middle(),
            from.middle(),
            start + lean,
            floor + BELOW
        );
    }
    let reach = edge + out * BESIDE;
    format!("M{} {start}C{} {} {reach} {middle} {edge} {middle}", from.middle(), from.middle(), start + lean)
}
