//! Mails of realistic sizes, 1 to 200 kB: plain, with HTML, with a long history, with attachments. The same number gives
//! the same mail. None has a date, so that it is of the day on which it is taken in.

use base64::Engine as _;

const SENTENCES: [&str; 8] = [
    "Op de dag zelf stond er niemand om ons te ontvangen en wij hebben ruim een uur gewacht.",
    "De zaal was te klein voor de groep en de beamer deed het de hele ochtend niet.",
    "Ik heb hierover al gebeld, maar ik werd van de ene naar de andere afdeling doorverbonden.",
    "De trainer was vriendelijk, maar het materiaal klopte niet met wat er was toegezegd.",
    "Parkeren kostte mij 27,50 euro, terwijl in de uitnodiging stond dat het gratis was.",
    "Graag hoor ik van u hoe dit kon gebeuren en wat u eraan gaat doen.",
    "De lunch was op toen wij aan de beurt waren; ook aan diëten was niet gedacht.",
    "Mijn collega's van de vorige groep vertelden dat het bij hen precies zo ging.",
];
const PLACES: [&str; 5] = ["Utrecht", "Zwolle", "Eindhoven", "Den Haag", "Groningen"];
/// Where half of the complainants have their mailbox; the others write from their firm's.
const PROVIDERS: [&str; 4] = ["gmail.example", "hotmail.example", "ziggo.example", "kpn.example"];

/// Makes the mail with this number, of somebody who has not written before.
pub fn mail(i: usize) -> Vec<u8> {
    let domain = match i % 2 {
        0 => PROVIDERS[i / 2 % PROVIDERS.len()].to_owned(),
        _ => format!("firma{}.example", i / 6),
    };
    let place = PLACES[i % PLACES.len()];
    let head = format!(
        "From: Klager {i} <k{i}@{domain}>\r\nTo: planning@lagant.nl\r\n\
         Subject: Klacht over de training in {place} ({i})\r\nMessage-ID: <{i}.bericht@{domain}>\r\nMIME-Version: 1.0\r\n"
    );
    let opening = format!("Beste mensen,\r\n\r\nIk heb een klacht over de training in {place}. ");
    let text = |bytes: usize| format!("{opening}{}\r\n\r\nMet groet,\r\nKlager {i}\r\n", story(i, bytes));
    let body = match i % 20 {
        n @ 0..=9 => plain(&text(800 + 350 * n)),
        n @ 10..=15 => parts("alternative", &[plain(&text(700 * n)), html(&story(i, 1_200 * n))]),
        16 | 17 => plain(&format!("{}\r\n{}", text(2_000), history(i, 45_000))),
        18 => parts("mixed", &[plain(&text(1_500)), attachment(i, 55_000)]),
        _ => parts("mixed", &[plain(&text(3_000)), attachment(i, 140_000)]),
    };
    format!("{head}{body}").into_bytes()
}

fn story(i: usize, bytes: usize) -> String {
    let mut told = String::with_capacity(bytes + 100);
    for n in 0.. {
        told.push_str(SENTENCES[(i + n * 3 + n / 8) % SENTENCES.len()]);
        told.push_str(if n % 6 == 5 { "\r\n\r\n" } else { "\r\n" });
        if told.len() >= bytes {
            break;
        }
    }
    told
}

fn plain(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}")
}

fn html(text: &str) -> String {
    let paragraphs = text.replace("\r\n\r\n", "</p>\r\n<p class=\"MsoNormal\" style=\"margin:0cm\">");
    format!(
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         <html><body><p class=\"MsoNormal\">{paragraphs}</p></body></html>\r\n"
    )
}

/// Writes what was answered to what was answered, as mail programs leave it below a mail.
fn history(i: usize, bytes: usize) -> String {
    let quoted = story(i + 1, bytes).replace("\r\n", "\r\n> ");
    format!("Op ma 16 nov. 2026 om 10:12 schreef Planning <planning@lagant.nl>:\r\n\r\n> {quoted}\r\n")
}

fn attachment(i: usize, bytes: usize) -> String {
    let mut state = i as u64 + 1;
    let mut content = b"%PDF-1.4\n".to_vec();
    content.extend(
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .take(bytes),
    );
    let encoded = base64::engine::general_purpose::STANDARD.encode(content);
    let mut lines = String::with_capacity(encoded.len() * 80 / 76 + 2);
    for start in (0..encoded.len()).step_by(76) {
        lines.push_str(&encoded[start..encoded.len().min(start + 76)]);
        lines.push_str("\r\n");
    }
    format!(
        "Content-Type: application/pdf; name=\"factuur.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"factuur.pdf\"\r\n\r\n{lines}"
    )
}

fn parts(kind: &str, parts: &[String]) -> String {
    let parts: String = parts.iter().map(|part| format!("--deel\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/{kind}; boundary=\"deel\"\r\n\r\n{parts}--deel--\r\n")
}
