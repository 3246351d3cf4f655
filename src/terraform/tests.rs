use super::*;

fn resolved(files: &[(&str, &str)]) -> Vec<Option<Resolved>> {
    let source = |(name, text): &(&str, &str)| Arc::new(Source::new(*name, *text));
    let (tfvars, modules): (Vec<_>, Vec<_>) = files.iter().map(source).partition(|s| s.name().ends_with(".tfvars"));
    resolve(&modules, &tfvars)
}

fn x(text: &str) -> String {
    let views = resolved(&[("main.tf", &format!("{text}\n"))]);
    match &views[0] {
        Some(view) => {
            let json: serde_json::Value = serde_json::from_str(&view.value.to_json_str().unwrap()).unwrap();
            json["x"].to_string()
        }
        None => "same".to_owned(),
    }
}

#[test]
fn a_variable_is_its_default() {
    assert_eq!(x("variable \"encrypted\" {\n default = false\n}\nx = \"${var.encrypted}\""), "false");
    assert_eq!(x("variable \"n\" {\n type = string\n default = 5\n}\nx = var.n"), "\"5\"");
    let optional = "type = object({ a = optional(string) })\n default = {}";
    assert_eq!(x(&format!("variable \"n\" {{\n {optional}\n}}\nx = try(var.n.a, 1)")), "same");
    assert_eq!(x("variable \"n\" {}\nx = var.n"), "same");
}

