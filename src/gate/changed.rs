//! `--changed`: which part of a run is judged.
//!
//! Everything is read, because a changed file may rest on one that is not (a
//! variable's default, the encryption of a bucket); what is said of a file that
//! has not changed is left out. Files are compared by where they are and not by
//! name: `../deploy/a.yaml` and `a.yaml` are one file in `deploy/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Request;
use crate::discover::Input;
use crate::document::Document;
use crate::finding::{Problem, ProblemCode};
use crate::policy::{PolicySet, Scope};

/// The files that are judged; all when the run was not narrowed.
pub struct Changed<'a> {
    only: Option<BTreeSet<PathBuf>>,
    request: &'a Request,
}

impl<'a> Changed<'a> {
    /// What `request` asks for among `inputs`.
    pub fn new(request: &'a Request, inputs: &[Input]) -> Self {
        let only = request.only.as_ref().map(|only| {
            let at = |input: &Input| fs::canonicalize(&input.path).ok().filter(|path| only.contains(path));
            inputs.iter().filter_map(at).collect()
        });
        Self { only, request }
    }

    /// Whether the run was narrowed to nothing.
    pub fn nothing(&self) -> bool {
        self.only.as_ref().is_some_and(BTreeSet::is_empty)
            && self.request.texts.is_empty()
            && self.request.unread.is_empty()
    }

    /// Whether what is said of the file called `name` counts.
    pub fn has(&self, name: &str) -> bool {
        let Some(only) = &self.only else { return true };
        // What is gone and a folder that can't be entered may hide a change.
        let changed = |path: PathBuf| path.is_dir() || only.contains(&path);
        name.is_empty()
            || self.request.texts.iter().any(|text| **text.name() == *name)
            || self.request.unread.iter().any(|problem| problem.file == name)
            || fs::canonicalize(Path::new(name)).map_or(true, changed)
    }

    /// How many of `inputs` are judged.
    pub fn count(&self, inputs: &[Input]) -> usize {
        self.only.as_ref().map_or(inputs.len(), BTreeSet::len)
    }

    /// Leaves out the documents that are not judged, but for those that a rule over all documents needs.
    pub fn keep(&self, documents: &mut Vec<Document>, policies: &[&PolicySet]) {
        if self.only.is_none() {
            return;
        }
        let needed = |document: &Document| {
            let mut rules = policies.iter().flat_map(|policies| &policies.rules);
            rules.any(|rule| rule.scope != Scope::Document && rule.is_for(document.kind))
        };
        documents.retain(|document| needed(document) || self.has(document.source.name()));
    }

    /// A narrowed run may find nothing to do, and that is a pass that says so. Policies that
    /// were named and have no rule at all are still a fault.
    pub fn may_be_empty(&self, found_any: bool, policies: &PolicySet) -> bool {
        self.only.is_some() && found_any && (self.request.policies.is_empty() || !policies.rules.is_empty())
    }
}

/// The notice of a run in which nothing had changed.
pub fn unchanged() -> Problem {
    Problem {
        code: ProblemCode::NoInput,
        notice: true,
        message: "no input has changed, so nothing was checked".to_owned(),
        file: String::new(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    }
}
