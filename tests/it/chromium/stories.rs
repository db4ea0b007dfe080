//! What receiver, handler and director do from beginning to end, with nothing but the page.

use super::Window;
use crate::support::clear_complaint;
use crate::web::program::{Server, address};
use crate::web::{HANDLER, PASSWORD, RECEIVER, Site};

const DIRECTOR: &str = "directeur@lagant.nl";

/// The real program: from the link that it prints to somebody's own page.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_ends_signed_in() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n");
    let (host, _) = address(server.said("page:"));
    let link = server.said("first sign-in, as kwaliteit@lagant.nl, once and within 24 hours:");
    let Some(window) = Window::open(host).await else { return };
    window.goto("/").await;
    window.reads(&["Aanmelden"]).await;
    window.goto(&format!("/{}", address(link).1)).await;
    window.answer("Nieuw wachtwoord", PASSWORD).await;
    window.answer("Nog een keer", PASSWORD).await;
    window.press("Bewaren").await;
    window.sign_in("kwaliteit@lagant.nl").await;
    window.reads(&["Mijn werk", "Er wacht niets op u."]).await;
    window.close().await;
}

/// The real program and its editor: a rule is changed, sent by key, and stands there.
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_written_in_the_editor() {
    let server = Server::start("[server]\nlisten = \"127.0.0.1:0\"\n");
    let (host, _) = address(server.said("page:"));
    let link = server.said("first sign-in, as kwaliteit@lagant.nl, once and within 24 hours:");
    let Some(window) = Window::open(host).await else { return };
    window.watch().await;
    window.goto(&format!("/{}", address(link).1)).await;
    window.answer("Nieuw wachtwoord", PASSWORD).await;
    window.answer("Nog een keer", PASSWORD).await;
    window.press("Bewaren").await;
    window.sign_in("kwaliteit@lagant.nl").await;
    window.goto("/proposals").await;
    window.answer("Naam van het voorstel", "Een proef").await;
    window.press("Begin een voorstel").await;
    let proposal = window.place().await;
    window.goto(&format!("{proposal}/files/30_treatment.rhai")).await;
    window.enter_editor().await;
    window.key("Home", 36, 2).await;
    window.letters("// Proef ").await;
    window.until("area.value.startsWith('// Proef // Step 4')").await;
    window.unharmed().await;
    window.leave(window.key("Enter", 13, 2)).await;
    window.until("area?.value.startsWith('// Proef // Step 4')").await;
    window.reads(&["gewijzigd in dit voorstel"]).await;
    window.close().await;
}

/// An installation with a complaint in treatment, and the handler's window.
async fn handled() -> Option<(Site, Window)> {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    site.app.app.turn().await.unwrap();
    let window = Window::open(site.address()).await?;
    window.welcome(&site, HANDLER).await;
    window.goto("/").await;
    window.press("K-2026-0001").await;
    Some((site, window))
}

/// The complaint, as whoever signs in at this time sees it.
async fn shown_to(window: &Window, site: &Site, email: &str) {
    window.enter(site, email).await;
    window.goto("/complaints/K-2026-0001").await;
}

const DECISION: &[(&str, &str)] = &[
    ("Oordeel", "deels gegrond"),
    ("Motivering", "Er was te weinig plek bij de training."),
    ("Oplossing", "De kosten van het parkeren worden vergoed."),
];

#[tokio::test]
async fn a_complaint_goes_from_mail_to_archive() {
    let Some((site, window)) = handled().await else { return };
    window.reads(&["in behandeling", "Wat u kunt doen", "Beslissen", "Als niemand iets doet"]).await;
    window.act("Intern overleg vastleggen", &[("Met wie", "Met de planner, maandag")], &[]).await;
    let letter = ["deels gegrond", "De kosten van het parkeren worden vergoed.", "Aan de klager"];
    window.act("Beslissen", DECISION, &letter).await;
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.state("K-2026-0001").await, "decided");
    window.goto("/complaints/K-2026-0001").await;
    window.act("Klager is het eens", &[], &["naar afgehandeld"]).await;
    let cause = "De planner wist niet dat er een markt was, en de deelnemers dus ook niet.";
    let answers = [
        ("Soort oorzaak", "planning en organisatie"),
        ("Mogelijke oorzaak", cause),
        ("Is een structurele maatregel gewenst?", "nee"),
    ];
    window.act("Oorzaak en maatregelen vastleggen", &answers, &["naar gesloten"]).await;
    site.app.until("2027-01-15 10:00").await;
    shown_to(&window, &site, DIRECTOR).await;
    window.act("Archiveren", &[], &["naar gearchiveerd"]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "archived");
    window.goto("/complaints/K-2026-0001").await;
    window.reads(&["gearchiveerd"]).await;
    window.close().await;
}

