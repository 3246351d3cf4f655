//! The verdict: what the run decides, with its reasons.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::shadow::Shadow;
use crate::basis::{Basis, Occasion};
use crate::document::Kind;
use crate::finding::{Finding, Problem, RuleInfo, Severity};

/// What the run decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything was checked and nothing fails.
    Pass,
    /// Something could not be checked: not a pass.
    Undecided,
    /// At least one finding fails the gate.
    Fail,
}

impl Status {
    /// The process's exit status: 0 pass, 1 fail, 2 undecided.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Undecided => 2,
        }
    }

    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undecided => "undecided",
        }
    }
}

/// Where a finding stands: each in exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// It fails the gate.
    Failing,
    /// It is under the threshold: a warning.
    Minor,
    /// A waiver accepts it; the waiver's reason, approver and last day, for the reports.
    Waived {
        /// Why it is accepted.
        reason: String,
        /// Who approved it.
        approver: String,
        /// The last day, `YYYY-MM-DD`.
        until: String,
    },
    /// It is not new: in the baseline, or in a resource that has not changed.
    Known,
}

/// A finding and where it stands.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Where it stands.
    pub disposition: Disposition,
}

/// What was seen, so that a pass is never vacuous.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that were read.
    pub files: usize,
    /// Documents by kind.
    pub documents: BTreeMap<Kind, usize>,
    /// Documents by kind that no rule of the run is for.
    pub unruled: BTreeMap<Kind, usize>,
    /// Files left out by ignore rules.
    pub ignored: usize,
    /// Files of no format that can be read.
    pub skipped: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Pairs of a rule and a document that were evaluated.
    pub evaluations: usize,
}

/// What a run decides, with its reasons. Reports read it and never change it.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Pass, fail or undecided.
    pub status: Status,
    /// Every finding, sorted by file, place, rule, message.
    pub findings: Vec<Judged>,
    /// Problems that close the gate and notices that do not, sorted by file and place.
    pub problems: Vec<Problem>,
    /// What was seen.
    pub counts: Counts,
    /// Every rule of the run, sorted by id.
    pub rules: Vec<Arc<RuleInfo>>,
    /// Ids of the rules that applied to no document, sorted.
    pub idle_rules: Vec<String>,
    /// Why the status is what it is, a sentence each: "2 findings at or above medium".
    pub reasons: Vec<String>,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// The day the run is for, `YYYY-MM-DD`.
    pub as_of: String,
    /// Every waiver that holds, with how many findings it accepted, sorted by file and place.
    pub waivers: Vec<WaiverUse>,
    /// What the policies of `--policy-next` would change; it is no part of the status.
    pub next: Option<Shadow>,
    /// What it rests on, by digest, when that was asked for.
    pub basis: Option<Basis>,
    /// How the run was started, when that was asked for.
    pub occasion: Option<Occasion>,
}

/// A waiver that holds, and what it accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct WaiverUse {
    /// The waivers file, or the input with the comment.
    pub file: String,
    /// Its line there, from 1.
    pub line: u32,
    /// What it is for: "`k8s-node-port` in `deploy/*`".
    pub subject: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approver: String,
    /// Where it is discussed.
    pub ticket: String,
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
    /// How many findings it accepted.
    pub uses: usize,
}

impl Verdict {
    /// The findings that fail the gate.
    pub fn failing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|judged| judged.disposition == Disposition::Failing).map(|judged| &judged.finding)
    }
}
