//! `Finding`: what a check of kinds found, as facts.

use super::bodies::Body;
use super::operators::DayAsSum;
use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{
    always_holds, answer_missing, day_as_sum, element_field_assigned, follows_from_before,
    free_text_in_condition, included_alternative, it_without_for, may_be_empty, method_of_another_kind,
    neither_true_nor_false, never_holds, no_address, no_list, no_meaning, no_span, no_such_part,
    nothing_asked, only_compared, unit_missing, variable_out_of_reach,
};
use crate::rules::words::kind::Kind;
use rhai::Position;

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub file: String,
    pub position: Position,
    pub wrong: Wrong,
}

/// A mistake, with the facts that say what it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wrong {
    /// A number counts from a moment, a date or a span, and no unit is said.
    NoUnit { number: Option<i64>, from: Kind },
    /// A day that is written as a sum.
    DayAsSum(DayAsSum),
    /// An operator between kinds that it makes nothing of.
    NoMeaning { sign: String, left: Option<Kind>, right: Kind },
    /// `now` or `today` in a condition, in a sum or with a method.
    OnlyCompared { name: &'static str },
    /// Something that must be true or false, and is another kind.
    NeitherTrueNorFalse { named: Option<String>, kind: Kind },
    /// What `for` ranges over is no list.
    NoList { kind: Kind },
    /// What the `for` of a rule ranges over has no measures and no complaints.
    NoElements,
    /// What stands after `every` is no span.
    NoSpan { kind: Kind },
    /// A variable that is known elsewhere: in another statement or function, none for this one.
    OutOfReach { name: String, of: Option<String> },
    /// `it` in a rule without `for`.
    NoElement,
    /// `input` where nothing was asked.
    NoInput,
    /// Free text in a condition.
    FreeText { field: String },
    /// A field of what has no fields.
    NoFields { kind: Kind, name: String },
    /// A method of what cannot have it.
    NotOfThis { word: &'static str, kind: Kind, takes: Kind },
    /// An assignment to a field of an element.
    FixedElement { field: String },
    /// A text where somebody's address is meant.
    NoAddress { text: String, role: Role },
    /// An answer that the performed action needs, and is not given.
    AnswerMissing { action: String, name: String },
    /// What may be empty is compared or counted from.
    MayBeEmpty { what: String },
    /// A part that is always so.
    Always,
    /// A part that is never so.
    Never,
    /// A part that follows from what stands before it.
    Follows,
    /// An alternative that another includes.
    Included,
}

/// Whether a text is the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Declared,
    Unknown,
}

impl Body<'_> {
    /// Makes a finding at a position of it.
    pub(super) fn finding(&self, position: Position, wrong: Wrong) -> Finding {
        Finding { file: self.file.to_owned(), position, wrong }
    }
}

impl Finding {
    /// Returns it in words.
    pub fn told(self, checked: &Checked) -> Diagnostic {
        let at = checked.source.at(&self.file, self.position);
        match self.wrong {
            Wrong::NoUnit { number, from } => unit_missing::report(at, number, from.described()),
            Wrong::DayAsSum(DayAsSum { year, month, day }) => day_as_sum::report(at, (year, month, day)),
            Wrong::NoMeaning { sign, left, right } => {
                no_meaning::report(at, &sign, left.map(Kind::described), right.described())
            }
            Wrong::OnlyCompared { name } => only_compared::report(at, name),
            Wrong::NeitherTrueNorFalse { named, kind } => {
                neither_true_nor_false::report(at, named.as_deref(), kind.described())
            }
            Wrong::NoList { kind } => no_list::report(at, kind.described()),
            Wrong::NoElements => no_list::without_elements(at),
            Wrong::NoSpan { kind } => no_span::report(at, kind.described()),
            Wrong::OutOfReach { name, of } => variable_out_of_reach::report(at, &name, of.as_deref()),
            Wrong::NoElement => it_without_for::report(at),
            Wrong::NoInput => nothing_asked::report(at),
            Wrong::FreeText { field } => free_text_in_condition::report(at, &field),
            Wrong::NoFields { kind: Kind::List(_), name } => no_such_part::of_list(at, &name),
            Wrong::NoFields { kind, name } => no_such_part::report(at, &name, kind.described()),
            Wrong::NotOfThis { word, kind, takes } => {
                method_of_another_kind::report(at, word, kind.described(), takes.described())
            }
            Wrong::FixedElement { field } => element_field_assigned::report(at, &field),
            Wrong::NoAddress { text, role: Role::Declared } => no_address::role(at, &text),
            Wrong::NoAddress { text, role: Role::Unknown } => no_address::report(at, &text),
            Wrong::AnswerMissing { action, name } => answer_missing::report(at, &action, &name),
            Wrong::MayBeEmpty { what } => may_be_empty::report(at, &what),
            Wrong::Always => always_holds::report(at),
            Wrong::Never => never_holds::report(at),
            Wrong::Follows => follows_from_before::report(at),
            Wrong::Included => included_alternative::report(at),
        }
    }
}
