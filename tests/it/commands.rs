//! The commands that documents write, held against what the program says of itself.

use std::collections::HashMap;
use std::process::Command;

/// Finds the commands written in a document: in its blocks of commands and in its running text.
pub fn written_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, part) in text.split("```").enumerate() {
        if i % 2 == 0 {
            let spans = part.split('`').skip(1).step_by(2);
            found.extend(spans.filter(|s| s.starts_with("redress ")).map(str::to_owned));
            continue;
        }
        let block = part.replace("\\\n", " ");
        found.extend(block.lines().filter_map(command));
    }
    found
}

/// Returns the command of a line, without its remark; one that cargo runs is one as well.
fn command(line: &str) -> Option<String> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    match line.split_once(" -- ") {
        Some((cargo, rest)) if cargo.starts_with("cargo run") => Some(format!("redress {rest}")),
        _ => line.starts_with("redress ").then(|| line.to_owned()),
    }
}

/// The real program, asked for the help of each command once.
#[derive(Default)]
pub struct Program {
    help: HashMap<Vec<String>, String>,
}

impl Program {
    /// Returns why this is no command of the program; none when it is one.
    pub fn mistake(&mut self, command: &str) -> Option<String> {
        let words = words(command);
        let mut path = Vec::new();
        let mut rest = words.iter().skip(1);
        while let Some(word) = rest.next() {
            let help = self.help(&path);
            if let Some(option) = word.strip_prefix("--") {
                let name = option.split('=').next().unwrap_or_default();
                match takes_value(&help, name) {
                    None => return Some(format!("there is no --{name}")),
                    Some(true) if !option.contains('=') => _ = rest.next(),
                    Some(_) => {}
                }
            } else if let Some((_, commands)) = help.split_once("\nCommands:\n") {
                let names = commands.lines().take_while(|l| l.starts_with("  "));
                if !names.filter_map(|l| l.split_whitespace().next()).any(|name| name == word) {
                    return Some(format!("there is no command {word}"));
                }
                path.push(word.clone());
            }
        }
        None
    }

    fn help(&mut self, path: &[String]) -> String {
        let ask = || {
            let output =
                Command::new(env!("CARGO_BIN_EXE_redress")).args(path).arg("--help").output().unwrap();
            assert!(output.status.success(), "{path:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        self.help.entry(path.to_vec()).or_insert_with(ask).clone()
    }
}

/// Returns whether an option of a help text wants a value; none when there is no such option.
fn takes_value(help: &str, name: &str) -> Option<bool> {
    let option = format!("--{name}");
    let after = help.match_indices(&option).map(|(i, _)| &help[i + option.len()..]);
    let after =
        after.into_iter().find(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))?;
    Some(after.starts_with(" <"))
}

/// Parts a command as a shell would; what stands in quotes is one.
fn words(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, part) in command.split(['"', '\'']).enumerate() {
        match (i % 2, found.last_mut()) {
            (0, _) => found.extend(part.split_whitespace().map(str::to_owned)),
            (_, Some(last)) => String::push_str(last, part),
            (_, None) => found.push(part.to_owned()),
        }
    }
    found
}
