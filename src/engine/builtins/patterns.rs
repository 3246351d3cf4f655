//! `regex.*` with Go's syntax and room for the patterns that policies have.
//!
//! regorus caps a compiled pattern at 100 KiB and reads Rust's syntax, where a
//! lone `{` is an error, `[a&&b]` an intersection and `\d` more than ASCII.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};
use regorus::Value;

use super::args::{self, Run};
use super::{Context, Failure};

/// The longest pattern.
const MAX_PATTERN: usize = 64 << 10;
/// Bytes of compiled patterns that are kept; over it all are dropped, which is simple and rare.
const MAX_KEPT: usize = 64 << 20;
/// Patterns that are kept, however small.
const MAX_COUNT: usize = 256;
/// The smallest of the sizes that patterns are sorted into; each is four times the one before.
const SMALLEST: usize = 4 << 10;
/// The most that the size of a compiled pattern and the length of a text may be, multiplied:
/// the worst patterns take that much time, and cannot be stopped in between.
const MAX_WORK: usize = 64 << 30;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// Compiled patterns, each with the size that it stayed under.
#[derive(Default)]
struct Kept {
    known: HashMap<String, (Regex, usize)>,
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, pattern: &str, regex: &Regex, size: usize) {
        if self.bytes + size > MAX_KEPT || self.known.len() >= MAX_COUNT {
            *self = Self::default();
        }
        self.bytes += size;
        self.known.insert(pattern.to_owned(), (regex.clone(), size));
    }
}

/// The pattern, ready for a text of `length` bytes.
fn compile(context: &Context, name: &str, pattern: &str, length: usize) -> Result<Regex, Failure> {
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).known.get(pattern).cloned();
    let (regex, size) = match known {
        Some(known) => known,
        None => {
            args::cap(name, "bytes of pattern", pattern.len(), MAX_PATTERN)?;
            if !is_known_to_go(pattern) {
                return Err(Failure::Undefined(format!("error parsing regexp: `{pattern}`")));
            }
            let (regex, size) = sized(name, &translate(pattern), context.caps.regex)?;
            KEPT.lock().unwrap_or_else(PoisonError::into_inner).keep(pattern, &regex, size);
            (regex, size)
        }
    };
    let most = MAX_WORK / size;
    if size > context.caps.regex || length > most {
        let message =
            format!("{name}: the compiled pattern has up to {size} bytes, so that a text of {length} is too long");
        return Err(Failure::Limit(message));
    }
    Ok(regex)
}

/// Compiles a pattern of our own making, in the syntax of Rust, for a text of `length` bytes.
pub fn compile_own(context: &Context, name: &str, pattern: &str, length: usize) -> Result<Regex, Failure> {
    // No pattern of a policy begins so: the two kinds share what is kept.
    let key = format!("\0{pattern}");
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).known.get(&key).cloned();
    let (regex, size) = match known {
        Some(known) => known,
        None => {
            let (regex, size) = sized(name, pattern, context.caps.regex)?;
            KEPT.lock().unwrap_or_else(PoisonError::into_inner).keep(&key, &regex, size);
            (regex, size)
        }
    };
    args::cap(name, "bytes", length, MAX_WORK / size)?;
    Ok(regex)
}

/// Compiles a pattern under the smallest size that is enough for it.
fn sized(name: &str, pattern: &str, most: usize) -> Result<(Regex, usize), Failure> {
    let mut size = SMALLEST.min(most);
    loop {
        match RegexBuilder::new(pattern).size_limit(size).build() {
            Ok(regex) => return Ok((regex, size)),
            Err(regex::Error::CompiledTooBig(_)) if size < most => size = size.saturating_mul(4).min(most),
            Err(regex::Error::CompiledTooBig(_)) => {
                return Err(Failure::Limit(format!("{name}: the compiled pattern is over the limit of {most} bytes")));
            }
            Err(_) => return Err(Failure::Undefined(format!("error parsing regexp: `{pattern}`"))),
        }
    }
}

