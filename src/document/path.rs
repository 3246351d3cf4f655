//! Paths into a document: the keys and indices from its root to one value.

use std::fmt;
use std::sync::Arc;

use crate::engine::Value;

/// One step down from a value to one of its children.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an object, by key.
    Key(Arc<str>),
    /// Into an array, by position from 0.
    Index(usize),
}

impl Step {
    /// The step that a policy means by `value`: a string is a key, a whole number an index.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(key) => Some(Self::Key(key.clone())),
            Value::Number(_) => value.as_u64().ok().and_then(|n| usize::try_from(n).ok()).map(Self::Index),
            _ => None,
        }
    }

    /// The child of `value` that this step leads to.
    #[must_use]
    pub fn get<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match (self, value) {
            (Self::Key(key), _) => field(value, key),
            (Self::Index(at), Value::Array(items)) => items.get(*at),
            _ => None,
        }
    }
}

/// Members up to which looking at each is quicker than a search by the order of values.
const FEW: usize = 12;

/// The member of an object under `key`.
#[must_use]
pub fn field<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Object(object) = value else { return None };
    if object.len() > FEW {
        return object.get(&Value::from(key));
    }
    let mut members = object.iter_sorted();
    members.find(|(name, _)| matches!(name, Value::String(name) if **name == *key)).map(|(_, member)| member)
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The steps from a document's root to one value; the empty path is the root.
///
/// Shown as people write it: `spec.containers[0].image`, with keys that are no
/// plain word quoted: `metadata.labels["app.kubernetes.io/name"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The value at this path under `root`.
    #[must_use]
    pub fn get<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(root, |value, step| step.get(value))
    }

    /// How many leading steps exist under `root`.
    #[must_use]
    pub fn existing(&self, root: &Value) -> usize {
        let mut value = root;
        for (depth, step) in self.0.iter().enumerate() {
            match step.get(value) {
                Some(child) => value = child,
                None => return depth,
            }
        }
        self.0.len()
    }

    /// The path that a policy's `at` names: an array of keys and indices.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        let items = value.as_array().ok()?;
        items.iter().map(Step::from_value).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The first `depth` steps.
    #[must_use]
    pub fn prefix(&self, depth: usize) -> Self {
        Self(self.0.iter().take(depth).cloned().collect())
    }

    /// How many leading steps it shares with `other`.
    #[must_use]
    pub fn shared(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).take_while(|(one, other)| one == other).count()
    }

    /// Whether it leads to a part of what is at `other`.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }

    /// This path and one step more.
    #[must_use]
    pub fn child(&self, step: impl Into<Step>) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.into());
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_word(key) => write!(f, "{}{key}", if at == 0 { "" } else { "." })?,
                Step::Key(key) => write!(f, "[{}]", serde_json::Value::from(&**key))?,
            }
        }
        Ok(())
    }
}

fn is_word(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let path =
            Path(vec!["metadata".into(), "labels".into(), "app.kubernetes.io/name".into(), 0.into(), "x".into()]);
        assert_eq!(path.to_string(), r#"metadata.labels["app.kubernetes.io/name"][0].x"#);
    }
}
