//! Why a test did not pass, in words and places.

use std::collections::BTreeMap;

use super::{Case, Fault, Outcome, error_text};
use crate::engine::{EvalError, PolicyError, Spot, Stopped, Test, Tested, Value, Why, show};
use crate::report::clip;

/// Bytes of a value that are shown.
const LONGEST: usize = 400;

/// The fault of a test or a case with this value.
pub fn fault(place: &Spot, value: &Value, stopped: Option<Stopped>) -> Fault {
    match stopped.filter(|_| *value == Value::Undefined) {
        Some(stop) => stopped_at(stop),
        None if *value == Value::Undefined => {
            Fault { message: "it is undefined".to_owned(), place: place.clone(), inner: Vec::new() }
        }
        None => {
            let message = format!("its value must be true, and is {}", text(value));
            Fault { message, place: place.clone(), inner: Vec::new() }
        }
    }
}

/// The fault of a test that could not be evaluated.
pub fn error(error: &EvalError, test: &Test, spot: &dyn Fn(&PolicyError) -> Option<Spot>) -> Fault {
    let place = spot(error.fault()).unwrap_or_else(|| test.place.clone());
    Fault { message: error_text(error), place, inner: Vec::new() }
}

/// The cases of a test: those that its rule gave, and those that were begun and gave nothing.
pub fn cases(test: &Test, tested: Tested) -> Vec<Case> {
    let mut values = BTreeMap::new();
    leaves(&tested.value, &mut Vec::new(), &mut values);
    let mut stops: BTreeMap<Vec<Value>, Stopped> = tested.cases.into_iter().collect();
    for keys in stops.keys() {
        // A case may be begun again after it has passed.
        if !values.contains_key(keys) && inside(&tested.value, keys) == Value::Undefined {
            values.insert(keys.clone(), Value::Undefined);
        }
    }
    let case = |(keys, value): (Vec<Value>, Value)| {
        let names: Vec<String> = keys.iter().map(name).collect();
        let passed = value == Value::Bool(true);
        let fault = (!passed).then(|| fault(&test.place, &value, stops.remove(&keys)));
        Case { name: names.join(" / "), outcome: if passed { Outcome::Pass } else { Outcome::Fail }, fault }
    };
    values.into_iter().map(case).collect()
}

/// The values at the ends of nested objects.
fn leaves(value: &Value, way: &mut Vec<Value>, all: &mut BTreeMap<Vec<Value>, Value>) {
    match value {
        Value::Object(object) if way.len() < 16 => {
            for (key, item) in object.iter_sorted() {
                way.push(key.clone());
                leaves(item, way, all);
                way.pop();
            }
        }
        Value::Undefined => {}
        value => {
            all.insert(way.clone(), value.clone());
        }
    }
}

fn inside(value: &Value, keys: &[Value]) -> Value {
    let mut at = value.clone();
    for key in keys {
        at = match &at {
            Value::Object(object) => object.get(key).cloned().unwrap_or(Value::Undefined),
            _ => Value::Undefined,
        };
    }
    at
}

fn stopped_at(stop: Stopped) -> Fault {
    Fault { message: why(&stop.why), place: stop.place, inner: stop.inner }
}

fn why(why: &Why) -> String {
    match why {
        Why::Nothing => "nothing here leads on".to_owned(),
        Why::Compared(left, right) => compared(left, right),
        Why::Lacking(value, collection) => {
            format!("this is not true\nvalue       {}\ncollection  {}", text(value), text(collection))
        }
        Why::Value(Value::Undefined) => "this is undefined".to_owned(),
        Why::Value(Value::Bool(false)) => "this is false".to_owned(),
        Why::Value(value) => format!("this is not true: {}", text(value)),
        Why::Unmatched(Value::Undefined) => "this is undefined".to_owned(),
        Why::Unmatched(value) => format!("this does not match\nvalue  {}", text(value)),
        Why::Holds => "this holds, and must not".to_owned(),
        Why::NotAll => "this is not true of all".to_owned(),
    }
}

fn compared(left: &Value, right: &Value) -> String {
    if let (Value::Set(a), Value::Set(b)) = (left, right)
        && !a.is_empty()
        && !b.is_empty()
    {
        let lacking = |of: &Value, other: &Value| {
            let (Value::Set(of), Value::Set(other)) = (of, other) else { return Value::Undefined };
            Value::from(
                of.iter().filter(|item| !other.contains(item)).cloned().collect::<std::collections::BTreeSet<_>>(),
            )
        };
        let (only_left, only_right) = (lacking(left, right), lacking(right, left));
        return format!("this is not true\nonly left   {}\nonly right  {}", text(&only_left), text(&only_right));
    }
    format!("this is not true\nleft   {}\nright  {}", text(left), text(right))
}

fn name(key: &Value) -> String {
    match key {
        Value::String(text) => text.to_string(),
        other => text(other),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Undefined => "undefined".to_owned(),
        value => show(value).map_or_else(|_| "…".to_owned(), |text| clip(&text, LONGEST).into_owned()),
    }
}
