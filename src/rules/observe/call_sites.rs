//! The places where rules, actions and schedules send messages, with what is certain there, so that every
//! message is rendered at load (docs/semantics.md 4.8).

use super::certain::{Certain, calls, field};
use crate::complaint::Recipient;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::ActionRule;
use crate::rules::words::kind::ValueKind;
use rhai::{ASTNode, Expr, FlowControl, FnCallExpr, Position, Stmt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Script functions are followed this deep.
const DEPTH: usize = 8;

/// A place in a script that sends a message.
#[derive(Clone, Debug, PartialEq)]
pub struct NotifySite {
    /// The file, relative to the rules folder: `30_treatment.rhai`.
    pub file: String,
    /// The line, from 1; 0 when unknown.
    pub line: usize,
    /// The column, from 1; 0 when unknown.
    pub column: usize,
    /// The recipient, where the script names one; none when it computes one.
    pub recipient: Option<Recipient>,
    /// The template's name.
    pub message: String,
    /// The data that the script hands along, with stand-ins for what is only known later.
    pub data: Value,
    /// The same data, with everything empty that may be.
    pub least_data: Value,
    /// The kinds of what the script hands along, by name.
    pub kinds: BTreeMap<String, ValueKind>,
    /// The facts of the complaint that are certain there; none in a schedule, which has no complaint.
    pub certain: Option<Certain>,
}

/// Returns every call of `notify`, once for each way that leads to it.
pub fn notify_sites(ruleset: &Ruleset) -> Vec<NotifySite> {
    let mut walk = Walk { ruleset, found: Vec::new(), entered: BTreeSet::new() };
    for rule in &ruleset.rules {
        let mut certain = Certain::default();
        certain.learn(&rule.when, true);
        walk.body(&rule.file, &rule.then, &mut certain);
    }
    for action in &ruleset.actions {
        let mut certain = asked(action);
        certain.learn(&action.when.expr, true);
        walk.body(&action.file, &action.then, &mut certain);
    }
    let with_complaint = walk.found.len();
    for schedule in &ruleset.schedules {
        walk.body(&schedule.file, &schedule.then, &mut Certain::default());
    }
    walk.found[with_complaint..].iter_mut().for_each(|site| site.certain = None);
    for (name, function) in &ruleset.functions {
        if !walk.entered.contains(name.as_str()) {
            walk.statements(&function.file, &function.body, &mut Certain::default(), 0);
        }
    }
    walk.found
}

/// Returns the inputs that an action is certain to have: those that must be answered.
fn asked(action: &ActionRule) -> Certain {
    let mut certain = Certain::default();
    let mut questions = Vec::new();
    if let Some(asks) = &action.asks {
        asks.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
                questions
                    .extend(map.0.iter().map(|(name, question)| (name.name.to_string(), question.clone())));
            }
            true
        });
    }
    for (name, question) in questions {
        let mut may_be_empty = false;
        calls(&question, &mut |call, _| {
            may_be_empty |= match call.name.as_str() {
                "optional" => true,
                // A preset that is nothing is an answer.
                "preset" => call.args.iter().any(|value| !certain.is_filled(value)),
                _ => false,
            };
        });
        if !may_be_empty {
            certain.inputs.insert(name);
        }
    }
    certain
}

/// The reach of the statements after a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoesOn,
    Ends,
}

struct Walk<'r> {
    ruleset: &'r Ruleset,
    found: Vec<NotifySite>,
    /// Functions that some body calls; the others are looked at by themselves.
    entered: BTreeSet<&'r str>,
}

impl<'r> Walk<'r> {
    fn body(&mut self, file: &str, body: &'r Expr, certain: &mut Certain) {
        match body {
            Expr::Stmt(block) => {
                self.statements(file, block.statements(), certain, DEPTH);
            }
            single => self.sends(file, single, certain, DEPTH),
        }
    }

