//! Loaded policies: which rules there are, and what a rule says of an input.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regorus::unstable::{Expr, Rule, RuleHead as Head};

use super::builtins::Context;
use super::check::{Known, check};
use super::exec::{self, At, ErrorCode, ExecError, Outcome, Program, Trace, TracedFinding};
use super::metadata::Index;
use super::parse::{Parsed, parse_all, with_stack};
use super::prepass::{self, Options, Prepared};
use super::query::placed;
use super::{Code, EvalError, Level, Limits, ModuleText, PolicyError, Value, builtins};

/// Brackets that may be open at once whatever the settings say: regorus's parser recurses.
const DEEPEST: usize = 1_000;

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
    pub(super) data: Value,
}

pub(super) struct Shared {
    pub program: Option<Program>,
    pub rules: Vec<RuleHead>,
    pub modules: Vec<Prepared>,
    /// How many names the package of each module has.
    pub packages: Vec<usize>,
    pub limits: exec::Limits,
    /// Whether a policy reads `data.conftest`.
    asks_file: bool,
}

impl Engine {
    /// Loads `modules` and `data`.
    ///
    /// A module that can't be loaded is left out and its errors returned beside
    /// the engine: the caller decides what that means for the verdict.
    pub fn load(modules: &[ModuleText], data: Value, limits: Limits) -> (Self, Vec<PolicyError>) {
        Self::load_with(modules, data, limits, Context::default())
    }

    /// [`load`](Self::load) with what the run grants to builtins.
    pub fn load_with(
        modules: &[ModuleText],
        data: Value,
        limits: Limits,
        mut context: Context,
    ) -> (Self, Vec<PolicyError>) {
        let mut errors = Vec::new();
        let mut loaded = Vec::new();
        let mut kept = Vec::new();
        let texts: Vec<_> = modules.iter().map(|module| (module.name.as_str(), module.text.as_str())).collect();
        // Reading every annotation costs as much as parsing: only when a policy asks for them.
        let asks = texts.iter().any(|(_, text)| text.contains("rego.metadata."));
        let index = if asks { Index::build(texts.iter().copied()).0 } else { Index::default() };
        let nesting = prepass::Limits { depth: limits.nesting.min(DEEPEST), ..prepass::Limits::default() };
        let options = Options { metadata: asks.then_some(&index), limits: nesting, ..Options::default() };
        for (number, parsed) in parse_all(&texts, options).into_iter().enumerate() {
            match parsed {
                Ok(parsed) => {
                    loaded.push(number);
                    kept.push(parsed);
                }
                Err(faults) => errors.extend(faults),
            }
        }
        let asks_file = kept.iter().any(|module| module.prepared.text.contains("conftest"));
        let below = if asks_file { with_file(&data, "", "") } else { data.clone() };
        let known = Known { is_builtin: &exec::is_builtin, data: &below };
        let (faults, program) = with_stack(|| (check(&kept, known), Program::from_modules(&kept)));
        errors.extend(faults);
        let program = match program {
            Ok(program) => {
                context.caps = builtins::Caps { items: limits.items, text: limits.text, regex: limits.regex };
                context.files = kept.iter().map(|module| module.prepared.source.name().to_string()).collect();
                Some(program.with_context(Arc::new(context)))
            }
            Err(faults) => {
                errors.extend(faults.iter().map(|fault| placed(kept.iter().map(|one| &one.prepared), fault)));
                None
            }
        };
        // The check and the compiler both see some faults.
        let mut told = BTreeSet::new();
        errors.retain(|fault| fault.line == 0 || told.insert((fault.file.clone(), fault.span.start, fault.code)));
        let usable =
            program.is_some() && errors.iter().all(|fault| fault.level != Level::Error || fault.code == Code::Parse);
        let rules = if usable { heads(&loaded, &kept) } else { Vec::new() };
        let packages = kept.iter().map(|parsed| dotted(&parsed.module.package.refr).split('.').count()).collect();
        let (trees, prepared): (Vec<_>, Vec<_>) = kept.into_iter().map(|one| (one.module, one.prepared)).unzip();
        // Trees of small parts take their time to free, and nobody needs to wait for it.
        rayon::spawn(move || with_stack(|| drop(trees)));
        let limits = exec::Limits {
            time: Some(limits.time),
            steps: limits.steps,
            memory: limits.memory,
            depth: limits.depth,
            ..exec::Limits::default()
        };
        (
            Self { shared: Arc::new(Shared { program, rules, modules: prepared, packages, limits, asks_file }), data },
            errors,
        )
    }

    /// The same engine for the input `name`: conftest's `data.conftest.file` tells policies where it is.
    #[must_use]
    pub fn about(&self, name: &str) -> Self {
        if !self.shared.asks_file {
            return self.clone();
        }
        let path = std::path::absolute(name).unwrap_or_else(|_| name.into());
        let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().map(std::path::Path::as_os_str);
        let data = with_file(&self.data, &text(path.file_name()), &text(folder));
        Self { shared: self.shared.clone(), data }
    }

