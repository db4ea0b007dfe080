//! Subjects compared as people would: without prefixes, case, punctuation and words that say nothing.

/// Words a subject must still have for two equal subjects to be certain (docs/procedure.md row 26).
const INFORMATIVE_WORDS: usize = 2;

/// Returns whether both subjects, without `generic` words, are equal and still say something.
pub(in crate::rules) fn same_subject(one: &str, other: &str, generic: &[String]) -> bool {
    let (one, other) = (informative_words(one, generic), informative_words(other, generic));
    one.len() >= INFORMATIVE_WORDS && one == other
}

fn informative_words(subject: &str, generic: &[String]) -> Vec<String> {
    let generic: Vec<String> = generic.iter().map(|w| w.to_lowercase()).collect();
    crate::complaint::bare_subject(subject)
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !generic.iter().any(|g| g == w))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        same_subject(one, other, &["klacht".to_owned(), "over".to_owned(), "training".to_owned()])
    }

    #[test]
    fn two_informative_words_must_agree() {
        assert!(same("Klacht over parkeren Utrecht", "RE: parkeren utrecht!"));
        assert!(!same("Klacht", "Klacht"), "nothing informative");
        assert!(!same("Klacht parkeren", "klacht Parkeren"), "one word is too little");
        assert!(!same("parkeren Utrecht", "parkeren Amsterdam"));
    }
}
