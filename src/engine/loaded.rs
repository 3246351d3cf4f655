//! Loaded policies: which rules there are, and what a rule says of an input.

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::unstable::{Expr, Rule, RuleHead as Head};

use super::builtins::Context;
use super::check::{Known, check};
use super::exec::{self, At, ErrorCode, ExecError, Program, Trace};
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
    shared: Arc<Shared>,
    data: Value,
}

struct Shared {
    program: Option<Program>,
    rules: Vec<RuleHead>,
    modules: Vec<Prepared>,
    limits: exec::Limits,
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
        let asks_file = kept.iter().any(|module| module.text.contains("conftest"));
        let known = if asks_file { with_file(&data, "", "") } else { data.clone() };
        let is_builtin = &|name: &str| builtins::is_builtin(name);
        errors.extend(check(&mut parser, &kept, Known { is_builtin, data: &known }));
        context.files = kept.iter().map(|module| module.source.name().to_string()).collect();
        let program = match Program::from_modules(parser.get_modules()) {
            Ok(program) => Some(program.with_context(Arc::new(context))),
            Err(faults) => {
                errors.extend(faults.iter().map(|fault| placed(&kept, fault)));
                None
            }
        };
        let usable =
            program.is_some() && errors.iter().all(|fault| fault.level != Level::Error || fault.code == Code::Parse);
        let rules = if usable { heads(&mut parser, &loaded, &kept) } else { Vec::new() };
        let limits = exec::Limits { time: Some(limits.time), ..exec::Limits::default() };
        (Self { shared: Arc::new(Shared { program, rules, modules: kept, limits, asks_file }), data }, errors)
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

    /// The line, from 1, of a place in a policy.
    #[must_use]
    pub fn line(&self, at: At) -> Option<u32> {
        let module = self.shared.modules.get(at.module as usize)?;
        Some(module.source.position(module.span(at.span.start, at.span.end).start).line)
    }

    fn failed(&self, fault: &ExecError) -> EvalError {
        let error = placed(&self.shared.modules, fault);
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
