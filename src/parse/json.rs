//! JSON and NDJSON: our own reader, straight into the engine's value, with places.
//!
//! In: a source. Out: its document (each line's, for NDJSON), or why there is
//! none. The grammar is RFC 8259 to the letter. Numbers are exact: an integer
//! of any size, a float as `str::parse` rounds it. Escapes of lone surrogates
//! become U+FFFD, as Go reads them. The reader keeps its own stack, so nesting
//! costs no recursion, and there is a limit to it.

mod strings;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::compose::{Composer, Slot};
use super::{MAX_ERRORS, Outcome, ParseError, too_many};
use crate::document::Key;
use crate::engine::Value;
use crate::source::{Source, Span};

/// How deep containers may nest.
const MAX_DEPTH: usize = 512;

/// How many digits a number may have: reading a big integer takes the square of them.
const MAX_DIGITS: usize = 10_000;

type Step<T = ()> = Result<T, ParseError>;

/// Reads the one document of `source`.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let text: &str = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut outcome = Outcome::default();
    let mut composer = Composer::default();
    match Reader::new(text, start..text.len(), &mut composer).document() {
        Ok(()) => outcome.documents.extend(composer.finish()),
        Err(error) => outcome.errors.push(error),
    }
    outcome.notices = composer.notices;
    outcome
}

/// Reads a document from each line of `source` that is not blank.
#[must_use]
pub fn parse_lines(source: &Source) -> Outcome {
    let text: &str = source.text();
    let mut outcome = Outcome::default();
    let mut composer = Composer::default();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.find('\n').unwrap_or(rest.len());
        let line = at..at + len;
        at += len + 1;
        if text.get(line.clone()).is_none_or(|line| line.trim_ascii().is_empty()) {
            continue;
        }
        match Reader::new(text, line, &mut composer).document() {
            Ok(()) => outcome.documents.extend(composer.finish()),
            Err(error) => {
                composer.finish();
                outcome.errors.push(error);
                if outcome.errors.len() >= MAX_ERRORS {
                    outcome.errors.push(too_many());
                    break;
                }
            }
        }
    }
    outcome.notices = composer.notices;
    outcome
}

struct Reader<'a, 'c> {
    text: &'a str,
    /// The bytes up to the end of what is read.
    bytes: &'a [u8],
    at: usize,
    composer: &'c mut Composer,
    scratch: String,
}

impl<'a, 'c> Reader<'a, 'c> {
    fn new(text: &'a str, range: Range<usize>, composer: &'c mut Composer) -> Self {
        let bytes = text.as_bytes().get(..range.end).unwrap_or(&[]);
        Self { text, bytes, at: range.start, composer, scratch: String::new() }
    }

