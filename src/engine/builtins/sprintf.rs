//! Go's `fmt.Sprintf` as OPA calls it: `sprintf` feeds most messages, so every
//! verb, flag and Go's own error texts (`%!d(string=x)`) come out as they do there.
//!
//! OPA hands Go four kinds of argument: `int64`, `*big.Int`, `float64` and
//! `string`; everything that is no number or string is printed first.
//! Source: Go's `fmt/print.go` and `fmt/format.go`.

use std::fmt::{Arguments, Write as _};

use num_bigint::BigInt;
use regorus::Value;

use super::super::number;
use super::args::{self, Run};
use super::hashes::hex;
use super::show::{self, quote};
use super::{Context, Failure};

/// Go refuses widths and precisions above this one.
const MAX_NUMBER: i64 = 1_000_000;

/// `sprintf(format, arguments)`.
pub fn sprintf(context: &Context, args: &[Value]) -> Run {
    let format = args::string(args, 0)?;
    let values = args::array(args, 1)?;
    let mut operands = Vec::with_capacity(values.len());
    for value in values {
        operands.push(Arg::of(value)?);
    }
    let mut printer = Printer::new(&operands, context.caps.text);
    printer.run(format)?;
    Ok(Value::from(printer.out))
}

/// The text of a number over all floats, which Go is handed as a text; most are powers of ten.
fn beyond(value: &Value) -> Option<String> {
    let digits = args::whole(value).filter(|big| big.bits() > 1_024)?.to_string();
    let mantissa = digits.trim_end_matches('0');
    let zeros = digits.len() - mantissa.len();
    (zeros > 290).then(|| format!("{mantissa}e{zeros}"))
}

/// An argument as Go sees it.
enum Arg {
    Int(i64),
    Big(BigInt),
    Float(f64),
    Text(String),
}

impl Arg {
    fn of(value: &Value) -> Result<Self, Failure> {
        Ok(match value {
            Value::String(text) => Self::Text(text.to_string()),
            Value::Number(number) => {
                if number::is_written_as_float(value) {
                    Self::Float(args::float(value).unwrap_or_default())
                } else if let Some(int) = number.as_i64() {
                    Self::Int(int)
                } else if let Some(text) = beyond(value) {
                    Self::Text(text)
                } else if let Some(big) = number.as_big().and_then(|_| args::whole(value)) {
                    Self::Big(big)
                } else {
                    Self::Float(args::float(value).unwrap_or_default())
                }
            }
            other => Self::Text(show::text(other)?),
        })
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Int(_) => "int64",
            Self::Big(_) => "*big.Int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
        }
    }
}

#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // Go's flags, one for one.
struct Flags {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    sharp_v: bool,
    plus_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer<'a> {
    args: &'a [Arg],
    next: usize,
    reordered: bool,
    good: bool,
    flags: Flags,
    out: String,
    /// Bytes that `out` may have.
    most: usize,
}

/// The format's characters with a cursor.
struct Cursor {
    chars: Vec<char>,
    at: usize,
}

impl Cursor {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let hit = self.peek() == Some(wanted);
        if hit {
            self.at += 1;
        }
        hit
    }

    /// A decimal number; a number Go calls too large ends the format, as there.
    fn number(&mut self) -> Option<i64> {
        let start = self.at;
        let mut value = 0_i64;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            if value > MAX_NUMBER {
                self.at = self.chars.len();
                return None;
            }
            value = value * 10 + i64::from(digit);
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }
}

impl<'a> Printer<'a> {
    const fn new(args: &'a [Arg], most: usize) -> Self {
        let flags = Flags {
            plus: false,
            minus: false,
            sharp: false,
            space: false,
            zero: false,
            sharp_v: false,
            plus_v: false,
            width: None,
            precision: None,
        };
        Self { args, next: 0, reordered: false, good: true, flags, out: String::new(), most }
    }

