//! A mail server that speaks IMAP and misbehaves where it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A step of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Login,
    Capability,
    Select,
    Search,
    List,
    Bodies,
    Move,
}

pub const STEPS: [Step; 8] = [
    Step::Greeting,
    Step::Login,
    Step::Capability,
    Step::Select,
    Step::Search,
    Step::List,
    Step::Bodies,
    Step::Move,
];

/// What it does wrong at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    SaysNo,
    SaysBad,
    SaysBye,
    /// Hangs up without a word.
    HangsUp,
    /// Hangs up after the first half of its answer.
    BreaksOff,
    /// Says something that is no IMAP.
    Babbles,
    /// Does as asked and says that it did not.
    DoesItAndSaysNo,
    /// Says nothing of what was asked, and that all is well.
    LeavesEverythingOut,
    /// Tells of other things in between.
    Digresses,
}

pub const FAULTS: [Fault; 9] = [
    Fault::SaysNo,
    Fault::SaysBad,
    Fault::SaysBye,
    Fault::HangsUp,
    Fault::BreaksOff,
    Fault::Babbles,
    Fault::DoesItAndSaysNo,
    Fault::LeavesEverythingOut,
    Fault::Digresses,
];

/// How it withholds one mail, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    No,
    Nil,
    LeftOut,
    Empty,
}

#[derive(Debug, Default)]
struct State {
    mails: BTreeMap<u32, String>,
    moved: Vec<u32>,
    /// Happens once.
    fault: Option<(Step, Fault)>,
    withheld: Option<(u32, Withheld)>,
    /// It goes away when it is asked for.
    vanishing: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct FakeImap {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl FakeImap {
    /// Starts one whose inbox holds these mails under UIDs from 1.
    pub fn start(mails: impl IntoIterator<Item = String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mails = (1..).zip(mails).collect();
        let state = Arc::new(Mutex::new(State { mails, ..State::default() }));
        let fake = Self { port: listener.local_addr().unwrap().port(), state };
        let serving = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (serving, stream) = (serving.clone(), stream.unwrap());
                std::thread::spawn(move || serving.converse(stream));
            }
        });
        fake
    }

    pub fn misbehave_once(&self, step: Step, fault: Fault) {
        self.state.lock().unwrap().fault = Some((step, fault));
    }

    pub fn withhold(&self, uid: u32, how: Option<Withheld>) {
        self.state.lock().unwrap().withheld = how.map(|how| (uid, how));
    }

    /// Lets a mail go away between the look and the fetch.
    pub fn let_vanish(&self, uid: u32) {
        self.state.lock().unwrap().vanishing = Some(uid);
    }

    /// The UIDs that were moved away, in order, and those that are left.
    pub fn fate(&self) -> (Vec<u32>, Vec<u32>) {
        let state = self.state.lock().unwrap();
        (state.moved.clone(), state.mails.keys().copied().collect())
    }

    /// Returns whether the fault has happened.
    pub fn has_misbehaved(&self) -> bool {
        self.state.lock().unwrap().fault.is_none()
    }

    fn converse(&self, stream: TcpStream) {
        // Small answers go at once.
        stream.set_nodelay(true).unwrap();
        let mut out = stream.try_clone().unwrap();
        if self.answer(&mut out, "*", Step::Greeting, "").is_err() {
            return;
        }
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { return };
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            let step = match command {
                _ if command.starts_with("LOGIN") => Step::Login,
                _ if command.starts_with("CAPABILITY") => Step::Capability,
                _ if command.starts_with("SELECT") => Step::Select,
                _ if command.starts_with("UID SEARCH") => Step::Search,
                _ if command.contains("BODY.PEEK") => Step::Bodies,
                _ if command.starts_with("UID FETCH") => Step::List,
                _ if command.starts_with("UID MOVE") => Step::Move,
                _ => {
                    let _ = out.write_all(format!("* BYE bye\r\n{tag} OK bye\r\n").as_bytes());
                    return;
                }
            };
            if self.answer(&mut out, tag, step, command).is_err() {
                return;
            }
        }
    }

    /// Answers one command; an error when the connection is over.
    fn answer(&self, out: &mut TcpStream, tag: &str, step: Step, command: &str) -> std::io::Result<()> {
        let fault = {
            let mut state = self.state.lock().unwrap();
            let fault = state.fault.take_if(|(at, _)| *at == step);
            fault.map(|(_, fault)| fault)
        };
        let leaves_out = fault == Some(Fault::LeavesEverythingOut);
        let does = !leaves_out && !matches!(fault, Some(Fault::SaysNo | Fault::SaysBad | Fault::Babbles));
        let (told, refusal) = if does { self.act(step, command) } else { (String::new(), None) };
        let end = refusal.map_or_else(|| format!("{tag} OK done\r\n"), |why| format!("{tag} NO {why}\r\n"));
        let whole = format!("{told}{end}");
        let (said, is_over) = match fault {
            Some(Fault::SaysNo) => (format!("{tag} NO not now\r\n"), false),
            Some(Fault::SaysBad) => (format!("{tag} BAD what?\r\n"), false),
            Some(Fault::DoesItAndSaysNo) => (format!("{told}{tag} NO not all of it\r\n"), false),
            Some(Fault::Babbles) => ("HTTP/1.1 200 OK\r\n\r\n".to_owned(), false),
            Some(Fault::Digresses) if step != Step::Greeting => {
                let digression = "* 9 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* OK by the way\r\n* 1 FETCH (UID 1 FLAGS ())\r\n";
                (format!("{digression}{whole}"), false)
            }
            Some(Fault::SaysBye) => ("* BYE going down\r\n".to_owned(), true),
            Some(Fault::HangsUp) => (String::new(), true),
            Some(Fault::BreaksOff) => (whole[..whole.len() / 2].to_owned(), true),
            _ => (whole, false),
        };
        out.write_all(said.as_bytes())?;
        if is_over { Err(std::io::Error::other("over")) } else { Ok(()) }
    }

    /// Does what is asked; what it tells of that, and why it refuses.
    fn act(&self, step: Step, command: &str) -> (String, Option<&'static str>) {
        let mut state = self.state.lock().unwrap();
        let asked = uids(command);
        let is_asked = |uid: &u32| asked.iter().any(|(first, last)| (*first..=*last).contains(uid));
        if step == Step::Bodies
            && let Some(uid) = state.vanishing.take()
        {
            state.mails.remove(&uid);
        }
        let present: Vec<u32> = state.mails.keys().copied().filter(is_asked).collect();
        let told = match step {
            Step::Capability => "* CAPABILITY IMAP4rev1 MOVE\r\n".to_owned(),
            Step::Select => {
                format!("* {} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* FLAGS (\\Seen)\r\n", state.mails.len())
            }
            Step::Search => {
                let found: Vec<String> = present.iter().map(|uid| format!(" {uid}")).collect();
                format!("* SEARCH{}\r\n", found.concat())
            }
            Step::List => {
                let one = |uid: &u32| {
                    let size = state.mails[uid].len();
                    format!(
                        "* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"07-Jan-2030 08:00:00 +0000\")\r\n"
                    )
                };
                present.iter().map(one).collect()
            }
            Step::Bodies => return bodies(&state, &present),
            Step::Move => {
                present.iter().for_each(|uid| drop(state.mails.remove(uid)));
                state.moved.extend(&present);
                String::new()
            }
            Step::Greeting | Step::Login => String::new(),
        };
        (told, None)
    }
}

