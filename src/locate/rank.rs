//! Ranking: which of the facts behind a finding is the fault.

use std::cmp::Reverse;

use super::fold::fold;
use super::keys::{
    deletes, is_action, is_before, is_discriminator, is_identity, is_kind, is_name, is_way_out, says_which,
};
use super::said::{CLEARLY, Said};
use super::weigh::weigh;
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, TracedFinding};

/// What kind of reason a candidate rests on, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wants {
    /// Nothing but what the document is.
    Whole,
    /// Only an element that was gone through.
    Element,
    /// A value that only says which rules apply.
    Discriminator,
    /// A value that was read to find an exemption.
    Exemption,
    /// A value that says which one it is.
    Name,
    /// A value that was tested, or something missing.
    Condition,
}

/// A place that may be the fault.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub path: Path,
    pub missing: Option<Step>,
    pub wants: Wants,
    /// Whether taking it away should take the finding away.
    pub removable: bool,
    pub lacks: bool,
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
    if found.first().is_none_or(|best| best.wants < Wants::Exemption) {
        // A rule that only asks a function for its message has its conditions in there.
        let asked = finding.message_facts.iter().filter(|fact| fact.kind == FactKind::Tested);
        let within = ranked(root, finding, about, &finding.conditions.iter().chain(asked).cloned().collect::<Vec<_>>());
        if within.first().is_some_and(|best| best.wants >= Wants::Exemption) {
            found = within;
        }
    }
    gather(&mut found);
    exists(root, &mut found);
    found
}

fn ranked(root: &Value, finding: &TracedFinding, about: &str, facts: &[Fact]) -> Vec<Candidate> {
    let elements = elements(facts);
    let message: Vec<Path> = finding.message_facts.iter().map(|fact| element_of(&fact.path)).collect();
    let facts = weigh(root, facts, &elements);
    let facts = fold(root, &facts, &elements);
    let mut all: Vec<(Candidate, &Fact)> = Vec::with_capacity(facts.len());
    for fact in facts.iter() {
        let beside = || facts.iter().filter(|other| asked(other) && other.path != fact.path);
        // Where a name is compared with what is none, it is a reference.
        let reference = |other: &Fact| other.test == fact.test && !other.path.0.last().is_some_and(is_name);
        if let Some(mut candidate) = candidate(root, fact, &elements, &message, !beside().any(reference)) {
            let failed = |other: &Fact| other.guard == fact.guard && other.failed && other.found && !other.lacks;
            candidate.often = facts.iter().filter(|other| other.path == fact.path && failed(other)).count();
            let before = facts.iter().take_while(|other| !std::ptr::eq(*other, fact));
            candidate.place = before.filter(|other| asked(other) && other.test == fact.test).count();
            candidate.another = beside().any(|other| failed(other) && !says_which(&other.path));
            all.push((candidate, fact));
        }
    }
    let said = Said::new(root, finding, about, &elements);
    listen(&said, &mut all);
    let mut found: Vec<Candidate> = Vec::with_capacity(all.len());
    for (candidate, _) in all {
        match found.iter_mut().find(|old| old.path == candidate.path && old.missing == candidate.missing) {
            Some(old) if key(old) < key(&candidate) => *old = candidate,
            Some(_) => {}
            None => found.push(candidate),
        }
    }
    overshadow(root, &mut found);
    found.sort_by_key(|candidate| Reverse(key(candidate)));
    found
}

fn is_object(root: &Value, path: &Path) -> bool {
    matches!(path.get(root), Some(Value::Object(_)))
}

fn asked(fact: &Fact) -> bool {
    fact.kind == FactKind::Tested && !fact.exempt
}

/// Takes into account what the message says, where there is a choice.
fn listen(said: &Said<'_>, all: &mut [(Candidate, &Fact)]) {
    let mut open =
        all.iter().filter(|(one, _)| one.wants >= Wants::Exemption).map(|(one, _)| (&one.path, &one.missing));
    let first = open.next();
    if first.is_some() && open.all(|other| Some(other) == first) {
        return;
    }
    let silent = all.iter().all(|(one, fact)| one.wants < Wants::Name || said.named(fact) == 0);
    for (candidate, fact) in all {
        candidate.named = if silent { said.about(fact) } else { said.named(fact) };
        candidate.told = said.told(fact);
        candidate.quoted = said.quoted(fact);
        if candidate.wants == Wants::Name && !fact.exempt && (candidate.named == CLEARLY || said.owner(fact)) {
            candidate.wants = Wants::Condition;
        }
        if candidate.named == 0 && fact.failed && fact.fallback && candidate.missing.is_some() {
            candidate.wants = candidate.wants.min(Wants::Name);
        }
    }
}

