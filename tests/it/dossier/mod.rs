//! The dossier of a complaint: everything is in it, nothing of others, and what was changed is found.

mod browser;
mod forged;
mod pack;
mod page;
mod program;
mod size;

use redress::archive::Archive;
use redress::dossier::{Attestation, Manifest};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

/// The files of a dossier by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Takes a dossier or a pack apart with another hand than the program's check, and looks at every digest.
pub fn opened(bytes: &[u8]) -> Files {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(file.enclosed_name().is_some(), "{name} leads elsewhere");
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        assert!(files.insert(name.clone(), content).is_none(), "{name} is there twice");
    }
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let entries = manifest["files"].as_array().unwrap();
    assert_eq!(entries.len() + 2, files.len());
    for entry in entries {
        let content = &files[entry["name"].as_str().unwrap()];
        assert_eq!(entry["size"], content.len(), "{entry}");
        assert_eq!(entry["sha256"], sha256(content), "{entry}");
    }
    files
}

/// Makes a dossier or a pack of files anew, with a seal and digests that fit.
pub fn made_anew(files: &Files, path: &Path) {
    made_anew_with(files, path, None);
}

/// Makes it anew, and says that it was attested with the key of a fingerprint.
pub fn made_anew_with(files: &Files, path: &Path, fingerprint: Option<&str>) {
    let mut files = files.clone();
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    for entry in manifest["files"].as_array_mut().unwrap() {
        let content = &files[entry["name"].as_str().unwrap()];
        (entry["size"], entry["sha256"]) = (content.len().into(), sha256(content).into());
    }
    let bytes = serde_json::to_vec_pretty(&manifest).unwrap();
    let mut attestation: Attestation = serde_json::from_slice(&files["attestation.json"]).unwrap();
    attestation.manifest_sha256 = sha256(&bytes);
    if let Some(fingerprint) = fingerprint {
        attestation.key_fingerprint = fingerprint.to_owned();
    }
    files.insert("manifest.json".to_owned(), bytes);
    files.insert("attestation.json".to_owned(), attestation.to_bytes());
    write(&files, path);
}

/// Writes files into a sealed archive as they are.
pub fn write(files: &Files, path: &Path) {
    let _ = std::fs::remove_file(path);
    let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(path).unwrap();
    let mut archive = Archive::begin(file);
    for (name, content) in files {
        archive.add(name, &mut content.as_slice()).unwrap();
    }
    archive.seal().unwrap();
}

pub fn manifest(files: &Files) -> Manifest {
    serde_json::from_slice(&files["manifest.json"]).unwrap()
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files.get(name).unwrap_or_else(|| panic!("{name}: {:?}", files.keys())).clone())
        .unwrap()
}

/// The words of the page as a person reads them.
pub fn words(files: &Files) -> String {
    let page = text(files, "dossier.html");
    let mut out = String::new();
    for part in page.split('<') {
        let is_kept = !part.starts_with("script") && !part.starts_with("style");
        out.push_str(part.split_once('>').map_or(part, |(_, words)| if is_kept { words } else { "" }));
        out.push(' ');
    }
    let out = out.replace("&#x27;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    out.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A mail with files of these names, in the order given.
pub fn mail_with_files(id: &str, subject: &str, files: &[&str]) -> String {
    let mut mail = format!(
        "From: Jan <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: {subject}\r\nMessage-ID: <{id}@example.nl>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Ik heb een klacht over het parkeren bij de training in Utrecht.\r\n"
    );
    for (place, name) in files.iter().enumerate() {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        mail += &format!(
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''{encoded}\r\n\r\n\
             bijlage {place}\r\n"
        );
    }
    mail + "--b--\r\n"
}
