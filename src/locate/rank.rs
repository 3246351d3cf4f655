//! Ranking: which of the facts behind a finding is the fault.

use std::cmp::Reverse;

use super::fold::fold;
use super::weigh::weigh;
use super::words::Message;
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, TracedFinding};

/// Keys that say what a thing is, and so which rules are for it.
const DISCRIMINATORS: [&str; 10] =
    ["kind", "apiVersion", "type", "_type", "Cmd", "operation", "mode", "provider", "group", "resource"];

/// Keys that say which one a thing is.
const NAMES: [&str; 8] = ["name", "id", "key", "uid", "uuid", "arn", "address", "namespace"];

/// Whether a key says which one a thing is.
pub(super) fn is_name(step: &Step) -> bool {
    let Step::Key(key) = step else { return false };
    let plain = key.trim_start_matches(['@', '_', '#']);
    NAMES.contains(&&*plain.to_ascii_lowercase()) || ["ID", "Id", "_id", "-id"].iter().any(|end| plain.ends_with(end))
}

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
    let mut found = ranked(root, finding, &finding.conditions);
    if found.first().is_none_or(|best| best.wants < Wants::Exemption) {
        // A rule that only asks a function for its message has its conditions in there.
        let asked = finding.message_facts.iter().filter(|fact| fact.kind == FactKind::Tested);
        let within = ranked(root, finding, &finding.conditions.iter().chain(asked).cloned().collect::<Vec<_>>());
        if within.first().is_some_and(|best| best.wants >= Wants::Exemption) {
            found = within;
        }
    }
    gather(&mut found);
    exists(root, &mut found);
    found
}

fn ranked(root: &Value, finding: &TracedFinding, facts: &[Fact]) -> Vec<Candidate> {
    let elements = elements(facts);
    let message: Vec<Path> = finding.message_facts.iter().map(|fact| element_of(&fact.path)).collect();
    let quoted: Vec<&Path> = finding.message_facts.iter().filter(|fact| fact.found).map(|fact| &fact.path).collect();
    let said = Message::of(&finding.value, quoted.iter().filter_map(|path| path.get(root)));
    let mut found: Vec<Candidate> = Vec::new();
    let facts = weigh(facts, &elements);
    let facts = fold(root, &facts, &elements);
    for fact in facts.iter() {
        let asked = |other: &&Fact| other.kind == FactKind::Tested && !other.exempt && other.path != fact.path;
        // Where a name is compared with what is none, it is a reference.
        let beside = |other: &Fact| other.test == fact.test && !other.path.0.last().is_some_and(is_name);
        let alone = !facts.iter().filter(asked).any(beside);
        if let Some(mut candidate) = candidate(root, fact, &elements, &message, alone) {
            candidate.named = naming_of(root, fact, &elements, &said);
            let plain = !matches!(fact.path.get(root), Some(Value::Object(_) | Value::Array(_)));
            candidate.quoted = fact.failed && !fact.lacks && plain && quoted.contains(&&fact.path);
            let owner = path_within(&fact.path, &elements).split_last().is_some_and(|(_, above)| above.iter().any(|step| said.names(step)));
            if (candidate.named == CLEARLY || owner) && candidate.wants == Wants::Name && !fact.exempt {
                candidate.wants = Wants::Condition;
            }
            if candidate.named == 0 && fact.failed && fact.fallback && candidate.missing.is_some() {
                candidate.wants = candidate.wants.min(Wants::Name);
            }
            let failed = |other: &Fact| other.guard == fact.guard && other.failed && other.found && !other.lacks;
            candidate.another = facts.iter().filter(asked).any(|other| failed(other) && !says_which(&other.path));
            let value = fact.path.get(root).filter(|_| fact.found && !fact.failed);
            let read = quoted.contains(&&fact.path);
            let told = value.is_some_and(|value| said.tells(value));
            candidate.told = match (told && !read, read && value.is_some()) {
                _ if fact.gathered => 0,
                (true, _) => CLEARLY,
                _ if fact.found && fact.path.0.last().is_some_and(is_verdict) => CLEARLY,
                (false, true) => PARTLY,
                (false, false) => 0,
            };
            candidate.quoted |= fact.kind == FactKind::Tested && value.is_some_and(is_everything);
            match found.iter_mut().find(|old| old.path == candidate.path && old.missing == candidate.missing) {
                Some(old) if key(old) < key(&candidate) => *old = candidate,
                Some(_) => {}
                None => found.push(candidate),
            }
        }
    }
    overshadow(root, &mut found);
    found.sort_by_key(|candidate| Reverse(key(candidate)));
    found
}

/// How clearly a message names a key.
const CLEARLY: u8 = 2;
const PARTLY: u8 = 1;

fn naming_of(root: &Value, fact: &Fact, elements: &[&Path], said: &Message) -> u8 {
    let path = &fact.path;
    if elements.contains(&path) {
        return 0;
    }
    let last = naming(root, path);
    if last.is_some_and(|step| said.names(step)) {
        return CLEARLY;
    }
    let within = path_within(path, elements);
    let hinted = last.is_some_and(|step| said.hints(step)) || fact.found && within.iter().any(|step| said.names(step));
    if hinted { PARTLY } else { 0 }
}

