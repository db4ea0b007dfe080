//! The text of a mail as its reader sees it: every part that is shown, in order (docs/mail.md "Text").

use super::charset::characters;
use super::html::text_of_html;
use super::part::{media_type, nested, parameter};
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;
use std::collections::HashMap;

/// The deepest part that is looked at in its place; what lies deeper is found without its place.
const DEPTH: usize = 60;
/// The deepest mail within a mail that is looked at.
const NESTED: usize = 3;

/// Returns the text that a reader sees: of alternatives one, of everything else all of it. Where the structure
/// shows nothing, what text there is; else what the mail within it says.
pub(super) fn text_of(message: &Message) -> String {
    text_within(message, NESTED)
}

/// Returns the HTML that a mail program shows first, as it was sent; none where it shows text only.
pub(super) fn html_of(message: &Message) -> Option<String> {
    let parts = message.parts.iter().enumerate();
    let mut shown = parts.filter(|(id, part)| is_html(part) && is_shown(part, *id as u32));
    shown.next().map(|(_, part)| characters(message, part).into_owned())
}

fn text_within(message: &Message, nestings: usize) -> String {
    let shown = shown(message, 0, 0);
    if !shown.trim().is_empty() {
        return shown;
    }
    if let Some(text) = loose_text(message) {
        return text;
    }
    let inner = message.parts.iter().find_map(nested).filter(|_| nestings > 0);
    inner.map(|inner| text_within(inner, nestings - 1)).unwrap_or_default()
}

/// Returns what a part shows.
fn shown(message: &Message, id: u32, depth: usize) -> String {
    let Some(part) = message.parts.get(id as usize).filter(|_| depth < DEPTH) else { return String::new() };
    match &part.body {
        PartType::Multipart(children) => {
            let child = |id: &u32| shown(message, *id, depth + 1);
            match media_type(part).as_deref() {
                Some("multipart/alternative") => alternative(message, children, child),
                Some("multipart/related") => related(message, part, children, child),
                _ => joined(children.iter().map(child)),
            }
        }
        PartType::Text(_) | PartType::Html(_) if is_shown(part, id) => text_of_part(message, part),
        _ => String::new(),
    }
}

fn text_of_part(message: &Message, part: &MessagePart) -> String {
    let characters = characters(message, part);
    match is_html(part) {
        true => text_of_html(&characters),
        false => characters.into_owned(),
    }
}

/// Returns whether a part is HTML, also where the parser gave up on its coding.
fn is_html(part: &MessagePart) -> bool {
    matches!(part.body, PartType::Html(_)) || media_type(part).as_deref() == Some("text/html")
}

/// Returns whether mail programs show a part in its place, not as a file.
fn is_shown(part: &MessagePart, id: u32) -> bool {
    if id == 0 {
        return true;
    }
    let is_file =
        part.content_disposition().is_some_and(|d| d.is_attachment()) || part.attachment_name().is_some();
    let is_written = match media_type(part).as_deref() {
        None | Some("text/plain" | "text/html" | "text/enriched" | "text/markdown" | "text/") => true,
        // A multipart without parts is read as the text that it holds.
        Some(kind) => kind.starts_with("multipart/"),
    };
    is_written && !is_file
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut all = String::new();
    for text in texts.filter(|text| !text.trim().is_empty()) {
        if all.is_empty() {
            all = text;
        } else {
            all.truncate(all.trim_end().len());
            all.push_str("\n\n");
            all.push_str(text.trim_start_matches(['\r', '\n']));
        }
    }
    all
}

/// Returns the alternative that counts: the plain text, unless it is a stub and the reader sees another.
fn alternative(message: &Message, children: &[u32], child: impl Fn(&u32) -> String) -> String {
    let is_plain = |id: &&u32| {
        let part = message.parts.get(**id as usize);
        part.is_some_and(|p| matches!(p.body, PartType::Text(_)) && !is_html(p))
    };
    let plain = children.iter().filter(is_plain).map(&child).find(|text| !text.trim().is_empty());
    let rich =
        children.iter().rev().filter(|id| !is_plain(id)).map(&child).find(|text| !text.trim().is_empty());
    match (plain, rich) {
        (Some(plain), Some(rich)) if is_stub(&plain, &rich) => rich,
        (Some(plain), _) => plain,
        (None, rich) => rich.unwrap_or_default(),
    }
}

