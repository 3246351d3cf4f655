//! Ranking: which of the facts behind a finding is the fault.

use std::cmp::Reverse;

use super::beside::{Beside, asked};
use super::elements::Elements;
use super::fold::fold;
use super::keys::{
    deletes, is_action, is_before, is_discriminator, is_identity, is_kind, is_map, is_mode, is_name, is_verdict,
    is_version, is_way_out, says_which,
};
use super::said::{CLEARLY, Said};
use super::weigh::weigh;
use super::{HashMap, HashSet, has_parts};
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, Part, TracedFinding};

/// So few candidates are compared each with each.
const FEW: usize = 16;

/// What kind of reason a candidate rests on, the worst first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wants {
    /// Nothing but what the document is.
    #[default]
    Whole,
    /// Only an element that was gone through.
    Element,
    /// An element whose key was asked for.
    Key,
    /// A value that only says which rules apply.
    Discriminator,
    /// A value that was read to find an exemption.
    Exemption,
    /// A value that says which one it is.
    Name,
    /// Something that has parts, and of which only was asked that it is there.
    Presence,
    /// A value that was tested, or something missing.
    Condition,
}

/// A place that may be the fault.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidate {
    pub path: Path,
    pub missing: Option<Step>,
    pub wants: Wants,
    /// Whether it passed a test.
    passed: bool,
    pub lacks: bool,
    /// The test that asked for it.
    pub test: u32,
    /// Whether the rule's own body asked for it.
    pub own: bool,
    /// Whether a test of it failed.
    failed: bool,
    /// How much of the innermost element it shares.
    element: usize,
    in_message: bool,
    /// Whether the message tells the value, which failed a test.
    quoted: bool,
    /// Whether a default stood in for what is missing.
    fallback: bool,
    /// How clearly the message names its key.
    named: u8,
    /// Whether the same condition failed for something that is there.
    another: bool,
    /// Whether it failed a test, or is less or more than it may be: what is a certain text may only be why it
    /// was looked at.
    broken: u8,
    /// Whether it was compared with another part of the document.
    compared: bool,
    /// How clearly the message tells the value: of its own, or because it repeats it.
    told: u8,
    guard: usize,
    /// For how many items of a search it failed.
    often: usize,
    /// Its place among what one test compared: what is too large comes before its limit.
    place: usize,
}

impl Candidate {
    pub fn label(&self) -> String {
        match &self.missing {
            Some(Step::Key(key)) => format!("`{key}` is missing here"),
            Some(Step::Index(index)) => format!("element {index} is missing here"),
            None if self.lacks => "something is missing in here".to_owned(),
            None => String::new(),
        }
    }
}

/// All candidates, the best first.
pub(super) fn candidates(root: &Value, finding: &TracedFinding, about: &str) -> Vec<Candidate> {
    let mut found = ranked(root, finding, about, &finding.conditions);
    if found.first().is_none_or(|best| best.wants < Wants::Name && best.wants != Wants::Discriminator) {
        // A rule that only asks a function for its message has its conditions in there.
        let asked = finding.message_facts.iter().filter(|fact| fact.kind == FactKind::Tested);
        let within = ranked(root, finding, about, &finding.conditions.iter().chain(asked).cloned().collect::<Vec<_>>());
        if within.first().is_some_and(|best| best.wants >= Wants::Name) {
            found = within;
        }
    }
    gather(&mut found);
    exists(root, &mut found);
    if let Some(best) = found.first() {
        let path =
            whole_map(root, best).or_else(|| forbidden(root, finding, &found)).filter(|path| path.get(root).is_some());
        if let (Some(path), Some(best)) = (path, found.first_mut()) {
            best.path = path;
        }
    }
    found
}

fn in_map(path: &Path) -> bool {
    matches!(path.0.as_slice(), [.., Step::Key(map), Step::Key(_)] if is_map(map))
}

/// Where an entry of labels does not fit a selector, or the other way round, and the message does not
/// say which entry, all of them together do not.
fn whole_map(root: &Value, best: &Candidate) -> Option<Path> {
    let element = best.element == best.path.0.len();
    let entry = best.failed && best.missing.is_none() && best.named < CLEARLY && !element;
    match best.path.0.as_slice() {
        [above @ .., Step::Key(map), Step::Key(_)] if entry && is_map(map) => {
            let path = Path([above, &[Step::Key(map.clone())]].concat());
            is_object(root, &path).then_some(path)
        }
        _ => None,
    }
}

