//! `# METADATA` blocks: what a policy says of itself, with all of OPA's scopes.
//!
//! In: policy texts. Out: [`Annotation`]s with their places, which of them apply to a rule,
//! and what `rego.metadata.rule()` and `rego.metadata.chain()` answer.

mod index;
mod read;

use serde_json::Value;

pub use index::Index;
pub use read::parse;

/// What an annotation speaks of, from the nearest to the farthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The rule under it.
    Rule,
    /// All rules of that name in the package.
    Document,
    /// The package.
    Package,
    /// The package and those under it.
    Subpackages,
}

impl Scope {
    /// The name in metadata.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Document => "document",
            Self::Package => "package",
            Self::Subpackages => "subpackages",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Rule, Self::Document, Self::Package, Self::Subpackages].into_iter().find(|scope| scope.name() == name)
    }
}

/// A person: `authors`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// May be empty when there is an address.
    pub name: String,
    /// May be empty.
    pub email: String,
}

/// A link: `related_resources`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Related {
    /// The address.
    pub link: String,
    /// What is to be found there; may be empty.
    pub description: String,
}

/// What an annotation stands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The package, `a.b`.
    pub package: String,
    /// The rule's path within it, `deny` or `a.b`; empty when it stands over the package clause.
    pub rule: String,
    /// The line of the package clause or rule head, from 1.
    pub line: u32,
}

/// One `# METADATA` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// What it speaks of.
    pub scope: Scope,
    /// One line; may be empty.
    pub title: String,
    /// A paragraph; may be empty.
    pub description: String,
    /// Organizations.
    pub organizations: Vec<String>,
    /// People.
    pub authors: Vec<Author>,
    /// Further reading.
    pub related_resources: Vec<Related>,
    /// Schemas as written: a list of objects with one path each.
    pub schemas: Vec<Value>,
    /// Whatever the author adds; null when there is none.
    pub custom: Value,
    /// Whether it is to be called from outside.
    pub entrypoint: bool,
    /// Its first and last line, from 1.
    pub lines: (u32, u32),
    /// What it stands over.
    pub target: Target,
}

impl Annotation {
    /// The annotation as `rego.metadata.*` shows it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut out = serde_json::Map::new();
        let mut put = |key: &str, value: Value, empty: bool| {
            if !empty {
                out.insert(key.to_owned(), value);
            }
        };
        put("scope", self.scope.name().into(), false);
        put("title", self.title.as_str().into(), self.title.is_empty());
        put("description", self.description.as_str().into(), self.description.is_empty());
        put("organizations", self.organizations.clone().into(), self.organizations.is_empty());
        let authors: Vec<Value> =
            self.authors.iter().map(|author| pair("name", &author.name, "email", &author.email)).collect();
        put("authors", authors.into(), self.authors.is_empty());
        let related: Vec<Value> =
            self.related_resources.iter().map(|r| pair("ref", &r.link, "description", &r.description)).collect();
        put("related_resources", related.into(), self.related_resources.is_empty());
        put("schemas", self.schemas.clone().into(), self.schemas.is_empty());
        put("custom", self.custom.clone(), self.custom.is_null());
        put("entrypoint", true.into(), !self.entrypoint);
        Value::Object(out)
    }
}

/// An object of two texts, the empty ones left out.
fn pair(first: &str, one: &str, second: &str, two: &str) -> Value {
    let fields = [(first, one), (second, two)].into_iter().filter(|(_, text)| !text.is_empty());
    Value::Object(fields.map(|(key, text)| (key.to_owned(), text.into())).collect())
}
