//! Base64 and the encoding of URLs as Go's packages do them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, Failure};

/// Go passes over ends of lines.
fn joined(text: &str) -> String {
    text.replace(['\n', '\r'], "")
}

/// Bytes as a text; what is no UTF-8 shows as Go's JSON shows it.
fn text(bytes: &[u8]) -> Value {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        // Go replaces each byte, not each run of them.
        out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    Value::from(out)
}

fn bad(cause: impl std::fmt::Display) -> Failure {
    Failure::Undefined(format!("illegal base64 data: {cause}"))
}

pub fn base64_decode(_: &Context, args: &[Value]) -> Run {
    STANDARD.decode(joined(args::string(args, 0)?)).map(|bytes| text(&bytes)).map_err(bad)
}

pub fn base64_is_valid(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::string(args, 0).is_ok_and(|text| STANDARD.decode(joined(text)).is_ok())))
}

/// `base64url.decode(text)`: with or without padding.
pub fn base64url_decode(_: &Context, args: &[Value]) -> Run {
    let given = args::string(args, 0)?;
    let bytes = if given.contains('=') {
        URL_SAFE.decode(given).map_err(bad)?
    } else {
        lenient().decode(given).map_err(bad)?
    };
    Ok(text(&bytes))
}

/// Without padding Go does not look at the bits left over.
fn lenient() -> base64::engine::GeneralPurpose {
    let config = base64::engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone);
    base64::engine::GeneralPurpose::new(&base64::alphabet::URL_SAFE, config)
}

pub fn base64url_encode_no_pad(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(URL_SAFE_NO_PAD.encode(args::string(args, 0)?)))
}

/// Go's `url.QueryEscape`.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                // Writing to a string can't fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Go's `url.QueryUnescape`.
fn unescaped(text: &str) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte.unwrap_or(b'?')).to_digit(16);
                let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else {
                    return undefined("invalid URL escape");
                };
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
            }
            byte => out.push(byte),
        }
    }
    Ok(out)
}

pub fn urlquery_encode(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(escaped(args::string(args, 0)?)))
}

pub fn urlquery_decode(_: &Context, args: &[Value]) -> Run {
    Ok(text(&unescaped(args::string(args, 0)?)?))
}

/// `urlquery.encode_object({"a": "b", "c": ["d", "e"]})`.
pub fn urlquery_encode_object(_: &Context, args: &[Value]) -> Run {
    let Value::Object(object) = args::value(args, 0)? else { return Err(args::wrong(args, 0, "object")) };
    let mut pairs = BTreeMap::new();
    for (key, value) in object.iter() {
        let key = match key {
            Value::String(key) => key.to_string(),
            other => super::json::text(other)?,
        };
        let values = match value {
            Value::String(text) => vec![text.to_string()],
            Value::Array(_) | Value::Set(_) => {
                let items = args::collection(std::slice::from_ref(value), 0)?;
                let text = |item: &&Value| item.as_string().ok().map(ToString::to_string);
                let texts: Option<Vec<_>> = items.iter().map(text).collect();
                texts.ok_or_else(|| args::wrong(args, 0, "object of strings"))?
            }
            _ => return Err(args::wrong(args, 0, "object of strings")),
        };
        pairs.insert(key, values);
    }
    let pair = |(key, values): (&String, &Vec<String>)| -> Vec<String> {
        values.iter().map(|value| format!("{}={}", escaped(key), escaped(value))).collect()
    };
    Ok(Value::from(pairs.iter().flat_map(pair).collect::<Vec<_>>().join("&")))
}

/// `urlquery.decode_object("a=b&a=c")`.
pub fn urlquery_decode_object(_: &Context, args: &[Value]) -> Run {
    let mut pairs: BTreeMap<Value, Vec<Value>> = BTreeMap::new();
    for pair in args::string(args, 0)?.split('&').filter(|pair| !pair.is_empty()) {
        if pair.contains(';') {
            return undefined("invalid semicolon separator in query");
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.entry(text(&unescaped(key)?)).or_default().push(text(&unescaped(value)?));
    }
    Ok(Value::from(pairs.into_iter().map(|(key, values)| (key, Value::from(values))).collect::<BTreeMap<_, _>>()))
}
