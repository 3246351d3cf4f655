//! Builtins as OPA has them: our own where regorus lacks one or differs, else regorus's.
//!
//! In: a name and operands that are values. Out: a value, or a [`Failure`] that
//! says whether OPA would call the expression undefined ([`Failure::Undefined`])
//! or whether the run must hear of it ([`Failure::Denied`], [`Failure::Limit`]).
//!
//! [`TABLE`] is the whole list of our own. [`register`] puts it over regorus's
//! in an engine; [`call`] reaches all of both by name, for an executor that
//! has only values.
//!
//! Nothing here reads a clock, the environment or chance but through
//! [`Context`], and nothing makes a result larger than the cap of its builtin.

mod args;
mod capped;
mod certificate;
mod chain;
mod cidr;
mod encoding;
mod floats;
mod gated;
mod glob;
mod globs;
mod hashes;
mod json;
mod jwt;
mod keys;
mod legacy;
mod misc;
mod numeric;
mod order;
mod patterns;
mod private;
mod schema;
mod show;
mod sign;
mod sprintf;
mod strings;
mod table;
mod template;
mod time;
mod units;
mod x509;
mod yaml;

pub use show::text as show;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regorus::Value;
use regorus::unstable::{BUILTINS, BuiltinFcn, Expr, NodeRef, Span};

pub use args::Run;
pub(crate) use gated::{BESIDE, beside};
pub(crate) use order::order;
pub use table::TABLE;

/// What a policy may reach outside of its input; all off by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Four independent grants.
pub struct Allow {
    /// `opa.runtime().env`.
    pub env: bool,
    /// `http.send`, `net.lookup_ip_addr`.
    pub net: bool,
    /// `rand.intn`, `uuid.rfc4122`.
    pub rand: bool,
    /// The wall clock; the caller then sets [`Context::now_ns`].
    pub clock: bool,
}

/// A builtin that the caller supplies.
pub type Hook = Arc<dyn Fn(&[Value]) -> Run + Send + Sync>;

/// conftest's file readers, which need our parsers and so come from the caller.
#[derive(Clone, Default)]
pub struct Hooks {
    /// `parse_config(parser, text)`.
    pub parse_config: Option<Hook>,
    /// `parse_config_file(path)`; the engine puts the folder of the calling policy before the path.
    pub parse_config_file: Option<Hook>,
    /// `parse_combined_config_files(paths)`; as above.
    pub parse_combined_config_files: Option<Hook>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

/// How large a builtin's result may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Items of a range.
    pub items: usize,
    /// Bytes of a text.
    pub text: usize,
    /// Bytes of a compiled regular expression.
    pub regex: usize,
}

impl Default for Caps {
    fn default() -> Self {
        let super::Limits { items, text, regex, .. } = super::Limits::default();
        Self { items, text, regex }
    }
}

/// What a builtin may know of the run.
#[derive(Debug, Default)]
pub struct Context {
    /// The run's one point in time, in nanoseconds since 1970; none is not granted.
    pub now_ns: Option<i128>,
    /// What the run grants.
    pub allow: Allow,
    /// Where `rand.intn` and `uuid.rfc4122` start, so that a run can be repeated.
    pub seed: u64,
    /// What `opa.runtime().env` shows when granted.
    pub environment: BTreeMap<String, String>,
    /// The caller's own builtins.
    pub hooks: Hooks,
    /// The files of the policies, by the number of the module; set by the engine.
    pub files: Vec<String>,
    /// How large results may be.
    pub caps: Caps,
    /// Whether a builtin's error ends the evaluation instead of being undefined.
    pub strict: bool,
    raised: Mutex<Vec<Raised>>,
}

impl Context {
    /// Takes what must be raised even where errors are undefined: denied uses and
    /// exceeded limits of calls through [`register`]ed builtins since the last taking.
    pub fn take_raised(&self) -> Vec<Raised> {
        std::mem::take(&mut *self.raised.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn raise(&self, name: &'static str, failure: &Failure) {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        // A hundred say as much as a million from one loop.
        if raised.len() < 100 {
            raised.push(Raised { name, failure: failure.clone() });
        }
    }
}

/// A failure that may not be lost, with the builtin it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The builtin.
    pub name: &'static str,
    /// What it said.
    pub failure: Failure,
}

/// Why a builtin gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The builtin's own error: undefined, unless errors are strict.
    #[error("{0}")]
    Undefined(String),
    /// Used without the grant it needs: always an error.
    #[error("{0}")]
    Denied(String),
    /// A bound was exceeded: always an error.
    #[error("{0}")]
    Limit(String),
    /// A fault of ours or of the engine: always an error.
    #[error("{0}")]
    Fault(String),
}

