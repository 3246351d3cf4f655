//! What other policies would change, as `json` and `ndjson` write it.

use schemars::JsonSchema;
use serde::Serialize;

use super::locate::Locator;
use super::record::{FindingRecord, ProblemRecord};
use crate::basis::Digest;
use crate::judge::{Shadow, Status};

/// What the policies of `--policy-next` would decide, and what of it is not as it is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextRecord<'a> {
    /// The policies as they were named.
    pub policies: &'a [String],
    /// The digest of the policies and their data.
    pub digest: &'a Digest,
    /// What they would decide; the run's own `status` does not depend on it.
    pub status: Status,
    /// Why, a sentence each.
    pub reasons: &'a [String],
    /// How many rules they have.
    pub rules: usize,
    /// Ids of their rules that applied to no document, sorted.
    pub idle_rules: &'a [String],
    /// Findings that would fail the gate and do not.
    pub would_block: Vec<FindingRecord<'a>>,
    /// Findings that fail the gate and would not.
    pub would_pass: Vec<FindingRecord<'a>>,
    /// How many findings fail the gate with both.
    pub both: usize,
    /// Problems that are not those of the run itself.
    pub problems: Vec<ProblemRecord<'a>>,
}

impl<'a> NextRecord<'a> {
    /// The record of a shadow.
    pub fn of(shadow: &'a Shadow, locator: &Locator<'a>) -> Self {
        Self {
            policies: &shadow.policies,
            digest: &shadow.digest,
            status: shadow.status,
            reasons: &shadow.reasons,
            rules: shadow.rules,
            idle_rules: &shadow.idle_rules,
            would_block: shadow.blocks.iter().map(|judged| FindingRecord::of(judged, locator)).collect(),
            would_pass: shadow.frees.iter().map(|judged| FindingRecord::of(judged, locator)).collect(),
            both: shadow.both,
            problems: shadow.problems.iter().map(|problem| ProblemRecord::of(problem, locator)).collect(),
        }
    }
}