    fn statements(
        &mut self,
        file: &str,
        statements: &'r [Stmt],
        certain: &mut Certain,
        depth: usize,
    ) -> Flow {
        for statement in statements {
            if self.statement(file, statement, certain, depth) == Flow::Ends {
                return Flow::Ends;
            }
        }
        Flow::GoesOn
    }

    fn statement(&mut self, file: &str, statement: &'r Stmt, certain: &mut Certain, depth: usize) -> Flow {
        match statement {
            Stmt::FnCall(call, position) => return self.call(file, call, *position, certain, depth),
            Stmt::Expr(expr) => match &**expr {
                Expr::FnCall(call, position) => return self.call(file, call, *position, certain, depth),
                Expr::Stmt(block) => return self.statements(file, block.statements(), certain, depth),
                other => self.sends(file, other, certain, depth),
            },
            Stmt::Assignment(assignment) => {
                let (target, value) = (&assignment.1.lhs, &assignment.1.rhs);
                self.sends(file, value, certain, depth);
                if let Some(field) = field(target) {
                    certain.assign(&field, value);
                }
            }
            Stmt::Var(variable, ..) => self.sends(file, &variable.1, certain, depth),
            Stmt::Block(block) => return self.statements(file, block.statements(), certain, depth),
            Stmt::If(flow, _) => return self.branches(file, flow, certain, depth),
            Stmt::For(each, _) => {
                // It may run never.
                self.statements(file, each.2.body.statements(), &mut certain.clone(), depth);
            }
            Stmt::Return(..) => return Flow::Ends,
            _ => {}
        }
        Flow::GoesOn
    }

    fn branches(&mut self, file: &str, flow: &'r FlowControl, certain: &mut Certain, depth: usize) -> Flow {
        self.sends(file, &flow.expr, certain, depth);
        let (mut yes, mut no) = (certain.clone(), certain.clone());
        yes.learn(&flow.expr, true);
        no.learn(&flow.expr, false);
        let then = self.statements(file, flow.body.statements(), &mut yes, depth);
        let otherwise = self.statements(file, flow.branch.statements(), &mut no, depth);
        match (then, otherwise) {
            (Flow::Ends, Flow::Ends) => return Flow::Ends,
            (Flow::Ends, Flow::GoesOn) => *certain = no,
            (Flow::GoesOn, Flow::Ends) => *certain = yes,
            (Flow::GoesOn, Flow::GoesOn) => {
                yes.intersect(&no);
                *certain = yes;
            }
        }
        Flow::GoesOn
    }

    /// Learns from a call that stands as a statement: what it does is done from here on.
    fn call(
        &mut self,
        file: &str,
        call: &'r FnCallExpr,
        position: Position,
        certain: &mut Certain,
        depth: usize,
    ) -> Flow {
        call.args.iter().for_each(|argument| self.sends(file, argument, certain, depth));
        match (call.name.as_str(), &call.args[..]) {
            ("notify", _) => self.found.extend(site(self.ruleset, file, call, position, certain)),
            ("refuse", _) => return Flow::Ends,
            ("register", _) => certain.fill(Some("number")),
            ("meet", _) => certain.fill(Some("meeting")),
            ("escalate", _) => certain.fill(Some("escalation")),
            ("deadline", [Expr::StringConstant(name, _), ..]) => {
                certain.deadlines.insert(name.to_string());
            }
            (name, _) => {
                // `return` ends the function and no more.
                self.enter(name, certain, depth);
            }
        }
        Flow::GoesOn
    }

    /// Calls inside an expression: whatever they do, it is not certain afterwards.
    fn sends(&mut self, file: &str, expr: &'r Expr, certain: &Certain, depth: usize) {
        let mut inner = Vec::new();
        calls(expr, &mut |call, position| {
            if call.name == "notify" {
                inner.extend(site(self.ruleset, file, call, position, certain));
            }
        });
        self.found.extend(inner);
        let mut names = Vec::new();
        calls(expr, &mut |call, _| names.push(call.name.to_string()));
        names.iter().for_each(|name| self.enter(name, &mut certain.clone(), depth));
    }

