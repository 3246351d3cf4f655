//! Recording: a [`Tracer`] that keeps what each finding was made of.
//!
//! Reasons form a graph that only grows: joining two is one new node. It is
//! walked once a finding is there, so that rules without findings pay little.

mod asked;
mod facts;
mod sift;
mod tracer;

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use self::asked::Asked;
use self::facts::Search;
use super::super::Value;
use super::check::Check;
use super::ir::At;
use super::trace::FactKind;
use crate::document::{Path, Step};

/// No path, no node, no items.
const NONE: u32 = u32::MAX;
/// Facts kept for one finding.
const MOST: usize = 2_000;

/// What a policy read of its input, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Independent properties of one reading.
pub struct Fact {
    /// Where.
    pub path: Path,
    /// Whether there was something.
    pub found: bool,
    /// Whether a default stood in for it.
    pub fallback: bool,
    /// Why it was read.
    pub kind: FactKind,
    /// Whether it mattered that something is not in it.
    pub lacks: bool,
    /// Whether a test of it failed, and that made the finding.
    pub failed: bool,
    /// Whether it was read to find an exemption.
    pub exempt: bool,
    /// How many values stand between it and what was asked: what a limit was looked up by is not
    /// the fault while there is what exceeds the limit.
    pub via: u8,
    /// The same for the test as a whole, in the statement that asked it.
    pub outer: u8,
    /// Whether it only helped to find what the rule goes through.
    pub gathered: bool,
    /// Whether it was read within a test, and not by the rule's own body.
    pub inner: bool,
    /// Its part in what was asked of a collection's size.
    pub part: Part,
    /// The number of the statement in the body that read it.
    pub guard: usize,
    /// The test that asked for it, there or in what the statement asked.
    pub test: u32,
}

/// What was asked of a collection as a whole, and what a fact has to do with that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// Nothing.
    #[default]
    None,
    /// It kept something out.
    Sifted,
    /// It is the list that too many are of.
    List,
    /// It brought one of too many in.
    Counted,
    /// Only whether it is there was asked.
    Present,
    /// It is less or more than something, or something else.
    Beyond,
    /// Its form was asked for, by a regular expression.
    Form,
    /// It was held against a pattern or a part of it.
    Pattern,
}

/// One finding with what it was made of.
#[derive(Debug, Clone)]
pub struct TracedFinding {
    /// What the policy gave.
    pub value: Value,
    /// What its conditions read, in the order of its body.
    pub conditions: Vec<Fact>,
    /// What its text read: what a function that made it asked is `Tested`, the rest `Bound`.
    pub message_facts: Vec<Fact>,
    /// The body that emitted it.
    pub policy: At,
}

/// All findings of one rule on one input.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// In the order in which they were emitted; equal values from different elements stay apart.
    pub findings: Vec<TracedFinding>,
    /// Every part of the input that was looked at, and whether it was there.
    pub reads: Vec<(Path, bool)>,
    /// What was asked of it, in order; only when an explanation is wanted.
    pub checks: Vec<Check>,
}

/// What is known of a value's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    origin: u32,
    deps: u32,
    items: u32,
}

impl Default for Mark {
    fn default() -> Self {
        Self { origin: NONE, deps: NONE, items: NONE }
    }
}

#[derive(Debug)]
enum Node {
    Read {
        path: u32,
        found: bool,
        fallback: bool,
    },
    Join(u32, u32),
    All(Box<[u32]>),
    Guard(FactKind, u32),
    Failed(u32),
    Lack(u32),
    Exempt(u32),
    Count(u32),
    /// A collection that is too large, or what its items come to.
    Many(u32),
    /// What only led to the value that is asked about.
    Via(u32),
    /// What was asked in a certain way.
    Asked(Part, u32),
    /// A set, and what was taken from it.
    Rest(u32, u32),
    /// Why a part of the input was chosen as a rule's value: less than what is asked of it.
    Chosen(u32),
    /// A value and the conditions under which it came into a collection.
    Item(u32, u32),
    /// What a collection was made from, and what failed for the rest.
    Sifted(u32, u32),
    /// A key that was not found, what failed for what the collection has not, and the path of what has the key.
    Sought(u32, u32, u32),
    /// A collection: what it was made from, and its items.
    Made(u32, Box<[u32]>),
}

#[derive(Debug)]
enum Items {
    Array(Vec<Mark>),
    Keyed {
        members: BTreeMap<Value, Mark>,
        /// The marks of the keys that the policy made.
        keys: BTreeMap<Value, Mark>,
    },
}

/// A statement that failed.
#[derive(Debug, Clone, Copy)]
struct Failure {
    node: u32,
    /// Its body, and how many statements are left in there.
    body: usize,
    left: usize,
}

struct Emitted {
    value: Value,
    mark: Mark,
    guards: Vec<u32>,
    at: At,
}

