//! Errors of policies, in the author's own lines.

/// What is wrong with a policy, and where its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {code}: {message}")]
pub struct PolicyError {
    /// The policy's file as the user knows it.
    pub file: String,
    /// Line, from 1; 0 when unknown.
    pub line: u32,
    /// Column in Unicode scalar values, from 1; 0 when unknown.
    pub column: u32,
    /// OPA's code: `rego_parse_error`, `rego_compile_error`, `rego_type_error`, …
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl PolicyError {
    /// Reads the place out of one of the engine's error texts:
    /// `--> file:line:column … error: message`.
    #[must_use]
    pub fn from_engine(text: &str, file: &str, code: &'static str) -> Self {
        let message = text.rsplit("error: ").next().unwrap_or(text).trim().to_owned();
        let place = text.split("--> ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or("");
        let mut parts = place.trim().rsplitn(3, ':');
        let column = parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let line = parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let named = parts.next().filter(|name| !name.is_empty());
        Self { file: named.unwrap_or(file).to_owned(), line, column, code, message }
    }
}

/// Why a rule gave no result on a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The policy failed.
    #[error("{0}")]
    Failed(PolicyError),
    /// A bound was exceeded: time, steps, depth or size.
    #[error("{0}")]
    Limit(PolicyError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_from_the_engines_text() {
        let text = "\n--> my/p.rego:4:5\n  |\n4 | src\n  |   ^\nerror: undefined thing";
        let error = PolicyError::from_engine(text, "x.rego", "rego_eval_error");
        assert_eq!(error.to_string(), "my/p.rego:4:5: rego_eval_error: undefined thing");
    }
}
