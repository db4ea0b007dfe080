//! The same mail by two routes: one adds a footer or a warning, rewrites links or the sender. The Message-ID is
//! the same, and nearly every word of the shorter is in the longer (docs/mail.md "Dedup / exactly once").

use super::parse::ParsedMail;
use crate::workflow::MailOfId;
use std::collections::HashMap;

/// Returns whether a mail that came before under the same Message-ID is this one.
pub(super) fn is_same_letter(mail: &ParsedMail, before: &MailOfId) -> bool {
    // A group address writes itself into the place of the sender, and says who it was.
    let is_same_sender = before.sender == mail.from.email
        || mail.written_for.iter().any(|party| party.address() == Some(before.sender.as_str()));
    is_same_sender && says_the_same(&mail.text, &before.body)
}

fn says_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut left: HashMap<String, usize> = HashMap::new();
    for word in longer {
        *left.entry(word).or_default() += 1;
    }
    let found = shorter.iter().filter(|word| match left.get_mut(*word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    found.count() * 10 >= shorter.len() * 9 && (!shorter.is_empty() || left.is_empty())
}

/// Returns the words without addresses, which gateways rewrite.
fn words(text: &str) -> Vec<String> {
    let words = text.split_whitespace().filter(|word| !word.contains("://"));
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    bare.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gateways_add_and_rewrite_makes_no_other_mail() {
        let text = "Ik heb een klacht over de training. Zie https://x.nl/1 voor de foto van het lokaal.";
        for same in [
            text.to_owned(),
            format!("{text}\n-- \nGecontroleerd op virussen door Example Security.\n"),
            format!("LET OP: externe afzender\n\n{text}"),
            text.replace("https://x.nl/1", "https://safelinks.example/?url=x.nl%2F1"),
            text.replace(' ', "\n> "),
        ] {
            assert!(says_the_same(text, &same) && says_the_same(&same, text), "{same}");
        }
        for other in ["", "Ik trek mijn klacht in.", "Nog een klacht, nu over de lunch die te laat kwam."] {
            assert!(!says_the_same(text, other) && !says_the_same(other, text), "{other}");
        }
        assert!(says_the_same("", ""));
    }
}
