//! Calls: of functions, of builtins, and of what `with` put in their place.

use super::super::super::Value;
use super::super::super::builtins::{BESIDE, Failure, beside};
use super::super::builtins;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{Arith, At, BuiltinId, Callee, Cmp, Expr};
use super::super::trace::Tracer;
use super::{Machine, Marked, Run};

/// Builtins whose result stays the same within one evaluation.
const FIXED: [&str; 4] = ["opa.runtime", "rand.intn", "time.now_ns", "uuid.rfc4122"];

impl<'p, T: Tracer> Machine<'p, T> {
    pub(super) fn call(&mut self, callee: Callee, args: &'p [Expr], at: At) -> Run<Marked<T>> {
        if callee == Callee::Builtin(builtins::print()) {
            return self.print(args);
        }
        let mut values: Vec<Marked<T>> = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.eval(arg)?;
            if value.0 == Value::Undefined {
                return Ok(value);
            }
            values.push(value);
        }
        self.apply(callee, &values, at)
    }

    /// What `with` has put in the place of `callee`.
    pub(super) fn mocked(&self, callee: Callee) -> Option<(Option<Callee>, Marked<T>)> {
        let mock = self.world.mocks.iter().find(|(old, _, _)| *old == callee)?;
        Some((mock.1, mock.2.clone()))
    }

    fn apply(&mut self, callee: Callee, args: &[Marked<T>], at: At) -> Run<Marked<T>> {
        if !self.world.mocks.is_empty()
            && let Some((by, value)) = self.mocked(callee)
        {
            match by {
                // As in OPA nothing is replaced within a replacement: it may call what it stands for.
                Some(by) => {
                    let mocks = std::mem::take(&mut self.world.mocks);
                    let result = self.direct(by, args, at);
                    self.world.mocks = mocks;
                    return result;
                }
                None => return Ok(value),
            }
        }
        self.direct(callee, args, at)
    }

    fn direct(&mut self, callee: Callee, args: &[Marked<T>], at: At) -> Run<Marked<T>> {
        match callee {
            Callee::Rule(id) => self.function(id, args, at),
            Callee::Builtin(id) => self.builtin(id, args, at),
        }
    }

    fn builtin(&mut self, id: BuiltinId, args: &[Marked<T>], at: At) -> Run<Marked<T>> {
        self.tick(at)?;
        self.at = at;
        let name = builtins::name(id);
        if let [left, right] = args
            && let Some(result) = self.operator(name, left, right, at)
        {
            return result;
        }
        let mut values: Vec<Value> = args.iter().map(|(value, _)| value.clone()).collect();
        if BESIDE.contains(&name)
            && let Some(policy) = self.context.files.get(at.module as usize)
        {
            values = values.iter().map(|value| beside(policy, value)).collect();
        }
        let fixed = FIXED.contains(&name);
        if fixed && let Some((_, _, value)) = self.fixed.iter().find(|(old, with, _)| *old == id && *with == values) {
            return Ok((value.clone(), T::Mark::default()));
        }
        self.before(name, &values, at)?;
        let value = match builtins::call(self.context, id, &values) {
            Ok(value) => value,
            Err(Failure::Undefined(message)) if self.limits.strict => {
                return Err(ExecError::new(ErrorCode::Builtin, at, message));
            }
            Err(Failure::Undefined(_)) => Value::Undefined,
            Err(Failure::Limit(message)) => return Err(ExecError::new(ErrorCode::Limit, at, message)),
            Err(Failure::Denied(message) | Failure::Fault(message)) => {
                return Err(ExecError::new(ErrorCode::Builtin, at, message));
            }
        };
        self.after(name, &value, at)?;
        if fixed {
            self.fixed.push((id, values, value.clone()));
        }
        let mut mark = if T::ACTIVE { self.marked(name, args, &value) } else { T::Mark::default() };
        let asked = if T::ACTIVE { super::super::check::asking(name) } else { None };
        if asked.is_some() {
            mark = self.tracer.patterned(mark, matches!(name, "regex.match" | "re_match"));
        }
        if let (Some(asked), Value::Bool(held)) = (asked, &value) {
            let side = |at: usize| args.get(at).map_or((&Value::Undefined, T::Mark::default()), |arg| (&arg.0, arg.1));
            // The pattern comes first in these.
            let turned = matches!(asked, "re_match" | "regex.match" | "glob.match" | "net.cidr_contains");
            let last = args.len().saturating_sub(1);
            let (of, by) = match (asked, turned) {
                ("net.cidr_contains", _) => (1, 0),
                (_, true) => (last, 0),
                _ => (0, 1),
            };
            self.tracer.check(super::super::check::Asks::Builtin(asked), side(of), side(by), *held);
        }
        Ok((value, mark))
    }

    /// Operators called by name.
    fn operator(&mut self, name: &str, left: &Marked<T>, right: &Marked<T>, at: At) -> Option<Run<Marked<T>>> {
        let arith = match name {
            "plus" => Arith::Add,
            "minus" => Arith::Sub,
            "mul" => Arith::Mul,
            "div" => Arith::Div,
            "rem" => Arith::Rem,
            "and" => Arith::And,
            "or" => Arith::Or,
            "equal" => return Some(self.compared(Cmp::Eq, left, right)),
            "neq" => return Some(self.compared(Cmp::Ne, left, right)),
            "lt" => return Some(self.compared(Cmp::Lt, left, right)),
            "lte" => return Some(self.compared(Cmp::Le, left, right)),
            "gt" => return Some(self.compared(Cmp::Gt, left, right)),
            "gte" => return Some(self.compared(Cmp::Ge, left, right)),
            _ => return None,
        };
        Some(self.arith(arith, left, right, at))
    }

    /// The mark of a builtin's result.
    fn marked(&mut self, name: &str, args: &[Marked<T>], value: &Value) -> T::Mark {
        match (name, args) {
            ("object.get", [of, key, default]) => {
                let path = match &key.0 {
                    Value::Array(keys) => keys.iter().cloned().collect(),
                    key => vec![key.clone()],
                };
                let mut at = &of.0;
                let found = path.iter().all(|key| {
                    let below = super::expr::part(at, key);
                    at = below.unwrap_or(at);
                    below.is_some()
                });
                let mark = self.tracer.fallback(of.1, &path, found);
                if found { mark } else { self.tracer.with(mark, default.1) }
            }
            ("count", [of]) => self.tracer.count(of.1),
            ("sum" | "product", [of]) => self.tracer.total(of.1),
            ("array.concat", [one, other]) => {
                let mut items = Vec::new();
                for part in [one, other] {
                    let Value::Array(array) = &part.0 else { continue };
                    for at in 0..array.len() {
                        items.push(self.tracer.child(part.1, &Value::from(at), true));
                    }
                }
                let whole = self.tracer.join(one.1, other.1);
                self.tracer.array(whole, items)
            }
            ("object.union", [one, other]) => {
                let mut members = Vec::new();
                for part in [other, one] {
                    let Value::Object(object) = &part.0 else { continue };
                    for key in object.keys_sorted() {
                        members.push((key.clone(), self.tracer.child(part.1, key, true)));
                    }
                }
                let whole = self.tracer.join(one.1, other.1);
                self.tracer.keyed(whole, members)
            }
            ("object.keys", [of]) => {
                let mut members = Vec::new();
                if let Value::Object(object) = &of.0 {
                    for key in object.keys_sorted() {
                        members.push((key.clone(), self.tracer.child(of.1, key, true)));
                    }
                }
                self.tracer.keyed(of.1, members)
            }
            ("concat", [by, of]) if matches!(&of.0, Value::Array(items) if items.len() == 1) => {
                let only = self.tracer.child(of.1, &Value::from(0_u64), true);
                self.tracer.join(by.1, only)
            }
            ("any", [of]) if *value == Value::Bool(false) => self.tracer.lack(of.1),
            _ => args.iter().fold(T::Mark::default(), |mark, arg| self.tracer.join(mark, arg.1)),
        }
    }
}
