//! Values as they stand in a column: every type that rows may hold, how it is written and read back.

use super::alike::Counting;
use super::delivery_state::{AttemptOutcome, DeliveryState, GatheredState};
use super::tables::forgettings::ForgettingStep;
use super::tables::proposal_trials::TrialKind;
use super::tables::proposals::ProposalState;
use crate::calendar::{Date, Moment};
use crate::complaint::{
    Actor, Channel, ComplaintId, DeadlineName, EventKind, IntakeId, Language, LinkKind, MailKind,
    MessageName, Name, Number, Recipient, Role, Source, State, UnknownWord, Via,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Int(i64),
    Text(String),
    OptionalInt(Option<i64>),
    OptionalText(Option<String>),
    Bytes(Vec<u8>),
}

impl Cell {
    /// Returns about how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Int(_) | Self::OptionalInt(_) => 8,
            Self::Text(text) => text.len(),
            Self::OptionalText(text) => text.as_ref().map_or(0, String::len),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    pub(super) fn bind<'q>(
        self,
        query: Query<'q, Any, AnyArguments<'q>>,
    ) -> Query<'q, Any, AnyArguments<'q>> {
        match self {
            Self::Int(n) => query.bind(n),
            Self::Text(text) => query.bind(text),
            Self::OptionalInt(n) => query.bind(n),
            Self::OptionalText(text) => query.bind(text),
            Self::Bytes(bytes) => query.bind(bytes),
        }
    }
}

macro_rules! into_cell {
    ($($type:ty: |$value:ident| $cell:expr;)+) => {$(
        impl From<$type> for Cell {
            fn from($value: $type) -> Self {
                $cell
            }
        }
    )+};
}
into_cell! {
    i64: |n| Self::Int(n);
    usize: |n| Self::Int(i64::try_from(n).unwrap_or(i64::MAX));
    Moment: |at| Self::Int(at.millis());
    ComplaintId: |id| Self::Int(id.0);
    &str: |text| Self::Text(text.to_owned());
    &String: |text| Self::Text(text.clone());
    String: |text| Self::Text(text);
    Option<String>: |text| Self::OptionalText(text);
    Date: |day| Self::Text(day.to_string());
    Vec<u8>: |bytes| Self::Bytes(bytes);
    DeliveryState: |state| Self::Text(state.as_str().to_owned());
}

/// A form that both engines have: BIGINT, TEXT or BYTEA, or one of the first two where NULL may stand.
pub(super) trait Stored: Sized + for<'r> sqlx::Decode<'r, Any> + sqlx::Type<Any> {
    /// The type in SQL.
    const SQL: &'static str;
    fn cell(self) -> Cell;
}

macro_rules! stored {
    ($($form:ty: $sql:literal $cell:ident),+ $(,)?) => {$(
        impl Stored for $form {
            const SQL: &'static str = $sql;
            fn cell(self) -> Cell {
                Cell::$cell(self)
            }
        }
    )+};
}
stored! {
    i64: "BIGINT" Int,
    String: "TEXT" Text,
    Option<i64>: "BIGINT" OptionalInt,
    Option<String>: "TEXT" OptionalText,
    Vec<u8>: "BYTEA" Bytes,
}

/// A type that may stand in a column; the errors say what is wrong with the value.
pub(super) trait Column: Sized {
    type Stored: Stored;
    fn store(self) -> Result<Self::Stored, String>;
    fn restore(stored: Self::Stored) -> Result<Self, String>;
}

impl<T: Column> Column for Option<T>
where
    Option<T::Stored>: Stored,
{
    type Stored = Option<T::Stored>;

    fn store(self) -> Result<Self::Stored, String> {
        self.map(T::store).transpose()
    }

    fn restore(stored: Self::Stored) -> Result<Self, String> {
        stored.map(T::restore).transpose()
    }
}

/// Types that are written by one expression and read by another; reading may fail where it says `?`.
macro_rules! columns {
    ($($type:ty as $stored:ty: |$value:ident| $write:expr, |$read:ident| $restore:expr;)+) => {$(
        impl Column for $type {
            type Stored = $stored;

            fn store(self) -> Result<Self::Stored, String> {
                let $value = self;
                Ok($write)
            }

            fn restore($read: Self::Stored) -> Result<Self, String> {
                $restore
            }
        }
    )+};
}

columns! {
    i64 as i64: |n| n, |n| Ok(n);
    String as String: |text| text, |text| Ok(text);
    Vec<u8> as Vec<u8>: |bytes| bytes, |bytes| Ok(bytes);
    u32 as i64: |n| i64::from(n), |n| u32::try_from(n).map_err(|_| format!("{n} is out of range"));
    bool as i64: |b| i64::from(b), |n| flag(n);
    Moment as i64: |at| at.millis(), |millis| Ok(Moment::from_millis(millis));
    ComplaintId as i64: |id| id.0, |id| Ok(ComplaintId(id));
    Date as String: |day| day.to_string(), |day| day.parse().map_err(|e| format!("`{day}` is no date: {e}"));
    Actor as String: |actor| actor.to_string(), |text| Ok(text.as_str().into());
    Recipient as String: |recipient| recipient.to_string(), |text| Ok(text.as_str().into());
    Source as String: |source| source.to_json(), |json| parsed(&json);
    Lines as String: |lines| lines.0.join("\n"), |text| Ok(Self(text.lines().map(str::to_owned).collect()));
}

fn flag(n: i64) -> Result<bool, String> {
    match n {
        0 => Ok(false),
        1 => Ok(true),
        n => Err(format!("{n} is neither 0 nor 1")),
    }
}

/// Names that belong to the ruleset or are given by the store: any text is one.
macro_rules! open_names {
    ($($type:ty),+ $(,)?) => { columns! {
        $($type as String: |name| name.as_str().to_owned(), |name| Ok(name.into());)+
    } };
}
open_names!(State, Role, DeadlineName, MessageName, Name, IntakeId, Number);

/// Enums that are words; an unknown one cannot be read.
macro_rules! words {
    ($($type:ty),+ $(,)?) => { columns! {
        $($type as String: |value| value.as_str().to_owned(), |word| word.parse().map_err(|e: UnknownWord| e.to_string());)+
    } };
}
words!(
    Channel,
    Counting,
    EventKind,
    Language,
    Via,
    LinkKind,
    MailKind,
    DeliveryState,
    AttemptOutcome,
    GatheredState,
    ForgettingStep,
    ProposalState,
    TrialKind
);

/// Texts of one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines(pub(super) Vec<String>);

/// A document, JSON in TEXT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize + DeserializeOwned> Column for Json<T> {
    type Stored = String;

    fn store(self) -> Result<String, String> {
        serde_json::to_string(&self.0).map_err(|e| e.to_string())
    }

    fn restore(text: String) -> Result<Self, String> {
        parsed(&text).map(Self)
    }
}

/// A document with the text that stands in the column, for what signs that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verbatim<T> {
    pub text: String,
    pub document: T,
}

impl<T: DeserializeOwned> Column for Verbatim<T> {
    type Stored = String;

    fn store(self) -> Result<String, String> {
        Ok(self.text)
    }

    fn restore(text: String) -> Result<Self, String> {
        parsed(&text).map(|document| Self { text, document })
    }
}

fn parsed<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|e| e.to_string())
}
