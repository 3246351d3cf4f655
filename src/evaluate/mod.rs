//! Evaluating: each rule on each document it is for, in parallel.
//!
//! In: the documents and the policies of the run.
//! Out: findings with their places, and a problem for each rule that failed on
//! a document. Order does not depend on the number of threads.
//!
//! Nothing here prints, and nothing is dropped: a rule that can't be evaluated
//! or whose result is no finding is a problem that closes the gate.

mod place;
mod plan;
mod result;

pub use place::fingerprint;
pub use plan::map_plans;
pub use result::{At, Emitted};

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::document::{Document, Kind};
use crate::engine::{Engine, EvalError, PolicyError, Value};
use crate::finding::{Finding, Problem, ProblemCode};
use crate::policy::{PolicyRule, PolicySet, Scope, View};

/// What evaluating gave.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// Findings that stand.
    pub findings: Vec<Finding>,
    /// Findings that the policy's own `exception` rule exempts.
    pub exempt: Vec<Finding>,
    /// Rules that failed, results that are no findings, places that are not there.
    pub problems: Vec<Problem>,
    /// Pairs of a rule and a document.
    pub evaluations: usize,
    /// Ids of the rules that were evaluated at least once.
    pub applied: BTreeSet<String>,
}

impl Evaluated {
    fn merge(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self.exempt.extend(other.exempt);
        self.problems.extend(other.problems);
        self.evaluations += other.evaluations;
        self.applied.extend(other.applied);
        self
    }
}

/// What conftest calls all inputs together.
const COMBINED: &str = "Combined";

/// Evaluates every rule of `policies` on the documents it is for.
///
/// Runs on the current rayon pool, whose threads need deep stacks.
#[must_use]
pub fn evaluate(documents: &[Document], policies: &PolicySet) -> Evaluated {
    let by_kind = rules_by_kind(documents, policies);
    let each = |document: &Document| {
        let mut out = Evaluated::default();
        let mut exceptions = BTreeMap::new();
        let engine = policies.engine.about(document.source.name());
        for rule in by_kind.get(&document.kind).into_iter().flatten() {
            one(&engine, rule, document, &mut exceptions, &mut out);
        }
        out
    };
    let parts: Vec<Evaluated> = documents.par_iter().map(each).collect();
    let together = policies.rules.par_iter().filter(|rule| rule.scope == Scope::All);
    let combined = policies.engine.about(COMBINED);
    let all: Vec<Evaluated> = together.map(|rule| over_all(&combined, rule, documents)).collect();
    let mut whole = parts.into_iter().chain(all).fold(Evaluated::default(), Evaluated::merge);
    // Which rules apply is known from the kinds alone: noting it at each document cost a set for each.
    whole.applied.extend(by_kind.values().flatten().map(|rule| rule.info.id.0.to_string()));
    whole
}

/// The rules for one document at a time, for each kind that occurs.
fn rules_by_kind<'a>(documents: &[Document], policies: &'a PolicySet) -> BTreeMap<Kind, Vec<&'a PolicyRule>> {
    let kinds: BTreeSet<Kind> = documents.iter().map(|document| document.kind).collect();
    let fitting = |kind| policies.rules.iter().filter(move |rule| rule.scope == Scope::Document && rule.is_for(kind));
    kinds.into_iter().map(|kind| (kind, fitting(kind).collect())).collect()
}

fn one<'a>(
    engine: &Engine,
    rule: &'a PolicyRule,
    document: &Document,
    exceptions: &mut BTreeMap<&'a str, Value>,
    out: &mut Evaluated,
) {
    out.evaluations += 1;
    let input = view(document, rule);
    let value = match engine.eval(&rule.path, input) {
        Ok(Value::Undefined) => return,
        Ok(value) => value,
        Err(error) => return out.problems.push(rule_failed(rule, &error, Some(document))),
    };
    let (emitted, wrong) = result::read(&value);
    out.problems.extend(wrong.into_iter().map(|message| no_finding(rule, message, Some(document))));
    if emitted.is_empty() {
        return;
    }
    let exempt = match &rule.exception {
        Some(path) => {
            let known = exceptions.entry(path).or_insert_with(|| engine.eval(path, input).unwrap_or(Value::Undefined));
            exempts(known, &rule.info.name)
        }
        None => false,
    };
    let found = place::place(engine, rule, document, emitted, &mut out.problems);
    if exempt { out.exempt.extend(found) } else { out.findings.extend(found) }
}

