//! NULs, which PostgreSQL takes in no text, wherever a mail may have them: raw, and in every encoding.

use crate::support::{Builder, MAIL_PLUGIN};
use redress::intake::{ingest, parse};

fn mails() -> Vec<Vec<u8>> {
    let headers = [
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "X-Redress-Id",
        "Delivered-To",
        "List-Id",
        "Auto-Submitted",
        "Authentication-Results",
        "Received",
        "Date",
    ];
    let values = [
        "Jan\0 <k\0@example.nl>",
        "<a\0b@example.nl>",
        "=?utf-8?Q?k=00l?= <k@example.nl>",
        "=?utf-8?B?AGsA?=",
        "x\0",
    ];
    let mut mails = Vec::new();
    for (i, header) in headers.iter().enumerate() {
        for (j, value) in values.iter().enumerate() {
            let id = if *header == "Message-ID" {
                String::new()
            } else {
                format!("Message-ID: <n{i}-{j}@example.nl>\r\n")
            };
            mails.push(format!("{id}{header}: {value}\r\n\r\nEen klacht {i} {j}.\r\n").into_bytes());
        }
    }
    let parts = [
        ("text/plain; name=\"a\0b\"", "AGtsYWNodAA="),
        ("text/html", "PHA+AGtsYWNodDwvcD4="),
        (
            "message/delivery-status",
            "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGsAQGV4YW1wbGUubmwKU3RhdHVzOiA1LjEuMQpBY3Rpb246IGZhaWxlZAo=",
        ),
        (
            "text/calendar; method=REPLY",
            "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVQTFkNCkJFR0lOOlZFVkVOVA0KVUlEOmEAYg0KQVRURU5ERUU7UEFSVFNUQVQ9QUNDRVBURUQ6bWFpbHRvOmsAQHgNCkVORDpWRVZFTlQNCkVORDpWQ0FMRU5EQVINCg==",
        ),
        ("message/rfc822", "RnJvbTogawBAeA0KTWVzc2FnZS1JRDogPGEAYkB4Pg0KU3ViamVjdDogAA0KDQprAA0K"),
        ("application/octet-stream; name*=utf-8''a%00b", "AAAA"),
    ];
    for (i, (kind, content)) in parts.iter().enumerate() {
        for from in ["Jan <k@example.nl>", "MAILER-DAEMON@example.nl"] {
            let mail = format!(
                "From: {from}\r\nSubject: Undelivered\r\nMessage-ID: <p{i}-{}@example.nl>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
                 --b\r\nContent-Type: text/plain\r\n\r\nEen \0klacht {i}\r\n--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{content}\r\n--b--\r\n",
                from.len()
            );
            mails.push(mail.into_bytes());
        }
    }
    mails
}

#[test]
fn nothing_that_is_read_of_a_mail_holds_a_nul() {
    for mail in mails() {
        let read = serde_json::to_string(&parse(&mail, Some("mx.example.nl"))).unwrap();
        assert!(!read.contains("\\u0000"), "{}: {read}", String::from_utf8_lossy(&mail).escape_debug());
    }
}

/// One bad mail harms itself only: each is taken in, and so is what comes after it.
#[tokio::test(flavor = "multi_thread")]
async fn postgresql_takes_every_one_of_them() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else { return };
    let database = crate::store::fresh_database(&server).await;
    let config = format!("[database]\nurl = \"{database}\"\n");
    let app = Builder::default()
        .config(&config)
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    for mail in mails() {
        let taken = ingest(&app.app.workflow, &mail, "test").await;
        assert!(taken.is_ok(), "{}: {taken:?}", String::from_utf8_lossy(&mail).escape_debug());
    }
    app.app.turn().await.unwrap();
}
