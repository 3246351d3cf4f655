//! Ranking: which of the facts behind a finding is the fault.

use std::cmp::Reverse;

use super::fold::fold;
use super::words::Message;
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, TracedFinding};

/// Keys that say what a thing is, and so which rules are for it.
const DISCRIMINATORS: [&str; 10] =
    ["kind", "apiVersion", "type", "_type", "Cmd", "operation", "mode", "provider", "group", "resource"];

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
    /// Whether the message names its key.
    named: bool,
    guard: usize,
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

/// Whether `path` leads to what only says what a thing is, or what a Terraform plan does with it.
#[must_use]
pub fn is_discriminator(path: &Path) -> bool {
    let steps = match path.0.as_slice() {
        [steps @ .., Step::Index(_)] => steps,
        steps => steps,
    };
    match steps {
        [.., Step::Key(change), Step::Key(actions)] if &**change == "change" && &**actions == "actions" => true,
        [.., Step::Key(key)] => steps.len() == path.0.len() && DISCRIMINATORS.contains(&&**key),
        _ => false,
    }
}

/// All candidates, the best first.
pub(super) fn candidates(root: &Value, finding: &TracedFinding) -> Vec<Candidate> {
    let elements: Vec<&Path> = finding
        .conditions
        .iter()
        .filter(|fact| fact.kind == FactKind::Iterated && !fact.failed && fact.found)
        .map(|fact| &fact.path)
        .collect();
    let message: Vec<Path> = finding.message_facts.iter().map(|fact| element_of(&fact.path)).collect();
    let said = Message::of(&finding.value);
    let quoted: Vec<&Path> = finding.message_facts.iter().filter(|fact| fact.found).map(|fact| &fact.path).collect();
    let mut found: Vec<Candidate> = Vec::new();
    for fact in fold(&finding.conditions).iter() {
        if let Some(mut candidate) = candidate(root, fact, &elements, &message) {
            candidate.named = said.names(naming(root, &fact.path));
            candidate.quoted = fact.failed && quoted.contains(&&fact.path);
            match found.iter_mut().find(|old| old.path == candidate.path && old.missing == candidate.missing) {
                Some(old) if key(old) < key(&candidate) => *old = candidate,
                Some(_) => {}
                None => found.push(candidate),
            }
        }
    }
    found.sort_by_key(|candidate| Reverse(key(candidate)));
    gather(&mut found);
    found
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
fn key(candidate: &Candidate) -> (Wants, bool, usize, bool, bool, bool, bool, usize, usize) {
    let missing = candidate.missing.is_some() || candidate.lacks;
    let whole = candidate.path.0.is_empty();
    (
        candidate.wants,
        candidate.quoted,
        candidate.element,
        candidate.in_message,
        !whole,
        candidate.named,
        missing,
        candidate.guard,
        candidate.path.0.len() + usize::from(candidate.missing.is_some()),
    )
}

fn candidate(root: &Value, fact: &Fact, elements: &[&Path], message: &[Path]) -> Option<Candidate> {
    if is_parameter(root, &fact.path) {
        return None;
    }
    let depth = fact.path.existing(root);
    let path = fact.path.prefix(depth);
    let missing = fact.path.0.get(depth).cloned();
    if path.0.is_empty() && missing.is_none() {
        return None;
    }
    let about_missing = missing.is_some() || fact.lacks;
    let wants = if fact.exempt {
        Wants::Exemption
    } else if fact.kind == FactKind::Tested || missing.is_some() && fact.kind != FactKind::Bound {
        if is_discriminator(&fact.path) && !about_missing && !fact.failed {
            if path.0.len() == 1 || is_identity(root, &path) { Wants::Whole } else { Wants::Discriminator }
        } else if is_identity(root, &path) && !fact.failed {
            Wants::Whole
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
        quoted: false,
        named: false,
        guard: fact.guard,
    })
}

/// The step that names what is at `path`: for a plain item, its list's.
fn naming<'a>(root: &Value, path: &'a Path) -> Option<&'a Step> {
    match path.0.as_slice() {
        [.., list, Step::Index(_)] if !matches!(path.get(root), Some(Value::Object(_) | Value::Array(_))) => Some(list),
        steps => steps.last(),
    }
}

/// A Gatekeeper constraint's parameters are never the place.
fn is_parameter(root: &Value, path: &Path) -> bool {
    let first = |name: &str| matches!(path.0.first(), Some(Step::Key(key)) if &**key == name);
    first("parameters") && Step::from("review").get(root).is_some()
}

/// The resource's own kind or version, below Gatekeeper's wrapping too; and in a
/// list of documents what says which one it is.
fn is_identity(root: &Value, path: &Path) -> bool {
    if let [Step::Index(_), Step::Key(key)] = path.0.as_slice()
        && matches!(&**key, "path" | "kind")
        && path.prefix(1).child("contents").get(root).is_some()
    {
        return true;
    }
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Index(_) => None,
        })
        .collect();
    matches!(
        keys.as_slice(),
        ["kind" | "apiVersion"]
            | ["review", "kind" | "operation"]
            | ["review", "kind", _]
            | ["review", "object", "kind" | "apiVersion"]
    )
}

/// The innermost array element that a path goes through.
fn element_of(path: &Path) -> Path {
    let last = path.0.iter().rposition(|step| matches!(step, Step::Index(_)));
    path.prefix(last.map_or(0, |at| at + 1))
}
