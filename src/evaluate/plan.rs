//! Findings of Terraform plans, put where their author can mend them: in the `.tf` files of the run.

use super::fingerprint::fingerprint;
use crate::document::{Document, Kind};
use crate::finding::{Finding, Located, Place};
use crate::terraform::PlanIndex;

/// Moves each finding in a plan to the block or attribute it comes from, if that
/// is among `documents`; its place in the plan becomes a related one.
pub fn map_plans(findings: &mut [Finding], documents: &[Document]) {
    let planned = findings.iter().any(|finding| finding.kind == Kind::TerraformPlan);
    if !planned || !documents.iter().any(|document| document.kind == Kind::Terraform) {
        return;
    }
    let index = PlanIndex::new(documents);
    for finding in findings.iter_mut().filter(|finding| finding.kind == Kind::TerraformPlan) {
        let own = |document: &&Document| {
            document.source.name() == finding.place.source.name() && document.index == finding.document
        };
        let Some(plan) = documents.iter().find(own) else { continue };
        let Some(found) = index.locate(&plan.value, &finding.place.path) else { continue };
        let label = std::mem::take(&mut finding.place.label);
        let written = Place { source: found.source, span: found.span, path: found.path, label };
        let mut planned = std::mem::replace(&mut finding.place, written);
        "in the plan".clone_into(&mut planned.label);
        finding.related.insert(0, planned);
        finding.fingerprint = fingerprint(&finding.facts, finding.place.source.key());
        if !found.exact && finding.located == Located::Exact {
            finding.located = Located::Approximate;
        }
    }
}
