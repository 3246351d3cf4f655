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
pub struct Table<'a> {
    rules: BTreeMap<Vec<String>, Vec<(Kind, &'a Rule)>>,
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

impl<'a> Table<'a> {
    /// The table of the rules of `units`, and the rules that contradict others.
    pub fn build(units: &[Unit<'a>]) -> (Self, Vec<PolicyError>) {
        let mut rules: BTreeMap<Vec<String>, Vec<(Kind, &'a Rule)>> = BTreeMap::new();
        let mut errors = Vec::new();
        for unit in units {
            for rule in &unit.module.policy {
                let rule: &'a Rule = rule;
                let Some(path) = rule_path(unit, rule) else { continue };
                let known = rules.entry(path.clone()).or_default();
                if let Some(message) = contradiction(&path, rule, known) {
                    errors.push(unit.error(rule_ref(rule).span(), Code::Type, message));
                }
                known.push((kind(rule), rule));
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
        let import = unit.import(first)?;
        Some(import.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// The number of arguments of the function at `path`.
    pub fn arity(&self, path: &[String]) -> Option<usize> {
        self.rules.get(path)?.iter().find_map(|(kind, rule)| match (kind, rule) {
            (Kind::Function(arity), _) => Some(*arity),
            // `f() := 1` is a rule, and can be written as a call.
            (_, Rule::Spec { head: RuleHead::Func { .. }, .. }) => Some(0),
            _ => None,
        })
    }

    /// Whether a rule lies at, above or below `path`.
    pub fn reaches(&self, path: &[String]) -> bool {
        (1..=path.len()).any(|len| path.get(..len).is_some_and(|head| self.rules.contains_key(head)))
            || self.below(path).next().is_some()
    }

    /// The paths of the rules that a reference to `path` may evaluate.
    pub fn touched<'t>(&'t self, path: &'t [String]) -> impl Iterator<Item = &'t Vec<String>> {
        let above = (1..path.len()).filter_map(|len| self.rules.get_key_value(path.get(..len)?).map(|(path, _)| path));
        above.chain(self.below(path))
    }

    fn below<'t>(&'t self, path: &'t [String]) -> impl Iterator<Item = &'t Vec<String>> {
        let range = self.rules.range(path.to_vec()..);
        range.map(|(found, _)| found).take_while(move |found| found.starts_with(path))
    }
}

fn contradiction(path: &[String], rule: &Rule, known: &[(Kind, &Rule)]) -> Option<String> {
    let name = path.join(".");
    let default = |rule: &Rule| matches!(rule, Rule::Default { .. });
    if default(rule) && known.iter().any(|(_, other)| default(other)) {
        return Some(format!("multiple default rules {name} found"));
    }
    // A head such as `a.b[x]` shares its constant part with other shapes; only whole paths can contradict.
    let whole = prefix(rule_ref(rule)).is_some_and(|(_, whole)| whole);
    let this = kind(rule);
    let clash = known.iter().any(|(other, _)| *other != this && *other != Kind::Object && this != Kind::Object);
    (whole && clash).then(|| format!("conflicting rules {name} found"))
}
