//! What is made up in place of what is personal. Only what the rules themselves say may stay as it is: declared names, days,
//! numbers, words of the rules; everything else becomes somebody or something else.

use super::not_made::{NotMade, unsaid};
use crate::calendar::{Date, TimeOfDay};
use crate::complaint::{ComplainantKind, Complaint, FoldedText, LATER_MAIL, Language, Role};
use crate::config::Settings;
use crate::rules::phrase_stands_in;
use crate::workflow::labels::Labels;
use crate::workflow::published::Published;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for a text that somebody wrote.
const TEXT: &str = "Een verzonnen tekst.";
/// What a text is made longer with; the rules look for none of it.
const FILLER: &str = " bla";
/// The shortest word that is looked for, in characters: rules list shorter ones to leave them out.
const SHORTEST: usize = 4;
/// The longest text that is made up, in characters.
const LONGEST: usize = 2_000;
/// The longest number that is kept as it is, in digits: what is longer may be somebody's.
const DIGITS: usize = 4;

/// Who and what is made up in one scenario.
pub(super) struct MadeUp<'m> {
    published: &'m Arc<Published>,
    settings: &'m Settings,
    /// The organisation of the scenarios; none where they play in this one, of which nobody is named.
    stage: Option<&'m Settings>,
    /// What the scenarios call whom a term names, by the address that the term holds.
    called: BTreeMap<String, String>,
    complaint: &'m Complaint,
    text: &'m str,
    options: Labels,
    aliases: BTreeMap<String, String>,
    /// The people that the scenario brings along: the address and the roles.
    pub brought: Vec<(String, Vec<Role>)>,
}

impl<'m> MadeUp<'m> {
    pub fn new(
        published: &'m Arc<Published>,
        settings: &'m Settings,
        stage: Option<&'m Settings>,
        called: BTreeMap<String, String>,
        (complaint, text): (&'m Complaint, &'m str),
    ) -> Self {
        let options = Labels::of(Arc::clone(published), Language::Dutch);
        let (aliases, brought) = (BTreeMap::new(), Vec::new());
        Self { published, settings, stage, called, complaint, text, options, aliases, brought }
    }

