//! What policies may reach outside of their input: the run's grants, and conftest's readers of files.
//!
//! Files are read under the working folder only, and never over a network.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Request;
use crate::document::Format;
use crate::engine::Value;
use crate::engine::builtins::{Context, Failure, Hooks, Run};
use crate::parse::values;
use crate::source::Source;

/// The largest file that a policy can read.
const LARGEST: u64 = 16 << 20;

/// conftest's names of parsers and ours.
const PARSERS: [(&str, Format); 7] = [
    ("yaml", Format::Yaml),
    ("json", Format::Json),
    ("jsonc", Format::Jsonc),
    ("toml", Format::Toml),
    ("hcl2", Format::Hcl),
    ("dockerfile", Format::Dockerfile),
    ("xml", Format::Xml),
];

/// What builtins may know of this run.
pub fn context(request: &Request) -> Context {
    let now = request.clock.as_nanosecond();
    let mut context = Context::default();
    context.allow = request.allow;
    context.now_ns = request.allow.clock.then_some(now);
    // The same time gives the same chance, so that a run can be repeated.
    context.seed = u64::from_le_bytes(now.to_le_bytes().first_chunk().copied().unwrap_or_default());
    if request.allow.env {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        context.environment = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    }
    context.hooks = readers();
    context
}

/// conftest's readers of files, for checks and for tests of policies.
#[must_use]
pub fn readers() -> Hooks {
    Hooks {
        parse_config: Some(Arc::new(parse_config)),
        parse_config_file: Some(Arc::new(parse_config_file)),
        parse_combined_config_files: Some(Arc::new(parse_combined_config_files)),
    }
}

fn operand(args: &[Value], at: usize) -> Result<&str, Failure> {
    match args.get(at) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(Failure::Undefined(format!("operand {} must be string", at + 1))),
    }
}

/// The value of a text; a list of them when it holds several documents.
fn parsed(name: &str, text: &str, format: Format) -> Run {
    let mut all = values(&Source::new(name, text), format).map_err(|why| Failure::Fault(format!("`{name}`: {why}")))?;
    match all.len() {
        0 => Ok(Value::Null),
        1 => Ok(all.remove(0)),
        _ => Ok(Value::from(all)),
    }
}

/// `parse_config(parser, text)`.
fn parse_config(args: &[Value]) -> Run {
    let (parser, text) = (operand(args, 0)?, operand(args, 1)?);
    let Some((_, format)) = PARSERS.iter().find(|(name, _)| *name == parser) else {
        let known: Vec<_> = PARSERS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Fault(format!("parse_config: no parser `{parser}`; there are: {}", known.join(", "))));
    };
    parsed("parse_config", text, *format)
}

/// The value of a file under the working folder.
fn file(path: &str) -> Run {
    // In conftest this is undefined, and a rule that reads the file finds nothing: a gate must not pass for that.
    let gone = |error: std::io::Error| {
        let why = if error.kind() == std::io::ErrorKind::NotFound {
            "there is no such file".to_owned()
        } else {
            error.to_string()
        };
        Failure::Fault(format!("`{path}` can't be read: {why}"))
    };
    let root = std::env::current_dir().and_then(|root| root.canonicalize()).map_err(gone)?;
    let real = Path::new(path).canonicalize().map_err(gone)?;
    if !real.starts_with(&root) {
        return Err(Failure::Denied(format!("`{path}` is outside of the working folder, and policies can't read it")));
    }
    let data = real.metadata().map_err(gone)?;
    if !data.is_file() {
        return Err(Failure::Fault(format!("`{path}` is no file")));
    }
    if data.len() > LARGEST {
        return Err(Failure::Limit(format!("`{path}` is larger than {} MiB", LARGEST >> 20)));
    }
    let Some(format) = Format::detect(path) else {
        return Err(Failure::Fault(format!("the name `{path}` tells no format that can be parsed")));
    };
    parsed(path, &std::fs::read_to_string(&real).map_err(gone)?, format)
}

/// `parse_config_file(path)`.
fn parse_config_file(args: &[Value]) -> Run {
    file(operand(args, 0)?)
}

/// `parse_combined_config_files(paths)`: `[{path, contents}]`, sorted by path.
fn parse_combined_config_files(args: &[Value]) -> Run {
    let Some(Value::Array(paths)) = args.first() else {
        return Err(Failure::Undefined("operand 1 must be array of strings".to_owned()));
    };
    let mut all = BTreeMap::new();
    for at in 0..paths.len() {
        let path = operand(paths.as_slice(), at)?;
        all.insert(path.to_owned(), file(path)?);
    }
    let entry = |(path, contents): (String, Value)| {
        let one = |path: &str, contents: Value| {
            Value::from(BTreeMap::from([(Value::from("path"), Value::from(path)), (Value::from("contents"), contents)]))
        };
        match contents {
            // As in conftest each document of a file is an entry of its own.
            Value::Array(items) => items.iter().map(|item| one(&path, item.clone())).collect(),
            contents => vec![one(&path, contents)],
        }
    };
    Ok(Value::from(all.into_iter().flat_map(entry).collect::<Vec<_>>()))
}
