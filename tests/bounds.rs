//! What would end or hang the process is an error that says so, within time.
//!
//! Each probe is a policy that once ended or hung this engine, regorus or both. An error has
//! the policy's line; nothing is undefined in silence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::semicolon_if_nothing_returned,
    missing_docs
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use regate::engine::{Engine, Level, Limits, ModuleText, Value};

/// The longest that a probe may take, without optimisation and on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// What `data.a.p` is for the policy `text`, or the errors.
fn asked(text: &str) -> String {
    asked_within(text, Limits { time: PATIENCE, ..Limits::default() })
}

fn asked_within(text: &str, limits: Limits) -> String {
    let start = Instant::now();
    let modules = [ModuleText { name: "a.rego".to_owned(), text: format!("package a\n{text}") }];
    let (engine, mut errors) = Engine::load(&modules, Value::new_object(), limits);
    errors.retain(|error| error.level == Level::Error);
    let told = if errors.is_empty() {
        let input = Value::from_json_str(r#"{"n": 1, "s": "text"}"#).unwrap();
        match engine.eval("data.a.p", &input) {
            Ok(Value::Undefined) => "undefined".to_owned(),
            Ok(value) => serde_json::to_string(&value).unwrap(),
            Err(error) => error.to_string(),
        }
    } else {
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let took = start.elapsed();
    assert!(took < PATIENCE, "too slow: {took:?}: {told:.200}");
    told
}

/// What the clock stops is stopped soon; what another bound stops has all the time.
fn briefly(text: &str, why: &str) -> String {
    let clock = why.ends_with("the policy ") || why.contains("too ");
    let time = if clock { Duration::from_secs(1) } else { PATIENCE };
    asked_within(text, Limits { time, ..Limits::default() })
}

/// The probes `name, policy, what the error says`; all are run before any failure is told.
#[track_caller]
fn refused(probes: &[(&str, String, &str)]) {
    let mut wrong = String::new();
    for (name, text, why) in probes {
        let start = Instant::now();
        let got = briefly(text, why);
        println!("{name}: {:?}: {got:.160}", start.elapsed());
        if !(got.starts_with("a.rego:") && got.contains(why)) {
            writeln!(wrong, "{name}: {got:.300}").unwrap();
        }
    }
    assert_eq!(wrong, "");
}

/// The probes `name, policy, how the answer begins`.
#[track_caller]
fn ends(probes: &[(&str, String, &str)]) {
    for (name, text, want) in probes {
        let start = Instant::now();
        let got = briefly(text, want);
        println!("{name}: {:?}: {got:.160}", start.elapsed());
        assert!(got.starts_with(want), "{name}: {got:.300}");
    }
}

/// `r0 := r1`, `r1 := r2` and so on, `wrap`ped each.
fn chain(length: usize, wrap: (&str, &str), last: &str) -> String {
    let mut text = String::from("p := r0\n");
    for at in 0..length {
        writeln!(text, "r{at} := {}r{}{}", wrap.0, at + 1, wrap.1).unwrap();
    }
    writeln!(text, "r{length} := {last}").unwrap();
    text
}

/// `f0(x) := …` and `f1(x) := f0(f0(x))` and so on: twice as much with each.
fn doubling(length: usize, first: &str) -> String {
    let mut text = format!("f0(x) := {first}\n");
    for at in 1..=length {
        writeln!(text, "f{at}(x) := f{0}(f{0}(x))", at - 1).unwrap();
    }
    text
}

#[test]
fn recursion_names_its_cycle() {
    let cases = [
        (
            "f(x) := f(x + 1)\np := f(1)\n",
            "a.rego:2:1: rego_recursion_error: rule data.a.f is recursive: data.a.f -> data.a.f",
        ),
        (
            "p := data.a.q\nq := data.a[\"p\"]\n",
            "a.rego:2:1: rego_recursion_error: rule data.a.p is recursive: data.a.p -> data.a.q -> data.a.p",
        ),
        ("p := data[input.x]\n", "a.rego:2:1: rego_recursion_error: rule data.a.p is recursive: data.a.p -> data.a.p"),
    ];
    for (text, want) in cases {
        assert_eq!(asked(text), want);
    }
}

#[test]
fn long_chains_of_rules_are_evaluated_and_endless_ones_refused() {
    assert_eq!(asked(&chain(10_000, ("", ""), "input.n")), "1");
    refused(&[("rules", chain(25_000, ("", ""), "input.n"), "nests more than 20000 rules, functions and loops")]);
    let few = Limits { depth: 10, ..Limits::default() };
    let got = asked_within(&chain(20, ("", ""), "input.n"), few);
    assert_eq!(got, "a.rego:12:1: eval_error: the policy nests more than 10 rules, functions and loops");
}

#[test]
fn loops_without_an_end_in_sight_are_stopped() {
    let range = "xs := numbers.range(1, 1000)\n";
    refused(&[
        ("count", format!("{range}p := count([1 | xs[_]; xs[_]; xs[_]; xs[_]])\n"), "the policy "),
        ("wide", format!("{range}p := {{[i, j, k] | xs[i]; xs[j]; xs[k]}}\n"), "the policy "),
        ("none", format!("{range}p if {{ xs[_] + xs[_] + xs[_] + xs[_] < 0 }}\n"), "the policy takes too "),
        (
            "every",
            format!(
                "{range}p if {{ every a in xs {{ every b in xs {{ every c in xs {{ every d in xs {{ a + b + c + d > 0 }} }} }} }} }}\n"
            ),
            "the policy takes too ",
        ),
        (
            "walk",
            format!("{range}p if {{ walk(xs, a); walk(xs, b); walk(xs, c); walk(xs, d); a == b; c != d; a == 7 }}\n"),
            "the policy takes too ",
        ),
        (
            "walk of itself",
            format!(
                "{}xs := f4([1])\np := count([1 | walk(xs, [_, x]); walk(x, [_, y]); y == 2])\n",
                doubling(4, "[x, x]")
            ),
            "the policy ",
        ),
    ]);
}

#[test]
fn huge_ranges_and_texts_are_refused() {
    let text = "concat(\"\", [\"x\" | numbers.range(1, 1000)[_]])";
    let ten = |fold: &str| {
        let mut policy = format!("r0 := {text}\n");
        for at in 1..10 {
            writeln!(policy, "r{at} := {}", fold.replace('@', &format!("r{}", at - 1))).unwrap();
        }
        format!("{policy}p := count(r9)\n")
    };
    refused(&[
        ("range", "p := count(numbers.range(1, 100000000000))\n".into(), "over the limit"),
        ("range by steps", "p := count(numbers.range_step(1, 100000000000, 2))\n".into(), "over the limit"),
        ("many paddings", format!("p := sprintf(\"{}\", [1])\n", "%999999[1]d".repeat(100)), "sprintf"),
        ("replace", ten("replace(@, \"x\", \"xxxxxxxxxx\")"), "replace"),
        ("replace_n", ten("strings.replace_n({\"x\": \"xxxxxxxxxx\"}, @)"), "replace"),
        ("regex.replace", ten("regex.replace(@, \"x\", \"xxxxxxxxxx\")"), "regex.replace"),
        ("concat", ten("concat(@, [\"x\", @, @, @, @])"), "concat"),
        ("sprintf", ten("sprintf(\"%s%s%s%s%s%s%s%s%s%s\", [@, @, @, @, @, @, @, @, @, @])"), "sprintf"),
        ("template", ten("$\"{@}{@}{@}{@}{@}{@}{@}{@}{@}{@}\""), "a.rego"),
        ("cidr", "p := count(net.cidr_expand(\"10.0.0.0/8\"))\n".into(), "over the limit"),
        ("shift", "p := bits.lsh(1, 1000000000)\n".into(), "over the limit"),
        (
            "split",
            format!("{}p := count(split(r5, \"\"))\n", ten("concat(@, [\"x\", @, @, @])").replace("p := ", "q := ")),
            "a.rego",
        ),
    ]);
}

#[test]
fn widths_that_go_refuses_are_refused_in_its_words() {
    assert_eq!(asked("p := sprintf(\"%999999999d\", [1])\n"), r#""%!(NOVERB)%!(EXTRA int64=1)""#);
    assert_eq!(asked("p := sprintf(\"%*d\", [999999999, 1])\n"), r#""%!(BADWIDTH)1""#);
}

#[test]
fn numbers_that_grow_without_end_are_refused() {
    let mut text = String::from("r0 := 123456789012345678901234567890\n");
    for at in 1..40 {
        writeln!(text, "r{at} := r{0} * r{0}", at - 1).unwrap();
    }
    let got = asked(&format!("{text}p := r39\n"));
    assert!(got.starts_with("a.rego:") || got.len() < 100, "{got:.300}");
    refused(&[("by a function", format!("{}p := f30(12345678901234567890)\n", doubling(30, "x * x")), "a.rego")]);
}

#[test]
fn values_that_share_their_parts_do_not_explode() {
    let shared = doubling(6, "[x, x]");
    refused(&[
        ("equal", format!("{shared}p := f6(input) == f6(object.union(input, {{}}))\n"), "the policy "),
        ("less", format!("{shared}p if f6(input) < f6(object.union(input, {{}}))\n"), "the policy "),
        ("in a set", format!("{shared}p := count({{f6(input), f6(object.union(input, {{}}))}})\n"), "the policy "),
        ("as keys", format!("{shared}p := count({{k: 1 | some i in [1, 2]; k := f6([i])}})\n"), "the policy "),
        (
            "as an index",
            format!(
                "{shared}xs := {{f6(input)}}\nys := {{x: 1 | some x in [f6([1])]}}\np := [xs[k], ys[k]] if k := f6([1])\n"
            ),
            "the policy ",
        ),
        (
            "as an index of object.get",
            format!("{shared}p := object.get({{f6(input): 1}}, f6(object.union(input, {{}})), 2)\n"),
            "the policy ",
        ),
        ("as a member", format!("{shared}p := f6(input) in [f6(input), 1]\n"), "the policy "),
        (
            "in a rule",
            format!("{shared}p contains f6(input)\np contains f6(object.union(input, {{}}))\n"),
            "the policy ",
        ),
        ("marshalled", format!("{shared}p := json.marshal(f6(input))\n"), "the policy "),
        ("printed", format!("{shared}p := sprintf(\"%v\", [f6(input)])\n"), "the policy "),
        ("in a template", format!("{shared}p := $\"{{f6(input)}}\"\n"), "the policy "),
        ("walked", format!("{shared}p := count([1 | walk(f6(input), _)])\n"), "the policy "),
        ("joined", format!("{shared}p := object.union({{\"a\": f6(input)}}, {{\"a\": f6(input)}})\n"), "the policy "),
        (
            "patched",
            format!(
                "{shared}p := json.patch({{\"a\": f6(input)}}, [{{\"op\": \"test\", \"path\": \"/a\", \"value\": f6(input)}}])\n"
            ),
            "the policy ",
        ),
        ("two outputs", format!("{shared}p := f6(input)\np := f6(object.union(input, {{}}))\n"), "the policy "),
    ]);
}

#[test]
fn values_nested_without_end_are_refused() {
    let wrapped = |times: usize, length: usize| {
        chain(length, (&"[".repeat(times), &"]".repeat(times)), "input.n").replace("p := r0", "p := count(r0)")
    };
    refused(&[
        (
            "by functions",
            format!("{}p := count(f20(1))\n", doubling(20, "[x]")),
            "can nest values more than 1000 levels",
        ),
        ("by rules", wrapped(5, 5_000), "can nest values more than 1000 levels"),
        ("by many literals", wrapped(18, 5_000), "this file has too many deeply nested literals up to here"),
    ]);
}

#[test]
fn memory_is_bounded() {
    let text = "t := concat(\"\", [\"x\" | numbers.range(1, 10000)[_]])\n";
    let each = "some i in numbers.range(1, 10000); s := sprintf(\"%s%d\", [t, i])";
    let bounded = Limits { memory: 16 << 20, time: PATIENCE, ..Limits::default() };
    for (name, policy) in [
        ("array", format!("p := [s | {each}]\n")),
        ("set", format!("p contains s if {{ {each} }}\n")),
        ("object", format!("p[i] := s if {{ {each} }}\n")),
        ("function", "f(i) := sprintf(\"%s%d\", [t, i])\np := [f(i) | some i in numbers.range(1, 10000)]\n".to_owned()),
    ] {
        let got = asked_within(&format!("{text}{policy}"), bounded);
        assert!(got.ends_with("eval_error: the policy makes values of more than 16 MiB"), "{name}: {got:.300}");
    }
    let small = Limits { memory: 1 << 20, ..Limits::default() };
    let got = asked_within("p := count([[i, i] | some i in numbers.range(1, 30000)])\n", small);
    assert_eq!(got, "a.rego:2:32: eval_error: the policy makes values of more than 1 MiB");
    let frugal = "p := count([1 | some i in numbers.range(1, 20000); s := sprintf(\"%d\", [i]); s == \"7\"])\n";
    assert_eq!(asked_within(frugal, small), "1");
}

#[test]
fn patterns_that_explode_are_refused_or_quick() {
    let long = "concat(\"\", [\"a\" | numbers.range(1, 500000)[_]])";
    assert_eq!(asked(&format!("p := regex.match(`(a*)*b`, {long})\n")), "false");
    refused(&[
        ("nested repetition", "p := regex.match(`((a{1000}){1000}){1000}`, \"a\")\n".into(), "regex.match"),
        ("long pattern", format!("p := regex.match({long}, \"a\")\n"), "regex.match"),
        (
            "large pattern on a long text",
            format!("p := regex.match(`(a|b|ab)*(x{{900}}|y){{3}}[a-z]{{900}}c`, {long})\n"),
            "regex.match",
        ),
    ]);
}

#[test]
fn texts_that_would_end_or_hang_the_loader_are_refused_or_loaded() {
    let elses: String = (0..20_000).map(|at| format!(" else := {at} if input.x == {at}")).collect();
    let body: String = (0..3_000).map(|at| format!("\tx{at} := input.n + {at}\n")).collect();
    let loops: String = (0..3_000).map(|at| format!("\tsome x{at} in [{at}]\n")).collect();
    let backwards: String = (0..600).rev().map(|at| format!("\tx{} = x{at} + 1\n", at + 1)).collect();
    let imports: String = (0..5_000).map(|at| format!("import data.b.c{at}\n")).collect();
    let clauses: String = (0..20_000).map(|at| format!("p contains {at}\n")).collect();
    let wide: String = (0..20_000).map(|at| format!("{at}, ")).collect();
    let probes: Vec<(&str, String, &str)> = vec![
        ("else", format!("p := 1 if input.x{elses}\n"), "undefined"),
        ("statements", format!("p if {{\n{body}}}\n"), "true"),
        ("loops", format!("p if {{\n{loops}}}\n"), "true"),
        ("backwards", format!("p if {{\n{backwards}\tx0 = 1\n}}\n"), "true"),
        ("imports", format!("{imports}p := 1\n"), "a.rego:1002:1: rego_parse_error: a policy may have 1000 imports"),
        ("clauses", clauses, "[0,1,2,"),
        ("a wide literal", format!("p := [{wide}1]\n"), "[0,1,2,"),
    ];
    ends(&probes);
}

#[test]
fn texts_that_nest_or_go_on_without_end_are_refused_at_their_place() {
    let probes: Vec<(&str, String, &str)> = vec![
        (
            "a long reference",
            format!("p := input{}\n", ".a".repeat(100_000)),
            "a.rego:2:2011: rego_parse_error: more than 1000 operators",
        ),
        (
            "a long reference in brackets",
            format!("p := input{}\n", "[\"a\"]".repeat(100_000)),
            "a.rego:2:5011: rego_parse_error: more than 1000 operators",
        ),
        (
            "nots",
            format!("p if {{ {} true }}\n", "not ".repeat(100_000)),
            "a.rego:2:8: rego_parse_error: unexpected keyword `not`",
        ),
        (
            "minuses",
            format!("p := {}1\n", "-".repeat(100_000)),
            "a.rego:2:134: rego_parse_error: more than 1000 operators",
        ),
        (
            "sums",
            format!("p := 1{}\n", " + 1".repeat(100_000)),
            "a.rego:2:4008: rego_parse_error: more than 1000 operators",
        ),
        (
            "unions",
            format!("p := {{1}}{}\n", " | {1}".repeat(100_000)),
            "a.rego:2:3006: rego_parse_error: more than 1000 operators",
        ),
        (
            "comparisons",
            format!("p := 1{}\n", " == 1".repeat(100_000)),
            "a.rego:2:5008: rego_parse_error: more than 1000 operators",
        ),
        (
            "withs",
            format!("p if {{ input.n{} }}\n", " with input.n as 1".repeat(10_000)),
            "a.rego:2:18008: rego_parse_error: more than 1000 operators",
        ),
        (
            "parentheses",
            format!("p := {}1{}\n", "(".repeat(100_000), ")".repeat(100_000)),
            "a.rego:2:134: rego_parse_error: more than 128 brackets",
        ),
        (
            "arrays",
            format!("p := {}1{}\n", "[".repeat(100_000), "]".repeat(100_000)),
            "a.rego:2:134: rego_parse_error: more than 128 brackets",
        ),
        (
            "arrays of a variable",
            format!("p := {}input{}\n", "[".repeat(100), "]".repeat(100)),
            "a.rego:2:85: rego_parse_error: literals are nested too deeply",
        ),
        (
            "objects",
            format!("p := {}input{}\n", "{\"a\": ".repeat(100), "}".repeat(100)),
            "a.rego:2:486: rego_parse_error: literals are nested too deeply",
        ),
        (
            "comprehensions",
            format!("p := {}1{}\n", "[x | x := ".repeat(100), "]".repeat(100)),
            "a.rego:2:323: rego_parse_error: ",
        ),
        ("calls", format!("p := {}1{}\n", "abs(".repeat(100), ")".repeat(100)), "1"),
        ("every", format!("p if {{ {} true {} }}\n", "every x in [1] {".repeat(100), "}".repeat(100)), "true"),
        (
            "templates",
            format!("p := {}1{}\n", "$\"{".repeat(100), "}\"".repeat(100)),
            "a.rego:2:246: rego_parse_error: literals are nested too deeply",
        ),
        (
            "open brackets",
            "p := ".to_owned() + &"[{(".repeat(100_000),
            "a.rego:2:134: rego_parse_error: more than 128 brackets",
        ),
        (
            "quotes",
            "p := ".to_owned() + &"\"".repeat(100_001),
            "a.rego:2:100006: rego_parse_error: the string is not closed",
        ),
        ("a long name", format!("{} := 1\np := 1\n", "a".repeat(1_000_000)), "1"),
        ("a long number", format!("p := {}\n", "9".repeat(100_000)), "a.rego:2:6: rego_parse_error: invalid number"),
        ("a large exponent", "p := 1e999999999\n".to_owned(), "a.rego:2:6: rego_parse_error: invalid number"),
        ("metadata", format!("# METADATA\n# custom: {}\np := 1\n", "[".repeat(10_000)), "1"),
        (
            "metadata's aliases",
            format!(
                "# METADATA\n# custom:\n#   a0: &a0 [x, x]\n{}p := 1\n",
                (1..60).map(|at| format!("#   a{at}: &a{at} [*a{0}, *a{0}]\n", at - 1)).collect::<String>()
            ),
            "1",
        ),
    ];
    ends(&probes);
}

#[test]
fn builtins_that_search_are_bounded() {
    let graph = "g := {n: [m | some m in numbers.range(1, 18); m != n] | some n in numbers.range(1, 18)}\n";
    let deep = "concat(\"\", [\"[\" | numbers.range(1, 100000)[_]])";
    let aliases: String = (1..40).map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}, *a{0}]\\n", at - 1)).collect();
    let probes: Vec<(&str, String, &str)> = vec![
        ("paths of a graph", format!("{graph}p := count(graph.reachable_paths(g, [1]))\n"), "a.rego:3:12: eval_error: graph.reachable_paths"),
        ("a schema's pattern", "s := concat(\"\", [\"a\" | numbers.range(1, 40)[_]])\np := json.match_schema({\"x\": concat(\"\", [s, \"!\"])}, {\"properties\": {\"x\": {\"type\": \"string\", \"pattern\": \"^(a|a)*(a|aa)+(a*)*$\"}}})\n".to_owned(), "[false,"),
        ("a schema of itself", "p := json.match_schema([1], {\"$ref\": \"#\"})\n".to_owned(), "[true,"),
        ("a glob", format!("p := glob.match(\"{}\", [], concat(\"\", [\"a\" | numbers.range(1, 5000)[_]]))\n", "*a".repeat(50)), "true"),
        ("a deep JSON text", format!("p := json.unmarshal({deep})\n"), "undefined"),
        ("a deep YAML text", format!("p := yaml.unmarshal({deep})\n"), "undefined"),
        ("aliases in YAML", format!("p := count(yaml.unmarshal(\"a0: &a0 [x]\\n{aliases}\"))\n"), "undefined"),
        ("flattening", "xs := numbers.range(1, 100000)\nys := [xs | xs[_]]\np := count(array.flatten(ys))\n".to_owned(), "a.rego:4:12: eval_error: the policy "),
        ("concatenating", format!("{}p := count(f6(numbers.range(1, 100)))\n", doubling(6, "array.concat(x, x)")), "a.rego:2:10: eval_error: the policy "),
        ("marshalling", "t := concat(\"\", [\"x\" | numbers.range(1, 100000)[_]])\np := count(json.marshal([t | numbers.range(1, 100000)[_]]))\n".to_owned(), "a.rego:3:12: eval_error: "),
        ("members", "xs := numbers.range(1, 100000)\np if { some x in xs; [x] in xs }\n".to_owned(), "a.rego:3:22: eval_error: the policy "),
        ("prefixes", "xs := [sprintf(\"%d\", [i]) | some i in numbers.range(1, 30000)]\np := strings.any_prefix_match(xs, [concat(\"\", [x, \"!\"]) | some x in xs])\n".to_owned(), "a.rego:3:6: eval_error: the policy "),
    ];
    ends(&probes);
}
