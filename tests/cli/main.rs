//! The binary as a user meets it: whole outputs and exit statuses.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bad_input;
mod bad_policy;
mod changed;
mod gate;
mod output;
mod parse;
mod policies;
mod rules;
