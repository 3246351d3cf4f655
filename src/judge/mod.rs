//! Judging: turns findings into one [`Verdict`].

mod verdict;

pub use verdict::{Counts, Disposition, Judged, Status, Verdict};
