//! `Target`: the receiver of webhooks. It keeps everything that arrives, and now and then fails or says nothing.

use super::dice::Dice;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The plugin it came from; its path says so.
    pub plugin: String,
    pub id: String,
    pub body: String,
    /// True when it was answered that it is taken over.
    pub is_accepted: bool,
}

#[derive(Clone)]
pub struct Target(Arc<Inner>);

struct Inner {
    seen: Mutex<Seen>,
    rung: Notify,
}

struct Seen {
    arrivals: Vec<Arrival>,
    dice: Dice,
    /// The new arrivals until one is left without an answer and the bell rings; 0 for none.
    until_silence: usize,
    /// True once everything is answered.
    is_calm: bool,
}

impl Target {
    /// Starts it; returns it with its address.
    pub async fn start(dice: Dice) -> (Self, String) {
        let seen = Seen { arrivals: Vec::new(), dice, until_silence: 0, is_calm: false };
        let target = Self(Arc::new(Inner { seen: Mutex::new(seen), rung: Notify::new() }));
        let router = axum::Router::new().fallback(Self::receive).with_state(target.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (target, url)
    }

    async fn receive(State(target): State<Self>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
        let id = headers["webhook-id"].to_str().unwrap().to_owned();
        let plugin = uri.path().trim_start_matches('/').to_owned();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let answer = {
            let mut seen = target.0.seen.lock().unwrap();
            // What fails a second time waits for minutes, so that only the first time may.
            let may_fail = !seen.is_calm && seen.arrivals.iter().all(|a| a.id != id);
            let is_last = may_fail && seen.until_silence == 1;
            seen.until_silence = seen.until_silence.saturating_sub(usize::from(may_fail));
            let answer = match seen.dice.below(100) {
                _ if is_last => None,
                0..4 if may_fail => None,
                4..9 if may_fail => Some(StatusCode::SERVICE_UNAVAILABLE),
                _ => Some(StatusCode::OK),
            };
            let is_accepted = answer == Some(StatusCode::OK);
            seen.arrivals.push(Arrival { plugin, id, body, is_accepted });
            if is_last {
                target.0.rung.notify_one();
            }
            answer
        };
        match answer {
            Some(status) => status,
            None => std::future::pending().await,
        }
    }

    /// Leaves the `nth` new request from now without an answer and rings.
    pub fn fall_silent_at(&self, nth: usize) {
        self.0.seen.lock().unwrap().until_silence = nth;
    }

    /// Waits until a request was left without an answer.
    pub async fn rung(&self) {
        self.0.rung.notified().await;
    }

    /// Answers everything from now on.
    pub fn calm_down(&self) {
        let mut seen = self.0.seen.lock().unwrap();
        (seen.is_calm, seen.until_silence) = (true, 0);
    }

    pub fn arrivals(&self) -> Vec<Arrival> {
        self.0.seen.lock().unwrap().arrivals.clone()
    }
}
