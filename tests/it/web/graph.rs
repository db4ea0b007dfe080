//! The states and the steps between them, as a drawing and as tables: of the shipped procedure, of another one, of what is
//! proposed, and of words that somebody wrote to harm.

use super::*;
use redress::complaint::Language;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const QUALITY: &str = "kwaliteit@lagant.nl";
const COORDINATOR: &str = "coordinator@gemeente.example";

const PEOPLE: &str = "[[people]]\nname = \"Kwaliteit\"\nemail = \"kwaliteit@lagant.nl\"\nroles = [\"quality_manager\"]\n\
    [[people]]\nname = \"Behandelaar\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n\
    [[people]]\nname = \"Ontvanger\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n";

const SCENARIO: &str = "scenario \"Zij komt in behandeling\" {\n  at(\"2026-04-14 10:00\");\n  \
    let k = mail(#{ from: \"jan@example.nl\", subject: \"Klacht over parkeren in Utrecht\",\n    \
    text: \"Ik heb een klacht over het parkeren bij de training in Utrecht.\" });\n  expect_state(k, \"in_treatment\");\n}\n";

/// The shipped rules with one scenario, so that playing takes no time.
fn shipped() -> tempfile::TempDir {
    let rules = crate::support::rules_copy();
    for entry in std::fs::read_dir(rules.path().join("tests")).unwrap().flatten() {
        if entry.file_name() != "organisation.toml" {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    std::fs::write(rules.path().join("tests/10_few.rhai"), SCENARIO).unwrap();
    std::fs::remove_file(rules.path().join("clauses.toml")).unwrap();
    rules
}

async fn site(rules: &Path) -> Site {
    Site::of(Builder::default().config(PEOPLE).rules(rules), Door::Loopback).await
}

/// The page once the scenarios were played.
async fn played(browser: &mut Browser, path: &str) -> String {
    loop {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        if !answer.body.contains("role=\"status\"") {
            return answer.body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// A box of the drawing: left, top, width, height.
type Drawn = [i64; 4];

fn boxes(page: &str) -> Vec<Drawn> {
    let rects = page.split("<rect ").skip(1);
    let value = |rect: &str, name: &str| -> i64 {
        let rest = rect.split(&format!(" {name}=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {rect}"));
        rest.split('"').next().unwrap().parse().unwrap()
    };
    rects
        .map(|rect| {
            let rect = format!(" {}", rect.split('>').next().unwrap());
            ["x", "y", "width", "height"].map(|name| value(&rect, name))
        })
        .collect()
}

/// Asserts that boxes stand within the drawing and apart.
fn apart(page: &str) {
    let size = page.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    let (width, height): (i64, i64) = (width.parse().unwrap(), height.parse().unwrap());
    let boxes = boxes(page);
    for (n, [x, y, w, h]) in boxes.iter().enumerate() {
        assert!(*x >= 0 && *y >= 0 && x + w <= width && y + h <= height, "{:?} in {size}", boxes[n]);
        for [left, top, wide, high] in &boxes[n + 1..] {
            let is_apart = x + w <= *left || left + wide <= *x || y + h <= *top || top + high <= *y;
            assert!(is_apart, "{:?} and {:?}", boxes[n], [left, top, wide, high]);
        }
    }
}

/// Asserts that each state of the procedure in force is drawn once, is in the table, and leads to its complaints.
async fn every_state_leads_to_its_complaints(site: &Site, browser: &mut Browser, page: &str) {
    let labels = site.app.app.workflow.labels(Language::Dutch);
    let states = labels.states();
    assert_eq!(boxes(page).len(), states.len());
    let plain = page.replace("&#x2f;", "/").replace("&amp;", "&");
    for (state, label) in states {
        let href = format!("href=\"/register?stage=in%3A{state}\"");
        assert_eq!(plain.matches(&href).count(), 2, "{state}: in the drawing and in the table");
        assert!(plain.contains(&format!("<title>{label}: ")), "{label}");
        let register = browser.get(&format!("/register?stage=in%3A{state}")).await;
        assert_eq!(register.status, 200, "{state}");
    }
}

/// The steps of the table: from, to, and by whom.
fn steps(page: &str) -> Vec<(String, String, String)> {
    let table = page.split("id=\"steps\"").nth(1).unwrap().split("</table>").next().unwrap();
    let plain = |html: &str| {
        let mut text = String::new();
        for part in html.split('<').enumerate() {
            text.push_str(if part.0 == 0 { part.1 } else { part.1.split_once('>').map_or("", |p| p.1) });
        }
        text.trim().to_owned()
    };
    let rows = table.split("<tbody>").nth(1).unwrap().split("<tr>").skip(1);
    rows.map(|row| {
        let cells: Vec<String> = row.split("</td>").flat_map(|c| c.split("</th>")).map(plain).collect();
        (cells[0].clone(), cells[1].clone(), cells[2].clone())
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_state_of_the_shipped_procedure_is_drawn_and_every_step_is_said() {
    let rules = shipped();
    let site = site(rules.path()).await;
    site.app.complaint("b1").await;
    site.app.mail(&crate::support::clear_complaint("piet@example.nl", "b2")).await;
    let mut browser = site.signed_in(QUALITY).await;
    let first = browser.get("/procedure/graph").await;
    assert_eq!(first.status, 200);
    apart(&first.body);
    let page = played(&mut browser, "/procedure/graph").await;
    apart(&page);
    every_state_leads_to_its_complaints(&site, &mut browser, &page).await;
    assert!(page.contains("<title>in behandeling: 2 klachten</title>"), "{page}");
    let steps = steps(&page);
    let by = |from: &str, to: &str| {
        let found = steps.iter().find(|(f, t, _)| f == from && t == to);
        found.map(|(_, _, by)| by.clone()).unwrap_or_else(|| panic!("{from} → {to}: {steps:#?}"))
    };
    // Through a function, by an action that rules perform, in a branch, and from two states.
    assert!(by("ontvangen", "geregistreerd").contains("handeling"));
    assert!(!by("ontvangen", "geregistreerd").contains("in geen scenario"), "the scenario takes it");
    assert!(by("in behandeling", "besloten").contains("in geen scenario"), "and not this one");
    assert!(by("besloten", "in verduidelijking").contains("Beslissing teruggehaald"));
    assert!(by("gearchiveerd", "geanonimiseerd").contains("Anonimiseren"));
    assert!(by("gesloten", "gearchiveerd").contains("Archiveren"));
    // What the condition rules out is no step, and what is at its end goes nowhere.
    assert!(!steps.iter().any(|(from, to, _)| from == "ontvangen" && to == "gearchiveerd"), "{steps:#?}");
    assert!(!steps.iter().any(|(from, to, _)| from == "in behandeling" && to == "geanonimiseerd"));
    assert!(!page.contains("niet af te lezen"), "every step is read");
    // Reached by keyboard, described, and without colour.
    assert!(page.contains("role=\"region\"") && page.contains("tabindex=\"0\""));
    assert!(page.contains("class=\"seen\"") && page.contains("class=\"unseen\""));
    assert!(!page.contains("style="), "the policy allows none");
    // For those who may not look at the rules there is no such page.
    let mut handler = site.signed_in(HANDLER).await;
    assert_eq!(handler.get("/procedure/graph").await.status, 404);
    assert_eq!(handler.get("/proposals/1/graph").await.status, 404);
    assert_eq!(browser.get("/proposals/1/graph").await.status, 404);
}

fn municipality() -> PathBuf {
    crate::support::repository().join("tests/fixtures/municipality")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_procedure_is_drawn_as_well() {
    let people = format!(
        "[[people]]\nname = \"Coördinator\"\nemail = \"{COORDINATOR}\"\nroles = [\"klachtencoordinator\"]\n\
         [[people]]\nname = \"Secretaris\"\nemail = \"secretaris@gemeente.example\"\nroles = [\"secretaris\"]\n\
         [[people]]\nname = \"Burgerzaken\"\nemail = \"burgerzaken@gemeente.example\"\nroles = [\"klachtbehandelaar\"]\n"
    );
    let rules = tempfile::tempdir().unwrap();
    copy(&municipality(), rules.path());
    // Who may publish is who may look.
    let procedure = rules.path().join("procedure.toml");
    let text = std::fs::read_to_string(&procedure).unwrap();
    let text = text.replacen(
        "faults_to =",
        "rules_published_by = \"klachtencoordinator\"\nrules_approved_by = \"klachtencoordinator\"\nfaults_to =",
        1,
    );
    std::fs::write(&procedure, text).unwrap();
    let site = Site::of(Builder::default().config(&people).rules(rules.path()), Door::Loopback).await;
    let mut browser = site.signed_in(COORDINATOR).await;
    let page = played(&mut browser, "/procedure/graph").await;
    apart(&page);
    every_state_leads_to_its_complaints(&site, &mut browser, &page).await;
    let found: BTreeSet<(String, String)> = steps(&page).into_iter().map(|(f, t, _)| (f, t)).collect();
    let said = [
        ("binnengekomen", "in behandeling"),
        ("in behandeling", "gehoord"),
        ("in behandeling", "niet behandeld"),
        ("gehoord", "afgedaan"),
        ("afgedaan", "vernietigd"),
        ("niet behandeld", "vernietigd"),
    ];
    assert_eq!(found, said.map(|(f, t)| (f.to_owned(), t.to_owned())).into());
    // A phase that is not on the main road stands after the one from which it is entered.
    let heads: Vec<&str> = page
        .split("class=\"phase\"")
        .skip(1)
        .map(|part| part.split_once('>').unwrap().1.split('<').next().unwrap())
        .collect();
    assert_eq!(heads, ["Ontvangst", "Behandeling", "Registratie", "Evaluatie"]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        match entry.path() {
            path if path.is_dir() => copy(&path, &target),
            path => drop(std::fs::copy(path, target).unwrap()),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proposal_has_a_graph_of_its_own_whatever_its_words_are() {
    let rules = shipped();
    let site = site(rules.path()).await;
    let mut browser = site.signed_in(QUALITY).await;
    let begun = browser.post("/proposals", &[("name", "Een status <b>erbij</b>")]).await;
    let proposal = begun.location().to_owned();
    let keep = async |browser: &mut Browser, path: &str, text: &str| {
        let place = format!("{proposal}/files/{path}");
        let seen = browser.get(&place).await.value("seen");
        let kept = browser.post(&place, &[("seen", &seen), ("text", text), ("step", "keep")]).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
    };
    let old = std::fs::read_to_string(rules.path().join("procedure.toml")).unwrap();
    let hostile = "<script>alert(1)</script> \\\" onload=x & Donaudampfschifffahrtsgesellschaftskapitän's zeer lange naam";
    let state = |phase: &str| {
        format!(
            "[states.\"on hold\"]\nnl = \"{hostile}\"\nen = \"{hostile}\"\nphase = \"{phase}\"\nopen = true\n\n[states.received]"
        )
    };
    let text = old.replacen("[states.received]", &state("<i>tussen</i>"), 1);
    keep(&mut browser, "procedure.toml", &text).await;
    let rule = "action hold \"<img src=x onerror=alert(1)>\" by [\"handler\"]\n  when complaint.state == \"decided\"\n  \
        then { put(1); }\n\nfn put(times) { if times > 0 { put(times - 1); } enter(\"on hold\"); }\n";
    keep(&mut browser, "95_hold.rhai", rule).await;
    let looked = browser.get(&proposal).await.text();
    let page = played(&mut browser, &format!("{proposal}/graph")).await;
    assert!(page.contains("<svg"), "{looked}");
    apart(&page);
    for harm in ["<script>alert", "<img src=x", "<i>tussen", "<b>erbij", "\" onload"] {
        assert!(!page.contains(harm), "{harm}");
    }
    let plain = page.replace("&lt;", "<").replace("&gt;", ">").replace("&#x2f;", "/");
    assert!(plain.contains("<i>tussen</i>"), "a phase that nobody knows is called by its name");
    let steps = steps(&page);
    assert!(steps.iter().any(|(from, to, _)| from == "besloten" && to.contains("alert(1)")), "{steps:#?}");
    // A function that calls itself is not followed for ever, and the page says where it stopped.
    assert!(page.contains("niet af te lezen"), "{page}");
    // What is in force is drawn as before, and a state that is not in force leads nowhere.
    assert!(!page.contains("stage=in%3Aon+hold") && page.contains("stage=in%3Adecided"));
    assert!(!played(&mut browser, "/procedure/graph").await.contains("alert(1)"));
    // With a mistake there is no graph, and the page says so.
    keep(&mut browser, "95_hold.rhai", "rule \"Half\"\n  when complaint.state ==").await;
    let broken = browser.get(&format!("{proposal}/graph")).await;
    assert!(broken.status == 200 && broken.text().contains("bevatten nog fouten"), "{}", broken.text());
}
