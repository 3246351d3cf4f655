//! Bounds on nesting, before regorus's parser sees the text.
//!
//! That parser reads the first element of a literal twice, at every level: twenty nested
//! brackets cost a million-fold. Constant literals that would cost much are handed over as
//! `json.unmarshal("…")`; whatever else is over the limit is an error with its place.

use super::lex::{Kind, Token};
use super::words::is_keyword;
use super::{Edit, Limits};

/// A literal is worth rewriting when regorus would read its tokens this many times.
const WORTH: u64 = 64;

/// What is known of an open bracket.
struct Frame {
    token: usize,
    /// Tokens that regorus reads for what is inside, repetitions counted.
    work: u64,
    /// How often regorus reads this bracket within the one around it.
    times: u64,
    /// Whether everything inside is a JSON value as it stands.
    constant: bool,
    colons: usize,
    commas: usize,
    chain: usize,
}

/// Checks the nesting of `tokens` and rewrites costly constant literals.
pub fn check(text: &str, tokens: &[Token], limits: Limits, edits: &mut Vec<Edit>) -> Result<(), (usize, String)> {
    let mut walk = Walk { text, tokens, limits, open: vec![Walk::frame(0, 1, false)], minuses: 0 };
    for (at, token) in tokens.iter().enumerate() {
        walk.chain(at, token)?;
        match token.kind {
            Kind::Open => walk.open(at, token)?,
            Kind::Piece { first, last, .. } => {
                if !first {
                    walk.close(at, edits)?;
                }
                if !last {
                    walk.open(at, token)?;
                }
                walk.note(token);
            }
            Kind::Close => walk.close(at, edits)?,
            _ => walk.note(token),
        }
    }
    Ok(())
}

struct Walk<'a> {
    text: &'a str,
    tokens: &'a [Token],
    limits: Limits,
    open: Vec<Frame>,
    minuses: usize,
}

