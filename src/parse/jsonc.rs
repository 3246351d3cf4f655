//! JSON with comments, trailing commas and the rest of JSON5, for files that people write.
//!
//! In: a source. Out: its document, or why there is none. Commas between
//! values must be there: without them a typo would pass for a file.

use std::collections::HashMap;

use jsonc_parser::ast::{Object, ObjectPropName, Value as Ast};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Outcome, ParseError, Parsed};
use crate::document::{Key, Notice, Tree};
use crate::engine::Value;
use crate::source::{Source, Span};

/// Reads the one document of `source`.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let mut outcome = Outcome::default();
    let whole: &str = source.text();
    let shift = if whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = whole.get(shift..).unwrap_or("");
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    let read = parse_to_ast(text, &CollectOptions::default(), &options);
    match read.map(|read| read.value) {
        Ok(Some(ast)) => {
            let mut converter = Converter { shift, notices: Vec::new() };
            let (value, spans) = converter.tree(&ast).build();
            outcome.documents.push(Parsed { value, spans });
            outcome.notices = converter.notices;
        }
        Ok(None) => outcome.errors.push(ParseError::at(Span::new(shift, shift), "the file is empty")),
        Err(error) => {
            let range = error.range();
            let span = Span::new(range.start + shift, range.end + shift);
            outcome.errors.push(ParseError::at(span, format!("not valid JSON with comments: {}", lower(&error))));
        }
    }
    outcome
}

fn lower(error: &jsonc_parser::errors::ParseError) -> String {
    let text = error.kind().to_string();
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

struct Converter {
    shift: usize,
    notices: Vec<Notice>,
}

impl Converter {
    /// The parser refuses more than 512 levels, which bounds this too.
    fn tree(&mut self, ast: &Ast<'_>) -> Tree {
        match ast {
            Ast::StringLit(text) => Tree::scalar(&*text.value, self.span(text.range)),
            Ast::NumberLit(number) => {
                let span = self.span(number.range);
                Tree::scalar(self.number(number.value, span), span)
            }
            Ast::BooleanLit(flag) => Tree::scalar(flag.value, self.span(flag.range)),
            Ast::NullKeyword(null) => Tree::scalar(Value::Null, self.span(null.range)),
            Ast::Array(array) => {
                let items = array.elements.iter().map(|item| self.tree(item)).collect();
                Tree::array(items, self.span(array.range))
            }
            Ast::Object(object) => self.object(object),
        }
    }

    fn object(&mut self, object: &Object<'_>) -> Tree {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut fields = Vec::with_capacity(object.properties.len());
        for field in &object.properties {
            let (name, range) = match &field.name {
                ObjectPropName::String(text) => (&*text.value, text.range),
                ObjectPropName::Word(word) => (word.value, word.range),
            };
            let span = self.span(range);
            if let Some(before) = first.insert(name, span) {
                let labels = vec![(span, "this one counts".to_owned()), (before, "this one is lost".to_owned())];
                self.notices.push(Notice { message: format!("`{name}` is given twice"), labels });
            }
            fields.push((Key { name: name.into(), span }, self.tree(&field.value)));
        }
        Tree::object(fields, self.span(object.range))
    }

    fn number(&mut self, text: &str, span: Span) -> Value {
        let unsigned = text.strip_prefix('+').unwrap_or(text);
        let (sign, digits) = unsigned.strip_prefix('-').map_or(("", unsigned), |digits| ("-", digits));
        if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"))
            && let Ok(magnitude) = i128::from_str_radix(hex, 16)
        {
            return Value::from(if sign.is_empty() { magnitude } else { -magnitude });
        }
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        let exact = super::json::exact(unsigned, whole && unsigned.len() < 10_000, !sign.is_empty());
        exact.unwrap_or_else(|| {
            let label = "no number that JSON can hold".to_owned();
            self.notices.push(Notice { message: format!("`{text}` is read as text"), labels: vec![(span, label)] });
            Value::from(text)
        })
    }

    fn span(&self, range: Range) -> Span {
        Span::new(range.start + self.shift, range.end + self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;

    #[test]
    fn comments_trailing_commas_and_json5_are_read_with_places() {
        let text = "\u{feff}// c\n{a: 0x1F, 'b': [1,], \"c\": -.5, d: NaN, e: +2 /* x */, a: 'q'}\n";
        let source = Source::new("a.jsonc", text);
        let outcome = parse(&source);
        assert_eq!(outcome.errors, vec![]);
        let parsed = &outcome.documents[0];
        let expected = r#"{"a":"q","b":[1],"c":-0.5,"d":"NaN","e":2}"#;
        assert_eq!(Some(&parsed.value), Value::from_json_str(expected).as_ref().ok());
        let found = parsed.spans.lookup(&Path(vec!["a".into()])).expect("found");
        assert_eq!((found.key.map(|key| source.slice(key)), source.slice(found.value)), (Some("a"), "'q'"));
        let said: Vec<_> = outcome.notices.iter().map(|notice| &*notice.message).collect();
        assert_eq!(said, ["`NaN` is read as text", "`a` is given twice"]);
    }

    #[test]
    fn errors_have_a_place() {
        let errors = |text: &str| parse(&Source::new("a.jsonc", text)).errors;
        let missing = ParseError::at(Span::new(7, 7), "not valid JSON with comments: expected comma");
        assert_eq!(errors(r#"{"a": 1 "b": 2}"#), vec![missing]);
        assert_eq!(errors("// c\n"), vec![ParseError::at(Span::new(0, 0), "the file is empty")]);
        let deep = errors(&"[".repeat(100_000));
        assert_eq!(deep[0].message, "not valid JSON with comments: maximum nesting depth exceeded");
    }
}