/// The part of a path that is below the innermost element.
fn path_within<'a>(path: &'a Path, elements: &[&Path]) -> &'a [Step] {
    let above = elements.iter().filter(|one| path.0.starts_with(&one.0)).map(|one| one.0.len()).max();
    above.and_then(|above| path.0.get(above..)).unwrap_or_default()
}

/// Keys under which a report says how bad something is.
fn is_verdict(step: &Step) -> bool {
    let keys = ["severity", "level", "risk", "riskcode"];
    matches!(step, Step::Key(key) if keys.contains(&&*key.to_ascii_lowercase()))
}

/// Who asks for what stands for everything means that.
fn is_everything(value: &Value) -> bool {
    ["*", "0.0.0.0/0", "::/0"].iter().any(|all| *value == Value::from(*all))
}

/// The elements that the rule's own body went through; those of what it asked where it went through none.
fn elements(facts: &[Fact]) -> Vec<&Path> {
    let all = facts.iter().filter(|fact| {
        fact.kind == FactKind::Iterated && !fact.failed && fact.found && fact.via + fact.outer == 0
    });
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
    for one in found.iter_mut().filter(|one| one.removable && matches!(one.path.get(root), Some(Value::Object(_)))) {
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
fn key(candidate: &Candidate) -> (Wants, bool, usize, bool, bool, u8, u8, bool, usize, usize) {
    // What has a default may well be missing, unless the message says otherwise; and so may what
    // would only have been another way out.
    let excused = (candidate.fallback || candidate.another) && candidate.named == 0;
    let missing = candidate.missing.is_some() && !excused || candidate.lacks;
    let whole = candidate.path.0.is_empty();
    (
        candidate.wants,
        candidate.quoted || candidate.named == CLEARLY && candidate.missing.is_some(),
        candidate.element,
        candidate.in_message,
        !whole,
        candidate.named,
        candidate.told,
        missing,
        candidate.guard,
        candidate.path.0.len() + usize::from(candidate.missing.is_some()),
    )
}

fn candidate(root: &Value, fact: &Fact, elements: &[&Path], message: &[Path], alone: bool) -> Option<Candidate> {
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
    let names = alone && path.0.last().is_some_and(is_name)
        || (fact.gathered || !fact.failed) && is_key(root, &path, elements);
    let wants = if is_before(&path) || fact.exempt || is_way_out(&fact.path) {
        Wants::Exemption
    } else if fact.kind == FactKind::Tested || missing.is_some() && fact.kind != FactKind::Bound {
        if is_discriminator(&fact.path) && !about_missing && (!fact.failed || is_action(&path)) && !deletes(root, fact) {
            if path.0.len() == 1 || is_identity(root, &path) { Wants::Whole } else { Wants::Discriminator }
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
    })
}

fn says_which(path: &Path) -> bool {
    is_discriminator(path) || path.0.last().is_some_and(is_name)
}

/// What a Terraform plan does with a resource.
fn is_action(path: &Path) -> bool {
    path.0.windows(2).any(|pair| matches!(pair, [Step::Key(change), Step::Key(actions)] if &**change == "change" && &**actions == "actions"))
}

/// What a plan says of how things were, or of what is not known yet: nobody wrote that.
fn is_before(path: &Path) -> bool {
    path.0.windows(2).any(|pair| matches!(pair, [Step::Key(change), Step::Key(part)]
        if &**change == "change" && matches!(&**part, "before" | "after_unknown" | "before_sensitive")))
}

fn is_kind(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Key(key)) if matches!(&**key, "kind" | "apiVersion"))
}

/// Whether all that can have been asked of an element is its key.
fn is_key(root: &Value, path: &Path, elements: &[&Path]) -> bool {
    matches!(path.0.last(), Some(Step::Key(_)))
        && elements.contains(&path)
        && matches!(path.get(root), Some(Value::Object(_) | Value::Array(_)))
}

/// The step that names what is at `path`: for a plain item its list's, for a bare `value` that of what has it.
fn naming<'a>(root: &Value, path: &'a Path) -> Option<&'a Step> {
    match path.0.as_slice() {
        [.., list, Step::Index(_)] if !matches!(path.get(root), Some(Value::Object(_) | Value::Array(_))) => {
            Some(list)
        }
        [.., list, Step::Index(_), Step::Key(last)] | [.., list, Step::Key(last)] if says_nothing(last) => {
            Some(list)
        }
        steps => steps.last(),
    }
}

fn says_nothing(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "value" | "enabled" | "enable")
}

/// Whether a Terraform plan says that it deletes something: nobody has a rule for that without meaning it.
fn deletes(root: &Value, fact: &Fact) -> bool {
    let delete = Value::from("delete");
    !fact.failed && fact.path.get(root).is_some_and(|value| match value {
        Value::Array(items) => items.contains(&delete),
        value => *value == delete,
    })
}

/// Whether it tells of an exemption, or of a way out of a weakness, which is none itself.
fn is_way_out(path: &Path) -> bool {
    path.0.last().is_some_and(exempts) || path.0.contains(&Step::from("fix"))
}

/// Whether a key sounds like an exemption.
fn exempts(step: &Step) -> bool {
    let Step::Key(key) = step else { return false };
    let key = key.to_ascii_lowercase();
    let mended = ["fixedversion", "fixedin", "fixed_version", "isupgradable", "ispatchable", "fixavailable"];
    let words = ["exempt", "exception", "ignor", "waive", "suppress", "whitelist"];
    words.iter().any(|word| key.contains(word)) || mended.contains(&&*key)
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
