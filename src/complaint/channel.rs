//! `Channel`: the way a complaint reached the organisation (docs/procedure.md rows 6 and 11).

use super::word_enum;

word_enum! {
    /// The way a complaint reached the organisation.
    Channel("channel") {
        Email = "email",
        /// A mail that an employee passed on; the receiver confirms who complains.
        Forwarded = "forwarded",
        Phone = "phone",
        Paper = "paper",
        Chat = "chat",
    }
}

word_enum! {
    /// The way a complaint was told to an employee, who logged it (docs/procedure.md row 11, T2).
    ContactChannel("channel of a contact") {
        Phone = "phone",
        Paper = "paper",
        Chat = "chat",
    }
}

impl From<ContactChannel> for Channel {
    fn from(channel: ContactChannel) -> Self {
        match channel {
            ContactChannel::Phone => Self::Phone,
            ContactChannel::Paper => Self::Paper,
            ContactChannel::Chat => Self::Chat,
        }
    }
}
