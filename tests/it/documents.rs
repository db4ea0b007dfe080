//! Documents say what is so: their examples run, and what they list exists.

use crate::support::repository;
use redress::config::Settings;
use redress::rules::{RulesetSource, reference};
use redress::workflow::{Published, scenario};

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn the_example_configuration_is_read_and_holds_the_defaults() {
    let text = read("redress.example.toml");
    let example = Settings::parse(&text, "redress.example.toml").unwrap();
    let default = Settings::parse("", "redress.toml").unwrap();
    assert_eq!(example.mailbox, default.mailbox);
    assert_eq!(example.people, default.people);
    assert_eq!(example.listen, default.listen);
}

#[test]
fn the_rules_guides_examples_load_with_the_shipped_rules() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    let examples = read("rules/README.md");
    let examples = blocks(&examples, "rhai");
    assert!(examples.len() >= 3);
    for example in examples {
        let mut files = source.files().clone();
        if example.starts_with("scenario") {
            let published = Published::load(source.clone(), &settings).unwrap();
            let story = [("README.md".to_owned(), example.to_owned())].into();
            assert_eq!(scenario::play(published, &settings, &story)[0].failure, None);
            continue;
        }
        files.insert("95_example.rhai".to_owned(), example.to_owned());
        if let Err(found) = Published::load(RulesetSource::new(files), &settings) {
            panic!("{example}\n{}", found[0]);
        }
    }
}

#[test]
fn the_plugin_guides_examples_are_valid_manifests() {
    let guide = read("plugins/README.md");
    let examples = blocks(&guide, "toml");
    assert!(!examples.is_empty());
    for example in examples {
        redress::delivery::Manifest::parse(example, "plugins/README.md").unwrap();
    }
}

#[test]
fn the_architecture_names_every_module() {
    let text = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(repository().join("src")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        assert!(
            text.contains(&format!("`{name}")) || text.contains(&format!("`{name}/`")),
            "{name} is missing"
        );
    }
}

#[test]
fn the_readme_names_commands_that_exist() {
    let text = read("README.md");
    assert!(text.contains("cargo run --release -- demo") && text.contains("cargo test"));
}

#[test]
fn the_reference_leaves_nothing_out() {
    let words = reference::words();
    let listed: Vec<&str> = words.iter().map(|w| w.name.as_str()).collect();
    for function in reference::functions() {
        assert!(listed.contains(&function), "{function} is not in the reference");
    }
    for statement in ["rule", "action", "schedule"] {
        assert!(listed.contains(&statement));
    }
    for field in reference::fields() {
        assert!(!field.help.is_empty(), "{} has no words", field.name);
    }
    let guide = reference::markdown();
    assert!(
        reference::properties().iter().all(|p| guide.contains(&format!(".{p}")) || *p == "number"),
        "{guide}"
    );
}

/// Each example loads with the shipped rules, and its rule runs without a fault.
#[test]
fn the_examples_of_the_reference_run() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    for word in reference::words() {
        let mut files = source.files().clone();
        files.insert("95_example.rhai".to_owned(), word.statement());
        let published = Published::load(RulesetSource::new(files), &settings);
        let published = published.unwrap_or_else(|found| panic!("{}: {}", word.name, found[0]));
        let act = match word.place {
            reference::Where::Action | reference::Where::Asks => {
                "act(k, \"behandelaar@lagant.nl\", \"voorbeeld\", #{ ANSWER });"
            }
            _ => "",
        };
        let answers =
            ["a: \"x\"", "a: \"2026-12-01\"", "a: \"5\"", "a: \"upheld\"", "a: \"a@b.nl\"", "a: \"ja\""];
        let outcomes: Vec<Option<String>> = answers
            .iter()
            .map(|answer| {
                let story = EXAMPLE_STORY.replace("ACT", &act.replace("ANSWER", answer));
                let story = [("story".to_owned(), story)].into();
                let published = Published::load(published.ruleset.source().clone(), &settings).unwrap();
                scenario::play(published, &settings, &story)[0].failure.clone()
            })
            .take(if act.is_empty() { 1 } else { answers.len() })
            .collect();
        // A question is answered by one of the answers; everything else by any.
        assert!(outcomes.iter().any(Option::is_none), "{}: {:?}", word.name, outcomes[0]);
    }
}

const EXAMPLE_STORY: &str = r#"
scenario "s" {
  at("2026-11-23 10:00");
  let a = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over de lunch in Zwolle", text: "Ik heb een klacht over de lunch, er was te weinig." });
  let k = mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over parkeren in Utrecht", text: "Ik heb een klacht over het parkeren bij de training in Utrecht." });
  ACT
  wait(days(60));
}
"#;
