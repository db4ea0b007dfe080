//! Every route.

use super::door::Door;
use super::page::Page;
use super::pages::{
    action, audit_pack, auditing, bulk, calendar, complaint, decisions, deliveries, delivery, dossier,
    forgotten, import, intake, keys, letters, mail, me, missed, oversight, people, personal_data, plugin,
    plugins, recommendations, register, replays, reports, search, second_factor, sign_in, subscriptions,
    survey, views, welcome, why, work, workbench, workbook,
};
use super::sources::Sources;
use super::{answer, api, assets, guard, metrics, status};
use crate::delivery::Plugins;
use crate::watchdog::Watchdog;
use crate::workflow::Workflow;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::sync::Arc;

/// The longest body of a request in bytes.
const BODY: usize = 1 << 20;

/// The longest body of an uploaded register: the file, and what a form puts around it.
const UPLOAD: usize = import::MOST + (64 << 10);

/// Returns the routes of health and figures, for supervisors and monitors.
pub fn figures(workflow: Arc<Workflow>, watchdog: Arc<Watchdog>) -> Router {
    Router::new()
        .route("/health", get(status::health))
        .route("/ready", get(status::ready))
        .route("/metrics", get(metrics::metrics))
        .layer(from_fn(guard::plain_headers))
        .with_state(Sources { workflow, watchdog })
}

