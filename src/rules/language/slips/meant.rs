//! Words of the rules as people call them in Dutch, and in other languages of scripts.

use super::units::unit;

/// What people write for a value or a variable.
const VALUES: &[(&str, &str)] = &[
    ("waar", "true"),
    ("ja", "true"),
    ("yes", "true"),
    ("on", "true"),
    ("true", "true"),
    ("onwaar", "false"),
    ("nee", "false"),
    ("no", "false"),
    ("off", "false"),
    ("false", "false"),
    ("leeg", "()"),
    ("niets", "()"),
    ("geen", "()"),
    ("none", "()"),
    ("null", "()"),
    ("nil", "()"),
    ("nothing", "()"),
    ("empty", "()"),
    ("undefined", "()"),
    ("nu", "now"),
    ("vandaag", "today"),
    ("klacht", "complaint"),
    ("invoer", "input"),
    ("maandelijks", "months(1)"),
    ("monthly", "months(1)"),
    ("wekelijks", "weeks(1)"),
    ("weekly", "weeks(1)"),
    ("dagelijks", "days(1)"),
    ("daily", "days(1)"),
    ("jaarlijks", "years(1)"),
    ("yearly", "years(1)"),
    ("kwartaal", "months(3)"),
    ("quarter", "months(3)"),
];

/// What people write for a word that takes something.
const WORDS: &[(&str, &str)] = &[
    ("termijn", "deadline"),
    ("bericht", "notify"),
    ("meld", "notify"),
    ("stuur", "notify"),
    ("mail", "notify"),
    ("send", "notify"),
    ("bekend", "known"),
    ("ingevuld", "known"),
    ("gebeurd", "happened"),
    ("opmerking", "remark"),
    ("weiger", "refuse"),
    ("laatste", "last"),
    ("brief", "letter"),
    ("keuze", "choice"),
    ("tekst", "text"),
    ("datum", "date"),
    ("getal", "number"),
    ("persoon", "person"),
    ("bestand", "file"),
];

/// Returns what was meant by the name of a value that does not exist.
pub(in crate::rules) fn value(name: &str) -> Option<String> {
    let plain = name.to_lowercase();
    let listed = VALUES.iter().find(|(other, _)| *other == plain).map(|(_, meant)| (*meant).to_owned());
    listed.filter(|meant| *meant != name).or_else(|| unit(name).map(|word| format!("{word}(1)")))
}

/// Returns what was meant by a word that takes something and does not exist.
pub(in crate::rules) fn word(name: &str) -> Option<&'static str> {
    let plain = name.to_lowercase();
    let listed = WORDS.iter().find(|(other, _)| *other == plain).map(|(_, meant)| *meant);
    listed.or_else(|| unit(name)).filter(|meant| *meant != name)
}
