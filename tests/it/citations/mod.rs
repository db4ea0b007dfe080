//! What comments cite is in the repository: each citation has one form and a target that exists, and the forms that
//! led outside are refused.
//!
//! The form is a document's path and what is meant in it: `docs/semantics.md 4.3`, `docs/procedure.md row 26`,
//! `docs/procedure.md T34; edge case 12`, `docs/mail.md "Mail loops"`, `ARCHITECTURE.md "Limits"`; and for a standard,
//! its number with the sections of it that docs/standards.md lists: `RFC 5545, 3.8.7.4`.

mod comments;
mod library;
mod reading;

use crate::support::repository;
use comments::{comments, every_comment};
use library::{Library, Target};
use reading::{Cited, citations};
use std::collections::BTreeSet;

/// Returns what is wrong with the citations of a text.
fn mistakes(text: &str, library: &Library) -> Vec<String> {
    let (found, mut wrong) = citations(text, library);
    for cited in found {
        match cited {
            Cited::In(path, targets) => {
                let known = &library.documents[&path];
                let missing = targets.into_iter().filter(|t| !known.contains(t));
                wrong.extend(missing.map(|t| format!("{path} has no {t:?}")));
            }
            Cited::Standard(number, sections) => match library.standards.get(&number) {
                None => wrong.push(format!("RFC {number} is not in docs/standards.md")),
                Some(listed) => {
                    let missing = sections.into_iter().filter(|s| !listed.contains(s));
                    wrong.extend(
                        missing.map(|s| format!("docs/standards.md lists no section {s} of RFC {number}")),
                    );
                }
            },
        }
    }
    wrong
}

#[test]
fn every_citation_of_a_comment_leads_to_something_in_the_repository() {
    let library = Library::read();
    let comments = every_comment();
    assert!(comments.len() > 1_000, "the comments are found: {}", comments.len());
    let wrong: Vec<String> = comments
        .iter()
        .flat_map(|(place, text)| mistakes(text, &library).into_iter().map(move |m| format!("{place}: {m}")))
        .collect();
    assert!(wrong.is_empty(), "{} citations lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_documents_cite_each_other_truly() {
    let library = Library::read();
    let mut wrong = Vec::new();
    for path in library.documents.keys() {
        let text = std::fs::read_to_string(repository().join(path)).unwrap();
        for cited in citations(&text, &library).0 {
            let Cited::In(document, targets) = cited else { continue };
            let known = &library.documents[&document];
            let missing = targets.into_iter().filter(|t| !known.contains(t));
            wrong.extend(missing.map(|t| format!("{path}: {document} has no {t:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_standard_is_listed_that_nothing_cites() {
    let library = Library::read();
    let documents = library.documents.keys().filter(|path| !path.ends_with("standards.md"));
    let documents = documents.map(|path| std::fs::read_to_string(repository().join(path)).unwrap());
    let texts = every_comment().into_iter().map(|(_, text)| text).chain(documents);
    let mut cited: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    for text in texts {
        for found in citations(&text, &library).0 {
            let Cited::Standard(number, sections) = found else { continue };
            cited.extend(sections.into_iter().map(|s| (number.clone(), Some(s))));
            cited.insert((number, None));
        }
    }
    for (number, sections) in &library.standards {
        assert!(cited.contains(&(number.clone(), None)), "nothing cites RFC {number}");
        for section in sections {
            let is_cited = cited.contains(&(number.clone(), Some(section.clone())));
            assert!(is_cited, "nothing cites RFC {number}, {section}");
        }
    }
}

#[test]
fn what_can_be_cited_is_found_in_the_documents() {
    let library = Library::read();
    let procedure = &library.documents["docs/procedure.md"];
    assert!((1..=39).all(|n| procedure.contains(&Target::Row(n))));
    assert!((1..=36).all(|n| procedure.contains(&Target::Transition(n))));
    assert!((1..=20).all(|n| procedure.contains(&Target::EdgeCase(n))));
    let sections =
        |path: &str| library.documents[path].iter().filter(|t| matches!(t, Target::Section(_))).count();
    assert_eq!(sections("docs/semantics.md"), 59, "eight chapters and their paragraphs");
    assert!(library.documents["docs/mail.md"].contains(&Target::Heading("Mail loops".to_owned())));
}

#[test]
fn a_right_citation_is_read_whole() {
    let library = Library::read();
    let read = |text: &str| citations(text, &library).0;
    let of = |path: &str, targets: Vec<Target>| vec![Cited::In(path.to_owned(), targets)];
    let sections = |numbers: &[&str]| numbers.iter().map(|n| Target::Section((*n).to_owned())).collect();
    assert_eq!(read("Never goes back (docs/semantics.md 2.1)."), of("docs/semantics.md", sections(&["2.1"])));
    assert_eq!(read("see docs/semantics.md 3.3 and 4.4"), of("docs/semantics.md", sections(&["3.3", "4.4"])));
    assert_eq!(
        read("(docs/procedure.md rows 2, 6 to 8 and 32; T1, T4 to T6;\nedge cases 3 and 4.) And 5 more."),
        of(
            "docs/procedure.md",
            [2, 6, 7, 8, 32]
                .map(Target::Row)
                .into_iter()
                .chain([1, 4, 5, 6].map(Target::Transition))
                .chain([3, 4].map(Target::EdgeCase))
                .collect()
        )
    );
    let headings = vec![Target::Heading("Mail loops".to_owned()), Target::Heading("Bounces".to_owned())];
    assert_eq!(read("as docs/mail.md \"Mail\nloops\", \"Bounces\" say"), of("docs/mail.md", headings));
    assert_eq!(
        read("RFC 6749, sections 4.4 and 6, and RFC 9562, version 5"),
        [
            Cited::Standard("6749".to_owned(), vec!["4.4".to_owned(), "6".to_owned()]),
            Cited::Standard("9562".to_owned(), Vec::new())
        ]
    );
}

#[test]
fn a_wrong_citation_is_found() {
    let library = Library::read();
    for wrong in [
        "docs/semantics.md 9.9",
        "docs/semantics.md 4.3, 4.9",
        "docs/procedure.md row 40",
        "docs/procedure.md rows 38 to 47",
        "docs/procedure.md T37",
        "docs/procedure.md edge case 21",
        "docs/mail.md \"No such topic\"",
        "docs/design.md",
        "RFC 1, for example",
        "RFC 5545, 9.9",
        // The forms that led outside.
        "semantics 4.3",
        "(semantics §6)",
        "semantics.md 1.5",
        "procedure row 26",
        "(procedure §2.5)",
        "Rows 36 and 37",
        "a letter that will not arrive has failed (T34)",
        "(edge cases 5 and 17)",
        "DESIGN §6",
        "(DESIGN, faults)",
        "email.md, \"Mail loops\"",
    ] {
        assert!(!mistakes(wrong, &library).is_empty(), "{wrong}");
    }
}

#[test]
fn comments_are_found_where_they_stand() {
    let text = "//! One\n//! two.\nlet a = \"https://x\"; // Three.\n    /// Four\nfn b() {}\n";
    let expected = [(1, " One\n two."), (3, "Three."), (4, " Four")];
    assert_eq!(comments(text, "//"), expected.map(|(line, text)| (line, text.to_owned())));
}
