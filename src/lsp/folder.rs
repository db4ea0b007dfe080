//! `Folder`: the rules folder as the editor has it: what is open there over what is on the disk.

use crate::rules::Clauses;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use gen_lsp_types::Uri;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// A text larger than this is not taken; no file of a ruleset may be.
const MAX_TEXT: usize = 1 << 20;

/// A document that is open in the editor.
#[derive(Debug)]
pub(super) struct Open {
    pub uri: Uri,
    pub version: i32,
    text: String,
}

/// The rules folder, and what is open of it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    open: BTreeMap<String, Open>,
    /// The last reading of the disk that went well.
    saved: BTreeMap<String, String>,
    unreadable: Vec<Diagnostic>,
}

impl Folder {
    pub fn new(path: &Path) -> Self {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Self { path, open: BTreeMap::new(), saved: BTreeMap::new(), unreadable: Vec::new() }
    }

    /// Returns the path of a document relative to the folder; none for one that lies elsewhere.
    pub fn file(&self, uri: &Uri) -> Option<String> {
        let path = Url::parse(&uri.0).ok()?.to_file_path().ok()?;
        // The document itself may not be there yet.
        let real = path.parent()?.canonicalize().ok()?.join(path.file_name()?);
        let relative = real.strip_prefix(&self.path).or_else(|_| path.strip_prefix(&self.path)).ok()?;
        let parts: Option<Vec<&str>> = relative.components().map(|c| c.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Returns the address of a file, as the client wrote it where it is open.
    pub fn uri(&self, file: &str) -> Option<Uri> {
        if let Some(open) = self.open.get(file) {
            return Some(open.uri.clone());
        }
        Some(Uri(Url::from_file_path(self.path.join(file)).ok()?.into()))
    }

    /// Returns the version of a file that is open; none for one that is not.
    pub fn version(&self, file: &str) -> Option<i32> {
        self.open.get(file).map(|open| open.version)
    }

    /// Takes the text of a document that is open.
    pub fn put(&mut self, uri: Uri, version: i32, text: String) {
        if let Some(file) = self.file(&uri).filter(|_| text.len() <= MAX_TEXT) {
            self.open.insert(file, Open { uri, version, text });
        }
    }

    /// Lets go of a document: from now on it is what is on the disk.
    pub fn close(&mut self, uri: &Uri) {
        if let Some(file) = self.file(uri) {
            self.open.remove(&file);
        }
    }

    /// Reads the disk, and notes what cannot be read; then what was read before counts.
    pub fn refresh(&mut self) {
        match RulesFolder::read(&self.path) {
            Ok(folder) => {
                let mut files = folder.source.files().clone();
                files.extend(folder.scenarios);
                files.extend(folder.clauses.map(|text| (Clauses::FILE.to_owned(), text)));
                (self.saved, self.unreadable) = (files, Vec::new());
            }
            Err(found) => self.unreadable = found,
        }
    }

    /// Returns what could not be read of the disk when it was read last.
    pub fn unreadable(&self) -> &[Diagnostic] {
        &self.unreadable
    }

    /// Returns every file as it is in the editor.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let mut texts = self.saved.clone();
        texts.extend(self.open.iter().map(|(file, open)| (file.clone(), open.text.clone())));
        texts
    }
}
