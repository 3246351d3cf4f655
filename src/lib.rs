//! regate: a policy-as-code gate for delivery pipelines.
//!
//! ```text
//! discover: paths → Input │ parse: Input → Document │ evaluate: Document → Finding
//! judge: Findings → Verdict │ report: Verdict → bytes
//! ```

pub mod document;
pub mod engine;
pub mod finding;
pub mod judge;
pub mod locate;
pub mod parse;
pub mod report;
pub mod source;
