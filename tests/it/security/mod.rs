//! SECURITY.md: what it promises has tests, and those that need a file of their own are here.

mod advisories;
mod leaving;
mod network;

use crate::support::repository;
use crate::support::source::files;
use std::collections::BTreeSet;

/// Returns the names of tests, as cargo takes them, that stand in a document between backticks.
fn named_tests(document: &str) -> Vec<String> {
    let spans = document.split('`').skip(1).step_by(2);
    let is_test = |span: &&str| {
        span.contains("::")
            && span.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c))
    };
    spans.filter(is_test).map(str::to_owned).collect()
}

/// Returns every test as `file::name`, with the folders of `tests/it` and `src` above the file.
fn tests_that_exist() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for root in ["tests/it", "src"] {
        for file in files(&repository().join(root)) {
            if file.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let path = file.strip_prefix(repository().join(root)).unwrap().with_extension("");
            let modules: Vec<&str> =
                path.iter().map(|p| p.to_str().unwrap()).filter(|p| *p != "mod").collect();
            let text = std::fs::read_to_string(&file).unwrap();
            // A test's attribute stands above its function, with nothing but further attributes between.
            let tests = ["#[test]", "#[tokio::test"].into_iter().flat_map(|mark| text.split(mark).skip(1));
            for item in tests {
                let Some(name) = item.split("fn ").nth(1).and_then(|rest| rest.split('(').next()) else {
                    continue;
                };
                let inner = if root == "src" { &["tests"][..] } else { &[] };
                let whole: Vec<&str> = modules.iter().chain(inner).copied().chain([name]).collect();
                found.insert(whole.join("::"));
            }
        }
    }
    found
}

/// Every promise names its tests, and every test that is named exists.
#[test]
fn every_promise_has_a_test() {
    let text = std::fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    let exist = tests_that_exist();
    for test in named_tests(&text) {
        assert!(exist.contains(&test), "SECURITY.md names {test}, which is no test");
    }
    let promises = text.split("## Promises").nth(1).unwrap().split("\n## ").next().unwrap();
    let promises: Vec<&str> = promises.split("\n- **").skip(1).collect();
    assert!(promises.len() >= 12, "{}", promises.len());
    for promise in promises {
        assert!(!named_tests(promise).is_empty(), "no test is named for: {promise}");
    }
}

#[test]
fn a_test_that_does_not_exist_is_found() {
    let exist = tests_that_exist();
    assert!(exist.contains("security::a_test_that_does_not_exist_is_found"));
    assert!(exist.contains("network::address::tests::what_is_not_public_is_forbidden"));
    assert!(!exist.contains("security::what_nobody_wrote"));
    assert_eq!(named_tests("`security::x_1` and `a::B` and `src/x.rs`"), ["security::x_1"]);
}
