//! `/plugins`: how each plugin stands, trying it out, switching it on and off, and sending what it missed; by the functions
//! behind the pages. A plugin is a folder of files that the service reads and does not write, so that none is made here.

mod handlers;
mod operations;
mod shapes;

pub(super) use operations::OPERATIONS;
