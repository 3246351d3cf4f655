//! Where each finding stands: the threshold, then the waivers.

use super::Bench;
use super::verdict::{Disposition, Judged, WaiverUse};
use crate::finding::{Finding, Problem, Severity};
use crate::waiver::{Terms, Waiver};

/// What the user decided beforehand, besides the threshold.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// What a waiver must keep to.
    pub terms: Terms,
    /// Whether the run sees only a part of the inputs, so that an unused waiver says nothing.
    pub partial: bool,
}

/// Findings with their places.
pub(super) struct Accepted {
    pub findings: Vec<Judged>,
    pub waivers: Vec<WaiverUse>,
    pub problems: Vec<Problem>,
}

/// Gives each finding its place.
pub(super) fn stand(findings: Vec<Finding>, mut waivers: Vec<Waiver>, bench: &Bench) -> Accepted {
    // Sorted, so that the first waiver that covers a finding is the same in every order of files.
    waivers.sort_by(|a, b| waiver_key(a).cmp(&waiver_key(b)));
    let mut tally: Vec<Tally> = waivers.iter().map(|_| Tally::default()).collect();
    let findings = findings.into_iter().map(|finding| {
        let disposition = waived(&finding, &waivers, &mut tally, bench).unwrap_or_else(|| threshold(&finding, bench));
        Judged { finding, disposition }
    });
    let findings = findings.collect();
    let mut problems = Vec::new();
    for (waiver, tally) in waivers.iter().zip(&tally) {
        if let Some((severity, refusal)) = &tally.refused {
            let message = format!(
                "the waiver for {} does not apply to findings of severity {severity}: {refusal}",
                waiver.subject()
            );
            problems.push(waiver.problem(false, message, ""));
        } else if tally.uses == 0 && !bench.trust.partial {
            let message =
                format!("the waiver for {} was not used: nothing that it accepts was found", waiver.subject());
            problems.push(waiver.problem(true, message, "remove it, or mend its path and resource"));
        }
    }
    let uses = waivers.iter().zip(&tally).map(|(waiver, tally)| used(waiver, tally.uses)).collect();
    Accepted { findings, waivers: uses, problems }
}

#[derive(Default)]
struct Tally {
    uses: usize,
    /// The worst severity that it may not accept, and why.
    refused: Option<(Severity, String)>,
}

/// The first waiver that covers the finding and may.
fn waived(finding: &Finding, waivers: &[Waiver], tally: &mut [Tally], bench: &Bench) -> Option<Disposition> {
    let mut accepted = None;
    for (waiver, tally) in waivers.iter().zip(tally).filter(|(waiver, _)| waiver.covers(finding)) {
        match bench.trust.terms.refusal(waiver, finding.severity) {
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

fn threshold(finding: &Finding, bench: &Bench) -> Disposition {
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
