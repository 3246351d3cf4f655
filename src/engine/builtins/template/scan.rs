//! Splits a template into texts and actions, and an action into tokens.

use super::super::Failure;
use super::super::args::undefined;

/// A stretch of a template.
#[derive(Debug)]
pub enum Piece {
    Text(String),
    /// What stands between `{{` and `}}`.
    Action(String),
}

/// A token of an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Word(String),
    /// `.`
    Dot,
    /// `.name` that begins an operand.
    Field(String),
    /// `.name` right after another operand.
    Joined(String),
    /// `$` or `$name`.
    Variable(String),
    Text(String),
    Int(i64),
    Float(f64),
    Open,
    Close,
    Pipe,
    Comma,
    Declare,
    Assign,
}

/// Texts and actions, with the trimming that `{{-` and `-}}` ask for; comments are left out.
pub fn pieces(text: &str) -> Result<Vec<Piece>, Failure> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut trim = false;
    while let Some(at) = rest.find("{{") {
        let (before, after) = rest.split_at(at);
        let after = after.get(2..).unwrap_or_default();
        let dash = after.strip_prefix('-').filter(|after| after.starts_with(|c: char| c.is_ascii_whitespace()));
        let before = if trim { before.trim_ascii_start() } else { before };
        let before = if dash.is_some() { before.trim_ascii_end() } else { before };
        if !before.is_empty() {
            out.push(Piece::Text(before.to_owned()));
        }
        let after = dash.map_or(after, str::trim_ascii_start);
        let (inner, next) = if after.starts_with("/*") {
            let Some(end) = after.find("*/") else { return undefined("template: unclosed comment") };
            let tail = after.get(end + 2..).unwrap_or_default();
            let closed = tail.strip_prefix("}}").map(|next| (false, next));
            let closed = closed.or_else(|| tail.trim_ascii_start().strip_prefix("-}}").map(|next| (true, next)));
            let Some((trims, next)) = closed else {
                return undefined("template: comment ends before closing delimiter");
            };
            trim = trims;
            (None, next)
        } else {
            let Some(end) = end_of_action(after) else { return undefined("template: unclosed action") };
            let inner = after.get(..end).unwrap_or_default();
            let trimmed = inner.strip_suffix('-').filter(|inner| inner.ends_with(|c: char| c.is_ascii_whitespace()));
            trim = trimmed.is_some();
            (Some(trimmed.unwrap_or(inner)), after.get(end + 2..).unwrap_or_default())
        };
        if let Some(inner) = inner {
            out.push(Piece::Action(inner.to_owned()));
        }
        rest = next;
    }
    let tail = if trim { rest.trim_ascii_start() } else { rest };
    if !tail.is_empty() {
        out.push(Piece::Text(tail.to_owned()));
    }
    Ok(out)
}

/// Where `}}` is, outside of texts.
fn end_of_action(text: &str) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match quote {
            Some('"') if c == '\\' && !escaped => {
                escaped = true;
                continue;
            }
            Some(open) if c == open && !escaped => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '`') => quote = Some(c),
            None if text.get(at..).is_some_and(|rest| rest.starts_with("}}")) => return Some(at),
            None => {}
        }
        escaped = false;
    }
    None
}

/// The tokens of an action.
pub fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut joined = false;
    while let Some(c) = rest.chars().next() {
        let (token, next) = match c {
            c if c.is_ascii_whitespace() => {
                joined = false;
                rest = rest.trim_ascii_start();
                continue;
            }
            '(' => (Token::Open, skip(rest, 1)),
            ')' => (Token::Close, skip(rest, 1)),
            '|' => (Token::Pipe, skip(rest, 1)),
            ',' => (Token::Comma, skip(rest, 1)),
            ':' if rest.starts_with(":=") => (Token::Declare, skip(rest, 2)),
            '=' => (Token::Assign, skip(rest, 1)),
            '"' | '`' => quoted(rest)?,
            '.' => match name(skip(rest, 1)) {
                ("", next) if !next.starts_with(|c: char| c.is_ascii_digit()) => (Token::Dot, next),
                ("", _) => number(rest)?,
                (name, next) if joined => (Token::Joined(name.to_owned()), next),
                (name, next) => (Token::Field(name.to_owned()), next),
            },
            '$' => {
                let (name, next) = name(skip(rest, 1));
                (Token::Variable(name.to_owned()), next)
            }
            c if c.is_ascii_digit() || matches!(c, '-' | '+') => number(rest)?,
            c if c.is_alphabetic() || c == '_' => {
                let (name, next) = name(rest);
                (Token::Word(name.to_owned()), next)
            }
            c => return undefined(format!("template: unexpected {c:?} in command")),
        };
        joined = matches!(token, Token::Close | Token::Field(_) | Token::Joined(_) | Token::Variable(_) | Token::Dot);
        out.push(token);
        rest = next;
    }
    Ok(out)
}

fn skip(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or_default()
}

/// A name at the front, and what follows.
fn name(text: &str) -> (&str, &str) {
    if text.starts_with(|c: char| c.is_numeric()) {
        return ("", text);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(end)
}

fn number(text: &str) -> Result<(Token, &str), Failure> {
    let body = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let end = text.find(|c: char| !body(c)).unwrap_or(text.len());
    let (number, next) = text.split_at(end);
    let based = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, base)| {
        i64::from_str_radix(&number.to_ascii_lowercase().strip_prefix(prefix)?.replace('_', ""), base).ok()
    });
    if let Some(int) = based.or_else(|| number.parse().ok()) {
        return Ok((Token::Int(int), next));
    }
    match number.parse() {
        Ok(float) if number.contains(|c: char| c.is_ascii_digit()) => Ok((Token::Float(float), next)),
        _ => undefined(format!("template: bad number syntax: {number:?}")),
    }
}

fn quoted(text: &str) -> Result<(Token, &str), Failure> {
    if let Some(raw) = text.strip_prefix('`') {
        return match raw.split_once('`') {
            Some((inner, next)) => Ok((Token::Text(inner.to_owned()), next)),
            None => undefined("template: unterminated raw quoted string"),
        };
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => {
                let (inner, next) = text.split_at(at + 1);
                // Go's escapes are JSON's and a few that hardly anyone writes; those are an error here.
                return match serde_json::from_str(inner) {
                    Ok(inner) => Ok((Token::Text(inner), next)),
                    Err(_) => Err(Failure::Fault(format!("strings.render_template: unknown escape in {inner}"))),
                };
            }
            _ => {}
        }
        escaped = false;
    }
    undefined("template: unterminated quoted string")
}
