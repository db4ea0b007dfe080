//! `/complaints/NUMBER/mails/ID`: one mail: its text, the original in a frame of its own, and what came with it.
//!
//! The original is a stranger's document: it is answered with a policy under which it runs nothing, loads nothing, sends
//! nothing, and is of no origin of ours. What is downloaded is never shown in its place.

use super::complaint::seen;
use super::complaint_view::visible;
use crate::intake::{Original, attachment_bytes};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::MailSummary;
use axum::extract::{Path, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Value;
use std::fmt::Write;
use std::sync::Arc;

/// What a foreign document may: be seen, in a frame of ours, and open a link in a window of its own.
const FOREIGN: &str = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                       form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
/// What is downloaded may nothing, should a browser show it all the same.
const DOWNLOADED: &str =
    "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const DNS_PREFETCH: HeaderName = HeaderName::from_static("x-dns-prefetch-control");
/// The longest name of a file in characters.
const NAME_CHARACTERS: usize = 150;

/// Finds a mail of a complaint that the person may see. One of a complaint that is forgotten was there and is gone.
async fn found(page: &Page, signed: &Signed, reference: &str, mail: &str) -> Result<MailSummary, Trouble> {
    let (id, _) = seen(page, signed, reference).await?;
    let mails = page.workflow.reading().register().mails(id).await?;
    let found = mails.into_iter().find(|m| m.id.to_string() == mail).ok_or(Trouble::NotFound)?;
    match page.workflow.forgetting_of(id).await? {
        Some(_) => Err(Trouble::Gone),
        None => Ok(found),
    }
}

async fn bytes(page: &Page, mail: &MailSummary) -> Result<Vec<u8>, Trouble> {
    let raw = page.workflow.reading().register().raw_mail(mail.id).await?.unwrap_or_default();
    if raw.is_empty() { Err(Trouble::NotFound) } else { Ok(raw) }
}

/// Does what may take long on a thread that answers nobody.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Trouble::Failed(e.to_string()))
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, mail)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let mail = found(&page, &signed, &reference, &mail).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let raw = page.workflow.reading().register().raw_mail(mail.id).await?.unwrap_or_default();
    let has_raw = !raw.is_empty();
    let original = match apart(move || Original::of(&raw)).await? {
        Original::Html(_) => "html",
        Original::TooLong => "too_long",
        Original::TextOnly => "text",
    };
    let files: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| {
            let kind = a.sniffed.as_ref().unwrap_or(&a.kind);
            context! { name => visible(&a.name), kind, size => a.size.div_ceil(1_024), digest => a.sha256 }
        })
        .collect();
    let title = say(signed.language, "mail_title", &[("who", &visible(&mail.sender))]);
    let of = context! {
        reference, id => mail.id, heading => title, sender => visible(&mail.sender), at => dates.moment(mail.received_at),
        subject => visible(&mail.subject), body => visible(&mail.body), has_raw, original, files,
    };
    page.show(&signed, StatusCode::OK, Shown { template: "mail", title, here: "", of })
}

/// The original, for its frame.
pub(in crate::web) async fn original(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, mail)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let raw = bytes(&page, &found(&page, &signed, &reference, &mail).await?).await?;
    let Original::Html(html) = apart(move || Original::of(&raw)).await? else {
        return Err(Trouble::NotFound);
    };
    // Links open elsewhere: a frame that goes to another site looks like a part of ours.
    let document = format!("<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">{html}");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FOREIGN)),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (DNS_PREFETCH, HeaderValue::from_static("off")),
    ];
    Ok((headers, document).into_response())
}

/// The whole mail as it came in, to be kept.
pub(in crate::web) async fn raw(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, mail)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let mail = found(&page, &signed, &reference, &mail).await?;
    let name = format!("{reference}-{}.eml", mail.id);
    Ok(download(&name, bytes(&page, &mail).await?))
}

pub(in crate::web) async fn attachment(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((reference, mail, digest)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let mail = found(&page, &signed, &reference, &mail).await?;
    let listed = mail.attachments.iter().find(|a| a.sha256 == digest).ok_or(Trouble::NotFound)?;
    let (raw, name) = (bytes(&page, &mail).await?, listed.name.clone());
    let found = apart(move || attachment_bytes(&raw, &digest)).await?;
    Ok(download(&name, found.ok_or(Trouble::NotFound)?))
}

/// Answers with a file that the browser keeps and does not show, whatever it is.
fn download(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&disposition(name));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOWNLOADED)),
    ];
    (headers, bytes).into_response()
}

/// Returns the name of a file for a browser that keeps it (RFC 6266), without what leads out of a folder or turns the
/// direction of writing around.
fn disposition(name: &str) -> String {
    let is_unfit = |c: char| {
        c.is_control() || "/\\:*?\"<>|%;".contains(c) || visible(c.encode_utf8(&mut [0; 4])) == "\u{FFFD}"
    };
    let clean: String =
        name.chars().map(|c| if is_unfit(c) { '_' } else { c }).take(NAME_CHARACTERS).collect();
    let clean = clean.trim().trim_start_matches('.');
    let clean = if clean.is_empty() { "bijlage" } else { clean };
    let plain: String = clean.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(clean))
}

/// Returns a text as an extended parameter of a header holds it (RFC 8187, 3.2.1).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_leads_nowhere_and_ends_no_header() {
        for (name, said) in [
            ("brief.pdf", "filename=\"brief.pdf\"; filename*=UTF-8''brief.pdf"),
            ("../../etc/passwd", "filename=\"_.._etc_passwd\"; filename*=UTF-8''_.._etc_passwd"),
            (
                "a\"; x=\"b\r\nSet-Cookie: y",
                "filename=\"a__ x=_b__Set-Cookie_ y\"; filename*=UTF-8''a__%20x%3D_b__Set-Cookie_%20y",
            ),
            (
                "Überweisung é.pdf",
                "filename=\"_berweisung _.pdf\"; filename*=UTF-8''%C3%9Cberweisung%20%C3%A9.pdf",
            ),
            ("gpj.\u{202e}exe", "filename=\"gpj._exe\"; filename*=UTF-8''gpj._exe"),
            ("", "filename=\"bijlage\"; filename*=UTF-8''bijlage"),
        ] {
            assert_eq!(disposition(name), format!("attachment; {said}"), "{name:?}");
        }
    }
}
