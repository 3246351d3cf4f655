use std::time::{Duration, Instant};

use super::*;
use crate::document::{Path, Step};

/// The value, or the errors with their places.
fn shown(text: &str) -> String {
    let source = Source::new("a.json", text);
    let outcome = parse(&source);
    let error = |error: &ParseError| {
        let span = error.span.expect("a place");
        let help = error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("`{}` at {}: {}{help}", source.slice(span), span.start, error.message)
    };
    let values = outcome.documents.iter().map(|parsed| parsed.value.to_string());
    values.chain(outcome.errors.iter().map(error)).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_keeps_the_grammar_is_read() {
    for (text, value) in [
        ("\u{feff} {\"a\": [1, 2, {}], \"b\": []}\r\n", r#"{"a":[1,2,{}],"b":[]}"#),
        (r#""\"\\\/\b\f\n\r\t\u00e9""#, "\"\\\"\\\\/\\b\\f\\n\\r\\té\""),
        (r#""\ud834\udd1e""#, "\"\u{1d11e}\""),
        ("[1.5e3, -1E-2, 0, 0.5]", "[1500.0,-0.01,0,0.5]"),
        ("18446744073709551615", "18446744073709551615"),
        ("\"\u{7f}\u{2028}\"", "\"\u{7f}\u{2028}\""),
    ] {
        assert_eq!(parse(&Source::new("a", text)).errors, vec![], "{text}");
        let expected = Value::from_json_str(value).expect("JSON");
        assert_eq!(parse(&Source::new("a", text)).documents[0].value, expected, "{text}");
    }
}

#[test]
fn lone_surrogates_are_replaced_one_by_one() {
    assert_eq!(shown(r#""\ud834x""#), "\"\u{fffd}x\"");
    assert_eq!(shown(r#""\udd1e""#), "\"\u{fffd}\"");
    assert_eq!(shown(r#""\ud834\ud834\udd1e""#), "\"\u{fffd}\u{1d11e}\"");
    assert_eq!(shown(r#""\ud834\n""#), "\"\u{fffd}\\n\"");
}

#[test]
fn numbers_are_exact() {
    let read = |text: &str| parse(&Source::new("a", text)).documents[0].value.clone();
    assert_eq!(read("1.0"), read("1"));
    assert_eq!(read("-0"), read("0"));
    assert_eq!(read("0.1"), Value::from(0.1));
    assert_ne!(read("123456789012345678901234567890"), read("123456789012345678901234567891"));
    assert_eq!(read("-9223372036854775808"), Value::from(i64::MIN));
    assert_ne!(read("-9223372036854775809"), Value::from(i64::MIN));
}

#[test]
fn errors_say_where_and_what_to_do() {
    let texts = [
        "",
        " \n",
        "-",
        "01",
        "1.",
        "1e400",
        "[1,]",
        "{\"a\":1,}",
        "[1 2]",
        "{'a':1}",
        "{a:1}",
        "{\"a\" 1}",
        "[1]]",
        "[",
        "{",
        "{\"a\":",
        "\"abc",
        "\"\\x\"",
        "\"\\é\"",
        "\"\\",
        "\"\\u12g4\"",
        "nul",
        "NaN",
        "+1",
        ".5",
        "1 // x",
        "[}",
        "tru\u{e9}",
        "1 2",
    ];
    let all = texts.map(|text| format!("{text:?}: {}", shown(text))).join("\n");
    insta::assert_snapshot!(all, @r#"
    "": `` at 0: the file is empty
    " \n": `` at 2: the file is empty
    "-": `` at 1: not valid JSON: a digit should stand here, the text ends here
    "01": `01` at 0: a number may not begin with `0` (put it in quotes, or drop the `0`)
    "1.": `` at 2: not valid JSON: a digit after the point should stand here, the text ends here
    "1e400": `1e400` at 0: a number too large for any policy
    "[1,]": `]` at 3: not valid JSON: a value should stand here, found `]` (take out the comma before it)
    "{\"a\":1,}": `}` at 7: not valid JSON: a key in quotes should stand here, found `}` (take out the comma before it)
    "[1 2]": `2` at 3: not valid JSON: `,` or `]` should stand here, found `2`
    "{'a':1}": `'` at 1: not valid JSON: a key in quotes or `}` should stand here, found `'` (JSON knows double quotes only)
    "{a:1}": `a` at 1: not valid JSON: a key in quotes or `}` should stand here, found `a`
    "{\"a\" 1}": `1` at 5: not valid JSON: `:` should stand here, found `1`
    "[1]]": `]` at 3: not valid JSON: the end of the document should stand here, found `]`
    "[": `` at 1: not valid JSON: a value or `]` should stand here, the text ends here
    "{": `` at 1: not valid JSON: a key in quotes or `}` should stand here, the text ends here
    "{\"a\":": `` at 5: not valid JSON: a value should stand here, the text ends here
    "\"abc": `"` at 0: this string is not closed
    "\"\\x\"": `\x` at 1: no escape of JSON
    "\"\\é\"": `\é` at 1: no escape of JSON
    "\"\\": `\` at 1: no escape of JSON
    "\"\\u12g4\"": `\u12` at 1: four hexadecimal digits belong after `\u`
    "nul": `n` at 0: not valid JSON: a value should stand here, found `n`
    "NaN": `NaN` at 0: `NaN` is no value of JSON
    "+1": `+` at 0: not valid JSON: a value should stand here, found `+`
    ".5": `.` at 0: not valid JSON: a value should stand here, found `.`
    "1 // x": `/` at 2: not valid JSON: the end of the document should stand here, found `/` (JSON has no comments: name the file `.jsonc`)
    "[}": `}` at 1: not valid JSON: a value should stand here, found `}`
    "trué": `t` at 0: not valid JSON: a value should stand here, found `t`
    "1 2": `2` at 2: not valid JSON: the end of the document should stand here, found `2`
    "#);
    let newline = "a control character must be escaped in a JSON string \
                   (is the closing quote missing? a newline is written `\\n`)";
    assert_eq!(shown("\"a\nb\""), format!("`\n` at 2: {newline}"));
}

#[test]
fn nesting_100_000_deep_is_an_error_and_quick() {
    let start = Instant::now();
    assert_eq!(shown(&"[".repeat(100_000)), "`[` at 512: nested deeper than 512 levels");
    assert_eq!(shown(&"{\"a\":".repeat(100_000)), "`{` at 2560: nested deeper than 512 levels");
    assert_eq!(shown(&format!("{}{}", "[".repeat(512), "]".repeat(512))).len(), 1024);
    let long = shown(&"9".repeat(1_000_000));
    assert!(long.ends_with("a number longer than 10000 digits"));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn a_key_given_twice_is_noticed_and_the_last_counts() {
    let outcome = parse(&Source::new("a", r#"{"a":1,"b":2,"a":3}"#));
    assert_eq!(outcome.documents[0].value.to_string(), r#"{"a":3,"b":2}"#);
    let labels = vec![(Span::new(13, 16), "this one counts".into()), (Span::new(1, 4), "this one is lost".into())];
    assert_eq!(outcome.notices.len(), 1);
    assert_eq!((&*outcome.notices[0].message, &outcome.notices[0].labels), ("`a` is given twice", &labels));
}

#[test]
fn each_line_is_a_document_and_a_broken_one_costs_only_itself() {
    let source = Source::new("a", "{\"a\": [7]}\r\n\n[2\n\"x\"");
    let outcome = parse_lines(&source);
    let values: Vec<_> = outcome.documents.iter().map(|parsed| parsed.value.to_string()).collect();
    assert_eq!(values, [r#"{"a":[7]}"#, r#""x""#]);
    assert_eq!(outcome.errors.len(), 1);
    assert_eq!(outcome.errors[0].span, Some(Span::new(15, 15)));
    let found = outcome.documents[0].spans.lookup(&Path(vec!["a".into(), Step::Index(0)])).expect("found");
    assert_eq!(source.slice(found.value), "7");
    assert_eq!(outcome.documents[1].spans.paths()[0].1.value, Span::new(16, 19));
}
