//! Earlier registers: tables as companies bring them, what becomes of each row, and that nothing of the past is sent.

use crate::cli::{redress, stdout};
use crate::support::{Builder, MAIL_PLUGIN, TestApp, at, clear_complaint};
use proptest::prelude::*;
use redress::complaint::Via;
use redress::importing::{Cell, DayMistake, Form, Mapping, Order, Target, open, parse_day};
use redress::store::Audit;
use redress::workflow::{Fate, ImportError, ImportSummary, ImportTold, Really, Sameness};
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::{BufRead, BufReader, Write};
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
    let mut told = Vec::new();
    let summary = importing.try_out(&table, QUALITY, &mut |row| told.push(row)).await.unwrap();
    assert_eq!((summary.id, summary.imported, summary.duplicates, summary.refused), (None, 3, 1, 2));
    assert_eq!(told[0].fate, Fate::Imported(None));
    assert_eq!(told[3].fate, Fate::Duplicate { of: Err(2), by: Sameness::Number });
    assert!(importing.newest(10).await.unwrap().is_empty());
    assert_eq!(
        app.app.store.trail().last_event().await.unwrap(),
        app.app.store.trail().last_event().await.unwrap()
    );
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

fn many(rows: usize) -> String {
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

/// Every way of writing the same is read alike, whatever its signs and letters.
#[tokio::test]
async fn delimiters_and_encodings_are_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Datum;Klager;Onderwerp\n1-3-2024;Zoë Ångström;Één café\n";
    let latin: Vec<u8> = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, delimiter, encoding) in [
        (text.as_bytes().to_vec(), ';', "UTF-8"),
        (format!("\u{feff}{}", text.replace(';', ",")).into_bytes(), ',', "UTF-8"),
        (text.replace(';', "\t").replace('\n', "\r\n").into_bytes(), '\t', "UTF-8"),
        (format!("sep=;\n{text}").into_bytes(), ';', "UTF-8"),
        (format!("Klachtenregister 2024;;\n\n{text}").into_bytes(), ';', "UTF-8"),
        (latin, ';', "windows-1252"),
        (wide, ';', "UTF-16LE"),
    ] {
        let opened = open(&file(folder.path(), "x.csv", bytes), None).unwrap();
        assert_eq!(opened.form, Form::Plain { delimiter, encoding });
        assert_eq!(opened.headings, ["Datum", "Klager", "Onderwerp"]);
        let mut cells = Vec::new();
        opened
            .lines(&mut |line| {
                cells.push(line.cells.iter().map(Cell::text).collect::<Vec<_>>());
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(cells, [["1-3-2024", "Zoë Ångström", "Één café"]]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is written as CSV is read, whatever stands in the cells.
    #[test]
    fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[a-zé€\";,\t\n ]{0,12}", 3), 0..12), sign in 0..3_usize) {
        let sign = [';', ',', '\t'][sign];
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(&sign.to_string());
        let body: Vec<String> = rows.iter().map(line).collect();
        let text = format!("Datum{sign}Klager{sign}Onderwerp\n{}", body.join("\n"));
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&file(folder.path(), "x.csv", text), None).unwrap();
        let mut read = Vec::new();
        opened.lines(&mut |line| {
            read.push(line.cells.iter().map(Cell::text).collect::<Vec<_>>());
            ControlFlow::Continue(())
        }).unwrap();
        let trimmed = rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
        let said: Vec<Vec<String>> = trimmed.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        prop_assert_eq!(read, said);
    }

    /// Every day is read in every form.
    #[test]
    fn every_day_is_read(days in 0..40_000_u64) {
        let day = redress::calendar::Date::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(days);
        for form in ["%Y-%m-%d", "%d-%m-%Y", "%-d-%-m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%-d %B %Y", "%B %-d, %Y", "%A %-d %b %Y", "%d-%m-%Y 14:30", "%Y-%m-%dT09:15:00"] {
            let written = day.format(form).to_string();
            prop_assert_eq!(parse_day(&written, Order::DayFirst), Ok(day), "{}", written);
        }
        let written = day.format("%m/%d/%Y").to_string();
        prop_assert_eq!(parse_day(&written, Order::MonthFirst), Ok(day));
    }

    /// Whatever stands in a file, it is read or refused.
    #[test]
    fn nothing_makes_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..400), zip in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let bytes = if zip { [b"PK\x03\x04".to_vec(), bytes].concat() } else { bytes };
        if let Ok(opened) = open(&file(folder.path(), "x", bytes), None) {
            let _ = opened.lines(&mut |_| ControlFlow::Continue(()));
        }
    }
}

