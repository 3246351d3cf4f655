//! From the graph of reasons to the facts behind one finding.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::super::trace::FactKind;
use super::{Fact, MOST, NONE, Node, Part, Recorder};
use crate::document::Path;

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
            if facts.len() >= MOST || !seen.insert((id, how)) {
                continue;
            }
            let Some(node) = self.nodes.get(id as usize) else { continue };
            match node {
                Node::Read { path, found, fallback } => {
                    let fact = how.fact(self.path(*path), guard);
                    facts.push(Fact { found: *found, fallback: *fallback, ..fact });
                }
                Node::Join(one, other) => open.extend([(*other, how), (*one, how)]),
                Node::Item(value, passed) => {
                    // What was gone through is a part of the input, or something made of several.
                    let made = how.kind == FactKind::Iterated && !self.is_read(*value);
                    let kind = if made { FactKind::Bound } else { how.kind };
                    // Why it came into a collection is not why it lacks something.
                    let way =
                        if how.lacks { Seen { lacks: false, kind: FactKind::Bound, aside: true, ..how } } else { how };
                    open.extend([(*passed, way), (*value, Seen { kind, ..how })]);
                }
                Node::All(list) => open.extend(list.iter().rev().map(|one| (*one, how))),
                Node::Guard(_, inner) if how.aside => open.push((*inner, Seen { test: id, ..how })),
                Node::Guard(kind, inner) => {
                    let depth =
                        if how.kind == FactKind::Tested || how.depth == 0 { (how.depth + 1).min(2) } else { how.depth };
                    let outer = how.outer.saturating_add(how.via);
                    let gathered = how.gathered || how.depth > 0 && how.kind != FactKind::Tested;
                    open.push((*inner, Seen { kind: *kind, depth, test: id, outer, via: 0, gathered, part: Part::None, ..how }));
                }
                Node::Failed(inner) => open.push((*inner, Seen { failed: true, ..how })),
                Node::Lack(inner) => open.push((*inner, Seen { lacks: true, ..how })),
                Node::Exempt(inner) => open.push((*inner, Seen { exempt: true, ..how })),
                Node::Sifted(whole, failed) => {
                    open.push((*whole, how));
                    if how.lacks && !*inner {
                        self.sifted_out(*failed, guard, facts);
                    }
                }
                // Where nothing is left of a set, neither it nor what was taken lacks anything.
                Node::Rest(set, taken) if how.lacks => {
                    open.extend([*taken, *set].map(|node| (node, Seen { lacks: false, ..how })));
                }
                Node::Rest(set, taken) => {
                    open.extend([(*taken, Seen { lacks: true, ..how }), (*set, how)]);
                }
                Node::Via(inner) => open.push((*inner, Seen { via: how.via.saturating_add(1), ..how })),
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
                Node::Count(inner) => open.push((*inner, how)),
                Node::Beyond(inner) => open.push((*inner, Seen { part: Part::Beyond, ..how })),
                Node::Present(inner) => open.push((*inner, Seen { part: Part::Present, ..how })),
                Node::Chosen(inner) => open.push((*inner, Seen { kind: FactKind::Bound, aside: true, ..how })),
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