/// Where nothing is asked of the innermost element, and what failed stands in one that it lies in,
/// that was only asked for an exemption: the element should not be there.
fn forbidden(root: &Value, finding: &TracedFinding, found: &[Candidate]) -> Option<Path> {
    let best = found.first().filter(|best| best.failed && best.missing.is_none() && best.element > 0)?;
    let outer = best.path.prefix(best.element);
    let inner = |path: &Path| path.is_below(&outer) && is_object(root, path);
    let gone = finding.conditions.iter().filter(|fact| fact.kind == FactKind::Iterated && fact.found && !fact.failed);
    let element = gone.rev().find(|fact| !fact.inner && !fact.gathered && inner(&fact.path)).map(|fact| &fact.path)?;
    let told = finding.message_facts.iter().any(|fact| fact.path.0.starts_with(&element.0));
    let asked = found.iter().any(|one| one.wants > Wants::Element && one.path.0.starts_with(&element.0));
    (told && !asked).then(|| element.clone())
}

fn ranked(root: &Value, finding: &TracedFinding, about: &str, facts: &[Fact]) -> Vec<Candidate> {
    let elements = Elements::of(facts);
    let message: Vec<Path> = finding.message_facts.iter().map(|fact| element_of(&fact.path)).collect();
    let message = Elements::new(message.iter().filter(|path| !path.0.is_empty()));
    let facts = weigh(root, facts, &elements);
    let facts = fold(root, &facts, &elements);
    let beside = Beside::of(root, &facts);
    let direct = facts.iter().filter(|fact| asked(fact) && !fact.failed && !fact.gathered && !says_which(&fact.path));
    let last = direct.map(|fact| fact.guard).max().unwrap_or(0);
    let mut places: HashMap<u32, usize> = HashMap::default();
    let mut all: Vec<(Candidate, &Fact)> = Vec::with_capacity(facts.len());
    for fact in facts.iter() {
        if let Some(mut candidate) = candidate(root, fact, &elements, !beside.refers(fact)) {
            candidate.in_message = message.depth(&fact.path).is_some();
            candidate.broken = broken(root, fact, last);
            candidate.often = beside.often(fact);
            candidate.compared = fact.found && !fact.failed && beside.compared(fact);
            if candidate.wants == Wants::Condition && !fact.failed && beside.joins(fact) {
                candidate.wants = Wants::Name;
            }
            candidate.another = beside.another(fact);
            candidate.place = places.get(&fact.test).copied().unwrap_or_default();
            all.push((candidate, fact));
        }
        if asked(fact) {
            *places.entry(fact.test).or_default() += 1;
        }
    }
    speak_up(&mut all);
    let said = Said::new(root, finding, about, &elements);
    listen(&said, &mut all);
    let mut known: HashMap<(Path, Option<Step>), usize> = HashMap::default();
    let few = all.len() <= FEW;
    let mut found: Vec<Candidate> = Vec::with_capacity(all.len());
    for (candidate, _) in all {
        let at = if few {
            let same = |old: &Candidate| old.path == candidate.path && old.missing == candidate.missing;
            found.iter().position(same).unwrap_or(found.len())
        } else {
            *known.entry((candidate.path.clone(), candidate.missing.clone())).or_insert(found.len())
        };
        match found.get_mut(at) {
            Some(old) if key(old) < key(&candidate) => *old = candidate,
            Some(_) => {}
            None => found.push(candidate),
        }
    }
    overshadow(root, &mut found);
    found.sort_by_key(|candidate| Reverse(key(candidate)));
    found
}

/// How surely what was asked of it tells that something is wrong: what is a certain text may only be why it is
/// looked at, and so may what failed before something else held.
fn broken(root: &Value, fact: &Fact, last: usize) -> u8 {
    let present = || fact.part == Part::Present && fact.path.get(root) == Some(&Value::Bool(true));
    match fact.part {
        _ if fact.gathered => 0,
        Part::Beyond if !fact.failed => 2 - u8::from(fact.inner),
        _ if !fact.failed => u8::from(present() || fact.path.0.last().is_some_and(is_verdict)),
        _ if fact.guard < last => 0,
        Part::Pattern | Part::Form => 1,
        _ => 2,
    }
}