    /// Returns the complaint.
    pub fn complaint(&self) -> &'m Complaint {
        self.complaint
    }

    /// Returns the address of the complainant.
    pub fn complainant(&self) -> String {
        let domain = match self.complaint.complainant_kind {
            ComplainantKind::Internal => self.stage.unwrap_or(self.settings).mailbox.rsplit_once('@'),
            ComplainantKind::External => None,
        };
        let domain = domain.map_or("example.nl", |(_, domain)| domain);
        format!("klager@{domain}")
    }

    /// Returns who somebody is in the scenario.
    pub fn person(&mut self, address: &str) -> String {
        let address = address.to_lowercase();
        if !address.is_empty() && address == self.complaint.complainant.email {
            return self.complainant();
        }
        if let Some(alias) = self.aliases.get(&address) {
            return alias.clone();
        }
        let alias = self.found(&address);
        self.aliases.insert(address, alias.clone());
        alias
    }

    /// Finds who stands for somebody: whom a term names, else somebody of the scenarios with the same roles, else somebody new.
    fn found(&mut self, address: &str) -> String {
        if let Some(called) = self.called.get(address) {
            return called.clone();
        }
        let Some(person) = self.settings.people.find(address) else {
            return format!("iemand{}@example.nl", self.aliases.len() + 1);
        };
        let used =
            |email: &String| self.aliases.values().chain(self.called.values()).any(|used| used == email);
        let alike = self.stage.iter().flat_map(|stage| stage.people.iter());
        let alike =
            alike.filter(|p| p.roles == person.roles && !used(&p.email)).map(|p| p.email.clone()).next();
        if let Some(alike) = alike {
            return alike;
        }
        let new = format!("medewerker{}@example.nl", self.brought.len() + 1);
        self.brought.push((new.clone(), person.roles.clone()));
        new
    }

    /// Returns `recipient message` with nobody's own address.
    pub fn notice(&mut self, notice: &str) -> String {
        match notice.split_once(' ') {
            Some((address, message)) if address.contains('@') => {
                format!("{} {message}", self.person(address))
            }
            _ => notice.to_owned(),
        }
    }

    /// Returns the subject of the complaint: the words in it that the rules look for.
    pub fn subject(&self) -> String {
        let words = self.words_in(&self.complaint.subject);
        std::iter::once("Zaak A".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Returns the text of the complaint: the words in it that the rules look for, and as long as it was.
    pub fn text(&self) -> String {
        let first = self.text.split(LATER_MAIL).next().unwrap_or_default();
        let body = first.split_once('\n').map_or("", |(_, body)| body);
        let mut text = self.words_in(body).join(" ");
        let length = body.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>().min(LONGEST);
        while text.chars().count() < length {
            text.push_str(FILLER);
        }
        text
    }

    /// Returns what the rules look for in texts and what stands in this one.
    fn words_in(&self, text: &str) -> Vec<String> {
        let written = FoldedText::of(text);
        let mut found = Vec::new();
        for term in self.published.ruleset.terms().into_values() {
            let Value::Array(phrases) = term else { continue };
            for phrase in phrases.iter().filter_map(Value::as_str) {
                let words = phrase.trim_end_matches('*').to_owned();
                let is_plain = !words.contains('@') && !words.chars().any(char::is_numeric);
                let is_long = words.chars().count() >= SHORTEST;
                let is_there = is_plain && is_long && phrase_stands_in(phrase, &written);
                if is_there && !found.contains(&words) {
                    found.push(words);
                }
            }
        }
        found
    }

    /// Returns what was filled in, made up where it must be.
    pub fn input(&mut self, input: &Map<String, Value>) -> Result<Vec<(String, Value)>, NotMade> {
        let filled = input.iter().filter(|(_, value)| !value.is_null());
        filled.map(|(name, value)| Ok((name.clone(), self.value(value)?))).collect()
    }

    fn value(&mut self, value: &Value) -> Result<Value, NotMade> {
        Ok(match value {
            Value::String(text) => Value::String(self.said(text)?),
            Value::Array(all) => {
                Value::Array(all.iter().map(|one| self.value(one)).collect::<Result<Vec<_>, _>>()?)
            }
            Value::Object(_) => Value::String(TEXT.to_owned()),
            other => other.clone(),
        })
    }

    fn said(&mut self, text: &str) -> Result<String, NotMade> {
        let is_day = text.parse::<Date>().is_ok();
        let is_time = TimeOfDay::parse_from_str(text, "%H:%M").is_ok();
        let is_number = text.len() <= DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        if is_day || is_time || is_number || self.is_of_rules(text) {
            return Ok(text.to_owned());
        }
        if self.is_another_complaint(text) {
            return Err(unsaid(
                "in een actie wordt een andere klacht genoemd, en die staat niet in het scenario",
                "an action names another complaint, which is not in the scenario",
            ));
        }
        let is_address = text.contains('@') && !text.contains(char::is_whitespace);
        Ok(if is_address { self.person(text) } else { TEXT.to_owned() })
    }

    /// Returns whether a text is a name or a text that the rules say themselves.
    fn is_of_rules(&self, text: &str) -> bool {
        let quoted = Value::from(text).to_string();
        let is_option = self.options.option(text) != text;
        is_option
            || !text.contains('@')
                && self.published.ruleset.source().files().values().any(|file| file.contains(&quoted))
    }

    fn is_another_complaint(&self, text: &str) -> bool {
        let own = [
            Some(self.complaint.intake_id.to_string()),
            self.complaint.number.as_ref().map(ToString::to_string),
        ];
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = text.trim().splitn(3, '-').skip(1);
        let is_reference = parts.next().is_some_and(is_digits) && parts.next().is_some_and(is_digits);
        is_reference && !own.into_iter().flatten().any(|own| own == text.trim())
    }
}
