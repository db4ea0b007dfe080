//! What may leave the circle of those who may see complaints: numbers under three are left out, and with them one more where the
//! one could be reckoned from the others.

use super::{Report, Unit};
use std::collections::BTreeMap;

/// Numbers under this are left out.
const LEAST: i64 = 3;

impl Report {
    /// Returns it as somebody reads it who may not see complaints.
    pub fn open(mut self) -> Self {
        let mut parts = BTreeMap::<_, Vec<usize>>::new();
        for (i, figure) in self.figures.iter_mut().enumerate() {
            if figure.unit == Unit::Days {
                // Of so few the days tell of one.
                if figure.of.is_none_or(|of| of < LEAST) {
                    figure.count = None;
                }
                (figure.of, figure.before) = (None, None);
                continue;
            }
            let rest = figure.of.zip(figure.count).map(|(of, count)| of - count);
            if rest.is_some_and(is_small) {
                figure.count = None;
            }
            for number in [&mut figure.count, &mut figure.of, &mut figure.before] {
                *number = number.filter(|n| !is_small(*n));
            }
            if let Some(whole) = &figure.part_of {
                parts.entry(whole.clone()).or_default().push(i);
            }
        }
        for of_one in parts.into_values() {
            let counts: Vec<Option<i64>> = of_one.iter().map(|i| self.figures[*i].count).collect();
            if let Some(i) = companions(&counts) {
                self.figures[of_one[i]].count = None;
            }
            let before: Vec<Option<i64>> = of_one.iter().map(|i| self.figures[*i].before).collect();
            if let Some(i) = companions(&before) {
                self.figures[of_one[i]].before = None;
            }
        }
        for table in &mut self.tables {
            for column in 0..table.columns.len() {
                for row in &mut table.rows {
                    row.counts[column] = row.counts[column].filter(|n| !is_small(*n));
                }
                let counts: Vec<Option<i64>> = table.rows.iter().map(|row| row.counts[column]).collect();
                if let Some(i) = companions(&counts) {
                    table.rows[i].counts[column] = None;
                }
            }
            table.of = table.of.filter(|n| !is_small(*n));
        }
        self.is_open = true;
        self
    }
}

fn is_small(n: i64) -> bool {
    (1..LEAST).contains(&n)
}

/// Returns which one must be left out as well, where only one is: what is left of the whole would be that one.
fn companions(counts: &[Option<i64>]) -> Option<usize> {
    if counts.iter().filter(|count| count.is_none()).count() != 1 {
        return None;
    }
    let shown = counts.iter().enumerate().filter_map(|(i, count)| Some((i, (*count).filter(|n| *n > 0)?)));
    shown.min_by_key(|(_, n)| *n).map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::companions;

    #[test]
    fn one_left_out_alone_takes_the_smallest_with_it() {
        assert_eq!(companions(&[None, Some(9), Some(4), Some(0)]), Some(2));
        assert_eq!(companions(&[None, None, Some(4)]), None, "two cannot be told apart");
        assert_eq!(companions(&[Some(9), Some(4)]), None);
        assert_eq!(companions(&[None, Some(0)]), None);
    }
}
