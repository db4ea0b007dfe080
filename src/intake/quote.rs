//! The beginning of a mail's history: what the sender wrote now stands before it. Pages fold it; nothing
//! removes it. In doubt there is none: what is shown twice costs less than a complaint that is folded away.

/// Lines that mail programs write above what was written before (small letters).
const SEPARATORS: &[&str] = &[
    "-----original message-----",
    "-----oorspronkelijk bericht-----",
    "-------- original message --------",
    "-------- oorspronkelijk bericht --------",
    "-----ursprüngliche nachricht-----",
    "-----message d'origine-----",
];
/// The words by which programs name who wrote, when, to whom and about what.
const FROM: &[&str] = &["van:", "from:", "von:", "de:"];
const OTHERS: [&[&str]; 3] = [
    &["verzonden:", "sent:", "datum:", "date:", "gesendet:", "envoyé:"],
    &["aan:", "to:", "an:", "à:"],
    &["onderwerp:", "subject:", "betreff:", "objet:", "betreft:"],
];
/// The most lines of a header block.
const BLOCK: usize = 7;
/// The most lines of a signature; what is longer was written.
const SIGNATURE: usize = 25;

/// Finds the byte at which the quoted history or the signature begins; none when there is neither.
pub(super) fn history_of(text: &str) -> Option<usize> {
    let mut at = 0;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // From this line on there is nothing but quotation.
    let written = lines.iter().rposition(|l| !l.trim().is_empty() && !l.trim_start().starts_with('>'));
    let quoted_from = written.map_or(0, |i| i + 1);
    for (i, line) in lines.iter().enumerate() {
        let begins = (i >= quoted_from && line.trim_start().starts_with('>'))
            || is_separator(&lines[i..])
            || is_introduction(&lines[i..], i, quoted_from)
            || is_header_block(&lines[i..])
            || is_signature(&lines[i..]);
        // A mail that begins with its history is a forward: all of it is the message.
        if begins && !text[..at].trim().is_empty() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn small(line: &str) -> String {
    line.trim().to_lowercase()
}

/// Recognises the line above an earlier mail. A line of underscores is one only above a header block.
fn is_separator(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|l| l.trim()) else { return false };
    let is_rule = first.len() >= 20 && first.chars().all(|c| c == '_' || c == '-');
    let below = || lines.iter().skip(1).position(|l| !l.trim().is_empty()).map(|i| &lines[i + 1..]);
    SEPARATORS.contains(&small(first).as_str()) || (is_rule && below().is_some_and(is_header_block))
}

/// Recognises "Op ma 16 nov 2026 om 14:03 schreef Jan <jan@…>:" and its likeness in other languages, on one
/// line or two, by what stands around it: an address in angle brackets before the colon, or nothing but
/// quotation behind it. A sentence that ends in a colon has neither.
fn is_introduction(lines: &[&str], at: usize, quoted_from: usize) -> bool {
    let starts = |line: &str| ["op ", "on ", "am ", "le "].iter().any(|w| line.starts_with(w));
    let wrote = |line: &str| ["schreef", "wrote", "schrieb", "a écrit"].iter().any(|w| line.contains(w));
    let first = lines.first().map(|l| small(l)).unwrap_or_default();
    if !starts(&first) {
        return false;
    }
    let two = format!("{first} {}", lines.get(1).map(|l| small(l)).unwrap_or_default());
    [(first, 1), (two, 2)].iter().any(|(line, length)| {
        let is_quoted_on = || {
            let next = lines.iter().skip(*length).position(|l| !l.trim().is_empty());
            next.is_some_and(|next| at + length + next >= quoted_from)
        };
        line.ends_with(':') && wrote(line) && (line.ends_with(">:") || is_quoted_on())
    })
}

/// Recognises "Van: … Verzonden: … Aan: …", as Outlook writes it: at least three of its lines.
fn is_header_block(lines: &[&str]) -> bool {
    let names = |line: &str, words: &[&str]| {
        let line = small(line.trim_start().trim_start_matches('*')).replace(":*", ":");
        words.iter().any(|w| line.starts_with(w))
    };
    let block = || lines.iter().take(BLOCK).take_while(|l| !l.trim().is_empty());
    let known = || OTHERS.iter().filter(|words| block().any(|l| names(l, words))).count();
    lines.first().is_some_and(|first| names(first, FROM)) && known() >= 2
}

/// Recognises the line above a signature (RFC 3676, 4.3).
fn is_signature(lines: &[&str]) -> bool {
    let is_mark = lines.first().is_some_and(|line| matches!(*line, "-- \n" | "-- \r\n"));
    is_mark && lines.iter().filter(|l| !l.trim().is_empty() && !l.starts_with('>')).count() <= SIGNATURE
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
            "From: Lagant\nSent: Monday\nSubject: x\n",
            "________________________________\nVan: Lagant <planning@lagant.nl>\nVerzonden: maandag\nAan: Jan\n",
            "________________________________\n\n*Van:* Lagant\n*Datum:* maandag\n*Aan:* Jan\n",
            "Am Mo., 16. Nov. 2026 um 14:03 schrieb Lagant <planning@lagant.nl>:\nalt\n",
            "Op ma 16 nov 2026 om 14:03 schreef Lagant:\n\n> oud\n\n> ouder\n",
            "> oud\n> ouder\n",
            "-- \nJan\n",
        ] {
            let text = format!("Mijn antwoord.\n\n{history}");
            assert_eq!(fresh(&text), "Mijn antwoord.\n\n", "{history}");
        }
    }

    #[test]
    fn nothing_is_lost_where_there_is_no_history() {
        let long = format!("Ik citeer.\n-- \n{}", "een regel\n".repeat(30));
        for text in [
            "Alleen tekst\n> een citaat\nen meer\n",
            "",
            "> alles is citaat\n",
            "Van: x\nVerzonden: y\nAan: z\n",
            "Hallo,\nOp 12 november kreeg ik een mail waarin uw planner schreef:\n\"het gaat door\". Dicht.\n",
            "Hallo,\nOp 12 november schreef u:\n> het gaat door\nToch was de deur dicht.\n",
            "Op 1 mei, Jan schreef u:\n> het gaat door\n\nMijn antwoord staat eronder.\n",
            "Hallo,\n________________________________\nMIJN KLACHT\n________________________________\nDicht.\n",
            "Nieuw bericht\nVan: Nora\nE-mail: nora@example.nl\nBericht: de deur was dicht\n",
            &long,
        ] {
            assert_eq!(fresh(text), text);
        }
    }
}
