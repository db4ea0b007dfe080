//! The editor in a real browser, on a page of our own with a server that answers as it is told: what is typed, shown, reached by
//! key, and what is left when the script, the session or the server is not there.

use super::Window;
use super::every_page::{DARK, DESK, FORCED, LIGHT, NARROW, PHONE, axe, picture, wrong_on};
use crate::support::repository;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, context};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const TEXT: &str = "// Één 🙂\nrule \"Naam\"\n  when armed(\"repyl\")\n  then { enter(\"decide\"); }\n";
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What is wrong with the text, what is to be put there, and how bad it is.
const WRONG: &[(&str, &str, &str)] = &[("repyl", "reply", "error"), ("decide\"", "decided\"", "warning")];

/// How the server answers what the editor asks.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Well,
    SignedOut,
    Broken,
}

#[derive(Default)]
struct Told {
    mood: Mood,
    sent: Option<String>,
    checks: usize,
}

type Server = Arc<Mutex<Told>>;

/// Where a byte of a text is in UTF-16, in which browsers count.
fn utf16(text: &str, at: usize) -> usize {
    text[..at].encode_utf16().count()
}

fn byte(text: &str, utf16: u64) -> usize {
    let mut before = 0;
    let found = text.char_indices().find(|(_, c)| {
        let is_there = before >= utf16;
        before += c.len_utf16() as u64;
        is_there
    });
    found.map_or(text.len(), |(at, _)| at)
}

fn checked(asked: &Value) -> Value {
    let text = asked["text"].as_str().unwrap();
    let found = WRONG.iter().filter_map(|(wrong, right, severity)| {
        let at = text.find(wrong)?;
        let (from, to) = (utf16(text, at), utf16(text, at + wrong.len()));
        let change = json!({ "from": from, "to": to, "insert": right });
        Some(json!({
            "from": from, "to": to, "severity": severity, "code": "R201", "message": format!("`{wrong}` <b>bestaat</b> niet"),
            "help": format!("bedoelt u `{right}`?"), "fix": { "label": right, "changes": [change] },
        }))
    });
    json!({ "diagnostics": found.collect::<Vec<_>>() })
}

fn completed(asked: &Value) -> Value {
    let text = asked["text"].as_str().unwrap();
    let before = &text[..byte(text, asked["offset"].as_u64().unwrap())];
    let word = before.chars().rev().take_while(|c| c.is_alphanumeric()).count();
    let item = |name: &str, help: &str| json!({ "label": name, "kind": "function", "detail": "(naam)", "help": help, "insert": name });
    json!({ "from": before.encode_utf16().count() - word, "items": [item("overdue", "is te laat"), item("other", "<i>")] })
}

fn explained(asked: &Value) -> Value {
    let text = asked["text"].as_str().unwrap();
    let at = byte(text, asked["offset"].as_u64().unwrap());
    json!({ "from": asked["offset"], "to": asked["offset"], "markdown_free_text": format!("Bij {}:\n<b>vet</b>", &text[at..at + 4]) })
}

async fn asked(State(server): State<Server>, uri: Uri, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let mood = server.lock().unwrap().mood;
    match mood {
        Mood::SignedOut => return (StatusCode::SEE_OTHER, [(LOCATION, "/sign-in")]).into_response(),
        Mood::Broken => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Well => {}
    }
    let answer = match uri.path() {
        "/check" => checked(&asked),
        "/complete" => completed(&asked),
        _ => explained(&asked),
    };
    server.lock().unwrap().checks += usize::from(uri.path() == "/check");
    axum::Json(answer).into_response()
}