#[test]
fn tfvars_win_over_defaults_in_terraforms_order() {
    let files = [
        ("m/main.tf", "variable \"a\" {\n default = 1\n}\nvariable \"b\" {\n default = 1\n}\nx = [var.a, var.b]\n"),
        ("m/z.auto.tfvars", "b = 4\n"),
        ("m/terraform.tfvars", "a = 2\nb = 2\nundeclared = 1\n"),
        ("m/a.auto.tfvars", "b = 3\n"),
        ("m/prod.tfvars", "a = 9\n"),
    ];
    let views = resolved(&files);
    let json = serde_json::to_string(&views[0].as_ref().unwrap().value).unwrap();
    assert!(json.contains(r#""x":[2,4]"#), "{json}");
}

/// As `terraform console` of 1.11 answers.
#[test]
fn expressions_have_the_values_terraform_gives_them() {
    let cases = [
        ("1 + 2 * 3", "7"),
        ("true ? \"a\" : aws_x.y.id", "\"a\""),
        ("\"${1 + 1}-b\"", "\"2-b\""),
        ("\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""),
        ("[for v in [1, 2, 3] : v * 2 if v > 1]", "[4,6]"),
        ("{ for k, v in { a = 1 } : upper(k) => v }", r#"{"A":1}"#),
        ("{ for v in [\"ab\", \"ac\"] : substr(v, 0, 1) => v... }", r#"{"a":["ab","ac"]}"#),
        ("[{ a = 1 }, { a = 2 }][*].a", "[1,2]"),
        ("merge({ a = 1 }, { b = aws_x.y.id })", r#"{"a":1,"b":"${aws_x.y.id}"}"#),
        ("concat([1], [2])", "[1,2]"),
        ("join(\"-\", [\"a\", \"b\"])", "\"a-b\""),
        ("split(\",\", \"a,b\")", r#"["a","b"]"#),
        ("format(\"%s-%03d\", \"a\", 7)", "\"a-007\""),
        ("lookup({ a = 1 }, \"b\", 2)", "2"),
        ("try({ a = 1 }.b, 3)", "3"),
        ("can({ a = 1 }.b)", "false"),
        ("jsonencode({ a = [1, \"<\"] })", r#""{\"a\":[1,\"\\u003c\"]}""#),
        ("jsondecode(\"{\\\"a\\\": 1}\").a", "1"),
        ("flatten([[1], [2, [3]]])", "[1,2,3]"),
        ("toset([\"b\", \"a\", \"b\"])", r#"["a","b"]"#),
        ("element([\"a\", \"b\"], 3)", "\"b\""),
        ("compact([\"\", \"a\"])", "[\"a\"]"),
        ("coalesce(\"\", \"b\")", "\"b\""),
        ("contains([1, 2], 2)", "true"),
        ("keys({ b = 1, a = 2 })", r#"["a","b"]"#),
        ("max([1, 3]...)", "3"),
        ("length(\"abc\")", "3"),
        ("replace(\"a.b\", \".\", \"-\")", "\"a-b\""),
        ("startswith(\"abc\", \"ab\") && !endswith(\"abc\", \"ab\")", "true"),
        ("1 == \"1\"", "false"),
        ("true ? 1 : \"a\"", "\"1\""),
        ("title(\"hello wOrld-x y\")", "\"Hello WOrld-X Y\""),
        ("tolist([1, \"a\"])", r#"["1","a"]"#),
        ("substr(\"hello\", -3, 2)", "\"ll\""),
        ("-5 % 3", "-2"),
        ("[{ a = 1 }, { a = 2 }].*.a[0]", "1"),
        ("\"${\"$${a}\"}b${1}\"", "\"$${a}b1\""),
    ];
    for (text, value) in cases {
        assert_eq!(x(&format!("x = {text}")), value, "{text}");
    }
}

#[test]
fn what_is_not_plain_stays_as_it_is_written() {
    let cases = [
        "aws_x.y.id",
        "\"a-${aws_x.y.id}\"",
        "regex(\"a\", \"b\")",
        "no_such_function(1)",
        "file(\"x\")",
        "1 / 0",
        "{}.a",
        "[for v in aws_x.y : v]",
        "path.module",
        "each.value",
        "\"%{ for v in [1] }${v}%{ endfor }\"",
        "local.a",
        "try(aws_x.y.id, 1)",
    ];
    for text in cases {
        assert_eq!(x(&format!("x = {text}")), "same", "{text}");
    }
}

#[test]
fn locals_may_name_each_other_and_a_cycle_is_unknown() {
    assert_eq!(x("locals {\n a = local.b\n}\nlocals {\n b = [1]\n}\nx = local.a[0]"), "1");
    assert_eq!(x("locals {\n a = local.b\n b = local.a\n}\nx = local.a"), "same");
    assert_eq!(x("locals {\n a = { b = 1, c = aws_x.y.id }\n}\nx = local.a.b"), "1");
    assert_eq!(x("locals {\n a = { c = aws_x.y.id }\n}\nx = local.a"), r#"{"c":"${aws_x.y.id}"}"#);
}

#[test]
fn a_resolved_value_stands_where_it_is_used_and_is_anchored_where_defined() {
    let text = "locals {\n  a = [\"v\"]\n}\nx = local.a\ny = \"${local.a[0]}\"\n";
    let view = resolved(&[("main.tf", text)]).remove(0).unwrap();
    let slice = |span: crate::source::Span| &text[span.range()];
    let places: Vec<_> =
        view.spans.paths().into_iter().filter(|(path, _)| !path.to_string().starts_with("locals")).collect();
    let shown: Vec<String> = places
        .iter()
        .skip(1)
        .map(|(path, found)| format!("{path} {} {}", slice(found.value), found.anchor.map_or("-", slice)))
        .collect();
    assert_eq!(shown, ["x local.a [\"v\"]", "x[0] local.a [\"v\"]", "y \"${local.a[0]}\" -"]);
}

#[test]
fn a_hostile_module_ends_as_unknown() {
    let unknown = "\"${local.l99}\"";
    let doubling = |first: &str, step: &dyn Fn(usize) -> String| {
        let locals: String =
            (1..100).map(|n| format!("  l{n} = {}", step(n - 1))).collect::<Vec<_>>().join("\n") + "\n";
        format!("locals {{\n  l0 = {first}\n{locals}}}\nx = local.l99")
    };
    assert_eq!(x(&doubling("\"ab\"", &|n| format!("\"${{local.l{n}}}${{local.l{n}}}\""))), unknown);
    assert!(x(&doubling("1", &|n| format!("[local.l{n}, local.l{n}]"))).len() < 1_000_000);
    assert_eq!(x(&doubling("1", &|n| format!("local.l{n} + local.l{n}"))), unknown);
    let long: String = (1..20_000).map(|n| format!("  l{n} = local.l{}", n + 1)).collect::<Vec<_>>().join("\n") + "\n";
    assert_eq!(x(&format!("locals {{\n{long}}}\nx = local.l1")), "same");
    let splats = "[*]".repeat(50_000);
    assert_eq!(x(&format!("x = [1]{splats}")), "same");
    assert_eq!(x(&format!("x = {}1{}", "[".repeat(60), "]".repeat(60))), "same");
    let nested = "[for a in range(1) : a]";
    assert_eq!(x(&format!("x = {nested}")), "same");
}
