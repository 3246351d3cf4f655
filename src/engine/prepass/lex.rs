//! The tokens of Rego text, string templates included, as far as the pre-pass needs them.
//!
//! This is no second parser: it knows strings, comments, brackets and words, and leaves
//! every judgement on grammar to regorus.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word: name or keyword.
    Word,
    /// A number.
    Number,
    /// `"…"`.
    Text,
    /// `` `…` ``.
    Raw,
    /// An operator or separator; `:=`, `==`, `!=`, `<=`, `>=` are one.
    Symbol,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// A piece of `$"…{`, `}…{` or `}…"`: the text between two expressions and its delimiters.
    Piece {
        /// Whether it starts the template.
        first: bool,
        /// Whether it ends the template.
        last: bool,
        /// Whether it is of a `` $`…` ``.
        raw: bool,
    },
}

/// A token: what it is and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it is the first on its line.
    pub starts_line: bool,
}

/// A fault that makes further tokens meaningless: where and what.
pub type Fault = (usize, &'static str);

/// Splits `text` into tokens.
pub fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer { bytes: text.as_bytes(), at: 0, open: Vec::new(), tokens: Vec::new(), starts_line: true };
    lexer.tokens.reserve(text.len() / 4);
    while lexer.step()? {}
    Ok(lexer.tokens)
}

/// An open bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Bracket,
    Template { raw: bool, start: usize },
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Frame>,
    tokens: Vec<Token>,
    starts_line: bool,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, start, end: self.at, starts_line: self.starts_line });
        self.starts_line = false;
    }

    fn step(&mut self) -> Result<bool, Fault> {
        if self.at >= self.bytes.len() {
            return match self.open.iter().rev().find_map(|frame| match frame {
                Frame::Template { start, .. } => Some(*start),
                Frame::Bracket => None,
            }) {
                Some(start) => Err((start, "the string template is not closed")),
                None => Ok(false),
            };
        }
        let start = self.at;
        match self.byte(0) {
            b'\n' => {
                self.at += 1;
                self.starts_line = true;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'#' => self.skip(|byte| byte != b'\n'),
            b'"' => self.quoted(start)?,
            b'`' => self.raw(start)?,
            b'$' if matches!(self.byte(1), b'"' | b'`') => {
                let raw = self.byte(1) == b'`';
                self.at += 2;
                self.piece(start, start, true, raw)?;
            }
            b'(' | b'[' | b'{' => {
                self.at += 1;
                self.open.push(Frame::Bracket);
                self.push(Kind::Open, start);
            }
            b'}' if matches!(self.open.last(), Some(Frame::Template { .. })) => {
                let Some(Frame::Template { raw, start: opened }) = self.open.pop() else { return Ok(false) };
                self.at += 1;
                self.piece(start, opened, false, raw)?;
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                if self.open.last() == Some(&Frame::Bracket) {
                    self.open.pop();
                }
                self.push(Kind::Close, start);
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                self.push(Kind::Word, start);
            }
            byte if byte.is_ascii_digit() => {
                self.number();
                self.push(Kind::Number, start);
            }
            byte => {
                let double = matches!(byte, b':' | b'=' | b'!' | b'<' | b'>') && self.byte(1) == b'=';
                self.at += if double { 2 } else { 1 };
                self.push(Kind::Symbol, start);
            }
        }
        Ok(true)
    }

    fn skip(&mut self, keep: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| keep(*byte)) {
            self.at += 1;
        }
    }

    fn number(&mut self) {
        self.skip(|byte| byte.is_ascii_digit());
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.skip(|byte| byte.is_ascii_digit());
        }
        if matches!(self.byte(0), b'e' | b'E') {
            self.at += if matches!(self.byte(1), b'+' | b'-') { 2 } else { 1 };
            self.skip(|byte| byte.is_ascii_digit());
        }
    }

    fn quoted(&mut self, start: usize) -> Result<(), Fault> {
        self.at += 1;
        loop {
            match self.byte(0) {
                b'"' => break,
                b'\\' => self.at += 2,
                b'\n' => return Err((start, "the string is not closed on its line")),
                _ if self.at >= self.bytes.len() => return Err((start, "the string is not closed")),
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.push(Kind::Text, start);
        Ok(())
    }

    fn raw(&mut self, start: usize) -> Result<(), Fault> {
        self.at += 1;
        self.skip(|byte| byte != b'`');
        if self.at >= self.bytes.len() {
            return Err((start, "the raw string is not closed"));
        }
        self.at += 1;
        self.push(Kind::Raw, start);
        Ok(())
    }

    /// Reads a template's text up to the next expression or the end; `opened` is where the template starts.
    fn piece(&mut self, start: usize, opened: usize, first: bool, raw: bool) -> Result<(), Fault> {
        loop {
            match self.byte(0) {
                _ if self.at >= self.bytes.len() => return Err((opened, "the string template is not closed")),
                b'\n' if !raw => return Err((opened, "the string template is not closed on its line")),
                b'\\' if !raw || self.byte(1) == b'{' => self.at += 2,
                b'{' => {
                    self.at += 1;
                    self.open.push(Frame::Template { raw, start: opened });
                    self.push(Kind::Piece { first, last: false, raw }, start);
                    return Ok(());
                }
                b'"' if !raw => break,
                b'`' if raw => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.push(Kind::Piece { first, last: true, raw }, start);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).unwrap().iter().map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn templates_are_pieces_around_their_expressions() {
        let text = r#"x := $"a {b["}"]} \{c {$`{d}`}" # $"no"#;
        assert_eq!(split(text), ["x", ":=", "$\"a {", "b", "[", "\"}\"", "]", "} \\{c {", "$`{", "d", "}`", "}\""]);
        assert_eq!(split("1.5e-3.x==`#`"), ["1.5e-3", ".", "x", "==", "`#`"]);
    }

    #[test]
    fn a_template_that_does_not_end_is_a_fault_at_its_start() {
        assert_eq!(tokens("p := $\"{x\n"), Err((5, "the string template is not closed")));
        assert_eq!(tokens("p := $\"a\n\""), Err((5, "the string template is not closed on its line")));
    }
}
