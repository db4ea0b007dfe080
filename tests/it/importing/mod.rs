//! Earlier registers: what becomes of each row, and that nothing of the past is sent.

mod tables;

use crate::cli::{redress, stdout};
use crate::support::{Builder, MAIL_PLUGIN, TestApp, at, clear_complaint};
use redress::complaint::{ComplaintId, LinkKind, Via};
use redress::importing::Mapping;
use redress::store::Audit;
use redress::workflow::{Fate, ImportError, ImportSummary, ImportTold, Really, Sameness};
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const NOW: &str = "2026-11-23 10:00";
pub const QUALITY: &str = "kwaliteit@lagant.nl";
const HANDLER: &str = "behandelaar@lagant.nl";

pub const REGISTER: &str = "\
Nummer;Datum;Klager;E-mail;Onderwerp;Omschrijving;Behandelaar;Oordeel;Datum besluit;Oplossing;Akkoord;Oorzaak;Kanaal;Status;Map
2024-17;1-3-2024;Jan Jansen;Jan@Example.nl;Parkeren;\"Geen plek,
en te duur\";Behandelaar;gegrond;15-3-2024;Kaart vergoed;ja;Geen afspraak met de garage;e-mail;Afgehandeld;12
2024-18;2 april 2024;Mia Smit;;Koffie;Lauw;Piet Weg;ongegrond;3/4/24;;nee;;telefoon;gesloten;12
2026-03;45000;;;Deur;Klemt;;;;;;;brief;in behandeling;13
2024-17;1-3-2024;Jan Jansen;jan@example.nl;Parkeren;Nog eens;;;;;;;;gesloten;
x1;31-2-2024;A;geen adres;B;C;;mooi;;;;;rook;misschien;
x2;;A;;B;C;;;;;;;;gesloten;
";

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn go(
    app: &TestApp,
    path: &Path,
    mapping: &Mapping,
    by: &str,
) -> Result<(ImportSummary, Vec<ImportTold>), ImportError> {
    let importing = app.app.workflow.importing();
    let table = importing.read(path, mapping).await?;
    let mut told = Vec::new();
    let summary = importing.import(&table, by, Via::CommandLine, &mut |row| told.push(row)).await?;
    app.app.turn().await.unwrap();
    Ok((summary, told))
}

async fn imported(app: &TestApp, text: &str) -> (ImportSummary, Vec<ImportTold>) {
    let path = file(app.folder.path(), "register.csv", text);
    go(app, &path, &Mapping::default(), QUALITY).await.unwrap()
}

fn said(told: &[ImportTold]) -> Vec<String> {
    told.iter().map(|row| format!("{} {}", row.line, row.fate.said().nl)).collect()
}

async fn holds(app: &TestApp) {
    let trail = app.app.store.trail();
    let audit = trail.verify().await.unwrap();
    assert!(matches!(audit, Audit::Holds { .. }), "{audit:?}");
    assert_eq!(trail.reconcile().await.unwrap(), []);
}

/// Nothing was sent: no letter, no notice, no event to whoever subscribes.
async fn silent(app: &TestApp, reference: &str) {
    assert_eq!(app.notified(reference).await, Vec::<String>::new(), "{reference}");
    let id = app.app.workflow.id_of(reference).await.unwrap();
    let case = app.app.store.cases().load(&[id]).await.unwrap().remove(0);
    assert!(case.deadlines.is_empty(), "{reference}: {:?}", case.deadlines);
}