/// Returns whether a plain text leaves out what the other alternative says.
fn is_stub(plain: &str, rich: &str) -> bool {
    let (mut plain, mut rich) = (words(plain).peekable(), words(rich).peekable());
    let (mut all, mut missing) = (0_usize, 0_usize);
    // Most alternatives say the same from their first word on.
    while plain.peek().is_some() && plain.peek() == rich.peek() {
        all += 1;
        plain.next();
        rich.next();
    }
    let mut known: HashMap<Cow<'_, str>, usize> = HashMap::new();
    for word in plain {
        *known.entry(word).or_default() += 1;
    }
    for word in rich {
        all += 1;
        match known.get_mut(&word) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing += 1,
        }
    }
    missing * 10 > all * 3
}

fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let written = text.split_whitespace().filter(|word| !word.contains("://"));
    written
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(lowercase)
}

/// Returns a word in small letters, which most words have anyway.
fn lowercase(word: &str) -> Cow<'_, str> {
    match word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        true => Cow::Borrowed(word),
        false => Cow::Owned(word.to_lowercase()),
    }
}

/// Returns what the root of related parts shows, and what stands beside it without belonging to it.
fn related(
    message: &Message,
    part: &MessagePart,
    children: &[u32],
    child: impl Fn(&u32) -> String,
) -> String {
    let part_of = |id: &u32| message.parts.get(*id as usize);
    let start = parameter(part, "start").map(|id| id.trim_matches(['<', '>']).to_owned());
    let is_start = |id: &&u32| {
        let said = part_of(id).and_then(|p| p.content_id());
        start.as_deref().zip(said).is_some_and(|(start, said)| said.eq_ignore_ascii_case(start))
    };
    let root = children.iter().find(is_start).or(children.first()).copied();
    let is_beside = |id: &&u32| Some(**id) == root || part_of(id).is_some_and(|p| p.content_id().is_none());
    joined(children.iter().filter(is_beside).map(child))
}

/// Returns the first text that a mail holds where its structure does not show it: one that was cut off, one
/// that is nothing but a file of text.
fn loose_text(message: &Message) -> Option<String> {
    let is_attached = |p: &MessagePart| p.content_disposition().is_some_and(|d| d.is_attachment());
    let is_written = |p: &MessagePart| {
        let kind = media_type(p).unwrap_or_default();
        !matches!(kind.as_str(), "text/calendar" | "text/rfc822-headers" | "text/x-amp-html")
    };
    let parts = || message.parts.iter().filter(|p| !is_attached(p) && is_written(p));
    let of = |is_wanted: fn(&MessagePart) -> bool| {
        parts()
            .filter(|p| is_wanted(p))
            .map(|p| text_of_part(message, p))
            .find(|text| !text.trim().is_empty())
    };
    let is_text = |p: &MessagePart| matches!(p.body, PartType::Text(_)) && !is_html(p);
    of(is_text).or_else(|| of(is_html))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_stub_by_counting(plain: &str, rich: &str) -> bool {
        let mut known: Vec<Cow<'_, str>> = words(plain).collect();
        let all = words(rich).count();
        let missing = words(rich).filter(|word| match known.iter().position(|k| k == word) {
            Some(at) => {
                known.remove(at);
                false
            }
            None => true,
        });
        missing.count() * 10 > all * 3
    }

    proptest! {
        #[test]
        fn a_stub_is_told_however_far_both_begin_alike(
            same in "([ab] ){0,8}", plain in "([abcD] ){0,8}", rich in "([abcd] ){0,12}",
        ) {
            let (plain, rich) = (format!("{same}{plain}"), format!("{same}{rich}"));
            prop_assert_eq!(is_stub(&plain, &rich), is_stub_by_counting(&plain, &rich));
        }
    }
}
