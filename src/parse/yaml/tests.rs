use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;
use crate::document::{Path, Step};

fn read(text: &str) -> Outcome {
    parse(&Source::new("a.yaml", text), &YamlOptions::default())
}

/// The documents as JSON, one after another.
fn json(text: &str) -> String {
    let outcome = read(text);
    assert_eq!(outcome.errors, vec![], "{text}");
    outcome.documents.iter().map(|parsed| parsed.value.to_string()).collect::<Vec<_>>().join(" | ")
}

/// Each error with the text it points at.
fn errors(text: &str) -> Vec<String> {
    let source = Source::new("a.yaml", text);
    let outcome = parse(&source, &YamlOptions::default());
    let show = |error: &ParseError| {
        let span = error.span.expect("a place");
        let help = error.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("`{}` at {}: {}{help}", source.slice(span), source.position(span.start), error.message)
    };
    outcome.errors.iter().map(show).collect()
}

/// Key, value and anchor of a path, each as its text and where it starts.
fn place(text: &str, path: &[&str]) -> String {
    let source = Source::new("a.yaml", text);
    let outcome = parse(&source, &YamlOptions::default());
    let steps = path.iter().map(|step| step.parse().map_or_else(|_| Step::from(*step), Step::Index)).collect();
    let found = outcome.documents[0].spans.lookup(&Path(steps)).expect("found");
    let show = |span: Option<Span>| span.map_or("-".into(), |span| format!("{}@{}", source.slice(span), span.start));
    format!("{} {} {}", show(found.key), show(Some(found.value)), show(found.anchor))
}

