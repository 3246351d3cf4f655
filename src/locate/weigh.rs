//! Weighing: which facts of one condition only led to the one that matters.

use super::keys::is_discriminator;
use super::keys::{is_name, is_parameter};
use crate::document::Path;
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind};

/// `facts` without those that others of the same condition make needless.
pub(super) fn weigh(root: &Value, facts: &[Fact], elements: &[&Path]) -> Vec<Fact> {
    let facts: Vec<Fact> = facts.iter().filter(|fact| !is_parameter(root, &fact.path)).cloned().collect();
    let mut kept = sifted(&facts, elements);
    step_back(&mut kept, elements);
    sought(&mut kept, elements);
    kept
}

/// Where nothing came into a collection: what each item was compared with, what the only item has,
/// or that the list has no other item.
fn sifted(facts: &[Fact], elements: &[&Path]) -> Vec<Fact> {
    let mut kept = Vec::with_capacity(facts.len());
    let mut rest = facts;
    while let Some(first) = rest.first() {
        let guard = first.guard;
        let (own, others) = rest.split_at(rest.iter().take_while(|fact| fact.guard == guard).count());
        rest = others;
        if !own.iter().any(|fact| fact.sifted) {
            kept.extend_from_slice(own);
            continue;
        }
        let sifted = |fact: &Fact| fact.sifted && !is_discriminator(&fact.path);
        let lists: Vec<&Path> = own.iter().filter(|fact| is_list(fact)).map(|fact| &fact.path).collect();
        let item = |fact: &Fact| {
            let list = lists.iter().find(|list| below(list, &fact.path))?;
            // What the rule itself stands at is what the items were compared with.
            let own = elements.iter().any(|one| below(list, one) && fact.path.0.starts_with(&one.0));
            (!own).then(|| fact.path.prefix(list.0.len() + 1))
        };
        // What was looked for is known where it has been read for that.
        let sought =
            own.iter().any(|fact| asks(fact) && fact.failed && !fact.sifted && !fact.lacks && item(fact).is_none());
        let outside = !sought && own.iter().any(|fact| sifted(fact) && item(fact).is_none());
        let mut items: Vec<Path> = own.iter().filter(|fact| fact.sifted).filter_map(item).collect();
        items.dedup();
        let names = own.iter().any(|fact| fact.sifted && tells_which(&fact.path));
        let only = !sought && items.len() == 1 && !names;
        for fact in own {
            let keep = match (fact.sifted, outside, only) {
                (true, true, _) => sifted(fact) && item(fact).is_none(),
                (true, false, only) => only,
                (false, true, _) | (false, _, true) => !is_list(fact),
                _ => true,
            };
            if keep {
                kept.push(fact.clone());
            }
        }
    }
    kept
}

fn asks(fact: &Fact) -> bool {
    fact.kind == FactKind::Tested && !fact.exempt && !is_discriminator(&fact.path)
}

fn is_list(fact: &Fact) -> bool {
    fact.lacks && fact.found
}

fn below(list: &Path, path: &Path) -> bool {
    path.0.len() > list.0.len() && path.0.starts_with(&list.0)
}

fn tells_which(path: &Path) -> bool {
    is_discriminator(path) || path.0.last().is_some_and(is_name)
}

/// Where it is known what was looked for, the list that lacks it is not the place.
fn sought(facts: &mut [Fact], elements: &[&Path]) {
    // Of an element it is the key that was looked for.
    let known =
        |fact: &&Fact| asks(fact) && fact.found && fact.failed && !fact.lacks && !elements.contains(&&fact.path);
    let guards: Vec<usize> = facts.iter().filter(known).map(|fact| fact.guard).collect();
    for fact in facts.iter_mut().filter(|fact| fact.lacks && guards.contains(&fact.guard)) {
        (fact.kind, fact.lacks) = (FactKind::Bound, false);
    }
}

/// What only led to a value steps back behind the value.
fn step_back(facts: &mut [Fact], elements: &[&Path]) {
    let depth =
        |fact: &Fact| elements.iter().filter(|one| fact.path.0.starts_with(&one.0)).map(|one| one.0.len()).max();
    let direct: Vec<(usize, u32, (u8, u8), Option<usize>)> = facts
        .iter()
        .filter(|fact| asks(fact))
        .map(|fact| (fact.guard, fact.test, (fact.outer, fact.via), depth(fact)))
        .collect();
    for fact in facts.iter_mut().filter(|fact| fact.kind == FactKind::Tested && fact.via + fact.outer > 0) {
        let own = depth(fact);
        let before = |(guard, test, (outer, via), depth): &(usize, u32, (u8, u8), Option<usize>)| {
            let nearer = *test == fact.test && *via < fact.via || *outer < fact.outer;
            *guard == fact.guard && nearer && *depth >= own
        };
        if direct.iter().any(before) {
            (fact.kind, fact.lacks) = (FactKind::Bound, false);
        }
    }
}
