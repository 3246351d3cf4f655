//! `waivers.yaml` as its author typed it.

use std::sync::Arc;

use super::{Field, RawWaiver, problem};
use crate::document::{Path, Spans, Step};
use crate::engine::Value;
use crate::finding::Problem;
use crate::parse::yaml;
use crate::source::{Source, Span};

/// The keys of an entry.
pub(super) const KEYS: [&str; 10] =
    ["rule", "path", "resource", "fingerprint", "reason", "owner", "ticket", "approver", "created", "expires"];

/// The keys of a resource that is an object.
pub(super) const RESOURCE_KEYS: [&str; 4] = ["kind", "namespace", "name", "address"];

/// The entries of a waivers file, and what can't be one. A file is a list, or an object with the one key `waivers`.
#[must_use]
pub fn read_file(source: &Arc<Source>) -> (Vec<RawWaiver>, Vec<Problem>) {
    let outcome = yaml::parse(source, &yaml::YamlOptions::default());
    let whole = source.line_span(1).unwrap_or_default();
    let mut problems: Vec<Problem> = outcome
        .errors
        .iter()
        .map(|error| problem(source, error.span.unwrap_or(whole), false, format!("waivers can't be read: {error}"), ""))
        .collect();
    // A key given twice would let the second hide the first.
    problems.extend(outcome.notices.iter().map(|notice| {
        let span = notice.labels.first().map_or(whole, |(span, _)| *span);
        problem(source, span, false, notice.message.clone(), "keep one")
    }));
    let mut waivers = Vec::new();
    for document in &outcome.documents {
        let mut reader = Reader { source, spans: &document.spans, problems: &mut problems };
        waivers.extend(reader.list(&document.value));
    }
    (waivers, problems)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    spans: &'a Spans,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn list(&mut self, value: &Value) -> Vec<RawWaiver> {
        let root = Path::default();
        match value {
            Value::Null => Vec::new(),
            Value::Array(items) => self.entries(items.iter(), &root),
            Value::Object(fields) => {
                let mut found = Vec::new();
                for (key, value) in fields.iter() {
                    let path = Step::from_value(key).map(|step| root.child(step)).unwrap_or_default();
                    match (key.as_string().map(std::string::ToString::to_string).as_deref(), value) {
                        (Ok("waivers"), Value::Array(items)) => found.extend(self.entries(items.iter(), &path)),
                        (Ok("waivers"), Value::Null) => {}
                        _ => self.wrong(
                            &path,
                            "a waivers file is a list, or an object with the one key `waivers`, a list".to_owned(),
                            "",
                        ),
                    }
                }
                found
            }
            _ => {
                self.wrong(&root, "a waivers file is a list of entries".to_owned(), "");
                Vec::new()
            }
        }
    }

    fn entries<'v>(&mut self, items: impl Iterator<Item = &'v Value>, path: &Path) -> Vec<RawWaiver> {
        items.enumerate().filter_map(|(at, item)| self.entry(item, &path.child(at))).collect()
    }

    fn entry(&mut self, item: &Value, path: &Path) -> Option<RawWaiver> {
        let Value::Object(object) = item else {
            self.wrong(path, "a waiver is an object with `rule`, `reason`, `owner` and `expires`".to_owned(), "");
            return None;
        };
        let mut fields = Vec::new();
        let mut sound = true;
        for (key, value) in object.iter() {
            let at = Step::from_value(key).map_or_else(|| path.clone(), |step| path.child(step));
            let name = key.as_string().map(std::string::ToString::to_string).unwrap_or_default();
            if !KEYS.contains(&name.as_str()) {
                self.unknown(&at, &name);
                sound = false;
                continue;
            }
            match text(value) {
                None if name == "resource" => sound &= self.resource(value, &at, &mut fields),
                Some(text) => fields.push(Field { name, text, span: self.value_span(&at) }),
                None => {
                    self.wrong(&at, format!("`{name}` must be text"), "");
                    sound = false;
                }
            }
        }
        let span = self.first_line(self.value_span(path));
        let parts = self.parts(path);
        sound.then(|| RawWaiver {
            fields,
            source: self.source.clone(),
            span,
            parts,
            attested: Vec::new(),
            region: None,
        })
    }

    /// A resource by its parts: `{kind: Pod, namespace: shop, name: web}` or `{address: aws_s3_bucket.logs}`.
    fn resource(&mut self, value: &Value, at: &Path, fields: &mut Vec<Field>) -> bool {
        let known = || format!("`resource` is text, or an object with some of {}", RESOURCE_KEYS.join(", "));
        let Value::Object(object) = value else {
            self.wrong(at, known(), "");
            return false;
        };
        let mut sound = !object.is_empty();
        if !sound {
            self.wrong(at, known(), "");
        }
        for (key, value) in object.iter() {
            let at = Step::from_value(key).map_or_else(|| at.clone(), |step| at.child(step));
            let name = key.as_string().map(std::string::ToString::to_string).unwrap_or_default();
            match text(value).filter(|_| RESOURCE_KEYS.contains(&name.as_str())) {
                Some(text) => {
                    fields.push(Field { name: format!("resource.{name}"), text, span: self.value_span(&at) });
                }
                None => {
                    self.wrong(&at, known(), "");
                    sound = false;
                }
            }
        }
        sound
    }

    fn parts(&self, path: &Path) -> Vec<Span> {
        let nodes = self.spans.subtree(path).map(|spans| spans.paths()).unwrap_or_default();
        let spans = nodes.iter().flat_map(|(_, found)| [found.key, Some(found.value), found.anchor]);
        spans.flatten().filter(|span| !span.is_empty()).collect()
    }

    fn unknown(&mut self, at: &Path, name: &str) {
        let near = KEYS.iter().map(|key| (strsim::damerau_levenshtein(name, key), key)).min();
        let help =
            near.filter(|near| near.0 <= 3).map_or_else(String::new, |near| format!("did you mean `{}`?", near.1));
        let span = self.spans.lookup(at).and_then(|found| found.key).unwrap_or_else(|| self.value_span(at));
        let message = format!("a waiver has no key `{name}`; the entry does not apply");
        self.problems.push(problem(self.source, span, false, message, &help));
    }

    fn wrong(&mut self, path: &Path, message: String, help: &str) {
        let span = self.first_line(self.value_span(path));
        self.problems.push(problem(self.source, span, false, message, help));
    }

    fn value_span(&self, path: &Path) -> Span {
        self.spans.lookup(path).map_or_else(Span::default, |found| {
            if found.value.is_empty() { found.key.unwrap_or(found.value) } else { found.value }
        })
    }

    /// An entry is underlined on its first line only.
    fn first_line(&self, span: Span) -> Span {
        let line = self.source.slice(span).lines().next().map_or(0, str::len);
        Span::new(span.start as usize, span.start as usize + line)
    }
}

/// A number is text, too: a ticket may be one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(_) => value.to_json_str().ok(),
        _ => None,
    }
}
