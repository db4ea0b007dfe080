//! Who sees what: nobody finds on any page what is not for them, and the store's condition says what the rule says.

use super::*;
use redress::complaint::Via;

const TEACHER: &str = "docent@lagant.nl";
const PEOPLE: &[(&str, &str, &str)] = &[
    (RECEIVER, "receiver", ""),
    (HANDLER, "handler", "deputy = \"tweede@lagant.nl\"\nabsent = [\"2026-11-20/2026-11-30\"]"),
    ("tweede@lagant.nl", "handler", ""),
    ("directeur@lagant.nl", "director", "deputy = \"vervanger@lagant.nl\""),
    ("vervanger@lagant.nl", "employee", ""),
    ("kwaliteit@lagant.nl", "quality_manager", ""),
    ("integratie@lagant.nl", "integrator", ""),
    (TEACHER, "employee", "deputy = \"tweede@lagant.nl\""),
];

fn people() -> String {
    let person = |(email, role, rest): &(&str, &str, &str)| {
        format!("[[people]]\nname = \"{email}\"\nemail = \"{email}\"\nroles = [\"{role}\"]\n{rest}\n")
    };
    PEOPLE.iter().map(person).collect()
}

/// Complaints about each of the people and about nobody, for each of the people and for nobody.
async fn site() -> Site {
    let site = Site::of(Builder::default().config(&people()), Door::Loopback).await;
    let workflow = &site.app.app.workflow;
    let mut n = 0;
    for about in PEOPLE.iter().map(|p| Some(p.0)).chain([None]) {
        for handler in [Some(HANDLER), Some("tweede@lagant.nl"), None] {
            n += 1;
            let mail = crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))
                .replace("Klacht over parkeren", &format!("Geheim{n} klacht over parkeren"));
            site.app.mail(&mail).await;
            let number = format!("K-2026-{n:04}");
            let act = async |action: &str, by: &str, input: &[(&str, &str)]| {
                let input = input.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
                workflow.act(&number, action, by, input, Via::CommandLine).await
            };
            if let Some(handler) = handler {
                let by = "kwaliteit@lagant.nl";
                let _ = act("assign", by, &[("handler", handler)]).await;
            }
            if let Some(about) = about {
                let by = if about == RECEIVER { "directeur@lagant.nl" } else { RECEIVER };
                act("record_facts", by, &[("about", about)]).await.unwrap();
            }
        }
    }
    site
}

/// Every list, to its last page, as somebody sees it.
async fn lists(browser: &mut Browser) -> Vec<String> {
    let mut lists = Vec::new();
    for path in ["/register", "/register?order=number", "/register.csv", "/search?q=parkeren"] {
        let (mut next, mut list) = (Some(path.to_owned()), String::new());
        while let Some(path) = next {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            list.push_str(&answer.body);
            next = answer.following();
        }
        lists.push(list);
    }
    lists
}

/// The list of deliveries to its last page, and each delivery on a page of its own; empty where they are not for somebody.
async fn deliveries(site: &Site, browser: &mut Browser) -> String {
    let (mut next, mut text) = (Some("/deliveries".to_owned()), String::new());
    while let Some(path) = next {
        let answer = browser.get(&path).await;
        assert!([200, 404].contains(&answer.status), "{path}");
        text.push_str(&answer.body);
        next = answer.following();
    }
    if text.contains("<th scope=\"row\"") {
        for delivery in site.app.deliveries("mail", "").await {
            text.push_str(&browser.get(&format!("/deliveries/{}", delivery.id)).await.body);
        }
    }
    text
}

/// The register and what a search finds, to their last pages, as a program is told them.
async fn all_of(program: &mut super::api::Program) -> String {
    let (mut next, mut list) = (Some("/api/v1/complaints?pageSize=10".to_owned()), String::new());
    while let Some(path) = next {
        let answer = program.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        next = super::api::read(&answer)["next"].as_str().map(str::to_owned);
        list.push_str(&answer.body);
    }
    let words = serde_json::json!({"words": "parkeren", "pageSize": 200});
    let found = program.post("/api/v1/complaint-searches", &[], &words).await;
    let count = |text: &str| text.matches("\"intakeId\"").count();
    assert_eq!(count(&found.body), count(&list));
    let tasks = program.get("/api/v1/tasks").await;
    assert_eq!(tasks.status, 200);
    format!("{list} {} {}", found.body, tasks.body)
}

