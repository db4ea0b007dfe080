//! Documents say what is so: their examples run, and what they list exists.

use crate::support::repository;
use redress::config::Settings;
use redress::rules::RulesetSource;
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
