//! `/plugins`: how each plugin stands, trying it out, switching it on and off, and sending what it missed; by the functions
//! behind the pages; and the webhooks that programs make for themselves, beside the folders that the service reads and does not write.

mod handlers;
mod operations;
mod shapes;
mod subscriptions;

pub(super) use operations::OPERATIONS;
