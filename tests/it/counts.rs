//! What the real program asks of the database and the disk for each complaint, counted stage by stage as `just bench e2e`
//! does: statements and syncs, which are the same on every machine, and must not rise.

use crate::support::receiver::Receiver;

#[path = "../../benches/e2e/count.rs"]
mod count;
#[path = "../../benches/e2e/database.rs"]
mod database;
#[path = "../../benches/e2e/installation.rs"]
mod installation;
#[path = "../../benches/e2e/mails.rs"]
mod mails;
#[path = "../../src/cli/demo/spreadsheet.rs"]
mod spreadsheet;
#[path = "../../benches/e2e/stages.rs"]
mod stages;

use count::{Counts, count, counted, has_strace};
use installation::{Call, Installation};
use stages::{Scene, Stage};

const MAILS: usize = 40;

/// The most statements and syncs of a stage with 40 mails. Room is left for what differs from run to run: on a busy computer
/// fewer outcomes of letters are recorded together, and SQLite writes its pages back more often.
const AT_MOST: [(Stage, usize, usize); Stage::ALL.len()] = [
    (Stage::Idle, 38, 10),
    (Stage::Maildir, 72, 14),
    (Stage::Files, 76, 14),
    (Stage::Pipe, 290, 60),
    (Stage::Letters, 118, 140),
    (Stage::Reminders, 110, 30),
    (Stage::Breach, 95, 140),
    (Stage::Escalation, 205, 195),
    (Stage::Webhooks, 125, 100),
    (Stage::Held, 135, 100),
    (Stage::HeldStill, 66, 18),
    (Stage::Released, 105, 90),
    (Stage::Report, 26, 8),
    (Stage::Register, 18, 8),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
async fn statements_and_syncs_do_not_rise() {
    let (_receiver, url) = Receiver::start(&[]).await;
    let scene = Scene { mails: MAILS, url };
    let installation = Installation::new();
    assert!(has_strace() || std::env::var_os("CI").is_none(), "CI counts syncs: strace is missing");
    let mut wrong = Vec::new();
    for (stage, statements, syncs) in AT_MOST {
        let counts = count(stage, &installation, &scene).await;
        println!("{:<20} {:>5} statements {:?} syncs", stage.name(), counts.statements, counts.syncs);
        let is_more = counts.statements > statements || counts.syncs.is_some_and(|n| n > syncs);
        wrong.extend(is_more.then(|| told(stage, &counts, statements, syncs)));
        // Figures that are far from what is are no bound.
        let is_less =
            counts.statements * 3 < statements || counts.syncs.is_some_and(|n| n * 3 < syncs && syncs > 10);
        wrong.extend(
            is_less.then(|| format!("lower the figures: {}", told(stage, &counts, statements, syncs))),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rows of an earlier register go in sets: what a set takes is the same for one row and for all of it.
#[test]
fn statements_and_syncs_of_an_import_do_not_rise() {
    const ROWS: usize = 3_000;
    let (installation, at) = (Installation::new(), "2026-11-23T09:05:00+01:00");
    let file = installation.beside("register.csv");
    spreadsheet::write(&file, 0..ROWS, ROWS, "2026-11-22".parse().unwrap()).unwrap();
    counted(&installation, &Call::new(at, &["tick"]));
    let path = file.display().to_string();
    let import = ["import", path.as_str(), "--yes", "--as", "kwaliteit@lagant.nl"];
    let counts = counted(&installation, &Call::new(at, &import));
    assert!(installation.printed().contains(": 3000 complaints"), "{}", installation.printed());
    // 25 for each 500 rows, beside the start.
    let is_right = counts.statements <= 210 && counts.statements > 80;
    assert!(is_right, "{} statements {:?}", counts.statements, counts.most_frequent(12));
    // One for each 500 rows, two where the log is brought into the file behind them, and the start.
    assert!(counts.syncs.is_none_or(|n| n <= 44), "{:?} syncs", counts.syncs);
}

fn told(stage: Stage, counts: &Counts, statements: usize, syncs: usize) -> String {
    let frequent = counts.most_frequent(8).into_iter().map(|(times, text)| format!("\n  {times:>4} {text}"));
    format!(
        "{}: {} statements (at most {statements}), {:?} syncs (at most {syncs}){}",
        stage.name(),
        counts.statements,
        counts.syncs,
        frequent.collect::<String>()
    )
}
