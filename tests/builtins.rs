//! Builtins and operators with ordinary and wrong operands, answered as OPA answers them.
//!
//! Each line of `tests/builtins/NAME.txt` is an expression, ` => ` and what OPA 1.x gave for it:
//! JSON, or `undefined` where it has no value. A third part after ` ~> ` is what regate gives where
//! it differs on purpose; the line above says why. With `REGATE_OPA`, the path of an `opa` binary,
//! OPA is asked again, and `UPDATE=1` writes down what it says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::format_push_string,
    missing_docs
)]

use std::path::PathBuf;
use std::process::Command;

use regate::engine::{Engine, Limits, ModuleText, Value};

fn place() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/builtins"))
}

fn tables() -> Vec<(PathBuf, Vec<String>)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(place()).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let lines = |path: &PathBuf| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    paths.into_iter().map(|path| (path.clone(), lines(&path))).collect()
}

/// The expression, what OPA says, and what regate says when that is another.
fn parts(line: &str) -> Option<(&str, &str, Option<&str>)> {
    if line.starts_with('#') || line.is_empty() {
        return None;
    }
    let (call, answers) = line.split_once(" => ").unwrap_or((line, ""));
    let (opa, own) = answers.split_once(" ~> ").map_or((answers, None), |(opa, own)| (opa, Some(own)));
    Some((call, opa, own))
}

/// The operands of `name(a, b)`, taken apart at the commas outside of brackets and texts.
fn operands(inner: &str) -> usize {
    let (mut depth, mut count, mut quote, mut escaped) = (0, usize::from(!inner.trim().is_empty()), None, false);
    for c in inner.chars() {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), c) if c == open && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '[' | '{' | '(') => depth += 1,
            (None, ']' | '}' | ')') => depth -= 1,
            (None, ',') if depth == 0 => count += 1,
            (None, _) => {}
        }
        escaped = false;
    }
    count
}

/// A rule for the expression; operands of calls come from the input, so that OPA cannot know their types at load.
fn rule(number: usize, whole: &str) -> String {
    let call = whole;
    let name: String = call.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')).collect();
    // What follows the call is a part of its result: `f(x)[0]`.
    let (call, part) = call.rsplit_once(')').unwrap_or((call, ""));
    let inner = call.strip_prefix(&format!("{name}("));
    let alone = !name.is_empty() && (part == "[0]" || !part.contains([' ', '}', ']']));
    match inner.filter(|inner| alone && !inner.contains(") + ")) {
        Some(inner) => {
            let given: Vec<String> = (0..operands(inner)).map(|at| format!("input[{at}]")).collect();
            format!("r{number} := x if {{ x := {name}({}){part} with input as [{inner}] }}\n", given.join(", "))
        }
        None => format!("r{number} := x if {{ x := {whole} }}\n"),
    }
}

fn policy(lines: &[String]) -> String {
    let mut text = String::from("package t\n\n");
    for (number, line) in lines.iter().enumerate() {
        if let Some((call, ..)) = parts(line) {
            text.push_str(&rule(number, call));
        }
    }
    text
}

/// Numbers are compared as floats: JSON of other programs knows no more.
fn json(text: &str) -> serde_json::Value {
    fn floats(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Number(number) => {
                let float = number.as_f64().unwrap();
                *value = if float == 0.0 { 0.0.into() } else { float.into() };
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(floats),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(floats),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    floats(&mut value);
    value
}

fn said(engine: &Engine, number: usize) -> String {
    match engine.eval(&format!("data.t.r{number}"), &Value::new_object()) {
        Ok(Value::Undefined) => "undefined".to_owned(),
        Ok(value) => serde_json::to_string(&value).unwrap_or_else(|error| format!("error: {error}")),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn builtins_answer_as_opas_do() {
    let mut differ = Vec::new();
    for (path, lines) in tables() {
        let module = ModuleText { name: "t.rego".to_owned(), text: policy(&lines) };
        let (engine, errors) = Engine::load(&[module], Value::new_object(), Limits::default());
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        for (number, line) in lines.iter().enumerate() {
            let Some((call, opa, own)) = parts(line) else { continue };
            let got = said(&engine, number);
            if json(&got) != json(own.unwrap_or(opa)) {
                differ.push(format!("{call}\n     want {}\n      got {got}", own.unwrap_or(opa)));
            }
            assert!(own.is_none_or(|own| json(own) != json(opa)), "this no longer differs: {line}");
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}

#[test]
fn opa_still_says_what_is_recorded_of_builtins() {
    let Some(opa) = std::env::var_os("REGATE_OPA") else {
        println!("skipped: REGATE_OPA names no opa binary");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    for (path, lines) in tables() {
        let file = scratch.path().join("t.rego");
        std::fs::write(&file, policy(&lines)).unwrap();
        let output = Command::new(&opa).args(["eval", "-f", "json", "-d"]).arg(&file).arg("data.t").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let all: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let rules = all["result"][0]["expressions"][0]["value"].as_object();
        let rules = rules.unwrap_or_else(|| panic!("{}: {text}", path.display()));
        let mut out = String::new();
        for (number, line) in lines.iter().enumerate() {
            let Some((call, _, own)) = parts(line) else {
                out.push_str(&format!("{line}\n"));
                continue;
            };
            let answer = rules.get(&format!("r{number}")).map_or("undefined".to_owned(), ToString::to_string);
            let own = own.map(|own| format!(" ~> {own}")).unwrap_or_default();
            out.push_str(&format!("{call} => {answer}{own}\n"));
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, out).unwrap();
        } else {
            assert_eq!(out, std::fs::read_to_string(&path).unwrap(), "{}", path.display());
        }
    }
}
