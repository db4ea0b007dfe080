//! `redress completions` and `redress manual`: made from the commands themselves.

use super::{Failure, Output};
use clap::{Args, Command};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell that is to complete
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// Write a page for each command in this folder; without it, the program's page is printed
    folder: Option<PathBuf>,
}

impl Completions {
    pub fn run(self, mut program: Command, output: &Output) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "redress", &mut script);
        output.bytes(&script)
    }
}

impl Manual {
    pub fn run(self, program: Command, output: &Output) -> Result<(), Failure> {
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            clap_mangen::Man::new(program).render(&mut page)?;
            return output.bytes(&page);
        };
        let wrong = |e: std::io::Error| Failure::new(format!("{} cannot be written: {e}", folder.display()));
        std::fs::create_dir_all(&folder).map_err(wrong)?;
        clap_mangen::generate_to(program, &folder).map_err(wrong)?;
        output.line(format!("the pages are in {}", folder.display()));
        Ok(())
    }
}
