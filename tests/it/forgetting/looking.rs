//! Looking for words in every byte: as they were written, in other letters and codings, folded for searching.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sqlx::Row as _;
use std::path::Path;

/// What is looked for stands in every name and text that is planted; the second has a letter that codings write otherwise.
pub const WORD: &str = "Zwaluwstaart";
pub const ACCENTED: &str = "Kwikstaärt";

/// Parts of them, without the beginnings that an index shares between words.
const PARTS: [&str; 2] = ["aluwstaart", "ikstaärt"];
const FOLDED: &str = "ikstaart";

/// Returns in which form one of the words stands in some bytes; none where none does.
pub fn form_in(bytes: &[u8]) -> Option<&'static str> {
    let lower = bytes.to_ascii_lowercase();
    let joined: Vec<u8> = bytes.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let unbroken = replaced(&replaced(&lower, b"=\r\n"), b"=\n");
    let has = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|window| window == needle);
    for part in PARTS {
        if has(&lower, part.as_bytes()) {
            return Some("as it is");
        }
        let quoted: String = part.bytes().map(quoted_printable).collect();
        if has(&unbroken, quoted.to_lowercase().as_bytes()) {
            return Some("quoted-printable");
        }
        let wide: Vec<u16> = part.encode_utf16().collect();
        let (little, big): (Vec<u8>, Vec<u8>) = (
            wide.iter().flat_map(|c| c.to_le_bytes()).collect(),
            wide.iter().flat_map(|c| c.to_be_bytes()).collect(),
        );
        if has(&lower, &little) || has(&lower, &big) {
            return Some("UTF-16");
        }
        if (0..3).any(|offset| has(&joined, coded(part, offset).as_bytes())) {
            return Some("base64");
        }
    }
    has(&lower, FOLDED.as_bytes()).then_some("folded")
}

fn replaced(bytes: &[u8], gone: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at..].starts_with(gone) {
            true => at += gone.len(),
            false => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

fn quoted_printable(byte: u8) -> String {
    if byte.is_ascii() { char::from(byte).to_string() } else { format!("={byte:02X}") }
}

/// A word in base64 as it stands behind so many other bytes, without the signs that its neighbours share.
fn coded(word: &str, offset: usize) -> String {
    let bytes: Vec<u8> = std::iter::repeat_n(0, offset).chain(word.bytes()).collect();
    let whole = bytes.len() / 3 * 3;
    let coded = STANDARD.encode(&bytes[..whole]);
    let skipped = if offset == 0 { 0 } else { 4 };
    coded[skipped..].to_owned()
}

/// Names every file below a folder in which one of the words stands, and in which form, with what stands around it.
pub fn found_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(found_below(&path));
        } else if let Some(form) = form_in(&std::fs::read(&path).unwrap()) {
            found.push(format!("{}: {form}: {}", path.display(), around(&path)));
        }
        if form_in(entry.file_name().as_encoded_bytes()).is_some() {
            found.push(format!("{}: its name", path.display()));
        }
    }
    found
}

fn around(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let lower = bytes.to_ascii_lowercase();
    let part = PARTS[0].as_bytes();
    let places = (0..lower.len().saturating_sub(part.len())).filter(|at| lower[*at..].starts_with(part));
    let shown = places.take(4).map(|at| {
        let (from, to) = (at.saturating_sub(100), (at + 60).min(bytes.len()));
        format!("@{at} {:?}", String::from_utf8_lossy(&bytes[from..to]))
    });
    shown.collect::<Vec<_>>().join("\n      ")
}

/// Names every column of every table in which one of the words stands.
pub async fn found_in_tables(url: &str) -> Vec<String> {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() \
         AND table_type = 'BASE TABLE'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    let mut found = Vec::new();
    for table in tables {
        let rows = format!("SELECT CAST(to_jsonb(t) AS TEXT) AS row FROM {table} t");
        for row in sqlx::query(&rows).fetch_all(&pool).await.unwrap() {
            let text: String = row.get("row");
            if let Some(form) = form_in(text.as_bytes()) {
                found.push(format!("{table}: {form}: {text}"));
            }
        }
    }
    let raw: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE position('luwstaart'::bytea in raw) > 0")
            .fetch_one(&pool)
            .await
            .unwrap();
    if raw > 0 {
        found.push(format!("mails.raw: {raw}"));
    }
    pool.close().await;
    found
}

#[test]
fn the_words_are_found_in_every_form() {
    let coded = |text: &str| STANDARD.encode(text);
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for (form, bytes) in [
        ("as it is", b"x ZWALUWSTAART y".to_vec()),
        ("as it is", format!("x {ACCENTED} y").into_bytes()),
        ("UTF-16", wide("een zwaluwstaart")),
        ("base64", coded("Zwaluwstaart").into_bytes()),
        ("base64", coded("1Zwaluwstaart").into_bytes()),
        ("base64", coded("12Zwaluwstaart en nog wat").into_bytes()),
        ("quoted-printable", b"Kwikst=\r\na=C3=A4rt".to_vec()),
        ("quoted-printable", b"Zwaluw=\r\nstaart".to_vec()),
        ("folded", b"kwikstaart".to_vec()),
    ] {
        assert_eq!(form_in(&bytes), Some(form), "{}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(form_in(b"een zwaluw met een staart"), None);
}
