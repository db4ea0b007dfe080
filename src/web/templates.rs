//! The templates, compiled in: every value is escaped, and a name that is not there is an error.

use super::texts;
use crate::complaint::{Language, filled};
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, context};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/templates/", $name, ".html")))),+]
    };
}

const TEMPLATES: &[(&str, &str)] = templates![
    "layout",
    "message",
    "sign_in",
    "welcome",
    "me",
    "work",
    "complaint",
    "complaint_at",
    "complaint_past",
    "complaint_talk",
    "complaint_terms",
    "action",
    "action_gone",
    "register",
    "oversight",
    "own",
    "intake",
    "judge",
    "log",
    "why",
    "mail",
    "second_factor",
    "recovery_codes",
    "sign_in_code",
    "views",
    "decisions",
    "bulk",
    "forgotten",
    "calendar",
    "people",
    "person",
    "personal_data",
    "search",
    "reports",
    "report",
    "recommendations",
    "recommendation",
    "import",
    "import_file",
    "import_undo",
    "key",
    "keys",
    "reference",
    "survey",
    "proposals",
    "proposal",
    "proposal_work",
    "proposal_behind",
    "proposal_file",
    "plan",
    "publications",
    "publication",
    "procedure",
    "procedure_file",
    "graph",
    "words",
    "terms",
    "term",
    "proposal_terms",
    "editor",
    "lines",
    "hunks",
    "differences",
    "plan_told",
    "plugins",
    "subscription",
    "subscription_secret",
    "plugin",
    "trial",
    "missed",
    "deliveries",
    "delivery",
    "replays",
    "faults",
    "audit",
    "letters",
    "letter",
    "scenarios",
    "story",
    "retold"
];

/// The templates, ready to be filled.
#[derive(Debug)]
pub(super) struct Templates(Environment<'static>);

/// What stands around a page.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Frame<'f> {
    /// The title, without the name of the program.
    pub title: &'f str,
    /// The path of the style.
    pub style: &'f str,
    /// The name of who is signed in; none when nobody is.
    pub person: Option<&'f str>,
    /// The address of the person and the digest of the session, for the forms in which something is typed; empty when nobody is.
    pub typist: &'f str,
    pub session: &'f str,
    /// The pages of the menu: path and key of the name.
    pub menu: Vec<(&'static str, &'static str)>,
    /// The path of the page that the menu marks as this one.
    pub here: &'f str,
    /// The organisation's name.
    pub organisation: &'f str,
    /// True for somebody outside of the organisation, for whom there is nothing else here.
    pub is_outside: bool,
    /// True for what is shown in a frame of another page of ours, without menu.
    pub is_beside: bool,
}

impl Templates {
    /// `editor` is the path of the script by which a field becomes an editor.
    pub fn new(editor: &str) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.add_function("t", say);
        environment.add_function("counted", counted);
        environment.add_function("editor", editor_of);
        environment.add_function("part", part);
        environment.add_global("editor_script", editor);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text).expect("the templates of the page are well formed");
        }
        Self(environment)
    }

    /// Fills a template and what stands around it.
    pub fn page(
        &self,
        language: Language,
        name: &str,
        frame: &Frame<'_>,
        of: Value,
    ) -> Result<String, Error> {
        let lang = language.as_str();
        let content = self.0.get_template(name)?.render(context! { lang, frame, ..of })?;
        let content = Value::from_safe_string(content);
        self.0.get_template("layout")?.render(context! { lang, frame, content })
    }
}

/// `t("key", name=value)`: the words for a key.
fn say(state: &State<'_, '_>, key: &str, values: Kwargs) -> Result<String, Error> {
    let language =
        state.lookup("lang").and_then(|lang| lang.as_str()?.parse().ok()).unwrap_or(Language::Dutch);
    let text = texts::find(language, key)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no text `{key}`")))?;
    let names: Vec<&str> = values.args().collect();
    let mut pairs = Vec::new();
    for name in &names {
        pairs.push((*name, values.get::<Value>(name)?.to_string()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(filled(text, &pairs))
}

/// `counted("key", n)`: the words for a key and a number.
fn counted(state: &State<'_, '_>, key: &str, count: i64) -> Result<String, Error> {
    let key = texts::counted(key, count);
    let values: Kwargs = [("n", Value::from(count))].into_iter().collect();
    say(state, &key, values)
}

/// `editor(field)`: a field in which rules, messages or names are written, and the script that makes an editor of it. `field`
/// says its name, id, file, text and rows, and where there is such a thing: where it is asked what is wrong (`check`), what may
/// follow (`complete`) and what a word means (`hover`), which element shows its outline (`outline`), what describes it (`described_by`), and whether it is wrong (`is_wrong`)
/// or only read (`is_read_only`).
fn editor_of(state: &State<'_, '_>, field: Value) -> Result<Value, Error> {
    let lang = state.lookup("lang");
    let editor = state.env().get_template("editor")?.render(context! { lang, field })?;
    Ok(Value::from_safe_string(editor))
}

/// `part("name", {…})`: a template within another, with what it is handed and the language.
fn part(state: &State<'_, '_>, name: &str, of: Value) -> Result<Value, Error> {
    let lang = state.lookup("lang");
    let text = state.env().get_template(name)?.render(context! { lang, ..of })?;
    Ok(Value::from_safe_string(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy of the page would block it, and what is blocked looks broken.
    #[test]
    fn no_template_holds_script_or_style() {
        for (name, text) in TEMPLATES {
            let lower = text.to_lowercase();
            for word in [
                "<script",
                "<style",
                " style=",
                "javascript:",
                " onclick",
                " onload",
                "hx-on",
                "|safe",
                "| safe",
            ] {
                let may = *name == "layout" && word.contains("safe");
                // Its one script is a file of ours.
                let is_named = lower.matches("<script").count() == lower.matches("<script src=").count();
                let may = may || *name == "editor" && word == "<script" && is_named;
                assert!(may || !lower.contains(word), "{name} holds `{word}`");
            }
        }
    }

    #[test]
    fn the_editor_is_a_field_with_everything_it_says() {
        let templates = Templates::new("/assets/editor-x.js");
        let hostile = "</textarea><script>\"'&";
        let field = context! { name => "text", id => "text", file => hostile, text => hostile, rows => 9, check => hostile };
        for (lang, word) in [("nl", "Herstel"), ("en", "Mend")] {
            let page = templates.0.template_from_str("{{ editor(field) }}").expect("is well formed");
            let page = page.render(context! { lang, field }).expect("is filled");
            assert!(page.contains(&format!("data-say-fix=\"{word}\"")), "{page}");
            assert!(page.contains(&format!("data-language=\"{lang}\"")), "{page}");
            // What only the script knows is for the script to fill in.
            assert!(["{errors}", "{warnings}", "{line}"].iter().all(|name| page.contains(name)), "{page}");
            assert_eq!(page.matches("<script").count(), 1, "{page}");
            assert_eq!(page.matches("</textarea>").count(), 1, "{page}");
            assert!(page.contains(" data-check=") && !page.contains(" data-hover="), "{page}");
        }
    }
}
