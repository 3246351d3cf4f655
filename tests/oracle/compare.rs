//! Whether two answers are the same.

use serde_json::Value as Json;

/// Whether two JSON values are the same, numbers by value and arrays that may be sets in any order.
pub fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one.to_string() == other.to_string() || one.as_f64() == other.as_f64()
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && (one.iter().zip(other).all(|(one, other)| same(one, other)) || shuffled(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

fn shuffled(one: &[Json], other: &[Json]) -> bool {
    let mut left: Vec<&Json> = other.iter().collect();
    one.iter().all(|item| {
        let at = left.iter().position(|other| same(item, other));
        at.map(|at| left.swap_remove(at)).is_some()
    })
}
