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
    let auto_submitted = header("Auto-Submitted").is_some_and(|v| !v.is_empty() && !v.starts_with("no"));
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
    } else if auto_submitted
        || precedence.as_deref() == Some("auto_reply")
        || VENDORS.iter().any(|name| header(name).is_some())
        || header("Content-Type").is_some_and(|v| v.starts_with("multipart/report"))
        || null_sender
    {
        Author::AutoReply
    } else if matches!(precedence.as_deref(), Some("bulk" | "junk" | "list")) || header("List-Id").is_some() {
        Author::List
    } else if is_nobody(local) {
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
fn is_nobody(local: &str) -> bool {
    matches!(local, "noreply" | "no-reply" | "no_reply" | "donotreply" | "do-not-reply" | "niet-beantwoorden")
}
