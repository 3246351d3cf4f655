//! Where the parts of a plan (`terraform show -json`) are written in `.tf` files.
//!
//! A plan names each resource by its address, so a path into it is an address
//! and a path of an attribute: `planned_values…resources[3].values.acl` is
//! `module.store[0].aws_s3_bucket.logs["a"]` and `acl`. The address is followed
//! through the module blocks whose `source` is a folder on disk, indices of
//! `count` and `for_each` left out; the attribute is followed as far as the block
//! is written out. Where it ends early (an attribute that is not written, an
//! expression that makes a list) the nearest written part stands for it, and the
//! block's header for an attribute that is not there.
//!
//! A place is not guessed: with two modules that could be the root and hold the
//! address there is none, and a block of several is only taken when what it
//! writes agrees with the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::address::{address, block_path};
use crate::document::{Document, Format, Path, Step};
use crate::engine::Value;
use crate::source::{Source, Span};

/// How many modules deep an address may go.
const MAX_MODULES: usize = 32;

/// The blocks of all Terraform files of a run.
#[derive(Debug, Default)]
pub struct PlanIndex {
    files: Vec<Document>,
    /// Folder and address to the file's number and the block's path.
    blocks: BTreeMap<(String, String), (usize, Path)>,
    folders: BTreeSet<String>,
}

/// Where a part of a plan is written.
#[derive(Debug, Clone)]
pub struct PlanPlace {
    /// The `.tf` file.
    pub source: Arc<Source>,
    /// The attribute's value there, or the block's header.
    pub span: Span,
    /// The path of that in the file's document.
    pub path: Path,
    /// Whether it is the very attribute, not the nearest written part.
    pub exact: bool,
}

/// A resource's address taken apart.
struct Target {
    modules: Vec<String>,
    /// Without modules and indices.
    address: String,
    /// The steps from the plan's root to the object that holds the attributes.
    holder: Path,
    /// The steps from there.
    attribute: Vec<Step>,
}

impl PlanIndex {
    /// The blocks of those of `documents` that are HCL.
    #[must_use]
    pub fn new(documents: &[Document]) -> Self {
        let mut index = Self::default();
        for document in documents.iter().filter(|document| document.format == Format::Hcl) {
            let folder = folder_of(document.source.name());
            let file = index.files.len();
            for path in block_paths(&document.value) {
                if let Some(address) = address(&path) {
                    index.blocks.entry((folder.clone(), address)).or_insert((file, path));
                }
            }
            index.folders.insert(folder);
            index.files.push(document.clone());
        }
        index
    }

    /// Where the part of `plan` at `path` is written, if it belongs to a
    /// resource whose sources are known.
    #[must_use]
    pub fn locate(&self, plan: &Value, path: &Path) -> Option<PlanPlace> {
        let target = target(plan, path)?;
        let mut found: Vec<(&String, PlanPlace)> =
            self.folders.iter().filter_map(|root| Some((root, self.place(root, plan, &target)?))).collect();
        if found.len() > 1 {
            let wanted = root_addresses(plan);
            found.retain(|(root, _)| wanted.iter().all(|block| self.block(root, block).is_some()));
        }
        match found.len() {
            1 => found.pop().map(|(_, place)| place),
            _ => None,
        }
    }

    fn block(&self, folder: &str, address: &str) -> Option<(&Document, &Path)> {
        let (file, path) = self.blocks.get(&(folder.to_owned(), address.to_owned()))?;
        Some((self.files.get(*file)?, path))
    }

    fn place(&self, root: &str, plan: &Value, target: &Target) -> Option<PlanPlace> {
        let mut folder = root.to_owned();
        for module in target.modules.iter().take(MAX_MODULES) {
            let call = format!("module.{module}");
            let (document, path) = self.block(&folder, &call)?;
            let Some(Value::String(source)) = path.child("source").get(&document.value) else { return None };
            match join(&folder, source).filter(|inner| self.folders.contains(inner)) {
                Some(inner) => folder = inner,
                // From a registry, or not in the run: its call is as near as it gets.
                None => return place_at(document, path.clone(), false),
            }
        }
        let (document, path) = self.block(&folder, &target.address)?;
        let (path, exact) = follow(&document.value, path.clone(), plan, target);
        place_at(document, path, exact)
    }
}

fn place_at(document: &Document, path: Path, exact: bool) -> Option<PlanPlace> {
    let span = document.spans.lookup(&path)?.value;
    Some(PlanPlace { source: document.source.clone(), span, path, exact })
}

/// The paths of all addressable blocks of one file.
fn block_paths(value: &Value) -> Vec<Path> {
    let labels = [("resource", 2), ("data", 2), ("ephemeral", 2), ("module", 1)];
    let mut paths = Vec::new();
    for (root, depth) in labels {
        let mut level = vec![Path(vec![root.into()])];
        for _ in 0..depth {
            let keys = level.iter().flat_map(|path| keys(path.get(value)).map(|key| path.child(Step::Key(key))));
            level = keys.collect();
        }
        paths.extend(level.into_iter().map(|path| path.child(0)).filter(|path| path.get(value).is_some()));
    }
    paths
}

fn keys(value: Option<&Value>) -> impl Iterator<Item = Arc<str>> + '_ {
    let object = value.and_then(|value| value.as_object().ok());
    object.into_iter().flatten().filter_map(|(key, _)| match key {
        Value::String(key) => Some(key.clone()),
        _ => None,
    })
}

