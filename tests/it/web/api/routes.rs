//! What the pages do, programs do: every route of the pages has its operation, or a reason why it has none.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

const ROUTER: &str = include_str!("../../../../src/web/router.rs");

/// How a program does what a route of the pages does.
#[derive(Clone, Copy)]
enum By {
    /// By these operations.
    Operations(&'static [&'static str]),
    /// Not at all, and why.
    None(&'static str),
}
use By::{None as Without, Operations as With};

const SIGN_IN: By = Without("signing in: a key takes its place");
const EDITOR: By = Without(
    "the field in which somebody types: `redress lsp` answers editors, and readProposalFile tells mistakes",
);
const BROWSER: By = Without("for browsers alone");
const OWN: By = Without(
    "what one does for oneself, with a password: a key gives no keys and no more than it is good for",
);

#[rustfmt::skip]
const TABLE: &[(&str, &str, By)] = &[
    ("GET", "/", With(&["listTasks"])),
    ("GET", "/complaints/{reference}", With(&["readComplaint", "readComplaintAt", "listEvents", "listMessages"])),
    ("GET", "/complaints/{reference}/actions/{action}", With(&["listActions"])),
    ("POST", "/complaints/{reference}/actions/{action}", With(&["previewAction", "takeAction"])),
    ("GET", "/complaints/{reference}/dossier", With(&["readDossier"])),
    ("GET", "/complaints/{reference}/views", With(&["listViews"])),
    ("GET", "/complaints/{reference}/mails/{mail}", With(&["listMessages"])),
    ("GET", "/complaints/{reference}/mails/{mail}/original", With(&["readOriginal"])),
    ("GET", "/complaints/{reference}/mails/{mail}/raw", With(&["readRawMail"])),
    ("GET", "/complaints/{reference}/mails/{mail}/attachments/{digest}", With(&["readAttachment"])),
    ("POST", "/complaints/{reference}/letters/{version}/{ordinal}/recall", With(&["recallLetter"])),
    ("GET", "/complaints/{reference}/next", With(&["readNextAction"])),
    ("GET", "/complaints/{reference}/why/{version}/{ordinal}", With(&["readWhy"])),
    ("GET", "/register", With(&["listComplaints"])),
    ("GET", "/register.csv", With(&["readRegisterFile"])),
    ("GET", "/register.xlsx", With(&["readRegisterFile"])),
    ("GET", "/search", With(&["searchComplaints"])),
    ("GET", "/intake", With(&["listIntake"])),
    ("GET", "/intake/log", With(&["logContact"])),
    ("POST", "/intake/log", With(&["logContact"])),
    ("GET", "/intake/{reference}", With(&["readIntake", "listActions"])),
    ("GET", "/decisions", With(&["listDecisions"])),
    ("POST", "/bulk/{action}", With(&["previewSeveral", "takeSeveral"])),
    ("GET", "/audit", With(&["readTrail", "listLooks", "listReports"])),
    ("GET", "/personal-data", With(&["readPersonalData"])),
    ("POST", "/personal-data", With(&["readPersonalData"])),
    ("POST", "/personal-data/file", With(&["readPersonalData"])),
    ("GET", "/oversight", With(&["readOversight"])),
    ("GET", "/sign-in", SIGN_IN),
    ("POST", "/sign-in", SIGN_IN),
    ("POST", "/sign-in/code", SIGN_IN),
    ("GET", "/faults", With(&["listFaults"])),
    ("POST", "/faults/{reference}", With(&["retryFaults"])),
    ("GET", "/forgotten", SIGN_IN),
    ("POST", "/forgotten", SIGN_IN),
    ("POST", "/sign-out", SIGN_IN),
    ("GET", "/welcome/{token}", SIGN_IN),
    ("POST", "/welcome/{token}", SIGN_IN),
    ("GET", "/survey/{link}", Without("for complainants, who have no key")),
    ("POST", "/survey/{link}", Without("for complainants, who have no key")),
    ("GET", "/me", With(&["caller"])),
    ("POST", "/me/language", Without("the language of the page; Accept-Language says that of an answer")),
    ("POST", "/me/calendar", OWN),
    ("POST", "/me/calendar/end", OWN),
    ("GET", "/calendar/{file}", Without("a feed, by a secret address of its own")),
    ("GET", "/reports", With(&["listReports"])),
    ("GET", "/reports/{period}", With(&["readReport"])),
    ("GET", "/reports/{period}/pack", With(&["readAuditPack"])),
    ("POST", "/reports/{period}/conclusions", With(&["concludeReport"])),
    ("GET", "/reports/{period}/files/{file}", With(&["readReportFile"])),
    ("GET", "/recommendations", With(&["listRecommendations"])),
    ("GET", "/recommendations/{id}", With(&["readRecommendation"])),
    ("POST", "/recommendations/{id}", With(&["makeRecommendation", "changeRecommendation"])),
    ("GET", "/import", With(&["listImports"])),
    ("POST", "/import", With(&["uploadImportFile"])),
    ("GET", "/import/files/{name}", With(&["readImportFile"])),
    ("POST", "/import/files/{name}", With(&["tryImport", "importFile", "dropImportFile"])),
    ("POST", "/import/{id}/undo", With(&["undoImport"])),
    ("GET", "/plugins", With(&["listPlugins"])),
    ("GET", "/plugins/{name}", With(&["readPlugin"])),
    ("POST", "/plugins/{name}/test", With(&["testPlugin"])),
    ("POST", "/plugins/{name}/enable", With(&["enablePlugin"])),
    ("POST", "/plugins/{name}/disable", With(&["disablePlugin"])),
    ("GET", "/plugins/{name}/missed", With(&["countMissed"])),
    ("POST", "/plugins/{name}/missed", With(&["sendMissed"])),
    ("GET", "/subscriptions", With(&["listSubscriptions"])),
    ("POST", "/subscriptions", With(&["makeSubscription"])),
    ("GET", "/subscriptions/{name}", With(&["readSubscription"])),
    ("POST", "/subscriptions/{name}", With(&["changeSubscription"])),
    ("POST", "/subscriptions/{name}/secret", With(&["renewSubscriptionSecret"])),
    ("POST", "/subscriptions/{name}/remove", With(&["removeSubscription"])),
    ("GET", "/deliveries", With(&["listDeliveries"])),
    ("GET", "/deliveries/replay", With(&["replayDeliveries"])),
    ("POST", "/deliveries/replay", With(&["replayDeliveries"])),
    ("GET", "/deliveries/{id}", With(&["readDelivery"])),
    ("POST", "/deliveries/{id}/replay", With(&["replayDelivery"])),
    ("GET", "/people", With(&["listPeople"])),
    ("GET", "/people/{email}", With(&["readPerson"])),
    ("POST", "/people/{email}/absences", With(&["enterAbsence"])),
    ("POST", "/people/{email}/absences/{id}/end", With(&["takeBackAbsence"])),
    ("POST", "/people/{email}/deputy", With(&["chooseDeputy"])),
    ("GET", "/me/second-factor", SIGN_IN),
    ("POST", "/me/second-factor", SIGN_IN),
    ("POST", "/me/second-factor/end", SIGN_IN),
    ("GET", "/me/keys", OWN),
    ("POST", "/me/keys", OWN),
    ("POST", "/me/keys/{id}/end", OWN),
    ("POST", "/me/sessions/{session}/end", SIGN_IN),
    ("GET", "/procedure", With(&["readProcedure"])),
    ("GET", "/procedure/files/{*path}", With(&["listRuleFiles", "readRuleFile"])),
    ("GET", "/procedure/graph", With(&["readGraph"])),
    ("GET", "/procedure/letters", With(&["listLetters"])),
    ("GET", "/procedure/letters/{name}", With(&["readLetter"])),
    ("GET", "/procedure/scenarios", With(&["listScenarios"])),
    ("GET", "/procedure/words", Without("`redress rules reference --json` prints the words of the language")),
    ("GET", "/procedure/terms", With(&["listRuleTerms"])),
    ("GET", "/procedure/terms/{name}", With(&["readRuleTerm"])),
    ("GET", "/proposals", With(&["listProposals"])),
    ("POST", "/proposals", With(&["beginProposal"])),
    ("GET", "/proposals/{id}", With(&["readProposal"])),
    ("POST", "/proposals/{id}", With(&["renameProposal", "standProposal"])),
    ("GET", "/proposals/{id}/behind", With(&["readBehind"])),
    ("POST", "/proposals/{id}/behind", With(&["catchUp"])),
    ("POST", "/proposals/{id}/files", With(&["writeProposalFile"])),
    ("GET", "/proposals/{id}/files/{*path}", With(&["listProposalFiles", "readProposalFile"])),
    ("POST", "/proposals/{id}/files/{*path}", With(&["writeProposalFile", "leaveOutProposalFile"])),
    ("POST", "/proposals/{id}/editor/check/{*path}", EDITOR),
    ("POST", "/proposals/{id}/editor/complete/{*path}", EDITOR),
    ("POST", "/proposals/{id}/editor/hover/{*path}", EDITOR),
    ("GET", "/proposals/{id}/graph", With(&["readProposalGraph"])),
    ("GET", "/proposals/{id}/letters", With(&["listProposalLetters"])),
    ("GET", "/proposals/{id}/letters/{name}", With(&["readProposalLetter"])),
    ("POST", "/proposals/{id}/letters/{name}", With(&["writeProposalFile"])),
    ("GET", "/proposals/{id}/plan", With(&["readPlan"])),
    ("POST", "/proposals/{id}/scenarios", With(&["readRetold", "writeProposalFile"])),
    ("GET", "/proposals/{id}/scenarios/{*file}", With(&["readProposalStory"])),
    ("GET", "/complaints/{reference}/scenario", With(&["readRetold"])),
    ("GET", "/procedure/scenarios/{*file}", With(&["readStory"])),
    ("GET", "/proposals/{id}/scenarios", With(&["listProposalScenarios"])),
    ("GET", "/proposals/{id}/terms", With(&["listProposalTerms"])),
    ("POST", "/proposals/{id}/terms", With(&["changeTerms"])),
    ("GET", "/proposals/{id}/work", With(&["readWork"])),
    ("POST", "/proposals/{id}/work", With(&["playScenarios", "makePlan", "approveProposal", "publishProposal"])),
    ("GET", "/publications", With(&["listPublications"])),
    ("GET", "/publications/{seq}", With(&["readPublication"])),
    ("GET", "/assets/{name}", BROWSER),
];

