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

mod approval;
mod bad_input;
mod bad_policy;
mod baseline;
mod beside;
mod changed;
mod combine;
mod evidence;
mod explain;
mod gate;
mod grants;
mod output;
mod parse;
mod policies;
mod policy_test;
mod records;
mod render;
mod rules;
mod stated;
mod waivers;