/// Returns the routes of the page and of the interface for programs.
pub fn pages(workflow: Arc<Workflow>, plugins: Arc<Plugins>, door: Door) -> Router {
    let page = Arc::new(Page::new(workflow, plugins, door));
    let programs = api::routes(Arc::clone(&page));
    Router::new()
        .route("/", get(work::show))
        .route("/complaints/{reference}", get(complaint::show))
        .route("/complaints/{reference}/actions/{action}", get(action::ask).post(action::answer))
        .route("/complaints/{reference}/dossier", get(dossier::download))
        .route("/complaints/{reference}/scenario", get(workbench::retold::show))
        .route("/complaints/{reference}/views", get(views::show))
        .route("/complaints/{reference}/mails/{mail}", get(mail::show))
        .route("/complaints/{reference}/mails/{mail}/original", get(mail::original))
        .route("/complaints/{reference}/mails/{mail}/raw", get(mail::raw))
        .route("/complaints/{reference}/mails/{mail}/attachments/{digest}", get(mail::attachment))
        .route("/complaints/{reference}/letters/{version}/{ordinal}/recall", post(letters::recall))
        .route("/complaints/{reference}/next", get(why::next))
        .route("/complaints/{reference}/why/{version}/{ordinal}", get(why::why))
        .route("/register", get(register::show))
        .route("/register.csv", get(register::download))
        .route("/register.xlsx", get(workbook::download))
        .route("/search", get(search::show))
        .route("/intake", get(intake::show))
        .route("/intake/log", get(intake::ask).post(intake::log))
        .route("/intake/{reference}", get(intake::judge))
        .route("/decisions", get(decisions::show))
        .route("/bulk/{action}", post(bulk::take))
        .route("/audit", get(auditing::show))
        .route("/oversight", get(oversight::show))
        .route("/personal-data", get(personal_data::ask).post(personal_data::show))
        .route("/personal-data/file", post(personal_data::download))
        .route("/sign-in", get(sign_in::ask).post(sign_in::sign_in))
        .route("/sign-in/code", post(sign_in::by_code))
        .route("/faults", get(workbench::faults::show))
        .route("/faults/{reference}", post(workbench::faults::try_again))
        .route("/forgotten", get(forgotten::ask).post(forgotten::send))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/welcome/{token}", get(welcome::ask).post(welcome::choose))
        .route("/survey/{link}", get(survey::ask).post(survey::answer))
        .route("/me", get(me::show))
        .route("/me/language", post(me::choose_language))
        .route("/me/calendar", post(calendar::make))
        .route("/me/calendar/end", post(calendar::end))
        .route("/calendar/{file}", get(calendar::fetch))
        .route("/reports", get(reports::show))
        .route("/reports/{period}", get(reports::one))
        .route("/reports/{period}/pack", get(audit_pack::download))
        .route("/reports/{period}/conclusions", post(reports::conclude))
        .route("/reports/{period}/files/{file}", get(reports::file))
        .route("/recommendations", get(recommendations::show))
        .route("/recommendations/{id}", get(recommendations::one).post(recommendations::keep))
        .route("/import", get(import::show))
        .route("/import", post(import::upload).layer(DefaultBodyLimit::max(UPLOAD)))
        .route("/import/files/{name}", get(import::look).post(import::answer))
        .route("/import/{id}/undo", post(import::undo))
        .route("/plugins", get(plugins::show))
        .route("/plugins/{name}", get(plugin::show))
        .route("/plugins/{name}/test", post(plugin::try_out))
        .route("/plugins/{name}/enable", post(plugin::enable))
        .route("/plugins/{name}/disable", post(plugin::disable))
        .route("/subscriptions", get(subscriptions::ask).post(subscriptions::make))
        .route("/subscriptions/{name}", get(subscriptions::show).post(subscriptions::change))
        .route("/subscriptions/{name}/secret", post(subscriptions::renew))
        .route("/subscriptions/{name}/remove", post(subscriptions::remove))
        .route("/plugins/{name}/missed", get(missed::ask).post(missed::send))
        .route("/deliveries", get(deliveries::show))
        .route("/deliveries/replay", get(replays::ask).post(replays::send))
        .route("/deliveries/{id}", get(delivery::show))
        .route("/deliveries/{id}/replay", post(delivery::replay))
        .route("/people", get(people::show))
        .route("/people/{email}", get(people::one))
        .route("/people/{email}/absences", post(people::enter))
        .route("/people/{email}/absences/{id}/end", post(people::take_back))
        .route("/people/{email}/deputy", post(people::choose))
        .route("/me/second-factor", get(second_factor::ask).post(second_factor::take))
        .route("/me/second-factor/end", post(second_factor::give_up))
        .route("/me/keys", get(keys::show).post(keys::make))
        .route("/me/keys/{id}/end", post(keys::end))
        .route("/me/sessions/{session}/end", post(me::end_session))
        .route("/procedure", get(workbench::procedure::show))
        .route("/procedure/files/{*path}", get(workbench::procedure::file))
        .route("/procedure/graph", get(workbench::graph::in_force))
        .route("/procedure/letters", get(workbench::letters::in_force))
        .route("/procedure/letters/{name}", get(workbench::letter::in_force))
        .route("/procedure/scenarios", get(workbench::scenarios::in_force))
        .route("/procedure/scenarios/{*file}", get(workbench::story::in_force))
        .route("/procedure/words", get(workbench::words::show))
        .route("/procedure/terms", get(workbench::terms::in_force))
        .route("/procedure/terms/{name}", get(workbench::terms::one))
        .route("/proposals", get(workbench::proposals::show).post(workbench::proposals::begin))
        .route("/proposals/{id}", get(workbench::proposal::show).post(workbench::proposal::change))
        .route("/proposals/{id}/behind", get(workbench::behind::show).post(workbench::behind::catch_up))
        .route("/proposals/{id}/files", post(workbench::file::add))
        .route("/proposals/{id}/files/{*path}", get(workbench::file::show))
        .route(
            "/proposals/{id}/files/{*path}",
            post(workbench::file::keep).layer(DefaultBodyLimit::max(workbench::file::FORM)),
        )
        .route(
            "/proposals/{id}/editor/check/{*path}",
            post(workbench::editor::check).layer(DefaultBodyLimit::max(workbench::file::FORM)),
        )
        .route(
            "/proposals/{id}/editor/complete/{*path}",
            post(workbench::editor::complete).layer(DefaultBodyLimit::max(workbench::file::FORM)),
        )
        .route(
            "/proposals/{id}/editor/hover/{*path}",
            post(workbench::editor::hover).layer(DefaultBodyLimit::max(workbench::file::FORM)),
        )
        .route("/proposals/{id}/graph", get(workbench::graph::of_proposal))
        .route("/proposals/{id}/letters", get(workbench::letters::show))
        .route("/proposals/{id}/letters/{name}", get(workbench::letter::show))
        .route(
            "/proposals/{id}/letters/{name}",
            post(workbench::letter::keep).layer(DefaultBodyLimit::max(workbench::letter::FORM)),
        )
        .route("/proposals/{id}/plan", get(workbench::trial::plan))
        .route("/proposals/{id}/scenarios", get(workbench::scenarios::show).post(workbench::retold::keep))
        .route("/proposals/{id}/scenarios/{*file}", get(workbench::story::show))
        .route("/proposals/{id}/terms", get(workbench::terms::ask).post(workbench::terms::keep))
        .route("/proposals/{id}/work", get(workbench::trial::work).post(workbench::trial::ask))
        .route("/publications", get(workbench::publications::show))
        .route("/publications/{seq}", get(workbench::publications::one))
        .route("/assets/{name}", get(assets::asset))
        .route_layer(from_fn_with_state(Arc::clone(&page), guard::from_here))
        .fallback(answer::nothing_here)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(Arc::clone(&page), answer::in_words))
        .layer(from_fn_with_state(Arc::clone(&page), guard::headers))
        .with_state(page)
        .merge(programs)
}
