//! What the executor tells while it runs, noted as nodes.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::super::super::Value;
use super::super::check::{Asks, Sense};
use super::super::ir::At;
use super::super::trace::{FactKind, Level, Size, Tracer};
use super::{Emitted, Failure, Items, MOST, Mark, NONE, Node, Part, Recorder};
use crate::document::Step;

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
            Some(Items::Keyed { members, .. }) => members.get(key).copied(),
            None => None,
        };
        part.unwrap_or_else(|| {
            let whole = Mark { deps: of.deps, ..Mark::default() };
            if of.items == NONE || found { whole } else { self.lack(whole) }
        })
    }

    fn lookup(&mut self, of: Mark, (key, by): (&Value, Mark), found: bool) -> Mark {
        let part = self.child(of, key, found);
        if found && part.origin != NONE {
            return part;
        }
        // A name that leads nowhere may be the fault; one that leads to something is, where nothing else is.
        let by = self.like(of, by);
        let by = if found { self.wrap(by, Node::Via) } else { self.kept_out_of(of, by) };
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

    fn chosen(&mut self, value: Mark, passed: Mark, predicate: bool) -> Mark {
        let passed = match value.origin {
            NONE if predicate => passed,
            NONE => self.wrap(passed, Node::Via),
            _ => self.wrap(passed, Node::Chosen),
        };
        self.with(value, passed)
    }

    fn passed_over(&mut self, mark: Mark, failed: Mark) -> Mark {
        let failed = self.wrap(failed, Node::Via);
        self.chosen(mark, failed, false)
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

    fn sized(&mut self, mark: Mark, size: Size) -> Mark {
        match (self.nodes.get(mark.deps as usize), size) {
            (Some(Node::Count(_)), Size::Small) => self.lack(mark),
            (Some(Node::Count(inner)), Size::Large) => {
                let inner = *inner;
                Mark { deps: self.node(Node::Many(inner)), ..mark }
            }
            _ => mark,
        }
    }

    fn total(&mut self, mark: Mark) -> Mark {
        let made = self.wrap(mark, Node::Many);
        Mark { deps: made.deps, ..Mark::default() }
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
        let mut members = BTreeMap::new();
        for (value, mark) in items {
            members.entry(value).or_insert(mark);
        }
        self.made(whole, parts, Items::Keyed { members, keys: BTreeMap::new() })
    }

    fn present(&mut self, mark: Mark) -> Mark {
        if self.is_read(mark.deps) { self.wrap(mark, |deps| Node::Asked(Part::Present, deps)) } else { mark }
    }

    fn patterned(&mut self, mark: Mark, form: bool) -> Mark {
        let part = if form { Part::Form } else { Part::Pattern };
        self.wrap(mark, |deps| Node::Asked(part, deps))
    }

    fn beyond(&mut self, mark: Mark) -> Mark {
        self.wrap(mark, |deps| Node::Asked(Part::Beyond, deps))
    }

    fn tested(&mut self, mark: Mark, failed: bool) -> Mark {
        let mark = self.wrap(mark, |deps| Node::Guard(FactKind::Tested, deps));
        if failed { self.wrap(mark, Node::Failed) } else { mark }
    }

    fn rest(&mut self, set: Mark, taken: Mark) -> Mark {
        let deps = match (set.deps, taken.deps) {
            (only, NONE) => only,
            (set, taken) => self.node(Node::Rest(set, taken)),
        };
        Mark { deps, ..Mark::default() }
    }

    fn named(&mut self, of: Mark, names: Vec<(Value, Mark)>) {
        if let Some(Items::Keyed { keys, .. }) = self.items.get_mut(of.items as usize) {
            keys.extend(names.into_iter().filter(|(_, mark)| mark.deps != NONE));
        }
    }

    fn name(&self, of: Mark, key: &Value) -> Option<Mark> {
        match self.items.get(of.items as usize) {
            Some(Items::Keyed { keys, .. }) => keys.get(key).copied(),
            _ => None,
        }
    }

    fn members(&self, of: Mark) -> Vec<(Value, Mark)> {
        match self.items.get(of.items as usize) {
            Some(Items::Keyed { members, .. }) => members.iter().map(|(value, mark)| (value.clone(), *mark)).collect(),
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
            self.failed.push(Failure { node, body: 0, left: 0 });
        }
    }

    fn stopped(&mut self, body: usize, left: usize) {
        if let Some(failure) = self.failed.last_mut().filter(|failure| failure.body == 0) {
            (failure.body, failure.left) = (body, left);
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
        let deps = self.all(list.into_iter().map(|failure| failure.node).collect());
        self.wrap(Mark { deps, ..Mark::default() }, Node::Failed)
    }

    fn failed_last(&mut self, level: Level) -> Mark {
        let mut list = self.failed.split_off(level.failed.min(self.failed.len()));
        let mut least: HashMap<usize, usize, RandomState> = HashMap::default();
        for failure in &list {
            let left = least.entry(failure.body).or_insert(failure.left);
            *left = failure.left.min(*left);
        }
        list.retain(|failure| least.get(&failure.body) == Some(&failure.left));
        let deps = self.all(list.into_iter().map(|failure| failure.node).collect());
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
