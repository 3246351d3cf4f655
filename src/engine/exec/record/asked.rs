//! What was asked, from the marks to the parts of the input.

use std::collections::HashSet;

use super::super::super::Value;
use super::super::check::{Asks, Check, Operand, Origin, Sense};
use super::{MOST, Mark, NONE, Node, Recorder};
use crate::document::Path;

/// The checks as they are noted.
#[derive(Default)]
pub(super) struct Asked {
    pub checks: Vec<(Asks, (Value, Mark), (Value, Mark), bool, Sense)>,
    pub negated: bool,
    pub gathering: usize,
}

impl Recorder {
    /// One that keeps what is asked, too.
    pub fn explaining() -> Self {
        Self { asked: Some(Asked::default()), ..Self::default() }
    }

    pub(super) fn checks(&mut self) -> Vec<Check> {
        let asked = self.asked.take().unwrap_or_default();
        let operand = |(value, mark): (Value, Mark)| Operand { value, from: self.from(mark) };
        let check =
            |(asks, left, right, held, sense)| Check { asks, left: operand(left), right: operand(right), held, sense };
        asked.checks.into_iter().map(check).collect()
    }

    /// The first part of the input that a mark depends on, and how.
    fn from(&self, mark: Mark) -> Option<(Path, Origin)> {
        if mark.origin != NONE {
            return Some((self.path(mark.origin), Origin::Part));
        }
        let (mut origin, mut open) = (Origin::Part, vec![mark.deps]);
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) || seen.len() > MOST {
                continue;
            }
            match self.nodes.get(id as usize)? {
                Node::Read { path, found, .. } => {
                    let origin = if *found && origin == Origin::Part { Origin::Made } else { origin };
                    return Some((self.path(*path), origin));
                }
                // The size of something made is not the size of what it is made of.
                Node::Count(inner) if self.is_read(*inner) => (origin, open) = (Origin::Count, vec![*inner]),
                Node::Count(inner) => (origin, open) = (Origin::Made, vec![*inner]),
                Node::Join(one, other) | Node::Rest(one, other) => {
                    origin = if origin == Origin::Count { origin } else { Origin::Made };
                    open.extend([*other, *one].into_iter().filter(|id| *id != NONE));
                }
                Node::All(list) => open.extend(list.iter().rev()),
                Node::Made(whole, parts) => {
                    open.extend(parts.iter().rev());
                    open.extend((*whole != NONE).then_some(*whole));
                }
                Node::Many(inner) => (origin, open) = (Origin::Made, vec![*inner]),
                Node::Item(inner, _)
                | Node::Guard(_, inner)
                | Node::Failed(inner)
                | Node::Lack(inner)
                | Node::Chosen(inner)
                | Node::Via(inner)
                | Node::Asked(_, inner)
                | Node::Sifted(inner, _)
                | Node::Sought(inner, ..)
                | Node::Exempt(inner) => open.extend((*inner != NONE).then_some(*inner)),
            }
        }
        None
    }
}
