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
pub mod prepass;
pub mod query;

pub use error::{Code, EvalError, Level, PolicyError};
pub use exec::Trace;
pub use loaded::{Engine, RuleHead};
pub use regorus::Value;

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
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10) }
    }
}
