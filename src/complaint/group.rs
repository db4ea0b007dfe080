//! Groups: the complaints that share a value with another, and what each shows of itself there.

use super::{Channel, Complaint, ComplaintId, Name, Number, Party, State};
use crate::calendar::{Date, Moment};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The field whose value the complaints of a group share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupBy {
    /// The complainant's address.
    Sender,
    /// The organisation that the complainant's address is of.
    Organisation,
    /// The employee complained of.
    About,
    /// The incident that complaints share.
    Incident,
    /// The cause, from the procedure's taxonomy.
    Cause,
    /// A field of the organisation's own.
    Own(Name),
}

impl GroupBy {
    /// The fields that every complaint can be grouped by, by the names that scripts use.
    pub const FIXED: [(&str, Self); 5] = [
        ("about", Self::About),
        ("cause", Self::Cause),
        ("incident", Self::Incident),
        ("organisation", Self::Organisation),
        ("sender", Self::Sender),
    ];

    /// Returns the field of a name; what is no fixed one is an own field.
    pub fn named(name: &str) -> Self {
        let fixed = Self::FIXED.into_iter().find(|(known, _)| *known == name);
        fixed.map_or_else(|| Self::Own(name.into()), |(_, by)| by)
    }

    /// Returns the value of a complaint, without regard to capitals and spaces; none where it has none.
    pub fn value(&self, complaint: &Complaint) -> Option<String> {
        let value = match self {
            Self::Sender => complaint.complainant.address(),
            Self::Organisation => organisation(&complaint.complainant),
            Self::About => complaint.about.as_deref(),
            Self::Incident => complaint.incident.as_deref(),
            Self::Cause => complaint.cause_kind.as_ref().map(Name::as_str),
            Self::Own(name) => complaint.extra.get(name).and_then(serde_json::Value::as_str),
        };
        value.and_then(comparable)
    }
}

/// Returns a value without regard to capitals and spaces; none where nothing is left.
fn comparable(value: &str) -> Option<String> {
    let words: Vec<String> = value.split_whitespace().map(str::to_lowercase).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Writes the name under which the field is stored; an own field is called as events call it.
impl fmt::Display for GroupBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(name) => write!(f, "extra.{name}"),
            fixed => f.write_str(Self::FIXED.iter().find(|(_, by)| by == fixed).map_or("", |(name, _)| name)),
        }
    }
}

/// Domains under which anybody has an address: they tell no organisation.
const PUBLIC_MAIL: &[&str] = &[
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "icloud",
    "me",
    "mac",
    "yahoo",
    "ymail",
    "aol",
    "gmx",
    "proton",
    "protonmail",
    "ziggo",
    "kpnmail",
    "kpnplanet",
    "planet",
    "hetnet",
    "home",
    "upcmail",
    "casema",
    "chello",
    "xs4all",
    "telfort",
    "tele2",
    "online",
    "zonnet",
    "quicknet",
    "caiway",
    "solcon",
    "telenet",
    "skynet",
    "zeelandnet",
    "freedom",
    "versatel",
    "wanadoo",
    "tiscali",
    "zoho",
    "web",
    "t-online",
    "fastmail",
    "tutanota",
    "mailbox",
];

/// Returns the domain of an address, without what stands before the last two of its labels; none of a provider
/// where anybody has one.
fn organisation(party: &Party) -> Option<&str> {
    let domain = party.address()?.rsplit_once('@')?.1;
    let (rest, _) = domain.rsplit_once('.')?;
    // `co.uk` and its like are no organisation's.
    let is_double = |label: &str| ["co", "com", "org", "ac", "gov", "net", "edu"].contains(&label);
    let (before, label) = rest.rsplit_once('.').unwrap_or(("", rest));
    let (before, label) = match is_double(label) && !before.is_empty() {
        true => before.rsplit_once('.').unwrap_or(("", before)),
        false => (before, label),
    };
    let start = if before.is_empty() { 0 } else { before.len() + 1 };
    (!PUBLIC_MAIL.contains(&label)).then(|| domain.get(start..)).flatten()
}

/// A group: the field and the value that its complaints share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// The field.
    pub by: GroupBy,
    /// The value, without regard to capitals and spaces.
    pub value: String,
}

impl GroupKey {
    /// The longest value that groups, in bytes; what is longer is a text.
    const LONGEST: usize = 200;

    /// Returns the group of a complaint by one field; none where the field is empty.
    pub fn of(by: &GroupBy, complaint: &Complaint) -> Option<Self> {
        Self::keyed(by, by.value(complaint)?)
    }

    /// Returns the group of a value as somebody writes it; none where it is empty or too long to group.
    pub fn of_value(by: &GroupBy, value: &str) -> Option<Self> {
        Self::keyed(by, comparable(value)?)
    }

    fn keyed(by: &GroupBy, value: String) -> Option<Self> {
        (value.len() <= Self::LONGEST).then(|| Self { by: by.clone(), value })
    }

    /// Returns every group of a complaint.
    pub fn all(complaint: &Complaint) -> Vec<Self> {
        let fixed = GroupBy::FIXED.into_iter().map(|(_, by)| by);
        let own = complaint.extra.keys().map(|name| GroupBy::Own(name.clone()));
        fixed.chain(own).filter_map(|by| Self::of(&by, complaint)).collect()
    }

