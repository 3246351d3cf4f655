//! Provenance: what an evaluation may note about where its values come from.
//!
//! The executor is generic over a [`Tracer`]. With [`Untraced`] every note is
//! nothing and costs nothing.

use super::super::Value;
use super::check::Asks;
use super::ir::{At, Stmt};
use super::watch::Why;

/// Why a value was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// It was gone through.
    Iterated,
    /// It was kept under a name.
    #[default]
    Bound,
    /// Something about it was asked.
    Tested,
}

/// What can be noted while a policy runs. A mark goes with each value.
///
/// What an implementor leaves out notes nothing.
pub(super) trait Tracer {
    /// What is known of a value's origin.
    type Mark: Copy + Default;
    /// Whether anything is noted at all.
    const ACTIVE: bool;
    /// Whether the course of the evaluation itself is followed.
    const WATCHES: bool = false;

    /// A statement is about to run. Whether the keys of the watched clause are to be given to `case`.
    fn begin(&mut self, _: &Stmt) -> bool {
        false
    }
    /// A body goes on with these keys.
    fn case(&mut self, _: Vec<Value>, _: &Stmt) {}
    /// A statement was not passed.
    fn tell(&mut self, _: &Stmt, _: Why) {}
    /// A clause begins.
    fn open(&mut self) {}
    /// It ends, and had a solution or not.
    fn close(&mut self, _: bool) {}
    /// A line that the policy prints.
    fn printed(&mut self, _: String) {}

