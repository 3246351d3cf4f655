//! Required evidence: reports that must be among the inputs.
//!
//! In: what is required, the documents, the moment. Out: a problem for each
//! report that is missing, empty, too old or about something else. The age is
//! taken from the report's own time; a report without one has its file's.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::document::{Document, Kind, Step};
use crate::engine::Value;
use crate::finding::{Problem, ProblemCode};

/// A report that is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its kind.
    pub kind: Kind,
    /// How many there must be that are not empty.
    pub min: usize,
    /// How old one may be, in seconds.
    pub max_age: Option<u64>,
    /// Whether each image of the manifests must have one.
    pub covers_images: bool,
}

/// What is missing of what is required.
#[must_use]
pub fn evidence(
    needs: &[Need],
    documents: &[Document],
    now: Timestamp,
    modified: &dyn Fn(&str) -> Option<Timestamp>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for need in needs {
        let mut good = Vec::new();
        for document in documents.iter().filter(|document| document.kind == need.kind) {
            match fault(need, document, now, modified) {
                None => good.push(document),
                Some(why) => problems.push(problem(document.source.name(), why)),
            }
        }
        if good.len() < need.min {
            let message = format!("{} {} reports that count, and {} are required", good.len(), need.kind, need.min);
            problems.push(problem("", message));
        }
        if need.covers_images {
            let scanned: BTreeSet<String> = good.iter().flat_map(|document| scanned(&document.value)).collect();
            let wanted: BTreeSet<(String, String)> = documents
                .iter()
                .flat_map(|document| {
                    images(document).into_iter().map(|image| (image, document.source.name().to_string()))
                })
                .collect();
            for (image, file) in wanted.iter().filter(|(image, _)| !scanned.contains(&normal(image))) {
                problems.push(problem(file, format!("image `{image}` has no {} report that counts", need.kind)));
            }
        }
    }
    problems
}

fn problem(file: &str, message: String) -> Problem {
    Problem {
        code: ProblemCode::Evidence,
        notice: false,
        message,
        file: file.to_owned(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    }
}

/// Why a report does not count, if it does not.
fn fault(
    need: &Need,
    document: &Document,
    now: Timestamp,
    modified: &dyn Fn(&str) -> Option<Timestamp>,
) -> Option<String> {
    let empty = match need.kind {
        Kind::Junit => strings(&document.value, &["testcase"], true).is_empty().then_some("no test"),
        Kind::Trivy => list(&document.value, "Results").is_empty().then_some("no scanned target"),
        Kind::Sarif => list(&document.value, "runs").is_empty().then_some("no run"),
        _ => None,
    };
    if let Some(empty) = empty {
        return Some(format!("the {} report has {empty}, so it does not count", need.kind));
    }
    let most = need.max_age?;
    let own = strings(&document.value, &["CreatedAt", "timestamp", "-timestamp", "endTimeUtc"], false);
    // Of several times the oldest: one stale suite makes a stale report.
    let own = own.iter().filter_map(|text| time(text)).min();
    let Some(made) = own.or_else(|| modified(document.source.name())) else {
        return Some(format!("the {} report has no time, so its age is unknown", need.kind));
    };
    let age = now.as_second().saturating_sub(made.as_second());
    if age < -300 {
        return Some(format!("the {} report is from the future: {made}", need.kind));
    }
    (u64::try_from(age).unwrap_or(0) > most)
        .then(|| format!("the {} report of {made} is older than {} hours", need.kind, most / 3600))
}

/// With a zone, or in UTC without one, as JUnit writes it.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        text.parse::<jiff::civil::DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })
}

fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match Step::from(key).get(value) {
        Some(Value::Array(items)) => items.iter().collect(),
        _ => Vec::new(),
    }
}

/// The texts under one of `keys` anywhere in `root`; with `any`, an entry for whatever else stands there.
fn strings(root: &Value, keys: &[&str], any: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![root];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items.iter()),
            Value::Object(fields) => {
                for (key, value) in fields.iter() {
                    let named = key.as_string().is_ok_and(|key| keys.contains(&&**key));
                    match value {
                        Value::String(text) if named => found.push(text.to_string()),
                        Value::Array(items) if named && any && items.is_empty() => {}
                        _ if named && any => found.push(String::new()),
                        _ => {}
                    }
                    left.push(value);
                }
            }
            _ => {}
        }
    }
    found
}

/// The images that a manifest runs.
fn images(document: &Document) -> Vec<String> {
    let holders: &[&str] = match document.kind {
        Kind::Kubernetes => &["containers", "initContainers", "ephemeralContainers"],
        Kind::Compose => &["services"],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut left = vec![&document.value];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items.iter()),
            Value::Object(fields) => {
                for (key, value) in fields.iter() {
                    if key.as_string().is_ok_and(|key| holders.contains(&&**key)) {
                        found.extend(image_of_each(value));
                    }
                    left.push(value);
                }
            }
            _ => {}
        }
    }
    found
}

fn image_of_each(value: &Value) -> Vec<String> {
    let image = |item: &Value| match Step::from("image").get(item) {
        Some(Value::String(text)) => Some(text.to_string()),
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().filter_map(image).collect(),
        Value::Object(items) => items.iter().filter_map(|(_, item)| image(item)).collect(),
        _ => Vec::new(),
    }
}

/// What a Trivy report is about, by each of its names.
fn scanned(report: &Value) -> Vec<String> {
    let mut names: Vec<&Value> = Step::from("ArtifactName").get(report).into_iter().collect();
    if let Some(metadata) = Step::from("Metadata").get(report) {
        names.extend(list(metadata, "RepoTags"));
        names.extend(list(metadata, "RepoDigests"));
    }
    names.into_iter().filter_map(|name| name.as_string().ok()).map(|name| normal(name)).collect()
}

/// An image's name in full: Docker Hub is the default registry, `latest` the default tag.
fn normal(image: &str) -> String {
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let image = image.strip_prefix("library/").unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    if last.contains([':', '@']) { image.to_owned() } else { format!("{image}:latest") }
}
