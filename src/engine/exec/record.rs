//! Recording: a [`Tracer`] that keeps what each finding was made of.
//!
//! Reasons form a graph that only grows: joining two is one new node. It is
//! walked once a finding is there, so that rules without findings pay little.

mod asked;
mod facts;
mod sift;

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use self::asked::Asked;
use self::facts::Search;
use super::super::Value;
use super::check::{Asks, Check, Sense};
use super::ir::At;
use super::trace::{FactKind, Level, Tracer};
use crate::document::{Path, Step};

/// No path, no node, no items.
const NONE: u32 = u32::MAX;
/// Facts kept for one finding.
const MOST: usize = 2_000;

/// What a policy read of its input, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Four independent properties of one reading.
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
    /// The number of the statement in the body that read it.
    pub guard: usize,
}

/// One finding with what it was made of.
#[derive(Debug, Clone)]
pub struct TracedFinding {
    /// What the policy gave.
    pub value: Value,
    /// What its conditions read, in the order of its body.
    pub conditions: Vec<Fact>,
    /// What only its text read.
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
    Keyed(BTreeMap<Value, Mark>),
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
    failed: Vec<u32>,
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
        self.facts(emitted.mark.deps, 0, search, &mut message_facts);
        TracedFinding { value: emitted.value, conditions, message_facts, policy: emitted.at }
    }

    fn is_read(&self, node: u32) -> bool {
        matches!(self.nodes.get(node as usize), Some(Node::Read { .. }))
    }
}

impl Tracer for Recorder {
    type Mark = Mark;
    const ACTIVE: bool = true;

    fn input(&mut self) -> Mark {
        Mark { origin: 0, ..self.read(0, true, false) }
    }

    fn child(&mut self, of: Mark, key: &Value, found: bool) -> Mark {
        if of.origin != NONE {
            return match Step::from_value(key) {
                Some(step) => {
                    let path = self.below(of.origin, step);
                    self.read(path, found, false)
                }
                None => Mark { origin: NONE, items: NONE, ..of },
            };
        }
        let part = match self.items.get(of.items as usize) {
            Some(Items::Array(marks)) => key.as_u64().ok().and_then(|at| marks.get(usize::try_from(at).ok()?)).copied(),
            Some(Items::Keyed(marks)) => marks.get(key).copied(),
            None => None,
        };
        part.unwrap_or_else(|| {
            let whole = Mark { deps: of.deps, ..Mark::default() };
            if of.items == NONE || found { whole } else { self.lack(whole) }
        })
    }

    fn lookup(&mut self, of: Mark, (key, by): (&Value, Mark), found: bool) -> Mark {
        let part = self.child(of, key, found);
        // A name that leads nowhere may be the fault; and in a table that is not of the
        // input, what is found depends on nothing else.
        if found && part.deps != NONE {
            return part;
        }
        let by = self.like(of, by);
        let by = if found { by } else { self.kept_out_of(of, by) };
        self.with(part, by)
    }

    fn sifted(&mut self, whole: Mark, failed: Mark) -> Mark {
        self.sift(whole, failed)
    }

    fn sought(&mut self, of: Mark, by: Mark) -> Mark {
        self.kept_out_of(of, by)
    }

    fn fallback(&mut self, of: Mark, path: &[Value], found: bool) -> Mark {
        let steps: Option<Vec<Step>> = path.iter().map(Step::from_value).collect();
        match steps {
            Some(steps) if of.origin != NONE => {
                let path = steps.into_iter().fold(of.origin, |at, step| self.below(at, step));
                self.read(path, found, true)
            }
            _ => path.iter().fold(of, |mark, key| self.child(mark, key, found)),
        }
    }

    fn join(&mut self, one: Mark, other: Mark) -> Mark {
        Mark { deps: self.both(one.deps, other.deps), ..Mark::default() }
    }

    fn with(&mut self, one: Mark, other: Mark) -> Mark {
        Mark { deps: self.both(one.deps, other.deps), ..one }
    }

    fn chosen(&mut self, value: Mark, passed: Mark) -> Mark {
        let passed = if value.origin == NONE { passed } else { self.wrap(passed, Node::Chosen) };
        self.with(value, passed)
    }

    fn or(&mut self, one: Mark, other: Mark) -> Mark {
        if one.deps == NONE { other } else { one }
    }

    fn item(&mut self, value: Mark, passed: Mark) -> Mark {
        let deps = self.node(Node::Item(value.deps, passed.deps));
        Mark { deps, ..value }
    }

    fn aside(&mut self, mark: Mark) -> Mark {
        let mark = self.wrap(mark, |deps| Node::Guard(FactKind::Bound, deps));
        Mark { deps: mark.deps, ..Mark::default() }
    }

    fn lack(&mut self, mark: Mark) -> Mark {
        self.wrap(mark, Node::Lack)
    }

    fn count(&mut self, mark: Mark) -> Mark {
        let made = self.wrap(mark, Node::Count);
        Mark { deps: made.deps, ..Mark::default() }
    }

