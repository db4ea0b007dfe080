//! Every page there is, on a phone and on a desk, in the light and in the dark: nothing that keeps anybody out, nothing that
//! is cut off. The pictures stay where the build is, for whoever wants to look.

use super::Window;
use crate::delivery::hook;
use crate::importing::REGISTER;
use crate::support::clear_complaint;
use crate::web::{HANDLER, RECEIVER, Site, links, survey};
use redress::complaint::{Actor, Via};
use redress::workflow::{FileEdit, Start, Subscribing, SubscriptionWish};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const DIRECTOR: &str = "directeur@lagant.nl";
pub(super) const PHONE: (u32, u32) = (390, 844);
pub(super) const NARROW: (u32, u32) = (320, 640);
pub(super) const DESK: (u32, u32) = (1280, 900);
pub(super) const LIGHT: &[(&str, &str)] = &[("prefers-color-scheme", "light")];
pub(super) const DARK: &[(&str, &str)] = &[("prefers-color-scheme", "dark")];
pub(super) const FORCED: &[(&str, &str)] = &[("forced-colors", "active")];

/// What stands wrong on the page that is shown: what lies outside the window, letters that are too small, a target that is
/// too small for a finger and not in a line of text.
const LAYOUT: &str = r#"
const wrong = [];
const page = document.scrollingElement;
if (page.scrollWidth > innerWidth) {
  const wide = [...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  wrong.push(`wider than the window: ${page.scrollWidth} of ${innerWidth}: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 80))}`);
}
const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
  const e = words.currentNode.parentElement;
  if (words.currentNode.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 12)
    wrong.push(`too small: ${words.currentNode.textContent.trim().slice(0, 40)}`);
}
for (const e of document.querySelectorAll('button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, a.button')) {
  const r = e.getBoundingClientRect();
  if (r.width && (r.height < 24 || r.width < 24) && !e.closest('.away')) wrong.push(`hard to hit: ${e.outerHTML.slice(0, 80)}`);
}
return wrong;
"#;

