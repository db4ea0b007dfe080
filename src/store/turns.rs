//! `Turns`: who writes next. What a person waits for goes before what the program does by itself, which comes in large
//! transactions, one behind the other.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// The people who may go before the program's own work that waits; then it stands in line like everybody.
const GIVING_WAY: u64 = 20;

/// For whom something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Precedence {
    /// For somebody who waits for it.
    #[default]
    People,
    /// For nobody in particular: mail that is taken in, what is due, deliveries.
    Background,
}

/// The right to write, given on when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    /// None only when the process ends.
    _held: Option<OwnedSemaphorePermit>,
}

/// The line of those who want to write.
#[derive(Clone, Debug)]
pub(super) struct Turns {
    free: Arc<Semaphore>,
    /// The first of the program's own writers; the others wait behind it.
    first: Arc<Semaphore>,
    people: watch::Sender<People>,
}

#[derive(Clone, Copy, Debug, Default)]
struct People {
    waiting: u64,
    /// How many have had their turn, or given up.
    gone: u64,
}

impl Turns {
    /// Makes a line for as many writers at once.
    pub fn new(writers: u32) -> Self {
        let free = Arc::new(Semaphore::new(writers as usize));
        Self { free, first: Arc::new(Semaphore::new(1)), people: watch::Sender::default() }
    }

    /// Waits for its turn.
    pub async fn wait(&self, precedence: Precedence) -> Turn {
        let _held = match precedence {
            Precedence::People => self.before_others().await,
            Precedence::Background => self.behind_people().await,
        };
        Turn { _held }
    }

    async fn before_others(&self) -> Option<OwnedSemaphorePermit> {
        self.people.send_modify(|people| people.waiting += 1);
        let _waits = Waits(&self.people);
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    async fn behind_people(&self) -> Option<OwnedSemaphorePermit> {
        let _first = self.first.acquire().await.ok()?;
        let mut people = self.people.subscribe();
        let enough = people.borrow().gone + GIVING_WAY;
        loop {
            people.wait_for(|people| people.waiting == 0 || people.gone >= enough).await.ok()?;
            tokio::select! {
                biased;
                turn = Arc::clone(&self.free).acquire_owned() => return turn.ok(),
                // Whoever comes while this stands in line goes first, so it leaves the line again.
                _ = people.wait_for(|people| people.waiting > 0 && people.gone < enough) => {}
            }
        }
    }
}

/// Counts somebody among those who wait, until it is dropped.
struct Waits<'t>(&'t watch::Sender<People>);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|people| {
            people.waiting -= 1;
            people.gone += 1;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::yield_now;

    async fn stand(turns: &Turns, precedence: Precedence) -> tokio::task::JoinHandle<Turn> {
        let turns = turns.clone();
        let standing = tokio::spawn(async move { turns.wait(precedence).await });
        for _ in 0..10 {
            yield_now().await;
        }
        standing
    }

    #[tokio::test]
    async fn a_person_goes_before_what_stood_in_line_first() {
        let turns = Turns::new(1);
        let held = turns.wait(Precedence::Background).await;
        let program = stand(&turns, Precedence::Background).await;
        let person = stand(&turns, Precedence::People).await;
        drop(held);
        let held = person.await.unwrap();
        yield_now().await;
        assert!(!program.is_finished(), "two at once");
        drop(held);
        program.await.unwrap();
    }

    #[tokio::test]
    async fn who_gives_up_holds_up_nobody() {
        let turns = Turns::new(1);
        let held = turns.wait(Precedence::People).await;
        for precedence in [Precedence::People, Precedence::Background] {
            stand(&turns, precedence).await.abort();
        }
        drop(held);
        drop(turns.wait(Precedence::Background).await);
        drop(turns.wait(Precedence::People).await);
        assert_eq!(turns.people.borrow().waiting, 0);
    }

    #[tokio::test]
    async fn people_without_end_do_not_keep_the_program_from_its_work() {
        let turns = Turns::new(1);
        let mut held = turns.wait(Precedence::People).await;
        let program = stand(&turns, Precedence::Background).await;
        let mut person = stand(&turns, Precedence::People).await;
        for _ in 0..=GIVING_WAY + 1 {
            drop(held);
            let next = stand(&turns, Precedence::People).await;
            if program.is_finished() {
                return;
            }
            held = std::mem::replace(&mut person, next).await.unwrap();
        }
        panic!("it never had its turn");
    }
}
