//! Parsing: turns the text of an input into documents that keep every place.

mod compose;
pub mod dockerfile;
mod file;
pub mod hcl;
pub mod json;
pub mod jsonc;
pub mod toml;
pub mod xml;
pub mod yaml;

pub use file::{FileOutcome, parse_file, values};

use crate::document::{Notice, Spans};
use crate::engine::Value;
use crate::source::Span;

/// One value of a file with its source map, before its kind is known.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The value as policies see it.
    pub value: Value,
    /// The place of each part of it.
    pub spans: Spans,
}

/// What a parser made of one file: all that could be read, and all that could not.
///
/// A file with a broken document still gives its other documents; an error in
/// the list is never dropped, it reaches the verdict.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The documents, in source order.
    pub documents: Vec<Parsed>,
    /// Why parts of the file, or all of it, could not be read.
    pub errors: Vec<ParseError>,
    /// What is odd but readable: duplicate keys, for one.
    pub notices: Vec<Notice>,
}

/// Why a text, or a part of it, is not what its format says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// What is wrong, in the user's words, without the file's name.
    pub message: String,
    /// Where in the text, if known.
    pub span: Option<Span>,
    /// The next step, if there is an obvious one.
    pub help: Option<String>,
}

/// After so many errors the rest of a file is not read: the reader knows enough.
const MAX_ERRORS: usize = 50;

fn too_many() -> ParseError {
    let message = format!("{MAX_ERRORS} errors: the rest of the file is not read");
    ParseError { message, span: None, help: None }
}

impl ParseError {
    /// An error at `span`.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: Some(span), help: None }
    }

    /// The same error with the next step to take.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A float as policies see it: without a fraction it is a whole number once it has been through JSON, as
/// conftest's inputs have.
pub(crate) fn float(number: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)] // the range is checked: both ends are exact
    let whole = (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64);
    whole.map_or_else(|| Value::from(number), Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::show;
    use crate::source::Source;

    #[test]
    fn a_float_without_a_fraction_is_whole_in_every_format_as_in_conftest() {
        let cases = [("a.json", "[500.0, 2.5]"), ("a.yaml", "[500.0, 2.5]"), ("a.jsonc", "[500.0, 2.5]")];
        for (name, text) in cases {
            let source = std::sync::Arc::new(Source::new(name, text));
            let value = parse_file(&source, None).documents.remove(0).value.clone();
            assert_eq!(show(&value).unwrap(), "[500, 2.5]", "{name}");
        }
        for (name, text) in [("a.toml", "x = 500.0"), ("a.tf", "x = 500.0")] {
            let source = std::sync::Arc::new(Source::new(name, text));
            let value = parse_file(&source, None).documents.remove(0).value.clone();
            assert_eq!(show(&value).unwrap(), r#"{"x": 500}"#, "{name}");
        }
    }
}
