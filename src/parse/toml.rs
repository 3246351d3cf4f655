//! TOML, in the shape that conftest gives it.
//!
//! In: the text. Out: one document, and every error the reader could recover
//! from. Dates and times become RFC 3339 strings as conftest's do: what a local
//! date or time lacks is filled with midnight, `0000-01-01` and `Z`.
//!
//! The span of a table reaches from its first to its last part, header
//! included; with `[a]` and a later `[a.b]` that covers what stands between.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use ::toml::value::Datetime;

use super::{Outcome, ParseError, Parsed};
use crate::document::{Key, Tree};
use crate::engine::Value;
use crate::source::{Source, Span};

/// Reads a TOML file.
#[must_use]
pub fn parse(source: &Source) -> Outcome {
    let mut outcome = Outcome::default();
    let text = source.text();
    // The reader itself bounds nesting (80 levels, dotted keys included), so the walk below is bounded.
    let (root, errors) = DeTable::parse_recoverable(text);
    outcome.errors.extend(errors.iter().map(|error| ParseError {
        message: error.message().to_owned(),
        span: error.span().map(|range| Span::new(range.start, range.end)),
        help: None,
    }));
    let tree = table(root.get_ref(), Span::new(0, text.len()), &mut outcome.errors);
    // What an empty tree with errors would say is "nothing is set", which nobody knows.
    if outcome.errors.is_empty() || !root.get_ref().is_empty() {
        let (value, spans) = tree.build();
        outcome.documents.push(Parsed { value, spans });
    }
    outcome
}

fn table(table: &DeTable<'_>, own: Span, errors: &mut Vec<ParseError>) -> Tree {
    let mut span = own;
    let mut fields: Vec<(Key, Tree)> = table
        .iter()
        .map(|(key, value)| {
            let at = Span::new(key.span().start, key.span().end);
            let tree = convert(value, errors);
            span = cover(cover(span, at), tree.span);
            (Key { name: key.get_ref().as_ref().into(), span: at }, tree)
        })
        .collect();
    fields.sort_by_key(|(key, _)| key.span.start);
    Tree::object(fields, span)
}

fn convert(value: &Spanned<DeValue<'_>>, errors: &mut Vec<ParseError>) -> Tree {
    let span = Span::new(value.span().start, value.span().end);
    match value.get_ref() {
        DeValue::String(text) => Tree::scalar(text.as_ref(), span),
        DeValue::Boolean(flag) => Tree::scalar(*flag, span),
        DeValue::Datetime(time) => Tree::scalar(rfc3339(time), span),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Tree::scalar(number, span),
            Err(_) => broken("a whole number outside the 64 bits that TOML has", span, errors),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => float(number, span),
            _ => broken("a number that is not finite: policies have none", span, errors),
        },
        DeValue::Array(items) => {
            let items: Vec<Tree> = items.iter().map(|item| convert(item, errors)).collect();
            let span = items.iter().fold(span, |span, item| cover(span, item.span));
            Tree::array(items, span)
        }
        DeValue::Table(fields) => table(fields, span, errors),
    }
}

/// `1e3` is 1000 for a policy, as in the JSON that conftest makes of it.
fn float(number: f64, span: Span) -> Tree {
    Tree::scalar(super::float(number), span)
}

fn broken(what: &str, span: Span, errors: &mut Vec<ParseError>) -> Tree {
    errors.push(ParseError { message: format!("this is {what}"), span: Some(span), help: None });
    Tree::scalar(Value::Null, span)
}

fn cover(a: Span, b: Span) -> Span {
    Span { start: a.start.min(b.start), end: a.end.max(b.end) }
}

fn rfc3339(time: &Datetime) -> String {
    let mut time = *time;
    let date = time.date.take().map_or_else(|| "0000-01-01".to_owned(), |date| date.to_string());
    let offset = time.offset.take().map_or_else(|| "Z".to_owned(), |offset| offset.to_string());
    let clock = time.time.map_or_else(
        || "00:00:00".to_owned(),
        |time| {
            let fraction = format!(".{:09}", time.nanosecond.unwrap_or(0));
            let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
            format!("{:02}:{:02}:{:02}{fraction}", time.hour, time.minute, time.second.unwrap_or(0))
        },
    );
    format!("{date}T{clock}{offset}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Path;

    const TEXT: &str = "d = 2020-01-02\nt = 10:11:12.5\nldt = 2020-01-02T10:11:12\n\
        dt = 2020-01-02 10:11:12.123456+02:00\ndz = 2020-01-02T10:11:12.500Z\n\
        i = 9223372036854775807\nh = 0xff\nf = 1e3\ng = 1.5\n[a.b]\nx = [1, \"y\", {z = true}]\n\
        [[p]]\nn = 1\n[[p]]\nn = 2\n";

    #[test]
    fn the_value_is_what_conftest_prints() {
        let outcome = parse(&Source::new("a.toml", TEXT));
        assert_eq!(outcome.errors, []);
        let expected = r#"{"a":{"b":{"x":[1,"y",{"z":true}]}},"d":"2020-01-02T00:00:00Z",
            "dt":"2020-01-02T10:11:12.123456+02:00","dz":"2020-01-02T10:11:12.5Z","f":1000,"g":1.5,"h":255,
            "i":9223372036854775807,"ldt":"2020-01-02T10:11:12Z","p":[{"n":1},{"n":2}],"t":"0000-01-01T10:11:12.5Z"}"#;
        assert_eq!(outcome.documents[0].value, Value::from_json_str(expected).unwrap());
    }

    #[test]
    fn keys_values_and_items_have_places() {
        let source = Source::new("a.toml", TEXT);
        let spans = &parse(&source).documents[0].spans;
        let slice = |steps| spans.lookup(&Path(steps)).map(|found| source.slice(found.value).to_owned());
        assert_eq!(slice(vec!["a".into(), "b".into(), "x".into(), 1.into()]).unwrap(), "\"y\"");
        assert_eq!(slice(vec!["p".into(), 1.into(), "n".into()]).unwrap(), "2");
        assert_eq!(slice(vec!["a".into(), "b".into()]).unwrap(), "[a.b]\nx = [1, \"y\", {z = true}]");
        let key = spans.lookup(&Path(vec!["g".into()])).unwrap().key.unwrap();
        assert_eq!(source.slice(key), "g");
    }

    #[test]
    fn every_error_is_told_and_the_rest_is_read() {
        let outcome = parse(&Source::new("a.toml", "a = \nb = 1\nc = inf\nd = [1,,2]\n"));
        assert_eq!(outcome.errors.len(), 3, "{:?}", outcome.errors);
        assert!(outcome.errors.iter().all(|error| error.span.is_some()));
        assert_eq!(outcome.documents[0].value[&Value::from("b")], Value::from(1_u64));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        for text in ["a = ".to_owned() + &"[".repeat(100_000), "a.".repeat(100_000) + "a = 1", {
            "a = ".to_owned() + &"{b=".repeat(100_000)
        }] {
            assert!(!parse(&Source::new("a.toml", text)).errors.is_empty());
        }
    }
}
