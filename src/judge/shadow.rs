//! What another bundle would decide of the same inputs, beside the verdict that counts.

use std::collections::{BTreeMap, BTreeSet};

use super::verdict::{Disposition, Judged, Status, Verdict};
use crate::basis::Digest;
use crate::finding::{Problem, ProblemCode};

/// What would change with other policies. It never touches the status of the run.
#[derive(Debug, Clone)]
pub struct Shadow {
    /// The policies as they were named.
    pub policies: Vec<String>,
    /// Their digest.
    pub digest: Digest,
    /// What they would decide.
    pub status: Status,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// How many rules there are.
    pub rules: usize,
    /// Ids of the rules that applied to no document, sorted.
    pub idle_rules: Vec<String>,
    /// Findings that would fail the gate and do not, sorted.
    pub blocks: Vec<Judged>,
    /// Findings that fail the gate and would not, sorted.
    pub frees: Vec<Judged>,
    /// How many findings fail the gate with both.
    pub both: usize,
    /// Problems that are not those of the run itself.
    pub problems: Vec<Problem>,
}

impl Shadow {
    /// What is not the same in `next`, the verdict of the policies called `policies`.
    #[must_use]
    pub fn between(now: &Verdict, next: Verdict, policies: Vec<String>, digest: Digest) -> Self {
        // So many findings of a fingerprint fail now and have not been met among those of `next`.
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        for finding in now.failing() {
            *left.entry(finding.fingerprint.clone()).or_default() += 1;
        }
        let mut both = 0;
        let mut blocks = Vec::new();
        for judged in next.findings.into_iter().filter(|judged| judged.disposition == Disposition::Failing) {
            match left.get_mut(&judged.finding.fingerprint).filter(|n| **n > 0) {
                Some(n) => {
                    *n -= 1;
                    both += 1;
                }
                None => blocks.push(judged),
            }
        }
        let mut frees = Vec::new();
        for judged in now.findings.iter().filter(|judged| judged.disposition == Disposition::Failing) {
            if let Some(n) = left.get_mut(&judged.finding.fingerprint).filter(|n| **n > 0) {
                *n -= 1;
                frees.push(judged.clone());
            }
        }
        let known: BTreeSet<_> = now.problems.iter().map(problem_key).collect();
        let problems = next.problems.into_iter().filter(|problem| !known.contains(&problem_key(problem))).collect();
        let (status, reasons, idle_rules, rules) = (next.status, next.reasons, next.idle_rules, next.rules.len());
        Self { policies, digest, status, reasons, rules, idle_rules, blocks, frees, both, problems }
    }
}

fn problem_key(problem: &Problem) -> (ProblemCode, bool, &str, &str) {
    (problem.code, problem.notice, &problem.file, &problem.message)
}
