use super::*;
use crate::document::Path;

fn source(text: &str) -> Source {
    Source::new("main.tf", text)
}

fn json(text: &str) -> String {
    let outcome = parse(&source(text));
    assert_eq!(outcome.errors, []);
    compact(&outcome.documents[0].value)
}

fn compact(value: &crate::engine::Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// The expected files are the output of hcl2json v0.6.9 itself.
#[test]
fn the_shape_is_the_one_hcl2json_writes() {
    let shapes = (
        include_str!("../../../tests/fixtures/hcl/shapes.tf"),
        include_str!("../../../tests/fixtures/hcl/shapes.json"),
    );
    let templates = (
        include_str!("../../../tests/fixtures/hcl/templates.tf"),
        include_str!("../../../tests/fixtures/hcl/templates.json"),
    );
    for (text, expected) in [shapes, templates] {
        let ours: serde_json::Value = serde_json::from_str(&json(text)).unwrap();
        let theirs: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(serde_json::to_string_pretty(&ours).unwrap(), serde_json::to_string_pretty(&theirs).unwrap());
    }
}

#[test]
fn every_place_is_the_text_it_stands_for() {
    let text = "\u{feff}resource \"aws_s3_bucket\" \"logs\" {\n  acl = \"é\"\n  tags = { (var.k) = [1, -2] }\n  rule {\n    id = f(1)\n  }\n}\n";
    let source = source(text);
    let outcome = parse(&source);
    let shown: Vec<String> = outcome.documents[0]
        .spans
        .paths()
        .into_iter()
        .skip(1)
        .map(|(path, found)| {
            format!("{path} | {} | {}", found.key.map_or("", |k| source.slice(k)), source.slice(found.value))
        })
        .collect();
    let header = "resource \"aws_s3_bucket\" \"logs\"";
    let at = "resource.aws_s3_bucket.logs[0]";
    assert_eq!(
        shown,
        [
            format!("resource | resource | {header}"),
            format!("resource.aws_s3_bucket | \"aws_s3_bucket\" | {header}"),
            format!("resource.aws_s3_bucket.logs | \"logs\" | {header}"),
            format!("{at} |  | {header}"),
            format!("{at}.rule | rule | rule"),
            format!("{at}.rule[0] |  | rule"),
            format!("{at}.rule[0].id | id | f(1)"),
            format!("{at}.acl | acl | \"é\""),
            format!("{at}.tags | tags | {{ (var.k) = [1, -2] }}"),
            format!("{at}.tags[\"${{(var.k)}}\"] | (var.k) | [1, -2]"),
            format!("{at}.tags[\"${{(var.k)}}\"][0] |  | 1"),
            format!("{at}.tags[\"${{(var.k)}}\"][1] |  | -2"),
        ]
    );
    let offset = u32::try_from(text.find("f(1)").unwrap()).unwrap();
    assert_eq!(outcome.documents[0].spans.path_at(offset).to_string(), format!("{at}.rule[0].id"));
    assert_eq!(Path::default().to_string(), "");
}

#[test]
fn windows_line_ends_stay_in_a_heredoc() {
    assert_eq!(json("a = <<-X\r\n  1\r\n   2\r\n  X\r\n"), r#"{"a":"1\r\n 2\r\n"}"#);
}

#[test]
fn an_error_is_one_message_at_one_place() {
    let source = source("\u{feff}a = 1\nb = \"x\n");
    let outcome = parse(&source);
    assert!(outcome.documents.is_empty());
    assert_eq!(outcome.errors.len(), 1);
    assert_eq!(source.position(outcome.errors[0].span.unwrap().start).line, 2);
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{a=", "}"), ("\"${", "}\""), ("!", ""), ("-", ""), ("1+", "1")] {
        let text = format!("a = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
        assert_eq!(parse(&source(&text)).errors.len(), 1, "{open}");
    }
    assert_eq!(parse(&source(&"a {\n".repeat(100_000))).errors.len(), 1);
    assert_eq!(parse(&source(&format!("a {} {{}}\n", "\"l\" ".repeat(1000)))).errors.len(), 1);
}

#[test]
fn blocks_with_and_without_labels_are_an_error_but_the_rest_stays() {
    let outcome = parse(&source("a \"x\" {}\na {}\nb = 1\n"));
    assert_eq!(outcome.errors[0].message, "`a` blocks with and without labels cannot stand together");
    assert_eq!(compact(&outcome.documents[0].value), r#"{"a":{"x":[{}]},"b":1}"#);
}
