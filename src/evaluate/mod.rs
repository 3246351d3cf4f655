//! Evaluating: each rule on each document it is for, in parallel.
//!
//! In: the documents and the policies of the run.
//! Out: findings with their places, and a problem for each rule that failed on
//! a document. Order does not depend on the number of threads.
//!
//! Nothing here prints, and nothing is dropped: a rule that can't be evaluated
//! or whose result is no finding is a problem that closes the gate.

mod fingerprint;
mod parts;
mod place;
mod plan;
mod result;
mod together;

pub use fingerprint::fingerprint;
pub use parts::{elements, is_list};
pub use plan::map_plans;
pub use result::{At, Emitted, message};
pub use together::Together;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::document::{Document, Kind};
use crate::engine::{Engine, EvalError, PolicyError, Session, Value};
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
    /// All of `parts`, in their order. Room is made once: findings are many, and moving them is dear.
    fn merged(parts: Vec<Self>) -> Self {
        let mut whole = Self::default();
        whole.findings.reserve_exact(parts.iter().map(|part| part.findings.len()).sum());
        parts.into_iter().fold(whole, Self::merge)
    }

    /// What was found in the element `at` of a list.
    fn in_list(mut self, at: usize) -> Self {
        for findings in [&mut self.findings, &mut self.exempt] {
            *findings = std::mem::take(findings).into_iter().map(|one| parts::in_list(one, at)).collect();
        }
        self
    }

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
        if document.aside {
            return out;
        }
        let engine = policies.engine.about(document.source.name());
        let mut sessions = Sessions::new(&engine, document);
        let mut exceptions = BTreeMap::new();
        let elements = parts::elements(document);
        let session = |element| (element, Sessions::new(&engine, element), BTreeMap::new());
        let mut elements: Vec<_> = elements.iter().map(session).collect();
        for rule in by_kind.get(&document.kind).into_iter().flatten() {
            if elements.is_empty() || rule.lists {
                one(&mut sessions, rule, document, &mut exceptions, &mut out);
            }
            for (at, (element, sessions, exceptions)) in elements.iter_mut().enumerate() {
                let mut own = Evaluated::default();
                one(sessions, rule, element, exceptions, &mut own);
                out = out.merge(own.in_list(at));
            }
        }
        // Here many threads sort; what is sorted document by document costs the judge one look.
        out.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        if !elements.is_empty() {
            // What a rule says of an element and of the list is said once.
            out.findings
                .dedup_by(|b, a| a.place.span == b.place.span && a.rule.id == b.rule.id && a.message == b.message);
        }
        out
    };
    let mut parts: Vec<Evaluated> = documents.par_iter().map(each).collect();
    let combined = policies.engine.about(COMBINED);
    let together = policies.rules.par_iter().filter(|rule| rule.scope != Scope::Document);
    parts.extend(together.map(|rule| together::over_all(&combined, rule, documents)).collect::<Vec<_>>());
    let mut whole = Evaluated::merged(parts);
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

/// The sessions of one document: one for each of its views.
struct Sessions<'e> {
    written: Session<'e>,
    resolved: Option<Session<'e>>,
}

impl<'e> Sessions<'e> {
    fn new(engine: &'e Engine, document: &Document) -> Self {
        let resolved = document.resolved.as_ref().map(|resolved| engine.session(&resolved.value));
        Self { written: engine.session(&document.value), resolved }
    }

    fn of(&mut self, rule: &PolicyRule) -> &mut Session<'e> {
        match (&mut self.resolved, rule.view) {
            (Some(resolved), View::Resolved) => resolved,
            _ => &mut self.written,
        }
    }
}

fn one<'a>(
    sessions: &mut Sessions<'_>,
    rule: &'a PolicyRule,
    document: &Document,
    exceptions: &mut BTreeMap<&'a str, Value>,
    out: &mut Evaluated,
) {
    out.evaluations += 1;
    let session = sessions.of(rule);
    let outcome = match session.eval(&rule.path) {
        Ok(outcome) if outcome.value == Value::Undefined => return,
        Ok(outcome) => outcome,
        Err(error) => return out.problems.push(rule_failed(rule, &error, Some(document))),
    };
    let (emitted, wrong) = result::read(&outcome.value);
    out.problems.extend(wrong.into_iter().map(|message| no_finding(rule, message, Some(document))));
    if emitted.is_empty() {
        return;
    }
    let exempt = match &rule.exception {
        Some(path) => {
            let known = exceptions
                .entry(path)
                .or_insert_with(|| session.eval(path).map_or(Value::Undefined, |outcome| outcome.value));
            exempts(known, &rule.info.name)
        }
        None => false,
    };
    let found = place::place(session, rule, document, emitted, outcome.clauses, &mut out.problems);
    if exempt { out.exempt.extend(found) } else { out.findings.extend(found) }
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
