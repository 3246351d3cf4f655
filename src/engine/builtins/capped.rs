//! Builtins whose result can be far larger than their operands, with a cap on it.

use num_bigint::BigInt;
use regorus::Value;

use super::super::number;
use super::args::{self, Run, undefined};
use super::{Context, Failure};

fn range_of(context: &Context, name: &str, from: &BigInt, to: &BigInt, step: &BigInt) -> Run {
    let distance = if from <= to { to - from } else { from - to };
    let count = usize::try_from(&distance / step).unwrap_or(usize::MAX).saturating_add(1);
    args::cap(name, "numbers", count, context.caps.items)?;
    let mut items = Vec::with_capacity(count);
    let mut at = from.clone();
    for _ in 0..count {
        items.push(number::integer(&at)?);
        if from <= to {
            at += step;
        } else {
            at -= step;
        }
    }
    Ok(Value::from(items))
}

pub fn range(context: &Context, args: &[Value]) -> Run {
    range_of(context, "numbers.range", &args::big(args, 0)?, &args::big(args, 1)?, &BigInt::from(1))
}

pub fn range_step(context: &Context, args: &[Value]) -> Run {
    let step = args::big(args, 2)?;
    if step <= BigInt::from(0) {
        return undefined("numbers.range_step: step must be a positive integer");
    }
    range_of(context, "numbers.range_step", &args::big(args, 0)?, &args::big(args, 1)?, &step)
}

pub fn replace(context: &Context, args: &[Value]) -> Run {
    let (text, old, new) = (args::string(args, 0)?, args::string(args, 1)?, args::string(args, 2)?);
    replaced(context, "replace", text, old, new).map(Value::from)
}

fn replaced(context: &Context, name: &str, text: &str, old: &str, new: &str) -> Result<String, Failure> {
    let hits = if new.len() > old.len() { text.matches(old).count() } else { 0 };
    let size = hits.saturating_mul(new.len()).saturating_add(text.len());
    args::cap(name, "bytes", size, context.caps.text)?;
    Ok(text.replace(old, new))
}

/// `strings.replace_n`: Go's `strings.Replacer`, the patterns in the order of their text.
pub fn replace_n(context: &Context, args: &[Value]) -> Run {
    let Value::Object(patterns) = args::value(args, 0)? else {
        return Err(args::wrong(args, 0, "object"));
    };
    let mut text = args::string(args, 1)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (old, new) in patterns.iter_sorted() {
        let (Value::String(old), Value::String(new)) = (old, new) else {
            return undefined("operand 1 must be object of strings");
        };
        pairs.push((old.as_ref(), new.as_ref()));
    }
    let mut out = String::new();
    let mut at_start = true;
    loop {
        let hit = pairs.iter().find(|(old, _)| text.starts_with(old) && (!old.is_empty() || at_start));
        args::cap("strings.replace_n", "bytes", out.len(), context.caps.text)?;
        if let Some((old, new)) = hit {
            out.push_str(new);
            text = text.get(old.len()..).unwrap_or_default();
            at_start = !old.is_empty();
            if !old.is_empty() {
                continue;
            }
        }
        let Some(c) = text.chars().next() else { break };
        out.push(c);
        text = text.get(c.len_utf8()..).unwrap_or_default();
        at_start = true;
    }
    Ok(Value::from(out))
}

/// `strings.count(text, part)`: hits that do not overlap, as Go counts them.
pub fn count(_: &Context, args: &[Value]) -> Run {
    let (text, part) = (args::string(args, 0)?, args::string(args, 1)?);
    Ok(Value::from(text.matches(part).count()))
}

pub fn concat(context: &Context, args: &[Value]) -> Run {
    let glue = args::string(args, 0)?;
    let mut texts = Vec::new();
    let mut size = 0_usize;
    for item in args::collection(args, 1)? {
        let Value::String(text) = item else {
            return undefined("operand 2 must be array or set of strings");
        };
        size = size.saturating_add(text.len()).saturating_add(glue.len());
        args::cap("concat", "bytes", size, context.caps.text)?;
        texts.push(text.as_ref());
    }
    Ok(Value::from(texts.join(glue)))
}

/// `array.flatten`: arrays in the array give their elements, one level deep.
pub fn flatten(_: &Context, args: &[Value]) -> Run {
    let mut out = Vec::new();
    for item in args::array(args, 0)? {
        match item {
            Value::Array(inner) => out.extend(inner.iter().cloned()),
            other => out.push(other.clone()),
        }
    }
    Ok(Value::from(out))
}

/// `bits.lsh`: a shift by billions would fill the memory.
pub fn lsh(_: &Context, args: &[Value]) -> Run {
    let shift = usize::try_from(args::big(args, 1)?).unwrap_or(0);
    args::cap("bits.lsh", "bits of shift", shift, 65_536)?;
    super::underlying("bits.lsh", args)
}
