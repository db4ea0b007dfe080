//! What a quality manager does with nothing but the page: a term, a rule and a letter from the first edit to what is in force
//! and back; without scripts, and with no mouse. At each stop the page is looked at, on a desk and on a phone.

use super::Window;
use super::driver::ENTER;
use super::every_page::{DESK, LIGHT, PHONE, axe, picture, wrong_on};
use crate::web::proposals::Bench;
use crate::web::{PASSWORD, Site, sign_in};
use serde_json::json;
use std::time::Duration;

const QUALITY: &str = "kwaliteit@lagant.nl";
const OTHER: &str = "tweede@lagant.nl";
const TERM: &str = "Tijd voor de klager om informatie te sturen";
const NUMBER: &str = "Zoveel tekens uitleg zijn genoeg om vanzelf te registreren";
const END: &str = "\u{e010}";
const BACKSPACE: &str = "\u{e003}";

/// A rule with a name that does not exist, and the one that is meant.
const WRONG: &str = "rule \"Proef\"\n  when complaint.state == \"decidd\"\n  then { remark(\"proef\"); }\n";

impl Window {
    /// Fails unless the page that is shown is for everybody, and fits on a phone.
    pub(super) async fn stop(&self, axe: Option<&str>, name: &str) {
        self.screen(DESK, LIGHT).await;
        let mut wrong = wrong_on(self, axe).await;
        picture(self, &format!("story-{name}")).await;
        self.screen(PHONE, LIGHT).await;
        wrong.extend(wrong_on(self, None).await);
        self.screen(DESK, LIGHT).await;
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }

    /// Follows the first link of this path, which leads to another page.
    pub(super) async fn follow(&self, xpath: &str) {
        let link = self.element(xpath).await;
        self.leave(async { link.click().await }).await;
    }

    /// Waits until what was asked of a proposal is done, or refused.
    async fn worked(&self) {
        for _ in 0..600 {
            let is_refused = self.ask("return document.querySelector('.summary') !== null").await == true;
            if is_refused || !self.place().await.ends_with("/work") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.goto(&self.place().await).await;
        }
        panic!("the work does not end: {}", self.text().await);
    }

    /// Has the scenarios played and the plan made of the proposal that is shown, and goes back to it.
    async fn tried(&self) {
        let proposal = self.place().await;
        self.press("Speel de scenario’s").await;
        self.worked().await;
        self.reads(&["2 van 2 scenario’s kloppen"]).await;
        self.press("Maak het plan").await;
        self.worked().await;
        assert_eq!(self.place().await, format!("{proposal}/plan"));
        self.follow(&format!("//main//a[@href='{proposal}']")).await;
    }

    /// Goes past the menu of a page that has just come, and on by Tab to what has these words.
    async fn tab_into(&self, words: &str) {
        self.tab_to("Naar de inhoud").await;
        self.type_keys(ENTER).await;
        self.tab_to(words).await;
    }

    /// Publishes the proposal that is shown.
    async fn publish(&self, reason: &str) {
        self.answer("Waarom?", reason).await;
        self.press("Publiceren").await;
        self.worked().await;
    }
}

/// The other quality manager approves what the plan of a proposal says.
async fn approved(site: &Site, proposal: &str) {
    let mut other = site.browser();
    assert_eq!(sign_in(&mut other, OTHER, PASSWORD).await.status, 303);
    let plan = other.get(proposal).await.value("plan");
    let said = [("step", "approve"), ("plan", plan.as_str()), ("reason", "gelezen en akkoord")];
    let done = other.post(&format!("{proposal}/work"), &said).await;
    assert_eq!(done.status, 303, "{}", done.text());
}

/// A term by the form: a mistake beside its field, the plan, another who approves it, and in force.
async fn a_term_is_changed(window: &Window, site: &Site, axe: Option<&str>) {
    window.welcome(site, QUALITY).await;
    window.press("Procedure").await;
    window.press("Termijnen").await;
    window.reads(&[TERM, "14 dagen"]).await;
    window.press("Termijnen wijzigen").await;
    window.answer(TERM, "veertien").await;
    window.press("Bewaren in het voorstel").await;
    assert!(window.driver.title().await.starts_with("Fout: "));
    let beside = window.element("//span[@id='INFO_TERM-wrong']").await.text().await;
    assert!(beside.contains("heel getal"), "{beside}");
    let field = window.ask("return document.getElementById('INFO_TERM').outerHTML").await.to_string();
    assert!(field.contains("INFO_TERM-wrong") && field.contains("veertien"), "{field}");
    window.stop(axe, "term-wrong").await;
    window.answer(TERM, "16").await;
    window.press("Bewaren in het voorstel").await;
    window.reads(&["const INFO_TERM = days(16);", "Publiceren kan nog niet."]).await;
    let proposal = window.place().await;
    window.tried().await;
    window.reads(&["Een ander moet dit plan eerst goedkeuren: Tweede."]).await;
    window.stop(axe, "not-approved").await;
    window.enter(site, OTHER).await;
    window.goto("/proposals").await;
    window.follow(&format!("//main//a[@href='{proposal}']")).await;
    window.press("Bekijk het plan").await;
    window.reads(&["Kenmerk van dit plan"]).await;
    window.stop(axe, "plan").await;
    window.follow(&format!("//main//a[@href='{proposal}']")).await;
    window.answer("Waarom?", "gelezen en akkoord").await;
    window.press("Goedkeuren").await;
    window.reads(&["Goedgekeurd door Tweede."]).await;
    window.stop(axe, "approved").await;
    window.enter(site, QUALITY).await;
    window.goto(&proposal).await;
    window.publish("zestien dagen is genoeg").await;
    window.reads(&["Publicaties", "zestien dagen is genoeg"]).await;
    window.stop(axe, "published").await;
    window.goto("/procedure/terms").await;
    window.reads(&["16 dagen"]).await;
}

