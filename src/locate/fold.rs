//! Folding searches: where a `not` has gone through a list and found nothing,
//! no item of the list is the fault.
//!
//! Either something else was compared with the items, and that is it (`not
//! known(service.owner)`), or the list lacks an item.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::elements::Elements;
use super::has_parts;
use super::keys::is_name;
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind};

/// A place in each item of one list: the body's statement, the list, what is below the item.
type Within<'a> = (usize, &'a [Step], &'a [Step]);

/// `facts` with those that only tell of a fruitless search put together.
pub(super) fn fold<'a>(root: &Value, facts: &'a [Fact], elements: &Elements<'_>) -> Cow<'a, [Fact]> {
    let mut searches: BTreeMap<Within<'_>, BTreeSet<&Step>> = BTreeMap::new();
    // The searches in which an item was compared with another part of the document.
    let mut sought: BTreeSet<Within<'_>> = BTreeSet::new();
    let mut tests: BTreeMap<u32, (&Path, bool)> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| asks(fact)) {
        let (first, others) = tests.entry(fact.test).or_insert((&fact.path, false));
        *others |= **first != fact.path;
    }
    for fact in facts {
        let Some((within, item)) = searched(root, fact, elements) else { continue };
        searches.entry(within).or_default().insert(item);
        if tests.get(&fact.test).is_some_and(|(_, others)| *others) {
            sought.insert(within);
        }
    }
    // What came into a collection was found, whatever it was asked on the way.
    let came = facts.iter().filter(|fact| fact.kind == FactKind::Iterated && fact.found && !fact.failed);
    let came: BTreeSet<(usize, &[Step])> = came.map(|fact| (fact.guard, fact.path.0.as_slice())).collect();
    searches.retain(|(guard, list, _), items| {
        !items.iter().any(|item| came.contains(&(*guard, &*[list, std::slice::from_ref(*item)].concat())))
    });
    // Nor is the only one that there is, when it was asked whether it is the one.
    let only = |list: &[Step]| matches!(Path(list.to_vec()).get(root), Some(Value::Array(items)) if items.len() == 1);
    let name = |within: &Within<'_>| {
        let (_, list, below) = within;
        let other = sought.contains(within) || only(list);
        matches!(below, [key] if is_name(key)) && other && !elements.below(list)
    };
    searches.retain(|within, items| items.len() > 1 || name(within));
    if searches.is_empty() {
        return Cow::Borrowed(facts);
    }
    let folded = |fact: &Fact| searched(root, fact, elements).is_some_and(|(within, _)| searches.contains_key(&within));
    let compared: BTreeSet<usize> = facts
        .iter()
        .filter(|fact| asks(fact) && !folded(fact) && !elements.has(&fact.path))
        .map(|fact| fact.guard)
        .collect();
    let mut kept: Vec<Fact> = Vec::with_capacity(facts.len());
    let mut lacking: BTreeSet<(usize, &[Step])> = BTreeSet::new();
    for fact in facts {
        match searched(root, fact, elements).filter(|(within, _)| searches.contains_key(within)) {
            None => kept.push(fact.clone()),
            Some(_) if compared.contains(&fact.guard) => {}
            Some(((_, list, _), _)) => {
                if lacking.insert((fact.guard, list)) {
                    kept.push(Fact { path: Path(list.to_vec()), found: true, lacks: true, ..fact.clone() });
                }
            }
        }
    }
    Cow::Owned(kept)
}

fn asks(fact: &Fact) -> bool {
    fact.failed && !fact.lacks && fact.kind == FactKind::Tested
}

fn searched<'a>(root: &Value, fact: &'a Fact, elements: &Elements<'_>) -> Option<(Within<'a>, &'a Step)> {
    let steps = fact.path.0.as_slice();
    if !asks(fact) {
        return None;
    }
    // Of an entry with parts, only the key can have been asked.
    if let [map @ .., key @ Step::Key(_)] = steps
        && has_parts(root, &fact.path)
        && !elements.has(&fact.path)
    {
        return Some(((fact.guard, map, &[]), key));
    }
    let at = steps.iter().rposition(|step| matches!(step, Step::Index(_)))?;
    Some(((fact.guard, steps.get(..at)?, steps.get(at + 1..)?), steps.get(at)?))
}
