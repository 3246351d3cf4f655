//! The sets of policies and their inputs.

use std::path::{Path, PathBuf};

use regate::discover::DiscoverOptions;
use regate::engine::Engine;
use regate::engine::prepass::{Version, prepare};
use regate::gate::{Request, documents};
use regate::policy::builtin_sources;
use serde_json::{Value as Json, json};

/// The largest input that is sent, as JSON text.
const LARGEST: usize = 1 << 20;

/// Policies with the inputs that they are given.
pub struct Set {
    pub name: String,
    pub modules: Vec<(String, String)>,
    pub data: Json,
    /// Each with its name; none is no input.
    pub inputs: Vec<(String, Option<Json>)>,
}

impl Set {
    /// Whether a policy is in the syntax of before OPA 1.0.
    pub fn v0(&self) -> bool {
        let is_v0 = |(name, text): &(String, String)| {
            prepare(name, text, None).is_ok_and(|prepared| prepared.version == Version::V0)
        };
        self.modules.iter().any(is_v0)
    }

    /// The paths of the rules.
    pub fn paths(&self, engine: &Engine) -> Vec<String> {
        engine.rules().iter().map(|rule| format!("data.{}.{}", rule.package, rule.name)).collect()
    }
}

fn root(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn corpus(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os("REGATE_CORPUS").map(|corpus| PathBuf::from(corpus).join(name));
    if found.is_none() {
        println!("skipped in part: REGATE_CORPUS is not set");
    }
    found
}

/// The documents of every file below `paths`.
fn inputs(paths: Vec<PathBuf>) -> Vec<(String, Option<Json>)> {
    let discover = DiscoverOptions { paths, max_size: 4 << 20, ..DiscoverOptions::default() };
    let (found, _) = documents(&Request { discover, ..Request::default() });
    let mut all = Vec::new();
    for document in &found {
        let views = [Some(&document.value), document.resolved.as_ref().map(|resolved| &resolved.value)];
        for value in views.into_iter().flatten() {
            let text = value.to_json_str().unwrap();
            if text.len() <= LARGEST {
                all.push((document.source.name().to_string(), Some(serde_json::from_str(&text).unwrap())));
            }
        }
    }
    all
}

/// The built-in policies on every fixture and every document of the corpus.
pub fn built_in() -> Set {
    let modules = builtin_sources(|_| true).modules;
    let mut paths = vec![root("fixtures"), root("examples"), root("tests/fixtures")];
    paths.extend(["kubernetes", "cloudformation", "reports"].into_iter().filter_map(corpus));
    Set {
        name: "built-in policies".to_owned(),
        modules: modules.into_iter().map(|module| (module.name, module.text)).collect(),
        data: json!({}),
        inputs: inputs(paths),
    }
}

/// The built-in policies with their unit tests.
pub fn built_in_tests() -> Set {
    let sources = builtin_sources(|_| true);
    let modules = sources.modules.into_iter().chain(sources.tests);
    Set {
        name: "tests of built-in policies".to_owned(),
        modules: modules.map(|module| (module.name, module.text)).collect(),
        data: json!({}),
        inputs: vec![("no input".to_owned(), None)],
    }
}

/// The policies whose places are judged, each with its input.
pub fn places() -> Vec<Set> {
    let folder = std::fs::read_dir(root("tests/places")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = folder.chain(corpus("places/cases.json")).collect();
    files.sort();
    let read = |path: PathBuf| -> Vec<Json> { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let set = |case: Json| Set {
        name: case["name"].as_str().unwrap().to_owned(),
        modules: case["modules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()))
            .collect(),
        data: if case["data"].is_null() { json!({}) } else { case["data"].clone() },
        inputs: vec![("its input".to_owned(), Some(case["input"].clone()))],
    };
    files.into_iter().flat_map(read).map(set).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The small hostile policies of `tests/differential`, each by itself.
pub fn hostile() -> Vec<Set> {
    let folder = root("tests/differential");
    let read = |name: &str| text(&folder.join(name));
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".rego") && name != "_sub.rego");
    names.sort();
    let set = |name: String| Set {
        modules: vec![(name.clone(), read(&name)), ("_sub.rego".to_owned(), read("_sub.rego"))],
        name,
        data: serde_json::from_str(&read("_data.json")).unwrap(),
        inputs: vec![("its input".to_owned(), Some(serde_json::from_str(&read("_input.json")).unwrap()))],
    };
    names.into_iter().map(set).collect()
}

/// The folders with policies below those of `REGATE_SUITES`, separated by colons.
pub fn suites() -> Vec<Set> {
    let roots = std::env::var_os("REGATE_SUITES").unwrap();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&roots)
        .flat_map(|root| walkdir::WalkDir::new(root).sort_by_file_name())
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "rego"))
        .filter_map(|path| path.parent().map(Path::to_path_buf))
        .collect();
    folders.dedup();
    folders.into_iter().map(suite).collect()
}

fn suite(folder: PathBuf) -> Set {
    let files = walkdir::WalkDir::new(&folder).max_depth(1).sort_by_file_name();
    let files = files.into_iter().filter_map(|entry| Some(entry.ok()?.into_path()));
    let files = files.filter(|path| path.extension().is_some_and(|ext| ext == "rego"));
    let modules = files.map(|path| (path.display().to_string(), text(&path)));
    Set {
        name: folder.display().to_string(),
        // conftest's own builtins are none of OPA's.
        modules: modules
            .filter(|(_, text)| !text.contains("parse_config") && !text.contains("parse_combined"))
            .collect(),
        data: json!({}),
        inputs: vec![("no input".to_owned(), None), ("an empty input".to_owned(), Some(json!({})))],
    }
}
