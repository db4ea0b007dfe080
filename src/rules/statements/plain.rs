//! `Conjunct`: a part of a condition, and as much of it as facts alone answer, without running a script. Most conditions are
//! decided so, and the rules that can hold in a state are indexed by it.
//!
//! What a clock changes and what can fail is left to the script, and so is what stands behind that: a condition reads the same
//! terms and comes to the same as if all of it were a script (`plain_test.rs`).

use crate::complaint::{LetterStatus, State};
use crate::rules::language::tree::{conjuncts, field_of_complaint};
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::procedure::declared::Procedure;
use crate::rules::words::compare::Op;
use crate::rules::words::context::Working;
use crate::rules::words::field::Field;
use crate::rules::words::fields;
use crate::rules::words::vocabulary::NO_LETTER;
use rhai::{Array, Dynamic, Expr, FnCallExpr, Token};
use std::collections::BTreeMap;

/// The most parts of a condition that are looked into, with those of its functions; the script is asked for the rest.
const ROOM: u32 = 500;
/// The deepest that functions which call each other are looked into.
const DEPTH: u32 = 8;

/// What facts say of an expression that is true or false.
#[derive(Clone, Debug)]
enum Plain {
    /// Only the script can tell.
    Script,
    Not(Box<Plain>),
    All(Vec<Plain>),
    Any(Vec<Plain>),
    Constant(bool),
    IsOpen,
    StateIs(String),
    Armed(String),
    /// Whether a term has passed: known only where it does not run, for else the clock is read.
    Overdue(String),
    Known(&'static Field),
    Happened(String),
    Flag(String),
    Compared {
        fact: Fact,
        by: Op,
        with: Literal,
    },
}

/// Something that is compared.
#[derive(Clone, Debug)]
enum Fact {
    Field(&'static Field),
    Letter(String),
    Letters(String),
    Counter(String),
}

/// What it is compared with.
#[derive(Clone, Debug)]
enum Literal {
    Text(String),
    Number(i64),
}

/// What the scripts define beside rules.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Defined<'d> {
    pub constants: &'d BTreeMap<String, Dynamic>,
    /// The functions without parameters that are one expression.
    pub functions: &'d BTreeMap<String, Expr>,
}

/// A part of a condition, all of which must be true.
#[derive(Debug)]
pub(in crate::rules) struct Conjunct {
    pub expr: Expr,
    plain: Plain,
    /// True when it may read a term, which counts where the condition holds.
    reads_terms: bool,
}

impl Conjunct {
    /// Takes a condition apart, in order.
    pub fn all(condition: &Expr, defined: Defined<'_>) -> Vec<Self> {
        conjuncts(condition).iter().map(|part| Self::of(part, defined)).collect()
    }

    /// Makes one of an expression that is true or false.
    pub fn of(expr: &Expr, defined: Defined<'_>) -> Self {
        let plain = Reader { defined, room: ROOM, depth: DEPTH }.read(expr);
        Self { expr: expr.clone(), reads_terms: plain.reads_terms(), plain }
    }

    /// Returns whether it holds; none where only the script can tell.
    pub fn holds(&self, working: &Working, procedure: &Procedure) -> Option<bool> {
        let holds = self.plain.holds(working, procedure);
        holds.filter(|holds| !holds || !self.reads_terms || mutated(Mutant::TermsUnread))
    }

    /// Returns the constant that it is, with its value.
    pub fn constant(&self) -> Option<(&str, bool)> {
        match (&self.expr, &self.plain) {
            (Expr::Variable(x, ..), Plain::Constant(value)) => Some((x.1.as_str(), *value)),
            _ => None,
        }
    }
}

/// Returns whether a condition can hold in a state, whatever else is true.
pub(in crate::rules) fn can_hold_in(conjuncts: &[Conjunct], state: &State, procedure: &Procedure) -> bool {
    for Conjunct { plain, .. } in conjuncts {
        match plain.holds_in(state, procedure) {
            Some(false) => return false,
            None if plain.asks_script() => return true,
            _ => {}
        }
    }
    true
}

/// Returns the field of the complaint that a list is.
pub(in crate::rules) fn field_of_list(list: &Expr) -> Option<&'static Field> {
    field_of_complaint(list).and_then(fields::find)
}

/// Returns whether nothing stands in a field that is a list.
pub(in crate::rules) fn is_empty_list(field: &Field, working: &Working, procedure: &Procedure) -> bool {
    (field.get)(&working.case, procedure).read_lock::<Array>().is_some_and(|list| list.is_empty())
}

/// Reads what facts answer of an expression, as far as there is room.
struct Reader<'d> {
    defined: Defined<'d>,
    /// The parts that may still be read.
    room: u32,
    /// The functions that may still be entered, one in the other.
    depth: u32,
}

