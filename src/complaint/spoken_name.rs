//! How somebody is addressed: a display name as it is spoken, where it is one.

/// The most words of a name.
const WORDS: usize = 6;
/// The longest name, in characters.
const CHARACTERS: usize = 60;
/// Words of a name that are written small.
const PARTICLES: &[&str] = &[
    "van", "de", "der", "den", "het", "ter", "ten", "te", "op", "in", "la", "le", "les", "du", "des", "von",
    "zu", "zum", "zur", "und", "da", "di", "del", "della", "do", "dos", "das", "e", "y", "el", "al", "bin",
    "ibn", "ben", "af", "av", "'t", "'s", "’t", "’s", "en", "and",
];

/// Returns a display name as it is shown to our own people: as it is spoken, or as it stands where it does not look like a
/// name. None where nothing stands there.
pub fn shown_name(said: &str) -> Option<String> {
    spoken_name(said).or_else(|| Some(said.trim().to_owned()).filter(|name| !name.is_empty()))
}

/// Returns a display name in the order in which it is spoken: "Jansen, Piet" is Piet Jansen. None for what does
/// not look like a name: an address, a sentence, an offer; its bearer is addressed neutrally.
pub fn spoken_name(said: &str) -> Option<String> {
    let plain = without_additions(said);
    let plain = plain.trim().trim_matches(['"', '\'', '“', '”', ' ']);
    let turned = match plain.split_once(',') {
        Some((last, first)) if first.contains(',') || last.trim().is_empty() => return None,
        // "de Vries, Jan" and "Vries, Jan de" are Jan de Vries.
        Some((last, first)) if !first.trim().is_empty() => format!("{} {}", first.trim(), last.trim()),
        _ => plain.trim_end_matches(',').to_owned(),
    };
    let words: Vec<&str> = turned.split_whitespace().collect();
    let is_name = !words.is_empty()
        && words.len() <= WORDS
        && turned.chars().count() <= CHARACTERS
        && words.iter().all(|word| is_part(word))
        && words
            .iter()
            .any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !is_particle(word));
    is_name.then(|| words.join(" "))
}

/// Leaves out what stands in brackets, and the group or service that a name came through.
fn without_additions(said: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in said.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let cut = [" via ", " | ", " / "].iter().filter_map(|by| out.find(by)).min();
    out.truncate(cut.unwrap_or(out.len()));
    out
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word.to_lowercase().as_str())
}

/// Returns whether a word may be part of a name: it begins with a capital, unless it is a particle, and holds
/// letters and what stands between them.
fn is_part(word: &str) -> bool {
    if is_particle(word) {
        return true;
    }
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.');
    let first = word.chars().next();
    // Scripts without capitals have names as well.
    first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
        && word.chars().all(is_letter)
        && !word.contains("..")
        && word.chars().count() <= 30
        && !has_host(word)
}

/// Returns whether a word reads as the name of a host: a point with small letters on both sides.
fn has_host(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(3).any(|w| w[1] == '.' && w[0].is_lowercase() && w[2].is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::{shown_name, spoken_name};

    #[test]
    fn our_own_people_see_what_stands_there() {
        for (said, shown) in [
            ("Vries, Jan de", Some("Jan de Vries")),
            (" Klantenservice 24/7 BV ", Some("Klantenservice 24/7 BV")),
            ("", None),
            ("  ", None),
        ] {
            assert_eq!(shown_name(said).as_deref(), shown, "{said:?}");
        }
    }

    #[test]
    fn names_are_spoken_in_their_order() {
        for (said, spoken) in [
            ("Jan Jansen", "Jan Jansen"),
            ("Jansen, Piet", "Piet Jansen"),
            ("\"Jansen, Piet\"", "Piet Jansen"),
            ("de Vries, Jan", "Jan de Vries"),
            ("Vries, Jan de", "Jan de Vries"),
            ("Jansen, P.J.", "P.J. Jansen"),
            ("Jansen, Piet (Utrecht)", "Piet Jansen"),
            ("Mia de Wit via Planning", "Mia de Wit"),
            ("Anne-Marie 't Hooft", "Anne-Marie 't Hooft"),
            ("O’Brien", "O’Brien"),
            ("Bakkerij Jansen B.V.", "Bakkerij Jansen B.V."),
            ("Łukasz Żółć", "Łukasz Żółć"),
            ("李小龙", "李小龙"),
            ("JAN JANSEN", "JAN JANSEN"),
        ] {
            assert_eq!(spoken_name(said).as_deref(), Some(spoken), "{said}");
        }
    }

    #[test]
    fn what_is_no_name_is_not_spoken() {
        for said in [
            "",
            "jan@example.nl",
            "You won 5000 EUR! Claim at https://evil.example",
            "Claim your prize now",
            "www.evil.example",
            "Evil.example",
            "klantenservice",
            "Jan <b>Jansen</b>",
            "[klik](http://evil.example)",
            "**Jan**",
            "1234",
            "J.",
            "de",
            "Jansen, Piet, Utrecht",
            "Een Heel Lange Naam Die Niemand Zo Draagt",
        ] {
            assert_eq!(spoken_name(said), None, "{said}");
        }
    }
}
