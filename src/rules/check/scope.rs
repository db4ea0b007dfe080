//! `Scope`: what the names in a piece of script are, and what its expressions come to.

use super::place::Place;
use super::world::Checked;
use crate::calendar::{Date, Span};
use crate::rules::diagnostics::Text;
use crate::rules::language::tree::literals;
use crate::rules::procedure::extra::ExtraKind;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::kind::{Family, Items, Kind};
use crate::rules::words::moments::ScriptMoment;
use crate::rules::words::{self, fields};
use rhai::{Dynamic, Expr, FnCallExpr, Position, Token};
use std::collections::BTreeMap;

/// The knowledge about a value that has a name: its kind, and the texts it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Local {
    pub kind: Kind,
    pub texts: Vec<(String, Position)>,
}

impl Local {
    pub fn of(kind: Kind) -> Self {
        Self { kind, texts: Vec::new() }
    }

    pub fn unknown() -> Self {
        Self::of(Kind::Any)
    }

    pub fn is_known(&self) -> bool {
        self.kind != Kind::Any || !self.texts.is_empty()
    }

    /// Returns what an item of it is.
    pub fn item(self) -> Self {
        Self { kind: self.kind.item(), texts: self.texts }
    }
}

/// The names that a piece of script can use.
#[derive(Clone)]
pub(in crate::rules) struct Scope<'a> {
    pub checked: &'a Checked<'a>,
    place: Place,
    /// The kind of `it`.
    pub element: Kind,
    /// The questions of the action; none outside of one.
    pub asks: Option<&'a Expr>,
    pub locals: BTreeMap<String, Local>,
}

