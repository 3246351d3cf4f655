//! Policies: which rules a run has, from built-in packs and the user's folders.
//!
//! In: the names given with `--policy`, or the kinds that occur in the run.
//! Out: a [`PolicySet`]: the modules' texts, their data, and for each rule that
//! can emit findings what its metadata says of it.

mod builtin;
mod lists;
mod load;
mod metadata;
mod reach;
mod silent;

pub use builtin::{builtin_ids, builtin_packs, builtin_sources, builtin_sources_for};
pub use load::{PolicySources, load};
pub use metadata::{Annotation, Scope, View, severity};
pub use reach::reach;
pub use silent::silent;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::document::{Document, Kind, Spans};
use crate::engine::builtins::Context;
use crate::engine::{Code, Engine, Limits, ModuleText, PolicyError, RuleHead, Value};
use crate::finding::{RuleId, RuleInfo, Severity};

/// What a rule's name promises of its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `deny`, `violation`: high unless the metadata says otherwise.
    Deny,
    /// `warn`: low unless the metadata says otherwise.
    Warn,
}

/// A rule that can emit findings.
#[derive(Debug, Clone)]
pub struct PolicyRule {
    /// What is known of it.
    pub info: Arc<RuleInfo>,
    /// `data.<package>.<name>`.
    pub path: String,
    /// What its results are.
    pub effect: Effect,
    /// One document at a time, or all of them at once.
    pub scope: Scope,
    /// Whether its metadata says so.
    pub scope_given: bool,
    /// Which view of a document it asks for.
    pub view: View,
    /// Whether it may go through its input as a list: then it gets lists as a whole, too.
    pub lists: bool,
    /// The path of its package's `exception` rule, if it has one.
    pub exception: Option<String>,
}

impl PolicyRule {
    /// Whether the rule is for documents of this kind.
    #[must_use]
    pub fn is_for(&self, kind: Kind) -> bool {
        if self.info.kinds.is_empty() { kind != Kind::HelmTemplate } else { self.info.kinds.contains(&kind) }
    }

    /// What the rule sees of a document, and where it stands.
    #[must_use]
    pub fn sees<'a>(&self, document: &'a Document) -> (&'a Value, &'a Spans) {
        match (&document.resolved, self.view) {
            (Some(resolved), View::Resolved) => (&resolved.value, &resolved.spans),
            _ => (&document.value, &document.spans),
        }
    }
}

/// The policies of a run, loaded.
pub struct PolicySet {
    /// The engine that evaluates them.
    pub engine: Engine,
    /// The rules that can emit findings, sorted by id.
    pub rules: Vec<PolicyRule>,
    /// Ids of rules in packages that were not asked for, sorted: known, and not of this run.
    pub others: Vec<RuleId>,
    /// What could not be loaded: each closes the gate.
    pub errors: Vec<PolicyError>,
    /// How many modules were given.
    pub modules: usize,
}

impl PolicySet {
    /// Loads `sources`, keeping the rules of the packages that `namespaces` names (all when empty).
    #[must_use]
    pub fn new(sources: &PolicySources, namespaces: &[String], limits: Limits) -> Self {
        Self::with_context(sources, namespaces, limits, Context::default())
    }

    /// [`new`](Self::new) with what the run grants to builtins.
    #[must_use]
    pub fn with_context(sources: &PolicySources, namespaces: &[String], limits: Limits, context: Context) -> Self {
        let (engine, mut errors) = Engine::load_with(&sources.modules, sources.data.clone(), limits, context);
        let read = |module| {
            let mut errors = Vec::new();
            (metadata::parse(module, &mut errors), errors)
        };
        let (annotations, wrong): (Vec<_>, Vec<_>) = sources.modules.par_iter().map(read).unzip();
        errors.extend(wrong.into_iter().flatten());
        let heads = engine.rules();
        // Once for all rules: a search for each was quadratic in the modules.
        let excepting: BTreeSet<&str> =
            heads.iter().filter(|head| head.name == "exception").map(|head| head.package.as_str()).collect();
        let wanted = Wanted::new(namespaces);
        let all = heads.iter().filter_map(|head| {
            let effect = effect(&head.name)?;
            let module = sources.modules.get(head.module)?;
            let found = annotations.get(head.module).map(|all| metadata::applying(all, head.line));
            Some(rule(head, effect, module, found.unwrap_or_default(), excepting.contains(head.package.as_str())))
        });
        let (mut rules, others): (Vec<_>, Vec<_>) = all.partition(|rule| wanted.matches(&rule.info.package));
        let mut others: Vec<_> = others.into_iter().map(|rule| rule.info.id.clone()).collect();
        others.sort();
        rules.sort_by(|a, b| (&a.info.id, &a.path).cmp(&(&b.info.id, &b.path)));
        let unmatched = namespaces.iter().filter(|name| {
            let wanted = Wanted::new(std::slice::from_ref(*name));
            !heads.iter().any(|head| wanted.matches(&head.package))
        });
        errors.extend(unmatched.map(|name| {
            PolicyError::of_file(name.as_str(), Code::Load, "no package of the policies has this name").warning()
        }));
        errors.sort();
        // The check and the compiler both see a rule that calls itself.
        errors.dedup_by(|b, a| {
            let place = |error: &PolicyError| (error.file.clone(), error.line, error.column, error.code);
            a == b || a.code == Code::Recursion && place(a) == place(b)
        });
        Self { engine, rules, others, errors, modules: sources.modules.len() }
    }

