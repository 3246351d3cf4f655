//! Strings of JSON: most are a slice of the text, those with escapes are decoded.

use super::{Reader, Step};
use crate::parse::ParseError;
use crate::source::Span;

/// A string that was read: where it stands in the text, or in the reader's scratch space.
pub(super) enum Text {
    Slice(usize, usize),
    Decoded,
}

impl Text {
    /// What the string says.
    pub(super) fn get<'a>(&self, text: &'a str, scratch: &'a str) -> &'a str {
        match self {
            Self::Slice(start, end) => text.get(*start..*end).unwrap_or(""),
            Self::Decoded => scratch,
        }
    }
}

impl Reader<'_, '_> {
    /// Reads the string whose opening quote is next.
    pub(super) fn string(&mut self) -> Step<Text> {
        let open = self.at;
        self.at += 1;
        let start = self.at;
        self.at = plain_until(self.bytes, start);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Text::Slice(start, self.at - 1));
        }
        self.scratch.clear();
        let mut from = start;
        loop {
            self.scratch.push_str(self.text.get(from..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Text::Decoded);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => {
                    let error = ParseError::at(self.here(), "a control character must be escaped in a JSON string");
                    let newline = self.peek() == Some(b'\n');
                    return Err(if newline {
                        error.with_help("is the closing quote missing? a newline is written `\\n`")
                    } else {
                        error
                    });
                }
                None => return Err(ParseError::at(Span::new(open, open + 1), "this string is not closed")),
            }
            from = self.at;
            self.at = plain_until(self.bytes, from);
        }
    }

    fn escape(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let decoded = match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode(start)?,
            _ => {
                self.at = start + 1;
                let end = self.here().end.max(Span::new(start + 1, 0).start);
                return Err(ParseError::at(Span { start: Span::new(start, 0).start, end }, "no escape of JSON"));
            }
        };
        self.scratch.push(decoded);
        Ok(())
    }

    fn unicode(&mut self, start: usize) -> Step<char> {
        let first = self.hex(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        // A high surrogate counts only with a low one right behind it.
        if (0xD800..0xDC00).contains(&first) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex(back)?;
            if (0xDC00..0xE000).contains(&second) {
                let joined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self, start: usize) -> Step<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(ParseError::at(Span::new(start, self.at), "four hexadecimal digits belong after `\\u`"));
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Where the first quote, backslash or control character at or after `at` is, or the end.
///
/// Eight bytes at a time: strings are short, so that a call to memchr for each
/// of the three would cost more than it finds.
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    let mut rest = bytes.get(at..).unwrap_or(&[]);
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let slash = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (quote | slash | control) & HIGHS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
        rest = tail;
    }
    at + rest.iter().take_while(|byte| **byte >= 0x20 && **byte != b'"' && **byte != b'\\').count()
}
