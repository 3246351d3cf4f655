//! Weighing: which facts of one condition only led to the one that matters.

use std::borrow::Cow;

use super::elements::Elements;
use super::keys::{is_discriminator, is_parameter, says_which};
use super::{HashMap, HashSet};
use crate::document::Path;
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, Part};

/// Lists that may lack something for one condition.
const LISTS: usize = 16;

/// `facts` without those that others of the same condition make needless.
pub(super) fn weigh<'a>(root: &Value, facts: &'a [Fact], elements: &Elements<'_>) -> Cow<'a, [Fact]> {
    let parameter = |fact: &Fact| is_parameter(root, &fact.path);
    let plain = |fact: &Fact| {
        !matches!(fact.part, Part::Sifted | Part::List | Part::Counted)
            && !fact.lacks
            && fact.via + fact.outer == 0
            && !parameter(fact)
    };
    if facts.iter().all(plain) {
        return Cow::Borrowed(facts);
    }
    let facts: Vec<Fact> = facts.iter().filter(|fact| !parameter(fact)).cloned().collect();
    let stood = facts.iter().filter(|fact| fact.kind == FactKind::Iterated && !fact.gathered && !fact.inner);
    let stood = Elements::new(stood.map(|fact| &fact.path));
    let mut kept = Vec::with_capacity(facts.len());
    for own in facts.chunk_by(|one, other| one.guard == other.guard) {
        if own.iter().any(|fact| fact.part == Part::Sifted) {
            kept.extend(sifted(own, elements));
        } else if let Some(list) = own.iter().find(|fact| fact.part == Part::List) {
            kept.extend(counted(own, &list.path, &stood));
        } else {
            kept.extend_from_slice(own);
        }
    }
    step_back(&mut kept, elements);
    sought(&mut kept, elements);
    Cow::Owned(kept)
}

/// Where there are too many of something: where the rule stands at one of them, it is what that one
/// has in common with others, and else the list.
fn counted(own: &[Fact], list: &Path, stood: &Elements<'_>) -> Vec<Fact> {
    let stands = |fact: &Fact| stood.depth(&fact.path).is_some_and(|depth| depth > list.0.len());
    let one = own.iter().any(|fact| fact.part == Part::Counted && stands(fact));
    let keep = |fact: &&Fact| match fact.part {
        Part::List => !one,
        Part::Counted => one && stands(fact),
        _ => true,
    };
    own.iter().filter(keep).cloned().collect()
}

/// Where nothing came into a collection: what each item was compared with, what the only item has,
/// or that the list has no other item.
fn sifted(own: &[Fact], elements: &Elements<'_>) -> Vec<Fact> {
    let sifted = |fact: &Fact| fact.part == Part::Sifted && !is_discriminator(&fact.path);
    let lists: Vec<&Path> = own.iter().filter(|fact| is_list(fact)).map(|fact| &fact.path).take(LISTS).collect();
    let item = |fact: &Fact| {
        let list = lists.iter().find(|list| fact.path.is_below(list))?;
        // What the rule itself stands at is what the items were compared with.
        let own = elements.depth(&fact.path).is_some_and(|depth| depth > list.0.len());
        (!own).then(|| fact.path.prefix(list.0.len() + 1))
    };
    // What was looked for is known where it has been read for that.
    let direct = |fact: &Fact| asks(fact) && fact.failed && fact.part != Part::Sifted && !fact.lacks;
    let sought = own.iter().any(|fact| direct(fact) && item(fact).is_none());
    let outside = !sought && own.iter().any(|fact| sifted(fact) && item(fact).is_none());
    let mut items = own.iter().filter(|fact| fact.part == Part::Sifted).filter_map(item);
    let first = items.next();
    let single = first.is_some() && items.all(|item| Some(item) == first);
    let names = own.iter().any(|fact| fact.part == Part::Sifted && says_which(&fact.path));
    let only = !sought && single && !names;
    let keep = |fact: &&Fact| match (fact.part == Part::Sifted, outside, only) {
        (true, true, _) => sifted(fact) && item(fact).is_none(),
        (true, false, only) => only,
        (false, true, _) | (false, _, true) => !is_list(fact),
        _ => true,
    };
    own.iter().filter(keep).cloned().collect()
}

fn asks(fact: &Fact) -> bool {
    fact.kind == FactKind::Tested && !fact.exempt && !is_discriminator(&fact.path)
}

fn is_list(fact: &Fact) -> bool {
    fact.lacks && fact.found
}

/// Where it is known what was looked for, the list that lacks it is not the place.
fn sought(facts: &mut [Fact], elements: &Elements<'_>) {
    // Of an element it is the key that was looked for.
    let known = |fact: &&Fact| asks(fact) && fact.found && fact.failed && !fact.lacks && !elements.has(&fact.path);
    let guards: HashSet<usize> = facts.iter().filter(known).map(|fact| fact.guard).collect();
    for fact in facts.iter_mut().filter(|fact| fact.lacks && guards.contains(&fact.guard)) {
        (fact.kind, fact.lacks) = (FactKind::Bound, false);
    }
}

/// What only led to a value steps back behind the value.
fn step_back(facts: &mut [Fact], elements: &Elements<'_>) {
    let mut by_test: HashMap<(usize, u32), HashSet<(u8, Option<usize>)>> = HashMap::default();
    let mut by_guard: HashMap<usize, HashSet<(u8, Option<usize>)>> = HashMap::default();
    for fact in facts.iter().filter(|fact| asks(fact)) {
        let depth = elements.depth(&fact.path);
        by_test.entry((fact.guard, fact.test)).or_default().insert((fact.via, depth));
        by_guard.entry(fact.guard).or_default().insert((fact.outer, depth));
    }
    for fact in facts.iter_mut().filter(|fact| fact.kind == FactKind::Tested && fact.via + fact.outer > 0) {
        let own = elements.depth(&fact.path);
        let nearer = |known: Option<&HashSet<(u8, Option<usize>)>>, steps: u8| {
            known.into_iter().flatten().any(|(other, depth)| *other < steps && *depth >= own)
        };
        let before =
            nearer(by_test.get(&(fact.guard, fact.test)), fact.via) || nearer(by_guard.get(&fact.guard), fact.outer);
        if before {
            (fact.kind, fact.lacks) = (FactKind::Bound, false);
        }
    }
}
