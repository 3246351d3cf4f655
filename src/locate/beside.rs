//! Beside: what else was asked in the same test, and in the same condition.

use super::HashMap;
use super::keys::{is_name, says_which};
use crate::document::Path;
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind};

/// Paths that are told apart: one, and whether there are others.
#[derive(Debug, Clone, Copy)]
struct Paths<'a> {
    first: &'a Path,
    others: bool,
}

impl Paths<'_> {
    fn other_than(&self, path: &Path) -> bool {
        self.others || self.first != path
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
        let plain = |path: &Path| !matches!(path.get(root), Some(Value::Object(_) | Value::Array(_)));
        let mut beside = Self::default();
        for fact in facts {
            if asked(fact) && !fact.path.0.last().is_some_and(is_name) {
                note(&mut beside.values, fact.test, &fact.path);
            }
            if asked(fact) && fact.found && fact.via + fact.outer == 0 && plain(&fact.path) {
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
        direct && asked(fact) && self.direct.get(&fact.test).is_some_and(|paths| paths.others)
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
    let paths = known.entry(key).or_insert(Paths { first: path, others: false });
    paths.others |= paths.first != path;
}

/// Whether something was asked of it, and not for an exemption.
pub(super) fn asked(fact: &Fact) -> bool {
    fact.kind == FactKind::Tested && !fact.exempt
}

fn failed(fact: &Fact) -> bool {
    fact.failed && fact.found && !fact.lacks
}
