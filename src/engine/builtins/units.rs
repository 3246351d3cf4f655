//! `units.*`: amounts such as `10Gi` and `200m`, reckoned with fractions.

use num_bigint::{BigInt, BigUint};
use regorus::Value;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};

/// The largest exponent; OPA takes six digits and then writes out the number.
const MOST: i64 = 4_096;

/// The number at the front and the unit behind it.
fn split(text: &str) -> Result<(&str, &str), Failure> {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or_default();
    let mut index = 0;
    while index < bytes.len() {
        let byte = at(index);
        if matches!(byte, b'e' | b'E') {
            if !(at(index + 1).is_ascii_digit() || matches!(at(index + 1), b'+' | b'-')) {
                return Ok(text.split_at(index));
            }
            index += usize::from(matches!(at(index + 1), b'+' | b'-'));
        } else if !(byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-')) {
            return text.split_at_checked(index).map_or_else(|| undefined("unit not recognized"), Ok);
        }
        index += 1;
    }
    Ok((text, ""))
}

/// A decimal number as a whole one and the count of digits after the point, which may be negative.
fn decimal(name: &str, text: &str) -> Result<(BigInt, i64), Failure> {
    let bad = || Failure::Undefined(format!("{name}: could not parse amount to a number"));
    let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    let power: i64 = power.parse().map_err(|_| bad())?;
    args::cap(name, "as an exponent", usize::try_from(power.unsigned_abs()).unwrap_or(usize::MAX), 4_096)?;
    let digits: BigInt = digits.parse().map_err(|_| bad())?;
    let after = i64::try_from(part.len()).unwrap_or(MOST) - power;
    Ok((if negative { -digits } else { digits }, after))
}

fn ten(power: i64) -> BigInt {
    BigInt::from(BigUint::from(10_u8).pow(u32::try_from(power).unwrap_or_default()))
}

/// `units.parse(text)`: SI units and their binary kin; the case of `m` and `M` counts.
pub fn parse(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?.replace('"', "");
    if text.contains(' ') {
        return undefined("units.parse: spaces not allowed in resource strings");
    }
    let (amount, unit) = split(&text)?;
    if amount.is_empty() {
        return undefined("units.parse: no amount provided");
    }
    let mut letters = unit.chars();
    let first = letters.next();
    let unit: String = first.into_iter().chain(letters.flat_map(char::to_lowercase)).collect();
    let (size, thousandth) = match unit.as_str() {
        // Not just a thousandth: the float nearest to it, as a fraction of binary numbers.
        "m" => (BigInt::from(1_152_921_504_606_847_u64), true),
        "" => (BigInt::from(1), false),
        unit => match factor(unit.strip_suffix('i').unwrap_or(unit)) {
            Some(power) if unit.ends_with('i') && unit.len() > 1 => (BigInt::from(1024).pow(power), false),
            Some(power) if !matches!(unit, "m") => (ten(i64::from(power) * 3), false),
            _ => return undefined(format!("units.parse: unit {unit} not recognized")),
        },
    };
    let (digits, after) = decimal("units.parse", amount)?;
    // The value is `above / below`.
    let mut above = digits * size;
    let mut below = if thousandth { BigInt::from(1) << 60_u8 } else { BigInt::from(1) };
    if after > 0 {
        below *= ten(after);
    } else {
        above *= ten(-after);
    }
    if &above % &below == BigInt::ZERO {
        return number::integer(&(above / below));
    }
    number::parse(&fixed(&above, &below))
}

/// The power of a thousand of a unit's letter.
fn factor(letter: &str) -> Option<u32> {
    let at = ["k", "m", "g", "t", "p", "e"].iter().position(|known| letter.eq_ignore_ascii_case(known))?;
    u32::try_from(at + 1).ok()
}

/// A fraction with ten decimals, halves away from zero.
fn fixed(above: &BigInt, below: &BigInt) -> String {
    let scaled = above * ten(10) * BigInt::from(2);
    let sign = if scaled.sign() == num_bigint::Sign::Minus { "-" } else { "" };
    let rounded = (BigInt::from(scaled.magnitude().clone()) + below) / (below * BigInt::from(2));
    let digits = format!("{:0>11}", rounded.to_string());
    let (whole, part) = digits.split_at(digits.len() - 10);
    format!("{sign}{whole}.{part}")
}

/// `units.parse_bytes(text)`: without regard to case, cut to a whole number.
pub fn parse_bytes(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?.to_lowercase().replace('"', "");
    if text.contains(' ') {
        return undefined("units.parse_bytes: spaces not allowed in resource strings");
    }
    let (amount, unit) = split(&text)?;
    if amount.is_empty() {
        return undefined("units.parse_bytes: no byte amount provided");
    }
    let bare = unit.strip_suffix('b').unwrap_or(unit);
    let size = match (unit, factor(bare.strip_suffix('i').unwrap_or(bare))) {
        ("", _) => BigInt::from(1),
        (_, Some(power)) if bare.ends_with('i') => BigInt::from(1024).pow(power),
        (_, Some(power)) => ten(i64::from(power) * 3),
        _ => return undefined(format!("units.parse_bytes: byte unit {unit} not recognized")),
    };
    decimal("units.parse_bytes", amount)?;
    let product = number::mul(&number::parse(amount)?, &number::integer(&size)?)?;
    number::integer(&number::truncated(&product)?)
}
