use super::*;
use crate::engine::parse::parse;
use crate::engine::prepass::Options;

fn checked(texts: &[&str]) -> Vec<String> {
    let parsed: Vec<_> = texts
        .iter()
        .zip(["a.rego", "b.rego"])
        .map(|(text, name)| parse(name, text, Options::default()).unwrap())
        .collect();
    let data = Value::from_json_str(r#"{"base": {"x": 1}}"#).unwrap();
    let known = Known { is_builtin: &|name| ["count", "sprintf"].contains(&name), data: &data };
    check(&parsed, known).iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_policy_has_no_faults() {
    let text = "package a\nimport data.b\ndeny contains msg if {\n\tsome x in input.xs\n\tb.f(x) > data.base.x\n\tcount(x) == 1\n\tmsg := $\"no {x}\"\n}\n\np[k] := v if some k, v in input\n\ndeny contains m if m := _deny\n\n_deny := \"m\" if input.y\n";
    assert_eq!(checked(&[text, "package b\nf(x) := y if y := x\ndefault f(_) := 0\n"]), [""; 0]);
}

#[test]
fn faults_are_reported_at_their_places() {
    let text = "package a\nimport data.b\np := nope(1)\nq := f(1, 2, 3)\nf(x) := x\ndefault r := 1\ndefault r := 2\ns := 1\ns contains 2\ndny contains 1\nt := data.none.x\nu if { x := 1; x := 2 }\nv if { some z; input.y }\nw := count(7)\nx := sprintf(input.x, 1)\ny if { [z, 1] := input.y; z }\n";
    assert_eq!(
        checked(&[text]),
        [
            "a.rego:2:1: rego_compile_error: import `data.b` is not used",
            "a.rego:3:6: rego_type_error: undefined function nope",
            "a.rego:4:6: rego_type_error: function data.a.f has arity 1, got 3 arguments",
            "a.rego:7:9: rego_type_error: multiple default rules data.a.r found",
            "a.rego:9:1: rego_type_error: conflicting rules data.a.s found",
            "a.rego:10:1: rego_compile_error: the rule `dny` is never asked for; did you mean `deny`?",
            "a.rego:11:6: rego_compile_error: `data.none.x` is neither in a package nor in the data",
            "a.rego:12:16: rego_compile_error: var x assigned above",
            "a.rego:13:13: rego_compile_error: declared var z unused",
            "a.rego:14:12: rego_type_error: count: operand 1 is a number and must be an array, an object, a set or a string",
            "a.rego:15:23: rego_type_error: sprintf: operand 2 is a number and must be an array",
            "a.rego:16:12: rego_compile_error: cannot assign to number",
        ]
    );
}
