//! `Page`: what every page is made with.

use super::door::Door;
use super::loaded::Assets;
use super::signed::Signed;
use super::templates::{Frame, Templates};
use super::trouble::Trouble;
use crate::complaint::Language;
use crate::delivery::Plugins;
use crate::workflow::{Menu, Workflow};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use minijinja::value::Value;
use std::sync::Arc;

/// What every page is made with.
#[derive(Debug)]
pub(super) struct Page {
    pub workflow: Arc<Workflow>,
    pub plugins: Arc<Plugins>,
    pub door: Door,
    pub assets: Assets,
    templates: Templates,
}

/// A page that is to be shown.
pub(super) struct Shown<'s> {
    /// The name of the template.
    pub template: &'s str,
    /// The key of the title, in the tables of texts.
    pub title: String,
    /// The path that the menu marks.
    pub here: &'s str,
    /// What the template says.
    pub of: Value,
}

/// Who reads a page.
#[derive(Clone, Copy)]
enum Reader<'r> {
    /// Somebody who is signed in.
    Signed(&'r Signed),
    /// Somebody who is signed in, in a frame of another page of ours.
    Beside,
    /// Somebody who may sign in.
    Anybody,
    /// Somebody outside of the organisation, for whom there is nothing else here.
    Outside,
}

impl Page {
    pub fn new(workflow: Arc<Workflow>, plugins: Arc<Plugins>, door: Door) -> Self {
        let assets = Assets::new();
        let templates = Templates::new(assets.editor.path());
        Self { workflow, plugins, door, assets, templates }
    }

    /// Returns the language of the organisation, for who is not signed in.
    pub fn language(&self) -> Language {
        self.workflow.settings().language
    }

    /// Shows a page to somebody outside of the organisation, in the language in which we write to them.
    pub fn show_outside(
        &self,
        language: Language,
        status: StatusCode,
        shown: Shown<'_>,
    ) -> Result<Response, Trouble> {
        self.render(language, Reader::Outside, status, shown)
    }

    /// Shows a page to somebody who is signed in.
    pub fn show(&self, signed: &Signed, status: StatusCode, shown: Shown<'_>) -> Result<Response, Trouble> {
        self.render(signed.language, Reader::Signed(signed), status, shown)
    }

    /// Shows a page to somebody who is signed in, in a frame of another page of ours, which its headers must allow.
    pub fn show_beside(&self, signed: &Signed, shown: Shown<'_>) -> Result<Response, Trouble> {
        self.render(signed.language, Reader::Beside, StatusCode::OK, shown)
    }

    /// Shows a page to somebody who is not.
    pub fn show_anybody(&self, status: StatusCode, shown: Shown<'_>) -> Result<Response, Trouble> {
        self.render(self.language(), Reader::Anybody, status, shown)
    }

    fn render(
        &self,
        language: Language,
        reader: Reader<'_>,
        status: StatusCode,
        shown: Shown<'_>,
    ) -> Result<Response, Trouble> {
        let Shown { template, title, here, of } = shown;
        let settings = self.workflow.settings();
        let (style, organisation) = (self.assets.style.path(), settings.organisation.as_str());
        let (person, menu) = match reader {
            Reader::Signed(signed) => (Some(signed.person.name.as_str()), menu(signed.menu)),
            Reader::Beside | Reader::Anybody | Reader::Outside => (None, Vec::new()),
        };
        let is_outside = matches!(reader, Reader::Outside);
        let is_beside = matches!(reader, Reader::Beside);
        let (typist, session) = match reader {
            Reader::Signed(signed) => (signed.person.email.as_str(), signed.session.as_str()),
            Reader::Beside | Reader::Anybody | Reader::Outside => ("", ""),
        };
        let title = title.as_str();
        let frame =
            Frame { title, style, person, typist, session, menu, here, organisation, is_outside, is_beside };
        let text = self.templates.page(language, template, &frame, of);
        let text = text.map_err(|e| Trouble::Failed(format!("the template {template}: {e:#}")))?;
        Ok((status, Html(text)).into_response())
    }
}

/// Returns the pages of the menu for somebody: the path and the key of the name of each.
fn menu(offered: Menu) -> Vec<(&'static str, &'static str)> {
    let all = [
        (true, "/", "work_title"),
        (offered.decisions, "/decisions", "decisions_title"),
        (offered.lists, "/intake", "intake_title"),
        (offered.lists, "/register", "register_title"),
        (offered.oversight, "/oversight", "oversight_title"),
        (true, "/reports", "reports_title"),
        (true, "/people", "people_title"),
        (offered.rules, "/procedure", "procedure_title"),
        (offered.imports, "/import", "import_title"),
        (offered.plugins, "/plugins", "plugins_title"),
    ];
    all.into_iter().filter(|(is_offered, ..)| *is_offered).map(|(_, path, name)| (path, name)).collect()
}
