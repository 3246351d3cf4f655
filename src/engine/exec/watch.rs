//! Watching a unit test: where its body stopped, which cases it tried, what it
//! printed, and which statements were reached.
//!
//! A statement is known by its address: the compiled rules do not move while
//! they are shared. A body's statements have an order, and the furthest that was
//! begun is the one that kept the test from passing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::super::Value;
use super::compile::Compiled;
use super::ir::{At, Clause, Expr, Op, Pattern, Slot, Stmt};
use super::trace::Tracer;

/// Lines of `print` that are kept.
const MOST_PRINTED: usize = 1_000;
/// Places inside other rules that are told for one failure.
const MOST_INNER: usize = 4;
/// Cases of one test.
const MOST_CASES: usize = 10_000;

/// Why a statement was not passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Why {
    /// Nothing that it goes through led on.
    #[default]
    Nothing,
    /// Both sides of a comparison.
    Compared(Value, Value),
    /// A value and what it should be in.
    Lacking(Value, Value),
    /// A value that is undefined, or `false`.
    Value(Value),
    /// A value of another shape.
    Unmatched(Value),
    /// What is under `not` holds.
    Holds,
    /// `every`, and not all do.
    NotAll,
}

/// Where and why a body stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stop {
    /// The statement that was not passed.
    pub at: At,
    /// Why.
    pub why: Why,
    /// Where the rules that it asked stopped.
    pub inner: Vec<At>,
}

/// What came of one test.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// Where the body stopped, if it did.
    pub stopped: Option<Stop>,
    /// Each case that was tried, and how far it came.
    pub cases: BTreeMap<Vec<Value>, Stop>,
    /// What was printed.
    pub printed: Vec<String>,
    /// The statements that were begun.
    pub reached: HashSet<usize>,
}

/// The place of each statement within its body.
#[derive(Debug, Clone, Default)]
pub struct Order(Arc<HashMap<usize, u32>>);

impl Order {
    /// Numbers the statements of all bodies.
    pub(super) fn new(program: &Compiled) -> Self {
        let mut map = HashMap::new();
        for clause in clauses(program) {
            for (stmt, number) in flat(&clause.block).into_iter().zip(0..) {
                map.insert(address(stmt), number);
            }
        }
        Self(Arc::new(map))
    }

    fn of(&self, stmt: &Stmt) -> Option<u32> {
        self.0.get(&address(stmt)).copied()
    }
}

/// All clauses, those under `else` too.
fn clauses(program: &Compiled) -> Vec<&Clause> {
    let mut all = Vec::new();
    for rule in &program.rules {
        for first in rule.clauses.iter().chain(&rule.default) {
            let mut next = Some(first);
            while let Some(clause) = next {
                all.push(clause);
                next = clause.otherwise.as_deref();
            }
        }
    }
    all
}

/// The statements of a body; what stands under a `with` stands in the body.
fn flat(block: &[Stmt]) -> Vec<&Stmt> {
    let mut all = Vec::new();
    for stmt in block {
        all.push(stmt);
        if let Op::With(_, inner) = &stmt.op {
            all.extend(flat(inner));
        }
    }
    all
}

/// Each statement's place, and whether it is in `reached`.
pub(super) fn coverage(program: &Compiled, reached: &HashSet<usize>) -> Vec<(At, bool)> {
    let mut all = Vec::new();
    for clause in clauses(program) {
        let mut open: Vec<&Stmt> = clause.block.iter().rev().collect();
        while let Some(stmt) = open.pop() {
            all.push((stmt.at, reached.contains(&address(stmt))));
            if let Op::With(_, inner) | Op::Not(inner) | Op::Every(_, _, _, inner) = &stmt.op {
                open.extend(inner.iter().rev());
            }
        }
    }
    all
}

fn address(stmt: &Stmt) -> usize {
    std::ptr::from_ref(stmt) as usize
}

/// How far one run of a clause came.
#[derive(Debug, Default)]
struct Frame {
    /// The number of the statement that runs.
    current: u32,
    furthest: Option<(u32, Stop)>,
}

impl Frame {
    /// The furthest statement, if it is the one that runs.
    fn running(&mut self) -> Option<&mut Stop> {
        self.furthest.as_mut().filter(|(number, _)| *number == self.current).map(|(_, stop)| stop)
    }
}

/// The tracer of a test.
pub(super) struct Watch {
    order: Order,
    /// The first statement at which the keys of the test's cases are known, if it has cases.
    keyed: Option<u32>,
    frames: Vec<Frame>,
    case: Option<Vec<Value>>,
    seen: Watched,
}

