//! `redress plugins`: what is there and whether it would work.

use super::{Failure, Output};
use crate::app::Places;
use crate::config::Settings;
use crate::delivery::{PluginKind, Plugins, Sandbox};
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum PluginCommand {
    /// List the plugins
    List,
    /// Check every manifest, and the secrets of enabled ones
    Check,
}

impl PluginCommand {
    pub fn run(self, places: &Places, output: &Output) -> Result<(), Failure> {
        let settings = Settings::load(places.config.as_deref()).map_err(|e| Failure::new(e.to_string()))?;
        let outbox = places.data.join("outbox");
        let loaded = Plugins::load(
            &places.plugins,
            &outbox,
            &settings.mailbox,
            &settings.organisation,
            Sandbox::Closed,
        );
        let plugins = loaded.map_err(|found| {
            Failure::new(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
        match self {
            Self::List => list(&plugins, output),
            Self::Check => check(&plugins, output)?,
        }
        Ok(())
    }
}

fn list(plugins: &Plugins, output: &Output) {
    let row = |p: &crate::delivery::Plugin| {
        let kind = match p.manifest.kind {
            PluginKind::Email => "email",
            PluginKind::Webhook => "webhook",
        };
        let on = if p.manifest.enabled { "enabled" } else { "disabled" };
        vec![
            p.name.clone(),
            kind.to_owned(),
            on.to_owned(),
            p.manifest.messages.join(","),
            p.manifest.recipients.join(","),
        ]
    };
    let rows: Vec<Vec<String>> = plugins.iter().map(row).collect();
    if output.json {
        let rows: Vec<_> = plugins
            .iter()
            .zip(&rows)
            .map(|(p, r)| {
                json!({"name": p.name, "kind": r[1], "enabled": p.manifest.enabled,
                    "messages": p.manifest.messages, "recipients": p.manifest.recipients})
            })
            .collect();
        output.document(&rows);
    } else {
        output.table(&["plugin", "kind", "", "messages", "recipients"], &rows);
    }
}

fn check(plugins: &Plugins, output: &Output) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for plugin in plugins.enabled() {
        if let Some(Err(e)) = plugin.manifest.webhook.as_ref().map(|w| w.secret.read()) {
            wrong.push(format!("plugins/{}/plugin.toml: {e}", plugin.name));
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::new(wrong.join("\n")));
    }
    if output.json {
        output.document(&json!({"plugins": plugins.iter().count(), "errors": []}));
    } else {
        output.line(format!("{} plugins, no mistakes", plugins.iter().count()));
    }
    Ok(())
}
