//! The builtins that a policy can call, by number.

use std::sync::LazyLock;

use regorus::unstable::{BUILTINS, BuiltinFcn, Expr as Ast, Ref, Source, Span};

use super::super::Value;
use super::ir::BuiltinId;

/// A builtin function.
struct Builtin {
    name: &'static str,
    arity: usize,
    call: Option<BuiltinFcn>,
}

static TABLE: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let operators = ["plus", "minus", "mul", "div", "rem", "equal", "neq", "lt", "lte", "gt", "gte", "and", "or"];
    let mut table: Vec<Builtin> = BUILTINS
        .iter()
        .filter(|(name, _)| !matches!(**name, "walk" | "internal.member_2" | "internal.member_3"))
        .map(|(name, call)| Builtin { name, arity: usize::from(call.1), call: Some(*call) })
        .collect();
    table.retain(|builtin| !operators.contains(&builtin.name) || builtin.name == "print");
    table.extend(operators.map(|name| Builtin { name, arity: 2, call: None }));
    table.push(Builtin { name: "walk", arity: 1, call: None });
    table.push(Builtin { name: "internal.member_2", arity: 2, call: None });
    table.push(Builtin { name: "internal.member_3", arity: 3, call: None });
    table.sort_by_key(|builtin| builtin.name);
    table
});

/// Terms that stand for the arguments in the messages of regorus's builtins.
static DUMMY: LazyLock<Option<(Span, Vec<Ref<Ast>>)>> = LazyLock::new(|| {
    let source = Source::from_contents("policy".to_owned(), "call".to_owned()).ok()?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 4 };
    let term = Ref::new(Ast::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    Some((span, vec![term; 16]))
});

/// The builtin called `name`.
pub(super) fn find(name: &str) -> Option<BuiltinId> {
    let at = TABLE.binary_search_by_key(&name, |builtin| builtin.name).ok()?;
    u32::try_from(at).ok()
}

/// How many arguments a builtin takes; none for those that take any number.
pub(super) fn arity(id: BuiltinId) -> Option<usize> {
    TABLE.get(id as usize).filter(|builtin| builtin.name != "print").map(|builtin| builtin.arity)
}

/// The name of a builtin.
pub(super) fn name(id: BuiltinId) -> &'static str {
    TABLE.get(id as usize).map_or("", |builtin| builtin.name)
}

/// Whether a builtin is `walk`, the one that has many results.
pub(super) fn is_walk(id: BuiltinId) -> bool {
    name(id) == "walk"
}

/// Calls a builtin; its error is text.
pub(super) fn call(id: BuiltinId, args: &[Value]) -> Result<Value, String> {
    let Some(builtin) = TABLE.get(id as usize) else { return Ok(Value::Undefined) };
    let (Some((call, _)), Some((span, terms))) = (&builtin.call, DUMMY.as_ref()) else {
        return Ok(Value::Undefined);
    };
    if builtin.name == "print" {
        return Ok(Value::Bool(true));
    }
    let Some(terms) = terms.get(..args.len()) else { return Ok(Value::Undefined) };
    call(span, terms, args, true).map_err(|error| error.to_string())
}
