//! Policies that were named and can never say anything: a gate that rests on them passes in silence.

use super::{PolicySet, PolicySources, effect};
use crate::engine::{Code, Level, ModuleText, PolicyError};

/// An error for each of `names` whose rules have none of the names that make findings.
///
/// What other policies of the run import is a library and may be silent.
#[must_use]
pub fn silent(names: &[String], sources: &PolicySources, set: &PolicySet) -> Vec<PolicyError> {
    // A module that can't be loaded has no rules, and that was told.
    if set.errors.iter().any(|error| error.level == Level::Error) {
        return Vec::new();
    }
    names.iter().filter(|name| !name.starts_with("builtin:")).filter_map(|name| one(name, sources, set)).collect()
}

fn one(name: &str, sources: &PolicySources, set: &PolicySet) -> Option<PolicyError> {
    let root = name.replace('\\', "/");
    let root = root.strip_prefix("./").unwrap_or(&root).trim_end_matches('/');
    let below = |module: &ModuleText| {
        let rest = module.name.strip_prefix(root);
        root.is_empty() || root == "." || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (own, others): (Vec<_>, Vec<_>) = sources.modules.iter().enumerate().partition(|(_, module)| below(module));
    let heads = set.engine.rules().iter().filter(|head| own.iter().any(|(at, _)| *at == head.module));
    let found: Vec<&str> = heads.map(|head| head.name.as_str()).collect();
    if own.is_empty() || found.iter().any(|name| effect(name).is_some()) {
        return None;
    }
    let mut packages = own.iter().filter_map(|(_, module)| package(&module.text));
    if packages.any(|package| others.iter().any(|(_, module)| module.text.contains(&format!("data.{package}")))) {
        return None;
    }
    let hint = found.iter().find_map(|name| near(name)).unwrap_or_default();
    let message = format!("no rule in there is called `deny`, `violation` or `warn`, so it checks nothing{hint}");
    Some(PolicyError::of_file(name, Code::Load, message))
}

fn package(text: &str) -> Option<&str> {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("package "))?;
    line.split_whitespace().next()
}

fn near(name: &str) -> Option<String> {
    let stem = name.split('_').next().unwrap_or(name).to_lowercase();
    let known = ["deny", "violation", "warn"].into_iter();
    let (far, meant) = known.map(|known| (strsim::damerau_levenshtein(&stem, known), known)).min()?;
    (far <= 2).then(|| format!("; did you mean `{meant}` by `{name}`?"))
}
