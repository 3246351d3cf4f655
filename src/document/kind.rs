//! What a document is about, found from its content first and its name second.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each variant is the format of that name
pub enum Format {
    Yaml,
    Json,
    Jsonc,
    Ndjson,
    Toml,
    Hcl,
    Dockerfile,
    Xml,
}

/// What a document is about: which rules are for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each variant is the kind of that name
pub enum Kind {
    Kubernetes,
    Kustomization,
    HelmTemplate,
    Cloudformation,
    Terraform,
    TerraformPlan,
    Dockerfile,
    Compose,
    GithubWorkflow,
    Trivy,
    Sarif,
    Junit,
    Unknown,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 13] = [
        Self::Kubernetes,
        Self::Kustomization,
        Self::HelmTemplate,
        Self::Cloudformation,
        Self::Terraform,
        Self::TerraformPlan,
        Self::Dockerfile,
        Self::Compose,
        Self::GithubWorkflow,
        Self::Trivy,
        Self::Sarif,
        Self::Junit,
        Self::Unknown,
    ];

    /// The kind's name in settings, policies and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Kustomization => "kustomization",
            Self::HelmTemplate => "helm-template",
            Self::Cloudformation => "cloudformation",
            Self::Terraform => "terraform",
            Self::TerraformPlan => "terraform-plan",
            Self::Dockerfile => "dockerfile",
            Self::Compose => "compose",
            Self::GithubWorkflow => "github-workflow",
            Self::Trivy => "trivy",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
