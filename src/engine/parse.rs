//! Parsing: a prepared text becomes regorus's syntax tree.
//!
//! regorus's parser is used by itself, a module at a time, so that modules are parsed side by
//! side. It recurses, so it is given stack, and a panic of it is an error of the file.

use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use regorus::unstable::{Module, NodeRef, Parser, Source};

use super::error::{Code, PolicyError};
use super::prepass::{Options, Prepared, Version, outline, prepare_with};

/// The largest text of a policy, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// The most lines of a policy.
const MAX_LINES: usize = 200_000;
/// Columns a line of policy may have: keys and certificates are long.
const WIDEST: NonZeroU32 = NonZeroU32::MAX;
/// Stack for one file; regorus's parser and the walks over its tree recurse.
const STACK: usize = 64 << 20;

/// Statements that are named as no Rego in one file.
const MAX_FAULTS: usize = 10;

/// A module and the text it came from.
#[derive(Debug)]
pub struct Parsed {
    /// The text, made ready.
    pub prepared: Prepared,
    /// Its syntax tree.
    pub module: NodeRef<Module>,
}

impl AsRef<Module> for Parsed {
    fn as_ref(&self) -> &Module {
        &self.module
    }
}

/// Prepares and parses a text.
pub fn parse(name: &str, text: &str, options: Options<'_>) -> Result<Parsed, Vec<PolicyError>> {
    with_stack(|| {
        let prepared = prepare_with(name, text, options)?;
        let module = module(&prepared)?;
        Ok(Parsed { prepared, module })
    })
}

/// Parses texts with their names side by side; results in their order.
pub fn parse_all(modules: &[(&str, &str)], options: Options<'_>) -> Vec<Result<Parsed, Vec<PolicyError>>> {
    modules.par_iter().map(|(name, text)| parse(name, text, options)).collect()
}

/// Runs `work` with stack enough for the tree of one file.
pub fn with_stack<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(STACK / 4, STACK, work)
}

/// The syntax tree, or what is wrong with each statement that is no Rego.
///
/// regorus stops at the first error of a file. The statement that it is in is blanked and the
/// rest read again.
fn module(prepared: &Prepared) -> Result<NodeRef<Module>, Vec<PolicyError>> {
    let mut text = prepared.text.clone();
    let mut faults = Vec::new();
    loop {
        let error = match attempt(prepared, &text) {
            Ok(module) if faults.is_empty() => return Ok(module),
            Ok(_) => return Err(faults),
            Err(error) => error,
        };
        let at = PolicyError::engine_offset(prepared, &error);
        faults.push(PolicyError::from_engine(prepared, Code::Parse, &error));
        let starts: Vec<usize> = outline(&text).into_iter().map(|(start, ..)| start).collect();
        let number = starts.partition_point(|start| *start <= at);
        // What is unexpected at the start of a statement is what the one before it lacks.
        let first = if starts.contains(&at) { number.saturating_sub(2) } else { number.saturating_sub(1) };
        let Some(start) = starts.get(first).copied() else { break };
        let end = starts.get(number).copied().unwrap_or(text.len());
        // The package is what no file can do without.
        if first == 0 || faults.len() == MAX_FAULTS {
            break;
        }
        let Some(statement) = text.get(start..end) else { break };
        let blank: String = statement.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        text.replace_range(start..end, &blank);
    }
    Err(faults)
}

fn attempt(prepared: &Prepared, text: &str) -> Result<NodeRef<Module>, String> {
    let tried = catch_unwind(AssertUnwindSafe(|| tree(prepared.source.name(), text, prepared.version)));
    tried.map_err(|_| "the parser failed on this file".to_owned())?.map_err(|error| error.to_string())
}

fn tree(name: &str, text: &str, version: Version) -> anyhow::Result<NodeRef<Module>> {
    let (bytes, lines) = (most(MAX_BYTES), most(MAX_LINES));
    let source = Source::from_contents_with_limits(name.to_owned(), text.to_owned(), bytes, lines)?;
    let v1 = version == Version::V1;
    // The parser reads a token before it can be told of wide lines; the engine tells it first.
    let Ok(mut parser) = Parser::new(&source) else {
        let mut engine = regorus::Engine::new();
        engine.set_rego_v0(!v1);
        engine.set_policy_length_config(regorus::PolicyLengthConfig {
            max_col: WIDEST,
            max_file_bytes: bytes,
            max_lines: lines,
        });
        engine.add_policy(name.to_owned(), text.to_owned())?;
        return engine.get_modules().first().cloned().ok_or_else(|| anyhow::anyhow!("the parser gave no module"));
    };
    parser.set_max_col(WIDEST);
    if v1 {
        parser.enable_rego_v1()?;
    }
    Ok(NodeRef::new(parser.parse()?))
}

fn most(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap_or(NonZeroUsize::MIN)
}
