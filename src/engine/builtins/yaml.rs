//! `yaml.*`: the first document of a text, and values in the layout of Go's emitter.

use std::collections::BTreeMap;

use regorus::Value;
use serde::Deserialize as _;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};

const MAX_DEPTH: usize = 256;
const MAX_TEXT: usize = 16 << 20;

/// The value of the first document.
fn read(text: &str) -> Run {
    if text.starts_with("%YAML") && !text.starts_with("%YAML 1.1") {
        return undefined("found incompatible YAML document");
    }
    let bad = |error: serde_yaml::Error| Failure::Undefined(format!("yaml: {error}"));
    let Some(document) = serde_yaml::Deserializer::from_str(text).next() else { return Ok(Value::Null) };
    if !text.contains("<<") && !text.contains('!') {
        return Value::deserialize(document).map_err(bad);
    }
    // Tags and merged keys, which are rare, are the way round of another type.
    let mut value = serde_yaml::Value::deserialize(document).map_err(bad)?;
    value.apply_merge().map_err(bad)?;
    serde_yaml::from_value(untagged(value)).map_err(bad)
}

/// A value without the tags of applications, which Go's reader passes over.
fn untagged(value: serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Tagged(tagged) => untagged(tagged.value),
        Yaml::Sequence(items) => Yaml::Sequence(items.into_iter().map(untagged).collect()),
        Yaml::Mapping(fields) => {
            Yaml::Mapping(fields.into_iter().map(|(key, item)| (untagged(key), untagged(item))).collect())
        }
        other => other,
    }
}

pub fn unmarshal(_: &Context, args: &[Value]) -> Run {
    read(args::string(args, 0)?)
}

/// `yaml.is_valid`: what is no string is not valid, and no error.
pub fn is_valid(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::string(args, 0).is_ok_and(|text| read(text).is_ok())))
}

pub fn marshal(_: &Context, args: &[Value]) -> Run {
    let mut out = String::new();
    write(args::value(args, 0)?, 0, true, &mut out)?;
    Ok(Value::from(out))
}

/// Writes a value; `open` where the line is empty up to `indent` or has only dashes.
fn write(value: &Value, indent: usize, open: bool, out: &mut String) -> Result<(), Failure> {
    if indent > MAX_DEPTH * 2 || out.len() > MAX_TEXT {
        return Err(Failure::Limit(format!("YAML deeper than {MAX_DEPTH} levels or longer than {MAX_TEXT} bytes")));
    }
    match value {
        Value::Object(object) if !object.is_empty() => {
            let mut fields = BTreeMap::new();
            for (key, item) in object.iter() {
                let key = match key {
                    Value::String(key) => key.to_string(),
                    other => super::json::text(other)?,
                };
                fields.insert(key, item);
            }
            begin(open, out);
            for (at, (key, item)) in fields.into_iter().enumerate() {
                pad(at > 0 || !open, indent, out);
                out.push_str(&scalar(&key, indent)?);
                out.push(':');
                write(item, indent + 2, false, out)?;
            }
        }
        Value::Array(items) if !items.is_empty() => list(items.iter(), indent, open, out)?,
        Value::Set(items) if !items.is_empty() => list(items.iter_sorted(), indent, open, out)?,
        other => {
            if !open {
                out.push(' ');
            }
            out.push_str(&match other {
                Value::String(text) => scalar(text, indent)?,
                Value::Object(_) => "{}".to_owned(),
                Value::Array(_) | Value::Set(_) => "[]".to_owned(),
                Value::Bool(yes) => yes.to_string(),
                Value::Number(_) => number::text(other),
                _ => "null".to_owned(),
            });
            out.push('\n');
        }
    }
    Ok(())
}

fn list<'a>(
    items: impl Iterator<Item = &'a Value>,
    indent: usize,
    open: bool,
    out: &mut String,
) -> Result<(), Failure> {
    begin(open, out);
    for (at, item) in items.enumerate() {
        pad(at > 0 || !open, indent, out);
        out.push_str("- ");
        write(item, indent + 2, true, out)?;
    }
    Ok(())
}

fn begin(open: bool, out: &mut String) {
    if !open {
        out.push('\n');
    }
}

fn pad(wanted: bool, indent: usize, out: &mut String) {
    if wanted {
        out.push_str(&" ".repeat(indent));
    }
}

/// A text: in double quotes where it would be read as something else.
fn scalar(text: &str, indent: usize) -> Result<String, Failure> {
    if !text.contains('\n') && is_other(text) {
        return Ok(format!("{text:?}"));
    }
    let shown = serde_yaml::to_string(text).map_err(|error| Failure::Fault(error.to_string()))?;
    let shown = shown.strip_suffix('\n').unwrap_or(&shown);
    if !text.contains('\n') {
        return Ok(shown.to_owned());
    }
    // The lines of a block stand below their key.
    let deeper = " ".repeat(indent.saturating_sub(2));
    Ok(shown.replace('\n', &format!("\n{deeper}")))
}

/// Whether a plain text would be null, a boolean, a number or a date, in YAML 1.1 or 1.2.
fn is_other(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let date = text.len() >= 10
        && text.bytes().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.is_empty()
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || date
        || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
            && serde_yaml::from_str::<serde_yaml::Value>(text).is_ok_and(|value| value.is_number())
}
