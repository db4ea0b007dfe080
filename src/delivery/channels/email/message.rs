//! `EmailMessage`: a mail as data, as the outbox holds it, and as MIME (RFC 5322, RFC 3834).

use super::document::document;
use crate::calendar::Moment;
use crate::complaint::Recipient;
use crate::config::Settings;
use crate::escape;
use crate::workflow::{Cause, Occasion, Outgoing, OutgoingContent};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A mail to one address; this is what the outbox row of an email channel holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::delivery) struct EmailMessage {
    pub id: String,
    pub from_name: String,
    pub from: String,
    /// An address by which a reply finds its complaint, where the mail server has such.
    #[serde(default)]
    pub reply_to: Option<String>,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Without angle brackets.
    pub message_id: String,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// RFC 3834: auto-replied for what answers a mail by itself, auto-generated for reminders and notices; none
    /// for what a person sends.
    pub auto_submitted: Option<String>,
    /// The language of the text, `nl` or `en`.
    #[serde(default = "dutch")]
    pub language: String,
    /// True for a letter that tries a plugin out.
    #[serde(default)]
    pub is_test: bool,
    /// A calendar invitation: its method and text.
    #[serde(default)]
    pub invitation: Option<(String, String)>,
}

fn dutch() -> String {
    "nl".to_owned()
}

macro_rules! text_header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(s: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(s.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

text_header!(AutoSubmitted, "Auto-Submitted");
text_header!(SuppressReplies, "X-Auto-Response-Suppress");
text_header!(RedressId, "X-Redress-Id");
text_header!(RedressTest, "X-Redress-Test");

impl EmailMessage {
    /// Returns the mail of a message to one address; none for an event.
    pub fn of(outgoing: &Outgoing, id: Uuid, to: &str, settings: &Settings) -> Option<Self> {
        let OutgoingContent::Message { notification, words, tag, invitation, .. } = &outgoing.content else {
            return None;
        };
        let mailbox = settings.mailbox.as_str();
        let (local, domain) = mailbox.split_once('@').unwrap_or((mailbox, "localhost"));
        let plus = tag.as_ref().filter(|_| settings.plus_addresses);
        let complaint = outgoing.complaint.map(|(_, c)| c);
        let case = complaint.map_or("report", |c| c.intake_id.as_str());
        let to_complainant = notification.recipient == Recipient::Complainant;
        // A constant anchor comes first: some clients look only at the last reference
        // (docs/mail.md "Our own Message-ID").
        let anchor = format!("case.{case}@{domain}");
        let root = complaint.map(|c| c.message_id.clone()).filter(|m| to_complainant && !m.is_empty());
        let subject = match tag {
            Some(tag) => tagged(&words.subject, tag),
            None => words.subject.clone(),
        };
        let auto_submitted = match (to_complainant, outgoing.cause) {
            (true, Cause::Person) => None,
            (true, Cause::IncomingMail) => Some("auto-replied"),
            _ => Some("auto-generated"),
        };
        Some(Self {
            id: id.to_string(),
            from_name: settings.organisation.clone(),
            reply_to: plus.map(|tag| format!("{local}+{tag}@{domain}")),
            from: mailbox.to_owned(),
            to: to.to_owned(),
            subject,
            text: words.text.clone(),
            html: words.html.clone(),
            message_id: format!("k.{case}.{id}@{domain}"),
            references: std::iter::once(anchor).chain(root.clone()).collect(),
            in_reply_to: root,
            auto_submitted: auto_submitted.map(str::to_owned),
            language: words.language.clone(),
            is_test: outgoing.occasion == Occasion::Test,
            invitation: invitation.as_ref().map(|(m, text)| (m.as_str().to_owned(), text.clone())),
        })
    }

    /// Reads the mail of an outbox row.
    ///
    /// # Errors
    /// In words for the log of attempts.
    pub fn read(payload: &str) -> Result<Self, String> {
        serde_json::from_str(payload).map_err(|e| format!("the letter cannot be read: {e}"))
    }

    /// Returns the mail as it goes over the wire; the same mail and time give the same bytes.
    pub fn to_mime(&self, at: Moment) -> Result<Vec<u8>, String> {
        let mailbox = |name: Option<String>, address: &str| {
            address
                .parse()
                .map(|a| Mailbox::new(name, a))
                .map_err(|e| format!("`{address}` is not an address: {e}"))
        };
        let date = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at.millis().unsigned_abs());
        let mut builder = Message::builder()
            .date(date)
            .from(mailbox(Some(escape::line(&self.from_name).into_owned()), &self.from)?)
            .subject(escape::line(&self.subject).into_owned())
            .message_id(Some(format!("<{}>", self.message_id)))
            .header(RedressId(self.id.clone()));
        if let Some(submitted) = &self.auto_submitted {
            builder = builder
                .header(AutoSubmitted(submitted.clone()))
                .header(SuppressReplies("OOF, AutoReply".to_owned()));
        }
        if self.is_test {
            builder = builder.header(RedressTest("true".to_owned()));
        }
        builder = builder.to(mailbox(None, &ascii_address(&self.to)?)?);
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(mailbox(None, address)?);
        }
        // An id that cannot stand in a header as it is would lead nobody anywhere.
        let references = self.references.iter().filter(|id| escape::is_message_id(id));
        let references: Vec<String> = references.map(|id| format!("<{id}>")).collect();
        builder = builder.references(references.join(" "));
        if let Some(root) = self.in_reply_to.as_ref().filter(|id| escape::is_message_id(id)) {
            builder = builder.in_reply_to(format!("<{root}>"));
        }
        let boundary = format!("redress-{}", self.id);
        let mut body = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(boundary)
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text.clone()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(document(
                &self.subject,
                &self.html,
                &self.language,
            )));
        if let Some((method, text)) = &self.invitation {
            // As an alternative of the letter, with its method, mail programs offer it to the calendar (RFC
            // 6047).
            let kind = format!("text/calendar; method={method}; charset=utf-8");
            let kind = ContentType::parse(&kind).map_err(|e| e.to_string())?;
            body = body.singlepart(SinglePart::builder().header(kind).body(text.clone()));
        }
        builder.multipart(body).map(|m| m.formatted()).map_err(|e| e.to_string())
    }
}

