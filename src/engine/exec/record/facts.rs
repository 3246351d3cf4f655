//! From the graph of reasons to the facts behind one finding.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::super::trace::FactKind;
use super::{Fact, MOST, Node, Recorder};

impl Recorder {
    /// Adds the facts under `node`.
    pub(super) fn facts(&self, node: u32, guard: usize, search: &mut Search, facts: &mut Vec<Fact>) {
        let start = Seen { kind: FactKind::Tested, lacks: false, failed: false, exempt: false, aside: false };
        let Search { open, seen, inner } = search;
        open.clear();
        open.push((node, start));
        seen.clear();
        while let Some((id, how)) = open.pop() {
            if facts.len() >= MOST || !seen.insert((id, how)) {
                continue;
            }
            let Some(node) = self.nodes.get(id as usize) else { continue };
            match node {
                Node::Read { path, found, fallback } => facts.push(Fact {
                    path: self.path(*path),
                    found: *found,
                    fallback: *fallback,
                    kind: how.kind,
                    lacks: how.lacks,
                    failed: how.failed,
                    exempt: how.exempt,
                    guard,
                }),
                Node::Join(one, other) => open.extend([(*other, how), (*one, how)]),
                Node::Item(value, passed) => {
                    // What was gone through is a part of the input, or something made of several.
                    let made = how.kind == FactKind::Iterated && !self.is_read(*value);
                    let kind = if made { FactKind::Bound } else { how.kind };
                    open.extend([(*passed, how), (*value, Seen { kind, ..how })]);
                }
                Node::All(list) => open.extend(list.iter().rev().map(|one| (*one, how))),
                Node::Guard(_, inner) if how.aside => open.push((*inner, how)),
                Node::Guard(kind, inner) => open.push((*inner, Seen { kind: *kind, ..how })),
                Node::Failed(inner) => open.push((*inner, Seen { failed: true, ..how })),
                Node::Lack(inner) => open.push((*inner, Seen { lacks: true, ..how })),
                Node::Exempt(inner) => open.push((*inner, Seen { exempt: true, ..how })),
                Node::Sifted(whole, _) => open.push((*whole, how)),
                // One search in another, and no deeper: the cost is that of the two.
                Node::Sought(by, failed, holder) => {
                    if *inner || !self.kept_out(*failed, *holder, guard, facts) {
                        open.push((*by, how));
                    }
                }
                Node::Count(inner) => open.push((*inner, how)),
                Node::Chosen(inner) => open.push((*inner, Seen { kind: FactKind::Bound, aside: true, ..how })),
                Node::Made(whole, _) if how.lacks => open.push((*whole, how)),
                Node::Made(_, parts) => {
                    let how = Seen { aside: how.aside || how.kind == FactKind::Bound, ..how };
                    for part in parts.iter().rev() {
                        match self.nodes.get(*part as usize) {
                            Some(Node::Item(value, passed)) => {
                                open.push((*value, Seen { kind: FactKind::Bound, ..how }));
                                open.push((*passed, how));
                            }
                            _ => open.push((*part, how)),
                        }
                    }
                }
            }
        }
    }
}

/// Room for one search after the other.
#[derive(Default)]
pub(super) struct Search {
    open: Vec<(u32, Seen)>,
    seen: HashSet<(u32, Seen), RandomState>,
    /// Whether it is part of another search.
    inner: bool,
}

impl Search {
    /// A search within another.
    pub(super) fn inner() -> Self {
        Self { inner: true, ..Self::default() }
    }
}

/// How a node was come upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    kind: FactKind,
    lacks: bool,
    failed: bool,
    exempt: bool,
    /// Inside a collection that was only given a name.
    aside: bool,
}
