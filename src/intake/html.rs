//! HTML to the text that its reader sees: lines and cells apart, addresses of links kept, scripts and what is
//! hidden left out. It reads tags one after the other and builds no tree, so that no depth is too deep.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};
use std::collections::HashMap;

/// The most bytes of HTML that are read; the raw mail has the rest.
const BYTES: usize = 4 << 20;
/// The deepest quotation that is marked.
const QUOTES: usize = 8;

/// Elements whose content nobody sees.
const UNSEEN: &[&str] = &["script", "style", "title", "template", "noframes"];
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];
/// Blocks with an empty line before and after them.
const SPACED: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"];
/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// The treatment of what a style hides.
#[derive(Clone, Copy, Default, PartialEq)]
enum Hidden {
    #[default]
    LeftOut,
    Shown,
}

/// Returns the text that a reader of this HTML sees. Where a style hides all of it, that is shown: better too
/// much than nothing.
pub(super) fn text_of_html(html: &str) -> String {
    let seen = read(html, Hidden::LeftOut);
    if seen.trim().is_empty() { read(html, Hidden::Shown) } else { seen }
}

fn read(html: &str, hidden: Hidden) -> String {
    let end = html.floor_char_boundary(BYTES);
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = Page { hidden, ..Page::default() };
    for token in Tokenizer::new_with_emitter(&html[..end], emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&text(&tag.name).to_lowercase()),
            Token::String(words) => page.write(&text(&words.value)),
            _ => {}
        }
    }
    page.finish()
}

fn text(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An element that is open.
struct Element {
    name: String,
    is_unseen: bool,
    /// The address that a link leads to, and the byte of the text at which its words begin.
    link: Option<(String, usize)>,
}

/// A page as far as it was read.
#[derive(Default)]
struct Page {
    hidden: Hidden,
    out: String,
    open: Vec<Element>,
    /// How many elements of each name are open: an end without a beginning is passed over at once.
    counts: HashMap<String, usize>,
    unseen: usize,
    preformatted: usize,
    quoted: usize,
    /// Line ends that are owed before the next word, at most 2.
    breaks: usize,
    /// The space or end of a cell that is owed before the next word.
    gap: Gap,
    /// The byte after the mark of the last item of a list: its first line stands beside it.
    after_marker: usize,
}

#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
enum Gap {
    #[default]
    None,
    Space,
    Cell,
}

impl Page {
    fn open(&mut self, tag: &StartTag<()>) {
        let name = text(&tag.name).to_lowercase();
        let attribute = |key: &str| tag.attributes.get(key.as_bytes()).map(|value| text(&value.value));
        match name.as_str() {
            "br" => self.line_end(),
            "hr" => self.owe(2),
            "td" | "th" => self.gap = self.gap.max_of(Gap::Cell),
            _ if BLOCKS.contains(&name.as_str()) => {
                self.owe(if SPACED.contains(&name.as_str()) { 2 } else { 1 })
            }
            _ => {}
        }
        if VOID.contains(&name.as_str()) || (tag.self_closing && name != "a") {
            return;
        }
        // A paragraph, an item or a cell that nobody closed ends where the next begins.
        if matches!(name.as_str(), "p" | "li" | "td" | "th" | "tr" | "dt" | "dd" | "option")
            && self.open.last().is_some_and(|last| last.name == name)
        {
            self.pop();
        }
        let is_hidden =
            attribute("style").is_some_and(|style| hides(&style)) || attribute("hidden").is_some();
        let is_unseen = (is_hidden && self.hidden == Hidden::LeftOut) || UNSEEN.contains(&name.as_str());
        self.unseen += usize::from(is_unseen);
        self.preformatted += usize::from(name == "pre");
        if name == "blockquote" {
            self.quoted += 1;
        }
        let link = attribute("href").filter(|_| name == "a" && self.unseen == 0);
        let link = link.map(|href| href.trim().to_owned()).filter(|href| leads_somewhere(href));
        if name == "li" && self.unseen == 0 {
            self.put("- ");
            self.after_marker = self.out.len();
        }
        *self.counts.entry(name.clone()).or_default() += 1;
        self.open.push(Element { name, is_unseen, link: link.map(|href| (href, self.out.len())) });
    }

    fn close(&mut self, name: &str) {
        if name == "p" && self.counts.get("p").is_none_or(|n| *n == 0) {
            self.owe(2);
            return;
        }
        if self.counts.get(name).is_none_or(|n| *n == 0) {
            return;
        }
        while let Some(closed) = self.pop() {
            if closed == name {
                return;
            }
        }
    }

    /// Ends the innermost element, and returns its name.
    fn pop(&mut self) -> Option<String> {
        let element = self.open.pop()?;
        if let Some(count) = self.counts.get_mut(&element.name) {
            *count -= 1;
        }
        self.unseen -= usize::from(element.is_unseen);
        if let Some((href, from)) = element.link {
            let words = &self.out[from.min(self.out.len())..];
            if !words.contains(href.trim_start_matches("mailto:")) {
                let href = format!("<{href}>");
                let is_named = !words.trim().is_empty();
                self.gap = if is_named { self.gap.max_of(Gap::Space) } else { self.gap };
                self.put(&href);
            }
        }
        match element.name.as_str() {
            "pre" => self.preformatted -= 1,
            "blockquote" => {
                self.owe(2);
                self.quoted -= 1;
            }
            "td" | "th" => self.gap = self.gap.max_of(Gap::Cell),
            name if SPACED.contains(&name) => self.owe(2),
            name if BLOCKS.contains(&name) => self.owe(1),
            _ => {}
        }
        Some(element.name)
    }

    fn write(&mut self, words: &str) {
        if self.unseen > 0 {
            return;
        }
        if self.preformatted > 0 {
            for (i, line) in words.split('\n').enumerate() {
                if i > 0 {
                    self.line_end();
                }
                if !line.is_empty() {
                    self.put(line.trim_end_matches('\r'));
                }
            }
            return;
        }
        // A no-break space is kept apart from others, and reads as a space.
        let is_space = |c: char| c.is_ascii_whitespace();
        if words.starts_with(is_space) {
            self.gap = self.gap.max_of(Gap::Space);
        }
        for (i, word) in words.split(is_space).filter(|w| !w.is_empty()).enumerate() {
            if i > 0 {
                self.gap = self.gap.max_of(Gap::Space);
            }
            match word.contains('\u{a0}') {
                true => self.put(&word.replace('\u{a0}', " ")),
                false => self.put(word),
            }
        }
        if words.ends_with(is_space) {
            self.gap = self.gap.max_of(Gap::Space);
        }
    }

    /// Writes what was owed, and then the words.
    fn put(&mut self, words: &str) {
        let follows_marker = !self.out.is_empty() && self.after_marker == self.out.len();
        if follows_marker {
            self.breaks = 0;
        } else if self.breaks > 0 {
            self.end_lines();
        } else if !self.is_at_line_start() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.out.push(' '),
                Gap::Cell => self.out.push('\t'),
            }
        }
        if self.is_at_line_start() {
            for _ in 0..self.quoted.min(QUOTES) {
                self.out.push_str("> ");
            }
        }
        self.gap = Gap::None;
        self.out.push_str(words);
    }

    fn end_lines(&mut self) {
        if !self.out.is_empty() {
            let ends = self.out.bytes().rev().take_while(|b| *b == b'\n').count();
            for _ in ends..self.breaks {
                self.out.push('\n');
            }
        }
        self.breaks = 0;
    }

    fn is_at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    fn owe(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.gap = Gap::None;
    }

    /// Ends a line where the writer did; more than one empty line says no more than one.
    fn line_end(&mut self) {
        if self.unseen == 0 {
            self.breaks = (self.breaks + 1).min(2);
            self.gap = Gap::None;
        }
    }

    fn finish(mut self) -> String {
        while self.pop().is_some() {}
        let mut out = self.out;
        out.push('\n');
        out
    }
}

