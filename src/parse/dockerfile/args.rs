//! The arguments of an instruction, split as BuildKit splits them.
//!
//! Words carry ranges of the joined line until [`super::instruction`] has turned them into places.

use std::ops::Range;

use crate::source::Span;

/// A word and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Word {
    fn new(text: impl Into<String>, range: Range<usize>) -> Self {
        Self { text: text.into(), span: Span::new(range.start, range.end) }
    }
}

/// The blanks that BuildKit splits at.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// The flags at the start of `range`, and where the arguments begin.
pub(super) fn split_flags(line: &str, range: Range<usize>, escape: char) -> (Vec<Word>, usize) {
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        let rest = line.get(at..range.end).unwrap_or("");
        let word = rest.trim_start();
        at += rest.len() - word.len();
        if !word.starts_with("--") {
            return (flags, at);
        }
        let (text, len) = flag(word, escape);
        if text == "--" {
            return (flags, at + len);
        }
        flags.push(Word::new(text, at..at + len));
        at += len;
    }
}

/// A flag without its quotes and escapes, and its length as written.
fn flag(rest: &str, escape: char) -> (String, usize) {
    let mut text = String::new();
    let mut quote = None;
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        match quote {
            None if c.is_whitespace() => return (text, at),
            None if matches!(c, '\'' | '"') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ if c == escape => text.extend(characters.next().map(|(_, c)| c)),
            _ => text.push(c),
        }
    }
    (text, rest.len())
}

type Args = (Option<Vec<Word>>, bool);

/// The values of the instruction `name`, and whether they are written as JSON.
pub(super) fn parse_args(name: &str, line: &str, range: Range<usize>, escape: char) -> Result<Args, String> {
    let rest = line.get(range.clone()).unwrap_or("");
    let at = range.start;
    match name {
        "add" | "copy" | "volume" => {
            Ok(json(rest, at)?.map_or_else(|| (blank_separated(rest, at), false), |words| (words, true)))
        }
        "cmd" | "entrypoint" | "run" | "shell" => {
            Ok(json(rest, at)?.map_or_else(|| (whole(rest, at), false), |words| (words, true)))
        }
        "expose" | "from" => Ok((blank_separated(rest, at), false)),
        "arg" => Ok((Some(quoted_words(rest, at, escape)).filter(|words| !words.is_empty()), false)),
        "env" | "label" => Ok((pairs(name, rest, at, escape)?, false)),
        "healthcheck" => healthcheck(rest, at),
        _ => Ok((whole(rest, at), false)),
    }
}

fn whole(rest: &str, at: usize) -> Option<Vec<Word>> {
    (!rest.is_empty()).then(|| vec![Word::new(rest, at..at + rest.len())])
}

fn blank_separated(rest: &str, at: usize) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut from = 0;
    while let Some(tail) = rest.get(from..).filter(|tail| !tail.is_empty()) {
        let len = tail.find(is_blank).unwrap_or(tail.len());
        if len > 0 {
            words.push(Word::new(tail.get(..len).unwrap_or(""), at + from..at + from + len));
        }
        from += len + tail.get(len..).and_then(|gap| gap.chars().next()).map_or(0, char::len_utf8);
    }
    (!words.is_empty()).then_some(words)
}

/// A JSON array of strings: nothing when it is none, an error when it holds
/// something else. An empty array is JSON without values.
#[allow(clippy::option_option)] // not JSON, JSON without values, JSON with values
fn json(rest: &str, at: usize) -> Result<Option<Option<Vec<Word>>>, String> {
    if !rest.starts_with('[') {
        return Ok(None);
    }
    let Ok(items) = serde_json::from_str::<Vec<serde_json::Value>>(rest) else { return Ok(None) };
    let mut words = Vec::new();
    let mut from = 0;
    for item in items {
        let serde_json::Value::String(text) = item else {
            return Err("an array of arguments may hold strings only".to_owned());
        };
        let start = from + rest.get(from..).and_then(|tail| tail.find('"')).unwrap_or(0);
        let end = start + string_len(rest.get(start..).unwrap_or(""));
        words.push(Word::new(text, at + start..at + end));
        from = end;
    }
    Ok(Some((!words.is_empty()).then_some(words)))
}

/// The length of the JSON string that `text` starts with.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Words separated by blanks outside quotes; quotes and escapes stay in them.
fn quoted_words(rest: &str, at: usize, escape: char) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut characters = rest.char_indices().peekable();
    let mut add = |from: usize, to: usize| words.push(Word::new(rest.get(from..to).unwrap_or(""), at + from..at + to));
    while let Some((here, c)) = characters.next() {
        if quote.is_none() && c.is_whitespace() {
            if let Some(from) = start.take() {
                add(from, here);
            }
            continue;
        }
        let from = *start.get_or_insert(here);
        match quote {
            None if matches!(c, '\'' | '"') => quote = Some(c),
            Some(open) if open == c => quote = None,
            // An escape character with nothing after it is dropped.
            _ if c == escape && quote != Some('\'') && characters.next().is_none() => {
                if here > from {
                    add(from, here);
                }
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        add(from, rest.len());
    }
    words
}

/// `ENV a=b` is `a`, `b`, `=`; `ENV a b` is `a`, `b` and an empty word.
fn pairs(name: &str, rest: &str, at: usize, escape: char) -> Result<Option<Vec<Word>>, String> {
    let words = quoted_words(rest, at, escape);
    let Some(first) = words.first() else { return Ok(None) };
    if !first.text.contains('=') {
        let key_len = rest.find(is_blank).unwrap_or(rest.len());
        let tail = rest.get(key_len..).unwrap_or("");
        let value = tail.trim_start_matches(is_blank);
        if tail.is_empty() {
            return Err(format!("`{}` needs a name and a value", name.to_uppercase()));
        }
        let value_at = at + rest.len() - value.len();
        return Ok(Some(vec![
            Word::new(rest.get(..key_len).unwrap_or(""), at..at + key_len),
            Word::new(value, value_at..value_at + value.len()),
            Word::new("", value_at..value_at),
        ]));
    }
    let mut all = Vec::with_capacity(words.len() * 3);
    for word in &words {
        let Some((key, value)) = word.text.split_once('=') else {
            return Err(format!("`{}` has no `=`: it must be written name=value", word.text));
        };
        let start = word.span.start as usize;
        let equals = start + key.len();
        all.push(Word::new(key, start..equals));
        all.push(Word::new(value, equals + 1..equals + 1 + value.len()));
        all.push(Word::new("=", equals..equals + 1));
    }
    Ok(Some(all))
}

fn healthcheck(rest: &str, at: usize) -> Result<Args, String> {
    let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if len == 0 {
        return Ok((None, false));
    }
    let tail = rest.get(len..).unwrap_or("").trim_start();
    let tail_at = at + rest.len() - tail.len();
    let (values, json) = json(tail, tail_at)?.map_or_else(|| (whole(tail, tail_at), false), |words| (words, true));
    let mut words = vec![Word::new(rest.get(..len).unwrap_or(""), at..at + len)];
    words.extend(values.unwrap_or_default());
    Ok((Some(words), json))
}
