//! Numbers as OPA reckons with them: whole ones exactly, others with 64 bits of mantissa.
//!
//! A [`Value`] holds a number with a fraction as a 64-bit float, which has 53 bits. A
//! result that needs more, or that OPA writes in another way, is remembered beside the
//! float that stands for it ([`Kept`]): `1 / 3 * 3 == 1` holds, and `2 / 3` prints as
//! `0.6666666666666666667`. What is remembered lasts for one evaluation on one thread;
//! a number that leaves the evaluation as JSON is the nearest float.
//!
//! In: values. Out: values, or why there is none.

mod decimal;
mod kept;
mod real;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use num_bigint::{BigInt, Sign};

use super::Value;
use super::builtins::Failure;
pub use kept::reset;
use real::{PRECISION, Real};

/// The most bits a whole number may have.
const MOST_BITS: u64 = 1 << 20;

/// The most parts of a value that are looked at when it leaves an evaluation.
const MOST_LEFT: usize = 1_000_000;

/// A number's result.
pub type Number = Result<Value, Failure>;

fn fault<T>(text: &str) -> Result<T, Failure> {
    Err(Failure::Undefined(text.to_owned()))
}

fn limit<T>(text: &str) -> Result<T, Failure> {
    Err(Failure::Limit(text.to_owned()))
}

/// A number that is whole, of any size.
///
/// Through its text: the engine is built on another version of the big-integer crate.
pub fn whole(value: &Value) -> Option<BigInt> {
    let number = value.as_number().ok()?;
    if let Some(small) = number.as_i64() {
        return Some(BigInt::from(small));
    }
    if let Some(big) = number.as_big() {
        return big.to_string().parse().ok();
    }
    let float = number.as_f64()?;
    if float.fract() == 0.0 { float.to_string().parse().ok() } else { None }
}

/// A whole number of any size as a value.
pub fn integer(big: &BigInt) -> Number {
    if let Ok(small) = i64::try_from(big) {
        return Ok(Value::from(small));
    }
    if big.bits() > MOST_BITS {
        return limit("a number has over a million bits");
    }
    Value::from_numeric_string(&big.to_string()).map_err(|e| Failure::Fault(e.to_string()))
}

/// Whether a whole number was written with a fraction: to OPA `2.0` is the same as `2`, and is printed as a float.
pub fn is_written_as_float(value: &Value) -> bool {
    let number = value.as_number().ok().filter(|number| number.is_integer());
    let float = |text: String| text.contains('.') && text != "-0.0";
    number.is_some_and(|number| float(number.format_decimal_with_width(1)))
}

/// The text of a number, as OPA prints it within another value or in JSON.
pub fn text(value: &Value) -> String {
    if is_written_as_float(value)
        && let Some(small) = value.as_f64().ok().filter(|float| float.abs() < 1e15)
    {
        return format!("{small:.1}");
    }
    if let Some(big) = whole(value) {
        return big.to_string();
    }
    let Ok(float) = value.as_f64() else { return "0".to_owned() };
    kept::text(float).unwrap_or_else(|| plain(float))
}

/// The float nearest to a number.
pub fn float(value: &Value) -> Option<f64> {
    match whole(value) {
        Some(big) => big.to_string().parse().ok(),
        None => {
            let float = value.as_f64().ok()?;
            kept::text(float).map_or(Some(float), |text| text.parse().ok())
        }
    }
}

/// A float's own text: without an exponent where it is neither large nor tiny.
fn plain(float: f64) -> String {
    let size = float.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{float:e}");
        return if size < 1.0 { text } else { text.replacen('e', "e+", 1) };
    }
    float.to_string()
}

/// A number as one of 64 bits of mantissa.
fn real(value: &Value) -> Result<Real, Failure> {
    if let Some(big) = whole(value) {
        return Ok(Real::whole(&big, Some(PRECISION)));
    }
    let parsed = value.as_f64().ok().and_then(|_| Real::parse(&text(value)));
    parsed.ok_or_else(|| Failure::Undefined("the operand is no finite number".to_owned()))
}

