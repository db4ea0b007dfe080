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

#[cfg(test)]
mod tests {
    use crate::rules::story_test::load;

    #[test]
    fn a_text_is_asked_for_wherever_a_word_for_it_stands() {
        let rule = |when: &str| format!("rule \"r\" when {when} then {{ notify(\"h\", \"m\"); }}\n");
        let of_state = rule("complaint.state == \"a\"");
        let asking = [
            rule("complaint.state == \"a\" && text_length() > 3"),
            rule("is_urgent()") + "fn is_urgent() { text_mentions([\"spoed*\"]) }\n",
            format!(
                "{of_state}action act2 \"Doen\" by [\"h\"] when text_length() < 9 then {{ notify(\"h\", \"m\"); }}\n"
            ),
        ];
        for script in asking {
            assert!(load(script.clone()).asks_for_mail_texts(), "{script}");
        }
        assert!(!load(of_state).asks_for_mail_texts());
    }
}
