//! What handlers and receivers see and do: their work, a complaint, and an action from its questions to what it did.

use super::browser::{Answer, Browser};
use super::*;

const K1: &str = "/complaints/K-2026-0001";
const ASK: &str = "/complaints/K-2026-0001/actions/ask_information";
const QUESTIONS: &str = "Op welke dag was het?\nEn <b>waar</b>?";

/// A complaint of Jan that is in treatment with the handler, and the handler's browser.
async fn handled() -> (Site, Browser) {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let browser = site.signed_in(HANDLER).await;
    (site, browser)
}

/// The fields of a form as it was shown, with answers.
fn fields<'a>(form: &Answer, answers: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let hidden = ["key", "version", "seen"].map(|name| (name.to_owned(), form.value(name)));
    let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    hidden.into_iter().chain(answers).collect()
}

async fn send(browser: &mut Browser, path: &str, form: &Answer, answers: &[(&str, &str)]) -> Answer {
    let fields = fields(form, answers);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

#[tokio::test]
async fn the_handler_finds_what_must_be_done_and_why() {
    let (site, mut browser) = handled().await;
    let work = browser.get("/").await;
    assert_eq!(work.status, 200);
    let text = work.text();
    for said in [
        "Later (",
        "Informatie vragen",
        "K-2026-0001",
        "Klacht over parkeren in Utrecht",
        "Jan",
        "Bij u, omdat u verantwoordelijk bent.",
        "dagen)",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(work.body.contains(&format!("href=\"{ASK}\"")), "the verb leads to the form: {}", work.body);
    assert!(!text.contains("Te laat ("), "{text}");
    site.advance(60 * 24 * 40);
    site.app.app.turn().await.unwrap();
    sign_in(&mut browser, HANDLER, PASSWORD).await;
    let later = browser.get("/").await.text();
    assert!(later.contains("Te laat (") && later.contains("dagen te laat)"), "{later}");
}

#[tokio::test]
async fn who_has_nothing_to_do_reads_so() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    assert!(browser.get("/").await.text().contains("Er wacht niets op u."));
}

#[tokio::test]
async fn a_complaint_tells_where_it_stands_what_was_said_and_what_comes() {
    let (_site, mut browser) = handled().await;
    let page = browser.get(K1).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    for said in [
        "Status in behandeling",
        "Verantwoordelijk Behandelaar",
        "Klager Jan (jan@example.nl)",
        "Termijnen",
        "voor behandelaar",
        "Vanaf ma 23 nov",
        "Wat u kunt doen",
        "Informatie vragen",
        "Voor een ander",
        "Termijn verlengen als directeur",
        "Van jan@example.nl",
        "Ik heb een klacht over het parkeren bij de training in Utrecht.",
        "Aan jan@example.nl",
        "Verloop",
        "ingeschreven als K-2026-0001",
        "Als niemand iets doet",
        "verstreken",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // In words, without the names that rules go by.
    for said in ["bericht “Nieuwe klacht voor u” aan behandelaar", "tot en met 21 december 2026"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for name in
        ["new_complaint", "term_expiring", "deadline_breached", "register_complaint", "handler", "23:59"]
    {
        assert!(!text.contains(name), "{name}: {text}");
    }
    let headings: Vec<&str> = page.body.split("<h").skip(1).filter_map(|h| h.get(..1)).collect();
    assert_eq!(headings.iter().filter(|h| **h == "1").count(), 1, "one first heading");
    assert!(page.body.contains("<main id=\"main\"") && page.body.contains("<html lang=\"nl\">"));
}

#[tokio::test]
async fn an_action_is_seen_before_it_is_taken() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    assert_eq!(form.status, 200);
    assert!(form.text().contains("Wat wilt u weten?"), "{}", form.text());
    let empty = send(&mut browser, ASK, &form, &[("step", "look"), ("a.questions", " ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("<title>Fout: Informatie vragen"), "{}", empty.body);
    assert!(empty.text().contains("Er klopt iets niet “Wat wilt u weten?” is nodig"), "{}", empty.text());
    assert!(empty.body.contains("href=\"#q0\"") && empty.body.contains("id=\"q0\""), "{}", empty.body);
    let seen = send(&mut browser, ASK, &form, &[("step", "look"), ("a.questions", QUESTIONS)]).await;
    assert_eq!(seen.status, 200);
    let text = seen.text();
    for said in [
        "Dit gaat er gebeuren",
        "De klacht gaat van in behandeling naar wacht op de klager.",
        "Aan de klager",
        "jan@example.nl",
        "Op welke dag was het? En <b>waar</b>?",
        "Bevestigen: Informatie vragen",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!seen.body.contains("<b>waar"), "{}", seen.body);
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment", "looking does nothing");
    let before = site.app.notified("K-2026-0001").await.len();
    let done = send(&mut browser, ASK, &seen, &[("step", "confirm"), ("a.questions", QUESTIONS)]).await;
    assert_eq!((done.status, done.location()), (303, "/complaints/K-2026-0001?taken=1"), "{}", done.text());
    assert_eq!(site.app.state("K-2026-0001").await, "awaiting_complainant");
    let letters = site.app.notified("K-2026-0001").await;
    assert_eq!(letters[before..], ["complainant information_request"]);
    let again = send(&mut browser, ASK, &seen, &[("step", "confirm"), ("a.questions", QUESTIONS)]).await;
    assert_eq!(again.status, 303, "the same form once more is answered as before");
    assert_eq!(site.app.notified("K-2026-0001").await, letters, "and done once");
    let page = browser.get(done.location()).await.text();
    assert!(page.contains("Het is gedaan.") && page.contains("Informatie vragen · Behandelaar"), "{page}");
    let (id, reading) =
        (site.app.app.workflow.id_of("K-2026-0001").await.unwrap(), site.app.app.workflow.reading());
    let events = reading.trail().events(id).await.unwrap();
    let taken =
        events.iter().find(|e| e.kind.as_str() == "action_taken" && e.by.as_str() == HANDLER).unwrap();
    assert_eq!(taken.via.as_str(), "page");
    assert!(reading.trail().verify().await.is_ok());
}

/// What is confirmed is what was shown.
#[tokio::test]
async fn another_answer_is_shown_before_it_is_taken() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    let blind = send(&mut browser, ASK, &form, &[("step", "confirm"), ("a.questions", QUESTIONS)]).await;
    assert!(blind.status == 200 && blind.text().contains("Dit gaat er gebeuren"), "{}", blind.text());
    let other =
        send(&mut browser, ASK, &blind, &[("step", "confirm"), ("a.questions", "Iets heel anders?")]).await;
    assert!(other.status == 200 && other.text().contains("Iets heel anders?"), "{}", other.text());
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
}

#[tokio::test]
async fn two_people_on_one_complaint_see_what_the_other_did() {
    let (site, mut browser) = handled().await;
    let form = browser.get(ASK).await;
    let seen = send(&mut browser, ASK, &form, &[("step", "look"), ("a.questions", QUESTIONS)]).await;
    let workflow = &site.app.app.workflow;
    let note = serde_json::Value::from("met Eva, op 20 november");
    let asked = workflow.actions_for(HANDLER, workflow.id_of("K-2026-0001").await.unwrap()).await.unwrap();
    let consult = asked.own.iter().find(|a| a.id == "note_consultation").unwrap();
    let input = consult.asks.iter().map(|ask| (ask.name.clone(), note.clone())).collect();
    let via = redress::complaint::Via::CommandLine;
    workflow.act("K-2026-0001", "note_consultation", HANDLER, input, via).await.unwrap();
    let conflict = send(&mut browser, ASK, &seen, &[("step", "confirm"), ("a.questions", QUESTIONS)]).await;
    assert_eq!(conflict.status, 409);
    let text = conflict.text();
    assert!(
        text.contains("De klacht is intussen gewijzigd") && text.contains("Intern overleg vastleggen"),
        "{text}"
    );
    assert!(text.contains("Op welke dag was het?"), "what was typed is there: {text}");
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
    let done = send(&mut browser, ASK, &conflict, &[("step", "confirm"), ("a.questions", QUESTIONS)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    // What is not offered any more says so, with what happened.
    let late = send(&mut browser, ASK, &seen, &[("step", "look"), ("a.questions", QUESTIONS)]).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Dit kan nu niet Iemand anders was u voor"), "{}", late.text());
}

/// Every action that is offered comes back with what was typed, whatever is wrong with it.
#[tokio::test]
async fn nothing_that_was_typed_is_lost() {
    let (site, mut browser) = handled().await;
    let id = site.app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let actions = site.app.app.workflow.actions_for(HANDLER, id).await.unwrap().own;
    assert!(actions.len() > 4);
    let mut tried = 0;
    for action in actions {
        let path = format!("{K1}/actions/{}", action.id);
        let form = browser.get(&path).await;
        for wrong in &action.asks {
            let typed = |name: &str| if name == wrong.name { "\u{feff}?!" } else { "mijn \"tekst\" & meer" };
            let names: Vec<String> = action.asks.iter().map(|ask| format!("a.{}", ask.name)).collect();
            let mut answers: Vec<(&str, &str)> = vec![("step", "look")];
            answers
                .extend(action.asks.iter().zip(&names).map(|(ask, name)| (name.as_str(), typed(&ask.name))));
            let shown = send(&mut browser, &path, &form, &answers).await;
            assert!([200, 422].contains(&shown.status), "{}: {}", action.id, shown.status);
            for ask in &action.asks {
                use redress::workflow::AskKind::{Choice, YesNo};
                if !matches!(ask.kind, Choice(_) | YesNo) {
                    let escaped = typed(&ask.name).replace('&', "&amp;").replace('"', "&quot;");
                    assert!(shown.body.contains(&escaped), "{}.{}: {}", action.id, ask.name, shown.body);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10, "{tried}");
}

#[tokio::test]
async fn what_the_rules_refuse_is_said_before_the_click_and_keeps_the_answers() {
    let (site, mut browser) = handled().await;
    let path = "/complaints/K-2026-0001/actions/decide";
    let form = browser.get(path).await;
    let answers = [
        ("step", "look"),
        ("a.verdict", "upheld"),
        ("a.reasons", "U had gelijk."),
        ("a.solution", "Een nieuwe plaats."),
        ("a.solution_due", ""),
    ];
    let refused = send(&mut browser, path, &form, &answers).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Leg eerst het interne overleg vast."), "{}", refused.text());
    assert!(refused.text().contains("U had gelijk."), "{}", refused.text());
    assert!(refused.body.contains("value=\"upheld\" selected>gegrond</option>"), "{}", refused.body);
    assert!(!refused.body.contains("value=\"confirm\""), "there is nothing to confirm");
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
}

/// An action that is for another role is no page of this person, however it is asked for.
#[tokio::test]
async fn nobody_takes_an_action_of_another_role() {
    let (site, mut browser) = handled().await;
    let path = "/complaints/K-2026-0001/actions/extend_as_director";
    let asked = browser.get(path).await;
    assert_eq!(asked.status, 404);
    assert!(asked.text().contains("of dit is werk van een ander"), "{}", asked.text());
    let posted =
        browser.post(path, &[("step", "confirm"), ("key", "x"), ("version", "1"), ("seen", "")]).await;
    assert!([404, 409].contains(&posted.status), "{}", posted.status);
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
}

#[tokio::test]
async fn a_hostile_mail_is_text_and_nothing_else() {
    let site = Site::open().await;
    let hostile = "From: \"<script>alert(1)</script>\" <jan@example.nl>\r\nTo: planning@lagant.nl\r\n\
        Subject: Klacht \"><img src=x onerror=alert(1)> over parkeren\r\nMessage-ID: <h1@x>\r\n\r\n\
        Ik heb een klacht over het parkeren bij de training in Utrecht. <script>alert(2)</script> {{ 7 * 7 }} \
        \u{202e}netsre\u{2066} <meta http-equiv=refresh content=0> </div></main>\r\n";
    site.app.mail(hostile).await;
    site.app.app.turn().await.unwrap();
    let mut browser = site.signed_in(HANDLER).await;
    for path in ["/", K1, ASK, "/register", "/intake"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for part in ["<script", "<img", "<meta http-equiv", "\u{202e}", "\u{2066}"] {
            assert!(!page.body.contains(part), "{path}: {part}");
        }
        assert_eq!(page.body.matches("</main>").count(), 1, "{path}");
    }
    let text = browser.get(K1).await.text();
    assert!(text.contains("<script>alert(2)</script> {{ 7 * 7 }}"), "shown as it was written: {text}");
}

#[tokio::test]
async fn who_reads_english_reads_english() {
    let people = "[[people]]\nname = \"Handler\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\", \"receiver\"]\n\
        language = \"en\"\n[[people]]\nname = \"D\"\nemail = \"d@lagant.nl\"\nroles = [\"director\", \"quality_manager\"]\n";
    let site = Site::of(Builder::default().config(people), Door::Loopback).await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let mut browser = site.signed_in(HANDLER).await;
    let work = browser.get("/").await;
    assert!(
        work.body.contains("<html lang=\"en\">")
            && work.text().contains("Yours, because you are responsible.")
    );
    assert!(
        work.body.contains("lang=\"nl\">Informatie vragen"),
        "what is in one language says which: {}",
        work.body
    );
    assert!(browser.get(K1).await.text().contains("State in treatment"));
}

/// What is not offered says what must be so first, in words, and only to whom it would be offered.
#[tokio::test]
async fn what_is_not_possible_now_says_why() {
    let (site, mut browser) = handled().await;
    let text = browser.get(K1).await.text();
    for said in [
        "Wat nu niet kan, en waarom (",
        "Ontvangst bevestigen Dit kan pas als: de status is geregistreerd",
        "Informatie vragen",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let not_now = text.split_once("Wat nu niet kan").unwrap().1.split_once("Berichten").unwrap().0;
    assert!(!not_now.contains("Informatie vragen"), "what is offered is not among them: {not_now}");
    assert!(
        not_now.contains("de regels vragen: letters(\"failed\") > 0"),
        "what has no words is shown: {not_now}"
    );
    assert!(!not_now.contains("Archiveren"), "what is never mine is not either: {not_now}");
    let mut director = site.signed_in("directeur@lagant.nl").await;
    assert!(director.get(K1).await.text().contains("Archiveren Dit kan pas als:"));
}
