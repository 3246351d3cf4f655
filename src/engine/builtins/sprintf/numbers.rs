//! Numbers under `sprintf`'s verbs: Go's `fmtInteger`, `fmtFloat` and `big.Int.Format`.

use num_bigint::{BigInt, Sign};

use super::super::floats;
use super::super::show::{self, quote};
use super::Printer;

impl Printer<'_> {
    pub(super) fn int(&mut self, int: i64, verb: char) -> bool {
        match verb {
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => self.digits(int, verb),
            'c' => self.pad(&rune(int).to_string()),
            'q' => {
                let c = rune(int);
                let inner = if c == '\'' {
                    "\\'".to_owned()
                } else if c == '"' {
                    "\"".to_owned()
                } else {
                    let whole = if self.flags.plus { show::quote_ascii(&c.to_string()) } else { quote(&c.to_string()) };
                    whole.trim_matches('"').to_owned()
                };
                self.pad(&format!("'{inner}'"));
            }
            'U' => self.unicode(int),
            _ => return false,
        }
        true
    }

    fn unicode(&mut self, int: i64) {
        let digits = self.flags.precision.unwrap_or(4).max(4);
        let mut shown = format!("U+{int:0digits$X}");
        if self.flags.sharp
            && let Some(c) = u32::try_from(int).ok().and_then(char::from_u32)
            && !c.is_control()
        {
            shown.extend([' ', '\'', c, '\'']);
        }
        self.pad_spaces(&shown);
    }

    fn digits(&mut self, int: i64, verb: char) {
        let size = int.unsigned_abs();
        let mut digits = match verb {
            'b' => format!("{size:b}"),
            'o' | 'O' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        let signed = int < 0 || self.flags.plus || self.flags.space;
        let least = if let Some(precision) = self.flags.precision {
            if precision == 0 && int == 0 {
                self.fill(self.flags.width.unwrap_or(0), ' ');
                return;
            }
            precision
        } else if self.flags.zero && !self.flags.minus {
            self.flags.width.unwrap_or(0).saturating_sub(usize::from(signed))
        } else {
            0
        };
        if digits.len() < least {
            digits.insert_str(0, &"0".repeat(least - digits.len()));
        }
        if self.flags.sharp {
            match verb {
                'b' => digits.insert_str(0, "0b"),
                'o' if !digits.starts_with('0') => digits.insert(0, '0'),
                'x' => digits.insert_str(0, "0x"),
                'X' => digits.insert_str(0, "0X"),
                _ => {}
            }
        }
        if verb == 'O' {
            digits.insert_str(0, "0o");
        }
        digits.insert_str(0, self.sign(int < 0));
        self.pad_spaces(&digits);
    }

    const fn sign(&self, negative: bool) -> &'static str {
        if negative {
            "-"
        } else if self.flags.plus {
            "+"
        } else if self.flags.space {
            " "
        } else {
            ""
        }
    }

    pub(super) fn big(&mut self, big: &BigInt, verb: char) {
        let radix = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            'd' | 's' | 'v' => 10,
            'x' | 'X' => 16,
            _ => {
                self.put(format_args!("%!{verb}(big.Int={big})"));
                return;
            }
        };
        let mut digits = big.magnitude().to_str_radix(radix);
        if verb == 'X' {
            digits.make_ascii_uppercase();
        }
        let negative = big.sign() == Sign::Minus;
        let sign = if self.flags.plus_v && !negative { "+" } else { self.sign(negative) };
        let prefix = match verb {
            'b' if self.flags.sharp => "0b",
            'o' if self.flags.sharp => "0",
            'x' if self.flags.sharp => "0x",
            'X' if self.flags.sharp => "0X",
            'O' => "0o",
            _ => "",
        };
        let mut zeros = self.flags.precision.unwrap_or(0).saturating_sub(digits.len());
        let length = sign.len() + prefix.len() + zeros + digits.len();
        if self.flags.zero && !self.flags.minus && self.flags.precision.is_none() {
            zeros = self.flags.width.unwrap_or(0).saturating_sub(length);
        }
        let shown = format!("{sign}{prefix}{}{digits}", "0".repeat(zeros));
        self.pad_spaces(&shown);
    }

    pub(super) fn float(&mut self, float: f64, verb: char) -> bool {
        let precision = self.flags.precision;
        let mut shown = match verb {
            'v' | 'g' => floats::general(float, precision),
            'G' => floats::general(float, precision).to_uppercase(),
            'f' | 'F' => format!("{float:.*}", precision.unwrap_or(6)),
            'e' => floats::exponent(float, precision.unwrap_or(6)),
            'E' => floats::exponent(float, precision.unwrap_or(6)).to_uppercase(),
            _ => return false,
        };
        let negative = shown.starts_with('-');
        if negative {
            shown.remove(0);
        }
        let sign = self.sign(negative);
        let length = sign.len() + shown.len();
        let width = self.flags.width.unwrap_or(0);
        if self.flags.zero && !self.flags.minus && !sign.is_empty() && width > length {
            self.out.push_str(sign);
            self.fill(width - length, '0');
            self.out.push_str(&shown);
        } else {
            self.pad(&format!("{sign}{shown}"));
        }
        true
    }
}

fn rune(int: i64) -> char {
    u32::try_from(int).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}
