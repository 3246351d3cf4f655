//! Images: their names in full, and where manifests use them.

use crate::document::{Document, Kind, Path, Step};
use crate::engine::Value;

/// A container image by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Registry and repository in full: `docker.io/library/nginx`.
    pub name: String,
    /// Its tag; none where only a digest is given.
    pub tag: Option<String>,
    /// `sha256:…`.
    pub digest: Option<String>,
}

impl Image {
    /// Reads a reference. Docker Hub is the default registry, `latest` the default tag.
    pub fn parse(text: &str) -> Self {
        let (rest, digest) = match text.trim().split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_ascii_lowercase())),
            None => (text.trim(), None),
        };
        let last = rest.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match rest.get(last..).and_then(|last| last.find(':')) {
            Some(at) => (rest.get(..last + at).unwrap_or(rest), rest.get(last + at + 1..).map(str::to_owned)),
            None => (rest, digest.is_none().then(|| "latest".to_owned())),
        };
        let (registry, path) = match name.split_once('/') {
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (first, path),
            _ => ("docker.io", name),
        };
        let hub = matches!(registry, "docker.io" | "index.docker.io" | "registry-1.docker.io");
        let name = match (hub, path.contains('/')) {
            (true, true) => format!("docker.io/{path}"),
            (true, false) => format!("docker.io/library/{path}"),
            (false, _) => format!("{registry}/{path}"),
        };
        Self { name, tag, digest }
    }

    /// Whether a report of all these names is about this image. A digest is the content itself,
    /// so it is enough, and nothing else will do.
    pub fn is_covered_by(&self, names: &[Self]) -> bool {
        names.iter().any(|other| match &self.digest {
            Some(digest) => other.digest.as_ref() == Some(digest),
            None => other.name == self.name && other.tag == self.tag,
        })
    }

    /// The digests of a report that has this image's name.
    pub fn other_digests<'a>(&self, names: &'a [Self]) -> Vec<&'a str> {
        if !names.iter().any(|other| other.name == self.name) {
            return Vec::new();
        }
        names.iter().filter_map(|other| other.digest.as_deref()).collect()
    }
}

/// The images that a manifest runs, and where they stand in it.
pub fn used(document: &Document) -> Vec<(String, Path)> {
    let holders: &[&str] = match document.kind {
        Kind::Kubernetes => &["containers", "initContainers", "ephemeralContainers"],
        Kind::Compose => &["services"],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut left = vec![(Path::default(), &document.value)];
    while let Some((path, value)) = left.pop() {
        for (step, child) in children(value) {
            let holds = matches!(&step, Step::Key(key) if holders.contains(&&**key));
            let path = path.child(step);
            if holds {
                for (step, item) in children(child) {
                    if let Some(Value::String(text)) = Step::from("image").get(item) {
                        found.push((text.to_string(), path.child(step).child("image")));
                    }
                }
            }
            left.push((path, child));
        }
    }
    found
}

fn children(value: &Value) -> Vec<(Step, &Value)> {
    match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (Step::Index(at), item)).collect(),
        Value::Object(fields) => {
            fields.iter().filter_map(|(key, value)| Some((Step::from_value(key)?, value))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_one_name_in_full() {
        for (text, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("docker.io/nginx:1.27", "docker.io/library/nginx:1.27"),
            ("index.docker.io/library/nginx", "docker.io/library/nginx:latest"),
            ("bitnami/redis:7", "docker.io/bitnami/redis:7"),
            ("localhost:5000/a/b", "localhost:5000/a/b:latest"),
            ("ghcr.io/a/b:1@SHA256:ab", "ghcr.io/a/b:1@sha256:ab"),
            ("ghcr.io/a/b@sha256:ab", "ghcr.io/a/b@sha256:ab"),
        ] {
            let image = Image::parse(text);
            let tag = image.tag.map_or_else(String::new, |tag| format!(":{tag}"));
            let digest = image.digest.map_or_else(String::new, |digest| format!("@{digest}"));
            assert_eq!(format!("{}{tag}{digest}", image.name), full, "{text}");
        }
    }
}
