//! From what a rule emitted to findings at their places.
//!
//! A place that the policy gives (`at`, `_loc`) wins. Otherwise the rule is
//! evaluated once more, traced, and each finding stands where its conditions
//! read what made it. A fault of the trace costs the place, never the finding:
//! then it stands at the resource's name.

use std::cell::Cell;

use super::fingerprint::{facts, fingerprint};
use super::result::{At, Emitted};
use crate::document::{Document, Path, Spans, Step, resource_at, resource_name};
use crate::engine::{Engine, Trace, Value};
use crate::finding::{Finding, Located, Place, Problem, ProblemCode, Resource};
use crate::locate::{Spot, locate};
use crate::policy::{PolicyRule, View};
use crate::source::Span;

/// Values that all removal checks of one rule on one document may visit together: on a
/// manifest that is as many checks as anybody wants, on a large report none but the first.
const CHECKED_VALUES: usize = 200_000;

/// The findings of one rule on one document.
pub fn place(
    engine: &Engine,
    rule: &PolicyRule,
    document: &Document,
    emitted: Vec<Emitted>,
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    let (value, spans) = shown(document, rule);
    let spots = Spots::new(engine, rule, value, spans.len(), &emitted);
    let mut found = Vec::new();
    for item in emitted {
        let mut traced = spots.of(engine, rule, value, &item);
        if traced.is_empty() {
            found.push(finding(rule, document, item, None, problems));
            continue;
        }
        traced.dedup_by(|a, b| a.spot.path == b.spot.path && a.spot.missing == b.spot.missing);
        for spot in traced {
            found.push(finding(rule, document, item.clone(), Some(spot), problems));
        }
    }
    found
}

/// The findings of a rule over all documents: paths start with the number of
/// the document and, if they go on, `contents`.
pub fn place_among(
    engine: &Engine,
    rule: &PolicyRule,
    input: &Value,
    documents: &[&Document],
    emitted: Vec<Emitted>,
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    let nodes = documents.iter().map(|document| document.spans.len()).sum();
    let spots = Spots::new(engine, rule, input, nodes, &emitted);
    let mut found = Vec::new();
    for mut item in emitted {
        if let Some(At::Path(path)) = &mut item.at {
            let document = take_document(path, documents);
            if let Some(document) = document.or(documents.first().copied()) {
                found.push(finding(rule, document, item, None, problems));
            }
            continue;
        }
        let traced = spots.of(engine, rule, input, &item);
        if traced.is_empty() {
            found.extend(documents.first().map(|document| finding(rule, document, item.clone(), None, problems)));
        }
        for mut traced in traced {
            let Some(document) = take_document(&mut traced.spot.path, documents).or(documents.first().copied()) else {
                continue;
            };
            traced.spot.related.retain_mut(|(path, _)| {
                take_document(path, documents).is_some_and(|other| std::ptr::eq(other, document))
            });
            found.push(finding(rule, document, item.clone(), Some(traced), problems));
        }
    }
    found
}

/// The document that the head of `path` names; the head is taken off.
fn take_document<'a>(path: &mut Path, documents: &[&'a Document]) -> Option<&'a Document> {
    let Some(Step::Index(at)) = path.0.first() else { return None };
    let document = documents.get(*at).copied();
    path.0.drain(..path.0.len().min(2));
    document
}

/// Where one traced finding is, and the policy's line that emitted it.
struct Traced {
    spot: Spot,
    line: Option<u32>,
}

/// What the trace of a rule knows of its findings.
struct Spots {
    trace: Trace,
    checks: Cell<usize>,
}

impl Spots {
    fn new(engine: &Engine, rule: &PolicyRule, input: &Value, nodes: usize, emitted: &[Emitted]) -> Self {
        let wanted = emitted.iter().any(|item| item.at.is_none() && item.loc.is_none());
        let trace = if wanted {
            engine.trace(&rule.path, input).map(|(_, trace)| trace).unwrap_or_default()
        } else {
            Trace::default()
        };
        Self { trace, checks: Cell::new(CHECKED_VALUES / nodes.max(1)) }
    }

    fn of(&self, engine: &Engine, rule: &PolicyRule, input: &Value, item: &Emitted) -> Vec<Traced> {
        if item.at.is_some() || item.loc.is_some() {
            return Vec::new();
        }
        let own = self.trace.findings.iter().filter(|traced| traced.value == item.value);
        own.map(|traced| {
            let spot = locate(input, traced, |changed| {
                let left = self.checks.get();
                if left == 0 {
                    return false;
                }
                self.checks.set(left - 1);
                engine.eval(&rule.path, changed).is_ok_and(|value| holds(&value, &item.value))
            });
            Traced { spot, line: engine.line(traced.policy) }
        })
        .collect()
    }
}

fn holds(value: &Value, item: &Value) -> bool {
    match value {
        Value::Set(items) => items.contains(item),
        Value::Array(items) => items.contains(item),
        _ => false,
    }
}

