//! `Style`: the look of every page, and the path by which browsers keep it for good: it holds its digest.

use sha2::{Digest, Sha256};

pub(super) const STYLE: &str = include_str!("../../assets/page.css");

/// The style and its path.
#[derive(Clone, Debug)]
pub(super) struct Style {
    path: String,
}

impl Style {
    pub fn new() -> Self {
        Self { path: format!("/assets/page-{:.16x}.css", Sha256::digest(STYLE)) }
    }

    pub fn path(&self) -> &str {
        &self.path
    }
}
