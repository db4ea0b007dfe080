//! The stages of a complaint's life, each of them calls of the real program: what is prepared, what is called, and what
//! the program must say it did. Times are those of the shipped procedure.

use super::installation::{Call, Caps, Installation};
use serde_json::Value;

/// Every mail comes in on this morning.
const MORNING: &str = "2026-11-23T09:05:00+01:00";
/// The most mails that one tick takes from a Maildir.
const ROUND: usize = 500;

/// What belongs to every stage: how many mails, and who hears of webhooks.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Mails in the Maildir. A tenth of that comes by `redress intake` with all files, and up to ten by the pipe.
    pub mails: usize,
    pub url: String,
}

impl Scene {
    fn by_files(&self) -> usize {
        self.mails / 10
    }

    fn by_pipe(&self) -> usize {
        self.by_files().min(10)
    }

    fn all(&self) -> usize {
        self.mails + self.by_files() + self.by_pipe()
    }
}

/// What the program says it did, over all calls of a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub taken: usize,
    pub decisions: usize,
    pub accepted: usize,
    pub held: usize,
}

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A tick with nothing to do: what every call costs at least.
    Idle,
    Maildir,
    Files,
    Pipe,
    /// Two letters each: the acknowledgement, whose acceptance is decided on, and a notice to the handler.
    Letters,
    /// Two weeks before the promised day; gathered into one digest.
    Reminders,
    /// A term of ours has passed; handler and director are told.
    Breach,
    /// The promised day has passed: a letter, whose acceptance is decided on, and two notices each.
    Escalation,
    /// A notice and a webhook each.
    Webhooks,
    /// A letter each, held by a cap, and a notice; that letters are held is told once.
    Held,
    /// Letters that are still held, a quarter of an hour later.
    HeldStill,
    /// Letters that were held, sent and decided on.
    Released,
    Report,
    Register,
}

