//! Which file of a crate needs which: read from `use` lines and paths, with what a module re-exports followed to the
//! file that defines it.

use super::source::{Source, is_word};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

type Segments = Vec<String>;

/// Who needs whom, by path.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    pub needs: BTreeMap<String, BTreeSet<String>>,
}

/// A file as a module.
struct Module<'s> {
    file: &'s str,
    code: &'s str,
    /// The names that `use` lines bring in, with the whole path of each.
    named: BTreeMap<String, Segments>,
    /// Modules of which everything is brought in.
    globs: Vec<Segments>,
}

/// What a path means.
enum Meaning {
    /// An item, and the file that defines it.
    Item(String),
    /// A module.
    Module(Segments),
    /// Nothing of this crate.
    Foreign,
}

impl Imports {
    /// Reads the sources of one crate; `src/lib.rs` or nothing is its root.
    pub fn read(sources: &[Source]) -> Self {
        let tree = Tree::new(sources);
        let mut imports = Self::default();
        for (path, module) in &tree.modules {
            let needed = tree.paths_in(path, module).into_iter().filter_map(|p| match tree.meaning(&p, 0) {
                Meaning::Item(file) => Some(file),
                Meaning::Module(_) | Meaning::Foreign => None,
            });
            let needed = needed.filter(|file| file != module.file).collect();
            imports.needs.insert(module.file.to_owned(), needed);
        }
        imports
    }

    /// Returns the shortest way from one file to another, both included.
    pub fn way(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(file) = queue.pop_front() {
            for next in self.needs.get(file).into_iter().flatten() {
                if before.contains_key(next.as_str()) {
                    continue;
                }
                before.insert(next, file);
                if next == to {
                    let mut way = vec![to.to_owned()];
                    let mut at = file;
                    while at != from {
                        way.push(at.to_owned());
                        at = before[at];
                    }
                    way.push(from.to_owned());
                    way.reverse();
                    return Some(way);
                }
                queue.push_back(next);
            }
        }
        None
    }

    /// Returns the shortest circle through each file that lies on one, each circle once, the shortest first.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut circles: Vec<Vec<String>> = self
            .needs
            .keys()
            .filter_map(|file| self.way(file, file))
            .filter(|circle| seen.insert(circle.iter().cloned().collect::<BTreeSet<_>>()))
            .collect();
        circles.sort_by_key(Vec::len);
        circles
    }
}

struct Tree<'s> {
    modules: BTreeMap<Segments, Module<'s>>,
}

impl<'s> Tree<'s> {
    fn new(sources: &'s [Source]) -> Self {
        let mut modules = BTreeMap::new();
        for source in sources.iter().filter(|s| s.path != "src/main.rs") {
            let path = source.path.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
            let mut path: Segments = path.split('/').map(str::to_owned).collect();
            if matches!(path.last().map(String::as_str), Some("mod" | "lib")) {
                path.pop();
            }
            let module =
                Module { file: &source.path, code: &source.code, named: BTreeMap::new(), globs: Vec::new() };
            modules.insert(path, module);
        }
        let mut tree = Self { modules };
        tree.read_uses();
        tree
    }

    fn read_uses(&mut self) {
        let mut found = Vec::new();
        for (path, module) in &self.modules {
            for statement in uses(module.code) {
                let mut leaves = Vec::new();
                leaves_of(statement, &[], &mut leaves);
                for (segments, name) in leaves {
                    found.push((path.clone(), self.absolute(path, segments), name));
                }
            }
        }
        for (path, target, name) in found {
            let module = self.modules.get_mut(&path).unwrap();
            match name.as_str() {
                "*" => module.globs.push(target),
                _ => drop(module.named.insert(name, target)),
            }
        }
    }

