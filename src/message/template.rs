//! `Templates`: all messages of a ruleset, parsed once and rendered strictly.

use super::builtin::BUILTIN;
use super::invitation::CalendarMethod;
use super::{grammar, sandbox};
use crate::escape;
use minijinja::{Environment, Error, Output, State, Value};
use pulldown_cmark::{Event, Parser, html};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The longest body, in characters; more is a mistake in the template.
const MAX_CHARACTERS: usize = 100_000;
/// The longest subject, in characters.
const SUBJECT_CHARACTERS: usize = 200;

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 200 characters.
    pub subject: String,
    /// Markdown that reads well as plain text.
    pub text: String,
    /// The same text as an HTML fragment.
    pub html: String,
    /// The language in which it is written, `nl` or `en`.
    pub language: String,
    /// The request for the invitation of the complaint's meeting, which the letter carries (front matter
    /// `calendar:`); none for a letter without one.
    pub calendar: Option<CalendarMethod>,
}

/// A reason why a message could not be rendered, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("messages/{language}/{message}.md:{line}: {why}")]
pub struct TemplateError {
    /// The language of the template: `nl` or `en`.
    pub language: String,
    /// The name of the message.
    pub message: String,
    /// The line of its file, from 1; 0 when the template is missing.
    pub line: usize,
    /// The mistake, in the words of the template engine.
    pub why: String,
}

/// The messages of a ruleset, and those that are compiled in.
#[derive(Debug)]
pub struct Templates {
    ruleset: TemplateSet,
    builtin: TemplateSet,
}

/// Messages by language and name, parsed.
#[derive(Debug)]
struct TemplateSet {
    /// Values as they are, for subjects and text.
    plain: Environment<'static>,
    /// Values escaped, so that what a person typed cannot become markup or a link.
    escaped: Environment<'static>,
    /// The front matter of each message, by language and name.
    known: BTreeMap<(String, String), Front>,
}

/// The front matter of a template.
#[derive(Clone, Copy, Debug)]
struct Front {
    calendar: Option<CalendarMethod>,
    /// Lines of the file before the subject, by which its errors are placed.
    before_subject: usize,
    /// Lines of the file before the body.
    before_body: usize,
}

/// A part of a message that is rendered by itself.
#[derive(Clone, Copy, Debug)]
enum Part {
    Subject,
    Body,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
        }
    }

    /// Returns how many lines of the file stand before it.
    fn offset(self, front: Front) -> usize {
        match self {
            Self::Subject => front.before_subject,
            Self::Body => front.before_body,
        }
    }

    /// Returns the name of its template.
    fn name(self, language: &str, message: &str) -> String {
        format!("{language}/{message}/{}", self.as_str())
    }
}

impl Templates {
    /// Parses templates given as (language, message, text) beside the built-in ones.
    ///
    /// # Errors
    /// Every mistake that could be found, by file and line.
    pub fn load<'t>(
        sources: impl Iterator<Item = (&'t str, &'t str, &'t str)>,
    ) -> Result<Self, Vec<TemplateError>> {
        let (ruleset, mut wrong) = TemplateSet::parse(sources);
        let builtin = BUILTIN.iter().map(|(language, message, text)| (*language, message.as_str(), *text));
        let (builtin, mistakes) = TemplateSet::parse(builtin);
        wrong.extend(mistakes);
        if wrong.is_empty() { Ok(Self { ruleset, builtin }) } else { Err(wrong) }
    }

    /// Returns whether a message is written in a language, in the ruleset or compiled in.
    pub fn has(&self, language: &str, message: &str) -> bool {
        self.ruleset.has(language, message) || self.builtin.has(language, message)
    }

    /// Lists the names of all messages.
    pub fn names(&self) -> Vec<String> {
        let known = self.ruleset.known.keys().chain(self.builtin.known.keys());
        let names: BTreeSet<&String> = known.map(|(_, message)| message).collect();
        names.into_iter().cloned().collect()
    }

    /// Renders a message; a variable that is missing is an error. A message of the ruleset stands in the
    /// place of the compiled-in one of its name.
    pub fn render(&self, language: &str, message: &str, context: &Value) -> Result<Rendered, TemplateError> {
        let set = if self.ruleset.has(language, message) { &self.ruleset } else { &self.builtin };
        set.render(language, message, context)
    }

