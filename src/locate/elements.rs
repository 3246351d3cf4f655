//! Elements: the parts of a document that a rule went through one by one.

use super::HashSet;
use crate::document::{Path, Step};
use crate::engine::exec::{Fact, FactKind};

/// Paths of elements, found by what lies in them in as many steps as a path has.
#[derive(Debug, Default)]
pub(super) struct Elements<'a>(HashSet<&'a [Step]>);

impl<'a> Elements<'a> {
    /// The elements that the rule's own body went through; those of what it asked where it went through none.
    pub fn of(facts: &'a [Fact]) -> Self {
        let all = facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Iterated && !fact.failed && fact.found && fact.via + fact.outer == 0);
        let own = Self::new(all.clone().filter(|fact| !fact.inner).map(|fact| &fact.path));
        if own.0.is_empty() { Self::new(all.map(|fact| &fact.path)) } else { own }
    }

    /// These.
    pub fn new(paths: impl Iterator<Item = &'a Path>) -> Self {
        Self(paths.map(|path| path.0.as_slice()).collect())
    }

    /// Whether it is one.
    pub fn has(&self, path: &Path) -> bool {
        self.0.contains(path.0.as_slice())
    }

    /// The steps to the innermost element that `path` lies in, if it lies in one.
    pub fn depth(&self, path: &Path) -> Option<usize> {
        (0..=path.0.len()).rev().find(|steps| path.0.get(..*steps).is_some_and(|above| self.0.contains(above)))
    }

    /// Whether one lies below `list`.
    pub fn below(&self, list: &[Step]) -> bool {
        self.0.iter().any(|one| one.len() > list.len() && one.starts_with(list))
    }

    /// The part of a path that is below the innermost element.
    pub fn within<'p>(&self, path: &'p Path) -> &'p [Step] {
        self.depth(path).and_then(|steps| path.0.get(steps..)).unwrap_or_default()
    }
}