/// The elements that the rule's own body went through; those of what it asked where it went through none.
fn elements(facts: &[Fact]) -> Vec<&Path> {
    let all = facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Iterated && !fact.failed && fact.found && fact.via + fact.outer == 0);
    let own: Vec<&Path> = all.clone().filter(|fact| !fact.inner).map(|fact| &fact.path).collect();
    if own.is_empty() { all.map(|fact| &fact.path).collect() } else { own }
}

/// An object that was only looked for gives way to what was asked of what is in it.
fn overshadow(root: &Value, found: &mut [Candidate]) {
    let deeper: Vec<(Path, bool)> = found
        .iter()
        .filter(|one| one.wants == Wants::Condition)
        .map(|one| (one.path.clone(), one.missing.is_some()))
        .collect();
    for one in found.iter_mut().filter(|one| one.removable && is_object(root, &one.path)) {
        let own = one.path.0.as_slice();
        let below = |(path, missing): &(Path, bool)| {
            path.0.starts_with(own) && (path.0.len() > own.len() || *missing && path.0.len() == own.len())
        };
        if deeper.iter().any(below) {
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
    let common = alike.fold(best.path.clone(), |path, one| {
        let same = path.0.iter().zip(&one.path.0).take_while(|(left, right)| left == right).count();
        path.prefix(same)
    });
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
        candidate.told,
        missing,
        candidate.guard,
        (candidate.often, candidate.path.0.len() + usize::from(candidate.missing.is_some()), Reverse(candidate.place)),
    )
}

fn candidate(root: &Value, fact: &Fact, elements: &[&Path], message: &[Path], alone: bool) -> Option<Candidate> {
    let depth = fact.path.existing(root);
    let path = fact.path.prefix(depth);
    let missing = fact.path.0.get(depth).cloned();
    if path.0.is_empty() && missing.is_none() {
        return None;
    }
    let about_missing = missing.is_some() || fact.lacks;
    let names =
        alone && path.0.last().is_some_and(is_name) || (fact.gathered || !fact.failed) && is_key(root, &path, elements);
    let wants = if is_before(&path) || fact.exempt || is_way_out(&fact.path) {
        Wants::Exemption
    } else if fact.kind == FactKind::Tested || missing.is_some() && fact.kind != FactKind::Bound {
        if is_discriminator(&fact.path) && !about_missing && (!fact.failed || is_action(&path)) && !deletes(root, fact)
        {
            if path.0.len() == 1 || is_identity(root, &path) { Wants::Whole } else { Wants::Discriminator }
        } else if fact.gathered && !fact.failed && !about_missing && is_object(root, &path) {
            // That it has such a part is why it was looked at.
            Wants::Discriminator
        } else if is_identity(root, &path) && !fact.failed {
            Wants::Whole
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
    let element = elements.iter().filter(|one| fact.path.0.starts_with(&one.0)).map(|one| one.0.len()).max();
    let in_message = message.iter().any(|one| !one.0.is_empty() && fact.path.0.starts_with(&one.0));
    Some(Candidate {
        // Without a value that has a default the finding may well stay: that proves nothing.
        removable: !fact.failed && !fact.fallback && !about_missing && wants == Wants::Condition,
        path,
        missing,
        wants,
        lacks: fact.lacks,
        element: element.unwrap_or(0),
        in_message,
        fallback: fact.fallback,
        quoted: false,
        named: 0,
        told: 0,
        another: false,
        guard: fact.guard,
        often: 0,
        place: 0,
    })
}

/// Whether all that can have been asked of an element is its key.
fn is_key(root: &Value, path: &Path, elements: &[&Path]) -> bool {
    matches!(path.0.last(), Some(Step::Key(_)))
        && elements.contains(&path)
        && matches!(path.get(root), Some(Value::Object(_) | Value::Array(_)))
}

/// The innermost array element that a path goes through.
fn element_of(path: &Path) -> Path {
    let last = path.0.iter().rposition(|step| matches!(step, Step::Index(_)));
    path.prefix(last.map_or(0, |at| at + 1))
}
