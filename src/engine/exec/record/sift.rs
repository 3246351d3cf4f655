//! Sifting: why something is not in a collection that the policy made.
//!
//! `not limited[container.name]` fails for what kept that container out of
//! `limited`, and its name only says which one it is.

use super::super::trace::FactKind;
use super::facts::Search;
use super::{Fact, Mark, NONE, Node, Recorder};

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
        let holder = (by.origin as usize).checked_sub(1).and_then(|at| self.paths.get(at)).map_or(0, |path| path.0);
        match self.nodes.get(whole as usize) {
            Some(Node::Sifted(_, failed)) if holder != 0 && by.origin != NONE => {
                let deps = self.node(Node::Sought(by.deps, *failed, holder));
                Mark { deps, ..by }
            }
            _ => by,
        }
    }

    /// Adds what failed in what is at the path `holder`; whether there was anything.
    pub(super) fn kept_out(&self, failed: u32, holder: u32, guard: usize, facts: &mut Vec<Fact>) -> bool {
        let (mut all, known) = (Vec::new(), facts.len());
        self.facts(failed, guard, &mut Search::inner(), &mut all);
        let holder = self.path(holder);
        let inside = |fact: &Fact| fact.path.0.len() > holder.0.len() && fact.path.0.starts_with(&holder.0);
        facts.extend(all.into_iter().filter(|fact| fact.kind == FactKind::Tested && !fact.exempt && inside(fact)));
        facts.len() > known
    }
}
