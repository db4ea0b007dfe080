//! Our own people are not forgotten: messages that name them, and tell of others, stay; of a complaint that a colleague
//! brought or wrote down, only what tells of it goes.

use super::others::{REFERENCE, act, plant, question, rows, said};
use super::planting::DIRECTOR;
use super::{START, step};
use crate::support::{Builder, TestApp};
use redress::store::ForgettingStep;

/// Our people, one of whom has an address elsewhere.
const PEOPLE: &str = "[[people]]\nname = \"O\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n\
    [[people]]\nname = \"D\"\nemail = \"directeur@lagant.nl\"\nroles = [\"director\"]\n\
    [[people]]\nname = \"Els van Buiten\"\nemail = \"Extern@adviseur.example\"\nroles = [\"handler\"]\n";

async fn forget(app: &TestApp) {
    act(app, REFERENCE, "dismiss", "ontvanger@lagant.nl").await;
    app.app.turn().await.unwrap();
    act(app, REFERENCE, "forget_early", DIRECTOR).await;
    app.app.turn().await.unwrap();
    assert_eq!(step(app, REFERENCE).await, ForgettingStep::Done);
}

#[tokio::test]
async fn messages_that_name_our_own_people_stay() {
    let app = Builder::default().config(PEOPLE).start(START).await;
    app.mail(&question("Kim van Binnen <kim@lagant.nl>", "b1", "")).await;
    // Written down by somebody of ours, for somebody outside who is likely the complainant.
    let facts = "UPDATE complaints SET facts = json_set(facts, '$.submitter', 'extern@ADVISEUR.example', \
        '$.proposed_complainant', json('{\"name\":\"Jan de Vries\",\"email\":\"jan@example.nl\"}')) WHERE id = 1";
    plant(&app, &[facts.to_owned()]).await;
    let others = [
        ("o1", "address_bounces", "Mail aan kim@lagant.nl komt terug"),
        ("o2", "mail_filed", "kim@lagant.nl: Iets anders; piet@example.nl: Afwezig"),
        ("o3", "plugin_failing", "550 extern@adviseur.example is unknown, said Kim van Binnen"),
    ];
    let theirs = [("t1", "address_bounces", "Mail aan jan@example.nl komt terug, zegt kim@lagant.nl")];
    for (id, message, body) in others.iter().chain(&theirs) {
        plant(&app, &said(id, "NULL", message, body, "accepted")).await;
    }
    let alarm = |subject: &str| {
        format!(
            "INSERT INTO alarms (kind, subject, observer, since, seen_at, said, remedy) \
             VALUES ('address_bounces', '{subject}', '', 1, 1, 'Mail aan {subject} komt terug', '')"
        )
    };
    plant(&app, &[alarm("kim@lagant.nl"), alarm("extern@adviseur.example"), alarm("jan@example.nl")]).await;
    let all = async || {
        let of = "SELECT n.id || n.subject || n.body || d.state || d.payload FROM notifications n \
            JOIN deliveries d ON d.notification_id = n.id WHERE n.id LIKE 'o%' ORDER BY n.id";
        rows(&app, of).await
    };
    let before = all().await;
    assert_eq!(before.len(), 3);
    forget(&app).await;
    assert_eq!(all().await, before);
    assert_eq!(
        rows(&app, "SELECT subject FROM alarms ORDER BY subject").await,
        ["extern@adviseur.example", "kim@lagant.nl"]
    );
    // Of the complaint itself nothing stays, whoever brought it, nor of whoever is outside.
    assert_eq!(
        rows(&app, "SELECT complainant_name || complainant_email FROM complaints").await,
        ["(verwijderd)"]
    );
    assert_eq!(rows(&app, "SELECT sender || body FROM mails").await, [""]);
    assert_eq!(rows(&app, "SELECT body FROM notifications WHERE id = 't1'").await, [""]);
}

/// What a machine of a colleague answered in the thread is told of by its subject as well; what else it wrote is no part of it.
#[tokio::test]
async fn of_overviews_only_those_go_that_list_what_a_colleagues_machine_wrote_about_it() {
    let app = Builder::default().start(START).await;
    app.mail(&question("Kim van Binnen <kim@lagant.nl>", "b1", "")).await;
    let away = "Auto-Submitted: auto-replied\r\nIn-Reply-To: <b1@example.nl>\r\n";
    app.mail(&question("Kim van Binnen <kim@lagant.nl>", "weg", away)).await;
    let machine = "SELECT kind FROM mails WHERE sender = 'kim@lagant.nl' AND complaint_id = 1 ORDER BY id";
    assert_eq!(rows(&app, machine).await, ["complaint", "auto_reply"]);
    plant(&app, &said("o1", "NULL", "mail_filed", "kim@lagant.nl: Iets anders", "accepted")).await;
    plant(&app, &said("t1", "NULL", "mail_filed", "KIM@lagant.nl: Vraag  weg", "accepted")).await;
    forget(&app).await;
    let told = "SELECT id || body FROM notifications WHERE message = 'mail_filed' ORDER BY id";
    assert_eq!(rows(&app, told).await, ["o1kim@lagant.nl: Iets anders", "t1"]);
}
