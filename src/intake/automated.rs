//! Mail that machines send: recognised by RFC 3834 and the habits of vendors, and never answered (email.md).

use mail_parser::Message;

/// Whether a program sent this mail by itself. A hint not to answer automatically is not enough.
pub(super) fn is_automated(message: &Message, sender: &str) -> bool {
    let header = |name: &str| message.header_raw(name).map(|v| v.trim().to_lowercase());
    let auto_submitted = header("Auto-Submitted").is_some_and(|v| !v.starts_with("no"));
    let null_sender = header("Return-Path").is_some_and(|v| v == "<>");
    let bulk =
        header("Precedence").is_some_and(|v| ["bulk", "junk", "list", "auto_reply"].contains(&v.as_str()));
    let list = header("List-Id").is_some();
    let vendor = ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Auto-Reply-From"];
    let report = header("Content-Type").is_some_and(|v| v.starts_with("multipart/report"));
    auto_submitted
        || null_sender
        || bulk
        || list
        || report
        || vendor.iter().any(|h| header(h).is_some())
        || nobody(sender)
}

/// Addresses behind which nobody reads.
fn nobody(sender: &str) -> bool {
    let local = sender.split('@').next().unwrap_or_default();
    matches!(local, "mailer-daemon" | "postmaster" | "noreply" | "no-reply" | "donotreply" | "do-not-reply")
}