/// Puts the tag into a subject: in the place of the number where that stands there, else behind it.
fn tagged(subject: &str, tag: &str) -> String {
    let number = tag.rsplit_once('-').map_or(tag, |(number, _)| number);
    match subject.contains(number) {
        true => subject.replacen(number, &format!("[{tag}]"), 1),
        false => format!("{subject} [{tag}]"),
    }
}

/// Returns an address as every mail server takes it: the domain in ASCII (RFC 5891).
///
/// # Errors
/// What is no domain.
pub(in crate::delivery) fn ascii_address(address: &str) -> Result<String, String> {
    let Some((local, domain)) = address.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii()) else {
        return Ok(address.to_owned());
    };
    let is_host = |domain: &String| domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    let domain = idna::domain_to_ascii(domain).ok().filter(is_host);
    domain.map(|domain| format!("{local}@{domain}")).ok_or_else(|| format!("`{address}` is not an address"))
}

#[cfg(test)]
impl EmailMessage {
    /// Makes a letter to Jan.
    pub fn example() -> Self {
        Self {
            id: "d1".to_owned(),
            from_name: "Lagant".to_owned(),
            from: "planning@lagant.nl".to_owned(),
            reply_to: None,
            to: "jan@example.nl".to_owned(),
            subject: "Uw klacht [K-2026-0001-XY]".to_owned(),
            text: "Beste Jan,\n".to_owned(),
            html: "<p>Beste Jan,</p>\n".to_owned(),
            message_id: "k.I-2026-000001.d1@lagant.nl".to_owned(),
            in_reply_to: Some("a1@example.nl".to_owned()),
            references: vec!["case.I-2026-000001@lagant.nl".to_owned(), "a1@example.nl".to_owned()],
            auto_submitted: Some("auto-replied".to_owned()),
            language: "nl".to_owned(),
            is_test: false,
            invitation: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mime(mail: &EmailMessage) -> String {
        let bytes = mail.to_mime(Moment::from_millis(1_800_000_000_000)).expect("MIME");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn the_same_mail_and_time_give_the_same_bytes() {
        let mail = EmailMessage::example();
        assert_eq!(mime(&mail), mime(&mail));
        for header in ["Auto-Submitted: auto-replied", "X-Redress-Id: d1", "In-Reply-To: <a1@example.nl>"] {
            assert!(mime(&mail).contains(header), "{header} is missing in\n{}", mime(&mail));
        }
    }

    #[test]
    fn an_invitation_is_an_alternative_with_its_method() {
        let invitation = Some(("REQUEST".to_owned(), "BEGIN:VCALENDAR".to_owned()));
        let mail = EmailMessage { invitation, ..EmailMessage::example() };
        assert!(mime(&mail).contains("text/calendar; method=REQUEST; charset=utf-8"), "{}", mime(&mail));
    }

    #[test]
    fn a_number_stands_in_a_subject_once() {
        for (subject, tagged_subject) in [
            ("Uw klacht K-2026-0001", "Uw klacht [K-2026-0001-x7q]"),
            ("Wilt u bevestigen? (K-2026-0001)", "Wilt u bevestigen? ([K-2026-0001-x7q])"),
            ("Uw klacht", "Uw klacht [K-2026-0001-x7q]"),
        ] {
            assert_eq!(tagged(subject, "K-2026-0001-x7q"), tagged_subject);
        }
    }

    #[test]
    fn an_international_domain_is_written_so_that_every_server_takes_it() {
        let mail = EmailMessage { to: "info@müller-example.org".to_owned(), ..EmailMessage::example() };
        assert!(mime(&mail).contains("To: info@xn--mller-example-wob.org"), "{}", mime(&mail));
        assert_eq!(ascii_address("jan@example.nl"), Ok("jan@example.nl".to_owned()));
        assert!(ascii_address("jan@exa mplé.nl").is_err());
    }

    #[test]
    fn what_a_person_sends_is_not_marked_as_a_machines() {
        let mail = EmailMessage { auto_submitted: None, ..EmailMessage::example() };
        assert!(!mime(&mail).contains("Auto-Submitted") && !mime(&mail).contains("X-Auto-Response"));
    }

    #[test]
    fn html_is_a_whole_document() {
        let text = mime(&EmailMessage::example()).replace("=\r\n", "");
        for part in ["<!doctype html>", "lang=3D\"nl\"", "viewport", "color-scheme", "</html>"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        let mail = EmailMessage { to: "jan".to_owned(), ..EmailMessage::example() };
        let why = mail.to_mime(Moment::from_millis(0)).expect_err("no address");
        assert!(why.starts_with("`jan` is not an address"), "{why}");
        assert!(EmailMessage::read("{}").expect_err("no mail").starts_with("the letter cannot be read"));
    }
}
