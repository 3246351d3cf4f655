//! One query over a few modules: what the compliance cases run and `eval` shows.
//!
//! Not for the hot path: every call loads the modules anew.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use regorus::{Engine, PolicyLengthConfig, Value};

use crate::engine::error::{Code, Level, PolicyError};
use crate::engine::exec::{ErrorCode, ExecError, Limits, ModuleText, Program};
use crate::engine::prepass::{Options, Prepared, TEMPLATE_FUNCTION, Version, prepare_with, render};
use crate::engine::{builtins, check, metadata};
use crate::source::{Source, Span};

/// The file name that errors of the query itself carry.
pub const QUERY_FILE: &str = "<query>";

/// The bindings of each result of `query`, an object of names and values each.
///
/// `modules` are names and texts. With `strict`, errors of builtins are errors; otherwise
/// they leave the expression undefined.
pub fn run_query(
    modules: &[(String, String)],
    data: Value,
    input: Value,
    query: &str,
    strict: bool,
) -> Result<Vec<Value>, Vec<PolicyError>> {
    // regorus can panic on odd arguments of builtins; a panic is an error of the policy here.
    let run = || evaluate(modules, data, input, query, strict);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(vec![plain("the engine gave up on this policy")]))
}

fn plain(message: &str) -> PolicyError {
    PolicyError::at(&Source::new(QUERY_FILE, ""), Span::default(), Code::Eval, message)
}

fn evaluate(
    modules: &[(String, String)],
    data: Value,
    input: Value,
    query: &str,
    strict: bool,
) -> Result<Vec<Value>, Vec<PolicyError>> {
    let (index, _) = metadata::Index::build(modules.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let options = Options { metadata: Some(&index), ..Options::default() };
    let prepared =
        modules.iter().map(|(name, text)| prepare_with(name, text, options)).collect::<Result<Vec<_>, _>>()?;
    let asked = prepare_with(QUERY_FILE, query, Options { version: Some(Version::V1), ..Options::default() })?;
    let mut engine = load(&prepared, strict)?;
    // regorus evaluates a recursive function until the stack is gone, and that ends the process.
    let known = check::Known { is_builtin: &|_| true, data: &data };
    let mut faults = check::check(&mut engine, &prepared, known);
    faults.retain(|fault| fault.level == Level::Error);
    if !faults.is_empty() {
        return Err(faults);
    }
    let texts: Vec<ModuleText<'_>> = prepared.iter().map(module_text).collect();
    let program = Program::compile(&texts)
        .map_err(|errors| errors.iter().map(|error| placed(&prepared, error)).collect::<Vec<_>>())?;
    let program = program.with_context(Arc::new(context(strict)));
    let limits = Limits { strict, ..Limits::default() };
    let rows = program.query(&asked.text, &input, &data, &limits).map_err(|error| vec![placed(&prepared, &error)])?;
    let row = |bindings: Vec<(String, Value)>| {
        let pairs = bindings.into_iter().map(|(name, value)| (Value::from(name), value));
        Value::from(pairs.collect::<BTreeMap<_, _>>())
    };
    Ok(rows.into_iter().map(row).collect())
}

/// A prepared module as the executor takes it.
pub(super) fn module_text(prepared: &Prepared) -> ModuleText<'_> {
    ModuleText { name: prepared.source.name(), text: &prepared.text, v0: prepared.version == Version::V0 }
}

/// The executor's error at its place in the text as written.
pub(super) fn placed(modules: &[Prepared], error: &ExecError) -> PolicyError {
    let code = match error.code {
        ErrorCode::Parse => Code::Parse,
        ErrorCode::Compile => Code::Compile,
        ErrorCode::Unsafe => Code::UnsafeVar,
        ErrorCode::Type => Code::Type,
        ErrorCode::Recursion => Code::Recursion,
        _ => Code::Eval,
    };
    match modules.get(error.at.module as usize) {
        Some(module) => {
            let span = module.span(error.at.span.start, error.at.span.end);
            PolicyError::at(&module.source, span, code, error.message.clone())
        }
        None => PolicyError::of_file(QUERY_FILE, code, error.message.clone()),
    }
}

