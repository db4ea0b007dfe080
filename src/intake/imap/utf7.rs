//! Names of folders as IMAP writes them: modified UTF-7 (RFC 3501, 5.1.3). People type what their mail program
//! shows them.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};

/// Returns the name as it is sent. One that is written so already stays as it is.
pub(super) fn utf7(name: &str) -> String {
    if name.is_ascii() && is_encoded(name) {
        return name.to_owned();
    }
    let mut out = String::new();
    let mut others = String::new();
    for c in name.chars() {
        if c.is_ascii_graphic() || c == ' ' {
            flush(&mut out, &mut others);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            others.push(c);
        }
    }
    flush(&mut out, &mut others);
    out
}

fn flush(out: &mut String, others: &mut String) {
    if others.is_empty() {
        return;
    }
    let units: Vec<u8> = others.encode_utf16().flat_map(u16::to_be_bytes).collect();
    out.push('&');
    out.push_str(&engine().encode(units));
    out.push('-');
    others.clear();
}

fn engine() -> GeneralPurpose {
    GeneralPurpose::new(&IMAP_MUTF7, NO_PAD)
}

/// Returns whether every `&` begins what is encoded, and nothing is encoded that need not be.
fn is_encoded(name: &str) -> bool {
    name.split('&').skip(1).all(|rest| {
        let Some((inside, _)) = rest.split_once('-') else { return false };
        inside.is_empty()
            || engine().decode(inside).is_ok_and(|units| !units.is_empty() && units.len() % 2 == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::utf7;

    #[test]
    fn folders_are_named_as_the_server_knows_them() {
        for (typed, sent) in [
            ("INBOX", "INBOX"),
            ("Geïnkomen", "Ge&AO8-nkomen"),
            ("Verwerkt/été", "Verwerkt/&AOk-t&AOk-"),
            ("台北", "&U,BTFw-"),
            ("😀", "&2D3eAA-"),
            ("R&D", "R&-D"),
            ("R&-D", "R&-D"),
            ("Ge&AO8-nkomen", "Ge&AO8-nkomen"),
            ("R&D-afdeling", "R&-D-afdeling"),
            ("", ""),
        ] {
            assert_eq!(utf7(typed), sent, "{typed}");
        }
    }
}
