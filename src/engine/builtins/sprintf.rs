//! Go's `fmt.Sprintf` as OPA calls it: `sprintf` feeds most messages, so every
//! verb, flag and Go's own error texts (`%!d(string=x)`) come out as they do there.
//!
//! OPA hands Go four kinds of argument: `int64`, `*big.Int`, `float64` and
//! `string`; everything that is no number or string is printed first.
//! Source: Go's `fmt/print.go` and `fmt/format.go`.

use num_bigint::{BigInt, Sign};
use regorus::Value;

use super::args::{self, Run};
use super::show::{self, quote};
use super::{Context, Failure};

/// The largest text one call may make, in bytes.
const MAX_OUTPUT: usize = 4 << 20;
/// Go refuses widths and precisions above this one.
const MAX_NUMBER: i64 = 1_000_000;

/// `sprintf(format, arguments)`.
pub fn sprintf(_: &Context, args: &[Value]) -> Run {
    let format = args::string(args, 0)?;
    let values = args::array(args, 1)?;
    let mut printed = Vec::with_capacity(values.len());
    for value in values {
        printed.push(Arg::of(value)?);
    }
    let mut printer = Printer::new(&printed);
    printer.run(format)?;
    Ok(Value::from(printer.out))
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
                if let Some(int) = number.as_i64() {
                    Self::Int(int)
                } else if let Some(big) = args::whole(value) {
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
    const fn new(args: &'a [Arg]) -> Self {
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
        Self { args, next: 0, reordered: false, good: true, flags, out: String::new() }
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
            if self.out.len() > MAX_OUTPUT {
                return Err(Failure::Limit(format!("sprintf: the text grows over {MAX_OUTPUT} bytes")));
            }
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
            self.out.push_str(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(arg) = self.args.get(self.next) {
            self.next += 1;
            if verb == 'v' {
                self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
                self.flags.plus_v = std::mem::take(&mut self.flags.plus);
            }
            self.print(arg, verb);
        } else {
            self.out.push_str(&format!("%!{verb}(MISSING)"));
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
            self.out.push_str(&format!("%!{verb}({}=", arg.type_name()));
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
            shown.push_str(&if verb == 'X' { format!("{byte:02X}") } else { format!("{byte:02x}") });
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

    fn fill(&mut self, count: usize, with: char) {
        self.out.extend(std::iter::repeat_n(with, count));
    }

    fn int(&mut self, int: i64, verb: char) -> bool {
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
            shown.push_str(&format!(" '{c}'"));
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

    fn big(&mut self, big: &BigInt, verb: char) {
        let radix = match verb {
            'b' => 2,
            'o' | 'O' => 8,
            'd' | 's' | 'v' => 10,
            'x' | 'X' => 16,
            _ => {
                self.out.push_str(&format!("%!{verb}(big.Int={big})"));
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

    fn float(&mut self, float: f64, verb: char) -> bool {
        let precision = self.flags.precision;
        let mut shown = match verb {
            'v' | 'g' => super::floats::general(float, precision),
            'G' => super::floats::general(float, precision).to_uppercase(),
            'f' | 'F' => format!("{float:.*}", precision.unwrap_or(6)),
            'e' => super::floats::exponent(float, precision.unwrap_or(6)),
            'E' => super::floats::exponent(float, precision.unwrap_or(6)).to_uppercase(),
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

#[cfg(test)]
mod tests {
    use super::super::Context;
    use super::*;

    fn go(format: &str, args: &str) -> String {
        let args = Value::from_json_str(args).unwrap();
        let out = sprintf(&Context::default(), &[Value::from(format), args]).unwrap();
        out.as_string().unwrap().to_string()
    }

    #[test]
    fn verbs_flags_and_widths_print_as_go_prints_them() {
        let cases = [
            ("%d|%5d|%-5d|%05d|%+d", "[1,2,3,4,5]", "1|    2|3    |00004|+5"),
            ("%x %X %o %O %b %#x", "[255,255,8,8,5,255]", "ff FF 10 0o10 101 0xff"),
            ("%s|%5s|%-5s|%.2s|%q", r#"["a","b","c","déf","q\"x"]"#, r#"a|    b|c    |dé|"q\"x""#),
            ("%v %v %v", "[3.14, 1234567.5, 0.00001]", "3.14 1.2345675e+06 1e-05"),
            ("%.2f %8.3f %e %g", "[3.14159, 2.5, 1234.5, 100.25]", "3.14    2.500 1.234500e+03 100.25"),
            ("%[2]v %[1]v", "[1,2]", "2 1"),
            ("%*d|%.*f", "[5,1,2,3.14159]", "    1|3.14"),
            ("%T %T %T", r#"[1,"a",1.5]"#, "int64 string float64"),
            ("%c %U %t", "[65, 8364, true]", "A U+20AC %!t(string=true)"),
            ("%v", r#"[{"b":[1,"x",null],"a":{}}]"#, r#"{"a": {}, "b": [1, "x", null]}"#),
        ];
        for (format, args, want) in cases {
            assert_eq!(go(format, args), want, "{format}");
        }
    }

    #[test]
    fn mistakes_in_a_format_give_the_texts_of_go() {
        let cases = [
            ("%d", r#"["x"]"#, "%!d(string=x)"),
            ("%d", "[3.5]", "%!d(float64=3.5)"),
            ("%s", "[7]", "%!s(int64=7)"),
            ("%v %v", "[1]", "1 %!v(MISSING)"),
            ("a", r#"[1,"b"]"#, "a%!(EXTRA int64=1, string=b)"),
            ("%", "[]", "%!(NOVERB)"),
            ("%½d", "[1]", "%!½(int64=1)d"),
            ("%[5]d", "[1]", "%!d(BADINDEX)"),
            ("%999999999d", "[1]", "%!(NOVERB)%!(EXTRA int64=1)"),
        ];
        for (format, args, want) in cases {
            assert_eq!(go(format, args), want, "{format}");
        }
    }
}
