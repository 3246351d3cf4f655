//! The policies inside the binary.

use include_dir::{Dir, DirEntry, include_dir};

use super::load::PolicySources;
use crate::document::Kind;
use crate::engine::ModuleText;

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// The folder of modules that every pack may import.
const LIBRARY: &str = "lib";

/// The names of the built-in packs, sorted.
#[must_use]
pub fn builtin_packs() -> Vec<&'static str> {
    let mut names: Vec<_> =
        POLICIES.dirs().filter_map(|dir| dir.path().to_str()).filter(|name| *name != LIBRARY).collect();
    names.sort_unstable();
    names
}

/// The modules of the packs that `wanted` accepts by name, and the library they share.
#[must_use]
pub fn builtin_sources(wanted: impl Fn(&str) -> bool) -> PolicySources {
    let mut sources = PolicySources::default();
    for dir in POLICIES.dirs() {
        let name = dir.path().to_str().unwrap_or("");
        if name == LIBRARY || wanted(name) {
            collect(dir, &mut sources);
        }
    }
    sources.modules.sort_by(|a, b| a.name.cmp(&b.name));
    sources.tests.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

/// The ids of all built-in rules, from their metadata's text: without loading them.
#[must_use]
pub fn builtin_ids() -> Vec<String> {
    let modules = builtin_sources(|_| true).modules;
    let ids = modules.iter().flat_map(|module| module.text.lines()).filter_map(|line| {
        let id = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("id:")?.trim();
        (!id.is_empty()).then(|| id.to_owned())
    });
    ids.collect()
}

/// The modules of the packs that have a rule for one of `kinds`.
#[must_use]
pub fn builtin_sources_for(kinds: &[Kind]) -> PolicySources {
    let fits =
        |pack: &str| kinds.iter().any(|kind| PACKS.iter().any(|(name, its)| *name == pack && its.contains(kind)));
    if kinds.is_empty() { PolicySources::default() } else { builtin_sources(fits) }
}

/// Which kinds each pack is for; a test holds it against the rules' metadata.
const PACKS: &[(&str, &[Kind])] = &[
    ("cloudformation", &[Kind::Cloudformation]),
    ("compose", &[Kind::Compose]),
    ("dockerfile", &[Kind::Dockerfile]),
    ("github-workflow", &[Kind::GithubWorkflow]),
    ("kubernetes", &[Kind::Kubernetes]),
    ("terraform", &[Kind::Terraform]),
    ("tests", &[Kind::Junit]),
    ("vulnerabilities", &[Kind::Trivy, Kind::Sarif]),
];

fn collect(dir: &Dir<'_>, sources: &mut PolicySources) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, sources),
            DirEntry::File(file) => {
                let Some(path) = file.path().to_str() else { continue };
                let (Some(text), true) = (file.contents_utf8(), path.ends_with(".rego")) else { continue };
                let module = ModuleText { name: format!("builtin:{path}"), text: text.to_owned() };
                if path.ends_with("_test.rego") { sources.tests.push(module) } else { sources.modules.push(module) }
            }
        }
    }
}
