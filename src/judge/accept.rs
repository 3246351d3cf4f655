//! Where each finding stands: the threshold, then the waivers.

use std::collections::BTreeMap;

use super::Bench;
use super::enforce::{self, Enforce};
use super::verdict::{Disposition, Judged, WaiverUse};
use crate::baseline::Baseline;
use crate::document::Kind;
use crate::finding::{Finding, Problem, ProblemCode, Severity};
use crate::waiver::{Terms, Waiver};

/// What the user decided beforehand, besides the threshold.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// What a waiver must keep to.
    pub terms: Terms,
    /// Whether the run sees only a part of the inputs, so that an unused waiver says nothing.
    pub partial: bool,
    /// Thresholds; of those that mean a finding the last counts.
    pub enforce: Vec<Enforce>,
    /// How many findings of a severity are borne.
    pub budget: BTreeMap<Severity, usize>,
    /// The findings known on a day.
    pub baseline: Option<Baseline>,
    /// How many documents of a kind there must be.
    pub require: BTreeMap<Kind, usize>,
    /// How many rules must have applied.
    pub require_rules: usize,
}

/// Findings with their places.
pub(super) struct Accepted {
    pub findings: Vec<Judged>,
    pub waivers: Vec<WaiverUse>,
    pub problems: Vec<Problem>,
    pub reasons: Vec<String>,
}

/// Gives each finding its place.
pub(super) fn stand(mut findings: Vec<Finding>, mut waivers: Vec<Waiver>, bench: &Bench) -> Accepted {
    // Sorted, so that the first waiver that covers a finding is the same in every order of files.
    waivers.sort_by(|a, b| waiver_key(a).cmp(&waiver_key(b)));
    let mut tally: Vec<Tally> = waivers.iter().map(|_| Tally::default()).collect();
    // In one order, so that a baseline with one of two equal findings always knows the same one.
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut matched = bench.trust.baseline.as_ref().map(Baseline::matcher);
    let mut budgeted: BTreeMap<Severity, Vec<usize>> = BTreeMap::new();
    let mut judged = Vec::with_capacity(findings.len());
    for finding in findings {
        let rule = enforce::last(&bench.trust.enforce, &finding, &bench.as_of);
        let waived = waived(&finding, &waivers, &mut tally, rule, bench);
        let known = matched.as_mut().is_some_and(|matcher| matcher.take(&finding)) || finding.untouched;
        let disposition = match (waived, known) {
            (Some(waived), _) => waived,
            (None, true) => Disposition::Known,
            (None, false) => threshold(&finding, rule, bench),
        };
        let open = matches!(disposition, Disposition::Failing | Disposition::Minor);
        if open && rule.is_none() && bench.trust.budget.contains_key(&finding.severity) {
            budgeted.entry(finding.severity).or_default().push(judged.len());
        }
        judged.push(Judged { finding, disposition });
    }
    let mut problems = Vec::new();
    let mut reasons = Vec::new();
    for (severity, places) in budgeted {
        let max = bench.trust.budget.get(&severity).copied().unwrap_or(0);
        let over = places.len() > max;
        if over {
            reasons.push(format!("{} findings of severity {severity}, and the budget is {max}", places.len()));
        }
        for place in places {
            if let Some(judged) = judged.get_mut(place) {
                judged.disposition = if over { Disposition::Failing } else { Disposition::Minor };
            }
        }
    }
    if let (Some(matcher), Some(baseline)) = (matched, &bench.trust.baseline) {
        problems.extend(baseline.remarks(&matcher, bench.trust.partial));
    }
    let findings = judged;
    for (waiver, tally) in waivers.iter().zip(&tally) {
        if let Some((severity, refusal)) = &tally.refused {
            let message = format!(
                "the waiver for {} does not apply to findings of severity {severity}: {refusal}",
                waiver.subject()
            );
            problems.push(Problem { code: ProblemCode::WaiverRefused, ..waiver.problem(false, message, "") });
        } else if tally.uses == 0 && !bench.trust.partial {
            let message =
                format!("the waiver for {} was not used: nothing that it accepts was found", waiver.subject());
            problems.push(waiver.problem(true, message, "remove it, or mend its path and resource"));
        }
    }
    // One that may accept nothing of what it covers does not hold.
    let holds = waivers.iter().zip(&tally).filter(|(_, tally)| tally.uses > 0 || tally.refused.is_none());
    let uses = holds.map(|(waiver, tally)| used(waiver, tally.uses)).collect();
    Accepted { findings, waivers: uses, problems, reasons }
}

#[derive(Default)]
struct Tally {
    uses: usize,
    /// The worst severity that it may not accept, and why.
    refused: Option<(Severity, String)>,
}

/// The first waiver that covers the finding and may.
fn waived(
    finding: &Finding,
    waivers: &[Waiver],
    tally: &mut [Tally],
    rule: Option<&Enforce>,
    bench: &Bench,
) -> Option<Disposition> {
    let mut accepted = None;
    for (waiver, tally) in waivers.iter().zip(tally).filter(|(waiver, _)| waiver.covers(finding)) {
        match enforce::refusal(rule, waiver).or_else(|| bench.trust.terms.refusal(waiver, finding.severity)) {
            Some(refusal) => tally.refused = tally.refused.take().max(Some((finding.severity, refusal))),
            None => {
                tally.uses += 1;
                accepted.get_or_insert_with(|| Disposition::Waived {
                    reason: waiver.reason.clone(),
                    approver: waiver.approver.clone(),
                    until: waiver.expires.to_string(),
                });
            }
        }
    }
    accepted
}

fn threshold(finding: &Finding, rule: Option<&Enforce>, bench: &Bench) -> Disposition {
    if let Some(rule) = rule {
        return rule.disposition(&bench.as_of);
    }
    if finding.severity >= bench.fail_on { Disposition::Failing } else { Disposition::Minor }
}

fn waiver_key(waiver: &Waiver) -> (&str, u32, u32) {
    (waiver.source.name(), waiver.span.start, waiver.span.end)
}

fn used(waiver: &Waiver, uses: usize) -> WaiverUse {
    WaiverUse {
        file: waiver.source.name().to_string(),
        line: waiver.source.position(waiver.span.start).line,
        subject: waiver.subject(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        approver: waiver.approver.clone(),
        ticket: waiver.ticket.clone(),
        until: waiver.expires.to_string(),
        uses,
    }
}
