//! HCL 2 (`.tf`, `.tfvars`, `.hcl`): text to one document in conftest's shape.
//!
//! In: the text of one file. Out: one value as `tmccombs/hcl2json` writes it
//! (without its `Simplify`), which is what conftest's `hcl2` policies expect:
//!
//! - labels nest as objects, and every block body stands in an array, a single
//!   one too; blocks of equal type and labels append to that array;
//! - literals, lists and objects are themselves, `-` before a number included;
//! - a template stays a string with its `${…}`; a literal `${` is `$${` again;
//! - every other expression is `${` + its source text + `}`.
//!
//! Places: a key is the attribute's name, the block's type or the label; a
//! value is the expression. The value of a block (its array, its object and the
//! objects of its labels) stands at the block's *header*, such as
//! `resource "aws_s3_bucket" "logs"`: a diagnostic about a whole block
//! underlines its name, not a page of text. The parts of a block therefore lie
//! outside the block's own span.

pub(crate) mod convert;
pub(crate) mod template;

use std::ops::Range;

use hcl_edit::structure::Body;

use crate::document::Notice;
use crate::parse::{Outcome, ParseError, Parsed};
use crate::source::{Source, Span};

/// Reads one HCL file as one document.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let text = Text::new(source);
    let body = match text.body() {
        Ok(body) => body,
        Err(error) => return Outcome { errors: vec![error], ..Outcome::default() },
    };
    let mut errors = Vec::new();
    let tree = convert::body(&text, &body, text.whole(), &mut errors);
    let (value, spans) = tree.build();
    Outcome { documents: vec![Parsed { value, spans }], errors, notices: Vec::<Notice>::new() }
}

/// The text of a file after its byte order mark, and how far that shifts it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    text: &'a str,
    shift: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(source: &'a Source) -> Self {
        let whole: &str = source.text();
        let text = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        Self { text, shift: whole.len() - text.len() }
    }

    /// The file as hcl-edit reads it. Its nesting limit of 64 is what bounds
    /// every recursion over the tree.
    pub(crate) fn body(self) -> Result<Body, ParseError> {
        hcl_edit::parser::parse_body(self.text).map_err(|error| self.error(&error))
    }

    /// The place in the source of a range that hcl-edit gave.
    pub(crate) fn span(self, range: Range<usize>) -> Span {
        Span::new(range.start + self.shift, range.end + self.shift)
    }

    /// The whole text's place.
    pub(crate) fn whole(self) -> Span {
        self.span(0..self.text.len())
    }

    pub(crate) fn slice(self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    fn error(self, error: &hcl_edit::parser::Error) -> ParseError {
        let at = error.location().offset().min(self.text.len());
        let rest = self.text.get(at..).unwrap_or("");
        let width = rest.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
        ParseError { message: error.message().to_owned(), span: Some(self.span(at..at + width)), help: None }
    }
}

#[cfg(test)]
mod tests;
