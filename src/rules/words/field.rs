//! `Field`: one field of a complaint as one value. Getter, setter, check, templates, reference and the rule
//! about personal data all read this value.

use super::context::{Eval, Failure};
use super::kind::Kind;
use super::word::Help;
use crate::complaint::{Case, Complaint};
use crate::rules::procedure::declared::Procedure;
use rhai::Dynamic;

/// Assigns a value that a script gives.
pub(in crate::rules) type Setter = fn(&mut Complaint, Dynamic, &Eval) -> Result<(), Failure>;

/// The beginning of the name by which events call one of the organisation's own fields, which the procedure
/// declares and no list here holds.
pub(super) const OWN_FIELD_PREFIX: &str = "extra.";

/// The use that a script may make of a field.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Access {
    /// Set by the engine or by a word with an effect.
    Read,
    /// Assignable in bodies.
    Write(Setter),
}

/// The privacy of a field, which decides where its value may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Privacy {
    /// Categories, dates and states: anywhere, also for plugins that state no purpose.
    Plain,
    /// A name or address of a complainant, of somebody complained of or of staff, or what identifies another
    /// complaint: the trail keeps it as a salted digest (docs/semantics.md 5.4), plugins get no value.
    Personal,
    /// Free text: never reaches conditions.
    FreeText,
}

/// The presence of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Presence {
    Always,
    /// `()` until somebody or something fills it in.
    Sometimes,
}

/// A field of a complaint.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Field {
    pub name: &'static str,
    /// The kind of its value; of a name, with its vocabulary.
    pub kind: Kind,
    pub presence: Presence,
    pub privacy: Privacy,
    pub get: fn(&Case, &Procedure) -> Dynamic,
    pub access: Access,
    pub help: Help,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Field {
    /// A plain field that is set by the engine and may be empty; the rest is filled in.
    pub const READ: Self = Self {
        name: "",
        kind: Kind::Any,
        presence: Presence::Sometimes,
        privacy: Privacy::Plain,
        get: |_, _| Dynamic::UNIT,
        access: Access::Read,
        help: Help { nl: "", en: "" },
    };

    /// Returns whether it is free text, which no condition may read.
    pub fn is_free_text(&self) -> bool {
        self.privacy == Privacy::FreeText
    }

    /// Returns whether its value says who somebody is or holds what somebody wrote.
    pub fn is_personal(&self) -> bool {
        self.privacy != Privacy::Plain
    }

    /// Returns whether bodies may assign it.
    pub fn is_writable(&self) -> bool {
        matches!(self.access, Access::Write(_))
    }

    /// Returns whether it is filled in.
    pub fn is_set(&self, case: &Case, procedure: &Procedure) -> bool {
        let value = (self.get)(case, procedure);
        !value.is_unit() && value.into_immutable_string().map_or(true, |t| !t.trim().is_empty())
    }
}
