//! regate: a policy-as-code gate for delivery pipelines.
//!
//! ```text
//! discover: paths → Input │ parse: Input → Document │ evaluate: Document → Finding
//! judge: Findings → Verdict │ report: Verdict → bytes
//! ```

pub mod baseline;
pub mod basis;
pub mod cli;
pub mod compare;
pub mod discover;
pub mod document;
pub mod engine;
pub mod evaluate;
pub mod evidence;
pub mod finding;
pub mod gate;
pub mod git;
pub mod home;
pub mod judge;
pub mod locate;
pub mod parse;
pub mod policy;
pub mod policy_test;
pub mod report;
pub mod settings;
pub mod source;
pub mod terraform;
pub mod waiver;
