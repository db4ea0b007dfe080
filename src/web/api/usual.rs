//! What several operations share: parameters, and what a key must be good for.

use super::operation::Access;
use super::parameters::{Kind, Parameter, Place};
use crate::accounts::Scope;

pub(super) const fn query(name: &'static str, kind: Kind, means: &'static str) -> Parameter {
    Parameter { place: Place::Query, name, means, kind }
}

pub(super) const CURSOR: Parameter =
    query("cursor", Kind::UpToCharacters(500), "Where the page begins, as `next` of the page before says.");
pub(super) const LIMIT: Parameter =
    query("pageSize", Kind::UpTo(200), "The most that are answered at once; 50 where nothing is said.");

const STAGE: Parameter = query(
    "stage",
    Kind::OneOf(&["open", "closed"]),
    "Those that wait for their outcome, or do not any more.",
);
const STATE: Parameter =
    query("state", Kind::UpToCharacters(500), "Those in this state, by its name in the procedure.");
const LATE: Parameter =
    query("late", Kind::YesNo, "Those of which a term of the organisation has passed that still runs.");
const MINE: Parameter = query("mine", Kind::YesNo, "Those for which the person of the key is responsible.");
const RESPONSIBLE: Parameter = query(
    "responsible",
    Kind::UpToCharacters(254),
    "Those for which the person with this address is responsible.",
);
const RECEIVED_FROM: Parameter =
    query("receivedFrom", Kind::Day, "Those received on or after this local day.");
const RECEIVED_TO: Parameter = query("receivedTo", Kind::Day, "Those received on or before this local day.");
const AT: Parameter = query("at", Kind::Day, "The register as it stood at the end of this local day.");
const NUMBER: Parameter =
    query("number", Kind::UpToCharacters(500), "Those whose number begins so, by number.");
const ORDER: Parameter = query(
    "order",
    Kind::OneOf(&["newest", "oldest", "number"]),
    "The order; newest first where nothing is said.",
);

/// What is asked for of the register.
pub(super) const REGISTER_FILE: &[Parameter] =
    &[STAGE, STATE, LATE, MINE, RESPONSIBLE, RECEIVED_FROM, RECEIVED_TO, AT, NUMBER, ORDER];
/// The same, page by page. As it stood on a day, a page may hold fewer and not be the last.
pub(super) const REGISTER: &[Parameter] =
    &[STAGE, STATE, LATE, MINE, RESPONSIBLE, RECEIVED_FROM, RECEIVED_TO, AT, NUMBER, ORDER, CURSOR, LIMIT];

pub(super) const READ: Access = Access::With(Scope::ReadComplaints);
pub(super) const REPORTS: Access = Access::With(Scope::ReadReports);
