//! The few words of WebDriver (W3C) that the tests speak with chromedriver. A client of its own crate would change in what order
//! the program under test writes its JSON: features of crates are those of the whole build.

use serde_json::{Value, json};

/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that are no letters, as the protocol writes them.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";

/// A session of a browser.
pub struct Driver {
    client: reqwest::Client,
    session: String,
}

/// Something on the page that is shown.
pub struct Element<'d> {
    driver: &'d Driver,
    path: String,
}

impl Driver {
    /// Begins a session at a driver that may only just be starting.
    pub async fn begin(server: &str, browser: &str, arguments: &[String]) -> Self {
        // As the program does when it starts; only the first counts.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let options = json!({ "binary": browser, "args": arguments });
        let wish = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let mut driver = Self { client, session: server.to_owned() };
        for _ in 0..600 {
            if let Ok(begun) = driver.call("POST", "/session", wish.clone()).await {
                driver.session = format!("{server}/session/{}", begun["sessionId"].as_str().unwrap());
                return driver;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the browser does not start");
    }

    /// Sends a command; what the driver says of one that fails is the error.
    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let request = match method {
            "GET" => self.client.get(url),
            "DELETE" => self.client.delete(url),
            _ => self.client.post(url).body(body.to_string()),
        };
        let answer = request.send().await.map_err(|e| e.to_string())?;
        let is_done = answer.status().is_success();
        let text = answer.text().await.map_err(|e| e.to_string())?;
        let value: Value = serde_json::from_str(&text).map_err(|e| format!("{e}: {text}"))?;
        match is_done {
            true => Ok(value["value"].clone()),
            false => Err(value["value"]["message"].as_str().unwrap_or(&text).to_owned()),
        }
    }

    pub async fn quit(&self) {
        self.call("DELETE", "", Value::Null).await.unwrap();
    }

    pub async fn goto(&self, url: &str) {
        self.call("POST", "/url", json!({ "url": url })).await.unwrap();
    }

    pub async fn refresh(&self) {
        self.call("POST", "/refresh", json!({})).await.unwrap();
    }

    pub async fn url(&self) -> url::Url {
        self.call("GET", "/url", Value::Null).await.unwrap().as_str().unwrap().parse().unwrap()
    }

    pub async fn title(&self) -> String {
        self.call("GET", "/title", Value::Null).await.unwrap().as_str().unwrap().to_owned()
    }

    pub async fn source(&self) -> String {
        self.call("GET", "/source", Value::Null).await.unwrap().as_str().unwrap().to_owned()
    }

    /// A picture of what is seen, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        use base64::Engine;
        let picture = self.call("GET", "/screenshot", Value::Null).await.unwrap();
        base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn run(&self, script: &str) -> Result<Value, String> {
        self.call("POST", "/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Runs a script that calls back, and returns what with.
    pub async fn run_until_done(&self, script: &str) -> Value {
        self.call("POST", "/execute/async", json!({ "script": script, "args": [] })).await.unwrap()
    }

    /// Sends a command of the browser's own tools.
    pub async fn tool(&self, command: &str, parameters: Value) {
        let body = json!({ "cmd": command, "params": parameters });
        self.call("POST", "/goog/cdp/execute", body).await.unwrap();
    }

    fn element(&self, found: &Value) -> Element<'_> {
        Element { driver: self, path: format!("/element/{}", found[ELEMENT].as_str().unwrap()) }
    }

    pub async fn find(&self, xpath: &str) -> Result<Element<'_>, String> {
        let wanted = json!({ "using": "xpath", "value": xpath });
        Ok(self.element(&self.call("POST", "/element", wanted).await?))
    }

    /// What has the focus.
    pub async fn active(&self) -> Element<'_> {
        self.element(&self.call("GET", "/element/active", Value::Null).await.unwrap())
    }
}

impl Element<'_> {
    async fn get(&self, what: &str) -> Value {
        self.driver.call("GET", &format!("{}/{what}", self.path), Value::Null).await.unwrap()
    }

    async fn post(&self, what: &str, body: Value) {
        self.driver.call("POST", &format!("{}/{what}", self.path), body).await.unwrap();
    }

    pub async fn find(&self, xpath: &str) -> Self {
        let wanted = json!({ "using": "xpath", "value": xpath });
        let found = self.driver.call("POST", &format!("{}/element", self.path), wanted).await;
        Self { driver: self.driver, ..self.driver.element(&found.unwrap()) }
    }

    pub async fn text(&self) -> String {
        self.get("text").await.as_str().unwrap_or_default().to_owned()
    }

    /// The name of the tag: `select`.
    pub async fn tag(&self) -> String {
        self.get("name").await.as_str().unwrap_or_default().to_owned()
    }

    /// A property; empty where there is none.
    pub async fn property(&self, name: &str) -> String {
        self.get(&format!("property/{name}")).await.as_str().unwrap_or_default().to_owned()
    }

    pub async fn click(&self) {
        self.post("click", json!({})).await;
    }

    pub async fn clear(&self) {
        self.post("clear", json!({})).await;
    }

    pub async fn type_keys(&self, keys: &str) {
        self.post("value", json!({ "text": keys })).await;
    }
}
