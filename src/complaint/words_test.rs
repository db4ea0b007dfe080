//! The words of the enums that scripts, tables and JSON hold.

use super::{
    Channel, Coming, ComplainantKind, ContactChannel, EventKind, Language, LetterStatus, LinkKind, MailKind,
    MeetingStatus, TriageReason, Via,
};

fn reads_back<T>(all: &[T])
where
    T: Copy + std::fmt::Debug + PartialEq + std::fmt::Display + std::str::FromStr,
    T: serde::Serialize + serde::de::DeserializeOwned,
    T::Err: std::fmt::Debug,
{
    for value in all {
        let word = value.to_string();
        assert_eq!(word.parse::<T>().expect("a word of the enum"), *value);
        let json = serde_json::json!(value);
        assert_eq!(json, serde_json::Value::from(word));
        assert_eq!(serde_json::from_value::<T>(json).expect("its own JSON"), *value);
    }
}

#[test]
fn every_value_is_read_back_from_its_word_and_its_json() {
    reads_back(Channel::ALL);
    reads_back(ContactChannel::ALL);
    reads_back(ComplainantKind::ALL);
    reads_back(Coming::ALL);
    reads_back(EventKind::ALL);
    reads_back(Language::ALL);
    reads_back(LetterStatus::ALL);
    reads_back(LinkKind::ALL);
    reads_back(MailKind::ALL);
    reads_back(MeetingStatus::ALL);
    reads_back(TriageReason::ALL);
    reads_back(Via::ALL);
}

/// What is stored stays readable: these words stand in tables and in the facts of complaints.
#[test]
fn the_stored_words_stay_as_they_are() {
    let words = |all: &[TriageReason]| all.iter().map(|r| r.as_str()).collect::<Vec<_>>();
    assert_eq!(
        words(TriageReason::ALL),
        [
            "forwarded",
            "stranger_reply",
            "after_closing",
            "unreadable",
            "no_sender",
            "no_auto_reply",
            "written_for",
            "old_mail"
        ]
    );
    let words: Vec<&str> = MailKind::ALL.iter().map(|k| k.as_str()).collect();
    assert_eq!(
        words,
        [
            "complaint",
            "addition",
            "contact",
            "attendance",
            "auto_reply",
            "bounce",
            "receipt",
            "list",
            "loop",
            "own"
        ]
    );
}

#[test]
fn another_word_is_refused_with_the_words_there_are() {
    let why = "fax".parse::<Channel>().expect_err("no channel").to_string();
    assert_eq!(why, "`fax` is no channel; the words are email, forwarded, phone, paper, chat");
    assert!("Email".parse::<Channel>().is_err(), "words are lower case");
    assert!("".parse::<TriageReason>().is_err());
}