#[test]
fn each_document_of_a_file_is_its_own_and_nothing_is_none() {
    assert_eq!(json("a: 1\n---\nb: |\n  ---x\n--- # c\nc: [d]\n...\n"), r#"{"a":1} | {"b":"---x\n"} | {"c":["d"]}"#);
    assert_eq!(json(""), "");
    assert_eq!(json("# only a comment\n"), "");
    assert_eq!(json("---\n# nothing\n---\n"), "");
    assert_eq!(json("--- null\n"), "null");
    assert_eq!(json("\u{feff}a: b\r\nc:\r\n  - d\r\n"), r#"{"a":"b","c":["d"]}"#);
}

#[test]
fn a_broken_document_costs_only_itself() {
    let text = "a: 1\n---\nb: [1\n---\nc: 3\n---\nd: 'x\n---\ne: 5\n";
    let outcome = read(text);
    let values: Vec<_> = outcome.documents.iter().map(|parsed| parsed.value.to_string()).collect();
    assert_eq!(values, [r#"{"a":1}"#, r#"{"c":3}"#, r#"{"e":5}"#]);
    assert_eq!(outcome.errors.len(), 2);
}

#[test]
fn a_file_with_too_many_errors_is_given_up_and_says_so() {
    let outcome = read(&"a: *b\n".repeat(1_000));
    assert_eq!(outcome.errors.len(), 51);
    assert_eq!(outcome.errors[50].message, "50 errors: the rest of the file is not read");
    assert_eq!(read(&"'\n---\n".repeat(1_000)).errors.len(), 51);
}

#[test]
fn a_block_scalar_at_the_end_of_the_file_gets_no_newline_that_is_not_there() {
    assert_eq!(json("a: |\n  x"), r#"{"a":"x"}"#);
    assert_eq!(json("a: |\n  x\n"), r#"{"a":"x\n"}"#);
    assert_eq!(json("a: |+\n  x"), r#"{"a":"x"}"#);
    assert_eq!(json("a: >-\n  x\n  y"), r#"{"a":"x y"}"#);
    assert_eq!(json("a: |\n  x\n  "), r#"{"a":"x\n"}"#);
    assert_eq!(json("a: |\n  x\n# c"), r#"{"a":"x\n"}"#);
}

#[test]
fn aliases_and_merge_keys_are_written_out() {
    assert_eq!(json("a: &x {k: v}\nb: *x\n"), r#"{"a":{"k":"v"},"b":{"k":"v"}}"#);
    let defined = "x: &x {k: 1, l: 1}\ny: &y {l: 2, m: 2}\n";
    let merged = |fields: &str| {
        let outcome = read(&format!("{defined}d:\n{fields}"));
        assert_eq!(outcome.errors, vec![]);
        Path(vec!["d".into()]).get(&outcome.documents[0].value).map(ToString::to_string).expect("d")
    };
    assert_eq!(merged("  k: own\n  <<: [*x, *y, {p: 3}]\n"), r#"{"k":"own","l":1,"m":2,"p":3}"#);
    assert_eq!(merged("  <<: *x\n  <<: *y\n"), r#"{"k":1,"l":2,"m":2}"#);
    assert_eq!(merged("  <<: {<<: *x, l: 5}\n"), r#"{"k":1,"l":5}"#);
    assert_eq!(merged("  \"<<\": text\n"), r#"{"<<":"text"}"#);
}

#[test]
fn an_alias_knows_where_it_is_used_and_where_it_is_defined() {
    let text = "a: &x {k: v}\nb: *x\nc: {<<: *x, z: 1}\n";
    assert_eq!(place(text, &["b"]), "b@13 *x@16 {k: v}@6");
    assert_eq!(place(text, &["b", "k"]), "k@7 v@10 v@10");
    assert_eq!(place(text, &["c", "k"]), "k@7 v@10 v@10");
    assert_eq!(place(text, &["c", "z"]), "z@31 1@34 -");
}

#[test]
fn places_are_exact() {
    assert_eq!(place("a:\nb: x\n", &["a"]), "a@0 @2 -");
    assert_eq!(place("\u{feff}é: b\nc: d\n", &["c"]), "c@9 d@12 -");
    assert_eq!(place("a:\n  b: x\n  c: y # z\n\nb: x\n", &["a"]), "a@0 b: x\n  c: y@5 -");
    assert_eq!(place("- [x, \"y\\n\"]\n", &["0", "1"]), "- \"y\\n\"@6 -");
    assert_eq!(place("a: |\n  xyz\n\nb: x\n", &["a"]), "a@0 xyz@7 -");
    assert_eq!(place("'a b': x\r\n", &["a b"]), "'a b'@0 x@7 -");
}

#[test]
fn cloudformation_tags_become_their_long_form_with_places() {
    assert_eq!(json("a: !Ref x\nb: !GetAtt b.c.d\n"), r#"{"a":{"Ref":"x"},"b":{"Fn::GetAtt":["b","c.d"]}}"#);
    assert_eq!(json("a: !GetAZs\nb: !GetAZs ''\n"), r#"{"a":{"Fn::GetAZs":""},"b":{"Fn::GetAZs":""}}"#);
    assert_eq!(json("a: !Sub [x, {v: !Ref z}]\n"), r#"{"a":{"Fn::Sub":["x",{"v":{"Ref":"z"}}]}}"#);
    assert_eq!(json("a: !If [c, !Condition d, 5]\n"), r#"{"a":{"Fn::If":["c",{"Condition":"d"},5]}}"#);
    assert_eq!(json("a: !vault |\n  abc\nb: !Own 5\nc: !own {d: e}\n"), r#"{"a":"abc\n","b":"5","c":{"d":"e"}}"#);
    let text = "a: !GetAtt b.c\nd: !Join\n  - ','\n  - x\ne: !GetAZs\n";
    assert_eq!(place(text, &["a"]), "a@0 !GetAtt b.c@3 -");
    assert_eq!(place(text, &["a", "Fn::GetAtt"]), "!GetAtt@3 b.c@11 -");
    assert_eq!(place(text, &["a", "Fn::GetAtt", "1"]), "- c@13 -");
    assert_eq!(place(text, &["d"]), "d@15 !Join\n  - ','\n  - x@18 -");
    assert_eq!(place(text, &["d", "Fn::Join", "0"]), "- ','@28 -");
    assert_eq!(place(text, &["e", "Fn::GetAZs"]), "!GetAZs@41 @48 -");
}

#[test]
fn tags_can_be_ignored() {
    let options = YamlOptions { tags: Tags::Ignore, ..YamlOptions::default() };
    let outcome = parse(&Source::new("a.yaml", "a: !Ref x\n"), &options);
    assert_eq!(outcome.documents[0].value.to_string(), r#"{"a":"x"}"#);
}

#[test]
fn the_key_on_of_a_workflow_can_be_kept() {
    let read = |keep_on_key| {
        let options = YamlOptions { keep_on_key, ..YamlOptions::default() };
        parse(&Source::new("a.yaml", "on: push\nyes: on\n"), &options).documents[0].value.to_string()
    };
    assert_eq!(read(true), r#"{"on":"push","true":true}"#);
    assert_eq!(read(false), r#"{"true":true}"#);
}

#[test]
fn a_key_given_twice_is_noticed_and_the_last_counts() {
    let outcome = read("a: 1\nb: 2\na: 3\n");
    assert_eq!(outcome.documents[0].value.to_string(), r#"{"a":3,"b":2}"#);
    assert_eq!(outcome.notices.len(), 1);
    let labels = vec![(Span::new(10, 11), "this one counts".into()), (Span::new(0, 1), "this one is lost".into())];
    assert_eq!(outcome.notices[0].message, "`a` is given twice");
    assert_eq!(outcome.notices[0].labels, labels);
}

#[test]
fn errors_say_where_and_what_to_do() {
    let all = [
        "a: [1\n",
        "a: *no\nb: 1\n",
        "a: &x [*x]\n",
        "a: {{ .Values.x }}\n",
        "a: b: {{ x\n",
        "a:\n\tb: 1\n",
        "a: @x\n",
        "<<: 5\n",
        "a: !!int x\n",
        "? [a]\n: b\nc: d\n",
        "a: \"x\n",
    ]
    .map(|text| errors(text).join("; "))
    .join("\n");
    insta::assert_snapshot!(all, @r##"
    `[` at 1:4: not valid YAML: unclosed bracket '['
    `*no` at 1:4: no anchor `&no` stands before this alias
    `*x` at 1:8: this alias stands inside what it refers to
    `{` at 1:5: a mapping cannot be a key (this looks like a template: render it first, and check the result)
    `:` at 1:5: not valid YAML: mapping values are not allowed in this context (this looks like a template: render it first, and check the result)
    `b` at 2:2: not valid YAML: tabs disallowed within this context (block indentation) (indent with spaces: YAML does not allow tabs there)
    `@` at 1:4: not valid YAML: unexpected character: `@' (quote a text that begins with `@`, `%` or a backtick)
    `5` at 1:5: `<<` takes a mapping, or a list of mappings
    `x` at 1:10: `x` is not what its tag `!!int` says
    `[` at 1:3: a sequence cannot be a key
    `` at 2:1: not valid YAML: invalid indentation in multiline quoted scalar (is a closing quote missing?)
    "##);
}

#[test]
fn what_json_cannot_hold_is_text_and_noticed() {
    let outcome = read("a: .inf\nb: -.INF\nc: .nan\n");
    assert_eq!(outcome.documents[0].value.to_string(), r#"{"a":".inf","b":"-.INF","c":".nan"}"#);
    let said: Vec<_> = outcome.notices.into_iter().map(|notice| notice.message).collect();
    assert_eq!(said, ["`.inf` is read as text", "`-.INF` is read as text", "`.nan` is read as text"]);
}

fn quickly(text: &str) -> String {
    let start = Instant::now();
    let found = errors(text);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    found.into_iter().next().unwrap_or_default().split(": ").skip(1).collect::<Vec<_>>().join(": ")
}

#[test]
fn nesting_100_000_deep_is_an_error_and_quick() {
    let said = "nested deeper than 256 levels";
    assert_eq!(quickly(&"[".repeat(100_000)), said);
    assert_eq!(quickly(&"{a: ".repeat(100_000)), said);
    assert_eq!(quickly(&"- ".repeat(100_000)), said);
    let block = (0..2_000).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}a:", " ".repeat(depth));
        text
    });
    assert_eq!(quickly(&block), said);
    let tags = format!("a: {}", "!Not [".repeat(300));
    assert_eq!(quickly(&tags), said);
    // Each alias is one deeper than the one before, though the text is flat.
    let chain = (1..3_000).fold("a0: &a0 x\n".to_owned(), |mut text, at| {
        let _ = writeln!(text, "a{at}: &a{at} [*a{}]", at - 1);
        text
    });
    assert_eq!(quickly(&chain), said);
}

#[test]
fn an_alias_bomb_is_an_error_and_quick() {
    let bomb = |line: fn(usize) -> String| {
        (1..12).fold("a0: &a0 {k: x}\n".to_owned(), |mut text, at| {
            let _ = writeln!(text, "a{at}: &a{at} {}", line(at));
            text
        })
    };
    let said = "the document has more than 5000000 nodes once its aliases are written out \
                (an alias that stands for other aliases multiplies what it holds)";
    let list = bomb(|at| format!("[{}]", vec![format!("*a{}", at - 1); 9].join(", ")));
    assert_eq!(quickly(&list), said);
    let merge =
        bomb(|at| (0..9).fold("{".to_owned(), |text, key| format!("{text}k{at}{key}: {{<<: *a{}}}, ", at - 1)) + "}");
    assert_eq!(quickly(&merge), said);
}
