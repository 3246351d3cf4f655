//! `--changed --new-only`: which findings are in resources of which no line has changed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::document::{Document, Kind, Step, resource_root};
use crate::finding::Finding;
use crate::git::Lines;
use crate::source::{Source, Span};

/// Marks the findings whose resource is as it was. A text that is no file, such as what helm
/// rendered, has no lines that git knows: there everything counts as changed.
pub fn mark(findings: &mut [Finding], documents: &[Document], lines: &BTreeMap<PathBuf, Lines>) {
    let mut paths: HashMap<Arc<str>, Option<PathBuf>> = HashMap::new();
    for finding in findings {
        let source = &finding.place.source;
        let path =
            paths.entry(source.name().clone()).or_insert_with(|| fs::canonicalize(Path::new(&**source.name())).ok());
        let Some(path) = path else { continue };
        let Some(changed) = lines.get(path.as_path()) else {
            finding.untouched = true;
            continue;
        };
        // The place of a finding in a plan is in a `.tf` file, whose documents have other numbers.
        let own = |document: &&Document| {
            document.source.name() == source.name()
                && (document.index == finding.document || document.kind != finding.kind)
        };
        let Some(document) = documents.iter().find(own) else { continue };
        let spans = region(document, finding);
        finding.untouched = !spans.iter().any(|span| touches(source, *span, changed));
    }
}

fn touches(source: &Source, span: Span, changed: &Lines) -> bool {
    let last = source.position(span.end.saturating_sub(1).max(span.start)).line;
    changed.touch(source.position(span.start).line, last)
}

/// Where the resource of a finding stands: itself, and what it takes from elsewhere (anchors, defaults).
fn region(document: &Document, finding: &Finding) -> Vec<Span> {
    let root = resource_root(document.kind, &document.value, &finding.place.path);
    let stage = |at: usize| {
        let instruction = Step::Index(at).get(&document.value)?;
        Step::from("Stage").get(instruction).cloned()
    };
    let own_stage = match (document.kind, finding.place.path.0.first()) {
        (Kind::Dockerfile, Some(Step::Index(at))) => stage(*at),
        _ => None,
    };
    let maps = [Some(&document.spans), document.resolved.as_ref().map(|resolved| &resolved.spans)];
    let mut whole: Option<Span> = None;
    let mut all = Vec::new();
    for (path, found) in maps.into_iter().flatten().flat_map(|spans| spans.paths()) {
        if !path.0.starts_with(&root.0) {
            continue;
        }
        if let (Some(own), Some(Step::Index(at))) = (&own_stage, path.0.first()) {
            if stage(*at).as_ref() != Some(own) {
                continue;
            }
        } else if own_stage.is_some() {
            continue;
        }
        for span in [found.key, Some(found.value)].into_iter().flatten().filter(|span| !span.is_empty()) {
            let old = whole.unwrap_or(span);
            whole = Some(Span { start: old.start.min(span.start), end: old.end.max(span.end) });
        }
        all.extend(found.anchor);
    }
    all.extend(whole);
    all.push(finding.place.span);
    all
}
