//! Provenance: what an evaluation may note about where its values come from.
//!
//! The executor is generic over a [`Tracer`]. With [`Untraced`] every note is
//! nothing and costs nothing.

use super::super::Value;
use super::check::Asks;
use super::ir::At;

/// Why a value was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// It was gone through.
    Iterated,
    /// It was kept under a name.
    Bound,
    /// Something about it was asked.
    Tested,
}

/// What can be noted while a policy runs. A mark goes with each value.
pub(super) trait Tracer {
    /// What is known of a value's origin.
    type Mark: Copy + Default;
    /// Whether anything is noted at all.
    const ACTIVE: bool;

    /// The mark of the whole input.
    fn input(&mut self) -> Self::Mark;
    /// The mark of a part of a value, there or missing.
    fn child(&mut self, of: Self::Mark, key: &Value, found: bool) -> Self::Mark;
    /// As `child`, where a missing part has been given a default.
    fn fallback(&mut self, of: Self::Mark, path: &[Value], found: bool) -> Self::Mark;
    /// The mark of something computed from both.
    fn join(&mut self, one: Self::Mark, other: Self::Mark) -> Self::Mark;
    /// The same value, and besides what `other` depends on.
    fn with(&mut self, one: Self::Mark, other: Self::Mark) -> Self::Mark;
    /// The first mark, or the second where the first says nothing.
    fn or(&mut self, one: Self::Mark, other: Self::Mark) -> Self::Mark;
    /// A value, and what had to hold for it to come into a collection.
    fn item(&mut self, value: Self::Mark, passed: Self::Mark) -> Self::Mark;
    /// The mark of an index: whatever is asked of it, the element is not the fault.
    fn aside(&mut self, mark: Self::Mark) -> Self::Mark;
    /// What matters about the value is that something is not in it.
    fn lack(&mut self, mark: Self::Mark) -> Self::Mark;
    /// It is the size of the value that matters.
    fn count(&mut self, mark: Self::Mark) -> Self::Mark;
    /// A value tested for being small or absent, or the opposite.
    fn sized(&mut self, mark: Self::Mark, small: bool) -> Self::Mark;
    /// What is read in an exemption.
    fn exempt(&mut self, mark: Self::Mark) -> Self::Mark;
    /// A collection whose items have marks of their own, in order for an array.
    fn array(&mut self, whole: Self::Mark, items: Vec<Self::Mark>) -> Self::Mark;
    /// A set or object whose members have marks of their own.
    fn keyed(&mut self, whole: Self::Mark, items: Vec<(Value, Self::Mark)>) -> Self::Mark;
    /// The marks of the members of a set or object.
    fn members(&self, of: Self::Mark) -> Vec<(Value, Self::Mark)>;

    /// Forgets every statement: another rule is evaluated.
    fn restart(&mut self);
    /// Where the list of passed statements stands.
    fn level(&self) -> Level;
    /// Forgets the statements passed since `level`.
    fn rewind(&mut self, level: Level);
    /// A statement was passed.
    fn pass(&mut self, kind: FactKind, mark: Self::Mark);
    /// A value was asked for, and for nothing about it.
    fn pass_whole(&mut self, mark: Self::Mark);
    /// A statement failed.
    fn fail(&mut self, kind: FactKind, mark: Self::Mark);
    /// A collection is gone through.
    fn domain(&mut self, mark: Self::Mark);
    /// Everything passed since `level`.
    fn passed(&mut self, level: Level) -> Self::Mark;
    /// Everything failed since `level`; it is taken off the list.
    fn failed(&mut self, level: Level) -> Self::Mark;
    /// The collections gone through since `level`; they are taken off the list.
    fn domains(&mut self, level: Level) -> Self::Mark;
    /// Forgets what failed since `level`: something else succeeded.
    fn forgive(&mut self, level: Level);
    /// The bytes of all that is noted.
    fn size(&self) -> u64;
    /// An element of the rule that is traced.
    fn emit(&mut self, value: &Value, mark: Self::Mark, level: Level, at: At);

    /// Something was asked of a value; only explanations keep it.
    fn check(&mut self, _: Asks, _: (&Value, Self::Mark), _: (&Value, Self::Mark), _held: bool) {}
    /// A `not` begins or ends: what is asked counts the other way.
    fn negate(&mut self) {}
    /// A comprehension begins.
    fn gather(&mut self) {}
    /// A comprehension ends.
    fn gathered(&mut self) {}
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

    fn input(&mut self) {}
    fn child(&mut self, (): (), _: &Value, _: bool) {}
    fn fallback(&mut self, (): (), _: &[Value], _: bool) {}
    fn join(&mut self, (): (), (): ()) {}
    fn with(&mut self, (): (), (): ()) {}
    fn or(&mut self, (): (), (): ()) {}
    fn item(&mut self, (): (), (): ()) {}
    fn aside(&mut self, (): ()) {}
    fn lack(&mut self, (): ()) {}
    fn count(&mut self, (): ()) {}
    fn sized(&mut self, (): (), _: bool) {}
    fn exempt(&mut self, (): ()) {}
    fn array(&mut self, (): (), _: Vec<()>) {}
    fn keyed(&mut self, (): (), _: Vec<(Value, ())>) {}
    fn members(&self, (): ()) -> Vec<(Value, ())> {
        Vec::new()
    }
    fn restart(&mut self) {}
    fn level(&self) -> Level {
        Level::default()
    }
    fn rewind(&mut self, _: Level) {}
    fn pass(&mut self, _: FactKind, (): ()) {}
    fn pass_whole(&mut self, (): ()) {}
    fn fail(&mut self, _: FactKind, (): ()) {}
    fn domain(&mut self, (): ()) {}
    fn passed(&mut self, _: Level) {}
    fn failed(&mut self, _: Level) {}
    fn domains(&mut self, _: Level) {}
    fn forgive(&mut self, _: Level) {}
    fn size(&self) -> u64 {
        0
    }
    fn emit(&mut self, _: &Value, (): (), _: Level, _: At) {}
}
