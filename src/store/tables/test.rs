//! Rows against the tables of a fresh database.

use super::*;
use crate::store::row::{Row, Written};
use crate::store::{Cursor, Store};
use std::collections::BTreeSet;

/// The shape of a row type, as it states it.
struct Shape {
    table: &'static str,
    key: &'static [&'static str],
    columns: &'static [&'static str],
    types: &'static [&'static str],
}

fn shape<R: Written>() -> Shape {
    Shape { table: R::TABLE, key: R::KEY, columns: R::COLUMNS, types: R::TYPES }
}

/// Returns the row that is written whole, for each table.
fn whole_rows() -> Vec<Shape> {
    vec![
        shape::<accounts::Account>(),
        shape::<api_tokens::ApiToken>(),
        shape::<approvals::ApprovalRow>(),
        shape::<bounced_addresses::BouncedAddressRow>(),
        shape::<companions::StoredCompanions>(),
        shape::<complaints::ComplaintRow>(),
        shape::<counters::CounterRow>(),
        shape::<deadlines::DeadlineRow>(),
        shape::<deliveries::DeliveryRow>(),
        shape::<delivery_attempts::AttemptRow>(),
        shape::<digest_lines::DigestLine>(),
        shape::<events::StoredEvent>(),
        shape::<gathered::GatheredRow>(),
        shape::<group_keys::GroupKeyRow>(),
        shape::<links::LinkRow>(),
        shape::<mail_sightings::MailSightingRow>(),
        shape::<Cursor>(),
        shape::<mails::MailRow>(),
        shape::<meta::MetaRow>(),
        shape::<notifications::NotificationRow>(),
        shape::<plugin_health::HealthRow>(),
        shape::<proposal_files::ProposalFileRow>(),
        shape::<proposal_trials::Trial>(),
        shape::<proposals::Proposal>(),
        shape::<publications::PastPublication>(),
        shape::<recommendations::RecommendationRow>(),
        shape::<reports::ConcludedReport>(),
        shape::<kept_answers::KeptAnswer>(),
        shape::<webhook_subscriptions::WebhookSubscription>(),
        shape::<kept_reports::KeptReport>(),
        shape::<imports::Import>(),
        shape::<import_rows::ImportRow>(),
        shape::<rulesets::RulesetRow>(),
        shape::<schedules::ScheduleRun>(),
        shape::<sessions::Session>(),
        shape::<threads::ThreadRow>(),
        shape::<told_faults::ToldFaultRow>(),
        shape::<triggers::TriggerRow>(),
    ]
}

/// A row names every column of its table, with its type.
#[tokio::test]
async fn rows_are_as_wide_as_their_tables() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::of_file(&folder.path().join("t.db")).await;
    for row in whole_rows() {
        let sql = format!("SELECT name, type FROM pragma_table_info('{}')", row.table);
        let found: Vec<(String, String)> = sqlx::query_as(&sql).fetch_all(&store.0.reader).await.unwrap();
        let found: BTreeSet<_> = found.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
        let said: BTreeSet<_> = row.columns.iter().copied().zip(row.types.iter().copied()).collect();
        assert_eq!(said, found, "{}", row.table);
        assert!(row.key.iter().all(|column| row.columns.contains(column)), "{}: {:?}", row.table, row.key);
    }
}

/// A view reads its columns and those that identify the row, each once.
#[test]
fn a_view_selects_what_identifies_the_row() {
    assert_eq!(complaints::FactsRow::columns(), "facts, id");
    assert_eq!(complaints::ComplaintKey::columns(), "id");
}
