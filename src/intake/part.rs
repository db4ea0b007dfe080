//! Parts of a mail, as several readers need them.

use mail_parser::{Message, MessagePart, MimeHeaders};

/// Returns the media type that a part says, in lower case, such as `text/calendar`; none when it says none.
pub(super) fn media_type(part: &MessagePart) -> Option<String> {
    let said = part.content_type()?;
    Some(format!("{}/{}", said.ctype(), said.subtype().unwrap_or_default()).to_lowercase())
}

/// Returns a parameter of a part's media type, in lower case.
pub(super) fn parameter(part: &MessagePart, name: &str) -> Option<String> {
    part.content_type()?.attribute(name).map(str::to_lowercase)
}

/// Returns a parameter of a part's media type as it is spelt.
pub(super) fn spelt_parameter(part: &MessagePart, name: &str) -> Option<String> {
    part.content_type()?.attribute(name).map(str::to_owned)
}

/// Returns the mail inside a part. One without parts of its own says nothing, and the parser cannot render
/// it.
pub(super) fn nested<'p>(part: &'p MessagePart<'p>) -> Option<&'p Message<'p>> {
    part.message().filter(|m| !m.parts.is_empty())
}
