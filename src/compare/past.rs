//! A verdict as a report kept it: read back, bounded and proven.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::basis::{Basis, Digest};
use crate::finding::Severity;
use crate::judge::Status;
use crate::report::{digest_of, seal_of};

/// The largest report that is read, in bytes: some 100,000 findings.
pub const MAX_SIZE: u64 = 256 << 20;

/// Why a file is no verdict that can be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text ends too early.
    #[error("it was cut off: {0}")]
    Cut(String),
    /// The text is no JSON, or nested too deeply.
    #[error("it is not JSON: {0}")]
    Syntax(String),
    /// JSON of another sort.
    #[error("it is neither a report `json` nor a report `record`: {0}")]
    Foreign(String),
    /// A later format.
    #[error("its format has version {0}, and this program reads version 1")]
    Version(String),
    /// The contents are not those that were written.
    #[error("it was edited: its digest is {found}, and that of its contents {wanted}")]
    Edited {
        /// What is written there.
        found: String,
        /// What it should be.
        wanted: Digest,
    },
    /// The time is not that which was written.
    #[error("it was edited: the seal of its time is not that of `{0}`")]
    Retimed(String),
}

/// A verdict of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Past {
    /// What wrote it.
    pub tool: PastTool,
    /// What it decided.
    pub status: Status,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The day it was for.
    pub as_of: String,
    /// Its findings.
    pub findings: Vec<PastFinding>,
    /// Its problems and notices.
    pub problems: Vec<PastProblem>,
    /// Its rules.
    pub rules: Vec<PastRule>,
    /// What it rested on; none in a report of a version that took no digests.
    #[serde(default)]
    pub basis: Option<Basis>,
}

/// The program that wrote a report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastTool {
    /// Its version.
    pub version: String,
}

/// A finding of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)] // the fields are those of the report `json`
pub struct PastFinding {
    pub rule: String,
    pub severity: Severity,
    pub disposition: String,
    pub message: String,
    pub resource: String,
    pub place: PastPlace,
    pub policy: PastPolicy,
    pub fingerprint: String,
}

/// Where a finding was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)] // the fields are those of the report `json`
pub struct PastPlace {
    pub file: String,
    pub start: PastPoint,
}

/// A point in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)] // the fields are those of the report `json`
pub struct PastPoint {
    pub line: u32,
    pub column: u32,
}

/// The policy that emitted a finding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastPolicy {
    /// Its file.
    pub file: String,
}

/// A problem of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[allow(missing_docs)] // the fields are those of the report `json`
pub struct PastProblem {
    pub code: String,
    pub level: String,
    pub message: String,
    pub file: String,
}

/// A rule of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastRule {
    /// Its id.
    pub id: String,
}

/// A decision record that was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The verdict.
    pub past: Past,
    /// When it was decided, RFC 3339.
    pub at: String,
    /// How the run was started.
    pub arguments: Json,
}

/// Reads a report `json` or `record`.
pub fn read(text: &str) -> Result<Past, ReadError> {
    let json = parse(text)?;
    if json.get("record").is_some() { proven(json).map(|record| record.past) } else { run(json) }
}

/// Reads a decision record.
pub fn read_record(text: &str) -> Result<Recorded, ReadError> {
    let json = parse(text)?;
    if json.get("record").is_some() {
        return proven(json);
    }
    Err(ReadError::Foreign("it has no `record`; `regate check -o record=FILE` writes one".to_owned()))
}

/// Reads a run that is still in memory as it would be read from its report.
pub fn run(json: Json) -> Result<Past, ReadError> {
    version(json.get("version"))?;
    serde_json::from_value(json).map_err(|error| ReadError::Foreign(error.to_string()))
}

fn parse(text: &str) -> Result<Json, ReadError> {
    if text.starts_with("{\"type\":\"meta\"") {
        return Err(ReadError::Foreign("it is a report `ndjson`".to_owned()));
    }
    // serde_json refuses what is nested deeper than 128.
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() { ReadError::Cut(error.to_string()) } else { ReadError::Syntax(error.to_string()) }
    })
}

fn version(version: Option<&Json>) -> Result<(), ReadError> {
    match version {
        Some(version) if version.as_u64() == Some(1) => Ok(()),
        Some(other) => Err(ReadError::Version(other.to_string())),
        None => Err(ReadError::Foreign("it has no `version`".to_owned())),
    }
}

/// A record whose digest and seal are those of its contents.
fn proven(mut json: Json) -> Result<Recorded, ReadError> {
    version(json.get("record"))?;
    let text = |json: &Json, path: &str| {
        let found = json.pointer(path).and_then(Json::as_str).map(str::to_owned);
        found.ok_or_else(|| ReadError::Foreign(format!("it has no text at `{path}`")))
    };
    let found = text(&json, "/digest")?;
    let (at, seal) = (text(&json, "/time/at")?, text(&json, "/time/seal")?);
    let take = |json: &mut Json, name: &str| {
        let found = json.get_mut(name).map(Json::take);
        found.ok_or_else(|| ReadError::Foreign(format!("it has no `{name}`")))
    };
    let wanted = digest_of(json.clone());
    if found != wanted.0 {
        return Err(ReadError::Edited { found, wanted });
    }
    if seal != seal_of(&wanted, &at).0 {
        return Err(ReadError::Retimed(at));
    }
    let arguments = take(&mut json, "arguments")?;
    Ok(Recorded { past: run(take(&mut json, "run")?)?, at, arguments })
}
