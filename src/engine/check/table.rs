//! The rules of all modules by path, and what contradicts itself among them.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Rule, RuleHead};

use super::{Unit, path, prefix, rule_path};
use crate::engine::error::{Code, PolicyError};

/// What a rule defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function of so many arguments.
    Function(usize),
    /// One value.
    Complete,
    /// A set.
    Set,
    /// An object, a key at a time.
    Object,
}

/// All rules by their full path, `data.a.deny`.
pub struct Table {
    rules: BTreeMap<Vec<String>, Entry>,
}

/// What is known of the rules at one path: there may be many.
#[derive(Default)]
struct Entry {
    /// The kinds that occur.
    kinds: Vec<Kind>,
    default: bool,
    /// Whether one is written as `f() := 1`: a rule, and it may be called.
    callable: bool,
}

/// The reference in a rule's head.
pub fn rule_ref(rule: &Rule) -> &Expr {
    match rule {
        Rule::Default { refr, .. }
        | Rule::Spec {
            head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. },
            ..
        } => refr,
    }
}

/// What `rule` defines.
pub fn kind(rule: &Rule) -> Kind {
    match rule {
        Rule::Default { args, .. } if !args.is_empty() => Kind::Function(args.len()),
        Rule::Spec { head: RuleHead::Func { args, .. }, .. } if !args.is_empty() => Kind::Function(args.len()),
        Rule::Spec { head: RuleHead::Set { .. }, .. } => Kind::Set,
        rule if path(rule_ref(rule)).is_none() => Kind::Object,
        _ => Kind::Complete,
    }
}

impl Table {
    /// The table of the rules of `units`, and the rules that contradict others.
    pub fn build(units: &[Unit<'_>]) -> (Self, Vec<PolicyError>) {
        let mut rules: BTreeMap<Vec<String>, Entry> = BTreeMap::new();
        let mut errors = Vec::new();
        for unit in units {
            for rule in &unit.module.policy {
                let Some(path) = rule_path(unit, rule) else { continue };
                let known = rules.entry(path).or_default();
                if let Some(message) = contradiction(unit, rule, known) {
                    errors.push(unit.error(rule_ref(rule).span(), Code::Type, message));
                }
                let kind = kind(rule);
                if !known.kinds.contains(&kind) {
                    known.kinds.push(kind);
                }
                known.callable |= matches!(rule.as_ref(), Rule::Spec { head: RuleHead::Func { .. }, .. });
                known.default |= matches!(rule.as_ref(), Rule::Default { .. });
            }
        }
        (Self { rules }, errors)
    }

    /// The full path of the function or rule that `name` means in `unit`.
    pub fn resolve(&self, unit: &Unit<'_>, name: &[String]) -> Option<Vec<String>> {
        let (first, rest) = name.split_first()?;
        if first == "data" {
            return Some(name.to_vec());
        }
        let local: Vec<String> = unit.package.iter().chain(name).cloned().collect();
        if self.reaches(&local) {
            return Some(local);
        }
        let import = unit.imports.get(first.as_str())?;
        Some(import.iter().cloned().chain(rest.iter().cloned()).collect())
    }

    /// Whether there is a rule or function at `path`.
    pub fn has(&self, path: &[String]) -> bool {
        self.rules.contains_key(path)
    }

    /// The number of arguments of the function at `path`.
    pub fn arity(&self, path: &[String]) -> Option<usize> {
        let entry = self.rules.get(path)?;
        let arity = entry.kinds.iter().find_map(|kind| match kind {
            Kind::Function(arity) => Some(*arity),
            _ => None,
        });
        arity.or(entry.callable.then_some(0))
    }

    /// Whether a rule lies at, above or below `path`.
    pub fn reaches(&self, path: &[String]) -> bool {
        (1..=path.len()).any(|len| path.get(..len).is_some_and(|head| self.rules.contains_key(head)))
            || self.below(path).next().is_some()
    }

    fn below<'t>(&'t self, path: &'t [String]) -> impl Iterator<Item = &'t Vec<String>> {
        let range = self.rules.range(path.to_vec()..);
        range.map(|(found, _)| found).take_while(move |found| found.starts_with(path))
    }
}

fn contradiction(unit: &Unit<'_>, rule: &Rule, known: &Entry) -> Option<String> {
    let name = || rule_path(unit, rule).unwrap_or_default().join(".");
    if known.default && matches!(rule, Rule::Default { .. }) {
        return Some(format!("multiple default rules {} found", name()));
    }
    // A head such as `a.b[x]` shares its constant part with other shapes; only whole paths can contradict.
    let this = kind(rule);
    let clash = this != Kind::Object && known.kinds.iter().any(|other| *other != this && *other != Kind::Object);
    let whole = clash && prefix(rule_ref(rule)).is_some_and(|(_, whole)| whole);
    whole.then(|| format!("conflicting rules {} found", name()))
}