async fn plays(database: &str) {
    let config =
        if database.is_empty() { String::new() } else { format!("[database]\nurl = \"{database}\"\n") };
    let hook = "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\nmessages = [\"*\"]\npurpose = \"a test\"\n\
        [webhook]\nurl = \"http://127.0.0.1:9/\"\nsigning = \"none\"\n";
    let app = Builder::default()
        .config(&config)
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", hook.to_owned())
        .start(NOW)
        .await;
    let (summary, told) = imported(&app, REGISTER).await;
    assert_eq!(
        said(&told),
        [
            "2 overgenomen als K-2026-0001",
            "3 overgenomen als K-2026-0002",
            "4 overgenomen als K-2026-0003",
            "5 dubbel: hetzelfde nummer als rij 2",
            "6 kolom “Datum”: “31-2-2024” is geen bestaande dag; kolom “Status”: “misschien” zegt niet of de klacht is \
             afgehandeld; kolom “E-mail”: “geen adres” is geen e-mailadres; kolom “Oordeel”: “mooi” is niet bekend; er zijn: \
             niet-ontvankelijk, ongegrond, deels gegrond, gegrond; kolom “Kanaal”: “rook” is niet bekend; er zijn: email, \
             forwarded, phone, paper, chat",
            "7 kolom “Datum”: er staat geen datum",
        ]
    );
    assert_eq!((summary.imported, summary.handled, summary.duplicates, summary.refused), (3, 2, 1, 2));
    let workflow = &app.app.workflow;
    let load = async |number: &str| {
        let id = workflow.id_of(number).await.unwrap();
        app.app.store.cases().load(&[id]).await.unwrap().remove(0).complaint
    };
    let first = load("K-2026-0001").await;
    assert_eq!(
        (first.state.as_str(), first.earlier_number.as_deref(), first.complainant.email.as_str()),
        ("closed", Some("2024-17"), "jan@example.nl")
    );
    assert_eq!(first.received_at, at("2024-03-01 00:00"));
    assert_eq!(first.decided_on.unwrap().to_string(), "2024-03-15");
    assert_eq!(first.description.as_deref(), Some("Geen plek,\nen te duur"));
    assert_eq!(first.responsible.as_deref(), Some(HANDLER));
    assert_eq!((first.verdict.unwrap().as_str(), first.agreement.unwrap().as_str()), ("upheld", "yes"));
    let second = load("K-2026-0002").await;
    assert_eq!(second.description.as_deref(), Some("Lauw\n\nBehandelaar in het oude register: Piet Weg"));
    assert_eq!((second.channel.as_str(), second.responsible), ("phone", None));
    let third = load("K-2026-0003").await;
    assert_eq!((third.state.as_str(), third.channel.as_str()), ("in_treatment", "paper"));
    assert_eq!(third.received_at, at("2023-03-15 00:00"), "a day as a spreadsheet counts it");
    // Its old number finds it.
    let query = redress::workflow::SearchQuery::read("2024-17").unwrap();
    let found = workflow.search(Some(QUALITY), &query, None, 10).await;
    assert!(format!("{found:?}").contains("K-2026-0001"), "{found:?}");
    for number in ["K-2026-0001", "K-2026-0002", "K-2026-0003"] {
        silent(&app, number).await;
    }
    assert!(app.outbox().is_empty());
    for plugin in ["mail", "hook"] {
        assert_eq!(app.deliveries(plugin, "").await.len(), 0, "{plugin}");
    }
    // The same again is the same, and mail is numbered behind it.
    let (again, told) = imported(&app, REGISTER).await;
    assert_eq!((again.imported, again.duplicates, again.refused), (0, 4, 2));
    assert!(said(&told)[0].contains("is er al: dezelfde rij als K-2026-0001"), "{told:?}");
    app.mail(&clear_complaint("nieuw@example.nl", "m1")).await;
    assert_eq!(app.state("K-2026-0004").await, "in_treatment");
    // A year later nothing has been sent for what was handled.
    app.until("2027-11-23 10:00").await;
    for number in ["K-2026-0001", "K-2026-0002"] {
        silent(&app, number).await;
        assert_eq!(app.state(number).await, "closed");
    }
    holds(&app).await;
}

#[tokio::test]
async fn a_register_becomes_complaints_and_nothing_is_sent() {
    plays("").await;
}

#[tokio::test]
async fn a_register_becomes_complaints_on_postgresql() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else {
        assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES");
        return;
    };
    plays(&crate::store::fresh_database(&server).await).await;
}

