//! `Page`: `dossier.html`, piece by piece in the order in which it is read: one file that needs no other, and runs nothing
//! but its own script, which recomputes it.

use super::html::{Html, in_script};
use super::link::{Marks, digest};
use super::said::{Said, of_script};
use super::step::{RuleRef, Step};
use super::turn::Turn;
use crate::complaint::{Language, Words, filled};
use crate::escape::markup;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../assets/dossier/dossier.css");
const SCRIPT: &str = include_str!("../../assets/dossier/verify.js");

/// What something is called, and its value.
pub type Pair = (String, String);

/// A term with how its end came about.
#[derive(Clone, Debug)]
pub struct Term {
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub owner: String,
    /// Its last day.
    pub end: String,
    /// How that day was reckoned: base, span, and why it moved.
    pub how: String,
    /// What became of it.
    pub became: String,
}

/// A measure.
#[derive(Clone, Debug)]
pub struct Measure {
    /// What it is.
    pub description: String,
    /// Its state.
    pub state: String,
    /// Who carries it out.
    pub owner: String,
    /// By when; empty where no day was set.
    pub due: String,
    /// When its effect is looked at; empty where no day was set.
    pub check_on: String,
    /// The latest note; empty where there is none.
    pub note: String,
}

/// What stands at the head of a dossier.
#[derive(Clone, Debug)]
pub struct Head {
    /// The number of the complaint, or its intake id.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// The organisation.
    pub organisation: String,
    /// The version of the program.
    pub program: String,
    /// When it was made, in words.
    pub made: String,
    /// The place of the newest event of the trail.
    pub head: String,
    /// The complaint in short.
    pub facts: Vec<Pair>,
    /// Its terms, oldest first.
    pub terms: Vec<Term>,
    /// What was decided, and what came of it.
    pub decisions: Vec<Pair>,
    /// Its measures.
    pub measures: Vec<Measure>,
    /// Its latest meeting.
    pub meeting: Vec<Pair>,
}

/// The end of a page.
#[derive(Clone, Debug)]
pub struct Closing {
    /// The markup.
    pub html: String,
    /// The check number: a digest over everything that is read and over every event.
    pub check_number: String,
    /// The number of steps.
    pub steps: u64,
}

/// The page as far as it is written.
#[derive(Debug)]
pub struct Page {
    language: Language,
    reference: String,
    /// The running digest over what is read in the blocks.
    read: String,
    blocks: usize,
    turns: usize,
    steps: u64,
    marks: Marks,
}

impl Page {
    /// Begins the page of a complaint.
    pub fn new(language: Language, reference: &str) -> Self {
        let (read, marks) = (String::new(), Marks::default());
        Self { language, reference: reference.to_owned(), read, blocks: 0, turns: 0, steps: 0, marks }
    }

