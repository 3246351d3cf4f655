//! The Rego engine behind our own types: the one module that names `regorus`.

pub mod builtins;

pub use regorus::Value;
