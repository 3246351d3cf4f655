//! Settings: `regate.yaml`, the environment and the flags, resolved into one.
//!
//! In: the file found upward to the repository's root, `REGATE_*` variables,
//! the flags. Out: [`Settings`], each value with where it is from. What was
//! typed ([`RawSettings`]) and what it means are two types; an unknown key is
//! an error with its place and the key that was probably meant.

mod file;
mod resolve;
mod trust;

pub use file::{RawLimits, RawSettings, SETTINGS_FILE, SettingsError, find, parse, place};
pub use resolve::{Origin, Picked, Settings, resolve};
pub use trust::{Approval, Commit, Covers, Level, RawBudget, RawEnforce, RawEvidence, Term, Unmet, Waivable};
