//! A report as a page: the body of it, and a whole file that needs nothing beside it, to print or to send.

use super::{Figure, Report, Row, Table, Unit, chart, percent, words};
use crate::calendar::Date;
use crate::message::day_in_words;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

/// A report could not be written as a page: its template is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the report cannot be written as a page: {0}")]
pub struct ReportError(#[from] minijinja::Error);

const STYLE: &str = include_str!("../../assets/report/report.css");
const BODY: &str = include_str!("../../assets/report/body.html");
const PAGE: &str = include_str!("../../assets/report/page.html");

/// Returns the body of a report, from its second heading on.
pub fn body(report: &Report) -> Result<String, ReportError> {
    rendered(BODY, content(report))
}

/// Returns the report as a file that needs no other.
pub fn page(report: &Report) -> Result<String, ReportError> {
    let of = context! {
        lang => report.language.as_str(), title => title(report), style => Value::from_safe_string(STYLE.to_owned()),
        body => Value::from_safe_string(body(report)?),
    };
    rendered(PAGE, of)
}

fn rendered(template: &str, of: Value) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    Ok(environment.render_str(template, of)?)
}

fn title(report: &Report) -> String {
    let said = words(report.language, "Klachtenverslag", "Report on complaints");
    if report.organisation.is_empty() { said.to_owned() } else { format!("{said} {}", report.organisation) }
}

fn content(report: &Report) -> Value {
    let language = report.language;
    let say = |nl: &'static str, en: &'static str| words(language, nl, en);
    let day = |day: Date| day_in_words(day, language.as_str());
    let period = [day(report.from), day(report.to)].join(say(" tot en met ", " to "));
    let made = format!("{} {}", say("De stand op", "As of"), day(report.made_on));
    let is_open = report.is_open.then(|| {
        say(
            "Aantallen onder de 3 zijn weggelaten, en andere waaruit zij te berekenen zijn, zodat niemand te herkennen is.",
            "Numbers under 3 are left out, and others from which they could be reckoned, so that nobody can be recognised.",
        )
    });
    let advices: Vec<Value> = report
        .recommendations
        .iter()
        .map(|a| context! { content => a.content, state => a.state, note => a.note, on => day(a.follow_up_on) })
        .collect();
    context! {
        period, made, is_open,
        figures => report.figures.iter().map(|f| figure(f, report)).collect::<Vec<_>>(),
        tables => report.tables.iter().map(|t| table(t, report)).collect::<Vec<_>>(),
        conclusions => report.conclusions.as_deref().map(|text| text.lines().collect::<Vec<_>>()), advices,
        said => context! {
            period => say("Klachten die binnenkwamen van", "Complaints that came in from"),
            figures => say("Cijfers", "Figures"), figure => say("Cijfer", "Figure"), count => say("Aantal", "Count"),
            of => say("Van", "Of"), before => say("Jaar eerder", "Year earlier"), sum => say("Samen", "Together"),
            conclusions => say("Conclusies", "Conclusions"),
            no_conclusions => say("De conclusies zijn nog niet vastgesteld.", "The conclusions have not been recorded yet."),
            advices => say("Aanbevelingen die nog openstaan", "Recommendations that are still open"),
            follow_up => say("opvolgen op", "to be followed up on"), nothing => say("Niets geteld.", "Nothing was counted."),
        },
    }
}

/// Returns a number as it is shown: one that is left out as such.
fn shown(n: Option<i64>, report: &Report) -> String {
    match n {
        Some(n) => n.to_string(),
        None if report.is_open => "–".to_owned(),
        None => String::new(),
    }
}

fn figure(f: &Figure, report: &Report) -> Value {
    let unit = match f.unit {
        Unit::Complaints => "",
        Unit::Days => words(report.language, " dagen", " days"),
        Unit::Steps => words(report.language, " van 5", " of 5"),
    };
    let number = |n: Option<i64>| match n {
        Some(n) => f.unit.written(n, report.language),
        None => shown(n, report),
    };
    let count = number(f.count);
    let of = f.of.filter(|_| f.unit.counts()).map(|n| n.to_string()).unwrap_or_default();
    let share = f.share().map(|t| percent(t, report.language));
    context! {
        label => f.label, definition => f.definition, of, share => share.unwrap_or_default(),
        count => if count.is_empty() || count == "–" { count } else { format!("{count}{unit}") },
        before => number(f.before),
    }
}

fn table(t: &Table, report: &Report) -> Value {
    let per_cent = |tenths: Option<i64>| tenths.map(|t| percent(t, report.language)).unwrap_or_default();
    let is_pareto = t.drawing == Some(super::Drawing::Pareto);
    let row = |(i, (row, sum)): (usize, (&Row, Option<i64>))| {
        let label = if is_pareto { format!("{}. {}", i + 1, row.label) } else { row.label.clone() };
        context! {
            label, counts => row.counts.iter().map(|n| shown(*n, report)).collect::<Vec<_>>(),
            share => per_cent(t.share(row)), sum => per_cent(sum),
        }
    };
    context! {
        name => t.name, title => t.title, definition => t.definition, heading => t.heading, columns => t.columns,
        rows => t.rows.iter().zip(t.sums()).enumerate().map(row).collect::<Vec<_>>(),
        has_share => t.of.is_some(), has_sum => is_pareto,
        drawing => chart::of_table(report, t).map(Value::from_safe_string),
    }
}
