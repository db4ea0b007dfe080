//! A report as a workbook: a sheet of figures and one of all tables. The same report gives the same bytes.

use super::{Report, Unit, words};
use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Widths of columns, in characters.
const WIDE: f64 = 40.0;
const WIDEST: f64 = 80.0;

/// Writes a report as a workbook.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut file = Workbook::new();
    let day = report.made_on;
    let (month, day_of_month) = (day.month().try_into().unwrap_or(1), day.day().try_into().unwrap_or(1));
    let made = ExcelDateTime::from_ymd(day.year().try_into().unwrap_or(1900), month, day_of_month)?;
    file.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let bold = Format::new().set_bold();
    figures(file.add_worksheet(), report, &bold)?;
    tables(file.add_worksheet(), report, &bold)?;
    if report.conclusions.is_some() || !report.recommendations.is_empty() {
        texts(file.add_worksheet(), report, &bold)?;
    }
    file.save_to_buffer()
}

fn number(sheet: &mut Worksheet, row: u32, column: u16, n: Option<i64>) -> Result<(), XlsxError> {
    if let Some(n) = n {
        // Counts are far below what a spreadsheet's numbers hold exactly.
        sheet.write_number(row, column, n as f64)?;
    }
    Ok(())
}

fn figure(sheet: &mut Worksheet, row: u32, column: u16, unit: Unit, n: Option<i64>) -> Result<(), XlsxError> {
    match (unit, n) {
        (Unit::Steps, Some(tenths)) => sheet.write_number(row, column, tenths as f64 / 10.0).map(|_| ()),
        _ => number(sheet, row, column, n),
    }
}

fn figures(sheet: &mut Worksheet, report: &Report, bold: &Format) -> Result<(), XlsxError> {
    let say = |nl: &'static str, en: &'static str| words(report.language, nl, en);
    sheet.set_name(say("Cijfers", "Figures"))?.set_freeze_panes(1, 0)?;
    let headings = [
        say("cijfer", "figure"),
        say("aantal", "count"),
        say("van", "of"),
        "%",
        say("een jaar eerder", "a year earlier"),
        say("toelichting", "definition"),
    ];
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, bold)?;
    }
    sheet.set_column_width(0, WIDE)?.set_column_width(5, WIDEST)?;
    for (row, f) in (1..).zip(&report.figures) {
        sheet.write_string(row, 0, &f.label)?;
        figure(sheet, row, 1, f.unit, f.count)?;
        number(sheet, row, 2, f.of)?;
        if let Some(tenths) = f.share() {
            sheet.write_number(row, 3, tenths as f64 / 10.0)?;
        }
        figure(sheet, row, 4, f.unit, f.before)?;
        sheet.write_string(row, 5, &f.definition)?;
    }
    Ok(())
}

/// What is said about the figures: the conclusions a line a row, and the recommendations.
fn texts(sheet: &mut Worksheet, report: &Report, bold: &Format) -> Result<(), XlsxError> {
    let say = |nl: &'static str, en: &'static str| words(report.language, nl, en);
    sheet.set_name(say("Conclusies", "Conclusions"))?.set_column_width(0, WIDEST)?;
    sheet.write_string_with_format(0, 0, say("Conclusies", "Conclusions"), bold)?;
    let mut line = 1;
    for text in report.conclusions.iter().flat_map(|text| text.lines()) {
        sheet.write_string(line, 0, text)?;
        line += 1;
    }
    line += 1;
    for (column, heading) in
        [say("Aanbeveling", "Recommendation"), say("stand", "state"), say("opvolgen op", "follow up")]
            .into_iter()
            .enumerate()
    {
        sheet.write_string_with_format(line, u16::try_from(column).unwrap_or(0), heading, bold)?;
    }
    for (row, advice) in (line + 1..).zip(&report.recommendations) {
        sheet.write_string(row, 0, &advice.content)?;
        sheet.write_string(row, 1, &advice.state)?;
        sheet.write_string(row, 2, advice.follow_up_on.to_string())?;
    }
    Ok(())
}

fn tables(sheet: &mut Worksheet, report: &Report, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name(words(report.language, "Tabellen", "Tables"))?.set_column_width(0, WIDE)?;
    let mut line = 0;
    for table in &report.tables {
        sheet.write_string_with_format(line, 0, &table.title, bold)?;
        line += 1;
        sheet.write_string(line, 0, &table.heading)?;
        for (column, heading) in (1..).zip(&table.columns) {
            sheet.write_string(line, column, heading)?;
        }
        line += 1;
        for row in &table.rows {
            sheet.write_string(line, 0, &row.label)?;
            for (column, count) in (1..).zip(&row.counts) {
                number(sheet, line, column, *count)?;
            }
            line += 1;
        }
        line += 1;
    }
    Ok(())
}
