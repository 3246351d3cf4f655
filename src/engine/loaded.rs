//! Loaded policies: which rules there are, and what a rule says of an input.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::unstable::{Expr, Module, Rule, RuleHead as Head};

use super::check::{Known, check};
use super::exec::{self, At, ErrorCode, ExecError, Outcome, Program, Trace, TracedFinding};
use super::metadata::Index;
use super::prepass::{Options, Prepared, Version, prepare_with};
use super::query::placed;
use super::{Code, EvalError, Level, Limits, ModuleText, PolicyError, Value, builtins};

/// One rule of a loaded module: several heads of one name are one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleHead {
    /// Its package without `data.`, parts joined by dots.
    pub package: String,
    /// Its name.
    pub name: String,
    /// The module's number, as given to [`Engine::load`].
    pub module: usize,
    /// The line of its first head, from 1.
    pub line: u32,
}

/// Loaded policies, ready to be evaluated by any number of threads; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub program: Option<Program>,
    pub rules: Vec<RuleHead>,
    pub modules: Vec<Prepared>,
    /// How many names the package of each module has.
    pub packages: Vec<usize>,
    pub data: Value,
    pub limits: exec::Limits,
}

impl Engine {
    /// Loads `modules` and `data`.
    ///
    /// A module that can't be loaded is left out and its errors returned beside
    /// the engine: the caller decides what that means for the verdict.
    pub fn load(modules: &[ModuleText], data: Value, limits: Limits) -> (Self, Vec<PolicyError>) {
        let mut errors = Vec::new();
        let mut parser = new_parser();
        let mut loaded = Vec::new();
        let mut kept = Vec::new();
        let (index, _) = Index::build(modules.iter().map(|module| (module.name.as_str(), module.text.as_str())));
        let options = Options { metadata: Some(&index), ..Options::default() };
        for (number, module) in modules.iter().enumerate() {
            let ready = prepare_with(&module.name, &module.text, options);
            let added = ready.and_then(|ready| add_module(&mut parser, ready));
            match added {
                Ok(ready) => {
                    loaded.push(number);
                    kept.push(ready);
                }
                Err(faults) => errors.extend(faults),
            }
        }
        errors.extend(check(&mut parser, &kept, Known { is_builtin: &|name| builtins::is_builtin(name), data: &data }));
        let program = match Program::from_modules(parser.get_modules()) {
            Ok(program) => Some(program),
            Err(faults) => {
                errors.extend(faults.iter().map(|fault| placed(&kept, fault)));
                None
            }
        };
        let usable =
            program.is_some() && errors.iter().all(|fault| fault.level != Level::Error || fault.code == Code::Parse);
        let rules = if usable { heads(&mut parser, &loaded, &kept) } else { Vec::new() };
        let names = |module: &Module| dotted(&module.package.refr).split('.').count();
        let packages = parser.get_modules().iter().map(|module| names(module)).collect();
        let limits = exec::Limits { time: Some(limits.time), ..exec::Limits::default() };
        (Self { shared: Arc::new(Shared { program, rules, modules: kept, packages, data, limits }) }, errors)
    }

    /// The rules, sorted by package and name; functions and tests among them.
    #[must_use]
    pub fn rules(&self) -> &[RuleHead] {
        &self.shared.rules
    }

    /// Evaluations of several rules on `input`.
    #[must_use]
    pub fn session(&self, input: &Value) -> Session<'_> {
        let Shared { program, data, limits, .. } = &*self.shared;
        Session { engine: self, inner: program.as_ref().map(|program| program.session(input, data, limits)) }
    }

    /// The value of the rule at `path` (`data.main.deny`) for `input`; [`Value::Undefined`] when it has none.
    pub fn eval(&self, path: &str, input: &Value) -> Result<Value, EvalError> {
        let Some(program) = &self.shared.program else { return Ok(Value::Undefined) };
        program.eval(path, input, &self.shared.data, &self.shared.limits).map_err(|fault| self.failed(&fault))
    }

    /// The rule's value, and what each of its findings was made of.
    pub fn trace(&self, path: &str, input: &Value) -> Result<(Value, Trace), EvalError> {
        let Some(program) = &self.shared.program else { return Ok((Value::Undefined, Trace::default())) };
        program.trace(path, input, &self.shared.data, &self.shared.limits).map_err(|fault| self.failed(&fault))
    }

    /// The line, from 1, of a place in a policy.
    #[must_use]
    pub fn line(&self, at: At) -> Option<u32> {
        let module = self.shared.modules.get(at.module as usize)?;
        Some(module.source.position(module.span(at.span.start, at.span.end).start).line)
    }

    pub(super) fn failed(&self, fault: &ExecError) -> EvalError {
        let error = placed(&self.shared.modules, fault);
        if fault.code == ErrorCode::Limit { EvalError::Limit(error) } else { EvalError::Failed(error) }
    }
}

