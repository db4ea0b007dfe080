//! Conditions in words, as far as they compare what everybody knows: states, terms, flags, what is filled in. Of anything
//! else the text of the rule is shown.

use crate::complaint::{Language, Name, Text};
use crate::rules::language::tree::field_of_complaint;
use crate::rules::procedure::declared::Procedure;
use crate::rules::words::fields;
use rhai::{Expr, FnCallExpr, Token};

/// Returns a condition in words, as it must be; none where it has no plain words.
pub(super) fn in_words(condition: &Expr, procedure: &Procedure) -> Option<Text> {
    Words { procedure }.said(condition, true)
}

struct Words<'p> {
    procedure: &'p Procedure,
}

impl Words<'_> {
    /// Says that an expression is so, or that it is not.
    fn said(&self, expr: &Expr, is_so: bool) -> Option<Text> {
        match expr {
            Expr::Or(parts, _) if is_so => {
                self.states(parts).or_else(|| self.joined(parts, true, (" of ", " or ")))
            }
            Expr::Or(parts, _) => self.joined(parts, false, (" en ", " and ")),
            Expr::And(parts, _) if is_so => self.joined(parts, true, (" en ", " and ")),
            Expr::And(parts, _) => self.joined(parts, false, (" of ", " or ")),
            Expr::Dot(..) if field_of_complaint(expr) == Some("is_open") => Some(either(
                is_so,
                ("de klacht loopt nog", "the complaint is open"),
                ("de klacht is afgerond", "the complaint is over"),
            )),
            Expr::Dot(..) => self.flag(expr, is_so),
            Expr::FnCall(call, _) => self.call(call, is_so),
            _ => None,
        }
    }

    fn joined(&self, parts: &[Expr], is_so: bool, (nl, en): (&str, &str)) -> Option<Text> {
        let said: Option<Vec<Text>> = parts.iter().map(|part| self.said(part, is_so)).collect();
        let said = said?;
        let all = |language| said.iter().map(|t| t.in_language(language)).collect::<Vec<_>>();
        Some(Text::new(all(Language::Dutch).join(nl), all(Language::English).join(en)))
    }

    /// Says a choice among states in one sentence.
    fn states(&self, parts: &[Expr]) -> Option<Text> {
        let names: Option<Vec<&str>> = parts.iter().map(state_of).collect();
        let labels: Vec<Text> = names?.into_iter().map(|name| self.state(name)).collect();
        let list = |language, or: &str| {
            let words: Vec<&str> = labels.iter().map(|label| label.in_language(language)).collect();
            match words.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} {or} {last}", rest.join(", ")),
                _ => words.concat(),
            }
        };
        Some(Text::new(
            format!("de status is {}", list(Language::Dutch, "of")),
            format!("the state is {}", list(Language::English, "or")),
        ))
    }

    fn state(&self, name: &str) -> Text {
        let declared = self.procedure.states.get(name);
        declared.map_or_else(|| Text::same(name), |state| Text::new(state.nl.as_str(), state.en.as_str()))
    }

    fn flag(&self, expr: &Expr, is_so: bool) -> Option<Text> {
        let Expr::Dot(dot, ..) = expr else { return None };
        let (Expr::Variable(x, ..), Expr::Dot(rest, ..)) = (&dot.lhs, &dot.rhs) else { return None };
        let (Expr::Property(of, _), Expr::Property(flag, _)) = (&rest.lhs, &rest.rhs) else { return None };
        if x.1 != "complaint" || of.2 != "flags" {
            return None;
        }
        let label = self.procedure.flags.get(&Name::from(flag.2.as_str()))?;
        Some(either(
            is_so,
            (&format!("er staat: {}", label.nl), &format!("it says: {}", label.en)),
            (&format!("er staat niet: {}", label.nl), &format!("it does not say: {}", label.en)),
        ))
    }

    fn call(&self, call: &FnCallExpr, is_so: bool) -> Option<Text> {
        match (call.op_token.as_ref(), call.name.as_str(), &call.args[..]) {
            (Some(Token::Bang), _, [inner]) => self.said(inner, !is_so),
            (Some(Token::EqualsTo), ..) => self.compared(call, is_so),
            (Some(Token::NotEqualsTo), ..) => self.compared(call, !is_so),
            (None, name @ ("armed" | "overdue"), [Expr::StringConstant(term, _)]) => {
                let declared = self.procedure.deadlines.get(term.as_str())?;
                let (yes, no) = match name {
                    "armed" => (("loopt", "runs"), ("loopt niet", "does not run")),
                    _ => (("is verstreken", "has passed"), ("is niet verstreken", "has not passed")),
                };
                let (nl, en) = if is_so { yes } else { no };
                let nl = format!("de termijn “{}” {nl}", declared.nl);
                Some(Text::new(nl, format!("the term “{}” {en}", declared.en)))
            }
            (None, "known", [Expr::StringConstant(field, _)]) => {
                let help = fields::find(field)?.help;
                Some(either(
                    is_so,
                    (&format!("bekend is {}", help.nl), &format!("it is known: {}", help.en)),
                    (&format!("niet bekend is {}", help.nl), &format!("it is not known: {}", help.en)),
                ))
            }
            _ => None,
        }
    }

    /// Says a comparison of the state with a text.
    fn compared(&self, call: &FnCallExpr, is_so: bool) -> Option<Text> {
        let [left, Expr::StringConstant(text, _)] = &call.args[..] else { return None };
        if field_of_complaint(left) != Some("state") {
            return None;
        }
        let state = self.state(text);
        Some(either(
            is_so,
            (&format!("de status is {}", state.nl), &format!("the state is {}", state.en)),
            (&format!("de status is niet {}", state.nl), &format!("the state is not {}", state.en)),
        ))
    }
}

fn either(is_so: bool, yes: (&str, &str), no: (&str, &str)) -> Text {
    let (nl, en) = if is_so { yes } else { no };
    Text::new(nl, en)
}

/// Returns the state that an expression asks for.
fn state_of(expr: &Expr) -> Option<&str> {
    let Expr::FnCall(call, _) = expr else { return None };
    let [left, Expr::StringConstant(text, _)] = &call.args[..] else { return None };
    let is_equality = call.op_token == Some(Token::EqualsTo);
    (is_equality && field_of_complaint(left) == Some("state")).then_some(text.as_str())
}
