//! `Scope`: what the names in a piece of script are, and what its expressions come to.

use super::closures::{Made, made};
use super::functions::{Asked, Function, Functions, Surroundings};
use super::local::{Local, Way, Written};
use super::operators;
use super::place::Place;
use super::results::{self, Kinds};
use super::world::Checked;
use crate::calendar::{Date, Span};
use crate::rules::diagnostics::Text;
use crate::rules::language::tree::{literals, walk};
use crate::rules::procedure::extra::ExtraKind;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::kind::{Items, Kind};
use crate::rules::words::moments::ScriptMoment;
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::{self, fields};
use rhai::{ASTNode, Dynamic, Expr, FnCallExpr, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The names that a piece of script can use.
#[derive(Clone)]
pub(in crate::rules) struct Scope<'a> {
    pub checked: &'a Checked<'a>,
    pub functions: Rc<Functions<'a>>,
    pub file: &'a str,
    pub place: Place,
    pub around: Surroundings<'a>,
    pub locals: BTreeMap<String, Local<'a>>,
}

/// The names that a value must be one of, and what such a name is called.
pub(in crate::rules) struct Allowed {
    pub what: Text,
    pub names: Vec<String>,
}

impl Allowed {
    pub fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

impl<'a> Scope<'a> {
    pub fn of(
        checked: &'a Checked<'a>,
        functions: Rc<Functions<'a>>,
        file: &'a str,
        place: Place,
        around: Surroundings<'a>,
    ) -> Self {
        Self { checked, functions, file, place, around, locals: BTreeMap::new() }
    }

    /// Makes the scope of a piece that is looked at by itself; of functions nothing is known there.
    pub fn alone(checked: &'a Checked<'a>, place: Place) -> Self {
        Self::of(checked, Rc::default(), "", place, Surroundings::default())
    }

    /// Returns what is known of an expression.
    pub fn local(&self, expr: &Expr) -> Local<'a> {
        Local { kind: self.kind(expr), texts: self.texts(expr) }
    }

