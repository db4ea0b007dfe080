//! A browser as far as the page can tell: it keeps cookies, says where its requests come from, and follows nothing by
//! itself.

use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A browser on one site.
#[derive(Clone)]
pub struct Browser {
    address: String,
    pub cookies: BTreeMap<String, String>,
    /// The headers beside those that it always sends.
    pub host: String,
}

/// An answer as it came.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The text as a person reads it: without tags, and each run of blanks as one.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in self.body.split('<') {
            text.push_str(part.split_once('>').map_or(part, |(_, words)| words));
            text.push(' ');
        }
        let text =
            text.replace("&#x27;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        text.replace("&#x2f;", "/").replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The address of the page behind this one in a list, where there is one.
    pub fn following(&self) -> Option<String> {
        let link = self
            .body
            .split("href=\"")
            .find(|part| part.split('>').next().is_some_and(|tag| tag.contains("rel=\"next\"")))?;
        Some(link.split('"').next()?.replace("&amp;", "&").replace("&#x2f;", "/"))
    }

    /// The value of the field with this name.
    pub fn value(&self, name: &str) -> String {
        let tag =
            self.body.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
        let value = tag.split_once("value=\"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
        value.unwrap_or_default().replace("&#x2f;", "/").replace("&amp;", "&")
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Browser {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new(), host: address.to_owned() }
    }

    /// Goes on at another address, with the cookies it has.
    pub fn moved_to(&mut self, address: &str) {
        (self.address, self.host) = (address.to_owned(), address.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[("sec-fetch-site", "none")], "").await
    }

    /// Posts a form of the page itself.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers =
            [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &headers, &encoded(fields)).await
    }

    /// Sends any request, and keeps the cookies of the answer.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            request.push_str(&format!("host: {}\r\n", self.host));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let mut answer = Vec::new();
        // What is refused by its head may be closed before all of it was sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let split = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
        let headers: Vec<(String, String)> = lines.filter_map(split).collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => drop(self.cookies.remove(name)),
                value => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        Answer { status, headers, body: body.to_owned() }
    }
}
