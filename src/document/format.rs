//! How a file is written, found from its name.

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

/// Files that tools write for themselves: no policy is for them, and they are large.
const LOCK_FILES: [&str; 10] = [
    ".terraform.lock.hcl",
    "bun.lock",
    "cargo.lock",
    "composer.lock",
    "deno.lock",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pipfile.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
];

const EXTENSIONS: [(&str, Format); 15] = [
    ("yaml", Format::Yaml),
    ("yml", Format::Yaml),
    ("json", Format::Json),
    ("sarif", Format::Json),
    ("jsonc", Format::Jsonc),
    ("json5", Format::Jsonc),
    ("ndjson", Format::Ndjson),
    ("jsonl", Format::Ndjson),
    ("toml", Format::Toml),
    ("tf", Format::Hcl),
    ("tofu", Format::Hcl),
    ("tfvars", Format::Hcl),
    ("hcl", Format::Hcl),
    ("dockerfile", Format::Dockerfile),
    ("xml", Format::Xml),
];

impl Format {
    /// The format of the file at `path`, from its name alone; none for a name
    /// that says nothing, and for lock files. Upper and lower case are the same.
    ///
    /// A Helm helper (`.tpl`) counts as YAML, so that it is seen and named as
    /// not checked rather than passed over.
    #[must_use]
    pub fn detect(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
        if LOCK_FILES.contains(&name.as_str()) {
            return None;
        }
        let is = |word: &str| name == word || name.strip_prefix(word).is_some_and(|rest| rest.starts_with('.'));
        if is("dockerfile") && !name.ends_with(".dockerignore") || is("containerfile") {
            return Some(Self::Dockerfile);
        }
        let extension = name.rsplit_once('.')?.1;
        if extension == "tpl" && is_in(path, "templates") {
            return Some(Self::Yaml);
        }
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format)
    }
}

/// Whether `folder` is one of the folders that `path` goes through.
pub(super) fn is_in(path: &str, folder: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']);
    parts.next();
    parts.any(|part| part == folder)
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Jsonc => "JSON with comments",
            Self::Ndjson => "NDJSON",
            Self::Toml => "TOML",
            Self::Hcl => "HCL",
            Self::Dockerfile => "Dockerfile",
            Self::Xml => "XML",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format() {
        let cases = [
            ("a/b.YML", Some(Format::Yaml)),
            (".github/workflows/x.yaml", Some(Format::Yaml)),
            ("out.sarif", Some(Format::Json)),
            ("main.tf.json", Some(Format::Json)),
            ("main.tf", Some(Format::Hcl)),
            ("prod.auto.tfvars", Some(Format::Hcl)),
            ("x.json5", Some(Format::Jsonc)),
            ("x.jsonl", Some(Format::Ndjson)),
            ("Dockerfile", Some(Format::Dockerfile)),
            ("a/Dockerfile.prod", Some(Format::Dockerfile)),
            ("api.dockerfile", Some(Format::Dockerfile)),
            ("Containerfile", Some(Format::Dockerfile)),
            ("Dockerfile.dockerignore", None),
            ("chart/templates/_helpers.tpl", Some(Format::Yaml)),
            ("other.tpl", None),
            ("junit.xml", Some(Format::Xml)),
            ("Cargo.toml", Some(Format::Toml)),
            ("Cargo.lock", None),
            ("package-lock.json", None),
            (".terraform.lock.hcl", None),
            ("README.md", None),
            ("yaml", None),
        ];
        for (path, format) in cases {
            assert_eq!(Format::detect(path), format, "{path}");
        }
    }
}