/// Operations with which no page of its own goes: a part of one.
const PARTS: &[&str] = &["readProposalTerm"];

/// Reads every route of the pages: its method and path.
fn routes() -> BTreeSet<(String, String)> {
    let pages = ROUTER.split("pub fn pages(").nth(1).unwrap();
    let pages = pages.split(".route_layer(").next().unwrap();
    let mut found = BTreeSet::new();
    for route in pages.split(".route(").skip(1) {
        let path = route.split('"').nth(1).unwrap().to_owned();
        let handlers = route.split('"').nth(2).unwrap();
        for (word, method) in [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE")] {
            let is_there = handlers.match_indices(word).any(|(at, _)| {
                let before = handlers[..at].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
            });
            if is_there {
                found.insert((method.to_owned(), path.clone()));
            }
        }
    }
    found
}

#[tokio::test]
async fn everything_that_the_pages_do_programs_do() {
    let site = Site::open().await;
    let document = read(&site.browser().get("/api/v1/openapi.json").await);
    let methods =
        document["paths"].as_object().unwrap().values().flat_map(|m| m.as_object().unwrap().values());
    let known: BTreeSet<&str> = methods.filter_map(|operation| operation["operationId"].as_str()).collect();
    let table: BTreeMap<(String, String), By> =
        TABLE.iter().map(|(method, path, by)| (((*method).to_owned(), (*path).to_owned()), *by)).collect();
    let routes = routes();
    assert!(routes.len() > 100, "{routes:?}");
    let missing: Vec<_> = routes.iter().filter(|route| !table.contains_key(*route)).collect();
    assert!(missing.is_empty(), "say how programs do it, or why they cannot: {missing:?}");
    let gone: Vec<_> = table.keys().filter(|route| !routes.contains(*route)).collect();
    assert!(gone.is_empty(), "there are no such routes: {gone:?}");
    let mut used: BTreeSet<&str> = PARTS.iter().copied().collect();
    for (route, by) in &table {
        match by {
            By::Operations(ids) => {
                assert!(!ids.is_empty() && ids.iter().all(|id| known.contains(id)), "{route:?}: {ids:?}");
                used.extend(ids.iter());
            }
            By::None(why) => assert!(why.len() > 10, "{route:?}"),
        }
    }
    let unused: Vec<&&str> = known.iter().filter(|id| !used.contains(*id)).collect();
    assert!(unused.is_empty(), "operations that go with no page: {unused:?}");
}

/// Operations that are posted and do nothing.
const LOOKING: &[&str] =
    &["previewAction", "previewSeveral", "readPersonalData", "searchComplaints", "tryImport"];

/// Whoever does not know whether something was done sends it again under its key, whatever it is.
#[tokio::test]
async fn whatever_is_posted_and_does_something_takes_a_key() {
    let site = Site::open().await;
    let document = read(&site.browser().get("/api/v1/openapi.json").await);
    let posted = document["paths"].as_object().unwrap().values().filter_map(|methods| methods.get("post"));
    let takes =
        |post: &Value| post["parameters"].as_array().unwrap().iter().any(|p| p["name"] == "Idempotency-Key");
    let (with, without): (Vec<&Value>, Vec<&Value>) = posted.partition(|post| takes(post));
    let without: BTreeSet<&str> = without.iter().filter_map(|post| post["operationId"].as_str()).collect();
    assert_eq!(without, LOOKING.iter().copied().collect());
    assert!(with.len() > 20, "{}", with.len());
}
