//! Bounds: steps, wall time, depth and memory of one evaluation.
//!
//! Memory is accounted, not measured: whatever makes a value says how large it is, and what
//! a loop's turn or a function made and did not keep is taken off again. A counting allocator
//! would be exact, and needs `unsafe`, knows nothing of the policy's line, and counts other
//! threads' work or pays for telling them apart.
//!
//! Time is looked at every few hundred steps. What is done in one go (a builtin on a long
//! text, a comparison of large values) counts as many steps as it takes.

use super::super::super::Value;
use super::super::compile::PATCHED;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::At;
use super::super::trace::Tracer;
use super::{Machine, Run};

/// Steps between two looks at the clock.
const BETWEEN: u64 = 512;
/// Bytes that an item of an array takes, one of a set, and one of an object.
pub(super) const ITEM: usize = 24;
pub(super) const MEMBER: usize = 48;
pub(super) const FIELD: usize = 80;
/// The most bits of a whole number.
const BITS: u64 = 1 << 20;
/// Nodes of a value that are as much work as a step.
const NODES: u64 = 8;
/// Stack that must be left for the deepest expression of a body; a new piece is taken otherwise.
const RESERVE: usize = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };
/// The size of such a piece.
const PIECE: usize = 32 << 20;

/// Builtins that look at no more of their operands than their size or one element.
const SHALLOW: [&str; 22] = [
    "array.concat",
    "array.reverse",
    "array.slice",
    "count",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "object.get",
    "object.keys",
    "type_name",
    "all",
    "any",
    "concat",
    "sum",
    "product",
    "http.send",
    "print",
    "trace",
];
/// Builtins that make many small values of a long text.
const SPREADS: [&str; 10] = [
    "split",
    "regex.split",
    "regex.find_n",
    "regex.find_all_string_submatch_n",
    "regex.globs_match",
    "indexof_n",
    "json.unmarshal",
    "yaml.unmarshal",
    "json.is_valid",
    "yaml.is_valid",
];

/// Builtins that compare each item of one operand with each of another.
const PAIRS: [&str; 3] = ["strings.any_prefix_match", "strings.any_suffix_match", "object.subset"];

/// What has been used up.
#[derive(Debug, Default)]
pub(in super::super) struct Used {
    steps: u64,
    /// The step at which the clock is looked at next.
    look: u64,
    depth: u32,
    /// Bytes of values that may still be there.
    bytes: u64,
    /// Values that went into a collection or a rule's value.
    kept: u64,
    /// Rules whose value is kept until the end.
    cached: u64,
}

/// Where the account stood.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Stand {
    bytes: u64,
    kept: u64,
    cached: u64,
}

/// Runs `work` with enough stack, whatever the thread has left of it.
pub(in super::super) fn with_stack<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RESERVE, PIECE, work)
}

impl<T: Tracer> Machine<'_, T> {
    /// Counts a step of work.
    pub fn tick(&mut self, at: At) -> Run<()> {
        self.work(1, at)
    }

    /// Counts steps that are done in one go.
    pub fn work(&mut self, steps: u64, at: At) -> Run<()> {
        self.used.steps = self.used.steps.saturating_add(steps);
        if self.used.steps < self.used.look {
            return Ok(());
        }
        self.look(at)
    }

    #[cold]
    fn look(&mut self, at: At) -> Run<()> {
        self.used.look = self.used.steps.saturating_add(BETWEEN);
        let message = if self.used.steps > self.limits.steps {
            "the policy takes too many steps".to_owned()
        } else if self.limits.time.is_some_and(|time| self.started.elapsed() > time) {
            "the policy takes too long".to_owned()
        } else if self.used.bytes.saturating_add(self.tracer.size()) > self.limits.memory {
            self.too_much()
        } else {
            return Ok(());
        };
        Err(ExecError::new(ErrorCode::Limit, at, message))
    }

    fn too_much(&self) -> String {
        format!("the policy makes values of more than {} MiB", self.limits.memory >> 20)
    }

    /// Goes one level deeper; `up` goes back.
    pub fn down(&mut self, at: At) -> Run<()> {
        self.used.depth += 1;
        if self.used.depth > self.limits.depth {
            let message = format!("the policy nests more than {} rules, functions and loops", self.limits.depth);
            return Err(ExecError::new(ErrorCode::Limit, at, message));
        }
        self.tick(at)
    }

    /// The steps since the rule was begun.
    pub fn steps(&self) -> u64 {
        self.used.steps
    }

    /// Comes one level up.
    pub fn up(&mut self) {
        self.used.depth -= 1;
    }

    /// Puts `bytes` of a new value on the account.
    pub fn charge(&mut self, bytes: usize, at: At) -> Run<()> {
        self.used.bytes = self.used.bytes.saturating_add(bytes as u64);
        if self.used.bytes > self.limits.memory {
            return Err(ExecError::new(ErrorCode::Limit, at, self.too_much()));
        }
        Ok(())
    }

    /// As `charge`, for something that goes into a collection.
    pub fn keep_bytes(&mut self, bytes: usize, at: At) -> Run<()> {
        self.used.kept += 1;
        self.charge(bytes, at)
    }

    /// Notes that the value of a rule is kept until the end.
    pub fn keep_rule(&mut self) {
        self.used.cached += 1;
    }

    /// Where the account stands.
    pub fn stand(&self) -> Stand {
        let Used { bytes, kept, cached, .. } = self.used;
        Stand { bytes, kept, cached }
    }

    /// Takes off what was made since `stand`, unless some of it was kept.
    pub fn settle(&mut self, stand: Stand) {
        if self.used.kept == stand.kept && self.used.cached == stand.cached {
            self.used.bytes = stand.bytes;
        }
    }

    /// Takes off all that was made since `stand` when only a scalar came of it.
    pub fn settle_for(&mut self, stand: Stand, value: &Value) {
        self.used.kept = stand.kept;
        if self.used.cached == stand.cached && !is_compound(value) {
            self.used.bytes = stand.bytes + shallow(value) as u64;
        }
    }

    /// What was kept since `stand` is one value now, and whoever takes it keeps it.
    pub fn gather(&mut self, stand: Stand) {
        self.used.kept = stand.kept;
    }

    /// Counts the parts of a value that will be gone through as a whole, shared ones as often as
    /// they are met: `[a, a]` of `[b, b]` of … is small, and endless to compare.
    pub fn weigh(&mut self, value: &Value, at: At) -> Run<u64> {
        if !is_compound(value) {
            return Ok(1);
        }
        let mut nodes: u64 = 0;
        let mut open: Vec<&Value> = vec![value];
        while let Some(value) = open.pop() {
            nodes += 1;
            if nodes.is_multiple_of(NODES * BETWEEN) {
                self.work(BETWEEN, at)?;
            }
            match value {
                Value::Array(items) => open.extend(items.iter()),
                Value::Set(items) => open.extend(items.iter()),
                Value::Object(fields) => fields.iter().for_each(|(key, value)| open.extend([key, value])),
                _ => {}
            }
        }
        self.work(nodes % (NODES * BETWEEN) / NODES, at)?;
        Ok(nodes)
    }
}

