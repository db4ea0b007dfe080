//! `import_rows`: the rows of imports that became complaints, known by digests.

use crate::complaint::{ComplaintId, Number};
use crate::store::row::{row, view};

row! {
    /// A row that became a complaint.
    #[derive(Clone, Debug)]
    pub(in crate::store) struct ImportRow in "import_rows" as "row" ("complaint_id") {
        pub complaint_id: ComplaintId,
        pub import_id: i64,
        pub line: i64,
        pub row_key: String,
        pub number_key: Option<String>,
        pub case_key: Option<String>,
    }
}

view! {
    /// A row that is there, with the complaint that it became.
    pub(in crate::store) struct KnownRow in "import_rows" as "row" ("complaint_id") {
        pub row_key: String,
        pub number_key: Option<String>,
        pub case_key: Option<String>,
        pub number: Option<Number>,
    }
}
