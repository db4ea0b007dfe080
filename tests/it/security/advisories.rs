//! Known vulnerabilities of what the program depends on, by the database of RustSec as `tests/fixtures/advisories.tsv`
//! has it: it works without a network, and knows no more than on the day that stands in its first line.
//!
//! `REDRESS_ADVISORIES=FOLDER` reads a checkout of the database itself; with `UPDATE_ADVISORIES=1`, the file is written
//! anew from it.

use crate::dependencies::packages;
use crate::support::repository;
use crate::support::source::files;
use semver::{Version, VersionReq};
use std::path::{Path, PathBuf};

/// An advisory: what it is about, and which versions it leaves alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Advisory {
    id: String,
    package: String,
    /// `vulnerability`, or what it informs of: `unmaintained`, `unsound`, `notice`.
    kind: String,
    /// Requirements of versions that are sound, separated by `||`.
    sound: String,
    title: String,
}

impl Advisory {
    /// Reads an advisory of the database; none for one that was withdrawn.
    fn read(text: &str) -> Option<Self> {
        let (front, words) = text.strip_prefix("```toml\n")?.split_once("\n```")?;
        let front: toml::Table = front.parse().ok()?;
        let about = front["advisory"].as_table()?;
        let text = |value: Option<&toml::Value>| value.and_then(toml::Value::as_str).map(str::to_owned);
        if about.contains_key("withdrawn") {
            return None;
        }
        let versions = front["versions"].as_table()?;
        let listed =
            |key: &str| versions.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let sound: Vec<String> =
            listed("patched").iter().chain(&listed("unaffected")).filter_map(|v| text(Some(v))).collect();
        let title = words.lines().find_map(|l| l.strip_prefix("# ")).unwrap_or_default();
        Some(Self {
            id: text(about.get("id"))?,
            package: text(about.get("package"))?,
            kind: text(about.get("informational")).unwrap_or_else(|| "vulnerability".to_owned()),
            sound: sound.join(" || "),
            title: title.replace('\t', " "),
        })
    }

    fn line(&self) -> String {
        [&self.id, &self.package, &self.kind, &self.sound, &self.title].map(String::as_str).join("\t")
    }

    fn of_line(line: &str) -> Self {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [id, package, kind, sound, title] = cells.try_into().unwrap();
        Self { id, package, kind, sound, title }
    }

    /// Returns whether it is about a version of a package.
    fn is_about(&self, package: &str, version: &Version) -> bool {
        let matches = |req: &str| VersionReq::parse(req.trim()).is_ok_and(|req| req.matches(version));
        self.package == package && !self.sound.split("||").filter(|r| !r.trim().is_empty()).any(matches)
    }
}

fn snapshot() -> PathBuf {
    repository().join("tests/fixtures/advisories.tsv")
}

/// Returns the advisories, and where they are from.
fn advisories() -> (Vec<Advisory>, String) {
    let Some(folder) = std::env::var_os("REDRESS_ADVISORIES") else {
        let text = std::fs::read_to_string(snapshot()).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        return (rest.lines().map(Advisory::of_line).collect(), first.trim_start_matches("# ").to_owned());
    };
    let folder = Path::new(&folder);
    let found =
        files(&folder.join("crates")).into_iter().filter(|f| f.extension().is_some_and(|e| e == "md"));
    let mut advisories: Vec<Advisory> =
        found.filter_map(|f| Advisory::read(&std::fs::read_to_string(f).unwrap())).collect();
    advisories.sort();
    let newest = advisories.iter().map(|a| a.id.as_str()).max().unwrap_or_default();
    let source = format!("RustSec's advisories (CC0-1.0), the newest of them {newest}");
    if std::env::var_os("UPDATE_ADVISORIES").is_some() {
        let lines = advisories.iter().map(Advisory::line);
        let text: Vec<String> = std::iter::once(format!("# {source}")).chain(lines).collect();
        std::fs::write(snapshot(), text.join("\n") + "\n").unwrap();
    }
    (advisories, source)
}

/// The advisories that deny.toml leaves out, each with its reason.
fn judged() -> Vec<(String, String)> {
    let deny: toml::Table = std::fs::read_to_string(repository().join("deny.toml")).unwrap().parse().unwrap();
    let listed = deny["advisories"]["ignore"].as_array().unwrap();
    let text = |item: &toml::Value, key: &str| item[key].as_str().unwrap().to_owned();
    listed.iter().map(|item| (text(item, "id"), text(item, "reason"))).collect()
}

#[expect(clippy::print_stdout, reason = "the figures, for whoever asks with --nocapture")]
#[test]
fn nothing_we_depend_on_has_an_advisory_that_nobody_judged() {
    let (advisories, source) = advisories();
    assert!(advisories.len() > 800, "{}", advisories.len());
    let judged = judged();
    let mut found = Vec::new();
    let packages = packages();
    for package in &packages {
        let version = Version::parse(package["version"].as_str().unwrap()).unwrap();
        let name = package["name"].as_str().unwrap();
        let about = advisories.iter().filter(|a| a.is_about(name, &version));
        found.extend(
            about.map(|a| (a.id.clone(), format!("{name} {version}: {} {} ({})", a.id, a.title, a.kind))),
        );
    }
    println!(
        "{} packages, {} advisories: {source}; {} judged",
        packages.len(),
        advisories.len(),
        judged.len()
    );
    let open: Vec<&String> =
        found.iter().filter(|(id, _)| !judged.iter().any(|(j, _)| j == id)).map(|(_, t)| t).collect();
    assert!(open.is_empty(), "{open:#?}");
    for (id, reason) in judged {
        assert!(found.iter().any(|(f, _)| *f == id), "{id} is about nothing here any more ({reason})");
    }
}

#[test]
fn an_advisory_is_about_what_is_not_patched() {
    let text = "```toml\n[advisory]\nid = \"RUSTSEC-2020-0071\"\npackage = \"time\"\n[versions]\npatched = [\">=0.2.23\"]\n\
                unaffected = [\"=0.2.0\", \"=0.2.1\"]\n```\n\n# Potential segfault\n";
    let advisory = Advisory::read(text).unwrap();
    assert_eq!(Advisory::of_line(&advisory.line()), advisory);
    let is_about = |version: &str| advisory.is_about("time", &Version::parse(version).unwrap());
    assert!(is_about("0.1.45") && is_about("0.2.7") && !is_about("0.2.1") && !is_about("0.3.0"));
    assert!(!advisory.is_about("chrono", &Version::new(0, 1, 0)));
    assert_eq!(Advisory::read(&text.replace("[versions]", "withdrawn = \"2021-01-01\"\n[versions]")), None);
    let (all, _) = advisories();
    let old = Version::parse("0.10.0").unwrap();
    assert!(all.iter().any(|a| a.is_about("hyper", &old)), "the database is read");
}
