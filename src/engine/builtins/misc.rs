//! Builtins of regorus that need only a little put right.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::args::{self, Run};
use super::{Context, Failure, underlying};

/// The most steps `graph.reachable_paths` takes.
const MAX_STEPS: usize = 200_000;

/// `json.is_valid`: what is no string is not valid, and no error.
pub fn json_is_valid(_: &Context, args: &[Value]) -> Run {
    if args::string(args, 0).is_err() { Ok(Value::from(false)) } else { underlying("json.is_valid", args) }
}

/// `semver.is_valid`: what is no string is not valid, and no error.
pub fn semver_is_valid(_: &Context, args: &[Value]) -> Run {
    if args::string(args, 0).is_err() { Ok(Value::from(false)) } else { underlying("semver.is_valid", args) }
}

/// `yaml.is_valid`: what is no string is not valid, and no error.
pub fn yaml_is_valid(_: &Context, args: &[Value]) -> Run {
    if args::string(args, 0).is_err() { Ok(Value::from(false)) } else { underlying("yaml.is_valid", args) }
}

/// `object.subset(super, sub)`; regorus breaks down on empty arrays.
pub fn subset(_: &Context, args: &[Value]) -> Run {
    let (whole, part) = (args::value(args, 0)?, args::value(args, 1)?);
    let holds = match (whole, part) {
        (Value::Object(_), Value::Object(_)) | (Value::Set(_), Value::Set(_)) | (Value::Array(_), Value::Array(_)) => {
            is_within(part, whole, 0)?
        }
        (Value::Array(whole), Value::Set(part)) => !whole.is_empty() && part.iter().all(|item| whole.contains(item)),
        _ => {
            let text = "both arguments object.subset must be of the same type or array and set";
            return Err(Failure::Undefined(text.to_owned()));
        }
    };
    Ok(Value::from(holds))
}

fn is_within(part: &Value, whole: &Value, depth: usize) -> Result<bool, Failure> {
    args::cap("object.subset", "levels", depth, 500)?;
    Ok(match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            for (key, item) in part.iter() {
                let Some(other) = whole.get(key) else { return Ok(false) };
                if !is_within(item, other, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Set(part), Value::Set(whole)) => part.is_subset(whole),
        (Value::Array(part), Value::Array(whole)) => {
            part.is_empty() || whole.as_slice().windows(part.len()).any(|run| run == part.as_slice())
        }
        _ => part == whole,
    })
}

/// `json.match_schema(document, schema)`: `[matches, errors]` with an object an error.
pub fn match_schema(_: &Context, args: &[Value]) -> Run {
    let answer = underlying("json.match_schema", args)?;
    let Value::Array(parts) = &answer else { return Ok(answer) };
    let [valid, errors] = parts.as_slice() else { return Ok(answer) };
    let list = match errors {
        Value::Null | Value::Undefined => Vec::new(),
        Value::String(text) => vec![schema_error(args, text)],
        other => vec![other.clone()],
    };
    Ok(Value::from(vec![valid.clone(), Value::from(list)]))
}

/// One error in the form of OPA, with the engine's text where it has another.
fn schema_error(args: &[Value], text: &str) -> Value {
    let known = wrong_type(args, text);
    let (field, desc, kind) = known.unwrap_or_else(|| ("(root)".to_owned(), text.to_owned(), "schema"));
    let error = format!("{field}: {desc}");
    let pairs = [("desc", desc), ("error", error), ("field", field), ("type", kind.to_owned())];
    Value::from(pairs.into_iter().map(|(k, v)| (Value::from(k), Value::from(v))).collect::<BTreeMap<_, _>>())
}

/// The commonest error, `"foo" is not of type "integer"`, with the field found by its value.
fn wrong_type(args: &[Value], text: &str) -> Option<(String, String, &'static str)> {
    let (given, wanted) = text.split_once(" is not of type ")?;
    let given = Value::from_json_str(given).ok()?;
    let document = match args.first()? {
        Value::String(text) => Value::from_json_str(text).ok()?,
        other => other.clone(),
    };
    let field = match &document {
        Value::Object(object) => {
            let hit = object.iter_sorted().find(|(_, value)| **value == given);
            hit.map_or_else(|| Some("(root)".to_owned()), |(key, _)| key.as_string().ok().map(ToString::to_string))?
        }
        _ => "(root)".to_owned(),
    };
    let desc = format!("Invalid type. Expected: {}, given: {}", wanted.trim_matches('"'), args::type_name(&given));
    Some((field, desc, "invalid_type"))
}

/// `graph.reachable_paths(graph, initial)`: every path to where it ends or turns round.
pub fn reachable_paths(_: &Context, args: &[Value]) -> Run {
    let Value::Object(graph) = args::value(args, 0)? else { return Err(args::wrong(args, 0, "object")) };
    let edges = |node: &Value| -> Option<Vec<Value>> {
        Some(match graph.get(node)? {
            Value::Array(items) => items.iter().cloned().collect(),
            Value::Set(items) => items.iter_sorted().cloned().collect(),
            _ => Vec::new(),
        })
    };
    let mut found = BTreeSet::new();
    let mut open: Vec<(Vec<Value>, Value)> = Vec::new();
    for start in args::collection(args, 1)? {
        match edges(start) {
            None => {}
            Some(next) if next.is_empty() => {
                found.insert(Value::from(vec![start.clone()]));
            }
            Some(next) => open.extend(next.into_iter().map(|node| (vec![start.clone()], node))),
        }
    }
    let mut steps = 0;
    while let Some((mut path, node)) = open.pop() {
        steps += path.len();
        args::cap("graph.reachable_paths", "steps", steps, MAX_STEPS)?;
        let Some(next) = edges(&node) else {
            found.insert(Value::from(path));
            continue;
        };
        path.push(node);
        if next.is_empty() {
            found.insert(Value::from(path.clone()));
        }
        for neighbour in next {
            // As in OPA a path that would meet itself ends before it does.
            if path.contains(&neighbour) {
                found.insert(Value::from(path.clone()));
            } else {
                open.push((path.clone(), neighbour));
            }
        }
    }
    Ok(Value::from(found))
}
