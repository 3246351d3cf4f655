//! Functions on lists and objects. A set is a sorted list without doubles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::cell::{Cell, Eval, Stop};
use super::super::eval::index;
use super::{arg, whole};

/// How many comparisons a search for doubles may take: longer lists are unknown.
const MAX_DISTINCT: usize = 2_000;

pub(super) fn call(name: &str, args: &[Cell]) -> Option<Eval> {
    let first = || arg(args, 0);
    Some(match name {
        "length" => first().and_then(length),
        "concat" => concat(args),
        "merge" => merge(args),
        "lookup" => lookup(args),
        "element" => element(args),
        "slice" => slice(args),
        "keys" => first()
            .and_then(Cell::entries)
            .and_then(|map| Cell::list(map.keys().map(|key| Cell::String(key.clone())).collect())),
        "values" => first().and_then(Cell::entries).and_then(|map| Cell::list(map.values().cloned().collect())),
        "flatten" => flatten(args),
        "compact" => first().and_then(compact),
        "distinct" => first().and_then(Cell::items).and_then(|items| Cell::list(distinct(items)?)),
        "reverse" => first().and_then(Cell::items).and_then(|items| Cell::list(items.iter().rev().cloned().collect())),
        "sort" => first().and_then(Cell::items).and_then(sorted),
        "toset" => first().and_then(Cell::items).and_then(to_set),
        "tolist" => first().and_then(Cell::items).and_then(|items| Cell::list(unify(items)?)),
        "tomap" => first().and_then(|cell| cell.entries().map(|_| cell.clone())),
        "contains" => contains(args),
        "coalesce" => coalesce(args),
        "coalescelist" => coalesce_list(args),
        "zipmap" => zipmap(args),
        "one" => first().and_then(Cell::items).and_then(|items| match items {
            [] => Ok(Cell::Null),
            [only] => Ok(only.clone()),
            _ => Err(Stop::Fault),
        }),
        "alltrue" => booleans(args).map(|all| Cell::Bool(all.into_iter().all(|held| held))),
        "anytrue" => booleans(args).map(|all| Cell::Bool(all.into_iter().any(|held| held))),
        "sum" => first().and_then(Cell::items).and_then(|items| {
            let numbers = items.iter().map(Cell::number).collect::<Result<Vec<_>, _>>()?;
            if numbers.is_empty() { Err(Stop::Fault) } else { Ok(Cell::Number(numbers.into_iter().sum())) }
        }),
        _ => return None,
    })
}

#[allow(clippy::cast_precision_loss)] // sizes are bounded far below 2^53
fn length(cell: &Cell) -> Eval {
    let count = match cell {
        Cell::List(list) => list.parts.len(),
        Cell::Map(map) => map.parts.len(),
        // Terraform counts grapheme clusters.
        Cell::String(text) if text.is_ascii() => text.len(),
        Cell::String(_) => return Err(Stop::Unknown),
        _ => return Err(Stop::Fault),
    };
    Ok(Cell::Number(count as f64))
}

fn concat(args: &[Cell]) -> Eval {
    let mut all = Vec::new();
    for list in args {
        all.extend(list.items()?.iter().cloned());
    }
    Cell::list(all)
}

