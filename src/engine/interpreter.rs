//! The interpreter: which rules there are, and what a rule says of an input.

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::unstable::{Expr, Rule, RuleHead as Head};
use regorus::utils::limits::ExecutionTimerConfig;

use super::{EvalError, Limits, ModuleText, PolicyError, Value};

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

/// Loaded policies, ready to be evaluated by any number of workers.
#[derive(Clone)]
pub struct Engine {
    inner: regorus::Engine,
    rules: Arc<[RuleHead]>,
}

impl Engine {
    /// Loads `modules` and `data`.
    ///
    /// A module that can't be loaded is left out and its errors returned beside
    /// the engine: the caller decides what that means for the verdict.
    pub fn load(modules: &[ModuleText], data: Value, limits: Limits) -> (Self, Vec<PolicyError>) {
        let mut errors = Vec::new();
        let mut inner = new_engine(limits);
        let mut loaded = Vec::new();
        for (number, module) in modules.iter().enumerate() {
            match add_module(&mut inner, module) {
                Ok(()) => loaded.push(number),
                Err(error) => errors.push(error),
            }
        }
        if let Err(error) = inner.add_data(data) {
            errors.push(PolicyError::from_engine(&error.to_string(), "data", "rego_data_error"));
        }
        let rules = heads(&mut inner, &loaded);
        (Self { inner, rules: rules.into() }, errors)
    }

    /// The rules, sorted by package and name; functions and tests among them.
    pub fn rules(&self) -> &[RuleHead] {
        &self.rules
    }

    /// A worker for one thread; cheap.
    pub fn worker(&self) -> Worker {
        Worker { inner: self.inner.clone() }
    }
}

/// Evaluates rules on one thread.
pub struct Worker {
    inner: regorus::Engine,
}

impl Worker {
    /// The value of the rule at `path` (`data.main.deny`) for `input`; [`Value::Undefined`] when it has none.
    pub fn eval(&mut self, path: &str, file: &str, input: &Value) -> Result<Value, EvalError> {
        self.inner.set_input(input.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| self.inner.eval_rule(path.to_owned())));
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(eval_error(&error, file)),
            Err(_) => Err(EvalError::Failed(PolicyError {
                file: file.to_owned(),
                line: 0,
                column: 0,
                code: "rego_engine_fault",
                message: format!("the engine failed while it evaluated `{path}`"),
            })),
        }
    }
}

fn eval_error(error: &anyhow::Error, file: &str) -> EvalError {
    let text = error.to_string();
    let code = "rego_eval_error";
    if error.downcast_ref::<regorus::LimitError>().is_some() {
        return EvalError::Limit(PolicyError::from_engine(&text, file, code));
    }
    EvalError::Failed(PolicyError::from_engine(&text, file, code))
}

fn new_engine(limits: Limits) -> regorus::Engine {
    let mut engine = regorus::Engine::new();
    // OPA's default: a builtin's error makes its expression undefined.
    engine.set_strict_builtin_errors(false);
    engine.set_gather_prints(true);
    engine.set_policy_length_config(regorus::PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: NonZeroUsize::MIN.saturating_add((8 << 20) - 1),
        max_lines: NonZeroUsize::MIN.saturating_add(199_999),
    });
    let check_interval = NonZeroU32::MIN.saturating_add(255);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit: limits.time, check_interval });
    engine
}

/// Adds a module as Rego v1 or, when it isn't that, as v0. The error told is
/// that of v1 unless only v0's gets further into the file.
fn add_module(engine: &mut regorus::Engine, module: &ModuleText) -> Result<(), PolicyError> {
    let mut attempt = |v0| {
        engine.set_rego_v0(v0);
        let added = catch_unwind(AssertUnwindSafe(|| engine.add_policy(module.name.clone(), module.text.clone())));
        match added {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(PolicyError::from_engine(&error.to_string(), &module.name, "rego_parse_error")),
            Err(_) => Err(PolicyError::from_engine("error: the parser failed", &module.name, "rego_parse_error")),
        }
    };
    let Err(v1) = attempt(false) else { return Ok(()) };
    let Err(v0) = attempt(true) else { return Ok(()) };
    Err(if (v0.line, v0.column) > (v1.line, v1.column) { v0 } else { v1 })
}

fn heads(engine: &mut regorus::Engine, loaded: &[usize]) -> Vec<RuleHead> {
    let mut heads: Vec<RuleHead> = Vec::new();
    for (module, number) in engine.get_modules().iter().zip(loaded) {
        let package = dotted(&module.package.refr);
        for rule in &module.policy {
            let Rule::Spec { span, head, .. } = rule.as_ref() else { continue };
            let (Head::Compr { refr, .. } | Head::Set { refr, .. }) = head else { continue };
            let name = root_name(refr);
            if !heads.iter().rev().any(|h| h.package == package && h.name == name) {
                heads.push(RuleHead { package: package.clone(), name, module: *number, line: span.line });
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
