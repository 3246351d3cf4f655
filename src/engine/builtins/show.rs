//! Values as OPA prints them in messages: `{"a": 1}`, `[1, 2]`, `set()`.

use std::fmt::Write as _;

use regorus::Value;

use super::super::number;
use super::Failure;

const MAX_DEPTH: usize = 500;
const MAX_TEXT: usize = 16 << 20;

/// The text of a value in Rego's own notation.
pub fn text(value: &Value) -> Result<String, Failure> {
    let mut out = String::new();
    write(value, 0, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut String) -> Result<(), Failure> {
    if depth > MAX_DEPTH || out.len() > MAX_TEXT {
        return Err(Failure::Limit(format!(
            "a value to print is deeper than {MAX_DEPTH} levels or longer than {MAX_TEXT} bytes"
        )));
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(_) => out.push_str(&number::text(value)),
        Value::String(text) => out.push_str(&quote(text)),
        Value::Undefined => out.push_str("<undefined>"),
        Value::Array(items) => list(items.iter(), ("[", "]"), depth, out)?,
        Value::Set(items) if items.is_empty() => out.push_str("set()"),
        Value::Set(items) => list(items.iter_sorted(), ("{", "}"), depth, out)?,
        Value::Object(object) => {
            out.push('{');
            for (index, (key, item)) in object.iter_sorted().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(key, depth + 1, out)?;
                out.push_str(": ");
                write(item, depth + 1, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn list<'a>(
    items: impl Iterator<Item = &'a Value>,
    (open, close): (&str, &str),
    depth: usize,
    out: &mut String,
) -> Result<(), Failure> {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, depth + 1, out)?;
    }
    out.push_str(close);
    Ok(())
}

/// Go's `strconv.Quote`.
pub fn quote(text: &str) -> String {
    quoted(text, false)
}

/// Go's `strconv.QuoteToASCII`.
pub fn quote_ascii(text: &str) -> String {
    quoted(text, true)
}

fn quoted(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ if !ascii && printable(c) => out.push(c),
            _ => escape(c, &mut out),
        }
    }
    out.push('"');
    out
}

/// Close to Go's `unicode.IsPrint`: no controls, formats or spaces but the plain one.
fn printable(c: char) -> bool {
    let hidden = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}');
    !(hidden || c.is_control() || c.is_whitespace())
}

fn escape(c: char, out: &mut String) {
    let code = u32::from(c);
    let written = if code < 0x80 {
        write!(out, "\\x{code:02x}")
    } else if code < 0x1_0000 {
        write!(out, "\\u{code:04x}")
    } else {
        write!(out, "\\U{code:08x}")
    };
    // Writing to a string can't fail.
    debug_assert!(written.is_ok());
}
