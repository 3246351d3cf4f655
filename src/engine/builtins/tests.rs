use std::collections::HashSet;

use super::*;

#[test]
fn the_table_names_every_builtin_once() {
    let names: HashSet<_> = TABLE.iter().map(|builtin| builtin.name).collect();
    assert_eq!(names.len(), TABLE.len());
}

#[test]
fn a_call_reaches_our_own_and_those_of_the_engine() {
    let context = Context::default();
    let text = Value::from("Ab");
    assert_eq!(call(&context, "lower", &[text]), Some(Ok(Value::from("ab"))));
    assert_eq!(call(&context, "nosuch", &[]), None);
    assert_eq!((arity("sprintf"), arity("substring"), arity("nosuch")), (Some(2), Some(3), None));
    let failed = call(&context, "abs", &[Value::from("x")]);
    assert!(matches!(failed, Some(Err(Failure::Undefined(_)))), "{failed:?}");
}

#[test]
fn what_broke_the_engine_down_gives_values() {
    let context = Context::default();
    let empty = Value::new_array();
    let pair = Value::from(vec![Value::from(1_u64)]);
    assert_eq!(call(&context, "object.subset", &[pair, empty]), Some(Ok(Value::from(true))));
    let count = call(&context, "strings.count", &[Value::from("ab"), Value::from("")]);
    assert_eq!(count, Some(Ok(Value::from(3_u64))));
}

#[test]
fn what_is_not_granted_is_an_error_that_names_it() {
    for (name, args) in [
        ("time.now_ns", vec![]),
        ("http.send", vec![Value::new_object()]),
        ("net.lookup_ip_addr", vec![Value::from("example.org")]),
        ("opa.runtime", vec![]),
        ("rand.intn", vec![Value::from("a"), Value::from(3_u64)]),
        ("uuid.rfc4122", vec![Value::from("a")]),
    ] {
        let answer = call(&Context::default(), name, &args);
        assert!(matches!(&answer, Some(Err(Failure::Denied(text))) if text.contains(name)), "{answer:?}");
    }
}

#[test]
fn a_denied_use_is_raised_even_where_errors_are_undefined() {
    let context = Arc::new(Context::default());
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(false);
    register(&mut engine, &context).unwrap();
    let policy = "package p\nallow if not http.send({}).ok";
    engine.add_policy("p.rego".to_owned(), policy.to_owned()).unwrap();
    assert!(engine.eval_rule("data.p.allow".to_owned()).is_err());
    let names: Vec<_> = context.take_raised().into_iter().map(|raised| raised.name).collect();
    assert_eq!(names, ["http.send"]);
}

#[test]
fn results_that_grow_without_bound_are_refused() {
    let big = Value::from(1_000_000_000_u64);
    for (name, args) in [
        ("numbers.range", vec![Value::from(0_u64), big]),
        ("bits.lsh", vec![Value::from(1_u64), Value::from(4_000_000_000_u64)]),
        ("units.parse", vec![Value::from("1e999999")]),
        ("net.cidr_expand", vec![Value::from("10.0.0.0/8")]),
        ("replace", vec![Value::from("a".repeat(100_000)), Value::from("a"), Value::from("b".repeat(1_000))]),
        ("sprintf", vec![Value::from("%999999d".repeat(20)), Value::from(vec![Value::from(1_u64); 20])]),
    ] {
        let answer = call(&Context::default(), name, &args);
        assert!(matches!(&answer, Some(Err(Failure::Limit(text))) if text.contains(name)), "{name}");
    }
}
