//! The sizes of what is taken in at once.

/// The largest mail, in bytes, that is taken in whole.
pub const MAX_BYTES: usize = 40 << 20;
/// The bytes of a larger mail that are taken in, from its beginning: headers and text. The whole mail stays
/// in the mailbox or file that it came from.
pub const KEPT_BYTES: usize = 1 << 20;

/// The mails that are stored in one transaction, at most.
pub const SET: usize = 100;
/// The bytes of mails that are stored in one transaction, at most; a larger mail is stored by itself.
pub const SET_BYTES: usize = 8 << 20;
