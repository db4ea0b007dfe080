//! `SurveyLink`: the link by which somebody answers the question of the survey, signed with the key of the installation. Like
//! the link of a forgotten password it is made when the mail goes: until then, and wherever a letter is read afterwards, a
//! mark stands in its place, so that nobody has the link but who has the letter.

use super::links::{CLOSES, OPENS, replaced};
use crate::calendar::Date;
use crate::complaint::{Complaint, IntakeId, Language};
use crate::store::AuditKey;

/// What the mark of such a link begins with; the id of a forgotten password has no such sign.
const MARK: &str = "survey/";
/// What is signed, so that no signature for one purpose serves another.
const LINK: &str = "survey link";
const STANDING_IN: &str = "survey mark";
const ABOUT: &str = "survey about";
/// The digits of a signature that are written.
const DIGITS: usize = 32;
/// The longest link that is looked at, in bytes.
const LONGEST: usize = 160;

/// The link about one complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SurveyLink {
    pub intake_id: IntakeId,
    /// What its first mail is known by: in a database that was restored, another complaint may have the id.
    pub about: String,
    /// The last local day on which it counts.
    pub until: Date,
    pub language: Language,
}

impl SurveyLink {
    pub fn of(c: &Complaint, until: Date, language: Language, key: &AuditKey) -> Self {
        Self { intake_id: c.intake_id.clone(), about: about(c, key), until, language }
    }

    /// Returns what it says, unsigned: letters, digits and hyphens.
    fn said(&self) -> String {
        let Self { intake_id, about, until, language } = self;
        format!("{intake_id}-{about}-{}-{language}", until.format("%Y%m%d"))
    }

    /// Returns what stands for it in a letter until that goes.
    pub fn mark(&self, key: &AuditKey) -> String {
        let said = self.said();
        let signature = signature(key, STANDING_IN, &said);
        format!("{OPENS}{MARK}{said}/{signature}{CLOSES}")
    }

    /// Reads a link that somebody followed; none unless it was signed here as it is.
    pub fn read(token: &str, key: &AuditKey) -> Option<Self> {
        let (said, signature) = Some(token).filter(|t| t.len() <= LONGEST)?.rsplit_once('-')?;
        if signature.len() != DIGITS || !key.is_signed(&[LINK, said], signature) {
            return None;
        }
        let mut parts = said.rsplitn(4, '-');
        let (language, until) = (parts.next()?.parse().ok()?, parts.next()?);
        let until = Date::parse_from_str(until, "%Y%m%d").ok()?;
        let about = parts.next()?.to_owned();
        Some(Self { intake_id: IntakeId::from(parts.next()?.to_owned()), about, until, language })
    }

    /// Returns whether it is about this complaint, and not about one that has its id now.
    pub fn is_about(&self, c: &Complaint, key: &AuditKey) -> bool {
        self.intake_id == c.intake_id && self.about == about(c, key)
    }
}

fn about(c: &Complaint, key: &AuditKey) -> String {
    key.sign(&[ABOUT, &c.message_id]).chars().take(8).collect()
}

fn signature(key: &AuditKey, purpose: &str, said: &str) -> String {
    key.sign(&[purpose, said]).chars().take(DIGITS).collect()
}

/// Returns the path of the link that a mark stands for; none for a mark that the program has not set.
pub(super) fn path_of(mark: &str, key: &AuditKey) -> Option<String> {
    let (said, signed) = mark.strip_prefix(MARK)?.rsplit_once('/')?;
    let is_ours = key.is_signed(&[STANDING_IN, said], signed);
    is_ours.then(|| format!("/survey/{said}-{}", signature(key, LINK, said)))
}

/// Returns HTML in which the mark can be followed.
pub(super) fn anchored(html: &str, mark: &str) -> String {
    html.replace(mark, &anchor(mark))
}

fn anchor(mark: &str) -> String {
    format!("<a href=\"{mark}\">{mark}</a>")
}

/// Returns a text or HTML as it is read where no link is given out: words stand for the link.
pub(super) fn without_links(text: &str) -> String {
    let words = |mark: &str| {
        let said = mark.strip_prefix(MARK).and_then(|mark| mark.rsplit_once('/'));
        let is_english = said.is_some_and(|(said, _)| said.ends_with("-en"));
        match (said, is_english) {
            (None, _) => String::new(),
            (_, false) => "[de link staat alleen in de brief zelf]".to_owned(),
            (_, true) => "[the link stands in the letter only]".to_owned(),
        }
    };
    let mut plain = text.to_owned();
    while let Some((_, mark)) = text_of_anchor(&plain) {
        plain = plain.replace(&anchor(&mark), &mark);
    }
    replaced(&plain, |mark| Some(words(mark))).unwrap_or(plain)
}

