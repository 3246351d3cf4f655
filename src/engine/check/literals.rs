//! Literals of a type that a builtin never takes: `count(1)`, `startswith(x, 2)`.
//!
//! OPA has a checker of types; this sees only what stands there as it is, and so is never wrong.

use regorus::unstable::{Expr, Ref};

use super::Unit;
use crate::engine::error::{Code, PolicyError};

/// What an operand must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Text,
    Number,
    /// An array, a set, an object or a string.
    Countable,
    /// An array or a set.
    List,
    Array,
    Object,
}

use Wanted::{Array, Countable, List, Number, Object, Text};

impl Wanted {
    fn name(self) -> &'static str {
        match self {
            Text => "a string",
            Number => "a number",
            Countable => "an array, an object, a set or a string",
            List => "an array or a set",
            Array => "an array",
            Object => "an object",
        }
    }

    fn takes(self, kind: &str) -> bool {
        match self {
            Text => kind == "a string",
            Number => kind == "a number",
            Countable => matches!(kind, "an array" | "an object" | "a set" | "a string"),
            List => matches!(kind, "an array" | "a set"),
            Array => kind == "an array",
            Object => kind == "an object",
        }
    }
}

/// Builtins with what their first operands must be.
const OPERANDS: [(&str, &[Wanted]); 36] = [
    ("abs", &[Number]),
    ("array.concat", &[Array, Array]),
    ("array.slice", &[Array, Number, Number]),
    ("base64.decode", &[Text]),
    ("base64.encode", &[Text]),
    ("ceil", &[Number]),
    ("concat", &[Text, List]),
    ("contains", &[Text, Text]),
    ("count", &[Countable]),
    ("crypto.sha256", &[Text]),
    ("endswith", &[Text, Text]),
    ("floor", &[Number]),
    ("format_int", &[Number, Number]),
    ("indexof", &[Text, Text]),
    ("json.unmarshal", &[Text]),
    ("lower", &[Text]),
    ("max", &[List]),
    ("min", &[List]),
    ("numbers.range", &[Number, Number]),
    ("object.get", &[Object]),
    ("object.keys", &[Object]),
    ("product", &[List]),
    ("regex.match", &[Text, Text]),
    ("replace", &[Text, Text, Text]),
    ("round", &[Number]),
    ("sort", &[List]),
    ("split", &[Text, Text]),
    ("sprintf", &[Text, Array]),
    ("startswith", &[Text, Text]),
    ("substring", &[Text, Number, Number]),
    ("sum", &[List]),
    ("trim", &[Text, Text]),
    ("trim_prefix", &[Text, Text]),
    ("trim_space", &[Text]),
    ("trim_suffix", &[Text, Text]),
    ("upper", &[Text]),
];

/// Reports the operands of a call of the builtin `name` that cannot be right.
pub fn check(unit: &Unit<'_>, name: &str, operands: &[Ref<Expr>], errors: &mut Vec<PolicyError>) {
    let Ok(at) = OPERANDS.binary_search_by_key(&name, |(name, _)| name) else { return };
    let Some((_, wanted)) = OPERANDS.get(at) else { return };
    for (number, (operand, wanted)) in operands.iter().zip(*wanted).enumerate() {
        if let Some(kind) = kind(operand).filter(|kind| !wanted.takes(kind)) {
            let message = format!("{name}: operand {} is {kind} and must be {}", number + 1, wanted.name());
            errors.push(unit.error(operand.span(), Code::Type, message));
        }
    }
}

/// What a literal is.
fn kind(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::String { .. } | Expr::RawString { .. } => "a string",
        Expr::Number { .. } => "a number",
        Expr::Bool { .. } => "a boolean",
        Expr::Null { .. } => "null",
        Expr::Array { .. } | Expr::ArrayCompr { .. } => "an array",
        Expr::Set { .. } | Expr::SetCompr { .. } => "a set",
        Expr::Object { .. } | Expr::ObjectCompr { .. } => "an object",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::OPERANDS;

    #[test]
    fn the_table_is_sorted() {
        assert!(OPERANDS.is_sorted_by_key(|(name, _)| name));
    }
}
