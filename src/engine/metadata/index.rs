//! The annotations of all modules, and which of them apply where.

use serde_json::{Value, json};

use super::read::{parse_named, targets};
use super::{Annotation, Scope, Target};
use crate::engine::error::PolicyError;
use crate::source::Source;

/// The annotations of a set of modules.
#[derive(Debug, Clone, Default)]
pub struct Index {
    modules: Vec<Module>,
}

#[derive(Debug, Clone)]
struct Module {
    file: String,
    targets: Vec<Target>,
    annotations: Vec<Annotation>,
}

impl Index {
    /// Reads the annotations of all `modules`, names and texts.
    pub fn build<'a>(modules: impl Iterator<Item = (&'a str, &'a str)>) -> (Self, Vec<PolicyError>) {
        let mut index = Self::default();
        let mut errors = Vec::new();
        for (file, text) in modules {
            let (annotations, wrong) = parse_named(file, text);
            errors.extend(wrong);
            if annotations.is_empty() && !text.contains("rego.metadata.") {
                continue;
            }
            let targets = targets(&Source::new(file, text));
            index.modules.push(Module { file: file.to_owned(), targets, annotations });
        }
        (index, errors)
    }

    /// What applies to the rule that `line` of `file` belongs to, the nearest first:
    /// rule, document, package, then subpackages from the innermost package outwards.
    #[must_use]
    pub fn applying(&self, file: &str, line: u32) -> Vec<&Annotation> {
        let Some(target) = self.target(file, line) else { return Vec::new() };
        let mut found: Vec<(usize, &Annotation)> = Vec::new();
        for module in &self.modules {
            for annotation in &module.annotations {
                if let Some(rank) = rank(annotation, target, module.file == file) {
                    found.push((rank, annotation));
                }
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, annotation)| annotation).collect()
    }

    /// What `rego.metadata.rule()` answers at `line` of `file`: the rule's own annotation or `{}`.
    #[must_use]
    pub fn rule(&self, file: &str, line: u32) -> Value {
        let own = self.applying(file, line).into_iter().find(|annotation| annotation.scope == Scope::Rule);
        own.map_or_else(|| json!({}), Annotation::to_value)
    }

    /// What `rego.metadata.chain()` answers at `line` of `file`: paths and annotations from the rule outwards.
    #[must_use]
    pub fn chain(&self, file: &str, line: u32) -> Value {
        let Some(target) = self.target(file, line) else { return json!([]) };
        let mut chain: Vec<Value> = Vec::new();
        let applying = self.applying(file, line);
        if applying.iter().all(|annotation| annotation.scope != Scope::Rule) {
            chain.push(json!({"path": path(target, Scope::Rule)}));
        }
        for annotation in applying {
            let path = path(&annotation.target, annotation.scope);
            chain.push(json!({"annotations": annotation.to_value(), "path": path}));
        }
        chain.into()
    }

    /// The rule that `line` of `file` belongs to.
    fn target(&self, file: &str, line: u32) -> Option<&Target> {
        let module = self.modules.iter().find(|module| module.file == file)?;
        module.targets.iter().rev().find(|target| target.line <= line)
    }
}

/// How near `annotation` is to the rule `to`; `None` when it does not apply.
fn rank(annotation: &Annotation, to: &Target, same_file: bool) -> Option<usize> {
    let from = &annotation.target;
    let same_package = from.package == to.package;
    match annotation.scope {
        Scope::Rule => (same_file && from.line == to.line).then_some(0),
        Scope::Document => (same_package && from.rule == to.rule).then_some(1),
        Scope::Package => same_package.then_some(2),
        Scope::Subpackages => {
            let under = to.package.strip_prefix(&from.package)?;
            (under.is_empty() || under.starts_with('.')).then(|| 3 + under.matches('.').count())
        }
    }
}

/// The path of what a scope speaks of, as OPA shows it: without `data`.
fn path(target: &Target, scope: Scope) -> Vec<String> {
    let rule = if scope < Scope::Package { target.rule.as_str() } else { "" };
    let parts = target.package.split('.').chain(rule.split('.')).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_goes_from_the_rule_outwards() {
        let far = ("a.rego", "# METADATA\n# scope: subpackages\n# title: far\npackage a\n");
        let near = "# METADATA\n# title: pkg\npackage a.b\n\n# METADATA\n# scope: document\n# title: doc\np := 1 if {\n\trego.metadata.chain()\n}\n# METADATA\n# title: two\np := 2\n";
        let (index, errors) = Index::build([far, ("b.rego", near)].into_iter());
        assert_eq!(errors, []);
        let titles = |line| index.applying("b.rego", line).iter().map(|a| a.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(9), ["doc", "pkg", "far"]);
        assert_eq!(titles(13), ["two", "doc", "pkg", "far"]);
        assert_eq!(
            index.chain("b.rego", 9).to_string(),
            r#"[{"path":["a","b","p"]},{"annotations":{"scope":"document","title":"doc"},"path":["a","b","p"]},{"annotations":{"scope":"package","title":"pkg"},"path":["a","b"]},{"annotations":{"scope":"subpackages","title":"far"},"path":["a"]}]"#
        );
        assert_eq!(index.rule("b.rego", 13), json!({"scope": "rule", "title": "two"}));
        assert_eq!(index.rule("b.rego", 9), json!({}));
    }
}
