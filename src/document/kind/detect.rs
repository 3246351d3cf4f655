//! How each kind is recognised.

use super::resource::{get, text};
use crate::document::Format;
use crate::document::format::is_in;
use crate::engine::Value;

/// What is known of a document before its kind is.
pub(super) struct Clues<'a> {
    pub(super) path: &'a str,
    pub(super) format: Format,
    pub(super) value: &'a Value,
}

impl Clues<'_> {
    fn has(&self, key: &str) -> bool {
        get(self.value, &[key]).is_some()
    }

    fn text(&self, key: &str) -> Option<&str> {
        text(self.value, &[key])
    }

    fn file_name(&self) -> String {
        self.path.rsplit(['/', '\\']).next().unwrap_or("").to_ascii_lowercase()
    }

    fn is_object(&self) -> bool {
        self.value.as_object().is_ok()
    }
}

/// Kustomize's own group; Flux's `kustomize.toolkit.fluxcd.io` is a cluster's resource.
const KUSTOMIZE: &str = "kustomize.config.k8s.io/";

pub(super) fn kubernetes(clues: &Clues<'_>) -> bool {
    let version = clues.text("apiVersion");
    version.is_some_and(|version| !version.starts_with(KUSTOMIZE)) && clues.text("kind").is_some()
}

pub(super) fn kustomization(clues: &Clues<'_>) -> bool {
    let named = matches!(clues.file_name().as_str(), "kustomization.yaml" | "kustomization.yml" | "kustomization");
    clues.text("apiVersion").is_some_and(|version| version.starts_with(KUSTOMIZE)) || named && clues.is_object()
}

pub(super) fn cloudformation(clues: &Clues<'_>) -> bool {
    let typed = |resource: &Value| text(resource, &["Type"]).is_some_and(|name| name.matches("::").count() >= 1);
    clues.has("AWSTemplateFormatVersion")
        || get(clues.value, &["Resources"])
            .and_then(|resources| resources.as_object().ok())
            .is_some_and(|resources| resources.iter().any(|(_, resource)| typed(resource)))
}

pub(super) fn terraform(clues: &Clues<'_>) -> bool {
    let name = clues.file_name();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match clues.format {
        Format::Hcl => {
            ends(&[".tf", ".tofu", ".tfvars"])
                || ["resource", "data", "module", "terraform"].into_iter().any(|block| clues.has(block))
        }
        Format::Json => ends(&[".tf.json", ".tofu.json", ".tfvars.json"]),
        _ => false,
    }
}

pub(super) fn terraform_plan(clues: &Clues<'_>) -> bool {
    clues.has("format_version")
        && clues.has("terraform_version")
        && (clues.has("planned_values") || clues.has("resource_changes"))
}

pub(super) fn dockerfile(clues: &Clues<'_>) -> bool {
    clues.format == Format::Dockerfile
}

pub(super) fn compose(clues: &Clues<'_>) -> bool {
    let name = clues.file_name();
    let named = ["compose.", "compose-", "docker-compose"].iter().any(|start| name.starts_with(start));
    let Some(services) = get(clues.value, &["services"]).and_then(|services| services.as_object().ok()) else {
        return named && clues.has("include");
    };
    let runs = |service: &Value| ["image", "build", "extends"].iter().any(|key| get(service, &[key]).is_some());
    named || !services.is_empty() && services.iter().all(|(_, service)| runs(service))
}

pub(super) fn github_workflow(clues: &Clues<'_>) -> bool {
    let placed = clues.path.replace('\\', "/").contains(".github/workflows/");
    // YAML 1.1 reads the key `on` as true, and conftest makes a string of that.
    let triggered = clues.has("on") || clues.has("true");
    let Some(jobs) = get(clues.value, &["jobs"]).and_then(|jobs| jobs.as_object().ok()) else {
        return placed && clues.is_object();
    };
    let works = |job: &Value| ["runs-on", "uses", "steps"].iter().any(|key| get(job, &[key]).is_some());
    placed || triggered && jobs.iter().any(|(_, job)| works(job))
}

pub(super) fn trivy(clues: &Clues<'_>) -> bool {
    clues.has("SchemaVersion") && (clues.has("Results") || clues.has("ArtifactName"))
}

pub(super) fn sarif(clues: &Clues<'_>) -> bool {
    get(clues.value, &["runs"]).is_some_and(|runs| runs.as_array().is_ok())
        && (clues.text("version") == Some("2.1.0")
            || clues.text("$schema").is_some_and(|schema| schema.contains("sarif")))
}

pub(super) fn junit(clues: &Clues<'_>) -> bool {
    clues.format == Format::Xml && (clues.has("testsuites") || clues.has("testsuite"))
}

/// Whether the file is a Helm template and must be rendered before it can be
/// checked: a `.tpl`, YAML with template marks in a folder `templates`, or YAML
/// with a mark where a line starts, which YAML does not read.
///
/// Ask before parsing. A file that then fails to parse and has
/// [`has_template_marks`] is a template too.
#[must_use]
pub fn is_helm_template(path: &str, text: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    match extension.as_str() {
        "tpl" => true,
        "yaml" | "yml" => has_template_marks(text) && (is_in(path, "templates") || text.lines().any(is_template_line)),
        _ => false,
    }
}

/// Whether `{{` occurs other than in `${{`, which is an expression of GitHub's workflows.
#[must_use]
pub fn has_template_marks(text: &str) -> bool {
    text.match_indices("{{").any(|(at, _)| !text.get(..at).unwrap_or("").ends_with(['$', '{']))
}

/// `{{- if …}}` on a line of its own; a mark in the text of a block scalar
/// rather has words before it.
fn is_template_line(line: &str) -> bool {
    let line = line.trim();
    let Some(body) = line.strip_prefix("{{").map(|body| body.trim_start_matches('-').trim_start()) else {
        return false;
    };
    line.ends_with("}}")
        && ["if ", "else", "end", "range ", "with ", "include ", "template ", "define ", "block ", "/*"]
            .iter()
            .any(|word| body.starts_with(word))
}
