//! References that begin with a keyword: `not.foo`, `if.bar`.
//!
//! regorus takes keywords after a dot and refuses them at the front. They get another name,
//! the same in heads and references of the module, and [`unmangle`] gives the old one back.

use super::lex::{Kind, Token};
use super::map::Edit;

const PREFIX: &str = "regate_kw_";

const KEYWORDS: [&str; 17] = [
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "or", "package",
    "some", "true", "with", "and",
];

/// Whether `word` is a keyword of Rego.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The author's name for `name`: without what the pre-pass put before a keyword.
#[must_use]
pub fn unmangle(name: &str) -> &str {
    name.strip_prefix(PREFIX).filter(|rest| is_keyword(rest)).unwrap_or(name)
}

/// Renames keywords at the front of references; an import that ends in one needs an alias.
pub fn rewrite(text: &str, tokens: &[Token], edits: &mut Vec<Edit>) -> Result<(), (usize, String)> {
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or("");
    let mut importing = false;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Word || !is_keyword(word(token)) {
            importing = importing && !token.starts_line;
            continue;
        }
        let dot = |token: &Token| token.kind == Kind::Symbol && word(token) == ".";
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let after_dot = before.is_some_and(|before| before.end == token.start && dot(before));
        let next = tokens.get(at + 1);
        let before_dot = next.is_some_and(|next| next.start == token.end && dot(next))
            && tokens.get(at + 2).is_some_and(|next| next.kind == Kind::Word && next.start == token.end + 1);
        if importing && after_dot && !before_dot {
            importing = false;
            if next.is_none_or(|next| word(next) != "as") {
                let message = "unexpected import path, must not end with a keyword, got: ";
                let help = "(hint: import a different path or use an alias)";
                return Err((token.start, format!("{message}{} {help}", word(token))));
            }
        } else if !after_dot && before_dot {
            edits.push(Edit::insert(token.start, PREFIX));
        } else if !after_dot {
            // `import future.keywords.in` is what brings the keyword.
            importing = word(token) == "import" && next.is_none_or(|next| word(next) != "future");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::prepass::prepare;

    #[test]
    fn keywords_can_be_imported_from_the_future() {
        for name in ["in", "every", "if", "contains"] {
            let text = format!("package a\nimport future.keywords.{name}\np {{ input.x }}\n");
            assert_eq!(prepare("a.rego", &text, None).unwrap().text, text);
        }
    }

    #[test]
    fn keywords_at_the_front_of_references_get_another_name() {
        let text = "package a.if\nimport data.foo.not as y\nimport data.in as x\nnot.foo := 1\np if not not.foo\nq := input.if\n";
        assert_eq!(
            prepare("a.rego", text, None).unwrap().text,
            "package a.if\nimport data.foo.not as y\nimport data.in as x\nregate_kw_not.foo := 1\np if not regate_kw_not.foo\nq := input.if\n"
        );
        assert_eq!((unmangle("regate_kw_not"), unmangle("regate_kw_x")), ("not", "regate_kw_x"));
    }
}
