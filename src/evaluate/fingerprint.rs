//! What a finding is known by when lines, order and names of files have changed.
//!
//! Its facts are the rule, the resource, the message, the value at fault and
//! the other values that the condition compared, all without lines and counted
//! indices: they end when one of them changes. With the file they are the
//! fingerprint, so that the same name in another folder is another finding.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::document::{Path, Step};
use crate::engine::Value;
use crate::finding::Finding;

/// Keys whose value names an item of a list.
const NAMES: [&str; 6] = ["name", "id", "key", "VulnerabilityID", "ruleId", "-name"];

/// A digest of what `finding` rests on in `root`; `related` are paths of the values compared.
#[must_use]
pub fn facts<'a>(finding: &Finding, root: &Value, related: impl Iterator<Item = &'a Path>) -> String {
    let fact = |path: &Path| format!("{}\0{}", stable_path(root, path), plain_value(root, path));
    // In an order that does not depend on the trace's.
    let mut others: Vec<String> = related.map(fact).collect();
    others.sort();
    let at = fact(&finding.place.path);
    let own = [&*finding.rule.id.0, &finding.resource.name, &finding.message, &at];
    digest(own.into_iter().chain(others.iter().map(String::as_str)))
}

/// The name of a finding with these facts in the file called `key`. Hex.
#[must_use]
pub fn fingerprint(facts: &str, key: &str) -> String {
    digest([facts, key].into_iter())
}

fn digest<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The value when it is no object or array: what stands inside those are facts of their own.
fn plain_value(root: &Value, path: &Path) -> String {
    let value = path.get(root).filter(|value| !matches!(value, Value::Object(_) | Value::Array(_)));
    value.and_then(|value| value.to_json_str().ok()).unwrap_or_default()
}

/// The path with items named by their `name`, `id` or `key`, or not at all: a number would
/// change when the items change places.
fn stable_path(root: &Value, path: &Path) -> String {
    let mut text = String::new();
    let mut value = Some(root);
    for step in &path.0 {
        value = value.and_then(|value| step.get(value));
        let _ = match step {
            Step::Key(key) => write!(text, "/{key}"),
            Step::Index(_) => write!(text, "/[{}]", value.and_then(name).unwrap_or_default()),
        };
    }
    text
}

fn name(item: &Value) -> Option<String> {
    NAMES.into_iter().find_map(|key| match Step::from(key).get(item) {
        Some(Value::String(name)) => Some(name.to_string()),
        _ => None,
    })
}
