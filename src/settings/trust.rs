//! Settings about waivers and thresholds as their author typed them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;

/// A length of time: `90d`, `24h`, `30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Term {
    seconds: u64,
}

impl Term {
    /// A term of whole days.
    #[must_use]
    pub const fn days(days: u64) -> Self {
        Self { seconds: days.saturating_mul(DAY) }
    }

    /// Its whole days.
    #[must_use]
    pub fn whole_days(self) -> i32 {
        i32::try_from(self.seconds / DAY).unwrap_or(i32::MAX)
    }

    /// Its seconds.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.seconds
    }
}

const DAY: u64 = 86_400;

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of time: write 30d, 24h or 90m");
        let text = text.trim();
        let unit = match text.chars().last() {
            Some('d') => DAY,
            Some('h') => 3600,
            Some('m') => 60,
            _ => return Err(wrong()),
        };
        let number = text.get(..text.len() - 1).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number: u64 = number.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
        number.checked_mul(unit).map(|seconds| Self { seconds }).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Term {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            seconds if seconds % DAY == 0 => write!(f, "{}d", seconds / DAY),
            seconds if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
            seconds => write!(f, "{}m", seconds / 60),
        }
    }
}

/// How an approval is proven, besides the name in the waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// Approvers are the authors of the commits that last touched the waiver's lines.
    Author,
    /// Approvers have signed those commits, with keys that git trusts or that `people` names.
    Signature,
    /// CODEOWNERS gives the waiver's file to the approver.
    Codeowners,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It fails the gate.
    Block,
    /// It is told and does not fail the gate.
    Warn,
    /// It is accepted without a waiver.
    Off,
}

/// Which waivers a finding takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Waivable {
    /// Any that holds.
    Any,
    /// Those with an approver who is not the owner.
    Approved,
    /// None.
    Never,
}

/// A threshold for the findings that all its keys mean. Of those that mean a finding the last counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawEnforce {
    /// Rules, a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Built-in packs or Rego packages, a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// The kind of document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Files, a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Findings of this severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Only under this `--env`, a glob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// What such a finding does.
    pub level: Level,
    /// Which waivers it takes; any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waivers: Option<Waivable>,
    /// The day from which it holds, `YYYY-MM-DD`. `block` warns before that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
}

/// How many findings of a severity are borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawBudget {
    /// So many do not fail the gate; one more, and all do.
    pub max: usize,
}

/// A report that must be among the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RawEvidence {
    /// How many reports there must be that are not empty. Default 1.
    pub min: Option<usize>,
    /// How old a report may be.
    pub max_age: Option<Term>,
    /// What the reports must speak of.
    pub covers: Option<Covers>,
    /// Of which commit a report must be. Default: of the one that is checked out, where it names one.
    pub commit: Option<Commit>,
    /// What a run is when this is not met: `undecided` (default) or `fail`.
    pub unmet: Option<Unmet>,
}

/// Of which commit a report must be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Commit {
    /// Where it names a commit, of the one that is checked out.
    #[default]
    Stated,
    /// Of the one that is checked out, which it must name.
    Head,
    /// Of any.
    Any,
}

/// What a run is that lacks evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unmet {
    /// Not a pass: exit status 2.
    #[default]
    Undecided,
    /// A failure: exit status 1.
    Fail,
}

/// What reports must speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Covers {
    /// Each image of the Kubernetes and Compose documents.
    Images,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_needs_a_unit() {
        assert_eq!("30d".parse(), Ok(Term::days(30)));
        assert_eq!("24h".parse::<Term>().map(|term| term.to_string()), Ok("1d".to_owned()));
        for wrong in ["", "30", "d", "-1d", "1.5h", "99999999999999999999d", "+3d", "30é"] {
            assert!(wrong.parse::<Term>().is_err(), "{wrong}");
        }
    }
}
