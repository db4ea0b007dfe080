//! What is wrong with the way in which an engine would answer a statement: what it would read from its beginning to its
//! end, and what it would sort before the first row is there.

use super::fill::TABLES;
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Row as _, SqlitePool};
use std::collections::BTreeSet;

/// Columns of which a value has few rows, whatever the size of the register: those of one complaint, one message, one
/// delivery. What is found by one of them may be sorted.
const OF_ONE: [&str; 7] =
    ["complaint_id", "delivery_id", "digest_id", "id", "message_id", "notification_id", "reference"];

/// What is wrong with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A table or an index of all of it is read from its beginning to its end.
    ReadWhole,
    /// Rows are sorted before the first is there.
    Sorted,
    /// Rows come in order, but for those that are alike in what comes first.
    TiesSorted,
}

/// What is wrong, and where in the plan.
pub type Finding = (Wrong, String);

/// An engine that explains its plans, and the indexes of its that hold a part of their table only.
pub struct Explainer {
    engine: Explaining,
    partial: BTreeSet<String>,
}

enum Explaining {
    Sqlite(SqlitePool),
    /// Prepared statements are of one connection.
    Postgres(PgPool),
}

impl Explainer {
    pub async fn connect(url: &str) -> Self {
        if url.starts_with("sqlite") {
            let pool = SqlitePool::connect(url).await.unwrap();
            let partial = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'";
            let partial: Vec<String> = sqlx::query_scalar(partial).fetch_all(&pool).await.unwrap();
            return Self { engine: Explaining::Sqlite(pool), partial: partial.into_iter().collect() };
        }
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let partial = "SELECT CAST(c.relname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
            WHERE i.indpred IS NOT NULL";
        let partial: Vec<String> = sqlx::query_scalar(partial).fetch_all(&pool).await.unwrap();
        Self { engine: Explaining::Postgres(pool), partial: partial.into_iter().collect() }
    }

    /// Returns what is wrong with the plan of a statement.
    pub async fn findings(&self, sql: &str) -> BTreeSet<Finding> {
        match &self.engine {
            Explaining::Sqlite(pool) => of_sqlite(sql, &steps(pool, sql).await, &self.partial),
            Explaining::Postgres(pool) => {
                let found = of_postgres(sql, &plan(pool, sql, "on").await, &self.partial);
                if found.is_empty() {
                    return found;
                }
                of_postgres(sql, &plan(pool, sql, "off").await, &self.partial)
            }
        }
    }
}

/// A line of SQLite's plan: the line it is under, and what it says.
type Step = (i64, String);

pub async fn steps(pool: &SqlitePool, sql: &str) -> Vec<Step> {
    let explained = format!("EXPLAIN QUERY PLAN {sql}");
    let rows = sqlx::query(&explained).fetch_all(pool).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    rows.iter().map(|row| (row.get("parent"), row.get("detail"))).collect()
}

fn of_sqlite(sql: &str, steps: &[Step], partial: &BTreeSet<String>) -> BTreeSet<Finding> {
    let mut found = BTreeSet::new();
    for (parent, step) in steps {
        let words: Vec<&str> = step.split(' ').collect();
        let index = words.iter().position(|word| *word == "INDEX").and_then(|i| words.get(i + 1));
        let is_growing = words.get(1).is_some_and(|name| TABLES.contains(&table(sql, name).as_str()));
        let is_whole = match words[0] {
            "SCAN" => !index.is_some_and(|index| partial.contains(*index)) && !is_cut(sql),
            "SEARCH" => {
                let is_partial = index.is_some_and(|index| partial.contains(*index));
                step.contains("AUTOMATIC")
                    || (!is_partial && (step.contains("ANY(") || is_unbound(sql, step)))
            }
            _ => false,
        };
        if is_growing && is_whole {
            found.insert((Wrong::ReadWhole, step.clone()));
        }
        if step.starts_with("USE TEMP B-TREE") {
            let first =
                steps.iter().find(|(p, s)| p == parent && (s.starts_with("S") || s.starts_with("MULTI")));
            let is_of_one = first.is_some_and(|(_, s)| OF_ONE.iter().any(|c| has_equality(s, c, "=?")));
            let is_small = first.is_some_and(|(_, s)| {
                let name = s.split(' ').nth(1).unwrap_or_default();
                s.starts_with('S') && !TABLES.contains(&table(sql, name).as_str())
            });
            if !is_of_one && !is_small {
                let is_of_ties = step.contains(" TERM") || step.contains("RIGHT PART");
                found.insert((if is_of_ties { Wrong::TiesSorted } else { Wrong::Sorted }, step.clone()));
            }
        }
    }
    found
}

