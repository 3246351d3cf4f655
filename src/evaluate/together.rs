//! Rules over many documents at once: `scope: all`, and conftest's `--combine`.
//!
//! In: the documents a rule is for. Out: what [`super::Evaluated`] holds, each
//! finding in the file and document that its conditions read.

use std::collections::BTreeMap;

use super::{Evaluated, exempts, no_finding, place, result, rule_failed};
use crate::document::{Document, Format, Path, Step};
use crate::engine::{Engine, Value};
use crate::policy::{PolicyRule, Scope};

/// One entry of the input: a document, or an item of one that is a list.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    /// The document.
    pub document: &'a Document,
    /// Where in it the entry's `contents` stand.
    pub base: Path,
}

/// The input of a rule over many documents, and which document each part of it is from.
#[derive(Debug)]
pub struct Together<'a> {
    /// What the rule reads.
    pub input: Value,
    parts: Vec<Part<'a>>,
}

impl<'a> Together<'a> {
    /// All of `documents` that the rule is for; nothing if it is for none.
    #[must_use]
    pub fn new(rule: &PolicyRule, documents: &'a [Document]) -> Option<Self> {
        let parts = parts(rule, documents);
        let input = Value::from(parts.iter().map(|part| entry(part, rule)).collect::<Vec<_>>());
        (!parts.is_empty()).then_some(Self { input, parts })
    }

    /// The document that holds what is at `path`, and the path in there; a document's own path is in none.
    #[must_use]
    pub fn part(&self, path: &Path) -> Option<(&'a Document, Path)> {
        if path.0.get(1).is_some_and(|step| *step != Step::from("contents")) {
            return None;
        }
        let mut path = path.clone();
        let document = place::take_document(&mut path, &self.parts)?;
        Some((document, path))
    }
}

/// One evaluation over all of `documents` that the rule is for.
pub(super) fn over_all(engine: &Engine, rule: &PolicyRule, documents: &[Document]) -> Evaluated {
    let mut out = Evaluated::default();
    let Some(Together { input, parts }) = Together::new(rule, documents) else { return out };
    out.evaluations = parts.len();
    out.applied.insert(rule.info.id.0.to_string());
    let mut session = engine.session(&input);
    let outcome = match session.eval(&rule.path) {
        Ok(outcome) => outcome,
        Err(error) => {
            out.problems.push(rule_failed(rule, &error, None));
            return out;
        }
    };
    let (emitted, wrong) = result::read(&outcome.value);
    out.problems.extend(wrong.into_iter().map(|message| no_finding(rule, message, None)));
    if emitted.is_empty() {
        return out;
    }
    let exempt = rule.exception.as_ref().is_some_and(|path| {
        let known = session.eval(path).map_or(Value::Undefined, |outcome| outcome.value);
        exempts(&known, &rule.info.name)
    });
    let found = place::place_among(&mut session, rule, &input, &parts, (emitted, outcome.clauses), &mut out.problems);
    if exempt {
        out.exempt.extend(found);
    } else {
        out.findings.extend(found);
    }
    out
}

/// What the list holds. With `--combine` a file that is nothing but a list
/// gives its items, as in conftest; a Dockerfile's instructions stay together.
fn parts<'a>(rule: &PolicyRule, documents: &'a [Document]) -> Vec<Part<'a>> {
    let whole = |document| vec![Part { document, base: Path::default() }];
    let mut in_file: BTreeMap<&str, usize> = BTreeMap::new();
    for document in documents {
        *in_file.entry(document.source.name()).or_default() += 1;
    }
    let alone = |document: &Document| in_file.get(&**document.source.name()) == Some(&1);
    let chosen = documents.iter().filter(|document| rule.is_for(document.kind));
    let split = |document: &'a Document| match rule.sees(document).0 {
        Value::Array(items)
            if rule.scope == Scope::Combined
                && matches!(document.format, Format::Yaml | Format::Json | Format::Jsonc)
                && alone(document) =>
        {
            (0..items.len()).map(|at| Part { document, base: Path(vec![Step::Index(at)]) }).collect()
        }
        _ => whole(document),
    };
    chosen.flat_map(split).collect()
}

/// `{path, contents}`, exactly as conftest has it; a rule of `scope: all` is told the kind too.
fn entry(part: &Part<'_>, rule: &PolicyRule) -> Value {
    let document = part.document;
    let contents = part.base.get(rule.sees(document).0).cloned().unwrap_or(Value::Null);
    let mut fields = BTreeMap::from([
        (Value::from("path"), Value::String(document.source.name().clone())),
        (Value::from("contents"), contents),
    ]);
    if rule.scope == Scope::All {
        fields.insert(Value::from("kind"), Value::from(document.kind.name()));
    }
    Value::from(fields)
}
