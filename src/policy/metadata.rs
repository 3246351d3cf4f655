//! What a policy says of itself: its `# METADATA` blocks.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::document::Kind;
use crate::engine::{Code, ModuleText, PolicyError};
use crate::finding::Severity;

/// What a rule is evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One document at a time.
    #[default]
    Document,
    /// Every document of the run at once, as a list of `{path, kind, contents}`.
    All,
    /// Every document at once as conftest's `--combine` gives them: `{path, contents}`.
    #[serde(skip)]
    Combined,
}

/// Which view of a Terraform document a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// As conftest shows it: expressions are strings, `"${var.x}"`.
    #[default]
    Raw,
    /// With what is plain resolved.
    Resolved,
}

/// What the metadata that applies to a rule says, from its package and from itself.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)] // each field is the key of that name in the guide to writing policies
pub struct Annotation {
    pub id: Option<String>,
    pub title: String,
    pub description: String,
    pub severity: Option<Severity>,
    pub remediation: String,
    pub controls: Vec<(String, Vec<String>)>,
    pub links: Vec<String>,
    pub kinds: Vec<Kind>,
    /// None when nothing is said.
    pub scope: Option<Scope>,
    pub view: View,
}

/// One block and the line of what it annotates.
#[derive(Debug, Clone)]
pub struct Block {
    raw: Raw,
    package: bool,
    target: u32,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Raw {
    scope: Option<String>,
    title: String,
    description: String,
    related_resources: Vec<Related>,
    custom: Custom,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Related {
    Url(String),
    Full { r#ref: String },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Custom {
    id: Option<String>,
    severity: Option<serde_yaml::Value>,
    remediation: String,
    controls: BTreeMap<String, Vec<String>>,
    links: Vec<String>,
    kinds: Vec<Kind>,
    scope: Option<Scope>,
    view: View,
}

/// Every block of a module, in order.
pub fn parse(module: &ModuleText, errors: &mut Vec<PolicyError>) -> Vec<Block> {
    if !module.text.contains("# METADATA") {
        return Vec::new();
    }
    let lines: Vec<&str> = module.text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.trim_end() != "# METADATA" {
            continue;
        }
        let first = at;
        let body: Vec<&str> = lines.iter().skip(at).map_while(|line| line.strip_prefix('#')).collect();
        at += body.len();
        let after = lines.iter().enumerate().skip(at);
        let Some((target, text)) =
            after.map(|(n, l)| (n, l.trim())).find(|(_, l)| !l.is_empty() && !l.starts_with('#'))
        else {
            continue;
        };
        let yaml = body.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
        match serde_yaml::from_str::<Option<Raw>>(&yaml) {
            Ok(raw) => {
                let raw = raw.unwrap_or_default();
                let package = match raw.scope.as_deref() {
                    Some(scope) => matches!(scope, "package" | "subpackages"),
                    None => text.starts_with("package"),
                };
                blocks.push(Block { raw, package, target: number(target + 1) });
            }
            Err(error) => {
                let message = format!("the metadata can't be read: {error}");
                let line = number(first + error.location().map_or(1, |place| place.line()));
                errors.push(PolicyError {
                    line,
                    column: 1,
                    ..PolicyError::of_file(&module.name, Code::Metadata, message)
                });
            }
        }
    }
    blocks
}

/// What applies to the rule whose first head is at `line`: its own block over the package's.
pub fn applying(blocks: &[Block], line: u32) -> Annotation {
    let package = blocks.iter().find(|block| block.package);
    let own = blocks.iter().find(|block| !block.package && block.target == line);
    let mut note = Annotation::default();
    for block in package.into_iter().chain(own) {
        merge(&mut note, &block.raw);
    }
    note
}

fn merge(note: &mut Annotation, raw: &Raw) {
    let custom = &raw.custom;
    let text = |to: &mut String, from: &String| {
        if !from.is_empty() {
            to.clone_from(from);
        }
    };
    text(&mut note.title, &raw.title);
    text(&mut note.description, &raw.description);
    text(&mut note.remediation, &custom.remediation);
    if custom.id.is_some() {
        note.id.clone_from(&custom.id);
    }
    if let Some(severity) = custom.severity.as_ref().and_then(|value| value.as_str()).and_then(severity) {
        note.severity = Some(severity);
    }
    if !custom.controls.is_empty() {
        note.controls = custom.controls.clone().into_iter().collect();
    }
    let related = raw.related_resources.iter().map(|related| match related {
        Related::Url(url) | Related::Full { r#ref: url } => url.clone(),
    });
    note.links.extend(related.chain(custom.links.iter().cloned()));
    if !custom.kinds.is_empty() {
        note.kinds.clone_from(&custom.kinds);
    }
    note.scope = custom.scope.or(note.scope);
    if custom.view != View::Raw {
        note.view = custom.view;
    }
}

/// A severity as other tools write it too: `HIGH`, `error`.
#[must_use]
pub fn severity(name: &str) -> Option<Severity> {
    match name.to_ascii_lowercase().as_str() {
        "low" | "info" | "informational" | "note" | "negligible" | "unknown" => Some(Severity::Low),
        "medium" | "moderate" | "warning" | "warn" => Some(Severity::Medium),
        "high" | "error" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
