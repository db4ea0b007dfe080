//! `Load`: what the world does to an installation meanwhile: mail by all fronts, answers, actions, ticks. It keeps
//! what it was promised.

use super::dice::Dice;
use super::installation::{Installation, run};
use super::records::Records;
use crate::support::clear_complaint;
use crate::support::dovecot::Dovecot;
use std::time::Duration;

/// What a mail is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It opens a complaint of this sender.
    Complaint { sender: String },
    /// It is added to the complaint of this sender.
    Addition { sender: String },
    /// It is kept, and nothing follows.
    Automated,
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub message_id: String,
    raw: String,
    pub expected: Expected,
    /// True once a front has taken it over for good.
    is_taken: bool,
}

/// An action that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub number: String,
    /// True when the process said that it is done; false when nobody knows.
    pub is_done: bool,
}

#[derive(Debug, Default)]
pub struct Load {
    pub sent: Vec<Sent>,
    pub asked: Vec<Asked>,
    names: usize,
}

impl Load {
    /// Does a few things at random. `records` is what was in the store before.
    pub fn go_on(
        &mut self,
        on: &Installation,
        mailbox: Option<&Dovecot>,
        records: &Records,
        dice: &mut Dice,
    ) {
        for _ in 0..1 + dice.below(4) {
            match dice.below(100) {
                0..62 => {
                    let mail = self.complaint();
                    self.hand_over(on, mailbox, mail, dice);
                }
                62..70 => {
                    let mail = self.automated();
                    self.hand_over(on, mailbox, mail, dice);
                }
                70..78 => {
                    if let Some(again) = dice.choose(&self.sent).cloned() {
                        self.hand_over(on, mailbox, again, dice);
                    }
                }
                78..86 => {
                    if let Some(reply) = self.reply(records, dice) {
                        self.hand_over(on, mailbox, reply, dice);
                    }
                }
                86..96 => self.act(on, records, dice),
                _ => {
                    run(on.command(dice.below(on.hosts()), &["tick"]), "", patience(dice));
                }
            }
        }
    }

    /// One more complaint by the Maildir, when everything is calm; its sender.
    pub fn undisturbed(&mut self, on: &Installation) -> String {
        let mail = self.complaint();
        let Expected::Complaint { sender } = mail.expected.clone() else { unreachable!() };
        on.drop_mail(0, &mail.message_id, &mail.raw);
        self.sent.push(Sent { is_taken: true, ..mail });
        sender
    }

    /// What a mail server does with what nobody has taken over: it tries again.
    pub fn try_again(&mut self, on: &Installation) {
        for mail in self.sent.iter_mut().filter(|m| !m.is_taken) {
            let ended = run(on.command(0, &["intake"]), &mail.raw, None);
            mail.is_taken = ended.is_some_and(|status| status.success());
        }
        assert!(self.sent.iter().all(|m| m.is_taken), "a mail is never taken over");
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("m{}", self.names)
    }

    fn complaint(&mut self) -> Sent {
        let name = self.name();
        let sender = format!("{name}@example.nl");
        let raw = clear_complaint(&sender, &name);
        let expected = Expected::Complaint { sender };
        Sent { message_id: format!("{name}@example.nl"), raw, expected, is_taken: false }
    }

    fn automated(&mut self) -> Sent {
        let name = self.name();
        let raw = format!(
            "From: {name}@example.nl\r\nAuto-Submitted: auto-replied\r\nSubject: Afwezig\r\nMessage-ID: <{name}@example.nl>\r\n\r\n\
             Ik ben er niet.\r\n"
        );
        let expected = Expected::Automated;
        Sent { message_id: format!("{name}@example.nl"), raw, expected, is_taken: false }
    }

    fn reply(&mut self, records: &Records, dice: &mut Dice) -> Option<Sent> {
        let complaint = dice.choose(&records.complaints)?;
        let opened_by = records.mails.iter().find(|m| m.complaint == Some(complaint.id))?.message_id.clone();
        let (name, sender) = (self.name(), complaint.email.clone());
        let raw = format!(
            "From: Jan <{sender}>\r\nTo: planning@lagant.nl\r\nSubject: Re: Klacht\r\nIn-Reply-To: <{opened_by}>\r\n\
             Message-ID: <{name}@example.nl>\r\n\r\nNog iets: het was op dinsdag, om {name}.\r\n"
        );
        let message_id = format!("{name}@example.nl");
        Some(Sent { message_id, raw, expected: Expected::Addition { sender }, is_taken: false })
    }

    /// Hands a mail over by one of the fronts. Who kills the pipe does not know whether it was taken over.
    fn hand_over(&mut self, on: &Installation, mailbox: Option<&Dovecot>, mail: Sent, dice: &mut Dice) {
        let file = format!("{}-{}", self.name(), mail.message_id);
        let host = dice.below(on.hosts());
        let is_taken = match dice.below(100) {
            0..25 => {
                let ended = run(on.command(host, &["intake"]), &mail.raw, patience(dice));
                ended.is_some_and(|status| status.success())
            }
            25..55 if mailbox.is_some() => {
                mailbox.unwrap().deliver("planning", [(file, mail.raw.clone())]);
                true
            }
            _ => {
                on.drop_mail(host, &file, &mail.raw);
                true
            }
        };
        match self.sent.iter_mut().find(|known| known.message_id == mail.message_id) {
            Some(known) => known.is_taken |= is_taken,
            None => self.sent.push(Sent { is_taken, ..mail }),
        }
    }

    fn act(&mut self, on: &Installation, records: &Records, dice: &mut Dice) {
        let open: Vec<&str> = records
            .complaints
            .iter()
            .filter(|c| c.state == "in_treatment")
            .filter_map(|c| c.number.as_deref())
            .filter(|number| self.asked.iter().all(|asked| asked.number != *number))
            .collect();
        let Some(number) = dice.choose(&open).map(|number| (*number).to_owned()) else { return };
        let arguments = [
            "act",
            &number,
            "ask_information",
            "--input",
            "questions=Welke dag?",
            "--as",
            "behandelaar@lagant.nl",
        ];
        let ended = run(on.command(dice.below(on.hosts()), &arguments), "", patience(dice));
        self.asked.push(Asked { number, is_done: ended.is_some_and(|status| status.success()) });
    }
}

/// Most processes may end by themselves.
fn patience(dice: &mut Dice) -> Option<Duration> {
    dice.percent(35).then(|| Duration::from_millis(dice.below(900) as u64))
}
