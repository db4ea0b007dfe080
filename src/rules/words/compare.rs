//! Comparisons of moments, dates and spans with each other and with `now` and `today`.
//!
//! Rhai answers *false* for comparisons it does not know, so every triple of type, operator and type is
//! registered here, and those without meaning are errors that name both types (docs/semantics.md 2.4).

use super::moments::{Now, ScriptMoment, Today};
use crate::calendar::{Date, Moment, Span};
use crate::complaint::Words;
use crate::rules::mutants::{Mutant, compared, mutated};
use crate::rules::words::context::{Eval, Failure, fail, told};
use rhai::{Dynamic, Engine, NativeCallContext};
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Op {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

const OPERATORS: [(&str, Op); 6] = [
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<", Op::Less),
    ("<=", Op::LessOrEqual),
    (">", Op::Greater),
    (">=", Op::GreaterOrEqual),
];

impl Op {
    /// Returns the operator of a sign; none for one that compares nothing.
    pub fn of(sign: &str) -> Option<Self> {
        OPERATORS.iter().find(|(symbol, _)| *symbol == sign).map(|(_, op)| *op)
    }

    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// Returns the operator that says the same with its operands exchanged.
    fn reversed(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    fn symbol(self) -> &'static str {
        OPERATORS.iter().find(|(_, op)| *op == self).map_or("", |(s, _)| s)
    }
}

#[derive(Clone, Debug)]
enum Operand {
    Now,
    Today,
    Moment(Moment),
    Date(Date),
    Span(Span),
    Unset,
    Other(String),
}

impl Operand {
    fn named(&self) -> &str {
        match self {
            Self::Now => "now",
            Self::Today => "today",
            Self::Moment(_) => "a moment",
            Self::Date(_) => "a date",
            Self::Span(_) => "a span",
            Self::Unset => "nothing (the field is not filled in)",
            Self::Other(name) => name,
        }
    }
}

impl From<Now> for Operand {
    fn from(_: Now) -> Self {
        Self::Now
    }
}
impl From<Today> for Operand {
    fn from(_: Today) -> Self {
        Self::Today
    }
}
impl From<ScriptMoment> for Operand {
    fn from(m: ScriptMoment) -> Self {
        Self::Moment(m.at)
    }
}
impl From<Date> for Operand {
    fn from(d: Date) -> Self {
        Self::Date(d)
    }
}
impl From<Span> for Operand {
    fn from(s: Span) -> Self {
        Self::Span(s)
    }
}
impl From<Dynamic> for Operand {
    fn from(value: Dynamic) -> Self {
        if value.is_unit() {
            return Self::Unset;
        }
        if value.is::<Now>() {
            return Self::Now;
        }
        if value.is::<Today>() {
            return Self::Today;
        }
        if let Some(m) = value.read_lock::<ScriptMoment>() {
            return Self::Moment(m.at);
        }
        if let Some(d) = value.read_lock::<Date>() {
            return Self::Date(*d);
        }
        if let Some(s) = value.read_lock::<Span>() {
            return Self::Span(*s);
        }
        Self::Other(match value.type_name() {
            "string" => "a text".to_owned(),
            "i64" | "f64" => "a number".to_owned(),
            "bool" => "yes or no".to_owned(),
            other => other.rsplit("::").next().unwrap_or(other).to_owned(),
        })
    }
}

pub(in crate::rules) fn register(engine: &mut Engine) {
    // The pairs that occur get an entry of their own; wildcards catch the rest, at a dearer look-up.
    pair::<Now, ScriptMoment>(engine);
    pair::<ScriptMoment, Now>(engine);
    pair::<Now, Date>(engine);
    pair::<Date, Now>(engine);
    pair::<Today, Date>(engine);
    pair::<Date, Today>(engine);
    pair::<ScriptMoment, ScriptMoment>(engine);
    pair::<Date, Date>(engine);
    pair::<ScriptMoment, Date>(engine);
    pair::<Date, ScriptMoment>(engine);
    either::<Now>(engine);
    either::<Today>(engine);
    either::<ScriptMoment>(engine);
    either::<Date>(engine);
    either::<Span>(engine);
}

fn either<T: Into<Operand> + Clone + Send + Sync + 'static>(engine: &mut Engine) {
    pair::<T, Dynamic>(engine);
    pair::<Dynamic, T>(engine);
    pair::<T, T>(engine);
}

