//! The shape of a waivers file, for its JSON Schema: editors complete and check by it.
//!
//! Files are read field by field (`file.rs`), so that one bad entry has its
//! place and spoils no other; a test holds the keys of the two together.

use schemars::JsonSchema;
use serde::Serialize;

/// What `waivers.yaml` may say: a list of entries, or an object with the list under `waivers`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum WaiversFile {
    /// The list alone.
    List(Vec<WaiverEntry>),
    /// The list under a key.
    Object(WaiversObject),
}

/// The list under a key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiversObject {
    /// The waivers; none when left empty.
    pub waivers: Option<Vec<WaiverEntry>>,
}

/// A waiver: findings that are accepted until a day. It needs `rule` or `fingerprint`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{"required": ["rule"]}, {"required": ["fingerprint"]}]))]
pub struct WaiverEntry {
    /// A rule's id, or a glob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A file, a folder or a glob, from the folder of `regate.yaml` or of the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Which resources; all when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceEntry>,
    /// One finding: at least 8 hex digits of its fingerprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{8,}$"))]
    pub fingerprint: Option<String>,
    /// Why it is accepted.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// Who answers for it.
    #[schemars(length(min = 1))]
    pub owner: String,
    /// Where it is discussed: a name, or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    /// Who approved it; not the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
    /// The day on which it was written, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub created: Option<String>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub expires: String,
}

/// A ticket's name or number.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(missing_docs)] // the variants are types
pub enum Ticket {
    Name(String),
    Number(u64),
}

/// A resource: its identity, or its parts. Globs are allowed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ResourceEntry {
    /// `Deployment/shop/web`, `aws_s3_bucket.logs`.
    Name(String),
    /// By its parts.
    Parts(ResourceParts),
}

/// A resource by its parts; what is left out means any.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceParts {
    /// `Deployment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The namespace; empty for what has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A Terraform address, alone. Without indices it means every instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::waiver::file::{KEYS, RESOURCE_KEYS};

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let keys = |schema: schemars::Schema| -> BTreeSet<String> {
            schema.get("properties").unwrap().as_object().unwrap().keys().cloned().collect()
        };
        let known = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(keys(schemars::schema_for!(WaiverEntry)), known(&KEYS));
        assert_eq!(keys(schemars::schema_for!(ResourceParts)), known(&RESOURCE_KEYS));
    }
}