/// Returns whether a range is the one from NULL on: everything that is there.
fn is_unbound(sql: &str, step: &str) -> bool {
    let range = step.rsplit_once('(').and_then(|(_, constraint)| constraint.strip_suffix(">?)"));
    range.is_some_and(|column| {
        sql.contains(&format!("{column} IS NOT NULL")) && !sql.contains(&format!("{column} >"))
    })
}

/// Returns whether a condition is by equality with a column.
fn has_equality(condition: &str, column: &str, equality: &str) -> bool {
    ["(", " ", "."].iter().any(|before| condition.contains(&format!("{before}{column}{equality}")))
}

/// Returns whether a statement reads the first rows of a table in the order of an index and stops: it has no condition
/// that could pass rows over.
fn is_cut(sql: &str) -> bool {
    let mut depth = 0;
    let outer: String = sql
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        })
        .collect();
    outer.contains(" LIMIT ") && !outer.contains(" WHERE ")
}

/// Returns the table of a name in a statement, which may be an alias.
fn table(sql: &str, name: &str) -> String {
    let words: Vec<&str> = sql.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let is_table = |word: &str| ["FROM", "JOIN", "UPDATE", "INTO"].contains(&word);
    let of_alias = words.windows(3).find(|w| is_table(w[0]) && w[2] == name);
    of_alias.map_or(name, |w| w[1]).to_owned()
}

/// Explains a statement as PostgreSQL plans it for any values, with the statistics of a filled register. Of thousands of
/// rows it would rather read all, also what an index would give in order; those ways are switched off, since the question
/// is whether there is another, for when there are millions. What it still reads whole, it must. Sorting is tried on and
/// off: without it an index is also read whole to spare the sort of few rows.
async fn plan(pool: &PgPool, sql: &str, sorting: &str) -> serde_json::Value {
    let numbers = sql.split('$').skip(1).filter_map(|part| {
        part.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse::<usize>().ok())
    });
    let nulls = vec!["NULL"; numbers.max().unwrap_or(0)].join(", ");
    let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    for setting in [
        "DEALLOCATE ALL",
        "SET plan_cache_mode = force_generic_plan",
        "SET enable_seqscan = off",
        "SET enable_bitmapscan = off",
        &format!("SET enable_sort = {sorting}"),
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
        &format!("PREPARE asked AS {sql}"),
    ] {
        sqlx::raw_sql(setting).execute(pool).await.unwrap_or_else(|e| panic!("{setting}: {e}"));
    }
    let explain = format!("EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE asked{arguments}");
    let rows = sqlx::raw_sql(&explain).fetch_all(pool).await.unwrap();
    let text: String = rows[0].get_unchecked(0);
    serde_json::from_str::<serde_json::Value>(&text).unwrap()[0]["Plan"].take()
}

fn of_postgres(sql: &str, plan: &serde_json::Value, partial: &BTreeSet<String>) -> BTreeSet<Finding> {
    let mut found = BTreeSet::new();
    visit(plan, &mut |node| {
        let text = |key: &str| node[key].as_str().unwrap_or_default();
        let (kind, relation, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
        let is_growing = TABLES.contains(&relation) || TABLES.iter().any(|table| index.starts_with(table));
        let condition = text("Index Cond");
        let is_whole = match kind {
            "Seq Scan" => true,
            "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
                (condition.is_empty() || condition.ends_with("IS NOT NULL)")) && !partial.contains(index)
            }
            _ => false,
        };
        if is_growing && is_whole && !is_cut(sql) {
            found.insert((Wrong::ReadWhole, format!("{kind} of {relation} by {index}")));
        }
        // What is sorted by group after it was counted is as much as there are groups.
        let is_of_groups = node["Plans"][0]["Node Type"] == "Aggregate";
        if kind.ends_with("Sort") && !is_of_groups {
            let is_of_one = first_condition(node)
                .is_some_and(|c| OF_ONE.iter().any(|column| has_equality(&c, column, " = ")));
            let mut reads_growing = false;
            visit(node, &mut |below| {
                reads_growing |= below["Relation Name"].as_str().is_some_and(|table| TABLES.contains(&table));
            });
            if reads_growing && !is_of_one {
                let is_of_ties = kind.starts_with("Incremental");
                let wrong = if is_of_ties { Wrong::TiesSorted } else { Wrong::Sorted };
                found.insert((wrong, format!("{kind} by {}", node["Sort Key"])));
            }
        }
    });
    found
}

fn visit<'p>(node: &'p serde_json::Value, look: &mut dyn FnMut(&'p serde_json::Value)) {
    look(node);
    for below in node["Plans"].as_array().into_iter().flatten() {
        visit(below, look);
    }
}

/// Returns the condition on the index that is read first below a node.
fn first_condition(node: &serde_json::Value) -> Option<String> {
    let own = node["Index Cond"].as_str().map(str::to_owned);
    own.or_else(|| node["Plans"].as_array()?.iter().find_map(first_condition))
}
