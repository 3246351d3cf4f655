//! The Rego engine behind our own types: the one module that names `regorus`.

pub mod builtins;
pub mod check;
pub mod error;
pub mod metadata;
pub mod prepass;
pub mod query;

pub use error::{Code, Level, PolicyError};
pub use regorus::Value;
