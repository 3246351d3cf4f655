//! OPA's own compliance cases, run through the executor.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use regate::engine::Value;
use regate::engine::exec::{Limits, ModuleText, Program};
use serde_json::Value as Json;

/// Categories that need builtins which are not the executor's to give.
const BUILTINS_ONLY: [&str; 5] = ["graphql", "jwtencodesign", "netlookupipaddr", "providers-aws", "regoparsemodule"];

fn corpus(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("REGATE_CORPUS");
    if root.is_none() {
        println!("skipped: REGATE_CORPUS is not set");
    }
    Some(PathBuf::from(root?).join(path))
}

/// JSON in which sets and arrays are the same, as in the cases.
fn plain(value: &Value, sorted: bool) -> Json {
    match value {
        Value::Set(set) => {
            let mut items: Vec<Json> = set.iter().map(|item| plain(item, sorted)).collect();
            items.sort_by_key(ToString::to_string);
            Json::Array(items)
        }
        Value::Array(array) => Json::Array(array.iter().map(|item| plain(item, sorted)).collect()),
        Value::Object(object) => {
            let name = |key: &Value| match key {
                Value::String(text) => text.to_string(),
                other => other.to_json_str().unwrap_or_default(),
            };
            let fields: BTreeMap<String, Json> =
                object.iter().map(|(key, item)| (name(key), plain(item, sorted))).collect();
            Json::Object(fields.into_iter().collect())
        }
        other => serde_json::from_str(&other.to_json_str().unwrap_or_default()).unwrap_or(Json::Null),
    }
}

/// Whether two JSON values are the same when the order in arrays may differ.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && {
                let mut left: Vec<&Json> = b.iter().collect();
                a.iter().all(|item| match left.iter().position(|other| same(item, other)) {
                    Some(at) => {
                        left.remove(at);
                        true
                    }
                    None => false,
                })
            }
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, item)| b.get(key).is_some_and(|other| same(item, other)))
        }
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => one == other,
    }
}

fn run(case: &Json) -> Result<(), String> {
    let empty = Vec::new();
    let texts: Vec<&str> = case["modules"].as_array().unwrap_or(&empty).iter().filter_map(Json::as_str).collect();
    let modules: Vec<ModuleText<'_>> =
        texts.iter().map(|text| ModuleText { name: "m.rego", text, v0: false }).collect();
    let limits = Limits { strict: case["strict_error"] == Json::Bool(true), ..Limits::default() };
    let answer = || -> Result<Vec<Vec<(String, Value)>>, String> {
        let program = Program::compile(&modules).map_err(|errors| format!("{}", errors[0]))?;
        let value = |json: &Json| Value::from_json_str(&json.to_string()).unwrap();
        let data = if case["data"].is_null() { Value::new_object() } else { value(&case["data"]) };
        let mut input = if case.get("input").is_some() { value(&case["input"]) } else { Value::Undefined };
        if let Some(term) = case["input_term"].as_str() {
            let found = program
                .query(&format!("x = {term}"), &Value::Undefined, &data, &limits)
                .map_err(|error| error.to_string())?;
            input = found.first().and_then(|row| row.first()).map_or(Value::Undefined, |(_, value)| value.clone());
        }
        program.query(case["query"].as_str().unwrap_or(""), &input, &data, &limits).map_err(|error| error.to_string())
    };
    let found = answer();
    let error = case["want_error_code"].as_str().or(case["want_error"].as_str());
    match (&found, error) {
        (Err(_), Some(_)) => return Ok(()),
        (Err(error), None) => return Err(format!("error: {error}")),
        (Ok(_), Some(error)) => return Err(format!("no error, wanted {error}")),
        (Ok(_), None) => {}
    }
    let found: Vec<Json> = found
        .unwrap_or_default()
        .iter()
        .map(|row| {
            let shown = row.iter().filter(|(name, _)| !name.starts_with("__"));
            Json::Object(shown.map(|(name, value)| (name.clone(), plain(value, false))).collect())
        })
        .collect();
    let Some(want) = case.get("want_result").filter(|want| !want.is_null()) else { return Ok(()) };
    let found = Json::Array(found);
    if same(&found, want) { Ok(()) } else { Err(format!("found {found}, wanted {want}")) }
}

#[test]
fn the_executor_agrees_with_opa_on_its_own_cases() {
    let Some(path) = corpus("opa-cases/v1.ndjson") else { return };
    let text = std::fs::read_to_string(path).expect("the cases");
    let filter = std::env::var("CASE").ok();
    let mut score: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).expect("a case a line");
        let category = case["category"].as_str().unwrap_or("").to_owned();
        let note = case["note"].as_str().unwrap_or("");
        if filter.as_ref().is_some_and(|filter| !note.contains(filter.as_str())) {
            continue;
        }
        let result = run(&case);
        let entry = score.entry(category.clone()).or_default();
        match result {
            Ok(()) => entry.0 += 1,
            Err(reason) => {
                entry.1 += 1;
                failures.push(format!("{note}: {reason}"));
            }
        }
    }
    for (category, (passed, failed)) in &score {
        if *failed > 0 {
            println!("{category}: {passed} passed, {failed} failed");
        }
    }
    failures.iter().for_each(|failure| println!("  {failure}"));
    let passed: usize = score.values().map(|(passed, _)| passed).sum();
    let counted = score.iter().filter(|(name, _)| !BUILTINS_ONLY.iter().any(|skip| name.starts_with(skip)));
    let all: usize = counted.map(|(_, (passed, failed))| passed + failed).sum();
    println!("{passed} passed of {all}");
    assert!(filter.is_some() || passed * 100 > all * 70, "only {passed} of {all} pass");
}
