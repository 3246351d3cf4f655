//! One query over a few modules: what the compliance cases run and `eval` shows.
//!
//! Not for the hot path: every call loads the modules anew.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use regorus::Value;

use crate::engine::error::{Code, Level, PolicyError};
use crate::engine::exec::{ErrorCode, ExecError, Limits, Program};
use crate::engine::parse::{Parsed, parse_all};
use crate::engine::prepass::{Options, Prepared, Version, prepare_with};
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
    let parsed = parsed(modules, options)?;
    let asked = prepare_with(QUERY_FILE, query, Options { version: Some(Version::V1), ..Options::default() })?;
    let known = check::Known { is_builtin: &|_| true, data: &data };
    let mut faults = check::check(&parsed, known);
    faults.retain(|fault| fault.level == Level::Error);
    if !faults.is_empty() {
        return Err(faults);
    }
    let program = Program::from_modules(&parsed).map_err(|errors| {
        errors.iter().map(|error| placed(parsed.iter().map(|one| &one.prepared), error)).collect::<Vec<_>>()
    })?;
    let program = program.with_context(Arc::new(context(strict)));
    let limits = Limits { strict, ..Limits::default() };
    let rows = program.query(&asked.text, &input, &data, &limits).map_err(|error| match error.code {
        ErrorCode::Parse => vec![PolicyError::from_engine(&asked, Code::Parse, &error.message)],
        _ => vec![placed(parsed.iter().map(|one| &one.prepared), &error)],
    })?;
    let row = |bindings: Vec<(String, Value)>| {
        let pairs = bindings.into_iter().map(|(name, value)| (Value::from(name), value));
        Value::from(pairs.collect::<BTreeMap<_, _>>())
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The modules, or what is wrong with all of them that cannot be parsed.
fn parsed(modules: &[(String, String)], options: Options<'_>) -> Result<Vec<Parsed>, Vec<PolicyError>> {
    let texts: Vec<_> = modules.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for module in parse_all(&texts, options) {
        match module {
            Ok(module) => good.push(module),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(good) } else { Err(faults) }
}

/// The executor's error at its place in the text as written.
pub(super) fn placed<'a>(mut modules: impl Iterator<Item = &'a Prepared>, error: &ExecError) -> PolicyError {
    let code = match error.code {
        ErrorCode::Parse => Code::Parse,
        ErrorCode::Compile => Code::Compile,
        ErrorCode::Unsafe => Code::UnsafeVar,
        ErrorCode::Type => Code::Type,
        ErrorCode::Recursion => Code::Recursion,
        _ => Code::Eval,
    };
    match modules.nth(error.at.module as usize) {
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
    is_builtin: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Vec<PolicyError>, Vec<PolicyError>> {
    Ok(check::check(&parsed(modules, Options::default())?, check::Known { is_builtin, data }))
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
