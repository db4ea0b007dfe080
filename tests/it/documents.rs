//! Documents say what is so: their examples run, and what they list exists.

use crate::support::repository;
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::{Place, Reference, RulesetSource};
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

/// Each example loads with the shipped rules, and its rule runs without a fault.
#[test]
fn the_examples_of_the_reference_run() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    for word in reference().words {
        let mut files = source.files().clone();
        files.insert("95_example.rhai".to_owned(), word.statement("handler"));
        let published = Published::load(RulesetSource::new(files), &settings);
        let published = published.unwrap_or_else(|found| panic!("{}: {}", word.name, found[0]));
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