#[tokio::test]
async fn only_who_the_procedure_names_imports_and_a_trial_changes_nothing() {
    let app = TestApp::start(NOW).await;
    let path = file(app.folder.path(), "r.csv", REGISTER);
    for by in [HANDLER, "directeur@lagant.nl", "niemand@lagant.nl", ""] {
        let refused = go(&app, &path, &Mapping::default(), by).await;
        assert!(matches!(refused, Err(ImportError::NotAllowed { .. })), "{by}");
        let undone = app.app.workflow.importing().undo(1, by, Via::CommandLine, Really::Yes).await;
        assert!(matches!(undone, Err(ImportError::NotAllowed { .. })), "{by}");
    }
    let importing = app.app.workflow.importing();
    let table = importing.read(&path, &Mapping::default()).await.unwrap();
    let (mut told, before) = (Vec::new(), app.app.store.trail().last_event().await.unwrap());
    let summary = importing.try_out(&table, QUALITY, &mut |row| told.push(row)).await.unwrap();
    assert_eq!((summary.id, summary.imported, summary.duplicates, summary.refused), (None, 3, 1, 2));
    assert_eq!(told[0].fate, Fate::Imported(None));
    assert_eq!(told[3].fate, Fate::Duplicate { of: Err(2), by: Sameness::Number });
    assert!(importing.newest(10).await.unwrap().is_empty());
    assert_eq!(app.app.store.trail().last_event().await.unwrap(), before);
    assert!(app.app.workflow.id_of("K-2026-0001").await.is_err());
}

/// What came by mail on the same day is the same complaint, and who is known is known again.
#[tokio::test]
async fn what_is_in_the_register_is_not_imported_again() {
    let app = TestApp::start(NOW).await;
    app.complaint("m1").await;
    let text = "Datum;E-mail;Onderwerp;Afgehandeld\n23-11-2026;JAN@example.nl;klacht over  PARKEREN in Utrecht;nee\n\
        22-11-2026;jan@example.nl;Klacht over parkeren in Utrecht;nee\n";
    let (_, told) = imported(&app, text).await;
    assert_eq!(told[0].fate, Fate::Duplicate { of: Ok("K-2026-0001".to_owned()), by: Sameness::Case });
    assert_eq!(told[1].fate, Fate::Imported(Some("K-2026-0002".to_owned())));
}

pub fn many(rows: usize) -> String {
    let mut text = "Nummer;Datum;Klager;Onderwerp;Status\n".to_owned();
    for n in 1..=rows {
        text.push_str(&format!(
            "old-{n};{}-{}-2025;Klager {n};Zaak {n};afgehandeld\n",
            n % 28 + 1,
            n % 12 + 1
        ));
    }
    text
}

#[tokio::test]
async fn an_import_that_was_ended_goes_on_without_doubles() {
    let app = TestApp::start(NOW).await;
    let path = file(app.folder.path(), "r.csv", many(1_000));
    let (workflow, of) = (app.app.workflow.clone(), path.clone());
    let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let importing = workflow.importing();
        let table = importing.read(&of, &Mapping::default()).await.unwrap();
        let mut hear = |row: ImportTold| sender.send(row.line).unwrap();
        let _ = importing.import(&table, QUALITY, Via::CommandLine, &mut hear).await;
    });
    while heard.recv().await.unwrap() < 300 {}
    task.abort();
    let _ = task.await;
    let before = app.app.workflow.importing().newest(10).await.unwrap();
    assert!(before[0].0.finished_at.is_none() && (200..1_000).contains(&before[0].1), "{before:?}");
    let (summary, _) = go(&app, &path, &Mapping::default(), QUALITY).await.unwrap();
    assert_eq!(summary.imported + summary.duplicates, 1_000);
    assert_eq!(summary.duplicates, before[0].1 as u64);
    let after = app.app.workflow.importing().newest(10).await.unwrap();
    assert_eq!(
        (after.len(), after[0].0.id, after[0].1),
        (1, before[0].0.id, 1_000),
        "the same import went on"
    );
    assert!(after[0].0.finished_at.is_some());
    // Numbers have no gap.
    assert_eq!(app.state("K-2026-1000").await, "closed");
    assert!(app.app.workflow.id_of("K-2026-1001").await.is_err());
    holds(&app).await;
}

