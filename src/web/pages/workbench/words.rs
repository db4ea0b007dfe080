//! `/procedure/words`: the words that rules and scenarios may use, with help and examples in the names in force, to be looked
//! through; `?q=` narrows them, and `?beside=1` is the same for a frame beside the editor.

use super::allowed;
use crate::complaint::{Language, folded_words};
use crate::escape::markup;
use crate::rules::{FieldEntry, Help, PropertyEntry, Reference, WordEntry};
use crate::web::form::Fields;
use crate::web::guard::BESIDE_POLICY;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_FRAME_OPTIONS};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The words of scenarios, by which an address leads to them.
pub(super) const OF_SCENARIOS: &str = "scenarios";

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let fields = Fields::of_query(query.as_deref());
    let (asked, is_beside) = (fields.get("q").trim(), !fields.get("beside").is_empty());
    let words = Words { language: signed.language, wanted: folded_words(asked) };
    let groups = words.groups(&Reference::of(&page.workflow.published().ruleset));
    let found: usize = groups.iter().map(|group| group.entries.len()).sum();
    let groups: Vec<Value> = groups.into_iter().map(Group::shown).collect();
    let of = context! { asked, is_beside, groups, found };
    let title = say(signed.language, "words_title", &[]);
    let shown = Shown { template: "words", title, here: "/procedure", of };
    if !is_beside {
        return page.show(&signed, StatusCode::OK, shown);
    }
    let headers = [
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(BESIDE_POLICY)),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    Ok((headers, page.show_beside(&signed, shown)?).into_response())
}

/// Words under a heading.
struct Group {
    /// By which an address leads to it.
    id: String,
    title: Help,
    note: Option<Help>,
    language: Language,
    entries: Vec<Value>,
}

impl Group {
    fn shown(self) -> Value {
        let words = |help: Help| marked(help.in_language(self.language));
        context! { id => self.id, title => words(self.title), note => self.note.map(words), entries => self.entries }
    }
}

/// What of the reference is wanted, and in which language.
struct Words {
    language: Language,
    wanted: Vec<String>,
}

impl Words {
    /// Returns what is wanted of the reference, by heading.
    fn groups(&self, reference: &Reference) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for word in &reference.words {
            let entry = self.word(word);
            match groups.iter_mut().find(|group| group.title.en == word.group.en) {
                Some(group) => group.entries.extend(entry),
                None => {
                    let group = self.group(&format!("words-{}", groups.len()), word.group, None);
                    groups.push(Group { entries: entry.into_iter().collect(), ..group });
                }
            }
        }
        let (fields, others) = Reference::OF_FIELDS;
        let mut of_fields = self.group("fields", fields, Some(others));
        of_fields.entries.extend(reference.fields.iter().filter_map(|field| self.field(field)));
        let mut of_elements = self.group("elements", Reference::OF_ELEMENTS, None);
        let property = |one: &PropertyEntry| self.entry((&[format!(".{}", one.name)], one.help), &[], None);
        of_elements.entries.extend(reference.elements.iter().filter_map(property));
        let mut of_scenarios = self.group(OF_SCENARIOS, Reference::OF_SCENARIOS, None);
        of_scenarios.entries.extend(reference.scenarios.iter().filter_map(|word| self.word(word)));
        groups.extend([of_fields, of_elements, of_scenarios]);
        groups.retain(|group| !group.entries.is_empty());
        groups
    }

    fn group(&self, id: &str, title: Help, note: Option<Help>) -> Group {
        Group { id: id.to_owned(), title, note, language: self.language, entries: Vec::new() }
    }

    fn word(&self, word: &WordEntry) -> Option<Value> {
        let effect = word.has_effect.then_some("words_effect");
        let notes: Vec<String> = effect.map(|key| say(self.language, key, &[])).into_iter().collect();
        self.entry((&word.calls(), word.help), &notes, Some(&word.example))
    }

    fn field(&self, field: &FieldEntry) -> Option<Value> {
        let notes: Vec<String> =
            field.notes().map(|note| note.in_language(self.language).to_owned()).collect();
        self.entry((&[format!("complaint.{}", field.name)], field.help), &notes, None)
    }

    /// Returns an entry, where every word that is looked for stands in it.
    fn entry(
        &self,
        (calls, help): (&[String], Help),
        notes: &[String],
        example: Option<&str>,
    ) -> Option<Value> {
        let help = help.in_language(self.language);
        let text = folded_words(&format!("{} {help} {}", calls.join(" "), notes.join(" "))).join(" ");
        let is_wanted = self.wanted.iter().all(|word| text.contains(word.as_str()));
        let notes: Vec<Value> = notes.iter().map(|note| marked(note)).collect();
        is_wanted.then(|| context! { calls, help => marked(help), notes, example })
    }
}

/// Returns a text as a page shows it: what stands between backticks is code.
fn marked(text: &str) -> Value {
    let mut page = String::new();
    for (place, words) in text.split('`').enumerate() {
        let words = markup(words);
        page.push_str(&if place % 2 == 1 { format!("<code>{words}</code>") } else { words });
    }
    Value::from_safe_string(page)
}
