//! The operations on rules, proposals, publications and faults.

use super::super::conditions::{NEEDS_SEEN, ONCE, SEEN};
use super::super::operation::{Access, Answer, Operation, shape};
use super::super::parameters::{Kind, Parameter, Place};
use super::super::shapes::NoWish;
use super::super::usual::query;
use super::shapes::{
    CatchUpWish, NameWish, PlanWish, ProposalDetails, ProposalList, ProposalSummary, ProposalWish,
    PublishWish, RuleFile, RuleFiles, StandWish, TextWish, Work,
};
use super::{
    behind, faults, files, graph, letters, procedure, proposals, publications, stories, terms, trials,
};
use crate::accounts::Scope;

const READ: Access = Access::With(Scope::ReadRules);
const CHANGE: Access = Access::With(Scope::ChangeRules);

const ON: &[Parameter] = &[query(
    "complaint",
    Kind::UpToCharacters(500),
    "The complaint on which it is worded; one that is made up where none is named.",
)];
const STORY: &[Parameter] = &[
    query("file", Kind::UpToCharacters(500), "The file, as the list of scenarios says."),
    query("name", Kind::UpToCharacters(500), "The name of the scenario."),
];
const NEW: Parameter = Parameter {
    place: Place::Header,
    name: "If-None-Match",
    means: "`*` in place of If-Match: the file is not there yet.",
    kind: Kind::UpToCharacters(10),
};
const WRITING: &[Parameter] = &[SEEN, NEW];
const CHANGING: &[Parameter] = &[ONCE, NEEDS_SEEN];

