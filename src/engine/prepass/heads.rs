//! Where the statements of a module begin, and which of their braces are bodies.

use super::Version;
use super::lex::{Kind, Token};
use super::words::is_keyword;

/// A package clause, an import or a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its first token.
    pub first: usize,
    /// One past its last token.
    pub end: usize,
    /// The opening braces of its bodies.
    pub bodies: Vec<usize>,
    /// Its `if`.
    pub condition: Option<usize>,
    /// Whether it has `=` or `:=` outside brackets.
    pub assigned: bool,
    /// Whether it has `contains` outside brackets.
    pub contains: bool,
    /// Whether it has an `else`.
    pub otherwise: bool,
}

impl Statement {
    /// The keyword that it begins with; empty for a rule, `import.x := 1` included.
    pub fn lead<'a>(&self, text: &'a str, tokens: &[Token]) -> &'a str {
        let word = |at: usize| tokens.get(at).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
        let first = word(self.first);
        let keyword = matches!(first, "package" | "import" | "default") && word(self.first + 1) != ".";
        if keyword { first } else { "" }
    }

    /// Its offset, its first word, and the path that it names: `a.b` of `package a.b`, `default a.b := 1` or `a.b[x] := 1`.
    pub fn outline<'a>(&self, text: &'a str, tokens: &[Token]) -> Option<(usize, &'a str, String)> {
        let word = |at: usize| tokens.get(at).and_then(|token| text.get(token.start..token.end));
        let (offset, first) = (tokens.get(self.first)?.start, word(self.first)?);
        let led = matches!(self.lead(text, tokens), "package" | "import" | "default");
        let mut at = if led { self.first + 1 } else { self.first };
        let mut path = word(at)?.to_owned();
        loop {
            let (next, then) = (word(at + 1).unwrap_or(""), word(at + 2).unwrap_or(""));
            let quoted = then.strip_prefix('"').and_then(|then| then.strip_suffix('"'));
            match (next, quoted) {
                (".", _) => {
                    path.push('.');
                    path.push_str(then);
                    at += 2;
                }
                ("[", Some(key)) if word(at + 3) == Some("]") && (led || self.assigned || self.contains) => {
                    path.push('.');
                    path.push_str(key);
                    at += 3;
                }
                _ => return Some((offset, first, path)),
            }
        }
    }
}

/// The statements of a module and the version their bodies are written in.
#[derive(Debug, PartialEq, Eq)]
pub struct Heads {
    /// v0 when a rule has a body without `if`.
    pub version: Version,
    /// In the order of the text.
    pub statements: Vec<Statement>,
}

/// Finds the statements of `tokens`.
pub fn find(text: &str, tokens: &[Token]) -> Heads {
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or("");
    let mut heads = Heads { version: Version::V1, statements: Vec::new() };
    let mut depth = 0_usize;
    let mut after_body = false;
    let mut bodies: Vec<bool> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let next_dot = tokens.get(at + 1).is_some_and(|next| word(next) == ".");
        let before_word = before.map(|before| (word(before), before.kind));
        if depth == 0 && starts(word(token), token, before_word, after_body, next_dot) {
            heads.statements.push(Statement { first: at, ..Statement::default() });
        }
        after_body = false;
        if let Some(statement) = heads.statements.last_mut() {
            statement.end = at + 1;
            match token.kind {
                Kind::Open => {
                    let body = depth == 0
                        && word(token) == "{"
                        && before.is_some_and(|before| is_body(word(before), before.kind));
                    if body {
                        statement.bodies.push(at);
                        if statement.condition.is_none() {
                            heads.version = Version::V0;
                        }
                    }
                    bodies.push(body);
                }
                Kind::Word if depth == 0 && before.is_none_or(|before| word(before) != ".") => match word(token) {
                    "if" if statement.condition.is_none() => statement.condition = Some(at),
                    "contains" if at > statement.first && statement.condition.is_none() => statement.contains = true,
                    "else" => statement.otherwise = true,
                    _ => {}
                },
                Kind::Symbol if depth == 0 => {
                    statement.assigned |= matches!(word(token), "=" | ":=") && statement.condition.is_none();
                }
                _ => {}
            }
        }
        match token.kind {
            Kind::Open | Kind::Piece { first: true, last: false, .. } => depth += 1,
            Kind::Piece { first: false, last: true, .. } => depth = depth.saturating_sub(1),
            Kind::Close => {
                depth = depth.saturating_sub(1);
                after_body = bodies.pop().unwrap_or(false) && depth == 0;
            }
            _ => {}
        }
    }
    heads
}

/// Whether a word at the outermost level begins a statement.
fn starts(word: &str, token: &Token, before: Option<(&str, Kind)>, after_body: bool, next_dot: bool) -> bool {
    if token.kind != Kind::Word || word == "else" {
        return false;
    }
    let Some((before, kind)) = before else { return true };
    let late_import = word == "import" && before != "." && before != "default";
    let goes_on = kind == Kind::Symbol || kind == Kind::Word && matches!(before, "if" | "in" | "not" | "contains");
    let infix = matches!(word, "if" | "in" | "contains" | "as" | "with");
    (token.starts_line || after_body) && !goes_on && !infix || late_import && !next_dot
}

/// Whether a `{` after this token opens a body.
fn is_body(before: &str, kind: Kind) -> bool {
    match kind {
        Kind::Word => matches!(before, "if" | "else" | "true" | "false" | "null") || !is_keyword(before),
        Kind::Symbol | Kind::Open | Kind::Piece { last: false, .. } => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Version, Vec<(String, usize)>) {
        let tokens = super::super::lex::tokens(text).unwrap();
        let heads = find(text, &tokens);
        let statements = heads.statements.iter().map(|s| {
            let (first, last) = (tokens[s.first], tokens[s.end - 1]);
            (text[first.start..last.end].to_owned(), s.bodies.len())
        });
        (heads.version, statements.collect())
    }

    #[test]
    fn statements_and_their_bodies_are_told_apart() {
        let (version, statements) =
            found("package a\np[x] { x := 1 } { x := {2} } q = {1} { true }\n\nelse = 3 { false }\nr := {\n 1}");
        let texts: Vec<_> = statements.iter().map(|(text, bodies)| (text.as_str(), *bodies)).collect();
        assert_eq!(version, Version::V0);
        assert_eq!(
            texts,
            [
                ("package a", 0),
                ("p[x] { x := 1 } { x := {2} }", 2),
                ("q = {1} { true }\n\nelse = 3 { false }", 2),
                ("r := {\n 1}", 0)
            ]
        );
        assert_eq!(found("p if { x }\nq contains x if every y in z { y }\nr contains {1}\ns := {\n1}").0, Version::V1);
    }
}
