//! JSON as Go's `encoding/json` writes it: sorted keys, `<`, `>` and `&` escaped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use regorus::Value;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};

const MAX_DEPTH: usize = 500;
const MAX_TEXT: usize = 16 << 20;

/// How a text is laid out over lines.
struct Layout<'a> {
    prefix: &'a str,
    indent: &'a str,
}

/// The text of a value on one line.
pub fn text(value: &Value) -> Result<String, Failure> {
    let mut out = String::new();
    write(value, None, 0, &mut out)?;
    Ok(out)
}

pub fn marshal(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(text(args::value(args, 0)?)?))
}

/// `json.marshal_with_options(x, {"pretty": true, "indent": "  ", "prefix": ""})`.
pub fn marshal_with_options(_: &Context, args: &[Value]) -> Run {
    let Value::Object(options) = args::value(args, 1)? else { return Err(args::wrong(args, 1, "object")) };
    let (mut prefix, mut indent, mut pretty, mut implied) = ("", "\t", None, false);
    for (key, option) in options.iter_sorted() {
        match (key, option) {
            (Value::String(key), Value::String(text)) if &**key == "prefix" => (prefix, implied) = (text, true),
            (Value::String(key), Value::String(text)) if &**key == "indent" => (indent, implied) = (text, true),
            (Value::String(key), Value::Bool(yes)) if &**key == "pretty" => pretty = Some(*yes),
            _ => return undefined("operand 2 holds an unknown or wrong option"),
        }
    }
    if !pretty.unwrap_or(implied) {
        return marshal(&Context::default(), args);
    }
    let mut out = prefix.to_owned();
    write(args::value(args, 0)?, Some(&Layout { prefix, indent }), 0, &mut out)?;
    Ok(Value::from(out))
}

fn write(value: &Value, layout: Option<&Layout<'_>>, depth: usize, out: &mut String) -> Result<(), Failure> {
    if depth > MAX_DEPTH || out.len() > MAX_TEXT {
        return Err(Failure::Limit(format!("JSON deeper than {MAX_DEPTH} levels or longer than {MAX_TEXT} bytes")));
    }
    match value {
        Value::Null | Value::Undefined => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(_) => out.push_str(&number::text(value)),
        Value::String(text) => quote(text, out),
        Value::Array(items) => list(items.iter(), layout, depth, out)?,
        Value::Set(items) => list(items.iter_sorted(), layout, depth, out)?,
        Value::Object(object) => {
            let mut fields = BTreeMap::new();
            for (key, item) in object.iter() {
                let key = match key {
                    Value::String(key) => key.to_string(),
                    other => text(other)?,
                };
                fields.insert(key, item);
            }
            out.push('{');
            let many = fields.len();
            for (at, (key, item)) in fields.into_iter().enumerate() {
                separate(at, layout, depth + 1, out);
                quote(&key, out);
                out.push_str(if layout.is_some() { ": " } else { ":" });
                write(item, layout, depth + 1, out)?;
            }
            if many > 0 {
                line(layout, depth, out);
            }
            out.push('}');
        }
    }
    Ok(())
}

fn list<'a>(
    items: impl Iterator<Item = &'a Value>,
    layout: Option<&Layout<'_>>,
    depth: usize,
    out: &mut String,
) -> Result<(), Failure> {
    out.push('[');
    let mut any = false;
    for (at, item) in items.enumerate() {
        separate(at, layout, depth + 1, out);
        write(item, layout, depth + 1, out)?;
        any = true;
    }
    if any {
        line(layout, depth, out);
    }
    out.push(']');
    Ok(())
}

fn separate(at: usize, layout: Option<&Layout<'_>>, depth: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
    line(layout, depth, out);
}

fn line(layout: Option<&Layout<'_>>, depth: usize, out: &mut String) {
    let Some(layout) = layout else { return };
    out.push('\n');
    out.push_str(layout.prefix);
    for _ in 0..depth {
        out.push_str(layout.indent);
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a string can't fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
