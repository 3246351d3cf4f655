//! From what a rule emitted to findings at their places.
//!
//! A place that the policy gives (`at`, `_loc`) wins. Otherwise the rule is
//! evaluated once more, traced, and each finding stands where its conditions
//! read what made it. A fault of the trace costs the place, never the finding:
//! then it stands at the resource's name.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::fingerprint::{facts, fingerprint};
use super::result::{At, Emitted};
use super::together::Part;
use crate::document::{Document, Path, Spans, Step, resource_at, resource_name};
use crate::engine::exec::TracedFinding;
use crate::engine::{Session, Value};
use crate::finding::{Finding, Located, Place, Problem, ProblemCode, Resource};
use crate::locate::{Spot, locate, untraced};
use crate::policy::PolicyRule;
use crate::source::Span;

/// Values that all removal checks of one rule on one document may visit together: on a
/// manifest that is as many checks as anybody wants, on a large report none but the first.
const CHECKED_VALUES: usize = 200_000;

/// The findings of one rule on one document.
pub fn place(
    session: &mut Session<'_>,
    rule: &PolicyRule,
    document: &Document,
    emitted: Vec<Emitted>,
    clauses: Option<Vec<usize>>,
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    place_by(MEANS, session, rule, document, (emitted, clauses), problems)
}

fn place_by(
    means: Means,
    session: &mut Session<'_>,
    rule: &PolicyRule,
    document: &Document,
    (emitted, clauses): (Vec<Emitted>, Option<Vec<usize>>),
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    let (value, spans) = rule.sees(document);
    let spots = Spots::new(means, session, rule, spans.len(), &emitted, clauses);
    let mut found = Vec::new();
    for item in emitted {
        let mut traced = spots.of(session, rule, value, &item);
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
/// the part and, if they go on, `contents`.
pub(super) fn place_among(
    session: &mut Session<'_>,
    rule: &PolicyRule,
    input: &Value,
    parts: &[Part<'_>],
    (emitted, clauses): (Vec<Emitted>, Option<Vec<usize>>),
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    let nodes = parts.iter().map(|part| part.document.spans.len()).sum();
    let spots = Spots::new(MEANS, session, rule, nodes, &emitted, clauses);
    let mut found = Vec::new();
    for mut item in emitted {
        if let Some(At::Path(path)) = &mut item.at {
            let document = take_document(path, parts);
            if let Some(document) = document.or_else(|| named(&item.message, parts)) {
                found.push(finding(rule, document, item, None, problems));
            }
            continue;
        }
        let traced = spots.of(session, rule, input, &item);
        if traced.is_empty() {
            found.extend(
                named(&item.message, parts).map(|document| finding(rule, document, item.clone(), None, problems)),
            );
        }
        for mut traced in traced {
            let at = take_document(&mut traced.spot.path, parts);
            let Some(document) = at.or_else(|| named(&item.message, parts)) else { continue };
            let mut elsewhere = Vec::new();
            traced.spot.related.retain_mut(|(path, label)| {
                // A document's own path is no place in it.
                let named_only = path.0.get(1).is_some_and(|step| *step != Step::from("contents"));
                let other = take_document(path, parts).filter(|_| !named_only);
                let own = other.is_some_and(|other| std::ptr::eq(other, document));
                elsewhere.extend(other.filter(|_| !own).map(|other| (other, path.clone(), label.clone())));
                own
            });
            let mut one = finding(rule, document, item.clone(), Some(traced), problems);
            one.related.extend(elsewhere.into_iter().map(|(other, path, label)| {
                let (_, spans) = rule.sees(other);
                at_path(other, spans, &path, &label)
            }));
            found.push(one);
        }
    }
    found
}

/// The document that the head of `path` names; the head gives way to where the part stands in it.
pub(super) fn take_document<'a>(path: &mut Path, parts: &[Part<'a>]) -> Option<&'a Document> {
    let Some(Step::Index(at)) = path.0.first() else { return None };
    let part = parts.get(*at)?;
    path.0.splice(..path.0.len().min(2), part.base.0.iter().cloned());
    Some(part.document)
}

/// The document whose file the message names; where it names none nobody knows, and the first one stands for all.
fn named<'a>(message: &str, parts: &[Part<'a>]) -> Option<&'a Document> {
    let by_name = parts.iter().find(|part| message.contains(&**part.document.source.name()));
    by_name.or(parts.first()).map(|part| part.document)
}

