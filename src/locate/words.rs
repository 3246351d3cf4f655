//! Whether a message names a key: who writes "disk is not encrypted" means `encrypted`.

use crate::document::Step;
use crate::engine::Value;

/// Shorter keys are in too many words.
const SHORTEST: usize = 4;

/// A finding's text, ready to be searched for keys.
pub(super) struct Message(String);

impl Message {
    /// The text of a result: itself, or what is said under `msg` and its kin.
    pub fn of(value: &Value) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => Some(plain(text)),
            _ => None,
        };
        let keys = ["msg", "message", "title", "issue"];
        let inner = || keys.into_iter().find_map(|key| text(Step::from(key).get(value)?));
        Self(text(value).or_else(inner).unwrap_or_default())
    }

    /// Whether it names the key of `step`: `run_as_user`, `runAsUser` and "run as user" are one.
    pub fn names(&self, step: Option<&Step>) -> bool {
        let Some(Step::Key(key)) = step else { return false };
        let key = plain(key);
        // One of the `verbs` is a verb.
        let one = key.strip_suffix('s').filter(|one| one.len() >= SHORTEST).unwrap_or(&key);
        one.len() >= SHORTEST && self.0.contains(one)
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
