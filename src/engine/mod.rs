//! The Rego engine behind our own types: the one module that names `regorus`.
//!
//! In: the texts of policies, their data, an input value.
//! Out: the value of a rule, or a typed error in the author's own lines.
//!
//! Nothing here opens a file, and a policy reaches the network, the clock or
//! the environment only where [`builtins::Context`] grants it.

pub mod builtins;
pub mod check;
pub mod error;
pub mod exec;
mod loaded;
pub mod metadata;
mod number;
pub mod parse;
pub mod prepass;
pub mod query;
mod test;

pub use builtins::{Hooks, show};
pub use error::{Code, EvalError, Level, PolicyError};
pub use exec::{Order, Outcome, Trace, Why};
pub use loaded::{Engine, RuleHead, Session};
pub use regorus::Value;
pub use test::{Spot, Stopped, Test, Tested};

use std::time::Duration;

/// The text of one policy file under the name its author knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleText {
    /// The file as the user knows it.
    pub name: String,
    /// The Rego source as written.
    pub text: String,
}

/// What one evaluation of one rule may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall time for one rule on one document.
    pub time: Duration,
    /// Steps of work: unlike time they are the same on every machine.
    pub steps: u64,
    /// Bytes of the values that it makes.
    pub memory: u64,
    /// Rules, functions and loops within each other.
    pub depth: u32,
    /// Items of a range that a builtin makes.
    pub items: usize,
    /// Bytes of a text that a builtin makes.
    pub text: usize,
    /// Bytes of a compiled regular expression.
    pub regex: usize,
    /// Brackets of a policy's text that are open at once.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            steps: 200_000_000,
            memory: 512 << 20,
            depth: 20_000,
            items: 1_000_000,
            text: 16 << 20,
            regex: 10 << 20,
            nesting: 128,
        }
    }
}