    /// Returns the texts that an expression can be, or that its list holds, with their places.
    pub fn texts(&self, expr: &Expr) -> Vec<Written<'a>> {
        let here = |text: String, position| Written { text, file: self.file, position, way: Way::Straight };
        if let Some(found) = literals(expr) {
            return found.into_iter().map(|(text, position)| here(text.to_owned(), position)).collect();
        }
        match expr {
            Expr::Variable(x, _, position) => match self.locals.get(x.1.as_str()) {
                Some(local) => local.texts.clone(),
                None => self.checked.constants.get(x.1.as_str()).map_or_else(Vec::new, |value| {
                    constant_texts(value).into_iter().map(|text| here(text, *position)).collect()
                }),
            },
            Expr::Dot(dot, ..) => match (&dot.lhs, &dot.rhs) {
                (Expr::Variable(x, ..), Expr::Property(p, _)) if x.1 == "input" => self.options(&p.2),
                _ => Vec::new(),
            },
            Expr::Stmt(block) => {
                results::ends(block.statements()).into_iter().flat_map(|end| self.texts(end)).collect()
            }
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
            Expr::Index(index, ..) => self.kind(&index.lhs).item(),
            Expr::FnCall(call, _) => self.called(call),
            Expr::Stmt(block) => results::of_block(self, block.statements()).unwrap_or(Kind::Any),
            _ => Kind::Any,
        }
    }

    /// Returns the kind of what a call, or an operator, gives.
    pub fn called(&self, call: &FnCallExpr) -> Kind {
        match &call.op_token {
            // Somebody meant a day; that is said of the sum itself.
            Some(_) if operators::day_as_sum(call).is_some() => Kind::Any,
            Some(token) => {
                let kinds: Vec<Kind> = call.args.iter().map(|a| self.kind(a)).collect();
                operators::result(token, &kinds).unwrap_or(Kind::Any)
            }
            None => match self.functions.get(&call.name) {
                Some(function) => function.gives,
                None => self.call(call, 0),
            },
        }
    }

    /// Returns the steps of `a.b.c(…)`, each with what stands before it.
    pub fn steps<'e>(&self, expr: &'e Expr) -> Vec<(Local<'a>, &'e Expr)> {
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

    fn step_texts(&self, receiver: &Local<'a>, step: &Expr) -> Vec<Written<'a>> {
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
                "map" => Kind::List(Items::of(self.mapped(receiver, call))),
                _ => self.call(call, 1),
            },
            _ => Kind::Any,
        }
    }

    /// Returns the kind of what the closure of a `map` makes of an item.
    fn mapped(&self, receiver: Kind, call: &FnCallExpr) -> Kind {
        let closure = self.closure(&Local::of(receiver), call);
        closure.map_or(Kind::Any, |(inner, body)| results::of_function(&inner, &body))
    }

    /// Returns the names in the closure that a list's method is handed, and its statements.
    pub fn closure(&self, receiver: &Local<'a>, call: &FnCallExpr) -> Option<(Self, Rc<Vec<Stmt>>)> {
        let (name, captured) = call.args.first().and_then(made)?;
        let function = self.functions.get(&name)?;
        let made = Made { item: receiver.clone().item(), captured };
        Some((self.of_closure(function, &made), Rc::clone(&function.body)))
    }

    /// Returns what the names in a closure are. What it captures comes first, under its own name; the item of the
    /// list comes next, and then its place in the list.
    pub fn of_closure(&self, function: &Function<'a>, made: &Made<'a>) -> Self {
        let mut inner = self.clone();
        let own = made.captured.min(function.parameters.len());
        for (i, parameter) in function.parameters.iter().enumerate() {
            if i == own {
                inner.locals.insert((*parameter).to_owned(), made.item.clone());
            } else if i > own || (!inner.locals.contains_key(*parameter) && !self.checked.is_taken(parameter))
            {
                inner.locals.insert((*parameter).to_owned(), Local::unknown());
            }
        }
        inner
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
            Kind::Measure | Kind::Complaint | Kind::Member => {
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
            "it" => self.around.element.unwrap_or(Kind::Any),
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

    fn items(&self, items: &[Expr]) -> Items {
        let kinds = items.iter().map(|e| self.kind(e));
        kinds.reduce(Kind::or).map_or(Items::Anything, Items::of)
    }

    /// Returns the scope of an action that asks this.
    pub fn asking(&self, asks: Option<&'a Expr>) -> Self {
        Self {
            around: Surroundings { element: None, asks: vec![Asked { file: self.file, written: asks }] },
            ..self.clone()
        }
    }

    /// Returns the names that every action asks that leads here; none where that is not known.
    pub fn asked_names(&self) -> Option<BTreeSet<&'a str>> {
        let asked = self.around.asks.iter().map(|asked| names_asked(self.checked, asked.written));
        asked.reduce(|a, b| Some(a?.intersection(&b?).copied().collect()))?
    }

    /// Returns the kind of the answer to a question, by all the actions that lead here.
    pub fn asked(&self, name: &str) -> Kind {
        let kinds = self.around.asks.iter().map(|asked| match asked.written {
            Some(asks) => self.answered(asks, name),
            None => Kind::Any,
        });
        kinds.reduce(Kind::or).unwrap_or(Kind::Any)
    }

    fn answered(&self, asks: &Expr, name: &str) -> Kind {
        match question(asks, name).map(|call| call.name.as_str()) {
            Some("text" | "long_text" | "person" | "file" | "choice") => Kind::Text,
            Some("date") => Kind::Date,
            Some("number") => Kind::Number,
            Some("yes_no") => Kind::YesNo,
            Some(_) => Kind::Any,
            // Own fields are asked under their own names.
            None => self.property(Kind::OwnFields, name),
        }
    }

    /// Returns the options of a question that is a choice.
    fn options(&self, name: &str) -> Vec<Written<'a>> {
        let of_action = |asked: &Asked<'a>| {
            let call = question(asked.written?, name).filter(|call| call.name == "choice")?;
            // The action may stand in another file than what is looked at.
            let there = Self { file: asked.file, ..self.clone() };
            Some(there.texts(call.args.get(1)?))
        };
        self.around.asks.iter().filter_map(of_action).flatten().collect()
    }

    /// Returns the names that the value of an expression must be one of, where it is one of a closed set.
    pub fn allowed(&self, expr: &Expr) -> Option<Allowed> {
        if let Some(vocabulary) = self.kind(expr).vocabulary() {
            return Some(self.named(vocabulary));
        }
        let steps = self.steps(expr);
        let (receiver, Expr::Property(p, _)) = steps.last()? else { return None };
        match receiver.kind {
            Kind::OwnFields => {
                let field = self.checked.procedure.extra.get(p.2.as_str())?;
                let ExtraKind::Choice(options) = &field.kind else { return None };
                let names = options.clone();
                let what = Text::new(format!("keuze voor extra.{}", p.2), format!("choice of extra.{}", p.2));
                Some(Allowed { what, names })
            }
            Kind::Input => self.choices(&p.2),
            _ => None,
        }
    }

    /// Returns the names of a vocabulary.
    pub fn named(&self, vocabulary: Vocabulary) -> Allowed {
        let names = vocabulary.names(&self.checked.declared).into_iter().map(str::to_owned).collect();
        Allowed { what: vocabulary.word().into(), names }
    }

    /// Returns the options of a question, where every action that leads here asks it as a choice between texts
    /// that are written out.
    pub fn choices(&self, name: &str) -> Option<Allowed> {
        let mut names = Vec::new();
        for asked in &self.around.asks {
            let call = question(asked.written?, name).filter(|call| call.name == "choice")?;
            let options = self.texts(call.args.get(1)?);
            if options.is_empty() {
                return None;
            }
            names.extend(options.into_iter().map(|option| option.text));
        }
        let what = Text::new(format!("keuze voor `{name}`"), format!("choice of `{name}`"));
        (!names.is_empty()).then_some(Allowed { what, names })
    }
}

