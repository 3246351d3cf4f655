//! Judging: turns findings into one [`Verdict`].
//!
//! In: the findings and problems of a run, what was seen, the thresholds, the day.
//! Out: a verdict in which each finding stands in exactly one place.
//!
//! Nothing here opens a file, reads a clock or knows a report format, so the
//! same findings get the same verdict on every machine and in every format.

mod accept;
mod enforce;
mod judging;
mod shadow;
mod verdict;

pub use accept::Trust;
pub use enforce::{Enforce, unknown as unknown_thresholds};
pub use judging::{Bench, Case, judge};
pub use shadow::Shadow;
pub use verdict::{Counts, Disposition, Judged, Status, Verdict, WaiverUse};

#[cfg(test)]
mod tests;
