//! `Assets`: what the pages load beside themselves: the style of all, and the editor of those on which rules are written. Each has
//! a path that holds its digest, so that browsers keep it for good, and is packed once.

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::sync::OnceLock;

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
    /// The type of its content.
    pub kind: &'static str,
    pub plain: &'static str,
    packed: OnceLock<Bytes>,
}

impl Assets {
    pub fn new() -> Self {
        Self {
            style: Asset::new("page", "css", "text/css; charset=utf-8", STYLE),
            editor: Asset::new("editor", "js", "text/javascript; charset=utf-8", EDITOR),
        }
    }

    /// Returns what has a name: `page-0123456789abcdef.css`.
    pub fn find(&self, name: &str) -> Option<&Asset> {
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
    pub fn packed(&self) -> io::Result<Bytes> {
        if let Some(packed) = self.packed.get() {
            return Ok(packed.clone());
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(self.plain.as_bytes())?;
        let packed = packer.finish()?;
        Ok(self.packed.get_or_init(|| packed.into()).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
