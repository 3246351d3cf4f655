//! The form of a case.

use regate::engine::Value;

/// One line of the file.
#[derive(serde::Deserialize)]
pub struct Case {
    pub category: String,
    note: String,
    #[serde(default)]
    modules: Option<Vec<String>>,
    data: Option<serde_json::Value>,
    input: Option<serde_json::Value>,
    input_term: Option<String>,
    pub query: String,
    want_result: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub strict_error: bool,
    /// Whether the order of the arrays that are bound does not count.
    #[serde(default)]
    pub sort_bindings: bool,
    want_error: Option<String>,
    want_error_code: Option<String>,
    /// Which of several cases with the same name it is, from 1.
    #[serde(skip)]
    number: usize,
}

/// What is due.
pub enum Want<'a> {
    Error,
    Results(&'a [serde_json::Value]),
}

impl Case {
    pub fn key(&self) -> String {
        let number = if self.number > 1 { format!(" #{}", self.number) } else { String::new() };
        format!("{}: {}{number}", self.category, self.note.replace(['\n', '\t'], " "))
    }

    pub fn modules(&self) -> Vec<(String, String)> {
        let texts = self.modules.iter().flatten().enumerate();
        texts.map(|(at, text)| (format!("test-{at}.rego"), text.clone())).collect()
    }

    pub fn data(&self) -> Value {
        self.data.as_ref().map_or_else(Value::new_object, value)
    }

    pub fn input(&self, term: impl Fn(&str) -> Option<Value>) -> Value {
        match (&self.input, &self.input_term) {
            (Some(input), _) => value(input),
            (None, Some(text)) => term(text).unwrap_or(Value::Undefined),
            (None, None) => Value::Undefined,
        }
    }

    pub fn want(&self) -> Want<'_> {
        match &self.want_result {
            _ if self.want_error.is_some() || self.want_error_code.is_some() => Want::Error,
            Some(results) => Want::Results(results),
            None => Want::Results(&[]),
        }
    }
}

fn value(json: &serde_json::Value) -> Value {
    Value::from_json_str(&json.to_string()).unwrap()
}

/// The cases, when they are there.
pub fn read() -> Option<Vec<Case>> {
    let path = std::path::PathBuf::from(std::env::var_os("REGATE_CORPUS")?).join("opa-cases/v1.ndjson");
    let text = std::fs::read_to_string(path).ok()?;
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let cases = text.lines().map(|line| {
        let mut case: Case = serde_json::from_str(line).unwrap();
        let number = seen.entry(case.key()).or_default();
        *number += 1;
        case.number = *number;
        case
    });
    Some(cases.collect())
}
