//! What is answered over HTTP: the page in which people do their work, whether the process lives, whether the installation
//! can do its work, and its figures. The page knows no SQL and no rules: it shows what `workflow` hands out, and asks it to act.

mod answer;
mod api;
mod assets;
mod cookie;
mod dates;
mod door;
mod form;
mod guard;
mod loaded;
mod metrics;
mod own_form;
mod page;
mod pages;
mod qr;
mod router;
mod server;
mod session;
mod signed;
mod sources;
mod status;
mod templates;
mod texts;
mod trouble;

pub use door::Door;
pub use router::{figures, pages};
pub use server::serve;
