//! `Word`: one word of the rule language as one value. What registers it, checks it, explains it and
//! completes it all reads this value.

use super::kind::Kind;
use crate::complaint::Language;
use rhai::Engine;

/// A function, method or question that scripts may use.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Word {
    pub name: &'static str,
    pub group: Group,
    /// The ways in which it can be called.
    pub forms: &'static [Form],
    pub reads: Reads,
    pub does: Does,
    pub phases: Phases,
    pub help: Help,
    pub example: Example,
    /// Makes it callable under its name; nothing for what Rhai brings itself.
    pub register: fn(&mut Engine, &'static str),
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// One way of calling a word. A method's own value is its first parameter.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Form {
    pub takes: &'static [Parameter],
    pub gives: Kind,
}

/// A parameter of a word: its name in the reference and its kind.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
}

/// The chapter of the reference in which a word is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Group {
    Days,
    Terms,
    Facts,
    Effects,
    Questions,
    Periods,
    Values,
}

/// The thing a word looks at, beside its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Reads {
    Nothing,
    Clock,
    /// The running of a term.
    TermRuns,
    /// The end of a term; the condition is told of a new instance of it.
    TermEnd,
    Letter,
    /// The words of the complainant.
    MailText,
    Fact,
    /// Reports and recommendations of the procedure as a whole.
    Records,
}

/// The effect of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Does {
    Nothing,
    ArmsTerm,
    EndsTerm,
    Enters,
    Escalates,
    Sends,
    Performs,
    Refuses,
    /// Changes a fact or adds to the record in another way.
    Records,
}

/// The parts of a ruleset in which a word may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Phases {
    Anywhere,
    /// In `then`.
    Bodies,
    /// In `then`, and in schedules too.
    BodiesAndSchedules,
    /// In `then` of an action.
    ActionBodies,
    /// In `asks`.
    Asks,
    /// In schedules: of one complaint it knows nothing.
    Schedules,
}

/// The explanation of a word or field, for the people who edit rules.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Help {
    /// The explanation in Dutch.
    pub nl: &'static str,
    /// The explanation in English.
    pub en: &'static str,
}

impl Help {
    /// Returns the words in a language.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.nl,
            Language::English => self.en,
        }
    }
}

/// An example that runs. Names in braces stand for names of the procedure at hand: `{deadline}`, `{state}`,
/// `{role}`, `{action}`, `{escalation}`, `{verdict}`, `{measure}`, `{message}` (to `{role}`), `{report}` (to
/// `{reporter}`).
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Example {
    pub place: Place,
    pub text: &'static str,
}

/// The place of an example in a ruleset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A whole statement.
    File,
    /// After `when`.
    Condition,
    /// After `when`, in a rule with `for complaint.duplicates`.
    Element,
    /// In `then` of such a rule.
    ElementBody,
    /// In `then` of a rule.
    Body,
    /// In `then` of an action.
    Action,
    /// A value of `asks`.
    Asks,
    /// In `then` of a schedule.
    Schedule,
}

impl Word {
    /// A word that looks and changes nothing; the rest is filled in.
    pub const LOOKS: Self = Self {
        name: "",
        group: Group::Facts,
        forms: &[],
        reads: Reads::Nothing,
        does: Does::Nothing,
        phases: Phases::Anywhere,
        help: Help { nl: "", en: "" },
        example: Example { place: Place::Condition, text: "" },
        register: |_, _| {},
    };
    /// A word with an effect; the rest is filled in.
    pub const ACTS: Self =
        Self { group: Group::Effects, does: Does::Records, phases: Phases::Bodies, ..Self::LOOKS };
    /// A question of an action; the rest is filled in.
    pub const ASKS: Self = Self { group: Group::Questions, phases: Phases::Asks, ..Self::LOOKS };

    /// Returns whether it has an effect, so that no condition may use it.
    pub fn has_effect(&self) -> bool {
        self.does != Does::Nothing
    }

    /// Returns the way of calling it with this many arguments, a method's own value not counted or counted.
    pub fn form(&self, arguments: usize) -> Option<&'static Form> {
        self.forms.iter().find(|f| f.takes.len() == arguments)
    }
}

/// Makes a form.
pub(super) const fn form(takes: &'static [Parameter], gives: Kind) -> Form {
    Form { takes, gives }
}

/// Makes a parameter.
pub(super) const fn takes(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind }
}

/// Makes help in both languages.
pub(super) const fn help(nl: &'static str, en: &'static str) -> Help {
    Help { nl, en }
}

/// Makes an example that stands after `when`.
pub(super) const fn condition(text: &'static str) -> Example {
    Example { place: Place::Condition, text }
}

/// Makes an example that stands in `then` of a rule.
pub(super) const fn body(text: &'static str) -> Example {
    Example { place: Place::Body, text }
}

/// Makes an example that stands at a place.
pub(super) const fn example(place: Place, text: &'static str) -> Example {
    Example { place, text }
}
