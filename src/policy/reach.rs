//! What a rule rests on: its own module and all that it may reach through `data`.
//!
//! Read from the texts, so it may name more than a rule uses and never less:
//! a digest over it changes whenever the rule's answers can.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;

use regex::Regex;

use super::lists::goes_through_input;
use super::{PolicyRule, PolicySources};
use crate::basis::Digest;

// Names in Rego are ASCII, and the tables of Unicode's classes take longer to build than a small run.
static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern =
        r#"(?-u:\b)data(?-u:\b)((?:[ \t\r\n]*\.[ \t\r\n]*[0-9A-Za-z_]+|[ \t\r\n]*\[[ \t\r\n]*"[^"\n]*"[ \t\r\n]*\])*)"#;
    Regex::new(pattern).ok()
});
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"[0-9A-Za-z_]+|"([^"\n]*)""#).ok());

/// A module as far as reaching goes.
struct Node {
    package: String,
    digest: Digest,
    /// Dotted paths into `data`; an empty one reaches everything.
    paths: BTreeSet<String>,
}

/// The modules of a run, and which of them a package's rules may reach.
struct Graph {
    nodes: Vec<Node>,
    packages: BTreeMap<String, Vec<usize>>,
}

/// The digest of all that each rule may rest on, by the rule's id.
#[must_use]
pub fn reach(sources: &PolicySources, rules: &[PolicyRule]) -> BTreeMap<String, Digest> {
    let graph = Graph::of(sources);
    let data: String = sources.data_files.iter().map(|file| file.digest.0.as_str()).collect();
    // Rules of one package rest on the same: its modules answer together.
    let mut known: BTreeMap<&str, Digest> = BTreeMap::new();
    let mut all: BTreeMap<String, Digest> = BTreeMap::new();
    for rule in rules {
        let own = rule.info.package.as_str();
        let digest = known.entry(own).or_insert_with(|| graph.digest(own, &data));
        // Two rules with one id rest on both.
        let id = rule.info.id.0.to_string();
        all.entry(id).and_modify(|first| *first = Digest::of(format!("{first}{digest}"))).or_insert(digest.clone());
    }
    all
}

/// The packages whose rules may reach a module that goes through its input as a list.
#[must_use]
pub fn list_packages(sources: &PolicySources) -> BTreeSet<String> {
    let graph = Graph::of(sources);
    let lists: Vec<bool> = sources.modules.iter().map(|module| goes_through_input(&module.text)).collect();
    let through = |package: &&String| graph.reached(package).0.iter().any(|at| lists.get(*at) == Some(&true));
    graph.packages.keys().filter(through).cloned().collect()
}

impl Graph {
    fn of(sources: &PolicySources) -> Self {
        let nodes: Vec<Node> = sources.modules.iter().map(|module| node(&module.name, &module.text)).collect();
        let mut packages: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, node) in nodes.iter().enumerate() {
            packages.entry(node.package.clone()).or_default().push(at);
        }
        Self { nodes, packages }
    }

    /// The modules, and whether data that is no rule's is read.
    fn reached(&self, package: &str) -> (BTreeSet<usize>, bool) {
        let mut seen: BTreeSet<usize> = self.packages.get(package).into_iter().flatten().copied().collect();
        let mut left: VecDeque<usize> = seen.iter().copied().collect();
        let mut reads_data = false;
        while let Some(node) = left.pop_front().and_then(|at| self.nodes.get(at)) {
            for path in &node.paths {
                let found = self.packages.iter().filter(|(package, _)| path.is_empty() || meets(path, package));
                let modules: Vec<usize> = found.flat_map(|(_, modules)| modules.iter().copied()).collect();
                // Data may lie under a package, too; a path into one is that of a rule.
                let rule = modules.iter().filter_map(|at| self.nodes.get(*at)).any(|node| below(path, &node.package));
                reads_data |= !rule;
                left.extend(modules.into_iter().filter(|at| seen.insert(*at)));
            }
        }
        (seen, reads_data)
    }

    fn digest(&self, package: &str, data: &str) -> Digest {
        let (seen, reads_data) = self.reached(package);
        let digests = seen.iter().filter_map(|at| self.nodes.get(*at)).map(|node| node.digest.0.as_str());
        let mut text: Vec<&str> = digests.collect();
        text.sort_unstable();
        if reads_data {
            text.push(data);
        }
        Digest::of(text.join("\n"))
    }
}

/// Whether one is the other or a part above it.
fn meets(path: &str, package: &str) -> bool {
    path == package || below(path, package) || below(package, path)
}

/// Whether `long` lies in `short`.
fn below(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
}

fn node(name: &str, text: &str) -> Node {
    let package = text.lines().find_map(|line| line.trim_start().strip_prefix("package ")).unwrap_or("");
    let package = dotted(package.split('#').next().unwrap_or(""));
    let paths = REFERENCE.iter().flat_map(|pattern| pattern.captures_iter(text));
    let paths = paths.filter_map(|found| found.get(1)).map(|path| dotted(path.as_str())).collect();
    Node { package, digest: Digest::of(format!("{name}\n{text}")), paths }
}

/// `.a["b"]` and `a.b` as `a.b`.
fn dotted(path: &str) -> String {
    let parts = PART.iter().flat_map(|pattern| pattern.captures_iter(path));
    let parts = parts.filter_map(|part| part.get(1).or_else(|| part.get(0))).map(|part| part.as_str());
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Limits, ModuleText};
    use crate::policy::PolicySet;

    const MODULES: [(&str, &str); 4] = [
        ("a.rego", "package a\n\ndeny contains \"x\" if data.lib.names.bad(input.x)\n"),
        ("b.rego", "package b\n\ndeny contains \"x\" if input.x == data.limits[\"most\"]\n"),
        ("c.rego", "package c\n\ndeny contains \"x\" if data.lib[input.x]\n"),
        ("lib/names.rego", "package lib.names\n\nbad(x) if x == 1\n"),
    ];

    /// The digests after a change of the module at `at`, or of the data.
    fn digests(at: usize, data: &str) -> Vec<Digest> {
        let mut sources = PolicySources::default();
        for (number, (name, text)) in MODULES.iter().enumerate() {
            let text = if number == at { format!("{text}# changed\n") } else { (*text).to_owned() };
            sources.modules.push(ModuleText { name: (*name).to_owned(), text });
        }
        sources.data_files.push(crate::basis::Digested::new("data.yaml", data));
        let set = PolicySet::new(&sources, &[], Limits::default());
        assert_eq!(set.rules.len(), 3, "{:?}", set.errors);
        reach(&sources, &set.rules).into_values().collect()
    }

    #[test]
    fn a_rules_digest_changes_with_what_it_may_reach_and_with_nothing_else() {
        let first = digests(9, "1");
        let changed = |other: Vec<Digest>| first.iter().zip(other).map(|(a, b)| *a != b).collect::<Vec<_>>();
        assert_eq!(changed(digests(9, "1")), [false, false, false]);
        assert_eq!(changed(digests(0, "1")), [true, false, false]);
        assert_eq!(changed(digests(1, "1")), [false, true, false]);
        assert_eq!(changed(digests(2, "1")), [false, false, true]);
        assert_eq!(changed(digests(3, "1")), [true, false, true]);
        assert_eq!(changed(digests(9, "2")), [false, true, true]);
    }

    #[test]
    fn a_path_is_read_however_it_is_written() {
        let paths = |text: &str| node("", text).paths.into_iter().collect::<Vec<_>>();
        assert_eq!(paths("x := data.a[\"b-c\"] . d"), ["a.b-c.d"]);
        assert_eq!(paths("x := data[input.x]\ny := data . a"), ["", "a"]);
        assert_eq!(node("", "# a\npackage a[\"b\"] # data.c\n").package, "a.b");
    }
}
