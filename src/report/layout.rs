//! JSON that is quick to write and still good to diff: indented down to a depth, a line each below it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::text::is_hostile;

/// Writes `value` as JSON, indented by two blanks down to `depth` containers and compact below.
pub fn write_json<T: Serialize>(value: &T, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let formatter = Layout { depth, open: 0, filled: false };
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter)).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes `value` as JSON on one line.
pub fn write_line<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Layout { depth: 0, open: 0, filled: false };
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

struct Layout {
    depth: usize,
    open: usize,
    filled: bool,
}

impl Layout {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, brace: u8) -> io::Result<()> {
        self.open += 1;
        self.filled = false;
        out.write_all(&[brace])
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, brace: u8) -> io::Result<()> {
        let wide = self.open <= self.depth && self.filled;
        self.open -= 1;
        self.filled = true;
        if wide {
            self.line(out)?;
        }
        out.write_all(&[brace])
    }

    fn item<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.open <= self.depth { self.line(out) } else { Ok(()) }
    }

    fn line<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.open).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Layout {
    /// JSON leaves what is above 0x7f as it is, and that has the C1 controls, which act on a terminal.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // ASCII has one such character, and nearly every text is ASCII.
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| (!c.is_ascii() || *c == '\u{7f}') && is_hostile(*c))
        {
            out.write_all(rest.get(..at).unwrap_or_default().as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = rest.get(at + c.len_utf8()..).unwrap_or_default();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b']')
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b'}')
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.open <= self.depth { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

/// `value` as indented JSON that is safe to print.
#[must_use]
pub fn pretty(value: &serde_json::Value) -> String {
    let mut out = Vec::new();
    // Writing to a Vec can't fail.
    let _ = write_json(value, usize::MAX, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_read_back_as_it_was() {
        let text = "a\u{9b}31m\u{7f}\u{202e}é\u{e0041}\u{1b}\"";
        let mut out = Vec::new();
        write_line(&text, &mut out).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert_eq!(written, "\"a\\u009b31m\\u007f\\u202eé\\udb40\\udc41\\u001b\\\"\"\n");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn what_lies_deep_is_on_one_line() {
        let value = serde_json::json!({"a": [{"b": [1, {}]}, {}], "c": [], "d": {}});
        let mut out = Vec::new();
        write_json(&value, 2, &mut out).unwrap();
        let expected = "{\n  \"a\": [\n    {\"b\":[1,{}]},\n    {}\n  ],\n  \"c\": [],\n  \"d\": {}\n}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
