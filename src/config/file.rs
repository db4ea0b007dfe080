//! The file as people write it: every key optional, every unknown key refused with the nearest known one.

use super::web::WebSection;
use super::{
    Absence, DeliverySettings, LogSettings, MailboxSettings, People, Person, RuleSettings, Settings,
    WatchdogSettings, WebSettings,
};
use crate::calendar::{Calendar, Date};
use crate::complaint::{Language, Name, Role};
use crate::credentials::SecretUrl;
use crate::logging::{self, Form};
use crate::rules::{ExtraField, ExtraFields, ExtraKind, Label};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A mistake in the configuration: where it is, what it is, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}\n  help: {remedy}")]
pub struct ConfigError {
    /// The file, with the line where it is known: `redress.toml:12`.
    pub place: String,
    /// The mistake, in words for whoever wrote the file.
    pub why: String,
    /// The remedy, in one sentence.
    pub remedy: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    organisation: OrganisationSection,
    people: Option<Vec<PersonSection>>,
    calendar: CalendarSection,
    database: DatabaseSection,
    intake: IntakeSection,
    mailboxes: Vec<MailboxSettings>,
    server: ServerSection,
    web: WebSection,
    rules: RulesSection,
    delivery: DeliverySection,
    watchdog: WatchdogSection,
    log: LogSection,
    extra: BTreeMap<String, ExtraSection>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OrganisationSection {
    name: String,
    mailbox: String,
    domains: Option<Vec<String>>,
    language: String,
}

impl Default for OrganisationSection {
    fn default() -> Self {
        Self {
            name: "Lagant".to_owned(),
            mailbox: "planning@lagant.nl".to_owned(),
            domains: None,
            language: "nl".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonSection {
    name: String,
    email: String,
    roles: Vec<String>,
    deputy: Option<String>,
    language: Option<String>,
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraSection {
    #[serde(rename = "type")]
    kind: String,
    nl: String,
    en: String,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CalendarSection {
    zone: String,
    closing_days: Vec<String>,
}

impl Default for CalendarSection {
    fn default() -> Self {
        Self { zone: "Europe/Amsterdam".to_owned(), closing_days: Vec::new() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DatabaseSection {
    url: Option<SecretUrl>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WatchdogSection {
    heartbeat_url: Option<SecretUrl>,
    silent_days: Option<u32>,
    backup_days: u32,
    disk_free_mib: u64,
}

impl Default for WatchdogSection {
    fn default() -> Self {
        Self { heartbeat_url: None, silent_days: None, backup_days: 7, disk_free_mib: 500 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LogSection {
    level: String,
    format: Form,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: Form::Text }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct IntakeSection {
    maildir: Option<PathBuf>,
    authserv_id: Option<String>,
    plus_addresses: bool,
    answer_days: u32,
}

impl Default for IntakeSection {
    fn default() -> Self {
        Self { maildir: None, authserv_id: None, plus_addresses: false, answer_days: 14 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ServerSection {
    listen: String,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8480".to_owned() }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RulesSection {
    four_eyes: bool,
    publish_on_save: bool,
}

impl Default for RulesSection {
    fn default() -> Self {
        Self { four_eyes: false, publish_on_save: true }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DeliverySection {
    allow_networks: Vec<ipnet::IpNet>,
    mails_per_hour: u32,
    mails_per_day: u32,
    reactions_per_hour: u32,
    recall_minutes: u32,
    fallback: Option<String>,
}

impl Default for DeliverySection {
    fn default() -> Self {
        let (mails_per_hour, mails_per_day, reactions_per_hour, recall_minutes) = (2, 5, 100, 2);
        let (allow_networks, fallback) = (Vec::new(), None);
        Self { allow_networks, mails_per_hour, mails_per_day, reactions_per_hour, recall_minutes, fallback }
    }
}

/// Every key with its default. The people of the shipped procedure stand there and nowhere in Rust.
const EXAMPLE: (&str, &str) = ("redress.example.toml", include_str!("../../redress.example.toml"));

impl Settings {
    /// Reads `path`, or `redress.toml` here when none is named; without that file too, the embedded defaults.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let fallback = Path::new("redress.toml");
        let text = match (path, std::fs::read_to_string(path.unwrap_or(fallback))) {
            (_, Ok(text)) => text,
            (None, Err(e)) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            (path, Err(e)) => {
                let place = path.unwrap_or(fallback).display().to_string();
                return Err(ConfigError {
                    place,
                    why: e.to_string(),
                    remedy: "name a readable file with --config FILE".to_owned(),
                });
            }
        };
        Self::parse(&text, &path.unwrap_or(fallback).display().to_string())
    }

    /// Reads and checks the text of a configuration file; `place` is its name in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self, ConfigError> {
        parse(text, place)
    }
}

fn parse(text: &str, place: &str) -> Result<Settings, ConfigError> {
    let wrong =
        |why: String, remedy: &str| ConfigError { place: place.to_owned(), why, remedy: remedy.to_owned() };
    let file: File = toml::from_str(text).map_err(|e| describe(&e, text, place))?;
    let zone = file.calendar.zone.parse::<chrono_tz::Tz>();
    let zone = zone.map_err(|_| {
        wrong(
            format!("calendar.zone `{}` is not a time zone", file.calendar.zone),
            "write it as \"Europe/Amsterdam\"",
        )
    })?;
    let days = file.calendar.closing_days.iter().map(|d| {
        d.parse::<Date>().map_err(|_| {
            wrong(format!("calendar.closing_days: `{d}` is not a date"), "write it as \"2026-12-28\"")
        })
    });
    let days: Vec<Date> = days.collect::<Result<_, _>>()?;
    let language = file.organisation.language.parse::<Language>();
    let language = language.map_err(|_| {
        wrong(
            format!("organisation.language `{}` is not supported", file.organisation.language),
            "write \"nl\" or \"en\"",
        )
    })?;
    let mailbox = address(&file.organisation.mailbox).ok_or_else(|| {
        wrong(
            format!("organisation.mailbox `{}` is not an address", file.organisation.mailbox),
            "write it as \"klachten@example.nl\"",
        )
    })?;
    let people = match file.people {
        None => people(default_people()?, &wrong)?,
        Some(sections) => people(sections, &wrong)?,
    };
    let extra = extra(file.extra, &wrong)?;
    let listen = file.server.listen.parse();
    let listen = listen.map_err(|_| {
        wrong(
            format!("server.listen `{}` is not an address", file.server.listen),
            "write it as \"127.0.0.1:8480\"",
        )
    })?;
    let web = WebSettings::read(listen, &file.web).map_err(|(why, remedy)| wrong(why, remedy))?;
    let mailboxes = file.mailboxes;
    for (i, m) in mailboxes.iter().enumerate() {
        m.check().map_err(|(why, remedy)| wrong(format!("mailboxes.{}: {why}", m.name), remedy))?;
        if mailboxes[..i].iter().any(|n| n.name == m.name) {
            return Err(wrong(
                format!("mailboxes: `{}` stands there twice", m.name),
                "give each its own name",
            ));
        }
    }
    logging::check(&file.log.level).map_err(|why| {
        wrong(format!("log.level: {why}"), "write \"warn\", or \"warn,redress::delivery=debug\"")
    })?;
    let own = mailbox.rsplit('@').next().unwrap_or_default().to_owned();
    Ok(Settings {
        organisation: file.organisation.name,
        domains: file.organisation.domains.unwrap_or_else(|| vec![own]),
        mailbox,
        language,
        people: People::new(people),
        extra,
        calendar: Arc::new(Calendar::new(zone, days)),
        database: file.database.url,
        inbox: file.intake.maildir,
        authserv_id: file.intake.authserv_id,
        plus_addresses: file.intake.plus_addresses,
        answer_days: file.intake.answer_days,
        mailboxes,
        listen,
        web,
        delivery: DeliverySettings {
            allow_networks: file.delivery.allow_networks,
            mails_per_hour: file.delivery.mails_per_hour.into(),
            mails_per_day: file.delivery.mails_per_day.into(),
            reactions_per_hour: file.delivery.reactions_per_hour.into(),
            recall_minutes: file.delivery.recall_minutes.into(),
            fallback: file.delivery.fallback.filter(|name| !name.trim().is_empty()),
        },
        watchdog: WatchdogSettings {
            heartbeat_url: file.watchdog.heartbeat_url,
            silent_days: file.watchdog.silent_days,
            backup_days: file.watchdog.backup_days,
            disk_free_mib: file.watchdog.disk_free_mib,
        },
        log: LogSettings { level: file.log.level, form: file.log.format },
        rules: RuleSettings { four_eyes: file.rules.four_eyes, publish_on_save: file.rules.publish_on_save },
    })
}

/// Returns the people of `redress.example.toml`, who are there when a file names nobody.
fn default_people() -> Result<Vec<PersonSection>, ConfigError> {
    let (place, text) = EXAMPLE;
    let file: File = toml::from_str(text).map_err(|e| describe(&e, text, place))?;
    Ok(file.people.unwrap_or_default())
}

type Wrong<'w> = &'w dyn Fn(String, &str) -> ConfigError;

fn people(sections: Vec<PersonSection>, wrong: Wrong) -> Result<Vec<Person>, ConfigError> {
    let mut people: Vec<Person> = Vec::new();
    let valid = |text: &str, what: &str| {
        let why = format!("{what}: `{text}` is not an address");
        address(text).ok_or_else(|| wrong(why, "write it as \"name@example.nl\""))
    };
    for p in sections {
        let email = valid(&p.email, "people")?;
        if people.iter().any(|q| q.email == email) {
            return Err(wrong(format!("people: {email} stands there twice"), "give one entry all roles"));
        }
        let deputy = p.deputy.map(|d| valid(&d, "people.deputy")).transpose()?;
        if deputy.as_ref() == Some(&email) {
            return Err(wrong(format!("people: {email} is their own deputy"), "name somebody else"));
        }
        let absences = p.absent.iter().map(|text| {
            let why = format!("people.absent: `{text}` is not a period");
            text.parse::<Absence>().map_err(|()| wrong(why, "write it as \"2026-12-24/2027-01-04\""))
        });
        let absences = absences.collect::<Result<_, _>>()?;
        let language = p.language.map(|language| {
            let why = format!("people.language: `{language}` is not supported");
            language.parse::<Language>().map_err(|_| wrong(why, "use \"nl\" or \"en\""))
        });
        let language = language.transpose()?;
        let roles = p.roles.into_iter().map(Role::from).collect();
        people.push(Person { name: p.name, email, roles, deputy, absences, language });
    }
    let unknown = people.iter().filter_map(|p| p.deputy.as_ref());
    let unknown = unknown.into_iter().find(|d| !people.iter().any(|p| p.email == **d));
    match unknown {
        Some(d) => {
            Err(wrong(format!("people.deputy: {d} is not one of the people"), "add an entry for them"))
        }
        None => Ok(people),
    }
}

fn extra(sections: BTreeMap<String, ExtraSection>, wrong: Wrong) -> Result<ExtraFields, ConfigError> {
    let mut fields = ExtraFields::new();
    for (name, section) in sections {
        let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_plain || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            let remedy = "use small letters, digits and _, and begin with a letter";
            return Err(wrong(format!("extra: `{name}` cannot be used in rules"), remedy));
        }
        let kind = match section.kind.as_str() {
            "text" => ExtraKind::Text,
            "date" => ExtraKind::Date,
            "number" => ExtraKind::Number,
            "yes_no" => ExtraKind::YesNo,
            "choice" if section.options.is_empty() => {
                let why = format!("extra.{name} is a choice without options");
                return Err(wrong(why, "add options = [\"Excel\", \"Word\"]"));
            }
            "choice" => ExtraKind::Choice(section.options),
            other => {
                let why = format!("extra.{name}: `{other}` is not a type");
                return Err(wrong(why, "write text, date, number, yes_no or choice"));
            }
        };
        let label = Label { nl: section.nl, en: section.en };
        fields.insert(Name::from(name), ExtraField { kind, label });
    }
    Ok(fields)
}

fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.split_once('@')?;
    (!local.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace)).then_some(text.clone())
}

/// Describes a mistake in a TOML file. Serde lists the known keys; people want the nearest one.
pub fn describe(error: &toml::de::Error, text: &str, place: &str) -> ConfigError {
    let line = error.span().map(|s| text.get(..s.start).unwrap_or("").matches('\n').count() + 1);
    let place = line.map_or_else(|| place.to_owned(), |l| format!("{place}:{l}"));
    let message = without_values(error.message());
    let mut names = message.split('`').skip(1).step_by(2);
    let nearest = names.next().and_then(|unknown| {
        let known: Vec<&str> = names.collect();
        crate::rules::nearest(unknown, known.iter().copied()).map(str::to_owned)
    });
    let remedy = match nearest.filter(|_| message.starts_with("unknown field")) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "redress.example.toml shows every key".to_owned(),
    };
    ConfigError { place, why: message, remedy }
}

/// Leaves out the values that serde repeats: where a text does not belong it may be a secret.
fn without_values(message: &str) -> String {
    let Some((before, rest)) = message.split_once("string \"") else { return message.to_owned() };
    match rest.rsplit_once('"') {
        Some((_, after)) => format!("{before}a text{after}"),
        None => format!("{before}a text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_one() {
        let error = parse("[organisation]\nmailbx = \"a@b.nl\"\n", "redress.toml").expect_err("unknown key");
        assert_eq!(error.place, "redress.toml:2");
        assert!(error.why.contains("`mailbx`"), "{}", error.why);
        assert_eq!(error.remedy, "did you mean `mailbox`?");
    }

    /// A secret may stand in any wrong place; no error repeats it.
    #[test]
    fn a_value_in_the_wrong_place_is_not_repeated() {
        let mailbox = "[[mailboxes]]\nname = \"p\"\nhost = \"x.nl\"\nusername = \"u\"\n";
        for text in [
            format!("{mailbox}password = \"hunter2\""),
            format!("{mailbox}password = [\"hunter2\"]"),
            format!("{mailbox}password = {{ value = \"hunter2\" }}"),
            format!("{mailbox}password = {{ env = [\"hunter2\"] }}"),
            format!("{mailbox}port = \"hunter2\""),
            format!("{mailbox}oauth2 = \"hunter2\""),
            format!(
                "{mailbox}oauth2 = {{ token_url = \"u\", client_id = \"c\", client_secret = \"hunter2\" }}"
            ),
            format!("{mailbox}password = 'hunter2'x"),
            format!("{mailbox}password = hunter2"),
            "people = \"hunter2\"".to_owned(),
            "[delivery]\nletters_per_hour = \"say \\\"hunter2\\\"\"".to_owned(),
        ] {
            let error = parse(&text, "redress.toml").expect_err("wrong").to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn nothing_written_is_the_default_organisation() {
        let settings = parse("", "redress.toml").expect("defaults");
        assert_eq!(settings.mailbox, "planning@lagant.nl");
        assert!(settings.is_own_domain("iemand@LAGANT.nl"));
        let director = settings.people.find("Directeur@lagant.nl").map(|p| p.roles.clone());
        assert_eq!(director, Some(vec![Role::from("director")]));
    }

    #[test]
    fn wrong_values_name_the_key_and_the_remedy() {
        for (text, key) in [
            ("[calendar]\nzone = \"Mars\"", "calendar.zone"),
            ("[calendar]\nclosing_days = [\"kerst\"]", "closing_days"),
            ("[organisation]\nlanguage = \"fr\"", "organisation.language"),
            ("[[people]]\nname = \"A\"\nemail = \"a\"\nroles = []", "people"),
            (
                "[[people]]\nname = \"A\"\nemail = \"a@b.nl\"\nroles = []\ndeputy = \"c@b.nl\"",
                "people.deputy",
            ),
            (
                "[[people]]\nname = \"A\"\nemail = \"a@b.nl\"\nroles = []\nabsent = [\"kerst\"]",
                "people.absent",
            ),
            (
                "[[mailboxes]]\nname = \"p\"\nhost = \"x.nl\"\nsecurity = \"none\"\nusername = \"u\"\npassword = { env = \"P\" }",
                "mailboxes.p",
            ),
            ("[[mailboxes]]\nname = \"p\"\nhost = \"x.nl\"\nusername = \"u\"", "password or oauth2"),
            ("[extra.x]\ntype = \"blob\"\nnl = \"a\"\nen = \"a\"", "extra.x"),
            ("[extra.x]\ntype = \"choice\"\nnl = \"a\"\nen = \"a\"", "extra.x"),
            ("[extra.Opleiding]\ntype = \"text\"\nnl = \"a\"\nen = \"a\"", "Opleiding"),
        ] {
            let error = parse(text, "redress.toml").expect_err("wrong");
            assert!(error.why.contains(key), "{error}");
            assert!(!error.remedy.is_empty(), "{error}");
        }
    }
}