/// Where one traced finding is, and the policy's line that emitted it.
struct Traced {
    spot: Spot,
    line: Option<u32>,
}

/// How findings are traced and located: a test puts faulty ones in their place.
#[derive(Clone, Copy)]
struct Means {
    trace: fn(&mut Session<'_>, &str, Option<Vec<usize>>) -> Option<Vec<TracedFinding>>,
    locate: fn(&Value, &TracedFinding, &str, &mut dyn FnMut(&Value) -> Option<bool>) -> Spot,
}

const MEANS: Means = Means {
    trace: |session, path, clauses| session.trace(path, clauses).ok(),
    locate: |input, traced, about, still_found| locate(input, traced, about, still_found),
};

/// What the trace of a rule knows of its findings.
struct Spots {
    traced: Vec<TracedFinding>,
    /// The numbers of those that gave a value: a search for each would be quadratic.
    by_value: BTreeMap<Value, Vec<usize>>,
    checks: Cell<usize>,
    means: Means,
    /// What the rule says of itself.
    about: String,
}

impl Spots {
    fn new(
        means: Means,
        session: &mut Session<'_>,
        rule: &PolicyRule,
        nodes: usize,
        emitted: &[Emitted],
        clauses: Option<Vec<usize>>,
    ) -> Self {
        let wanted = emitted.iter().any(|item| item.at.is_none() && item.loc.is_none());
        let trace = || (means.trace)(session, &rule.path, clauses);
        let traced = if wanted { sheltered(trace).flatten().unwrap_or_default() } else { Vec::new() };
        let mut by_value: BTreeMap<Value, Vec<usize>> = BTreeMap::new();
        for (number, one) in traced.iter().enumerate() {
            by_value.entry(one.value.clone()).or_default().push(number);
        }
        let about = format!("{} {} {}", rule.info.title, rule.info.package, rule.info.name);
        Self { traced, by_value, checks: Cell::new(CHECKED_VALUES / nodes.max(1)), means, about }
    }

    fn of(&self, session: &Session<'_>, rule: &PolicyRule, input: &Value, item: &Emitted) -> Vec<Traced> {
        if item.at.is_some() || item.loc.is_some() {
            return Vec::new();
        }
        let spend = || self.checks.get().checked_sub(1).map(|left| self.checks.set(left));
        let mut own: Vec<Traced> = Vec::new();
        let numbers = self.by_value.get(&item.value).into_iter().flatten();
        for traced in numbers.filter_map(|number| self.traced.get(*number)) {
            let mut still_found = |changed: &Value| spend().map(|()| session.still_gives(&rule.path, traced, changed));
            let spot = sheltered(|| (self.means.locate)(input, traced, &self.about, &mut still_found));
            // A place that the document does not have is none.
            let spot = spot.filter(|spot| spot.path.get(input).is_some());
            own.extend(spot.map(|spot| Traced { spot, line: session.line(traced.policy) }));
        }
        if own.is_empty() {
            let mut still_found = |changed: &Value| spend().map(|()| session.gives(&rule.path, &item.value, changed));
            let spot = sheltered(|| untraced(input, &mut still_found));
            own.extend(spot.map(|spot| Traced { spot, line: None }));
        }
        own
    }
}

/// What `work` gives, or nothing if it panics: a fault of the tracer costs a place and no finding.
fn sheltered<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn finding(
    rule: &PolicyRule,
    document: &Document,
    item: Emitted,
    traced: Option<Traced>,
    problems: &mut Vec<Problem>,
) -> Finding {
    let (value, spans) = rule.sees(document);
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
            let places = spot.related.iter().map(|(path, label)| at_path(document, spans, path, label));
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

fn at_path(document: &Document, spans: &Spans, path: &Path, label: &str) -> Place {
    Place { source: document.source.clone(), span: span_of(spans, path), path: path.clone(), label: label.to_owned() }
}

/// What to underline when something is missing in the value at `path`: its key,
/// or the first line of an item.
fn holder_span(document: &Document, spans: &Spans, path: &Path) -> Span {
    let Some(found) = spans.lookup(path) else { return Span::default() };
    if let Some(key) = found.key.filter(|key| !key.is_empty()) {
        return key;
    }
    let line = document.source.line(found.value.start);
    let end = document.source.line_span(line).map_or(found.value.end, |line| line.end);
    Span { start: found.value.start, end: found.value.end.min(end).max(found.value.start) }
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
    let line = document.source.line(start);
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

#[cfg(test)]
mod tests;