/// Keeps what each finding was made of.
#[derive(Default)]
pub(super) struct Recorder {
    paths: Vec<(u32, Step)>,
    known: HashMap<(u32, Step), u32, RandomState>,
    nodes: Vec<Node>,
    items: Vec<Items>,
    /// Entries of all lists in `nodes`.
    listed: usize,
    passed: Vec<u32>,
    failed: Vec<Failure>,
    domains: Vec<u32>,
    emitted: Vec<Emitted>,
    asked: Option<Asked>,
}

impl Recorder {
    fn node(&mut self, node: Node) -> u32 {
        let Ok(id) = u32::try_from(self.nodes.len()) else { return NONE };
        if let Node::All(list) | Node::Made(_, list) = &node {
            self.listed += list.len();
        }
        self.nodes.push(node);
        id
    }

    fn below(&mut self, path: u32, step: Step) -> u32 {
        let next = u32::try_from(self.paths.len() + 1).unwrap_or(NONE);
        let Self { known, paths, .. } = self;
        *known.entry((path, step)).or_insert_with_key(|(parent, step)| {
            paths.push((*parent, step.clone()));
            next
        })
    }

    /// Path 0 is the root; path `n` is entry `n - 1`.
    fn path(&self, mut id: u32) -> Path {
        let mut steps = Vec::new();
        while let Some((parent, step)) = (id as usize).checked_sub(1).and_then(|at| self.paths.get(at)) {
            steps.push(step.clone());
            id = *parent;
        }
        steps.reverse();
        Path(steps)
    }

    fn read(&mut self, path: u32, found: bool, fallback: bool) -> Mark {
        let deps = self.node(Node::Read { path, found, fallback });
        Mark { origin: if found { path } else { NONE }, deps, items: NONE }
    }

    fn both(&mut self, one: u32, other: u32) -> u32 {
        match (one, other) {
            (NONE, only) | (only, NONE) => only,
            (one, other) if one == other => one,
            (one, other) => self.node(Node::Join(one, other)),
        }
    }

    fn wrap(&mut self, mark: Mark, make: impl FnOnce(u32) -> Node) -> Mark {
        if mark.deps == NONE {
            return mark;
        }
        let deps = self.node(make(mark.deps));
        Mark { deps, ..mark }
    }

    fn all(&mut self, list: Vec<u32>) -> u32 {
        match list.as_slice() {
            [] => NONE,
            [one] => *one,
            _ => self.node(Node::All(list.into())),
        }
    }

    fn made(&mut self, whole: Mark, parts: Vec<u32>, items: Items) -> Mark {
        let Ok(id) = u32::try_from(self.items.len()) else { return Mark::default() };
        self.items.push(items);
        let deps = if parts.is_empty() { whole.deps } else { self.node(Node::Made(whole.deps, parts.into())) };
        Mark { origin: NONE, deps, items: id }
    }

    /// How many notes are kept.
    pub fn notes(&self) -> usize {
        self.nodes.len()
    }

    /// The findings since the last call, each with the facts behind it.
    pub fn take_findings(&mut self) -> Vec<TracedFinding> {
        let emitted = std::mem::take(&mut self.emitted);
        let mut search = Search::default();
        emitted.into_iter().map(|one| self.traced(one, &mut search)).collect()
    }

    /// The findings, and everything that was read.
    pub fn finish(mut self) -> Trace {
        let checks = self.checks();
        Trace { findings: self.take_findings(), reads: self.reads(), checks }
    }

    /// Each path once, in the order in which it was first read.
    fn reads(&self) -> Vec<(Path, bool)> {
        let mut seen = HashSet::with_hasher(RandomState::default());
        let read = self.nodes.iter().filter_map(|node| match node {
            Node::Read { path, found, .. } if seen.insert((*path, *found)) => Some((self.path(*path), *found)),
            _ => None,
        });
        read.take(MOST).collect()
    }

    fn traced(&self, emitted: Emitted, search: &mut Search) -> TracedFinding {
        let mut conditions = Vec::new();
        let parts = match self.nodes.get(emitted.mark.deps as usize) {
            Some(Node::Made(_, parts)) => &**parts,
            _ => &[],
        };
        for (guard, node) in emitted.guards.iter().enumerate() {
            let is_text = match self.nodes.get(*node as usize) {
                Some(Node::Guard(FactKind::Bound, inner)) => *inner == emitted.mark.deps || parts.contains(inner),
                _ => false,
            };
            if !is_text {
                self.facts(*node, guard, search, &mut conditions);
            }
        }
        let mut message_facts = Vec::new();
        self.text_facts(emitted.mark.deps, search, &mut message_facts);
        // Which tests are one and the same matters, and not what was noted before.
        let mut tests: HashMap<u32, u32, RandomState> = HashMap::default();
        for fact in conditions.iter_mut().chain(&mut message_facts) {
            let next = tests.len();
            fact.test = *tests.entry(fact.test).or_insert_with(|| u32::try_from(next).unwrap_or(NONE));
        }
        TracedFinding { value: emitted.value, conditions, message_facts, policy: emitted.at }
    }

    fn is_read(&self, node: u32) -> bool {
        matches!(self.nodes.get(node as usize), Some(Node::Read { .. }))
    }
}
