//! The log: one line for each record on standard error, as text or as JSON; its level and form change while the
//! program runs, and what repeats is counted instead of written.

mod repeats;

use crate::clock::{Clock, SystemClock};
use crate::escape;
use repeats::{Admitted, Repeats, Summary};
use serde::Deserialize;
use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry, reload};

/// The variable that says what is logged, before any setting.
const VARIABLE: &str = "REDRESS_LOG";
/// What commands log that say nothing else.
const QUIET: &str = "redress=warn,error";

/// True while the lines are JSON.
static IS_JSON: AtomicBool = AtomicBool::new(false);
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();
static REPEATS: Mutex<Repeats> = Mutex::new(Repeats::new());

/// The form of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// For people.
    Text,
    /// For programs: an object on each line.
    Json,
}

/// Starts the log, at the level that the environment says.
pub fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| QUIET.into());
    let (filter, handle) = reload::Layer::new(filter);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .event_format(Lines)
        .with_writer(|| Escaped(std::io::stderr()));
    tracing_subscriber::registry().with(filter).with(lines).init();
    let _ = FILTER.set(handle);
}

/// Checks what is to be logged.
///
/// # Errors
/// In words: what of it is no level.
pub fn check(level: &str) -> Result<(), String> {
    EnvFilter::builder().parse(spelt_out(level)).map(|_| ()).map_err(|e| e.to_string())
}

/// Sets level and form from now on. What the environment says about the level counts instead.
pub fn set(level: &str, form: Form) {
    IS_JSON.store(form == Form::Json, Ordering::Relaxed);
    if std::env::var_os(VARIABLE).is_some() {
        return;
    }
    if let (Some(filter), Ok(new)) = (FILTER.get(), EnvFilter::builder().parse(spelt_out(level))) {
        // It fails only when the log has ended.
        let _ = filter.reload(new);
    }
}

/// Writes how often lines were repeated, whose time is over.
pub fn flush() {
    summarise(|repeats, now| repeats.expired(now));
}

/// Writes how often lines were repeated, at the end of the program.
pub fn finish() {
    summarise(|repeats, _| repeats.all());
}

fn summarise(of: impl FnOnce(&mut Repeats, std::time::Duration) -> Vec<Summary>) {
    let summaries = of(&mut REPEATS.lock().unwrap_or_else(PoisonError::into_inner), SystemClock.elapsed());
    for Summary { times, line } in summaries {
        tracing::warn!(times, "repeated: {line}");
    }
}

/// Returns a level as the filter reads it: a plain one is that of this program, and others warn.
fn spelt_out(level: &str) -> String {
    match level.parse::<Level>() {
        Ok(Level::ERROR) => "error".to_owned(),
        Ok(_) => format!("warn,redress={level}"),
        Err(_) => level.to_owned(),
    }
}

/// Writes a record in one of two forms, unless it repeats another.
struct Lines;

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        ctx.format_fields(Writer::new(&mut line), event)?;
        let (callsite, is_trouble) = (event.metadata().callsite(), *event.metadata().level() <= Level::WARN);
        let now = SystemClock.elapsed();
        let admitted = {
            let mut repeats = REPEATS.lock().unwrap_or_else(PoisonError::into_inner);
            repeats.admit(callsite, line, is_trouble, now)
        };
        match admitted {
            Admitted::Counted => Ok(()),
            Admitted::Written if IS_JSON.load(Ordering::Relaxed) => {
                Format::default().json().flatten_event(true).format_event(ctx, writer, event)
            }
            Admitted::Written => Format::default().with_ansi(false).format_event(ctx, writer, event),
        }
    }
}

/// The log, in which what strangers wrote steers no terminal and passes for no record of ours: a record is written
/// whole, and its further lines are set in.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, record: &[u8]) -> std::io::Result<usize> {
        if !record.is_empty() {
            let text = String::from_utf8_lossy(record);
            let safe = escape::text(text.trim_end()).replace('\n', "\n    ");
            self.0.write_all(format!("{safe}\n").as_bytes())?;
        }
        Ok(record.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
