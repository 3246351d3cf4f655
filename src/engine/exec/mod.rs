//! The executor: evaluates Rego with OPA's semantics and can say what it read.
//!
//! regorus parses; everything after that is done here. Its interpreter was not
//! enough: it drops what OPA keeps and keeps what OPA drops (`not f(missing)`,
//! type errors), and tells nothing of what it read. Its RVM can be stepped, which
//! is how places were first found, but refuses `with`, `walk`, `print` and more
//! than 250 modules, is wrong in step mode when a function lies behind its
//! caller, and pays for each step. This evaluator has none of those limits,
//! and one pass both judges and locates.
//!
//! In: parsed modules. Out: a [`Program`] that any number of threads can share.
//! An evaluation is bounded in steps, time and depth, and never panics.

mod builtins;
mod check;
mod compile;
mod error;
mod ir;
mod record;
mod run;
mod session;
mod test;
mod trace;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use regorus::unstable::{Module, Parser, Source};

pub(super) use self::builtins::is_builtin;
use super::builtins::Context;
use super::prepass::{Options, Version};
use super::{Value, number};
pub use check::{Asks, Check, Operand, Origin, Sense};
use compile::Compiled;
pub use error::{ErrorCode, ExecError};
pub use ir::At;
use record::Recorder;
pub use record::{Fact, Part, Trace, TracedFinding};
use run::{Flow, Machine};
use session::guarded;
pub use session::{Outcome, Session, holds};
pub use test::Lone;
pub use trace::FactKind;
use trace::Untraced;
pub use watch::{Order, Stop, Watched, Why};

/// The text of one module.
#[derive(Debug, Clone, Copy)]
pub struct ModuleText<'a> {
    /// What the user calls it.
    pub name: &'a str,
    /// The Rego text.
    pub text: &'a str,
    /// Whether it is in the syntax of before OPA 1.0.
    pub v0: bool,
}

/// The number of the module that a query is.
const QUERY: u32 = u32::MAX;

/// What one evaluation may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Steps of work.
    pub steps: u64,
    /// Wall time.
    pub time: Option<Duration>,
    /// Rules, functions and loops within each other.
    pub depth: u32,
    /// Bytes of the values that are made.
    pub memory: u64,
    /// Whether a builtin's error is an error, and not just undefined.
    pub strict: bool,
}

impl Default for Limits {
    fn default() -> Self {
        let super::Limits { time, steps, memory, depth, .. } = super::Limits::default();
        Self { steps, time: Some(time), depth, memory, strict: false }
    }
}

/// Compiled policies, ready to be evaluated by many threads.
#[derive(Debug)]
pub struct Program {
    compiled: Compiled,
    context: Arc<Context>,
}

impl Program {
    /// Compiles all of `modules` together.
    pub fn compile(modules: &[ModuleText<'_>]) -> Result<Self, Vec<ExecError>> {
        let mut parsed = Vec::new();
        let mut errors = Vec::new();
        for (at, module) in modules.iter().enumerate() {
            let version = Some(if module.v0 { Version::V0 } else { Version::V1 });
            match super::parse::parse(module.name, module.text, Options { version, ..Options::default() }) {
                Ok(ast) => parsed.push(ast),
                Err(faults) => errors.extend(faults.into_iter().map(|fault| {
                    let at = At { module: u32::try_from(at).unwrap_or(u32::MAX), span: fault.span };
                    *ExecError::new(ErrorCode::Parse, at, fault.message)
                })),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { compiled: compile::compile(&parsed)?, context: Arc::default() })
    }

    /// Compiles modules that are parsed already.
    pub(super) fn from_modules<M: AsRef<Module>>(modules: &[M]) -> Result<Self, Vec<ExecError>> {
        Ok(Self { compiled: compile::compile(modules)?, context: Arc::default() })
    }

    /// The same program whose builtins know what `context` grants.
    #[must_use]
    pub fn with_context(self, context: Arc<Context>) -> Self {
        Self { context, ..self }
    }

    fn find(&self, path: &str) -> Option<ir::RuleId> {
        self.compiled.globals.find(path.split('.').skip(1))
    }

    /// Evaluations of several rules on one input.
    #[must_use]
    pub fn session(&self, input: &Value, data: &Value, limits: &Limits) -> Session<'_> {
        Session::new(self, input, data, limits)
    }

    /// The value of the rule at `path`; `Undefined` when it has none.
    pub fn eval(&self, path: &str, input: &Value, data: &Value, limits: &Limits) -> Result<Value, Box<ExecError>> {
        let Some(rule) = self.find(path) else { return Ok(Value::Undefined) };
        guarded(|| {
            number::reset();
            let mut machine = Machine::new(self, input.clone(), data.clone(), limits, Untraced);
            machine.rule(rule).map(|(value, ())| number::leave(value))
        })
    }

    /// As [`eval`](Self::eval), and what each of the rule's findings was made of.
    pub fn trace(
        &self,
        path: &str,
        input: &Value,
        data: &Value,
        limits: &Limits,
    ) -> Result<(Value, Trace), Box<ExecError>> {
        self.recorded(path, input, data, limits, Recorder::default())
    }

    /// As [`trace`](Self::trace), and what was asked on the way.
    pub fn explain(
        &self,
        path: &str,
        input: &Value,
        data: &Value,
        limits: &Limits,
    ) -> Result<(Value, Trace), Box<ExecError>> {
        self.recorded(path, input, data, limits, Recorder::explaining())
    }

    fn recorded(
        &self,
        path: &str,
        input: &Value,
        data: &Value,
        limits: &Limits,
        recorder: Recorder,
    ) -> Result<(Value, Trace), Box<ExecError>> {
        let Some(rule) = self.find(path) else { return Ok((Value::Undefined, Trace::default())) };
        guarded(|| {
            number::reset();
            let mut machine = Machine::new(self, input.clone(), data.clone(), limits, recorder);
            machine.begin(rule);
            let (value, _) = machine.rule(rule)?;
            Ok((value, machine.tracer.finish()))
        })
    }

    /// The bindings of each solution of a query.
    pub fn query(
        &self,
        text: &str,
        input: &Value,
        data: &Value,
        limits: &Limits,
    ) -> Result<Vec<Vec<(String, Value)>>, Box<ExecError>> {
        let at = At { module: QUERY, ..At::default() };
        let bad = |message: String| ExecError::new(ErrorCode::Parse, at, message);
        let source = Source::from_contents("query".to_owned(), text.to_owned()).map_err(|e| bad(e.to_string()))?;
        let mut parser = Parser::new(&source).map_err(|e| bad(e.to_string()))?;
        parser.enable_rego_v1().map_err(|e| bad(e.to_string()))?;
        let query = parser.parse_user_query().map_err(|e| bad(e.to_string()))?;
        let asked = compile::ask(&self.compiled.globals, &query)?;
        guarded(|| {
            number::reset();
            let mut machine = Machine::new(self, input.clone(), data.clone(), limits, Untraced);
            machine.enter(asked.clause.slots);
            let mut results = Vec::new();
            machine.run(&asked.clause.block, &mut |machine| {
                let value = |slot: &ir::Slot| {
                    machine.slot(*slot).map_or(Value::Undefined, |marked| number::leave(marked.0.clone()))
                };
                results.push(asked.names.iter().map(|(name, slot)| (name.clone(), value(slot))).collect());
                Ok(Flow::Go)
            })?;
            Ok(results)
        })
    }
}
