//! What a YAML tag does to the node it is on.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use granit_parser::{ScalarStyle, Tag};

use super::scalars::{Scalar, resolve};
use crate::engine::Value;

/// Whether CloudFormation's short tags are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tags {
    /// `!Ref x` becomes `{"Ref": "x"}`, as in the JSON form of a template.
    #[default]
    Cloudformation,
    /// Tags that are not YAML's own are as if they were not there.
    Ignore,
}

/// The intrinsic functions of CloudFormation, by their short tag.
const INTRINSICS: [&str; 21] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];

/// The long form of a CloudFormation tag: `Ref`, `Fn::Sub`.
pub(super) fn long_form(tag: Option<&Tag>, tags: Tags) -> Option<Cow<'static, str>> {
    let tag = tag.filter(|tag| tags == Tags::Cloudformation && tag.handle() == "!")?;
    match tag.suffix() {
        "Ref" => Some(Cow::Borrowed("Ref")),
        "Condition" => Some(Cow::Borrowed("Condition")),
        "Transform" | "ValueOf" | "ValueOfAll" => Some(Cow::Owned(format!("Fn::{}", tag.suffix()))),
        name => INTRINSICS.contains(&name).then(|| Cow::Owned(format!("Fn::{name}"))),
    }
}

/// A scalar under its tag.
pub(super) enum Tagged {
    /// What a plain scalar means, or the text.
    Is(Scalar),
    /// A value of its own: decoded binary.
    Value(Value),
    /// The text does not fit the tag.
    Misfit(String),
}

/// What the scalar `text` means under `tag`.
pub(super) fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Tagged {
    let plain = style == ScalarStyle::Plain;
    let Some(tag) = tag else {
        return Tagged::Is(if plain { resolve(text) } else { Scalar::Text });
    };
    let Some(name) = tag.core_suffix().or_else(|| tag.suffix_in_namespace_of_yaml()) else {
        // A tag of the reader's own: go-yaml gives the text, and so does PyYAML to CloudFormation's
        // own tools. `!GetAZs` with nothing behind it is the empty text, which AWS reads as "here".
        return Tagged::Is(Scalar::Text);
    };
    let found = resolve(text);
    match (name, found) {
        ("str" | "timestamp", _) => Tagged::Is(Scalar::Text),
        ("binary", _) => binary(text),
        ("null", Scalar::Null)
        | ("bool", Scalar::Bool(_))
        | ("int", Scalar::Int(_) | Scalar::UInt(_))
        | ("float", Scalar::Float(_) | Scalar::Int(_) | Scalar::UInt(_)) => Tagged::Is(found),
        ("null" | "bool" | "int" | "float", _) => {
            Tagged::Misfit(format!("`{text}` is not what its tag `!!{name}` says"))
        }
        _ => Tagged::Is(if plain { found } else { Scalar::Text }),
    }
}

fn binary(text: &str) -> Tagged {
    let dense: String = text.split_whitespace().collect();
    match STANDARD.decode(dense).map(String::from_utf8) {
        Ok(Ok(decoded)) => Tagged::Value(Value::from(decoded)),
        // Bytes that are no text have no JSON form but the one they are written in.
        Ok(Err(_)) => Tagged::Is(Scalar::Text),
        Err(_) => Tagged::Misfit("the text under `!!binary` is not base64".to_owned()),
    }
}

trait YamlNamespace {
    fn suffix_in_namespace_of_yaml(&self) -> Option<&str>;
}

impl YamlNamespace for Tag {
    /// The tags of YAML 1.1's type repository that YAML 1.2 no longer names: `binary`, `timestamp`.
    fn suffix_in_namespace_of_yaml(&self) -> Option<&str> {
        (self.handle() == "tag:yaml.org,2002:").then(|| self.suffix())
    }
}