#[test]
fn days_are_read_as_people_write_them() {
    let day = |text: &str| parse_day(text, Order::DayFirst).map(|day| day.to_string());
    for (text, read) in [
        ("1 maart 2024", "2024-03-01"),
        ("vrijdag 1 mrt. 2024", "2024-03-01"),
        ("01/03/24", "2024-03-01"),
        ("1-3-99", "1999-03-01"),
        ("45352", "2024-03-01"),
        ("29-2-2024", "2024-02-29"),
        ("1st March 2024", "2024-03-01"),
    ] {
        assert_eq!(day(text), Ok(read.to_owned()), "{text}");
    }
    for text in ["31-2-2024", "29-2-2023", "0-1-2024", "1-13-2024", "1-1-1900"] {
        assert_eq!(day(text), Err(DayMistake::NoSuchDay), "{text}");
    }
    for text in ["", "gisteren", "1-3", "1-3-2024-4", "maart", "3", "1-3-202", "९-३-2024", "99999999999"]
    {
        assert_eq!(day(text), Err(DayMistake::NotADay), "{text}");
    }
}

fn workbook(folder: &Path) -> PathBuf {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("d-m-yyyy");
    let sheet = book.add_worksheet().set_name("Klachten").unwrap();
    sheet.merge_range(0, 0, 0, 3, "Register 2024", &Format::new()).unwrap();
    for (column, name) in ["Nr.", "Datum ontvangst", "Klager", "Onderwerp", "Afgehandeld"].iter().enumerate()
    {
        sheet.write(2, column as u16, *name).unwrap();
    }
    sheet.write(3, 0, 17).unwrap();
    sheet.write_with_format(3, 1, 45_352, &day).unwrap();
    sheet.write(3, 2, "Jan").unwrap();
    sheet.write_formula(3, 3, Formula::new("=\"Par\"&\"keren\"").set_result("Parkeren")).unwrap();
    sheet.write(3, 4, true).unwrap();
    sheet.write(9, 0, 18).unwrap();
    sheet.write(9, 1, "2 april 2024").unwrap();
    sheet.write(9, 3, "Deur").unwrap();
    sheet.write(9, 4, "nee").unwrap();
    book.add_worksheet().set_name("Lijsten").unwrap();
    let path = folder.join("register.xlsx");
    book.save(&path).unwrap();
    path
}

#[tokio::test]
async fn a_workbook_is_read_as_it_stands() {
    let app = TestApp::start(NOW).await;
    let path = workbook(app.folder.path());
    let table = app.app.workflow.importing().read(&path, &Mapping::default()).await.unwrap();
    let form = Form::Book { sheet: "Klachten".to_owned(), others: vec!["Lijsten".to_owned()] };
    assert_eq!((&table.opened.form, table.opened.heading_line), (&form, 3));
    let (summary, told) = go(&app, &path, &Mapping::default(), QUALITY).await.unwrap();
    assert_eq!(said(&told), ["4 overgenomen als K-2026-0001", "10 overgenomen als K-2026-0002"]);
    assert_eq!((summary.handled, summary.imported), (1, 2));
    let row = &told[0].row.as_ref().unwrap().complaint;
    assert_eq!((row.earlier_number.as_deref(), row.subject.as_str()), (Some("17"), "Parkeren"));
    assert_eq!(row.received_at, at("2024-03-01 00:00"));
    // Whatever it is called.
    let renamed = app.folder.path().join("register.csv");
    std::fs::copy(&path, &renamed).unwrap();
    assert_eq!(go(&app, &renamed, &Mapping::default(), QUALITY).await.unwrap().0.duplicates, 2);
    let missing = Mapping { sheet: Some("Blad9".to_owned()), ..Mapping::default() };
    let wrong = go(&app, &path, &missing, QUALITY).await.unwrap_err().to_string();
    assert!(wrong.contains("Klachten, Lijsten"), "{wrong}");
}

/// What somebody sends who means harm, or the wrong file, is refused in words.
#[tokio::test]
async fn foreign_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str, bytes: Vec<u8>| {
        let opened = open(&file(folder.path(), name, bytes), None);
        opened.and_then(|opened| opened.lines(&mut |_| ControlFlow::Continue(()))).unwrap_err().0.nl
    };
    let zipped = |parts: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let wide = vec!["Datum"; 10_000].join(";");
    let zeros = vec![b' '; 600 << 20];
    for (bytes, says) in [
        (Vec::new(), "het bestand is leeg"),
        (b"\n\n;;;\n".to_vec(), "het bestand is leeg"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "oud of met een wachtwoord"),
        (b"%PDF-1.7".to_vec(), "PDF"),
        (b"a\0b;c".to_vec(), "geen tabel"),
        (b"PK\x03\x04rubbish".to_vec(), "beschadigd"),
        (zipped(&[("content.xml", b"<x/>")]), "geen werkboek"),
        (zipped(&[("xl/workbook.xml", b"<x")]), "niet te lezen"),
        (
            zipped(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]),
            "groter dan 512 MB",
        ),
        (wide.into_bytes(), "meer dan 256 kolommen"),
        (
            format!("Datum;Klager\n1-1-2024;\"{}", "x\n".repeat(60_000)).into_bytes(),
            "ontbreekt er een aanhalingsteken",
        ),
    ] {
        let said = refused("x.xlsx", bytes);
        assert!(said.contains(says), "{says}: {said}");
    }
}

