//! Builtins over numbers, which reckon as [`number`] does.

use regorus::Value;

use super::super::number;
use super::args::{self, Run};
use super::{Context, Failure};

fn operand(args: &[Value]) -> Result<&Value, Failure> {
    match args::value(args, 0)? {
        number @ Value::Number(_) => Ok(number),
        _ => Err(args::wrong(args, 0, "number")),
    }
}

pub fn abs(_: &Context, args: &[Value]) -> Run {
    number::abs(operand(args)?)
}

pub fn ceil(_: &Context, args: &[Value]) -> Run {
    number::ceil(operand(args)?)
}

pub fn floor(_: &Context, args: &[Value]) -> Run {
    number::floor(operand(args)?)
}

pub fn round(_: &Context, args: &[Value]) -> Run {
    number::round(operand(args)?)
}

fn numbers(args: &[Value]) -> Result<Vec<&Value>, Failure> {
    let items = args::collection(args, 0)?;
    match items.iter().find(|item| !matches!(item, Value::Number(_))) {
        Some(odd) => {
            let text = format!("operand 1 must be collection of numbers but got one with {}", args::type_name(odd));
            Err(Failure::Undefined(text))
        }
        None => Ok(items),
    }
}

pub fn sum(_: &Context, args: &[Value]) -> Run {
    number::sum(&numbers(args)?)
}

pub fn product(_: &Context, args: &[Value]) -> Run {
    number::product(&numbers(args)?)
}

/// `format_int(number, base)`: without what is after the point.
pub fn format_int(_: &Context, args: &[Value]) -> Run {
    let whole = number::truncated(operand(args)?)?;
    if !matches!(args::value(args, 1)?, Value::Number(_)) {
        return Err(args::wrong(args, 1, "number"));
    }
    let base = args::int(args, 1)?;
    match u32::try_from(base) {
        Ok(base @ (2 | 8 | 10 | 16)) => Ok(Value::from(whole.to_str_radix(base))),
        _ => args::undefined("operand 2 must be one of {2, 8, 10, 16}"),
    }
}

/// `to_number(x)`.
pub fn to_number(_: &Context, args: &[Value]) -> Run {
    match args::value(args, 0)? {
        Value::Null => Ok(Value::from(0_u64)),
        Value::Bool(yes) => Ok(Value::from(u64::from(*yes))),
        number @ Value::Number(_) => Ok(number.clone()),
        Value::String(text) => {
            // Go's floats end where ours do; OPA asks them first.
            if text.parse::<f64>().is_ok_and(f64::is_finite) {
                number::parse(text)
            } else {
                args::undefined(format!("`{text}` is no number"))
            }
        }
        _ => Err(args::wrong(args, 0, "one of {null, boolean, number, string}")),
    }
}
