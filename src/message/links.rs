//! `Link`: where a message to our own people leads, under its text.

use super::template::Rendered;
use std::fmt::Write;

/// A place that a message leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is found there, in the reader's language.
    pub words: &'static str,
    /// The address.
    pub url: String,
}

impl Rendered {
    /// Puts links under the text.
    pub fn lead_to(&mut self, links: &[Link]) {
        if links.is_empty() {
            return;
        }
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.html.push_str("<p>");
        for (place, Link { words, url }) in links.iter().enumerate() {
            let _ = write!(self.text, "\n{words}: {url}");
            let href = url.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let between = if place > 0 { "<br>\n" } else { "" };
            let _ = write!(self.html, "{between}<a href=\"{href}\">{words}</a>");
        }
        self.text.push('\n');
        self.html.push_str("</p>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_under_the_text_and_stay_links() {
        let mut rendered = Rendered {
            text: "Beslis.\n\n".to_owned(),
            html: "<p>Beslis.</p>\n".to_owned(),
            ..Rendered::default()
        };
        let before = rendered.clone();
        rendered.lead_to(&[]);
        assert_eq!(rendered, before);
        let link = |words, url: &str| Link { words, url: url.to_owned() };
        rendered.lead_to(&[link("Openen", "https://x.nl/a?b=1&c=\"<"), link("Waarom", "https://x.nl/w")]);
        assert_eq!(rendered.text, "Beslis.\n\nOpenen: https://x.nl/a?b=1&c=\"<\nWaarom: https://x.nl/w\n");
        assert_eq!(
            rendered.html,
            "<p>Beslis.</p>\n<p><a href=\"https://x.nl/a?b=1&amp;c=&quot;&lt;\">Openen</a><br>\n\
             <a href=\"https://x.nl/w\">Waarom</a></p>\n"
        );
    }
}