    fn say(&self, words: Words) -> &'static str {
        words.in_language(self.language)
    }

    fn fill(&self, words: Words, values: &[(&str, &str)]) -> String {
        filled(self.say(words), values)
    }

    /// Returns a block, of which a digest is kept.
    fn block(&mut self, element: &str, name: &str, write: impl FnOnce(&Self, &mut Html)) -> String {
        let mut inside = Html::default();
        write(self, &mut inside);
        let (inside, of_it) = inside.finish();
        self.read = digest(&[&self.read, &of_it]);
        self.blocks += 1;
        format!("<{element} data-name=\"{}\" data-digest=\"{of_it}\">{inside}</{element}>\n", markup(name))
    }

    /// Returns the page up to what was written and said.
    pub fn open(&mut self, head: &Head) -> String {
        let title = self.fill(Said::TITLE, &[("reference", &head.reference)]);
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{}'; \
             style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
            self.language,
            hash(SCRIPT),
            hash(STYLE),
            markup(&title)
        );
        let values = [
            ("at", &*head.made),
            ("organisation", &head.organisation),
            ("program", &head.program),
            ("head", &head.head),
        ];
        let made = self.fill(Said::MADE, &values);
        out += &*self.block("header", &title, |_, html| {
            html.wrap("<h1>", &title, "</h1>\n").wrap(
                "<p class=\"subject\"><bdi>",
                &head.subject,
                "</bdi></p>\n",
            );
            html.wrap("<p class=\"made\">", &made, "</p>");
        });
        out += &self.contents();
        out += &self.pairs("facts", Said::FACTS, &head.facts, Said::NO_DECISIONS);
        out += &self.terms(&head.terms);
        out += &self.pairs("decisions", Said::DECISIONS, &head.decisions, Said::NO_DECISIONS);
        out += &self.measures(&head.measures);
        out += &self.pairs("meeting", Said::MEETING, &head.meeting, Said::NO_MEETING);
        out += &self.heading("talk", Said::TALK);
        out += &format!("<p>{}</p>\n<ol class=\"talk\">\n", markup(self.say(Said::TALK_LEAD)));
        out
    }

    fn heading(&self, id: &str, words: Words) -> String {
        format!("<h2 id=\"{id}\">{}</h2>\n", markup(self.say(words)))
    }

    fn contents(&self) -> String {
        let parts = [
            ("facts", Said::FACTS),
            ("terms", Said::TERMS),
            ("decisions", Said::DECISIONS),
            ("measures", Said::MEASURES),
            ("meeting", Said::MEETING),
            ("talk", Said::TALK),
            ("course", Said::COURSE),
            ("proof", Said::PROOF),
        ];
        let items =
            parts.map(|(id, words)| format!("<li><a href=\"#{id}\">{}</a></li>\n", markup(self.say(words))));
        let title = markup(self.say(Said::CONTENTS));
        format!(
            "<nav aria-label=\"{title}\">\n<ul>\n{}</ul>\n</nav>\n<p id=\"short\" class=\"verdict\" role=\"status\"></p>\n",
            items.concat()
        )
    }

    fn pairs(&mut self, id: &str, title: Words, pairs: &[Pair], none: Words) -> String {
        let heading = self.heading(id, title);
        let block = self.block("div", self.say(title), |page, html| {
            if pairs.is_empty() {
                html.wrap("<p>", page.say(none), "</p>");
                return;
            }
            html.tag("<dl>\n");
            for (name, value) in pairs {
                html.wrap("<dt>", name, "</dt>").wrap("<dd class=\"words\" dir=\"auto\">", value, "</dd>\n");
            }
            html.tag("</dl>");
        });
        heading + block.as_str()
    }

    fn table(&mut self, id: &str, title: Words, none: Words, heads: &[Words], rows: &[Vec<&str>]) -> String {
        let heading = self.heading(id, title);
        let block = self.block("div", self.say(title), |page, html| {
            if rows.is_empty() {
                html.wrap("<p>", page.say(none), "</p>");
                return;
            }
            html.tag("<table>\n").wrap(
                "<caption class=\"hidden\">",
                page.say(title),
                "</caption>\n<thead><tr>",
            );
            for head in heads {
                html.wrap("<th scope=\"col\">", page.say(*head), "</th>");
            }
            html.tag("</tr></thead>\n<tbody>\n");
            for row in rows {
                html.tag("<tr>");
                for (place, cell) in row.iter().enumerate() {
                    match place {
                        0 => html.wrap("<th scope=\"row\">", cell, "</th>"),
                        _ => html.wrap("<td>", cell, "</td>"),
                    };
                }
                html.tag("</tr>\n");
            }
            html.tag("</tbody>\n</table>");
        });
        heading + block.as_str()
    }

    fn terms(&mut self, terms: &[Term]) -> String {
        let rows: Vec<Vec<&str>> =
            terms.iter().map(|t| vec![&*t.name, &t.owner, &t.end, &t.how, &t.became]).collect();
        let heads = [Said::TERM, Said::TERM_OWNER, Said::TERM_END, Said::TERM_HOW, Said::TERM_BECAME];
        self.table("terms", Said::TERMS, Said::NO_TERMS, &heads, &rows)
    }

    fn measures(&mut self, measures: &[Measure]) -> String {
        let row = |m: &'_ Measure| -> [String; 6] {
            [&m.description, &m.state, &m.owner, &m.due, &m.check_on, &m.note].map(Clone::clone)
        };
        let rows: Vec<[String; 6]> = measures.iter().map(row).collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let heads = [
            Said::MEASURE,
            Said::MEASURE_STATE,
            Said::MEASURE_OWNER,
            Said::MEASURE_DUE,
            Said::MEASURE_CHECK,
            Said::MEASURE_NOTE,
        ];
        self.table("measures", Said::MEASURES, Said::NO_MEASURES, &heads, &rows)
    }

    /// Returns one thing that was written or said.
    pub fn turn(&mut self, turn: &Turn) -> String {
        self.turns += 1;
        let name = self.fill(Said::TURN, &[("n", &self.turns.to_string())]);
        let block = self.block("div", &name, |page, html| {
            html.tag("<p>").wrap("<strong>", page.say(turn.kind.words()), "</strong> ");
            html.wrap("<bdi>", &turn.who, "</bdi> ").wrap(
                "<span class=\"meta\">",
                &turn.when,
                "</span></p>\n",
            );
            if let Some((outcome, when)) = &turn.outcome {
                let between = if when.is_empty() { "" } else { ", " };
                let words = format!("{}{between}{when}.", page.say(outcome.words()));
                html.wrap("<p class=\"outcome\">", &words, "</p>\n");
            }
            if !turn.subject.is_empty() {
                html.wrap("<p class=\"subject\"><bdi>", &turn.subject, "</bdi></p>\n");
            }
            html.wrap("<div class=\"words\" dir=\"auto\">", turn.body.trim_end(), "</div>\n");
            if turn.is_cut {
                html.wrap("<p class=\"meta\">", page.say(Said::CUT), "</p>\n");
            }
            for remark in &turn.remarks {
                html.wrap("<p class=\"meta\" lang=\"en\">", remark, "</p>\n");
            }
            page.enclosed(turn, html);
        });
        format!("<li>{block}</li>\n")
    }

    fn enclosed(&self, turn: &Turn, html: &mut Html) {
        if let Some(file) = &turn.file {
            html.wrap("<p class=\"meta\">", self.say(Said::FILE), " ").wrap("<code>", file, "</code></p>\n");
        }
        if turn.enclosed.is_empty() {
            return;
        }
        html.wrap("<p class=\"meta\">", self.say(Said::ENCLOSED), "</p>\n<ul class=\"meta\">\n");
        for file in &turn.enclosed {
            let size = self.fill(Said::BYTES, &[("n", &file.size.to_string())]);
            html.wrap("<li><bdi>", &file.called, "</bdi>").say(&format!(" ({size}) "));
            match &file.file {
                Some(place) => html.wrap("<code>", place, "</code></li>\n"),
                None => html.say(self.say(Said::IN_THE_MAIL)).tag("</li>\n"),
            };
        }
        html.tag("</ul>");
    }

    /// Returns the end of what was written and said, and the beginning of the course.
    pub fn between(&self) -> String {
        let lead = [Said::COURSE_LEAD, Said::SENTENCES_NOTE].map(|words| markup(self.say(words))).join(" ");
        format!("</ol>\n{}<p>{lead}</p>\n<ol class=\"course\">\n", self.heading("course", Said::COURSE))
    }

    /// Returns a step, with the event that it shows.
    pub fn step(&mut self, step: &Step) -> String {
        self.steps += 1;
        let number = step.number.to_string();
        let name = self.fill(Said::STEP, &[("n", &number)]);
        let block = self.block("div", &name, |page, html| {
            html.wrap("<p><span class=\"number\">", &name, "</span> ");
            html.wrap("<strong>", step.words.in_language(page.language), "</strong> ");
            let event = page.fill(Said::EVENT, &[("seq", &step.link.seq.to_string())]);
            html.wrap("<span class=\"meta\">", &format!("{} · {event}", step.when), "</span></p>\n");
            page.reason(step, html);
        });
        self.marks.over(&step.link);
        let island = json!({"number": step.number, "mark": self.marks.last(), "link": step.link}).to_string();
        format!(
            "<li id=\"step-{number}\">{block}<script type=\"application/json\" data-step>{}</script></li>\n",
            in_script(&island)
        )
    }

    fn reason(&self, step: &Step, html: &mut Html) {
        html.tag("<dl>\n");
        let term = |html: &mut Html, words: Words| {
            html.wrap("<dt>", self.say(words), "</dt>");
        };
        if !step.who.is_empty() && step.reason.as_in.is_none() {
            term(html, Said::BY);
            html.wrap("<dd>", &step.who, "</dd>\n");
        }
        term(html, Said::WHY);
        html.tag("<dd>");
        match step.reason.as_in {
            Some(n) => {
                html.say(&self.fill(Said::AS_IN, &[("n", &n.to_string())]));
            }
            None => self.full_reason(step, html),
        }
        html.tag("</dd>\n");
        if !step.told.is_empty() {
            term(html, step.tells.words());
            html.tag("<dd><ul>\n");
            for (name, value) in &step.told {
                let end = if name.ends_with(['?', '.', '!']) { "" } else { ":" };
                html.wrap("<li>", &format!("{name}{end}"), " ");
                html.wrap("<span class=\"words\" dir=\"auto\">", value, "</span></li>\n");
            }
            html.tag("</ul></dd>\n");
        }
        html.tag("</dl>");
    }

    fn full_reason(&self, step: &Step, html: &mut Html) {
        html.say(&step.reason.words);
        if let Some(rule) = &step.reason.rule {
            html.wrap(" <span class=\"meta\">", &format!("({})", self.place(rule)), "</span>\n");
            for sentence in &rule.sentences {
                let lead = self.fill(Said::SENTENCE, &[("row", &sentence.row.to_string())]);
                html.wrap("<p class=\"sentence\">", &lead, " ").wrap("<q>", &sentence.text, "</q></p>\n");
            }
        }
        if !step.reason.because.is_empty() {
            html.wrap("<p>", self.say(Said::HELD), "</p>\n<ul class=\"because\" lang=\"en\">\n");
            for held in &step.reason.because {
                html.wrap("<li><code>", held, "</code></li>\n");
            }
            html.tag("</ul>");
        }
    }

    fn place(&self, rule: &RuleRef) -> String {
        let place = self.fill(Said::WHERE, &[("file", &rule.file), ("line", &rule.line.to_string())]);
        match rule.publication {
            Some(n) => format!("{place}, {}", self.fill(Said::PUBLICATION, &[("n", &n.to_string())])),
            None => place,
        }
    }

    /// Returns the end of the page.
    pub fn close(self) -> Closing {
        let check_number = digest(&["redress dossier 1", &self.reference, self.marks.last(), &self.read]);
        let list = |words: &[Words]| -> String {
            words.iter().map(|w| format!("<li>{}</li>\n", code(&markup(self.say(*w))))).collect()
        };
        let beside = [
            ("mails/", Said::MAILS_ARE),
            ("attachments/", Said::ATTACHMENTS_ARE),
            ("letters/", Said::LETTERS_ARE),
            ("rules/", Said::RULES_ARE),
            (super::step::TIMELINE, Said::TIMELINE_IS),
            (super::manifest::MANIFEST, Said::MANIFEST_IS),
        ];
        let beside = beside.map(|(name, words)| {
            format!("<dt><code>{name}</code></dt><dd>{}</dd>\n", markup(self.say(words)))
        });
        let facts = json!({
            "reference": self.reference, "blocks": self.blocks, "steps": self.steps, "number": check_number,
        });
        let p = |words: Words| format!("<p>{}</p>\n", code(&markup(self.say(words))));
        let h3 = |words: Words| format!("<h3>{}</h3>\n", markup(self.say(words)));
        let html = [
            "</ol>\n".to_owned(),
            self.heading("proof", Said::PROOF),
            p(Said::PROOF_LEAD),
            format!(
                "<div id=\"verdict\" class=\"verdict\"><p>{}</p></div>\n",
                markup(self.say(Said::NOT_RUN))
            ),
            h3(Said::CAN),
            format!("<ul>\n{}</ul>\n", list(&[Said::CAN_TEXT, Said::CAN_PERSONAL, Said::CAN_LINKS])),
            h3(Said::CANNOT),
            format!("<ul>\n{}</ul>\n", list(&[Said::CANNOT_KEY, Said::CANNOT_MISSING, Said::CANNOT_REMADE])),
            p(Said::ASK),
            format!(
                "<p>{}: <code id=\"number\">{}</code></p>\n",
                markup(self.say(Said::NUMBER)),
                in_fours(&check_number)
            ),
            h3(Said::BESIDE),
            format!("<dl class=\"beside\">\n{}</dl>\n</main>\n", beside.concat()),
            format!(
                "<script type=\"application/json\" id=\"facts-of-page\">{}</script>\n",
                in_script(&facts.to_string())
            ),
            format!(
                "<script type=\"application/json\" id=\"said\">{}</script>\n",
                in_script(&of_script(self.language))
            ),
            format!("<script>{SCRIPT}</script>\n</body>\n</html>\n"),
        ];
        Closing { html: html.concat(), check_number, steps: self.steps }
    }
}

/// Returns markup with what stands in back quotes as code.
fn code(markup: &str) -> String {
    let parts: Vec<&str> = markup.split('`').collect();
    let part = |(place, part): (usize, &&str)| match place % 2 {
        0 => (*part).to_owned(),
        _ => format!("<code>{part}</code>"),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Returns a check number as people read it to each other: in fours.
fn in_fours(number: &str) -> String {
    number.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join(" ")
}
