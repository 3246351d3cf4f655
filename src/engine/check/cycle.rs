//! Rules that need their own value.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::Expr;

use super::table::{Table, rule_ref};
use super::{Unit, prefix, rule_path, scopes, walk};
use crate::engine::error::{Code, PolicyError};

type Path = Vec<String>;

/// An error for each cycle, at the first rule of it that is met.
pub fn find(units: &[Unit<'_>], table: &Table<'_>) -> Vec<PolicyError> {
    let mut edges: BTreeMap<Path, BTreeSet<Path>> = BTreeMap::new();
    for unit in units {
        for rule in &unit.module.policy {
            let Some(from) = rule_path(unit, rule) else { continue };
            let to = edges.entry(from).or_default();
            let locals = scopes::locals(rule);
            walk::rule(rule, &mut |expr| {
                let name = match expr {
                    Expr::Call { fcn, .. } => prefix(fcn),
                    Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => prefix(expr),
                    _ => None,
                };
                let Some((name, _)) = name else { return };
                if name.first().is_some_and(|first| locals.contains(first)) || name == ["data"] {
                    return;
                }
                let whole = table.resolve(unit, &name);
                to.extend(whole.iter().flat_map(|path| table.touched(path).cloned()));
            });
        }
    }
    let mut errors = Vec::new();
    let mut told: BTreeSet<Path> = BTreeSet::new();
    for unit in units {
        for rule in &unit.module.policy {
            let Some(path) = rule_path(unit, rule) else { continue };
            if told.contains(&path) {
                continue;
            }
            if let Some(cycle) = cycle(&edges, &path) {
                let names: Vec<String> = cycle.iter().map(|path| path.join(".")).collect();
                let message = format!("rule {} is recursive: {}", path.join("."), names.join(" -> "));
                errors.push(unit.error(rule_ref(rule).span(), Code::Recursion, message));
                told.extend(cycle);
            }
        }
    }
    errors
}

/// The shortest way from `start` back to itself, both ends included.
fn cycle(edges: &BTreeMap<Path, BTreeSet<Path>>, start: &Path) -> Option<Vec<Path>> {
    let mut from: BTreeMap<&Path, &Path> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in edges.get(at).into_iter().flatten() {
            if next == start {
                let mut back = vec![start.clone()];
                let mut step = at;
                while step != start {
                    back.push(step.clone());
                    step = from.get(step)?;
                }
                back.push(start.clone());
                back.reverse();
                return Some(back);
            }
            if !from.contains_key(next) {
                from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    None
}
