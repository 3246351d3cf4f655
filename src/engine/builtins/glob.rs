//! `glob.*` in the syntax of the Go package gobwas/glob, through a regular expression.

use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, Failure, patterns};

/// The longest pattern.
const MAX_PATTERN: usize = 16 << 10;

/// `glob.match(pattern, delimiters, text)`.
pub fn is_match(context: &Context, args: &[Value]) -> Run {
    let pattern = args::string(args, 0)?;
    let delimiters = match args::value(args, 1)? {
        Value::Null => String::new(),
        Value::Array(items) if items.is_empty() => ".".to_owned(),
        Value::Array(items) => {
            let mut all = String::new();
            for item in items.iter() {
                match item {
                    Value::String(text) if text.chars().count() == 1 => all.push_str(text),
                    _ => return undefined("operand 2 must be array of one-letter strings"),
                }
            }
            all
        }
        _ => return Err(args::wrong(args, 1, "one of {array, null}")),
    };
    let text = args::string(args, 2)?;
    args::cap("glob.match", "bytes of pattern", pattern.len(), MAX_PATTERN)?;
    let regex = patterns::compile_own(context, "glob.match", &translate(pattern, &delimiters)?, text.len())?;
    Ok(Value::from(regex.is_match(text)))
}

/// `glob.quote_meta(text)`.
pub fn quote_meta(_: &Context, args: &[Value]) -> Run {
    let mut out = String::new();
    for c in args::string(args, 0)?.chars() {
        if matches!(c, '*' | '?' | '\\' | '[' | ']' | '{' | '}') {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(Value::from(out))
}

fn translate(pattern: &str, delimiters: &str) -> Result<String, Failure> {
    let one = if delimiters.is_empty() { ".".to_owned() } else { format!("[^{}]", class(delimiters)) };
    let mut out = String::from("(?s)^(?:");
    let mut chars = pattern.chars().peekable();
    let mut open = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) => literal(c, &mut out),
                None => return undefined("glob: nothing to escape"),
            },
            '*' => {
                let mut stars = 1;
                while chars.next_if_eq(&'*').is_some() {
                    stars += 1;
                }
                out.push_str(if stars > 1 { "." } else { &one });
                out.push('*');
            }
            '?' => out.push_str(&one),
            '[' => {
                let not = chars.next_if_eq(&'!').is_some();
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        Some(']') if !inner.is_empty() => break,
                        Some('\\') => inner.extend(chars.next()),
                        Some(c) if c != ']' => inner.push(c),
                        _ => return undefined("glob: unexpected end of a list of characters"),
                    }
                }
                out.push_str(if not { "[^" } else { "[" });
                out.push_str(&ranges(&inner)?);
                out.push(']');
            }
            '{' => {
                open += 1;
                out.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                out.push(')');
            }
            ',' if open > 0 => out.push('|'),
            c => literal(c, &mut out),
        }
    }
    if open > 0 {
        return undefined("glob: unclosed {");
    }
    out.push_str(")$");
    Ok(out)
}

fn literal(c: char, out: &mut String) {
    out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

/// Characters as they stand in a class.
fn class(chars: &str) -> String {
    let mut out = String::new();
    for c in chars.chars() {
        if !c.is_alphanumeric() && c.is_ascii() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `a-z` is a range; with anything else beside it a dash is a dash.
fn ranges(inner: &str) -> Result<String, Failure> {
    let chars: Vec<char> = inner.chars().collect();
    match chars.as_slice() {
        [low, '-', high] if low <= high => Ok(format!("{}-{}", class(&low.to_string()), class(&high.to_string()))),
        [_, '-', _] => undefined("glob: hi is less than lo in a range"),
        [_, '-', ..] => undefined("glob: expected the end of a range"),
        _ => Ok(class(inner)),
    }
}