impl Stage {
    pub const ALL: [Self; 14] = [
        Self::Idle,
        Self::Maildir,
        Self::Files,
        Self::Pipe,
        Self::Letters,
        Self::Reminders,
        Self::Breach,
        Self::Escalation,
        Self::Webhooks,
        Self::Held,
        Self::HeldStill,
        Self::Released,
        Self::Report,
        Self::Register,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle tick",
            Self::Maildir => "maildir, decided",
            Self::Files => "files, decided",
            Self::Pipe => "pipe, decided",
            Self::Letters => "letters, settled",
            Self::Reminders => "reminders, digest",
            Self::Breach => "breach, 2 notices",
            Self::Escalation => "letter, 2 notices",
            Self::Webhooks => "notice, webhook",
            Self::Held => "letter held, notice",
            Self::HeldStill => "held still",
            Self::Released => "released, settled",
            Self::Report => "report",
            Self::Register => "register",
        }
    }

    /// Makes ready what it needs, which is not measured.
    pub async fn prepare(self, installation: &Installation, scene: &Scene) {
        match self {
            Self::Maildir => {
                installation.pause_mail().await;
                installation.drop_mails(0..scene.mails);
            }
            Self::Webhooks => installation.add_webhook(&scene.url),
            Self::Held => {
                installation.remove_webhook();
                installation.cap(Caps::Shut);
            }
            Self::Released => installation.cap(Caps::Wide),
            _ => {}
        }
    }

    /// What must be called before it, which is not measured either: the first start publishes the rules.
    pub fn before(self) -> Option<Call> {
        (self == Self::Idle).then(|| Call::new(MORNING, &["tick"]))
    }

    /// What is called and measured.
    pub fn calls(self, installation: &Installation, scene: &Scene) -> Vec<Call> {
        let tick = |at| vec![Call::new(at, &["--json", "tick"])];
        match self {
            Self::Idle => tick(MORNING),
            Self::Maildir => (0..scene.mails.div_ceil(ROUND)).flat_map(|_| tick(MORNING)).collect(),
            Self::Files => {
                let mut call = Call::new(MORNING, &["--json", "intake"]);
                let files = installation.files(scene.mails..scene.mails + scene.by_files());
                call.arguments.extend(files.iter().map(|file| file.display().to_string()));
                vec![call]
            }
            Self::Pipe => {
                let files = installation.files(scene.mails + scene.by_files()..scene.all());
                let call = |file| Call { input: Some(file), ..Call::new(MORNING, &["--json", "intake"]) };
                files.into_iter().map(call).collect()
            }
            Self::Letters => tick("2026-11-23T09:10:00+01:00"),
            Self::Reminders => tick("2026-12-21T09:00:00+01:00"),
            Self::Breach => tick("2026-12-22T00:01:00+01:00"),
            Self::Escalation => tick("2027-01-05T00:01:00+01:00"),
            Self::Webhooks => tick("2027-01-12T09:00:00+01:00"),
            Self::Held => tick("2027-02-06T00:01:00+01:00"),
            Self::HeldStill => tick("2027-02-06T00:17:00+01:00"),
            Self::Released => tick("2027-02-06T00:33:00+01:00"),
            Self::Report => vec![Call::new("2027-02-06T00:34:00+01:00", &["reports", "show", "2026-Q4"])],
            Self::Register => vec![Call::new("2027-02-06T00:34:00+01:00", &["register", "--csv"])],
        }
    }

    /// The number of complaints or mails that it is about.
    pub fn items(self, scene: &Scene) -> usize {
        match self {
            Self::Idle => 1,
            Self::Maildir => scene.mails,
            Self::Files => scene.by_files(),
            Self::Pipe => scene.by_pipe(),
            _ => scene.all(),
        }
    }

    /// What the program must say it did for each item.
    fn each(self) -> Done {
        let done = |taken, decisions, accepted, held| Done { taken, decisions, accepted, held };
        match self {
            Self::Maildir => done(1, 1, 0, 0),
            // The command says which mails it took in, and no more.
            Self::Files | Self::Pipe => done(1, 0, 0, 0),
            Self::Letters => done(0, 1, 2, 0),
            Self::Reminders => done(0, 1, 0, 0),
            Self::Breach => done(0, 1, 2, 0),
            Self::Escalation => done(0, 2, 3, 0),
            Self::Webhooks => done(0, 1, 2, 0),
            Self::Held => done(0, 1, 1, 1),
            Self::HeldStill => done(0, 0, 0, 1),
            Self::Released => done(0, 1, 1, 0),
            Self::Idle | Self::Report | Self::Register => Done::default(),
        }
    }

    /// Asserts that the program did what the stage is for; a few notices to the organisation may come on top.
    pub fn check(self, scene: &Scene, done: Done) {
        let (each, n) = (self.each(), self.items(scene));
        let most_on_top = 12 + n / 20;
        for (what, did, each) in [
            ("taken in", done.taken, each.taken),
            ("decisions", done.decisions, each.decisions),
            ("accepted", done.accepted, each.accepted),
            ("held", done.held, each.held),
        ] {
            let is_right = did >= each * n && did <= each * n + most_on_top;
            assert!(is_right, "{}: {did} {what} for {n} times {each}: {done:?}", self.name());
        }
    }
}

impl Done {
    /// Reads what one call printed.
    pub fn read(printed: &str) -> Self {
        let Ok(document) = serde_json::from_str::<Value>(printed) else { return Self::default() };
        let count = |path: &str| document.pointer(path).and_then(Value::as_u64).unwrap_or(0) as usize;
        let taken = document.as_array().or_else(|| document["intake"].as_array()).map_or(0, Vec::len);
        Self {
            taken,
            decisions: count("/ticked/decisions"),
            accepted: count("/delivered/accepted"),
            held: count("/delivered/held"),
        }
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            taken: self.taken + other.taken,
            decisions: self.decisions + other.decisions,
            accepted: self.accepted + other.accepted,
            held: self.held + other.held,
        }
    }
}