fn pair<A, B>(engine: &mut Engine)
where
    A: Into<Operand> + Clone + Send + Sync + 'static,
    B: Into<Operand> + Clone + Send + Sync + 'static,
{
    for (symbol, op) in OPERATORS {
        engine.register_fn(symbol, move |context: NativeCallContext, a: A, b: B| {
            compare(&context, op, a.into(), b.into())
        });
    }
}

fn compare(context: &NativeCallContext, op: Op, left: Operand, right: Operand) -> Result<bool, Failure> {
    use Operand::{Date as D, Moment as M, Now, Span as S, Today, Unset};
    match (&left, &right) {
        (Now, M(_) | D(_)) if !op.is_equality() => against_now(context, op, &right, false),
        (M(_) | D(_), Now) if !op.is_equality() => against_now(context, op.reversed(), &left, true),
        (Today, D(day)) => against_today(context, op, *day),
        (D(day), Today) => against_today(context, op.reversed(), *day),
        (M(a), M(b)) => Ok(op.holds(a.cmp(b))),
        (D(a), D(b)) => Ok(op.holds(a.cmp(b))),
        (M(a), D(b)) => Ok(op.holds(a.cmp(&end_of(context, *b)?))),
        (D(a), M(b)) => Ok(op.holds(end_of(context, *a)?.cmp(b))),
        (S(Span::Hours(a)), S(Span::Hours(b)))
        | (S(Span::Days(a)), S(Span::Days(b)))
        | (S(Span::Workdays(a)), S(Span::Workdays(b)))
        | (S(Span::Months(a)), S(Span::Months(b))) => Ok(op.holds(a.cmp(b))),
        (S(a), S(b)) if op.is_equality() => Ok((a == b) == (op == Op::Equal)),
        (M(_) | D(_) | S(_), Unset) | (Unset, M(_) | D(_) | S(_)) if op.is_equality() => {
            Ok(op == Op::NotEqual)
        }
        _ => Err(no_meaning(op, &left, &right)),
    }
}

fn no_meaning(op: Op, left: &Operand, right: &Operand) -> Failure {
    let remedy = match (left, right) {
        (Operand::Unset, _) | (_, Operand::Unset) => {
            Words::new("; vraag eerst of het bekend is: known(\"…\")", "; test it first with known(\"…\")")
        }
        (Operand::Now, _) | (_, Operand::Now) => Words::new(
            "; now kan worden vergeleken met < <= > >= en een tijdstip of datum",
            "; now can be compared with < <= > >= and a moment or a date",
        ),
        _ => Words::new("", ""),
    };
    let compared = format!("{} {} {}", left.named(), op.symbol(), right.named());
    fail(
        format!("{compared} heeft geen betekenis{}", remedy.nl),
        format!("{compared} has no meaning{}", remedy.en),
    )
}

fn end_of(context: &NativeCallContext, day: Date) -> Result<Moment, Failure> {
    Eval::of(context)?.calendar.end_of(day).map_err(told)
}

/// Compares `now op limit`, recording the instant at which the outcome will change (docs/semantics.md 2.3).
fn against_now(
    context: &NativeCallContext,
    op: Op,
    limit: &Operand,
    was_reversed: bool,
) -> Result<bool, Failure> {
    let eval = Eval::of(context)?;
    let limit = match limit {
        Operand::Moment(m) => *m,
        Operand::Date(d) => eval.calendar.end_of(*d).map_err(told)?,
        _ => Moment::NEVER,
    };
    let holds = op.holds(eval.now.cmp(&limit));
    compared(limit);
    let flips = match op {
        Op::Greater | Op::LessOrEqual if !mutated(Mutant::NoMillisecond) => limit.next(),
        _ => limit,
    };
    let unrecorded =
        (mutated(Mutant::OnlyUnreached) && holds) || (mutated(Mutant::ReversedUnrecorded) && was_reversed);
    if !unrecorded {
        eval.turns_at(flips);
    }
    let mut working = eval.working();
    working
        .note(|| format!("now {} {} is {holds}", op.symbol(), super::moments::shown(&eval.calendar, limit)));
    Ok(holds)
}

fn against_today(context: &NativeCallContext, op: Op, day: Date) -> Result<bool, Failure> {
    let eval = Eval::of(context)?;
    [Some(day), day.succ_opt()].into_iter().flatten().for_each(|edge| eval.turns_on(edge));
    let holds = op.holds(eval.today.cmp(&day));
    eval.working().note(|| format!("today {} {day} is {holds}", op.symbol()));
    Ok(holds)
}
