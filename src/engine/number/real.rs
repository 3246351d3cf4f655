//! Binary numbers of a given precision: Go's `big.Float`, in which OPA reckons.

use num_bigint::{BigInt, BigUint, Sign};

use super::decimal::Decimal;

/// The precision that OPA's numbers get when they are read.
pub const PRECISION: u64 = 64;
/// Decimal exponents beyond this are refused: they stand for numbers no policy means.
const MOST_DIGITS: i64 = 20_000;

/// `±mantissa · 2^exponent`; the mantissa has `precision` bits at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Real {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
    precision: u64,
}

impl Real {
    /// The number nearest to a decimal text; none where the text is no number or out of bounds.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{part}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits: BigUint = digits.parse().ok()?;
        let power = power.parse::<i64>().ok()?.checked_sub(i64::try_from(part.len()).ok()?)?;
        if power.abs() > MOST_DIGITS {
            return None;
        }
        let ten = BigUint::from(10_u8).pow(u32::try_from(power.unsigned_abs()).ok()?);
        if power >= 0 {
            return Some(Self::rounded(negative, digits * ten, 0, false, PRECISION));
        }
        Some(Self::ratio(negative, &digits, 0, &ten, PRECISION))
    }

    /// A whole number, rounded to `precision`; or exact with as many bits as it needs.
    pub fn whole(number: &BigInt, precision: Option<u64>) -> Self {
        let precision = precision.unwrap_or_else(|| number.bits().max(PRECISION));
        Self::rounded(number.sign() == Sign::Minus, number.magnitude().clone(), 0, false, precision)
    }

    fn rounded(negative: bool, mantissa: BigUint, exponent: i64, sticky: bool, precision: u64) -> Self {
        let bits = mantissa.bits();
        if bits <= precision {
            return Self { negative, mantissa, exponent, precision }.tidied();
        }
        let drop = bits - precision;
        let half = BigUint::from(1_u8) << (drop - 1);
        let mut kept = &mantissa >> drop;
        let rest = mantissa - (&kept << drop);
        if rest > half || (rest == half && (sticky || kept.bit(0))) {
            kept += 1_u8;
        }
        let exponent = exponent.saturating_add(i64::try_from(drop).unwrap_or(i64::MAX));
        Self { negative, mantissa: kept, exponent, precision }.tidied()
    }

    /// Without zeros at the end, so that equal numbers are equal.
    fn tidied(mut self) -> Self {
        let Some(zeros) = self.mantissa.trailing_zeros() else {
            return Self { exponent: 0, ..self };
        };
        self.mantissa >>= zeros;
        self.exponent = self.exponent.saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX));
        self
    }

    /// `above · 2^exponent / below`.
    fn ratio(negative: bool, above: &BigUint, exponent: i64, below: &BigUint, precision: u64) -> Self {
        let shift = (precision + 2 + below.bits()).saturating_sub(above.bits());
        let raised = above << shift;
        let quotient = &raised / below;
        let sticky = &quotient * below != raised;
        let exponent = exponent.saturating_sub(i64::try_from(shift).unwrap_or(i64::MAX));
        // The lowest bit stands for all that follow.
        let quotient = (quotient << 1_u8) + u8::from(sticky);
        Self::rounded(negative, quotient, exponent - 1, sticky, precision)
    }

    /// Whether this is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa == BigUint::ZERO
    }

    /// Whether this is under zero.
    pub const fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether there is nothing after the point.
    pub const fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// Without what is after the point.
    pub fn truncated(&self) -> BigInt {
        let shift = self.exponent.unsigned_abs();
        let size = if self.exponent >= 0 { &self.mantissa << shift } else { &self.mantissa >> shift };
        BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, size)
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Self { negative: false, ..self }
    }

    fn sum(&self, other: &Self, flip: bool) -> Self {
        let low = self.exponent.min(other.exponent);
        let signed = |real: &Self, flip: bool| {
            let size = &real.mantissa << (real.exponent - low).unsigned_abs();
            BigInt::from_biguint(if real.negative == flip { Sign::Plus } else { Sign::Minus }, size)
        };
        let total = signed(self, false) + signed(other, flip);
        let precision = self.precision.max(other.precision);
        Self::rounded(total.sign() == Sign::Minus, total.magnitude().clone(), low, false, precision)
    }

    /// `self + other`.
    pub fn add(&self, other: &Self) -> Self {
        self.sum(other, false)
    }

    /// `self - other`.
    pub fn sub(&self, other: &Self) -> Self {
        self.sum(other, true)
    }

    /// `self · other`, to `precision` bits or those of the more precise one.
    pub fn mul(&self, other: &Self, precision: Option<u64>) -> Self {
        let precision = precision.unwrap_or_else(|| self.precision.max(other.precision));
        let exponent = self.exponent.saturating_add(other.exponent);
        Self::rounded(self.negative != other.negative, &self.mantissa * &other.mantissa, exponent, false, precision)
    }

    /// `self / other`; none when that is zero.
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let exponent = self.exponent.saturating_sub(other.exponent);
        let precision = self.precision.max(other.precision);
        Some(Self::ratio(self.negative != other.negative, &self.mantissa, exponent, &other.mantissa, precision))
    }

    /// The order of the two.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let low = self.exponent.min(other.exponent);
        let signed = |real: &Self| {
            let size = &real.mantissa << (real.exponent - low).unsigned_abs();
            BigInt::from_biguint(if real.negative { Sign::Minus } else { Sign::Plus }, size)
        };
        signed(self).cmp(&signed(other))
    }

    /// The shortest text that reads back as this number, as OPA writes it.
    pub fn text(&self) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let shown = self.shortest();
        let body = if self.is_whole() { shown.fixed() } else { shown.general() };
        if self.negative { format!("-{body}") } else { body }
    }

    /// Go's `roundShortest`: the mantissa and its neighbours half a step away, digit by digit.
    fn shortest(&self) -> Decimal {
        let missing = self.precision.saturating_sub(self.mantissa.bits());
        let mantissa = &self.mantissa << (missing + 1);
        let exponent = self.exponent.saturating_sub(i64::try_from(missing + 1).unwrap_or(i64::MAX));
        let inclusive = !mantissa.bit(1);
        let lower = Decimal::of(&(&mantissa - 1_u8), exponent);
        let upper = Decimal::of(&(&mantissa + 1_u8), exponent);
        Decimal::of(&mantissa, exponent).between(&lower, &upper, inclusive)
    }
}
