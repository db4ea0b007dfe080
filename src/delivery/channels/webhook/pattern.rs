//! `Pattern`: a text with places in `{{ … }}` that the event or a secret fills, for addresses and headers.

use super::values::{HIDDEN, Values};
use serde_json::Value;

/// A text and its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    /// The path of a value in the event, as `data.complaint.number`; `id` is the delivery's.
    Event(String),
    /// The name of one of the plugin's secrets.
    Secret(String),
}

/// The part of a request that a text is for, which says how values are written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything but letters, digits and `-._~:` is percent-encoded, so that a value is never more than one
    /// segment of a path or one value of a query.
    Address,
    /// What may not stand in a header is percent-encoded, as CloudEvents has it (HTTP binding, 3.1.3.2).
    Header,
}

/// A reason why a text cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// The event has no value at this path.
    Empty(String),
    /// The value cannot stand there, or a secret cannot be read.
    Wrong(String),
}

impl Pattern {
    /// Parses a text. The words of errors repeat nothing of it: a secret may stand there by mistake.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (place, behind) = after.split_once("}}").ok_or("a place begins with {{ and has no }}")?;
            if !before.is_empty() {
                pieces.push(Piece::Literal(before.to_owned()));
            }
            pieces.push(Piece::of_place(place.trim())?);
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Returns the text before the first place.
    pub fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// Returns whether nothing fills it.
    pub fn is_literal(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }

    /// Returns the text with every place filled by `value`.
    pub fn with_each(&self, value: &str) -> String {
        self.0.iter().map(|piece| if let Piece::Literal(text) = piece { text } else { value }).collect()
    }

    /// Returns the names of the secrets that fill it.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Secret(name) => Some(name.as_str()),
            Piece::Literal(_) | Piece::Event(_) => None,
        })
    }

    /// Returns the paths in the event that fill it.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Event(path) => Some(path.as_str()),
            Piece::Literal(_) | Piece::Secret(_) => None,
        })
    }

    /// Returns the text filled from an event, where `id` is the delivery's.
    pub fn fill(&self, part: Part, event: &Value, values: &Values<'_>) -> Result<String, Unfilled> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Event(path) => text.push_str(&part.written(&value_at(event, path)?)?),
                Piece::Secret(name) => {
                    let value = values.named(name).map_err(Unfilled::Wrong)?;
                    match (part, value.expose()) {
                        (_, HIDDEN) | (Part::Header, _) => text.push_str(value.expose()),
                        (Part::Address, secret) => text.push_str(&part.written(secret)?),
                    }
                }
            }
        }
        Ok(text)
    }
}

impl Piece {
    fn of_place(place: &str) -> Result<Self, &'static str> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words: Vec<&str> = place.split('.').collect();
        if words.iter().any(|word| word.is_empty() || !word.chars().all(is_word)) {
            return Err("a place {{ … }} holds a name, such as {{ id }} or {{ data.complaint.number }}");
        }
        match words[..] {
            ["secret", name] => Ok(Self::Secret(name.to_owned())),
            ["id" | "type" | "timestamp"] | ["data", _, ..] => Ok(Self::Event(place.to_owned())),
            _ => Err("a place {{ … }} is id, type, timestamp, data.… or secret.…"),
        }
    }
}

fn value_at(event: &Value, path: &str) -> Result<String, Unfilled> {
    let found = path.split('.').try_fold(event, |value, name| value.get(name));
    match found {
        None | Some(Value::Null) => Err(Unfilled::Empty(path.to_owned())),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
        Some(_) => Err(Unfilled::Wrong(format!("{path} is more than one value"))),
    }
}

impl Part {
    fn written(self, value: &str) -> Result<String, Unfilled> {
        if self == Self::Address && matches!(value, "" | "." | "..") {
            return Err(Unfilled::Wrong(format!("`{value}` cannot stand in an address")));
        }
        let stays = |byte: u8| match self {
            Self::Address => byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte),
            Self::Header => byte.is_ascii_graphic() && !b"\"%".contains(&byte),
        };
        let mut text = String::with_capacity(value.len());
        for byte in value.bytes() {
            match stays(byte) {
                true => text.push(char::from(byte)),
                false => text.push_str(&format!("%{byte:02X}")),
            }
        }
        Ok(text)
    }

    /// Returns a secret as it stands in this part of a request.
    pub fn secret(self, value: &str) -> String {
        match self {
            Self::Header => value.to_owned(),
            Self::Address => self.written(value).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{Readings, Secret};
    use std::collections::BTreeMap;

    fn filled(text: &str, part: Part, event: &Value) -> Result<String, Unfilled> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        std::fs::write(&file, "12:a/b").expect("a file");
        let named = BTreeMap::from([("token".to_owned(), Secret::File(file))]);
        let secrets = Readings::default();
        Pattern::parse(text).expect("a pattern").fill(part, event, &Values::revealed(&named, &secrets))
    }

    #[test]
    fn places_are_filled_and_never_break_out_of_theirs() {
        let event = serde_json::json!({"id": "d1", "type": "event.x", "data": {"n": 7, "evil": "a/../?b=c#é",
            "dots": "..", "null": null, "list": []}});
        let address = |text: &str| filled(text, Part::Address, &event);
        assert_eq!(address("https://x.nl/a/{{ id }}/{{data.n}}"), Ok("https://x.nl/a/d1/7".to_owned()));
        assert_eq!(address("/{{ data.evil }}"), Ok("/a%2F..%2F%3Fb%3Dc%23%C3%A9".to_owned()));
        assert_eq!(address("/bot{{ secret.token }}/x"), Ok("/bot12:a%2Fb/x".to_owned()));
        assert!(matches!(address("/{{ data.dots }}"), Err(Unfilled::Wrong(_))));
        assert!(matches!(address("/{{ data.list }}"), Err(Unfilled::Wrong(_))));
        assert_eq!(address("/{{ data.null }}"), Err(Unfilled::Empty("data.null".to_owned())));
        assert_eq!(
            address("/{{ data.nowhere.at.all }}").err(),
            Some(Unfilled::Empty("data.nowhere.at.all".to_owned()))
        );
        let header = |text: &str| filled(text, Part::Header, &event);
        assert_eq!(header("Bearer {{ secret.token }}"), Ok("Bearer 12:a/b".to_owned()));
        assert_eq!(header("{{ data.evil }}"), Ok("a/../?b=c#%C3%A9".to_owned()));
        assert!(matches!(header("{{ secret.nothing }}"), Err(Unfilled::Wrong(_))));
    }

    #[test]
    fn what_is_no_place_is_refused_without_repeating_it() {
        for text in [
            "{{ hush",
            "{{}}",
            "{{ hush }}",
            "{{ data }}",
            "{{ secret.hush.x }}",
            "{{ id | hush }}",
            "{{ data.a..b }}",
        ] {
            let why = Pattern::parse(text).expect_err(text);
            assert!(!why.contains("hush"), "{why}");
        }
        let plain = Pattern::parse("https://x.nl/}}").expect("no place");
        assert!(plain.is_literal() && plain.beginning() == "https://x.nl/}}");
    }
}
