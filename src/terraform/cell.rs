//! What an expression is worth, unknown parts included.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Key, Tree};
use crate::engine::Value;
use crate::parse::hcl::template::escape;
use crate::source::Span;

/// How large one value may grow, in parts and blocks of 64 bytes of text: a few
/// locals that double each other would otherwise fill the memory.
const MAX_SIZE: usize = 20_000;
/// How deep a value may nest.
const MAX_DEPTH: usize = 64;

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// It depends on what is not known before `terraform apply`, or on what is not supported.
    Unknown,
    /// Terraform would call it an error: a missing key, a wrong type.
    Fault,
}

pub(super) type Eval = Result<Cell, Stop>;

/// A value of Terraform's language.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    Number(f64),
    String(Arc<str>),
    List(Arc<Sized<Vec<Cell>>>),
    Map(Arc<Sized<BTreeMap<Arc<str>, Cell>>>),
    /// Not known; the text is what the document shows in its place.
    Unknown(Arc<str>),
}

/// A container that knows its size, so that none grows without a bound.
#[derive(Debug, PartialEq)]
pub(super) struct Sized<T> {
    pub(super) parts: T,
    size: usize,
    depth: usize,
}

impl Cell {
    pub(super) fn string(text: impl Into<Arc<str>>) -> Eval {
        let text = text.into();
        if text.len() / 64 > MAX_SIZE { Err(Stop::Unknown) } else { Ok(Self::String(text)) }
    }

    pub(super) fn list(parts: Vec<Self>) -> Eval {
        let (size, depth) = measure(parts.iter())?;
        Ok(Self::List(Arc::new(Sized { parts, size, depth })))
    }

    pub(super) fn map(parts: BTreeMap<Arc<str>, Self>) -> Eval {
        let (size, depth) = measure(parts.values())?;
        Ok(Self::Map(Arc::new(Sized { parts, size, depth })))
    }

    /// What handling the whole value costs.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::String(text) | Self::Unknown(text) => 1 + text.len() / 64,
            Self::List(list) => list.size,
            Self::Map(map) => map.size,
            _ => 1,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::List(list) => list.depth,
            Self::Map(map) => map.depth,
            _ => 0,
        }
    }

    /// Whether no part of it is unknown.
    pub(super) fn known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::List(list) => list.parts.iter().all(Self::known),
            Self::Map(map) => map.parts.values().all(Self::known),
            _ => true,
        }
    }

    /// The value as text, as Terraform converts it.
    pub(super) fn text(&self) -> Result<Arc<str>, Stop> {
        match self {
            Self::String(text) => Ok(text.clone()),
            Self::Bool(value) => Ok(value.to_string().into()),
            Self::Number(value) => Ok(value.to_string().into()),
            Self::Unknown(_) => Err(Stop::Unknown),
            _ => Err(Stop::Fault),
        }
    }

    pub(super) fn number(&self) -> Result<f64, Stop> {
        match self {
            Self::Number(value) => Ok(*value),
            Self::String(text) => text.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or(Stop::Fault),
            Self::Unknown(_) => Err(Stop::Unknown),
            _ => Err(Stop::Fault),
        }
    }

    pub(super) fn boolean(&self) -> Result<bool, Stop> {
        match self {
            Self::Bool(value) => Ok(*value),
            Self::String(text) if &**text == "true" => Ok(true),
            Self::String(text) if &**text == "false" => Ok(false),
            Self::Unknown(_) => Err(Stop::Unknown),
            _ => Err(Stop::Fault),
        }
    }

    pub(super) fn items(&self) -> Result<&[Self], Stop> {
        match self {
            Self::List(list) => Ok(&list.parts),
            Self::Unknown(_) => Err(Stop::Unknown),
            _ => Err(Stop::Fault),
        }
    }

    pub(super) fn entries(&self) -> Result<&BTreeMap<Arc<str>, Self>, Stop> {
        match self {
            Self::Map(map) => Ok(&map.parts),
            Self::Unknown(_) => Err(Stop::Unknown),
            _ => Err(Stop::Fault),
        }
    }

    /// The value as a part of a document: used at `span`, defined at `anchor`.
    pub(super) fn tree(&self, span: Span, anchor: Option<Span>) -> Tree {
        let tree = match self {
            Self::Null => Tree::scalar(Value::Null, span),
            Self::Bool(value) => Tree::scalar(*value, span),
            Self::Number(value) => Tree::scalar(number(*value), span),
            Self::String(text) => Tree::scalar(escape(text), span),
            Self::Unknown(text) => Tree::scalar(text.to_string(), span),
            Self::List(list) => Tree::array(list.parts.iter().map(|part| part.tree(span, anchor)).collect(), span),
            Self::Map(map) => {
                let field =
                    |(name, part): (&Arc<str>, &Self)| (Key { name: name.clone(), span }, part.tree(span, anchor));
                Tree::object(map.parts.iter().map(field).collect(), span)
            }
        };
        Tree { anchor, ..tree }
    }

    pub(super) fn from_json(json: &serde_json::Value, depth: usize) -> Eval {
        if depth > MAX_DEPTH {
            return Err(Stop::Unknown);
        }
        match json {
            serde_json::Value::Null => Ok(Self::Null),
            serde_json::Value::Bool(value) => Ok(Self::Bool(*value)),
            serde_json::Value::Number(value) => value.as_f64().map(Self::Number).ok_or(Stop::Unknown),
            serde_json::Value::String(text) => Self::string(text.as_str()),
            serde_json::Value::Array(items) => {
                Self::list(items.iter().map(|item| Self::from_json(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            serde_json::Value::Object(fields) => {
                let field =
                    |(name, value): (&String, _)| Ok((name.as_str().into(), Self::from_json(value, depth + 1)?));
                Self::map(fields.iter().map(field).collect::<Result<_, Stop>>()?)
            }
        }
    }

    pub(super) fn to_json(&self) -> Result<serde_json::Value, Stop> {
        Ok(match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(value) => match whole(*value) {
                Some(whole) => whole.into(),
                None => (*value).into(),
            },
            Self::String(text) => (&**text).into(),
            Self::Unknown(_) => return Err(Stop::Unknown),
            Self::List(list) => list.parts.iter().map(Self::to_json).collect::<Result<Vec<_>, _>>()?.into(),
            Self::Map(map) => {
                let field = |(name, value): (&Arc<str>, &Self)| Ok((name.to_string(), value.to_json()?));
                serde_json::Value::Object(map.parts.iter().map(field).collect::<Result<_, Stop>>()?)
            }
        })
    }
}

fn measure<'a>(parts: impl Iterator<Item = &'a Cell>) -> Result<(usize, usize), Stop> {
    let (mut size, mut depth) = (1_usize, 1);
    for part in parts {
        size = size.saturating_add(part.size());
        depth = depth.max(part.depth() + 1);
    }
    if size > MAX_SIZE || depth > MAX_DEPTH { Err(Stop::Unknown) } else { Ok((size, depth)) }
}

/// The number as a whole one, if it is one that a float holds exactly.
#[allow(clippy::cast_possible_truncation)] // within 2^53
pub(super) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

fn number(number: f64) -> Value {
    whole(number).map_or_else(|| Value::from(number), Value::from)
}