    /// A path as written in a module, from the root of the crate. What begins with neither is left as it is, and a
    /// child module is found by `meaning`.
    fn absolute(&self, module: &[String], written: Segments) -> Segments {
        let mut base = module.to_vec();
        let mut rest = written.as_slice();
        match rest.first().map(String::as_str) {
            Some("crate") => base.clear(),
            Some("self") => {}
            Some("super") => {
                while let Some("super") = rest.first().map(String::as_str) {
                    base.pop();
                    rest = &rest[1..];
                }
                base.extend_from_slice(rest);
                return base;
            }
            Some(first) => {
                let child = [module, &[first.to_owned()]].concat();
                if !self.modules.contains_key(&child) {
                    return [&["extern".to_owned()], rest].concat();
                }
                base.extend_from_slice(rest);
                return base;
            }
            None => return base,
        }
        base.extend_from_slice(&rest[1..]);
        base
    }

    fn meaning(&self, path: &[String], depth: usize) -> Meaning {
        if path.first().is_some_and(|first| first == "extern") || depth > 20 {
            return Meaning::Foreign;
        }
        let mut module: Segments = Vec::new();
        for (i, segment) in path.iter().enumerate() {
            let child = [&module[..], std::slice::from_ref(segment)].concat();
            if self.modules.contains_key(&child) {
                module = child;
                continue;
            }
            let Some(holder) = self.modules.get(&module) else { return Meaning::Foreign };
            if let Some(target) = holder.named.get(segment) {
                return self.meaning(&[target, &path[i + 1..]].concat(), depth + 1);
            }
            for glob in &holder.globs {
                if let Meaning::Module(m) = self.meaning(glob, depth + 1)
                    && self.modules.get(&m).is_some_and(|m| defines(m.code, segment))
                {
                    return self.meaning(&[&m[..], &path[i..]].concat(), depth + 1);
                }
            }
            return Meaning::Item(holder.file.to_owned());
        }
        Meaning::Module(module)
    }

    /// Every path that a module's code holds, from the root of the crate: those of its private `use` lines and those
    /// in the code. What it re-exports it does not need.
    fn paths_in(&self, path: &[String], module: &Module) -> Vec<Segments> {
        let mut found = Vec::new();
        let mut code = module.code.to_owned();
        for statement in uses(module.code) {
            let start = statement.as_ptr() as usize - module.code.as_ptr() as usize;
            let blank = " ".repeat(statement.len());
            code.replace_range(start..start + statement.len(), &blank);
            if is_exported(&module.code[..start]) {
                continue;
            }
            let mut leaves = Vec::new();
            leaves_of(statement, &[], &mut leaves);
            found.extend(leaves.into_iter().map(|(segments, _)| self.absolute(path, segments)));
        }
        for written in written_paths(&code) {
            let first = written[0].as_str();
            match module.named.get(first) {
                Some(target) => found.push([target, &written[1..]].concat()),
                None => found.push(self.absolute(path, written)),
            }
        }
        found
    }
}

/// The trees of the `use` statements: what stands between `use` and `;`.
fn uses(code: &str) -> Vec<&str> {
    let found = code.match_indices("use ").filter(|(i, _)| {
        let before = code[..*i].trim_end();
        let is_word_before = code[..*i].bytes().last().is_some_and(is_word);
        !is_word_before
            && (before.is_empty() || before.ends_with([';', '}', '{', ')', ']']) || before.ends_with("pub"))
    });
    found.filter_map(|(i, _)| code[i + 4..].split_once(';').map(|(tree, _)| tree)).collect()
}

/// Whether the `use` whose tree begins after this text passes on what it names.
fn is_exported(before: &str) -> bool {
    let before = before.trim_end().strip_suffix("use").unwrap_or(before).trim_end();
    before.ends_with("pub")
        || before
            .rsplit_once("pub(")
            .is_some_and(|(_, inside)| inside.trim_end().ends_with(')') && !inside.contains(';'))
}

