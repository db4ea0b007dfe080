//! The HTML of a letter as a whole document, for mail programs old and new, light and dark.

use crate::escape;

/// The style that mail programs keep: on the elements themselves. Colours are the reader's.
const STYLE: &str = "margin:0 auto;padding:16px;max-width:640px;font-family:Arial,Helvetica,sans-serif;\
    font-size:16px;line-height:1.5;overflow-wrap:anywhere;word-break:break-word";

/// Returns the document of a letter with this subject, whose text is `html` in a language, `nl` or `en`.
pub(super) fn document(subject: &str, html: &str, language: &str) -> String {
    let title = escape::markup(subject);
    let body = unbroken(html, number_in(subject));
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{title}</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div style=\"{STYLE}\">\n{body}</div>\n</body>\n</html>\n",
        escape::markup(language)
    )
}

/// Returns the number that the subject's tag `[K-2026-0001-x7q]` holds.
fn number_in(subject: &str) -> Option<&str> {
    let tag = subject.rsplit_once('[')?.1.split(']').next()?;
    tag.rsplit_once('-').map(|(number, _)| number).filter(|number| !number.is_empty())
}

/// Keeps the number on one line wherever it stands between tags.
fn unbroken(html: &str, number: Option<&str>) -> String {
    let Some(number) = number else { return html.to_owned() };
    let whole = format!("<span style=\"white-space:nowrap\">{number}</span>");
    let mut out = String::with_capacity(html.len());
    for piece in html.split_inclusive('>') {
        let (words, tag) =
            piece.split_at(piece.rfind('<').filter(|_| piece.ends_with('>')).unwrap_or(piece.len()));
        out.push_str(&words.replace(number, &whole));
        out.push_str(tag);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_does_not_break_and_addresses_stay_whole() {
        let html =
            "<p>Klacht <strong>K-2026-0001</strong> <a href=\"https://x.nl/K-2026-0001\">hier</a></p>\n";
        let whole = document("Uw klacht [K-2026-0001-x7q]", html, "nl");
        let number = "<strong><span style=\"white-space:nowrap\">K-2026-0001</span></strong>";
        assert!(whole.contains(number), "{whole}");
        assert!(whole.contains("href=\"https://x.nl/K-2026-0001\""), "{whole}");
        assert!(document("<b>", html, "en").contains("<title>&lt;b&gt;</title>"));
    }
}
