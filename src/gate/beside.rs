//! The Terraform files beside those that were named.
//!
//! Hooks and editors name the files that changed, but what `var.x` and `local.y`
//! mean stands in other files of the folder, and so may the encryption of a
//! bucket. Those are read for what they define, and nothing is said of them: they
//! are not counted, and no finding stands in them. A folder that is walked brings
//! all its files along, and what its ignore rules leave out stays out here, too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Request;
use crate::discover::{DiscoverOptions, Input, discover, read};
use crate::document::{Document, Format};
use crate::finding::Problem;
use crate::parse::parse_file;

/// The documents of the files beside those of `inputs` and the texts, each marked as
/// [`Document::aside`]; and a notice for each that can't be read, for then what it
/// defines is not known.
pub fn beside(request: &Request, inputs: &[Input]) -> (Vec<Document>, Vec<Problem>) {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for input in siblings(request, inputs) {
        let outcome = match read(&input, request.discover.max_size) {
            Ok(source) => parse_file(&Arc::new(source), Format::detect(&input.name)),
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        problems.extend(outcome.problems.into_iter().filter(|problem| !problem.notice));
        documents.extend(outcome.documents.into_iter().map(|document| Document { aside: true, ..document }));
    }
    for problem in &mut problems {
        problem.notice = true;
        "what this file defines for the files beside it is not known".clone_into(&mut problem.help);
    }
    (documents, problems)
}

fn siblings(request: &Request, inputs: &[Input]) -> Vec<Input> {
    let options = &request.discover;
    let named = options.paths.iter().filter(|path| path.is_file()).map(PathBuf::as_path);
    let texts = request.texts.iter().map(|text| Path::new(&**text.name()));
    let hcl = named.chain(texts).filter(|path| Format::detect(&path.to_string_lossy()) == Some(Format::Hcl));
    let folders: BTreeSet<&Path> = hcl.filter_map(Path::parent).collect();
    let current = Path::new(".");
    let entries = folders
        .into_iter()
        .map(|folder| if folder.as_os_str().is_empty() { current } else { folder })
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()));
    let paths: Vec<PathBuf> = entries.filter(|path| defines(path) && path.is_file()).collect();
    if paths.is_empty() {
        return Vec::new();
    }
    let found = discover(&DiscoverOptions {
        paths,
        exclude: options.exclude.clone(),
        force_exclude: true,
        max_size: options.max_size,
        ..DiscoverOptions::default()
    });
    let known: BTreeSet<&str> =
        inputs.iter().map(|input| input.name.as_str()).chain(request.texts.iter().map(|text| &**text.name())).collect();
    found.inputs.into_iter().filter(|input| !known.contains(input.name.as_str())).collect()
}

/// Whether Terraform would read the file by itself.
fn defines(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let is = |ending: &str| name.ends_with(ending);
    is(".tf") || is(".tofu") || is(".auto.tfvars") || name == "terraform.tfvars"
}
