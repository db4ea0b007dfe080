//! Documents say what is so: their examples run, and what they list exists.

use crate::cli::{redress, stdout};
use crate::commands;
use crate::support::repository;
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::{Place, Reference, RulesetSource};
use redress::workflow::{Published, scenario};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The documents for readers.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "rules/README.md",
    "plugins/README.md",
    "docs/semantics.md",
    "docs/procedure.md",
    "docs/mail.md",
    "docs/operations.md",
    "docs/standards.md",
    "SECURITY.md",
];
/// Variables that a reader chooses.
const EXAMPLE_VARIABLES: &[&str] = &["REDRESS_WEBHOOK_SECRET"];

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn the_example_configuration_is_read_and_holds_the_defaults() {
    let example = Settings::parse(&read("redress.example.toml"), "redress.example.toml").unwrap();
    let default = Settings::parse("", "redress.toml").unwrap();
    assert_eq!(format!("{example:#?}"), format!("{default:#?}"));
}

/// What stands behind a `#` there is meant to be used: without the mark it is read as well.
#[test]
fn the_example_configurations_examples_are_read() {
    let is_example = |line: &str| {
        let key = line.split([' ', '=']).next().unwrap_or_default();
        let is_key = line.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        is_key || (line.starts_with('[') && line.contains(']'))
    };
    let example = read("redress.example.toml");
    let lines = example.lines().map(|line| match line.strip_prefix("# ") {
        // A mailbox has a password or tokens, never both.
        Some(text) if text.starts_with("password") => line,
        Some(text) if is_example(text.trim_start()) => text.trim_start(),
        _ => line,
    });
    let filled = lines.collect::<Vec<_>>().join("\n");
    let settings = Settings::parse(&filled, "redress.example.toml").unwrap();
    assert_eq!(settings.mailboxes.len(), 1);
    assert!(settings.database.is_some() && settings.inbox.is_some() && settings.authserv_id.is_some());
    assert!(settings.people.iter().any(|p| p.deputy.is_some() && !p.absences.is_empty()));
    assert_eq!(settings.extra.len(), 1);
}

#[test]
fn the_rules_guides_examples_load_with_the_shipped_rules() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    let guide = read("rules/README.md");
    let mut files = source.files().clone();
    let names = blocks(&guide, "toml").concat();
    files.entry("procedure.toml".to_owned()).or_default().push_str(&format!("\n{names}\n"));
    let message = blocks(&guide, "markdown")[0];
    for language in ["nl", "en"] {
        files.insert(format!("messages/{language}/voorbeeld.md"), message.to_owned());
        files.insert(format!("messages/{language}/archive_due.md"), blocks(&guide, "markdown")[1].to_owned());
    }
    let examples = blocks(&guide, "rhai");
    assert!(examples.len() >= 5 && !names.is_empty());
    for example in examples {
        if example.starts_with("scenario") {
            let published = Published::load(source.clone(), &settings).unwrap();
            let story = [("README.md".to_owned(), example.to_owned())].into();
            assert_eq!(scenario::play(published, &settings, &story)[0].failure, None);
            continue;
        }
        let mut files = files.clone();
        files.insert("95_example.rhai".to_owned(), example.to_owned());
        if let Err(found) = Published::load(RulesetSource::new(files), &settings) {
            panic!("{example}\n{}", found[0]);
        }
    }
}

/// The mistake that the guide shows is told in the words that it shows.
#[test]
fn the_rules_guides_mistake_is_told_as_it_says() {
    let guide = read("rules/README.md");
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules");
    for (name, text) in RulesetSource::read(&repository().join("rules")).unwrap().files() {
        std::fs::create_dir_all(rules.join(name).parent().unwrap()).unwrap();
        std::fs::write(rules.join(name), text).unwrap();
    }
    std::fs::write(rules.join("95_example.rhai"), blocks(&guide, "rhai mistake")[0]).unwrap();
    let output = redress(folder.path(), &["--rules", rules.to_str().unwrap(), "rules", "check"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), blocks(&guide, "text")[0]);
}

