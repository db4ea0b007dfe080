//! The `notify` call sites of a ruleset, with sample data, so that every message is rendered at load
//! (docs/semantics.md 4.8).

use crate::complaint::Recipient;
use crate::rules::language::tree::walk;
use crate::rules::statements::script::ScriptFile;
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};
use serde_json::{Value, json};

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
}

/// Returns every call site of the scripts: those of the statements in the order of the files, then those of
/// functions.
pub(in crate::rules) fn sites(files: &[ScriptFile]) -> Vec<NotifySite> {
    let mut found = Vec::new();
    for file in files {
        for body in file.statements.iter().filter_map(|s| s.body()) {
            walk(body, &mut |node| {
                if let ASTNode::Expr(Expr::FnCall(call, position))
                | ASTNode::Stmt(Stmt::FnCall(call, position)) = node
                {
                    found.extend(site(&file.name, call, *position));
                }
            });
        }
    }
    found.extend(files.iter().flat_map(in_functions));
    found
}

/// Returns the call sites inside the functions of a file.
fn in_functions(file: &ScriptFile) -> Vec<NotifySite> {
    let mut found = Vec::new();
    file.ast.clone_functions_only().walk(&mut |path| {
        if let Some(
            ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)),
        ) = path.last()
        {
            found.extend(site(&file.name, call, *position));
        }
        true
    });
    found
}

fn site(file: &str, call: &FnCallExpr, position: Position) -> Option<NotifySite> {
    if call.name != "notify" {
        return None;
    }
    let Some(Expr::StringConstant(message, _)) = call.args.get(1) else { return None };
    let data = match call.args.get(2) {
        Some(Expr::Map(map, _)) => Value::Object(
            map.0.iter().map(|(key, value)| (key.name.to_string(), stand_in(&key.name, value))).collect(),
        ),
        _ => json!({}),
    };
    let (line, column) = (position.line().unwrap_or(0), position.position().unwrap_or(0));
    let recipient = match call.args.first() {
        Some(Expr::StringConstant(to, _)) => Some(Recipient::from(to.as_str())),
        _ => None,
    };
    Some(NotifySite { file: file.to_owned(), line, column, recipient, message: message.to_string(), data })
}

/// Returns a value of the likely type. A date serves as text too; what is called a measure is one.
fn stand_in(key: &str, value: &Expr) -> Value {
    match value {
        Expr::StringConstant(text, _) => json!(text.as_str()),
        Expr::IntegerConstant(n, _) => json!(n),
        Expr::BoolConstant(b, _) => json!(b),
        Expr::FnCall(call, _) if call.name == "report" => json!({
            "from": "2026-01-01", "to": "2026-03-31", "received": 3, "registered": 3, "decided": 2, "agreed": 1,
            "disagreed": 1, "open": 1, "recommendations": [],
        }),
        Expr::Variable(x, ..) if x.1 == "it" || key == "measure" => json!({
            "id": 1, "description": "x", "owner": "x", "due": "2027-01-04", "state": "x", "number": "K-2026-0001",
            "intake_id": "I-2026-000001", "decided_on": "2027-01-04",
        }),
        _ => json!("2027-01-04T09:00:00.000+01:00"),
    }
}