impl Kinds for Scope<'_> {
    fn of(&self, expr: &Expr) -> Kind {
        self.kind(expr)
    }

    fn of_call(&self, call: &FnCallExpr) -> Kind {
        self.called(call)
    }
}

/// Returns the names that an action asks for; none when `asks` is no map, or one with the own fields.
pub(in crate::rules) fn names_asked<'a>(
    checked: &Checked<'a>,
    asks: Option<&'a Expr>,
) -> Option<BTreeSet<&'a str>> {
    let names = |expr: &'a Expr| match expr {
        Expr::Map(map, _) => Some(map.0.iter().map(|(name, _)| name.name.as_str()).collect()),
        _ => None,
    };
    match asks {
        None => Some(BTreeSet::new()),
        Some(Expr::FnCall(call, _)) if call.name == "+" => match &call.args[..] {
            [map, Expr::FnCall(own, _)] if own.name == "own_fields" => {
                let mut asked: BTreeSet<&str> = names(map)?;
                asked.extend(Vocabulary::ExtraField.names(&checked.declared));
                Some(asked)
            }
            _ => None,
        },
        Some(expr) => names(expr),
    }
}

/// Returns the questions that must be answered.
pub(in crate::rules) fn required_answers(asks: Option<&Expr>) -> Vec<&str> {
    let asks = match asks {
        Some(Expr::FnCall(call, _)) => call.args.first(),
        map => map,
    };
    let Some(Expr::Map(map, _)) = asks else { return Vec::new() };
    let required = map.0.iter().filter(|(_, q)| !is_with(q, "optional") && !is_with(q, "preset"));
    required.map(|(key, _)| key.name.as_str()).collect()
}

/// Returns whether something is added to a question, such as `optional`.
pub(in crate::rules) fn is_with(question: &Expr, word: &str) -> bool {
    let mut is = false;
    walk(question, &mut |node| {
        if let ASTNode::Expr(Expr::MethodCall(call, _)) = node {
            is |= call.name == word;
        }
    });
    is
}

/// Returns how a question is asked.
pub(in crate::rules) fn asked_as<'a>(asks: &'a Expr, name: &str) -> Option<&'a Expr> {
    let asks = match asks {
        Expr::FnCall(call, _) => call.args.first()?,
        map => map,
    };
    let Expr::Map(map, _) = asks else { return None };
    Some(&map.0.iter().find(|(key, _)| key.name == name)?.1)
}

/// Returns how a question is asked, without what is added to it.
fn question<'a>(asks: &'a Expr, name: &str) -> Option<&'a FnCallExpr> {
    let mut question = asked_as(asks, name)?;
    while let Expr::Dot(dot, ..) = question {
        question = &dot.lhs;
    }
    match question {
        Expr::FnCall(call, _) => Some(call),
        _ => None,
    }
}

pub(in crate::rules) fn constant_kind(value: &Dynamic) -> Kind {
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