    fn sized(&mut self, mark: Mark, small: bool) -> Mark {
        match self.nodes.get(mark.deps as usize) {
            Some(Node::Count(_)) if small => self.lack(mark),
            _ => mark,
        }
    }

    fn exempt(&mut self, mark: Mark) -> Mark {
        // Also of what the input has no part in: what is looked up in there is asked for an exemption.
        Mark { deps: self.node(Node::Exempt(mark.deps)), ..mark }
    }

    fn like(&mut self, of: Mark, mark: Mark) -> Mark {
        match self.nodes.get(of.deps as usize) {
            Some(Node::Exempt(_)) => self.exempt(mark),
            _ => mark,
        }
    }

    fn array(&mut self, whole: Mark, items: Vec<Mark>) -> Mark {
        let parts = items.iter().map(|mark| mark.deps).filter(|deps| *deps != NONE).collect();
        self.made(whole, parts, Items::Array(items))
    }

    fn keyed(&mut self, whole: Mark, items: Vec<(Value, Mark)>) -> Mark {
        let parts = items.iter().map(|(_, mark)| mark.deps).filter(|deps| *deps != NONE).collect();
        let mut marks = BTreeMap::new();
        for (value, mark) in items {
            marks.entry(value).or_insert(mark);
        }
        self.made(whole, parts, Items::Keyed(marks))
    }

    fn members(&self, of: Mark) -> Vec<(Value, Mark)> {
        match self.items.get(of.items as usize) {
            Some(Items::Keyed(marks)) => marks.iter().map(|(value, mark)| (value.clone(), *mark)).collect(),
            _ => Vec::new(),
        }
    }

    fn restart(&mut self) {
        self.passed.clear();
        self.failed.clear();
        self.domains.clear();
        self.emitted.clear();
    }

    fn level(&self) -> Level {
        Level { passed: self.passed.len(), failed: self.failed.len(), domains: self.domains.len() }
    }

    fn rewind(&mut self, level: Level) {
        self.passed.truncate(level.passed);
    }

    fn pass(&mut self, kind: FactKind, mark: Mark) {
        if mark.deps != NONE {
            let node = self.node(Node::Guard(kind, mark.deps));
            self.passed.push(node);
        }
    }

    fn pass_whole(&mut self, mark: Mark) {
        let kind = match self.nodes.get(mark.deps as usize) {
            Some(Node::Item(value, _)) if !self.is_read(*value) => FactKind::Iterated,
            _ => FactKind::Tested,
        };
        self.pass(kind, mark);
    }

    fn fail(&mut self, kind: FactKind, mark: Mark) {
        if mark.deps != NONE {
            let node = self.node(Node::Guard(kind, mark.deps));
            self.failed.push(node);
        }
    }

    fn domain(&mut self, mark: Mark) {
        if mark.deps != NONE {
            self.domains.push(mark.deps);
        }
    }

    fn passed(&mut self, level: Level) -> Mark {
        let list = self.passed.get(level.passed..).unwrap_or_default().to_vec();
        Mark { deps: self.all(list), ..Mark::default() }
    }

    fn failed(&mut self, level: Level) -> Mark {
        let list = self.failed.split_off(level.failed.min(self.failed.len()));
        let deps = self.all(list);
        self.wrap(Mark { deps, ..Mark::default() }, Node::Failed)
    }

    fn domains(&mut self, level: Level) -> Mark {
        let list = self.domains.split_off(level.domains.min(self.domains.len()));
        Mark { deps: self.all(list), ..Mark::default() }
    }

    fn forgive(&mut self, level: Level) {
        self.failed.truncate(level.failed);
    }

    fn size(&self) -> u64 {
        (self.nodes.len() * std::mem::size_of::<Node>() + self.listed * std::mem::size_of::<u32>()) as u64
    }

    fn emit(&mut self, value: &Value, mark: Mark, level: Level, at: At) {
        let guards = self.passed.get(level.passed..).unwrap_or_default().to_vec();
        self.emitted.push(Emitted { value: value.clone(), mark, guards, at });
    }
    fn check(&mut self, asks: Asks, left: (&Value, Mark), right: (&Value, Mark), held: bool) {
        let Some(asked) = self.asked.as_mut().filter(|asked| asked.checks.len() < MOST) else { return };
        let sense = match (asked.gathering, asked.negated) {
            (0, false) => Sense::Accuses,
            (0, true) => Sense::Spares,
            _ => Sense::Gathers,
        };
        let kept = |(value, mark): (&Value, Mark)| (value.clone(), mark);
        asked.checks.push((asks, kept(left), kept(right), held, sense));
    }

    fn negate(&mut self) {
        if let Some(asked) = &mut self.asked {
            asked.negated = !asked.negated;
        }
    }

    fn gather(&mut self) {
        if let Some(asked) = &mut self.asked {
            asked.gathering += 1;
        }
    }

    fn gathered(&mut self) {
        if let Some(asked) = &mut self.asked {
            asked.gathering = asked.gathering.saturating_sub(1);
        }
    }
}
