//! From the graph of reasons to the facts behind one finding.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::super::trace::FactKind;
use super::{Fact, MOST, NONE, Node, Part, Recorder};
use crate::document::Path;

/// Nodes that are looked at for one condition; what comes after is left out.
const VISITS: usize = 50_000;
/// Values between a value and what was asked: more are as many.
const FARTHEST: u8 = 8;

impl Recorder {
    /// Adds the facts under `node`.
    pub(super) fn facts(&self, node: u32, guard: usize, search: &mut Search, facts: &mut Vec<Fact>) {
        self.search(node, Seen::default(), guard, search, facts);
    }

    /// Adds what the text of a finding was made of.
    pub(super) fn text_facts(&self, node: u32, search: &mut Search, facts: &mut Vec<Fact>) {
        self.search(node, Seen { kind: FactKind::Bound, ..Seen::default() }, 0, search, facts);
    }

    fn search(&self, node: u32, start: Seen, guard: usize, search: &mut Search, facts: &mut Vec<Fact>) {
        let Search { open, seen, inner } = search;
        open.clear();
        open.push((node, start));
        seen.clear();
        while let Some((id, how)) = open.pop() {
            if facts.len() >= MOST || seen.len() >= VISITS || !seen.insert((id, how)) {
                continue;
            }
            let Some(node) = self.nodes.get(id as usize) else { continue };
            if let Some(next) = how.through(id, node) {
                open.push(next);
                continue;
            }
            match node {
                Node::Read { path, found, fallback } => {
                    let fact = how.fact(self.path(*path), guard);
                    facts.push(Fact { found: *found, fallback: *fallback, ..fact });
                }
                Node::Sifted(whole, failed) => {
                    open.push((*whole, how));
                    if how.lacks && !*inner {
                        self.sifted_out(*failed, guard, facts);
                    }
                }
                Node::Many(within) => {
                    if *inner || !self.many(*within, how, guard, facts) {
                        open.push((*within, how));
                    }
                }
                // One search in another, and no deeper: the cost is that of the two.
                Node::Sought(by, failed, holder) => {
                    if *inner || !self.kept_out(*failed, *holder, guard, facts) {
                        open.push((*by, how));
                    }
                }
                several => self.parts(several, how, open),
            }
        }
    }

    /// Adds what a node is made of to what is to be looked at.
    fn parts(&self, node: &Node, how: Seen, open: &mut Vec<(u32, Seen)>) {
        match node {
            Node::Join(one, other) => open.extend([(*other, how), (*one, how)]),
            Node::All(list) => open.extend(list.iter().rev().map(|one| (*one, how))),
            Node::Item(value, passed) => open.extend(self.item_parts((*value, *passed), how)),
            // Where nothing is left of a set, neither it nor what was taken lacks anything.
            Node::Rest(set, taken) if how.lacks => {
                open.extend([*taken, *set].map(|node| (node, Seen { lacks: false, ..how })));
            }
            Node::Rest(set, taken) => open.extend([(*taken, Seen { lacks: true, ..how }), (*set, how)]),
            Node::Made(whole, _) if how.lacks => {
                // Something came in, and what did not is not the reason that there is too little.
                let whole = match self.nodes.get(*whole as usize) {
                    Some(Node::Sifted(whole, _)) => *whole,
                    _ => *whole,
                };
                open.push((whole, how));
            }
            Node::Made(_, parts) => {
                let named = how.kind == FactKind::Bound && how.test != NONE;
                let how = Seen { aside: how.aside || named, ..how };
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
            _ => {}
        }
    }

    fn item_parts(&self, (value, passed): (u32, u32), how: Seen) -> [(u32, Seen); 2] {
        // What was gone through is a part of the input, or something made of several.
        let made = how.kind == FactKind::Iterated && !self.is_read(value);
        let kind = if made { FactKind::Bound } else { how.kind };
        // Why it came into a collection is not why it lacks something.
        let way = if how.lacks { Seen { lacks: false, kind: FactKind::Bound, aside: true, ..how } } else { how };
        [(passed, way), (value, Seen { kind, ..how })]
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
pub(super) struct Seen {
    kind: FactKind,
    lacks: bool,
    failed: bool,
    exempt: bool,
    /// Inside a collection that was only given a name.
    aside: bool,
    via: u8,
    outer: u8,
    gathered: bool,
    part: Part,
    /// Statements that it is in: 1 in the rule's own, 2 in one that it asked.
    depth: u8,
    /// The innermost of them.
    test: u32,
}

impl Default for Seen {
    fn default() -> Self {
        let kind = FactKind::Tested;
        let (lacks, failed, exempt, aside, gathered) = (false, false, false, false, false);
        Self { kind, lacks, failed, exempt, aside, via: 0, outer: 0, gathered, part: Part::None, depth: 0, test: NONE }
    }
}

impl Seen {
    /// Where a node that only says something of one other leads, and what it says.
    fn through(self, id: u32, node: &Node) -> Option<(u32, Self)> {
        let (inner, how) = match node {
            Node::Guard(_, inner) if self.aside => (inner, Self { test: id, ..self }),
            Node::Guard(kind, inner) => (inner, self.within(id, *kind)),
            Node::Failed(inner) => (inner, Self { failed: true, ..self }),
            Node::Lack(inner) => (inner, Self { lacks: true, ..self }),
            Node::Exempt(inner) => (inner, Self { exempt: true, ..self }),
            Node::Via(inner) => (inner, Self { via: (self.via + 1).min(FARTHEST), ..self }),
            Node::Count(inner) => (inner, self),
            Node::Asked(part, inner) => (inner, Self { part: *part, ..self }),
            Node::Chosen(inner) => (inner, Self { kind: FactKind::Bound, aside: true, ..self }),
            _ => return None,
        };
        Some((*inner, how))
    }

    /// What is known inside the test `id`.
    fn within(self, id: u32, kind: FactKind) -> Self {
        let deeper = self.kind == FactKind::Tested || self.depth == 0;
        let depth = if deeper { (self.depth + 1).min(2) } else { self.depth };
        let outer = (self.outer + self.via).min(FARTHEST);
        let gathered = self.gathered || self.depth > 0 && self.kind != FactKind::Tested;
        Self { kind, depth, test: id, outer, via: 0, gathered, part: Part::None, ..self }
    }

    /// The fact of what is at `path`, come upon in this way.
    pub(super) fn fact(self, path: Path, guard: usize) -> Fact {
        Fact {
            path,
            found: true,
            fallback: false,
            kind: self.kind,
            lacks: self.lacks,
            failed: self.failed,
            exempt: self.exempt,
            via: self.via,
            outer: self.outer,
            gathered: self.gathered,
            inner: self.depth > 1,
            part: self.part,
            guard,
            test: self.test,
        }
    }
}
