//! The beginning of a mail's history: what the sender wrote now stands before it. Pages fold it; nothing
//! removes it.

/// Lines that introduce what was written before, as mail programs write them (small letters).
const SEPARATORS: &[&str] = &[
    "-----original message-----",
    "-----oorspronkelijk bericht-----",
    "-------- original message --------",
    "-------- oorspronkelijk bericht --------",
    "________________________________",
];

/// Finds the byte at which the quoted history or the signature begins; none when there is neither.
pub(super) fn history_of(text: &str) -> Option<usize> {
    let mut at = 0;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (i, line) in lines.iter().enumerate() {
        let plain = line.trim().to_lowercase();
        let with_next = || lines.get(i + 1).map(|next| format!("{plain} {}", next.trim().to_lowercase()));
        let begins = SEPARATORS.iter().any(|s| plain == *s)
            || is_introduction(&plain)
            || (starts_introduction(&plain) && with_next().is_some_and(|lines| is_introduction(&lines)))
            || (plain.starts_with('>')
                && lines[i..].iter().all(|l| l.trim().is_empty() || l.trim().starts_with('>')))
            || is_header_block(&lines[i..])
            || *line == "-- \n"
            || *line == "-- \r\n";
        // A mail that begins with its history is a forward: all of it is the message.
        if begins && !text[..at].trim().is_empty() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn starts_introduction(line: &str) -> bool {
    line.starts_with("op ") || line.starts_with("on ")
}

/// Recognises "Op ma 16 nov 2026 om 14:03 schreef Jan <jan@…>:" and its English likeness.
fn is_introduction(line: &str) -> bool {
    (line.starts_with("op ") && line.contains(" schreef") && line.ends_with(':'))
        || (line.starts_with("on ") && line.ends_with("wrote:"))
}

/// Recognises "Van: … Verzonden: …", as Outlook writes it.
fn is_header_block(lines: &[&str]) -> bool {
    let starts = |line: Option<&&str>, words: &[&str]| {
        let line = line.map(|l| l.trim().trim_start_matches('*').to_lowercase());
        line.is_some_and(|line| words.iter().any(|w| line.starts_with(w)))
    };
    starts(lines.first(), &["van:", "from:"])
        && starts(lines.get(1), &["verzonden:", "sent:", "datum:", "date:", "aan:", "to:"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(text: &str) -> &str {
        &text[..history_of(text).unwrap_or(text.len())]
    }

    #[test]
    fn what_was_written_before_is_found_in_many_programs() {
        for history in [
            "Op ma 16 nov 2026 om 14:03 schreef Lagant <planning@lagant.nl>:\n> oud\n",
            "On Mon, Nov 16, 2026 at 2:03 PM Lagant\n<planning@lagant.nl> wrote:\n> oud\n",
            "-----Oorspronkelijk bericht-----\nVan: Lagant\n",
            "Van: Lagant <planning@lagant.nl>\nVerzonden: maandag 16 november 2026 14:03\nAan: Jan\n",
            "From: Lagant\nSent: Monday\n",
            "> oud\n> ouder\n",
            "-- \nJan\n",
        ] {
            let text = format!("Mijn antwoord.\n\n{history}");
            assert_eq!(fresh(&text), "Mijn antwoord.\n\n", "{history}");
        }
    }

    #[test]
    fn nothing_is_lost_where_there_is_no_history() {
        for text in
            ["Alleen tekst\n> een citaat\nen meer\n", "", "> alles is citaat\n", "Van: x\nVerzonden: y\n"]
        {
            assert_eq!(fresh(text), text);
        }
    }
}
