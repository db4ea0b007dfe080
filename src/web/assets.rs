//! What the pages load beside themselves: the style of all, and the editor of those on which rules are written. Each has a path
//! that holds its digest, so that browsers keep it for good, and is packed once.

use super::page::Page;
use super::trouble::Trouble;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

const STYLE: &str = include_str!("../../assets/page.css");
const EDITOR: &str = include_str!("../../assets/vendor/editor.js");

/// Everything that pages load.
#[derive(Debug)]
pub(super) struct Assets {
    pub style: Asset,
    pub editor: Asset,
}

/// Something that pages load, and its path.
#[derive(Debug)]
pub(super) struct Asset {
    path: String,
    kind: &'static str,
    plain: &'static str,
    packed: OnceLock<axum::body::Bytes>,
}

impl Assets {
    pub fn new() -> Self {
        Self {
            style: Asset::new("page", "css", "text/css; charset=utf-8", STYLE),
            editor: Asset::new("editor", "js", "text/javascript; charset=utf-8", EDITOR),
        }
    }

    /// Returns what has a name: `page-0123456789abcdef.css`.
    fn find(&self, name: &str) -> Option<&Asset> {
        [&self.style, &self.editor].into_iter().find(|a| a.path.strip_prefix("/assets/") == Some(name))
    }
}

impl Asset {
    fn new(name: &str, extension: &str, kind: &'static str, plain: &'static str) -> Self {
        let path = format!("/assets/{name}-{:.16x}.{extension}", Sha256::digest(plain));
        Self { path, kind, plain, packed: OnceLock::new() }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns it packed; what is packed first is what everybody gets.
    fn packed(&self) -> io::Result<axum::body::Bytes> {
        if let Some(packed) = self.packed.get() {
            return Ok(packed.clone());
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(self.plain.as_bytes())?;
        let packed = packer.finish()?;
        Ok(self.packed.get_or_init(|| packed.into()).clone())
    }
}

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
    use std::io::Read;

    #[test]
    fn what_is_packed_is_what_was_written() {
        for asset in [Assets::new().style, Assets::new().editor] {
            let mut text = String::new();
            let packed = asset.packed().expect("is packed");
            flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).expect("is unpacked");
            assert_eq!(text, asset.plain);
            assert!(packed.len() * 2 < text.len(), "{}: {}", asset.path, packed.len());
        }
    }

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