/// The paths of a `use` tree, each with the name that it brings in.
fn leaves_of(tree: &str, base: &[String], found: &mut Vec<(Segments, String)>) {
    let tree = tree.trim();
    if tree.is_empty() {
        return;
    }
    if let Some(open) = tree.find('{') {
        let base = [base, &segments(&tree[..open])].concat();
        let inside = tree[open + 1..].trim_end().strip_suffix('}').unwrap();
        split_at_depth_zero(inside).into_iter().for_each(|part| leaves_of(part, &base, found));
        return;
    }
    let (path, renamed) = tree.split_once(" as ").map_or((tree, None), |(p, n)| (p, Some(n.trim())));
    let mut path = [base, &segments(path)].concat();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let last = path.last().cloned().unwrap();
    if last == "*" {
        path.pop();
    }
    found.push((path, renamed.map_or(last, str::to_owned)));
}

fn segments(path: &str) -> Segments {
    path.split("::").map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn split_at_depth_zero(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Every `a::b…` in code.
fn written_paths(code: &str) -> Vec<Segments> {
    let bytes = code.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let is_continued = code[..at].trim_end().ends_with("::");
        let (mut path, mut end) = (Vec::new(), at);
        loop {
            let start = end;
            while end < bytes.len() && is_word(bytes[end]) {
                end += 1;
            }
            path.push(code[start..end].to_owned());
            let more = code[end..].starts_with("::") && bytes.get(end + 2).is_some_and(|b| is_word(*b));
            if !more {
                break;
            }
            end += 2;
        }
        if path.len() > 1 && !is_continued {
            found.push(path);
        }
        at = end;
    }
    found
}

/// Whether a file defines an item of this name, or passes one on.
fn defines(code: &str, name: &str) -> bool {
    ["fn", "struct", "enum", "trait", "type", "const", "static", "macro_rules!"].iter().any(|kind| {
        code.match_indices(&format!("{kind} {name}"))
            .any(|(i, found)| !code[i + found.len()..].bytes().next().is_some_and(is_word))
    })
}

#[test]
fn a_re_export_leads_to_the_file_that_defines() {
    let sources = [
        ("src/lib.rs", "pub mod a;\npub mod b;\n"),
        (
            "src/a/mod.rs",
            "mod deep;\npub mod wide;\npub use deep::{Thing, other as renamed};\npub use wide::*;\npub struct Own;\n",
        ),
        ("src/a/deep.rs", "use super::Own;\npub struct Thing(Own);\npub fn other() {}\n"),
        ("src/a/wide.rs", "pub struct Broad;\n"),
        (
            "src/b.rs",
            "use crate::a::{self, Thing as T};\nuse std::fmt;\nfn f(x: a::Broad) { let _ = crate::a::renamed(); fmt::x() }\n#[cfg(test)]\nmod tests { use crate::a::Own; }\n",
        ),
    ];
    let sources: Vec<Source> = sources.iter().map(|(path, text)| Source::new(path, text)).collect();
    let imports = Imports::read(&sources);
    let of = |file: &str| imports.needs[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("src/b.rs"), ["src/a/deep.rs", "src/a/wide.rs"]);
    assert_eq!(of("src/a/deep.rs"), ["src/a/mod.rs"]);
    assert_eq!(of("src/a/mod.rs"), Vec::<&str>::new(), "what is passed on is not needed");
    assert_eq!(imports.circles(), Vec::<Vec<String>>::new());
}

#[test]
fn the_shortest_circle_is_named_file_by_file() {
    let sources = [
        ("src/a.rs", "use crate::b::B;\npub struct A;\n"),
        ("src/b.rs", "use crate::c::C;\nuse crate::d::D;\npub struct B;\n"),
        ("src/c.rs", "use crate::d::D;\npub struct C;\n"),
        ("src/d.rs", "pub struct D;\nfn f() -> crate::a::A { loop {} }\n"),
    ];
    let sources: Vec<Source> = sources.iter().map(|(path, text)| Source::new(path, text)).collect();
    let imports = Imports::read(&sources);
    assert_eq!(imports.circles()[0], ["src/a.rs", "src/b.rs", "src/d.rs", "src/a.rs"]);
}
