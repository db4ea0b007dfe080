//! The dossier of a complaint: everything is in it, nothing of others, and what was changed is found.

mod browser;
mod forged;
mod pack;
mod page;
mod program;
mod size;

use redress::dossier::Manifest;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// The files of a dossier by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Takes a dossier apart with another hand than the program's check, and looks at every digest.
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
    let manifest = manifest(&files);
    assert_eq!(manifest.files.len() + 2, files.len());
    for entry in &manifest.files {
        let content = &files[&entry.name];
        assert_eq!(
            (content.len() as u64, sha256(content)),
            (entry.size, entry.sha256.clone()),
            "{}",
            entry.name
        );
    }
    files
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
