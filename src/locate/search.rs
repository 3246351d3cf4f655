//! Searching: where a finding is that left no trace of what it read.
//!
//! Halves of what is in a value are taken away; the half without which the
//! finding is gone holds its cause, and the search goes on in there. So the
//! evaluations grow with the logarithm of the document. What this finds is
//! approximate: a message that quotes a name is gone without the name, too.

use std::collections::BTreeSet;

use crate::document::{Path, Step};
use crate::engine::Value;

/// Evaluations that one search may cost.
const CHECKS: usize = 60;
/// Levels that it goes down.
const DEEPEST: usize = 32;

/// What only names or describes a thing is suspected last.
const NAMES: [&str; 7] = ["apiVersion", "kind", "metadata", "name", "id", "type", "Cmd"];

/// The deepest part of `root` without which the finding is gone; none when that is the whole.
///
/// `still_found` evaluates the rule on a changed document; it says nothing when
/// there is no budget left for it.
pub(super) fn search(root: &Value, still_found: &mut dyn FnMut(&Value) -> Option<bool>) -> Option<Path> {
    let mut left = CHECKS;
    let mut gone = |changed: &Value| {
        left = left.checked_sub(1)?;
        still_found(changed).map(|found| !found)
    };
    let mut at = Path::default();
    while at.0.len() < DEEPEST {
        let Some(step) = culprit(root, &at, &mut gone) else { break };
        at.0.push(step);
    }
    (!at.0.is_empty()).then_some(at)
}

/// The one child of the value at `at` that the finding can't do without.
fn culprit(root: &Value, at: &Path, gone: &mut dyn FnMut(&Value) -> Option<bool>) -> Option<Step> {
    let mut suspects = children(at.get(root)?);
    loop {
        if suspects.is_empty() {
            return None;
        }
        let (first, second) = suspects.split_at(suspects.len().div_ceil(2));
        suspects = if gone(&without_all(root, &at.0, first)?)? {
            if first.len() == 1 {
                return first.first().cloned();
            }
            first.to_vec()
        } else {
            second.to_vec()
        };
    }
}

fn children(value: &Value) -> Vec<Step> {
    match value {
        Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
        Value::Object(object) => {
            let mut keys: Vec<Step> = object.keys_sorted().filter_map(Step::from_value).collect();
            keys.sort_by_key(|step| matches!(step, Step::Key(key) if NAMES.contains(&&**key)));
            keys
        }
        _ => Vec::new(),
    }
}

/// `value` without those of the children at `path` that `steps` lead to.
fn without_all(value: &Value, path: &[Step], steps: &[Step]) -> Option<Value> {
    if let Some((step, rest)) = path.split_first() {
        let changed = without_all(step.get(value)?, rest, steps)?;
        return match (value, step) {
            (Value::Object(object), Step::Key(name)) => {
                let mut copy = object.as_ref().clone();
                copy.insert(Value::String(name.clone()), changed);
                Some(copy.into_value())
            }
            (Value::Array(items), Step::Index(at)) => {
                let mut copy = items.to_vec();
                *copy.get_mut(*at)? = changed;
                Some(Value::from(copy))
            }
            _ => None,
        };
    }
    let steps: BTreeSet<&Step> = steps.iter().collect();
    match value {
        Value::Object(object) => {
            let mut copy = object.as_ref().clone();
            for step in steps {
                if let Step::Key(name) = step {
                    copy.remove(&Value::String(name.clone()));
                }
            }
            Some(copy.into_value())
        }
        Value::Array(items) => {
            let kept = items.iter().enumerate().filter(|(at, _)| !steps.contains(&Step::Index(*at)));
            Some(Value::from(kept.map(|(_, item)| item.clone()).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        Value::from_json_str(json).unwrap()
    }

    #[test]
    fn the_search_goes_down_to_the_part_that_nothing_else_replaces() {
        let items: Vec<String> = (0..1_000).map(|n| format!(r#"{{"n": {n}, "x": "{n}"}}"#)).collect();
        let root = value(&format!(r#"{{"kind": "K", "metadata": {{"name": "a"}}, "items": [{}]}}"#, items.join(",")));
        let mut asked = 0;
        let found = search(&root, &mut |changed| {
            asked += 1;
            Some(serde_json::to_string(changed).unwrap().contains(r#""x":"777""#))
        });
        assert_eq!(found, Some(Path(vec!["items".into(), 777.into(), "x".into()])));
        assert!(asked < 20, "{asked}");
    }

    #[test]
    fn where_every_part_can_be_spared_or_nothing_may_be_asked_there_is_no_place() {
        let root = value(r#"{"a": 1, "b": 1}"#);
        let either = |changed: &Value| Some(serde_json::to_string(changed).unwrap().contains(":1"));
        assert_eq!(search(&root, &mut { either }), None);
        assert_eq!(search(&root, &mut |_| None), None);
        assert_eq!(search(&value("3"), &mut |_| Some(false)), None);
    }
}
