//! Which lines of the policies the tests reached.

use std::collections::BTreeMap;

use crate::engine::Spot;

/// The lines of all policies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By file; files of tests are left out.
    pub files: BTreeMap<String, FileCoverage>,
}

/// The lines of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Lines with an expression, and whether one of it was reached.
    pub lines: BTreeMap<u32, bool>,
}

impl Coverage {
    /// The lines of these statements.
    pub(super) fn of(statements: &[(Spot, bool)]) -> Self {
        let mut files: BTreeMap<String, FileCoverage> = BTreeMap::new();
        for (spot, reached) in statements {
            let name = spot.source.name();
            if name.ends_with("_test.rego") {
                continue;
            }
            let line = spot.source.position(spot.span.start).line;
            *files.entry(name.to_string()).or_default().lines.entry(line).or_default() |= reached;
        }
        Self { files }
    }

    /// How many lines there are, and how many were reached.
    #[must_use]
    pub fn total(&self) -> (usize, usize) {
        self.files.values().map(FileCoverage::count).fold((0, 0), |sum, file| (sum.0 + file.0, sum.1 + file.1))
    }
}

impl FileCoverage {
    /// How many lines there are, and how many were reached.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        (self.lines.len(), self.lines.values().filter(|reached| **reached).count())
    }

    /// The lines that were reached, or those that were not.
    pub fn which(&self, reached: bool) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().filter(move |(_, was)| **was == reached).map(|(line, _)| *line)
    }
}

/// Hundredths of a percent as OPA rounds them: two places.
pub(super) fn percent((all, reached): (usize, usize)) -> f64 {
    #[allow(clippy::cast_precision_loss)] // lines
    let share = if all == 0 { 0.0 } else { reached as f64 * 10_000.0 / all as f64 };
    share.round() / 100.0
}