/// One builtin: its name, how many operands it takes, what it does.
#[derive(Debug)]
pub struct Builtin {
    /// The full name, e.g. `crypto.sha256`.
    pub name: &'static str,
    /// The number of operands.
    pub arity: u8,
    /// The function; operands are never undefined.
    pub run: fn(&Context, &[Value]) -> Run,
}

static INDEX: LazyLock<HashMap<&'static str, &'static Builtin>> =
    LazyLock::new(|| TABLE.iter().map(|builtin| (builtin.name, builtin)).collect());

/// The place that regorus's own builtins are given; their errors' places are not used.
static NOWHERE: LazyLock<Option<(Span, NodeRef<Expr>)>> = LazyLock::new(|| {
    let source = regorus::Source::from_contents("builtin".to_owned(), " ".to_owned()).ok()?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 0 };
    let expr = NodeRef::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    Some((span, expr))
});

/// One of our own builtins by name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    INDEX.get(name).copied()
}

/// The number of operands of a builtin, ours or regorus's.
pub fn arity(name: &str) -> Option<u8> {
    find(name).map(|builtin| builtin.arity).or_else(|| BUILTINS.get(name).map(|entry| entry.1))
}

/// Whether there is a builtin of this name, ours or regorus's.
pub fn is_builtin(name: &str) -> bool {
    name == "print" || find(name).is_some() || BUILTINS.contains_key(name)
}

/// Calls a builtin by name with values only; none where there is no such builtin.
///
/// An operand that is undefined makes the call undefined.
pub fn call(context: &Context, name: &str, args: &[Value]) -> Option<Run> {
    if args.contains(&Value::Undefined) {
        return is_builtin(name).then_some(Ok(Value::Undefined));
    }
    if let Some(own) = find(name) {
        return Some(run(own, context, args));
    }
    BUILTINS.get(name).map(|entry| engines(name, *entry, args))
}

fn run(builtin: &Builtin, context: &Context, args: &[Value]) -> Run {
    if args.len() != usize::from(builtin.arity) {
        return Err(Failure::Fault(format!("{} takes {} operands", builtin.name, builtin.arity)));
    }
    (builtin.run)(context, args)
}

/// Calls one of regorus's own builtins; some of them panic on odd operands.
pub(crate) fn engines(name: &str, (function, arity): BuiltinFcn, args: &[Value]) -> Run {
    let Some((span, expr)) = NOWHERE.as_ref() else {
        return Err(Failure::Fault("no place for builtins".to_owned()));
    };
    if args.len() != usize::from(arity) {
        return Err(Failure::Fault(format!("{name} takes {arity} operands")));
    }
    let params = vec![expr.clone(); args.len()];
    // Strict, so that an error's text is kept: the caller decides what it means.
    match catch_unwind(AssertUnwindSafe(|| function(span, &params, args, true))) {
        Err(_) => Err(Failure::Fault(format!("{name}: the engine's builtin broke down"))),
        Ok(Ok(value)) => Ok(value),
        Ok(Err(cause)) if cause.downcast_ref::<regorus::LimitError>().is_some() => {
            Err(Failure::Limit(format!("{name}: {cause}")))
        }
        Ok(Err(cause)) => {
            let text = cause.to_string();
            let text = text.rsplit_once("error: ").map_or(text.as_str(), |(_, rest)| rest);
            Err(Failure::Undefined(text.trim().to_owned()))
        }
    }
}

/// Calls regorus's builtin of this name, for our own that only wrap it.
pub(crate) fn underlying(name: &str, args: &[Value]) -> Run {
    match BUILTINS.get(name) {
        Some(entry) => engines(name, *entry, args),
        None => Err(Failure::Fault(format!("{name} is no builtin of the engine"))),
    }
}

/// Puts every builtin of [`TABLE`] into an engine, over its own of the same name.
///
/// Fails when one is already there: call this once an engine.
pub fn register(engine: &mut regorus::Engine, context: &Arc<Context>) -> Result<(), Failure> {
    for builtin in TABLE {
        let context = Arc::clone(context);
        let extension = move |args: Vec<Value>| match run(builtin, &context, &args) {
            Ok(value) => Ok(value),
            Err(Failure::Undefined(_)) if !context.strict => Ok(Value::Undefined),
            Err(failure) => {
                if !matches!(failure, Failure::Undefined(_)) {
                    context.raise(builtin.name, &failure);
                }
                Err(failure.into())
            }
        };
        engine
            .add_extension(builtin.name.to_owned(), builtin.arity, Box::new(extension))
            .map_err(|cause| Failure::Fault(format!("{}: {cause}", builtin.name)))?;
    }
    Ok(())
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