impl<T: Tracer> Machine<'_, T> {
    /// Whether two values are equal.
    pub fn same(&mut self, one: &Value, other: &Value, at: At) -> Run<bool> {
        let sizes = match (one, other) {
            (Value::Array(one), Value::Array(other)) => (one.len(), other.len()),
            (Value::Set(one), Value::Set(other)) => (one.len(), other.len()),
            (Value::Object(one), Value::Object(other)) => (one.len(), other.len()),
            _ => return Ok(one == other),
        };
        if sizes.0 != sizes.1 {
            return Ok(false);
        }
        self.weigh(one, at)?;
        Ok(one == other)
    }

    /// Bounds what an operator has made: a number that is squared again and again has twice the digits each time.
    pub fn bounded(&mut self, value: &Value, at: At) -> Run<()> {
        if let Value::Number(number) = value
            && number.as_i64().is_none()
            && number.as_u64().is_none()
            && number.is_integer()
            && number.as_big().is_some_and(|big| big.bits() > BITS)
        {
            let message = format!("the number has more than {BITS} bits");
            return Err(ExecError::new(ErrorCode::Limit, at, message));
        }
        self.charge(shallow(value), at)
    }

    /// What a builtin may need, before it is called: it cannot be stopped.
    pub fn before(&mut self, name: &str, args: &[Value], at: At) -> Run<()> {
        let mut text = 0;
        let mut nodes = 0;
        let shallow_only = SHALLOW.contains(&name);
        for (number, arg) in args.iter().enumerate() {
            match arg {
                Value::String(arg) => text += arg.len(),
                // A key is compared with those that are there.
                _ if !shallow_only || number == 1 && name == "object.get" => nodes += self.weigh(arg, at)?,
                _ => {}
            }
        }
        // Only now that the operands are known to have an end.
        if name == "json.patch" && args.iter().map(levels).sum::<u32>() > PATCHED {
            let message = format!("json.patch: the result is nested more than {PATCHED} levels deep");
            return Err(ExecError::new(ErrorCode::Limit, at, message));
        }
        if PAIRS.contains(&name) {
            let sizes = args.iter().map(|arg| 1 + (shallow(arg) / ITEM) as u64);
            self.work(sizes.fold(1, u64::saturating_mul) / 4, at)?;
        }
        let growth = if SPREADS.contains(&name) { text * 2 * ITEM } else { 0 };
        let stand = self.stand();
        self.work(text as u64 / 256, at)?;
        self.charge(growth.saturating_add(usize::try_from(nodes).unwrap_or(usize::MAX).saturating_mul(ITEM)), at)?;
        self.settle(stand);
        Ok(())
    }

    /// What a builtin has made.
    pub fn after(&mut self, name: &str, value: &Value, at: At) -> Run<()> {
        let mut bytes = shallow(value);
        if SPREADS.contains(&name) {
            let nodes = self.weigh(value, at)?;
            bytes = bytes.saturating_add(usize::try_from(nodes).unwrap_or(usize::MAX).saturating_mul(2 * ITEM));
        }
        self.charge(bytes, at)
    }
}

/// The levels of a value, as far as `json.patch` may make them.
fn levels(value: &Value) -> u32 {
    let mut most = 0;
    let mut open = vec![(value, 0)];
    while let Some((value, level)) = open.pop() {
        most = most.max(level);
        if most > PATCHED {
            break;
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Set(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(fields) => {
                fields.iter().for_each(|(key, item)| open.extend([(key, level + 1), (item, level + 1)]));
            }
            _ => {}
        }
    }
    most
}

/// Whether a value has parts.
pub(super) fn is_compound(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Set(_) | Value::Object(_))
}

/// The bytes that a value takes without its parts' own.
pub(super) fn shallow(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 16,
        Value::Array(items) => items.len() * ITEM,
        Value::Set(items) => items.len() * MEMBER,
        Value::Object(fields) => fields.len() * FIELD,
        _ => 0,
    }
}
