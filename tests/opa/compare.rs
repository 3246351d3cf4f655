//! Comparing bindings with what OPA answers; a set is an array in any order there.

use regate::engine::Value;
use serde_json::Value as Json;

/// Compares all results, in any order.
///
/// With `sorted`, an array that is bound may be in any order too.
pub fn results(want: &[Json], got: &[Value], sorted: bool) -> Result<(), String> {
    let loose: Vec<Value> = if sorted { got.iter().map(unordered).collect() } else { got.to_vec() };
    if same(want, loose.iter().collect()) {
        return Ok(());
    }
    let shown: Vec<_> = got.iter().map(|value| value.to_json_str().unwrap_or_else(|error| error.to_string())).collect();
    let want = serde_json::to_string(want).unwrap();
    Err(clip(format!("want {want}, got [{}]", shown.join(","))))
}

/// The bindings with each array among them put into the order of its items.
fn unordered(bindings: &Value) -> Value {
    let Value::Object(bindings) = bindings else { return bindings.clone() };
    let pairs = bindings.iter().map(|(name, value)| {
        let Value::Array(items) = value else { return (name.clone(), value.clone()) };
        let mut items: Vec<Value> = items.iter().cloned().collect();
        items.sort();
        (name.clone(), Value::from(items))
    });
    Value::from(pairs.collect::<std::collections::BTreeMap<_, _>>())
}

fn clip(text: String) -> String {
    if text.chars().count() > 300 { text.chars().take(300).chain(['…']).collect() } else { text }
}

/// Whether each of `want` has its equal in `got`.
fn same(want: &[Json], mut got: Vec<&Value>) -> bool {
    want.len() == got.len()
        && want.iter().all(|want| {
            let found = got.iter().position(|got| equal(want, got));
            found.is_some_and(|at| {
                got.swap_remove(at);
                true
            })
        })
}

fn equal(want: &Json, got: &Value) -> bool {
    match (want, got) {
        (Json::Array(want), Value::Set(got)) => same(want, got.iter().collect()),
        (Json::Array(want), Value::Array(got)) => {
            want.len() == got.len() && want.iter().zip(got.iter()).all(|(want, got)| equal(want, got))
        }
        (Json::Object(want), Value::Object(got)) => {
            want.len() == got.len()
                && got.iter().all(|(key, got)| {
                    let key = match key {
                        Value::String(text) => text.to_string(),
                        other => compact(other),
                    };
                    want.get(&key).is_some_and(|want| equal(want, got))
                })
        }
        (Json::Number(want), Value::Number(_)) => {
            let text = got.to_json_str().unwrap_or_default();
            text == want.to_string() || text.parse::<f64>().ok() == want.as_f64()
        }
        (Json::Null | Json::Bool(_) | Json::String(_), _) => {
            !matches!(got, Value::Undefined) && Value::from_json_str(&want.to_string()).is_ok_and(|want| want == *got)
        }
        _ => false,
    }
}

/// A key that is no string: JSON text without spaces.
fn compact(value: &Value) -> String {
    let text = value.to_json_str().unwrap_or_default();
    serde_json::from_str::<Json>(&text).map_or(text, |value| value.to_string())
}
