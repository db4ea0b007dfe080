//! What may leave the circle of those who may see complaints: numbers under three are left out, and with them more where they
//! could be reckoned from the others of their table, or of the same whole, or from what sums the table up. Numbers of different
//! tables are not set against each other.

use super::{Figure, Report, Table, Unit};
use std::collections::BTreeMap;

/// Numbers under this are left out.
const LEAST: i64 = 3;

impl Report {
    /// Returns it as somebody reads it who may not see complaints.
    pub fn open(mut self) -> Self {
        let mut parts = BTreeMap::<_, Vec<usize>>::new();
        for (i, figure) in self.figures.iter_mut().enumerate() {
            if figure.unit != Unit::Complaints {
                // Of so few the days, or what they think, tell of one.
                if figure.of.is_none_or(|of| of < LEAST) {
                    figure.count = None;
                }
                (figure.of, figure.before) = (None, None);
                continue;
            }
            if let Some(whole) = &figure.part_of {
                parts.entry(whole.clone()).or_default().push(i);
            }
        }
        for of_one in parts.into_values() {
            let all = |number: fn(&Figure) -> Option<i64>| {
                shown(&of_one.iter().map(|i| number(&self.figures[*i])).collect::<Vec<_>>())
            };
            let (counts, before) = (all(|f| f.count), all(|f| f.before));
            for ((i, count), before) in of_one.iter().zip(counts).zip(before) {
                (self.figures[*i].count, self.figures[*i].before) = (count, before);
            }
        }
        for figure in self.figures.iter_mut().filter(|figure| figure.unit == Unit::Complaints) {
            let rest = figure.of.zip(figure.count).map(|(of, count)| of - count);
            if rest.is_some_and(is_small) {
                figure.count = None;
            }
            for number in [&mut figure.count, &mut figure.of, &mut figure.before] {
                *number = number.filter(|n| !is_small(*n));
            }
        }
        for table in &mut self.tables {
            for column in 0..table.columns.len() {
                let all: Vec<Option<i64>> = table.rows.iter().map(|row| row.counts[column]).collect();
                for (row, may_be) in table.rows.iter_mut().zip(shown(&all)) {
                    row.counts[column] = may_be;
                }
            }
            table.of = table.of.filter(|n| !is_small(*n));
            if table.is_by_size {
                // Where a row stands would tell what is left out of it.
                table.rows.sort_by(|a, b| a.label.cmp(&b.label));
            }
        }
        // A mean is a second sum of what is left out, and a rank says below which row so many of it stand.
        let tables = &self.tables;
        let is_told = |of: &String| tables.iter().any(|table| table.name == *of && table.is_whole());
        for figure in self.figures.iter_mut().filter(|figure| figure.unit != Unit::Complaints) {
            figure.count = figure.count.filter(|_| figure.sums_up.as_ref().is_none_or(is_told));
        }
        self.is_open = true;
        self
    }
}

impl Table {
    /// Returns whether no first count of a row is left out.
    fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.counts.first().is_some_and(Option::is_some))
    }
}

fn is_small(n: i64) -> bool {
    (1..LEAST).contains(&n)
}

/// Returns what may be shown of numbers of which the sum is known.
fn shown(all: &[Option<i64>]) -> Vec<Option<i64>> {
    let mut shown: Vec<Option<i64>> = all.iter().map(|n| n.filter(|n| !is_small(*n))).collect();
    while is_reckoned(all, &shown) {
        let others = shown.iter().enumerate().filter_map(|(i, n)| Some((i, n.filter(|n| *n > 0)?)));
        let Some((least, _)) = others.min_by_key(|(_, n)| *n) else { break };
        shown[least] = None;
    }
    shown
}

/// Returns whether what is left out follows from its sum: one number does, and small ones do that are all the least or all the
/// most.
fn is_reckoned(all: &[Option<i64>], shown: &[Option<i64>]) -> bool {
    let left_out: Vec<i64> =
        all.iter().zip(shown).filter_map(|(n, shown)| n.filter(|_| shown.is_none())).collect();
    let are_all = |small: i64| left_out.iter().all(|n| *n == small);
    !left_out.is_empty() && (left_out.len() == 1 || are_all(1) || are_all(LEAST - 1))
}

#[cfg(test)]
mod tests {
    use super::{LEAST, shown};
    use crate::calendar::Date;
    use crate::complaint::Language;
    use crate::report::{Figure, Report, Row, Table, Unit};

