//! Functions on text, and conversions.

use std::sync::Arc;

use super::super::cell::{Cell, Eval, Stop};
use super::{arg, whole};

pub(super) fn call(name: &str, args: &[Cell]) -> Option<Eval> {
    let text = |at| arg(args, at).and_then(Cell::text);
    let one = |f: fn(&str) -> String| text(0).and_then(|t| Cell::string(f(&t)));
    let two = |f: fn(&str, &str) -> Cell| text(0).and_then(|a| Ok(f(&a, &text(1)?)));
    let own = |t: &str| Cell::String(t.into());
    Some(match name {
        "lower" => one(str::to_lowercase),
        "upper" => one(str::to_uppercase),
        "title" => one(title),
        "trimspace" => one(|t| t.trim().to_owned()),
        "chomp" => one(|t| t.trim_end_matches(['\n', '\r']).to_owned()),
        "trim" => text(0).and_then(|t| {
            let set = text(1)?;
            Cell::string(t.trim_matches(|c| set.contains(c)))
        }),
        "trimprefix" => text(0).and_then(|t| Ok(own(t.strip_prefix(&*text(1)?).unwrap_or(&t)))),
        "trimsuffix" => text(0).and_then(|t| Ok(own(t.strip_suffix(&*text(1)?).unwrap_or(&t)))),
        "startswith" => two(|a, b| Cell::Bool(a.starts_with(b))),
        "endswith" => two(|a, b| Cell::Bool(a.ends_with(b))),
        "strcontains" => two(|a, b| Cell::Bool(a.contains(b))),
        "replace" => replace(args),
        "substr" => substr(args),
        "join" => join(args),
        "split" => text(0).and_then(|by| {
            let whole = text(1)?;
            match (whole.is_empty(), by.is_empty()) {
                (true, _) => Cell::list(Vec::new()),
                (_, true) => Cell::list(whole.chars().map(|c| own(&c.to_string())).collect()),
                _ => Cell::list(whole.split(&*by).map(own).collect()),
            }
        }),
        "format" => format(args),
        "tostring" => convert(args, |cell| cell.text().map(Cell::String)),
        "tonumber" => convert(args, |cell| cell.number().map(Cell::Number)),
        "tobool" => convert(args, |cell| cell.boolean().map(Cell::Bool)),
        "jsonencode" => arg(args, 0).and_then(|cell| Cell::string(go_json(&cell.to_json()?))),
        "jsondecode" => text(0).and_then(|t| {
            let json = serde_json::from_str(&t).map_err(|_| Stop::Fault)?;
            Cell::from_json(&json, 0)
        }),
        _ => return None,
    })
}

/// JSON as Terraform writes it, with `<`, `>` and `&` escaped.
fn go_json(json: &serde_json::Value) -> String {
    json.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn convert(args: &[Cell], to: fn(&Cell) -> Eval) -> Eval {
    match arg(args, 0)? {
        Cell::Null => Ok(Cell::Null),
        cell => to(cell),
    }
}

fn title(text: &str) -> String {
    let mut start = true;
    let capital = |c: char| {
        let at_start = std::mem::replace(&mut start, !(c.is_alphanumeric() || matches!(c, '_' | '\'')));
        if at_start { c.to_uppercase().collect() } else { c.to_string() }
    };
    text.chars().map(capital).collect()
}

fn replace(args: &[Cell]) -> Eval {
    let (text, from, to) = (arg(args, 0)?.text()?, arg(args, 1)?.text()?, arg(args, 2)?.text()?);
    // `/…/` is a regular expression in Go's dialect.
    if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
        return Err(Stop::Unknown);
    }
    if text.len().saturating_mul(to.len().max(1)) > 4 << 20 {
        return Err(Stop::Unknown);
    }
    Cell::string(text.replace(&*from, &to))
}

fn substr(args: &[Cell]) -> Eval {
    let text = arg(args, 0)?.text()?;
    let (offset, length) = (whole(args, 1)?, whole(args, 2)?);
    // Terraform counts grapheme clusters; for other than ASCII that may differ from characters.
    if !text.is_ascii() {
        return Err(Stop::Unknown);
    }
    let count = i64::try_from(text.len()).map_err(|_| Stop::Unknown)?;
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let (start, end) = range.ok_or(Stop::Fault)?;
    Cell::string(text.get(start..end).ok_or(Stop::Fault)?)
}

fn join(args: &[Cell]) -> Eval {
    let by = arg(args, 0)?.text()?;
    let mut parts: Vec<Arc<str>> = Vec::new();
    let lists = args.get(1..).ok_or(Stop::Fault)?;
    for list in lists {
        for item in list.items()? {
            parts.push(item.text()?);
        }
    }
    let size = parts.iter().map(|part| part.len() + by.len()).fold(0, usize::saturating_add);
    if size > 4 << 20 { Err(Stop::Unknown) } else { Cell::string(parts.join(&*by)) }
}

/// `format` with plain `%s`, `%d`, `%v`, `%q`, `%t`, `%%` and zero-padded numbers; other verbs are unknown.
fn format(args: &[Cell]) -> Eval {
    let spec = arg(args, 0)?.text()?;
    let mut out = String::new();
    let mut next = 1;
    let mut chars = spec.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut width = String::new();
        let verb = loop {
            match chars.next().ok_or(Stop::Fault)? {
                digit if digit.is_ascii_digit() && width.len() < 3 => width.push(digit),
                verb => break verb,
            }
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let value = arg(args, next)?;
        next += 1;
        match (verb, width.as_str()) {
            ('s' | 'v', "") => out.push_str(&value.text()?),
            ('t', "") => out.push_str(&value.boolean()?.to_string()),
            ('q', "") => out.push_str(&serde_json::Value::from(&*value.text()?).to_string()),
            ('d', width) => {
                let shown = super::super::cell::whole(value.number()?).ok_or(Stop::Fault)?.to_string();
                let wide = width.parse().unwrap_or(0);
                let zeros = width.starts_with('0') && !shown.starts_with('-');
                out.extend(std::iter::repeat_n(if zeros { '0' } else { ' ' }, wide.max(shown.len()) - shown.len()));
                out.push_str(&shown);
            }
            _ => return Err(Stop::Unknown),
        }
    }
    if next == args.len() { Cell::string(out) } else { Err(Stop::Fault) }
}
