//! `/assets/NAME`: what the pages load beside themselves, packed for who takes it so.

use super::page::Page;
use super::trouble::Trouble;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(super) async fn asset(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let asset = page.assets.find(&name).ok_or(Trouble::NotFound)?;
    let about = [
        (CONTENT_TYPE, asset.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "accept-encoding"),
    ];
    if !takes_gzip(&headers) {
        return Ok((about, asset.plain).into_response());
    }
    let packed = asset.packed().map_err(|e| Trouble::Failed(format!("{name} cannot be packed: {e}")))?;
    Ok((about, [(CONTENT_ENCODING, "gzip")], packed).into_response())
}

/// Returns whether a browser takes what is packed by gzip (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = all.flat_map(|value| value.split(',')).map(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        (name.trim().to_ascii_lowercase(), weight.is_ok_and(|weight| weight > 0.0))
    });
    codings.any(|(name, is_taken)| name == "gzip" && is_taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_who_says_so_gets_what_is_packed() {
        for (said, is_taken) in [
            ("gzip", true),
            ("br;q=1.0, GZip;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br, xgzip", false),
            ("", false),
            ("identity", false),
        ] {
            let headers = [(ACCEPT_ENCODING, HeaderValue::from_static(said))].into_iter().collect();
            assert_eq!(takes_gzip(&headers), is_taken, "{said}");
        }
    }
}
