//! OPA's compliance cases of the builtins, through an engine with ours registered.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Allow, Context, register};
use regorus::Value;

/// What is about the language or left out on purpose.
const OTHERS: &[&str] = &[
    "graphql",
    "jwtencodesign",
    "netlookupipaddr",
    "providers-aws",
    "regoparsemodule",
    "planner-ir",
    "keywordrefs",
    "stringinterpolation",
    "withkeyword",
    "refheads",
    "virtualdocs",
    "every",
    "eqexpr",
    "functions",
    "partial",
    "regometadata",
    "evaltermexpr",
    "disjunction",
    "comprehensions",
    "nestedreferences",
    "varreferences",
    "elsekeyword",
    "defaultkeyword",
    "completedoc",
    "composite",
    "negation",
    "baseandvirtualdocs",
    "walkbuiltin",
    "undos",
    "containskeyword",
];

/// Cases that differ: keys and chains of X.509, `strings.render_template`, texts of
/// faulty JSON schemas, tokens signed by the case itself, numbers no float holds.
const KNOWN: usize = 21;

/// Sets come out as arrays in any order, so both sides are compared sorted.
fn canonical(json: &Json) -> String {
    match json {
        Json::Array(items) => {
            let mut texts: Vec<_> = items.iter().map(canonical).collect();
            texts.sort();
            format!("[{}]", texts.join(","))
        }
        Json::Object(map) => {
            let mut texts: Vec<_> = map.iter().map(|(k, v)| format!("{k:?}:{}", canonical(v))).collect();
            texts.sort();
            format!("{{{}}}", texts.join(","))
        }
        Json::Number(n) => match (n.as_f64(), n.as_i64(), n.as_u64()) {
            (_, Some(_), _) | (_, _, Some(_)) => n.to_string(),
            (Some(f), ..) => format!("{f:e}"),
            _ => n.to_string(),
        },
        other => other.to_string(),
    }
}

/// Turns `f(x, out)` into `out = f(x)`: the engine knows outputs only of its own
/// builtins. The source pre-pass does the same on the syntax tree.
fn without_outputs(module: &str) -> String {
    let mut text = module.to_owned();
    for builtin in super::TABLE {
        let mut from = 0;
        while let Some(at) = text[from..].find(&format!("{}(", builtin.name)).map(|at| at + from) {
            let open = at + builtin.name.len();
            from = open;
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_') {
                continue;
            }
            let Some((end, commas)) = commas_of(&text, open) else { continue };
            if builtin.arity > 0 && commas.len() == usize::from(builtin.arity) {
                let last = *commas.last().unwrap();
                let out = text[last + 1..end].trim().to_owned();
                let call = format!("{out} = {})", &text[at..last]);
                text.replace_range(at..=end, &call);
                from = at + out.len() + 3 + builtin.name.len();
            }
        }
    }
    text
}