/// The resource that `path` leads into, and the attribute under it.
fn target(plan: &Value, path: &Path) -> Option<Target> {
    let mut value = plan;
    let mut resource = None;
    let mut modules = Vec::new();
    for (depth, step) in path.0.iter().enumerate() {
        if let (Some(Step::Key(before)), Step::Key(name)) = (depth.checked_sub(1).and_then(|at| path.0.get(at)), step)
            && &**before == "module_calls"
            && resource.is_none()
        {
            modules.push(name.to_string());
        }
        let Some(child) = step.get(value) else { break };
        value = child;
        if resource.is_none()
            && let (Some(address), Some(_)) = (text(value, "address"), text(value, "type"))
        {
            resource = Some((depth + 1, address));
        }
    }
    let (depth, full) = resource?;
    let (inner, address) = split_address(full)?;
    modules.extend(inner);
    let rest = path.0.get(depth..).unwrap_or(&[]);
    let is = |at: usize, names: &[&str]| matches!(rest.get(at), Some(Step::Key(key)) if names.contains(&&**key));
    let holder = match () {
        () if is(0, &["values", "expressions", "sensitive_values"]) => 1,
        () if is(0, &["change"]) && is(1, &["after", "before", "after_unknown", "after_sensitive"]) => 2,
        () => rest.len(),
    };
    let attribute = rest.get(holder..).unwrap_or(&[]).to_vec();
    Some(Target { modules, address, holder: path.prefix(depth + holder), attribute })
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    match Step::from(key).get(value) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The modules of an address and the rest of it, indices left out.
fn split_address(full: &str) -> Option<(Vec<String>, String)> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for c in full.chars() {
        match c {
            _ if quoted => {
                quoted = escaped || c != '"';
                escaped = !escaped && c == '\\';
            }
            '"' => quoted = true,
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => parts.push(String::new()),
            c if depth == 0 => parts.last_mut()?.push(c),
            _ => {}
        }
    }
    let mut modules = Vec::new();
    let mut rest = parts.as_slice();
    while let [word, name, after @ ..] = rest
        && word == "module"
        && !after.is_empty()
    {
        modules.push(name.clone());
        rest = after;
    }
    let address = rest.join(".");
    block_path(&address).map(|_| (modules, address))
}

/// The addresses of the plan's resources that stand in its root module.
fn root_addresses(plan: &Value) -> BTreeSet<String> {
    let changes = Path(vec!["resource_changes".into()]);
    let planned = Path(vec!["planned_values".into(), "root_module".into(), "resources".into()]);
    let lists = [changes, planned].into_iter().filter_map(|path| path.get(plan)?.as_array().ok());
    let addresses = lists.flat_map(|list| list.iter()).filter_map(|resource| split_address(text(resource, "address")?));
    addresses.filter(|(modules, _)| modules.is_empty()).map(|(_, address)| address).collect()
}

/// Goes down from `block` along the attribute as far as it is written, and says
/// whether that was all the way.
fn follow(file: &Value, block: Path, plan: &Value, target: &Target) -> (Path, bool) {
    let mut path = block;
    let mut inside = target.holder.clone();
    let mut steps = target.attribute.iter().peekable();
    while let Some(step) = steps.next() {
        inside.0.push(step.clone());
        let next = path.child(step.clone());
        match (next.get(file), step) {
            (Some(Value::Array(list)), Step::Key(_)) if steps.peek().is_some() && are_blocks(list.as_slice()) => {
                let Some(index) = steps.next() else { return (next, true) };
                inside.0.push(index.clone());
                match choose(list.as_slice(), inside.get(plan), index) {
                    Some(at) => path = next.child(at),
                    None => return (next, false),
                }
            }
            (Some(_), _) => path = next,
            (None, Step::Key(key)) => {
                let dynamic = path.child("dynamic").child(Step::Key(key.clone())).child(0);
                let content = dynamic.child("content").child(0);
                if content.get(file).is_none() {
                    return (path, false);
                }
                path = content;
                if let Some(index) = steps.next() {
                    inside.0.push(index.clone());
                }
            }
            (None, Step::Index(_)) => return (path, false),
        }
    }
    (path, true)
}

fn are_blocks(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(|item| item.as_object().is_ok())
}

/// Which of several blocks the plan's item is. The plan may order them in its
/// own way, so a block counts only if each plain value it writes is the item's.
fn choose(blocks: &[Value], item: Option<&Value>, index: &Step) -> Option<usize> {
    let agrees = |block: &Value| {
        let Ok(fields) = block.as_object() else { return false };
        fields.iter().filter(|(_, written)| is_plain(written)).all(|(key, written)| {
            item.and_then(|item| item.as_object().ok())
                .and_then(|item| item.get(key))
                .is_none_or(|it| same(it, written))
        })
    };
    let fitting: Vec<usize> = (0..blocks.len()).filter(|at| blocks.get(*at).is_some_and(agrees)).collect();
    match (fitting.as_slice(), index) {
        ([only], _) => Some(*only),
        (several, Step::Index(at)) if several.contains(at) => Some(*at),
        _ => None,
    }
}

/// Whether a planned value is the written one: Terraform turns `"22"` into 22 where a number is wanted.
fn same(planned: &Value, written: &Value) -> bool {
    let bare = |value: &Value| value.to_string().trim_matches('"').to_owned();
    planned == written || bare(planned) == bare(written)
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("${") && !text.contains("%{"),
        Value::Bool(_) | Value::Number(_) => true,
        _ => false,
    }
}

fn folder_of(name: &str) -> String {
    name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// The folder that a local module source names; none for any other source.
fn join(folder: &str, source: &str) -> Option<String> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let lead = if folder.starts_with('/') { "/" } else { "" };
    Some(format!("{lead}{}", parts.join("/")))
}

#[cfg(test)]
mod tests;
