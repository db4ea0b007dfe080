//! `word_enum!`: enums whose values are words in scripts, tables and JSON. One list gives the values, their
//! words, and the reading of a word.

/// A word that names none of an enum's values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no {what}; the words are {}", known.join(", "))]
pub struct UnknownWord {
    /// The noun for what the word should have named, such as `channel`.
    pub what: &'static str,
    /// The word that was read.
    pub word: String,
    /// The words that there are, in order of declaration.
    pub known: Vec<&'static str>,
}

/// Declares an enum with `ALL`, `as_str`, `Display`, `FromStr`, and serde by the same words.
macro_rules! word_enum {
    (
        $(#[$doc:meta])*
        $name:ident($what:literal) {
            $($(#[$value_doc:meta])* $value:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`")]
                $(#[doc = ""] #[$value_doc])*
                #[serde(rename = $word)]
                $value
            ),+
        }

        impl $name {
            /// Lists every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// Returns the word that scripts, tables and JSON hold.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::complaint::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|value| value.as_str() == word);
                found.ok_or_else(|| $crate::complaint::UnknownWord {
                    what: $what,
                    word: word.to_owned(),
                    known: Self::ALL.iter().map(|value| value.as_str()).collect(),
                })
            }
        }
    };
}

pub(crate) use word_enum;
