//! Finding and reading the blocks of one text.

use serde_json::Value;

use super::{Annotation, Author, Related, Scope, Target};
use crate::engine::error::{Code, PolicyError};
use crate::engine::prepass::outline;
use crate::source::{Source, Span};

/// The annotations of the policy `text`, in its order, and what is wrong with those that cannot be read.
///
/// The errors carry no file name: the caller knows it.
#[must_use]
pub fn parse(text: &str) -> (Vec<Annotation>, Vec<PolicyError>) {
    parse_named("", text)
}

/// [`parse`] of the policy that the user knows as `name`.
pub fn parse_named(name: &str, text: &str) -> (Vec<Annotation>, Vec<PolicyError>) {
    // Most policies of other people have none: do not split them into lines.
    if !text.contains("METADATA") {
        return (Vec::new(), Vec::new());
    }
    let source = Source::new(name, text);
    let targets = targets(&source);
    let mut annotations = Vec::new();
    let mut errors = Vec::new();
    for block in blocks(text) {
        let target = targets.iter().find(|target| target.line > block.last);
        match annotation(&block, target) {
            Ok(annotation) => annotations.push(annotation),
            Err((line, message)) => {
                let span = source.line_span(line).unwrap_or_default();
                errors.push(PolicyError::at(&source, span, Code::Metadata, message));
            }
        }
    }
    (annotations, errors)
}

/// The package clause and the rules of a text; empty when it cannot be split into tokens.
pub(super) fn targets(source: &Source) -> Vec<Target> {
    let mut package = String::new();
    let mut targets = Vec::new();
    for (offset, keyword, path) in outline(source.text()) {
        let line = source.position(Span::new(offset, offset).start).line;
        match keyword {
            "import" => {}
            "package" => {
                package.clone_from(&path);
                targets.push(Target { package: path, rule: String::new(), line });
            }
            _ => targets.push(Target { package: package.clone(), rule: path, line }),
        }
    }
    targets
}

struct Block {
    /// The line of `# METADATA`, and the last comment line, from 1.
    first: u32,
    last: u32,
    yaml: String,
}

/// The comment blocks that `# METADATA` begins.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, number) in text.lines().zip(1_u32..) {
        let comment = line.trim_start().strip_prefix('#');
        match comment {
            Some(comment) if comment.trim() == "METADATA" => {
                blocks.push(Block { first: number, last: number, yaml: String::new() });
                open = true;
            }
            Some(comment) if open => {
                if let Some(block) = blocks.last_mut() {
                    block.last = number;
                    block.yaml.push_str(comment.strip_prefix(' ').unwrap_or(comment));
                    block.yaml.push('\n');
                }
            }
            _ => open = false,
        }
    }
    blocks
}

fn annotation(block: &Block, target: Option<&Target>) -> Result<Annotation, (u32, String)> {
    let at = |message: String| (block.first, message);
    if block.yaml.trim().is_empty() {
        return Err(at("expected METADATA block, found whitespace".to_owned()));
    }
    let value: Value = serde_yaml::from_str(&block.yaml).map_err(|error| {
        let line = error.location().map_or(0, |place| u32::try_from(place.line()).unwrap_or(0));
        (block.first + line, format!("the metadata is no valid YAML: {error}"))
    })?;
    let Some(fields) = value.as_object() else {
        return Err(at("the metadata is no YAML mapping".to_owned()));
    };
    let Some(target) = target else {
        return Err(at("annotation scope 'rule' must be applied to rule: nothing follows it".to_owned()));
    };
    let implied = if target.rule.is_empty() { Scope::Package } else { Scope::Rule };
    let scope = match fields.get("scope") {
        None => implied,
        Some(name) => name
            .as_str()
            .and_then(Scope::of)
            .ok_or_else(|| at(format!("invalid scope {name}: rule, document, package or subpackages")))?,
    };
    let on_package = scope >= Scope::Package;
    if on_package != target.rule.is_empty() {
        let on = if on_package { "package" } else { "rule" };
        return Err(at(format!("annotation scope '{}' must be applied to {on}", scope.name())));
    }
    let text = |key: &str| match fields.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(at(format!("`{key}` is no text"))),
    };
    Ok(Annotation {
        scope,
        title: text("title")?,
        description: text("description")?,
        organizations: strings(fields.get("organizations")).map_err(at)?,
        authors: list(fields.get("authors")).iter().map(author).collect::<Result<_, _>>().map_err(at)?,
        related_resources: list(fields.get("related_resources"))
            .iter()
            .map(related)
            .collect::<Result<_, _>>()
            .map_err(at)?,
        schemas: list(fields.get("schemas")).to_vec(),
        custom: fields.get("custom").cloned().unwrap_or(Value::Null),
        entrypoint: fields.get("entrypoint") == Some(&Value::Bool(true)),
        lines: (block.first, block.last),
        target: target.clone(),
    })
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn strings(value: Option<&Value>) -> Result<Vec<String>, String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text"));
    list(value).iter().map(text).collect()
}

/// `Jane Doe <jane@example.com>` or an object.
fn author(value: &Value) -> Result<Author, String> {
    let field = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let author = match value {
        Value::String(text) => match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => Author { name: name.trim().to_owned(), email: email.trim().to_owned() },
            None => Author { name: text.trim().to_owned(), email: String::new() },
        },
        Value::Object(_) => Author { name: field("name"), email: field("email") },
        _ => return Err(format!("invalid author definition {value}")),
    };
    if author == Author::default() {
        return Err("an author needs a name or an email".to_owned());
    }
    Ok(author)
}

/// An address or an object with `ref`.
fn related(value: &Value) -> Result<Related, String> {
    let field = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let related = match value {
        Value::String(link) => Related { link: link.trim().to_owned(), description: String::new() },
        _ => Related { link: field("ref"), description: field("description") },
    };
    if related.link.is_empty() {
        return Err("a related resource needs its `ref`".to_owned());
    }
    Ok(related)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# METADATA\n# title: Pack\n# scope: subpackages\npackage a.b\n\n# METADATA\n# title: One\n# authors:\n# - Jane <j@x.y>\n# custom:\n#   id: k8s-one\n\ndeny contains \"x\" if input.x\n";

    #[test]
    fn blocks_are_read_with_their_targets() {
        let (annotations, errors) = parse(TEXT);
        assert_eq!(errors, []);
        let seen: Vec<_> = annotations
            .iter()
            .map(|a| (a.scope, a.title.as_str(), a.lines, a.target.package.as_str(), a.target.rule.as_str()))
            .collect();
        assert_eq!(
            seen,
            [(Scope::Subpackages, "Pack", (1, 3), "a.b", ""), (Scope::Rule, "One", (6, 11), "a.b", "deny")]
        );
        assert_eq!(annotations[1].authors, [Author { name: "Jane".into(), email: "j@x.y".into() }]);
        assert_eq!(annotations[1].custom, serde_json::json!({"id": "k8s-one"}));
    }

    #[test]
    fn a_block_that_cannot_be_read_is_an_error_with_its_line() {
        let (_, errors) = parse("package a\n# METADATA\n# title: [x\np := 1\n# METADATA\n# scope: planet\nq := 1\n");
        let places: Vec<_> = errors.iter().map(|error| (error.line, error.code)).collect();
        assert_eq!(places, [(4, Code::Metadata), (5, Code::Metadata)]);
        assert_eq!(errors[1].message, "invalid scope \"planet\": rule, document, package or subpackages");
    }
}
