//! Tables as companies bring them: delimiters, encodings, days, workbooks, columns by other names, and files that are none.

use super::*;
use proptest::prelude::*;
use redress::importing::{Cell, DayMistake, Form, Order, Target, open, parse_day};
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::io::Write;

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
            "groter dan 128 MB",
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
    let undeclared = Mapping::parse("[defaults]\n\"extra.zaal\" = \"1\"").unwrap();
    let said = importing.read(&path, &undeclared).await.unwrap().understood.unwrap_err().to_string();
    assert!(said.contains("zaal"), "{said}");
    let other = Mapping::parse("[columns]\nNergens = \"subject\"").unwrap();
    let said = importing.read(&path, &other).await.unwrap().understood.unwrap_err().to_string();
    assert!(said.contains("Nergens"), "{said}");
    for target in Target::all() {
        assert_eq!(Target::named(&target.to_string()), Some(target));
    }
}

/// What is meant where nothing is said counts for days and own fields as well, also without a column.
#[tokio::test]
async fn what_is_meant_where_nothing_is_said_counts_for_every_field() {
    let config = "[extra.locatie]\nnl = \"Locatie\"\nen = \"Location\"\ntype = \"text\"\n";
    let app = Builder::default().config(config).start(NOW).await;
    let text = "Datum;Klager;Onderwerp;Status;Datum besluit\n1-3-2024;Jan;Zaal;afgehandeld;\n2-3-2024;Piet;Zaal;afgehandeld;5-3-2024\n";
    let path = file(app.folder.path(), "r.csv", text);
    let mapping =
        Mapping::parse("[defaults]\ndecided_on = \"4-3-2024\"\n\"extra.locatie\" = \"Utrecht\"\n").unwrap();
    let (summary, told) = go(&app, &path, &mapping, QUALITY).await.unwrap();
    assert_eq!(summary.imported, 2, "{:?}", said(&told));
    let of = |at: usize| {
        let complaint = &told[at].row.as_ref().unwrap().complaint;
        (complaint.decided_on.unwrap().to_string(), complaint.extra["locatie"].clone())
    };
    assert_eq!(of(0), ("2024-03-04".to_owned(), "Utrecht".into()));
    assert_eq!(of(1), ("2024-03-05".to_owned(), "Utrecht".into()));
}

/// A title above the headings says nothing of the sign between cells.
#[tokio::test]
async fn a_title_with_another_sign_is_no_delimiter() {
    let app = TestApp::start(NOW).await;
    for (title, sign) in [
        ("Klachten, vragen en tips 2024", ';'),
        ("Klachten 2024; alle locaties", ','),
        ("Klachten 2024", ','),
    ] {
        let row = |cells: [&str; 4]| cells.join(&sign.to_string());
        let head = row(["Datum", "Klager", "Onderwerp", "Status"]);
        let text = format!("{title}\n\n{head}\n{}\n", row(["1-3-2024", "Jan", "Zaal", "open"]));
        let path = file(app.folder.path(), "r.csv", text);
        let opened = open(&path, None).unwrap();
        assert!(
            matches!(opened.form, Form::Plain { delimiter, .. } if delimiter == sign),
            "{title}: {:?}",
            opened.form
        );
        assert_eq!(opened.headings.len(), 4);
    }
}

/// Numbers that differ in their signs are different ones, and a mere sign is none.
#[tokio::test]
async fn earlier_numbers_are_told_apart_by_their_signs() {
    let app = TestApp::start(NOW).await;
    let text = "Nummer;Datum;Klager;Onderwerp;Status\n2024-1-12;1-3-2024;Jan;A;open\n2024-11-2;2-3-2024;Piet;B;open\n\
        -;3-3-2024;Kees;C;open\n-;4-3-2024;Ria;D;open\n 2024-1-12 ;5-3-2024;Eva;E;open\n";
    let (summary, told) = imported(&app, text).await;
    assert_eq!((summary.imported, summary.duplicates), (4, 1), "{:?}", said(&told));
    assert!(told[2].row.as_ref().unwrap().complaint.earlier_number.is_none());
}

/// One text that many cells share is not multiplied.
#[test]
fn a_row_in_which_much_stands_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let long = "x".repeat(30_000);
    for (column, heading) in ["Datum", "Klager", "Onderwerp", "Status"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, heading).unwrap();
    }
    for column in 0..60 {
        sheet.write_string(1, column, &long).unwrap();
    }
    let path = folder.path().join("r.xlsx");
    book.save(&path).unwrap();
    let opened = open(&path, None).unwrap();
    let refused = opened.lines(&mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(refused.0.nl.contains("rij 2 is groter dan 1 MB"), "{refused}");
    let text = format!("Datum;Klager;Onderwerp;Status\n{}\n", vec!["x".repeat(90_000); 20].join(";"));
    let path = file(folder.path(), "r.csv", text);
    let refused = open(&path, None).unwrap().lines(&mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(refused.0.nl.contains("rij 2 is groter dan 1 MB"), "{refused}");
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