    /// The mark of the whole input.
    fn input(&mut self) -> Self::Mark {
        Self::Mark::default()
    }
    /// The mark of a part of a value, there or missing.
    fn child(&mut self, _: Self::Mark, _: &Value, _: bool) -> Self::Mark {
        Self::Mark::default()
    }
    /// As `child`, where the key may come from the input, too.
    fn lookup(&mut self, of: Self::Mark, (key, _): (&Value, Self::Mark), found: bool) -> Self::Mark {
        self.child(of, key, found)
    }
    /// The mark of what was looked for in a collection, and is not in there.
    fn sought(&mut self, _: Self::Mark, by: Self::Mark) -> Self::Mark {
        by
    }
    /// As `child`, where a missing part has been given a default.
    fn fallback(&mut self, _: Self::Mark, _: &[Value], _: bool) -> Self::Mark {
        Self::Mark::default()
    }
    /// The mark of something computed from both.
    fn join(&mut self, _: Self::Mark, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// The same value, and besides what `other` depends on.
    fn with(&mut self, _: Self::Mark, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// A rule's value, and what had to hold for it to be that one; a predicate says no more than that.
    fn chosen(&mut self, value: Self::Mark, passed: Self::Mark, _predicate: bool) -> Self::Mark {
        self.with(value, passed)
    }
    /// A rule's value, and what failed in the clauses before the one that gave it.
    fn passed_over(&mut self, value: Self::Mark, failed: Self::Mark) -> Self::Mark {
        self.with(value, failed)
    }
    /// The first mark, or the second where the first says nothing.
    fn or(&mut self, _: Self::Mark, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// A value, and what had to hold for it to come into a collection.
    fn item(&mut self, _: Self::Mark, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// The mark of an index: whatever is asked of it, the element is not the fault.
    fn aside(&mut self, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// What matters about the value is that something is not in it.
    fn lack(&mut self, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// It is the size of the value that matters.
    fn count(&mut self, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// A value, and how it compares with what it was measured against.
    fn sized(&mut self, _: Self::Mark, _: Size) -> Self::Mark {
        Self::Mark::default()
    }
    /// The mark of what the items of a collection come to.
    fn total(&mut self, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// What is read in an exemption.
    fn exempt(&mut self, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// What is compared with the first mark's value, which may be an exemption's.
    fn like(&mut self, _: Self::Mark, mark: Self::Mark) -> Self::Mark {
        mark
    }
    /// A collection whose items have marks of their own, in order for an array.
    fn array(&mut self, _: Self::Mark, _: Vec<Self::Mark>) -> Self::Mark {
        Self::Mark::default()
    }
    /// A set or object whose members have marks of their own.
    fn keyed(&mut self, _: Self::Mark, _: Vec<(Value, Self::Mark)>) -> Self::Mark {
        Self::Mark::default()
    }
    /// What a collection was made from, and what failed for what did not come into it.
    fn sifted(&mut self, whole: Self::Mark, _: Self::Mark) -> Self::Mark {
        whole
    }
    /// A value that was only asked for.
    fn present(&mut self, mark: Self::Mark) -> Self::Mark {
        mark
    }
    /// A value that is less or more than another, or not the same.
    fn beyond(&mut self, mark: Self::Mark) -> Self::Mark {
        mark
    }
    /// A text that was held against a pattern, or a regular expression.
    fn patterned(&mut self, mark: Self::Mark, _form: bool) -> Self::Mark {
        mark
    }
    /// A value about which something was asked, and whether it failed.
    fn tested(&mut self, mark: Self::Mark, _failed: bool) -> Self::Mark {
        mark
    }
    /// The mark of a set without what was taken from it.
    fn rest(&mut self, _: Self::Mark, _: Self::Mark) -> Self::Mark {
        Self::Mark::default()
    }
    /// Gives the keys of an object that the policy made their marks.
    fn named(&mut self, _: Self::Mark, _: Vec<(Value, Self::Mark)>) {}
    /// The mark of a key, if it has one of its own.
    fn name(&self, _: Self::Mark, _: &Value) -> Option<Self::Mark> {
        None
    }
    /// The marks of the members of a set or object.
    fn members(&self, _: Self::Mark) -> Vec<(Value, Self::Mark)> {
        Vec::new()
    }

    /// Forgets every statement: another rule is evaluated.
    fn restart(&mut self) {}
    /// Where the list of passed statements stands.
    fn level(&self) -> Level {
        Level::default()
    }
    /// Forgets the statements passed since `level`.
    fn rewind(&mut self, _: Level) {}
    /// A statement was passed.
    fn pass(&mut self, _: FactKind, _: Self::Mark) {}
    /// A value was asked for, and for nothing about it.
    fn pass_whole(&mut self, _: Self::Mark) {}
    /// A statement failed.
    fn fail(&mut self, _: FactKind, _: Self::Mark) {}
    /// A collection is gone through.
    fn domain(&mut self, _: Self::Mark) {}
    /// Everything passed since `level`.
    fn passed(&mut self, _: Level) -> Self::Mark {
        Self::Mark::default()
    }
    /// The statement that failed last stands in `body`, where so many are `left`.
    fn stopped(&mut self, _body: usize, _left: usize) {}
    /// As `failed`, of each body only what came furthest: what nearly was is why it is not.
    fn failed_last(&mut self, level: Level) -> Self::Mark {
        self.failed(level)
    }
    /// Everything failed since `level`; it is taken off the list.
    fn failed(&mut self, _: Level) -> Self::Mark {
        Self::Mark::default()
    }
    /// The collections gone through since `level`; they are taken off the list.
    fn domains(&mut self, _: Level) -> Self::Mark {
        Self::Mark::default()
    }
    /// Forgets what failed since `level`: something else succeeded.
    fn forgive(&mut self, _: Level) {}
    /// An element of the rule that is traced.
    fn emit(&mut self, _: &Value, _: Self::Mark, _: Level, _: At) {}
    /// The bytes of all that is noted.
    fn size(&self) -> u64 {
        0
    }

    /// Something was asked of a value; only explanations keep it.
    fn check(&mut self, _: Asks, _: (&Value, Self::Mark), _: (&Value, Self::Mark), _held: bool) {}
    /// A `not` begins or ends: what is asked counts the other way.
    fn negate(&mut self) {}
    /// A comprehension begins.
    fn gather(&mut self) {}
    /// A comprehension ends.
    fn gathered(&mut self) {}
}

/// How the size of a collection compares with what it was measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// It is empty, or smaller.
    Small,
    /// It should be empty, or nothing is known of it: its items matter.
    Some,
    /// It has as many as matter, or more.
    Large,
}

impl Size {
    /// That of `count` against `limit`.
    pub fn of(count: &Value, limit: &Value) -> Self {
        match (count.as_f64(), limit.as_f64()) {
            (Ok(count), Ok(limit)) if count < limit => Self::Small,
            (Ok(_), Ok(limit)) if limit >= 1.0 => Self::Large,
            (Ok(0.0), Ok(_)) => Self::Small,
            _ => Self::Some,
        }
    }
}

/// Lengths of the tracer's lists.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    pub passed: usize,
    pub failed: usize,
    pub domains: usize,
}

/// Notes nothing.
#[derive(Debug, Default)]
pub(super) struct Untraced;

impl Tracer for Untraced {
    type Mark = ();
    const ACTIVE: bool = false;
}
