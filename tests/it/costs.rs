//! The tables of costs in the documents have the lines and columns of what `just growth` measures, and a figure in each.

use crate::support::repository;

#[expect(dead_code, reason = "the benchmark writes with it")]
#[path = "../../benches/e2e/figures.rs"]
mod figures;

use figures::{GROWTH, LARGE, MEMORY, PAGES, PLACES, Place, SIZES, thousands};

/// The lines of a table, each with its cells.
fn lines(place: Place) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(repository().join(place.document)).unwrap();
    let (_, rest) = text.split_once(&place.begin()).unwrap();
    let (table, _) = rest.split_once(&place.end()).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    table.lines().map(cells).collect()
}

/// Asserts that a table has these lines and these sizes in its headings, and says something everywhere.
fn says(place: Place, names: &[String], sizes: &[usize]) {
    let lines = lines(place);
    assert_eq!(lines.len(), names.len() + 2, "{}", place.name);
    let of_sizes = |size: &usize| lines[0].iter().any(|heading| heading.ends_with(&thousands(*size)));
    assert!(sizes.iter().all(of_sizes), "{}: {:?}", place.name, lines[0]);
    for (line, name) in lines[2..].iter().zip(names) {
        assert_eq!((line.len(), &line[0]), (lines[0].len(), name), "{}", place.name);
        let is_figure = |cell: &String| cell == "—" || cell.starts_with(|c: char| c.is_ascii_digit());
        assert!(line[1..].iter().all(is_figure), "{}: {line:?}", place.name);
    }
}

#[test]
fn the_documents_say_what_is_measured() {
    let [on_sqlite, on_postgres, of_pages] = PLACES;
    let names = GROWTH.map(str::to_owned);
    says(on_sqlite, &names, &SIZES);
    says(on_postgres, &names, &SIZES);
    let pages = PAGES.map(|page| format!("`{page}`")).into_iter().chain([MEMORY.to_owned()]);
    says(of_pages, &pages.collect::<Vec<_>>(), &LARGE);
}