/// Go's pattern as Rust's: what only Rust gives a meaning is escaped.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut class = false;
    let mut first = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let was_first = std::mem::take(&mut first);
        let used = match c {
            '\\' => escaped(after, class, &mut out),
            '[' if !class => {
                class = true;
                first = true;
                out.push('[');
                let negated = after.starts_with('^');
                if negated {
                    out.push('^');
                }
                usize::from(negated)
            }
            '[' if after.starts_with(':') => {
                let end = after.find(":]").map_or(0, |at| at + 2);
                out.push_str(if end == 0 { "\\[" } else { "[" });
                out.push_str(after.get(..end).unwrap_or_default());
                end
            }
            ']' if class && was_first => {
                out.push_str("\\]");
                0
            }
            ']' if class => {
                class = false;
                out.push(']');
                0
            }
            '[' | '&' | '~' if class => {
                out.push('\\');
                out.push(c);
                0
            }
            '{' if !class && !repeats(after) => {
                out.push_str("\\{");
                0
            }
            _ => {
                out.push(c);
                0
            }
        };
        rest = after.get(used..).unwrap_or_default();
    }
    out
}

/// Names of classes that Go knows.
const CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

/// Whether Go's parser takes the pattern, as far as Rust's takes more: repetitions
/// of repetitions, those over 1,000, and classes of any name.
fn is_known_to_go(pattern: &str) -> bool {
    let mut rest = pattern;
    let mut class = false;
    // After an operator a second one is a fault, but `?` makes the first one lazy.
    let (mut repeated, mut lazy) = (false, false);
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let mut used = 0;
        let was = (std::mem::take(&mut repeated), std::mem::take(&mut lazy));
        match c {
            '\\' if after.starts_with('Q') && !class => used = after.find("\\E").map_or(after.len(), |at| at + 2),
            '\\' => used = after.chars().next().map_or(0, char::len_utf8),
            '[' if class && after.starts_with(':') => {
                if let Some(end) = after.find(":]") {
                    let name = after.get(1..end).unwrap_or_default();
                    if !CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
                        return false;
                    }
                    used = end + 2;
                }
            }
            '[' if !class => {
                class = true;
                used = usize::from(after.starts_with('^'));
                used += usize::from(after.get(used..).is_some_and(|rest| rest.starts_with(']')));
            }
            ']' => class = false,
            _ if class => {}
            '?' if was.0 && !was.1 => (repeated, lazy) = (true, true),
            '*' | '+' | '?' => {
                if was.0 {
                    return false;
                }
                repeated = true;
            }
            '{' if repeats(after) => {
                let inside = after.split_once('}').map_or("", |(inside, _)| inside);
                let sizes = inside.split(',').filter(|size| !size.is_empty());
                if was.0 || sizes.into_iter().any(|size| size.parse::<u32>().map_or(true, |size| size > 1_000)) {
                    return false;
                }
                repeated = true;
                used = inside.len() + 1;
            }
            _ => {}
        }
        rest = after.get(used..).unwrap_or_default();
    }
    true
}

/// Whether what follows a `{` makes it a repetition.
fn repeats(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match inside.split_once(',') {
        Some((from, to)) => digits(from) && (to.is_empty() || digits(to)),
        None => digits(inside),
    }
}

/// What follows a backslash; gives back how much of it was read.
fn escaped(after: &str, class: bool, out: &mut String) -> usize {
    let Some(c) = after.chars().next() else {
        out.push('\\');
        return 0;
    };
    let plain = match (c, class) {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('D', _) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('W', _) => "[^0-9A-Za-z_]",
        ('s', false) => r"[\t\n\x0C\r ]",
        ('s', true) => r"\t\n\x0C\r ",
        ('S', _) => r"[^\t\n\x0C\r ]",
        ('b', false) => r"(?-u:\b)",
        ('Q', false) => {
            let quoted = after.get(1..).unwrap_or_default();
            let end = quoted.find("\\E").unwrap_or(quoted.len());
            out.push_str(&regex::escape(quoted.get(..end).unwrap_or_default()));
            return (end + 3).min(after.len());
        }
        _ => {
            out.push('\\');
            out.push(c);
            return c.len_utf8();
        }
    };
    out.push_str(plain);
    c.len_utf8()
}

/// `n` results, all of them when it is negative.
fn count(args: &[Value], index: usize) -> Result<usize, Failure> {
    Ok(usize::try_from(args::int(args, index)?).unwrap_or(usize::MAX))
}

pub fn is_valid(context: &Context, args: &[Value]) -> Run {
    let Ok(pattern) = args::string(args, 0) else { return Ok(Value::from(false)) };
    match compile(context, "regex.is_valid", pattern, 0) {
        Ok(_) => Ok(Value::from(true)),
        Err(Failure::Undefined(_)) => Ok(Value::from(false)),
        Err(failure) => Err(failure),
    }
}

