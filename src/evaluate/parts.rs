//! A document that is a list: its elements, each as an input of its own.
//!
//! conftest gives a policy one element after the other. So does this, for lists
//! of objects that are of no known kind, but not to policies that go through the
//! list themselves: they would find nothing in an element.

use std::sync::Arc;

use crate::document::{Document, Kind, Step};
use crate::engine::Value;
use crate::finding::{Finding, Place};

/// The elements of a list of objects; nothing when `document` is something else.
pub fn elements(document: &Document) -> Vec<Document> {
    let Value::Array(items) = &document.value else { return Vec::new() };
    if document.kind != Kind::Unknown || !items.iter().all(|item| matches!(item, Value::Object(_))) {
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
    shift(&mut finding.place);
    finding.related.iter_mut().for_each(shift);
    finding
}