impl Walk<'_> {
    fn frame(token: usize, times: u64, constant: bool) -> Frame {
        Frame { token, work: 0, times, constant, colons: 0, commas: 0, chain: 0 }
    }

    fn of(&self, token: &Token) -> &str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    fn open(&mut self, at: usize, token: &Token) -> Result<(), (usize, String)> {
        if self.open.len() > self.limits.depth {
            return Err((token.start, format!("more than {} brackets are open here", self.limits.depth)));
        }
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let adjacent = before.is_some_and(|before| before.end == token.start);
        let index = adjacent
            && before.is_some_and(|before| match before.kind {
                Kind::Word => !is_keyword(self.of(before)),
                Kind::Close | Kind::Text => true,
                _ => false,
            });
        let colons = self.open.last().map_or(0, |frame| frame.colons);
        let twice = !index
            && before.is_none_or(|before| {
                token.starts_line
                    || before.kind == Kind::Open && self.of(before) != "("
                    || matches!(self.of(before), ";" | "|" | "not")
                    || colons == 1 && self.of(before) == ":"
            });
        // A template becomes a call with a literal, whose first element an expression is when no text goes before it.
        let bare = matches!(token.kind, Kind::Piece { first: true, .. }) && self.of(token).len() == 3;
        let times = if twice { 2 } else { 1 } * if bare { 2 } else { 1 };
        let constant = matches!(token.kind, Kind::Open) && self.of(token) != "(" && !index;
        self.open.push(Self::frame(at, times, constant));
        Ok(())
    }

    fn close(&mut self, at: usize, edits: &mut Vec<Edit>) -> Result<(), (usize, String)> {
        if self.open.len() < 2 {
            return Ok(());
        }
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let Some(start) = self.tokens.get(frame.token) else { return Ok(()) };
        let object = self.of(start) == "{";
        let json = frame.constant && (!object || frame.colons > 0 || at == frame.token + 1);
        let count = (at - frame.token) as u64;
        let mut work = frame.work.saturating_add(2);
        if json
            && work > count.saturating_mul(WORTH)
            && let (Some(text), Some(end)) = (self.json(frame.token, at), self.tokens.get(at))
        {
            let call = format!("json.unmarshal({})", serde_json::Value::from(text));
            edits.push(Edit::replace(start.start, end.end, call));
            work = 6;
        }
        if work > self.limits.work {
            let message = "literals are nested too deeply here; move an inner one to a rule of its own".to_owned();
            return Err((start.start, message));
        }
        let whole = self.limits.work.saturating_add(4 * self.tokens.len() as u64);
        let outermost = self.open.len() == 1;
        if let Some(around) = self.open.last_mut() {
            around.work = around.work.saturating_add(work.saturating_mul(frame.times));
            around.constant = around.constant && json;
            if outermost && around.work > whole {
                return Err((start.start, "this file has too many deeply nested literals up to here".to_owned()));
            }
        }
        Ok(())
    }

    /// The JSON text of the tokens `first..=last`: raw strings quoted, comments and trailing commas left out.
    fn json(&self, first: usize, last: usize) -> Option<String> {
        let tokens = self.tokens.get(first..=last)?;
        let mut out = String::new();
        for (at, token) in tokens.iter().enumerate() {
            let text = self.of(token);
            match token.kind {
                Kind::Raw => out.push_str(&serde_json::Value::from(text.trim_matches('`')).to_string()),
                Kind::Symbol if text == "," && tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Close) => {}
                _ => out.push_str(text),
            }
        }
        serde_json::from_str::<serde::de::IgnoredAny>(&out).ok().map(|_| out)
    }

    fn note(&mut self, token: &Token) {
        let text = self.text.get(token.start..token.end).unwrap_or("");
        let Some(frame) = self.open.last_mut() else { return };
        frame.work = frame.work.saturating_add(1);
        frame.constant = frame.constant
            && match token.kind {
                Kind::Text | Kind::Raw | Kind::Number => true,
                Kind::Word => matches!(text, "true" | "false" | "null"),
                Kind::Symbol => matches!(text, "," | ":" | "-"),
                _ => false,
            };
        if token.kind == Kind::Symbol {
            match text {
                ":" => frame.colons += 1,
                "," => frame.commas += 1,
                _ => {}
            }
        }
    }

    /// Bounds operators in a row: each is a level of the tree that regorus builds.
    fn chain(&mut self, at: usize, token: &Token) -> Result<(), (usize, String)> {
        let text = self.text.get(token.start..token.end).unwrap_or("");
        let symbol = token.kind == Kind::Symbol;
        self.minuses = if symbol && text == "-" { self.minuses + 1 } else { 0 };
        let operator = symbol || token.kind == Kind::Word && text == "in";
        let ends = symbol && matches!(text, "," | ";" | ":" | ":=" | "=");
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let fresh = token.starts_line && !operator && before.is_none_or(|before| before.kind != Kind::Symbol);
        let Some(frame) = self.open.last_mut() else { return Ok(()) };
        if ends || fresh {
            frame.chain = 0;
        } else if operator || token.kind == Kind::Open {
            frame.chain += 1;
        }
        if frame.chain > self.limits.chain || self.minuses > self.limits.depth {
            return Err((token.start, format!("more than {} operators follow each other here", self.limits.chain)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::prepass::{Limits, Options, prepare, prepare_with};

    #[test]
    fn a_deep_constant_literal_becomes_json_text() {
        let deep = format!("package a\np := {}`x`,{}\n", "[{\"a\": ".repeat(10), "}]".repeat(10));
        let prepared = prepare("a.rego", &deep, None).unwrap();
        assert!(prepared.text.contains("json.unmarshal(\""), "{}", prepared.text);
        let flat = "package a\np := [[1], [2], {\"a\": {\"b\": [1]}}]\n";
        assert_eq!(prepare("a.rego", flat, None).unwrap().text, flat);
    }

    #[test]
    fn what_would_take_the_parser_too_long_is_an_error_with_its_place() {
        let deep = format!("package a\np(x) := {}x{}\n", "[".repeat(40), "]".repeat(40));
        let errors = prepare("a.rego", &deep, None).unwrap_err();
        let message = "literals are nested too deeply here; move an inner one to a rule of its own";
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().ends_with(message) && errors[0].line == 2, "{}", errors[0]);
        let index = format!("package a\np := {}x{}\n", "a[".repeat(200), "]".repeat(200));
        assert_eq!(
            prepare("a.rego", &index, None).unwrap_err()[0].to_string(),
            "a.rego:2:263: rego_parse_error: more than 128 brackets are open here"
        );
    }

    #[test]
    fn a_long_chain_of_operators_is_an_error() {
        let text = format!("package a\np := 1{}\n", " + 1".repeat(20));
        let limits = Limits { chain: 10, ..Limits::default() };
        let errors = prepare_with("a.rego", &text, Options { limits, ..Options::default() }).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "a.rego:2:48: rego_parse_error: more than 10 operators follow each other here"
        );
    }
}
