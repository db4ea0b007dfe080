//! `/register` and `/register.csv`: the complaints that somebody may see, filtered, in an order, page by page. What is shown
//! stands in the address, so that a link shows the same again.

use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, State as InState, shown_name};
use crate::escape;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{Labels, ListedComplaint, Place, RegisterWish, Sequence, Sheet, Stage};
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// The complaints on a page, and in each part of a download.
const PAGE: usize = 50;
pub(in crate::web) const PART: usize = 500;

/// The longest address and number in a filter, in bytes.
const LONGEST: usize = 254;

/// What stands before the name of a state, so that no name is taken for a word of ours.
const IN: &str = "in:";

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let wish = wish(&page, &signed, query.as_deref())?;
    let found = page.workflow.register_page(&signed.person.email, &wish, PAGE).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let rows =
        Rows { page: &page, dates: &dates, wish: &wish, labels: page.workflow.labels(signed.language) };
    let rows: Vec<Value> = found.complaints.iter().map(|c| rows.row(c)).collect();
    let start = RegisterWish { sequence: beginning(&wish.sequence), ..wish.clone() };
    let order = |sequence| query_of(&RegisterWish { sequence, ..wish.clone() });
    let is_first = start == wish;
    let of = context! {
        rows, filter => filter(&page, &signed, &wish), is_first,
        is_filtered => start != everything(),
        at => wish.at.map(|day| dates.day(day)).unwrap_or_default(),
        order => order_word(&wish.sequence),
        first => query_of(&start), next => found.next.as_ref().map(query_of), csv => query_of(&start),
        newest => order(Sequence::Newest(None)), oldest => order(Sequence::Oldest(None)),
        numbered => order(Sequence::Number { beginning: String::new(), after: None }),
    };
    let title = say(signed.language, "register_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "register", title, here: "/register", of })
}

/// Hands out what the filter shows, all pages of it, for a spreadsheet.
pub(in crate::web) async fn download(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let wish = wish(&page, &signed, query.as_deref())?;
    let dates = Dates::now(&page, signed.language).await?;
    let name = format!("attachment; filename=\"register-{}.csv\"", dates.today);
    let sheet = page.workflow.sheet(signed.language);
    let headings: Vec<String> = sheet.columns().into_iter().map(|(_, heading)| heading).collect();
    // The mark by which spreadsheets know that it is UTF-8.
    let head = format!("\u{feff}{}\r\n", escape::cells(&headings));
    let person = signed.person.email;
    // Part by part, so that a register of any size is written; what fails on the way breaks it off, and is no whole file.
    let parts = try_unfold((Some(wish), head), move |(wish, head)| {
        let (page, sheet, person) = (Arc::clone(&page), sheet.clone(), person.clone());
        async move {
            let Some(wish) = wish else { return Ok::<_, std::io::Error>(None) };
            let part = page.workflow.register_page(&person, &wish, PART).await;
            let part = part.map_err(std::io::Error::other)?;
            Ok(Some((format!("{head}{}", lines(&sheet, &part.complaints)), (part.next, String::new()))))
        }
    });
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(parts)).into_response())
}

fn lines(sheet: &Sheet, complaints: &[ListedComplaint]) -> String {
    complaints.iter().map(|c| format!("{}\r\n", escape::cells(&sheet.cells(&c.facts)))).collect()
}

/// How rows are said to one reader.
struct Rows<'p> {
    page: &'p Page,
    dates: &'p Dates,
    wish: &'p RegisterWish,
    labels: Labels,
}