/// Asserts that nothing about a complaint is told to a program, nor done.
async fn nothing_for(program: &mut super::api::Program, number: &str, secret: &str) {
    let path = format!("/api/v1/complaints/{number}");
    for part in ["", "/events", "/messages", "/actions", "/dossier", "/views"] {
        let answer = program.get(&format!("{path}{part}")).await;
        assert!(answer.status == 404 && !answer.body.contains(secret), "{path}{part}: {}", answer.status);
    }
    for part in ["", "/previews"] {
        let path = format!("{path}/actions/record_facts{part}");
        let answer = program.post(&path, &[("idempotency-key", "x")], &serde_json::json!({})).await;
        assert!(answer.status == 404 && !answer.body.contains(secret), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn nobody_finds_what_is_not_for_them_on_any_page() {
    let site = site().await;
    let workflow = &site.app.app.workflow;
    let all =
        workflow.reading().register().list(&redress::store::ListFilter::default(), 1_000).await.unwrap();
    assert_eq!(all.len(), 27);
    let now = workflow.now().await.unwrap();
    let (mut shown, mut kept) = (0, 0);
    for (email, ..) in PEOPLE {
        let mut browser = site.signed_in(email).await;
        let work = browser.get("/").await;
        assert_eq!(work.status, 200);
        let lists = lists(&mut browser).await;
        let mut program = super::api::Program::of(&site, email).await;
        let register = all_of(&mut program).await;
        let deliveries = deliveries(&site, &mut browser).await;
        let (oversight, intake) = (browser.get("/oversight").await.body, browser.get("/intake").await.body);
        let (faults, audit) = (browser.get("/faults").await.body, browser.get("/audit").await.body);
        for c in &all {
            let number = c.number.clone().unwrap().to_string();
            let is_seen = workflow.sees(&c.facts, email, now);
            let found = workflow.seen_by(email, &number).await.unwrap();
            assert_eq!(
                found.is_some(),
                is_seen,
                "{email} and {number}: {:?} {:?}",
                c.facts.responsible,
                c.facts.about
            );
            assert_eq!(workflow.seen_by(email, c.facts.intake_id.as_str()).await.unwrap().is_some(), is_seen);
            let secret = c.facts.subject.split(' ').next().unwrap();
            let path = format!("/complaints/{number}");
            match is_seen {
                true => {
                    shown += 1;
                    assert!(lists.iter().all(|l| l.contains(&format!("{secret} "))), "{email} and {number}");
                    assert!(register.contains(&format!("{secret} ")), "{email} and {number}");
                }
                false => {
                    kept += 1;
                    let whole = [&work.body, &oversight, &intake, &register, &deliveries, &faults, &audit];
                    for page in lists.iter().chain(whole) {
                        assert!(!page.contains(&format!("{secret} ")), "{email} and {number}");
                        assert!(!page.contains(&number), "{email} and {number}");
                    }
                    let judged = format!("/intake/{}", c.facts.intake_id);
                    let dossier = format!("{path}/dossier");
                    let by_number = browser.get(&format!("/deliveries?complaint={number}")).await;
                    assert!(!by_number.body.contains("<th scope=\"row\""), "{email} and {number}");
                    for path in [path.clone(), format!("{path}/actions/record_facts"), dossier, judged] {
                        let answers =
                            [browser.get(&path).await, browser.post(&path, &[("step", "look")]).await];
                        for answer in answers {
                            assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
                            assert!(!answer.body.contains(secret));
                        }
                    }
                    nothing_for(&mut program, &number, secret).await;
                }
            }
        }
    }
    assert!(shown > 50 && kept > 50, "{shown} {kept}");
}

/// Somebody whom a complaint is about does not learn that there is one: the answer is that of a number that is not there.
#[tokio::test]
async fn a_complaint_about_me_is_as_if_it_were_not_there() {
    let site = site().await;
    let mut browser = site.signed_in("directeur@lagant.nl").await;
    let about_director = 3 * 3 + 1;
    let hidden = browser.get(&format!("/complaints/K-2026-{about_director:04}")).await;
    let absent = browser.get("/complaints/K-2026-9999").await;
    assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
    assert_eq!(browser.get("/complaints/K-2026-0025").await.status, 200, "one about nobody");
}
