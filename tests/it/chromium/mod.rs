//! The page in a real Chromium, driven as a person drives it: by the words on links, buttons and labels.

mod driver;
mod editor;
mod every_page;
mod keyboard;
mod oversight_stories;
mod stories;
mod typing;
mod workbench_stories;

use crate::web::{PASSWORD, Site};
use driver::{Driver, Element};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A window of a browser of its own.
pub struct Window {
    driver: Driver,
    address: String,
    program: Child,
    port: u16,
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
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|a| (*a).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let server = format!("http://127.0.0.1:{port}");
        let driver = Driver::begin(&server, browser.to_str().unwrap(), &arguments).await;
        Some(Self { driver, address: address.to_owned(), program, port, _profile: profile })
    }

    /// Closes the window; where a test failed, the end of the driver does.
    pub async fn close(self) {
        self.driver.quit().await;
    }

    pub async fn goto(&self, path: &str) {
        self.driver.goto(&format!("http://{}{path}", self.address)).await;
    }

    /// Opens a file of this computer.
    pub async fn goto_file(&self, path: &Path) {
        self.driver.goto(&format!("file://{}", path.display())).await;
    }

    /// The path and query of the page that is shown.
    pub async fn place(&self) -> String {
        let url = self.driver.url().await;
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// All words on the page, as they are seen.
    pub async fn text(&self) -> String {
        self.element("//body").await.text().await
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
            if self.driver.run(there).await.is_ok_and(|shown| shown == true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no other page comes: {} {}", self.place().await, self.text().await);
    }

    pub async fn element(&self, path: &str) -> Element<'_> {
        match self.driver.find(path).await {
            Ok(found) => found,
            Err(_) => panic!("{path} at {}: {}", self.place().await, self.driver.source().await),
        }
    }

    /// Presses the link or the button with these words, which leads to another page.
    pub async fn press(&self, words: &str) {
        let is = format!("[normalize-space()=\"{words}\"]");
        let path =
            ["main", "header"].map(|part| format!("//{part}//a{is} | //{part}//button{is}")).join(" | ");
        let pressed = self.element(&path).await;
        self.leave(async { pressed.click().await }).await;
    }

    /// The field that these words are the label of.
    pub async fn field(&self, label: &str) -> Element<'_> {
        let labelled = format!("//label[starts-with(normalize-space(), \"{label}\")]/@for");
        self.element(&format!("//*[@id=({labelled})]")).await
    }

    /// Answers a question: types, chooses, or presses what stands for yes or no.
    pub async fn answer(&self, label: &str, value: &str) {
        let asked = format!("//fieldset[legend[starts-with(normalize-space(), \"{label}\")]]");
        if let Ok(question) = self.driver.find(&asked).await {
            let choice = format!(".//input[@value=\"{value}\"]");
            return question.find(&choice).await.click().await;
        }
        let field = self.field(label).await;
        match field.tag().await.as_str() {
            "select" => {
                let option = format!(".//option[normalize-space()=\"{value}\"]");
                field.find(&option).await.click().await;
            }
            _ if field.property("type").await == "date" => {
                // Month, day and year, as the locale of the browser has it.
                let (year, rest) = value.split_once('-').unwrap();
                let (month, day) = rest.split_once('-').unwrap();
                field.type_keys(&format!("{month}{day}{year}")).await;
            }
            _ => {
                field.clear().await;
                field.type_keys(value).await;
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
        self.driver.run(script).await.unwrap()
    }

    /// Sends a command of the protocol of the browser's own tools.
    pub async fn tool(&self, command: &str, parameters: Value) {
        self.driver.tool(command, parameters).await;
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
        // It ends its browser with itself, which outlives a driver that is killed.
        if let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = driver.set_read_timeout(Some(Duration::from_secs(10)));
            let _ =
                driver.write_all(b"GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
            let _ = driver.read(&mut [0; 256]);
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
