//! Nobody's term is missing on their desk: whatever roles, deputies and absences people have, whoever is responsible and
//! whomever a complaint is about, a term that is somebody's turn is among those that are asked for.

use super::{concerns, undecided};
use crate::calendar::Moment;
use crate::complaint::Role;
use crate::config::Settings;
use crate::rules::{ExtraFields, Procedure, Ruleset, RulesetSource};
use crate::store::Concern;
use crate::workflow::standing::Standing;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

const ROLES: [&str; 6] =
    ["receiver", "handler", "director", "deputy_director", "quality_manager", "integrator"];
const PEOPLE: [&str; 4] = ["a@test.example", "b@test.example", "c@test.example", "d@test.example"];

static SHIPPED: LazyLock<Procedure> = LazyLock::new(|| {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("rules");
    let source = RulesetSource::read(&folder).expect("the shipped rules");
    Ruleset::load(source, ExtraFields::default()).expect("the shipped rules load").procedure().clone()
});

/// One of the people: which of the roles, whose deputy stands in, and whether the person is away.
type Sketch = (Vec<bool>, Option<usize>, bool);

fn settings(people: &[Sketch]) -> Settings {
    let sketch = |(i, (roles, deputy, is_absent)): (usize, &Sketch)| {
        let roles: Vec<&str> =
            ROLES.iter().zip(roles).filter(|(_, has)| **has).map(|(role, _)| *role).collect();
        let deputy =
            deputy.filter(|d| *d != i).map(|d| format!("deputy = \"{}\"\n", PEOPLE[d])).unwrap_or_default();
        let absent = if *is_absent { "absent = [\"2026-11-01/2026-12-31\"]\n" } else { "" };
        format!("[[people]]\nname = \"P{i}\"\nemail = \"{}\"\nroles = {roles:?}\n{deputy}{absent}", PEOPLE[i])
    };
    let text: String = people.iter().enumerate().map(sketch).collect();
    Settings::parse(&text, "redress.toml").expect("settings")
}

fn includes(concern: &Concern, owner: &Role, responsible: Option<&str>, about: Option<&str>) -> bool {
    match concern {
        Concern::Responsible(person) => responsible == Some(person),
        Concern::Role(role) => role == owner,
        Concern::RolesOf(roles, people) => {
            roles.contains(owner) && people.iter().any(|p| p == responsible.unwrap_or_default())
        }
        Concern::RolesAbout(roles, person) => roles.contains(owner) && about == Some(person),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_term_that_is_somebodys_turn_is_asked_for(
        people in prop::collection::vec(
            (prop::collection::vec(prop::bool::weighted(0.3), ROLES.len()), prop::option::of(0..4usize), prop::bool::weighted(0.3)),
            4,
        ),
    ) {
        let (settings, now) = (settings(&people), Moment::from_millis(1_795_600_000_000));
        let responsibles: Vec<String> = PEOPLE.iter().chain(&["", "gone@test.example"]).map(|p| (*p).to_owned()).collect();
        let anybody = || PEOPLE.iter().copied().map(Some).chain([None]);
        for person in PEOPLE {
            let concerns = concerns((&settings, &SHIPPED), person, &responsibles, now);
            for (responsible, about) in anybody().chain([Some("gone@test.example")]).flat_map(|r| anybody().map(move |a| (r, a))) {
                let complaint = undecided(responsible, about, now);
                let standing = Standing::new(&settings, &SHIPPED, Some(&complaint), now);
                let roles = standing.roles_of(person);
                for owner in SHIPPED.roles.keys() {
                    let is_turn = roles.contains(owner) || responsible == Some(person);
                    let is_asked = concerns.iter().any(|concern| includes(concern, owner, responsible, about));
                    prop_assert!(
                        !is_turn || about == Some(person) || is_asked,
                        "{person}: {owner} of a complaint of {responsible:?} about {about:?}: {concerns:?}"
                    );
                }
            }
        }
    }
}
