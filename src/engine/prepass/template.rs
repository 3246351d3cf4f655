//! String templates: `$"a {x}"` becomes `regate.template(["a ", {t0 | t0 := x}])`.
//!
//! A set comprehension around each expression lets it be undefined, as OPA's own rewriting does.

use std::fmt::Write as _;

use super::TEMPLATE_FUNCTION;
use super::lex::{Kind, Token};
use super::map::Edit;

/// Rewrites every piece of every template.
pub fn rewrite(text: &str, tokens: &[Token], edits: &mut Vec<Edit>) {
    let mut next = 0_usize;
    for token in tokens {
        let Kind::Piece { first, last, raw } = token.kind else { continue };
        let literal = literal(text, token, first, raw);
        let mut new = String::new();
        if first && last {
            new = literal.unwrap_or_else(|| "\"\"".to_owned());
        } else {
            if first {
                new.extend([TEMPLATE_FUNCTION, "(["]);
            } else {
                new.push('}');
            }
            if let Some(literal) = literal {
                new.push_str(if first { "" } else { ", " });
                new.push_str(&literal);
                new.push_str(if last { "" } else { ", " });
            } else if !first && !last {
                new.push_str(", ");
            }
            if last {
                new.push_str("])");
            } else {
                let _ = write!(new, "{{__t{next} | __t{next} := ");
                next += 1;
            }
        }
        edits.push(Edit::replace(token.start, token.end, new));
    }
}

/// The piece's text as a string literal; `None` when it is empty.
fn literal(text: &str, token: &Token, first: bool, raw: bool) -> Option<String> {
    let start = token.start + if first { 2 } else { 1 };
    let inner = text.get(start..token.end.saturating_sub(1)).unwrap_or("");
    if inner.is_empty() {
        return None;
    }
    let inner = inner.replace("\\{", "{");
    Some(if raw { serde_json::Value::from(inner).to_string() } else { format!("\"{inner}\"") })
}

#[cfg(test)]
mod tests {
    use crate::engine::prepass::prepare;

    fn rewritten(text: &str) -> String {
        prepare("a.rego", text, None).unwrap().text
    }

    #[test]
    fn templates_become_calls() {
        assert_eq!(rewritten("p := $\"\""), "p := \"\"");
        assert_eq!(rewritten("p := $\"\\{a}\""), "p := \"{a}\"");
        assert_eq!(rewritten("p := $\"a {b}\""), "p := regate.template([\"a \", {__t0 | __t0 := b}])");
        assert_eq!(
            rewritten("p := $`{$\"{a}\"}\n{c}`"),
            "p := regate.template([{__t0 | __t0 := regate.template([{__t1 | __t1 := a}])}, \"\\n\", {__t2 | __t2 := c}])"
        );
    }
}
