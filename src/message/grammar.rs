//! The part of the template language that messages may use, checked when a template is read. Nothing in it repeats
//! itself without end, and nothing makes a text that grows by itself; what remains is counted while it is rendered
//! (`sandbox.rs`).

use super::sandbox::{FILTERS, FUNCTIONS};
use minijinja::Error;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Filter, Stmt};
use minijinja::machinery::{Token, WhitespaceConfig, parse, tokenize};
use std::collections::BTreeMap;

/// The most values that an expression may put together into one.
const PARTS: usize = 10;
/// The most values that all variables of a template may be put together from.
const KEPT_PARTS: usize = 100;

/// The most words and signs in one pair of braces, and the deepest nesting of blocks, each `elif` counted: what is built
/// of them is gone through by recursion.
const TOKENS: usize = 300;
const NESTING: usize = 50;

/// What messages may not use, and its line, from 1.
#[derive(Debug)]
pub(super) struct Refused {
    pub line: usize,
    pub why: String,
}

/// Finds the first thing in a template that messages may not use.
///
/// # Errors
/// The parser's, with its line.
pub(super) fn check(source: &str) -> Result<Option<Refused>, Error> {
    match parsed(source)? {
        Ok(parsed) => Ok(Scope::default().statement(&parsed).err()),
        Err(mistake) => Ok(Some(mistake)),
    }
}

/// Parses a template whose expressions and blocks are not too large.
///
/// # Errors
/// The parser's, with its line.
pub(super) fn parsed(source: &str) -> Result<Checked<Stmt<'_>>, Error> {
    if let Err(mistake) = shape(source)? {
        return Ok(Err(mistake));
    }
    parse(source, "message", Default::default(), WhitespaceConfig::default()).map(Ok)
}

/// Checks that no expression is too long and no block too deep, before anything is built of them.
fn shape(source: &str) -> Result<Checked, Error> {
    let mut tokens = 0;
    let mut is_block = false;
    // Of each open block: itself, and its `elif`s.
    let mut open: Vec<usize> = Vec::new();
    for token in tokenize(source, false, Default::default(), WhitespaceConfig::default()) {
        let (token, span) = token?;
        match token {
            Token::VariableStart | Token::BlockStart => tokens = 0,
            Token::Ident("if" | "for" | "with") if is_block => open.push(1),
            Token::Ident("elif") if is_block => open.iter_mut().next_back().into_iter().for_each(|n| *n += 1),
            Token::Ident(word) if is_block && word.starts_with("end") => drop(open.pop()),
            _ => {}
        }
        is_block = matches!(token, Token::BlockStart);
        tokens += 1;
        if tokens > TOKENS {
            return Ok(refuse(
                span.start_line,
                format!("more than {TOKENS} words and signs in one pair of braces"),
            ));
        }
        if open.iter().sum::<usize>() > NESTING {
            return Ok(refuse(span.start_line, format!("more than {NESTING} blocks in each other")));
        }
    }
    Ok(Ok(()))
}

/// The variables that the template itself gives a value, each with the number of values it is made of.
#[derive(Debug, Default)]
struct Scope {
    parts: BTreeMap<String, usize>,
    kept: usize,
}

pub(super) type Checked<T = ()> = Result<T, Refused>;

fn refuse<T>(line: u16, why: impl Into<String>) -> Checked<T> {
    Err(Refused { line: usize::from(line), why: why.into() })
}

impl Scope {
    fn statements(&mut self, statements: &[Stmt<'_>]) -> Checked {
        statements.iter().try_for_each(|s| self.statement(s))
    }

    fn statement(&mut self, statement: &Stmt<'_>) -> Checked {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(_) => Ok(()),
            Stmt::EmitExpr(emit) => self.parts(&emit.expr).map(|_| ()),
            Stmt::IfCond(condition) => {
                self.parts(&condition.expr)?;
                self.statements(&condition.true_body)?;
                self.statements(&condition.false_body)
            }
            Stmt::ForLoop(each) if each.recursive => {
                refuse(each.span().start_line, "a message cannot use `recursive`")
            }
            Stmt::ForLoop(each) => {
                let parts = self.parts(&each.iter)?;
                self.bind(&each.target, parts)?;
                if let Some(filter) = &each.filter_expr {
                    self.parts(filter)?;
                }
                self.statements(&each.body)?;
                let once = self.parts.clone();
                self.statements(&each.body)?;
                // A variable that is made of more each time round has no largest size.
                if self.parts != once {
                    let line = each.span().start_line;
                    return refuse(line, "inside `for`, a variable is put together from itself");
                }
                self.statements(&each.else_body)
            }
            Stmt::WithBlock(with) => {
                for (target, value) in &with.assignments {
                    let parts = self.parts(value)?;
                    self.bind(target, parts)?;
                }
                self.statements(&with.body)
            }
            Stmt::Set(set) => {
                let parts = self.parts(&set.expr)?;
                self.bind(&set.target, parts)
            }
            other => {
                let (name, line) = named(other);
                refuse(line, format!("a message cannot use `{name}`; it has `if`, `for`, `set` and `with`"))
            }
        }
    }

