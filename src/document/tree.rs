//! A parsed tree in which each node knows its span, for formats that are not read in order.

use std::collections::BTreeMap;

use super::spans::{Key, Spans, SpansBuilder};
use crate::engine::Value;
use crate::source::Span;

/// A value with the place of each of its parts. YAML and JSON, where speed
/// counts, build [`Value`] and [`Spans`] side by side instead.
#[derive(Debug, Clone)]
pub struct Tree {
    /// What it is.
    pub node: TreeNode,
    /// Where it is used.
    pub span: Span,
    /// Where it is defined, if elsewhere.
    pub anchor: Option<Span>,
}

/// What a [`Tree`] is.
#[derive(Debug, Clone)]
pub enum TreeNode {
    /// A scalar.
    Scalar(Value),
    /// Items in order.
    Array(Vec<Tree>),
    /// Keys in source order; of equal keys the last one's value counts.
    Object(Vec<(Key, Tree)>),
}

impl Tree {
    /// A scalar at `span`.
    pub fn scalar(value: impl Into<Value>, span: Span) -> Self {
        Self { node: TreeNode::Scalar(value.into()), span, anchor: None }
    }

    /// An array at `span`.
    #[must_use]
    pub fn array(items: Vec<Self>, span: Span) -> Self {
        Self { node: TreeNode::Array(items), span, anchor: None }
    }

    /// An object at `span`.
    #[must_use]
    pub fn object(fields: Vec<(Key, Self)>, span: Span) -> Self {
        Self { node: TreeNode::Object(fields), span, anchor: None }
    }

    /// The value and its source map.
    #[must_use]
    pub fn build(self) -> (Value, Spans) {
        let mut spans = Spans::builder();
        let value = self.add(None, &mut spans);
        (value, spans.finish())
    }

    fn add(self, key: Option<Key>, spans: &mut SpansBuilder) -> Value {
        let open = spans.open(key, self.span);
        if let Some(anchor) = self.anchor {
            spans.anchor(open, anchor);
        }
        let value = match self.node {
            TreeNode::Scalar(value) => value,
            TreeNode::Array(items) => {
                Value::from(items.into_iter().map(|item| item.add(None, spans)).collect::<Vec<_>>())
            }
            TreeNode::Object(fields) => {
                let mut object = BTreeMap::new();
                for (key, field) in fields {
                    let name = Value::String(key.name.clone());
                    object.insert(name, field.add(Some(key), spans));
                }
                Value::from(object)
            }
        };
        spans.close(open, None);
        value
    }
}