/// What the static checks say of `modules`; faults of loading when they cannot be loaded.
pub fn faults(
    modules: &[(String, String)],
    data: &Value,
    is_builtin: &dyn Fn(&str) -> bool,
) -> Result<Vec<PolicyError>, Vec<PolicyError>> {
    let prepared = modules
        .iter()
        .map(|(name, text)| prepare_with(name, text, Options::default()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut engine = load(&prepared, false)?;
    Ok(check::check(&mut engine, &prepared, check::Known { is_builtin, data }))
}

/// An engine with all modules.
fn load(prepared: &[Prepared], strict: bool) -> Result<Engine, Vec<PolicyError>> {
    let mut engine = engine(strict);
    for module in prepared {
        engine.set_rego_v0(module.version == Version::V0);
        let added = engine.add_policy(module.source.name().to_string(), module.text.clone());
        added.map_err(|error| vec![PolicyError::from_engine(module, Code::Parse, &error.to_string())])?;
    }
    engine.set_rego_v0(false);
    Ok(engine)
}

fn engine(strict: bool) -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(strict);
    engine.set_gather_prints(true);
    engine.set_policy_length_config(lengths());
    let limit = regorus::utils::limits::ExecutionTimerConfig {
        limit: Duration::from_secs(10),
        check_interval: std::num::NonZeroU32::MIN,
    };
    engine.set_execution_timer_config(limit);
    let template = |args: Vec<Value>| Ok(args.first().and_then(render).map_or(Value::Undefined, Value::from));
    // Both fail only for a name that is taken, and the engine is new.
    let _ = builtins::register(&mut engine, &Arc::new(context(strict)));
    let _ = engine.add_extension(TEMPLATE_FUNCTION.to_owned(), 1, Box::new(template));
    engine
}

/// A query of one's own may use the clock and chance, and nothing of the machine.
fn context(strict: bool) -> builtins::Context {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok();
    let mut context = builtins::Context::default();
    context.strict = strict;
    context.now_ns = now.and_then(|now| i128::try_from(now.as_nanos()).ok());
    context.allow.rand = true;
    context.allow.clock = true;
    context
}

/// Lengths of policy texts; regorus's own default of 1,024 columns is less than real policies have.
#[must_use]
pub fn lengths() -> PolicyLengthConfig {
    PolicyLengthConfig { max_col: std::num::NonZeroU32::MAX, ..PolicyLengthConfig::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str, query: &str) -> Result<String, String> {
        let modules = [("a.rego".to_owned(), text.to_owned())];
        let rows = run_query(&modules, Value::new_object(), Value::new_object(), query, false);
        let told = rows.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let texts: Vec<_> = told.iter().map(|row| serde_json::to_value(row).unwrap().to_string()).collect();
        Ok(texts.join(" "))
    }

    #[test]
    fn templates_and_metadata_are_answered() {
        let text = "package a\n# METADATA\n# title: T\np := $\"{rego.metadata.rule().title} {input.no} {[1, {2}]}\"\n";
        assert_eq!(asked(text, "x := data.a.p").unwrap(), r#"{"x":"T <undefined> [1, {2}]"}"#);
    }

    #[test]
    fn what_would_end_the_process_is_an_error() {
        assert_eq!(
            asked("package a\nf(x) := f(x + 1)\np := f(1)\n", "x = data.a.p").unwrap_err(),
            "a.rego:2:1: rego_recursion_error: rule data.a.f is recursive: data.a.f -> data.a.f"
        );
        let deep = format!("package a\np := {}1{}\n", "{\"a\": [".repeat(30), "]}".repeat(30));
        let got = asked(&deep, "x = count(data.a.p)").unwrap();
        assert_eq!(got, r#"{"x":1}"#);
        let minus = format!("package a\np := {}1\n", "- ".repeat(5_000));
        assert!(asked(&minus, "x = data.a.p").unwrap_err().contains("operators follow each other here"));
        let index = format!("package a\np := {}x{}\n", "a[".repeat(120), "]".repeat(120));
        assert!(asked(&index, "x = data.a.p").is_err());
    }
}
