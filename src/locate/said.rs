//! What a finding's message says of the facts behind it.

use std::cell::OnceCell;

use super::elements::Elements;
use super::keys::{is_everything, is_verdict};
use super::words::Message;
use super::{HashSet, has_parts};
use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::{Fact, FactKind, TracedFinding};

/// How clearly a message speaks of something.
pub(super) const CLEARLY: u8 = 2;
pub(super) const PARTLY: u8 = 1;

/// A message, and what it was made of.
pub(super) struct Said<'a> {
    root: &'a Value,
    elements: &'a Elements<'a>,
    /// The parts of the document that it repeats.
    repeated: HashSet<&'a Path>,
    message: OnceCell<Message>,
    about: &'a str,
    /// What the rule says of itself, read once it is needed, too.
    rule: OnceCell<Message>,
    finding: &'a TracedFinding,
}

impl<'a> Said<'a> {
    pub fn new(root: &'a Value, finding: &'a TracedFinding, about: &'a str, elements: &'a Elements<'a>) -> Self {
        let read = finding.message_facts.iter().filter(|fact| fact.found);
        let repeated: HashSet<&Path> = read.map(|fact| &fact.path).collect();
        Self { root, elements, repeated, message: OnceCell::new(), about, rule: OnceCell::new(), finding }
    }

    /// Whether it is an element that the rule stands at.
    pub fn stands_at(&self, path: &Path) -> bool {
        self.elements.has(path)
    }

    /// Read once it is needed: most findings leave no choice.
    fn message(&self) -> &Message {
        let read = || self.repeated.iter().filter_map(|path| path.get(self.root));
        self.message.get_or_init(|| Message::of(&self.finding.value, read()))
    }

    /// Whether what the rule says of itself names the key, for when the message is silent.
    pub fn about(&self, fact: &Fact) -> u8 {
        let rule = self.rule.get_or_init(|| Message::of_text(self.about));
        let named = naming(self.root, &fact.path).is_some_and(|step| rule.hints(step));
        if named && !self.elements.has(&fact.path) { PARTLY } else { 0 }
    }

    /// How clearly it names the key.
    pub fn named(&self, fact: &Fact) -> u8 {
        let path = &fact.path;
        if self.elements.has(path) {
            return 0;
        }
        let last = naming(self.root, path);
        if last.is_some_and(|step| self.message().names(step)) {
            return CLEARLY;
        }
        let within = || fact.found && self.elements.within(path).iter().any(|step| self.message().names(step));
        if last.is_some_and(|step| self.message().hints(step)) || within() { PARTLY } else { 0 }
    }

    /// Whether it names what holds the value, below the element.
    pub fn owner(&self, fact: &Fact) -> bool {
        let above = self.elements.within(&fact.path).split_last().map(|(_, above)| above);
        above.is_some_and(|above| above.iter().any(|step| self.message().names(step)))
    }

    /// How clearly it tells the value, which passed a test: of its own, or because it repeats it.
    pub fn told(&self, fact: &Fact) -> u8 {
        let Some(value) = fact.path.get(self.root).filter(|_| fact.found && !fact.failed && !fact.gathered) else {
            return 0;
        };
        let repeated = self.repeated.contains(&fact.path);
        if self.message().tells(value) && !repeated || fact.path.0.last().is_some_and(is_verdict) {
            return CLEARLY;
        }
        if repeated { PARTLY } else { 0 }
    }

    /// Whether it repeats a plain value that failed a test, or the test was passed by what stands for everything.
    pub fn quoted(&self, fact: &Fact) -> bool {
        let value = fact.path.get(self.root);
        let plain = !has_parts(self.root, &fact.path);
        let failed = fact.failed && !fact.lacks && plain && self.repeated.contains(&fact.path);
        let all = || fact.kind == FactKind::Tested && fact.found && !fact.failed && value.is_some_and(is_everything);
        failed || all()
    }
}

/// The step that names what is at `path`: for a plain item its list's, for a bare `value` that of what has it.
fn naming<'a>(root: &Value, path: &'a Path) -> Option<&'a Step> {
    match path.0.as_slice() {
        [.., list, Step::Index(_)] if !has_parts(root, path) => Some(list),
        [.., list, Step::Index(_), Step::Key(last)] | [.., list, Step::Key(last)] if says_nothing(last) => Some(list),
        steps => steps.last(),
    }
}

fn says_nothing(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "value" | "enabled" | "enable")
}
