//! `/intake`: what has come in and waits for a judgement; `/intake/NUMBER`: one of it beside what it is like;
//! `/intake/log`: noting down what was told by phone, on paper or in a chat.

use super::complaint::seen;
use super::complaint_view::{View, visible};
use super::register::{place, place_text};
use crate::calendar::Date;
use crate::complaint::{Complaint, ContactChannel, Language, MailKind, Party, TriageReason, Via, shown_name};
use crate::intake::{Contact, log_contact};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{SimilarComplaint, Untriaged};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The most that is listed on a page: what waits, and what was filed.
const PAGE: usize = 25;
/// The most complaints beside one that waits.
const SIMILAR: usize = 5;
/// The characters of the first words of a mail.
const WORDS: usize = 280;
/// The longest line that is logged, in characters.
const LINE: usize = 300;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::of_query(query.as_deref());
    let after = place(&page, fields.get("after"))?;
    let person = &signed.person.email;
    let (waiting, next) = page.workflow.untriaged(person, after, PAGE).await?;
    let filed = page.workflow.filed_for(person, PAGE).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let filed: Vec<Value> = filed
        .iter()
        .map(|mail| {
            let kind = say(signed.language, kind(mail.kind), &[]);
            context! { at => dates.moment(mail.received_at), kind, sender => mail.sender, subject => mail.subject }
        })
        .collect();
    let notice = match fields.get("logged") {
        "" => String::new(),
        _ => say(signed.language, "logged", &[]),
    };
    let of = context! {
        waiting => waiting.iter().map(|u| row(&dates, signed.language, u)).collect::<Vec<_>>(),
        filed, notice, is_first => after.is_none(), next => next.map(place_text),
    };
    let title = say(signed.language, "intake_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "intake", title, here: "/intake", of })
}

fn row(dates: &Dates, language: Language, untriaged: &Untriaged) -> Value {
    let c = &untriaged.complaint;
    let (text, files) = untriaged.opening.as_ref().map_or((String::new(), String::new()), |mail| {
        let words = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_more = words.chars().count() > WORDS;
        let words: String = words.chars().take(WORDS).chain(is_more.then_some('…')).collect();
        let files: Vec<&str> = mail.attachments().iter().map(|a| a.name.as_str()).collect();
        (visible(&words), files.join(", "))
    });
    context! {
        reference => c.facts.reference(), subject => c.subject, text, files,
        received => dates.moment(c.received_at), who => who(&c.facts), why => why(language, &c.facts),
        end => c.next_deadline.map(|day| dates.day(day)).unwrap_or_default(),
        is_late => c.next_deadline.is_some_and(|day| day < dates.today),
    }
}

fn who(c: &Complaint) -> String {
    let party = c.proposed_complainant.as_ref().unwrap_or(&c.complainant);
    match (shown_name(&party.name), party.address()) {
        (None, address) => address.unwrap_or_default().to_owned(),
        (Some(name), None) => name,
        (Some(name), Some(address)) => format!("{name} ({address})"),
    }
}

/// Returns why a person must judge it; empty where no single reason is known.
pub(in crate::web) fn why(language: Language, c: &Complaint) -> String {
    let key = c.triage_reason.map(|reason| match reason {
        TriageReason::Forwarded => "triage_forwarded",
        TriageReason::StrangerReply => "triage_stranger_reply",
        TriageReason::AfterClosing => "triage_after_closing",
        TriageReason::Unreadable => "triage_unreadable",
        TriageReason::NoSender => "triage_no_sender",
        TriageReason::NoAutoReply => "triage_no_auto_reply",
        TriageReason::WrittenFor => "triage_written_for",
        TriageReason::OldMail => "triage_old_mail",
    });
    key.map(|key| say(language, key, &[])).unwrap_or_default()
}

/// Returns the key of what a mail is that is no person's.
fn kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::AutoReply => "mail_auto_reply",
        MailKind::Bounce => "mail_bounce",
        MailKind::Receipt => "mail_receipt",
        MailKind::List => "mail_list",
        MailKind::Loop => "mail_loop",
        MailKind::Complaint
        | MailKind::Addition
        | MailKind::Contact
        | MailKind::Attendance
        | MailKind::Own => "mail_other",
    }
}

/// Shows what waits for a judgement beside what it is like. What is judged stands with the complaint.
pub(in crate::web) async fn judge(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let c = &case.complaint;
    if !page.workflow.is_untriaged(c) {
        return Ok(see_other(&format!("/complaints/{}", c.reference())));
    }
    let view = View::of(&page, &signed).await?;
    let actions = page.workflow.actions_for(&signed.person.email, id).await?;
    let similar = page.workflow.similar_for(&signed.person.email, id, SIMILAR).await?;
    let of = context! {
        reference => c.reference(), subject => c.subject, who => who(c), why => why(signed.language, c),
        talk => view.talk(id, &[], None).await?,
        own => view.actions(&actions.own), others => view.actions(&actions.others),
        similar => similar.iter().map(|s| like(&page, &signed, &view, s)).collect::<Vec<_>>(),
        rules_language => page.language().as_str(),
    };
    let title = format!("{} {}", c.reference(), c.subject);
    page.show(&signed, StatusCode::OK, Shown { template: "judge", title, here: "/intake", of })
}