impl Rows<'_> {
    fn row(&self, c: &ListedComplaint) -> Value {
        let people = &self.page.workflow.settings().people;
        let name = |email: &String| people.find(email).map_or_else(|| email.clone(), |p| p.name.clone());
        let day = |day: Option<Date>| day.map(|day| self.dates.day(day)).unwrap_or_default();
        context! {
            reference => c.facts.reference(), subject => c.subject,
            received => day(self.dates.day_of(c.received_at)),
            state => self.labels.state(&c.state),
            complainant => shown_name(&c.complainant).unwrap_or_default(),
            responsible => c.responsible.as_ref().map(name).unwrap_or_default(),
            term => day(c.next_deadline), is_late => c.next_deadline.is_some_and(|day| self.is_over(day)),
            promised => day(c.promised_by),
            at => self.wish.at.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    /// Returns whether a day was over when the register stood as it is shown.
    fn is_over(&self, day: Date) -> bool {
        self.wish.at.map_or(day < self.dates.today, |at| day <= at)
    }
}

/// Everything, in the order that the register has by itself.
fn everything() -> RegisterWish {
    RegisterWish {
        stage: None,
        is_late: false,
        responsible: None,
        received: (None, None),
        at: None,
        sequence: Sequence::Newest(None),
    }
}

/// Reads what an address asks for.
pub(super) fn wish(page: &Page, signed: &Signed, query: Option<&str>) -> Result<RegisterWish, Trouble> {
    let fields = Fields::of_query(query);
    let stage = match fields.get("stage") {
        "" => None,
        "open" => Some(Stage::Open),
        "closed" => Some(Stage::Closed),
        other => {
            let state = InState::from(other.strip_prefix(IN).ok_or(Trouble::Unreadable)?);
            let states = page.workflow.labels(signed.language).states();
            let is_known = states.iter().any(|(known, _)| *known == state);
            Some(Stage::In(Some(state).filter(|_| is_known).ok_or(Trouble::Unreadable)?))
        }
    };
    let is_late = match fields.get("late") {
        "" => false,
        "1" => true,
        _ => return Err(Trouble::Unreadable),
    };
    let responsible = short(fields.get("responsible"))?.to_lowercase();
    let received = (day(fields.get("from"))?, day(fields.get("to"))?);
    let at = day(fields.get("at"))?;
    let sequence = sequence(page, &fields)?;
    let responsible = Some(responsible).filter(|r| !r.is_empty());
    Ok(RegisterWish { stage, is_late, responsible, received, at, sequence })
}

fn short(text: &str) -> Result<&str, Trouble> {
    if text.len() <= LONGEST { Ok(text.trim()) } else { Err(Trouble::Unreadable) }
}

pub(in crate::web) fn day(text: &str) -> Result<Option<Date>, Trouble> {
    let is_day = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
    match text {
        "" => Ok(None),
        _ if is_day => text.parse().map(Some).map_err(|_| Trouble::Unreadable),
        _ => Err(Trouble::Unreadable),
    }
}

/// Reads the order, and where in it the page begins. Who looks for a number sees the register by number.
fn sequence(page: &Page, fields: &Fields) -> Result<Sequence, Trouble> {
    let (beginning, after) = (short(fields.get("number"))?.to_uppercase(), short(fields.get("after"))?);
    let order = if beginning.is_empty() { fields.get("order") } else { "number" };
    match order {
        "" | "newest" => Ok(Sequence::Newest(place(page, after)?)),
        "oldest" => Ok(Sequence::Oldest(place(page, after)?)),
        "number" => {
            let after = Some(after.to_owned()).filter(|a| !a.is_empty()).map(Into::into);
            Ok(Sequence::Number { beginning, after })
        }
        _ => Err(Trouble::Unreadable),
    }
}

/// Reads a place as `place_text` writes it.
pub(in crate::web) fn place(page: &Page, text: &str) -> Result<Option<Place>, Trouble> {
    if text.is_empty() {
        return Ok(None);
    }
    let (at, id) = text.split_once('.').ok_or(Trouble::Unreadable)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| Trouble::Unreadable);
    let (at, id) = (Moment::from_millis(number(at)?), ComplaintId(number(id)?));
    let day = page.workflow.settings().calendar.day_of(at).map_err(|_| Trouble::Unreadable)?;
    Ok(Some(Place { day, at, id }))
}

