//! What a verdict rests on, by digest: so that a later run can tell what has changed.
//!
//! In: the texts of a run's inputs, policies and data, settings and waivers.
//! Out: a [`Basis`], sorted, the same on every machine. Nothing here opens a file.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A digest as it is written: `sha256:` and 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let hex = Sha256::digest(bytes).iter().fold(String::from("sha256:"), |mut hex, byte| {
            // Writing to a String can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Self(hex)
    }

    /// The digest of a JSON value, written without blanks.
    #[must_use]
    pub fn of_json(value: &serde_json::Value) -> Self {
        Self::of(value.to_string())
    }

    /// As much of it as tells two apart in a report.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..19).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file, and the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Digested {
    /// The file as the user knows it.
    pub file: String,
    /// The digest of its bytes.
    pub digest: Digest,
}

impl Digested {
    /// The file called `file` with the contents `bytes`.
    pub fn new(file: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        Self { file: file.into(), digest: Digest::of(bytes) }
    }
}

/// The policies and data of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BundleBasis {
    /// One digest over all of them.
    pub digest: Digest,
    /// Each module and each file of data, sorted by name.
    pub files: Vec<Digested>,
    /// Of each rule all that it may rest on, by its id: its package, what that imports, the data that it reads.
    #[serde(default)]
    pub rules: BTreeMap<String, Digest>,
}

impl BundleBasis {
    /// The basis that `files` are.
    #[must_use]
    pub fn of(mut files: Vec<Digested>) -> Self {
        files.sort();
        files.dedup();
        let lines = files.iter().fold(String::new(), |mut lines, file| {
            // Writing to a String can't fail.
            let _ = writeln!(lines, "{} {}", file.digest, file.file);
            lines
        });
        Self { digest: Digest::of(lines), files, rules: BTreeMap::new() }
    }
}

/// The settings of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SettingsBasis {
    /// One digest over all values that can touch a verdict.
    pub digest: Digest,
    /// The settings file; none when none was found.
    pub file: Option<Digested>,
    /// What counts, by name: flags, environment, file and defaults resolved into one.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub values: serde_json::Value,
}

/// A report that is required as evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceBasis {
    /// Its kind.
    pub kind: String,
    /// The file as the user knows it.
    pub file: String,
    /// The digest of its bytes.
    pub digest: Digest,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Every file and text that was read, sorted by name.
    pub inputs: Vec<Digested>,
    /// The policies and their data.
    pub bundle: BundleBasis,
    /// The settings.
    pub settings: SettingsBasis,
    /// The files of waivers; those in comments are in the inputs.
    pub waivers: Vec<Digested>,
    /// The baseline, if there was one.
    pub baseline: Option<Digested>,
    /// The reports of the kinds that `evidence` asks for.
    pub evidence: Vec<EvidenceBasis>,
}

/// How a run was started: what only a decision record keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Occasion {
    /// The moment at which it started.
    pub time: jiff::Timestamp,
    /// The command's arguments, as JSON.
    pub arguments: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_sha256sum() {
        let digest = Digest::of("abc");
        assert_eq!(digest.0, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest.short(), "sha256:ba7816bf8f01");
    }

    #[test]
    fn a_bundle_has_one_digest_whatever_the_order_of_its_files() {
        let (a, b) = (Digested::new("a", "1"), Digested::new("b", "2"));
        let bundle = BundleBasis::of(vec![b.clone(), a.clone()]);
        assert_eq!(bundle, BundleBasis::of(vec![a.clone(), b]));
        assert_ne!(bundle.digest, BundleBasis::of(vec![a]).digest);
    }
}
