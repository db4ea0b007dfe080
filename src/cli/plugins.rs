//! `redress plugins`: what is there, whether it would work, and a sample for the target.

use super::actor::actor;
use super::opened::on;
use super::output::clip;
use super::{Failure, Output};
use crate::app::{App, Places, REHEARSAL};
use crate::clock::{Clock, SystemClock};
use crate::complaint::Via;
use crate::config::Settings;
use crate::delivery::{
    Exchange, Mode, PluginError, PluginStanding, Plugins, Tried, Workbench, schemas, standings,
};
use crate::rules::RulesetSource;
use crate::workflow::{Published, WorkflowError};
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub(super) enum PluginCommand {
    /// List the plugins, and how their targets fare
    List,
    /// Check every manifest and payload script, names in subscriptions, and the secrets of enabled plugins
    Check,
    /// Show the request that a plugin would make
    Sample { name: String },
    /// Send a signed sample to the target of a plugin, and show what it answers
    Test {
        name: String,
        /// Where an email plugin sends it; the organisation's own mailbox when not given
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Switch a plugin on again that was switched off, by itself or by a person
    Enable {
        name: String,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Switch a plugin off until somebody switches it on again; what goes by it waits
    Disable {
        name: String,
        /// Who does so; the system when not given
        #[arg(long = "as", value_name = "EMAIL")]
        by: Option<String>,
    },
    /// Write the JSON schemas of events
    Schema {
        /// The folder to write to
        #[arg(default_value = "plugins/schema")]
        folder: PathBuf,
    },
}

impl PluginCommand {
    pub async fn run(self, look: &Places, change: &Places, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => list(look, output).await,
            Self::Check => LoadedPlugins::open(look)?.check(output),
            Self::Sample { name } => LoadedPlugins::with(look, &name).await?.sample(&name, output),
            Self::Test { name, to, by } => {
                let loaded = LoadedPlugins::with(look, &name).await?;
                loaded.test(change, &Trying { name, to, by }, output).await
            }
            Self::Enable { name, by } => {
                on(change, async |app| enable(app, &name, by.as_deref(), output).await).await
            }
            Self::Disable { name, by } => {
                on(change, async |app| disable(app, &name, by.as_deref(), output).await).await
            }
            Self::Schema { folder } => schema(look, &folder, output),
        }
    }
}

async fn list(places: &Places, output: &Output) -> Result<(), Failure> {
    let app = App::open(places).await?;
    let mut rows = Vec::new();
    let mut documents = Vec::new();
    for standing in standings(&app.plugins, app.workflow.reading()).await? {
        let PluginStanding { name, plugin, state, mistakes, health, waiting } = standing;
        let Some(plugin) = plugin else {
            let error = mistakes.first();
            documents.push(
                json!({"name": name, "state": state.as_str(), "error": error.map(ToString::to_string)}),
            );
            let mut row = vec![name, String::new(), state.as_str().to_owned()];
            let why = error.map(|e| clip(&e.why, 50)).unwrap_or_default();
            row.extend([String::new(), String::new(), String::new(), String::new(), why]);
            rows.push(row);
            continue;
        };
        let s = &plugin.manifest.subscription;
        let kind = plugin.manifest.kind().as_str();
        documents.push(json!({"name": name, "kind": kind, "enabled": plugin.manifest.enabled,
            "state": state.as_str(), "messages": s.messages, "events": s.events, "recipients": s.recipients,
            "queued": waiting.queued, "dead": waiting.dead, "health": health}));
        let takes = [s.messages.joined(), s.events.joined()].into_iter().filter(|t| !t.is_empty());
        rows.push(vec![
            name,
            kind.to_owned(),
            state.as_str().to_owned(),
            clip(&takes.collect::<Vec<_>>().join("; "), 40),
            clip(&s.recipients.joined(), 30),
            waiting.queued.to_string(),
            waiting.dead.to_string(),
            health.map(|h| clip(&h.last_error, 50)).unwrap_or_default(),
        ]);
    }
    if output.json {
        output.document(&documents);
    } else {
        output.table(&["plugin", "kind", "", "takes", "for", "queued", "dead", "last error"], &rows);
    }
    Ok(())
}

async fn enable(app: &App, name: &str, by: Option<&str>, output: &Output) -> Result<(), Failure> {
    if app.plugins.find(name).is_none() {
        return Err(unknown(name, &app.plugins));
    }
    let had_trouble =
        app.workflow.operations().enable_plugin(name, (actor(app, by)?, Via::CommandLine)).await?;
    app.turn().await?;
    if output.json {
        output.document(&json!({"plugin": name, "had_trouble": had_trouble}));
    } else if had_trouble {
        output.line(format!("{name} is tried again; what waited goes out"));
    } else {
        output.line(format!("{name} had no trouble; `enabled` in its plugin.toml switches it on and off"));
    }
    Ok(())
}

async fn disable(app: &App, name: &str, by: Option<&str>, output: &Output) -> Result<(), Failure> {
    if app.plugins.find(name).is_none() {
        return Err(unknown(name, &app.plugins));
    }
    let by = (actor(app, by)?, Via::CommandLine);
    let was_on = app.workflow.operations().disable_plugin(name, by).await?;
    if output.json {
        output.document(&json!({"plugin": name, "was_on": was_on}));
    } else if was_on {
        output.line(format!(
            "{name} is switched off; what goes by it waits for `redress plugins enable {name}`"
        ));
    } else {
        output.line(format!("{name} was switched off already"));
    }
    Ok(())
}

/// A sample that is to be sent: by which plugin, to which address where somebody chose one, and who does so.
struct Trying {
    name: String,
    to: Option<String>,
    by: Option<String>,
}

impl Trying {
    /// Records it in the trail of a real installation; before the first start there is no trail, and a rehearsal concerns nobody.
    async fn record(&self, places: &Places) -> Result<(), Failure> {
        if !places.is_live() {
            return Ok(());
        }
        let app = App::open(places).await?;
        let by = (actor(&app, self.by.as_deref())?, Via::CommandLine);
        app.workflow.operations().plugin_tried(&self.name, self.to.as_deref(), by).await?;
        Ok(())
    }
}

fn schema(places: &Places, folder: &Path, output: &Output) -> Result<(), Failure> {
    let loaded = LoadedPlugins::open(places)?;
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (name, schema) in schemas(&loaded.published.names().messages) {
        let path = folder.join(name);
        std::fs::write(&path, format!("{schema:#}\n"))?;
        written.push(path.display().to_string());
    }
    if output.json {
        output.document(&written);
    } else {
        written.iter().for_each(|path| output.line(path.clone()));
    }
    Ok(())
}

pub(super) fn unknown(name: &str, plugins: &Plugins) -> Failure {
    let set = plugins.set();
    let names: Vec<&str> = set.iter().map(|p| p.name()).collect();
    let nearest = crate::rules::nearest(name, names.iter().copied());
    let help = nearest.map_or_else(|| names.join(", "), |n| format!("did you mean `{n}`?"));
    Failure::usage(format!("there is no plugin `{name}`\n  help: {help}"))
}

/// The parts that commands need which work without a database.
struct LoadedPlugins {
    settings: Arc<Settings>,
    plugins: Plugins,
    published: Arc<Published>,
}

impl LoadedPlugins {
    fn open(places: &Places) -> Result<Self, Failure> {
        let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
        let settings = Arc::new(settings);
        let is_rehearsal = places.clock.is_some() || places.data.join(REHEARSAL).exists();
        let mode = if is_rehearsal { Mode::Rehearsal } else { Mode::Live };
        let plugins = Plugins::load(&places.plugins, &places.data, Arc::clone(&settings), mode)
            .map_err(|found| mistakes(&[found]))?;
        let source = RulesetSource::read(&places.rules);
        let published = source.and_then(|s| Published::load(s, &settings)).map_err(|found| {
            Failure::new(format!(
                "the rules have {} mistakes, see `redress rules check`: {}",
                found.len(),
                found.first().map(|d| d.in_language(settings.language)).unwrap_or_default()
            ))
        })?;
        Ok(Self { settings, plugins, published: Arc::new(published) })
    }

    /// Opens what a command about one plugin needs: with the webhooks of the database where no folder has the name.
    async fn with(places: &Places, name: &str) -> Result<Self, Failure> {
        let loaded = Self::open(places)?;
        if loaded.plugins.find(name).is_none() && places.data.exists() {
            let app = App::open(places).await?;
            loaded.plugins.follow_subscriptions(&app.workflow).await.map_err(WorkflowError::from)?;
            app.close().await;
        }
        Ok(loaded)
    }

    fn workbench(&self) -> Workbench<'_> {
        Workbench {
            plugins: &self.plugins,
            published: Arc::clone(&self.published),
            settings: Arc::clone(&self.settings),
        }
    }

    fn check(&self, output: &Output) -> Result<(), Failure> {
        let wrong = self.workbench().mistakes(SystemClock.now());
        if !wrong.is_empty() {
            return Err(mistakes(&wrong));
        }
        let count = self.plugins.set().len();
        if output.json {
            output.document(&json!({"plugins": count, "errors": []}));
        } else {
            output.line(format!("{count} plugins, no mistakes"));
        }
        Ok(())
    }

    fn sample(&self, name: &str, output: &Output) -> Result<(), Failure> {
        let plugin = self.plugins.find(name).ok_or_else(|| unknown(name, &self.plugins))?;
        let exchange = self.workbench().request(&plugin, &self.settings.mailbox, SystemClock.now());
        let exchange = exchange.map_err(|e| Failure::new(e.to_string()))?;
        if output.json {
            output.document(&exchange);
        } else {
            show(&exchange, output);
        }
        Ok(())
    }

    async fn test(&self, change: &Places, trying: &Trying, output: &Output) -> Result<(), Failure> {
        let name = &trying.name;
        let plugin = self.plugins.find(name).ok_or_else(|| unknown(name, &self.plugins))?;
        let to = trying.to.as_ref().unwrap_or(&self.settings.mailbox);
        // What cannot be sent is not recorded as sent.
        let request = self.workbench().request(&plugin, to, SystemClock.now());
        request.map_err(|e| Failure::new(e.to_string()))?;
        trying.record(change).await?;
        let tried = self.workbench().try_out(&plugin, to, &SystemClock).await;
        let Tried { request, trial, millis } = tried.map_err(|e| Failure::new(e.to_string()))?;
        if output.json {
            output.document(&json!({"request": request, "trial": trial, "millis": millis}));
        } else {
            show(&request, output);
            let verdict = if trial.accepted { "accepted" } else { "NOT accepted" };
            output.line(format!("\n{verdict} after {millis} ms: {}", trial.answer));
        }
        match trial.accepted {
            true => Ok(()),
            false => Err(Failure::new(format!("{name} did not take the sample: {}", trial.answer))),
        }
    }
}

fn show(exchange: &Exchange, output: &Output) {
    output.line(format!("{} {}", exchange.method, exchange.url));
    for (name, value) in &exchange.headers {
        output.line(format!("{name}: {value}"));
    }
    output.line(format!("\n{:#}", exchange.body));
}

fn mistakes(found: &[PluginError]) -> Failure {
    Failure::new(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
