//! The register as a workbook: the same rows and columns as the other download, days as days, and no formula.

use super::whole;
use super::*;
use std::io::{Cursor, Read};

/// A part of a workbook, as text.
fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_string(&mut text).unwrap();
    text
}

/// The cells of a sheet row by row: the type and the text of each.
fn rows(sheet: &str) -> Vec<Vec<(String, String)>> {
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, rest)| Some(rest.split_once(to)?.0.to_owned()))
    };
    let cell = |cell: &str| {
        let kind = between(cell.split_once('>').map_or("", |(tag, _)| tag), "t=\"", "\"").unwrap_or_default();
        let text = between(cell, "<v>", "</v>").or_else(|| {
            let text = cell.split_once("<t")?.1.split_once('>')?.1;
            Some(text.split_once("</t>")?.0.to_owned())
        });
        (kind, text.unwrap_or_default())
    };
    sheet.split("<row ").skip(1).map(|row| row.split("<c ").skip(1).map(cell).collect()).collect()
}

#[tokio::test]
async fn the_workbook_has_the_rows_of_the_register_and_starts_no_formula() {
    let site = Site::open().await;
    let hostile = crate::support::clear_complaint("h@example.nl", "h1")
        .replace("From: Jan", "From: \"=HYPERLINK(1)\"")
        .replace("Subject: ", "Subject: =1+1;\u{1}<b>&");
    site.app.mail(&hostile).await;
    for n in 1..=60 {
        site.app.mail(&crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let browser = site.signed_in(RECEIVER).await;
    let (headers, file) = whole(&site, &browser, "/register.xlsx?stage=open&order=oldest").await;
    assert_eq!(headers["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert!(headers["content-disposition"].to_str().unwrap().contains("register-2026-11-23.xlsx"));
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("<b>"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:"), "{sheet}");
    let rows = rows(&sheet);
    assert_eq!(rows.len(), 62, "headings and every page");
    let headings: Vec<&str> = rows[0].iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(headings[..3], ["omschrijving", "naam klager", "verantwoordelijke"]);
    let first = &rows[1];
    assert!(first.iter().any(|(kind, text)| kind == "inlineStr" && text.starts_with("=1+1;")), "{first:?}");
    // 23 November 2026, counted as spreadsheets count days.
    let day = ("".to_owned(), "46349".to_owned());
    assert!(rows[1..].iter().all(|row| row.contains(&day)), "{first:?}");
    let csv = whole(&site, &browser, "/register.csv?stage=open&order=oldest").await.1;
    let csv = String::from_utf8(csv).unwrap();
    for (line, row) in csv.lines().skip(1).zip(&rows[1..]) {
        let number = row.iter().find(|(_, text)| text.starts_with("K-2026-")).unwrap();
        assert!(line.contains(&number.1), "the same order: {line}");
    }
    let none = whole(&site, &browser, "/register.xlsx?stage=closed").await.1;
    assert_eq!(self::rows(&part(&none, "xl/worksheets/sheet1.xml")).len(), 1);
}