fn merge(args: &[Cell]) -> Eval {
    let mut all = BTreeMap::new();
    for map in args.iter().filter(|arg| **arg != Cell::Null) {
        all.extend(map.entries()?.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    Cell::map(all)
}

fn lookup(args: &[Cell]) -> Eval {
    match index(arg(args, 0)?, arg(args, 1)?) {
        Err(Stop::Fault) => arg(args, 2).cloned(),
        found => found,
    }
}

fn element(args: &[Cell]) -> Eval {
    let items = arg(args, 0)?.items()?;
    let count = i64::try_from(items.len()).map_err(|_| Stop::Fault)?;
    let at = whole(args, 1)?.checked_rem_euclid(count).ok_or(Stop::Fault)?;
    usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().ok_or(Stop::Fault)
}

fn slice(args: &[Cell]) -> Eval {
    let bound = |at| usize::try_from(whole(args, at)?).map_err(|_| Stop::Fault);
    let items = arg(args, 0)?.items()?.get(bound(1)?..bound(2)?).ok_or(Stop::Fault)?;
    Cell::list(items.to_vec())
}

/// As deep as values nest, which their making bounds.
fn flatten(args: &[Cell]) -> Eval {
    fn add(cell: &Cell, flat: &mut Vec<Cell>) -> Result<(), Stop> {
        match cell {
            Cell::List(list) => list.parts.iter().try_for_each(|part| add(part, flat)),
            // It may be a list or not.
            Cell::Unknown(_) => Err(Stop::Unknown),
            other => {
                flat.push(other.clone());
                Ok(())
            }
        }
    }
    let mut flat = Vec::new();
    arg(args, 0)?.items()?.iter().try_for_each(|part| add(part, &mut flat))?;
    Cell::list(flat)
}

fn compact(cell: &Cell) -> Eval {
    let mut kept = Vec::new();
    for item in cell.items()? {
        match item {
            Cell::Null => {}
            Cell::String(text) if text.is_empty() => {}
            Cell::Unknown(_) => return Err(Stop::Unknown),
            item => kept.push(item.clone()),
        }
    }
    Cell::list(kept)
}

fn distinct(items: &[Cell]) -> Result<Vec<Cell>, Stop> {
    if items.len() > MAX_DISTINCT || !items.iter().all(Cell::known) {
        return Err(Stop::Unknown);
    }
    let mut kept: Vec<Cell> = Vec::new();
    for item in items {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

fn sorted(items: &[Cell]) -> Eval {
    let mut texts = items.iter().map(Cell::text).collect::<Result<Vec<Arc<str>>, _>>()?;
    texts.sort();
    Cell::list(texts.into_iter().map(Cell::String).collect())
}

/// Terraform sorts sets of strings; the order of other sets means nothing.
fn to_set(items: &[Cell]) -> Eval {
    let kept = distinct(&unify(items)?)?;
    if kept.iter().all(|item| matches!(item, Cell::String(_))) { sorted(&kept) } else { Cell::list(kept) }
}

/// Items of one type: text where they are of several simple ones.
fn unify(items: &[Cell]) -> Result<Vec<Cell>, Stop> {
    let first = items.first().map(std::mem::discriminant);
    if items.iter().all(|item| Some(std::mem::discriminant(item)) == first) {
        return Ok(items.to_vec());
    }
    items.iter().map(|item| if *item == Cell::Null { Ok(Cell::Null) } else { item.text().map(Cell::String) }).collect()
}

fn contains(args: &[Cell]) -> Eval {
    let (items, wanted) = (arg(args, 0)?.items()?, arg(args, 1)?);
    if !wanted.known() {
        return Err(Stop::Unknown);
    }
    match items.contains(wanted) {
        true => Ok(Cell::Bool(true)),
        false if items.iter().all(Cell::known) => Ok(Cell::Bool(false)),
        false => Err(Stop::Unknown),
    }
}

fn coalesce(args: &[Cell]) -> Eval {
    for cell in args {
        match cell {
            Cell::Null => {}
            Cell::String(text) if text.is_empty() => {}
            Cell::Unknown(_) => return Err(Stop::Unknown),
            cell => return Ok(cell.clone()),
        }
    }
    Err(Stop::Fault)
}

fn coalesce_list(args: &[Cell]) -> Eval {
    for cell in args {
        if !cell.items()?.is_empty() {
            return Ok(cell.clone());
        }
    }
    Err(Stop::Fault)
}

fn zipmap(args: &[Cell]) -> Eval {
    let (keys, values) = (arg(args, 0)?.items()?, arg(args, 1)?.items()?);
    if keys.len() != values.len() {
        return Err(Stop::Fault);
    }
    let pairs = keys.iter().zip(values).map(|(key, value)| Ok((key.text()?, value.clone())));
    Cell::map(pairs.collect::<Result<_, Stop>>()?)
}

fn booleans(args: &[Cell]) -> Result<Vec<bool>, Stop> {
    arg(args, 0)?.items()?.iter().map(Cell::boolean).collect()
}
