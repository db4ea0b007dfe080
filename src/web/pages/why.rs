//! Where a message leads: `/complaints/NUMBER/next`, to what the reader has to do now, and `/complaints/NUMBER/why/…`, why the
//! message came. Following a link does nothing by itself.

use super::complaint::seen;
use super::complaint_view::rooted;
use crate::complaint::Source;
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{ReachedAs, StoredEvent, because};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

/// Opens the form by which the reader meets the first term that waits for them; the complaint where none does.
pub(in crate::web) async fn next(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let reference = case.complaint.reference();
    Ok(match page.workflow.next_action(&signed.person.email, id).await? {
        Some(action) => see_other(&format!("/complaints/{reference}/actions/{}", action.id)),
        None => see_other(&format!("/complaints/{reference}")),
    })
}

/// Says why a message came.
pub(in crate::web) async fn why(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, version, ordinal)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let (Ok(version), Ok(ordinal)) = (version.parse(), ordinal.parse()) else {
        return Err(Trouble::NotFound);
    };
    let found = page.workflow.why_sent(id, version, ordinal).await?;
    let (sent, cause) = found.ok_or(Trouble::NotFound)?;
    let (dates, language) = (Dates::now(&page, signed.language).await?, signed.language);
    let (labels, settings) = (page.workflow.labels(language), page.workflow.settings());
    let name = |address: &String| {
        settings.people.find(address).map_or_else(|| address.clone(), |person| person.name.clone())
    };
    let notification = &sent.notification;
    let to: Vec<String> = notification.addresses.iter().map(name).collect();
    let mine = match page.workflow.reached_as(&signed.person, notification) {
        ReachedAs::Responsible => say(language, "notice_responsible", &[]),
        ReachedAs::Role(role) => say(language, "notice_role", &[("role", &labels.role(&role))]),
        ReachedAs::StandsIn(role) => say(language, "notice_stands_in", &[("role", &labels.role(&role))]),
        ReachedAs::Named => say(language, "notice_named", &[]),
        ReachedAs::Not => say(language, "notice_others", &[]),
    };
    let (cause_words, rule) = match &notification.source {
        Source::Rule(rule) => ("notice_rule", rule.to_string()),
        Source::Action { id, .. } => {
            ("notice_action", page.workflow.action_label(id.as_str()).unwrap_or_else(|| id.to_string()))
        }
        Source::Schedule(name) => ("notice_schedule", name.to_string()),
        Source::Engine => ("notice_engine", String::new()),
        Source::Person => ("notice_person", String::new()),
    };
    let by = |event: &StoredEvent| settings.people.find(event.by.as_str()).map(|p| p.name.clone());
    let root = match &cause {
        Some(event) => {
            let roots = page.workflow.proposals().roots(&[event.ruleset.as_str()].into()).await?;
            event.rule.as_ref().and_then(|rule| roots.of(rule, &event.ruleset, event.at))
        }
        None => None,
    };
    let root = root.filter(|root| !root.sentences.is_empty()).map(|root| rooted(&dates, &root));
    let may_look = page.workflow.may_of_rules(&signed.person.email).await?.look;
    let title = say(language, "notice_title", &[]);
    let of = context! {
        reference => case.complaint.reference(), subject => notification.subject, at => dates.moment(sent.at),
        to => to.join(", "), mine, cause => say(language, cause_words, &[]), rule,
        by => cause.as_ref().and_then(by), reasons => cause.as_ref().map(because).unwrap_or_default(),
        rules_language => page.language().as_str(), root, may_look,
    };
    page.show(&signed, StatusCode::OK, Shown { template: "why", title, here: "", of })
}
