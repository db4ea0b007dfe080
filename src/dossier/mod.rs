//! The dossier of a complaint: what an auditor or a court takes home. It says what a dossier is, how its parts read, and
//! how it is checked; the rows come from elsewhere, and the parts go one after the other into an archive.
//!
//! Its page recomputes what can be recomputed without the key of the installation, and says what that proves.

mod attested;
mod check;
mod html;
mod link;
mod manifest;
mod name;
mod pack;
mod page;
mod said;
mod step;
mod turn;

pub use check::{Checked, CheckedEvent, check};
pub use link::{Link, Marks};
pub use manifest::{ATTESTATION, Attestation, FORMAT, MANIFEST, Manifest, attested};
pub use name::{attachment_name, letter_name, mail_name};
pub use pack::{CheckedPack, HEAD, PackManifest, WithoutDossier, attested_pack, check_pack, is_pack};
pub use page::{Closing, Head, Measure, Page, Pair, Term};
pub use step::{Reason, RuleRef, Sentence, Step, TIMELINE, Tells, line};
pub use turn::{Enclosed, Kind, Outcome, Turn};
