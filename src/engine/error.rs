//! Errors of policies as values: file, line, column, code, message.
//!
//! In: what regorus says as text, or what our own passes found by offset.
//! Out: [`PolicyError`]s whose places are always places in the text as its author wrote it.

use std::fmt;

use crate::engine::prepass::Prepared;
use crate::source::{Position, Source, Span};

/// What sort of error; the names are OPA's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text breaks Rego's grammar.
    Parse,
    /// The text parses and means nothing: an unknown name, a wrong arity, a second default.
    Compile,
    /// Rules or calls contradict each other or a builtin's signature.
    Type,
    /// A variable has no value when it is needed.
    UnsafeVar,
    /// A rule needs its own value.
    Recursion,
    /// A `# METADATA` block is no valid YAML or names an unknown scope.
    Metadata,
    /// It failed while it was evaluated.
    Eval,
    /// It could not be read, or its data could not.
    Load,
}

impl Code {
    /// The code as OPA writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse | Self::Metadata => "rego_parse_error",
            Self::Compile => "rego_compile_error",
            Self::Type => "rego_type_error",
            Self::UnsafeVar => "rego_unsafe_var_error",
            Self::Recursion => "rego_recursion_error",
            Self::Eval => "eval_error",
            Self::Load => "policy_load_error",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether it stops the policy or only deserves a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The policy cannot be used.
    Error,
    /// The policy can be used and probably does not do what was meant.
    Warning,
}

/// One fault of a policy at its place in the author's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {code}: {message}")]
pub struct PolicyError {
    /// The policy as the user knows it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// What sort of error.
    pub code: Code,
    /// What is wrong, in the user's words.
    pub message: String,
    /// The bytes to underline in the author's text; empty when only the place is known.
    pub span: Span,
    /// Whether it stops the policy.
    pub level: Level,
}

impl PolicyError {
    /// An error at `span` of `source`.
    pub fn at(source: &Source, span: Span, code: Code, message: impl Into<String>) -> Self {
        let Position { line, column } = source.position(span.start);
        let file = source.name().to_string();
        Self { file, line, column, code, message: message.into(), span, level: Level::Error }
    }

    /// A fault of the file as a whole.
    pub fn of_file(file: impl Into<String>, code: Code, message: impl Into<String>) -> Self {
        let (file, message) = (file.into(), message.into());
        Self { file, line: 0, column: 0, code, message, span: Span::default(), level: Level::Error }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// Where in the prepared text regorus's report `text` is.
    #[must_use]
    pub fn engine_offset(prepared: &Prepared, text: &str) -> usize {
        place(text).map_or(0, |(line, column)| offset_of(&prepared.text, line, column))
    }

    /// What regorus reported as `text` about `prepared`, with its place in the author's text.
    ///
    /// `phase` is the code when the text does not tell: [`Code::Parse`] while loading, [`Code::Eval`] after.
    ///
    /// A text without a place (`p.rego exceeds maximum allowed line count`) is put at the start.
    #[must_use]
    pub fn from_engine(prepared: &Prepared, phase: Code, text: &str) -> Self {
        let start = prepared.map.to_original(Self::engine_offset(prepared, text));
        let message = message(text);
        Self::at(&prepared.source, Span::new(start, start), code_of(&message).unwrap_or(phase), message)
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

impl EvalError {
    /// The fault, whichever sort it is.
    #[must_use]
    pub fn fault(&self) -> &PolicyError {
        match self {
            Self::Failed(fault) | Self::Limit(fault) => fault,
        }
    }
}

/// The file that regorus names as the place of its error `text`, to choose the module it is about.
#[must_use]
pub fn engine_file(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    line.rsplitn(3, ':').nth(2)
}

/// Line and column of the first `--> file:line:column`.
fn place(text: &str) -> Option<(u32, u32)> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = line.trim_end().rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, column))
}

/// The message alone: without the place, the quoted line and its caret.
fn message(text: &str) -> String {
    let found = text.lines().find_map(|line| line.split_once("error: ").map(|(_, rest)| rest.trim().to_owned()));
    found.unwrap_or_else(|| text.trim().to_owned())
}

fn code_of(message: &str) -> Option<Code> {
    let has = |part: &str| message.contains(part);
    if has("unsafe") || has("used before definition") || has("use of undefined variable") {
        Some(Code::UnsafeVar)
    } else if has("recursi") || has("cyclic") {
        Some(Code::Recursion)
    } else if has("could not find function") || has("shadow") || has("duplicate") || has("multiple default") {
        Some(Code::Compile)
    } else if has("conflicting") || has("incorrect number of") {
        Some(Code::Type)
    } else {
        None
    }
}

/// The offset of `line` and `column` as regorus counts them: a tab is four columns and other characters their bytes.
fn offset_of(text: &str, line: u32, column: u32) -> usize {
    let lines_before = (line as usize).saturating_sub(1);
    let mut start = 0;
    for _ in 0..lines_before {
        let Some(newline) = text.get(start..).and_then(|rest| rest.find('\n')) else { break };
        start += newline + 1;
    }
    let mut at = 1;
    for (offset, letter) in text.get(start..).unwrap_or("").char_indices() {
        if at >= column as usize || letter == '\n' {
            return start + offset;
        }
        at += if letter == '\t' { 4 } else { letter.len_utf8() };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::prepass::prepare;

    #[test]
    fn an_engine_error_is_placed_in_the_text_as_written() {
        let text = "package a\np := $\"{input.x} y\" [\n\tq := é\n";
        let prepared = prepare("a.rego", text, None).unwrap();
        let column = prepared.text.lines().nth(1).unwrap().rfind('[').unwrap() + 1;
        let error = PolicyError::from_engine(
            &prepared,
            Code::Parse,
            &format!("\n--> a.rego:2:{column}\n  |\nerror: expecting EOF"),
        );
        assert_eq!(error.to_string(), "a.rego:2:21: rego_parse_error: expecting EOF");
        let tab = PolicyError::from_engine(&prepared, Code::Parse, "\n--> a.rego:3:5\n  |\nerror: x");
        assert_eq!((tab.line, tab.column), (3, 2));
    }

    #[test]
    fn the_file_of_an_engine_error_may_hold_colons() {
        assert_eq!(engine_file("\n--> c:/x.rego:2:3\nerror: y"), Some("c:/x.rego"));
        assert_eq!(engine_file("no place"), None);
    }
}