/// What the guide calls in its running text is called in the shipped rules or scenarios, which run, or in the reference,
/// whose examples run.
#[test]
fn the_rules_guide_names_words_that_exist() {
    let rules = repository().join("rules");
    let mut known: String = RulesetSource::read(&rules).unwrap().files().values().cloned().collect();
    known.extend(RulesetSource::read_scenarios(&rules).unwrap().into_values());
    let folder = tempfile::tempdir().unwrap();
    known.push_str(&stdout(&redress(folder.path(), &["rules", "reference"])));
    let guide = read("rules/README.md");
    let running = guide.split("```").step_by(2).collect::<String>();
    let mut called = 0;
    for span in running.split('`').skip(1).step_by(2) {
        for (i, _) in span.match_indices('(') {
            let name = span[..i].rsplit(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            let is_known = name.is_empty()
                || known.contains(&format!(" {name}("))
                || known.contains(&format!(".{name}("))
                || known.contains(&format!("`{name}`"));
            assert!(is_known, "{span}: there is no {name}");
            called += usize::from(!name.is_empty());
        }
    }
    assert!(called > 50, "only {called} words were found");
}

#[test]
fn what_ci_runs_is_what_anybody_can_run() {
    let checks = read(".ci/checks");
    for command in ["cargo test", "cargo fmt --all --check", "cargo clippy --all-targets -- -D warnings"] {
        assert!(checks.lines().any(|line| line == command), "{command}");
    }
    assert_eq!(read(".ci/run").lines().last(), Some(".ci/checks"));
    let recipes = read("justfile");
    assert!(recipes.contains("\nci:\n    .ci/checks\n"));
    for path in DOCUMENTS.iter().copied().chain(["deny.toml", ".ci/checks"]) {
        let text = read(path);
        for recipe in text.split("`just ").skip(1).filter_map(|rest| rest.split(['`', ' ']).next()) {
            let is_there = recipes.lines().any(|l| l.split([':', ' ']).next() == Some(recipe));
            assert!(is_there, "{path}: just {recipe}");
        }
    }
}

#[test]
fn the_plugin_guides_examples_are_valid_manifests() {
    let guide = read("plugins/README.md");
    let examples = blocks(&guide, "toml");
    assert!(!examples.is_empty());
    for example in examples {
        // A part of a section stands in a manifest that is otherwise as short as can be.
        let whole = match example.starts_with("[webhook.") {
            true => format!(
                "kind = \"webhook\"\n[webhook]\nurl = \"https://x.nl/\"\nsigning = \"none\"\n{example}"
            ),
            false => (*example).to_owned(),
        };
        redress::delivery::Manifest::parse(&whole, "plugins/README.md").unwrap();
    }
}

/// The guide's events are such as their schema allows.
#[test]
fn the_plugin_guides_event_is_valid() {
    let schema: serde_json::Value = serde_json::from_str(&read("plugins/schema/notification.json")).unwrap();
    let guide = read("plugins/README.md");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let events = blocks(&guide, "json");
    assert_eq!(events.len(), 2, "of a complaint, and of none");
    for event in events {
        let event: serde_json::Value = serde_json::from_str(event).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&event).map(|e| e.to_string()).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn the_architecture_names_every_module() {
    let text = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(repository().join("src")).unwrap().flatten() {
        let is_folder = entry.path().is_dir();
        let name = entry.file_name().into_string().unwrap();
        let named = if is_folder { format!("`src/{name}/`") } else { format!("`src/{name}`") };
        assert!(text.contains(&named), "{named} is missing");
    }
}

/// The lines of the README's first ten minutes, run as a reader would, one after the other.
#[test]
fn the_readmes_first_ten_minutes_work() {
    let readme = read("README.md");
    let (_, part) = readme.split_once("## The first ten minutes").unwrap();
    let block = part.split("```").nth(1).unwrap().replace("\\\n", " ");
    let folder = tempfile::tempdir().unwrap();
    for name in ["rules", "plugins", "src"] {
        std::os::unix::fs::symlink(repository().join(name), folder.path().join(name)).unwrap();
    }
    let program = PathBuf::from(env!("CARGO_BIN_EXE_redress"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let lines: Vec<&str> = block.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(lines[..2], ["cargo build --release", "alias redress=./target/release/redress"]);
    assert!(lines.len() > 10);
    for line in &lines[2..] {
        let run =
            Command::new("bash").args(["-c", line]).current_dir(folder.path()).env("PATH", &path).output();
        let run = run.unwrap();
        assert!(run.status.success(), "{line}\n{}", String::from_utf8_lossy(&run.stderr));
        assert!(!run.stdout.is_empty(), "{line} prints nothing");
    }
}

/// Every command that a document writes is one, and has the options that are written with it.
#[test]
fn the_documents_name_commands_that_exist() {
    let mut program = commands::Program::default();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for path in DOCUMENTS {
        for command in commands::written_in(&read(path)) {
            checked += 1;
            wrong.extend(program.mistake(&command).map(|why| format!("{path}: `{command}`: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 50, "only {checked} commands were found");
}

#[test]
fn a_command_that_does_not_exist_is_found() {
    let mut program = commands::Program::default();
    for wrong in
        ["redress rulez check", "redress rules chek", "redress list --until 2027-01-01", "redress --dat x"]
    {
        assert!(program.mistake(wrong).is_some(), "{wrong}");
    }
    for right in
        ["redress --data try show K-1", "redress rules history", "redress rules publish --plan D --as YOU"]
    {
        assert_eq!(program.mistake(right), None);
    }
}

#[test]
fn what_the_documents_name_is_in_the_repository() {
    let sources = sources();
    let mut wrong = Vec::new();
    for path in DOCUMENTS {
        let text = read(path);
        let folder = Path::new(path).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            let is_here = target.starts_with("http") || repository().join(&folder).join(target).exists();
            wrong.extend((!is_here).then(|| format!("{path} links to {link}")));
        }
        for named in text.split('`').skip(1).step_by(2).filter(|span| is_path(span)) {
            let is_here = repository().join(named).exists();
            wrong.extend((!is_here).then(|| format!("{path} names {named}")));
        }
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for variable in words.filter(|w| w.starts_with("REDRESS_") && !EXAMPLE_VARIABLES.contains(w)) {
            wrong.extend((!sources.contains(variable)).then(|| format!("{path} names {variable}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Folders that a reader makes.
const EXAMPLE_PLACES: &[&str] = &["plugins/crm"];

/// Returns whether a span is a place in the repository rather than an example of one.
fn is_path(span: &str) -> bool {
    const TOP: &[&str] = &[
        "src/",
        "tests/",
        "benches/",
        "rules/",
        "plugins/",
        "migrations/",
        "docs/",
        "packaging/",
        ".ci/",
        "Cargo",
        "redress.ex",
    ];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    TOP.iter().any(|top| span.starts_with(top))
        && span.chars().all(is_plain)
        && !EXAMPLE_PLACES.contains(&span)
}

/// Reads everything that could read an environment variable.
fn sources() -> String {
    fn collect(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, text);
            } else if let Ok(more) = std::fs::read_to_string(&path) {
                text.push_str(&more);
            }
        }
    }
    let mut text = read("tests/it/changed_terms.rs") + read("tests/it/web/planning.rs").as_str();
    for folder in [
        "src",
        "tests/it/support",
        "tests/it/crash",
        "tests/it/fuzz",
        "tests/it/hostile",
        "tests/it/store",
        "benches",
        ".ci",
    ] {
        collect(&repository().join(folder), &mut text);
    }
    text
}

fn reference() -> Reference {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    Reference::of(&Published::load(source, &settings).unwrap().ruleset)
}

#[test]
fn the_reference_says_everything_in_both_languages() {
    let reference = reference();
    for word in &reference.words {
        assert!(!word.help.nl.is_empty() && !word.help.en.is_empty(), "{} has no words", word.name);
        assert!(!word.example.contains('{') || !word.example.contains("{deadline}"), "{}", word.example);
        assert!(word.place == Place::File || !word.forms.is_empty(), "{} cannot be called", word.name);
    }
    for field in &reference.fields {
        assert!(!field.help.nl.is_empty() && !field.help.en.is_empty(), "{} has no words", field.name);
    }
    for language in [Language::Dutch, Language::English] {
        let text = reference.markdown(language);
        let names = reference.words.iter().map(|w| w.name).chain(reference.fields.iter().map(|f| f.name));
        for name in names.chain(reference.elements.iter().map(|p| p.name)) {
            assert!(text.contains(&format!("`{name}`")) || text.contains(&format!("`.{name}`")), "{name}");
        }
    }
}

/// The guide's table of words is made of the words; `UPDATE_GUIDE=1` writes it anew.
#[test]
fn the_rules_guide_lists_every_word() {
    const BEGIN: &str = "<!-- words -->\n";
    const END: &str = "<!-- end of words -->";
    let guide = read("rules/README.md");
    let (before, rest) = guide.split_once(BEGIN).expect("the place of the table is marked");
    let (table, after) = rest.split_once(END).expect("the end of the table is marked");
    let expected = reference().words_table(Language::English);
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        let text = format!("{before}{BEGIN}{expected}{END}{after}");
        std::fs::write(repository().join("rules/README.md"), text).unwrap();
        return;
    }
    assert_eq!(table, expected, "run UPDATE_GUIDE=1 cargo test the_rules_guide_lists_every_word");
}

/// Each example loads with the shipped rules, and its rule runs without a fault.
#[test]
fn the_examples_of_the_reference_run() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    for word in reference().words {
        let mut files = source.files().clone();
        files.insert("95_example.rhai".to_owned(), word.statement("handler"));
        let published = Published::load(RulesetSource::new(files), &settings);
        let published = Arc::new(published.unwrap_or_else(|found| panic!("{}: {}", word.name, found[0])));
        let act = match word.place {
            Place::Action | Place::Asks => "act(k, \"behandelaar@lagant.nl\", \"voorbeeld\", #{ ANSWER });",
            _ => "",
        };
        let answers = [
            "a: \"x\"",
            "a: \"2026-12-01\"",
            "a: \"5\"",
            "a: \"upheld\"",
            "a: \"a@b.nl\"",
            "a: \"ja\"",
            "a: \"inadmissible\"",
        ];
        let failure = |answer: &&str| {
            let story = EXAMPLE_STORY.replace("ACT", &act.replace("ANSWER", answer));
            let story = [("story".to_owned(), story)].into();
            scenario::play(Arc::clone(&published), &settings, &story)[0].failure.clone()
        };
        // A question is answered by one of the answers; everything else by any.
        let answers = &answers[..if act.is_empty() { 1 } else { answers.len() }];
        let fails = answers.iter().all(|answer| failure(answer).is_some());
        assert!(!fails, "{}: {:?}", word.name, failure(&answers[0]));
    }
}

const EXAMPLE_STORY: &str = r#"
scenario "s" {
  at("2026-11-23 10:00");
  let a = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over de lunch in Zwolle", text: "Ik heb een klacht over de lunch, er was te weinig." });
  let k = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over parkeren in Utrecht", text: "Ik heb een klacht over het parkeren bij de training in Utrecht." });
  ACT
  wait(days(3));
}
"#;