fn like(page: &Page, signed: &Signed, view: &View<'_>, similar: &SimilarComplaint) -> Value {
    let labels = page.workflow.labels(signed.language);
    let shares = match similar.shares {
        "" => String::new(),
        "sender" => say(signed.language, "same_sender", &[]),
        _ => say(signed.language, "same_organisation", &[]),
    };
    context! {
        reference => similar.reference, subject => similar.subject, shares, text => visible(&similar.text),
        state => labels.state(&similar.state.as_str().into()),
        decided => similar.decided_on.map(|day| view.day(day)).unwrap_or_default(),
    }
}

/// Asks for what was told.
pub(in crate::web) async fn ask(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    form(&page, &signed, &Fields::default(), None)
}

fn form(
    page: &Page,
    signed: &Signed,
    typed: &Fields,
    wrong: Option<(&str, &str)>,
) -> Result<Response, Trouble> {
    let language = signed.language;
    let channels = ContactChannel::ALL.iter().map(|channel| {
        let key = match channel {
            ContactChannel::Phone => "channel_phone",
            ContactChannel::Paper => "channel_paper",
            ContactChannel::Chat => "channel_chat",
        };
        let is_chosen = typed.get("channel") == channel.as_str();
        context! { value => channel.as_str(), words => say(language, key, &[]), is_chosen }
    });
    let field =
        |name: &str| context! { value => typed.get(name), is_wrong => wrong.is_some_and(|(n, _)| n == name) };
    let of = context! {
        channels => channels.collect::<Vec<_>>(),
        name => field("name"), address => field("address"), subject => field("subject"), text => field("text"),
        on => field("on"),
        wrong => wrong.map(|(name, key)| context! { name, words => say(language, key, &[]) }),
    };
    let (title, status) = match wrong {
        None => ("log_title", StatusCode::OK),
        Some(_) => ("log_title_wrong", StatusCode::UNPROCESSABLE_ENTITY),
    };
    let title = say(language, title, &[]);
    page.show(signed, status, Shown { template: "log", title, here: "/intake", of })
}

/// Notes down what was told. The same note twice is one complaint.
pub(in crate::web) async fn log(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields: typed }: OwnForm,
) -> Result<Response, Trouble> {
    let contact = match contact(&page, (&signed, Via::Page), &typed).await? {
        Ok(contact) => contact,
        Err(wrong) => return form(&page, &signed, &typed, Some(wrong)),
    };
    match log_contact(&page.workflow, contact).await {
        Ok(_) => Ok(see_other("/intake?logged=1")),
        Err(e) => Err(Trouble::Failed(e.to_string())),
    }
}

/// Reads what was told, or the field that is wrong and why.
pub(in crate::web) async fn contact(
    page: &Page,
    (signed, via): (&Signed, Via),
    typed: &Fields,
) -> Result<Result<Contact, (&'static str, &'static str)>, Trouble> {
    let line = |name: &str| typed.get(name).split_whitespace().collect::<Vec<_>>().join(" ");
    let Ok(channel) = typed.get("channel").parse::<ContactChannel>() else {
        return Ok(Err(("channel", "log_channel_wrong")));
    };
    let (subject, name, email) = (line("subject"), line("name"), line("address"));
    if subject.is_empty() {
        return Ok(Err(("subject", "log_subject_wrong")));
    }
    if let Some(long) = ["subject", "name", "address"].into_iter().find(|n| line(n).chars().count() > LINE) {
        return Ok(Err((long, "log_long")));
    }
    let is_address = |text: &str| text.split_once('@').is_some_and(|(l, d)| !l.is_empty() && d.contains('.'));
    if !email.is_empty() && (!is_address(&email) || email.contains(' ')) {
        return Ok(Err(("address", "log_address_wrong")));
    }
    let today = Dates::now(page, signed.language).await?.today;
    let on = match typed.get("on") {
        "" => None,
        day => match day.parse::<Date>().ok().filter(|day| *day <= today && *day > Date::default()) {
            Some(day) => Some(day).filter(|day| *day != today),
            None => return Ok(Err(("on", "log_on_wrong"))),
        },
    };
    let complainant = Party { name, email };
    let text = typed.get("text").to_owned();
    Ok(Ok(Contact { channel, complainant, subject, text, on, by: signed.person.email.clone(), via }))
}
