//! Checks: what a policy asked of its values, for `regate explain`.
//!
//! Kept only when asked for. A check knows whether it held, and in which sense
//! it counts: under `not` the policy wants what it asks for, elsewhere the
//! opposite, and in a comprehension nobody can tell.

use super::super::Value;
use super::ir::Cmp;
use crate::document::Path;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Whether there is a value and it is not `false`.
    Truth,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `left in right`
    In,
    /// A builtin that gives true or false, by its name.
    Builtin(&'static str),
}

impl From<Cmp> for Asks {
    fn from(op: Cmp) -> Self {
        match op {
            Cmp::Eq => Self::Equal,
            Cmp::Ne => Self::Unequal,
            Cmp::Lt => Self::Less,
            Cmp::Le => Self::AtMost,
            Cmp::Gt => Self::More,
            Cmp::Ge => Self::AtLeast,
        }
    }
}

/// What it means for the rule that a check holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// It takes the rule one step nearer to a finding.
    Accuses,
    /// It spares: the check stands under a `not`.
    Spares,
    /// It only gathers values, in a comprehension.
    Gathers,
}

/// How an operand comes from the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is a part of it.
    Part,
    /// It counts what is in a part of it.
    Count,
    /// It is made of a part of it: `lower(x)`, `x * 2`.
    Made,
}

/// One side of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Its value; undefined where nothing is.
    pub value: Value,
    /// Where it comes from; none for what the policy itself says.
    pub from: Option<(Path, Origin)>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub asks: Asks,
    /// Of what.
    pub left: Operand,
    /// Compared with what; a second undefined value where nothing is compared.
    pub right: Operand,
    /// Whether it held.
    pub held: bool,
    /// What that means.
    pub sense: Sense,
}

/// Builtins that ask something of their first argument, the second being what is looked for.
const ASKING: [&str; 10] = [
    "contains",
    "endswith",
    "glob.match",
    "net.cidr_contains",
    "re_match",
    "regex.match",
    "startswith",
    "strings.any_prefix_match",
    "strings.any_suffix_match",
    "object.subset",
];

/// The name of a builtin that asks, for as long as the program lives.
pub(super) fn asking(name: &str) -> Option<&'static str> {
    ASKING.into_iter().find(|known| *known == name)
}
