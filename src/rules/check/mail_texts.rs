//! Whether the scripts of a ruleset ask what mails say.

use super::bodies::Body;
use crate::rules::words;
use crate::rules::words::word::Reads;
use rhai::{ASTNode, Expr, Stmt};

/// Returns whether some piece of script asks for the text of mails.
pub(in crate::rules) fn ask_for_mail_texts(bodies: &[Body]) -> bool {
    let mut asks = false;
    for body in bodies {
        body.visit(&mut |node| match node {
            ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)) => {
                asks |= words::find(&call.name).is_some_and(|word| word.reads == Reads::MailText);
            }
            _ => {}
        });
    }
    asks
}