fn bodies(state: &State, uids: &[u32]) -> (String, Option<&'static str>) {
    let mut told = String::new();
    let mut refusal = None;
    for uid in uids {
        let mail = &state.mails[uid];
        let withheld = state.withheld.filter(|(of, _)| of == uid).map(|(_, how)| how);
        let body = match withheld {
            None => format!("{{{}}}\r\n{mail}", mail.len()),
            Some(Withheld::Nil) => "NIL".to_owned(),
            Some(Withheld::Empty) => "\"\"".to_owned(),
            Some(Withheld::LeftOut) => continue,
            Some(Withheld::No) => {
                refusal = Some("the mail is damaged");
                continue;
            }
        };
        told.push_str(&format!("* {uid} FETCH (UID {uid} BODY[] {body})\r\n"));
    }
    (told, refusal)
}

/// The ranges of UIDs that a command names.
fn uids(command: &str) -> Vec<(u32, u32)> {
    let words = command.split(' ');
    let set = words.filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).find(|w| !w.contains('{'));
    let number = |text: &str| if text == "*" { u32::MAX } else { text.parse().unwrap_or(0) };
    let ranges = set.unwrap_or_default().split(',').filter(|range| !range.is_empty());
    ranges
        .map(|range| range.split_once(':').unwrap_or((range, range)))
        .map(|(a, b)| (number(a), number(b)))
        .collect()
}
