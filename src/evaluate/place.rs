//! From what a rule emitted to findings at their places.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::result::{At, Emitted};
use crate::document::{Document, Kind, Path, Spans, Step, resource_at, resource_name};
use crate::engine::Value;
use crate::finding::{Finding, Located, Place, Problem, ProblemCode, Resource};
use crate::policy::{PolicyRule, View};
use crate::source::Span;

/// The findings of one rule on one document.
pub fn place(
    rule: &PolicyRule,
    document: &Document,
    emitted: Vec<Emitted>,
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    emitted.into_iter().map(|item| finding(rule, document, item, problems)).collect()
}

/// The findings of a rule over all documents: `at` starts with the number of
/// the document and, if it goes on, `contents`.
pub fn place_among(
    rule: &PolicyRule,
    documents: &[&Document],
    emitted: Vec<Emitted>,
    problems: &mut Vec<Problem>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for mut item in emitted {
        let chosen = match &item.at {
            Some(At::Path(path)) => match path.0.first() {
                Some(Step::Index(at)) => documents.get(*at),
                _ => None,
            },
            _ => None,
        };
        if let (Some(_), Some(At::Path(path))) = (chosen, &mut item.at) {
            path.0.drain(..path.0.len().min(2));
        }
        let Some(document) = chosen.or(documents.first()) else { continue };
        found.push(finding(rule, document, item, problems));
    }
    found
}

fn finding(rule: &PolicyRule, document: &Document, item: Emitted, problems: &mut Vec<Problem>) -> Finding {
    let (value, spans) = shown(document, rule);
    let (path, span, located) = match &item.at {
        Some(At::Path(path)) if path.get(value).is_some() => (path.clone(), span_of(spans, path), Located::Exact),
        Some(wrong) => {
            problems.push(wrong_place(rule, document, wrong));
            whole(document, value, spans)
        }
        None => match line(document, &item) {
            Some(span) => (spans.path_at(span.start), span, Located::Exact),
            None => whole(document, value, spans),
        },
    };
    let resource = Resource { name: resource_at(document.kind, value, &path) };
    let place = Place { source: document.source.clone(), span, path, label: String::new() };
    let mut finding = Finding {
        rule: rule.info.clone(),
        severity: item.severity.unwrap_or(rule.info.severity),
        message: item.message,
        kind: document.kind,
        document: document.index,
        resource,
        place,
        related: Vec::new(),
        located,
        policy_line: rule.info.line,
        fingerprint: String::new(),
        metadata: item.metadata,
    };
    finding.fingerprint = fingerprint(&finding, value);
    finding
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
fn line(document: &Document, item: &Emitted) -> Option<Span> {
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

/// A name for the finding that survives moved lines and reordered items, and
/// ends when the rule, the resource or the value at fault changes.
#[must_use]
pub fn fingerprint(finding: &Finding, root: &Value) -> String {
    let mut hash = Sha256::new();
    for part in [&*finding.rule.id.0, finding.place.source.name(), &finding.resource.name, &finding.message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(stable_path(finding.kind, root, &finding.place.path).as_bytes());
    if let Some(value) =
        finding.place.path.get(root).filter(|value| !matches!(value, Value::Object(_) | Value::Array(_)))
    {
        hash.update([0]);
        hash.update(value.to_json_str().unwrap_or_default().as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The path with items named by their `name`, `id` or `key` instead of counted.
fn stable_path(_kind: Kind, root: &Value, path: &Path) -> String {
    let mut text = String::new();
    let mut value = Some(root);
    for step in &path.0 {
        value = value.and_then(|value| step.get(value));
        let name = value.and_then(|value| {
            ["name", "id", "key", "VulnerabilityID", "ruleId"].into_iter().find_map(|key| {
                match Step::from(key).get(value) {
                    Some(Value::String(name)) => Some(name.to_string()),
                    _ => None,
                }
            })
        });
        match (step, name) {
            (Step::Key(key), _) => {
                let _ = write!(text, "/{key}");
            }
            (Step::Index(_), Some(name)) => {
                let _ = write!(text, "/[{name}]");
            }
            (Step::Index(at), None) => {
                let _ = write!(text, "/{at}");
            }
        }
    }
    text
}
