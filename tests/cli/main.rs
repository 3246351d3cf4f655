//! The binary as a user meets it: whole outputs and exit statuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::semicolon_if_nothing_returned,
    missing_docs
)]

mod bad_input;
mod bad_policy;
mod changed;
mod combine;
mod explain;
mod gate;
mod grants;
mod output;
mod parse;
mod policies;
mod records;
mod rules;
mod stated;
