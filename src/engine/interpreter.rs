//! The interpreter: which rules there are, and what a rule says of an input.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::unstable::{Expr, Rule, RuleHead as Head};
use regorus::utils::limits::ExecutionTimerConfig;

use super::check::{Known, check};
use super::error::engine_file;
use super::metadata::Index;
use super::prepass::{Options, Prepared, TEMPLATE_FUNCTION, Version, prepare_with, render};
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

/// Loaded policies, ready to be evaluated by any number of workers.
#[derive(Clone)]
pub struct Engine {
    inner: regorus::Engine,
    rules: Arc<[RuleHead]>,
    modules: Arc<[Prepared]>,
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
        let mut kept = Vec::new();
        let (index, _) = Index::build(modules.iter().map(|module| (module.name.as_str(), module.text.as_str())));
        let options = Options { metadata: Some(&index), ..Options::default() };
        for (number, module) in modules.iter().enumerate() {
            let ready = prepare_with(&module.name, &module.text, options);
            let added = ready.and_then(|ready| add_module(&mut inner, ready));
            match added {
                Ok(ready) => {
                    loaded.push(number);
                    kept.push(ready);
                }
                Err(faults) => errors.extend(faults),
            }
        }
        // A recursive function would end the process: no module set with such a fault is evaluated.
        let faults = check(&mut inner, &kept, Known { is_builtin: &|name| builtins::is_builtin(name), data: &data });
        let usable = faults.iter().all(|fault| fault.level != Level::Error);
        errors.extend(faults);
        if let Err(error) = inner.add_data(data) {
            errors.push(PolicyError::of_file("data", Code::Load, error.to_string()));
        }
        let rules = if usable { heads(&mut inner, &loaded, &kept) } else { Vec::new() };
        (Self { inner, rules: rules.into(), modules: kept.into() }, errors)
    }

    /// The rules, sorted by package and name; functions and tests among them.
    pub fn rules(&self) -> &[RuleHead] {
        &self.rules
    }

    /// A worker for one thread; cheap.
    pub fn worker(&self) -> Worker {
        Worker { inner: self.inner.clone(), modules: self.modules.clone() }
    }
}

/// Evaluates rules on one thread.
pub struct Worker {
    inner: regorus::Engine,
    modules: Arc<[Prepared]>,
}

impl Worker {
    /// The value of the rule at `path` (`data.main.deny`) for `input`; [`Value::Undefined`] when it has none.
    pub fn eval(&mut self, path: &str, file: &str, input: &Value) -> Result<Value, EvalError> {
        self.inner.set_input(input.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| self.inner.eval_rule(path.to_owned())));
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.eval_error(&error, file)),
            Err(_) => Err(EvalError::Failed(PolicyError::of_file(
                file,
                Code::Eval,
                format!("the engine failed while it evaluated `{path}`"),
            ))),
        }
    }

    fn eval_error(&self, error: &anyhow::Error, file: &str) -> EvalError {
        let text = error.to_string();
        let named = engine_file(&text).unwrap_or(file);
        let module = self.modules.iter().find(|module| &**module.source.name() == named);
        let fault = module.map_or_else(
            || PolicyError::of_file(file, Code::Eval, text.clone()),
            |module| PolicyError::from_engine(module, Code::Eval, &text),
        );
        let limit = error.downcast_ref::<regorus::LimitError>().is_some();
        if limit { EvalError::Limit(fault) } else { EvalError::Failed(fault) }
    }
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
    let template = |args: Vec<Value>| Ok(args.first().and_then(render).map_or(Value::Undefined, Value::from));
    // Both fail only for a name that is taken, and the engine is new.
    let _ = builtins::register(&mut engine, &Arc::new(builtins::Context::default()));
    let _ = engine.add_extension(TEMPLATE_FUNCTION.to_owned(), 1, Box::new(template));
    let check_interval = NonZeroU32::MIN.saturating_add(255);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit: limits.time, check_interval });
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
