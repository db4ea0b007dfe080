//! Help: the commands in groups, and an example of each that needs one.

use clap::Command;

/// The groups of commands, in the order in which help shows them.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "Running it",
        &["serve", "user", "token", "tick", "doctor", "backup", "restore", "clock", "migrate", "demo"],
    ),
    ("Taking in", &["intake", "contact", "mail"]),
    ("Complaints", &["list", "search", "show", "why", "act", "simulate", "similar"]),
    ("Records", &["export", "import", "register", "reports", "recommendations", "audit", "forget", "person"]),
    ("Rules, plugins and deliveries", &["rules", "plugins", "deliveries"]),
    ("This program", &["completions", "manual", "help"]),
];

/// Examples by command; the first are the program's own.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "redress --clock 2026-11-23T10:00:00+01:00 --data try intake mail.eml",
            "redress --data try show K-2026-0001",
            "redress serve",
        ],
    ),
    ("serve", &["redress --config /etc/redress/redress.toml --data /var/lib/redress serve"]),
    ("user", &["redress user add behandelaar@lagant.nl", "redress user list"]),
    (
        "token",
        &["redress token add crm --for integratie@lagant.nl --scope complaints:read", "redress token list"],
    ),
    ("tick", &["redress --clock 2026-12-09T09:00:00+01:00 --data try tick"]),
    ("doctor", &["redress doctor", "redress --json doctor"]),
    ("backup", &["redress backup /backup/redress-monday.zip"]),
    (
        "restore",
        &["redress restore --check /backup/redress-monday.zip", "redress restore --go-on --as it@example.nl"],
    ),
    ("migrate", &["redress migrate --to postgres"]),
    ("intake", &["redress intake mail.eml", "redress intake --mailbox planning"]),
    ("mail", &["redress mail K-2026-0001 --all"]),
    ("list", &["redress list --state in_treatment --limit 20"]),
    ("search", &["redress search cursus jansen", "redress search K-2026-1"]),
    ("show", &["redress show K-2026-0001"]),
    ("why", &["redress why K-2026-0001"]),
    (
        "act",
        &["redress act K-2026-0001 ask_information --input questions=\"Which day?\" --as handler@example.nl"],
    ),
    (
        "export",
        &[
            "redress export K-2026-0001 --output dossier.zip --language nl",
            "redress export --check dossier.zip",
        ],
    ),
    ("forget", &["redress forget K-2026-0001 --as directeur@lagant.nl --reason brief"]),
    (
        "import",
        &[
            "redress import klachten.xlsx --as kwaliteit@lagant.nl",
            "redress import klachten.csv --mapping kolommen.toml --yes --as kwaliteit@lagant.nl",
        ],
    ),
    ("person", &["redress person jan@example.nl > jan.txt", "redress --json person jan@example.nl"]),
    ("register", &["redress register --year 2026 --csv"]),
    (
        "rules",
        &[
            "redress rules check",
            "redress rules test",
            "redress rules terms PROMISE_DEFAULT",
            "redress rules plan",
        ],
    ),
    ("plugins", &["redress plugins check", "redress plugins test smtp"]),
    ("deliveries", &["redress deliveries list --state dead", "redress deliveries retry --since 2026-11-22"]),
    ("completions", &["redress completions bash > /etc/bash_completion.d/redress"]),
    ("manual", &["redress manual /usr/local/share/man/man1"]),
];

/// Returns the command line with its help in groups and with examples.
pub(super) fn grouped(mut program: Command) -> Command {
    program.build();
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\nCommands:\n{}\n{{all-args}}{{after-help}}",
        groups(&program)
    );
    // The list of commands stands in the template, so the arguments come without it.
    let names: Vec<String> = program.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let mut program = program.help_template(template.replace("{all-args}", "Options:\n{options}"));
    for name in &names {
        if let Some(text) = examples(name) {
            program = program.mut_subcommand(name, |command| command.after_help(text));
        }
    }
    program.after_help(examples("").unwrap_or_default())
}

/// Returns the commands in their groups; one that has none comes last.
fn groups(program: &Command) -> String {
    let mut text = String::new();
    let line = |command: &Command| {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        format!("  {:<16} {}\n", command.get_name(), about.lines().next().unwrap_or_default())
    };
    for (heading, names) in GROUPS {
        text.push_str(&format!("  [{heading}]\n"));
        let found = names.iter().filter_map(|name| program.find_subcommand(name));
        found.for_each(|command| text.push_str(&line(command)));
    }
    let is_grouped = |command: &&Command| GROUPS.iter().any(|(_, names)| names.contains(&command.get_name()));
    program.get_subcommands().filter(|c| !is_grouped(c)).for_each(|command| text.push_str(&line(command)));
    text
}

fn examples(command: &str) -> Option<String> {
    let (_, lines) = EXAMPLES.iter().find(|(name, _)| *name == command)?;
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    Some(format!("Examples:\n{}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_stands_in_one_group() {
        let mut program = crate::cli::Arguments::command();
        program.build();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
        grouped.sort_unstable();
        known.sort_unstable();
        assert_eq!(grouped, known);
        for (name, _) in EXAMPLES.iter().skip(1) {
            assert!(known.contains(name), "{name}");
        }
    }
}