/// The page that holds a field, in Dutch: the real template with the real words.
fn page(uri: &Uri) -> String {
    let assets = repository().join("assets");
    let words: toml::Table = std::fs::read_to_string(assets.join("texts/nl.toml")).unwrap().parse().unwrap();
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_function("t", move |key: &str, values: Kwargs| {
        let names: Vec<&str> = values.args().collect();
        let pairs: Vec<(&str, &str)> =
            names.iter().map(|name| (*name, values.get::<&str>(name).unwrap())).collect();
        redress::complaint::filled(words[key].as_str().unwrap(), &pairs)
    });
    let template = std::fs::read_to_string(assets.join("templates/editor.html")).unwrap();
    environment.add_template("editor", &template).unwrap();
    let file = uri.query().and_then(|q| q.strip_prefix("file=")).unwrap_or("10.rhai");
    let mut field = json!({ "name": "text", "id": "text", "file": file, "text": TEXT, "rows": 12, "check": "/check", "complete": "/complete", "hover": "/hover" });
    if uri.query() == Some("read-only") {
        field["is_read_only"] = true.into();
    }
    let editor = environment.get_template("editor").unwrap();
    let editor = editor.render(context! { lang => "nl", field, editor_script => "/editor.js" }).unwrap();
    format!(
        "<!doctype html><html lang=nl><head><meta charset=utf-8>\
         <meta name=viewport content='width=device-width, initial-scale=1'><meta name=color-scheme content='light dark'>\
         <title>Regels</title><link rel=stylesheet href=/page.css></head><body><main id=main><h1>Regels</h1>\
         <form method=post action=/save><div class=field><label for=text>Tekst van de regels</label>{editor}</div>\
         <p><button name=do value=keep>Bewaren</button></p></form></main></body></html>"
    )
}

async fn shown(uri: Uri) -> Response {
    let policy = if uri.path() == "/plain" {
        POLICY.replace("script-src 'self'", "script-src 'none'")
    } else {
        POLICY.to_owned()
    };
    ([(CONTENT_SECURITY_POLICY, policy), (CONTENT_TYPE, "text/html".to_owned())], page(&uri)).into_response()
}

async fn file(uri: Uri) -> Response {
    let (path, kind) = match uri.path() {
        "/page.css" => ("assets/page.css", "text/css"),
        _ => ("assets/vendor/editor.js", "text/javascript"),
    };
    ([(CONTENT_TYPE, kind)], std::fs::read(repository().join(path)).unwrap()).into_response()
}

async fn saved(State(server): State<Server>, body: Bytes) -> Response {
    let sent = url::form_urlencoded::parse(&body);
    let all: Vec<(String, String)> = sent.into_owned().collect();
    assert!(all.contains(&("do".to_owned(), "keep".to_owned())), "the button is sent as well: {all:?}");
    server.lock().unwrap().sent = all.into_iter().find(|(name, _)| name == "text").map(|(_, text)| text);
    ([(CONTENT_TYPE, "text/html")], "<!doctype html><title>Bewaard</title><p>Bewaard").into_response()
}

/// Keeps every breach of the policy of pages to come.
const WATCH: &str = "window.breaches = []; document.addEventListener('securitypolicyviolation', e => \
                     window.breaches.push(`${e.effectiveDirective} ${e.blockedURI}`))";

/// A window on the page, in which every breach of its policy is kept.
async fn open(path: &str) -> Option<(Window, Server)> {
    let server = Server::default();
    let router = Router::new()
        .route("/", get(shown))
        .route("/plain", get(shown))
        .route("/page.css", get(file))
        .route("/editor.js", get(file))
        .route("/check", post(asked))
        .route("/complete", post(asked))
        .route("/hover", post(asked))
        .route("/save", post(saved))
        .fallback(any(|| async { StatusCode::NO_CONTENT }))
        .with_state(Arc::clone(&server));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let window = Window::open(&address).await?;
    window.watch().await;
    window.goto(path).await;
    Some((window, server))
}

/// Parts of the editor, for what is asked of the page.
const PARTS: &str = "const area = document.getElementById('text'), root = area.nextElementSibling?.shadowRoot, \
     all = q => [...(root?.querySelectorAll(q) ?? [])], active = () => root?.activeElement ?? document.activeElement, \
     said = q => all(q).map(e => e.innerText).join('|'); return ";

