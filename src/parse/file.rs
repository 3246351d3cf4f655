//! One file: from its text to its documents, each of a kind.

use std::sync::Arc;

use super::{Outcome, ParseError, Parsed, dockerfile, hcl, json, jsonc, toml, xml, yaml};
use crate::document::{Document, Format, Kind, Path, is_helm_template};
use crate::engine::Value;
use crate::finding::{Problem, ProblemCode};
use crate::source::{Source, Span};

/// What a file gave: its documents, and what is to be said of the rest.
#[derive(Debug, Default)]
pub struct FileOutcome {
    /// The documents, in source order; a Kubernetes `List` gives one for each item.
    pub documents: Vec<Document>,
    /// What could not be read (closes the gate) and what is odd (notices).
    pub problems: Vec<Problem>,
}

/// Parses the text of one file.
///
/// `format` is what its name says; without one the text is read as YAML, of
/// which JSON is a part.
#[must_use]
pub fn parse_file(source: &Arc<Source>, format: Option<Format>) -> FileOutcome {
    let name = source.name();
    let format = format.or_else(|| Format::detect(name)).unwrap_or(Format::Yaml);
    if is_helm_template(name, source.text()) {
        return FileOutcome { documents: Vec::new(), problems: vec![helm(source)] };
    }
    let outcome = parse_text(source, format);
    let mut problems = problems(source, format, &outcome);
    if outcome.documents.is_empty() && outcome.errors.is_empty() {
        problems.push(empty(source));
    }
    let mut documents = Vec::new();
    for parsed in outcome.documents {
        push(source, format, parsed, &mut documents);
    }
    FileOutcome { documents, problems }
}

/// The values of one text, for who wants no places; an error in it is an error of all.
pub fn values(source: &Source, format: Format) -> Result<Vec<Value>, String> {
    let outcome = parse_text(source, format);
    match outcome.errors.first() {
        Some(error) => Err(told(format, error)),
        None => Ok(outcome.documents.into_iter().map(|parsed| parsed.value).collect()),
    }
}

fn parse_text(source: &Source, format: Format) -> Outcome {
    match format {
        Format::Yaml => {
            let workflow = source.name().contains(".github/workflows/");
            yaml::parse(source, &yaml::YamlOptions { keep_on_key: workflow, ..Default::default() })
        }
        Format::Json => json::parse(source),
        Format::Jsonc => jsonc::parse(source),
        Format::Ndjson => json::parse_lines(source),
        Format::Toml => toml::parse(source),
        Format::Hcl => hcl::parse(source),
        Format::Dockerfile => dockerfile::parse(source),
        Format::Xml => xml::parse(source),
    }
}

/// Adds a parsed value as one document, or a `List`'s items as one each.
fn push(source: &Arc<Source>, format: Format, parsed: Parsed, documents: &mut Vec<Document>) {
    let kind = Kind::detect(source.name(), format, &parsed.value);
    let mut add = |kind, value, spans| {
        let index = documents.len();
        documents.push(Document {
            source: source.clone(),
            index,
            format,
            kind,
            value,
            spans,
            aside: false,
            resolved: None,
        });
    };
    let items = Path(vec!["items".into()]);
    let list = (kind == Kind::Kubernetes && is_list(&parsed.value)).then(|| items.get(&parsed.value)).flatten();
    let Some(Value::Array(list)) = list else {
        add(kind, parsed.value, Arc::new(parsed.spans));
        return;
    };
    for (at, item) in list.iter().enumerate() {
        if let Some(spans) = parsed.spans.subtree(&items.child(at)) {
            add(Kind::detect(source.name(), format, item), item.clone(), Arc::new(spans));
        }
    }
}

fn is_list(value: &Value) -> bool {
    let kind = Path(vec!["kind".into()]);
    matches!(kind.get(value), Some(Value::String(kind)) if kind.ends_with("List"))
}

fn problems(source: &Arc<Source>, format: Format, outcome: &Outcome) -> Vec<Problem> {
    let errors = outcome.errors.iter().map(|error| syntax(source, format, error));
    let notices = outcome.notices.iter().map(|notice| Problem {
        code: ProblemCode::Syntax,
        notice: true,
        message: notice.message.clone(),
        file: source.name().to_string(),
        source: Some(source.clone()),
        labels: notice.labels.clone(),
        help: String::new(),
    });
    errors.chain(notices).collect()
}

/// What is wrong, with the format; some parsers say so themselves.
fn told(format: Format, error: &ParseError) -> String {
    if error.message.starts_with("not valid ") {
        error.message.clone()
    } else {
        format!("not valid {format}: {}", error.message)
    }
}

fn syntax(source: &Arc<Source>, format: Format, error: &ParseError) -> Problem {
    let label = |span: Span| (span, String::new());
    Problem {
        code: ProblemCode::Syntax,
        notice: false,
        message: told(format, error),
        file: source.name().to_string(),
        source: Some(source.clone()),
        labels: error.span.map(label).into_iter().collect(),
        help: error.help.clone().unwrap_or_default(),
    }
}

fn helm(source: &Arc<Source>) -> Problem {
    Problem {
        code: ProblemCode::NotChecked,
        notice: false,
        message: "a Helm template is not checked: render it first".to_owned(),
        file: source.name().to_string(),
        source: None,
        labels: Vec::new(),
        help: "run with `--render`, check the output of `helm template`, or exclude the folder".to_owned(),
    }
}

fn empty(source: &Arc<Source>) -> Problem {
    Problem {
        code: ProblemCode::NotChecked,
        notice: true,
        message: "the file holds no document".to_owned(),
        file: source.name().to_string(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    }
}
