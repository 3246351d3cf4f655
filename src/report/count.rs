//! What a report says in numbers.

use std::collections::BTreeMap;

use crate::document::Kind;
use crate::finding::Severity;
use crate::judge::{Disposition, Judged, Status, Verdict};

/// The findings of a run, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that fail the gate.
    pub failing: usize,
    /// Those under the threshold.
    pub minor: usize,
    /// Those a waiver accepts.
    pub waived: usize,
    /// Those in the baseline.
    pub known: usize,
    /// Failing and minor ones by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Failing and minor ones by the kind of their document.
    pub by_kind: BTreeMap<Kind, usize>,
}

impl Tally {
    /// Counts the findings of `verdict`.
    pub fn of(verdict: &Verdict) -> Self {
        let mut tally = Self::default();
        for judged in &verdict.findings {
            match &judged.disposition {
                Disposition::Failing => tally.failing += 1,
                Disposition::Minor => tally.minor += 1,
                Disposition::Waived { .. } => tally.waived += 1,
                Disposition::Known => tally.known += 1,
            }
            if is_open(judged) {
                *tally.by_severity.entry(judged.finding.severity).or_default() += 1;
                *tally.by_kind.entry(judged.finding.kind).or_default() += 1;
            }
        }
        tally
    }
}

/// Whether nobody has accepted the finding yet: it fails or is minor.
pub fn is_open(judged: &Judged) -> bool {
    matches!(judged.disposition, Disposition::Failing | Disposition::Minor)
}

/// Where a finding stands, in one word.
pub fn disposition_name(disposition: &Disposition) -> &'static str {
    match disposition {
        Disposition::Failing => "failing",
        Disposition::Minor => "minor",
        Disposition::Waived { .. } => "waived",
        Disposition::Known => "known",
    }
}

/// Why nobody need look at the finding any more; none while it fails or is minor.
pub fn acceptance(disposition: &Disposition) -> Option<String> {
    match disposition {
        Disposition::Failing | Disposition::Minor => None,
        Disposition::Known => Some("known, not new".to_owned()),
        // A policy's own exception and a threshold that is `off` have no last day: the reason says it all.
        Disposition::Waived { reason, until, .. } if until.is_empty() => Some(reason.clone()),
        Disposition::Waived { reason, approver, until } if approver.is_empty() => {
            Some(format!("waived until {until}: {reason}"))
        }
        Disposition::Waived { reason, approver, until } => {
            Some(format!("waived until {until} by {approver}: {reason}"))
        }
    }
}

/// The verdict with its reasons: `FAIL: 2 findings at or above medium`.
pub fn headline(verdict: &Verdict) -> String {
    headline_of(verdict.status, &verdict.reasons)
}

/// A status with its reasons.
pub fn headline_of(status: Status, reasons: &[String]) -> String {
    let word = status.name().to_uppercase();
    match reasons {
        [] => word,
        reasons => format!("{word}: {}", super::text::visible(&reasons.join("; "))),
    }
}