impl Window {
    pub(super) async fn watch(&self) {
        self.tool("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
    }

    pub(super) async fn look(&self, wanted: &str) -> Value {
        self.ask(&format!("{PARTS}{wanted}")).await
    }

    /// Waits until something is so.
    pub(super) async fn until(&self, wanted: &str) {
        for _ in 0..400 {
            if self.look(wanted).await == true {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!(
            "never: {wanted}: {}",
            self.look("[area.value, root?.textContent, active().outerHTML.slice(0, 200)]").await
        );
    }

    /// Presses a key; `held` are the keys held meanwhile: 1 Alt, 2 Ctrl, 8 Shift.
    pub(super) async fn key(&self, name: &str, code: u32, held: u32) {
        let text = match name {
            "Enter" => "\r",
            one if one.chars().count() == 1 && held & 2 == 0 => one,
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event =
                json!({ "type": kind, "key": name, "windowsVirtualKeyCode": code, "modifiers": held });
            if !text.is_empty() && kind == "keyDown" {
                event["text"] = text.into();
            }
            self.tool("Input.dispatchKeyEvent", event).await;
        }
    }

    pub(super) async fn letters(&self, text: &str) {
        for letter in text.chars() {
            self.key(&letter.to_string(), letter.to_ascii_uppercase() as u32, 0).await;
        }
    }

    /// Comes to the editor as by its label.
    pub(super) async fn enter_editor(&self) {
        self.until("root !== undefined && all('.cm-content').length === 1").await;
        self.element("//label[@for='text']").await.click().await;
        self.until("active().classList.contains('cm-content')").await;
    }

    pub(super) async fn unharmed(&self) {
        assert_eq!(self.ask("return window.breaches").await, json!([]), "the policy of the page was broken");
    }
}

#[tokio::test]
async fn what_is_typed_is_what_is_sent() {
    let Some((window, server)) = open("/").await else { return };
    window.enter_editor().await;
    assert_eq!(window.look("area.value").await, TEXT);
    assert_eq!(window.look("said('#hint').split('.').length").await, 4);
    window.key("Home", 36, 2).await;
    window.letters("// x ").await;
    window.until("area.value.startsWith('// x // Één 🙂')").await;
    // The mistakes of all of it, at once, each with its words as words.
    window.until("all('ol.mistakes li').length === 2").await;
    assert_eq!(window.look("said('p.count')").await, "Fouten: 1. Waarschuwingen: 1.");
    let list = window.look("said('ol.mistakes')").await.as_str().unwrap().to_owned();
    for word in [
        "Regel 3",
        "Fout R201: `repyl` <b>bestaat</b> niet",
        "bedoelt u `reply`?",
        "Herstel: reply",
        "Regel 4",
        "Waarschuwing",
    ] {
        assert!(list.contains(word), "{word}: {list}");
    }
    assert_eq!(window.look("said('.cm-lintRange-error')").await, "repyl");
    assert_eq!(window.look("all('.cm-lint-marker').length").await, 2);
    assert_eq!(window.look("all('.cm-content')[0].getAttribute('aria-invalid')").await, "true");
    // F8 walks them, round the end, and says each.
    let selected = "root.getSelection ? root.getSelection().toString() : getSelection().toString()";
    for wanted in ["repyl", "decide\"", "repyl"] {
        window.key("F8", 119, 0).await;
        window.until(&format!("({selected}) === {}", json!(wanted))).await;
        window.until(&format!("said('.cm-announced').includes({})", json!(format!("`{wanted}`")))).await;
    }
    window.key("F8", 119, 8).await;
    window.until(&format!("({selected}) === 'decide\"'")).await;
    // The list leads to the place, the button mends it, and what was there comes back.
    window.look("all('.go')[0].click()").await;
    window.until(&format!("({selected}) === 'repyl' && active().classList.contains('cm-content')")).await;
    window.look("all('.fix')[0].click()").await;
    window.until("area.value.includes('\"reply\"') && active().classList.contains('cm-content')").await;
    window.until("said('p.count') === 'Fouten: 0. Waarschuwingen: 1.'").await;
    window.key("z", 90, 2).await;
    window.until("area.value.includes('\"repyl\"')").await;
    window.unharmed().await;
    window.leave(window.key("Enter", 13, 2)).await;
    let sent = server.lock().unwrap().sent.clone().unwrap();
    assert_eq!(sent.replace("\r\n", "\n"), format!("// x {TEXT}"));
    window.close().await;
}

#[tokio::test]
async fn what_may_follow_and_what_a_word_means_by_keyboard() {
    let Some((window, _)) = open("/").await else { return };
    window.enter_editor().await;
    window.key("End", 35, 2).await;
    window.letters("ov").await;
    window.until("said('.cm-tooltip-autocomplete').includes('overdue')").await;
    let list = window.look("all('.cm-tooltip-autocomplete ul')[0].getAttribute('aria-label')").await;
    assert_eq!(list, "Voorstellen");
    // What closes the list leaves the field no sooner than the next time.
    window.key("Escape", 27, 0).await;
    window
        .until("all('.cm-tooltip-autocomplete').length === 0 && active().classList.contains('cm-content')")
        .await;
    window.key(" ", 32, 2).await;
    window.until("all('.cm-tooltip-autocomplete li[aria-selected]').length === 1").await;
    // A list takes Enter only after it was there for a moment.
    tokio::time::sleep(Duration::from_millis(150)).await;
    window.key("Enter", 13, 0).await;
    window.until("area.value.endsWith('overdue')").await;
    window.key("Home", 36, 2).await;
    window.key("ArrowDown", 40, 0).await;
    window.key("F1", 112, 0).await;
    window.until("said('.explanation') === 'Bij rule:\\n<b>vet</b>'").await;
    assert_eq!(window.look("all('.explanation b').length").await, 0);
    window.until("said('.cm-announced').includes('Bij rule')").await;
    window.key("Escape", 27, 0).await;
    window.until("all('.explanation').length === 0").await;
    // The pointer on a word asks as well.
    let place = window.look("(r => [r.x + 9, r.y + r.height / 2])(all('.cm-line')[2].querySelector('span').getBoundingClientRect())").await;
    for moved in [0.0, 1.0] {
        let at = json!({ "type": "mouseMoved", "x": place[0].as_f64().unwrap() + moved, "y": place[1] });
        window.tool("Input.dispatchMouseEvent", at).await;
    }
    window.until("said('.explanation').startsWith('Bij ')").await;
    window.key("f", 70, 2).await;
    window.until("all('.cm-search input[name=search]')[0] === active()").await;
    assert_eq!(window.look("active().getAttribute('aria-label')").await, "Zoeken");
    window.unharmed().await;
    window.close().await;
}

#[tokio::test]
async fn tab_leads_out_of_the_editor() {
    let Some((window, _)) = open("/").await else { return };
    let before = window.look("area.value").await;
    window.enter_editor().await;
    window.key("Tab", 9, 0).await;
    window.until("active().type === 'checkbox'").await;
    window.key("Tab", 9, 8).await;
    window.until("active().classList.contains('cm-content')").await;
    window.key("Tab", 9, 0).await;
    // Whoever chooses so has Tab indent, and is told how to leave.
    window.key(" ", 32, 0).await;
    window.until("active().checked && said('#hint').startsWith('Esc en daarna Tab')").await;
    window.key("Tab", 9, 8).await;
    window.until("active().classList.contains('cm-content')").await;
    window.key("Tab", 9, 0).await;
    window.until("area.value.startsWith('  //')").await;
    window.key("Tab", 9, 8).await;
    window.until("area.value.startsWith('//')").await;
    window.key("Escape", 27, 0).await;
    window.key("Tab", 9, 0).await;
    window.until("active().type === 'checkbox'").await;
    assert_eq!(window.look("area.value").await, before);
    // It is remembered.
    window.goto("/").await;
    window.enter_editor().await;
    assert_eq!(window.look("all('.tab input')[0].checked").await, true);
    // The field itself is no stop on the way, and leads who comes to it to the editor.
    window.look("document.querySelector('button').focus()").await;
    window.key("Tab", 9, 8).await;
    window.until("root.activeElement !== null").await;
    window.look("area.focus()").await;
    window.until("active().classList.contains('cm-content')").await;
    window.unharmed().await;
    window.close().await;
}

#[tokio::test]
async fn who_is_signed_out_or_alone_goes_on_typing() {
    let Some((window, server)) = open("/").await else { return };
    window.enter_editor().await;
    window.until("all('ol.mistakes li').length === 2").await;
    for (mood, words) in
        [(Mood::SignedOut, "U bent niet meer aangemeld."), (Mood::Broken, "Nakijken lukt nu niet.")]
    {
        server.lock().unwrap().mood = mood;
        window.key("Home", 36, 2).await;
        window.letters("a").await;
        window.until(&format!("said('p.trouble').startsWith({})", json!(words))).await;
        window.letters("b").await;
        window.until("area.value.startsWith('ab')").await;
    }
    let before = server.lock().unwrap().checks;
    server.lock().unwrap().mood = Mood::Well;
    // Who comes back to the window does not wait for the next time.
    window.until("dispatchEvent(new Event('focus')) && said('p.trouble') === ''").await;
    assert!(server.lock().unwrap().checks > before);
    window.until("all('ol.mistakes li').length === 2").await;
    window.unharmed().await;
    window.close().await;
}

/// Whoever comes back finds what was typed, whoever resets finds what was there, and a link to the field leads to the editor.
#[tokio::test]
async fn the_field_and_the_editor_say_the_same() {
    let Some((window, server)) = open("/").await else { return };
    window.enter_editor().await;
    window.letters("x").await;
    window.until("area.value.startsWith('x//')").await;
    window.leave(window.key("Enter", 13, 2)).await;
    assert!(server.lock().unwrap().sent.as_deref().is_some_and(|sent| sent.starts_with("x//")));
    window.ask("history.back()").await;
    window.until("area?.value.startsWith('x//') && said('.cm-content').startsWith('x//')").await;
    window.look("area.form.reset()").await;
    window.until("area.value.startsWith('// ') && said('.cm-content').startsWith('// ')").await;
    window.look("document.querySelector('button').focus()").await;
    window.look("(location.hash = '#text')").await;
    window.until("active().classList.contains('cm-content')").await;
    window.letters("y").await;
    window.until("area.value.startsWith('y//')").await;
    window.close().await;
}

/// What may only be read can be walked and copied, and does not change.
#[tokio::test]
async fn what_is_only_read_is_not_written() {
    let Some((window, _)) = open("/?read-only").await else { return };
    window.enter_editor().await;
    window.until("all('ol.mistakes li').length === 2").await;
    assert_eq!(window.look("all('.fix').length").await, 0);
    assert_eq!(window.look("all('.cm-content')[0].getAttribute('aria-readonly')").await, "true");
    window.letters("x").await;
    window.key("F8", 119, 0).await;
    window.until("said('.cm-announced').includes('repyl')").await;
    assert_eq!(window.look("area.value").await, TEXT);
    window.close().await;
}

#[tokio::test]
async fn without_script_the_field_is_a_field() {
    let Some((window, server)) = open("/plain").await else { return };
    assert_eq!(
        window.look("[root === undefined || root === null, area.value, area.checkVisibility()]").await,
        json!([true, TEXT, true])
    );
    // A breach is seen where there is one.
    assert_ne!(window.ask("return window.breaches").await, json!([]));
    let field = window.field("Tekst van de regels").await;
    field.clear().await;
    field.type_keys("rule").await;
    window.press("Bewaren").await;
    assert_eq!(server.lock().unwrap().sent.as_deref(), Some("rule"));
    window.close().await;
}

#[tokio::test]
async fn the_editor_is_for_everybody_on_every_screen() {
    let Some((window, _)) = open("/").await else { return };
    let (axe, mut wrong) = (axe(), Vec::new());
    for path in ["/", "/?file=messages/nl/note.md", "/?file=procedure.toml"] {
        window.goto(path).await;
        window.enter_editor().await;
        window.until("all('ol.mistakes li').length === 2").await;
        window.key("f", 70, 2).await;
        window.until("all('.cm-search').length === 1").await;
        for (name, size, preferred, axe) in [
            ("desk", DESK, LIGHT, axe.as_deref()),
            ("dark", DESK, DARK, axe.as_deref()),
            ("forced", DESK, FORCED, None),
            ("phone", PHONE, LIGHT, axe.as_deref()),
            ("narrow", NARROW, LIGHT, None),
        ] {
            window.screen(size, preferred).await;
            let found = wrong_on(&window, axe).await;
            wrong.extend(found.iter().map(|w| format!("{path} ({name}): {w}")));
            let small = window.look("all('button, input:not([type=checkbox])').filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)").await;
            wrong.extend(
                small.as_array().unwrap().iter().map(|w| format!("{path} ({name}): hard to hit: {w}")),
            );
            picture(&window, &format!("editor{}-{name}", path.split('.').next_back().unwrap())).await;
        }
        window.screen(DESK, LIGHT).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    window.unharmed().await;
    window.close().await;
}
