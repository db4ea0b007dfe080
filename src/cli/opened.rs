//! An installation as it is opened for one command.

use super::Failure;
use crate::app::{App, Places};

/// Opens an installation for a command, and closes it behind that, however it ends: nobody who looks at the database then finds a
/// part of it in a log beside.
pub(super) async fn on(
    places: &Places,
    command: impl AsyncFnOnce(&App) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let app = App::open(places).await?;
    let done = command(&app).await;
    app.close().await;
    done
}