impl Reader<'_> {
    fn read(&mut self, expr: &Expr) -> Plain {
        if self.room == 0 {
            return Plain::Script;
        }
        self.room -= 1;
        match expr {
            Expr::And(parts, _) => Plain::All(parts.iter().map(|part| self.read(part)).collect()),
            Expr::Or(parts, _) => Plain::Any(parts.iter().map(|part| self.read(part)).collect()),
            Expr::BoolConstant(value, _) => Plain::Constant(*value),
            Expr::Variable(x, ..) => {
                let value = self.defined.constants.get(x.1.as_str()).and_then(|value| value.as_bool().ok());
                value.map_or(Plain::Script, Plain::Constant)
            }
            Expr::Dot(..) if field_of_complaint(expr) == Some("is_open") => Plain::IsOpen,
            Expr::Dot(..) => {
                named_in_group(expr, "flags").map_or(Plain::Script, |name| Plain::Flag(name.to_owned()))
            }
            Expr::FnCall(call, _) => self.called(call),
            _ => Plain::Script,
        }
    }

    fn called(&mut self, call: &FnCallExpr) -> Plain {
        match (&call.op_token, call.name.as_str(), &call.args[..]) {
            (Some(Token::Bang), _, [inner]) => Plain::Not(Box::new(self.read(inner))),
            (Some(_), sign, [left, right]) => Op::of(sign)
                .and_then(|by| state(left, by, right).or_else(|| compared(left, by, right)))
                .unwrap_or(Plain::Script),
            (None, "armed", [Expr::StringConstant(name, _)]) => Plain::Armed(name.to_string()),
            (None, "overdue", [Expr::StringConstant(name, _)]) => Plain::Overdue(name.to_string()),
            (None, "happened", [Expr::StringConstant(name, _)]) => Plain::Happened(name.to_string()),
            (None, "known", [Expr::StringConstant(name, _)]) => {
                fields::find(name).map_or(Plain::Script, Plain::Known)
            }
            (None, name, []) => self.function(name),
            _ => Plain::Script,
        }
    }

    fn function(&mut self, name: &str) -> Plain {
        let Some(body) = self.defined.functions.get(name).filter(|_| self.depth > 0) else {
            return Plain::Script;
        };
        self.depth -= 1;
        let plain = self.read(body);
        self.depth += 1;
        plain
    }
}

fn state(left: &Expr, by: Op, right: &Expr) -> Option<Plain> {
    let Expr::StringConstant(state, _) = right else { return None };
    let is = (field_of_complaint(left)? == "state").then(|| Plain::StateIs(state.to_string()))?;
    match by {
        Op::Equal => Some(is),
        Op::NotEqual => Some(Plain::Not(Box::new(is))),
        _ => None,
    }
}

fn compared(left: &Expr, by: Op, right: &Expr) -> Option<Plain> {
    Some(Plain::Compared { fact: Fact::of(left)?, by, with: Literal::of(right)? })
}

impl Plain {
    /// Returns whether it holds, looking from left to right as the script does; none where only that can tell.
    fn holds(&self, working: &Working, procedure: &Procedure) -> Option<bool> {
        let complaint = &working.case.complaint;
        match self {
            Self::Script => None,
            Self::Not(part) => part.holds(working, procedure).map(|holds| !holds),
            Self::All(parts) => up_to(parts, false, |part| part.holds(working, procedure)),
            Self::Any(parts) => up_to(parts, true, |part| part.holds(working, procedure)),
            Self::Constant(value) => Some(*value),
            Self::IsOpen | Self::StateIs(_) => self.holds_in(&complaint.state, procedure),
            Self::Armed(name) => {
                procedure.deadlines.contains_key(name.as_str()).then(|| working.case.armed(name).is_some())
            }
            Self::Overdue(name) => {
                let runs = working.case.armed(name).is_some_and(|term| term.paused_at().is_none());
                (!runs && procedure.deadlines.contains_key(name.as_str())).then_some(false)
            }
            Self::Known(field) => Some(field.is_set(&working.case, procedure)),
            Self::Happened(name) => Some(complaint.last.contains_key(name.as_str())),
            Self::Flag(name) => {
                procedure.flags.contains_key(name.as_str()).then(|| complaint.flags.contains(name.as_str()))
            }
            Self::Compared { fact, by, with } => fact.compare(*by, with, working, procedure),
        }
    }

