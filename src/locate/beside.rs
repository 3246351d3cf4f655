//! Beside: what else was asked in the same test, and in the same condition.

use super::keys::{is_name, says_which};
use super::{HashMap, has_parts};
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, Part};

/// Paths that are told apart: the first, and another one.
#[derive(Debug, Clone, Copy)]
struct Paths<'a> {
    first: &'a Path,
    second: Option<&'a Path>,
}

impl Paths<'_> {
    fn other_than(&self, path: &Path) -> bool {
        self.second.is_some() || self.first != path
    }
}

/// What the facts of one finding have to do with each other.
#[derive(Debug, Default)]
pub(super) struct Beside<'a> {
    /// By test: what is no name.
    values: HashMap<u32, Paths<'a>>,
    /// By condition: what is there and failed, and says more than which one it is.
    failed: HashMap<usize, Paths<'a>>,
    /// By test: plain values that were asked about themselves.
    direct: HashMap<u32, Paths<'a>>,
    often: HashMap<(usize, &'a Path), usize>,
}

impl<'a> Beside<'a> {
    pub fn of(root: &Value, facts: &'a [Fact]) -> Self {
        let mut beside = Self::default();
        for fact in facts {
            if asked(fact) && !fact.path.0.last().is_some_and(is_name) {
                note(&mut beside.values, fact.test, &fact.path);
            }
            if asked(fact) && fact.found && fact.via + fact.outer == 0 && !has_parts(root, &fact.path) {
                note(&mut beside.direct, fact.test, &fact.path);
            }
            if failed(fact) {
                *beside.often.entry((fact.guard, &fact.path)).or_default() += 1;
                if asked(fact) && !says_which(&fact.path) {
                    note(&mut beside.failed, fact.guard, &fact.path);
                }
            }
        }
        beside
    }

    /// Whether it was compared with what is no name: then a name is a reference.
    pub fn refers(&self, fact: &Fact) -> bool {
        self.values.get(&fact.test).is_some_and(|paths| paths.other_than(&fact.path))
    }

    /// Whether it was compared with another part of the document.
    pub fn compared(&self, fact: &Fact) -> bool {
        let direct = fact.via == 0 && fact.outer == 0;
        direct && asked(fact) && self.direct.get(&fact.test).is_some_and(|paths| paths.second.is_some())
    }

    /// Whether it has to be the same as its like in another part of the document: that only joins the two.
    pub fn joins(&self, fact: &Fact) -> bool {
        let last = fact.path.0.last();
        let alike = |paths: &Paths<'_>| {
            paths.first.0.last() == last && paths.second.is_some_and(|other| other.0.last() == last)
        };
        fact.part != Part::Beyond
            && matches!(last, Some(Step::Key(_)))
            && self.compared(fact)
            && self.direct.get(&fact.test).is_some_and(alike)
    }

    /// Whether the same condition failed for something else that is there.
    pub fn another(&self, fact: &Fact) -> bool {
        self.failed.get(&fact.guard).is_some_and(|paths| paths.other_than(&fact.path))
    }

    /// How often it failed in its condition.
    pub fn often(&self, fact: &Fact) -> usize {
        self.often.get(&(fact.guard, &fact.path)).copied().unwrap_or_default()
    }
}

fn note<'a, K: std::hash::Hash + Eq>(known: &mut HashMap<K, Paths<'a>>, key: K, path: &'a Path) {
    let paths = known.entry(key).or_insert(Paths { first: path, second: None });
    if paths.second.is_none() && paths.first != path {
        paths.second = Some(path);
    }
}

/// Whether something was asked of it, and not for an exemption.
pub(super) fn asked(fact: &Fact) -> bool {
    fact.kind == FactKind::Tested && !fact.exempt
}

fn failed(fact: &Fact) -> bool {
    fact.failed && fact.found && !fact.lacks
}
