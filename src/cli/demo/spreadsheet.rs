//! An earlier register as a company kept it in a spreadsheet: rows over ten years, of which those of the last weeks are not
//! handled yet. The same number gives the same row, but for its days, which end on a given day. The end-to-end benchmark makes
//! its registers of it as well (`benches/e2e/register.rs`).

use chrono::{Days, NaiveDate};
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::path::Path;

/// The days over which it reaches.
pub(super) const DAYS: u64 = 3_650;

const HEADINGS: &str = "Klachtnummer;Datum;Naam;E-mail;Onderwerp;Omschrijving;Kanaal;Behandelaar;Oordeel;\
    Datum besluit;Motivering;Oplossing;Akkoord;Oorzaak;Soort oorzaak;Afgehandeld;Datum afhandeling";
const FIRST_NAMES: [&str; 8] = ["Jan", "Fatima", "Willemijn", "Mohammed", "Anneke", "Piotr", "Sanne", "Dirk"];
const LAST_NAMES: [&str; 10] = [
    "de Vries",
    "Jansen",
    "Yılmaz",
    "van den Berg",
    "Bakker",
    "El Amrani",
    "Visser",
    "Kowalski",
    "Smit",
    "Mulder",
];
const PLACES: [&str; 7] = ["Utrecht", "Zwolle", "Eindhoven", "Den Haag", "Groningen", "Breda", "Arnhem"];
const COURSES: [&str; 6] =
    ["Excel", "timemanagement", "leidinggeven", "projectmatig werken", "BHV", "klantgericht telefoneren"];
const SENTENCES: [&str; 10] = [
    "Op de dag zelf stond er niemand om ons te ontvangen en wij hebben ruim een uur gewacht.",
    "De zaal was te klein voor de groep en de beamer deed het de hele ochtend niet.",
    "Gebeld, en van de ene naar de andere afdeling doorverbonden.",
    "De trainer was vriendelijk, maar het materiaal klopte niet met wat er was toegezegd.",
    "Parkeren kostte 27,50 euro, terwijl in de uitnodiging stond dat het gratis was.",
    "De lunch was op toen de groep aan de beurt was, en ook aan diëten was niet gedacht.",
    "De factuur is hoger dan de offerte, en een creditnota blijft uit.",
    "De training ging niet door en niemand had dat gemeld.",
    "Het certificaat is twee keer met een verkeerde naam gestuurd.",
    "De vorige groep had precies hetzelfde, en er is niets veranderd.",
];
const CHANNELS: [&str; 4] = ["e-mail", "e-mail", "telefoon", "brief"];
/// Of ten: the last has left, and is nobody of the settings.
const HANDLERS: [&str; 10] = [
    "behandelaar@lagant.nl",
    "behandelaar@lagant.nl",
    "behandelaar@lagant.nl",
    "behandelaar@lagant.nl",
    "behandelaar@lagant.nl",
    "behandelaar@lagant.nl",
    "Ontvanger",
    "Ontvanger",
    "Ontvanger",
    "P. de Groot",
];
const VERDICTS: [&str; 5] = ["gegrond", "gegrond", "deels gegrond", "ongegrond", "ongegrond"];
const AGREEMENTS: [&str; 4] = ["ja", "ja", "nee", ""];
const CAUSES: [&str; 7] = [
    "informatie en verwachtingen",
    "planning en organisatie",
    "planning en organisatie",
    "trainer",
    "lesmateriaal",
    "locatie en voorzieningen",
    "administratie en facturatie",
];
const SOLUTIONS: [&str; 4] = [
    "Een deel van het bedrag is terugbetaald.",
    "De training is kosteloos overgedaan.",
    "Excuses aangeboden en de werkwijze aangepast.",
    "Uitgelegd waarom het zo is gegaan.",
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.below(words.len())]
    }
}

/// Writes these rows of so many, the last of which was received on a day.
pub(super) fn write(file: &Path, rows: Range<usize>, of: usize, last: NaiveDate) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    writeln!(out, "{HEADINGS}")?;
    for i in rows {
        writeln!(out, "{}", row(i, of, last))?;
    }
    out.flush()
}

fn row(i: usize, of: usize, last: NaiveDate) -> String {
    let mut dice = Dice(i as u64);
    let received = last - Days::new(DAYS - 1 - DAYS * i as u64 / of as u64);
    let decided = received + Days::new(3 + dice.below(40) as u64);
    let handled = decided + Days::new(dice.below(20) as u64);
    // One in three has complained before, on another day: what is alike on one day is the same complaint.
    let who = if i.is_multiple_of(3) && i > 1_000 { i / 2 } else { i };
    let (first, surname) = (FIRST_NAMES[who % 8], LAST_NAMES[who / 8 % 10]);
    let domain =
        if who.is_multiple_of(2) { "gmail.example".to_owned() } else { format!("firma{}.example", who / 7) };
    let (course, place) = (dice.of(&COURSES), dice.of(&PLACES));
    let (year, channel, handler) = (received.format("%Y"), dice.of(&CHANNELS), dice.of(&HANDLERS));
    let said: Vec<&str> = (0..2 + dice.below(4)).map(|_| dice.of(&SENTENCES)).collect();
    let what = said.join(" ");
    let known = format!(
        "{year}/{i};{received};{first} {surname};k{who}@{domain};{course} in {place};{what};{channel};{handler};"
    );
    if handled > last {
        return format!("{known};;;;;;;nee;");
    }
    let (verdict, reasons, solution) = (dice.of(&VERDICTS), dice.of(&SENTENCES), dice.of(&SOLUTIONS));
    let (agreement, cause, kind) = (dice.of(&AGREEMENTS), dice.of(&SENTENCES), dice.of(&CAUSES));
    format!("{known}{verdict};{decided};{reasons};{solution};{agreement};{cause};{kind};ja;{handled}")
}
