//! conftest's readers for tests: `parse_config`, `parse_config_file` and
//! `parse_combined_config_files`, with the gate's own parsers.
//!
//! A test may read files below the working folder and nothing else: a policy
//! from elsewhere is not to learn what the machine holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::discover::{DEFAULT_MAX_SIZE, decode};
use crate::document::Format;
use crate::engine::{Hooks, Value};
use crate::parse::parse_file;
use crate::source::Source;

/// The readers for a test in the file called `test`: paths are relative to its folder.
pub fn readers(test: &str) -> Hooks {
    let folder = Path::new(test).parent().map(Path::to_path_buf).unwrap_or_default();
    let near = folder.clone();
    Hooks {
        parse_config: Some(Arc::new(parse_config)),
        parse_config_file: Some(Arc::new(move |args| match args {
            [Value::String(path)] => from_file(&near, path),
            _ => Err("the path must be a string".to_owned()),
        })),
        parse_combined_config_files: Some(Arc::new(move |args| combined(&folder, args))),
    }
}

fn parse_config(args: &[Value]) -> Result<Value, String> {
    let [Value::String(parser), Value::String(text)] = args else {
        return Err("the parser and the text must be strings".to_owned());
    };
    let (name, format) = match &**parser {
        "yaml" => ("config.yaml", Format::Yaml),
        "json" => ("config.json", Format::Json),
        "jsonc" => ("config.jsonc", Format::Jsonc),
        "hcl2" => ("config.tf", Format::Hcl),
        "toml" => ("config.toml", Format::Toml),
        "dockerfile" => ("Dockerfile", Format::Dockerfile),
        "xml" => ("config.xml", Format::Xml),
        other => {
            return Err(format!("`{other}` is not read here; yaml, json, jsonc, hcl2, toml, dockerfile and xml are"));
        }
    };
    parsed(&Arc::new(Source::new(name, &**text)), format)
}

fn combined(folder: &Path, args: &[Value]) -> Result<Value, String> {
    let [Value::Array(paths)] = args else { return Err("the paths must be an array".to_owned()) };
    let one = |path: &Value| {
        let Value::String(path) = path else { return Err("a path must be a string".to_owned()) };
        let contents = from_file(folder, path)?;
        let fields = [("path", Value::String(path.clone())), ("contents", contents)];
        Ok(Value::from(fields.into_iter().map(|(key, value)| (Value::from(key), value)).collect::<BTreeMap<_, _>>()))
    };
    Ok(Value::from(paths.iter().map(one).collect::<Result<Vec<_>, String>>()?))
}

fn from_file(folder: &Path, path: &str) -> Result<Value, String> {
    let wrong = |error: std::io::Error| format!("`{path}` can't be read: {error}");
    let real = folder.join(path).canonicalize().map_err(wrong)?;
    let top = std::env::current_dir().and_then(|top| top.canonicalize()).map_err(wrong)?;
    if !real.starts_with(&top) {
        return Err(format!("`{path}` is not below the working folder"));
    }
    let format = Format::detect(path).ok_or_else(|| format!("`{path}` is of no format that is read here"))?;
    let source = decode(path, bytes(&real).map_err(wrong)?).map_err(|problem| problem.message)?;
    parsed(&Arc::new(source), format)
}

fn bytes(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    let size = std::fs::metadata(path)?;
    if !size.is_file() || size.len() > DEFAULT_MAX_SIZE {
        return Err(std::io::Error::other("it is no file, or larger than 64 MiB"));
    }
    std::fs::read(path)
}

/// One document as it is, several as an array.
fn parsed(source: &Arc<Source>, format: Format) -> Result<Value, String> {
    let outcome = parse_file(source, Some(format));
    if let Some(problem) = outcome.problems.iter().find(|problem| !problem.notice) {
        return Err(format!("{}: {}", source.name(), problem.message));
    }
    let mut values: Vec<Value> = outcome.documents.into_iter().map(|document| document.value).collect();
    match values.len() {
        1 => Ok(values.remove(0)),
        _ => Ok(Value::from(values)),
    }
}