    fn of(all: &[i64]) -> Vec<Option<i64>> {
        shown(&all.iter().map(|n| Some(*n)).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_left_out_does_not_follow_from_the_sum() {
        assert_eq!(of(&[1, 9, 4, 0]), [None, Some(9), None, Some(0)], "one alone takes the smallest with it");
        assert_eq!(of(&[1, 2, 4]), [None, None, Some(4)], "which is which is not told");
        assert_eq!(of(&[1, 1, 4]), [None; 3], "two that are two together");
        assert_eq!(of(&[2, 2, 9, 5]), [None, None, Some(9), None], "two that are four together");
        assert_eq!(of(&[9, 4, 0]), [Some(9), Some(4), Some(0)]);
        assert_eq!(
            of(&[1, 0]),
            [None, Some(0)],
            "there is nothing to take with it, and the sum is small as well"
        );
    }

    fn table(name: &str, rows: &[(&str, i64)], is_by_size: bool) -> Table {
        let row =
            |(label, count): &(&str, i64)| Row { label: (*label).to_owned(), counts: vec![Some(*count)] };
        let text = String::new;
        Table {
            name: name.to_owned(),
            title: text(),
            definition: text(),
            heading: text(),
            columns: vec![text()],
            rows: rows.iter().map(row).collect(),
            of: None,
            drawing: None,
            is_by_size,
        }
    }

    fn open(figures: Vec<Figure>, table: Table) -> Report {
        let (from, to, made_on) = (Date::default(), Date::default(), Date::default());
        let report = Report {
            organisation: String::new(),
            language: Language::Dutch,
            from,
            to,
            made_on,
            is_open: false,
            figures,
            tables: vec![table],
            conclusions: None,
            recommendations: Vec::new(),
        };
        report.open()
    }

    fn labels(rows: &[(&str, i64)], is_by_size: bool) -> Vec<String> {
        let mut opened = open(Vec::new(), table("", rows, is_by_size));
        opened.tables.remove(0).rows.into_iter().map(|row| row.label).collect()
    }

    /// Of five steps answered by ten with a mean of 4.3 the two that are left out would be one each; of lead times 1, 7 and 2 the
    /// day within which nine of ten were done stands in the last row, and 2, 7 and 1 had it in the one before.
    #[test]
    fn what_sums_a_table_up_goes_with_what_is_left_out_of_it() {
        let summed = |unit, rows: &[(&str, i64)], sums_up: Option<&str>| {
            let of = Some(rows.iter().map(|(_, n)| n).sum());
            let text = String::new;
            let (name, label, definition, part_of) = (text(), text(), text(), None);
            let sums_up = sums_up.map(str::to_owned);
            let figure =
                Figure { name, label, definition, count: Some(43), of, before: None, unit, part_of, sums_up };
            open(vec![figure], table("of", rows, false)).figures.remove(0).count
        };
        let steps = [("1", 1), ("2", 1), ("3", 0), ("4", 0), ("5", 8)];
        assert_eq!(summed(Unit::Steps, &steps, Some("of")), None);
        assert_eq!(summed(Unit::Days, &[("7", 1), ("14", 7), ("15", 2)], Some("of")), None);
        let many = [("1", 3), ("2", 4), ("3", 0), ("4", 0), ("5", 8)];
        assert_eq!(summed(Unit::Steps, &many, Some("of")), Some(43), "nothing is left out");
        assert_eq!(summed(Unit::Days, &steps, None), Some(43), "of no table");
        assert_eq!(summed(Unit::Steps, &many, Some("other")), None, "of a table that is not there");
    }

    #[test]
    fn where_a_row_stands_tells_nothing_of_what_is_left_out() {
        let by_size = [("registration", 2), ("answer", 1), ("decision", 1)];
        assert_eq!(labels(&by_size, true), ["answer", "decision", "registration"]);
        let months = [("2026-02", 9), ("2026-01", 1)];
        assert_eq!(labels(&months, false), ["2026-02", "2026-01"], "what has an order of its own keeps it");
    }

    /// Whoever knows the sum finds at least two ways to share it out among what is left out, unless nothing else is left.
    #[test]
    fn every_sum_can_be_shared_out_in_two_ways() {
        for code in 0..6_i64.pow(4) {
            let all: Vec<i64> = (0..4).map(|place| code / 6_i64.pow(place) % 6).collect();
            let may_be = of(&all);
            let left_out: Vec<i64> =
                all.iter().zip(&may_be).filter(|(_, shown)| shown.is_none()).map(|(n, _)| *n).collect();
            assert!(may_be.iter().flatten().all(|n| *n == 0 || *n >= LEAST), "{all:?}");
            let sum: i64 = left_out.iter().sum();
            let ways = (0..9_i64.pow(left_out.len() as u32)).filter(|way| {
                let shares = (0..left_out.len() as u32).map(|place| way / 9_i64.pow(place) % 9 + 1);
                shares.sum::<i64>() == sum
            });
            let is_nothing_else = may_be.iter().flatten().all(|n| *n == 0);
            assert!(left_out.is_empty() || is_nothing_else || ways.count() > 1, "{all:?} {may_be:?}");
        }
    }
}
