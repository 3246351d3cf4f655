//! The executor's own form of a policy: variables are slots, names are resolved,
//! and whatever can have several values is a statement of its own.
//!
//! An [`Expr`] has one value or none. Iteration (`input.items[_]`, `some x in …`,
//! `walk`) is lifted out into [`Op::Each`] and its kin, so that a body is a plain
//! list of nested loops and tests.

use std::sync::Arc;

use super::super::Value;
use crate::source::Span;

/// A variable of a rule, numbered within its frame.
pub(super) type Slot = u32;
/// A rule or function, all of its clauses together.
pub(super) type RuleId = u32;
/// A builtin in the program's table.
pub(super) type BuiltinId = u32;

/// A place in one of the modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// The module's number in the order given to `compile`.
    pub module: u32,
    /// The bytes in its text.
    pub span: Span,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    Builtin(BuiltinId),
    Rule(RuleId),
}

/// Arithmetic and set operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arith {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Something with one value or none.
#[derive(Debug)]
pub(super) enum Expr {
    Const(Value),
    Slot(Slot),
    Input,
    /// Base data that no rule can define, from the root of `data`.
    Data,
    Rule(RuleId),
    /// `base[key][key]…`
    Ref(Box<Expr>, Vec<Expr>),
    /// A walk down `data` where rules and base data lie mixed.
    Tree(Vec<Expr>),
    Array(Vec<Expr>),
    Set(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    ArrayCompr(Box<Compr>),
    SetCompr(Box<Compr>),
    ObjectCompr(Box<Compr>),
    Call(Callee, Vec<Expr>, At),
    Arith(Arith, Box<(Expr, Expr)>, At),
    Cmp(Cmp, Box<(Expr, Expr)>),
    /// `key, value in collection`, `value in collection`.
    In(Option<Box<Expr>>, Box<(Expr, Expr)>),
}

/// A comprehension's body and what it collects.
#[derive(Debug)]
pub(super) struct Compr {
    pub block: Block,
    /// The key of an object comprehension.
    pub key: Option<Expr>,
    pub value: Expr,
    pub at: At,
}

/// What a value is matched against.
#[derive(Debug)]
pub(super) enum Pattern {
    Any,
    Bind(Slot),
    Equal(Expr),
    Array(Vec<Pattern>),
    Object(Vec<(Expr, Pattern)>),
}

/// Statements in the order of evaluation.
pub(super) type Block = Vec<Stmt>;

/// One statement.
#[derive(Debug)]
pub(super) struct Stmt {
    pub op: Op,
    pub at: At,
}

/// What a statement does.
#[derive(Debug)]
pub(super) enum Op {
    /// Goes on if the value is there and not `false`.
    Test(Expr),
    /// Goes on if there is a value; keeps it.
    Assign(Slot, Expr),
    /// Goes on if there is a value and it matches.
    Match(Pattern, Expr),
    /// Goes on once for each element whose key and value match.
    Each(Expr, Pattern, Pattern),
    /// Goes on once for each key below a place in the tree of rules and data.
    EachKey(Vec<Expr>, Pattern),
    /// Goes on once for each node of a value: its path and itself.
    Walk(Expr, Pattern),
    /// Goes on if the block has no solution.
    Not(Block),
    /// Goes on if the block has a solution for each element.
    Every(Expr, Option<Slot>, Slot, Block),
    /// Goes on for each solution that the block has under the changes.
    With(Vec<(Target, Expr)>, Block),
}

/// What a `with` changes.
#[derive(Debug)]
pub(super) enum Target {
    Input(Vec<Value>),
    /// A path in `data`, and the rules that lie at it or below it.
    Data(Vec<Value>, Vec<RuleId>),
    /// A function is replaced by another, or by the value.
    Call(Callee, Option<Callee>),
}

/// How the clauses of a rule come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleKind {
    /// One value.
    Complete,
    /// A set of all values.
    Set,
    /// An object, grown at the keys of each clause.
    Object,
    /// One value for given arguments.
    Function,
}

/// A rule or function.
#[derive(Debug)]
pub(super) struct Rule {
    pub path: Vec<Arc<str>>,
    pub kind: RuleKind,
    pub clauses: Vec<Clause>,
    pub default: Option<Clause>,
    pub arity: usize,
    /// Its name sounds like an exemption: what it reads is seldom the fault.
    pub exempts: bool,
    pub at: At,
}

/// One `head if body`.
#[derive(Debug)]
pub(super) struct Clause {
    pub slots: usize,
    pub args: Vec<Pattern>,
    pub block: Block,
    /// Keys of an object rule.
    pub keys: Vec<Expr>,
    pub value: Expr,
    /// The value goes into a set at the keys.
    pub contains: bool,
    pub otherwise: Option<Box<Clause>>,
    pub at: At,
}

/// A node of the tree of packages and rules under `data`.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub children: std::collections::BTreeMap<Arc<str>, usize>,
    pub rule: Option<RuleId>,
}
