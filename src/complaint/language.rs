//! `Language`: the languages that messages are written in.

use super::word_enum;

word_enum! {
    /// A language of letters, by its ISO 639-1 code.
    Language("language") {
        Dutch = "nl",
        English = "en",
    }
}
