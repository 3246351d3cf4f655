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
mod compile;
mod error;
mod ir;
mod record;
mod run;
mod session;
mod test;
mod trace;
mod watch;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use regorus::unstable::{Module, Parser, Source};

use super::builtins::Context;
use super::{Value, number};
use compile::Compiled;
pub use error::{ErrorCode, ExecError};
pub use ir::At;
use record::Recorder;
pub use record::{Fact, Trace, TracedFinding};
use run::{Flow, Machine};
use session::guarded;
pub use session::{Outcome, Session};
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

/// Columns a line of policy may have: keys and certificates are long.
const WIDEST: u32 = 1 << 20;

/// What one evaluation may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Steps of work.
    pub steps: u64,
    /// Wall time.
    pub time: Option<Duration>,
    /// Rules, functions and loops within each other.
    pub depth: u32,
    /// Whether a builtin's error is an error, and not just undefined.
    pub strict: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 200_000_000, time: Some(Duration::from_secs(10)), depth: 1_000, strict: false }
    }
}

/// Compiled policies, ready to be evaluated by many threads.
#[derive(Debug)]
pub struct Program {
    compiled: Compiled,
    context: Arc<Context>,
}

struct Parsed(Module);

impl AsRef<Module> for Parsed {
    fn as_ref(&self) -> &Module {
        &self.0
    }
}

impl Program {
    /// Compiles all of `modules` together.
    pub fn compile(modules: &[ModuleText<'_>]) -> Result<Self, Vec<ExecError>> {
        let mut parsed = Vec::new();
        let mut errors = Vec::new();
        for (at, module) in modules.iter().enumerate() {
            match parse(module) {
                Ok(ast) => parsed.push(Parsed(ast)),
                Err(message) => {
                    let module = u32::try_from(at).unwrap_or(u32::MAX);
                    let at = At { module, ..At::default() };
                    errors.push(*ExecError::new(ErrorCode::Parse, at, message));
                }
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

    /// Whether there is a rule at `path` (`data.main.deny`).
    #[must_use]
    pub fn has_rule(&self, path: &str) -> bool {
        self.find(path).is_some()
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
        let Some(rule) = self.find(path) else { return Ok((Value::Undefined, Trace::default())) };
        guarded(|| {
            number::reset();
            let recorder = Recorder::default();
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
        let at = At::default();
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

fn parse(module: &ModuleText<'_>) -> Result<Module, String> {
    let source =
        Source::from_contents(module.name.to_owned(), module.text.to_owned()).map_err(|error| error.to_string())?;
    let mut parser = Parser::new(&source).map_err(|error| error.to_string())?;
    if let Some(columns) = NonZeroU32::new(WIDEST) {
        parser.set_max_col(columns);
    }
    if !module.v0 {
        parser.enable_rego_v1().map_err(|error| error.to_string())?;
    }
    parser.parse().map_err(|error| error.to_string())
}
