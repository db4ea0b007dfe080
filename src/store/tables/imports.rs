//! `imports`: imports of earlier registers.

use crate::calendar::Moment;
use crate::complaint::Number;
use crate::store::row::{row, view};

row! {
    /// An import.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Import in "imports" as "import" ("id") {
        /// Its id.
        pub id: i64,
        /// The SHA-256 of its file, in hexadecimal.
        pub file_sha256: String,
        /// The moment at which it was begun.
        pub begun_at: Moment,
        /// The address of who began it.
        pub begun_by: String,
        /// The moment at which the whole file was gone through; none until then.
        pub finished_at: Option<Moment>,
        /// The moment at which it was last undone; none where it was not.
        pub undone_at: Option<Moment>,
        /// The address of who undid it.
        pub undone_by: Option<String>,
    }
}

view! {
    /// A complaint of the register, as a row is compared with it.
    pub(in crate::store) struct RegisteredRow in "complaints" as "complaint" ("id") {
        pub number: Option<Number>,
        pub intake_id: String,
        pub complainant_email: String,
        pub received_on: crate::calendar::Date,
        pub subject: String,
    }
}
