//! From findings to the verdict.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::accept::{self, Trust};
use super::enforce;
use super::verdict::{Counts, Disposition, Judged, Status, Verdict};
use crate::finding::{Finding, Problem, ProblemCode, RuleInfo, Severity};
use crate::waiver::Waiver;

/// Everything a verdict rests on.
#[derive(Debug, Default)]
pub struct Case {
    /// Findings that stand.
    pub findings: Vec<Finding>,
    /// Findings that a policy's own exception exempts.
    pub exempt: Vec<Finding>,
    /// Problems and notices.
    pub problems: Vec<Problem>,
    /// What was seen.
    pub counts: Counts,
    /// Every rule of the run.
    pub rules: Vec<Arc<RuleInfo>>,
    /// Ids of rules that applied to nothing.
    pub idle_rules: Vec<String>,
    /// The waivers that were proven.
    pub waivers: Vec<Waiver>,
}

/// What the user decided beforehand.
#[derive(Debug, Clone, Default)]
pub struct Bench {
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Whether a run that found no input, or to which no rule applied, may pass.
    pub allow_empty: bool,
    /// The day of the run, `YYYY-MM-DD`.
    pub as_of: String,
    /// What else was decided: waivers' terms, thresholds, the baseline.
    pub trust: Trust,
}

/// Judges a case.
#[must_use]
pub fn judge(case: Case, bench: &Bench) -> Verdict {
    let Case { findings, exempt, mut problems, counts, mut rules, mut idle_rules, waivers } = case;
    if !bench.allow_empty {
        problems.extend(vacuous(&counts, &problems));
    }
    let accepted = accept::stand(findings, waivers, bench);
    problems.extend(accepted.problems);
    problems.extend(enforce::unmet(&bench.trust, &counts, rules.len(), idle_rules.len()));
    let exempted = exempt.into_iter().map(|finding| {
        let reason = "exempted by the policy's own `exception` rule".to_owned();
        Judged { finding, disposition: Disposition::Waived { reason, approver: String::new(), until: String::new() } }
    });
    let mut findings = accepted.findings;
    findings.extend(exempted);
    findings.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    problems.sort_by(|a, b| problem_key(a).cmp(&problem_key(b)));
    rules.sort_by(|a, b| (&a.id, &a.package).cmp(&(&b.id, &b.package)));
    rules.dedup();
    idle_rules.sort();
    idle_rules.dedup();
    let (status, reasons) = decide(&findings, &problems, accepted.reasons, bench);
    let as_of = bench.as_of.clone();
    Verdict {
        status,
        findings,
        problems,
        counts,
        rules,
        idle_rules,
        reasons,
        fail_on: bench.fail_on,
        as_of,
        waivers: accepted.waivers,
        next: None,
        basis: None,
        occasion: None,
    }
}

fn problem_key(problem: &Problem) -> (bool, &str, u32, ProblemCode, &str) {
    let start = problem.labels.first().map_or(0, |(span, _)| span.start);
    (problem.notice, &problem.file, start, problem.code, &problem.message)
}

/// The problems of a run that checked nothing: never a pass.
fn vacuous(counts: &Counts, problems: &[Problem]) -> Option<Problem> {
    let about = |code, message: &str, help: &str| Problem {
        code,
        notice: false,
        message: message.to_owned(),
        file: String::new(),
        source: None,
        labels: Vec::new(),
        help: help.to_owned(),
    };
    if counts.documents.values().sum::<usize>() == 0 {
        let known = problems.iter().any(|problem| !problem.notice);
        let message = if known { "no input could be checked" } else { "no input was found" };
        return Some(about(
            ProblemCode::NoInput,
            message,
            "name files or folders, or give `--allow-empty` if nothing to check is fine",
        ));
    }
    // A policy that cannot be loaded is why nothing was evaluated, and closes the gate by itself.
    let broken = problems.iter().any(|problem| !problem.notice && problem.code == ProblemCode::PolicyInvalid);
    (counts.evaluations == 0 && !broken).then(|| {
        let help = "give policies for these inputs with `--policy`, or `--allow-empty` if that is fine";
        about(ProblemCode::NoRule, "no rule applied to any input", help)
    })
}

fn decide(findings: &[Judged], problems: &[Problem], budgets: Vec<String>, bench: &Bench) -> (Status, Vec<String>) {
    let failing = findings.iter().filter(|judged| judged.disposition == Disposition::Failing).count();
    let mut by_code: BTreeMap<ProblemCode, Vec<&Problem>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| !problem.notice) {
        by_code.entry(problem.code).or_default().push(problem);
    }
    let mut reasons = Vec::new();
    if failing > 0 {
        let plain = bench.trust.enforce.is_empty() && bench.trust.budget.is_empty();
        let under =
            if plain { format!("at or above {}", bench.fail_on) } else { "that the thresholds block".to_owned() };
        reasons.push(format!("{} {under}", count(failing, "finding")));
    }
    reasons.extend(budgets);
    for (code, list) in &by_code {
        reasons.push(match (code, list.as_slice()) {
            (ProblemCode::NoInput | ProblemCode::NoRule, [only, ..]) => only.message.clone(),
            (_, list) => format!("{} ({})", count(list.len(), "problem"), code.name()),
        });
    }
    let failing = failing > 0 || by_code.contains_key(&ProblemCode::EvidenceFailed);
    let status = match (failing, by_code.is_empty()) {
        (false, true) => Status::Pass,
        (false, false) => Status::Undecided,
        _ => Status::Fail,
    };
    if reasons.is_empty() {
        reasons.push(format!("no finding at or above {}", bench.fail_on));
    }
    (status, reasons)
}

fn count(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}
