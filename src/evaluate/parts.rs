//! A document that is a list: its elements, each as an input of its own.
//!
//! conftest gives a policy one element after the other. So does this, for lists
//! with objects that are of no known kind. Policies that may go through the list
//! themselves get it as a whole, too: they would find nothing in an element.

use std::sync::Arc;

use crate::document::{Document, Kind, Step};
use crate::engine::Value;
use crate::finding::{Finding, Located, Place};

/// Whether `document` is a list whose elements are inputs of their own.
#[must_use]
pub fn is_list(document: &Document) -> bool {
    let Value::Array(items) = &document.value else { return false };
    document.kind == Kind::Unknown && items.iter().any(|item| matches!(item, Value::Object(_)))
}

/// The elements of such a list; nothing when `document` is something else.
#[must_use]
pub fn elements(document: &Document) -> Vec<Document> {
    let Value::Array(items) = &document.value else { return Vec::new() };
    if !is_list(document) {
        return Vec::new();
    }
    let element = |(value, spans): (&Value, _)| Document {
        value: value.clone(),
        spans: Arc::new(spans),
        resolved: None,
        source: document.source.clone(),
        ..*document
    };
    items.iter().zip(document.spans.parts()).map(element).collect()
}

/// Lets the paths of a finding in the element `at` start at the list.
pub fn in_list(mut finding: Finding, at: usize) -> Finding {
    let shift = |place: &mut Place| place.path.0.insert(0, Step::Index(at));
    // What is about an element as a whole stands at its first line, and no path leads to a line.
    if finding.located != Located::Resource || !finding.place.path.0.is_empty() {
        shift(&mut finding.place);
    }
    finding.related.iter_mut().for_each(shift);
    finding
}