    fn bind(&mut self, target: &Expr<'_>, parts: usize) -> Checked {
        match target {
            Expr::Var(variable) => {
                // At least one each, which bounds how often loops in loops are gone through.
                self.kept += parts.max(1);
                if self.kept > KEPT_PARTS {
                    return refuse(target.span().start_line, "the variables of this message hold too much");
                }
                self.parts.insert(variable.id.to_owned(), parts.max(1));
                Ok(())
            }
            Expr::List(list) => list.items.iter().try_for_each(|item| self.bind(item, parts)),
            _ => refuse(target.span().start_line, "`set` gives a variable a value, and nothing else"),
        }
    }

    /// Returns how many values an expression puts together, at most.
    fn parts(&mut self, expr: &Expr<'_>) -> Checked<usize> {
        let parts = match expr {
            Expr::Var(variable) => self.parts.get(variable.id).copied().unwrap_or(1),
            Expr::Const(_) => 0,
            Expr::Slice(slice) => {
                self.each(slice.start.iter().chain(&slice.stop).chain(&slice.step))?;
                self.parts(&slice.expr)?
            }
            Expr::UnaryOp(unary) => self.parts(&unary.expr)?,
            Expr::BinOp(binary) => {
                let together = self.parts(&binary.left)? + self.parts(&binary.right)?;
                match binary.op {
                    BinOpKind::Pow => return refuse(expr.span().start_line, "a message cannot use `**`"),
                    BinOpKind::Mul if !(is_number(&binary.left) && is_number(&binary.right)) => {
                        let why =
                            "`*` takes numbers: write them out, or put `|int` or `|float` after the value";
                        return refuse(expr.span().start_line, why);
                    }
                    _ => together,
                }
            }
            Expr::Compare(compare) => {
                self.parts(&compare.expr)?;
                self.each(compare.ops.iter().map(|op| &op.expr))?;
                0
            }
            Expr::IfExpr(choice) => {
                self.parts(&choice.test_expr)?;
                let other = choice.false_expr.iter().map(|e| self.parts(e)).sum::<Checked<usize>>()?;
                self.parts(&choice.true_expr)?.max(other)
            }
            Expr::Filter(filter) => self.filter(filter, expr.span().start_line)?,
            Expr::Test(test) => {
                self.parts(&test.expr)?;
                self.arguments(&test.args)?;
                0
            }
            Expr::GetAttr(attribute) => self.parts(&attribute.expr)?,
            Expr::GetItem(item) => {
                self.parts(&item.subscript_expr)?;
                self.parts(&item.expr)?
            }
            Expr::Call(call) => match &call.expr {
                Expr::Var(function) if FUNCTIONS.contains(&function.id) => self.arguments(&call.args)?.max(1),
                Expr::GetAttr(method) if is_loop(&method.expr) => self.arguments(&call.args)?.max(1),
                _ => {
                    return refuse(
                        expr.span().start_line,
                        "a message can call `range(…)` and no other function",
                    );
                }
            },
            Expr::List(list) => self.each(&list.items)?,
            Expr::Map(map) => self.each(map.keys.iter().chain(&map.values))?,
        };
        match parts {
            0..=PARTS => Ok(parts),
            _ => {
                let why =
                    format!("more than {PARTS} values are put together here; write them after each other");
                refuse(expr.span().start_line, why)
            }
        }
    }

    fn filter(&mut self, filter: &Filter<'_>, line: u16) -> Checked<usize> {
        if !FILTERS.iter().any(|(name, _)| *name == filter.name) {
            let known: Vec<&str> = FILTERS.iter().map(|(name, _)| *name).collect();
            return refuse(
                line,
                format!("there is no filter `{}`; filters are {}", filter.name, known.join(", ")),
            );
        }
        let value = filter.expr.iter().map(|e| self.parts(e)).sum::<Checked<usize>>()?;
        Ok(value + self.arguments(&filter.args)?)
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) -> Checked<usize> {
        let values = arguments.iter().map(|argument| match argument {
            CallArg::Pos(e) | CallArg::Kwarg(_, e) | CallArg::PosSplat(e) | CallArg::KwargSplat(e) => e,
        });
        self.each(values)
    }

    /// Returns how many values several expressions are made of.
    fn each<'e, 's: 'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr<'s>>) -> Checked<usize> {
        expressions.into_iter().map(|e| self.parts(e)).sum()
    }
}

/// Returns whether an expression is a number, whatever the facts are.
fn is_number(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Const(constant) => constant.value.is_number(),
        Expr::UnaryOp(unary) => is_number(&unary.expr),
        Expr::BinOp(binary) => is_number(&binary.left) && is_number(&binary.right),
        Expr::Filter(filter) => {
            matches!(filter.name, "length" | "count" | "int" | "float" | "abs")
        }
        Expr::GetAttr(attribute) => is_loop(&attribute.expr) && attribute.name.starts_with("index"),
        _ => false,
    }
}

fn is_loop(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Var(variable) if variable.id == "loop")
}

/// Returns the word by which people know a statement that is no part of the language, and its line.
fn named(statement: &Stmt<'_>) -> (&'static str, u16) {
    match statement {
        Stmt::SetBlock(s) => ("set … endset", s.span().start_line),
        Stmt::AutoEscape(s) => ("autoescape", s.span().start_line),
        Stmt::FilterBlock(s) => ("filter", s.span().start_line),
        Stmt::Do(s) => ("do", s.span().start_line),
        _ => ("this", 0),
    }
}
