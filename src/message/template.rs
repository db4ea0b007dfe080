//! `Templates`: all messages of a ruleset, parsed once and rendered strictly.

use super::builtin::BUILTIN;
use super::dispatch::Dispatch;
use super::filters::Unwritable;
use super::head::{Letter, read};
use super::invitation::CalendarMethod;
use super::mistake::{Mistake, MistakeKind, TooMuch};
use super::shape::Shape;
use super::title::title;
use super::walk::Walk;
use super::{blocks, parse, sandbox};
use crate::escape;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};
use pulldown_cmark::{Event, Parser, html};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The longest body, in characters; more is a mistake in the template.
const MAX_CHARACTERS: usize = 100_000;
/// The longest subject or line of a digest, in characters.
const SUBJECT_CHARACTERS: usize = 200;

/// A message in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// The line by which a digest tells of it (front matter `line:`); empty when there is nothing to tell, none where
    /// it has none.
    pub line: Option<String>,
}

/// A mistake in a message, or the reason why it could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("messages/{language}/{message}.md:{}: {:?}", mistake.line, mistake.kind)]
pub struct TemplateError {
    /// The language of the template: `nl` or `en`.
    pub language: String,
    /// The name of the message.
    pub message: String,
    /// What is wrong, and where in the file.
    pub mistake: Box<Mistake>,
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
#[derive(Clone, Debug)]
struct Front {
    /// What it is called.
    title: String,
    calendar: Option<CalendarMethod>,
    dispatch: Dispatch,
    /// Lines of the file before the line for digests; none where it has none.
    before_line: Option<usize>,
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
    Line,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
            Self::Line => "line",
        }
    }

    /// Returns how many lines of the file stand before it.
    fn offset(self, front: &Front) -> usize {
        match self {
            Self::Subject => front.before_subject,
            Self::Body => front.before_body,
            Self::Line => front.before_line.unwrap_or_default(),
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

    /// Returns what a message is called; none for one that is not there, or whose subject is filled in as a whole.
    pub fn title(&self, language: &str, message: &str) -> Option<&str> {
        let front = self.ruleset.front(language, message).or_else(|| self.builtin.front(language, message));
        front.map(|front| front.title.as_str()).filter(|title| !title.is_empty())
    }

    /// Returns what the head of a message of the ruleset says about when it goes; none for one that it does not have.
    pub fn dispatch(&self, language: &str, message: &str) -> Option<&Dispatch> {
        self.ruleset.front(language, message).map(|front| &front.dispatch)
    }

    /// Renders a message; a variable that is missing is an error. A message of the ruleset stands in the
    /// place of the compiled-in one of its name.
    pub fn render(&self, language: &str, message: &str, context: &Value) -> Result<Rendered, TemplateError> {
        let set = if self.ruleset.has(language, message) { &self.ruleset } else { &self.builtin };
        set.render(language, message, context)
    }

    /// Renders the line by which a digest tells of a message of the ruleset, as [`Rendered::line`].
    pub fn line(
        &self,
        language: &str,
        message: &str,
        context: &Value,
    ) -> Result<Option<String>, TemplateError> {
        self.ruleset.line(language, message, context)
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
        let mut wrong = Vec::new();
        for (language, message, text) in sources {
            let told = |mistake| TemplateError {
                language: language.to_owned(),
                message: message.to_owned(),
                mistake: Box::new(mistake),
            };
            let found = set.add(language, message, &text.replace("\r\n", "\n"));
            wrong.extend(found.err().into_iter().flatten().map(told));
        }
        (set, wrong)
    }

    fn add(&mut self, language: &str, message: &str, text: &str) -> Result<(), Vec<Mistake>> {
        let Letter { subject, body, line, calendar, dispatch } = read(text)?;
        let front = Front {
            title: title(subject.text),
            calendar,
            dispatch,
            before_line: line.map(|line| line.lines),
            before_subject: subject.lines,
            before_body: body.lines,
        };
        let mut found = Vec::new();
        let parts = [(Part::Subject, subject), (Part::Body, body)];
        for (part, section) in parts.into_iter().chain(line.map(|line| (Part::Line, line))) {
            let mistakes = mistakes(section.text);
            if !mistakes.is_empty() {
                found.extend(mistakes.into_iter().map(|m| section.placed(m)));
                continue;
            }
            let name = part.name(language, message);
            let plain = without_marks(section.text);
            let sources = [(&mut self.plain, plain), (&mut self.escaped, section.text.to_owned())];
            for (environment, source) in sources {
                let added = environment.add_template_owned(name.clone(), source);
                found.extend(added.err().map(|e| failed(&e, section.lines)));
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        self.known.insert((language.to_owned(), message.to_owned()), front);
        Ok(())
    }

    fn has(&self, language: &str, message: &str) -> bool {
        self.front(language, message).is_some()
    }

    fn front(&self, language: &str, message: &str) -> Option<&Front> {
        self.known.get(&(language.to_owned(), message.to_owned()))
    }

    /// Renders a message in a language; a variable that is missing is an error.
    fn render(&self, language: &str, message: &str, context: &Value) -> Result<Rendered, TemplateError> {
        let part = |environment, part| self.part(environment, part, (language, message), context);
        let subject = one_line(&part(&self.plain, Part::Subject)?);
        let text = part(&self.plain, Part::Body)?;
        let markdown = part(&self.escaped, Part::Body)?;
        Ok(Rendered {
            subject,
            text: escape::text(&text).chars().take(MAX_CHARACTERS).collect(),
            html: to_html(&escape::text(&markdown)),
            language: language.to_owned(),
            calendar: self.front(language, message).and_then(|front| front.calendar),
            line: self.line(language, message, context)?,
        })
    }

    fn line(&self, language: &str, message: &str, context: &Value) -> Result<Option<String>, TemplateError> {
        let has_line = self.front(language, message).is_some_and(|front| front.before_line.is_some());
        let line = has_line.then(|| self.part(&self.plain, Part::Line, (language, message), context));
        Ok(line.transpose()?.map(|line| one_line(&line)))
    }

    fn part(
        &self,
        environment: &Environment<'_>,
        part: Part,
        (language, message): (&str, &str),
        context: &Value,
    ) -> Result<String, TemplateError> {
        let template = environment.get_template(&part.name(language, message));
        let rendered = template.and_then(|t| sandbox::render(&t, context));
        rendered.map_err(|e| TemplateError {
            language: language.to_owned(),
            message: message.to_owned(),
            mistake: Box::new(failed(&e, self.front(language, message).map_or(0, |f| part.offset(f)))),
        })
    }
}

/// Returns a text in one line of at most 200 characters.
fn one_line(text: &str) -> String {
    let line: String = escape::line(text).split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(SUBJECT_CHARACTERS).collect()
}

/// Returns what is wrong with a template wherever it is sent.
fn mistakes(text: &str) -> Vec<Mistake> {
    let slips = blocks::slips(text);
    if !slips.is_empty() {
        return slips;
    }
    match parse::parsed(text) {
        Ok(parsed) => Walk::through(text, &parsed, &Shape::Any),
        Err(mistake) => vec![mistake],
    }
}

/// Says why a template failed, `before` lines into its file.
fn failed(error: &Error, before: usize) -> Mistake {
    let source = std::error::Error::source(error);
    let passed = source.and_then(|source| source.downcast_ref::<TooMuch>());
    let unwritable = source.and_then(|source| source.downcast_ref::<Unwritable>());
    let kind = match (error.kind(), passed, unwritable) {
        (_, Some(passed), _) => MistakeKind::TooMuch(*passed),
        (_, _, Some(Unwritable { value, wanted })) => {
            MistakeKind::Unwritable { value: value.clone(), wanted: wanted.clone() }
        }
        (ErrorKind::OutOfFuel, ..) => MistakeKind::TooMuch(TooMuch::Steps),
        (ErrorKind::WriteFailure, ..) => MistakeKind::TooMuch(TooMuch::Written),
        (ErrorKind::UndefinedError, ..) => MistakeKind::Absent,
        _ => MistakeKind::Unfit,
    };
    Mistake { line: error.line().unwrap_or(1) + before, column: None, kind }
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

/// Returns a template without the marks of bold and of headings, which plain text does not have.
fn without_marks(template: &str) -> String {
    let plain = template.split_inclusive('\n').map(|line| {
        let said = line.trim_start_matches('#');
        let is_heading = said.len() < line.len() && said.starts_with(' ');
        if is_heading { said.trim_start_matches(' ') } else { line }
    });
    plain.collect::<String>().replace("**", "")
}

/// Returns the HTML of a message of which only the text is kept: as it stands, because what is markup in it and what
/// somebody wrote can no longer be told apart.
pub fn html_of(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p style=\"white-space:pre-wrap\">{text}</p>\n")
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
    fn plain_text_shows_no_marks_of_headings_and_bold() {
        let rendered =
            render("## Wat nu\n\nNummer **{{ name }}**, #1", json!({"name": "## 7"})).expect("renders");
        assert_eq!(rendered.text, "Wat nu\n\nNummer ## 7, #1");
        assert!(rendered.html.contains("<h2>Wat nu</h2>"), "{}", rendered.html);
    }

    #[test]
    fn a_missing_variable_is_an_error_with_its_place() {
        let why = render("eerste\n{{ nmae }}", json!({"name": "x"})).expect_err("strict");
        assert_eq!(why, "messages/nl/m.md:5: Absent");
    }

    #[test]
    fn the_place_of_an_error_counts_every_line_of_the_front_matter() {
        let text = "---\nsubject: S {{ nmae }}\ncalendar: request\n---\neerste\n{{ nmae }}\n";
        let load = |text: &str| Templates::load([("nl", "m", text)].into_iter());
        let why = |text: &str| {
            let rendered = load(text).expect("loads").render("nl", "m", &Value::from_serialize(json!({})));
            rendered.expect_err("strict").mistake.line
        };
        assert_eq!(why(text), 2, "the subject, as at loading");
        let turned = "---\ncalendar: request\nsubject: S {{ nmae }}\n---\neerste\n";
        assert_eq!(why(turned), 3);
        assert_eq!(why(&text.replace("S {{ nmae }}", "S")), 6);
        let broken = text.replace("S {{ nmae }}", "S").replace("{{ nmae }}", "{{ nmae");
        assert_eq!(load(&broken).expect_err("no syntax")[0].mistake.line, 6);
    }

    #[test]
    fn dates_and_terms_are_words() {
        let rendered = render(
            "{{ d|date }} {{ m|moment }} {{ t|term }}",
            json!({"name": "x", "d": "2027-01-04", "m": "2027-01-04T09:00:00.000+01:00", "t": "6 weeks"}),
        );
        assert_eq!(
            rendered.expect("renders").text,
            "maandag 4 januari 2027 maandag 4 januari 2027 om 09:00 uur 6 weken"
        );
    }
}
