//! What a report says of itself: whether it holds anything, when and of what it was made.

use jiff::Timestamp;

use super::image::Image;
use crate::document::{Document, Kind, Step};
use crate::engine::Value;

/// Names under which test runners write the commit, without `.`, `_`, `-` and capitals.
const COMMIT_NAMES: [&str; 14] = [
    "commit",
    "commitid",
    "commithash",
    "commitsha",
    "gitcommit",
    "gitcommitid",
    "gitcommitsha",
    "gitsha",
    "gitrevision",
    "sha",
    "revision",
    "vcsrevision",
    "cicommitsha",
    "githubsha",
];

/// What is missing in an empty report.
pub fn empty(document: &Document) -> Option<&'static str> {
    let value = &document.value;
    match document.kind {
        Kind::Junit => {
            let mut cases = 0;
            let mut ran = 0;
            walk(value, &mut |key, found| {
                for case in items(found).filter(|_| key == "testcase") {
                    cases += 1;
                    ran += usize::from(get(case, "skipped").is_none());
                }
            });
            match (cases, ran) {
                (0, _) => Some("no test"),
                (_, 0) => Some("no test that was not skipped"),
                _ => None,
            }
        }
        Kind::Trivy => list(value, "Results").next().is_none().then_some("no scanned target"),
        Kind::Sarif => list(value, "runs").next().is_none().then_some("no run"),
        _ => None,
    }
}

/// When it was made, as it says: of each suite or run.
pub fn times(document: &Document) -> Vec<Timestamp> {
    let mut found = Vec::new();
    match document.kind {
        Kind::Junit => walk(&document.value, &mut |key, value| {
            if key == "-timestamp" {
                found.extend(text(value));
            }
        }),
        Kind::Trivy => found.extend(get(&document.value, "CreatedAt").and_then(text)),
        Kind::Sarif => {
            for invocation in list(&document.value, "runs").flat_map(|run| list(run, "invocations")) {
                let time = get(invocation, "endTimeUtc").or_else(|| get(invocation, "startTimeUtc"));
                found.extend(time.and_then(text));
            }
        }
        _ => {}
    }
    found.into_iter().filter_map(|text| time(&text)).collect()
}

/// The commits it says it is of.
pub fn commits(document: &Document) -> Vec<String> {
    let mut found = Vec::new();
    match document.kind {
        Kind::Junit => walk(&document.value, &mut |key, value| {
            for property in items(value).filter(|_| key == "property") {
                let name = get(property, "-name").and_then(text).unwrap_or_default();
                let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
                if COMMIT_NAMES.contains(&name.to_ascii_lowercase().as_str()) {
                    found.extend(get(property, "-value").and_then(text));
                }
            }
        }),
        // An image's report has none: the revision among its labels is that of the image's own source.
        Kind::Trivy => {
            found.extend(get(&document.value, "Metadata").and_then(|data| get(data, "Commit")).and_then(text));
        }
        Kind::Sarif => {
            for origin in list(&document.value, "runs").flat_map(|run| list(run, "versionControlProvenance")) {
                found.extend(get(origin, "revisionId").and_then(text));
            }
        }
        _ => {}
    }
    let mut found: Vec<String> = found.into_iter().map(|commit| commit.trim().to_ascii_lowercase()).collect();
    found.retain(|commit| (7..=64).contains(&commit.len()) && commit.bytes().all(|byte| byte.is_ascii_hexdigit()));
    found
}

/// What a Trivy report is about, by each of its names.
pub fn images(report: &Value) -> Vec<Image> {
    let mut names: Vec<&Value> = get(report, "ArtifactName").into_iter().collect();
    if let Some(metadata) = get(report, "Metadata") {
        names.extend(list(metadata, "RepoTags"));
        names.extend(list(metadata, "RepoDigests"));
        names.extend(get(metadata, "Reference"));
    }
    names.into_iter().filter_map(text).map(|name| Image::parse(&name)).collect()
}

/// With a zone, or in UTC without one, as JUnit writes it.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    Step::from(key).get(value)
}

fn text(value: &Value) -> Option<String> {
    value.as_string().ok().map(std::string::ToString::to_string)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    let items = match get(value, key) {
        Some(Value::Array(items)) => Some(items),
        _ => None,
    };
    items.into_iter().flat_map(|items| items.iter())
}

/// The items of a list, or the one that stands for itself, as XML is read.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Value::Array(items) => (Some(items), None),
        other => (None, Some(other)),
    };
    many.into_iter().flat_map(|items| items.iter()).chain(one)
}

/// Shows every key with its value, however deep.
fn walk(root: &Value, see: &mut dyn FnMut(&str, &Value)) {
    let mut left = vec![root];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(items) => left.extend(items.iter()),
            Value::Object(fields) => {
                for (key, value) in fields.iter() {
                    if let Ok(key) = key.as_string() {
                        see(key, value);
                    }
                    left.push(value);
                }
            }
            _ => {}
        }
    }
}