/// Macros stay where they are; a cell at the far corner takes no memory.
#[tokio::test]
async fn a_hostile_workbook_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let plain = std::fs::read(workbook(folder.path())).unwrap();
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let part = old.by_index(at).unwrap();
        new.raw_copy_file(part).unwrap();
    }
    new.start_file("xl/vbaProject.bin", zip::write::SimpleFileOptions::default()).unwrap();
    new.write_all(b"Sub Auto_Open()").unwrap();
    let path = file(folder.path(), "m.xlsm", new.finish().unwrap().into_inner());
    let mut lines = 0;
    open(&path, None)
        .unwrap()
        .lines(&mut |_| {
            lines += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(lines, 2);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Datum").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let path = folder.path().join("corner.xlsx");
    book.save(&path).unwrap();
    let far = open(&path, None).unwrap_err();
    assert!(far.0.nl.contains("meer dan 256 kolommen"), "{far:?}");
}

#[tokio::test]
async fn a_mapping_says_it_otherwise() {
    let app = TestApp::start(NOW).await;
    let text = "Wanneer,Wie,Wat,Uitkomst\n3/1/2024,Jan,Parkeren,terecht\n";
    let path = file(app.folder.path(), "r.csv", text);
    let importing = app.app.workflow.importing();
    let unclear = importing.read(&path, &Mapping::default()).await.unwrap().understood.unwrap_err();
    assert!(unclear.0.nl.contains("datum van ontvangst"), "{unclear}");
    let mapping = "dates = \"month_first\"\n[columns]\nWanneer = \"received_on\"\nWie = \"complainant_name\"\nWat = \"subject\"\n\
        Uitkomst = \"verdict\"\n[defaults]\nstatus = \"handled\"\n[values.verdict]\nTerecht = \"gegrond\"\n";
    let mapping = Mapping::parse(mapping).unwrap();
    let (_, told) = go(&app, &path, &mapping, QUALITY).await.unwrap();
    let row = told[0].row.as_ref().unwrap();
    assert_eq!((row.received_on.to_string().as_str(), row.is_handled), ("2024-03-01", true));
    assert_eq!(row.complaint.verdict.as_ref().unwrap().as_str(), "upheld");
    for (wrong, says) in [
        ("[columns]\nWanneer = \"datum\"", "received_on"),
        ("kolommen = 1", "kolommen"),
        ("[defaults]\nx = \"1\"", "x"),
    ] {
        let said = Mapping::parse(wrong).unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }
    let other = Mapping::parse("[columns]\nNergens = \"subject\"").unwrap();
    let said = importing.read(&path, &other).await.unwrap().understood.unwrap_err().to_string();
    assert!(said.contains("Nergens"), "{said}");
    for target in Target::all() {
        assert_eq!(Target::named(&target.to_string()), Some(target));
    }
}

/// A mapping that was written is followed, and comes to the same.
#[test]
fn a_written_mapping_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (data, path) = (folder.path().join("data"), file(folder.path(), "r.csv", REGISTER));
    let (path, mapping) = (path.to_str().unwrap(), folder.path().join("m.toml"));
    let mapping = mapping.to_str().unwrap();
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let args = |more: &[&'static str]| -> Vec<String> {
        let base = [clock[0], clock[1], "import", path, "--as", QUALITY];
        base.iter().chain(more).map(|s| (*s).to_owned()).collect()
    };
    let mut first = args(&["--write-mapping"]);
    first.push(mapping.to_owned());
    let run = |args: &[String]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = redress(&data, &args);
        (stdout(&output), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (said, wrong) = run(&first);
    assert!(
        said.contains("3 would be imported (2 handled, 1 open), 1 are there, 2 are refused"),
        "{said}{wrong}"
    );
    assert!(said.contains("Map") && said.contains("not known by its name"), "{said}");
    assert!(said.contains("row 6: column \"Datum\": \"31-2-2024\" is not a day that exists"), "{said}");
    let text = std::fs::read_to_string(mapping).unwrap();
    assert!(
        text.contains("\"E-mail\" = \"complainant_email\"")
            || text.contains("E-mail = \"complainant_email\""),
        "{text}"
    );
    let mut second = args(&["--yes", "--mapping"]);
    second.push(mapping.to_owned());
    let (said, wrong) = run(&second);
    assert!(said.contains("import 1: 3 complaints (2 handled, 1 open)"), "{said}{wrong}");
    let (said, _) =
        run(&[clock[0], clock[1], "import", "--undo", "1", "--yes", "--as", QUALITY].map(str::to_owned));
    assert!(said.contains("3 complaints are undone"), "{said}");
    let (said, _) = run(&["import", "--list"].map(str::to_owned));
    assert!(said.contains("undone"), "{said}");
}
