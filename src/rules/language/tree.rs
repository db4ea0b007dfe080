//! Looking through expressions as the parser leaves them.

use rhai::{ASTNode, Expr, Position};

/// Visits every part of an expression.
pub(in crate::rules) fn walk(expr: &Expr, visit: &mut dyn FnMut(ASTNode)) {
    expr.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        if let Some(node) = path.last() {
            visit(*node);
        }
        true
    });
}

/// Returns the first position that any part of an expression has: the parser gives operators the position of
/// their sign.
pub(in crate::rules) fn start(expr: &Expr) -> Position {
    let mut first = expr.start_position();
    walk(expr, &mut |node| {
        if let ASTNode::Expr(part) = node {
            let at = part.start_position();
            if !at.is_none() && (first.is_none() || at < first) {
                first = at;
            }
        }
    });
    first
}

/// Returns the text that is a literal, or those of an array of literals, with their positions; none for
/// anything else.
pub(in crate::rules) fn literals(expr: &Expr) -> Option<Vec<(&str, Position)>> {
    match expr {
        Expr::StringConstant(text, position) => Some(vec![(text.as_str(), *position)]),
        Expr::Array(items, _) => {
            let one = |e| match e {
                &Expr::StringConstant(ref text, position) => Some((text.as_str(), position)),
                _ => None,
            };
            items.iter().map(one).collect()
        }
        _ => None,
    }
}

/// Returns the parts of a condition, all of which must be true, in order.
pub(in crate::rules) fn conjuncts(condition: &Expr) -> &[Expr] {
    match condition {
        Expr::And(parts, _) => parts,
        single => std::slice::from_ref(single),
    }
}

/// Returns `name` of `complaint.name`; none for anything else.
pub(in crate::rules) fn field_of_complaint(expr: &Expr) -> Option<&str> {
    let Expr::Dot(dot, ..) = expr else { return None };
    match (&dot.lhs, &dot.rhs) {
        (Expr::Variable(x, ..), Expr::Property(property, _)) if x.1 == "complaint" => {
            Some(property.2.as_str())
        }
        _ => None,
    }
}

/// Returns the names of the functions that the parser made of the closures in an expression.
pub(in crate::rules) fn closures(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    walk(expr, &mut |node| {
        if let ASTNode::Expr(Expr::DynamicConstant(value, _)) = node
            && let Some(function) = value.read_lock::<rhai::FnPtr>()
        {
            found.push(function.fn_name().to_owned());
        }
    });
    found
}
