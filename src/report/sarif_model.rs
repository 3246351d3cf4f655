//! The part of SARIF 2.1.0 that is written, as plain serde structs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::record::CountsRecord;
use crate::judge::WaiverUse;

/// A text of SARIF.
#[derive(Serialize)]
pub struct Message<'a> {
    pub text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

impl<'a> Message<'a> {
    /// A plain text.
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), markdown: None }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [RunLog<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunLog<'a> {
    pub tool: ToolLog<'a>,
    pub invocations: [Invocation<'a>; 1],
    pub automation_details: Automation,
    pub original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    pub column_kind: &'static str,
    pub results: Vec<ResultLog<'a>>,
    pub properties: RunProperties<'a>,
}

/// What SARIF has no word for: what was seen, and on which day.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunProperties<'a> {
    pub as_of: &'a str,
    pub reasons: &'a [String],
    pub counts: CountsRecord<'a>,
    pub idle_rules: &'a [String],
    pub waivers: &'a [WaiverUse],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which analysis a run belongs to: code scanning keeps the results of each apart.
#[derive(Serialize)]
pub struct Automation {
    pub id: &'static str,
}

#[derive(Serialize)]
pub struct BaseId {
    pub description: Message<'static>,
}

#[derive(Serialize)]
pub struct ToolLog<'a> {
    pub driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver<'a> {
    pub name: &'static str,
    pub version: &'static str,
    pub semantic_version: &'static str,
    pub information_uri: &'static str,
    pub rules: Vec<RuleLog<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleLog<'a> {
    pub id: &'a str,
    pub short_description: Message<'a>,
    pub full_description: Message<'a>,
    pub help: Message<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<&'a str>,
    pub default_configuration: Configuration,
    pub properties: RuleProperties,
}

#[derive(Serialize)]
pub struct Configuration {
    pub level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleProperties {
    pub tags: Vec<String>,
    pub security_severity: &'static str,
    pub precision: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation<'a> {
    pub execution_successful: bool,
    pub exit_code: u8,
    pub tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
pub struct Notification<'a> {
    pub descriptor: Descriptor,
    pub level: &'static str,
    pub message: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
pub struct Descriptor {
    pub id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultLog<'a> {
    pub rule_id: &'a str,
    pub rule_index: usize,
    pub level: &'static str,
    pub message: Message<'a>,
    pub locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location<'a>>,
    pub partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Suppression>,
    pub properties: ResultProperties,
}

#[derive(Serialize)]
pub struct Fingerprints<'a> {
    #[serde(rename = "primaryLocationLineHash")]
    pub line: String,
    #[serde(rename = "regate/v1")]
    pub regate: &'a str,
}

#[derive(Serialize)]
pub struct Suppression {
    pub kind: &'static str,
    pub status: &'static str,
    pub justification: String,
}

#[derive(Serialize)]
pub struct ResultProperties {
    pub severity: &'static str,
    pub disposition: &'static str,
}

#[allow(clippy::struct_field_names)] // SARIF's own names
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: Physical<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<Logical<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Physical<'a> {
    pub artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionLog<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLocation {
    pub uri: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_base_id: Option<&'static str>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionLog<'a> {
    pub start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet<'a>>,
}

/// The text of a region.
#[derive(Serialize)]
pub struct Snippet<'a> {
    pub text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Logical<'a> {
    pub fully_qualified_name: Cow<'a, str>,
    pub kind: &'static str,
}
