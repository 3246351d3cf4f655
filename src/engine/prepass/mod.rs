//! The lexical pre-pass: rewrites what OPA accepts and regorus's parser does not.
//!
//! In: a policy's text as its author wrote it.
//! Out: a text that regorus parses, the Rego version it is in, and a map that leads every
//! offset back, so that places and errors always speak of the author's text.
//!
//! What is rewritten: string templates, references that begin with a keyword, a line that
//! starts with `(`, chained bodies of v0 set rules, imports after a rule, body-less functions,
//! deeply nested constant literals, and `rego.metadata.*` calls. Nothing here judges grammar:
//! what is no Rego stays no Rego, and regorus says so.

mod heads;
mod lex;
mod map;
mod nesting;
mod numbers;
mod outputs;
mod render;
mod rules;
mod template;
mod words;

use std::sync::Arc;

use crate::engine::error::{Code, PolicyError};
use crate::engine::metadata;
use crate::source::{Source, Span};

pub use lex::{Kind, Token};
pub use map::{Edit, OffsetMap};
pub use render::render;
pub use words::unmangle;

/// The function that a string template becomes a call of; its argument is an array of strings
/// and of sets that hold an expression's value or nothing.
pub const TEMPLATE_FUNCTION: &str = "regate.template";

/// The most imports of a policy.
const MAX_IMPORTS: usize = 1_000;

/// The version of Rego that a policy is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Before OPA 1.0: bodies without `if`.
    V0,
    /// From OPA 1.0 on.
    V1,
}

/// How much nesting a policy may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most brackets open at once.
    pub depth: usize,
    /// The most operators in a row: `1 + 1 + …`.
    pub chain: usize,
    /// The most work that regorus's parser may repeat, in tokens; it doubles with each nested first element.
    pub work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, chain: 1_000, work: 4_000_000 }
    }
}

/// What [`prepare_with`] may be told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The version, when the user gave one; otherwise it is read off the text.
    pub version: Option<Version>,
    /// Bounds.
    pub limits: Limits,
    /// The metadata of all modules, to answer `rego.metadata.rule()` and `rego.metadata.chain()`.
    pub metadata: Option<&'a metadata::Index>,
}

/// A policy's text made ready for regorus.
#[derive(Debug)]
pub struct Prepared {
    /// The text as its author wrote it.
    pub source: Arc<Source>,
    /// The text for regorus.
    pub text: String,
    /// From offsets in `text` to offsets in `source`.
    pub map: OffsetMap,
    /// The version it is in.
    pub version: Version,
}

impl Prepared {
    /// The author's bytes for the bytes `start..end` of the prepared text.
    #[must_use]
    pub fn span(&self, start: u32, end: u32) -> Span {
        let first = self.map.to_original(start as usize);
        let last = self.map.to_original((end as usize).saturating_sub(1).max(start as usize));
        Span::new(first, if end > start { last + 1 } else { first })
    }
}

/// Makes the policy `text` that the user knows as `name` ready for regorus.
///
/// Without a `version` it is v1 unless a rule has a body without `if`.
pub fn prepare(name: &str, text: &str, version: Option<Version>) -> Result<Prepared, Vec<PolicyError>> {
    prepare_with(name, text, Options { version, ..Options::default() })
}

/// [`prepare`] with bounds and metadata.
pub fn prepare_with(name: &str, text: &str, options: Options<'_>) -> Result<Prepared, Vec<PolicyError>> {
    let source = Arc::new(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(text)));
    let text = source.text().clone();
    let fail = |at: usize, message: &str| {
        vec![PolicyError::at(&source, Span::new(at, (at + 1).min(text.len())), Code::Parse, message)]
    };
    let tokens = lex::tokens(&text).map_err(|(at, message)| fail(at, message))?;
    let mut edits = Vec::new();
    nesting::check(&text, &tokens, options.limits, &mut edits).map_err(|(at, message)| fail(at, &message))?;
    numbers::rewrite(&text, &tokens, &mut edits);
    template::rewrite(&text, &tokens, &mut edits);
    words::rewrite(&text, &tokens, &mut edits).map_err(|(at, message)| fail(at, &message))?;
    outputs::rewrite(&text, &tokens, &mut edits);
    let heads = heads::find(&text, &tokens);
    // regorus compares each import with all before it.
    let mut imports = heads.statements.iter().filter(|statement| statement.lead(&text, &tokens) == "import");
    if let Some(token) = imports.nth(MAX_IMPORTS).and_then(|statement| tokens.get(statement.first)) {
        return Err(fail(token.start, &format!("a policy may have {MAX_IMPORTS} imports")));
    }
    let version = options.version.unwrap_or(heads.version);
    rules::rewrite(&text, &tokens, &heads, version, &mut edits);
    if let Some(index) = options.metadata {
        rules::inline_metadata(&source, &tokens, index, &mut edits);
    }
    let (new, map) = map::apply(&text, edits);
    Ok(Prepared { text: new.into_owned(), map, version, source: source.clone() })
}

/// Where the statements of `text` begin: offset, first word, and the path of a package, import or rule head.
///
/// Empty when the text cannot be split into tokens.
#[must_use]
pub fn outline(text: &str) -> Vec<(usize, &str, String)> {
    let Ok(tokens) = lex::tokens(text) else { return Vec::new() };
    let heads = heads::find(text, &tokens);
    heads.statements.iter().filter_map(|statement| statement.outline(text, &tokens)).collect()
}
