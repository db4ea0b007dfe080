//! `Fingerprint`: the likeness of two complaints in words, for a shortlist that a person looks at, never for
//! a rule (docs/procedure.md row 26: what is not certain is never automatic).

use std::collections::{BTreeSet, HashMap};

/// The least similarity at which two texts are shown as similar. Tuned on half of
/// `tests/fixtures/similar/pairs.txt`.
pub const SIMILAR: f64 = 0.36;

/// Words that every complaint has, in both languages; they are not compared.
const COMMON: &[&str] = &[
    "de",
    "het",
    "een",
    "en",
    "van",
    "in",
    "op",
    "te",
    "dat",
    "die",
    "is",
    "was",
    "er",
    "niet",
    "wel",
    "bij",
    "met",
    "voor",
    "aan",
    "naar",
    "om",
    "ik",
    "wij",
    "we",
    "mijn",
    "ons",
    "onze",
    "mij",
    "jullie",
    "zij",
    "hij",
    "haar",
    "zijn",
    "waren",
    "heb",
    "heeft",
    "had",
    "hebben",
    "werd",
    "worden",
    "wordt",
    "al",
    "nog",
    "ook",
    "maar",
    "want",
    "toen",
    "toe",
    "tot",
    "over",
    "door",
    "als",
    "dan",
    "dit",
    "deze",
    "geen",
    "na",
    "uit",
    "zo",
    "meer",
    "klacht",
    "klachten",
    "graag",
    "geachte",
    "groet",
    "vriendelijke",
    "heer",
    "mevrouw",
    "the",
    "a",
    "an",
    "of",
    "and",
    "to",
    "on",
    "at",
    "for",
    "were",
    "be",
    "been",
    "it",
    "its",
    "you",
    "our",
    "my",
    "your",
    "that",
    "this",
    "with",
    "not",
    "no",
    "has",
    "have",
    "did",
    "do",
    "by",
    "from",
    "but",
    "since",
    "although",
    "up",
    "out",
    "complaint",
    "dear",
    "regards",
    "kind",
    "sir",
    "madam",
];

/// The most words that are compared; of a longer text its beginning.
const WORDS: usize = 400;
/// The length in letters of the pieces that are compared, so that inflections and typing mistakes count for
/// less.
const GRAM: usize = 4;

/// A text in the form in which it is compared: its words, and the pieces of four letters in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    words: BTreeSet<String>,
    grams: HashMap<String, u32>,
}

impl Fingerprint {
    /// Makes the fingerprint of a text in Dutch or English.
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric());
        let words: BTreeSet<String> = words
            .filter(|w| w.chars().nth(1).is_some() && !COMMON.contains(w))
            .take(WORDS)
            .map(str::to_owned)
            .collect();
        let mut grams = HashMap::new();
        for word in &words {
            let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
            for gram in letters.windows(GRAM) {
                *grams.entry(gram.iter().collect()).or_insert(0) += 1;
            }
        }
        Self { words, grams }
    }

    /// Returns the similarity, from 0 for nothing in common to 1 for the same words.
    pub fn similarity(&self, other: &Self) -> f64 {
        f64::midpoint(self.in_words(other), self.in_grams(other))
    }

    fn in_words(&self, other: &Self) -> f64 {
        let shared = self.words.intersection(&other.words).count();
        cosine(shared as f64, self.words.len() as f64, other.words.len() as f64)
    }

    fn in_grams(&self, other: &Self) -> f64 {
        let shared: f64 = self
            .grams
            .iter()
            .filter_map(|(gram, n)| Some(f64::from(*n) * f64::from(*other.grams.get(gram)?)))
            .sum();
        let square = |grams: &HashMap<String, u32>| grams.values().map(|n| f64::from(*n).powi(2)).sum();
        cosine(shared, square(&self.grams), square(&other.grams))
    }
}

fn cosine(shared: f64, one: f64, other: f64) -> f64 {
    if one == 0.0 || other == 0.0 { 0.0 } else { shared / (one * other).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair {
        is_same: bool,
        one: Fingerprint,
        other: Fingerprint,
    }

    /// Reads the labelled pairs: those for tuning, and those that judge.
    fn pairs() -> (Vec<Pair>, Vec<Pair>) {
        let text = include_str!("../../tests/fixtures/similar/pairs.txt");
        let lines = text.lines().filter(|l| l.starts_with(['+', '-']));
        let pairs = lines.map(|line| {
            let parts: Vec<&str> = line.split('|').collect();
            let [label, _, one, other] = parts[..] else { panic!("{line}") };
            let (one, other) = (Fingerprint::of(one), Fingerprint::of(other));
            Pair { is_same: label == "+", one, other }
        });
        let (tuning, judging): (Vec<_>, Vec<_>) = pairs.enumerate().partition(|(i, _)| (i / 2) % 2 == 0);
        let plain = |list: Vec<(usize, Pair)>| list.into_iter().map(|(_, pair)| pair).collect();
        (plain(tuning), plain(judging))
    }

    fn precision_and_recall(pairs: &[Pair], threshold: f64) -> (f64, f64) {
        let is_found = |p: &&Pair| p.one.similarity(&p.other) >= threshold;
        let found = pairs.iter().filter(is_found).count() as f64;
        let right = pairs.iter().filter(is_found).filter(|p| p.is_same).count() as f64;
        let all = pairs.iter().filter(|p| p.is_same).count() as f64;
        (right / found, right / all)
    }

    #[test]
    fn the_shortlist_is_right_and_complete_on_pairs_that_did_not_tune_it() {
        let (tuning, judging) = pairs();
        assert!(tuning.len() + judging.len() >= 120);
        let (precision, recall) = precision_and_recall(&judging, SIMILAR);
        assert!(precision >= 0.90 && recall >= 0.80, "precision {precision:.3}, recall {recall:.3}");
    }

    #[test]
    fn the_threshold_is_the_best_for_the_tuning_half() {
        let (tuning, _) = pairs();
        let worth = |t: f64| {
            let (precision, recall) = precision_and_recall(&tuning, t);
            precision.min(recall)
        };
        let best = (10..90).map(|t| worth(f64::from(t) / 100.0)).fold(0.0, f64::max);
        assert!(worth(SIMILAR) >= best - 0.02, "{} against {best}", worth(SIMILAR));
    }

    #[test]
    fn it_is_symmetric_bounded_and_certain_of_the_same_text() {
        let (tuning, _) = pairs();
        for p in &tuning {
            let there = p.one.similarity(&p.other);
            assert!(
                (there - p.other.similarity(&p.one)).abs() < 1e-12 && (0.0..=1.0 + 1e-12).contains(&there)
            );
            assert!((p.one.similarity(&p.one) - 1.0).abs() < 1e-9);
        }
        assert_eq!(Fingerprint::of("").similarity(&Fingerprint::of("de het")), 0.0);
    }
}
