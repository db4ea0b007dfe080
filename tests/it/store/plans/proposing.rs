//! What is proposed to change of the rules: begun, changed, tried, given up and published, and what was published before.

use super::super::*;
use super::everything::LATER;
use redress::store::{
    Base, ChangedFiles, NewProposal, ProposalChange, ProposalState, Publication, PublicationEnd,
    StoredCompanions, Trial, TrialKind,
};

fn files(path: &str, text: Option<&str>) -> ChangedFiles {
    [(path.to_owned(), text.map(str::to_owned))].into()
}

pub async fn proposals(store: &Store) {
    let (proposals, publications, now) = (store.proposals(), store.publications(), at(LATER));
    let companions = StoredCompanions { digest: "c1".to_owned(), content: "{}".to_owned() };
    let base = Base { ruleset: "r1", companions: &companions };
    let new = NewProposal { name: "Een", owner: "q@lagant.nl", base, files: files("a.rhai", Some("x")) };
    let id = proposals.begin(new, now).await.unwrap().unwrap();
    let change =
        ProposalChange { put: files("b.rhai", None), name: Some("Twee"), ..ProposalChange::default() };
    assert!(proposals.change(id, 1, change.clone(), now).await.unwrap());
    assert!(!proposals.change(id, 1, change, now).await.unwrap(), "another was first");
    let back =
        ProposalChange { put_back: vec!["a.rhai".to_owned()], base: Some(base), ..ProposalChange::default() };
    assert!(proposals.change(id, 2, back, now).await.unwrap());
    assert_eq!(proposals.files(id).await.unwrap(), files("b.rhai", None));
    let trial = |found: &str| Trial {
        proposal_id: id,
        kind: TrialKind::Plan,
        tried: "d".to_owned(),
        at: now,
        found: found.to_owned(),
    };
    proposals.note_trial(trial("1")).await.unwrap();
    proposals.note_trial(trial("2")).await.unwrap();
    assert_eq!(proposals.trials(id).await.unwrap(), [trial("2")]);
    assert!(proposals.stand(id, ProposalState::Withdrawn, now).await.unwrap());
    assert!(!proposals.stand(id, ProposalState::Withdrawn, now).await.unwrap(), "it was given up before");
    assert!(proposals.stand(id, ProposalState::Open, now).await.unwrap());
    assert_eq!(proposals.in_state(ProposalState::Open, 9).await.unwrap()[0].name, "Twee");
    let version = proposals.find(id).await.unwrap().unwrap().version;
    assert_eq!(proposals.companions("c1").await.unwrap(), Some(companions.clone()));
    let publication = |expects, version| Publication {
        hash: "r3",
        content: "{}",
        renames: "{}",
        at: now,
        by: "q@lagant.nl",
        reason: "",
        event: event("published"),
        schedules: Vec::new(),
        plan: "",
        adopts: false,
        companions: Some(&companions),
        expects: Some(expects),
        proposal: Some((id, version)),
    };
    let before = publications.hash_in_force().await.unwrap().unwrap();
    let publish = async |expects: &str, version| {
        let of = Publication { expects: Some(expects), ..publication("", version) };
        publications.publish(of).await.unwrap()
    };
    assert_eq!(publish("another", version).await, PublicationEnd::Overtaken);
    assert_eq!(publish(&before, version - 1).await, PublicationEnd::Overtaken);
    assert_eq!(publications.hash_in_force().await.unwrap().unwrap(), before);
    assert_eq!(publish(&before, version).await, PublicationEnd::InForce);
    let newest = publications.newest(9).await.unwrap();
    assert_eq!((newest[0].ruleset.as_str(), newest[0].companions.as_deref()), ("r3", Some("c1")));
    assert!(newest.windows(2).all(|two| two[0].seq > two[1].seq));
    assert!(publications.head(newest[0].seq).await.unwrap().is_some());
    assert!(publications.one(newest[0].seq).await.unwrap().is_some());
    assert!(publications.ruleset("r3").await.unwrap().is_some());
    assert_eq!(publications.companions_of("r3").await.unwrap(), Some(companions));
    assert_eq!(proposals.find(id).await.unwrap().unwrap().state, ProposalState::Published);
}
