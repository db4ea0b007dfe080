//! What is said of the survey to who runs it: in a check, at a start, and by the real program as it asks and counts.

use super::super::program::{Server, address};
use super::*;
use crate::processes::{drop_mail, eventually};
use crate::support::at_once;

/// What is on and cannot be asked is told where the quality manager looks, with what to do.
#[tokio::test]
async fn what_keeps_it_from_being_asked_is_told() {
    let checked = |folder: PathBuf, config: &str| {
        let settings = redress::config::Settings::parse(config, "redress.toml").unwrap();
        let folder = redress::rules::RulesFolder::read(&folder).unwrap();
        let found = folder.check(&settings).diagnostics;
        let of_survey = found.iter().filter(|d| d.at.file == "procedure.toml");
        of_survey.map(|d| format!("{} {}", d.kind.code, d.message.nl)).collect::<Vec<_>>()
    };
    let check = |changes: &[(&str, &str)], config: &str| checked(rules(changes), config);
    let page = format!("[web]\npublic_url = \"{BASE}\"\n");
    assert_eq!(check(&[], ""), [""; 0], "off, as it is shipped");
    assert_eq!(check(ON, &page), [""; 0]);
    let found = check(ON, "");
    assert!(
        found.len() == 1 && found[0].starts_with("R728") && found[0].contains("niets zegt waar de pagina is"),
        "{found:?}"
    );
    let with = |letters: &'static str| [ON[0], ("letters = [\"follow_up\"]\ndays", letters)];
    let found = check(&with("letters = [\"archive_due\"]\ndays"), &page);
    assert!(found.len() == 1 && found[0].contains("gaat nooit naar de klager"), "{found:?}");
    let found = check(&with("letters = [\"follow_upp\"]\ndays"), &page);
    assert!(found.len() == 1 && found[0].starts_with("R201"), "{found:?}");
    let folder = rules(ON);
    std::fs::write(folder.join("messages/nl/_closing.md"), "Groet\n").unwrap();
    let found = checked(folder, &page);
    assert!(
        found.len() == 1
            && found[0].contains("in messages/nl/acknowledgement.md staat geen {{ survey.link }}"),
        "{found:?}"
    );
    for (from, to) in [
        ("days = 60", "days = 0"),
        ("days = 60", "days = 367"),
        ("days = 60", "days = -1"),
        ("  { nl = \"tevreden\", en = \"satisfied\" },\n", ""),
    ] {
        assert_eq!(check(&[(from, to)], &page).len(), 1, "{to}");
    }
}

/// The real program: a letter of it carries the link, which is answered and counted; without an address it says so.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_asks_takes_an_answer_and_counts_it() {
    let rules = rules(ON);
    std::fs::remove_dir_all(rules.join("tests")).unwrap();
    std::fs::remove_file(rules.join("clauses.toml")).unwrap();
    at_once(&rules);
    let rules = rules.to_str().unwrap().to_owned();
    let settings = "[server]\nlisten = \"127.0.0.1:0\"\n";
    let server =
        Server::with_rules(&format!("{settings}[web]\npublic_url = \"http://localhost:1\"\n"), &rules);
    let (host, _) = address(server.said("health:"));
    drop_mail(server.folder(), "a1");
    let mut link = String::new();
    eventually("the letter", || {
        let Ok(files) = std::fs::read_dir(server.folder().join("data/outbox")) else { return false };
        let mails = files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let mails: Vec<String> = mails.map(|m| m.replace("=\r\n", "").replace("=\n", "")).collect();
        link = links(&mails, "http://localhost:1", "").pop().unwrap_or_default();
        !link.is_empty()
    });
    let mut browser = Browser::new(host);
    assert!(browser.get(&link).await.text().contains("Hoe tevreden bent u"));
    let thanks = browser.post(&link, &[("step", "5")]).await;
    assert!(thanks.text().contains("Uw antwoord is opgeslagen: zeer tevreden."), "{}", thanks.text());
    let run = |arguments: &[&str]| server.run(&[&["--rules", &rules], arguments].concat());
    let year = thanks_year();
    let (_, told) = run(&["reports", "show", &year]);
    assert!(told.contains("Tevreden over de behandeling") && told.contains("5,0"), "{told}");
    assert!(run(&["audit", "verify"]).0);
    assert!(!run(&["rules", "check"]).1.contains("R728"));
    let bare = Server::with_rules(settings, &rules);
    assert_eq!(bare.said("survey:"), "on, but no letter carries it; set web.public_url in redress.toml");
    let (_, doctor) = bare.run(&["--rules", &rules, "doctor"]);
    assert!(doctor.contains("letters go without the question"), "{doctor}");
    let (_, checked) = bare.run(&["--rules", &rules, "rules", "check"]);
    assert!(checked.contains("R728"), "{checked}");
}

/// The year of the computer's clock.
fn thanks_year() -> String {
    let now = redress::clock::Clock::now(&redress::clock::SystemClock);
    crate::support::amsterdam().day_of(now).unwrap().format("%Y").to_string()
}