/// The real program, killed in the middle.
#[test]
fn the_program_may_be_killed_at_any_row() {
    let folder = tempfile::tempdir().unwrap();
    let (data, path) = (folder.path().join("data"), file(folder.path(), "r.csv", many(3_000)));
    let path = path.to_str().unwrap();
    let by = ["--as", QUALITY];
    let tried = redress(&data, &["import", path, by[0], by[1]]);
    assert!(
        stdout(&tried).contains("3000 would be imported (3000 handled, 0 open), 0 are there"),
        "{tried:?}"
    );
    let mut killed = 0;
    for after in [250, 700] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
            .current_dir(crate::support::shipped_untried())
            .arg("--data")
            .arg(&data)
            .args(["import", path, "--yes", "--rows", "--as", QUALITY])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen = lines.map_while(Result::ok).filter(|line| line.starts_with("row ")).take(after).count();
        child.kill().unwrap();
        child.wait().unwrap();
        killed += usize::from(seen == after);
    }
    assert_eq!(killed, 2);
    let done = redress(&data, &["--json", "import", path, "--yes", "--as", QUALITY]);
    let told: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(told["imported"].as_u64().unwrap() + told["duplicates"].as_u64().unwrap(), 3_000, "{told}");
    assert!(told["duplicates"].as_u64().unwrap() >= 400, "{}", told["duplicates"]);
    let listed = redress(&data, &["--json", "import", "--list"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["complaints"]), (1, &3_000.into()), "{listed}");
    let audit = redress(&data, &["audit", "verify"]);
    assert!(audit.status.success(), "{audit:?}");
}

#[tokio::test]
async fn an_import_is_undone_but_for_what_was_done_since() {
    let app = TestApp::start(NOW).await;
    let (first, _) = imported(&app, &many(5)).await;
    let id = first.id.unwrap();
    let reason = [("reason".to_owned(), "gevraagd".into())].into();
    app.app
        .workflow
        .act("K-2026-0002", "forget_early", "directeur@lagant.nl", reason, Via::CommandLine)
        .await
        .unwrap();
    app.app.turn().await.unwrap();
    let importing = app.app.workflow.importing();
    let would = importing.undo(id, QUALITY, Via::CommandLine, Really::No).await.unwrap();
    assert_eq!((would.undone, app.state("K-2026-0001").await.as_str()), (4, "closed"));
    let undone = importing.undo(id, QUALITY, Via::CommandLine, Really::Yes).await.unwrap();
    assert_eq!(undone.stay, ["K-2026-0002"]);
    assert_eq!(undone.undone, 4);
    app.app.turn().await.unwrap();
    for number in ["K-2026-0001", "K-2026-0003", "K-2026-0005"] {
        assert_eq!(app.state(number).await, "taken_back");
        silent(&app, number).await;
    }
    assert_eq!(app.state("K-2026-0002").await, "anonymised");
    // What was forgotten does not come back; what was undone may, under new numbers.
    let (again, told) = imported(&app, &many(5)).await;
    assert_eq!((again.imported, again.duplicates), (4, 1), "{:?}", said(&told));
    assert_eq!(told[1].fate, Fate::Duplicate { of: Ok("K-2026-0002".to_owned()), by: Sameness::Row });
    assert_eq!(told[0].fate, Fate::Imported(Some("K-2026-0006".to_owned())));
    assert!(matches!(
        importing.undo(99, QUALITY, Via::CommandLine, Really::Yes).await,
        Err(ImportError::Unknown(99))
    ));
    // Undoing twice undoes nothing more.
    let twice = importing.undo(id, QUALITY, Via::CommandLine, Really::Yes).await.unwrap();
    assert_eq!((twice.undone, twice.stay.len()), (0, 1));
    holds(&app).await;
    // Nothing of who complained is left of what was undone.
    let data = app.folder.path().join("data");
    let id = app.app.workflow.id_of("K-2026-0003").await.unwrap();
    let case = app.app.store.cases().load(&[id]).await.unwrap().remove(0);
    assert!(!case.complaint.subject.contains("Zaak") && case.complaint.earlier_number.is_none(), "{data:?}");
}

/// What belongs to an imported complaint would be left without it: a later one that was merged into it.
#[tokio::test]
async fn an_imported_complaint_into_which_one_was_merged_stays() {
    let app = TestApp::start(NOW).await;
    let text = "Datum;E-mail;Klager;Onderwerp;Status\n20-11-2026;jan@example.nl;Jan;Klacht over parkeren in Utrecht;open\n";
    let (summary, told) = imported(&app, text).await;
    assert_eq!(summary.imported, 1, "{:?}", said(&told));
    app.mail(&clear_complaint("jan@example.nl", "m1")).await;
    let number = |n: u32| format!("K-2026-{n:04}");
    let merged = app.app.workflow.id_of(&number(1)).await.unwrap();
    let links =
        app.app.store.cases().load(&[ComplaintId(merged.0 + 1)]).await.unwrap().remove(0).complaint.links;
    assert!(links.iter().any(|l| l.other == merged && l.kind == LinkKind::Merged), "{links:?}");
    let importing = app.app.workflow.importing();
    let undone = importing.undo(summary.id.unwrap(), QUALITY, Via::CommandLine, Really::Yes).await.unwrap();
    assert_eq!((undone.undone, undone.stay), (0, vec![number(1)]));
}

