//! The known name that was probably meant by one that does not exist.

/// The likeness from which two names resemble each other.
const RESEMBLES: f64 = 0.6;
/// The likeness from which a name is another one misspelt, if nothing else comes near.
const MISSPELT: f64 = 0.75;
/// The least by which the next known name is less alike.
const APART: f64 = 0.2;

/// Returns the known name most like `name`; none when none is like it.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    resembling(name, known).first().map(|(_, known)| *known)
}

/// Returns the name of which `name` can only be a misspelling: one that resembles it closely, and no other nearly as much.
pub(super) fn misspelt<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    match resembling(name, known)[..] {
        [(likeness, meant)] if likeness >= MISSPELT => Some(meant),
        [(likeness, meant), (next, _), ..] if likeness >= MISSPELT && likeness - next >= APART => Some(meant),
        _ => None,
    }
}

/// Returns the known names that resemble `name`, the most like it first.
fn resembling<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<(f64, &'a str)> {
    let likeness = |k: &'a str| (strsim::normalized_damerau_levenshtein(name, k), k);
    let mut found: Vec<(f64, &str)> =
        known.into_iter().map(likeness).filter(|(score, _)| *score >= RESEMBLES).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(a.1)));
    found.dedup_by_key(|(_, known)| *known);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [&str; 4] = ["received", "decided", "declined", "closed"];

    #[test]
    fn the_most_alike_is_nearest() {
        assert_eq!(nearest("recieved", STATES), Some("received"));
        assert_eq!(nearest("decidd", STATES), Some("decided"));
        assert_eq!(nearest("archived", ["closed", "open"]), None);
    }

    #[test]
    fn only_what_can_be_nothing_else_is_misspelt() {
        assert_eq!(misspelt("recieved", STATES), Some("received"));
        assert_eq!(misspelt("declide", STATES), None, "decided or declined");
        assert_eq!(misspelt("receipt", STATES), None, "not close");
        assert_eq!(misspelt("reply", ["reply", "reply"]), Some("reply"), "listed twice is one");
    }
}
