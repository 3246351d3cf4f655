//! `regate parse`.

use insta::assert_snapshot;

use crate::gate::Gate;

fn one(name: &str, text: &str) -> String {
    let run = Gate::new().file(name, text).run(&format!("parse {name}"));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    json.to_string()
}

#[test]
fn every_format_has_the_shape_that_policies_see() {
    assert_snapshot!(one("a.yaml", "a: 1\nb: &x [yes, ~]\nc: *x\n"), @r#"{"a":1,"b":[true,null],"c":[true,null]}"#);
    assert_snapshot!(one("many.yaml", "a: 1\n---\nb: 2\n"), @r#"[{"a":1},{"b":2}]"#);
    assert_snapshot!(one(".github/workflows/ci.yaml", "on: push\njobs: {}\n"), @r#"{"jobs":{},"on":"push"}"#);
    assert_snapshot!(one("a.json", "{\"a\": [1, 2.5, null]}"), @r#"{"a":[1,2.5,null]}"#);
    assert_snapshot!(one("a.jsonc", "{\"a\": 1, /* x */ }"), @r#"{"a":1}"#);
    assert_snapshot!(one("a.ndjson", "{\"a\": 1}\n{\"a\": 2}\n"), @r#"[{"a":1},{"a":2}]"#);
    assert_snapshot!(one("a.toml", "[t]\nx = 1\n"), @r#"{"t":{"x":1}}"#);
    assert_snapshot!(one("a.tf", "resource \"t\" \"n\" {\n  x = var.y\n}\n"), @r#"{"resource":{"t":{"n":[{"x":"${var.y}"}]}}}"#);
    assert_snapshot!(one("a.xml", "<r a=\"1\"><x/><x>t</x></r>"), @r#"{"r":{"-a":"1","x":["","t"]}}"#);
    assert_snapshot!(one("Dockerfile", "FROM alpine:3.20\nRUN [\"a\", \"b\"]\n"), @r#"[{"Cmd":"from","Flags":[],"JSON":false,"Stage":0,"SubCmd":"","Value":["alpine:3.20"]},{"Cmd":"run","Flags":[],"JSON":true,"Stage":0,"SubCmd":"","Value":["a","b"]}]"#);
    assert_snapshot!(one("compose.yaml", "services: {web: {image: x, ports: [\"80:80\"]}}\n"), @r#"{"services":{"web":{"image":"x","ports":["80:80"]}}}"#);
    assert_snapshot!(one("cfn.yaml", "Resources: {A: {Type: AWS::S3::Bucket, Properties: {Name: !Ref B}}}\n"), @r#"{"Resources":{"A":{"Properties":{"Name":{"Ref":"B"}},"Type":"AWS::S3::Bucket"}}}"#);
}

#[test]
fn spans_are_lines_and_columns() {
    let gate = Gate::new().file("a.yaml", "a: [1]\n");
    assert_snapshot!(gate.run("parse --spans a.yaml").all(), @r#"
    {
      "file": "a.yaml",
      "kind": "unknown",
      "contents": {
        "a": [
          1
        ]
      },
      "places": [
        {
          "path": "",
          "value": "1:1-1:7"
        },
        {
          "path": "a",
          "key": "1:1-1:2",
          "value": "1:4-1:7"
        },
        {
          "path": "a[0]",
          "value": "1:5-1:6"
        }
      ]
    }
    exit 0
    "#);
}

#[test]
fn terraform_is_resolved_with_the_files_beside_it() {
    let gate = Gate::new().file("infra/main.tf", "resource \"d\" \"x\" {\n  on = var.on\n  id = aws_kms_key.k.id\n}\n");
    gate.write("infra/variables.tf", "variable \"on\" {\n  default = false\n}\n");
    assert_snapshot!(gate.run("parse infra/main.tf --resolved").all(), @r#"
    {
      "resource": {
        "d": {
          "x": [
            {
              "id": "${aws_kms_key.k.id}",
              "on": false
            }
          ]
        }
      }
    }
    exit 0
    "#);
}

#[test]
fn what_cannot_be_parsed_is_told_and_is_no_success() {
    let gate = Gate::new().file("a.yaml", "a: 1\n---\nb: [\n").file("b.png", "");
    assert_snapshot!(gate.run("parse a.yaml").all(), @r#"
    {
      "a": 1
    }
    a.yaml:3:4: not valid YAML: unclosed bracket '['
    exit 2
    "#);
    assert_snapshot!(gate.run("parse nowhere.yaml b.png").all(), @"
    []
    b.png: there is no parser for this file
    nowhere.yaml: there is no such file
    exit 2
    ");
    assert_snapshot!(gate.fed("parse - --stdin-filename x.json", b"{\"a\": 1}").all(), @r#"
    {
      "a": 1
    }
    exit 0
    "#);
}