/// Rules evaluated on one input, one after the other: what they share is computed once.
pub struct Session<'e> {
    engine: &'e Engine,
    inner: Option<exec::Session<'e>>,
}

impl Session<'_> {
    /// The value of the rule at `path` (`data.main.deny`).
    pub fn eval(&mut self, path: &str) -> Result<Outcome, EvalError> {
        let Some(inner) = &mut self.inner else { return Ok(Outcome { value: Value::Undefined, clauses: None }) };
        inner.eval(path).map_err(|fault| self.engine.failed(&fault))
    }

    /// What each finding of the rule was made of; `clauses` as [`eval`](Self::eval) gave them.
    pub fn trace(&mut self, path: &str, clauses: Option<Vec<usize>>) -> Result<Vec<TracedFinding>, EvalError> {
        let Some(inner) = &mut self.inner else { return Ok(Vec::new()) };
        inner.trace(path, clauses).map_err(|fault| self.engine.failed(&fault))
    }

    /// Whether the rule still gives `finding` when the input is `changed`; an error is a no.
    #[must_use]
    pub fn still_gives(&self, path: &str, finding: &TracedFinding, changed: &Value) -> bool {
        let inner = self.inner.as_ref();
        inner.is_some_and(|inner| inner.still_gives(path, finding.policy, &finding.value, changed).unwrap_or(false))
    }

    /// The line, from 1, of a place in a policy.
    #[must_use]
    pub fn line(&self, at: At) -> Option<u32> {
        self.engine.line(at)
    }
}

/// regorus as a parser only: the executor evaluates.
fn new_parser() -> regorus::Engine {
    let mut engine = regorus::Engine::new();
    engine.set_policy_length_config(regorus::PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: NonZeroUsize::MIN.saturating_add((8 << 20) - 1),
        max_lines: NonZeroUsize::MIN.saturating_add(199_999),
    });
    engine
}

fn add_module(engine: &mut regorus::Engine, ready: Prepared) -> Result<Prepared, Vec<PolicyError>> {
    engine.set_rego_v0(ready.version == Version::V0);
    let name = ready.source.name().to_string();
    match catch_unwind(AssertUnwindSafe(|| engine.add_policy(name.clone(), ready.text.clone()))) {
        Ok(Ok(_)) => Ok(ready),
        Ok(Err(error)) => Err(vec![PolicyError::from_engine(&ready, Code::Parse, &error.to_string())]),
        Err(_) => Err(vec![PolicyError::of_file(name, Code::Parse, "the parser failed on this file")]),
    }
}

fn heads(engine: &mut regorus::Engine, loaded: &[usize], kept: &[Prepared]) -> Vec<RuleHead> {
    let mut heads: Vec<RuleHead> = Vec::new();
    let mut seen = BTreeSet::new();
    for ((module, number), ready) in engine.get_modules().iter().zip(loaded).zip(kept) {
        let package = dotted(&module.package.refr);
        for rule in &module.policy {
            let Rule::Spec { span, head, .. } = rule.as_ref() else { continue };
            let (Head::Compr { refr, .. } | Head::Set { refr, .. }) = head else { continue };
            let name = root_name(refr);
            if seen.insert((package.clone(), name.clone())) {
                let line = ready.source.position(ready.span(span.start, span.end).start).line;
                heads.push(RuleHead { package: package.clone(), name, module: *number, line });
            }
        }
    }
    heads.sort();
    heads
}

/// `a.b["c"]` as `a.b.c`.
fn dotted(expr: &Expr) -> String {
    match expr {
        Expr::RefDot { refr, field, .. } => format!("{}.{}", dotted(refr), field.0.text()),
        Expr::RefBrack { refr, index, .. } => match index.as_ref() {
            Expr::String { value: Value::String(text), .. } => format!("{}.{text}", dotted(refr)),
            _ => dotted(refr),
        },
        other => other.span().text().to_owned(),
    }
}

fn root_name(expr: &Expr) -> String {
    match expr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root_name(refr),
        other => other.span().text().to_owned(),
    }
}
