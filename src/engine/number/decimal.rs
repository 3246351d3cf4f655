//! Decimal digits of a binary number, and their rounding and layouts: Go's `decimal` of `math/big`.

use std::cmp::Ordering;

use num_bigint::BigUint;

/// `0.digits · 10^point`; the digits have no zeros at the end.
#[derive(Debug, Clone)]
pub struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// The digits of `mantissa · 2^exponent`, all of them.
    pub fn of(mantissa: &BigUint, exponent: i64) -> Self {
        let size = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
        let (digits, after) = if exponent >= 0 {
            ((mantissa << size).to_string(), 0)
        } else {
            ((mantissa * BigUint::from(5_u8).pow(size)).to_string(), i64::from(size))
        };
        let point = i64::try_from(digits.len()).unwrap_or(i64::MAX) - after;
        Self { digits: digits.into_bytes(), point }.trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        self
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    /// The shortest digits that lie between `lower` and `upper`.
    pub fn between(self, lower: &Self, upper: &Self, inclusive: bool) -> Self {
        for index in 0..self.digits.len() {
            let (digit, low, high) = (self.at(index), lower.at(index), upper.at(index));
            let down = low != digit || (inclusive && index + 1 == lower.digits.len());
            let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => return self.rounded(index + 1),
                (true, false) => return self.cut(index + 1),
                (false, true) => return self.raised(index + 1),
                (false, false) => {}
            }
        }
        self
    }

    fn rounded(self, count: usize) -> Self {
        let up = match self.at(count).cmp(&b'5') {
            Ordering::Less => false,
            Ordering::Greater => true,
            // Just half way goes to the even digit.
            Ordering::Equal if count + 1 == self.digits.len() => count > 0 && self.at(count - 1) % 2 == 1,
            Ordering::Equal => true,
        };
        if up { self.raised(count) } else { self.cut(count) }
    }

    fn cut(mut self, count: usize) -> Self {
        self.digits.truncate(count);
        self.trimmed()
    }

    fn raised(mut self, count: usize) -> Self {
        self.digits.truncate(count);
        while let Some(last) = self.digits.pop() {
            if last < b'9' {
                self.digits.push(last + 1);
                return self;
            }
        }
        Self { digits: vec![b'1'], point: self.point + 1 }
    }

    fn text(&self) -> String {
        self.digits.iter().map(|digit| char::from(*digit)).collect()
    }

    /// `%f` with as many decimals as there are digits.
    pub fn fixed(&self) -> String {
        let digits = self.text();
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        if self.point <= 0 {
            return format!("0.{}{digits}", zeros(-self.point));
        }
        if self.point >= count {
            return format!("{digits}{}", zeros(self.point - count));
        }
        let (whole, part) = digits.split_at(usize::try_from(self.point).unwrap_or(0));
        format!("{whole}.{part}")
    }

    /// `%g`: with an exponent from a million on and under 0.0001, as Go does where it looks for the shortest.
    pub fn general(&self) -> String {
        let power = self.point - 1;
        if (-4..6).contains(&power) {
            return self.fixed();
        }
        let digits = self.text();
        let (first, rest) = digits.split_at(1.min(digits.len()));
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if power < 0 { '-' } else { '+' };
        format!("{first}{dot}{rest}e{sign}{:02}", power.abs())
    }
}
