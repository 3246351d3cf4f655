//! Reading policies from disk: every file of a folder counts.

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use super::builtin::{builtin_packs, builtin_sources};
use crate::basis::{BundleBasis, Digested};
use crate::engine::{Code, ModuleText, PolicyError, Value};

/// The texts of a run's policies and their data.
#[derive(Debug, Clone)]
pub struct PolicySources {
    /// Modules, tests left out, sorted by name.
    pub modules: Vec<ModuleText>,
    /// Test modules (`*_test.rego`), sorted by name.
    pub tests: Vec<ModuleText>,
    /// `data.json`, `data.yaml` and what `--data` names, mounted by folder.
    pub data: Value,
    /// The files that the data are from.
    pub data_files: Vec<Digested>,
}

impl PolicySources {
    /// What the policies are, by digest; their tests are no part of it.
    #[must_use]
    pub fn basis(&self) -> BundleBasis {
        let modules = self.modules.iter().map(|module| Digested::new(module.name.as_str(), &module.text));
        BundleBasis::of(modules.chain(self.data_files.iter().cloned()).collect())
    }
}

impl Default for PolicySources {
    fn default() -> Self {
        Self { modules: Vec::new(), tests: Vec::new(), data: Value::new_object(), data_files: Vec::new() }
    }
}

/// Reads every policy that `names` lead to: folders, files, `builtin:NAME`, and data files.
///
/// # Errors
/// One for each name that leads to nothing and each file that can't be read.
pub fn load(names: &[String], data: &[String]) -> (PolicySources, Vec<PolicyError>) {
    let mut sources = PolicySources::default();
    let mut errors = Vec::new();
    for name in names {
        if let Some(pack) = name.strip_prefix("builtin:") {
            load_builtin(pack, &mut sources, &mut errors);
        } else {
            load_path(name, &mut sources, &mut errors);
        }
    }
    for name in data {
        load_data(Path::new(name), Path::new(name), &mut sources, &mut errors);
    }
    for list in [&mut sources.modules, &mut sources.tests] {
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list.dedup();
    }
    (sources, errors)
}

fn load_builtin(pack: &str, sources: &mut PolicySources, errors: &mut Vec<PolicyError>) {
    let packs = builtin_packs();
    if pack != "all" && !packs.contains(&pack) {
        errors.push(problem(
            &format!("builtin:{pack}"),
            format!("there is no built-in pack `{pack}`; there are: all, {}", packs.join(", ")),
        ));
        return;
    }
    let chosen = builtin_sources(|name| pack == "all" || name == pack);
    sources.modules.extend(chosen.modules);
    sources.tests.extend(chosen.tests);
}

fn load_path(name: &str, sources: &mut PolicySources, errors: &mut Vec<PolicyError>) {
    let root = Path::new(name);
    if !root.exists() {
        errors.push(problem(name, "there is no such file or folder".to_owned()));
        return;
    }
    let before = sources.modules.len() + sources.tests.len();
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => load_file(entry.path(), root, sources, errors),
            Ok(_) => {}
            Err(error) => errors.push(problem(name, format!("can't be read: {error}"))),
        }
    }
    if sources.modules.len() + sources.tests.len() == before {
        errors.push(problem(name, "no policy (`*.rego`) is in there".to_owned()));
    }
}

fn load_file(path: &Path, root: &Path, sources: &mut PolicySources, errors: &mut Vec<PolicyError>) {
    let name = display(path);
    match path.extension().and_then(|ext| ext.to_str()) {
        Some("rego") => match read(path) {
            Ok(text) => {
                let test = name.ends_with("_test.rego");
                let list = if test { &mut sources.tests } else { &mut sources.modules };
                list.push(ModuleText { name, text });
            }
            Err(message) => errors.push(problem(&name, message)),
        },
        Some("json" | "yaml" | "yml") if path.file_stem().is_some_and(|stem| stem == "data") => {
            load_data(path, root, sources, errors);
        }
        _ => {}
    }
}

/// Mounts a data file, or every data file of a folder, at the folders between `root` and it.
fn load_data(path: &Path, root: &Path, sources: &mut PolicySources, errors: &mut Vec<PolicyError>) {
    if path.is_dir() {
        for entry in WalkDir::new(path).sort_by_file_name().into_iter().flatten().filter(|e| e.file_type().is_file()) {
            if matches!(entry.path().extension().and_then(|e| e.to_str()), Some("json" | "yaml" | "yml")) {
                load_data(entry.path(), root, sources, errors);
            }
        }
        return;
    }
    let name = display(path);
    let parsed = read(path).and_then(|text| {
        sources.data_files.push(Digested::new(name.as_str(), &text));
        serde_yaml::from_str::<serde_json::Value>(&text).map_err(|error| format!("is not valid data: {error}"))
    });
    match parsed {
        Ok(value) => {
            let folders = path.parent().and_then(|parent| parent.strip_prefix(root).ok());
            let parts = folders.into_iter().flat_map(Path::components).map(|part| part.as_os_str().to_string_lossy());
            let mounted = parts.rev().fold(Value::from(value), |inner, part| {
                Value::from(BTreeMap::from([(Value::from(part.as_ref()), inner)]))
            });
            sources.data = merged(&sources.data, &mounted);
        }
        Err(message) => errors.push(problem(&name, message)),
    }
}

fn merged(left: &Value, right: &Value) -> Value {
    let (Value::Object(a), Value::Object(b)) = (left, right) else { return right.clone() };
    let mut all: BTreeMap<Value, Value> = a.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    for (key, value) in b.iter() {
        let joined = all.get(key).map_or_else(|| value.clone(), |old| merged(old, value));
        all.insert(key.clone(), joined);
    }
    Value::from(all)
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("can't be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8 text".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

fn problem(file: &str, message: String) -> PolicyError {
    PolicyError::of_file(file, Code::Load, message)
}
