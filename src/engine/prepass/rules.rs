//! Whole statements: chained bodies, late imports, functions without a body, lines that
//! start with `(`, and `rego.metadata.*` calls.

use super::heads::{Heads, Statement};
use super::lex::{Kind, Token};
use super::words::is_keyword;
use super::{Edit, Version};
use crate::engine::metadata;
use crate::source::{Source, Span};

/// Rewrites what needs to know where statements begin.
pub fn rewrite(text: &str, tokens: &[Token], heads: &Heads, version: Version, edits: &mut Vec<Edit>) {
    let module = Module { text, tokens };
    let mut home = None;
    let mut rule_seen = false;
    for statement in &heads.statements {
        match statement.lead(text, tokens) {
            "import" if rule_seen => module.move_import(statement, home, edits),
            "package" | "import" => home = module.end_of(statement),
            "default" => rule_seen = true,
            _ => {
                rule_seen = true;
                module.unchain(statement, version, edits);
                module.give_body(statement, edits);
            }
        }
    }
    module.part_lines(edits);
}

/// Replaces `rego.metadata.rule()` and `rego.metadata.chain()` by what they answer.
pub fn inline_metadata(source: &Source, tokens: &[Token], index: &metadata::Index, edits: &mut Vec<Edit>) {
    let text = source.text();
    if !text.contains("rego.metadata.") {
        return;
    }
    for window in tokens.windows(7) {
        let [first, .., last] = window else { continue };
        let call: Vec<_> = window.iter().filter_map(|token| text.get(token.start..token.end)).collect();
        let line = source.position(Span::new(first.start, first.start).start).line;
        let answer = match call.as_slice() {
            ["rego", ".", "metadata", ".", "rule", "(", ")"] => index.rule(source.name(), line),
            ["rego", ".", "metadata", ".", "chain", "(", ")"] => index.chain(source.name(), line),
            _ => continue,
        };
        edits.push(Edit::replace(first.start, last.end, answer.to_string()));
    }
}

struct Module<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Module<'_> {
    fn of(&self, token: &Token) -> &str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| self.of(token))
    }

    fn end_of(&self, statement: &Statement) -> Option<usize> {
        self.tokens.get(statement.end.checked_sub(1)?).map(|token| token.end)
    }

    /// regorus wants imports before rules.
    fn move_import(&self, statement: &Statement, home: Option<usize>, edits: &mut Vec<Edit>) {
        let (Some(home), Some(first), Some(end)) = (home, self.tokens.get(statement.first), self.end_of(statement))
        else {
            return;
        };
        let import = self.text.get(first.start..end).unwrap_or("").to_owned();
        edits.push(Edit::insert(home, " "));
        edits.push(Edit { start: home, end: home, text: import, origin: first.start, copied: true });
        edits.push(Edit::replace(first.start, end, ""));
    }

    /// `deny[x] {…} {…}` becomes `deny[x] {…} deny[x] {…}`: regorus takes the second body for an `else`.
    fn unchain(&self, statement: &Statement, version: Version, edits: &mut Vec<Edit>) {
        let [first, rest @ ..] = statement.bodies.as_slice() else { return };
        if statement.otherwise || statement.assigned {
            return;
        }
        let chained = rest.iter().filter(|at| at.checked_sub(1).is_some_and(|before| self.word(before) == "}"));
        let head_end = statement.condition.unwrap_or(*first);
        let last = head_end.checked_sub(1).unwrap_or(statement.first);
        let set = statement.contains || version == Version::V0 && self.word(last) == "]";
        let (Some(start), Some(end)) = (self.tokens.get(statement.first), self.tokens.get(last)) else { return };
        if !set {
            return;
        }
        let head = self.text.get(start.start..end.end).unwrap_or("");
        for at in chained {
            let Some(brace) = self.tokens.get(*at) else { continue };
            let copy = |text: String, copied| Edit {
                start: brace.start,
                end: brace.start,
                text,
                origin: if copied { start.start } else { brace.start },
                copied,
            };
            edits.push(copy(head.to_owned(), true));
            edits.push(copy(if statement.condition.is_some() { " if " } else { " " }.to_owned(), false));
        }
    }

    /// `f("")` becomes `f("") := true`.
    fn give_body(&self, statement: &Statement, edits: &mut Vec<Edit>) {
        let bare = statement.bodies.is_empty() && !statement.assigned && statement.condition.is_none();
        let call = self.tokens.get(statement.first..statement.end).unwrap_or(&[]);
        let open = call.iter().position(|token| token.kind == Kind::Open);
        let named = open.is_some_and(|at| at > 0 && call.get(at).is_some_and(|open| self.of(open) == "("));
        if let (true, true, Some(last)) = (bare && !statement.contains, named, call.last())
            && self.of(last) == ")"
        {
            edits.push(Edit::insert(last.end, " := true"));
        }
    }

    /// Ends the statement before a line that starts with `(`, which regorus takes for a call.
    fn part_lines(&self, edits: &mut Vec<Edit>) {
        let mut open: Vec<bool> = Vec::new();
        let mut before: Option<&Token> = None;
        for token in self.tokens {
            let text = self.of(token);
            match token.kind {
                Kind::Open => {
                    let in_query = open.last().copied().unwrap_or(false);
                    if let (true, true, "(", Some(before)) = (token.starts_line, in_query, text, before) {
                        let ends = match before.kind {
                            Kind::Word => !is_keyword(self.of(before)),
                            Kind::Close => self.of(before) == "]",
                            _ => false,
                        };
                        if ends {
                            edits.push(Edit::insert(before.end, ";"));
                        }
                    }
                    open.push(text == "{");
                }
                Kind::Piece { first, last, .. } => {
                    if !first {
                        open.pop();
                    }
                    if !last {
                        open.push(false);
                    }
                }
                Kind::Close => {
                    open.pop();
                }
                Kind::Symbol if text == "|" => {
                    if let Some(query) = open.last_mut() {
                        *query = true;
                    }
                }
                _ => {}
            }
            before = Some(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::prepass::{Version, prepare};

    fn rewritten(text: &str) -> String {
        prepare("a.rego", text, None).unwrap().text
    }

    #[test]
    fn chained_bodies_get_a_head_each() {
        assert_eq!(rewritten("deny[m] { a } { b }"), "deny[m] { a } deny[m] { b }");
        assert_eq!(rewritten("d contains m if { a } { b }"), "d contains m if { a } d contains m if { b }");
        let plain = "p { a } { b }\nq[x] = 1 { a }";
        assert_eq!(rewritten(plain), plain);
    }

    #[test]
    fn imports_move_up_and_keep_their_place() {
        let text = "package t\np := 1\nimport data.lib.x\n";
        let prepared = prepare("a.rego", text, None).unwrap();
        assert_eq!(prepared.text, "package t import data.lib.x\np := 1\n\n");
        let moved = prepared.text.find("data").unwrap();
        assert_eq!(prepared.map.to_original(moved), text.find("data").unwrap());
        assert_eq!(prepared.version, Version::V1);
    }

    #[test]
    fn functions_without_a_body_are_true() {
        assert_eq!(rewritten("f(\"\")\np if f(1)\ng(x) := 1\n"), "f(\"\") := true\np if f(1)\ng(x) := 1\n");
    }

    #[test]
    fn a_line_that_starts_with_a_parenthesis_is_a_statement() {
        assert_eq!(rewritten("p { input.q # why\n (1 + 1) == 2 }"), "p { input.q; # why\n (1 + 1) == 2 }");
        let call = "p := f(\n(1))\nq if {\n x ==\n (1)\n}";
        assert_eq!(rewritten(call), call);
    }
}
