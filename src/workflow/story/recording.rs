//! `Recording`: the stage of scenarios with somebody who hears everything that goes on there.

use super::heard::{Heard, What};
use super::words::{Words, done};
use crate::calendar::{Date, Span};
use crate::complaint::Text;
use crate::rules::scenario::{
    ActionOutcome, ContactSketch, DeadlineSeen, DigestSeen, Expected, MailSketch, PeopleChange, Stage,
};
use crate::workflow::world::{Going, World};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The stage of a scenario, which is told.
pub(super) struct Recording {
    world: World,
    heard: Heard,
    words: Words,
    /// The digests that were told, among those that nobody has taken.
    digests: usize,
}

impl Recording {
    /// Listens to a world in which the clock may turn so often.
    pub fn new(mut world: World, heard: &Heard, turns: u32) -> Self {
        let words = Words::new(Arc::clone(&world.renderer.published));
        world.turns = Some(turns);
        let (ear, said) = (heard.clone(), words.clone());
        world.witness = Box::new(move |commit| {
            let case = usize::try_from(commit.case.id.0 - 1).ok();
            for says in said.decided(commit) {
                ear.note(commit.at, What::Follows, case, says);
            }
        });
        let (ear, said) = (heard.clone(), words.clone());
        world.reader = Some(Box::new(move |going: &Going<'_>| {
            // What is about a complaint is told by the decision.
            if going.case.is_none() {
                ear.note(going.now, What::Follows, None, said.scheduled(going.row));
            }
        }));
        Self { world, heard: heard.clone(), words, digests: 0 }
    }

    fn did(&self, case: Option<usize>, says: Text) {
        self.heard.note(self.world.now, What::Done, case, says);
    }

    /// Lets something happen in the world, unless enough was told.
    fn play<T>(&mut self, part: impl FnOnce(&mut World) -> Result<T, Text>) -> Result<T, Text> {
        let outcome = part(&mut self.world);
        for digest in self.world.gathered.sent.iter().skip(self.digests) {
            self.heard.note(digest.at, What::Follows, None, self.words.digest(digest));
        }
        self.digests = self.world.gathered.sent.len();
        if self.world.turns == Some(0) {
            self.heard.cut();
        }
        if self.heard.is_cut() {
            return Err(Text::new(
                "het verhaal is langer dan hier past",
                "the story is longer than fits here",
            ));
        }
        outcome
    }

    /// Lets time go on, and tells it where it has come to.
    fn pass(&mut self, part: impl FnOnce(&mut World) -> Result<(), Text>) -> Result<(), Text> {
        let is_begun = !self.world.players.is_empty();
        let passed = self.play(part);
        self.did(None, if is_begun { done::clock() } else { done::beginning() });
        passed
    }
}

impl Stage for Recording {
    fn line(&mut self, line: usize) {
        self.heard.line(line);
    }

    fn expects(&mut self, expected: Expected<'_>) {
        let (case, says) = self.words.expected(&expected);
        self.heard.note(self.world.now, What::Expected { holds: false }, case, says);
    }

    fn holds(&mut self) {
        self.heard.last(|noted| {
            if let What::Expected { holds } = &mut noted.what {
                *holds = true;
            }
        });
    }

    fn until(&mut self, local: &str) -> Result<(), Text> {
        self.pass(|world| world.until(local))
    }

    fn wait(&mut self, span: Span) -> Result<(), Text> {
        self.pass(|world| world.wait(span))
    }

    fn outage(&mut self, local: &str) -> Result<(), Text> {
        self.did(None, done::outage(local));
        self.play(|world| world.outage(local))
    }

    fn mail(&mut self, mail: MailSketch) -> Result<usize, Text> {
        self.did(None, done::mail(&mail));
        self.play(|world| world.mail(mail))
    }

    fn contact(&mut self, contact: ContactSketch) -> Result<usize, Text> {
        self.did(None, done::contact(&contact, &self.words.person(&self.world, &contact.by)));
        self.play(|world| world.contact(contact))
    }

    fn reply(&mut self, case: usize, from: &str) -> Result<usize, Text> {
        self.did(Some(case), done::reply(from));
        self.play(|world| world.reply(case, from))
    }

    fn answer_invitation(&mut self, case: usize, answer: &str) -> Result<(), Text> {
        self.did(Some(case), done::invitation(answer));
        self.play(|world| world.answer_invitation(case, answer))
    }

    fn people(&mut self, change: PeopleChange) -> Result<(), Text> {
        self.did(None, self.words.people(&change));
        self.play(|world| world.people(change))
    }

    fn conclude(&mut self, from: &str, to: &str) -> Result<(), Text> {
        self.did(None, done::conclude(from, to));
        self.play(|world| world.conclude(from, to))
    }

    fn recommend(&mut self, follow_up_on: &str) -> Result<(), Text> {
        self.did(None, done::recommend(follow_up_on));
        self.play(|world| world.recommend(follow_up_on))
    }

    fn act(
        &mut self,
        case: usize,
        actor: &str,
        action: &str,
        input: BTreeMap<String, Value>,
    ) -> Result<ActionOutcome, Text> {
        let who = self.words.person(&self.world, actor);
        self.did(Some(case), self.words.action(&who, action));
        let outcome = self.play(|world| world.act(case, actor, action, input))?;
        if let ActionOutcome::Refused(why) = &outcome {
            self.heard.last_done(|noted| noted.says = done::refused(&noted.says, why));
        }
        Ok(outcome)
    }

    fn recall(&mut self, case: usize, who: &str, message: &str) -> Result<(), Text> {
        let by = self.words.person(&self.world, who);
        self.did(Some(case), done::recall(&by, &self.words.message(message)));
        self.play(|world| world.recall(case, who, message))
    }

    fn bounce(&mut self, case: usize, message: &str) -> Result<(), Text> {
        self.did(Some(case), done::bounce(&self.words.message(message)));
        self.play(|world| world.bounce(case, message))
    }

    fn fact(&self, case: usize, name: &str) -> Option<Value> {
        self.world.fact(case, name)
    }

    fn deadline(&self, case: usize, name: &str) -> Option<DeadlineSeen> {
        self.world.deadline(case, name)
    }

    fn today(&self) -> Option<Date> {
        self.world.today()
    }

    fn day_in_words(&self, case: usize, day: Date) -> String {
        self.world.day_in_words(case, day)
    }

    fn span_in_words(&self, case: usize, span: Span) -> String {
        self.world.span_in_words(case, span)
    }

    fn letter(&self, case: usize, message: &str) -> Option<String> {
        self.world.letter(case, message)
    }

    fn reached(&self, case: usize, notice: &str) -> Option<Vec<String>> {
        self.world.reached(case, notice)
    }

    fn take_notified(&mut self, case: usize) -> Vec<String> {
        self.world.take_notified(case)
    }

    fn take_sent(&mut self) -> Vec<String> {
        self.world.take_sent()
    }

    fn take_digests(&mut self, address: &str) -> Vec<DigestSeen> {
        let taken = self.world.take_digests(address);
        self.digests = self.world.gathered.sent.len();
        taken
    }

    fn offers(&self, case: usize, action: &str) -> bool {
        self.world.offers(case, action)
    }
}
