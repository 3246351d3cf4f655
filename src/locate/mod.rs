//! Locating: from what a finding was made of to the place a careful reviewer would underline.
//!
//! In: a document's value and one [`TracedFinding`]. Out: a [`Spot`], paths only;
//! turning a path into bytes is the source map's part.
//!
//! The rule of thumb is: the value whose change would mend it. Where something
//! is missing that is what should hold it; where a list lacks an element, the
//! list. A place is never invented: each path returned exists in the document.
//!
//! In order: `weigh` and `fold` leave out facts that others make needless, `rank` orders what is left, and
//! what the message says (`said`) decides where that leaves a choice. Taking a candidate away and evaluating
//! again proves nothing: of a thousand places none was better for it and one worse, for a default may keep the
//! finding. It is only done where nothing was traced (`search`).

mod beside;
mod elements;
mod fold;
mod keys;
mod rank;
mod said;
mod search;
mod weigh;
mod words;

use crate::document::{Path, Step};
use crate::engine::Value;
use crate::engine::exec::TracedFinding;
use crate::finding::Located;

/// Tables of one finding are small, and many.
type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;

pub use keys::is_discriminator;
pub use rank::Wants;

/// Other values that are told for one finding.
const RELATED: usize = 5;

/// Where a finding is, as paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The value to underline; it exists.
    pub path: Path,
    /// The key that should be below `path` and is not.
    pub missing: Option<Step>,
    /// What is to be seen there; may be empty.
    pub label: String,
    /// Other values that the condition compared, each with a label.
    pub related: Vec<(Path, String)>,
    /// How sure this is.
    pub located: Located,
}

/// The place of a finding in `root`; `about` is what the rule says of itself, by its title and its names.
///
/// `still_found` evaluates the rule on a changed document and says whether the
/// same finding is still there, or nothing when there is no budget left for it.
pub fn locate(
    root: &Value,
    finding: &TracedFinding,
    about: &str,
    mut still_found: impl FnMut(&Value) -> Option<bool>,
) -> Spot {
    let candidates = rank::candidates(root, finding, about);
    let Some(chosen) = candidates.first() else {
        // Where no condition reads anything, only the text would change with what is taken away.
        return if finding.conditions.is_empty() { resource(root) } else { untraced(root, &mut still_found) };
    };
    if chosen.wants == Wants::Whole {
        return resource(root);
    }
    let located = if chosen.wants == Wants::Element { Located::Approximate } else { Located::Exact };
    let related = related(root, chosen, candidates.get(1..).unwrap_or_default());
    Spot { path: chosen.path.clone(), missing: chosen.missing.clone(), label: chosen.label(), related, located }
}

/// The place of a finding of which nothing is known but how to find it again:
/// what can't be taken away without it, or else the resource.
pub fn untraced(root: &Value, still_found: &mut dyn FnMut(&Value) -> Option<bool>) -> Spot {
    match search::search(root, still_found) {
        Some(path) => {
            Spot { path, missing: None, label: String::new(), related: Vec::new(), located: Located::Approximate }
        }
        None => resource(root),
    }
}

/// What else was asked: what the chosen one was compared with, and what the rule's own body asked of plain values.
fn related(root: &Value, chosen: &rank::Candidate, others: &[rank::Candidate]) -> Vec<(Path, String)> {
    let mut related: Vec<(Path, String)> = Vec::new();
    for other in others.iter().filter(|other| other.wants > Wants::Discriminator && other.missing.is_none()) {
        let with = other.test == chosen.test;
        let plain = !has_parts(root, &other.path);
        let near = chosen.path.0.starts_with(&other.path.0) || other.path.0.starts_with(&chosen.path.0);
        let known = related.iter().any(|(path, _)| *path == other.path);
        // Other lists lack what is missing, too, and say nothing of it.
        let lists = other.lacks && chosen.missing.is_some();
        if (with || other.own && plain) && !lists && !near && !known && related.len() < RELATED {
            let label = if with { "compared with this" } else { "the rule also looked at this" };
            related.push((other.path.clone(), label.to_owned()));
        }
    }
    related
}

/// Whether what is at `path` is no plain value.
fn has_parts(root: &Value, path: &Path) -> bool {
    matches!(path.get(root), Some(Value::Object(_) | Value::Array(_)))
}

/// The name of the resource, or the whole document.
fn resource(root: &Value) -> Spot {
    let object = ["review", "object"].iter().fold(Path::default(), |path, key| path.child(*key));
    let base = if object.get(root).is_some() { object } else { Path::default() };
    let named = [base.child("metadata").child("name"), base.child("name")];
    let path = named.into_iter().find(|path| path.get(root).is_some()).unwrap_or(base);
    Spot { path, missing: None, label: String::new(), related: Vec::new(), located: Located::Resource }
}