/// What somebody uploaded and left is gone after a day, without another upload.
#[tokio::test]
async fn an_upload_that_nobody_imports_is_removed() {
    let app = TestApp::start(NOW).await;
    let importing = app.app.workflow.importing();
    importing.sweep().await.unwrap();
    let names =
        [importing.stage(b"a;b".to_vec()).await.unwrap(), importing.stage(b"c;d".to_vec()).await.unwrap()];
    let [old, new] = names.each_ref().map(|name| importing.staged(name).unwrap());
    aged(&old);
    importing.sweep().await.unwrap();
    assert_eq!((old.exists(), new.exists()), (false, true));
}

fn aged(path: &Path) {
    let opened = std::fs::File::open(path).unwrap();
    let modified = opened.metadata().unwrap().modified().unwrap();
    opened.set_modified(modified - std::time::Duration::from_secs(25 * 3_600)).unwrap();
}

/// What cannot be removed is in nobody's way: a folder that somebody made there, and what another server removes meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_cannot_be_removed_refuses_no_upload() {
    let app = TestApp::start(NOW).await;
    let importing = app.app.workflow.importing();
    let name = importing.stage(b"a;b".to_vec()).await.unwrap();
    let folder = importing.staged(&name).unwrap().parent().unwrap().to_owned();
    let strange = folder.join("0");
    std::fs::create_dir(&strange).unwrap();
    for n in 0..600 {
        aged(&file(&folder, &format!("{n:032x}"), "a;b"));
    }
    aged(&strange);
    let at_once = (0..12).map(|n| {
        let workflow = app.app.workflow.clone();
        tokio::spawn(async move {
            match n % 2 {
                0 => workflow.importing().sweep().await.map(|()| String::new()),
                _ => workflow.importing().stage(b"c;d".to_vec()).await,
            }
        })
    });
    for one in at_once.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
    assert!(strange.is_dir());
    let left = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(left, 8, "the strange one, the first upload, and six");
}

/// Files are looked at and tried while others are imported, however long that takes.
#[tokio::test]
async fn no_look_waits_for_an_import() {
    let app = TestApp::start(NOW).await;
    let importing = app.app.workflow.importing();
    let path = file(app.folder.path(), "r.csv", many(1_000));
    let other =
        file(app.folder.path(), "o.csv", many(1_000).replace("old-", "other-").replace("Zaak", "Geval"));
    let plain = Mapping::default();
    let (one, two) =
        (importing.read(&path, &plain).await.unwrap(), importing.read(&other, &plain).await.unwrap());
    let [(first, mut of_first), (second, mut of_second)] =
        [tokio::sync::mpsc::unbounded_channel(), tokio::sync::mpsc::unbounded_channel()];
    let mut hear = |row: ImportTold| first.send(row.line).unwrap();
    let mut hear_other = |row: ImportTold| second.send(row.line).unwrap();
    let mut one = std::pin::pin!(importing.import(&one, QUALITY, Via::CommandLine, &mut hear));
    let mut two = std::pin::pin!(importing.import(&two, QUALITY, Via::CommandLine, &mut hear_other));
    // Each begins and stands still from then on, whatever the other does: nobody goes on with them.
    tokio::select! {
        biased;
        _ = of_first.recv() => {}
        done = &mut one => panic!("it ended before it told of a row: {done:?}"),
    }
    tokio::select! {
        biased;
        _ = of_second.recv() => {}
        done = &mut two => panic!("it ended before it told of a row: {done:?}"),
    }
    let looked = async {
        let small = file(app.folder.path(), "s.csv", many(3));
        let table = importing.read(&small, &plain).await.unwrap();
        importing.try_out(&table, QUALITY, &mut |_| {}).await.unwrap().duplicates
    };
    let looked = tokio::time::timeout(std::time::Duration::from_secs(60), looked).await;
    assert_eq!(looked.expect("a look waits for what stands still"), 3);
    assert_eq!((one.await.unwrap().imported, two.await.unwrap().imported), (1_000, 1_000));
}
