//! Letters to the complainant in the world in memory: what may be called back waits as in production, then it goes and
//! arrives.

use super::World;
use crate::calendar::Moment;
use crate::complaint::{LetterStatus, MessageName, Text};
use crate::rules::Trigger;

/// A letter that is to go.
#[derive(Clone, Debug)]
pub(in crate::workflow) struct WaitingLetter {
    pub goes_at: Moment,
    /// The place of its complaint among the cases.
    pub place: usize,
    pub message: MessageName,
    /// The decision that sent it, by the complaint's version, and its place within that decision.
    pub sent: (i64, u32),
}

impl World {
    /// Sends a letter, at once when it waits for nothing.
    pub(super) fn send(&mut self, letter: WaitingLetter) -> Result<(), Text> {
        if letter.goes_at > self.now {
            self.letters.push(letter);
            return Ok(());
        }
        self.arrive(letter)
    }

    /// Returns the moment at which the next letter goes; none when none waits.
    pub(super) fn next_letter(&self) -> Option<Moment> {
        self.letters.iter().map(|letter| letter.goes_at).min()
    }

    /// Sends the letter that has waited for longest.
    pub(super) fn send_next_letter(&mut self) -> Result<(), Text> {
        let next = (0..self.letters.len()).min_by_key(|i| self.letters[*i].goes_at);
        match next {
            Some(next) => {
                let letter = self.letters.remove(next);
                self.arrive(letter)
            }
            None => Ok(()),
        }
    }

    /// Takes the latest letter of a name away that waits for a complaint; none when none does.
    pub fn take_waiting(&mut self, place: usize, message: &str) -> Option<WaitingLetter> {
        let is_it = |letter: &WaitingLetter| letter.place == place && letter.message.as_str() == message;
        let found = self.letters.iter().rposition(is_it)?;
        Some(self.letters.remove(found))
    }

    fn arrive(&mut self, letter: WaitingLetter) -> Result<(), Text> {
        let WaitingLetter { place, message, sent: (version, ordinal), .. } = letter;
        self.decide(place, Trigger::Delivered { message, version, ordinal, status: LetterStatus::Accepted })
    }
}
