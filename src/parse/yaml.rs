//! YAML: every document of a file, as go-yaml v2 would read it, with places.
//!
//! In: a source. Out: its documents by their real boundaries, an error for each
//! one that is broken, and what is odd. A broken document costs only itself.
//! granit-parser gives the events; what they mean (scalars, tags, aliases,
//! merge keys) is decided here. Depth and the size with aliases written out
//! are bounded, so that no file can take the run with it.

mod builder;
mod scalars;
mod tags;
#[cfg(test)]
mod tests;

use granit_parser::{ErrorKind, Event, Options, Parser, ScanError};

pub use self::tags::Tags;

use self::builder::Builder;
use super::{MAX_ERRORS, Outcome, ParseError, too_many};
use crate::source::{Source, Span};

/// How a YAML text is read.
#[derive(Debug, Clone)]
pub struct YamlOptions {
    /// Keeps the key `on` as it is written, as GitHub reads workflows; else it is `true`.
    pub keep_on_key: bool,
    /// What CloudFormation's short tags become.
    pub tags: Tags,
    /// How many nodes a document may have, its aliases written out.
    pub max_nodes: usize,
    /// How deep collections may nest.
    pub max_depth: usize,
}

impl Default for YamlOptions {
    fn default() -> Self {
        Self { keep_on_key: false, tags: Tags::default(), max_nodes: 5_000_000, max_depth: 256 }
    }
}

/// Reads every document of `source`.
///
/// A file with nothing but comments has no document and no error.
#[must_use]
pub fn parse(source: &Source, options: &YamlOptions) -> Outcome {
    let text: &str = source.text();
    let mut limits = Options::default();
    limits.emit_unresolved_aliases = true;
    limits.flow_nesting_limit = options.max_depth;
    limits.block_nesting_limit = options.max_depth;
    limits.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(text, limits);
    let mut builder = Builder::new(text, options);
    let mut outcome = Outcome::default();
    loop {
        let step = match parser.next_event() {
            None => break,
            Some(Ok((Event::DocumentEnd, _))) => {
                outcome.documents.extend(builder.finish());
                Ok(())
            }
            Some(Ok((event, span))) => builder.event(event, &span),
            Some(Err(error)) => Err(syntax_error(text, &error, options)),
        };
        outcome.errors.append(&mut builder.errors);
        let broken = step.is_err();
        outcome.errors.extend(step.err());
        if outcome.errors.len() >= MAX_ERRORS {
            outcome.errors.truncate(MAX_ERRORS);
            outcome.errors.push(too_many());
            break;
        }
        if broken {
            builder.abandon();
            if !matches!(parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
    }
    outcome.notices = builder.notices();
    outcome
}

/// The error of the scanner in our words, at one character of the text.
fn syntax_error(text: &str, error: &ScanError, options: &YamlOptions) -> ParseError {
    let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let width = text.get(start..).and_then(|rest| rest.chars().next()).filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let span = Span::new(start, start + width);
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(span, options);
    }
    let error_at = ParseError::at(span, format!("not valid YAML: {}", error.info()));
    if matches!(
        error.kind(),
        ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::UnclosedQuotedScalar
            | ErrorKind::DocumentIndicatorInQuotedScalar
    ) {
        return error_at.with_help("is a closing quote missing?");
    }
    let head = text.get(..start).unwrap_or("");
    let line_start = head.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    if line.contains("{{") || line.contains("{%") {
        return error_at.with_help("this looks like a template: render it first, and check the result");
    }
    if line.trim_start_matches(' ').starts_with('\t') {
        return error_at.with_help("indent with spaces: YAML does not allow tabs there");
    }
    if line.trim_start_matches([' ', '-']).starts_with(['@', '`', '%']) || line.contains(": @") || line.contains(": `")
    {
        return error_at.with_help("quote a text that begins with `@`, `%` or a backtick");
    }
    error_at
}

fn too_deep(span: Span, options: &YamlOptions) -> ParseError {
    ParseError::at(span, format!("nested deeper than {} levels", options.max_depth))
}