    /// Renders the compiled-in message, whatever stands in its place.
    pub fn render_builtin(
        &self,
        language: &str,
        message: &str,
        context: &Value,
    ) -> Result<Rendered, TemplateError> {
        self.builtin.render(language, message, context)
    }
}

impl TemplateSet {
    fn parse<'t>(sources: impl Iterator<Item = (&'t str, &'t str, &'t str)>) -> (Self, Vec<TemplateError>) {
        let mut set =
            Self { plain: sandbox::environment(), escaped: sandbox::environment(), known: BTreeMap::new() };
        set.escaped.set_formatter(write_escaped);
        let added = sources.map(|(language, message, text)| set.add(language, message, text));
        let wrong = added.filter_map(Result::err).collect();
        (set, wrong)
    }

    fn add(&mut self, language: &str, message: &str, text: &str) -> Result<(), TemplateError> {
        let fail = |line: usize, why: &str| TemplateError {
            language: language.to_owned(),
            message: message.to_owned(),
            line,
            why: why.to_owned(),
        };
        let text = text.replace("\r\n", "\n");
        let parts = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (head, body) = parts.ok_or_else(|| fail(1, "begin with ---, a line `subject: …`, and ---"))?;
        let (mut subject, mut calendar) = (None, None);
        for (i, line) in head.lines().enumerate() {
            match line.split_once(':') {
                Some(("subject", text)) => subject = Some((text, i + 1)),
                Some(("calendar", text)) => {
                    let method = text.trim().parse();
                    calendar = Some(method.map_err(|()| fail(i + 2, "`calendar:` is request or cancel"))?);
                }
                _ => {
                    return Err(fail(
                        i + 2,
                        "the front matter has lines `subject: …` and `calendar: …` only",
                    ));
                }
            }
        }
        let (subject, before_subject) =
            subject.ok_or_else(|| fail(1, "the front matter has no `subject:`"))?;
        let front = Front { calendar, before_subject, before_body: head.lines().count() + 2 };
        for (part, source) in [(Part::Subject, subject.trim()), (Part::Body, body)] {
            let name = part.name(language, message);
            let offset = part.offset(front);
            let unread = |e: Error| fail(e.line().unwrap_or(0) + offset, &describe(&e));
            if let Some(mistake) = grammar::check(source).map_err(unread)? {
                return Err(fail(mistake.line + offset, &mistake.why));
            }
            // Plain text has no bold.
            let plain = source.replace("**", "");
            for (environment, source) in [(&mut self.plain, plain), (&mut self.escaped, source.to_owned())] {
                environment.add_template_owned(name.clone(), source).map_err(unread)?;
            }
        }
        self.known.insert((language.to_owned(), message.to_owned()), front);
        Ok(())
    }

    fn has(&self, language: &str, message: &str) -> bool {
        self.known.contains_key(&(language.to_owned(), message.to_owned()))
    }

    /// Renders a message in a language; a variable that is missing is an error.
    fn render(&self, language: &str, message: &str, context: &Value) -> Result<Rendered, TemplateError> {
        let front = self.known.get(&(language.to_owned(), message.to_owned())).copied();
        let part = |environment: &Environment, part: Part| {
            let template = environment.get_template(&part.name(language, message));
            let rendered = template.and_then(|t| sandbox::render(&t, context));
            rendered.map_err(|e| TemplateError {
                language: language.to_owned(),
                message: message.to_owned(),
                line: e.line().unwrap_or(0) + front.map_or(0, |front| part.offset(front)),
                why: describe(&e),
            })
        };
        let subject = part(&self.plain, Part::Subject)?;
        let subject: String = escape::line(&subject).split_whitespace().collect::<Vec<_>>().join(" ");
        let text = part(&self.plain, Part::Body)?;
        let markdown = part(&self.escaped, Part::Body)?;
        Ok(Rendered {
            subject: subject.chars().take(SUBJECT_CHARACTERS).collect(),
            text: escape::text(&text).chars().take(MAX_CHARACTERS).collect(),
            html: to_html(&escape::text(&markdown)),
            language: language.to_owned(),
            calendar: front.and_then(|front| front.calendar),
        })
    }
}