/// Finds the first mark that can be followed.
fn text_of_anchor(html: &str) -> Option<(usize, String)> {
    let start = html.find(&format!("<a href=\"{OPENS}"))?;
    let (_, rest) = html.get(start..)?.split_once(OPENS)?;
    let (id, _) = rest.split_once(CLOSES)?;
    let mark = format!("{OPENS}{id}{CLOSES}");
    html.get(start..)?.starts_with(&anchor(&mark)).then_some((start, mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"key";

    fn link() -> SurveyLink {
        SurveyLink {
            intake_id: IntakeId::new(2026, 7),
            about: "0a1b2c3d".to_owned(),
            until: "2027-01-04".parse().expect("a day"),
            language: Language::Dutch,
        }
    }

    fn token() -> String {
        let mark = link().mark(&AuditKey::new(KEY));
        let path = path_of(mark.trim_matches([OPENS, CLOSES]), &AuditKey::new(KEY));
        path.expect("a mark of ours").strip_prefix("/survey/").expect("a path").to_owned()
    }

    #[test]
    fn a_link_is_read_back_and_no_changed_one_is() {
        let (token, key) = (token(), AuditKey::new(KEY));
        assert!(token.starts_with("I-2026-000007-0a1b2c3d-20270104-nl-"), "{token}");
        assert!(
            token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "mail programs know its end: {token}"
        );
        assert_eq!(SurveyLink::read(&token, &key), Some(link()));
        assert_eq!(SurveyLink::read(&token, &AuditKey::new(b"another")), None);
        for place in 0..token.len() {
            let mut other = token.clone();
            let with = if token[place..].starts_with('1') { "2" } else { "1" };
            other.replace_range(place..=place, with);
            assert_eq!(SurveyLink::read(&other, &key), None, "{other}");
            assert_eq!(SurveyLink::read(&token[..place], &key), None);
        }
        let longer = [
            format!("{token}0"),
            format!("0{token}"),
            token.to_uppercase(),
            format!("{}-x", "x".repeat(200)),
        ];
        assert!(longer.iter().all(|other| SurveyLink::read(other, &key).is_none()));
    }

    /// Who writes the mark of another complaint into a text gets no link for it.
    #[test]
    fn only_a_mark_that_was_set_here_becomes_a_link() {
        let key = AuditKey::new(KEY);
        let said = link().said();
        let signed_as_link = signature(&key, LINK, &said);
        for mark in [
            format!("survey/{said}"),
            format!("survey/{said}/"),
            format!("survey/{said}/{}", "0".repeat(32)),
            format!("survey/{said}/{signed_as_link}"),
            "survey//".to_owned(),
            "0123456789abcdef0123456789abcdef".to_owned(),
        ] {
            assert_eq!(path_of(&mark, &key), None, "{mark}");
        }
        let mark_as_token = format!("{said}-{}", signature(&key, STANDING_IN, &said));
        assert_eq!(SurveyLink::read(&mark_as_token, &key), None, "and a mark is no link");
    }

    #[test]
    fn where_no_link_is_given_out_words_stand_for_it() {
        let mark = link().mark(&AuditKey::new(KEY));
        let html = anchored(&format!("<p>Hier: {mark}</p>"), &mark);
        assert_eq!(html, format!("<p>Hier: <a href=\"{mark}\">{mark}</a></p>"));
        let said = "[de link staat alleen in de brief zelf]";
        assert_eq!(without_links(&html), format!("<p>Hier: {said}</p>"));
        assert_eq!(without_links(&format!("{mark} en {mark}")), format!("{said} en {said}"));
        assert_eq!(without_links("Geen link"), "Geen link");
        let english = SurveyLink { language: Language::English, ..link() }.mark(&AuditKey::new(KEY));
        assert_eq!(without_links(&english), "[the link stands in the letter only]");
        for odd in [
            format!("a {OPENS}b"),
            format!("a {CLOSES} {OPENS}"),
            format!("<a href=\"{OPENS}x{CLOSES}\">y</a>"),
        ] {
            without_links(&odd);
        }
    }
}