#[tokio::test]
async fn who_disagrees_is_met_and_decided_on_anew() {
    let Some((site, window)) = handled().await else { return };
    window.act("Intern overleg vastleggen", &[("Met wie", "Met de planner, maandag")], &[]).await;
    window.act("Beslissen", DECISION, &["Aan de klager"]).await;
    let told = [("Wat vindt de klager?", "Vindt de motivering onvolledig")];
    window.act("Klager is het oneens", &told, &["gesprek"]).await;
    let meeting = [("Dag", "2026-12-02"), ("Plaats", "Utrecht, Stationsplein 1")];
    window.act("Gesprek plannen of verzetten", &meeting, &["2 december 2026", "Stationsplein"]).await;
    site.app.until("2026-12-02 16:00").await;
    shown_to(&window, &site, HANDLER).await;
    window.act("Gesprek gehouden", &[("Verslag", "De klager wil ook de reiskosten terug.")], &[]).await;
    let revised = [
        ("Oordeel", "gegrond"),
        ("Motivering", "De reiskosten horen erbij."),
        ("Oplossing", "Parkeren en reizen worden vergoed."),
        ("Verslag", "Zie het verslag van 2 december."),
    ];
    window.act("Beslissing herzien of handhaven", &revised, &["opnieuw naar uw klacht gekeken"]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "decided");
    window.close().await;
}

#[tokio::test]
async fn a_director_decides_what_was_laid_before_them() {
    let Some((site, window)) = handled().await else { return };
    let reason = [("Waarom?", "Buiten mijn mandaat")];
    window.act("Voorleggen aan de directeur", &reason, &["Aan de klager", "directie"]).await;
    site.app.app.turn().await.unwrap();
    shown_to(&window, &site, DIRECTOR).await;
    window.goto("/oversight").await;
    window.reads(&["Bewaking", "K-2026-0001"]).await;
    window.goto("/complaints/K-2026-0001").await;
    let told = [("Hoe, door wie en wanneer", "Ik bel u volgende week.")];
    window.act("Werkwijze meedelen", &told, &["Ik bel u volgende week."]).await;
    window.act("Intern overleg vastleggen", &[("Met wie", "Met de behandelaar")], &[]).await;
    window.act("Beslissen als directeur", DECISION, &["deels gegrond"]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "decided");
    window.close().await;
}

#[tokio::test]
async fn a_mail_that_somebody_passed_on_is_judged_and_registered() {
    let site = Site::open().await;
    let forwarded = "From: Planner <planner@lagant.nl>\r\nTo: klachten@lagant.nl\r\n\
        Subject: Fwd: Ontevreden over de zaal\r\nMessage-ID: <f1@lagant.nl>\r\n\r\nIs dit er een?\r\n\r\n\
        ---------- Forwarded message ---------\r\nFrom: Piet <piet@example.nl>\r\nDate: Mon, 23 Nov 2026 09:00\r\n\
        Subject: Ontevreden over de zaal\r\nTo: <planning@lagant.nl>\r\n\r\nDe zaal was koud.\r\n";
    site.app.mail(forwarded).await;
    let Some(window) = Window::open(site.address()).await else { return };
    window.welcome(&site, RECEIVER).await;
    window.goto("/intake").await;
    window.reads(&["Te beoordelen", "Ontevreden over de zaal", "De zaal was koud."]).await;
    window.press("I-2026-000001").await;
    window.press("Registreren").await;
    let who = window.field("E-mailadres van de klager").await.property("value").await;
    assert_eq!(who, "piet@example.nl", "who wrote first, not who passed it on");
    window.answer("Omschrijving voor het register", "De zaal was koud").await;
    window.press("Bekijk wat er gaat gebeuren").await;
    window.press("Bevestigen: Registreren").await;
    window.reads(&["Het is gedaan.", "K-2026-0001"]).await;
    window.goto("/intake").await;
    window.reads(&["Alles wat binnenkwam, is beoordeeld."]).await;
    window.close().await;
}

/// What another did meanwhile is told before anything is done, and what was typed stays.
#[tokio::test]
async fn two_people_work_on_one_complaint() {
    let Some((site, window)) = handled().await else { return };
    window.press("Informatie vragen").await;
    window.answer("Wat wilt u weten?", "Op welke dag was het?").await;
    window.press("Bekijk wat er gaat gebeuren").await;
    site.app
        .mail(&clear_complaint("jan@example.nl", "m2").replace("Klacht", "Re: [K-2026-0001] Klacht"))
        .await;
    let input = [("about".to_owned(), "tweede@lagant.nl".into())].into();
    let workflow = &site.app.app.workflow;
    workflow
        .act("K-2026-0001", "record_facts", RECEIVER, input, redress::complaint::Via::CommandLine)
        .await
        .unwrap();
    window.press("Bevestigen: Informatie vragen").await;
    window.reads(&["De klacht is intussen gewijzigd", "Er is nog niets gedaan"]).await;
    let typed = window.field("Wat wilt u weten?").await.property("value").await;
    assert_eq!(typed.trim(), "Op welke dag was het?");
    assert_eq!(site.app.state("K-2026-0001").await, "in_treatment");
    window.press("Bevestigen: Informatie vragen").await;
    window.reads(&["Het is gedaan."]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "awaiting_complainant");
    window.close().await;
}

/// Everything is done by forms and links alone.
#[tokio::test]
async fn nothing_needs_scripts() {
    let Some((site, window)) = handled().await else { return };
    window.tool("Emulation.setScriptExecutionDisabled", serde_json::json!({ "value": true })).await;
    let asked = [("Wat wilt u weten?", "Op welke dag was het?")];
    window.goto("/complaints/K-2026-0001").await;
    window.act("Informatie vragen", &asked, &["Op welke dag was het?"]).await;
    assert_eq!(site.app.state("K-2026-0001").await, "awaiting_complainant");
    window.goto("/register").await;
    window.reads(&["K-2026-0001", "wacht op de klager"]).await;
    window.close().await;
}