fn describe(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

fn write_escaped(out: &mut Output, _: &State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::new(minijinja::ErrorKind::UndefinedError, "a variable is missing"));
    }
    let text = if value.is_none() { String::new() } else { value.to_string() };
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.write_char('\n')?;
        }
        write_escaped_line(out, line)?;
    }
    Ok(())
}

fn write_escaped_line(out: &mut Output, line: &str) -> Result<(), Error> {
    let said = line.trim_start_matches([' ', '\t']);
    // What is set in would be code, and a line of dashes makes a heading of the one above.
    for _ in said.len()..line.len() {
        out.write_char('\u{a0}')?;
    }
    let is_rule = said.trim_end().chars().all(|c| c == '-');
    for c in said.chars() {
        let is_plain = matches!(c, '.' | ',' | ':' | '/' | '@' | '\'' | '"') || (c == '-' && !is_rule);
        if c.is_ascii_punctuation() && !is_plain {
            out.write_char('\\')?;
        }
        out.write_char(c)?;
    }
    Ok(())
}

fn to_html(markdown: &str) -> String {
    // Raw HTML in a template is shown, not obeyed.
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn render(body: &str, context: serde_json::Value) -> Result<Rendered, String> {
        let text = format!("---\nsubject: S {{{{ name }}}}\n---\n{body}");
        let templates =
            Templates::load([("nl", "m", text.as_str())].into_iter()).map_err(|e| e[0].to_string())?;
        templates.render("nl", "m", &Value::from_serialize(context)).map_err(|e| e.to_string())
    }

    #[test]
    fn what_people_typed_is_not_markup() {
        let rendered =
            render("Dag **{{ name }}**", json!({"name": "[x](http://evil) <script> *"})).expect("renders");
        assert_eq!(rendered.text, "Dag [x](http://evil) <script> *");
        assert_eq!(rendered.html, "<p>Dag <strong>[x](http://evil) &lt;script&gt; *</strong></p>\n");
        let lines =
            render("{{ name }}", json!({"name": "een\n---\n\n    <b>twee</b>\n- drie"})).expect("renders");
        let html = "<p>een\n---</p>\n<p>\u{a0}\u{a0}\u{a0}\u{a0}&lt;b&gt;twee&lt;/b&gt;</p>\n<ul>\n<li>drie</li>\n</ul>\n";
        assert_eq!(lines.html, html);
    }

    #[test]
    fn a_missing_variable_is_an_error_with_its_place() {
        let why = render("eerste\n{{ nmae }}", json!({"name": "x"})).expect_err("strict");
        assert!(why.starts_with("messages/nl/m.md:5: undefined value"), "{why}");
    }

    #[test]
    fn the_place_of_an_error_counts_every_line_of_the_front_matter() {
        let text = "---\nsubject: S {{ nmae }}\ncalendar: request\n---\neerste\n{{ nmae }}\n";
        let load = |text: &str| Templates::load([("nl", "m", text)].into_iter());
        let why = |text: &str| {
            let rendered = load(text).expect("loads").render("nl", "m", &Value::from_serialize(json!({})));
            rendered.expect_err("strict").line
        };
        assert_eq!(why(text), 2, "the subject, as at loading");
        let turned = "---\ncalendar: request\nsubject: S {{ nmae }}\n---\neerste\n";
        assert_eq!(why(turned), 3);
        assert_eq!(why(&text.replace("S {{ nmae }}", "S")), 6);
        let broken = text.replace("S {{ nmae }}", "S").replace("{{ nmae }}", "{{ nmae");
        assert_eq!(load(&broken).expect_err("no syntax")[0].line, 6);
    }

    #[test]
    fn dates_and_terms_are_words() {
        let rendered = render(
            "{{ d|date }} {{ m|moment }} {{ t|term }}",
            json!({"name": "x", "d": "2027-01-04", "m": "2027-01-04T09:00:00.000+01:00", "t": "6 weeks"}),
        );
        assert_eq!(rendered.expect("renders").text, "4 januari 2027 4 januari 2027 om 09:00 uur 6 weken");
    }
}
