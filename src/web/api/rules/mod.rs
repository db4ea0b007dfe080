//! `/procedure`, `/proposals`, `/publications`, `/faults`: the workbench of the quality manager, by the functions behind its pages.

mod behind;
mod faults;
mod files;
mod graph;
mod letters;
mod looked;
mod operations;
mod plan;
mod procedure;
mod proposals;
mod publications;
mod shapes;
mod stories;
mod terms;
mod trials;

pub(super) use operations::OPERATIONS;
