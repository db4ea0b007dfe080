//! `Values`: the values that something can have, as a set: names, or numbers.

use std::collections::BTreeSet;

/// A set of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// These names and no other.
    Names(BTreeSet<String>),
    /// Every name but these; what else there is, is not known.
    AllBut(BTreeSet<String>),
    /// Numbers in ranges that are apart from each other, in order; both ends belong to them.
    Numbers(Vec<(i64, i64)>),
}

impl Values {
    pub fn name(name: impl Into<String>) -> Self {
        Self::Names([name.into()].into())
    }

    pub fn range(from: i64, to: i64) -> Self {
        Self::Numbers(if from <= to { vec![(from, to)] } else { Vec::new() })
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Names(names) => names.is_empty(),
            Self::AllBut(_) => false,
            Self::Numbers(ranges) => ranges.is_empty(),
        }
    }

    /// Returns the values that are not in it.
    pub fn others(&self) -> Self {
        match self {
            Self::Names(names) => Self::AllBut(names.clone()),
            Self::AllBut(names) => Self::Names(names.clone()),
            Self::Numbers(ranges) => Self::Numbers(gaps(ranges)),
        }
    }

    /// Returns the values that are in both.
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Names(a), Self::Names(b)) => Self::Names(a & b),
            (Self::Names(a), Self::AllBut(b)) | (Self::AllBut(b), Self::Names(a)) => Self::Names(a - b),
            (Self::AllBut(a), Self::AllBut(b)) => Self::AllBut(a | b),
            (Self::Numbers(a), Self::Numbers(b)) => Self::Numbers(overlaps(a, b)),
            // A number where there was a name is told elsewhere.
            (known, _) => known.clone(),
        }
    }

    /// Returns the values that are in either.
    pub fn or(&self, other: &Self) -> Self {
        self.others().and(&other.others()).others()
    }

    /// Returns whether each of its values is in `other`.
    pub fn are_within(&self, other: &Self) -> bool {
        self.and(&other.others()).is_empty()
    }
}

fn gaps(ranges: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut from = Some(i64::MIN);
    for (a, b) in ranges {
        if let Some(from) = from.filter(|from| from < a) {
            found.push((from, a - 1));
        }
        from = b.checked_add(1);
    }
    found.extend(from.map(|from| (from, i64::MAX)));
    found
}

fn overlaps(a: &[(i64, i64)], b: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x.0.max(y.0), x.1.min(y.1))));
    pairs.filter(|(from, to)| from <= to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Values {
        Values::Names(list.iter().map(|n| (*n).to_owned()).collect())
    }

    #[test]
    fn sets_of_names_and_numbers_are_sets() {
        let (a, ab) = (names(&["a"]), names(&["a", "b"]));
        assert!(a.are_within(&ab) && !ab.are_within(&a));
        assert!(ab.and(&a.others()).are_within(&names(&["b"])));
        assert!(a.and(&a.others()).is_empty());
        assert_eq!(a.others().or(&a), Values::AllBut(BTreeSet::new()));
        let few = Values::range(1, 3).or(&Values::range(7, i64::MAX));
        assert_eq!(few.others(), Values::Numbers(vec![(i64::MIN, 0), (4, 6)]));
        assert!(Values::range(2, 3).are_within(&few) && !Values::range(3, 4).are_within(&few));
        assert!(Values::range(5, 4).is_empty());
    }
}