fn is_object(root: &Value, path: &Path) -> bool {
    matches!(path.get(root), Some(Value::Object(_)))
}

/// Where all else was only asked to find what the rule goes through, a name that it asks for itself is no name.
fn speak_up(all: &mut [(Candidate, &Fact)]) {
    let own = |(one, fact): &(Candidate, &Fact)| one.wants == Wants::Condition && !fact.gathered;
    if all.iter().any(own) {
        return;
    }
    for (candidate, fact) in all.iter_mut().filter(|(one, fact)| one.wants == Wants::Name && !fact.gathered) {
        if !fact.failed {
            candidate.wants = Wants::Condition;
        }
    }
}

/// Takes into account what the message says, where there is a choice.
fn listen(said: &Said<'_>, all: &mut [(Candidate, &Fact)]) {
    let open = all.iter().filter(|(one, _)| one.wants >= Wants::Exemption);
    let mut open = open.map(|(one, _)| (&one.path, &one.missing));
    let first = open.next();
    // Of an entry of labels it matters, too, whether the message names it.
    if first.is_some_and(|(path, _)| !in_map(path)) && open.all(|other| Some(other) == first) {
        return;
    }
    let asks = |one: &Candidate| matches!(one.wants, Wants::Name | Wants::Condition) && !said.stands_at(&one.path);
    let other = all.iter().any(|(one, _)| asks(one));
    for (candidate, fact) in all.iter_mut() {
        candidate.named = said.named(fact);
    }
    let silent = all.iter().all(|(one, _)| one.wants < Wants::Name || one.named == 0);
    for (candidate, fact) in all {
        if silent {
            candidate.named = said.about(fact);
        }
        candidate.told = said.told(fact);
        candidate.quoted = said.quoted(fact);
        let named = candidate.named == CLEARLY || said.owner(fact) || fact.failed && fact.part == Part::Form;
        let meant = candidate.wants == Wants::Name && !fact.exempt && named;
        let there = candidate.wants == Wants::Presence && candidate.named == CLEARLY && !other;
        if meant
            || there
            || candidate.wants == Wants::Discriminator && candidate.named == CLEARLY && is_mode(&candidate.path)
        {
            candidate.wants = Wants::Condition;
        }
        // Who says which version it is means the version, and not only what the rule is for.
        if candidate.wants == Wants::Whole && is_version(&candidate.path) && candidate.told > 0 {
            candidate.wants = Wants::Name;
        }
        if candidate.named == 0 && fact.failed && fact.fallback && candidate.missing.is_some() {
            candidate.wants = candidate.wants.min(Wants::Name);
        }
    }
}

/// An object that was only looked for gives way to what was asked of what is in it.
fn overshadow(root: &Value, found: &mut [Candidate]) {
    let conditions = found.iter().filter(|one| one.wants == Wants::Condition);
    let mut above: HashSet<Path> = HashSet::default();
    for one in conditions {
        let deepest = one.path.0.len() + usize::from(one.missing.is_some());
        above.extend((0..deepest).map(|steps| one.path.prefix(steps)));
    }
    for one in found.iter_mut().filter(|one| one.passed && is_object(root, &one.path)) {
        if above.contains(&one.path) {
            one.wants = Wants::Element;
        }
    }
}

/// Where nothing is asked of a planned resource but what it is, that it is there is the fault.
fn exists(root: &Value, found: &mut [Candidate]) {
    let Some(best) = found.first_mut().filter(|best| best.wants == Wants::Discriminator) else { return };
    let planned = |path: &Path| ["address", "type"].iter().all(|key| path.child(*key).get(root).is_some());
    let above = (1..best.path.0.len()).rev().map(|length| best.path.prefix(length));
    if let Some(resource) = above.filter(|path| matches!(path.0.last(), Some(Step::Index(_)))).find(planned) {
        best.path = resource;
    }
}