/// The closing parenthesis of the one at `open`, and the commas between.
fn commas_of(text: &str, open: usize) -> Option<(usize, Vec<usize>)> {
    let (mut depth, mut quote, mut escaped, mut commas) = (0, None, false, Vec::new());
    for (at, c) in text.char_indices().filter(|(at, _)| *at >= open) {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => escaped = true,
            (Some(q), _) if q == c && !escaped => quote = None,
            (Some(_), _) => escaped = false,
            (None, '"' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some((at, commas));
                }
            }
            (None, ',') if depth == 1 => {
                let trailing = text[at + 1..].trim_start().starts_with(')');
                if !trailing {
                    commas.push(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn evaluate(case: &Json) -> Result<Vec<Json>, String> {
    let strict = case["strict_error"].as_bool().unwrap_or(false);
    let allow = Allow { env: true, net: false, rand: true, clock: true };
    let context = Arc::new(Context { strict, allow, now_ns: Some(1_700_000_000_000_000_000), ..Context::default() });
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(strict);
    engine.set_policy_length_config(regorus::PolicyLengthConfig {
        max_col: std::num::NonZeroU32::new(1 << 20).unwrap(),
        ..regorus::PolicyLengthConfig::default()
    });
    register(&mut engine, &context).map_err(|e| e.to_string())?;
    for (index, module) in case["modules"].as_array().into_iter().flatten().enumerate() {
        let text = without_outputs(module.as_str().unwrap_or_default());
        engine.add_policy(format!("{index}.rego"), text).map_err(|e| e.to_string())?;
    }
    if case["data"].is_object() {
        engine.add_data(Value::from(case["data"].clone())).map_err(|e| e.to_string())?;
    }
    if !case["input"].is_null() {
        engine.set_input(Value::from(case["input"].clone()));
    } else if let Some(term) = case["input_term"].as_str() {
        let out = regorus::Engine::new().eval_query(term.to_owned(), false).map_err(|e| e.to_string())?;
        engine.set_input(out.result[0].expressions[0].value.clone());
    }
    let query = case["query"].as_str().unwrap_or_default().to_owned();
    let out = engine.eval_query(query, false).map_err(|e| e.to_string())?;
    let mut rows = Vec::new();
    for result in out.result {
        let text = result.bindings.to_json_str().map_err(|e| e.to_string())?;
        rows.push(serde_json::from_str(&text).map_err(|e| e.to_string())?);
    }
    Ok(rows)
}

fn problem(case: &Json) -> Option<String> {
    let run = std::panic::catch_unwind(|| evaluate(case)).unwrap_or_else(|_| Err("PANIC".to_owned()));
    let wants_error = !case["want_error"].is_null() || !case["want_error_code"].is_null();
    match run {
        Err(text) if text == "PANIC" => Some(text),
        Err(_) if wants_error => None,
        Err(text) => Some(format!("error: {}", text.replace('\n', " "))),
        Ok(rows) if wants_error => {
            Some(format!("no error but {rows:?}, wanted {} {}", case["want_error_code"], case["want_error"]))
        }
        Ok(rows) => {
            let got = canonical(&Json::Array(
                rows.into_iter().filter(|r| r.as_object().is_some_and(|o| !o.is_empty())).collect(),
            ));
            let want = case["want_result"].as_array().cloned().unwrap_or_default();
            let want = canonical(&Json::Array(
                want.into_iter().filter(|r| r.as_object().is_some_and(|o| !o.is_empty())).collect(),
            ));
            (got != want).then(|| format!("got {got}\n      want {want}"))
        }
    }
}

#[test]
fn the_builtins_pass_the_compliance_cases_of_opa() {
    let Ok(corpus) = std::env::var("REGATE_CORPUS") else {
        println!("skipped: REGATE_CORPUS is not set");
        return;
    };
    let Ok(text) = std::fs::read_to_string(format!("{corpus}/opa-cases/v1.ndjson")) else {
        println!("skipped: no opa-cases in {corpus}");
        return;
    };
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failed = Vec::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let category = case["category"].as_str().unwrap_or_default().to_owned();
        if OTHERS.iter().any(|other| category.starts_with(other)) {
            continue;
        }
        let counts = tally.entry(category).or_default();
        if let Some(text) = problem(&case) {
            counts.1 += 1;
            failed.push(format!("{}: {text}", case["note"].as_str().unwrap_or_default()));
        } else {
            counts.0 += 1;
        }
    }
    for text in &failed {
        println!("FAILED {text}");
    }
    for (category, (passed, wrong)) in tally.iter().filter(|(_, counts)| counts.1 > 0) {
        println!("{category}: {passed} passed, {wrong} failed");
    }
    let passed: usize = tally.values().map(|counts| counts.0).sum();
    println!("{passed} passed, {} failed", failed.len());
    assert!(failed.len() <= KNOWN, "more than {KNOWN} cases differ");
}