const AXE: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations
  .filter(v => ['serious', 'critical', 'moderate'].includes(v.impact))
  .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`)));
";

/// The tests for accessibility of axe-core; none where they are not installed, under CI they must be.
pub(super) fn axe() -> Option<String> {
    let installed = std::env::var_os("REDRESS_TEST_NODE")
        .map(|node| PathBuf::from(node).join("node_modules/axe-core/axe.min.js"))
        .and_then(|path| std::fs::read_to_string(path).ok());
    assert!(
        installed.is_some() || std::env::var_os("CI").is_none(),
        "axe-core is missing; .ci/run installs it"
    );
    installed
}

/// A scenario of the shipped procedure.
const SCENARIO: &str = "/scenarios/tests/10_intake.rhai?name=Een%20duidelijke%20klacht%20wordt%20vanzelf%20geregistreerd%20en%20bevestigd";

/// The pages that are routes, with something in place of what varies; what is no page is left out.
fn routes(mail: &str, token: &str, survey: &str, delivery: &str, upload: &str) -> Vec<String> {
    let source = std::fs::read_to_string(crate::support::repository().join("src/web/router.rs")).unwrap();
    let pages = source.split_once("pub fn pages").unwrap().1;
    let mut routes = Vec::new();
    for route in pages.split(".route(\"").skip(1) {
        let (path, rest) = route.split_once('"').unwrap();
        let is_page = rest.split(".route(").next().unwrap().contains("get(");
        let is_file = [
            "/raw",
            "/attachments/{digest}",
            "/dossier",
            "/files/{file}",
            "/pack",
            ".csv",
            ".xlsx",
            "/calendar/{file}",
            "/assets/{name}",
            "/next",
            // They lead on where nothing is under way, and nothing came in force since.
            "/work",
            "/behind",
            // There is none until one was made.
            "/plan",
        ];
        if !is_page || is_file.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        let reference = if path.starts_with("/intake") { "I-2026-000002" } else { "K-2026-0001" };
        let path = path.replace("{reference}", reference).replace("{action}", "decide");
        let path = path.replace("{mail}", mail).replace("{token}", token).replace("/survey/{link}", survey);
        let path =
            path.replace("{version}", "2").replace("{ordinal}", "0").replace("/import/files/{name}", upload);
        let path = path
            .replace("{email}", HANDLER)
            .replace("{period}", "2026-Q3")
            .replace("/proposals/{id}", "/proposals/1")
            .replace("/publications/{seq}", "/publications/1")
            .replace("{*path}", "00_terms.rhai")
            .replace("/procedure/terms/{name}", "/procedure/terms/REMIND_AT")
            .replace("/letters/{name}", "/letters/acknowledgement")
            .replace("/scenarios/{*file}", SCENARIO)
            .replace("/recommendations/{id}", "/recommendations/new")
            .replace("/deliveries/{id}", &format!("/deliveries/{delivery}"))
            .replace("/deliveries/replay", "/deliveries/replay?state=accepted&from=2026-11-23")
            .replace("/plugins/{name}/missed", "/plugins/hook/missed?from=2026-11-23")
            .replace("/plugins/{name}", "/plugins/hook")
            .replace("/subscriptions/{name}", "/subscriptions/crm");
        assert!(!path.contains('{'), "{path}: say here what stands in its place");
        routes.push(path);
    }
    assert!(routes.len() >= 15, "{routes:?}");
    let past = ["/register?at=2026-11-24", "/complaints/K-2026-0001?at=2026-11-24"];
    routes.extend(["/api/v1/reference", "/api/problems/refused"].into_iter().chain(past).map(str::to_owned));
    routes
}

/// A proposal with a change, a file that is new and a mistake.
async fn propose(site: &Site) {
    let proposals = site.app.app.workflow.proposals();
    let id = proposals.begin(links::BOTH, "Een voorstel met een lange naam", Start::InForce).await.unwrap();
    let terms = proposals.one(id).await.unwrap().folder.text("00_terms.rhai").unwrap().to_owned();
    let changed = terms.replace("const MIN_TEXT = 40;", "const MIN_TEXT = 30;");
    for (path, text) in [("00_terms.rhai", changed), ("95_half.rhai", "rule \"Half\" when".to_owned())] {
        let seen = proposals.one(id).await.unwrap().mark(path);
        let edit = FileEdit { path: path.to_owned(), seen, text: Some(text) };
        proposals.write(id, links::BOTH, &edit).await.unwrap();
    }
}

/// An installation in which every list has something in it.
async fn site() -> Site {
    let site = survey::site_with(&links::people()).await;
    // One that fails, with secrets, that takes everything.
    let hook =
        hook("http://127.0.0.1:1/", site.app.folder.path(), "next_secret = { env = \"REDRESS_NOT_SET\" }\n");
    let hook = hook.replace(
        "messages = [\"acknowledgement\"]",
        "include_personal_data = true\npurpose = \"de planning\"",
    );
    site.app.write_plugin("hook", "plugin.toml", &hook);
    site.app.app.follow_plugins().await.unwrap();
    let wish = SubscriptionWish {
        name: "crm",
        url: "https://crm.example.nl/a-way/that-is/rather-long-and-has-no-place-to-break",
        takes: r#"{"events":["audit_head"],"states":["in_treatment"]}"#,
    };
    let by = (Actor::Person(links::INTEGRATOR.to_owned()), Via::Page);
    let made = site.app.app.workflow.subscriptions().subscribe(wish, by).await.unwrap();
    assert_eq!(made, Subscribing::Made);
    propose(&site).await;
    site.app.complaint("m1").await;
    let words = "Zeer-lang-woord-zonder-einde".repeat(8);
    let second = clear_complaint("piet@example.nl", "m2")
        .replace("\r\n\r\n", "\r\nX-Auto-Response-Suppress: All\r\n\r\n")
        .replace("Ik heb een klacht", &format!("{words} Ik heb een klacht"));
    site.app.mail(&second).await;
    let third = clear_complaint(&format!("{}@example.nl", "k".repeat(60)), "m3");
    site.app.mail(&third.replace("Klacht over", &format!("Klacht {words} over"))).await;
    site.app.app.turn().await.unwrap();
    site.app.until("2027-01-12 10:00").await;
    site
}

/// Uploads an earlier register of which not every row can be taken, with words that are hard to place; returns its name.
async fn uploaded(site: &Site) -> String {
    let long = "zeerlang".repeat(20);
    let register = REGISTER.replace("Map", &long).replace("mooi", &long);
    site.app.app.workflow.importing().stage(register.into_bytes()).await.unwrap()
}

/// Looks at the page that is shown as one screen; returns what is wrong with it.
pub(super) async fn wrong_on(window: &Window, axe: Option<&str>) -> Vec<String> {
    let mut wrong: Vec<Value> = window.ask(LAYOUT).await.as_array().cloned().unwrap_or_default();
    if let Some(axe) = axe {
        window.ask(&format!("{axe}; return true")).await;
        let found = window.driver.run_until_done(AXE).await;
        wrong.extend(found.as_array().cloned().unwrap_or_default());
    }
    wrong.iter().map(|w| w.as_str().unwrap_or_default().to_owned()).collect()
}

pub(super) async fn picture(window: &Window, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    let name = name.trim_start_matches('/').replace(['/', '?', '='], "-");
    std::fs::write(folder.join(format!("{name}.png")), window.driver.picture().await).unwrap();
}

/// Looks at the page that is shown as every screen and on paper; returns what is wrong with it.
async fn look(window: &Window, called: &str, axe: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, size, preferred, axe) in [
        ("desk", DESK, LIGHT, axe),
        ("dark", DESK, DARK, axe),
        ("forced", DESK, FORCED, None),
        ("phone", PHONE, LIGHT, axe),
        ("narrow", NARROW, LIGHT, None),
    ] {
        window.screen(size, preferred).await;
        let found = wrong_on(window, axe).await;
        wrong.extend(found.iter().map(|w| format!("({name}): {w}")));
        if ["desk", "dark", "phone"].contains(&name) {
            picture(window, &format!("{called}-{name}")).await;
        }
    }
    let media = json!({ "media": "print", "features": [] });
    window.tool("Emulation.setEmulatedMedia", media).await;
    let printed = window
        .ask("return [...document.querySelectorAll('nav, button')].filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))")
        .await;
    window.screen(DESK, LIGHT).await;
    if printed.as_array().is_some_and(|p| !p.is_empty()) {
        wrong.push(format!("printed, and of no use on paper: {printed}"));
    }
    wrong
}

/// Walks all pages as one person; returns how many there are for this person, and what is wrong.
async fn walk(window: &Window, who: &str, routes: &[String], axe: Option<&str>) -> (usize, Vec<String>) {
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in routes {
        window.screen(DESK, LIGHT).await;
        window.goto(path).await;
        let shown = window.place().await;
        if window.ask("return document.querySelector('h1') === null").await == true {
            continue;
        }
        seen += 1;
        let name = format!("{who}-{}", if path == "/" { "work" } else { path });
        let found = look(window, &name, axe).await;
        wrong.extend(found.iter().map(|w| format!("{who} {shown} {w}")));
    }
    (seen, wrong)
}

#[tokio::test]
async fn every_page_is_for_everybody_on_every_screen() {
    let site = site().await;
    let (axe, mut wrong) = (axe(), Vec::new());
    let Some(window) = Window::open(site.address()).await else { return };
    let mut handler = site.signed_in(HANDLER).await;
    let complaint = handler.get("/complaints/K-2026-0001").await.body;
    let mail = complaint.split_once("/mails/").unwrap().1.split_once('"').unwrap().0.to_owned();
    let token = site.welcome(RECEIVER).await;
    // Its own complainant, so that the link is of today.
    let link = survey::asked(&site, "ann@example.nl", "m9").await;
    let delivery = site.app.deliveries("mail", "accepted").await.remove(0).id;
    let upload = format!("/import/files/{}", uploaded(&site).await);
    let routes = routes(&mail, token.trim_start_matches("/welcome/"), &link, &delivery, &upload);
    let outside = ["/sign-in".to_owned(), token.clone(), link, "/survey/x".to_owned()];
    let (before, found) = walk(&window, "nobody", &outside, axe.as_deref()).await;
    assert_eq!(before, 4);
    wrong.extend(found);
    for (who, email, at_least) in
        [("handler", HANDLER, 10), ("director", DIRECTOR, 16), ("integrator", links::BOTH, 18)]
    {
        window.enter(&site, email).await;
        let (seen, found) = walk(&window, who, &routes, axe.as_deref()).await;
        assert!(seen >= at_least, "{who} sees {seen} pages");
        wrong.extend(found);
    }
    // Only an answer to the form says what becomes of the rows of a file.
    window.goto(&upload).await;
    window.press("Uitproberen").await;
    window.reads(&["3 klachten kunnen worden overgenomen", "is geen bestaande dag", "zeerlang"]).await;
    wrong.extend(look(&window, "integrator-import-tried", axe.as_deref()).await);
    assert!(wrong.is_empty(), "{wrong:#?}");
    window.close().await;
}