pub fn is_match(context: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 1)?;
    let regex = compile(context, "regex.match", args::string(args, 0)?, text.len())?;
    Ok(Value::from(regex.is_match(text)))
}

pub fn find_n(context: &Context, args: &[Value]) -> Run {
    let regex = compile(context, "regex.find_n", args::string(args, 0)?, args::string(args, 1)?.len())?;
    let hits = regex.find_iter(args::string(args, 1)?).take(count(args, 2)?);
    Ok(Value::from(hits.map(|hit| Value::from(hit.as_str())).collect::<Vec<_>>()))
}

pub fn find_all(context: &Context, args: &[Value]) -> Run {
    let regex =
        compile(context, "regex.find_all_string_submatch_n", args::string(args, 0)?, args::string(args, 1)?.len())?;
    let hits = regex.captures_iter(args::string(args, 1)?).take(count(args, 2)?);
    let groups = |hit: regex::Captures<'_>| {
        Value::from(hit.iter().map(|group| Value::from(group.map_or("", |g| g.as_str()))).collect::<Vec<_>>())
    };
    Ok(Value::from(hits.map(groups).collect::<Vec<_>>()))
}

pub fn split(context: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 1)?;
    let regex = compile(context, "regex.split", args::string(args, 0)?, text.len())?;
    if text.is_empty() && !args::string(args, 0)?.is_empty() {
        return Ok(Value::from(vec![Value::from("")]));
    }
    let mut parts = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for hit in regex.find_iter(text) {
        end = hit.start();
        // As in Go an empty hit at the front splits nothing off.
        if hit.end() != 0 {
            parts.push(Value::from(text.get(begin..end).unwrap_or_default()));
        }
        begin = hit.end();
    }
    if end != text.len() {
        parts.push(Value::from(text.get(begin..).unwrap_or_default()));
    }
    Ok(Value::from(parts))
}

/// `regex.template_match(template, text, open, close)`: patterns between the delimiters, all else as it stands.
pub fn template_match(context: &Context, args: &[Value]) -> Run {
    let (template, text) = (args::string(args, 0)?, args::string(args, 1)?);
    let (open, close) = (args::string(args, 2)?.as_bytes(), args::string(args, 3)?.as_bytes());
    let (&[open], &[close]) = (open, close) else {
        return args::undefined("delimiters are not exactly one character long");
    };
    let unbalanced = || Failure::Undefined(format!("unbalanced braces in {template:?}"));
    let mut pattern = String::from("^");
    let (mut level, mut start, mut done) = (0_usize, 0, 0);
    for (at, byte) in template.bytes().enumerate() {
        if byte == open {
            level += 1;
            if level == 1 {
                start = at;
            }
        } else if byte == close {
            level = level.checked_sub(1).ok_or_else(unbalanced)?;
            if level == 0 {
                let inner = template.get(start + 1..at).unwrap_or_default();
                compile(context, "regex.template_match", &format!("^{inner}$"), 0)?;
                pattern.push_str(&regex::escape(template.get(done..start).unwrap_or_default()));
                pattern.extend(["(", inner, ")"]);
                done = at + 1;
            }
        }
    }
    if level != 0 {
        return Err(unbalanced());
    }
    pattern.push_str(&regex::escape(template.get(done..).unwrap_or_default()));
    pattern.push('$');
    Ok(Value::from(compile(context, "regex.template_match", &pattern, text.len())?.is_match(text)))
}

pub fn replace(context: &Context, args: &[Value]) -> Run {
    let (text, with) = (args::string(args, 0)?, args::string(args, 2)?);
    let regex = compile(context, "regex.replace", args::string(args, 1)?, text.len())?;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for hit in regex.captures_iter(text) {
        let Some(whole) = hit.get(0) else { continue };
        out.push_str(text.get(at..whole.start()).unwrap_or_default());
        hit.expand(with, &mut out);
        at = whole.end();
        args::cap("regex.replace", "bytes", out.len(), context.caps.text)?;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(Value::from(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_of_go_means_what_it_means_there() {
        let cases = [
            (r"a{b", "a{b", true),
            (r"^\d$", "٣", false),
            (r"^[\w&&x]$", "&", true),
            (r"^[[]$", "[", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^x{2}$", "xx", true),
            (r"^[]a]$", "]", true),
            (r"^[[:alpha:]]$", "q", true),
        ];
        for (pattern, text, want) in cases {
            assert_eq!(compile(&Context::default(), "test", pattern, 9).unwrap().is_match(text), want, "{pattern}");
        }
    }
}
