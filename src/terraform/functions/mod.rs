//! Terraform's functions that depend on their arguments alone.
//!
//! A function that reads a file, a clock or chance, one of regular expressions
//! and one that is not here at all is unknown, never an error.

mod collections;
mod strings;

use super::cell::{Cell, Eval, Stop};

/// What the function `name` makes of `args`.
pub(super) fn call(name: &str, args: &[Cell]) -> Eval {
    match strings::call(name, args) {
        Some(value) => value,
        None => match collections::call(name, args) {
            Some(value) => value,
            None => numbers(name, args).unwrap_or(Err(Stop::Unknown)),
        },
    }
}

fn numbers(name: &str, args: &[Cell]) -> Option<Eval> {
    let all = || args.iter().map(Cell::number).collect::<Result<Vec<_>, _>>();
    let one = |f: fn(f64) -> f64| arg(args, 0).and_then(Cell::number).map(|n| Cell::Number(f(n)));
    Some(match name {
        "max" => all().and_then(|all| all.into_iter().reduce(f64::max).map(Cell::Number).ok_or(Stop::Fault)),
        "min" => all().and_then(|all| all.into_iter().reduce(f64::min).map(Cell::Number).ok_or(Stop::Fault)),
        "abs" => one(f64::abs),
        "ceil" => one(f64::ceil),
        "floor" => one(f64::floor),
        "signum" => one(|n| if n == 0.0 { 0.0 } else { n.signum() }),
        _ => return None,
    })
}

/// The argument numbered `at`, from 0.
fn arg(args: &[Cell], at: usize) -> Result<&Cell, Stop> {
    match args.get(at) {
        Some(Cell::Unknown(_)) => Err(Stop::Unknown),
        Some(cell) => Ok(cell),
        None => Err(Stop::Fault),
    }
}

/// A whole number among the arguments.
fn whole(args: &[Cell], at: usize) -> Result<i64, Stop> {
    super::cell::whole(arg(args, at)?.number()?).ok_or(Stop::Fault)
}
