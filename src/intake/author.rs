//! The author of a mail, by RFC 3834, RFC 3464, RFC 8098 and the habits of vendors
//! (docs/mail.md "Auto-replies").

use crate::reception::Author;
use mail_parser::{Message, MimeHeaders};

/// Headers by which vendors mark automatic answers.
const VENDORS: &[&str] = &[
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-Auto-Reply-From",
    "X-AutoReply-From",
];
/// More hops than this is a mail that goes in circles.
const HOPS: usize = 25;

/// Reads from headers and parts who or what wrote a mail. A hint not to answer automatically
/// (`X-Auto-Response-Suppress`) and a way to unsubscribe say nothing about who wrote it.
pub(super) fn author_of(message: &Message, sender: &str) -> Author {
    let header = |name: &str| message.header_raw(name).map(|v| v.trim().to_lowercase());
    let content_says = |text: &str| header("Content-Type").is_some_and(|v| v.contains(text));
    let local = sender.split_once('@').map_or(sender, |(local, _)| local);
    let has_part = |kind: &str, subtype: &str| {
        message.parts.iter().filter_map(|p| p.content_type()).any(|t| {
            t.ctype().eq_ignore_ascii_case(kind)
                && t.subtype().is_some_and(|s| s.eq_ignore_ascii_case(subtype))
        })
    };
    let precedence = header("Precedence");
    // `Auto-Submitted: no` is said by people; what follows a semicolon are parameters (RFC 3834).
    let submitted = header("Auto-Submitted").unwrap_or_default();
    let submitted = submitted.split([';', '(', ' ']).next().unwrap_or_default().to_owned();
    let null_sender = header("Return-Path").is_some_and(|v| v == "<>");
    if has_part("message", "disposition-notification") || content_says("disposition-notification") {
        Author::Receipt
    } else if has_part("message", "delivery-status")
        || content_says("report-type=delivery-status")
        || matches!(local, "mailer-daemon" | "postmaster")
    {
        Author::Bounce
    } else if message.header_values("Received").count() > HOPS {
        Author::Loop
    } else if submitted == "auto-replied"
        || precedence.as_deref() == Some("auto_reply")
        || VENDORS.iter().any(|name| header(name).is_some_and(|v| v != "no"))
        || header("Content-Type").is_some_and(|v| v.starts_with("multipart/report"))
        || null_sender
    {
        Author::AutoReply
    } else if submitted.starts_with("auto") {
        Author::Generated
    } else if matches!(precedence.as_deref(), Some("bulk" | "junk" | "list")) || header("List-Id").is_some() {
        Author::List
    } else if is_nobody(local) {
        Author::Nobody
    } else if is_titled_as_answer(&message.subject().unwrap_or_default().to_lowercase()) {
        Author::AutoReply
    } else {
        Author::Human
    }
}

/// Returns whether the sender asks that nobody answers automatically. It delays a machine and cancels no
/// duty.
pub(super) fn asks_no_answer(message: &Message) -> bool {
    let asked = message.header_raw("X-Auto-Response-Suppress").unwrap_or_default().to_lowercase();
    asked.split(',').map(str::trim).any(|word| matches!(word, "all" | "autoreply"))
}

/// Returns whether nobody reads what is sent to such an address.
pub(super) fn is_nobody(local: &str) -> bool {
    let plain: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    ["noreply", "donotreply", "nietbeantwoorden", "nietreageren", "keinantwort"]
        .iter()
        .any(|word| plain.starts_with(word) || plain.ends_with(word))
}

/// The beginnings of subjects that programs give to answers by themselves (small letters), before a colon, a
/// bracket or nothing.
const TITLES: &[&str] = &[
    "automatisch antwoord",
    "automatische reactie",
    "automatisch bericht",
    "afwezigheidsbericht",
    "afwezigheidsmelding",
    "afwezig",
    "automatic reply",
    "automated reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "out-of-office",
    "out of office autoreply",
    "out of office reply",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesenheit",
    "réponse automatique",
    "absence du bureau",
    "message d'absence",
];

/// Returns whether a subject is an answering program's own, as Outlook writes when a rule of it answers.
fn is_titled_as_answer(subject: &str) -> bool {
    let subject = subject.trim_start_matches(['[', '(', ' ']).replace('’', "'");
    TITLES.iter().any(|title| {
        subject
            .strip_prefix(title)
            .is_some_and(|rest| rest.trim_start().starts_with([':', ']', ')']) || rest.trim().is_empty())
    })
}

/// Words by which people say for later that they are not there (small letters).
const ABSENT: &[&str] = &[
    "ben afwezig",
    "ben ik afwezig",
    "momenteel afwezig",
    "ben niet aanwezig",
    "ben ik niet aanwezig",
    "ben niet op kantoor",
    "ben ik niet op kantoor",
    "niet in de gelegenheid om",
    "met vakantie",
    "op vakantie",
    "met verlof",
    "wordt niet doorgestuurd",
    "worden niet doorgestuurd",
    "out of office",
    "out of the office",
    "on annual leave",
    "on vacation",
    "on holiday",
    "on leave",
    "not be forwarded",
    "limited access to my e",
    "no access to my e",
    "nicht im büro",
    "nicht im haus",
    "im urlaub",
    "abwesend",
    "nicht weitergeleitet",
    "absent du bureau",
    "absente du bureau",
    "je suis absent",
    "en congé",
    "en vacances",
];
/// The longest notice of absence, in characters.
const NOTICE: usize = 1_500;

/// Returns whether a mail reads as a notice of absence without saying so anywhere but in its words. Who answers
/// a letter oneself quotes it, or writes at length.
pub(super) fn reads_as_absence(text: &str, history_at: Option<usize>) -> bool {
    if history_at.is_some() || text.chars().nth(NOTICE).is_some() {
        return false;
    }
    let lower = text.to_lowercase();
    ABSENT.iter().any(|words| lower.contains(words))
}
