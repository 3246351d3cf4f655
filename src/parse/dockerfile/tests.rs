use super::*;
use crate::document::Path;

#[test]
fn a_run_over_several_lines_is_one_string_without_its_comments() {
    let text = "# syntax=docker/dockerfile:1\n# base\nFROM --platform=linux/amd64 golang:1.22 AS build\nRUN a && \\\n  # why\n  b\n";
    let source = Source::new("Dockerfile", text);
    let outcome = parse(&source);
    assert_eq!(outcome.errors, []);
    let expected = r#"[
        {"Cmd":"comment","Flags":null,"JSON":false,"Stage":0,"SubCmd":"","Value":["base"]},
        {"Cmd":"from","Flags":["--platform=linux/amd64"],"JSON":false,"Stage":0,"SubCmd":"","Value":["golang:1.22","AS","build"]},
        {"Cmd":"run","Flags":[],"JSON":false,"Stage":0,"SubCmd":"","Value":["a &&   b"]}]"#;
    let parsed = &outcome.documents[0];
    assert_eq!(parsed.value, Value::from_json_str(expected).unwrap());
    let found = |steps| parsed.spans.lookup(&Path(steps)).unwrap();
    assert_eq!(source.slice(found(vec![2.into(), "Value".into(), 0.into()]).value), "a && \\\n  # why\n  b");
    assert_eq!(source.slice(found(vec![1.into(), "Value".into(), 2.into()]).value), "build");
    assert_eq!(source.slice(found(vec![1.into(), "Flags".into(), 0.into()]).value), "--platform=linux/amd64");
    assert_eq!(source.slice(found(vec![2.into(), "Cmd".into()]).value), "RUN");
    assert_eq!(source.slice(found(vec![2.into()]).value), "RUN a && \\\n  # why\n  b");
}

#[test]
fn a_heredoc_belongs_to_its_instruction() {
    let text = "FROM a\nRUN <<'EOF' sh\nX=1\nEOF\nCMD [\"x\", \"y\"]\n";
    let source = Source::new("Dockerfile", text);
    let outcome = parse(&source);
    let expected = r#"[
        {"Cmd":"from","Flags":[],"JSON":false,"Stage":0,"SubCmd":"","Value":["a"]},
        {"Cmd":"run","Flags":[],"JSON":false,"Stage":0,"SubCmd":"","Value":["<<'EOF' sh"],
         "Heredocs":[{"Name":"EOF","Expand":false,"Content":"X=1\n"}]},
        {"Cmd":"cmd","Flags":[],"JSON":true,"Stage":0,"SubCmd":"","Value":["x","y"]}]"#;
    assert_eq!(outcome.errors, []);
    let parsed = &outcome.documents[0];
    assert_eq!(parsed.value, Value::from_json_str(expected).unwrap());
    let whole = parsed.spans.lookup(&Path(vec![1.into()])).unwrap().value;
    assert_eq!(source.slice(whole), "RUN <<'EOF' sh\nX=1\nEOF");
}

#[test]
fn a_misspelt_instruction_is_an_error_and_the_others_are_read() {
    let source = Source::new("Dockerfile", "FROM a\nRUNN b\nUSER c\nRUN <<EOF\nnever ends\n");
    let outcome = parse(&source);
    assert_eq!(outcome.errors.len(), 2);
    assert_eq!(outcome.errors[0].message, "`RUNN` is no Dockerfile instruction");
    assert_eq!(outcome.errors[0].help.as_deref(), Some("did you mean `RUN`?"));
    assert_eq!(outcome.errors[0].span.map(|span| source.slice(span)), Some("RUNN"));
    assert_eq!(outcome.errors[1].message, "the heredoc `EOF` has no end");
    assert_eq!(outcome.documents[0].value.as_array().unwrap().len(), 3);
}

#[test]
fn a_file_without_instructions_is_an_error() {
    for text in ["", "# only this\n", "\\\n"] {
        let outcome = parse(&Source::new("Dockerfile", text));
        assert_eq!(outcome.errors[0].message, "this Dockerfile has no instruction", "{text:?}");
        assert!(outcome.documents.is_empty());
    }
}
