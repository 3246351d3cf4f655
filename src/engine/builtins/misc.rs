//! Builtins of regorus that need only a little put right.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::args::{self, Run};
use super::{Context, Failure, underlying};

/// The most steps `graph.reachable_paths` takes.
const MAX_STEPS: usize = 200_000;

/// `json.is_valid`: what is no string is not valid, and no error.
pub fn json_is_valid(_: &Context, args: &[Value]) -> Run {
    let valid = |text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    Ok(Value::from(args::string(args, 0).is_ok_and(valid)))
}

/// A version without the `v` that OPA takes before it.
fn version(args: &[Value], index: usize) -> Run {
    let text = args::string(args, index)?;
    Ok(Value::from(text.strip_prefix('v').unwrap_or(text)))
}

/// `semver.is_valid`: what is no string is not valid, and no error.
pub fn semver_is_valid(_: &Context, args: &[Value]) -> Run {
    match version(args, 0) {
        Ok(version) => underlying("semver.is_valid", &[version]),
        Err(_) => Ok(Value::from(false)),
    }
}

pub fn semver_compare(_: &Context, args: &[Value]) -> Run {
    underlying("semver.compare", &[version(args, 0)?, version(args, 1)?])
}

/// Paths as lists of keys: `a/b` of a text, with its escapes undone.
fn paths(args: &[Value]) -> Run {
    let mut out = Vec::new();
    for path in args::collection(args, 1)? {
        out.push(match path {
            Value::String(text) if text.is_empty() => Value::new_array(),
            Value::String(text) => {
                let parts = text.trim_start_matches('/').split('/');
                Value::from(
                    parts.map(|part| Value::from(part.replace("~1", "/").replace("~0", "~"))).collect::<Vec<_>>(),
                )
            }
            Value::Array(_) => path.clone(),
            _ => return Err(args::wrong(args, 1, "one of {set, array} of paths")),
        });
    }
    Ok(Value::from(out))
}

/// `json.filter(object, paths)`.
pub fn json_filter(_: &Context, args: &[Value]) -> Run {
    let Value::Object(_) = args::value(args, 0)? else { return Err(args::wrong(args, 0, "object")) };
    let mut wanted = Wanted::default();
    for path in paths(args)?.as_array().into_iter().flatten() {
        let keys = path.as_array().map(regorus::value::Array::as_slice).unwrap_or_default();
        if !keys.is_empty() {
            wanted.add(keys, 0)?;
        }
    }
    Ok(kept(args::value(args, 0)?, &wanted))
}

/// The paths that are kept, as a tree; one without branches keeps all below it.
#[derive(Default)]
struct Wanted {
    whole: bool,
    below: BTreeMap<Value, Wanted>,
}

impl Wanted {
    fn add(&mut self, keys: &[Value], depth: usize) -> Result<(), Failure> {
        args::cap("json.filter", "levels", depth, 500)?;
        match keys.split_first() {
            Some((first, rest)) => self.below.entry(first.clone()).or_default().add(rest, depth + 1),
            None => {
                self.whole = true;
                Ok(())
            }
        }
    }
}

fn kept(value: &Value, wanted: &Wanted) -> Value {
    if wanted.whole {
        return value.clone();
    }
    match value {
        Value::Object(object) => {
            let fields =
                object.iter().filter_map(|(key, item)| Some((key.clone(), kept(item, wanted.below.get(key)?))));
            Value::from(fields.collect::<BTreeMap<_, _>>())
        }
        Value::Array(items) => {
            let at = |at: usize| wanted.below.get(&Value::from(at.to_string()));
            Value::from(items.iter().enumerate().filter_map(|(n, item)| Some(kept(item, at(n)?))).collect::<Vec<_>>())
        }
        Value::Set(items) => {
            let some = items.iter().filter_map(|item| Some(kept(item, wanted.below.get(item)?)));
            Value::from(some.collect::<BTreeSet<_>>())
        }
        // As in OPA a path that goes on below a scalar keeps it.
        scalar => scalar.clone(),
    }
}

/// `json.remove(object, paths)`.
pub fn json_remove(_: &Context, args: &[Value]) -> Run {
    let whole = args::value(args, 0)?;
    // regorus removes the scalar on the way where OPA finds nothing to remove.
    let there = |path: &Value| -> bool {
        let keys = path.as_array().map(regorus::value::Array::as_slice).unwrap_or_default();
        let Some((_, above)) = keys.split_last() else { return true };
        above
            .iter()
            .try_fold(whole, |at, key| child(at, key))
            .is_some_and(|at| matches!(at, Value::Object(_) | Value::Array(_) | Value::Set(_)))
    };
    let paths = paths(args)?;
    let fitting = paths.as_array().into_iter().flatten().filter(|path| there(path)).cloned();
    underlying("json.remove", &[whole.clone(), Value::from(fitting.collect::<Vec<_>>())])
}

/// What is under a key of a path; those of arrays are written as texts or numbers.
fn child<'a>(of: &'a Value, key: &Value) -> Option<&'a Value> {
    match of {
        Value::Object(object) => object.get(key),
        Value::Set(set) => set.get(key),
        Value::Array(items) => {
            let at = match key {
                Value::String(text) => text.parse().ok()?,
                number => usize::try_from(number.as_number().ok()?.as_u64()?).ok()?,
            };
            items.get(at)
        }
        _ => None,
    }
}

/// `uuid.parse(text)`: the time in 64 bits, as Go has it, and none of version 7.
pub fn uuid_parse(_: &Context, args: &[Value]) -> Run {
    let mut answer = underlying("uuid.parse", args)?;
    let key = Value::from("time");
    let newer = args::field(&answer, "version").is_some_and(|version| *version == Value::from(7_u64));
    let time = args::field(&answer, "time").and_then(args::whole);
    if let (Ok(fields), Some(time)) = (answer.as_object_mut(), time) {
        if newer {
            fields.remove(&key);
        } else if let Ok(large) = u64::try_from(time) {
            fields.insert(key, Value::from(large.cast_signed()));
        }
    }
    Ok(answer)
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
