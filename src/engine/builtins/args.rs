//! Reading a builtin's operands, with OPA's texts when one has the wrong type.

use num_bigint::BigInt;
use regorus::Value;

pub use super::super::number::{float, whole};
use super::Failure;

/// What a builtin gives back.
pub type Run = Result<Value, Failure>;

/// An error of the builtin itself: undefined unless errors are strict.
pub fn undefined<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Undefined(text.into()))
}

/// The name OPA has for a value's type.
pub const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Set(_) => "set",
        Value::Object(_) => "object",
        Value::Undefined => "undefined",
    }
}

/// The operand at `index`, counted from zero.
pub fn value(args: &[Value], index: usize) -> Result<&Value, Failure> {
    args.get(index).ok_or_else(|| Failure::Fault(format!("operand {} is missing", index + 1)))
}

/// The failure for an operand of the wrong type.
pub fn wrong(args: &[Value], index: usize, wanted: &str) -> Failure {
    let got = args.get(index).map_or("nothing", type_name);
    Failure::Undefined(format!("operand {} must be {wanted} but got {got}", index + 1))
}

/// A string operand.
pub fn string(args: &[Value], index: usize) -> Result<&str, Failure> {
    match value(args, index)? {
        Value::String(text) => Ok(text),
        _ => Err(wrong(args, index, "string")),
    }
}

/// An array operand.
pub fn array(args: &[Value], index: usize) -> Result<&[Value], Failure> {
    match value(args, index)? {
        Value::Array(items) => Ok(items.as_slice()),
        _ => Err(wrong(args, index, "array")),
    }
}

/// The elements of an array or a set operand.
pub fn collection(args: &[Value], index: usize) -> Result<Vec<&Value>, Failure> {
    match value(args, index)? {
        Value::Array(items) => Ok(items.iter().collect()),
        Value::Set(items) => Ok(items.iter_sorted().collect()),
        _ => Err(wrong(args, index, "one of {array, set}")),
    }
}

/// An operand that is a whole number of any size.
pub fn big(args: &[Value], index: usize) -> Result<BigInt, Failure> {
    match value(args, index)? {
        number @ Value::Number(_) => match whole(number) {
            Some(big) => Ok(big),
            None => undefined(format!("operand {} must be integer number but got floating-point number", index + 1)),
        },
        _ => Err(wrong(args, index, "number")),
    }
}

/// An operand that is a whole number of 64 bits.
pub fn int(args: &[Value], index: usize) -> Result<i64, Failure> {
    i64::try_from(big(args, index)?).map_err(|_| Failure::Undefined(format!("operand {} is out of range", index + 1)))
}

/// The value under a string key of an object.
pub fn field<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    object.as_object().ok()?.get(&Value::from(key))
}

/// Refuses a size over the builtin's cap.
pub fn cap(name: &str, what: &str, size: usize, most: usize) -> Result<(), Failure> {
    if size > most {
        return Err(Failure::Limit(format!("{name}: {size} {what} are over the limit of {most}")));
    }
    Ok(())
}
