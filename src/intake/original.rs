//! `Original`: the HTML of a mail as it was sent, for a frame that obeys none of it (docs/mail.md "Original").

use super::body::html_of;
use super::legible::{Legible, bytes_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{Message, MimeHeaders};

/// The longest original in bytes, without its pictures: a browser takes seconds to lay out more.
const LONGEST: usize = 512 * 1_024;
/// The most that the pictures in a mail take together, in bytes.
const PICTURES: usize = 4 * 1_024 * 1_024;
/// The pictures that are put in place; a drawing of SVG is a document, not a picture.
const KINDS: [&str; 4] = ["image/gif", "image/jpeg", "image/png", "image/webp"];

/// A mail as it looks in a mail program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// Its HTML, with the pictures that came along in their places.
    Html(String),
    /// There is none: it was written as text.
    TextOnly,
    /// It is longer than what is shown.
    TooLong,
}

impl Original {
    /// Reads the original of a mail. This may take long, and belongs on no thread that answers.
    pub fn of(raw: &[u8]) -> Self {
        let read = |mail: &Legible| mail.message().map_or(Self::TextOnly, |message| of_message(&message));
        // As the mail was read: where the parser gives up on mails within it, they are files.
        std::panic::catch_unwind(|| read(&Legible::new(raw)))
            .or_else(|_| std::panic::catch_unwind(|| read(&Legible::new(raw).without_attached_mails())))
            .unwrap_or(Self::TextOnly)
    }
}

fn of_message(message: &Message) -> Original {
    match html_of(message) {
        None => Original::TextOnly,
        Some(html) if html.len() > LONGEST => Original::TooLong,
        Some(html) => Original::Html(with_pictures(message, html)),
    }
}

/// Puts the pictures that came along where the text names them (RFC 2392).
fn with_pictures(message: &Message, mut html: String) -> String {
    let mut left = PICTURES;
    for part in &message.parts {
        let Some(id) = part.content_id().filter(|id| !id.is_empty() && html.contains(*id)) else { continue };
        let bytes = bytes_of(message, part);
        let kind = infer::get(bytes).map(|kind| kind.mime_type()).filter(|kind| KINDS.contains(kind));
        let Some(kind) = kind.filter(|_| bytes.len() <= left) else { continue };
        left -= bytes.len();
        let picture = format!("data:{kind};base64,{}", STANDARD.encode(bytes));
        // Once: a picture that is named a thousand times would fill the memory.
        html = html.replacen(&format!("cid:{id}"), &picture, 1);
    }
    html
}