    /// Returns whether it holds in a state, whatever else is true; none where that depends on something else.
    fn holds_in(&self, state: &State, procedure: &Procedure) -> Option<bool> {
        match self {
            Self::Not(part) => part.holds_in(state, procedure).map(|holds| !holds),
            Self::All(parts) => settled_in(parts, false, |part| part.holds_in(state, procedure)),
            Self::Any(parts) => settled_in(parts, true, |part| part.holds_in(state, procedure)),
            Self::Constant(value) => Some(*value),
            Self::IsOpen => Some(procedure.is_open(state)),
            Self::StateIs(name) => Some(state.as_str() == name),
            _ => None,
        }
    }

    /// Returns whether a script may have to be asked.
    fn asks_script(&self) -> bool {
        match self {
            Self::Script | Self::Overdue(_) | Self::Compared { .. } => true,
            Self::Not(part) => part.asks_script(),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_script),
            _ => false,
        }
    }

    fn reads_terms(&self) -> bool {
        match self {
            Self::Overdue(_) => true,
            Self::Not(part) => part.reads_terms(),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::reads_terms),
            _ => false,
        }
    }
}

/// Answers parts up to the first that comes to `last`, which then is the answer of all.
fn up_to(parts: &[Plain], last: bool, holds: impl Fn(&Plain) -> Option<bool>) -> Option<bool> {
    for part in parts {
        match holds(part) {
            Some(answer) if answer == last => return Some(last),
            None if mutated(Mutant::PlainBehindScript) => {}
            answer => drop(answer?),
        }
    }
    Some(!last)
}

/// Does so where a part may depend on facts that are not known, which are passed over; what a script has to be asked is not.
fn settled_in(parts: &[Plain], last: bool, holds: impl Fn(&Plain) -> Option<bool>) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match holds(part) {
            Some(answer) if answer == last => return Some(last),
            None if part.asks_script() => return None,
            None => is_known = false,
            Some(_) => {}
        }
    }
    is_known.then_some(!last)
}

impl Fact {
    fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Dot(..) => match field_of_complaint(expr) {
                Some(name) => fields::find(name).filter(|field| !field.is_free_text()).map(Self::Field),
                None => named_in_group(expr, "counters").map(|name| Self::Counter(name.to_owned())),
            },
            Expr::FnCall(call, _) if call.op_token.is_none() => match (call.name.as_str(), &call.args[..]) {
                ("letter", [Expr::StringConstant(message, _)]) => Some(Self::Letter(message.to_string())),
                ("letters", [Expr::StringConstant(status, _)]) => Some(Self::Letters(status.to_string())),
                _ => None,
            },
            _ => None,
        }
    }

    fn compare(&self, by: Op, with: &Literal, working: &Working, procedure: &Procedure) -> Option<bool> {
        let complaint = &working.case.complaint;
        match (self, with) {
            (Self::Field(field), Literal::Text(text)) => {
                let value = (field.get)(&working.case, procedure);
                if value.is_unit() {
                    // Nothing is no text, and neither less nor more than one.
                    return by.is_equality().then_some(by == Op::NotEqual);
                }
                let value = value.read_lock::<rhai::ImmutableString>()?;
                by.is_equality().then(|| by.holds(value.as_str().cmp(text)))
            }
            (Self::Letter(message), Literal::Text(text)) => {
                let letter = complaint.letters.get(message.as_str());
                let status = letter.map_or(NO_LETTER, |letter| LetterStatus::as_str(letter.status));
                by.is_equality().then(|| by.holds(status.cmp(text)))
            }
            (Self::Letters(status), Literal::Number(number)) => {
                let status = LetterStatus::ALL.iter().find(|known| known.as_str() == status)?;
                let count = complaint.letters.values().filter(|letter| letter.status == *status).count();
                Some(by.holds(i64::try_from(count).unwrap_or(i64::MAX).cmp(number)))
            }
            (Self::Counter(name), Literal::Number(number))
                if procedure.counters.contains_key(name.as_str()) =>
            {
                Some(by.holds(complaint.counters.get(name.as_str()).copied().unwrap_or(0).cmp(number)))
            }
            _ => None,
        }
    }
}

impl Literal {
    fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::StringConstant(text, _) => Some(Self::Text(text.to_string())),
            Expr::IntegerConstant(number, _) => Some(Self::Number(*number)),
            _ => None,
        }
    }
}

/// Returns `name` of `complaint.group.name`; none for anything else.
fn named_in_group<'e>(expr: &'e Expr, group: &str) -> Option<&'e str> {
    let Expr::Dot(dot, ..) = expr else { return None };
    let (Expr::Variable(x, ..), Expr::Dot(rest, ..)) = (&dot.lhs, &dot.rhs) else { return None };
    let (Expr::Property(of, _), Expr::Property(name, _)) = (&rest.lhs, &rest.rhs) else { return None };
    (x.1 == "complaint" && of.2 == group).then_some(name.2.as_str())
}