/// The operations of this part.
pub(in crate::web::api) static OPERATIONS: &[Operation] = &[
    Operation::get(
        "/api/v1/procedure",
        ("readProcedure", "The company's text in force, sentence by sentence, with what carries each, how often that worked, and gaps."),
        READ,
        Answer::Json(shape::<procedure::Procedure>),
        |call| Box::pin(procedure::show(call)),
    ),
    Operation::get(
        "/api/v1/procedure/terms",
        ("listRuleTerms", "The terms in force: their words, values, units and bounds."),
        READ,
        Answer::Json(shape::<terms::RuleTerms>),
        |call| Box::pin(terms::list(call)),
    ),
    Operation::get(
        "/api/v1/procedure/terms/{term}",
        ("readRuleTerm", "One term in force, with what a change of it touches."),
        READ,
        Answer::Json(shape::<terms::RuleTermDetails>),
        |call| Box::pin(terms::one(call)),
    ),
    Operation::get(
        "/api/v1/procedure/files",
        ("listRuleFiles", "The files of the ruleset in force."),
        READ,
        Answer::Json(shape::<RuleFiles>),
        |call| Box::pin(files::list(call)),
    ),
    Operation::get(
        "/api/v1/procedure/files/{path}",
        ("readRuleFile", "The text of a file in force."),
        READ,
        Answer::Json(shape::<RuleFile>),
        |call| Box::pin(files::one(call)),
    ),
    Operation::get(
        "/api/v1/procedure/graph",
        ("readGraph", "The states in force, how many complaints are in each, and the steps between them with who takes them."),
        READ,
        Answer::Json(shape::<graph::Graph>),
        |call| Box::pin(graph::show(call)),
    ),
    Operation::get(
        "/api/v1/procedure/letters",
        ("listLetters", "The messages in force and to whom each goes."),
        READ,
        Answer::Json(shape::<letters::LetterList>),
        |call| Box::pin(letters::list(call)),
    ),
    Operation::get(
        "/api/v1/procedure/letters/{letter}",
        ("readLetter", "A message in force: its texts, what it can fill in, and its words as it goes."),
        READ,
        Answer::Json(shape::<letters::LetterDetails>),
        |call| Box::pin(letters::one(call)),
    )
    .with(ON),
    Operation::get(
        "/api/v1/procedure/scenarios",
        ("listScenarios", "The scenarios in force, and what the rules do in them."),
        READ,
        Answer::Json(shape::<procedure::ScenarioList>),
        |call| Box::pin(procedure::scenarios(call)),
    ),
    Operation::get(
        "/api/v1/procedure/scenario-stories",
        ("readStory", "A scenario in force, told from day to day: what is done, what the rules do, what is expected."),
        READ,
        Answer::Json(shape::<stories::ToldScenario>),
        |call| Box::pin(stories::told(call)),
    )
    .with(STORY),
    Operation::get(
        "/api/v1/complaints/{reference}/scenario",
        ("readRetold", "The scenario that a complaint comes to, with nothing personal of it, to be written into a proposal."),
        CHANGE,
        Answer::Json(shape::<stories::RetoldScenario>),
        |call| Box::pin(stories::retold(call)),
    ),
    Operation::get(
        "/api/v1/proposals",
        ("listProposals", "What is proposed to change of the rules, and what came of the last proposals."),
        READ,
        Answer::Json(shape::<ProposalList>),
        |call| Box::pin(proposals::list(call)),
    ),
    Operation::post(
        "/api/v1/proposals",
        ("beginProposal", "Begin a proposal, with what is in force, or with what `from` names: going back to a publication is one as well."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(proposals::begin(call)),
    )
    .with(&[ONCE])
    .sending(shape::<ProposalWish>, r#"{"name": "Langere termijn in de zomer"}"#)
    .made()
    .tagged()
    .once(),
    Operation::get(
        "/api/v1/proposals/{proposal}",
        ("readProposal", "A proposal: its files, how it differs, its mistakes, what its trials found, and why it cannot be published yet."),
        READ,
        Answer::Json(shape::<ProposalDetails>),
        |call| Box::pin(proposals::one(call)),
    )
    .tagged(),
    Operation::put(
        "/api/v1/proposals/{proposal}/name",
        ("renameProposal", "Give one's own proposal another name."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(proposals::rename(call)),
    )
    .with(&[NEEDS_SEEN])
    .sending(shape::<NameWish>, r#"{"name": "Termijn in juli en augustus"}"#)
    .tagged(),
    Operation::put(
        "/api/v1/proposals/{proposal}/state",
        ("standProposal", "Withdraw one's own proposal, or open it again; its texts stay either way."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(proposals::stand(call)),
    )
    .sending(shape::<StandWish>, r#"{"state": "open"}"#)
    .tagged(),
    Operation::get(
        "/api/v1/proposals/{proposal}/files",
        ("listProposalFiles", "The files of a proposal, those that it leaves out included."),
        READ,
        Answer::Json(shape::<RuleFiles>),
        |call| Box::pin(files::list(call)),
    ),
    Operation::get(
        "/api/v1/proposals/{proposal}/files/{path}",
        ("readProposalFile", "The text of a file of a proposal, as it was, and its mistakes. Its ETag is what If-Match takes."),
        READ,
        Answer::Json(shape::<RuleFile>),
        |call| Box::pin(files::one(call)),
    )
    .tagged(),
    Operation::put(
        "/api/v1/proposals/{proposal}/files/{path}",
        ("writeProposalFile", "Give a file of one's own proposal another text, or add it: If-Match or If-None-Match is needed."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(files::put(call)),
    )
    .with(WRITING)
    .sending(shape::<TextWish>, r#"{"text": "const TERM = weeks(6);\n"}"#)
    .up_to(files::BODY)
    .tagged(),
    Operation::delete(
        "/api/v1/proposals/{proposal}/files/{path}",
        ("leaveOutProposalFile", "Leave a file out of one's own proposal: If-Match is needed."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(files::leave_out(call)),
    )
    .with(WRITING)
    .tagged(),
    Operation::get(
        "/api/v1/proposals/{proposal}/terms",
        ("listProposalTerms", "The terms of a proposal. The ETag is that of the proposal."),
        READ,
        Answer::Json(shape::<terms::RuleTerms>),
        |call| Box::pin(terms::list(call)),
    )
    .tagged(),
    Operation::get(
        "/api/v1/proposals/{proposal}/terms/{term}",
        ("readProposalTerm", "One term of a proposal, with what a change of it touches."),
        READ,
        Answer::Json(shape::<terms::RuleTermDetails>),
        |call| Box::pin(terms::one(call)),
    ),
    Operation::post(
        "/api/v1/proposals/{proposal}/term-changes",
        ("changeTerms", "Change terms of one's own proposal, all that are sent or none: each within its bounds."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(terms::change(call)),
    )
    .with(CHANGING)
    .sending(shape::<terms::TermChanges>, r#"{"terms": [{"name": "TERM", "value": 4, "unit": "weeks"}]}"#)
    .tagged()
    .once(),
    Operation::get(
        "/api/v1/proposals/{proposal}/graph",
        ("readProposalGraph", "The states of a proposal and the steps between them."),
        READ,
        Answer::Json(shape::<graph::Graph>),
        |call| Box::pin(graph::show(call)),
    ),
    Operation::get(
        "/api/v1/proposals/{proposal}/letters",
        ("listProposalLetters", "The messages of a proposal and to whom each goes."),
        READ,
        Answer::Json(shape::<letters::LetterList>),
        |call| Box::pin(letters::list(call)),
    ),
    Operation::get(
        "/api/v1/proposals/{proposal}/letters/{letter}",
        ("readProposalLetter", "A message of a proposal: its texts, which are files, and its words as it would go."),
        READ,
        Answer::Json(shape::<letters::LetterDetails>),
        |call| Box::pin(letters::one(call)),
    )
    .with(ON),
    Operation::get(
        "/api/v1/proposals/{proposal}/behind",
        ("readBehind", "What came in force since a proposal began, and where both change the same."),
        READ,
        Answer::Json(shape::<behind::Behind>),
        |call| Box::pin(behind::show(call)),
    ),
    Operation::post(
        "/api/v1/proposals/{proposal}/catch-ups",
        ("catchUp", "Move one's own proposal to what is in force, with which text stands where both change the same."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(behind::catch_up(call)),
    )
    .with(CHANGING)
    .sending(shape::<CatchUpWish>, r#"{"stands": {"00_terms.rhai": "mine"}}"#)
    .tagged()
    .once(),
    Operation::post(
        "/api/v1/proposals/{proposal}/scenario-runs",
        ("playScenarios", "Have the scenarios of one's own proposal played, behind what people do."),
        CHANGE,
        Answer::Json(shape::<Work>),
        |call| Box::pin(trials::play(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .begun()
    .once(),
    Operation::post(
        "/api/v1/proposals/{proposal}/plans",
        ("makePlan", "Have it found out what one's own proposal would do to all complaints that live."),
        CHANGE,
        Answer::Json(shape::<Work>),
        |call| Box::pin(trials::plan(call)),
    )
    .with(&[ONCE])
    .sending(shape::<PlanWish>, r#"{"adopt": false}"#)
    .begun()
    .once(),
    Operation::get(
        "/api/v1/proposals/{proposal}/work",
        ("readWork", "How far the work on a proposal is that was begun last, and how it ended."),
        READ,
        Answer::Json(shape::<Work>),
        |call| Box::pin(trials::work(call)),
    ),
    Operation::get(
        "/api/v1/proposals/{proposal}/scenarios",
        ("listProposalScenarios", "The scenarios of a proposal, which of them held when they were played last, and what the rules did in them."),
        READ,
        Answer::Json(shape::<procedure::ScenarioList>),
        |call| Box::pin(procedure::scenarios(call)),
    ),
    Operation::get(
        "/api/v1/proposals/{proposal}/scenario-stories",
        ("readProposalStory", "A scenario of a proposal, told from day to day."),
        READ,
        Answer::Json(shape::<stories::ToldScenario>),
        |call| Box::pin(stories::told(call)),
    )
    .with(STORY),
    Operation::get(
        "/api/v1/proposals/{proposal}/plan",
        ("readPlan", "Who would get which letter, which terms would move, and what would become of each complaint."),
        READ,
        Answer::Json(shape::<trials::PlanOfProposal>),
        |call| Box::pin(trials::planned(call)),
    ),
    Operation::post(
        "/api/v1/proposals/{proposal}/approvals",
        ("approveProposal", "Approve the plan of somebody else's proposal, as it was looked at, for a reason."),
        CHANGE,
        Answer::Json(shape::<ProposalSummary>),
        |call| Box::pin(trials::approve(call)),
    )
    .with(&[ONCE])
    .sending(shape::<PublishWish>, r#"{"plan": "5f2c9a0b7d31", "reason": "Met de directie besproken."}"#)
    .tagged()
    .once(),
    Operation::post(
        "/api/v1/proposals/{proposal}/publications",
        ("publishProposal", "Put one's own proposal in force, if its plan still is the one that was looked at, for a reason; where two must, once another approved it."),
        CHANGE,
        Answer::Json(shape::<Work>),
        |call| Box::pin(trials::publish(call)),
    )
    .with(CHANGING)
    .sending(shape::<PublishWish>, r#"{"plan": "5f2c9a0b7d31", "reason": "Besluit van het overleg van 3 november."}"#)
    .begun()
    .once(),
    Operation::get(
        "/api/v1/publications",
        ("listPublications", "The newest times that a ruleset came in force, newest first."),
        READ,
        Answer::Json(shape::<publications::PublicationList>),
        |call| Box::pin(publications::list(call)),
    ),
    Operation::get(
        "/api/v1/publications/{publication}",
        ("readPublication", "One time that a ruleset came in force: who, why, how it differed, and the plan that was looked at."),
        READ,
        Answer::Json(shape::<publications::PublicationDetails>),
        |call| Box::pin(publications::one(call)),
    ),
    Operation::get(
        "/api/v1/faults",
        ("listFaults", "The rules that fail for complaints that the person may see, and the complaints for which rules are suspended."),
        READ,
        Answer::Json(shape::<faults::FaultList>),
        |call| Box::pin(faults::list(call)),
    ),
    Operation::post(
        "/api/v1/faults/{reference}/retries",
        ("retryFaults", "Try the suspended rules of a complaint again."),
        CHANGE,
        Answer::Json(shape::<faults::TriedAgain>),
        |call| Box::pin(faults::try_again(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .once(),
];