impl Watch {
    /// A watch over a run of `clause`.
    pub fn new(order: Order, clause: &Clause) -> Self {
        let keyed = (!clause.keys.is_empty()).then(|| known_from(clause)).flatten();
        Self { order, keyed, frames: Vec::new(), case: None, seen: Watched::default() }
    }

    /// What was seen.
    pub fn finish(self) -> Watched {
        self.seen
    }

    fn came_to(&mut self, number: u32, stmt: &Stmt) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.current = number;
        if frame.furthest.as_ref().is_none_or(|(furthest, _)| *furthest <= number) {
            frame.furthest = Some((number, Stop { at: stmt.at, ..Stop::default() }));
        }
    }

    fn end_case(&mut self) {
        let stop = self.frames.first().and_then(|frame| frame.furthest.as_ref()).map(|(_, stop)| stop.clone());
        if let (Some(case), Some(stop)) = (self.case.take(), stop)
            && self.seen.cases.len() < MOST_CASES
        {
            self.seen.cases.insert(case, stop);
        }
    }
}

/// The first statement at which the keys of `clause` are known; none when they are computed at its end.
fn known_from(clause: &Clause) -> Option<u32> {
    let mut first = 0;
    for key in &clause.keys {
        match key {
            Expr::Const(_) => {}
            Expr::Slot(slot) => {
                let found = flat(&clause.block).into_iter().zip(1..).find(|(stmt, _)| binds(&stmt.op, *slot));
                first = first.max(found?.1);
            }
            _ => return None,
        }
    }
    Some(first)
}

fn binds(op: &Op, slot: Slot) -> bool {
    match op {
        Op::Assign(to, _) => *to == slot,
        Op::Match(pattern, _) | Op::EachKey(_, pattern) | Op::Walk(_, pattern) => holds(pattern, slot),
        Op::Each(_, key, value) => holds(key, slot) || holds(value, slot),
        Op::Test(_) | Op::Not(_) | Op::Every(..) | Op::With(..) => false,
    }
}

fn holds(pattern: &Pattern, slot: Slot) -> bool {
    match pattern {
        Pattern::Any | Pattern::Equal(_) => false,
        Pattern::Bind(to) => *to == slot,
        Pattern::Array(items) => items.iter().any(|item| holds(item, slot)),
        Pattern::Object(pairs) => pairs.iter().any(|(_, item)| holds(item, slot)),
    }
}

impl Tracer for Watch {
    type Mark = ();
    const ACTIVE: bool = false;
    const WATCHES: bool = true;

    fn begin(&mut self, stmt: &Stmt) -> bool {
        self.seen.reached.insert(address(stmt));
        let Some(number) = self.order.of(stmt) else { return false };
        let outermost = self.frames.len() == 1;
        if outermost && self.keyed.is_some_and(|first| first <= number) {
            return true;
        }
        self.came_to(number, stmt);
        false
    }

    fn case(&mut self, keys: Vec<Value>, stmt: &Stmt) {
        if self.case.as_ref() != Some(&keys) {
            self.end_case();
            self.case = Some(keys);
            self.frames.first_mut().and_then(|frame| frame.furthest.take());
        }
        self.came_to(self.order.of(stmt).unwrap_or_default(), stmt);
    }

    fn tell(&mut self, stmt: &Stmt, why: Why) {
        if let Some(stop) = self.frames.last_mut().and_then(Frame::running).filter(|stop| stop.at == stmt.at) {
            stop.why = why;
        }
    }

    fn open(&mut self) {
        self.frames.push(Frame::default());
    }

    fn close(&mut self, found: bool) {
        if self.frames.len() == 1 {
            self.end_case();
        }
        let Some(frame) = self.frames.pop() else { return };
        let Some((_, stop)) = frame.furthest.filter(|_| !found) else { return };
        let Some(outer) = self.frames.last_mut() else {
            self.seen.stopped = Some(stop);
            return;
        };
        let Some(outer) = outer.running() else { return };
        for at in std::iter::once(stop.at).chain(stop.inner) {
            if outer.inner.len() < MOST_INNER && !outer.inner.contains(&at) {
                outer.inner.push(at);
            }
        }
    }

    fn printed(&mut self, line: String) {
        if self.seen.printed.len() < MOST_PRINTED {
            self.seen.printed.push(line);
        }
    }
}
