//! What a rule's value means: findings, or a type that is none.

use serde_json::{Map, Value as Json};

use crate::document::Path;
use crate::engine::Value;
use crate::finding::Severity;
use crate::policy::severity;

/// One element of a rule's value, before its place is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// The element itself, to be found again in the trace.
    pub value: Value,
    /// The message.
    pub message: String,
    /// The severity, when the result gives one.
    pub severity: Option<Severity>,
    /// The path that the result's `at` names.
    pub at: Option<At>,
    /// conftest's `_loc`: a file and a line.
    pub loc: Option<(String, u32)>,
    /// The other keys.
    pub metadata: Map<String, Json>,
}

/// A result's `at`.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// A list of keys and indices.
    Path(Path),
    /// Something that is no path, as JSON.
    Wrong(String),
}

/// The findings that a rule's value stands for.
///
/// # Errors
/// One sentence for each part of the value that can't be a finding: nothing is
/// dropped in silence.
pub fn read(value: &Value) -> (Vec<Emitted>, Vec<String>) {
    let mut emitted = Vec::new();
    let mut wrong = Vec::new();
    let mut add = |item: &Value| match one(item) {
        Ok(found) => emitted.push(found),
        Err(message) => wrong.push(message),
    };
    match value {
        Value::Undefined => {}
        Value::Set(items) => items.iter().for_each(&mut add),
        Value::Array(items) => items.iter().for_each(&mut add),
        other => wrong.push(format!(
            "the rule's value is {}, which is no finding: it must be a set of messages (`deny contains msg if …`)",
            describe(other)
        )),
    }
    (emitted, wrong)
}

/// The message of one element of a rule's value; nothing for what is no finding.
#[must_use]
pub fn message(item: &Value) -> Option<String> {
    one(item).ok().map(|emitted| emitted.message)
}

fn one(item: &Value) -> Result<Emitted, String> {
    match item {
        Value::String(text) if !text.trim().is_empty() => Ok(Emitted {
            value: item.clone(),
            message: text.to_string(),
            severity: None,
            at: None,
            loc: None,
            metadata: Map::new(),
        }),
        Value::String(_) => Err("the rule gave an empty message".to_owned()),
        Value::Object(_) => object(item),
        other => Err(format!(
            "the rule gave {}, which is no finding: it must be a string, or an object with a string `msg`",
            describe(other)
        )),
    }
}

fn object(item: &Value) -> Result<Emitted, String> {
    let Ok(Json::Object(mut fields)) = serde_json::to_value(item) else {
        return Err("the rule gave an object that is not JSON".to_owned());
    };
    let key = ["msg", "message", "alertMessage"].into_iter().find(|key| fields.get(*key).is_some_and(Json::is_string));
    let Some(Json::String(message)) = key.and_then(|key| fields.remove(key)) else {
        return Err(format!("the rule gave an object without a string `msg`: {}", describe(item)));
    };
    let level = fields.get("severity").and_then(Json::as_str).and_then(severity);
    if level.is_some() {
        fields.remove("severity");
    }
    let at = fields.remove("at").map(|json| {
        let path = Path::from_value(&Value::from(json.clone()));
        path.map_or_else(|| At::Wrong(json.to_string()), At::Path)
    });
    let loc = fields.get("_loc").and_then(location);
    if loc.is_some() {
        fields.remove("_loc");
    }
    Ok(Emitted { value: item.clone(), message, severity: level, at, loc, metadata: fields })
}

fn location(json: &Json) -> Option<(String, u32)> {
    let line = json.get("line")?.as_u64().and_then(|line| u32::try_from(line).ok())?;
    let file = json.get("file").and_then(Json::as_str).unwrap_or("");
    Some((file.to_owned(), line))
}

fn describe(value: &Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let short: String = text.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("`{short}{more}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        Value::from_json_str(json).unwrap()
    }

    #[test]
    fn strings_and_objects_are_findings_and_nothing_else_is_lost() {
        let (found, wrong) =
            read(&value(r#"["a", {"msg": "b", "severity": "HIGH", "at": ["x", 0], "id": 7}, 42, {"no": 1}]"#));
        assert_eq!(found.iter().map(|e| e.message.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(found[1].severity, Some(Severity::High));
        assert_eq!(found[1].at, Some(At::Path(Path(vec!["x".into(), 0.into()]))));
        assert_eq!(found[1].metadata.len(), 1);
        assert_eq!(wrong.len(), 2);
        assert_eq!(
            read(&Value::from(true)).1,
            [
                "the rule's value is `true`, which is no finding: it must be a set of messages (`deny contains msg if …`)"
            ]
        );
    }
}