/// The names that a value must be one of, and what such a name is called.
pub(in crate::rules) struct Allowed<'a> {
    pub what: Text,
    pub names: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    pub fn of(checked: &'a Checked<'a>, place: Place) -> Self {
        Self { checked, place, element: Kind::Any, asks: None, locals: BTreeMap::new() }
    }

    /// Returns what is known of an expression.
    pub fn local(&self, expr: &Expr) -> Local {
        Local { kind: self.kind(expr), texts: self.texts(expr) }
    }

    /// Returns the texts that an expression can be, or that its list holds, with their places.
    pub fn texts(&self, expr: &Expr) -> Vec<(String, Position)> {
        if let Some(found) = literals(expr) {
            return found.into_iter().map(|(text, position)| (text.to_owned(), position)).collect();
        }
        match expr {
            Expr::Variable(x, _, position) => match self.locals.get(x.1.as_str()) {
                Some(local) => local.texts.clone(),
                None => self.checked.constants.get(x.1.as_str()).map_or_else(Vec::new, |value| {
                    constant_texts(value).into_iter().map(|text| (text, *position)).collect()
                }),
            },
            Expr::Dot(dot, ..) => match (&dot.lhs, &dot.rhs) {
                (Expr::Variable(x, ..), Expr::Property(p, _)) if x.1 == "input" => self.options(&p.2),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Returns the kind of an expression, as far as the text tells.
    pub fn kind(&self, expr: &Expr) -> Kind {
        match expr {
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => Kind::Text,
            Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Kind::Number,
            Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => Kind::YesNo,
            Expr::Unit(_) => Kind::Nothing,
            Expr::Map(..) => Kind::Map,
            Expr::Array(items, _) => Kind::List(self.items(items)),
            Expr::Variable(x, ..) => self.variable(&x.1),
            Expr::Dot(..) => {
                self.steps(expr).last().map_or(Kind::Any, |(receiver, step)| self.step(receiver.kind, step))
            }
            Expr::FnCall(call, _) if call.op_token.is_some() => self.operator(call),
            Expr::FnCall(call, _) => self.call(call, 0),
            _ => Kind::Any,
        }
    }

    /// Returns the steps of `a.b.c(…)`, each with what stands before it.
    pub fn steps<'e>(&self, expr: &'e Expr) -> Vec<(Local, &'e Expr)> {
        let Expr::Dot(dot, ..) = expr else { return Vec::new() };
        let mut found = Vec::new();
        let mut receiver = self.local(&dot.lhs);
        let mut rest = &dot.rhs;
        loop {
            let (step, next) = match rest {
                Expr::Dot(dot, ..) => (&dot.lhs, Some(&dot.rhs)),
                last => (last, None),
            };
            let after =
                Local { kind: self.step(receiver.kind, step), texts: self.step_texts(&receiver, step) };
            found.push((receiver, step));
            receiver = after;
            match next {
                Some(next) => rest = next,
                None => return found,
            }
        }
    }

    fn step_texts(&self, receiver: &Local, step: &Expr) -> Vec<(String, Position)> {
        match step {
            Expr::MethodCall(call, _) if ["filter", "find"].contains(&call.name.as_str()) => {
                receiver.texts.clone()
            }
            _ => Vec::new(),
        }
    }

    fn step(&self, receiver: Kind, step: &Expr) -> Kind {
        match step {
            Expr::Property(p, _) => self.property(receiver, &p.2),
            Expr::MethodCall(call, _) => match call.name.as_str() {
                // A list of fewer, or one of them, is still of what the list held.
                "filter" => receiver,
                "find" => receiver.item(),
                _ => self.call(call, 1),
            },
            _ => Kind::Any,
        }
    }

    fn property(&self, receiver: Kind, name: &str) -> Kind {
        match receiver {
            Kind::ThisComplaint => match name {
                "flags" => Kind::Flags,
                "counters" => Kind::Counters,
                "extra" => Kind::OwnFields,
                _ => fields::find(name).map_or(Kind::Any, |f| f.kind),
            },
            Kind::Flags => Kind::YesNo,
            Kind::Counters => Kind::Number,
            Kind::OwnFields => {
                let field = self.checked.procedure.extra.get(name);
                field.map_or(Kind::Any, |f| match f.kind {
                    ExtraKind::Text | ExtraKind::Choice(_) => Kind::Text,
                    ExtraKind::Date => Kind::Date,
                    ExtraKind::Number => Kind::Number,
                    ExtraKind::YesNo => Kind::YesNo,
                })
            }
            Kind::Period => Kind::Date,
            Kind::Input => self.asked(name),
            Kind::Measure | Kind::Complaint => {
                let property = PROPERTIES.iter().find(|p| p.name == name);
                property.and_then(|p| p.kind(receiver)).unwrap_or(Kind::Any)
            }
            _ => Kind::Any,
        }
    }

    fn variable(&self, name: &str) -> Kind {
        if let Some(local) = self.locals.get(name) {
            return local.kind;
        }
        let is_opaque = self.place == Place::Condition;
        match name {
            "complaint" => Kind::ThisComplaint,
            "it" => self.element,
            "input" => Kind::Input,
            "actor" => Kind::Text,
            // A function may be called where `now` is opaque, and where it is not.
            "now" | "today" if self.place == Place::Function => Kind::Any,
            "now" if is_opaque => Kind::Now,
            "now" => Kind::Moment,
            "today" if is_opaque => Kind::Today,
            "today" => Kind::Date,
            _ => self.checked.constants.get(name).map_or(Kind::Any, constant_kind),
        }
    }

    fn call(&self, call: &FnCallExpr, receivers: usize) -> Kind {
        let word = words::find(&call.name);
        word.and_then(|w| w.form(call.args.len() + receivers)).map_or(Kind::Any, |form| form.gives)
    }

    fn operator(&self, call: &FnCallExpr) -> Kind {
        let Some(token) = &call.op_token else { return Kind::Any };
        if is_comparison(token) || matches!(token, Token::In | Token::NotIn | Token::Bang) {
            return Kind::YesNo;
        }
        let kinds: Vec<Kind> = call.args.iter().map(|a| self.kind(a)).collect();
        match (token, &kinds[..]) {
            (Token::Plus | Token::Minus, [Kind::Moment, Kind::Span]) => Kind::Moment,
            (Token::Plus | Token::Minus, [Kind::Date, Kind::Span]) => Kind::Date,
            (Token::Plus, [Kind::Text, _] | [_, Kind::Text]) => Kind::Text,
            (_, [Kind::Number, Kind::Number] | [Kind::Number]) => Kind::Number,
            (Token::Plus, [Kind::Map, Kind::Map]) => Kind::Map,
            _ => Kind::Any,
        }
    }

    fn items(&self, items: &[Expr]) -> Items {
        let mut kinds = items.iter().map(|e| self.kind(e).family());
        match kinds.next() {
            Some(Family::Text) if kinds.all(|k| k == Family::Text) => Items::Texts,
            Some(Family::Number) if kinds.all(|k| k == Family::Number) => Items::Numbers,
            _ => Items::Anything,
        }
    }

    /// Returns the kind of the answer to a question.
    fn asked(&self, name: &str) -> Kind {
        match self.question(name).map(|call| call.name.as_str()) {
            Some("text" | "long_text" | "person" | "file" | "choice") => Kind::Text,
            Some("date") => Kind::Date,
            Some("number") => Kind::Number,
            Some("yes_no") => Kind::YesNo,
            _ => Kind::Any,
        }
    }

    /// Returns the options of a question that is a choice.
    fn options(&self, name: &str) -> Vec<(String, Position)> {
        let call = self.question(name).filter(|call| call.name == "choice");
        call.and_then(|call| call.args.get(1)).map_or_else(Vec::new, |options| self.texts(options))
    }

    fn question(&self, name: &str) -> Option<&'a FnCallExpr> {
        let asks = match self.asks? {
            Expr::FnCall(call, _) => call.args.first()?,
            map => map,
        };
        let Expr::Map(map, _) = asks else { return None };
        let mut question = &map.0.iter().find(|(key, _)| key.name == name)?.1;
        while let Expr::Dot(dot, ..) = question {
            question = &dot.lhs;
        }
        match question {
            Expr::FnCall(call, _) => Some(call),
            _ => None,
        }
    }

    /// Returns the names that the value of an expression must be one of, where it is one of a closed set.
    pub fn allowed(&self, expr: &Expr) -> Option<Allowed<'a>> {
        if let Some(vocabulary) = self.kind(expr).vocabulary() {
            let names = vocabulary.names(&self.checked.declared);
            return Some(Allowed { what: vocabulary.word().into(), names });
        }
        let steps = self.steps(expr);
        let (receiver, Expr::Property(p, _)) = steps.last()? else { return None };
        let field =
            self.checked.procedure.extra.get(p.2.as_str()).filter(|_| receiver.kind == Kind::OwnFields)?;
        let ExtraKind::Choice(options) = &field.kind else { return None };
        let names = options.iter().map(String::as_str).collect();
        let what = Text::new(format!("keuze voor extra.{}", p.2), format!("choice of extra.{}", p.2));
        Some(Allowed { what, names })
    }
}

