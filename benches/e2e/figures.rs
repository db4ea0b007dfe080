//! The tables of figures that stand in documents: what their lines are called, how a figure is written, and where they stand.
//! A test compares the documents with the names here.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// The sizes of registers, in complaints.
pub const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// What grows, or does not, with the register.
pub const GROWTH: [&str; 13] = [
    "idle tick",
    "due tick, each complaint",
    "action",
    "list",
    "show",
    "search",
    "register as CSV",
    "report on a year",
    "report on ten years",
    "plan of another term",
    "start of `serve`, until the page answers",
    "import",
    "size of each, imported; by mail",
];

/// The sizes at which pages are asked for, beside a register of a few, which fill every page as well.
pub const LARGE: [usize; 2] = [100_000, 1_000_000];

/// The pages, whoever asks. `{number}` is a complaint that is late, `{day}` a day on which only those stood there that came by mail.
pub const PAGES: [&str; 15] = [
    "/",
    "/register",
    "/register?stage=open&late=1",
    "/register?stage=open",
    "/register?order=number",
    "/register?at={day}",
    "/intake",
    "/oversight",
    "/complaints/{number}",
    "/complaints/{number}/views",
    "/search?q=training",
    "/search?q=beamer+parkeren",
    "/search?q=zonnebloem",
    "/search?q={number}",
    "/me",
];

/// What the server held at most while it was asked for them, by one person after the other.
pub const MEMORY: &str = "the most memory of `serve`";

/// The document and the name of the place at which a table stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub document: &'static str,
    pub name: &'static str,
}

/// Where the growth on each engine stands, and how fast pages are.
pub const PLACES: [Place; 3] = [
    Place { document: "README.md", name: "growth on SQLite" },
    Place { document: "README.md", name: "growth on PostgreSQL" },
    Place { document: "ARCHITECTURE.md", name: "pages" },
];

impl Place {
    pub fn begin(self) -> String {
        format!("<!-- {} -->\n", self.name)
    }

    pub fn end(self) -> String {
        format!("<!-- end of {} -->", self.name)
    }

    /// Puts a table there.
    pub fn write(self, table: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(self.document);
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(&self.begin()).expect("the place of the table is marked");
        let (_, after) = rest.split_once(&self.end()).expect("the end of the table is marked");
        std::fs::write(path, format!("{before}{}{table}{}{after}", self.begin(), self.end())).unwrap();
    }
}

/// Writes a table: its headings, and lines of a name and cells.
pub fn table(headings: &[String], lines: &[(String, Vec<String>)]) -> String {
    let mut text = format!("| {} |\n|{}\n", headings.join(" | "), "---|".repeat(headings.len()));
    for (name, cells) in lines {
        writeln!(text, "| {name} | {} |", cells.join(" | ")).unwrap();
    }
    text
}

/// Writes a number with a comma after its thousands.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.char_indices() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes how long something took, as exactly as it is of use.
pub fn time(took: Duration) -> String {
    match took.as_secs_f64() * 1_000.0 {
        millis if millis < 10.0 => format!("{millis:.1} ms"),
        millis if millis < 1_000.0 => format!("{millis:.0} ms"),
        millis if millis < 10_000.0 => format!("{:.1} s", millis / 1_000.0),
        millis => format!("{:.0} s", millis / 1_000.0),
    }
}
