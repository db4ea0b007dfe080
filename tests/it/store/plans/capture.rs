//! The texts of the statements that the store sends, as sqlx tells of them where it sends them: none can be forgotten,
//! however it was put together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::Id;
use tracing::{Event, Instrument, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The target under which sqlx tells of statements, and the span in which they are ours.
const TARGET: &str = "sqlx::query";
const SPAN: &str = "captured";
/// By the span in which they were sent.
static SENT: Mutex<BTreeMap<u64, Captured>> = Mutex::new(BTreeMap::new());
static LISTENING: Once = Once::new();

/// What was sent within a span.
#[derive(Default)]
struct Captured {
    statements: Vec<String>,
    is_over: bool,
}

/// Runs something and returns every statement that it sends, in one form for lists of any length.
pub async fn statements(run: impl Future<Output = ()>) -> BTreeSet<String> {
    sent(run).await.iter().map(|sql| one_form(sql)).collect()
}

/// Runs something and returns every statement that it sends, in order.
pub async fn sent(run: impl Future<Output = ()>) -> Vec<String> {
    LISTENING.call_once(|| {
        let ours = |m: &Metadata<'_>| m.target() == TARGET || (m.is_span() && m.name() == SPAN);
        let listening = tracing_subscriber::registry().with(Sent.with_filter(filter_fn(ours)));
        tracing::subscriber::set_global_default(listening).unwrap();
    });
    let span = tracing::info_span!("captured");
    let id = span.id().unwrap().into_u64();
    run.instrument(span).await;
    // A thread of the driver tells of a statement after it has answered it, and holds the span until then.
    loop {
        if let Some(statements) = taken(id) {
            return statements;
        }
        tokio::task::yield_now().await;
    }
}

/// Takes what was sent within a span that is over.
fn taken(id: u64) -> Option<Vec<String>> {
    let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    if !sent.get(&id)?.is_over {
        return None;
    }
    sent.remove(&id).map(|captured| captured.statements)
}

/// Notes what is sent within our spans; other tests of the process send as well.
struct Sent;

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Sent {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_scope(event).into_iter().flatten().find(|span| span.name() == SPAN)
        else {
            return;
        };
        let mut text = Text::default();
        event.record(&mut text);
        let sql = if text.whole.is_empty() { text.summary } else { text.whole };
        let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
        sent.entry(span.id().into_u64()).or_default().statements.push(sql);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if context.span(&id).is_some_and(|span| span.name() == SPAN) {
            let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
            sent.entry(id.into_u64()).or_default().is_over = true;
        }
    }
}

/// A statement in an event: short ones stand in the summary only.
#[derive(Default)]
struct Text {
    whole: String,
    summary: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "db.statement" => value.clone_into(&mut self.whole),
            "summary" => value.clone_into(&mut self.summary),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Returns a statement with single spaces, at most two parameters in every list and one row in every list of rows, and its
/// parameters numbered anew. A list of one is another statement: engines plan it as an equality, which keeps the order of an index.
pub fn one_form(sql: &str) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short = String::with_capacity(sql.len().min(4_096));
    let mut rest = sql.as_str();
    while let Some(open) = rest.find('(') {
        short.push_str(&rest[..open]);
        rest = &rest[open..];
        let group = &rest[..=rest.find(')').unwrap_or(rest.len() - 1)];
        if is_parameters(group) && short.ends_with(" IN ") {
            let first: Vec<&str> = group.trim_matches(['(', ')']).split(',').take(2).collect();
            short.push_str(&format!("({})", first.join(",")));
            rest = &rest[group.len()..];
        } else if is_parameters(group) && short.ends_with("),") {
            // A further row.
            short.pop();
            rest = &rest[group.len()..];
        } else {
            short.push('(');
            rest = &rest[1..];
        }
    }
    short.push_str(rest);
    numbered_anew(&short)
}

/// Returns whether a group in parentheses holds parameters and nothing else.
fn is_parameters(group: &str) -> bool {
    let inside = group.trim_matches(['(', ')']);
    !inside.is_empty()
        && inside
            .split(',')
            .all(|p| p == "?" || p.strip_prefix('$').is_some_and(|n| n.parse::<u32>().is_ok()))
}

fn numbered_anew(sql: &str) -> String {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = String::with_capacity(sql.len());
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (old, rest) = part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()));
        let next = numbers.len() + 1;
        let number = *numbers.entry(old).or_insert(next);
        text.push_str(&format!("${number}{rest}"));
    }
    text
}

#[test]
fn lists_of_any_length_are_one() {
    let short = "SELECT a FROM t WHERE a > $1 AND b IN ($2,$3) AND c = $4 AND d = $1";
    assert_eq!(one_form("SELECT a FROM t\n WHERE a > $1 AND b IN ($2,$3,$4) AND c = $5 AND d = $1"), short);
    assert_eq!(one_form(short), short);
    let alone = "SELECT a FROM t WHERE b IN ($1) AND c = $2";
    assert_eq!(one_form(alone), alone, "an engine takes it for an equality");
    let row = "INSERT INTO t (a, b) VALUES ($1,$2) ON CONFLICT (a) DO NOTHING";
    assert_eq!(
        one_form("INSERT INTO t (a, b) VALUES ($1,$2),($3,$4),($5,$6) ON CONFLICT (a) DO NOTHING"),
        row
    );
    let update =
        "WITH v (a, b) AS (VALUES (CAST(? AS BIGINT),CAST(? AS TEXT)),(?,?),(?,?)) UPDATE t SET b = v.b";
    assert_eq!(one_form(update), update.replace(",(?,?)", ""));
    assert_eq!(one_form("SELECT COUNT(*) FROM t WHERE f(a) = $1"), "SELECT COUNT(*) FROM t WHERE f(a) = $1");
}

/// What a driver's thread tells after it has answered counts as well.
#[tokio::test]
async fn the_last_statement_is_not_lost() {
    let app = crate::support::Builder::default().start("2026-11-23 10:00").await;
    let trail = app.app.store.trail();
    for _ in 0..500 {
        let sent = sent(async { assert!(trail.time_seen().await.unwrap().is_none()) }).await;
        // A connection that is opened meanwhile is set up first.
        let asked = sent.iter().filter(|sql| sql.contains("FROM meta")).count();
        assert_eq!(asked, 1, "{sent:?}");
    }
}
