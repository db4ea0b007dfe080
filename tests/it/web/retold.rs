//! A scenario made of a real complaint: it holds, and nobody and nothing of the complaint is in it.

use super::proposals::{Bench, OTHER, QUALITY, begin, work};
use super::*;
use redress::complaint::Via;

/// The name, the address, the subject, the text and what people filled in are of words that no rule has.
const HOSTILE: &str = "From: \"Wilhelmína \\\"Zörgdrager\\\" O'Brien\" <wilhelmina.zorgdrager@kwakzalver.example>\r\n\
    To: planning@lagant.nl\r\nSubject: =?utf-8?q?Klacht=3A_Xanthippe_vergat_mijn_Przewalskipaard?=\r\n\
    Message-ID: <h1@kwakzalver.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
    Ik heb een klacht: \"); act(k, Xanthippe, #{}); vergat mijn Przewalskipaard bij de Quetzalstraat 12b.\r\n\
    Bel 0612345678, IBAN NL91ABNA0417164300. ${Wilhelmína} \\u0041 `Zörgdrager`\r\n";

const HOSTILE_WORDS: &[&str] = &[
    "wilhelm",
    "zörgdrager",
    "zorgdrager",
    "o'brien",
    "kwakzalver",
    "xanthippe",
    "vergat",
    "przewalski",
    "paard",
    "quetzal",
    "0612345678",
    "nl91",
    "bel ",
    "12b",
    "heliotroop",
    "kolibrie",
    "quirijn",
    "quagga",
    "wombat",
    "fata morgana",
    "k-2026",
    "i-2026",
];

const MORE: &str = "[delivery]\nrecall_minutes = 2\n[organisation]\nname = \"Wombat BV\"\nmailbox = \"planning@lagant.nl\"\n\
    [extra.room]\ntype = \"text\"\nnl = \"Lokaal\"\nen = \"Room\"\n\
    [[people]]\nname = \"Quirijn Quagga\"\nemail = \"quirijn.quagga@lagant.nl\"\nroles = [\"handler\", \"director\"]\n";

