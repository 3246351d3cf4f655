//! Documents: one parsed value each, with the place of everything in it.

mod format;
mod kind;
mod path;
mod spans;
mod tree;

pub use format::Format;
pub use kind::{Kind, has_template_marks, is_helm_template, resource_at, resource_name, resource_root};
pub use path::{Path, Step, field};
pub use spans::{Found, Key, Open, Spans, SpansBuilder};
pub use tree::{Tree, TreeNode};

use std::sync::Arc;

use crate::engine::Value;
use crate::source::{Source, Span};

/// One parsed value with its source map: what policies are evaluated on.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file it is from.
    pub source: Arc<Source>,
    /// Its number among the documents of that file, from 0.
    pub index: usize,
    /// How it was written.
    pub format: Format,
    /// What it is about.
    pub kind: Kind,
    /// The value in the shape that conftest's policies expect.
    pub value: Value,
    /// The place of every key, value and item of `value`.
    pub spans: Arc<Spans>,
    /// Whether it is only there for what it defines: no rule is evaluated on it alone, and nothing is said of it.
    pub aside: bool,
    /// The second view: Terraform with what is plain resolved. None when it is the same as `value`.
    pub resolved: Option<Resolved>,
}

/// A second view of a document, with places of its own.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The value with locals, variables and templates put in.
    pub value: Value,
    /// Where each of its nodes stands in the same source.
    pub spans: Arc<Spans>,
}

/// Something worth saying about an input that does not make it unreadable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// What is odd, in the user's words.
    pub message: String,
    /// Where, and what is to be seen there; the first is the primary place.
    pub labels: Vec<(Span, String)>,
}
