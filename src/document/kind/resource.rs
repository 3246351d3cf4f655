//! What the resource that a path lies in is called, kind by kind.
//!
//! Each function gives the path of the value that names the resource, for
//! findings about all of it, and its identity. The empty path asks for the document's own.

use crate::document::{Path, Step, field};
use crate::engine::Value;

pub(super) fn get<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| field(value, key))
}

pub(super) fn text<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    get(value, keys).and_then(|value| value.as_string().ok()).map(|text| &**text)
}

fn key(path: &Path, at: usize) -> Option<&str> {
    match path.0.get(at)? {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    }
}

fn keys(steps: &[&str]) -> Path {
    Path(steps.iter().map(|step| Step::from(*step)).collect())
}

/// `section.NAME` is called NAME.
fn named_in(section: &str, value: &Value, path: &Path) -> Option<(Path, String)> {
    let name = key(path, 1).filter(|_| key(path, 0) == Some(section))?;
    let prefix = path.prefix(2);
    prefix.get(value)?;
    Some((prefix, name.to_owned()))
}

pub(super) fn kubernetes(value: &Value, path: &Path) -> Option<(Path, String)> {
    // An item of a `List` that was not cut up names itself.
    let in_list = key(path, 0) == Some("items") && path.0.len() > 1;
    let item = path.prefix(2);
    let (root, base) = match item.get(value).filter(|item| in_list && text(item, &["kind"]).is_some()) {
        Some(found) => (found, item),
        None => (value, Path::default()),
    };
    let kind = text(root, &["kind"])?;
    let names = [["metadata", "name"], ["metadata", "generateName"]];
    let under = |steps: &[&str]| Path(base.0.iter().cloned().chain(keys(steps).0).collect());
    let Some((at, name)) = names.iter().find_map(|at| Some((at, text(root, at)?))) else {
        return Some((under(&["kind"]), kind.to_owned()));
    };
    let identity = match text(root, &["metadata", "namespace"]) {
        Some(namespace) => format!("{kind}/{namespace}/{name}"),
        None => format!("{kind}/{name}"),
    };
    Some((under(at), identity))
}

pub(super) fn cloudformation(value: &Value, path: &Path) -> Option<(Path, String)> {
    named_in("Resources", value, path)
}

pub(super) fn compose(value: &Value, path: &Path) -> Option<(Path, String)> {
    named_in("services", value, path)
}

pub(super) fn github_workflow(value: &Value, path: &Path) -> Option<(Path, String)> {
    named_in("jobs", value, path).or_else(|| text(value, &["name"]).map(|name| (keys(&["name"]), name.to_owned())))
}

/// Labels may have arrays between them: blocks of one type come as a list.
pub(super) fn terraform(_: &Value, path: &Path) -> Option<(Path, String)> {
    let block = key(path, 0)?;
    let (labels, prefix) = match block {
        "resource" => (2, ""),
        "data" => (2, "data."),
        "module" => (1, "module."),
        "provider" => (1, "provider."),
        "variable" => (1, "var."),
        "output" => (1, "output."),
        "locals" => (1, "local."),
        _ => return None,
    };
    let mut found = Vec::new();
    for (at, step) in path.0.iter().enumerate().skip(1) {
        if let Step::Key(label) = step {
            found.push(&**label);
            if found.len() == labels {
                return Some((path.prefix(at + 1), format!("{prefix}{}", found.join("."))));
            }
        }
    }
    None
}

pub(super) fn terraform_plan(value: &Value, path: &Path) -> Option<(Path, String)> {
    (1..=path.0.len()).find_map(|depth| {
        let prefix = path.prefix(depth);
        let found = prefix.get(value)?;
        text(found, &["type"])?;
        let address = text(found, &["address"])?;
        Some((prefix.child("address"), address.to_owned()))
    })
}

/// The stage; for the whole file the last one, which is what is shipped.
pub(super) fn dockerfile(value: &Value, path: &Path) -> Option<(Path, String)> {
    let instructions = value.as_array().ok()?;
    let stage = match path.0.first() {
        Some(Step::Index(at)) => Some(get(instructions.get(*at)?, &["Stage"])?),
        _ => None,
    };
    let (at, from) = instructions.iter().enumerate().rev().find(|(_, instruction)| {
        text(instruction, &["Cmd"]) == Some("from")
            && stage.is_none_or(|stage| get(instruction, &["Stage"]) == Some(stage))
    })?;
    let words = get(from, &["Value"])?.as_array().ok()?;
    let named = if words.len() > 2 { 2 } else { 0 };
    let name = words.get(named)?.as_string().ok()?;
    Some((Path(vec![at.into(), "Value".into(), named.into()]), name.to_string()))
}

pub(super) fn trivy(value: &Value, path: &Path) -> Option<(Path, String)> {
    let result = path.prefix(2);
    let target = result.get(value).filter(|_| key(path, 0) == Some("Results")).and_then(|it| text(it, &["Target"]));
    match target {
        Some(target) => Some((result.child("Target"), target.to_owned())),
        None => text(value, &["ArtifactName"]).map(|name| (keys(&["ArtifactName"]), name.to_owned())),
    }
}

/// The file that a result is about, or else the tool.
pub(super) fn sarif(value: &Value, path: &Path) -> Option<(Path, String)> {
    let run = if key(path, 0) == Some("runs") && path.0.len() > 1 { path.prefix(2) } else { keys(&["runs"]).child(0) };
    let uri = ["physicalLocation", "artifactLocation", "uri"];
    if key(path, 2) == Some("results") && path.0.len() > 3 {
        let location = path.prefix(4).child("locations").child(0);
        if let Some(name) = location.get(value).and_then(|location| text(location, &uri)) {
            let at = uri.iter().fold(location, |at, step| at.child(*step));
            return Some((at, name.to_owned()));
        }
    }
    let tool = ["tool", "driver", "name"];
    let name = text(run.get(value)?, &tool)?;
    Some((tool.iter().fold(run, |at, step| at.child(*step)), name.to_owned()))
}

/// The names of the suites and the case on the way, joined by `/`.
pub(super) fn junit(value: &Value, path: &Path) -> Option<(Path, String)> {
    let mut names = Vec::new();
    let mut at = None;
    let mut last = "";
    for (depth, step) in path.0.iter().enumerate() {
        if let Step::Key(key) = step {
            last = key;
        }
        if !matches!(last, "testsuite" | "testcase") {
            continue;
        }
        let prefix = path.prefix(depth + 1);
        if let Some(name) = prefix.get(value).and_then(|found| text(found, &["-name"])) {
            names.push(name.to_owned());
            at = Some(prefix.child("-name"));
        }
    }
    if let Some(at) = at {
        return Some((at, names.join("/")));
    }
    ["testsuites", "testsuite"]
        .iter()
        .find_map(|root| text(value, &[root, "-name"]).map(|name| (keys(&[root, "-name"]), name.to_owned())))
}
