//! The table of what letters state: sentences with places in braces, and what must hold when such a sentence goes.

use std::collections::BTreeMap;

/// A sentence that a letter may hold, and what it states.
#[derive(Debug)]
pub struct Claim {
    /// The line of the table.
    pub line: usize,
    pieces: Vec<Piece>,
    /// What must hold, each in the words of the table.
    pub conditions: Vec<&'static str>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Words(&'static str),
    Slot(&'static str),
}

impl Claim {
    fn parse(line: usize, text: &'static str) -> Self {
        let (sentence, conditions) = text.split_once(" | ").unwrap_or((text, ""));
        let mut pieces = Vec::new();
        let mut rest = sentence;
        while let Some((words, after)) = rest.split_once('{') {
            let (slot, after) =
                after.split_once('}').unwrap_or_else(|| panic!("line {line}: a brace too few"));
            pieces.extend([Piece::Words(words), Piece::Slot(slot)]);
            rest = after;
        }
        pieces.push(Piece::Words(rest));
        Self { line, pieces, conditions: conditions.split_whitespace().collect() }
    }

    /// Returns what a sentence says in each place; none when it is another sentence.
    pub fn said<'t>(&self, sentence: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
        let mut found = Vec::new();
        fits(&self.pieces, sentence, &mut found).then_some(found)
    }
}

fn fits<'t>(pieces: &[Piece], text: &'t str, found: &mut Vec<(&'static str, &'t str)>) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Words(words), rest @ ..] => {
            text.strip_prefix(words).is_some_and(|text| fits(rest, text, found))
        }
        [Piece::Slot(slot), rest @ ..] => {
            let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
            for end in ends {
                found.push((slot, &text[..end]));
                if fits(rest, &text[end..], found) {
                    return true;
                }
                found.pop();
            }
            false
        }
    }
}

/// The claims of each message, `*` those of every letter.
pub struct Table(BTreeMap<&'static str, Vec<Claim>>);

impl Table {
    pub fn read() -> Self {
        let mut sections: BTreeMap<&str, Vec<Claim>> = BTreeMap::new();
        let mut section = "*";
        // Read while it runs, as the letters are: whoever writes them compiles nothing.
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/letters/claims.txt");
        let text: &'static str = std::fs::read_to_string(file).expect("the table").leak();
        for (i, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with("# ") || line == "#" {
                continue;
            }
            match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some(name) => section = name,
                None => sections.entry(section).or_default().push(Claim::parse(i + 1, line)),
            }
        }
        Self(sections)
    }

    /// Returns the claims that a message may make, its own first.
    pub fn of(&self, message: &str) -> impl Iterator<Item = &Claim> {
        [message, "*"].into_iter().filter_map(|name| self.0.get(name)).flatten()
    }

    /// Returns the messages it is about.
    pub fn messages(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied().filter(|name| *name != "*")
    }

    /// Returns every line on which a claim stands.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        self.0.values().flatten().map(|claim| claim.line)
    }
}

/// Returns the sentences of a text, line by line.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut begin = 0;
        for (i, _) in line.match_indices(' ') {
            if line[begin..i].ends_with(['.', '?', '!']) {
                found.push(&line[begin..i]);
                begin = i + 1;
            }
        }
        found.push(&line[begin..]);
    }
    found
}

#[test]
fn a_sentence_is_found_with_what_it_says() {
    let claim = Claim::parse(1, "U hoort {term:T}, dus voor {day:promise}. | open");
    assert_eq!(
        claim.said("U hoort 1 maand, dus voor 4 mei."),
        Some(vec![("term:T", "1 maand"), ("day:promise", "4 mei")])
    );
    assert_eq!(claim.said("U hoort 1 maand, dus voor 4 mei!"), None);
    assert_eq!(sentences("Dag,\n\nEen. Twee? Drie: vier\n"), ["Dag,", "Een.", "Twee?", "Drie: vier"]);
}
