//! The decision record: a run, how it was started and when, under a digest of its own.
//!
//! All but the time is the same for the same inputs, policies, settings and
//! waivers. The digest covers everything but the time, the time's seal both, so
//! a record that was cut off or edited is known. Neither is a signature.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::Report;
use super::layout::write_json;
use super::record::Run;
use crate::basis::Digest;
use crate::judge::Verdict;

/// The version of the record's format.
pub const VERSION: u32 = 1;

/// The JSON Schema of a record.
#[must_use]
pub fn schema() -> Json {
    schemars::schema_for!(Record).to_value()
}

/// Writes `record`.
pub struct Decision;

/// A decision that can be checked and made again: `regate replay`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "regate decision record")]
struct Record<'a> {
    /// The version of this format: 1.
    #[serde(rename = "record")]
    version: u32,
    /// Of everything but `time`, objects sorted by key and written without blanks.
    digest: Digest,
    /// When it was decided.
    time: Time,
    /// How the run was started.
    #[schemars(with = "serde_json::Map<String, Json>")]
    arguments: &'a Json,
    /// The run, as in the report `json`.
    run: Run<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Time {
    /// The moment, RFC 3339 in UTC.
    at: String,
    /// The digest of the record's digest, a blank and the moment.
    seal: Digest,
}

/// What the digest is of.
#[derive(Serialize)]
struct Body<'a> {
    record: u32,
    arguments: &'a Json,
    run: &'a Run<'a>,
}

impl Report for Decision {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let run = Run::of(verdict);
        let occasion = verdict.occasion.clone().unwrap_or_default();
        let arguments = &occasion.arguments;
        let body = serde_json::to_value(Body { record: VERSION, arguments, run: &run }).map_err(io::Error::from)?;
        let digest = digest_of(body);
        let at = occasion.time.to_string();
        let time = Time { seal: seal_of(&digest, &at), at };
        write_json(&Record { version: VERSION, digest, time, arguments, run }, 3, out)
    }
}

/// The digest that a record with the contents `record` must have; its `digest` and `time` don't count.
#[must_use]
pub fn digest_of(mut record: Json) -> Digest {
    if let Some(fields) = record.as_object_mut() {
        fields.retain(|name, _| name != "digest" && name != "time");
    }
    record.sort_all_objects();
    Digest::of_json(&record)
}

/// The seal of a record that was made `at` a moment.
#[must_use]
pub fn seal_of(digest: &Digest, at: &str) -> Digest {
    Digest::of(format!("{digest} {at}"))
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{written, written_next, written_pass};

    #[test]
    fn a_record_is_the_run_under_its_digest() {
        let run = written(ReportFormat::Json).replace('\n', "\n  ");
        let record = written(ReportFormat::Record);
        let (head, rest) = record.split_once("  \"run\": ").unwrap();
        assert_eq!(rest.trim_end(), format!("{}\n}}", run.trim_end()));
        insta::assert_snapshot!(head, @r#"
{
  "record": 1,
  "digest": "sha256:6694547fe531167b1c5d9a4f2395d88927fc11f573720653e8ba91a1c1848b33",
  "time": {
    "at": "2026-11-21T12:00:00Z",
    "seal": "sha256:3499f8ad2e00897763f1170780244b4fc8db0bf797589c76ed250e3455786d9a"
  },
  "arguments": {
    "paths": [
      "deploy",
      "infra"
    ]
  },
"#);
    }

    #[test]
    fn a_record_fits_its_schema() {
        let schema = super::schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let format = ReportFormat::Record;
        for text in [written(format), written_pass(format), written_next(format)] {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let errors = validator.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
}