/// Returns whether an operator compares.
pub(super) fn is_comparison(token: &Token) -> bool {
    matches!(
        token,
        Token::EqualsTo
            | Token::NotEqualsTo
            | Token::LessThan
            | Token::LessThanEqualsTo
            | Token::GreaterThan
            | Token::GreaterThanEqualsTo
    )
}

fn constant_kind(value: &Dynamic) -> Kind {
    if value.is_bool() {
        return Kind::YesNo;
    }
    if value.is_int() || value.is_float() {
        return Kind::Number;
    }
    if value.is_string() {
        return Kind::Text;
    }
    if value.is::<Span>() {
        return Kind::Span;
    }
    if value.is::<Date>() {
        return Kind::Date;
    }
    if value.is::<ScriptMoment>() {
        return Kind::Moment;
    }
    match value.read_lock::<rhai::Array>() {
        Some(items) if items.iter().all(Dynamic::is_string) => Kind::List(Items::Texts),
        Some(_) => Kind::List(Items::Anything),
        None => Kind::Any,
    }
}

fn constant_texts(value: &Dynamic) -> Vec<String> {
    if let Ok(text) = value.clone().into_string() {
        return vec![text];
    }
    let items = value.read_lock::<rhai::Array>();
    items.map_or_else(Vec::new, |items| items.iter().filter_map(|i| i.clone().into_string().ok()).collect())
}