impl Gap {
    fn max_of(self, other: Self) -> Self {
        if other > self { other } else { self }
    }
}

/// Returns whether a style hides its element, as senders do with the line that lists show before opening.
fn hides(style: &str) -> bool {
    let plain: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    plain.contains("display:none") || plain.contains("visibility:hidden")
}

fn leads_somewhere(href: &str) -> bool {
    let lower = href.to_lowercase();
    ["http://", "https://", "mailto:", "tel:", "ftp://"].iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_cells_stay_apart() {
        for (html, text) in [
            ("<div>een</div><div>twee</div>", "een\ntwee\n"),
            ("een<br>twee<br/>drie", "een\ntwee\ndrie\n"),
            ("<p>een</p><p>twee</p>", "een\n\ntwee\n"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table>e", "a\tb\nc\td\n\ne\n"),
            ("<ul><li>een<li>twee</ul>", "- een\n- twee\n"),
            ("ik <b>wil</b>  niet\n meer", "ik wil niet meer\n"),
            ("<b>on</b>tevreden", "ontevreden\n"),
            ("a&nbsp;b &euro; 5 &amp; &#8364;&lt;", "a b € 5 & €<\n"),
            ("<pre>een\n  twee</pre>", "een\n  twee\n"),
            (
                "Op 1 mei schreef u:<blockquote>oud<br>ouder</blockquote>nieuw",
                "Op 1 mei schreef u:\n\n> oud\n> ouder\n\nnieuw\n",
            ),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }

    #[test]
    fn what_nobody_sees_is_no_text_and_links_keep_their_address() {
        for (html, text) in [
            ("<title>t</title><style>p{}</style><script>alert(1)</script><p>ja</p>", "ja\n"),
            ("<div style='display: none'>voorproef<p>x</div>ja", "ja\n"),
            ("<script>if (a<b) { '</p>' }</script>ja", "ja\n"),
            ("<!-- nee --><![if !mso]>ja<![endif]>", "ja\n"),
            ("zie <a href='https://x.nl/1'>foto</a>.", "zie foto <https://x.nl/1>.\n"),
            ("<a href='https://x.nl/1'>https://x.nl/1</a>", "https://x.nl/1\n"),
            ("<a href='mailto:a@x.nl'>a@x.nl</a>", "a@x.nl\n"),
            ("<a href='#top'>naar boven</a> <a name=x>ja</a>", "naar boven ja\n"),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }

    #[test]
    fn no_depth_and_no_length_is_too_much() {
        let deep = format!("{}klacht{}", "<div><b>".repeat(100_000), "</i></b></div>".repeat(100_000));
        assert_eq!(text_of_html(&deep), "klacht\n");
        let quoted = format!("{}klacht", "<blockquote>".repeat(10_000));
        assert!(text_of_html(&quoted).ends_with("> klacht\n"));
        let long = "€".repeat(BYTES);
        assert!(text_of_html(&long).len() <= BYTES + 1);
    }
}
