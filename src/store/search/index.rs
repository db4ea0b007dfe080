//! The index over what is searched: made once on each engine, in the form that this version has.

use crate::complaint::ComplaintId;
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use crate::store::tables::complaints::ComplaintKey;
use crate::store::tables::meta::Meta;

/// The form of the index. Another one is made anew from the table, and the text of complaints is not read for it.
const FORM: i64 = 1;

/// Makes the index where it is not there, or has another form.
pub(in crate::store) async fn make(database: &Database) -> Result<(), StoreError> {
    if Meta::SearchForm.read::<i64>(&database.reader).await? == Some(FORM) {
        return Ok(());
    }
    let mut tx = database.begin().await?;
    for sql in database.engine.search_lock() {
        Statement::new(*sql).run(&mut tx).await?;
    }
    // Another process may have made it meanwhile.
    if Meta::SearchForm.read::<i64>(&mut tx).await? == Some(FORM) {
        return Ok(());
    }
    for sql in database.engine.search_index() {
        Statement::new(*sql).run(&mut tx).await?;
    }
    if Meta::SearchBelow.read::<i64>(&mut tx).await?.is_none() {
        let newest = Statement::select::<ComplaintKey>("FROM complaints ORDER BY id DESC LIMIT 1");
        let newest = newest.first::<ComplaintKey>(&mut tx).await?.map_or(ComplaintId(0), |row| row.id);
        Meta::SearchBelow.write(&mut tx, newest.0 + 1).await?;
    }
    Meta::SearchForm.write(&mut tx, FORM).await?;
    database.finish(tx).await
}
