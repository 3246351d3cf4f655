//! What a run rests on, by digest.

use super::Request;
use super::decide::Loaded;
use crate::basis::{Basis, Digested, EvidenceBasis};
use crate::document::Document;
use crate::policy::reach;

/// The basis of a run, when the request asks for one.
///
/// `inputs` are the texts that were read; of the policies those that were loaded.
pub fn basis(request: &Request, mut inputs: Vec<Digested>, documents: &[Document], policies: &Loaded) -> Option<Basis> {
    let mut basis = request.basis.clone()?;
    inputs.sort();
    let mut evidence: Vec<EvidenceBasis> = documents
        .iter()
        .filter(|document| request.evidence.iter().any(|need| need.kind == document.kind))
        .filter_map(|document| {
            let file = document.source.name().to_string();
            let found = inputs.binary_search_by(|input| input.file.as_str().cmp(&file)).ok()?;
            let digest = inputs.get(found)?.digest.clone();
            Some(EvidenceBasis { kind: document.kind.name().to_owned(), file, digest })
        })
        .collect();
    evidence.sort();
    evidence.dedup();
    basis.evidence = evidence;
    basis.inputs = inputs;
    basis.bundle = policies.sources.basis();
    basis.bundle.rules = reach(&policies.sources, &policies.policies.rules);
    basis.waivers = request.waivers.iter().map(|file| Digested::new(&**file.name(), &**file.text())).collect();
    Some(basis)
}