/// Back to what was in force before, by a proposal like any other; without scripts from its plan to its end.
async fn it_is_put_back_without_scripts(window: &Window, site: &Site, axe: Option<&str>) {
    site.advance(5);
    window.goto("/publications").await;
    window.follow("//main//a[@href='/publications/1']").await;
    window
        .reads(&[
            "Vanzelf gepubliceerd: eerste start.",
            "Dit waren de eerste regels.",
            "Teruggaan is een voorstel als elk ander",
        ])
        .await;
    window.stop(axe, "publication").await;
    window.tool("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    window.press("Maak een voorstel om hiernaar terug te gaan").await;
    window.reads(&["const INFO_TERM = days(14);"]).await;
    let proposal = window.place().await;
    window.tried().await;
    approved(site, &proposal).await;
    window.goto(&proposal).await;
    window.publish("het werkte niet").await;
    window.reads(&["Publicaties", "het werkte niet"]).await;
    window.goto("/procedure/terms").await;
    window.reads(&["14 dagen"]).await;
}

/// A term, a rule and a letter are written in plain fields.
async fn everything_is_written_without_scripts(window: &Window) {
    window.press("Termijnen wijzigen").await;
    window.answer(TERM, "nul").await;
    window.press("Bewaren in het voorstel").await;
    window.reads(&["heel getal"]).await;
    window.answer(TERM, "15").await;
    window.press("Bewaren in het voorstel").await;
    let proposal = window.place().await;
    window.goto(&format!("{proposal}/files/30_treatment.rhai")).await;
    window.field("Tekst").await.type_keys(&format!("\n{WRONG}")).await;
    window.press("Bewaren en controleren").await;
    window.reads(&["Fout R201", "`decidd`"]).await;
    // Its line is found in the listing.
    window.element("//li[contains(., 'Fout R201')]/a").await.click().await;
    let shown = window.element("//noscript//li[contains(., 'decidd')]").await.text().await;
    assert!(shown.contains("when complaint.state == \"decidd\""), "{shown}");
    window.goto(&format!("{proposal}/letters/acknowledgement")).await;
    window.reads(&["De brief wordt getoond als de fouten in het voorstel zijn verbeterd."]).await;
    window.goto(&format!("{proposal}/files/30_treatment.rhai")).await;
    window.press("Zet terug zoals het was").await;
    window.goto(&format!("{proposal}/letters/acknowledgement")).await;
    window.field("Nederlands").await.type_keys("\nTot ziens, **{{ complaint.complainant }}**.\n").await;
    window.press("Bewaar beide teksten").await;
    window.reads(&["Zo gaat de brief uit", "Tot ziens, Jan Voorbeeld."]).await;
    window.tool("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
}

/// The outline follows what is typed and leads into the editor; the words come when they are asked for, and are looked through.
async fn the_outline_and_the_words_stand_beside_it(window: &Window, axe: Option<&str>) {
    const OUTLINE: &str = "[...document.querySelectorAll('#outline li')].map(e => e.textContent).join()";
    window.until(&format!("{OUTLINE} === 'Proef rule · Regel 1'")).await;
    window.key("End", 35, 2).await;
    window
        .tool(
            "Input.insertText",
            json!({ "text": "\n\nrule \"<b>Twee</b>\" when false then { remark(\"2\"); }\n" }),
        )
        .await;
    let both = "Proef rule · Regel 1,<b>Twee</b> rule · Regel 5";
    window.until(&format!("{OUTLINE} === '{both}'")).await;
    window.element("//nav[@id='outline']//a[.='Proef']").await.click().await;
    window.until("active().classList.contains('cm-content') && location.hash === '#line-1'").await;
    window.tool("Input.insertText", json!({ "text": "// begin\n" })).await;
    window.until("area.value.startsWith('// begin\\nrule')").await;
    window.until(&format!("{OUTLINE} === '{}'", both.replace("el 5", "el 6").replace("el 1", "el 2"))).await;
    let frame = "document.querySelector('iframe').contentDocument";
    assert!(
        window.ask(&format!("return {frame}?.querySelector('h1') == null")).await == true,
        "nobody asked for it"
    );
    window.element("//summary[normalize-space()='De woorden van de regels']").await.click().await;
    window.until(&format!("({frame}?.body?.textContent ?? '').includes('workdays(')")).await;
    window.stop(axe, "rule-words").await;
    window
        .ask(&format!("const f = {frame}; f.getElementById('q').value = 'enter'; f.forms[0].submit()"))
        .await;
    window
        .until(&format!("{frame}?.body?.innerText.includes('enter(state)') && !{frame}.body.innerText.includes('workdays(')"))
        .await;
    assert!(window.look("area.value.startsWith('// begin')").await == true, "what was typed is still there");
}

/// A rule in the editor, whose mistake the real program finds and mends; and a letter beside what it looks like.
async fn a_rule_and_a_letter_are_written_in_the_editor(window: &Window, axe: Option<&str>) {
    window.goto("/proposals").await;
    window.answer("Naam van het voorstel", "Een regel en een brief").await;
    window.press("Begin een voorstel").await;
    let proposal = window.place().await;
    window.element("//summary[normalize-space()='Bestand toevoegen']").await.click().await;
    window.answer("Naam van het bestand", "95_proef.rhai").await;
    window.press("Bestand toevoegen").await;
    window.enter_editor().await;
    window.key("a", 65, 2).await;
    window.tool("Input.insertText", json!({ "text": WRONG })).await;
    window
        .until("said('ol.mistakes').includes('Fout R201') && said('.cm-lintRange-error').includes('decidd')")
        .await;
    assert_eq!(window.look("said('p.count')").await, "Fouten: 1. Waarschuwingen: 0.");
    assert!(window.look("said('ol.mistakes').includes('Regel 2')").await == true);
    window.stop(axe, "rule-wrong").await;
    window.look("all('.fix')[0].click()").await;
    window.until("area.value.includes('\"decided\"') && all('ol.mistakes li').length === 0").await;
    the_outline_and_the_words_stand_beside_it(window, axe).await;
    window.press("Bewaren en controleren").await;
    window.goto(&proposal).await;
    window.press("Brieven en berichten").await;
    window.press("acknowledgement").await;
    let before = window.text().await;
    assert!(before.contains("Zo gaat de brief uit") && !before.contains("Tot ziens"), "{before}");
    window.element("//label[@for='text-nl']").await.click().await;
    let inside = "return document.getElementById('text-nl').nextElementSibling?.shadowRoot?.activeElement?.className ?? ''";
    for _ in 0..200 {
        if window.ask(inside).await.to_string().contains("cm-content") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    window.key("End", 35, 2).await;
    window
        .tool("Input.insertText", json!({ "text": "\n\nTot ziens, **{{ complaint.complainant }}**.\n" }))
        .await;
    window.press("Bewaar beide teksten").await;
    window.reads(&["Tot ziens, Jan Voorbeeld."]).await;
    window.stop(axe, "letter").await;
}

/// From the form of the terms to what is in force, by Tab, Enter and what is typed.
async fn a_term_is_published_by_keyboard(window: &Window, site: &Site) {
    window.goto("/procedure/terms").await;
    window.tab_into("Termijnen wijzigen").await;
    window.leave_by(ENTER).await;
    window.tab_into(NUMBER).await;
    window.type_keys(&format!("{END}{}geen", BACKSPACE.repeat(6))).await;
    window.leave_by(ENTER).await;
    assert!(window.driver.title().await.starts_with("Fout: "));
    // What is wrong leads to its field.
    window.tab_into(&format!("{NUMBER}: ")).await;
    window.type_keys(ENTER).await;
    assert!(window.focused().await.starts_with(NUMBER));
    window.type_keys(&format!("{END}{}30", BACKSPACE.repeat(6))).await;
    window.leave_by(ENTER).await;
    let proposal = window.place().await;
    for button in ["Speel de scenario’s", "Maak het plan"] {
        window.tab_into(button).await;
        window.leave_by(ENTER).await;
        window.worked().await;
    }
    approved(site, &proposal).await;
    window.tab_into("Termijnen, ").await;
    window.leave_by(ENTER).await;
    window.tab_into("Waarom?").await;
    window.type_keys("met het toetsenbord").await;
    window.tab_to("Publiceren").await;
    window.leave_by(ENTER).await;
    window.worked().await;
    window.reads(&["Publicaties", "met het toetsenbord"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_procedure_is_changed_and_put_back() {
    let bench = Bench::open("[rules]\nfour_eyes = true\n").await;
    bench.site.app.complaint("b1").await;
    let Some(window) = Window::open(bench.site.address()).await else { return };
    let (site, axe) = (&bench.site, axe());
    a_term_is_changed(&window, site, axe.as_deref()).await;
    it_is_put_back_without_scripts(&window, site, axe.as_deref()).await;
    everything_is_written_without_scripts(&window).await;
    a_rule_and_a_letter_are_written_in_the_editor(&window, axe.as_deref()).await;
    a_term_is_published_by_keyboard(&window, site).await;
    let terms = bench.text_in_force("00_terms.rhai");
    assert!(
        terms.contains("const MIN_TEXT = 30;") && terms.contains("const INFO_TERM = days(14);"),
        "{terms}"
    );
    window.close().await;
}