/// One evaluation over all the documents: `[{path, kind, contents}]`.
fn over_all(engine: &Engine, rule: &PolicyRule, documents: &[Document]) -> Evaluated {
    let mut out = Evaluated::default();
    let chosen: Vec<&Document> = documents.iter().filter(|document| rule.is_for(document.kind)).collect();
    if chosen.is_empty() {
        return out;
    }
    out.evaluations = chosen.len();
    out.applied.insert(rule.info.id.0.to_string());
    let entry = |document: &&Document| {
        Value::from(BTreeMap::from([
            (Value::from("path"), Value::String(document.source.name().clone())),
            (Value::from("kind"), Value::from(document.kind.name())),
            (Value::from("contents"), view(document, rule).clone()),
        ]))
    };
    let input = Value::from(chosen.iter().map(entry).collect::<Vec<_>>());
    match engine.eval(&rule.path, &input) {
        Ok(value) => {
            let (emitted, wrong) = result::read(&value);
            out.problems.extend(wrong.into_iter().map(|message| no_finding(rule, message, None)));
            out.findings.extend(place::place_among(engine, rule, &input, &chosen, emitted, &mut out.problems));
        }
        Err(error) => out.problems.push(rule_failed(rule, &error, None)),
    }
    out
}

fn view<'a>(document: &'a Document, rule: &PolicyRule) -> &'a Value {
    match (&document.resolved, rule.view) {
        (Some(resolved), View::Resolved) => &resolved.value,
        _ => &document.value,
    }
}

/// conftest's exceptions: lists of the suffixes of the rules that are exempt.
fn exempts(value: &Value, name: &str) -> bool {
    let suffix = name.split_once('_').map_or("", |(_, suffix)| suffix);
    let holds = |list: &Value| match list {
        Value::Array(items) => items.iter().any(|item| matches!(item, Value::String(text) if &**text == suffix)),
        Value::Set(items) => items.iter().any(|item| matches!(item, Value::String(text) if &**text == suffix)),
        _ => false,
    };
    match value {
        Value::Set(lists) => lists.iter().any(holds),
        Value::Array(lists) => lists.iter().any(holds),
        _ => false,
    }
}

fn rule_failed(rule: &PolicyRule, error: &EvalError, document: Option<&Document>) -> Problem {
    let code = match error {
        EvalError::Failed(_) => ProblemCode::PolicyFailed,
        EvalError::Limit(_) => ProblemCode::PolicyLimit,
    };
    let PolicyError { file, line, message, .. } = error.fault();
    // Where time ran out differs from run to run, and reports must not.
    let late = matches!(error, EvalError::Limit(_)) && message.contains("too long");
    let message = if late { "it ran for longer than it may" } else { message };
    let own = late || *line == 0;
    let at = if own { format!("{}:{}", rule.info.file, rule.info.line) } else { format!("{file}:{line}") };
    let help = if late {
        "make the rule cheaper, or allow more milliseconds in the settings: `limits: {rule-time: 30000}`"
    } else {
        "a rule that fails is not a pass: mend the policy, or leave it out of the run"
    };
    Problem {
        code,
        notice: false,
        message: format!("rule `{}` could not be evaluated: {message} ({at})", rule.info.id),
        file: document.map(|document| document.source.name().to_string()).unwrap_or_default(),
        source: None,
        labels: Vec::new(),
        help: help.to_owned(),
    }
}

fn no_finding(rule: &PolicyRule, message: String, document: Option<&Document>) -> Problem {
    Problem {
        code: ProblemCode::PolicyResult,
        notice: false,
        message: format!("rule `{}` ({}:{}): {message}", rule.info.id, rule.info.file, rule.info.line),
        file: document.map(|document| document.source.name().to_string()).unwrap_or_default(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    }
}