    /// The rules, sorted by package and name; functions and tests among them.
    #[must_use]
    pub fn rules(&self) -> &[RuleHead] {
        &self.shared.rules
    }

    /// Evaluations of several rules on `input`.
    #[must_use]
    pub fn session(&self, input: &Value) -> Session<'_> {
        let Shared { program, limits, .. } = &*self.shared;
        Session { engine: self, inner: program.as_ref().map(|program| program.session(input, &self.data, limits)) }
    }

    /// The value of the rule at `path` (`data.main.deny`) for `input`; [`Value::Undefined`] when it has none.
    pub fn eval(&self, path: &str, input: &Value) -> Result<Value, EvalError> {
        let Some(program) = &self.shared.program else { return Ok(Value::Undefined) };
        program.eval(path, input, &self.data, &self.shared.limits).map_err(|fault| self.failed(&fault))
    }

    /// The rule's value, and what each of its findings was made of.
    pub fn trace(&self, path: &str, input: &Value) -> Result<(Value, Trace), EvalError> {
        let Some(program) = &self.shared.program else { return Ok((Value::Undefined, Trace::default())) };
        program.trace(path, input, &self.data, &self.shared.limits).map_err(|fault| self.failed(&fault))
    }

    /// What is at `path` below `data`, rule or package, for `input`; [`Value::Undefined`] when nothing is.
    pub fn document(&self, path: &str, input: &Value) -> Result<Value, EvalError> {
        let Some(program) = &self.shared.program else { return Ok(Value::Undefined) };
        let found = program.query(&format!("x = {path}"), input, &self.data, &self.shared.limits);
        let rows = found.map_err(|fault| self.failed(&fault))?;
        let first = rows.into_iter().flatten().find(|(name, _)| name == "x");
        Ok(first.map_or(Value::Undefined, |(_, value)| value))
    }

    /// As [`trace`](Self::trace), and what the rule asked on the way.
    pub fn explain(&self, path: &str, input: &Value) -> Result<(Value, Trace), EvalError> {
        let Some(program) = &self.shared.program else { return Ok((Value::Undefined, Trace::default())) };
        program.explain(path, input, &self.data, &self.shared.limits).map_err(|fault| self.failed(&fault))
    }

    /// The line, from 1, of a place in a policy.
    #[must_use]
    pub fn line(&self, at: At) -> Option<u32> {
        let module = self.shared.modules.get(at.module as usize)?;
        Some(module.source.position(module.span(at.span.start, at.span.end).start).line)
    }

    pub(super) fn failed(&self, fault: &ExecError) -> EvalError {
        let error = placed(self.shared.modules.iter(), fault);
        if fault.code == ErrorCode::Limit { EvalError::Limit(error) } else { EvalError::Failed(error) }
    }
}

/// `data` with what conftest tells of the file under evaluation.
fn with_file(data: &Value, name: &str, folder: &str) -> Value {
    let object = |pairs: Vec<(&str, Value)>| {
        Value::from(pairs.into_iter().map(|(key, value)| (Value::from(key), value)).collect::<BTreeMap<_, _>>())
    };
    let file = object(vec![("name", Value::from(name)), ("dir", Value::from(folder))]);
    let mut data = data.clone();
    if let Ok(fields) = data.as_object_mut() {
        fields.insert(Value::from("conftest"), object(vec![("file", file)]));
    }
    data
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

    /// Whether the rule gives `item` when the input is `changed`; an error is a no.
    #[must_use]
    pub fn gives(&self, path: &str, item: &Value, changed: &Value) -> bool {
        self.engine.eval(path, changed).is_ok_and(|value| exec::holds(&value, item))
    }

    /// The line, from 1, of a place in a policy.
    #[must_use]
    pub fn line(&self, at: At) -> Option<u32> {
        self.engine.line(at)
    }
}

fn heads(loaded: &[usize], kept: &[Parsed]) -> Vec<RuleHead> {
    let mut heads: Vec<RuleHead> = Vec::new();
    let mut seen = BTreeSet::new();
    for (Parsed { prepared, module }, number) in kept.iter().zip(loaded) {
        let package = dotted(&module.package.refr);
        for rule in &module.policy {
            let Rule::Spec { span, head, .. } = rule.as_ref() else { continue };
            let refr = match head {
                Head::Compr { refr, .. } | Head::Set { refr, .. } => refr,
                Head::Func { refr, args, .. } if args.is_empty() => refr,
                Head::Func { .. } => continue,
            };
            let name = root_name(refr);
            if seen.insert((package.clone(), name.clone())) {
                let line = prepared.source.position(prepared.span(span.start, span.end).start).line;
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