    fn enter(&mut self, name: &str, certain: &mut Certain, depth: usize) {
        if depth > 0
            && let Some((name, function)) = self.ruleset.functions.get_key_value(name)
        {
            self.entered.insert(name);
            self.statements(&function.file, &function.body, certain, depth - 1);
        }
    }
}

fn site(
    ruleset: &Ruleset,
    file: &str,
    call: &FnCallExpr,
    position: Position,
    certain: &Certain,
) -> Option<NotifySite> {
    let Some(Expr::StringConstant(message, _)) = call.args.get(1) else { return None };
    let kinds = ruleset.handed.at(file, position);
    let (mut data, mut least_data) = (json!({}), json!({}));
    if let Some(Expr::Map(map, _)) = call.args.get(2) {
        for (key, value) in &map.0 {
            let kind = kinds.get(key.name.as_str()).copied();
            let stand_in = stand_in(&key.name, value, kind);
            least_data[key.name.as_str()] = match kind {
                Some(ValueKind::Complaints) => json!([]),
                _ if certain.is_filled(value) => stand_in.clone(),
                _ => Value::Null,
            };
            data[key.name.as_str()] = stand_in;
        }
    }
    let (line, column) = (position.line().unwrap_or(0), position.position().unwrap_or(0));
    let recipient = match call.args.first() {
        Some(Expr::StringConstant(to, _)) => Some(Recipient::from(to.as_str())),
        _ => None,
    };
    let (file, message, certain) = (file.to_owned(), message.to_string(), Some(certain.clone()));
    Some(NotifySite { file, line, column, recipient, message, data, least_data, kinds, certain })
}

/// Returns a value of the likely type. A date serves as text too; what is called a measure is one.
fn stand_in(key: &str, value: &Expr, kind: Option<ValueKind>) -> Value {
    match value {
        Expr::StringConstant(text, _) => json!(text.as_str()),
        Expr::IntegerConstant(n, _) => json!(n),
        Expr::BoolConstant(b, _) => json!(b),
        Expr::FnCall(call, _) if call.name == "report" => json!({
            "from": "2026-01-01", "to": "2026-03-31", "messages": 6, "no_complaint": 1, "merged": 1, "withdrawn": 1,
            "received": 3, "registered": 3, "declined": 1, "decided": 1, "in_time": 1, "awaiting_reply": 0,
            "escalated": 1, "open": 1, "grounds": [{"name": "x", "label": "x", "count": 1}],
            "verdicts": [{"name": "x", "label": "x", "count": 1}], "agreements": [{"name": "x", "label": "x", "count": 1}],
            "recommendations": [],
        }),
        Expr::Variable(x, ..) if x.1 == "it" || key == "measure" => json!({
            "id": 1, "description": "x", "owner": "x", "due": "2027-01-04", "state": "x", "number": "K-2026-0001",
            "intake_id": "I-2026-000001", "decided_on": "2027-01-04", "received_on": "2026-12-07", "is_open": true,
        }),
        _ => match kind {
            Some(ValueKind::Text) => json!("x"),
            Some(ValueKind::Number) => json!(1),
            Some(ValueKind::YesNo) => json!(true),
            Some(ValueKind::Date) => json!("2027-01-04"),
            Some(ValueKind::Span) => json!("6 weeks"),
            Some(ValueKind::Period) => json!({"from": "2026-01-01", "to": "2026-03-31"}),
            Some(ValueKind::Complaints) => json!([{
                "number": "K-2026-0001", "intake_id": "I-2026-000001", "state": "x", "received_on": "2026-12-07",
                "decided_on": "2027-01-04", "is_open": true,
            }]),
            Some(ValueKind::Moment | ValueKind::Unknown) | None => json!("2027-01-04T09:00:00.000+01:00"),
        },
    }
}