    fn document(&mut self) -> Step {
        self.blanks();
        if self.peek().is_none() {
            return Err(ParseError::at(self.here(), "the file is empty"));
        }
        let mut slot = Slot::Item;
        loop {
            if self.value(slot)? {
                slot = match self.first()? {
                    Some(slot) => slot,
                    None => match self.next()? {
                        Some(slot) => slot,
                        None => break,
                    },
                };
                continue;
            }
            match self.next()? {
                Some(next) => slot = next,
                None => break,
            }
        }
        self.blanks();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the document")),
        }
    }

    /// Reads a value that begins here; true when it is a container whose contents follow.
    fn value(&mut self, slot: Slot) -> Step<bool> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let value = self.string()?;
                let value = Value::from(value.get(self.text, &self.scratch));
                self.composer.scalar(slot, value, Span::new(start, self.at));
            }
            Some(byte @ (b'{' | b'[')) => {
                if self.composer.depth() >= MAX_DEPTH {
                    return Err(ParseError::at(self.here(), format!("nested deeper than {MAX_DEPTH} levels")));
                }
                self.at += 1;
                self.composer.begin(slot, byte == b'{', Span::new(start, self.at));
                return Ok(true);
            }
            Some(b'-' | b'0'..=b'9') => {
                let value = self.number()?;
                self.composer.scalar(slot, value, Span::new(start, self.at));
            }
            _ => {
                let value = self.word()?;
                self.composer.scalar(slot, value, Span::new(start, self.at));
            }
        }
        Ok(false)
    }

    /// After an opening bracket: where the first value goes, or nothing when the container is empty.
    fn first(&mut self) -> Step<Option<Slot>> {
        self.blanks();
        let object = self.composer.inside() == Some(true);
        match self.peek() {
            Some(b'}') if object => self.close(),
            Some(b']') if !object => self.close(),
            _ if object => return self.key("a key in quotes or `}`").map(Some),
            None => return Err(self.unexpected("a value or `]`")),
            _ => return Ok(Some(Slot::Item)),
        }
        Ok(None)
    }

    /// After a value: where the next one goes, or nothing at the end of the document.
    fn next(&mut self) -> Step<Option<Slot>> {
        loop {
            let Some(object) = self.composer.inside() else { return Ok(None) };
            self.blanks();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.blanks();
                    return if object {
                        self.key("a key in quotes").map(Some)
                    } else if self.peek() == Some(b']') {
                        Err(self.unexpected("a value").with_help("take out the comma before it"))
                    } else {
                        Ok(Some(Slot::Item))
                    };
                }
                Some(b'}') if object => self.close(),
                Some(b']') if !object => self.close(),
                _ => return Err(self.unexpected(if object { "`,` or `}`" } else { "`,` or `]`" })),
            }
        }
    }

    fn close(&mut self) {
        self.at += 1;
        self.composer.end(Span::new(self.at, self.at).end);
    }

    fn key(&mut self, wanted: &str) -> Step<Slot> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {}
            Some(b'}') => return Err(self.unexpected(wanted).with_help("take out the comma before it")),
            Some(b'\'') => return Err(self.unexpected(wanted).with_help("JSON knows double quotes only")),
            _ => return Err(self.unexpected(wanted)),
        }
        let string = self.string()?;
        let name = self.composer.name(string.get(self.text, &self.scratch));
        let span = Span::new(start, self.at);
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        self.blanks();
        Ok(Slot::Field(Key { name, span }))
    }

    fn word(&mut self) -> Step<Value> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let value = match rest.get(..len) {
            Some(b"true") => Value::Bool(true),
            Some(b"false") => Value::Bool(false),
            Some(b"null") => Value::Null,
            Some(word @ (b"NaN" | b"Infinity" | b"None" | b"True" | b"False" | b"undefined")) => {
                let message = format!("`{}` is no value of JSON", String::from_utf8_lossy(word));
                return Err(ParseError::at(Span::new(self.at, self.at + len), message));
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.at += len;
        Ok(value)
    }

    fn number(&mut self) -> Step<Value> {
        let start = self.at;
        let negative = self.eat(|byte| byte == b'-');
        let first = self.at;
        let digits = self.digits();
        if digits == 0 {
            return Err(self.unexpected("a digit"));
        }
        if digits > 1 && self.bytes.get(first) == Some(&b'0') {
            let span = Span::new(start, self.at);
            return Err(
                ParseError::at(span, "a number may not begin with `0`").with_help("put it in quotes, or drop the `0`")
            );
        }
        let mut whole = true;
        if self.eat(|byte| byte == b'.') {
            whole = false;
            if self.digits() == 0 {
                return Err(self.unexpected("a digit after the point"));
            }
        }
        if self.eat(|byte| byte | 32 == b'e') {
            whole = false;
            self.eat(|byte| byte == b'+' || byte == b'-');
            if self.digits() == 0 {
                return Err(self.unexpected("a digit of the exponent"));
            }
        }
        let span = Span::new(start, self.at);
        let text = self.text.get(start..self.at).unwrap_or("");
        if text.len() > MAX_DIGITS {
            return Err(ParseError::at(span, format!("a number longer than {MAX_DIGITS} digits")));
        }
        exact(text, whole, negative).ok_or_else(|| ParseError::at(span, "a number too large for any policy"))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.eat(|byte| byte.is_ascii_digit()) {}
        self.at - start
    }

    fn eat(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let eaten = self.peek().is_some_and(wanted);
        self.at += usize::from(eaten);
        eaten
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// The character that is next, or the end of the text.
    fn here(&self) -> Span {
        let next = self.text.get(self.at..self.bytes.len()).and_then(|rest| rest.chars().next());
        Span::new(self.at, self.at + next.map_or(0, char::len_utf8))
    }

    fn unexpected(&self, wanted: &str) -> ParseError {
        let span = self.here();
        let found = match self.text.get(span.range()).filter(|text| !text.is_empty()) {
            Some(text) => format!("found `{}`", text.replace(char::is_control, "\u{fffd}")),
            None => "the text ends here".to_owned(),
        };
        let error = ParseError::at(span, format!("not valid JSON: {wanted} should stand here, {found}"));
        if self.peek() == Some(b'/') { error.with_help("JSON has no comments: name the file `.jsonc`") } else { error }
    }
}

/// The value of a number that keeps the grammar.
pub(super) fn exact(text: &str, whole: bool, negative: bool) -> Option<Value> {
    if whole {
        if let Ok(number) = text.parse::<i64>() {
            // `-0` is a float to JSON readers: there is no such integer.
            return Some(if negative && number == 0 { Value::from(-0.0) } else { Value::from(number) });
        }
        return match text.parse::<u64>() {
            Ok(number) => Some(Value::from(number)),
            Err(_) => Value::from_numeric_string(text).ok(),
        };
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(super::float)
}
