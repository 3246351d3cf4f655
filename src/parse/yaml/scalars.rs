//! What a plain YAML scalar means: YAML 1.1 as go-yaml v2 reads it, which is
//! what `kubectl`, Helm and conftest see.
//!
//! Follows `resolve.go` of go-yaml v2 and the key rules of sigs.k8s.io/yaml.

use crate::engine::Value;

/// What a plain scalar is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Text,
}

impl Scalar {
    /// The value, `text` being what was written; nothing for what JSON cannot hold.
    pub(super) fn value(self, text: &str) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(flag),
            Self::Int(number) => Value::from(number),
            Self::UInt(number) => Value::from(number),
            Self::Float(number) if !number.is_finite() => return None,
            Self::Float(number) => crate::parse::float(number),
            Self::Text => Value::from(text),
        })
    }

    /// The key that the scalar makes; nothing when that is the text itself.
    pub(super) fn key(self) -> Option<String> {
        match self {
            Self::Null => Some("null".to_owned()),
            Self::Bool(flag) => Some(flag.to_string()),
            Self::Int(number) => Some(number.to_string()),
            Self::UInt(number) => Some(number.to_string()),
            Self::Float(number) => Some(float_key(number)),
            Self::Text => None,
        }
    }
}

/// What the plain scalar `text` is.
pub(super) fn resolve(text: &str) -> Scalar {
    match text.bytes().next() {
        None => Scalar::Null,
        Some(b'0'..=b'9') => number(text),
        Some(b'+' | b'-') => non_finite(text).map_or_else(|| number(text), Scalar::Float),
        Some(b'.') => non_finite(text).or_else(|| finite(text)).map_or(Scalar::Text, Scalar::Float),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(_) => Scalar::Text,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Text,
    }
}

fn non_finite(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn number(text: &str) -> Scalar {
    let joined;
    let plain = if text.contains('_') {
        joined = text.replace('_', "");
        &joined
    } else {
        text
    };
    let (negative, digits) = match plain.as_bytes().first() {
        Some(b'-') => (true, plain.get(1..).unwrap_or("")),
        Some(b'+') => (false, plain.get(1..).unwrap_or("")),
        _ => (false, plain),
    };
    if let Some(magnitude) = integer(digits) {
        let signed = if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() };
        match signed {
            Some(number) => return Scalar::Int(number),
            // go-yaml tries an unsigned number only where no sign is written.
            None if plain.len() == digits.len() => return Scalar::UInt(magnitude),
            None => {}
        }
    }
    if is_decimal(digits) { finite(plain).map_or(Scalar::Text, Scalar::Float) } else { Scalar::Text }
}

/// An integer in Go's notation: `0x`, `0o`, `0b`, a leading `0` for octal, or decimal.
fn integer(digits: &str) -> Option<u64> {
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', _, ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', _, ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // Rust allows a sign here, Go does not.
    let sign = digits.starts_with(['+', '-']);
    u64::from_str_radix(digits, radix).ok().filter(|_| !sign)
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, the sign being gone.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let mut rest = text.get(whole..).unwrap_or("");
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = digits(fraction);
        if whole + len == 0 {
            return false;
        }
        rest = fraction.get(len..).unwrap_or("");
    } else if whole == 0 {
        return false;
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Go's `FormatFloat(number, 'g', -1, 32)`, which sigs.k8s.io/yaml uses for keys.
fn float_key(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    #[allow(clippy::cast_possible_truncation)] // the rounding to 32 bits is what it does
    let short = number as f32;
    if short.is_infinite() {
        return if short > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{short:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let power: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&power) {
        return short.to_string();
    }
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What go-yaml v2.4.4 under sigs.k8s.io/yaml 1.6.0 makes of each: the text, the value, the key.
    const GO: &[(&str, &str, &str)] = &[
        ("y", "true", "true"),
        ("Y", "true", "true"),
        ("yes", "true", "true"),
        ("Yes", "true", "true"),
        ("YES", "true", "true"),
        ("on", "true", "true"),
        ("On", "true", "true"),
        ("off", "false", "false"),
        ("n", "false", "false"),
        ("N", "false", "false"),
        ("No", "false", "false"),
        ("true", "true", "true"),
        ("True", "true", "true"),
        ("TRUE", "true", "true"),
        ("tRUE", r#""tRUE""#, "tRUE"),
        ("false", "false", "false"),
        ("nULL", r#""nULL""#, "nULL"),
        ("0777", "511", "511"),
        ("0o17", "15", "15"),
        ("0x1F", "31", "31"),
        ("0b101", "5", "5"),
        ("-0b1", "-1", "-1"),
        ("1_000", "1000", "1000"),
        ("1__0", "10", "10"),
        ("_1", r#""_1""#, "_1"),
        ("08", "8", "8"),
        ("0_8", "8", "8"),
        ("1.5", "1.5", "1.5"),
        ("1e3", "1000", "1000"),
        ("1E3", "1000", "1000"),
        (".5", "0.5", "0.5"),
        ("-.5", "-0.5", "-0.5"),
        ("5.", "5", "5"),
        ("1e", r#""1e""#, "1e"),
        ("1.2.3", r#""1.2.3""#, "1.2.3"),
        ("123456789012345678901", "123456789012345680000", "1.2345679e+20"),
        ("-9223372036854775808", "-9223372036854775808", "-9223372036854775808"),
        ("-9223372036854775809", "-9223372036854776000", "-9.223372e+18"),
        ("+12", "12", "12"),
        ("2001-01-01", r#""2001-01-01""#, "2001-01-01"),
        ("2001-01-01T00:00:00Z", r#""2001-01-01T00:00:00Z""#, "2001-01-01T00:00:00Z"),
        ("1:30", r#""1:30""#, "1:30"),
        ("0", "0", "0"),
        ("-0", "0", "0"),
        ("00", "0", "0"),
        ("0x", r#""0x""#, "0x"),
        ("+0xF", "15", "15"),
        ("1.0", "1", "1"),
        ("1e400", r#""1e400""#, "1e400"),
        ("1e21", "1e+21", "1e+21"),
        ("1e6", "1000000", "1e+06"),
        ("123456789.5", "123456789.5", "1.2345679e+08"),
        ("3.14159265358979", "3.14159265358979", "3.1415927"),
        ("0.00001", "0.00001", "1e-05"),
        ("0.001", "0.001", "0.001"),
    ];

    #[test]
    fn plain_scalars_mean_what_go_reads() {
        for (text, value, key) in GO {
            let scalar = resolve(text);
            let expected = Value::from_json_str(value).expect("JSON");
            assert_eq!(scalar.value(text), Some(expected), "{text}");
            assert_eq!(scalar.key().as_deref().unwrap_or(text), *key, "{text}");
        }
    }

    #[test]
    fn what_go_refuses_as_a_key_or_as_json_still_has_a_meaning() {
        for (text, scalar) in [
            ("", Scalar::Null),
            ("~", Scalar::Null),
            ("null", Scalar::Null),
            ("12345678901234567890", Scalar::UInt(12_345_678_901_234_567_890)),
            (".inf", Scalar::Float(f64::INFINITY)),
            ("-.Inf", Scalar::Float(f64::NEG_INFINITY)),
            ("+-1", Scalar::Text),
            ("-", Scalar::Text),
            ("0x+1", Scalar::Text),
        ] {
            assert_eq!(resolve(text), scalar, "{text}");
        }
        assert_eq!(resolve(".nan").value(".nan"), None);
    }
}