fn finding(
    rule: &PolicyRule,
    document: &Document,
    item: Emitted,
    traced: Option<Traced>,
    problems: &mut Vec<Problem>,
) -> Finding {
    let (value, spans) = shown(document, rule);
    let line = traced.as_ref().and_then(|traced| traced.line);
    let mut related = Vec::new();
    let mut label = String::new();
    let (path, span, located) = match (&item.at, traced) {
        (Some(At::Path(path)), _) if path.get(value).is_some() => (path.clone(), span_of(spans, path), Located::Exact),
        (Some(wrong), _) => {
            problems.push(wrong_place(rule, document, wrong));
            whole(document, value, spans)
        }
        (None, Some(Traced { spot, .. })) if spot.located != Located::Resource => {
            let places = spot.related.iter().map(|(path, label)| at(document, spans, path, label));
            related = places.collect();
            label.clone_from(&spot.label);
            let span = if spot.missing.is_some() {
                holder_span(document, spans, &spot.path)
            } else {
                span_of(spans, &spot.path)
            };
            (spot.path, span, spot.located)
        }
        (None, _) => match line_of(document, &item) {
            Some(span) => (spans.path_at(span.start), span, Located::Exact),
            None => whole(document, value, spans),
        },
    };
    let compared = related.len();
    if let Some(anchor) = spans.lookup(&path).and_then(|found| found.anchor) {
        related.push(Place {
            source: document.source.clone(),
            span: anchor,
            path: path.clone(),
            label: "defined here".to_owned(),
        });
    }
    let resource = Resource { name: resource_at(document.kind, value, &path) };
    let place = Place { source: document.source.clone(), span, path, label };
    let mut finding = Finding {
        rule: rule.info.clone(),
        severity: item.severity.unwrap_or(rule.info.severity),
        message: item.message,
        kind: document.kind,
        document: document.index,
        resource,
        place,
        related,
        located,
        policy_line: line.unwrap_or(rule.info.line),
        facts: String::new(),
        fingerprint: String::new(),
        untouched: false,
        metadata: item.metadata,
    };
    finding.facts = facts(&finding, value, finding.related.iter().take(compared).map(|place| &place.path));
    finding.fingerprint = fingerprint(&finding.facts, document.source.key());
    finding
}

fn at(document: &Document, spans: &Spans, path: &Path, label: &str) -> Place {
    Place { source: document.source.clone(), span: span_of(spans, path), path: path.clone(), label: label.to_owned() }
}

/// What to underline when something is missing in the value at `path`: its key,
/// or the first line of an item.
fn holder_span(document: &Document, spans: &Spans, path: &Path) -> Span {
    let Some(found) = spans.lookup(path) else { return Span::default() };
    if let Some(key) = found.key.filter(|key| !key.is_empty()) {
        return key;
    }
    let line = document.source.position(found.value.start).line;
    let end = document.source.line_span(line).map_or(found.value.end, |line| line.end);
    Span { start: found.value.start, end: found.value.end.min(end).max(found.value.start) }
}

fn shown<'a>(document: &'a Document, rule: &PolicyRule) -> (&'a Value, &'a Spans) {
    match (&document.resolved, rule.view) {
        (Some(resolved), View::Resolved) => (&resolved.value, &resolved.spans),
        _ => (&document.value, &document.spans),
    }
}

fn span_of(spans: &Spans, path: &Path) -> Span {
    spans.lookup(path).map_or_else(Span::default, |found| {
        if found.value.is_empty() { found.key.unwrap_or(found.value) } else { found.value }
    })
}

/// The resource's own name, or the document's first line.
fn whole(document: &Document, value: &Value, spans: &Spans) -> (Path, Span, Located) {
    if let Some((path, _)) = resource_name(document.kind, value) {
        let span = span_of(spans, &path);
        if !span.is_empty() {
            return (path, span, Located::Resource);
        }
    }
    let start = spans.lookup(&Path::default()).map_or(0, |found| found.value.start);
    let line = document.source.position(start).line;
    let span = document.source.line_span(line).unwrap_or_default();
    (Path::default(), Span { start, end: span.end.max(start) }, Located::Resource)
}

/// The line that conftest's `_loc` names, if it is in this document's file.
fn line_of(document: &Document, item: &Emitted) -> Option<Span> {
    let (file, line) = item.loc.as_ref()?;
    let name = document.source.name();
    (file.is_empty() || **name == **file || name.ends_with(&format!("/{file}"))).then_some(())?;
    let span = document.source.line_span(*line)?;
    let text = document.source.slice(span);
    let indent = text.len() - text.trim_start().len();
    Some(Span::new(span.start as usize + indent, span.end as usize))
}

fn wrong_place(rule: &PolicyRule, document: &Document, at: &At) -> Problem {
    let at = match at {
        At::Path(path) => path.to_string(),
        At::Wrong(json) => json.clone(),
    };
    Problem {
        code: ProblemCode::WrongPlace,
        notice: false,
        message: format!("rule `{}` points at `{at}`, which this document does not have", rule.info.id),
        file: document.source.name().to_string(),
        source: None,
        labels: Vec::new(),
        help: format!("mend the `at` of {}:{}: a list of keys and indices", rule.info.file, rule.info.line),
    }
}
