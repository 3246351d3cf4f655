//! The Rego engine behind our own types: the one module that names `regorus`.

pub use regorus::Value;

pub mod exec;
