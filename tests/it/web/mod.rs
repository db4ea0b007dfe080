//! The page over real HTTP: the real router and listener, on the virtual clock of the test application.

mod accounts;
pub mod api;
mod as_at;
mod auditing;
mod beside_the_editor;
pub mod browser;
mod counting;
mod decisions;
mod drafts;
mod editor;
mod faults;
mod feeds;
mod forgotten;
mod graph;
mod guarding;
mod importing;
mod intake;
mod letters_page;
pub mod links;
mod links_made;
pub mod links_secrets;
mod links_sending;
mod mails;
mod notices;
mod oversight;
mod pages;
mod people;
mod personal_data;
mod planning;
pub mod program;
pub mod proposals;
mod proposals_typed;
mod proposing;
mod recall;
mod register;
mod reports;
mod retold;
mod scenarios_page;
mod search;
mod second_factor;
mod seeing;
mod stories;
pub mod survey;
mod views;
mod weight;
mod work;
mod workbook;

use crate::support::{Builder, TestApp};
use browser::{Answer, Browser};
use hyper::Request;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use redress::complaint::Actor;
use redress::web::{self, Door};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// An installation whose page is open.
pub struct Site {
    pub app: TestApp,
    address: String,
    stop: Option<oneshot::Sender<()>>,
}

const NOW: &str = "2026-11-23 10:00";
pub const PASSWORD: &str = "paard accu nietje juist";
pub const HANDLER: &str = "behandelaar@lagant.nl";
pub const RECEIVER: &str = "ontvanger@lagant.nl";

impl Site {
    pub async fn open() -> Self {
        Self::of(Builder::default(), Door::Loopback).await
    }

    pub async fn of(builder: Builder, door: Door) -> Self {
        let app = builder.start(NOW).await;
        let (address, stop) = Self::serve(&app, door, "127.0.0.1:0").await;
        Self { app, address, stop: Some(stop) }
    }

    async fn serve(app: &TestApp, door: Door, at: &str) -> (String, oneshot::Sender<()>) {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = web::pages(Arc::clone(&app.app.workflow), Arc::clone(&app.app.plugins), door);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(async move {
            web::serve(listener, router, async {
                let _ = stopped.await;
            })
            .await;
        });
        (address, stop)
    }

    /// Ends the program and starts it again on the same folder; a browser goes on with its cookies.
    pub async fn restart(&mut self, browsers: &mut [&mut Browser]) {
        drop(self.stop.take());
        self.app.reopen().await;
        let (address, stop) = Self::serve(&self.app, Door::Loopback, "127.0.0.1:0").await;
        for browser in browsers {
            browser.moved_to(&address);
        }
        (self.address, self.stop) = (address, Some(stop));
    }

    /// Where the page is, as host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether somebody has chosen a password.
    pub async fn has_account(&self, email: &str) -> bool {
        let accounts = self.app.app.workflow.accounts().all().await.unwrap();
        accounts.iter().any(|account| account.email == email && account.password.is_some())
    }

    /// Ends the program; whoever asks it something finds nobody.
    pub async fn end(&mut self) {
        drop(self.stop.take());
        while tokio::net::TcpStream::connect(&self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Starts the program again on the same folder and at the same address.
    pub async fn begin_again(&mut self) {
        self.app.reopen().await;
        let (_, stop) = Self::serve(&self.app, Door::Loopback, &self.address).await;
        self.stop = Some(stop);
    }

    /// A browser without any cookie.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// The path of a one-time link of somebody who has no account yet.
    pub async fn welcome(&self, email: &str) -> String {
        let token = self.app.app.workflow.accounts().add(email, Actor::System).await.unwrap();
        format!("/welcome/{}", token.expose())
    }

    /// A browser in which somebody has chosen a password and signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let link = self.welcome(email).await;
        let mut browser = self.browser();
        let chosen = browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
        assert_eq!((chosen.status, chosen.location()), (303, "/sign-in"), "{}", chosen.body);
        let answer = sign_in(&mut browser, email, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    pub fn advance(&self, minutes: i64) {
        let now = redress::clock::Clock::now(&self.app.clock);
        self.app.clock.advance_to(now.plus_millis(minutes * 60_000));
    }

    /// Everything that happened.
    pub async fn events(&self) -> Vec<redress::store::StoredEvent> {
        self.app.app.workflow.reading().trail().events_after(0).await.unwrap()
    }

    /// The kinds of what the trail says of accounts, in order.
    pub async fn trail(&self) -> Vec<redress::store::StoredEvent> {
        let mut events = self.events().await;
        events.retain(|e| ["signed_in", "sign_ins_held", "account_changed"].contains(&e.kind.as_str()));
        events
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

pub async fn sign_in(browser: &mut Browser, address: &str, password: &str) -> Answer {
    browser.post("/sign-in", &[("address", address), ("password", password), ("next", "/me")]).await
}

/// Asks for a page as somebody who has signed in: its headers and its bytes.
pub async fn whole(site: &Site, browser: &Browser, path: &str) -> (axum::http::HeaderMap, Vec<u8>) {
    let router =
        web::pages(Arc::clone(&site.app.app.workflow), Arc::clone(&site.app.app.plugins), Door::Loopback);
    let (name, value) = browser.cookies.iter().next().unwrap();
    let request = Request::get(path)
        .header("host", "127.0.0.1")
        .header("cookie", format!("{name}={value}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = TowerToHyperService::new(router).call(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let headers = answer.headers().clone();
    (headers, axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec())
}
