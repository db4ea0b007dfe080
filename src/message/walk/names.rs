//! Names and paths: as they are written, where they begin, what they could be.

use crate::message::shape::{Part, Shape};
use minijinja::machinery::ast::Expr;
use std::collections::BTreeMap;

/// Returns what a part of a group is, whichever it is.
pub(super) fn any_part(parts: &BTreeMap<String, Part>) -> Shape {
    parts.values().map(|part| part.shape.clone()).reduce(Shape::or).unwrap_or(Shape::Any)
}

/// Returns every name at the top and one below, as somebody may have meant them.
pub(super) fn within_reach(root: &BTreeMap<String, Part>) -> Vec<String> {
    let below = root.iter().flat_map(|(name, part)| match &part.shape {
        Shape::Group(parts) => parts.keys().map(|part| format!("{name}.{part}")).collect(),
        _ => Vec::new(),
    });
    root.keys().cloned().chain(below).collect()
}

/// Returns where an expression begins: the span of a part of something begins at the part.
pub(super) fn start(expr: &Expr<'_>) -> usize {
    match expr {
        Expr::GetAttr(attr) => start(&attr.expr),
        Expr::GetItem(item) => start(&item.expr),
        Expr::Slice(slice) => start(&slice.expr),
        Expr::Call(call) => start(&call.expr),
        other => other.span().start_offset as usize,
    }
}

pub(super) fn of_constant(value: &minijinja::Value) -> Shape {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::String => Shape::Text,
        ValueKind::Number => Shape::Number,
        ValueKind::Bool => Shape::YesNo,
        _ => Shape::Any,
    }
}

/// Returns a path as it is written; none for anything else.
pub(super) fn written(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Var(var) => Some(var.id.to_owned()),
        Expr::GetAttr(attr) => Some(format!("{}.{}", written(&attr.expr)?, attr.name)),
        Expr::GetItem(item) => {
            let base = written(&item.expr)?;
            let part = match &item.subscript_expr {
                Expr::Const(value) => value.value.to_string(),
                other => format!("[{}]", written(other)?),
            };
            Some(format!("{base}.{part}"))
        }
        _ => None,
    }
}

/// Returns the paths that a placeholder shows, each with where it begins: not those that only decide what is shown.
pub(super) fn paths<'e>(expr: &'e Expr<'e>) -> Vec<(String, usize)> {
    match expr {
        Expr::Filter(filter) => filter.expr.iter().flat_map(paths).collect(),
        Expr::BinOp(both) => [&both.left, &both.right].into_iter().flat_map(paths).collect(),
        Expr::IfExpr(choice) => {
            [&choice.true_expr].into_iter().chain(&choice.false_expr).flat_map(paths).collect()
        }
        Expr::Slice(slice) => paths(&slice.expr),
        other => written(other).into_iter().map(|path| (path, start(other))).collect(),
    }
}
