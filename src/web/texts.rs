//! The words of the page, from two flat tables with the same keys.

use crate::complaint::{Language, Text, filled};
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Table = BTreeMap<String, String>;

static DUTCH: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../assets/texts/nl.toml")));
static ENGLISH: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../assets/texts/en.toml")));

fn read(text: &str) -> Table {
    toml::from_str(text).expect("the tables of texts are TOML")
}

fn table(language: Language) -> &'static Table {
    match language {
        Language::Dutch => &DUTCH,
        Language::English => &ENGLISH,
    }
}

/// Returns the words for a key; none where there are none.
pub(super) fn find(language: Language, key: &str) -> Option<&'static str> {
    table(language).get(key).map(String::as_str)
}

/// Returns the words for a key, with what stands in braces filled in.
pub(super) fn say(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    filled(find(language, key).unwrap_or(key), values)
}

/// Returns the words for a key in both languages, with the same filled in.
pub(super) fn both(key: &str, values: &[(&str, &str)]) -> Text {
    Text::new(say(Language::Dutch, key, values), say(Language::English, key, values))
}

/// Returns the key of a count: `days_one` or `days_other`.
pub(super) fn counted(key: &str, count: i64) -> String {
    format!("{key}_{}", if count == 1 { "one" } else { "other" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |table: &Table| table.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&DUTCH), keys(&ENGLISH));
        for (key, dutch) in DUTCH.iter() {
            let named = |text: &str| {
                let mut names: Vec<String> =
                    text.split('{').skip(1).filter_map(|t| Some(t.split_once('}')?.0.to_owned())).collect();
                names.sort();
                names
            };
            assert_eq!(named(dutch), named(&ENGLISH[key]), "{key}");
            assert!(!dutch.trim().is_empty(), "{key}");
        }
    }

    /// Every quoted word of the page's code and templates that could be a key.
    fn said() -> Vec<String> {
        let mut texts = Vec::new();
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let mut folders = vec![root.join("src/web"), root.join("assets/templates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => texts.push(std::fs::read_to_string(path).expect("a text")),
                }
            }
        }
        texts.iter().flat_map(|text| text.split('"').skip(1).step_by(1)).map(str::to_owned).collect()
    }

    #[test]
    fn every_text_is_used() {
        let said = said();
        let is_used = |key: &String| {
            let counted = key.strip_suffix("_one").or(key.strip_suffix("_other"));
            said.iter().any(|word| word == key || Some(word.as_str()) == counted)
        };
        let unused: Vec<&String> = DUTCH.keys().filter(|key| !is_used(key)).collect();
        assert_eq!(unused, Vec::<&String>::new());
    }
}
