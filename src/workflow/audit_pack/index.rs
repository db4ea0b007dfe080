//! The page that leads through an audit pack. It needs nothing beside it but the files that it leads to.

use super::asked::{Answered, Standing};
use super::sample::Sample;
use super::terms::Terms;
use crate::archive::Entry;
use crate::complaint::{Language, Words};
use crate::dossier::WithoutDossier;
use crate::escape;

const STYLE: &str = include_str!("../../../assets/report/report.css");

/// What the page tells of.
pub(super) struct Told<'t> {
    pub language: Language,
    pub organisation: &'t str,
    pub year: i32,
    pub made_at: &'t str,
    pub head: &'t str,
    pub seed: &'t str,
    pub sample: &'t Sample,
    pub without_dossier: &'t [WithoutDossier],
    pub terms: &'t Terms,
    pub asked: &'t [Answered],
    /// Where the numbers of what is asked come from.
    pub numbers: Option<&'t str>,
    pub files: &'t [Entry],
}

/// Returns the page.
pub(super) fn page(told: &Told<'_>) -> String {
    let page = Page { told, out: String::new() };
    page.written()
}

struct Page<'p> {
    told: &'p Told<'p>,
    out: String,
}

impl Page<'_> {
    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        Words::new(nl, en).in_language(self.told.language)
    }

    fn add(&mut self, markup: &str) {
        self.out.push_str(markup);
        self.out.push('\n');
    }

    fn heading(&mut self, nl: &'static str, en: &'static str) {
        let said = self.say(nl, en);
        self.add(&format!("<h2>{said}</h2>"));
    }

    fn text(&mut self, nl: &'static str, en: &'static str) {
        let said = self.say(nl, en);
        self.add(&format!("<p>{said}</p>"));
    }

    fn written(mut self) -> String {
        let t = self.told;
        let lang = t.language.as_str();
        let title = format!("{} {}", self.say("Auditpakket", "Audit pack"), t.year);
        let organisation = shown(t.organisation);
        self.add(&format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>"
        ));
        let made = self.say("gemaakt op", "made at");
        let of = if organisation.is_empty() { String::new() } else { format!("{organisation}, ") };
        self.add(&format!("<p>{of}{made} {}</p>", shown(t.made_at)));
        self.text(
            "Klachten die in dit jaar binnenkwamen. In dit pakket staan namen en teksten van klagers: bewaar het veilig, en niet \
             langer dan nodig.",
            "Complaints that came in during this year. This pack holds names and texts of complainants: keep it safe, and no \
             longer than needed.",
        );
        self.parts();
        self.asked();
        self.terms();
        self.sample();
        self.genuine();
        self.files();
        self.add("</main>\n</body>\n</html>");
        self.out
    }

    fn parts(&mut self) {
        self.heading("Wat erin staat", "What is in it");
        let parts = [
            (
                "procedure/clauses.txt",
                "De procedure, zin voor zin, met wat elke zin draagt",
                "The procedure, sentence by sentence, with what carries each",
            ),
            ("register/register.xlsx", "Het register van het jaar", "The register of the year"),
            (
                "figures/report.html",
                "De cijfers van het jaar, met wat er is geteld",
                "The figures of the year, with what was counted",
            ),
            ("terms/terms.csv", "Elke termijn van elke klacht", "Each term of each complaint"),
            (
                "requirements/requirements.csv",
                "Wat ISO 10002 en CRKBO vragen, en wat dat draagt",
                "What ISO 10002 and CRKBO ask, and what carries it",
            ),
        ];
        self.add("<ul>");
        for (path, nl, en) in parts {
            let said = self.say(nl, en);
            self.add(&format!("<li><a href=\"{path}\">{said}</a></li>"));
        }
        self.add("</ul>");
    }

    fn asked(&mut self) {
        self.heading("Gevraagd en gedragen", "Asked and carried");
        let (t, language) = (self.told, self.told.language);
        if t.asked.is_empty() {
            self.text(
                "De map met regels zegt niet wat er van de procedure wordt gevraagd (requirements.toml).",
                "The rules folder does not say what is asked of the procedure (requirements.toml).",
            );
            return;
        }
        let gaps = t.asked.iter().filter(|a| a.standing == Standing::Gap).count();
        let said = self.say(
            "onderdelen waarvoor hier niets is; die toont de organisatie zelf.",
            "parts for which there is nothing here; the organisation shows those itself.",
        );
        self.add(&format!("<p>{gaps} {said}</p>"));
        if let Some(numbers) = t.numbers {
            self.add(&format!("<p>{}</p>", shown(numbers)));
        }
        let headings = [
            self.say("Onderdeel", "Part"),
            self.say("Gevraagd", "Asked"),
            self.say("Stand", "Standing"),
            self.say("Zinnen", "Sentences"),
            self.say("Cijfers", "Figures"),
            self.say("Zelf te tonen", "To be shown beside"),
        ];
        let caption = self.say("Wat ISO 10002 en CRKBO vragen", "What ISO 10002 and CRKBO ask");
        let rows = t.asked.iter().map(|a| {
            vec![
                format!("{} {}", a.of, a.part),
                a.text(language).to_owned(),
                a.standing.word(language).to_owned(),
                a.rows_text(),
                a.figures_text(),
                a.beside(language).to_owned(),
            ]
        });
        self.table(caption, &headings.map(str::to_owned), rows.collect());
    }

    fn terms(&mut self) {
        self.heading("Termijnen", "Terms");
        let (headings, rows) = (self.told.terms.summary_heading(), self.told.terms.summary_rows());
        let caption = self.say("Wat er van elke termijn werd", "What became of each term");
        self.table(caption, &headings, rows);
    }

    fn sample(&mut self) {
        self.heading("Steekproef", "Sample");
        let sample = self.told.sample;
        let (drawn, escalated) = (sample.drawn(), sample.escalated());
        let of = self.say("getrokken uit", "drawn from");
        let with = self.say("met het getal", "with the seed");
        let count = sample.of;
        self.add(&format!(
            "<p>{} {of} {count} {with} <code>{}</code>.</p>",
            drawn.len(),
            shown(self.told.seed)
        ));
        self.text(
            "Getrokken zijn de klachten met de kleinste SHA-256 van getal, dubbele punt en nummer. Wie trekt, kiest zelf een getal \
             en trekt opnieuw: redress audit pack --seed.",
            "Drawn are the complaints with the least SHA-256 of seed, colon and number. Whoever draws chooses a seed and draws \
             again: redress audit pack --seed.",
        );
        self.dossiers(&drawn);
        let said = self.say("Voorgelegd", "Escalated");
        let of = self.say("van", "of");
        self.add(&format!("<h3>{said}: {} {of} {}</h3>", escalated.len(), sample.escalated_of));
        self.dossiers(&escalated);
        self.without_dossier();
    }

    fn without_dossier(&mut self) {
        if self.told.without_dossier.is_empty() {
            return;
        }
        let said = self.say(
            "Hiervan kon geen dossier worden gemaakt. Probeer het met redress export NUMMER.",
            "Of these no dossier could be made. Try again with redress export NUMBER.",
        );
        self.add(&format!("<p>{said}</p>\n<ul>"));
        for without in self.told.without_dossier {
            self.add(&format!("<li>{}: {}</li>", shown(&without.reference), shown(&without.why)));
        }
        self.add("</ul>");
    }

    fn dossiers(&mut self, references: &[String]) {
        self.add("<ul>");
        for reference in references {
            let is_there = self.told.without_dossier.iter().all(|without| without.reference != *reference);
            let reference = shown(reference);
            if !is_there {
                self.add(&format!("<li>{reference}</li>"));
                continue;
            }
            self.add(&format!("<li><a href=\"dossiers/{reference}.zip\">{reference}</a></li>"));
        }
        self.add("</ul>");
    }

    fn genuine(&mut self) {
        self.heading("Is het echt?", "Is it genuine?");
        self.text(
            "redress audit pack --check BESTAND zegt of een byte is veranderd. Met de gegevens van de organisatie erbij zegt het ook of zij \
             het heeft gemaakt, en of haar spoor nog hetzelfde is. Bewaar de kop van het spoor: met redress audit verify --against is later \
             te zien of het is herschreven.",
            "redress audit pack --check FILE says whether a byte has changed. With the organisation's data it also says whether the \
             organisation made it, and whether its trail is still the same. Keep the head of the trail: redress audit verify --against shows \
             later whether it was rewritten.",
        );
        let said = self.say("Kop van het spoor", "Head of the trail");
        self.add(&format!("<p>{said}: <code>{}</code></p>", shown(self.told.head)));
    }

    fn files(&mut self) {
        self.heading("Alle bestanden", "All files");
        let caption = self.say("Alle bestanden", "All files");
        let headings = [self.say("Bestand", "File"), self.say("Bytes", "Bytes"), "SHA-256"];
        let rows = self.told.files.iter().map(|f| vec![f.name.clone(), f.size.to_string(), f.sha256.clone()]);
        self.table(caption, &headings.map(str::to_owned), rows.collect());
    }

    fn table(&mut self, caption: &str, headings: &[String], rows: Vec<Vec<String>>) {
        self.add(&format!(
            "<div class=\"wide\">\n<table>\n<caption>{}</caption>\n<thead><tr>",
            shown(caption)
        ));
        headings.iter().for_each(|h| self.out.push_str(&format!("<th scope=\"col\">{}</th>", shown(h))));
        self.add("</tr></thead>\n<tbody>");
        for row in rows {
            self.out.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                let (begin, end) =
                    if place == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
                self.out.push_str(&format!("{begin}{}{end}", shown(cell)));
            }
            self.add("</tr>");
        }
        self.add("</tbody>\n</table>\n</div>");
    }
}

fn shown(foreign: &str) -> String {
    escape::markup(foreign)
}
