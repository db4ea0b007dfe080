//! The names of files in a dossier: ours by number, and what a stranger called a file only as far as it is harmless on any
//! computer.

use unicode_normalization::UnicodeNormalization;

/// The most characters of a stranger's name that are kept, and of its ending.
const KEPT: usize = 60;
const ENDING: usize = 8;

/// Returns the file of a mail, by its number in the dossier.
pub fn mail_name(number: usize) -> String {
    format!("mails/{number:04}.eml")
}

/// Returns the file of a letter, by its number in the dossier.
pub fn letter_name(number: usize, ending: &str) -> String {
    format!("letters/{number:04}.{ending}")
}

/// Returns the file of an attachment, by the numbers of its mail and of its own. What the sender called it follows them, so
/// that it leads nowhere, is no name that a system keeps for itself, and stands there once.
pub fn attachment_name(mail: usize, number: usize, called: &str) -> String {
    format!("attachments/{mail:04}-{number:03}-{}", harmless(called))
}

fn harmless(called: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let is_mark = |c: &char| unicode_normalization::char::is_combining_mark(*c);
    // A name may have any length; what is far behind is no part of what people call it.
    let (start, end) = match called.rsplit_once('.') {
        Some((start, end)) if is_ending(end) => (start, Some(end)),
        _ => (called, None),
    };
    let clean = |text: &str, most: usize| -> String {
        let clean: String = text.chars().take(most * 4).nfd().filter(|c| !is_mark(c)).map(plain).collect();
        let clean: String = clean.trim_matches(['.', '_']).replace("..", "_").chars().take(most).collect();
        clean.trim_end_matches(['.', '_']).to_owned()
    };
    let start = clean(start, KEPT);
    let start = if start.is_empty() { "file".to_owned() } else { start };
    match end.map(|end| clean(end, ENDING)).filter(|end| !end.is_empty()) {
        Some(end) => format!("{start}.{end}"),
        None => start,
    }
}

fn is_ending(text: &str) -> bool {
    (1..=ENDING).contains(&text.chars().count()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_stranger_calls_a_file_is_harmless() {
        for (called, kept) in [
            ("brief.pdf", "brief.pdf"),
            ("../../x", "x"),
            ("..\\..\\Windows\\x.dll", "Windows_x.dll"),
            ("CON", "CON"),
            ("Überweisung é.pdf", "Uberweisung_e.pdf"),
            ("gpj.\u{202e}exe", "gpj._exe"),
            ("", "file"),
            ("...", "file"),
            (".bashrc", "file.bashrc"),
            ("a\nb\0c.txt", "a_b_c.txt"),
            ("合同.docx", "file.docx"),
        ] {
            assert_eq!(attachment_name(1, 2, called), format!("attachments/0001-002-{kept}"), "{called:?}");
        }
        assert!(attachment_name(1, 1, &"x".repeat(1 << 20)).len() < 100);
    }

    proptest! {
        #[test]
        fn no_name_leads_anywhere(called: String) {
            let name = attachment_name(1, 1, &called);
            let rest = name.strip_prefix("attachments/").expect("in its folder");
            prop_assert!(rest.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{}", rest);
            prop_assert!(!rest.contains("..") && rest.len() < 100 && !rest.ends_with('.'));
        }
    }
}
