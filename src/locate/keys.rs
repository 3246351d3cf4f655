//! What keys say by their names, whatever the policy does with them.

use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::Fact;

/// Keys that say what a thing is, and so which rules are for it.
const DISCRIMINATORS: [&str; 10] =
    ["kind", "apiVersion", "type", "_type", "Cmd", "operation", "mode", "provider", "group", "resource"];

/// Keys that say which one a thing is.
const NAMES: [&str; 8] = ["name", "id", "key", "uid", "uuid", "arn", "address", "namespace"];

/// Whether a key says which one a thing is.
pub(super) fn is_name(step: &Step) -> bool {
    let Step::Key(key) = step else { return false };
    let plain = key.trim_start_matches(['@', '_', '#']);
    NAMES.contains(&&*plain.to_ascii_lowercase()) || ["ID", "Id", "_id", "-id"].iter().any(|end| plain.ends_with(end))
}

/// Whether `path` leads to what only says what a thing is, or what a Terraform plan does with it.
#[must_use]
pub fn is_discriminator(path: &Path) -> bool {
    let steps = match path.0.as_slice() {
        [steps @ .., Step::Index(_)] => steps,
        steps => steps,
    };
    match steps {
        [.., Step::Key(change), Step::Key(actions)] if &**change == "change" && &**actions == "actions" => true,
        [.., Step::Key(key)] => steps.len() == path.0.len() && DISCRIMINATORS.contains(&&**key),
        _ => false,
    }
}

/// Keys under which a report says how bad something is.
pub(super) fn is_verdict(step: &Step) -> bool {
    let keys = ["severity", "level", "risk", "riskcode"];
    matches!(step, Step::Key(key) if keys.contains(&&*key.to_ascii_lowercase()))
}

/// Who asks for what stands for everything means that.
pub(super) fn is_everything(value: &Value) -> bool {
    let all = ["*", "0.0.0.0/0", "::/0", "any", "internet"];
    value.as_string().is_ok_and(|text| all.iter().any(|one| text.eq_ignore_ascii_case(one)))
}

pub(super) fn says_which(path: &Path) -> bool {
    is_discriminator(path) || path.0.last().is_some_and(is_name)
}

/// What a Terraform plan does with a resource.
pub(super) fn is_action(path: &Path) -> bool {
    in_change(path, &["actions"])
}

/// What a plan says of how things were, or of what is not known yet: nobody wrote that.
pub(super) fn is_before(path: &Path) -> bool {
    in_change(path, &["before", "after_unknown", "before_sensitive"])
}

fn in_change(path: &Path, parts: &[&str]) -> bool {
    let is = |pair: &[Step]| matches!(pair, [Step::Key(change), Step::Key(part)] if &**change == "change" && parts.contains(&&**part));
    path.0.windows(2).any(is)
}

pub(super) fn is_kind(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Key(key)) if matches!(&**key, "kind" | "apiVersion"))
}

pub(super) fn is_version(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Key(key)) if &**key == "apiVersion")
}

/// Whether a Terraform plan says that it deletes something: nobody has a rule for that without meaning it.
pub(super) fn deletes(root: &Value, fact: &Fact) -> bool {
    let delete = Value::from("delete");
    !fact.failed
        && fact.path.get(root).is_some_and(|value| match value {
            Value::Array(items) => items.contains(&delete),
            value => *value == delete,
        })
}

/// Whether it tells of an exemption, or of a way out of a weakness, which is none itself.
pub(super) fn is_way_out(path: &Path) -> bool {
    path.0.last().is_some_and(exempts) || path.0.contains(&Step::from("fix"))
}

/// Whether a key sounds like an exemption.
fn exempts(step: &Step) -> bool {
    let Step::Key(key) = step else { return false };
    let key = key.to_ascii_lowercase();
    let mended = ["fixedversion", "fixedin", "fixed_version", "isupgradable", "ispatchable", "fixavailable"];
    let words = ["exempt", "exception", "ignor", "waive", "suppress", "whitelist"];
    words.iter().any(|word| key.contains(word)) || mended.contains(&&*key)
}

/// A Gatekeeper constraint's parameters are never the place.
pub(super) fn is_parameter(root: &Value, path: &Path) -> bool {
    let first = |name: &str| matches!(path.0.first(), Some(Step::Key(key)) if &**key == name);
    let below = |name: &str| matches!(path.0.get(2), Some(Step::Key(key)) if &**key == name);
    first("parameters") && Step::from("review").get(root).is_some() || first("constraint") && below("parameters")
}

/// The resource's own kind or version, below Gatekeeper's wrapping too; and in a
/// list of documents what says which one it is.
pub(super) fn is_identity(root: &Value, path: &Path) -> bool {
    if let [Step::Index(_), Step::Key(key)] = path.0.as_slice()
        && matches!(&**key, "path" | "kind")
        && path.prefix(1).child("contents").get(root).is_some()
    {
        return true;
    }
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Index(_) => None,
        })
        .collect();
    matches!(
        keys.as_slice(),
        ["kind" | "apiVersion"]
            | ["review", "kind" | "operation"]
            | ["review", "kind", _]
            | ["review", "object", "kind" | "apiVersion"]
    )
}

/// Whether the entries under a key select something, or are selected by.
pub(super) fn is_map(key: &str) -> bool {
    matches!(key, "labels" | "matchLabels" | "selector")
}

/// Keys that tell kinds apart, and are settings as well.
pub(super) fn is_mode(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Key(key)) if matches!(&**key, "mode" | "type"))
}
