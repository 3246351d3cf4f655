//! `regex.globs_match`: whether two simple patterns have a text in common.
//!
//! Patterns are characters, `.`, sets and the flags `*` and `+`, as in the Go
//! package gintersect. Both are walked side by side; the pairs of places
//! are few, so that no pattern can take long.

use std::collections::HashSet;

use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, Failure};

const MAX_PATTERN: usize = 2_000;

/// What stands at one place: ranges of characters, and how often.
struct Token {
    ranges: Vec<(char, char)>,
    optional: bool,
    repeats: bool,
}

pub fn globs_match(_: &Context, args: &[Value]) -> Run {
    let left = parse(args::string(args, 0)?)?;
    let right = parse(args::string(args, 1)?)?;
    Ok(Value::from(share_a_text(&left, &right)))
}

fn parse(text: &str) -> Result<Vec<Token>, Failure> {
    args::cap("regex.globs_match", "bytes of pattern", text.len(), MAX_PATTERN)?;
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let ranges = match c {
            '*' | '+' => {
                let Some(last) = tokens.last_mut().filter(|last| !last.repeats) else {
                    return undefined(format!("input:{text}, flag '{c}' must be preceded by a non-flag"));
                };
                last.repeats = true;
                last.optional = c == '*';
                continue;
            }
            '.' => vec![('\0', char::MAX)],
            '[' => set(text, &mut chars)?,
            ']' => return undefined(format!("input:{text}, set-close ']' with no preceding '['")),
            '\\' => {
                let Some(c) = chars.next() else { return undefined(format!("input:{text}, no character to escape")) };
                vec![(c, c)]
            }
            c => vec![(c, c)],
        };
        tokens.push(Token { ranges, optional: false, repeats: false });
    }
    Ok(tokens)
}

fn set(text: &str, chars: &mut std::str::Chars<'_>) -> Result<Vec<(char, char)>, Failure> {
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut open = false;
    while let Some(c) = chars.next() {
        let c = match c {
            ']' if !open => return Ok(ranges),
            '-' if !open && !ranges.is_empty() => {
                open = true;
                continue;
            }
            '\\' => chars.next().unwrap_or('\\'),
            c => c,
        };
        match ranges.last_mut().filter(|_| std::mem::take(&mut open)) {
            Some(last) => last.1 = c,
            None => ranges.push((c, c)),
        }
    }
    undefined(format!("input:{text}, found [ without matching ]"))
}

fn meet(left: &Token, right: &Token) -> bool {
    left.ranges.iter().any(|(a, b)| right.ranges.iter().any(|(c, d)| a <= d && c <= b))
}

fn share_a_text(left: &[Token], right: &[Token]) -> bool {
    let mut seen = HashSet::new();
    // A place and whether its token has been met once already.
    // The last part of a state is whether the common text has a character yet: the empty text does not count.
    let mut open = vec![((0_usize, false), (0_usize, false), false)];
    while let Some(state) = open.pop() {
        if !seen.insert(state) {
            continue;
        }
        let ((i, met_left), (j, met_right), some) = state;
        let (a, b) = (left.get(i), right.get(j));
        if a.is_none() && b.is_none() {
            if some {
                return true;
            }
            continue;
        }
        if a.is_some_and(|a| a.optional || met_left) {
            open.push(((i + 1, false), (j, met_right), some));
        }
        if b.is_some_and(|b| b.optional || met_right) {
            open.push(((i, met_left), (j + 1, false), some));
        }
        if let (Some(a), Some(b)) = (a, b)
            && (a.repeats || !met_left)
            && (b.repeats || !met_right)
            && meet(a, b)
        {
            open.push(((i, true), (j, true), true));
        }
    }
    false
}