/// The value of a result.
fn value(real: &Real) -> Number {
    let text = real.text();
    if real.is_whole() {
        return match text.parse() {
            Ok(big) => integer(&big),
            Err(_) => limit("a number is out of bounds"),
        };
    }
    // Floats of this size are all whole; the nearest whole number is closer than any of them.
    if text.parse().is_ok_and(|float: f64| float.abs() >= 4.5e15) {
        return integer(&nearest(real)?);
    }
    kept::keep(real).map(Value::from)
}

/// The nearest whole number; halves go away from zero.
fn nearest(real: &Real) -> Result<BigInt, Failure> {
    let half = Real::parse("0.5").ok_or_else(|| Failure::Fault("a half is a number".to_owned()))?;
    Ok(if real.is_negative() { real.sub(&half) } else { real.add(&half) }.truncated())
}

/// `value` with the nearest float for each number with more digits, for what does not know of them.
pub fn leave(value: Value) -> Value {
    let mut left = MOST_LEFT;
    if kept::is_empty() { value } else { left_behind(value, &mut left) }
}

/// A value whose parts are shared can be endless to go through: beyond `left` parts it stays as it is.
fn left_behind(value: Value, left: &mut usize) -> Value {
    if *left == 0 {
        return value;
    }
    *left -= 1;
    match &value {
        Value::Number(_) => {
            let text = value.as_f64().ok().and_then(kept::text);
            text.and_then(|text| text.parse::<f64>().ok()).map_or(value, Value::from)
        }
        Value::Array(items) => {
            Value::from(items.iter().map(|item| left_behind(item.clone(), left)).collect::<Vec<_>>())
        }
        Value::Set(items) => {
            Value::from(items.iter().map(|item| left_behind(item.clone(), left)).collect::<BTreeSet<_>>())
        }
        Value::Object(object) => {
            let fields =
                object.iter().map(|(key, item)| (left_behind(key.clone(), left), left_behind(item.clone(), left)));
            Value::from(fields.collect::<BTreeMap<_, _>>())
        }
        _ => value,
    }
}

/// The value of a number's text, which may have more digits than a float holds.
pub fn parse(text: &str) -> Number {
    let Some(real) = Real::parse(text) else { return fault("invalid number") };
    if real.is_whole() {
        return Value::from_numeric_string(text).map_err(|_| Failure::Limit("a number is out of bounds".to_owned()));
    }
    let float: f64 = text.parse().unwrap_or(f64::NAN);
    // What a float holds as written needs no memory; OPA's own text of it is lost with it.
    if Real::parse(&plain(float)).as_ref() == Some(&real) { Ok(Value::from(float)) } else { value(&real) }
}

/// The order of two numbers.
pub fn order(left: &Value, right: &Value) -> Ordering {
    if kept::is_empty() || left == right {
        return left.cmp(right);
    }
    match (real(left), real(right)) {
        (Ok(one), Ok(other)) => one.order(&other).then_with(|| left.cmp(right)),
        _ => left.cmp(right),
    }
}

fn small(value: &Value) -> Option<i64> {
    value.as_number().ok()?.as_i64()
}

fn both(left: &Value, right: &Value) -> Option<(BigInt, BigInt)> {
    Some((whole(left)?, whole(right)?))
}

/// `left + right`.
pub fn add(left: &Value, right: &Value) -> Number {
    if let (Some(one), Some(other)) = (small(left), small(right))
        && let Some(sum) = one.checked_add(other)
    {
        return Ok(Value::from(sum));
    }
    match both(left, right) {
        Some((one, other)) => integer(&(one + other)),
        None => value(&real(left)?.add(&real(right)?)),
    }
}