async fn act(bench: &Bench, number: &str, action: &str, by: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let workflow = &bench.site.app.app.workflow;
    workflow.act(number, action, by, input, Via::CommandLine).await.unwrap();
    bench.site.app.app.turn().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_comes_to_a_scenario_that_holds_and_names_nobody() {
    let bench = Bench::open(MORE).await;
    let app = &bench.site.app;
    app.mail(HOSTILE).await;
    app.until("2026-11-24 09:30").await;
    let first = "K-2026-0001";
    act(&bench, first, "ask_information", HANDLER, &[("questions", "Welke Kolibrie, Wilhelmína?")]).await;
    app.until("2026-11-26 14:00").await;
    let reply = HOSTILE
        .replace("h1@", "h2@")
        .replace("Subject: ", "In-Reply-To: <h1@kwakzalver.example>\r\nSubject: ");
    app.mail(&reply).await;
    app.until("2026-12-01 11:00").await;
    act(&bench, first, "note_consultation", HANDLER, &[("consultation", "Met Quirijn Quagga")]).await;
    let decision = [("verdict", "upheld"), ("reasons", "Fata Morgana"), ("solution", "Een Heliotroop")];
    act(&bench, first, "decide", HANDLER, &decision).await;
    app.until("2027-01-20 10:00").await;
    // One that only time looks after.
    app.mail(&crate::support::clear_complaint("jan@example.nl", "m2")).await;
    app.until("2027-03-01 10:00").await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    assert!(
        browser
            .get(&format!("/complaints/{first}"))
            .await
            .text()
            .contains("Maak een scenario van deze klacht")
    );
    for number in [first, "K-2027-0001"] {
        let page = browser.get(&format!("/complaints/{number}/scenario")).await;
        let text = page.text();
        assert!(page.status == 200 && text.contains("en klopt."), "{number}: {text}");
        assert!(!text.contains("Wat er niet in staat"), "{number}: {text}");
        let script = text[text.find("scenario \"").unwrap()..].to_lowercase();
        for word in HOSTILE_WORDS {
            assert!(!script.contains(word), "{word}: {script}");
        }
        for part in ["let k = mail(", "expect_state(k", "expect_deadline(k", "expect_notified(k", "at(\"20"] {
            assert!(script.contains(part), "{part}: {script}");
        }
    }
    // Into a proposal, twice, each under a name of its own; all of it is played as it stands there.
    let proposal = begin(&mut browser, "Zoals het ging").await;
    for number in [first, "K-2027-0001"] {
        let kept = browser.post(&format!("{proposal}/scenarios"), &[("complaint", number)]).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let place = kept.location().to_owned();
        let told = browser.get(&place).await.text();
        assert!(told.contains("Dit scenario klopt."), "{told}");
    }
    let played = work(&mut browser, &proposal, &[("step", "scenarios")]).await.text();
    assert!(played.contains("4 van 4 scenario’s kloppen"), "{played}");
    let shown = browser.get(&format!("/complaints/{first}/scenario")).await;
    assert!(shown.text().contains("Zet het in voorstel ‘Zoals het ging’"), "{}", shown.text());
    for (path, reference) in [(&proposal, "K-2026-9999"), (&proposal, ""), (&proposal, "'; --")] {
        let kept = browser.post(&format!("{path}/scenarios"), &[("complaint", reference)]).await;
        assert_eq!(kept.status, 404, "{reference}");
    }
    // Another's proposal is not written in; who may not change rules makes none; what was forgotten is told.
    let mut other = bench.site.signed_in(OTHER).await;
    assert_eq!(other.post(&format!("{proposal}/scenarios"), &[("complaint", first)]).await.status, 404);
    let mut director = bench.site.signed_in("directeur@lagant.nl").await;
    let mut handler = bench.site.signed_in(HANDLER).await;
    for browser in [&mut director, &mut handler] {
        assert_eq!(browser.get(&format!("/complaints/{first}/scenario")).await.status, 404);
        assert!(!browser.get(&format!("/complaints/{first}")).await.text().contains("Maak een scenario"));
        assert_eq!(browser.post(&format!("{proposal}/scenarios"), &[("complaint", first)]).await.status, 404);
    }
}

const EARLIER: &str = "Nummer;Datum;Klager;E-mail;Onderwerp;Omschrijving;Status\n\
    2024-17;1-3-2024;Jan;jan@example.nl;Koffie;Lauw;gesloten\n";

/// What came from an earlier register and what was forgotten come to no scenario, and whoever asks reads why: on the page, by a
/// program, in the terminal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_scenario_can_say_is_refused_in_a_sentence() {
    use crate::web::api::{Program, read};
    let bench = Bench::open("").await;
    let (app, workflow) = (&bench.site.app, &bench.site.app.app.workflow);
    let register = app.folder.path().join("register.csv");
    std::fs::write(&register, EARLIER).unwrap();
    let table = workflow.importing().read(&register, &redress::importing::Mapping::default()).await.unwrap();
    workflow.importing().import(&table, QUALITY, Via::CommandLine, &mut |_| ()).await.unwrap();
    app.mail(&crate::support::clear_complaint("piet@example.nl", "m1")).await;
    let withdrawn = [("confirmation", "Per mail"), ("confirmed", "ja")];
    act(&bench, "K-2026-0002", "withdraw", HANDLER, &withdrawn).await;
    act(&bench, "K-2026-0002", "forget_early", "directeur@lagant.nl", &[("reason", "op verzoek")]).await;
    let mut browser = bench.site.signed_in(QUALITY).await;
    let mut program = Program::of(&bench.site, QUALITY).await;
    let proposal = begin(&mut browser, "Zoals het ging").await;
    for (number, nl, en) in [
        (
            "K-2026-0001",
            "de klacht is overgenomen uit een eerder register",
            "was taken over from an earlier register",
        ),
        (
            "K-2026-0002",
            "namen en teksten van de klacht zijn verwijderd",
            "names and texts of the complaint were removed",
        ),
    ] {
        let page = browser.get(&format!("/complaints/{number}/scenario")).await;
        assert!(page.status == 200 && page.text().contains(nl), "{}", page.text());
        assert!(!page.text().contains("scenario \"") && !page.body.contains("name=\"complaint\""));
        let kept = browser.post(&format!("{proposal}/scenarios"), &[("complaint", number)]).await;
        assert!(kept.status == 422 && kept.text().contains(nl), "{}", kept.text());
        for (language, words) in [("nl", nl), ("en", en)] {
            let bearer = format!("Bearer {}", program.key);
            let headers = [("authorization", bearer.as_str()), ("accept-language", language)];
            let path = format!("/api/v1/complaints/{number}/scenario");
            let answer = program.browser.send("GET", &path, &headers, "").await;
            let problem = read(&answer);
            assert_eq!(
                (answer.status, &problem["type"]),
                (422, &"/api/problems/refused".into()),
                "{problem}"
            );
            assert!(problem["detail"].as_str().is_some_and(|why| why.contains(words)), "{problem}");
        }
        let settings = app.folder.path().join("redress.toml").display().to_string();
        let said = crate::cli::redress(
            &app.folder.path().join("data"),
            &["--config", &settings, "rules", "scenario", number],
        );
        let (out, why) = (crate::cli::stdout(&said), String::from_utf8_lossy(&said.stderr).into_owned());
        assert!(!said.status.success() && out.is_empty() && why.contains(nl), "{out}{why}");
        assert!(why.contains(number), "{why}");
    }
    assert!(browser.get(&proposal).await.text().contains("Er is nog niets gewijzigd"));
}
