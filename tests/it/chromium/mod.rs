//! The page in a real Chromium, driven as a person drives it: by the words on links, buttons and labels.

mod every_page;
mod keyboard;
mod stories;
mod typing;

use crate::web::{PASSWORD, Site};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use thirtyfour::prelude::*;

/// A window of a browser of its own.
pub struct Window {
    driver: WebDriver,
    address: String,
    program: Child,
    _profile: tempfile::TempDir,
}

/// What runs the browser; it is quick in a container, and calls nobody.
const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // What is clicked is where it was looked for.
    "--force-prefers-reduced-motion",
    "--window-size=1280,900",
];

fn program(names: &[&str]) -> Option<PathBuf> {
    names.iter().map(|name| Path::new("/usr/bin").join(name)).find(|path| path.exists())
}

impl Window {
    /// None where there is no Chromium with its driver; under CI both must be.
    pub async fn open(address: &str) -> Option<Self> {
        let found = program(&["chromium"]).zip(program(&["chromedriver"]));
        assert!(
            found.is_some() || std::env::var_os("CI").is_none(),
            "Chromium is missing; .ci/run installs it"
        );
        let (browser, driver) = found?;
        let profile = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut wishes = DesiredCapabilities::chrome();
        wishes.set_binary(browser.to_str().unwrap()).unwrap();
        for argument in ARGUMENTS {
            wishes.add_arg(argument).unwrap();
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        let server = format!("http://127.0.0.1:{port}");
        // As the program does when it starts; only the first counts.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut driver = WebDriver::new(&server, wishes.clone()).await;
        for _ in 0..600 {
            if driver.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            driver = WebDriver::new(&server, wishes.clone()).await;
        }
        Some(Self { driver: driver.unwrap(), address: address.to_owned(), program, _profile: profile })
    }

    /// Closes the window; a test that failed leaves that to the end of the driver.
    pub async fn close(self) {
        self.driver.clone().quit().await.unwrap();
    }

    pub async fn goto(&self, path: &str) {
        self.driver.goto(format!("http://{}{path}", self.address)).await.unwrap();
    }

    /// The path and query of the page that is shown.
    pub async fn place(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// All words on the page, as they are seen.
    pub async fn text(&self) -> String {
        self.element("//body").await.text().await.unwrap()
    }

    /// Fails unless each of these is read on the page.
    pub async fn reads(&self, words: &[&str]) {
        let text = self.text().await;
        for word in words {
            assert!(text.contains(word), "{word}: {} {text}", self.place().await);
        }
    }

    /// Does what leads to another page, and returns when that is there.
    pub async fn leave(&self, by: impl Future<Output = ()>) {
        self.ask("document.documentElement.dataset.left = 'yes'").await;
        by.await;
        let there = "return document.readyState === 'complete' && !document.documentElement.dataset.left";
        for _ in 0..400 {
            let shown = self.driver.execute(there, Vec::new()).await;
            if shown.is_ok_and(|shown| *shown.json() == true) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("no other page comes: {} {}", self.place().await, self.text().await);
    }

    pub async fn element(&self, path: &str) -> WebElement {
        match self.driver.find(By::XPath(path)).await {
            Ok(found) => found,
            Err(_) => panic!("{path} at {}: {}", self.place().await, self.driver.source().await.unwrap()),
        }
    }

    /// Presses the link or the button with these words, which leads to another page.
    pub async fn press(&self, words: &str) {
        let is = format!("[normalize-space()=\"{words}\"]");
        let path =
            ["main", "header"].map(|part| format!("//{part}//a{is} | //{part}//button{is}")).join(" | ");
        let pressed = self.element(&path).await;
        self.leave(async { pressed.click().await.unwrap() }).await;
    }

    /// The field that these words are the label of.
    pub async fn field(&self, label: &str) -> WebElement {
        let labelled = format!("//label[starts-with(normalize-space(), \"{label}\")]/@for");
        self.element(&format!("//*[@id=({labelled})]")).await
    }

    /// Answers a question: types, chooses, or presses what stands for yes or no.
    pub async fn answer(&self, label: &str, value: &str) {
        let asked = format!("//fieldset[legend[starts-with(normalize-space(), \"{label}\")]]");
        if let Ok(question) = self.driver.find(By::XPath(&*asked)).await {
            let choice = format!(".//input[@value=\"{value}\"]");
            return question.find(By::XPath(&*choice)).await.unwrap().click().await.unwrap();
        }
        let field = self.field(label).await;
        match field.tag_name().await.unwrap().as_str() {
            "select" => {
                let option = format!(".//option[normalize-space()=\"{value}\"]");
                field.find(By::XPath(&*option)).await.unwrap().click().await.unwrap();
            }
            _ if field.attr("type").await.unwrap().as_deref() == Some("date") => {
                // Month, day and year, as the locale of the browser has it.
                let (year, rest) = value.split_once('-').unwrap();
                let (month, day) = rest.split_once('-').unwrap();
                field.send_keys(format!("{month}{day}{year}")).await.unwrap();
            }
            _ => {
                field.clear().await.unwrap();
                field.send_keys(value).await.unwrap();
            }
        }
    }

    /// Takes an action on the complaint that is shown: opens it, answers, looks, and confirms what must be read there.
    pub async fn act(&self, action: &str, answers: &[(&str, &str)], foreseen: &[&str]) {
        self.press(action).await;
        for (label, value) in answers {
            self.answer(label, value).await;
        }
        self.press("Bekijk wat er gaat gebeuren").await;
        self.reads(&["Dit gaat er gebeuren"]).await;
        self.reads(foreseen).await;
        self.press(&format!("Bevestigen: {action}")).await;
        self.reads(&["Het is gedaan."]).await;
    }

    /// Signs in somebody who has no password yet.
    pub async fn welcome(&self, site: &Site, email: &str) {
        self.goto(&site.welcome(email).await).await;
        self.answer("Nieuw wachtwoord", PASSWORD).await;
        self.answer("Nog een keer", PASSWORD).await;
        self.press("Bewaren").await;
        self.sign_in(email).await;
    }

    /// Another person sits down at it, who may have a password already.
    pub async fn enter(&self, site: &Site, email: &str) {
        self.tool("Network.clearBrowserCookies", json!({})).await;
        if !site.has_account(email).await {
            return self.welcome(site, email).await;
        }
        self.goto("/sign-in").await;
        self.sign_in(email).await;
    }

    /// Fills in the form for signing in, where it is shown.
    pub async fn sign_in(&self, email: &str) {
        self.answer("E-mailadres", email).await;
        self.answer("Wachtwoord", PASSWORD).await;
        self.press("Aanmelden").await;
    }

    /// Asks the page something, in its own language.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Sends a command of the protocol of the browser's own tools.
    pub async fn tool(&self, command: &str, parameters: Value) {
        self.driver.cdp().send_raw(command, parameters).await.unwrap();
    }

    /// Makes the window as wide and high as a screen, with what the person behind it prefers.
    pub async fn screen(&self, (width, height): (u32, u32), preferred: &[(&str, &str)]) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tool("Emulation.setDeviceMetricsOverride", size).await;
        let features: Vec<Value> =
            preferred.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.tool("Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await;
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
