//! The operations on intake, several complaints at once, mails and letters, oversight, the trail, records, people and imports.

use super::super::conditions::{ONCE, SEEN};
use super::super::operation::{Access, Answer, Operation, shape};
use super::super::parameters::Parameter;
use super::super::shapes::NoWish;
use super::super::usual::{CURSOR, LIMIT, READ, REGISTER_FILE, REPORTS};
use super::super::{complaints, conditions};
use super::{auditing, decisions, imports, intake, messages, oversight, people, records, several};
use crate::accounts::Scope;

const ACT: Access = Access::With(Scope::Act);
const PEOPLE: Access = Access::With(Scope::ChangePeople);
const IMPORT: Access = Access::With(Scope::Import);
const PAGED: &[Parameter] = &[CURSOR, LIMIT];

/// What is about complaints.
pub(in crate::web::api) static OF_COMPLAINTS: &[Operation] = &[
    Operation::get(
        "/api/v1/complaints/{reference}/next",
        ("readNextAction", "The action by which the person of the key meets the first term that waits for them."),
        READ,
        Answer::Json(shape::<messages::NextAction>),
        |call| Box::pin(messages::next(call)),
    ),
    Operation::get(
        "/api/v1/complaints/{reference}/mails/{mail}/raw",
        ("readRawMail", "A mail as it came in, with everything that came with it."),
        READ,
        Answer::File("application/octet-stream"),
        |call| Box::pin(messages::raw(call)),
    ),
    Operation::get(
        "/api/v1/complaints/{reference}/mails/{mail}/original",
        ("readOriginal", "The document of a mail that has one; a stranger's, which runs nothing and loads nothing where it is shown."),
        READ,
        Answer::File("text/html"),
        |call| Box::pin(messages::original(call)),
    ),
    Operation::get(
        "/api/v1/complaints/{reference}/mails/{mail}/attachments/{sha256}",
        ("readAttachment", "A file that came with a mail, by the SHA-256 that `listMessages` tells."),
        READ,
        Answer::File("application/octet-stream"),
        |call| Box::pin(messages::attachment(call)),
    ),
    Operation::post(
        "/api/v1/complaints/{reference}/letters/{version}/{ordinal}/recalls",
        ("recallLetter", "Call a letter back that has not gone yet; what was typed is kept as a draft."),
        ACT,
        Answer::Json(shape::<messages::Recalled>),
        |call| Box::pin(messages::recall(call)),
    )
    .with(&[ONCE])
    .sending(shape::<NoWish>, r#"{}"#)
    .once(),
    Operation::get(
        "/api/v1/complaints/{reference}/letters/{version}/{ordinal}/why",
        ("readWhy", "Why a letter or a notice came: to whom, as what, and what sent it because of what."),
        READ,
        Answer::Json(shape::<messages::WhyItCame>),
        |call| Box::pin(messages::why(call)),
    ),
    Operation::get(
        "/api/v1/register-files/{file}",
        ("readRegisterFile", "The register as `register.csv` or `register.xlsx`, as the person of the key may see it."),
        READ,
        Answer::File("*/*"),
        |call| Box::pin(complaints::file(call)),
    )
    .with(REGISTER_FILE),
    Operation::get(
        "/api/v1/intake",
        ("listIntake", "What has come in and waits for a judgement, which is given by the actions of the complaint."),
        READ,
        Answer::Json(shape::<intake::IntakeList>),
        |call| Box::pin(intake::list(call)),
    )
    .with(PAGED),
    Operation::get(
        "/api/v1/intake/{reference}",
        ("readIntake", "Why a complaint waits for a judgement, and which complaints it is like."),
        READ,
        Answer::Json(shape::<intake::Judging>),
        |call| Box::pin(intake::judge(call)),
    ),
    Operation::post(
        "/api/v1/contacts",
        ("logContact", "Note down what was told by phone, on paper or in a chat. The same note twice is one complaint."),
        ACT,
        Answer::Json(shape::<intake::Noted>),
        |call| Box::pin(intake::log(call)),
    )
    .with(&[ONCE])
    .sending(shape::<intake::ContactWish>, r#"{"channel": "phone", "subject": "Parkeren in Utrecht", "text": "Er was geen plaats meer.", "name": "Jan de Vries", "on": "2026-11-20"}"#)
    .made()
    .once(),
    Operation::get(
        "/api/v1/decisions",
        ("listDecisions", "What waits for the decision of the person of the key, by kind."),
        READ,
        Answer::Json(shape::<decisions::DecisionList>),
        |call| Box::pin(decisions::list(call)),
    ),
    Operation::post(
        "/api/v1/bulk-actions/{action}/previews",
        ("previewSeveral", "What would happen to several complaints if an action that asks nothing were taken on each. Nothing happens."),
        READ,
        Answer::Json(shape::<several::SeveralAnswer>),
        |call| Box::pin(several::preview(call)),
    )
    .sending(shape::<several::SeveralWish>, r#"{"complaints": [{"reference": "K-2026-0001"}]}"#),
    Operation::post(
        "/api/v1/bulk-actions/{action}",
        ("takeSeveral", "Take an action that asks nothing on several complaints, each as it was looked at, and each once for the key."),
        ACT,
        Answer::Json(shape::<several::SeveralAnswer>),
        |call| Box::pin(several::take(call)),
    )
    .with(&[conditions::FOR_GOOD])
    .sending(shape::<several::SeveralWish>, r#"{"complaints": [{"reference": "K-2026-0001", "version": 7}]}"#),
    Operation::get(
        "/api/v1/oversight",
        ("readOversight", "For who oversees: what is late and why, what is escalated, whom is waited for, and how much there is."),
        READ,
        Answer::Json(shape::<oversight::Overview>),
        |call| Box::pin(oversight::show(call)),
    ),
];

/// What is for who audits, and the director's records.
pub(in crate::web::api) static OF_AUDIT: &[Operation] = &[
    Operation::get(
        "/api/v1/trail",
        (
            "readTrail",
            "Whether the trail holds, its head and to whom that was given; for who may see all complaints.",
        ),
        READ,
        Answer::Json(shape::<auditing::Trail>),
        |call| Box::pin(auditing::trail(call)),
    ),
    Operation::get(
        "/api/v1/looks",
        (
            "listLooks",
            "Who looked at which complaint, the newest hour first; for who may see all complaints.",
        ),
        READ,
        Answer::Json(shape::<auditing::LookList>),
        |call| Box::pin(auditing::looks(call)),
    )
    .with(PAGED),
    Operation::post(
        "/api/v1/reports/{period}/conclusions",
        (
            "concludeReport",
            "Record the conclusions under the report on a period that is over; it is kept as it is then.",
        ),
        ACT,
        Answer::Json(shape::<records::Concluded>),
        |call| Box::pin(records::conclude(call)),
    )
    .with(&[ONCE])
    .sending(
        shape::<records::ConclusionWish>,
        r#"{"conclusions": "Twee klachten gingen over parkeren; de verhuurder is gevraagd."}"#,
    )
    .made()
    .once(),
    Operation::get(
        "/api/v1/recommendations",
        ("listRecommendations", "What is recommended and what became of it, newest first."),
        REPORTS,
        Answer::Json(shape::<records::RecommendationList>),
        |call| Box::pin(records::list(call)),
    ),
    Operation::post(
        "/api/v1/recommendations",
        ("makeRecommendation", "Record a recommendation; for who keeps them."),
        ACT,
        Answer::Json(shape::<records::Recommendation>),
        |call| Box::pin(records::make(call)),
    )
    .with(&[ONCE])
    .sending(
        shape::<records::RecommendationWish>,
        r#"{"content": "Leg in de uitnodiging uit waar men parkeert.", "followUpOn": "2027-02-01"}"#,
    )
    .made()
    .once(),
    Operation::get(
        "/api/v1/recommendations/{recommendation}",
        ("readRecommendation", "One recommendation; for who keeps them. Its ETag is what If-Match takes."),
        REPORTS,
        Answer::Json(shape::<records::Recommendation>),
        |call| Box::pin(records::one(call)),
    )
    .tagged(),
    Operation::put(
        "/api/v1/recommendations/{recommendation}",
        ("changeRecommendation", "Record what became of a recommendation; what is left out stays as it is."),
        ACT,
        Answer::Json(shape::<records::Recommendation>),
        |call| Box::pin(records::change(call)),
    )
    .with(&[SEEN])
    .sending(shape::<records::RecommendationWish>, r#"{"note": "De uitnodiging is veranderd."}"#)
    .tagged(),
];

/// What is about people, and imports.
pub(in crate::web::api) static OF_IMPORTS: &[Operation] = &[
    Operation::get(
        "/api/v1/people",
        ("listPeople", "The people of the organisation: their roles, who is away, and who stands in."),
        READ,
        Answer::Json(shape::<people::PersonList>),
        |call| Box::pin(people::list(call)),
    ),
    Operation::get(
        "/api/v1/people/{email}",
        ("readPerson", "One person."),
        READ,
        Answer::Json(shape::<people::PersonOf>),
        |call| Box::pin(people::one(call)),
    ),
    Operation::post(
        "/api/v1/people/{email}/absences",
        ("enterAbsence", "Enter that somebody is away: the person of the key, or anybody for who keeps absences."),
        PEOPLE,
        Answer::Json(shape::<people::PersonOf>),
        |call| Box::pin(people::enter(call)),
    )
    .with(&[ONCE])
    .sending(shape::<people::AwayWish>, r#"{"from": "2026-12-21", "to": "2027-01-03"}"#)
    .once(),
    Operation::delete(
        "/api/v1/people/{email}/absences/{absence}",
        ("takeBackAbsence", "Take an absence back that was entered here."),
        PEOPLE,
        Answer::Json(shape::<people::PersonOf>),
        |call| Box::pin(people::take_back(call)),
    ),
    Operation::put(
        "/api/v1/people/{email}/deputy",
        ("chooseDeputy", "Say who stands in for somebody."),
        PEOPLE,
        Answer::Json(shape::<people::PersonOf>),
        |call| Box::pin(people::choose(call)),
    )
    .sending(shape::<people::DeputyWish>, r#"{"deputy": "vervanger@example.nl"}"#),
    Operation::get(
        "/api/v1/imports",
        ("listImports", "The newest imports; these operations are for the role that the procedure names."),
        IMPORT,
        Answer::Json(shape::<imports::ImportList>),
        |call| Box::pin(imports::list(call)),
    ),
    Operation::post(
        "/api/v1/import-files",
        ("uploadImportFile", "Upload an earlier register, a table of at most 10 MiB as it is, and have its columns understood."),
        IMPORT,
        Answer::Json(shape::<imports::ImportFile>),
        |call| Box::pin(imports::upload(call)),
    )
    .with(&[ONCE])
    .sending_file(imports::FILE)
    .made()
    .once(),
    Operation::get(
        "/api/v1/import-files/{file}",
        ("readImportFile", "How the columns of an uploaded file are understood."),
        IMPORT,
        Answer::Json(shape::<imports::ImportFile>),
        |call| Box::pin(imports::look(call)),
    ),
    Operation::delete(
        "/api/v1/import-files/{file}",
        ("dropImportFile", "Drop an uploaded file."),
        IMPORT,
        Answer::Json(shape::<imports::Dropped>),
        |call| Box::pin(imports::drop_file(call)),
    ),
    Operation::post(
        "/api/v1/import-files/{file}/trials",
        ("tryImport", "What would become of each row. Nothing happens."),
        IMPORT,
        Answer::Json(shape::<imports::WentThrough>),
        |call| Box::pin(imports::try_out(call)),
    )
    .sending(shape::<imports::MappingWish>, r#"{"columns": {"Datum": "received_on"}, "dates": "dayFirst", "status": "handled"}"#),
    Operation::post(
        "/api/v1/import-files/{file}/imports",
        ("importFile", "Make complaints of the rows. Rows that are there already are left out, so that twice is once."),
        IMPORT,
        Answer::Json(shape::<imports::WentThrough>),
        |call| Box::pin(imports::import(call)),
    )
    .with(&[ONCE])
    .sending(shape::<imports::MappingWish>, r#"{"columns": {"Datum": "received_on"}, "dates": "dayFirst", "status": "handled"}"#)
    .once(),
    Operation::post(
        "/api/v1/imports/{import}/undoings",
        ("undoImport", "What undoing an import would undo, and, where it is really meant, undoing it."),
        IMPORT,
        Answer::Json(shape::<imports::Undone>),
        |call| Box::pin(imports::undo(call)),
    )
    .with(&[ONCE])
    .sending(shape::<imports::UndoWish>, r#"{"really": false}"#)
    .once(),
];
