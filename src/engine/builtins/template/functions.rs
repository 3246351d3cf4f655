//! The functions that every template of Go has.

use std::cmp::Ordering;

use regorus::Value;

use super::super::args::undefined;
use super::super::encoding::escaped;
use super::super::{Context, Failure, sprintf};
use super::Data;

/// Calls the function `name`.
pub fn call(name: &str, args: Vec<Data>) -> Result<Data, Failure> {
    let few = || undefined(format!("template: wrong number of args for {name}"));
    match (name, args.as_slice()) {
        ("and" | "or", [.., last]) => Ok(last.clone()),
        ("not", [one]) => Ok(Data::Bool(!one.holds())),
        ("len", [one]) => length(one),
        ("index", [of, keys @ ..]) => keys.iter().try_fold(of.clone(), |of, key| index(&of, key)),
        ("slice", [of, bounds @ ..]) if bounds.len() <= 3 => slice(of, bounds),
        ("print", all) => Ok(Data::Text(printed(all, false))),
        ("println", all) => Ok(Data::Text(printed(all, true))),
        ("printf", [Data::Text(format), all @ ..]) => printf(format, all),
        ("html", all) => Ok(Data::Text(html(&plain(all)))),
        ("urlquery", all) => Ok(Data::Text(escaped(&plain(all)))),
        ("js", _) => Err(Failure::Fault("strings.render_template: `js` is not supported".to_owned())),
        ("eq", [one, others @ ..]) if !others.is_empty() => {
            for other in others {
                if equal(one, other)? {
                    return Ok(Data::Bool(true));
                }
            }
            Ok(Data::Bool(false))
        }
        ("ne", [one, other]) => Ok(Data::Bool(!equal(one, other)?)),
        ("lt", [one, other]) => Ok(Data::Bool(order(one, other)?.is_lt())),
        ("le", [one, other]) => Ok(Data::Bool(order(one, other)?.is_le())),
        ("gt", [one, other]) => Ok(Data::Bool(order(one, other)?.is_gt())),
        ("ge", [one, other]) => Ok(Data::Bool(order(one, other)?.is_ge())),
        ("and" | "or" | "not" | "len" | "index" | "slice" | "printf" | "eq" | "ne" | "lt" | "le" | "gt" | "ge", _) => {
            few()
        }
        _ => undefined(format!("template: function {name:?} not defined")),
    }
}

fn length(of: &Data) -> Result<Data, Failure> {
    let length = match of {
        Data::Text(text) | Data::Number(text) => text.len(),
        Data::List(items) => items.len(),
        Data::Map(map) => map.len(),
        _ => return undefined("template: len of this type"),
    };
    Ok(Data::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn index(of: &Data, key: &Data) -> Result<Data, Failure> {
    match (of, key) {
        (Data::Map(map), Data::Text(key)) => Ok(map.get(key).cloned().unwrap_or(Data::Nothing)),
        (Data::List(items), Data::Int(at)) => {
            let item = usize::try_from(*at).ok().and_then(|at| items.get(at));
            item.cloned().ok_or_else(|| Failure::Undefined(format!("template: index out of range: {at}")))
        }
        (Data::Text(text) | Data::Number(text), Data::Int(at)) => {
            let byte = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at));
            let byte = byte.map(|byte| Data::Int(i64::from(*byte)));
            byte.ok_or_else(|| Failure::Undefined(format!("template: index out of range: {at}")))
        }
        _ => undefined("template: cannot index this value so"),
    }
}

fn slice(of: &Data, bounds: &[Data]) -> Result<Data, Failure> {
    let bound = |at: usize, default: usize| match bounds.get(at) {
        None => Ok(default),
        Some(Data::Int(at)) => usize::try_from(*at).map_err(|_| Failure::Undefined("template: index".to_owned())),
        Some(_) => undefined("template: cannot index slice with this type"),
    };
    let out = || Failure::Undefined("template: slice out of range".to_owned());
    match of {
        Data::List(items) if bounds.len() < 3 => {
            let range = bound(0, 0)?..bound(1, items.len())?;
            Ok(Data::List(items.get(range).ok_or_else(out)?.to_vec()))
        }
        Data::Text(text) | Data::Number(text) if bounds.len() < 3 => {
            let range = bound(0, 0)?..bound(1, text.len())?;
            let part = text.as_bytes().get(range).ok_or_else(out)?;
            Ok(Data::Text(String::from_utf8_lossy(part).into_owned()))
        }
        _ => undefined("template: can't slice item of this type"),
    }
}

/// Go's `fmt.Sprint`: a space between two that are no texts; `fmt.Sprintln`: always one.
fn printed(all: &[Data], line: bool) -> String {
    let mut out = String::new();
    let text = |data: &Data| matches!(data, Data::Text(_) | Data::Number(_));
    let mut before: Option<&Data> = None;
    for data in all {
        if before.is_some_and(|before| line || !(text(before) || text(data))) {
            out.push(' ');
        }
        data.show(false, &mut out);
        before = Some(data);
    }
    if line {
        out.push('\n');
    }
    out
}

fn plain(all: &[Data]) -> String {
    match all {
        [Data::Text(text)] => text.clone(),
        all => printed(all, false),
    }
}

/// OPA's `sprintf`, where it shows what Go would show of the same.
fn printf(format: &str, all: &[Data]) -> Result<Data, Failure> {
    let mut values = Vec::new();
    for data in all {
        values.push(match data {
            Data::Text(text) => Value::from(text.as_str()),
            Data::Int(int) => Value::from(*int),
            Data::Float(float) => Value::from(*float),
            // Under these verbs Go writes a `json.Number` as the text that it is.
            Data::Number(text) => Value::from(text.as_str()),
            _ => {
                let mut text = String::new();
                data.show(false, &mut text);
                Value::from(text)
            }
        });
    }
    let odd = all.iter().any(|data| !matches!(data, Data::Text(_) | Data::Int(_) | Data::Float(_)));
    let known = format.split('%').skip(1).all(|verb| verb.starts_with(['s', 'v', '%']) || verb.is_empty());
    if odd && !known {
        let text = "strings.render_template: `printf` takes values of the data with %s and %v only";
        return Err(Failure::Fault(text.to_owned()));
    }
    match sprintf::sprintf(&Context::default(), &[Value::from(format), Value::from(values)])? {
        Value::String(text) => Ok(Data::Text(text.to_string())),
        _ => Ok(Data::Nothing),
    }
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn equal(one: &Data, other: &Data) -> Result<bool, Failure> {
    match (one, other) {
        (Data::Nothing | Data::Nil, Data::Nothing | Data::Nil) => Ok(true),
        (Data::Nothing | Data::Nil, _) | (_, Data::Nothing | Data::Nil) => Ok(false),
        (Data::List(_) | Data::Map(_), _) | (_, Data::List(_) | Data::Map(_)) => {
            undefined("template: non-comparable type")
        }
        (Data::Bool(one), Data::Bool(other)) => Ok(one == other),
        _ => order(one, other).map(Ordering::is_eq),
    }
}

fn order(one: &Data, other: &Data) -> Result<Ordering, Failure> {
    match (one, other) {
        (Data::Int(one), Data::Int(other)) => Ok(one.cmp(other)),
        (Data::Float(one), Data::Float(other)) => Ok(one.total_cmp(other)),
        (Data::Text(one) | Data::Number(one), Data::Text(other) | Data::Number(other)) => Ok(one.cmp(other)),
        _ => undefined("template: incompatible types for comparison"),
    }
}
