//! Elements: the parts of a document that a rule went through one by one.

use std::cmp::Reverse;

use super::HashSet;
use crate::document::{Path, Step};
use crate::engine::exec::{Fact, FactKind};

/// So few are looked through one by one.
const FEW: usize = 8;

/// Paths of elements, the deepest first, and many of them in a table.
#[derive(Debug, Default)]
pub(super) struct Elements<'a> {
    all: Vec<&'a [Step]>,
    table: Option<HashSet<&'a [Step]>>,
}

impl<'a> Elements<'a> {
    /// The elements that the rule's own body went through; those of what it asked where it went through none.
    pub fn of(facts: &'a [Fact]) -> Self {
        let all = facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Iterated && !fact.failed && fact.found && fact.via + fact.outer == 0);
        let own = Self::new(all.clone().filter(|fact| !fact.inner).map(|fact| &fact.path));
        if own.all.is_empty() { Self::new(all.map(|fact| &fact.path)) } else { own }
    }

    /// These.
    pub fn new(paths: impl Iterator<Item = &'a Path>) -> Self {
        let mut all: Vec<&[Step]> = paths.map(|path| path.0.as_slice()).collect();
        let table = (all.len() > FEW).then(|| all.iter().copied().collect());
        all.sort_by_key(|path| Reverse(path.len()));
        Self { all, table }
    }

    /// Whether it is one.
    pub fn has(&self, path: &Path) -> bool {
        let path = path.0.as_slice();
        self.table.as_ref().map_or_else(|| self.all.contains(&path), |table| table.contains(path))
    }

    /// The steps to the innermost element that `path` lies in, if it lies in one.
    pub fn depth(&self, path: &Path) -> Option<usize> {
        let path = path.0.as_slice();
        let Some(table) = &self.table else {
            return self.all.iter().find(|one| path.starts_with(one)).map(|one| one.len());
        };
        (0..=path.len()).rev().find(|steps| path.get(..*steps).is_some_and(|above| table.contains(above)))
    }

    /// Whether one lies below `list`.
    pub fn below(&self, list: &[Step]) -> bool {
        self.all.iter().any(|one| one.len() > list.len() && one.starts_with(list))
    }

    /// The part of a path that is below the innermost element.
    pub fn within<'p>(&self, path: &'p Path) -> &'p [Step] {
        self.depth(path).and_then(|steps| path.0.get(steps..)).unwrap_or_default()
    }
}
