//! `Letter`: an email as data, and as MIME. (RFC 5322, RFC 3834.)

use crate::calendar::Moment;
use crate::complaint::Recipient;
use crate::config::Settings;
use crate::workflow::{Posting, Told};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an outbox row holds for email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
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
    /// RFC 3834: auto-replied to a complainant, auto-generated to staff.
    pub auto_submitted: String,
    /// A calendar invitation: its method and text.
    #[serde(default)]
    pub invitation: Option<(String, String)>,
}

/// The letters of a message, one to each address: one that is refused must not hold up the others.
pub(crate) fn letter(posting: &Posting, id: Uuid, to: &str, settings: &Settings) -> Option<Letter> {
    let Told::Message { notification, words, tag, invitation, .. } = &posting.told else { return None };
    let mailbox = settings.mailbox.as_str();
    let (local, domain) = mailbox.split_once('@').unwrap_or((mailbox, "localhost"));
    let plus = tag.as_ref().filter(|_| settings.plus_addresses);
    let complaint = posting.complaint.map(|(_, c)| c);
    let case = complaint.map_or("report", |c| c.intake_id.as_str());
    let to_complainant = notification.recipient == Recipient::Complainant;
    // A constant anchor comes first: some clients look only at the last reference (email.md).
    let anchor = format!("case.{case}@{domain}");
    let root = complaint.map(|c| c.message_id.clone()).filter(|m| to_complainant && !m.is_empty());
    let subject = match tag {
        Some(tag) => format!("{} [{tag}]", words.subject),
        None => words.subject.clone(),
    };
    Some(Letter {
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
        auto_submitted: if to_complainant { "auto-replied" } else { "auto-generated" }.to_owned(),
        invitation: invitation.as_ref().map(|(m, text)| (m.as_str().to_owned(), text.clone())),
    })
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

impl Letter {
    /// The letter as it goes over the wire; the same letter and time give the same bytes.
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
            .from(mailbox(Some(self.from_name.clone()), &self.from)?)
            .subject(self.subject.clone())
            .message_id(Some(format!("<{}>", self.message_id)))
            .header(AutoSubmitted(self.auto_submitted.clone()))
            .header(SuppressReplies("OOF, AutoReply".to_owned()))
            .header(RedressId(self.id.clone()));
        builder = builder.to(mailbox(None, &self.to)?);
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(mailbox(None, address)?);
        }
        let references: Vec<String> = self.references.iter().map(|r| format!("<{r}>")).collect();
        builder = builder.references(references.join(" "));
        if let Some(root) = &self.in_reply_to {
            builder = builder.in_reply_to(format!("<{root}>"));
        }
        let boundary = format!("redress-{}", self.id);
        let mut body = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(boundary)
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text.clone()))
            .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(self.html.clone()));
        if let Some((method, text)) = &self.invitation {
            // As an alternative of the letter, with its method, mail programs offer it to the calendar (RFC 6047).
            let kind = format!("text/calendar; method={method}; charset=utf-8");
            let kind = ContentType::parse(&kind).map_err(|e| e.to_string())?;
            body = body.singlepart(SinglePart::builder().header(kind).body(text.clone()));
        }
        builder.multipart(body).map(|m| m.formatted()).map_err(|e| e.to_string())
    }
}
