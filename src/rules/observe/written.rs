//! Statements as they are written: of a ruleset of any time, each rule, action and schedule with its place and its text. Nothing
//! is checked and nothing evaluated, so that what was in force under another program or other settings can be read too.

use crate::rules::language::source::RulesetSource;
use crate::rules::language::statement_text::end;
use crate::rules::language::tokens::Tokens;
use crate::rules::statements::script::parse;

/// A rule, an action or a schedule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenStatement {
    /// Its name, or the id of an action.
    pub name: String,
    /// What people read of it: the label of an action, the name of anything else.
    pub title: String,
    /// The file of the ruleset.
    pub file: String,
    /// The line on which it begins.
    pub line: usize,
    /// What it says, comments included.
    pub text: String,
}

/// Returns the statements of a ruleset, in order.
pub fn written_statements(source: &RulesetSource) -> Vec<WrittenStatement> {
    let scripts = parse(source);
    let read = scripts.source(source);
    let mut found = Vec::new();
    for file in &scripts.files {
        let text = read.text(&file.name);
        let (tokens, lines) = (Tokens::of(text), read.lines(&file.name));
        for statement in &file.statements {
            let line = statement.position.line().unwrap_or(1);
            let start = lines.offset(line, statement.position.position().unwrap_or(1));
            let name = statement.name();
            let title = Some(statement.label()).filter(|label| !label.is_empty()).unwrap_or(name.clone());
            let text = text.get(start..end(&tokens, start)).unwrap_or_default().to_owned();
            found.push(WrittenStatement { name, title, file: file.name.clone(), line, text });
        }
    }
    found
}
