//! The builtins that a policy can call, by number.

use std::sync::LazyLock;

use regorus::unstable::BUILTINS;

use super::super::Value;
use super::super::builtins::{self, Context, Failure};
use super::super::prepass::{TEMPLATE_FUNCTION, render};
use super::ir::BuiltinId;

/// A builtin function.
struct Builtin {
    name: &'static str,
    arity: usize,
}

/// Operators that can be called by name; the executor does them itself.
const OPERATORS: [&str; 13] =
    ["plus", "minus", "mul", "div", "rem", "equal", "neq", "lt", "lte", "gt", "gte", "and", "or"];

static TABLE: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let own = ["print", "walk", "internal.member_2", "internal.member_3", TEMPLATE_FUNCTION];
    let names = BUILTINS.keys().copied().chain(builtins::TABLE.iter().map(|builtin| builtin.name));
    let mut table: Vec<Builtin> = names
        .filter(|name| !own.contains(name) && !OPERATORS.contains(name))
        .map(|name| Builtin { name, arity: builtins::arity(name).map_or(0, usize::from) })
        .collect();
    table.extend(OPERATORS.map(|name| Builtin { name, arity: 2 }));
    table.extend(own.map(|name| Builtin { name, arity: if name == "internal.member_2" { 2 } else { 1 } }));
    if let Some(member) = table.iter_mut().find(|builtin| builtin.name == "internal.member_3") {
        member.arity = 3;
    }
    table.sort_by_key(|builtin| builtin.name);
    table.dedup_by_key(|builtin| builtin.name);
    table
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

/// `print`, which the machine does itself: what it prints is only for tests.
pub(super) fn print() -> BuiltinId {
    static PRINT: LazyLock<BuiltinId> = LazyLock::new(|| find("print").unwrap_or(BuiltinId::MAX));
    *PRINT
}

/// Whether a builtin is `walk`, the one that has many results.
pub(super) fn is_walk(id: BuiltinId) -> bool {
    name(id) == "walk"
}

/// Whether there is a builtin called `name`.
pub fn is_builtin(name: &str) -> bool {
    find(name).is_some()
}

/// Calls a builtin.
pub(super) fn call(context: &Context, id: BuiltinId, args: &[Value]) -> Result<Value, Failure> {
    match name(id) {
        TEMPLATE_FUNCTION => {
            let most = context.caps.text;
            match args.first().and_then(|parts| render(parts, most)) {
                Some(text) if text.len() > most => {
                    Err(Failure::Limit(format!("string template: the text is over the limit of {most} bytes")))
                }
                text => Ok(text.map_or(Value::Undefined, Value::from)),
            }
        }
        name => builtins::call(context, name, args).unwrap_or(Ok(Value::Undefined)),
    }
}