/// Writes a place as it stands in an address.
pub(in crate::web) fn place_text(place: Place) -> String {
    format!("{}.{}", place.at.millis(), place.id.0)
}

/// Returns the same order from its beginning on.
fn beginning(sequence: &Sequence) -> Sequence {
    match sequence {
        Sequence::Newest(_) => Sequence::Newest(None),
        Sequence::Oldest(_) => Sequence::Oldest(None),
        Sequence::Number { beginning, .. } => Sequence::Number { beginning: beginning.clone(), after: None },
    }
}

fn order_word(sequence: &Sequence) -> &'static str {
    match sequence {
        Sequence::Newest(_) => "newest",
        Sequence::Oldest(_) => "oldest",
        Sequence::Number { .. } => "number",
    }
}

fn stage_word(stage: Option<&Stage>) -> String {
    match stage {
        None => String::new(),
        Some(Stage::Open) => "open".to_owned(),
        Some(Stage::Closed) => "closed".to_owned(),
        Some(Stage::In(state)) => format!("{IN}{state}"),
    }
}

/// Writes what is wished for as the part of an address behind the question mark.
pub(in crate::web) fn query_of(wish: &RegisterWish) -> String {
    let date = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
    let (number, after) = match &wish.sequence {
        Sequence::Newest(place) | Sequence::Oldest(place) => {
            (String::new(), place.map(place_text).unwrap_or_default())
        }
        Sequence::Number { beginning, after } => {
            (beginning.clone(), after.as_ref().map(ToString::to_string).unwrap_or_default())
        }
    };
    let order = Some(order_word(&wish.sequence)).filter(|o| *o != "newest").unwrap_or_default();
    let fields = [
        ("stage", stage_word(wish.stage.as_ref())),
        ("late", if wish.is_late { "1".to_owned() } else { String::new() }),
        ("responsible", wish.responsible.clone().unwrap_or_default()),
        ("from", date(wish.received.0)),
        ("to", date(wish.received.1)),
        ("number", number),
        ("at", date(wish.at)),
        ("order", order.to_owned()),
        ("after", after),
    ];
    let filled = fields.iter().filter(|(_, value)| !value.is_empty());
    Serializer::new(String::new()).extend_pairs(filled).finish()
}

/// Returns what the form of the filter shows.
fn filter(page: &Page, signed: &Signed, wish: &RegisterWish) -> Value {
    let stage = stage_word(wish.stage.as_ref());
    let option = |value: String, words: String| context! { is_chosen => value == stage, value, words };
    let labels = page.workflow.labels(signed.language);
    let fixed = [("", "stage_any"), ("open", "stage_open"), ("closed", "stage_closed")];
    let fixed = fixed.map(|(value, key)| option(value.to_owned(), say(signed.language, key, &[])));
    let states = labels.states().into_iter().map(|(state, words)| option(format!("{IN}{state}"), words));
    let stages: Vec<Value> = fixed.into_iter().chain(states).collect();
    let chosen = wish.responsible.clone().unwrap_or_default();
    let settings = page.workflow.settings();
    let mut people: Vec<(String, String)> =
        settings.people.iter().map(|p| (p.email.clone(), p.name.clone())).collect();
    if !chosen.is_empty() && !people.iter().any(|(email, _)| *email == chosen) {
        people.push((chosen.clone(), chosen.clone()));
    }
    let people: Vec<Value> = people
        .into_iter()
        .map(|(email, name)| context! { is_chosen => email == chosen, value => email, words => name })
        .collect();
    let number =
        if let Sequence::Number { beginning, .. } = &wish.sequence { beginning.as_str() } else { "" };
    let date = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
    context! {
        stages, people, is_late => wish.is_late, number,
        from => date(wish.received.0), to => date(wish.received.1), at => date(wish.at),
    }
}
