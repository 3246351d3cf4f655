use super::*;
use crate::document::{Path, Step};

fn read(text: &str) -> Outcome {
    parse(&Source::new("a.yaml", text), &YamlOptions::default())
}

fn json(text: &str) -> String {
    let outcome = read(text);
    assert_eq!(outcome.errors, vec![], "{text}");
    outcome.documents.iter().map(|parsed| parsed.value.to_string()).collect::<Vec<_>>().join(" | ")
}

fn place(text: &str, path: &[&str]) -> String {
    let source = Source::new("a.yaml", text);
    let outcome = parse(&source, &YamlOptions::default());
    let steps = path.iter().map(|step| step.parse().map_or_else(|_| Step::from(*step), Step::Index)).collect();
    let found = outcome.documents[0].spans.lookup(&Path(steps)).expect("found");
    let text = |span: Option<Span>| span.map(|span| format!("{}@{}", source.slice(span), span.start));
    format!("{:?} {:?} {:?}", text(found.key), text(Some(found.value)), text(found.anchor))
}

#[test]
fn it_reads() {
    println!("{}", json("a: 1\nb: [x, y]\n---\nc: {d: e}\n"));
    println!("{}", json("# only\n"));
    println!("{}", json(""));
    println!("{}", json("---\n---\na\n"));
    println!("{}", json("\u{feff}a: b\r\nc: d\r\n"));
    println!("{}", json("a: |\n  x"));
    println!("{}", json("a: |\n  x\n"));
    println!("{}", json("a: &x {k: v}\nb: *x\nc: {<<: *x, z: 1}\nd:\n  k: own\n  <<: [*x, {q: r}]\n"));
    println!("{}", json("a: !GetAtt b.c.d\nb: !GetAZs\nc: !GetAZs ''\nd: !Sub [x, {y: !Ref z}]\ne: !vault |\n  abc\n"));
    println!("{}", place("a:\nb: x\n", &["a"]));
    println!("{}", place("\u{feff}é: b\nc: d\n", &["c"]));
    println!("{}", place("a:\n  b: x\nb: x\n", &["a"]));
    println!("{}", place("a: &x {k: v}\nb: *x\nc: {<<: *x, z: 1}\n", &["c", "k"]));
    println!("{}", place("a: &x {k: v}\nb: *x\nc: {<<: *x, z: 1}\n", &["b"]));
    println!("{}", place("a: !GetAtt b.c\nb: *x\n", &["a", "Fn::GetAtt", "1"]));
    println!("{}", place("a: !GetAtt b.c\nb: x\n", &["a", "Fn::GetAtt"]));
    println!("{}", place("a: !GetAtt b.c\nb: x\n", &["a"]));
    println!("{}", place("a: !GetAZs\nb: x\n", &["a", "Fn::GetAZs"]));
    println!("{}", place("a: |\n  xyz\n\nb: x\n", &["a"]));
    println!("{:?}", read("a: [1\n---\nb: 1\n"));
    println!("{:?}", read("a: *no\nb: 1\n").errors);
    println!("{:?}", read("a: {{ .x }}\nb: 1\n").errors);
    println!("{:?}", read("a: 1\na: 2\n"));
    println!("{:?}", read(&"[".repeat(100_000)).errors);
    println!("{:?}", read(&"- ".repeat(100_000)).errors);
    println!("{:?}", read("<<: 5\n").errors);
}
