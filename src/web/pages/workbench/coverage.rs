//! What the rules do in the scenarios, on the page of the scenarios: what fires in none of them, which fire one rule, and which
//! parts of conditions they have not seen both ways.

use crate::rules::{Covered, CoveredStatement, Gap, Never, Subject};
use crate::web::form::Fields;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::workflow::RulePlaces;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

/// How what was covered is told.
pub(super) struct Telling<'t> {
    pub signed: &'t Signed,
    /// Where rules, actions and schedules stand.
    pub places: &'t RulePlaces,
    /// Where scenarios stand.
    pub scenarios: &'t RulePlaces,
    /// The path under which files are looked at.
    pub files: &'t str,
    /// The path of the scenarios.
    pub list: &'t str,
    /// What is asked of the page.
    pub query: Option<&'t str>,
}

impl Telling<'_> {
    /// Tells what was covered; nothing where no rule could be tried.
    pub fn whole(&self, covered: &Covered) -> Value {
        if covered.statements.is_empty() {
            return Value::from(());
        }
        let fields = Fields::of_query(self.query);
        let wanted = fields.get("of");
        let rows: Vec<Value> = self.in_order(covered.statements.iter());
        let idle: Vec<Value> = self.in_order(covered.idle());
        let chosen = covered.statements.iter().filter(|one| one.name == wanted);
        let chosen: Vec<Value> = chosen.map(|one| self.chosen(covered, one)).collect();
        // That nothing is done at all is told above.
        let gaps = covered.gaps.iter().filter(|gap| gap.line > 0 || gap.never == Never::False);
        let titles: BTreeMap<(Subject, &str), &str> = covered
            .statements
            .iter()
            .map(|one| ((one.subject, one.name.as_str()), one.title.as_str()))
            .collect();
        let gaps: Vec<Value> = gaps.map(|gap| self.gap(gap, &titles)).collect();
        context! { rows, idle, chosen, gaps }
    }

    fn say(&self, key: &str) -> String {
        say(self.signed.language, key, &[])
    }

    fn kind(&self, subject: Subject) -> String {
        self.say(match subject {
            Subject::Rule => "graph_rule",
            Subject::Action => "graph_action",
            Subject::Schedule => "coverage_schedule",
        })
    }

    /// Returns statements in the order in which they stand.
    fn in_order<'c>(&self, all: impl Iterator<Item = &'c CoveredStatement>) -> Vec<Value> {
        let mut all: Vec<&CoveredStatement> = all.collect();
        all.sort_by_key(|one| (&one.file, self.places.get(&one.name).map(|(_, line)| *line)));
        all.into_iter().map(|one| self.statement(one)).collect()
    }

    fn statement(&self, one: &CoveredStatement) -> Value {
        let href =
            self.places.get(&one.name).map(|(file, line)| format!("{}/{file}#line-{line}", self.files));
        let n = one.fired_in.len();
        let query = Serializer::new(String::new()).append_pair("of", &one.name).finish();
        let asked = (n > 0).then(|| format!("{}?{query}#coverage", self.list));
        context! { kind => self.kind(one.subject), label => one.title, href, n, asked }
    }

    fn chosen(&self, covered: &Covered, one: &CoveredStatement) -> Value {
        let scenario = |name: &str| {
            let query = Serializer::new(String::new()).append_pair("name", name).finish();
            let href = self.scenarios.get(name).map(|(file, _)| format!("{}/{file}?{query}", self.list));
            context! { name, href }
        };
        let scenarios: Vec<Value> = covered.scenarios_of(one).map(scenario).collect();
        context! { kind => self.kind(one.subject), label => one.title, scenarios }
    }

    fn gap(&self, gap: &Gap, titles: &BTreeMap<(Subject, &str), &str>) -> Value {
        let never = self.say(match gap.never {
            Never::True => "coverage_never_true",
            Never::False => "coverage_never_false",
            Never::Reached => "coverage_never_reached",
            Never::Run => "coverage_never_run",
        });
        let label = titles.get(&(gap.subject, gap.name.as_str())).copied().unwrap_or(&gap.name);
        let line = match gap.line {
            0 => self.places.get(&gap.name).map(|(_, line)| *line),
            line => Some(line),
        };
        let column = (gap.column > 0).then_some(gap.column);
        context! { label, file => gap.file, line, column, never, at => self.files }
    }
}
