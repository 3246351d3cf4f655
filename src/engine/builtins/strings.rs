//! Builtins over texts where regorus differs from OPA.

use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, underlying};

/// The one character that a character becomes; Go leaves what would become several as it is.
fn single(mut to: impl Iterator<Item = char>, c: char) -> char {
    match (to.next(), to.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

pub fn upper(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::string(args, 0)?.chars().map(|c| single(c.to_uppercase(), c)).collect::<String>()))
}

pub fn lower(_: &Context, args: &[Value]) -> Run {
    let lower = |c: char| if c == 'İ' { 'i' } else { single(c.to_lowercase(), c) };
    Ok(Value::from(args::string(args, 0)?.chars().map(lower).collect::<String>()))
}

/// `count(x)`: characters of a text, not bytes or halves of UTF-16.
pub fn count(_: &Context, args: &[Value]) -> Run {
    match args::value(args, 0)? {
        Value::String(text) => Ok(Value::from(text.chars().count())),
        _ => underlying("count", args),
    }
}

/// `indexof(text, part)`: in characters; -1 where it is not in it.
pub fn indexof(_: &Context, args: &[Value]) -> Run {
    let (text, part) = (args::string(args, 0)?, args::string(args, 1)?);
    if part.is_empty() {
        return undefined("empty search character");
    }
    let at = text.split_once(part).map(|(before, _)| before.chars().count());
    Ok(at.map_or_else(|| Value::from(-1_i64), Value::from))
}

/// `indexof_n(text, part)`: all places, overlaps among them.
pub fn indexof_n(_: &Context, args: &[Value]) -> Run {
    let (text, part) = (args::string(args, 0)?, args::string(args, 1)?);
    if part.is_empty() {
        return undefined("empty search character");
    }
    let hits =
        text.char_indices().enumerate().filter(|(_, (at, _))| text.get(*at..).is_some_and(|t| t.starts_with(part)));
    Ok(Value::from(hits.map(|(at, _)| Value::from(at)).collect::<Vec<_>>()))
}

/// `substring(text, start, length)`: a negative length is all that follows.
pub fn substring(_: &Context, args: &[Value]) -> Run {
    let (text, start, length) = (args::string(args, 0)?, args::int(args, 1)?, args::int(args, 2)?);
    let Ok(start) = usize::try_from(start) else { return undefined("negative offset") };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(Value::from(text.chars().skip(start).take(length).collect::<String>()))
}
