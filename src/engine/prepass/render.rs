//! What a string template prints: the values of its parts as OPA prints them.

use std::fmt::Write as _;

use regorus::Value;

use crate::engine::number;

/// Values nested deeper than this are cut short; JSON input cannot be.
const DEPTH: usize = 256;

/// The text of the parts of a template: strings, and sets that hold a value or, when it is undefined, nothing.
///
/// `None` when a part has more than one value or is no such part. A text of more than `most` bytes
/// is not finished.
#[must_use]
pub fn render(parts: &Value, most: usize) -> Option<String> {
    let mut out = String::new();
    for part in parts.as_array().ok()? {
        if out.len() > most {
            break;
        }
        match part {
            Value::String(text) => out.push_str(text),
            Value::Set(values) => match values.iter().collect::<Vec<_>>().as_slice() {
                [] => out.push_str("<undefined>"),
                [Value::String(text)] => out.push_str(text),
                [value] => write(&mut out, value, 0),
                _ => return None,
            },
            _ => return None,
        }
    }
    Some(out)
}

fn write(out: &mut String, value: &Value, depth: usize) {
    if depth > DEPTH {
        out.push('…');
        return;
    }
    let mut list = |open: &str, items: &mut dyn Iterator<Item = &Value>, close: &str| {
        out.push_str(open);
        for (at, item) in items.enumerate() {
            out.push_str(if at == 0 { "" } else { ", " });
            write(out, item, depth + 1);
        }
        out.push_str(close);
    };
    match value {
        Value::Array(items) => list("[", &mut items.iter(), "]"),
        Value::Set(items) if items.is_empty() => out.push_str("set()"),
        Value::Set(items) => list("{", &mut items.iter(), "}"),
        Value::Object(fields) => {
            out.push('{');
            for (at, (key, value)) in fields.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(out, key, depth + 1);
                out.push_str(": ");
                write(out, value, depth + 1);
            }
            out.push('}');
        }
        Value::Number(_) => out.push_str(&number::text(value)),
        scalar => {
            let text = scalar.to_json_str().unwrap_or_else(|_| "<undefined>".to_owned());
            let _ = write!(out, "{text}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_print_as_opa_prints_terms() {
        let parts = |text: &str| {
            let one = Value::from_json_str(text).unwrap();
            let some: std::collections::BTreeSet<Value> = [one].into_iter().collect();
            Value::from(vec![Value::from("a "), Value::from(some), Value::from(std::collections::BTreeSet::new())])
        };
        assert_eq!(render(&parts("\"x\""), 99).unwrap(), "a x<undefined>");
        assert_eq!(
            render(&parts("[1.5, \"x\", {\"k\": [null, true]}]"), 99).unwrap(),
            "a [1.5, \"x\", {\"k\": [null, true]}]<undefined>"
        );
    }
}
