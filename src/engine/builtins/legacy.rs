//! Builtins of Rego v0 that policies in use still call, and the operators by name.

use std::collections::BTreeSet;

use regorus::Value;

use super::super::number;
use super::args::{self, Run, value};
use super::{Context, Failure, order};

/// `all(collection)`: every element is true.
pub fn all(_: &Context, args: &[Value]) -> Run {
    let all = args::collection(args, 0)?.iter().all(|item| **item == Value::Bool(true));
    Ok(Value::from(all))
}

/// `any(collection)`: some element is true.
pub fn any(_: &Context, args: &[Value]) -> Run {
    let any = args::collection(args, 0)?.iter().any(|item| **item == Value::Bool(true));
    Ok(Value::from(any))
}

pub fn set_diff(_: &Context, args: &[Value]) -> Run {
    match (value(args, 0)?, value(args, 1)?) {
        (Value::Set(left), Value::Set(right)) => Ok(left.difference(right).into()),
        (Value::Set(_), _) => Err(args::wrong(args, 1, "set")),
        _ => Err(args::wrong(args, 0, "set")),
    }
}

pub fn cast_array(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::collection(args, 0)?.into_iter().cloned().collect::<Vec<_>>()))
}

pub fn cast_set(_: &Context, args: &[Value]) -> Run {
    Ok(Value::from(args::collection(args, 0)?.into_iter().cloned().collect::<BTreeSet<_>>()))
}

fn cast(args: &[Value], wanted: &str) -> Run {
    let given = value(args, 0)?;
    if args::type_name(given) == wanted { Ok(given.clone()) } else { Err(args::wrong(args, 0, wanted)) }
}

pub fn cast_string(_: &Context, args: &[Value]) -> Run {
    cast(args, "string")
}

pub fn cast_boolean(_: &Context, args: &[Value]) -> Run {
    cast(args, "boolean")
}

pub fn cast_null(_: &Context, args: &[Value]) -> Run {
    cast(args, "null")
}

pub fn cast_object(_: &Context, args: &[Value]) -> Run {
    cast(args, "object")
}

type Arithmetic = fn(&Value, &Value) -> Run;

fn arithmetic(args: &[Value], run: Arithmetic) -> Run {
    let (left, right) = (value(args, 0)?, value(args, 1)?);
    if !matches!(left, Value::Number(_)) {
        return Err(args::wrong(args, 0, "number"));
    }
    if !matches!(right, Value::Number(_)) {
        return Err(args::wrong(args, 1, "number"));
    }
    run(left, right)
}

pub fn plus(_: &Context, args: &[Value]) -> Run {
    arithmetic(args, number::add)
}

/// `minus(a, b)`: numbers are subtracted, of sets the difference is taken.
pub fn minus(context: &Context, args: &[Value]) -> Run {
    if matches!(args, [Value::Set(_), Value::Set(_)]) {
        return set_diff(context, args);
    }
    arithmetic(args, number::sub)
}

pub fn mul(_: &Context, args: &[Value]) -> Run {
    arithmetic(args, number::mul)
}

pub fn div(_: &Context, args: &[Value]) -> Run {
    arithmetic(args, number::div)
}

pub fn rem(_: &Context, args: &[Value]) -> Run {
    arithmetic(args, number::rem)
}

fn compare(args: &[Value], holds: fn(std::cmp::Ordering) -> bool) -> Run {
    Ok(Value::from(holds(order(value(args, 0)?, value(args, 1)?))))
}

pub fn eq(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_eq)
}

pub fn neq(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_ne)
}

pub fn lt(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_lt)
}

pub fn lte(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_le)
}

pub fn gt(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_gt)
}

pub fn gte(_: &Context, args: &[Value]) -> Run {
    compare(args, std::cmp::Ordering::is_ge)
}

fn sets(args: &[Value]) -> Result<(&regorus::value::Set, &regorus::value::Set), Failure> {
    match args {
        [Value::Set(left), Value::Set(right)] => Ok((left, right)),
        [Value::Set(_), _] => Err(args::wrong(args, 1, "set")),
        _ => Err(args::wrong(args, 0, "set")),
    }
}

/// The operator `&` by name.
pub fn and(_: &Context, args: &[Value]) -> Run {
    sets(args).map(|(left, right)| left.intersection(right).into())
}

/// The operator `|` by name.
pub fn or(_: &Context, args: &[Value]) -> Run {
    sets(args).map(|(left, right)| left.union(right).into())
}
