//! The settings file as its author typed it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trust::{Approval, RawBudget, RawEnforce, RawEvidence, Term};
use crate::document::Step;
use crate::finding::Severity;
use crate::parse::yaml;
use crate::source::{Source, Span};

/// The name under which settings are found.
pub const SETTINGS_FILE: &str = "regate.yaml";

/// What `regate.yaml` may say. Every key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RawSettings {
    /// Policies: folders, files, `builtin:NAME`. Replaces the default, the built-in packs that fit.
    pub policy: Option<Vec<String>>,
    /// Packages to evaluate, globs allowed; all when left out.
    pub namespace: Option<Vec<String>>,
    /// Data files and folders for the policies.
    pub data: Option<Vec<String>>,
    /// Whether rules get all documents at once, as with conftest's `--combine`.
    pub combine: Option<bool>,
    /// Globs of the files to check; all when left out.
    pub include: Option<Vec<String>>,
    /// Globs of files to leave out.
    pub exclude: Option<Vec<String>>,
    /// The least severity that fails the gate.
    pub fail_on: Option<Severity>,
    /// Whether a run that checked nothing may pass.
    pub allow_empty: Option<bool>,
    /// Reports to write: `FORMAT` or `FORMAT=FILE`.
    pub output: Option<Vec<String>>,
    /// The file or folder of waivers; default `waivers.yaml` and `.regate/waivers/` beside this file.
    pub waivers: Option<String>,
    /// The longest term of a waiver by severity: `{critical: 30d}`. Such a waiver needs `created`.
    pub waiver_terms: Option<BTreeMap<Severity, Term>>,
    /// Waivers that end within this time are announced. Default 14d.
    pub waiver_notice: Option<Term>,
    /// Who may approve waivers, by severity: `{critical: [alice]}`.
    pub approvers: Option<BTreeMap<Severity, Vec<String>>>,
    /// How approvals are proven, besides the name in the waiver: all that are listed must hold.
    pub approval: Option<Vec<Approval>>,
    /// What else people are called, so that they are known: `{alice: [alice@example.com, "@alice"]}`.
    ///
    /// Addresses, accounts, teams (`@org/security`), fingerprints of signing keys.
    pub people: Option<BTreeMap<String, Vec<String>>>,
    /// Whether comments in the inputs may waive. Default true.
    pub inline_waivers: Option<bool>,
    /// Thresholds for some findings; of those that mean a finding the last counts.
    pub enforce: Option<Vec<RawEnforce>>,
    /// How many findings of a severity are borne, where no threshold of `enforce` means them: `{high: {max: 3}}`.
    pub budget: Option<BTreeMap<Severity, RawBudget>>,
    /// The environment that the run is for.
    pub env: Option<String>,
    /// How many documents of a kind there must be: `{kubernetes: 3}`.
    pub require: Option<BTreeMap<String, usize>>,
    /// How many rules must have applied to a document.
    pub require_rules: Option<usize>,
    /// Reports that must be among the inputs: `{junit: {min: 1, max-age: 24h}}`.
    pub evidence: Option<BTreeMap<String, RawEvidence>>,
    /// The baseline's file: findings in it do not fail the gate.
    pub baseline: Option<String>,
    /// Bounds on inputs and policies.
    pub limits: RawLimits,
}

/// Bounds on inputs and policies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RawLimits {
    /// The largest file that is read, in MiB.
    pub file_size: Option<u64>,
    /// The longest time for one rule on one document, in milliseconds.
    pub rule_time: Option<u64>,
    /// The most steps of one rule on one document: unlike time they are the same on every machine.
    pub rule_steps: Option<u64>,
    /// The most memory for the values that one rule makes on one document, in MiB.
    pub rule_memory: Option<u64>,
    /// How many rules, functions and loops may lie within each other while a rule is evaluated.
    pub rule_depth: Option<u64>,
    /// The most items of a range that a builtin makes.
    pub result_items: Option<u64>,
    /// The longest text that a builtin makes, in MiB.
    pub result_text: Option<u64>,
    /// The largest compiled regular expression, in KiB.
    pub regex_size: Option<u64>,
    /// How many brackets of a policy's text may be open at once.
    pub policy_nesting: Option<u64>,
}

/// What is wrong with a settings file.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SettingsError {
    /// What is wrong.
    pub message: String,
    /// The file's text and the place in it, when the file could be read.
    pub place: Option<(Arc<Source>, Span)>,
    /// The next step; may be empty.
    pub help: String,
}

/// The settings file that holds for `start`: the nearest upward, up to the
/// repository's root (the folder with `.git`).
#[must_use]
pub fn find(start: &Path) -> Option<PathBuf> {
    for folder in start.ancestors() {
        let file = folder.join(SETTINGS_FILE);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Reads the text of a settings file.
pub fn parse(name: &str, text: &str) -> Result<RawSettings, SettingsError> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(RawSettings::default());
    }
    serde_yaml::from_str(text).map_err(|error| {
        let message = error.to_string();
        let source = Arc::new(Source::new(name, text));
        let help = did_you_mean(&message).unwrap_or_default();
        let span =
            key_span(text, &message).or_else(|| error.location().map(|at| Span::new(at.index(), at.index() + 1)));
        SettingsError { message, place: span.map(|span| (source, span)), help }
    })
}

/// Where the value at `path`, or the key that leads to it, stands in a settings file.
#[must_use]
pub fn place(name: &str, text: &str, path: &[Step], key: bool) -> Option<(Arc<Source>, Span)> {
    let source = Arc::new(Source::new(name, text));
    let outcome = yaml::parse(&source, &yaml::YamlOptions::default());
    let found = outcome.documents.first()?.spans.lookup(&crate::document::Path(path.to_vec()))?;
    let span = if key || found.value.is_empty() { found.key? } else { found.value };
    Some((source, span))
}

/// The key that serde calls unknown, where it stands at the start of a line.
fn key_span(text: &str, message: &str) -> Option<Span> {
    let key = quoted(message.split_once("unknown field ")?.1)?;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')) {
            return Some(Span::new(offset + indent, offset + indent + key.len()));
        }
        offset += line.len();
    }
    None
}

fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// The known key nearest to the unknown one, from serde's own text.
fn did_you_mean(message: &str) -> Option<String> {
    let (unknown, expected) = message.split_once("unknown field ")?.1.split_once("expected")?;
    let unknown = quoted(unknown)?;
    let known = expected.split('`').skip(1).step_by(2);
    let near = known.map(|key| (strsim::damerau_levenshtein(unknown, key), key)).min()?;
    (near.0 <= 3).then(|| format!("did you mean `{}`?", near.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_placed_and_the_right_one_named() {
        let error = parse("regate.yaml", "exclude: [a]\nfail_on: high\n").unwrap_err();
        let (source, span) = error.place.unwrap();
        assert_eq!((source.slice(span), source.position(span.start).line), ("fail_on", 2));
        assert_eq!(error.help, "did you mean `fail-on`?");
    }

    #[test]
    fn a_file_of_comments_sets_nothing() {
        assert_eq!(parse("regate.yaml", "# later\n").unwrap(), RawSettings::default());
    }
}