    /// Returns whether a change may have put a complaint into other groups, or in another place of them.
    pub fn may_differ(before: &Complaint, after: &Complaint) -> bool {
        before.complainant.email != after.complainant.email
            || before.received_at != after.received_at
            || before.about != after.about
            || before.incident != after.incident
            || before.cause_kind != after.cause_kind
            || before.extra != after.extra
    }
}

/// What a complaint shows of itself to the others of its group: states, days, numbers and words of the
/// procedure; no name, address or text (docs/semantics.md 7.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The store's key.
    pub id: ComplaintId,
    /// The number; none until it is registered. Conditions do not see it.
    pub number: Option<Number>,
    /// The intake id. Conditions do not see it.
    pub intake_id: String,
    /// The employee complained of, from whom the number is kept. No script sees it.
    pub about: Option<String>,
    /// The main state.
    pub state: State,
    /// The moment at which the organisation first received it.
    pub received_at: Moment,
    /// The day of the decision; none until it is decided.
    pub decided_on: Option<Date>,
    /// The verdict; none until it is decided.
    pub verdict: Option<Name>,
    /// The ground on which it is not treated; none where it is.
    pub ground: Option<Name>,
    /// The cause, from the taxonomy; none until known.
    pub cause: Option<Name>,
    /// What the complainant said to the decision; none until known.
    pub agreement: Option<Name>,
    /// The step of the escalation; none while there was none.
    pub escalation: Option<Name>,
    /// The way it reached the organisation.
    pub channel: Channel,
    /// The flags that are set.
    pub flags: BTreeSet<Name>,
    /// The counters, where they are not 0.
    pub counters: BTreeMap<Name, i64>,
}

impl Member {
    /// Returns what a complaint shows of itself.
    pub fn of(id: ComplaintId, complaint: &Complaint) -> Self {
        let c = complaint;
        Self {
            id,
            number: c.number.clone(),
            intake_id: c.intake_id.to_string(),
            about: c.about.clone(),
            state: c.state.clone(),
            received_at: c.received_at,
            decided_on: c.decided_on,
            verdict: c.verdict.clone(),
            ground: c.ground.clone(),
            cause: c.cause_kind.clone(),
            agreement: c.agreement.clone(),
            escalation: c.escalation.clone(),
            channel: c.channel,
            flags: c.flags.clone(),
            counters: c.counters.clone(),
        }
    }

    /// Returns the place in a list, newest first.
    pub fn newest_first(&self) -> std::cmp::Reverse<(Moment, ComplaintId)> {
        std::cmp::Reverse((self.received_at, self.id))
    }
}

/// The complaints of a group as they were when they were loaded, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// At most [`Group::MOST`] of them.
    pub members: Vec<Arc<Member>>,
    /// True when there are older ones beside these.
    pub is_cut: bool,
}

impl Group {
    /// The most complaints of a group that a decision looks at.
    pub const MOST: usize = 200;

    /// Makes a group of all its complaints, or of its newest and one more.
    pub fn of(mut members: Vec<Arc<Member>>) -> Self {
        members.sort_by_key(|m| m.newest_first());
        let is_cut = members.len() > Self::MOST;
        members.truncate(Self::MOST);
        Self { members, is_cut }
    }
}

/// A complaint of a period as schedules see it, and the groups it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it shows of itself.
    pub member: Arc<Member>,
    /// Its groups.
    pub groups: Vec<GroupKey>,
}

impl Received {
    /// The most complaints of a period that a schedule looks at.
    pub const MOST: usize = 2_000;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::IntakeId;

    #[test]
    fn the_organisation_is_what_owns_the_domain() {
        for (email, expected) in [
            ("jan@bedrijf.nl", Some("bedrijf.nl")),
            ("jan@mail.afdeling.bedrijf.nl", Some("bedrijf.nl")),
            ("jan@firm.co.uk", Some("firm.co.uk")),
            ("jan@hr.firm.co.uk", Some("firm.co.uk")),
            ("jan@gmail.com", None),
            ("jan@mail.ziggo.nl", None),
            ("jan@yahoo.co.uk", None),
            ("jan", None),
            ("jan@localhost", None),
            ("", None),
        ] {
            let party = Party { name: String::new(), email: email.to_owned() };
            assert_eq!(organisation(&party), expected, "{email}");
        }
    }

    #[test]
    fn values_are_compared_without_capitals_and_spaces_and_own_fields_stand_apart() {
        let at = Moment::from_millis(0);
        let who = Party { name: String::new(), email: "k@firma.nl".to_owned() };
        let mut c = Complaint::received(IntakeId::new(2026, 1), "a".into(), String::new(), who, at);
        c.about = Some(" J.Jansen@Lagant.NL".to_owned());
        c.extra.insert("about".into(), "Jan  DE Vries".into());
        c.extra.insert("lang".into(), "x".repeat(201).into());
        c.extra.insert("getal".into(), 3.into());
        let keys: Vec<_> = GroupKey::all(&c).into_iter().map(|k| format!("{}={}", k.by, k.value)).collect();
        let expected = [
            "about=j.jansen@lagant.nl",
            "organisation=firma.nl",
            "sender=k@firma.nl",
            "extra.about=jan de vries",
        ];
        assert_eq!(keys, expected);
        assert_eq!(GroupBy::named("about"), GroupBy::About);
        assert_eq!(GroupBy::named("trainer"), GroupBy::Own("trainer".into()));
    }
}
