//! The facts of a complaint that is forgotten, and what follows from them elsewhere: columns, groups, links, threads.

use super::naming::{Names, Ours};
use super::{Forgettings, pass};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Fault};
use crate::store::column::Json;
use crate::store::error::StoreError;
use crate::store::grouping::regroup;
use crate::store::row::{row, view};
use crate::store::sets::update;
use crate::store::statement::{Statement, Tx};
use crate::store::tables::complaints::FactsRow;
use crate::store::tables::forgettings::ForgettingStep;
use std::borrow::Cow;

view! {
    struct VersionedFacts in "complaints" as "complaint" ("id") {
        version: i64,
        facts: Json<Complaint>,
    }
}

row! {
    /// The columns of a complaint that hold names or texts.
    struct ForgottenRow<'c> in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        version: i64,
        subject: String,
        complainant_name: String,
        complainant_email: String,
        solution: Option<String>,
        description: Option<String>,
        facts: Json<Cow<'c, Complaint>>,
        faults: Json<Vec<Fault>>,
    }
}

/// What becomes of the columns: under another version, so that a decision that was made on the facts before is not written.
const CHANGE: &str = "version = complaints.version + 1, subject = v.subject, complainant_name = v.complainant_name, \
    complainant_email = v.complainant_email, solution = v.solution, description = v.description, facts = v.facts, \
    faults = v.faults FROM v WHERE complaints.id = v.id AND complaints.version = v.version";

impl Forgettings {
    /// Makes the facts what `stays` says stays of them.
    pub async fn forget_facts(
        &self,
        id: ComplaintId,
        stays: &(dyn Fn(&Complaint) -> Complaint + Send + Sync),
        ours: Ours<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let this = "FROM complaints WHERE id = $1";
        let this = Statement::select::<VersionedFacts>(this).and(self.0.engine.for_update()).with(id);
        let Some(VersionedFacts { version, facts: Json(before), .. }) = this.first(&mut tx).await? else {
            return Ok(());
        };
        let after = stays(&before);
        let row = ForgottenRow {
            id,
            version,
            subject: after.subject.clone(),
            complainant_name: after.complainant.name.clone(),
            complainant_email: after.complainant.email.clone(),
            solution: after.solution.clone(),
            description: after.description.clone(),
            facts: Json(Cow::Borrowed(&after)),
            faults: Json(Vec::new()),
        };
        update(&mut tx, vec![row], CHANGE).await?;
        regroup(&mut tx, &[(id, &after)]).await?;
        for table in ["links", "conversations"] {
            let gone = Statement::new(format!("DELETE FROM {table} WHERE complaint_id = $1"));
            gone.with(id).run(&mut tx).await?;
        }
        unsay(&mut tx, &Names::of(&before, ours)).await?;
        pass(&mut tx, id, ForgettingStep::Facts).await?;
        self.0.finish(tx).await
    }
}

/// Returns since when a complaint is there, and by what its people are known.
pub(super) async fn names_of(
    tx: &mut Tx,
    id: ComplaintId,
    ours: Ours<'_>,
) -> Result<Option<(Moment, Names)>, StoreError> {
    let facts = Statement::select::<FactsRow>("FROM complaints WHERE id = $1").with(id);
    let facts = facts.first::<FactsRow>(tx).await?.map(|row| row.facts.0);
    Ok(facts.map(|c| (c.received_at, Names::of(&c, ours))))
}

/// Returns the address of the complainant; none where there is none.
pub(super) async fn complainant_of(tx: &mut Tx, id: ComplaintId) -> Result<Option<String>, StoreError> {
    let address = Statement::new("SELECT complainant_email FROM complaints WHERE id = $1").with(id);
    let address: Option<String> = address.value("complainant_email", tx).await?;
    Ok(address.filter(|address| address.contains('@')))
}

view! {
    struct HealthRow in "plugin_health" as "plugin" ("plugin") {
        plugin: String,
        last_error: String,
    }
}

view! {
    struct AlarmRow in "alarms" as "alarm" ("kind", "subject", "observer") {
        kind: String,
        subject: String,
        observer: String,
        said: String,
        remedy: String,
    }
}

/// Takes names out of what the program says of itself: the answers of servers, and what is wrong now. Those are few.
async fn unsay(tx: &mut Tx, names: &Names) -> Result<(), StoreError> {
    let healths = Statement::select::<HealthRow>("FROM plugin_health WHERE last_error <> ''");
    let healths: Vec<HealthRow> = healths.all(&mut *tx).await?;
    for row in healths.iter().filter(|row| names.are_in(&[&row.last_error])) {
        let unsaid = Statement::new("UPDATE plugin_health SET last_error = '' WHERE plugin = $1");
        unsaid.with(&row.plugin).run(tx).await?;
    }
    let alarms = Statement::select::<AlarmRow>("FROM alarms");
    for row in alarms.all::<AlarmRow>(&mut *tx).await? {
        if names.are_in(&[&row.said, &row.remedy, &row.subject]) {
            // What is still so is said anew by the next look.
            let gone =
                Statement::new("DELETE FROM alarms WHERE kind = $1 AND subject = $2 AND observer = $3");
            gone.with(&row.kind).with(&row.subject).with(&row.observer).run(tx).await?;
        }
    }
    Ok(())
}