    /// Finds out which rules go through lists; until then all of them may. Only runs with lists need to know.
    pub fn learn_lists(&mut self, sources: &PolicySources) {
        let packages = reach::list_packages(sources);
        for rule in &mut self.rules {
            rule.lists = packages.contains(&rule.info.package);
        }
    }

    /// Gives every rule all documents at once, as conftest's `--combine` does: but for those whose
    /// metadata names a scope, and the built-in ones, which would find nothing in such a list.
    pub fn combine(&mut self) {
        for rule in &mut self.rules {
            if !rule.scope_given && !rule.info.file.starts_with(BUILTIN) {
                rule.scope = Scope::Combined;
            }
        }
    }
}

/// How the names of built-in modules start.
const BUILTIN: &str = "builtin:";

fn rule(head: &RuleHead, effect: Effect, module: &ModuleText, note: Annotation, exception: bool) -> PolicyRule {
    let default = match effect {
        Effect::Deny => Severity::High,
        Effect::Warn => Severity::Low,
    };
    PolicyRule {
        info: Arc::new(RuleInfo {
            id: RuleId(note.id.unwrap_or_else(|| format!("{}.{}", head.package, head.name)).into()),
            title: note.title,
            description: note.description,
            severity: note.severity.unwrap_or(default),
            remediation: note.remediation,
            controls: note.controls,
            links: note.links,
            kinds: note.kinds,
            package: head.package.clone(),
            name: head.name.clone(),
            file: module.name.clone(),
            line: head.line,
        }),
        path: rule_path(&head.package, &head.name),
        effect,
        scope: note.scope.unwrap_or_default(),
        scope_given: note.scope.is_some(),
        view: note.view,
        lists: true,
        exception: exception.then(|| rule_path(&head.package, "exception")),
    }
}

fn rule_path(package: &str, name: &str) -> String {
    format!("data.{package}.{name}")
}

/// conftest's names: `deny`, `violation`, `warn`, each with any number of `_word`s.
#[must_use]
pub fn effect(name: &str) -> Option<Effect> {
    let suffixed = |rest: &str| {
        rest.is_empty()
            || rest.strip_prefix('_').is_some_and(|words| {
                words.split('_').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()))
            })
    };
    let is = |stem: &str| name.strip_prefix(stem).is_some_and(suffixed);
    if is("deny") || is("violation") {
        Some(Effect::Deny)
    } else if is("warn") {
        Some(Effect::Warn)
    } else {
        None
    }
}

/// Which packages are evaluated: names and globs, compiled once.
struct Wanted<'a> {
    names: &'a [String],
    globs: Vec<globset::GlobMatcher>,
}

impl<'a> Wanted<'a> {
    fn new(names: &'a [String]) -> Self {
        let globs = names.iter().filter_map(|name| globset::Glob::new(name).ok()).map(|glob| glob.compile_matcher());
        Self { names, globs: globs.collect() }
    }

    fn matches(&self, package: &str) -> bool {
        self.names.is_empty()
            || self.names.iter().any(|name| name == package)
            || self.globs.iter().any(|glob| glob.is_match(package))
    }
}

/// An empty `data` document.
#[must_use]
pub fn no_data() -> Value {
    Value::new_object()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_known_by_conftests_names() {
        for name in ["deny", "violation", "deny_root", "deny_a_B2"] {
            assert_eq!(effect(name), Some(Effect::Deny), "{name}");
        }
        assert_eq!(effect("warn_x"), Some(Effect::Warn));
        for name in ["denny", "deny_", "deny__x", "warning", "exception", "deny-x"] {
            assert_eq!(effect(name), None, "{name}");
        }
    }
}
