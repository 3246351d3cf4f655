//! Sifting: why something is not in a collection that the policy made.
//!
//! `not limited[container.name]` fails for what kept that container out of
//! `limited`, and its name only says which one it is.

use super::super::trace::FactKind;
use super::facts::{Search, Seen};
use super::{Fact, Mark, NONE, Node, Part, Recorder};
use crate::document::{Path, Step};

/// Failures kept with one collection; with more, looking them up would cost too much for each finding.
const MOST: usize = 256;

impl Recorder {
    /// What a collection was made from, with what failed for the rest.
    pub(super) fn sift(&mut self, whole: Mark, failed: Mark) -> Mark {
        let inner = match self.nodes.get(failed.deps as usize) {
            Some(Node::Failed(inner)) => *inner,
            _ => return whole,
        };
        match self.nodes.get(inner as usize) {
            Some(Node::All(list)) if list.len() > MOST => whole,
            _ => Mark { deps: self.node(Node::Sifted(whole.deps, failed.deps)), ..whole },
        }
    }

    /// The mark of a key that was looked up in `of` and is not in there.
    pub(super) fn kept_out_of(&mut self, of: Mark, by: Mark) -> Mark {
        let whole = match self.nodes.get(of.deps as usize) {
            Some(Node::Made(whole, _)) => *whole,
            _ => of.deps,
        };
        let step = |path: u32| path.checked_sub(1).and_then(|at| self.paths.get(at as usize));
        let element = |path: u32| step(path).is_some_and(|(_, step)| matches!(step, Step::Index(_)));
        // What is looked up is an element, or has a key that is its name: another part of it says nothing of it.
        let above = step(by.origin).map_or(0, |(above, _)| *above);
        let holder = [by.origin, above].into_iter().find(|path| element(*path));
        match (self.nodes.get(whole as usize), holder) {
            (Some(Node::Sifted(_, failed)), Some(holder)) if by.origin != NONE => {
                let deps = self.node(Node::Sought(by.deps, *failed, holder));
                Mark { deps, ..by }
            }
            _ => by,
        }
    }

    /// Adds what failed for all that did not come into a collection.
    pub(super) fn sifted_out(&self, failed: u32, guard: usize, facts: &mut Vec<Fact>) {
        let mut all = Vec::new();
        self.facts(failed, guard, &mut Search::inner(), &mut all);
        let asked = all.into_iter().filter(|fact| fact.kind == FactKind::Tested && !fact.exempt && !fact.lacks);
        facts.extend(asked.map(|fact| Fact { part: Part::Sifted, ..fact }));
    }

    /// Adds the list whose items a collection was made of, where it is made of several, and what they were asked;
    /// whether there is one.
    pub(super) fn many(&self, node: u32, how: Seen, guard: usize, facts: &mut Vec<Fact>) -> bool {
        if self.is_read(node) {
            return false;
        }
        let mut all = Vec::new();
        self.facts(node, guard, &mut Search::inner(), &mut all);
        all.retain(|fact| fact.found && !fact.exempt);
        let Some(list) = common_list(&all) else { return false };
        facts.push(Fact { part: Part::List, ..how.fact(list, guard) });
        let asked = all.into_iter().filter(|fact| fact.kind == FactKind::Tested);
        facts.extend(asked.map(|fact| Fact { part: Part::Counted, ..fact }));
        true
    }

    /// Adds what failed in what is at the path `holder`; whether there was anything.
    pub(super) fn kept_out(&self, failed: u32, holder: u32, guard: usize, facts: &mut Vec<Fact>) -> bool {
        let (mut all, known) = (Vec::new(), facts.len());
        self.facts(failed, guard, &mut Search::inner(), &mut all);
        let holder = self.path(holder);
        facts.extend(
            all.into_iter().filter(|fact| fact.kind == FactKind::Tested && !fact.exempt && fact.path.is_below(&holder)),
        );
        facts.len() > known
    }
}

/// The list that all of them are of, if they are of several of its items.
fn common_list(facts: &[Fact]) -> Option<Path> {
    let first = &facts.first()?.path;
    let same = facts.iter().map(|fact| first.shared(&fact.path)).min()?;
    let items = facts.iter().filter_map(|fact| fact.path.0.get(same));
    let list = items.clone().all(|step| matches!(step, Step::Index(_))) && items.count() > 1;
    list.then(|| first.prefix(same))
}
