//! Reporting: shows a verdict in one of several formats.

use std::io::{self, Write};

use crate::judge::Verdict;

/// Shows a verdict in one format.
///
/// A report reads the verdict and never changes it: the exit status is settled
/// before the first byte is written, so no format can turn a failure into a
/// pass. Findings arrive sorted; a report keeps their order.
pub trait Report {
    /// Writes the whole run to `out`.
    ///
    /// # Errors
    /// When `out` can't be written to.
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()>;
}