/// When several lists of one depth lack something, what holds them all is the place.
fn gather(found: &mut [Candidate]) {
    let Some(best) = found.first() else { return };
    if !best.lacks || best.missing.is_some() {
        return;
    }
    let (guard, depth) = (best.guard, best.path.0.len());
    let alike = found.iter().filter(|one| one.lacks && one.guard == guard && one.path.0.len() == depth);
    let common = best.path.prefix(alike.map(|one| best.path.shared(&one.path)).min().unwrap_or(depth));
    if let Some(best) = found.first_mut() {
        best.path = common;
    }
}

/// What decides between candidates, in this order.
fn key(candidate: &Candidate) -> impl Ord + use<> {
    // What has a default may well be missing, unless the message says otherwise; and so may what
    // would only have been another way out.
    let excused = (candidate.fallback || candidate.another) && candidate.named == 0;
    let missing = candidate.missing.is_some() && !excused || candidate.lacks;
    let whole = candidate.path.0.is_empty();
    let within = candidate.lacks && candidate.element > 0;
    (
        candidate.wants,
        !whole,
        candidate.quoted || candidate.named == CLEARLY && (candidate.missing.is_some() || within),
        candidate.element,
        candidate.in_message,
        candidate.named,
        candidate.broken,
        candidate.compared,
        candidate.told,
        missing,
        candidate.guard,
        (candidate.often, candidate.path.0.len() + usize::from(candidate.missing.is_some()), Reverse(candidate.place)),
    )
}

fn candidate(root: &Value, fact: &Fact, elements: &Elements<'_>, alone: bool) -> Option<Candidate> {
    let depth = fact.path.existing(root);
    let path = fact.path.prefix(depth);
    let missing = fact.path.0.get(depth).cloned();
    if path.0.is_empty() && missing.is_none() {
        return None;
    }
    let about_missing = missing.is_some() || fact.lacks;
    let as_key = is_key(root, &path, elements);
    let names = alone && path.0.last().is_some_and(is_name) || (fact.gathered || alone) && fact.failed && as_key;
    let wants = if is_before(&path) || fact.exempt || is_way_out(&fact.path) {
        Wants::Exemption
    } else if fact.kind == FactKind::Tested || missing.is_some() && fact.kind != FactKind::Bound {
        if is_discriminator(&fact.path) && !about_missing && (!fact.failed || is_action(&path)) && !deletes(root, fact)
        {
            if path.0.len() == 1 || is_identity(root, &path) { Wants::Whole } else { Wants::Discriminator }
        } else if fact.gathered && fact.part == Part::Present && !about_missing {
            // That it has such a part is why it was looked at.
            Wants::Discriminator
        } else if is_identity(root, &path) && !fact.failed {
            Wants::Whole
        } else if as_key && !fact.failed && !about_missing {
            Wants::Key
        } else if !about_missing && !fact.failed && fact.part == Part::Present && has_parts(root, &path) {
            Wants::Presence
        } else if !about_missing && (names || is_kind(&path)) {
            // It only says which ones are meant, or not meant, while anything else is asked.
            Wants::Name
        } else {
            Wants::Condition
        }
    } else if fact.lacks {
        Wants::Condition
    } else {
        Wants::Element
    };
    Some(Candidate {
        passed: !fact.failed && !fact.fallback && !about_missing && wants == Wants::Condition,
        path,
        missing,
        wants,
        lacks: fact.lacks,
        test: fact.test,
        own: !fact.inner && !fact.gathered,
        failed: fact.failed,
        element: elements.depth(&fact.path).unwrap_or(0),
        fallback: fact.fallback,
        guard: fact.guard,
        ..Candidate::default()
    })
}

/// Whether all that can have been asked of an element is its key.
fn is_key(root: &Value, path: &Path, elements: &Elements<'_>) -> bool {
    matches!(path.0.last(), Some(Step::Key(_))) && elements.has(path) && has_parts(root, path)
}

/// The innermost array element that a path goes through.
fn element_of(path: &Path) -> Path {
    let last = path.0.iter().rposition(|step| matches!(step, Step::Index(_)));
    path.prefix(last.map_or(0, |at| at + 1))
}