/// `left - right`.
pub fn sub(left: &Value, right: &Value) -> Number {
    if let (Some(one), Some(other)) = (small(left), small(right))
        && let Some(rest) = one.checked_sub(other)
    {
        return Ok(Value::from(rest));
    }
    match both(left, right) {
        Some((one, other)) => integer(&(one - other)),
        None => value(&real(left)?.sub(&real(right)?)),
    }
}

/// `left * right`.
pub fn mul(left: &Value, right: &Value) -> Number {
    if let (Some(one), Some(other)) = (small(left), small(right))
        && let Some(product) = one.checked_mul(other)
    {
        return Ok(Value::from(product));
    }
    match both(left, right) {
        Some((one, other)) => integer(&multiplied(&one, &other)?),
        None => value(&real(left)?.mul(&real(right)?, None)),
    }
}

fn multiplied(one: &BigInt, other: &BigInt) -> Result<BigInt, Failure> {
    if one.bits().saturating_add(other.bits()) > MOST_BITS {
        limit("a number has over a million bits")
    } else {
        Ok(one * other)
    }
}

/// `left / right`.
pub fn div(left: &Value, right: &Value) -> Number {
    if let (Some(one), Some(other)) = (small(left), small(right))
        && one.checked_rem(other) == Some(0)
        && let Some(quotient) = one.checked_div(other)
    {
        return Ok(Value::from(quotient));
    }
    match real(left)?.div(&real(right)?) {
        Some(quotient) => value(&quotient),
        None => fault("divide by zero"),
    }
}

/// `left % right`, of whole numbers; the sign is that of `left`.
pub fn rem(left: &Value, right: &Value) -> Number {
    let Some((one, other)) = both(left, right) else { return fault("modulo on floating-point number") };
    if other.sign() == Sign::NoSign {
        return fault("modulo by zero");
    }
    integer(&(one % other))
}

/// The number without its sign.
pub fn abs(number: &Value) -> Number {
    value(&real(number)?.abs())
}

/// The nearest whole number; halves go away from zero.
pub fn round(number: &Value) -> Number {
    integer(&nearest(&real(number)?)?)
}

/// The least whole number that is not under it; as in OPA 1 for what is between -1 and 0.
pub fn ceil(number: &Value) -> Number {
    let given = real(number)?;
    let cut = given.truncated();
    integer(&if given.is_whole() || cut.sign() == Sign::Minus { cut } else { cut + 1 })
}

/// The greatest whole number that is not over it; as in OPA 0 for what is between -1 and 0.
pub fn floor(number: &Value) -> Number {
    let given = real(number)?;
    let cut = given.truncated();
    integer(&if given.is_whole() || cut.sign() != Sign::Minus { cut } else { cut - 1 })
}

/// The number without what is after the point.
pub fn truncated(number: &Value) -> Result<BigInt, Failure> {
    match whole(number) {
        Some(big) => Ok(big),
        None => Ok(real(number)?.truncated()),
    }
}

/// The sum of numbers, in their order.
pub fn sum(numbers: &[&Value]) -> Number {
    if let Some(whole) = numbers.iter().map(|number| whole(number)).collect::<Option<Vec<_>>>() {
        return integer(&whole.into_iter().sum());
    }
    let mut total = Real::whole(&BigInt::ZERO, Some(PRECISION));
    for number in numbers {
        total = total.add(&real(number)?);
    }
    value(&total)
}

/// The product of numbers, in their order.
pub fn product(numbers: &[&Value]) -> Number {
    if let Some(whole) = numbers.iter().map(|number| whole(number)).collect::<Option<Vec<_>>>() {
        let mut total = BigInt::from(1);
        for number in whole {
            total = multiplied(&total, &number)?;
        }
        return integer(&total);
    }
    // OPA begins with a float of 53 bits here, and its precision stays.
    let mut total = Real::whole(&BigInt::from(1), Some(53));
    for number in numbers {
        total = total.mul(&real(number)?, Some(53));
    }
    value(&total)
}

#[cfg(test)]
mod tests;
