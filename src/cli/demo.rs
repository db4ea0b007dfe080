//! placeholder
use super::{Failure, Output};
use crate::app::Places;
#[derive(Debug, clap::Args)]
pub(super) struct Demo {}
impl Demo {
    pub async fn run(self, _: &Places, _: &Output) -> Result<(), Failure> { Ok(()) }
}
