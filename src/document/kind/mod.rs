//! What a document is about, found from its content first and its name second.
//!
//! A new kind is one entry of [`kinds!`]: its name, how it is recognised, and
//! how the resource that a path lies in is named. Entries are asked in order.

mod detect;
mod resource;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::detect::Clues;
pub use self::detect::{has_template_marks, is_helm_template};
use super::{Format, Path, Step};
use crate::engine::Value;

macro_rules! kinds {
    ($($kind:ident, $name:literal, $detect:expr, $resource:expr;)*) => {
        /// What a document is about: which rules are for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs)] // each variant is the kind of that name
        pub enum Kind {
            $($kind,)*
        }

        impl Kind {
            /// Every kind, in the order of the documentation.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// The kind's name in settings, policies and reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            fn entry(self) -> Entry {
                match self {
                    $(Self::$kind => Entry { detect: $detect, resource: $resource },)*
                }
            }
        }
    };
}

/// What the table says of one kind besides its name.
struct Entry {
    detect: fn(&Clues<'_>) -> bool,
    /// Where the name of the resource that the path lies in stands, and its identity.
    resource: fn(&Value, &Path) -> Option<(Path, String)>,
}

kinds! {
    Kubernetes, "kubernetes", detect::kubernetes, resource::kubernetes;
    Kustomization, "kustomization", detect::kustomization, resource::kubernetes;
    // Not YAML yet: `is_helm_template` decides before anything is parsed.
    HelmTemplate, "helm-template", |_| false, |_, _| None;
    Cloudformation, "cloudformation", detect::cloudformation, resource::cloudformation;
    Terraform, "terraform", detect::terraform, resource::terraform;
    TerraformPlan, "terraform-plan", detect::terraform_plan, resource::terraform_plan;
    Dockerfile, "dockerfile", detect::dockerfile, resource::dockerfile;
    Compose, "compose", detect::compose, resource::compose;
    GithubWorkflow, "github-workflow", detect::github_workflow, resource::github_workflow;
    Trivy, "trivy", detect::trivy, resource::trivy;
    Sarif, "sarif", detect::sarif, resource::sarif;
    Junit, "junit", detect::junit, resource::junit;
    Unknown, "unknown", |_| true, |_, _| None;
}

impl Kind {
    /// What the document `value` of the file `path` is about. Helm templates
    /// are not documents and never found here: see [`is_helm_template`].
    #[must_use]
    pub fn detect(path: &str, format: Format, value: &Value) -> Self {
        let clues = Clues { path, format, value };
        Self::ALL.into_iter().find(|kind| (kind.entry().detect)(&clues)).unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// For findings about a whole document: the path of the value that names it,
/// and its identity, such as `Deployment/shop/web`.
#[must_use]
pub fn resource_name(kind: Kind, value: &Value) -> Option<(Path, String)> {
    (kind.entry().resource)(value, &Path::default())
}

/// The identity of the resource that `path` lies in; empty when it lies in none.
///
/// `Deployment/shop/web`, `aws_s3_bucket.logs`, a logical id of CloudFormation,
/// a job, a service, a build stage, a scan's target, `suite/case`.
#[must_use]
pub fn resource_at(kind: Kind, value: &Value, path: &Path) -> String {
    (kind.entry().resource)(value, path).map_or_else(String::new, |(_, name)| name)
}

/// The path of all that belongs to the resource that `path` lies in; the whole document when that is one.
///
/// A build stage is no value of its own: its instructions stand side by side.
#[must_use]
pub fn resource_root(kind: Kind, value: &Value, path: &Path) -> Path {
    let Some((named, _)) = (kind.entry().resource)(value, path) else { return Path::default() };
    match kind {
        Kind::Cloudformation | Kind::Compose | Kind::Terraform => named,
        Kind::GithubWorkflow if named.0.len() == 2 => named,
        // These are called by what stands in them.
        Kind::TerraformPlan | Kind::Trivy | Kind::Junit => named.prefix(named.0.len().saturating_sub(1)),
        Kind::Kubernetes if matches!(named.0.as_slice(), [Step::Key(list), Step::Index(_), ..] if **list == *"items") => {
            named.prefix(2)
        }
        _ => Path::default(),
    }
}

#[cfg(test)]
mod tests;