    fn run(&mut self, format: &str) -> Result<(), Failure> {
        let mut cursor = Cursor { chars: format.chars().collect(), at: 0 };
        while let Some(c) = cursor.peek() {
            cursor.at += 1;
            if c == '%' {
                self.directive(&mut cursor);
            } else {
                self.out.push(c);
            }
            args::cap("sprintf", "bytes", self.out.len(), self.most)?;
        }
        if !self.reordered && self.next < self.args.len() {
            self.extra();
        }
        Ok(())
    }

    fn extra(&mut self) {
        self.flags = Flags::default();
        self.out.push_str("%!(EXTRA ");
        for (index, arg) in self.args.iter().skip(self.next).enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(arg.type_name());
            self.out.push('=');
            self.print(arg, 'v');
        }
        self.out.push(')');
    }

    fn directive(&mut self, cursor: &mut Cursor) {
        self.good = true;
        self.flags = Flags::default();
        self.read_flags(cursor);
        let mut after_index = self.index(cursor);
        if cursor.eat('*') {
            self.star_width();
            after_index = false;
        } else {
            self.flags.width = cursor.number().and_then(|n| usize::try_from(n).ok());
            if after_index && self.flags.width.is_some() {
                self.good = false;
            }
        }
        if cursor.eat('.') {
            if after_index {
                self.good = false;
            }
            after_index = self.index(cursor);
            if cursor.eat('*') {
                self.star_precision();
                after_index = false;
            } else {
                let number = cursor.number().unwrap_or(0);
                self.flags.precision = usize::try_from(number).ok();
            }
        }
        if !after_index {
            self.index(cursor);
        }
        let Some(verb) = cursor.peek() else {
            self.out.push_str("%!(NOVERB)");
            return;
        };
        cursor.at += 1;
        self.verb(verb);
    }

    fn read_flags(&mut self, cursor: &mut Cursor) {
        while let Some(c) = cursor.peek() {
            match c {
                '#' => self.flags.sharp = true,
                '0' => self.flags.zero = true,
                '+' => self.flags.plus = true,
                '-' => self.flags.minus = true,
                ' ' => self.flags.space = true,
                _ => return,
            }
            cursor.at += 1;
        }
    }

    fn verb(&mut self, verb: char) {
        if verb == '%' {
            self.out.push('%');
        } else if !self.good {
            self.put(format_args!("%!{verb}(BADINDEX)"));
        } else if let Some(arg) = self.args.get(self.next) {
            self.next += 1;
            if verb == 'v' {
                self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
                self.flags.plus_v = std::mem::take(&mut self.flags.plus);
            }
            self.print(arg, verb);
        } else {
            self.put(format_args!("%!{verb}(MISSING)"));
        }
    }

    /// `[n]` before a verb or `*`; true when one was read well.
    fn index(&mut self, cursor: &mut Cursor) -> bool {
        if cursor.peek() != Some('[') {
            return false;
        }
        self.reordered = true;
        let rest = cursor.chars.get(cursor.at..).unwrap_or_default();
        let Some(close) = rest.iter().position(|c| *c == ']') else {
            self.good = false;
            cursor.at += 1;
            return false;
        };
        let end = cursor.at + close;
        cursor.at += 1;
        let number = cursor.number();
        let whole = cursor.at == end;
        cursor.at = end + 1;
        let wanted = number.filter(|_| whole);
        if let Some(index) = wanted.and_then(|n| usize::try_from(n - 1).ok())
            && index < self.args.len()
        {
            self.next = index;
            return true;
        }
        self.good = false;
        wanted.is_some()
    }

    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next);
        if arg.is_some() {
            self.next += 1;
        }
        match arg {
            Some(Arg::Int(n)) if n.abs() <= MAX_NUMBER => Some(*n),
            _ => None,
        }
    }

    fn star_width(&mut self) {
        match self.star() {
            Some(width) => {
                if width < 0 {
                    self.flags.minus = true;
                    self.flags.zero = false;
                }
                self.flags.width = usize::try_from(width.unsigned_abs()).ok();
            }
            None => self.out.push_str("%!(BADWIDTH)"),
        }
    }

    fn star_precision(&mut self) {
        match self.star() {
            Some(precision) => self.flags.precision = usize::try_from(precision).ok(),
            None => self.out.push_str("%!(BADPREC)"),
        }
        if self.flags.precision.is_none() && !self.out.ends_with("%!(BADPREC)") {
            self.out.push_str("%!(BADPREC)");
        }
    }

    fn print(&mut self, arg: &Arg, verb: char) {
        if verb == 'T' {
            self.text(arg.type_name());
            return;
        }
        let done = match arg {
            Arg::Int(int) => self.int(*int, verb),
            Arg::Big(big) => {
                self.big(big, verb);
                true
            }
            Arg::Float(float) => self.float(*float, verb),
            Arg::Text(text) => self.string(text, verb),
        };
        if !done {
            self.put(format_args!("%!{verb}({}=", arg.type_name()));
            self.print(arg, 'v');
            self.out.push(')');
        }
    }

    fn string(&mut self, text: &str, verb: char) -> bool {
        match verb {
            'v' if self.flags.sharp_v => self.pad(&quote(text)),
            'v' | 's' => self.text(text),
            'x' | 'X' => self.hex_text(text, verb),
            'q' => self.quoted(text),
            _ => return false,
        }
        true
    }

    fn cut<'t>(&self, text: &'t str) -> &'t str {
        let Some(precision) = self.flags.precision else { return text };
        let end = text.char_indices().nth(precision).map_or(text.len(), |(at, _)| at);
        text.get(..end).unwrap_or(text)
    }

    fn text(&mut self, text: &str) {
        let cut = self.cut(text);
        self.pad(cut);
    }

    fn quoted(&mut self, text: &str) {
        let cut = self.cut(text);
        let plain = |c: char| c == '\t' || (!c.is_control() && c != '`' && c != '\u{feff}');
        let shown = if self.flags.sharp && cut.chars().all(plain) {
            format!("`{cut}`")
        } else if self.flags.plus {
            show::quote_ascii(cut)
        } else {
            quote(cut)
        };
        self.pad(&shown);
    }

    fn hex_text(&mut self, text: &str, verb: char) {
        let bytes = text.as_bytes();
        let length = self.flags.precision.map_or(bytes.len(), |p| p.min(bytes.len()));
        let prefix = if verb == 'X' { "0X" } else { "0x" };
        let mut shown = String::with_capacity(length * 2);
        for (index, byte) in bytes.iter().take(length).enumerate() {
            if index > 0 && self.flags.space {
                shown.push(' ');
            }
            if self.flags.sharp && (index == 0 || self.flags.space) {
                shown.push_str(prefix);
            }
            let digits = hex(&[*byte]);
            shown.push_str(&if verb == 'X' { digits.to_uppercase() } else { digits });
        }
        self.pad(&shown);
    }

    /// Pads to the width; only padding on the left may be zeros.
    fn pad(&mut self, text: &str) {
        let missing = self.flags.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.flags.minus {
            self.out.push_str(text);
            self.fill(missing, ' ');
        } else {
            self.fill(missing, if self.flags.zero { '0' } else { ' ' });
            self.out.push_str(text);
        }
    }

    fn pad_spaces(&mut self, text: &str) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text);
        self.flags.zero = zero;
    }

    fn put(&mut self, text: Arguments<'_>) {
        // Writing to a string can't fail.
        let written = self.out.write_fmt(text);
        debug_assert!(written.is_ok());
    }

    fn fill(&mut self, count: usize, with: char) {
        self.out.extend(std::iter::repeat_n(with, count));
    }
}

mod numbers;
#[cfg(test)]
mod tests;
