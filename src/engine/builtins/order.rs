//! The order of values of any type, as OPA has it: null, booleans, numbers, texts, arrays, objects, sets.

use std::cmp::Ordering;

use regorus::Value;

use super::super::number;
use super::Context;
use super::args::{self, Run};

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Undefined => 0,
        Value::Null => 1,
        Value::Bool(_) => 2,
        Value::Number(_) => 3,
        Value::String(_) => 4,
        Value::Array(_) => 5,
        Value::Object(_) => 6,
        Value::Set(_) => 7,
    }
}

/// Which of two values comes first; regorus has sets before objects.
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => number::order(left, right),
        (Value::Array(one), Value::Array(other)) => all(one.iter(), other.iter()),
        (Value::Set(one), Value::Set(other)) => all(one.iter_sorted(), other.iter_sorted()),
        (Value::Object(one), Value::Object(other)) => {
            let (mut one, mut other) = (one.iter_sorted(), other.iter_sorted());
            loop {
                match (one.next(), other.next()) {
                    (Some((key, value)), Some((other_key, other_value))) => {
                        let found = order(key, other_key).then_with(|| order(value, other_value));
                        if found.is_ne() {
                            return found;
                        }
                    }
                    (left, right) => return left.is_some().cmp(&right.is_some()),
                }
            }
        }
        _ => rank(left).cmp(&rank(right)).then_with(|| left.cmp(right)),
    }
}

fn all<'a>(mut one: impl Iterator<Item = &'a Value>, mut other: impl Iterator<Item = &'a Value>) -> Ordering {
    loop {
        match (one.next(), other.next()) {
            (Some(left), Some(right)) => {
                let found = order(left, right);
                if found.is_ne() {
                    return found;
                }
            }
            (left, right) => return left.is_some().cmp(&right.is_some()),
        }
    }
}

pub fn sort(_: &Context, args: &[Value]) -> Run {
    let mut items: Vec<Value> = args::collection(args, 0)?.into_iter().cloned().collect();
    items.sort_by(order);
    Ok(Value::from(items))
}

pub fn max(_: &Context, args: &[Value]) -> Run {
    let items = args::collection(args, 0)?;
    Ok(items.into_iter().max_by(|one, other| order(one, other)).cloned().unwrap_or(Value::Undefined))
}

pub fn min(_: &Context, args: &[Value]) -> Run {
    let items = args::collection(args, 0)?;
    Ok(items.into_iter().min_by(|one, other| order(one, other)).cloned().unwrap_or(Value::Undefined))
}
