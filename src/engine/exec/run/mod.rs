//! Running: the machine that evaluates compiled rules.

mod bounds;
mod call;
mod expr;
mod rule;
mod stmt;
mod tree;
mod watch;

use std::time::Instant;

use super::super::Value;
use super::super::builtins::Context;
use super::compile::Compiled;
use super::error::ExecError;
use super::ir::{At, BuiltinId, Callee, Expr, RuleId, Slot};
use super::trace::Tracer;
use super::{Limits, Program};
use bounds::Used;
pub(super) use bounds::with_stack;

/// A step's result.
pub(super) type Run<T> = Result<T, Box<ExecError>>;
/// A value with its mark; `Undefined` is no value.
pub(super) type Marked<T> = (Value, <T as Tracer>::Mark);
/// What to do with each solution of a body.
pub(super) type Then<'k, 'p, T> = &'k mut dyn FnMut(&mut Machine<'p, T>) -> Run<Flow>;

/// Whether further solutions are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Go,
    Stop,
}

/// What is known of a rule's value in one evaluation.
#[derive(Debug, Clone)]
pub(super) enum Cached<M> {
    Unknown,
    Running,
    Known(Value, M),
}

/// What `with` can change, as one piece that can be put aside.
pub(super) struct World<T: Tracer> {
    pub input: Marked<T>,
    pub data: Value,
    pub cache: Vec<Cached<T::Mark>>,
    /// Rules hidden by a `with` on `data`.
    pub masked: Vec<RuleId>,
    /// Functions replaced by others or by values.
    pub mocks: Vec<(Callee, Option<Callee>, Marked<T>)>,
}

/// One evaluation.
pub(super) struct Machine<'p, T: Tracer> {
    pub program: &'p Compiled,
    /// What builtins may know of the run.
    pub context: &'p Context,
    pub tracer: T,
    pub world: World<T>,
    /// The rule that was asked for.
    pub watched: Option<RuleId>,
    /// The keys of the clause whose cases are watched.
    pub keys: &'p [Expr],
    /// The clauses of the watched rule that are evaluated; all without it.
    pub only: Option<Vec<usize>>,
    /// The clauses of the watched rule that had a solution, once it was evaluated.
    pub emitting: Option<Vec<usize>>,
    stack: Vec<Marked<T>>,
    base: usize,
    limits: Limits,
    started: Instant,
    /// The statement that is run, for errors of what has no place of its own.
    pub at: At,
    used: Used,
    /// Results of builtins that must not change within one evaluation.
    fixed: Vec<(BuiltinId, Vec<Value>, Value)>,
}

impl<'p, T: Tracer> Machine<'p, T> {
    /// A machine for one input.
    pub fn new(program: &'p Program, input: Value, data: Value, limits: &Limits, mut tracer: T) -> Self {
        let Program { compiled: program, context } = program;
        let mark = tracer.input();
        let world = World {
            input: (input, mark),
            data,
            cache: vec![Cached::Unknown; program.rules.len()],
            masked: Vec::new(),
            mocks: Vec::new(),
        };
        Self {
            program,
            context,
            tracer,
            world,
            watched: None,
            keys: &[],
            only: None,
            emitting: None,
            stack: Vec::with_capacity(64),
            base: 0,
            limits: *limits,
            started: Instant::now(),
            at: At::default(),
            used: Used::default(),
            fixed: Vec::new(),
        }
    }

    /// Makes ready to evaluate `rule`, with time and steps of its own.
    pub fn begin(&mut self, rule: RuleId) {
        self.watched = Some(rule);
        self.only = None;
        self.emitting = None;
        self.started = Instant::now();
        self.used = Used::default();
        if T::ACTIVE {
            self.forget(rule);
            self.tracer.restart();
        }
    }

    /// The value of a variable.
    pub fn slot(&self, slot: Slot) -> Option<&Marked<T>> {
        self.stack.get(self.base + slot as usize)
    }

    /// Gives a variable its value.
    pub fn set(&mut self, slot: Slot, value: Marked<T>) {
        if let Some(place) = self.stack.get_mut(self.base + slot as usize) {
            *place = value;
        }
    }

    /// Makes room for `slots` variables; give the result to `leave`.
    pub fn enter(&mut self, slots: usize) -> usize {
        let before = self.base;
        self.base = self.stack.len();
        self.stack.resize(self.base + slots, (Value::Undefined, T::Mark::default()));
        before
    }

    /// Takes the room back.
    pub fn leave(&mut self, before: usize) {
        self.stack.truncate(self.base);
        self.base = before;
    }
}

/// Whether a statement with this value is passed.
pub(super) fn holds(value: &Value) -> bool {
    !matches!(value, Value::Undefined | Value::Bool(false))
}
