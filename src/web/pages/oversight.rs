//! `/oversight`: for who oversees: what is late and why, what is escalated, whom is waited for, and how much there is.

use super::plugin_words::path_of;
use crate::complaint::{Language, Recipient};
use crate::report::chart::{Bars, length};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{
    Escalated, Labels, LateBecause, LateTerm, Load, Month, OverseenWhole, StuckMessage, WaitingFor,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Datelike;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    if !signed.menu.oversight {
        return Err(Trouble::NotFound);
    }
    let whole = page.workflow.oversee(&signed.person.email).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let labels = page.workflow.labels(signed.language);
    let view = View { page: &page, language: signed.language, dates, labels, links: signed.menu.plugins };
    let title = say(signed.language, "oversight_title", &[]);
    let of = view.whole(&whole)?;
    page.show(&signed, StatusCode::OK, Shown { template: "oversight", title, here: "/oversight", of })
}

/// How the whole is said to one reader.
struct View<'p> {
    page: &'p Page,
    language: Language,
    dates: Dates,
    labels: Labels,
    /// Whether deliveries are for this reader.
    links: bool,
}

impl View<'_> {
    fn say(&self, key: &str) -> String {
        say(self.language, key, &[])
    }

    fn whole(&self, whole: &OverseenWhole) -> Result<Value, Trouble> {
        let year = self.dates.today.year();
        let years = [year.to_string(), (year - 1).to_string()];
        let month = |m: &Month| self.dates.month(m.first);
        let bars = Bars {
            id: "months",
            title: self.say("oversight_months"),
            series: years.clone(),
            groups: whole.months.iter().map(|m| (month(m), [m.registered, m.year_before])).collect(),
        };
        let months: Vec<Value> = whole
            .months
            .iter()
            .map(|m| context! { name => month(m), registered => m.registered, before => m.year_before })
            .collect();
        let most = whole.loads.iter().map(|l| l.open).max().unwrap_or(0);
        let [year, year_before] = years;
        Ok(context! {
            lines => whole.lines, late_terms => whole.late_terms, has_more => whole.late_terms > i64::try_from(whole.late.len()).unwrap_or(0),
            late => whole.late.iter().map(|l| self.late(l)).collect::<Vec<_>>(),
            escalated => whole.escalated.iter().map(|e| self.escalated(e)).collect::<Vec<_>>(),
            waiting => whole.waiting.iter().map(|w| self.waiting(w)).collect::<Vec<_>>(),
            loads => whole.loads.iter().map(|l| self.load(l, most)).collect::<Vec<_>>(),
            stuck => whole.stuck.iter().map(|s| self.stuck(s)).collect::<Vec<_>>(),
            counted_at => whole.counted_at.map(|at| self.dates.moment(at)),
            links => self.links, chart => Value::from_safe_string(bars.draw()), months, year, year_before,
        })
    }

    fn name(&self, email: Option<&String>) -> String {
        let Some(email) = email else { return self.say("nobody") };
        self.page.workflow.settings().people.find(email).map_or_else(|| email.clone(), |p| p.name.clone())
    }

    fn late(&self, late: &LateTerm) -> Value {
        let responsible = self.name(late.responsible.as_ref());
        let because = late.because.iter().map(|why| match why {
            LateBecause::NobodyResponsible => self.say("because_nobody"),
            LateBecause::Absent => say(self.language, "because_absent", &[("name", &responsible)]),
            LateBecause::NotArrived => self.say("because_not_arrived"),
            LateBecause::Escalated => self.say("because_escalated"),
        });
        let owner = self.labels.role(&late.owner);
        let waits = say(self.language, "because_waits", &[("role", &owner)]);
        let because: Vec<String> = because.chain([waits]).collect();
        context! {
            reference => late.reference, subject => late.subject, term => self.labels.term(&late.term),
            end => self.dates.end(late.due), responsible, because => because.join("; "),
        }
    }

    fn escalated(&self, escalated: &Escalated) -> Value {
        let terms = escalated.terms.iter().map(|(name, due, owner)| {
            let name = format!("{} ({})", self.labels.term(name), self.labels.role(owner));
            context! { name, end => self.dates.end(*due), is_late => *due < self.dates.now }
        });
        context! {
            reference => escalated.reference, subject => escalated.subject,
            step => self.labels.option(escalated.step.as_str()), terms => terms.collect::<Vec<_>>(),
        }
    }

    fn waiting(&self, waiting: &WaitingFor) -> Value {
        let who = match &waiting.role {
            Some(role) => self.labels.role(role),
            None => self.say("the_complainant"),
        };
        context! { who, running => waiting.running, late => waiting.late }
    }

    fn load(&self, load: &Load, most: i64) -> Value {
        let link = load.responsible.as_ref().map(|email| {
            let fields = [("stage", "open"), ("responsible", email.as_str())];
            Serializer::new(String::new()).extend_pairs(fields).finish()
        });
        context! {
            who => self.name(load.responsible.as_ref()), open => load.open, late => load.late,
            link => link.unwrap_or_default(), length => length(load.open, most), late_length => length(load.late, most),
        }
    }

    fn stuck(&self, stuck: &StuckMessage) -> Value {
        let to = match &stuck.recipient {
            Recipient::Complainant => self.say("the_complainant"),
            Recipient::Responsible => self.say("to_responsible"),
            other => self.labels.recipient(other).unwrap_or_default(),
        };
        let state = self.say(if stuck.is_dead { "letter_dead" } else { "letter_stuck" });
        context! {
            reference => stuck.reference, to, subject => stuck.subject, at => self.dates.moment(stuck.at),
            is_dead => stuck.is_dead, state, delivery => path_of(&stuck.delivery),
        }
    }
}
