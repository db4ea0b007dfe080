//! Changes to inputs: of bytes, words and lines, and pieces of other inputs put in; the same seed makes the same ones.

/// The longest input, in bytes.
const LONGEST: usize = 64 << 10;
/// The most changes of one input.
const CHANGES: usize = 6;
/// Numbers that somebody forgot about.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "255",
    "65536",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "99999999999999999999",
];

/// Makes inputs from a corpus.
pub struct Mangler<'c> {
    state: u64,
    corpus: &'c [Vec<u8>],
    words: &'c [&'c str],
}

impl<'c> Mangler<'c> {
    pub fn new(seed: u64, corpus: &'c [Vec<u8>], words: &'c [&'c str]) -> Self {
        Self { state: seed, corpus, words }
    }

    /// SplitMix64.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }

    fn word(&mut self) -> &'c [u8] {
        let at = self.below(self.words.len());
        self.words[at].as_bytes()
    }

    pub fn next(&mut self) -> Vec<u8> {
        let at = self.below(self.corpus.len());
        let mut bytes = self.corpus[at].clone();
        for _ in 0..=self.below(CHANGES) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(64)).min(bytes.len());
        match self.below(13) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 if at < bytes.len() => bytes[at] = self.below(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                // Nested or repeated more often than anybody would.
                let times = 1 << self.below(12);
                let piece = if self.below(2) == 0 {
                    self.word().to_vec()
                } else {
                    bytes[at..end.min(at + 16)].to_vec()
                };
                bytes.splice(at..at, piece.repeat(times));
            }
            6 => {
                let donor = self.below(self.corpus.len());
                let donor = &self.corpus[donor];
                let from = self.below(donor.len());
                let to = (from + self.below(400)).min(donor.len());
                bytes.splice(at..at, donor[from..to].iter().copied());
            }
            7 | 8 => {
                let word = self.word().to_vec();
                bytes.splice(at..at, word);
            }
            9 => {
                let word = self.word().to_vec();
                bytes.splice(at..end, word);
            }
            10 => self.change_number(bytes, at),
            11 => self.move_line(bytes, at),
            _ => {
                let odd = ["\0", "\r", "\u{feff}", "\u{202e}", "é", "\u{10ffff}", "\t", "\"", "'", "\\"];
                let odd = odd[self.below(odd.len())];
                bytes.splice(at..at, odd.bytes());
            }
        }
    }

    fn change_number(&mut self, bytes: &mut Vec<u8>, from: usize) {
        let Some(at) = bytes[from..].iter().position(u8::is_ascii_digit).map(|i| from + i) else { return };
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let number = NUMBERS[self.below(NUMBERS.len())];
        bytes.splice(at..at + length, number.bytes());
    }

    fn move_line(&mut self, bytes: &mut Vec<u8>, from: usize) {
        let start = bytes[..from].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end = bytes[from..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| from + i + 1);
        let line: Vec<u8> = bytes.drain(start..end).collect();
        let to = self.below(bytes.len() + 1);
        let to = bytes[..to].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        bytes.splice(to..to, line);
    }
}
