//! Comparing: what differs between two verdicts, and what of it is due to what.
//!
//! In: two verdicts as their reports kept them ([`Past`]). Out: a [`Comparison`]
//! in which each finding of either stands in exactly one place: new, fixed,
//! moved or unchanged. Findings are matched by fingerprint, never by line.
//!
//! Nothing here opens a file.

mod change;
mod past;
mod text;

use std::collections::{BTreeMap, VecDeque};

use schemars::JsonSchema;
use serde::Serialize;

use change::Changes;

use crate::finding::Severity;
use crate::judge::Status;

pub use change::{Cause, Change, How, What};
pub use past::{MAX_SIZE, Past, PastFinding, PastProblem, ReadError, Recorded, read, read_record, run};

/// The version of the format.
const VERSION: u32 = 1;

/// What differs between two verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "regate comparison")]
pub struct Comparison {
    /// The version of this format: 1.
    pub version: u32,
    /// Whether the verdict is the same: status, findings with where they stand, problems.
    pub same: bool,
    /// The earlier verdict.
    pub before: Side,
    /// The later verdict.
    pub after: Side,
    /// Whether both say by digest what they rest on; else `changes` knows only of the tool and the day.
    pub digests: bool,
    /// What the verdicts rest on and is not the same, sorted.
    pub changes: Vec<Change>,
    /// Findings of the later verdict only.
    pub new: Vec<Compared>,
    /// Findings of the earlier verdict only.
    pub fixed: Vec<Compared>,
    /// Findings of both that stand elsewhere, or are of another severity.
    pub moved: Vec<Moved>,
    /// Findings of both that stand where they stood.
    pub unchanged: Vec<Compared>,
    /// Problems of the later verdict only.
    pub new_problems: Vec<ComparedProblem>,
    /// Problems of the earlier verdict only.
    pub gone_problems: Vec<ComparedProblem>,
}

/// One of two verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// What it decided.
    pub status: Status,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The day it is for.
    pub as_of: String,
    /// The version of the program.
    pub tool: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Compared {
    /// Its file.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1.
    pub column: u32,
    /// The rule's id.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands: `failing`, `minor`, `waived` or `known`.
    pub disposition: String,
    /// What the policy says.
    pub message: String,
    /// The resource it is about.
    pub resource: String,
    /// What it is known by.
    pub fingerprint: String,
    /// What it is due to; none for an unchanged one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// A finding that stands elsewhere than it did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Moved {
    /// The finding as it is.
    #[serde(flatten)]
    pub finding: Compared,
    /// Where it stood.
    pub was: String,
    /// How bad it was.
    pub severity_was: Severity,
}

/// A problem that closes the gate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ComparedProblem {
    /// The file it is about; may be empty.
    pub file: String,
    /// What sort of problem.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// The JSON Schema of a comparison.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Comparison).to_value()
}

/// Compares two verdicts.
#[must_use]
pub fn compare(before: &Past, after: &Past) -> Comparison {
    let changes = Changes::between(before, after);
    let (pairs, gone, new) = matched(&before.findings, &after.findings);
    let mut moved = Vec::new();
    let mut unchanged = Vec::new();
    for (old, now) in pairs {
        if old.disposition == now.disposition && old.severity == now.severity {
            unchanged.push(compared(now, None));
        } else {
            let cause = if old.severity == now.severity { Cause::Judging } else { changes.cause(now) };
            let (was, severity_was) = (old.disposition.clone(), old.severity);
            moved.push(Moved { finding: compared(now, Some(cause)), was, severity_was });
        }
    }
    let mut new: Vec<_> = new.into_iter().map(|found| compared(found, Some(changes.cause(found)))).collect();
    let mut fixed: Vec<_> = gone.into_iter().map(|found| compared(found, Some(changes.cause(found)))).collect();
    for list in [&mut new, &mut fixed, &mut unchanged] {
        list.sort();
    }
    moved.sort();
    let (gone_problems, new_problems) = (problems(before, after), problems(after, before));
    let same = before.status == after.status
        && [new.len(), fixed.len(), moved.len(), gone_problems.len(), new_problems.len()].iter().all(|n| *n == 0);
    Comparison {
        version: VERSION,
        same,
        before: side(before),
        after: side(after),
        digests: changes.digests,
        changes: changes.list,
        new,
        fixed,
        moved,
        unchanged,
        new_problems,
        gone_problems,
    }
}

/// Findings with one fingerprint in both, and those that are left of each side.
type Matched<'a> = (Vec<(&'a PastFinding, &'a PastFinding)>, Vec<&'a PastFinding>, Vec<&'a PastFinding>);

fn matched<'a>(before: &'a [PastFinding], after: &'a [PastFinding]) -> Matched<'a> {
    let mut groups: BTreeMap<&str, [Vec<&PastFinding>; 2]> = BTreeMap::new();
    for (findings, at) in [(before, 0), (after, 1)] {
        for finding in findings {
            let group = groups.entry(&finding.fingerprint).or_default();
            if let Some(list) = group.get_mut(at) {
                list.push(finding);
            }
        }
    }
    let (mut pairs, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for [old, now] in groups.into_values() {
        // Those that stand where they stood first, so that one more of a kind does not make all of them move.
        let mut alike: BTreeMap<(&str, Severity), VecDeque<&PastFinding>> = BTreeMap::new();
        for finding in now {
            alike.entry((&finding.disposition, finding.severity)).or_default().push_back(finding);
        }
        let mut left = Vec::new();
        for finding in old {
            let other = alike.get_mut(&(&finding.disposition, finding.severity)).and_then(VecDeque::pop_front);
            match other {
                Some(other) => pairs.push((finding, other)),
                None => left.push(finding),
            }
        }
        let mut now = alike.into_values().flatten();
        for finding in left {
            match now.next() {
                Some(other) => pairs.push((finding, other)),
                None => gone.push(finding),
            }
        }
        new.extend(now);
    }
    (pairs, gone, new)
}

fn compared(finding: &PastFinding, cause: Option<Cause>) -> Compared {
    Compared {
        file: finding.place.file.clone(),
        line: finding.place.start.line,
        column: finding.place.start.column,
        rule: finding.rule.clone(),
        severity: finding.severity,
        disposition: finding.disposition.clone(),
        message: finding.message.clone(),
        resource: finding.resource.clone(),
        fingerprint: finding.fingerprint.clone(),
        cause,
    }
}

/// The problems of `one` that close the gate and that `other` has not.
fn problems(one: &Past, other: &Past) -> Vec<ComparedProblem> {
    let mut left: BTreeMap<&PastProblem, usize> = BTreeMap::new();
    for problem in &other.problems {
        *left.entry(problem).or_default() += 1;
    }
    let mut only = Vec::new();
    for problem in one.problems.iter().filter(|problem| problem.level == "error") {
        match left.get_mut(problem) {
            Some(n) if *n > 0 => *n -= 1,
            _ => only.push(ComparedProblem {
                file: problem.file.clone(),
                code: problem.code.clone(),
                message: problem.message.clone(),
            }),
        }
    }
    only.sort();
    only
}

fn side(past: &Past) -> Side {
    Side {
        status: past.status,
        reasons: past.reasons.clone(),
        as_of: past.as_of.clone(),
        tool: past.tool.version.clone(),
    }
}

#[cfg(test)]
mod tests;
