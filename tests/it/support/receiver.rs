//! Receivers of webhooks on loopback: one that behaves, and ones that do not.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine as _;
use hmac::{Hmac, Mac};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A status and its `Retry-After`.
type Answer = (u16, Option<&'static str>);

/// What arrived, and what is answered next (200 when the list is empty).
#[derive(Clone, Default)]
pub struct Receiver {
    seen: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Receiver {
    pub async fn start(answers: &[u16]) -> (Self, String) {
        let receiver = Self::default();
        receiver.answer(answers);
        let router = receiver.router();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    /// What receives, to be put beside something else.
    pub fn router(&self) -> axum::Router {
        axum::Router::new().fallback(receive).with_state(self.clone())
    }

    pub fn answer(&self, answers: &[u16]) {
        self.answers.lock().unwrap().extend(answers.iter().map(|a| (*a, None)));
    }

    /// From now on everything is taken.
    pub fn clear_answers(&self) {
        self.answers.lock().unwrap().clear();
    }

    pub fn answer_retry_after(&self, status: u16, retry_after: &'static str) {
        self.answers.lock().unwrap().push_back((status, Some(retry_after)));
    }

    pub fn seen(&self) -> Vec<(HeaderMap, String)> {
        self.seen.lock().unwrap().clone()
    }

    /// Method, path and query of each request.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    pub fn bodies(&self) -> Vec<serde_json::Value> {
        self.seen().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    /// The most requests that were here at once.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

async fn receive(
    State(receiver): State<Receiver>,
    method: axum::http::Method,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, &'static str) {
    let now = receiver.now.fetch_add(1, Ordering::SeqCst) + 1;
    receiver.most.fetch_max(now, Ordering::SeqCst);
    tokio::task::yield_now().await;
    receiver.asked.lock().unwrap().push(format!("{method} {uri}"));
    receiver.seen.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
    let (status, retry_after) = receiver.answers.lock().unwrap().pop_front().unwrap_or((200, None));
    let mut headers = HeaderMap::new();
    if let Some(text) = retry_after {
        headers.insert("retry-after", HeaderValue::from_static(text));
    }
    receiver.now.fetch_sub(1, Ordering::SeqCst);
    (StatusCode::from_u16(status).unwrap(), headers, "what the receiver says")
}

/// The signature that Standard Webhooks asks for, by a hand of our own.
pub fn expected_signature(secret: &str, headers: &HeaderMap, body: &str) -> String {
    let engine = base64::engine::general_purpose::STANDARD;
    let key = match secret.strip_prefix("whsec_") {
        Some(encoded) => engine.decode(encoded).unwrap(),
        None => secret.as_bytes().to_vec(),
    };
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{body}", text("webhook-id"), text("webhook-timestamp")).as_bytes());
    format!("v1,{}", engine.encode(mac.finalize().into_bytes()))
}

/// How a receiver misbehaves.
#[derive(Clone, Copy, Debug)]
pub enum Rudeness {
    Hangs,
    DripsHeaders,
    DripsBody,
    Gigabytes,
    ClosesEarly,
    AcceptsThenResets,
    SpeaksSomethingElse,
}

/// A receiver that does this to everybody; its address.
pub async fn rude(how: Rudeness) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(offend(stream, how));
        }
    });
    url
}

async fn offend(mut stream: TcpStream, how: Rudeness) {
    if matches!(how, Rudeness::ClosesEarly) {
        return;
    }
    let mut request = vec![0; 65_536];
    let _ = stream.read(&mut request).await;
    let forever = std::time::Duration::from_secs(60);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n";
    match how {
        Rudeness::Hangs | Rudeness::ClosesEarly => tokio::time::sleep(forever).await,
        Rudeness::DripsHeaders => {
            for byte in head.bytes().cycle() {
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
        Rudeness::DripsBody => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
        Rudeness::Gigabytes => {
            let _ = stream.write_all(head.as_bytes()).await;
            let block = vec![b'x'; 65_536];
            while stream.write_all(&block).await.is_ok() {}
        }
        Rudeness::AcceptsThenResets => {
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.flush().await;
            stream.set_zero_linger().unwrap();
        }
        Rudeness::SpeaksSomethingElse => {
            let _ = stream.write_all(b"220 smtp.example.nl ESMTP\r\n").await;
        }
    }
}
