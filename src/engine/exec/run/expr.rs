//! Expressions: one value or none.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::builtins::{Failure, order};
use super::super::super::{Value, number};
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{Arith, At, Cmp, Compr, Expr};
use super::super::trace::{FactKind, Size, Tracer};
use super::bounds::{FIELD, ITEM, MEMBER, is_compound, shallow};
use super::{Flow, Machine, Marked, Run};
use crate::document::field;

/// Members of two sets without a common one that are told for it.
const MOST_SOUGHT: usize = 64;

impl<'p, T: Tracer> Machine<'p, T> {
    /// The value of `expr` where it lies, when it lies somewhere and nothing is traced.
    pub fn peek<'a>(&'a self, expr: &'a Expr) -> Option<&'a Value> {
        match expr {
            Expr::Const(value) => Some(value),
            Expr::Slot(slot) => self.slot(*slot).map(|marked| &marked.0),
            Expr::Input => Some(&self.world.input.0),
            Expr::Ref(base, keys) => {
                let mut value = self.peek(base)?;
                for key in keys {
                    // A key with parts is weighed before it is compared, and that takes the long way.
                    let key = self.peek(key).filter(|key| !is_compound(key))?;
                    value = part(value, key)?;
                }
                Some(value)
            }
            _ => None,
        }
    }

    /// The value of `expr`.
    pub fn eval(&mut self, expr: &'p Expr) -> Run<Marked<T>> {
        if !T::ACTIVE
            && let Some(value) = self.peek(expr)
        {
            return Ok((value.clone(), T::Mark::default()));
        }
        match expr {
            Expr::Const(value) => Ok((value.clone(), T::Mark::default())),
            Expr::Slot(slot) => Ok(self.slot(*slot).cloned().unwrap_or((Value::Undefined, T::Mark::default()))),
            Expr::Input => Ok(self.world.input.clone()),
            Expr::Data => Ok((self.world.data.clone(), T::Mark::default())),
            Expr::Rule(rule) => self.rule(*rule),
            Expr::Ref(base, keys) => self.reference(base, keys),
            Expr::Tree(keys) => self.tree(keys),
            Expr::Array(_) | Expr::Set(_) | Expr::Object(_) => self.literal(expr),
            Expr::ArrayCompr(compr) => self.array_compr(compr),
            Expr::SetCompr(compr) => self.set_compr(compr),
            Expr::ObjectCompr(compr) => self.object_compr(compr),
            Expr::Call(callee, args, at) => self.call(*callee, args, *at),
            Expr::Arith(op, sides, at) => {
                let left = self.eval(&sides.0)?;
                let right = self.eval(&sides.1)?;
                self.arith(*op, &left, &right, *at)
            }
            Expr::Cmp(op, sides) => {
                let left = self.eval(&sides.0)?;
                let right = self.eval(&sides.1)?;
                self.compared(*op, &left, &right)
            }
            Expr::In(key, sides) => self.member(key.as_deref(), &sides.0, &sides.1),
        }
    }

    fn reference(&mut self, base: &'p Expr, keys: &'p [Expr]) -> Run<Marked<T>> {
        let stored = matches!(base, Expr::Data);
        let (mut value, mut mark) = self.eval(base)?;
        for key in keys {
            let (key, by) = self.eval(key)?;
            self.weigh(&key, self.at)?;
            if value == Value::Undefined || key == Value::Undefined {
                let mark = if key == Value::Undefined { self.tracer.with(mark, by) } else { mark };
                return Ok((Value::Undefined, mark));
            }
            let found = part(&value, &key).or_else(|| stored.then(|| numbered(&value, &key)).flatten());
            let below = found.cloned();
            let set = matches!(value, Value::Set(_));
            mark = self.tracer.lookup(mark, (&key, by), below.is_some());
            if set && below.is_some() {
                // It is the member, and not only what leads there.
                mark = self.tracer.with(mark, by);
            }
            let Some(below) = below else { return Ok((Value::Undefined, mark)) };
            value = below;
        }
        Ok((value, mark))
    }

    fn literal(&mut self, expr: &'p Expr) -> Run<Marked<T>> {
        let nothing = T::Mark::default();
        // A literal has no place of its own; the error gets that of the statement around it.
        let at = self.at;
        match expr {
            Expr::Array(items) | Expr::Set(items) => {
                let mut values = Vec::with_capacity(items.len());
                let mut marks = Vec::new();
                for item in items {
                    let (value, mark) = self.eval(item)?;
                    if value == Value::Undefined {
                        return Ok((value, mark));
                    }
                    values.push(value);
                    if T::ACTIVE {
                        marks.push(mark);
                    }
                }
                if matches!(expr, Expr::Array(_)) {
                    self.charge(values.len() * ITEM, at)?;
                    return Ok((Value::from(values), self.tracer.array(nothing, marks)));
                }
                let pairs = if T::ACTIVE { values.iter().cloned().zip(marks).collect() } else { Vec::new() };
                self.charge(values.len() * MEMBER, at)?;
                for value in &values {
                    self.weigh(value, at)?;
                }
                let set: BTreeSet<Value> = values.into_iter().collect();
                Ok((Value::from(set), self.tracer.keyed(nothing, pairs)))
            }
            Expr::Object(fields) => {
                let mut object = BTreeMap::new();
                let mut pairs = Vec::new();
                for (key, value) in fields {
                    let key = self.eval(key)?;
                    let value = self.eval(value)?;
                    if key.0 == Value::Undefined || value.0 == Value::Undefined {
                        let mark = self.tracer.join(key.1, value.1);
                        return Ok((Value::Undefined, mark));
                    }
                    if T::ACTIVE {
                        pairs.push((key.0.clone(), value.1));
                    }
                    self.weigh(&key.0, at)?;
                    object.insert(key.0, value.0);
                }
                self.charge(object.len() * FIELD, at)?;
                Ok((Value::from(object), self.tracer.keyed(nothing, pairs)))
            }
            _ => Ok((Value::Undefined, nothing)),
        }
    }

    /// Calls `each` for each solution of a comprehension, with its key, value and reasons.
    fn collect(
        &mut self,
        compr: &'p Compr,
        each: &mut dyn FnMut(&mut Self, Option<Marked<T>>, Marked<T>) -> Run<()>,
    ) -> Run<T::Mark> {
        let level = self.tracer.level();
        self.down(compr.at)?;
        let stand = self.stand();
        self.tracer.gather();
        let mut any = false;
        self.run(&compr.block, &mut |machine| {
            machine.tick(compr.at)?;
            let key = match &compr.key {
                Some(key) => Some(machine.eval(key)?),
                None => None,
            };
            let (value, mark) = machine.eval(&compr.value)?;
            if value == Value::Undefined || key.as_ref().is_some_and(|key| key.0 == Value::Undefined) {
                machine.tracer.fail(FactKind::Bound, mark);
                return Ok(Flow::Go);
            }
            any = true;
            let passed = machine.tracer.passed(level);
            let mark = machine.tracer.item(mark, passed);
            machine.keep_bytes(FIELD, compr.at)?;
            each(machine, key, (value, mark))?;
            Ok(Flow::Go)
        })?;
        self.up();
        self.gather(stand);
        self.tracer.gathered();
        let domains = self.tracer.domains(level);
        let failed = self.tracer.failed(level);
        let whole = if any { domains } else { self.tracer.or(domains, failed) };
        Ok(self.tracer.sifted(whole, failed))
    }

    fn array_compr(&mut self, compr: &'p Compr) -> Run<Marked<T>> {
        let (mut values, mut marks) = (Vec::new(), Vec::new());
        let whole = self.collect(compr, &mut |_, _, (value, mark)| {
            values.push(value);
            if T::ACTIVE {
                marks.push(mark);
            }
            Ok(())
        })?;
        Ok((Value::from(values), self.tracer.array(whole, marks)))
    }

    fn set_compr(&mut self, compr: &'p Compr) -> Run<Marked<T>> {
        let (mut values, mut marks) = (BTreeSet::new(), Vec::new());
        let whole = self.collect(compr, &mut |machine, _, (value, mark)| {
            machine.weigh(&value, compr.at)?;
            if T::ACTIVE {
                marks.push((value.clone(), mark));
            }
            values.insert(value);
            Ok(())
        })?;
        Ok((Value::from(values), self.tracer.keyed(whole, marks)))
    }

    fn object_compr(&mut self, compr: &'p Compr) -> Run<Marked<T>> {
        let (mut values, mut marks, mut names) = (BTreeMap::new(), Vec::new(), Vec::new());
        let whole = self.collect(compr, &mut |machine, key, (value, mark)| {
            let (key, name) = key.unwrap_or((Value::Undefined, T::Mark::default()));
            machine.weigh(&key, compr.at)?;
            if let Some(old) = values.get(&key)
                && !machine.same(old, &value, compr.at)?
            {
                return Err(ExecError::new(ErrorCode::Conflict, compr.at, "object keys must be unique"));
            }
            if T::ACTIVE {
                marks.push((key.clone(), mark));
                names.push((key.clone(), name));
            }
            values.insert(key, value);
            Ok(())
        })?;
        let mark = self.tracer.keyed(whole, marks);
        self.tracer.named(mark, names);
        Ok((Value::from(values), mark))
    }

    pub(super) fn compared(&mut self, op: Cmp, left: &Marked<T>, right: &Marked<T>) -> Run<Marked<T>> {
        let mark = if T::ACTIVE {
            let defined = left.0 != Value::Undefined && right.0 != Value::Undefined;
            let held = defined && compare(op, &left.0, &right.0);
            self.tracer.check(op.into(), (&left.0, left.1), (&right.0, right.1), held);
            let mut one = self.tracer.sized(left.1, Size::of(&left.0, &right.0));
            let mut other = self.tracer.sized(right.1, Size::of(&right.0, &left.0));
            // That it is a certain text is often why it is looked at, and seldom so of a number or a truth value.
            if held && !(op == Cmp::Eq && matches!(left.0, Value::String(_))) {
                (one, other) = (self.tracer.beyond(one), self.tracer.beyond(other));
            }
            self.tracer.join(one, other)
        } else {
            T::Mark::default()
        };
        if left.0 == Value::Undefined || right.0 == Value::Undefined {
            return Ok((Value::Undefined, mark));
        }
        let at = self.at;
        let holds = match op {
            Cmp::Eq => self.same(&left.0, &right.0, at)?,
            Cmp::Ne => !self.same(&left.0, &right.0, at)?,
            _ => {
                if is_compound(&left.0) && is_compound(&right.0) {
                    self.weigh(&left.0, at)?;
                }
                compare(op, &left.0, &right.0)
            }
        };
        Ok((Value::Bool(holds), mark))
    }

    pub(super) fn arith(&mut self, op: Arith, left: &Marked<T>, right: &Marked<T>, at: At) -> Run<Marked<T>> {
        if left.0 == Value::Undefined || right.0 == Value::Undefined {
            let mark = self.tracer.join(left.1, right.1);
            return Ok((Value::Undefined, mark));
        }
        if let (Value::Set(_), Value::Set(_)) = (&left.0, &right.0) {
            self.weigh(&left.0, at)?;
            self.weigh(&right.0, at)?;
        }
        let result = operate(op, &left.0, &right.0);
        if let Ok(value) = &result {
            self.bounded(value, at)?;
        }
        let mark = if T::ACTIVE { self.operated(op, left, right, result.as_ref().ok()) } else { T::Mark::default() };
        match result {
            Ok(value) => Ok((value, mark)),
            Err(Failure::Undefined(message)) if self.limits.strict => {
                Err(ExecError::new(ErrorCode::Builtin, at, message))
            }
            Err(Failure::Undefined(_)) => Ok((Value::Undefined, mark)),
            Err(failure) => Err(ExecError::new(ErrorCode::Limit, at, failure.to_string())),
        }
    }

    /// The mark of an operator's result: members of sets keep their own.
    fn operated(&mut self, op: Arith, left: &Marked<T>, right: &Marked<T>, result: Option<&Value>) -> T::Mark {
        let Some(Value::Set(kept)) = result else { return self.tracer.join(left.1, right.1) };
        let mut members = self.tracer.members(left.1);
        members.retain(|(value, _)| kept.contains(value));
        if op == Arith::Sub {
            let lacking = self.tracer.lack(right.1);
            for (_, mark) in &mut members {
                let failed = self.tracer.tested(*mark, true);
                *mark = self.tracer.with(failed, lacking);
            }
            let whole = self.tracer.rest(left.1, right.1);
            return self.tracer.keyed(whole, members);
        }
        if op == Arith::And && kept.is_empty() {
            // What should have been in both is not in the other.
            let sought: Vec<_> = [left.1, right.1].into_iter().flat_map(|side| self.tracer.members(side)).collect();
            let start = self.tracer.join(left.1, right.1);
            let both = sought.into_iter().take(MOST_SOUGHT).fold(start, |whole, (_, mark)| {
                let failed = self.tracer.tested(mark, true);
                self.tracer.join(whole, failed)
            });
            return self.tracer.keyed(both, Vec::new());
        }
        members.extend(self.tracer.members(right.1).into_iter().filter(|(value, _)| kept.contains(value)));
        if op == Arith::And {
            for (_, mark) in &mut members {
                *mark = self.tracer.tested(*mark, false);
            }
        }
        let whole = self.tracer.join(left.1, right.1);
        self.tracer.keyed(whole, members)
    }

    fn member(&mut self, key: Option<&'p Expr>, value: &'p Expr, collection: &'p Expr) -> Run<Marked<T>> {
        let key = match key {
            Some(key) => Some(self.eval(key)?),
            None => None,
        };
        let value = self.eval(value)?;
        let of = self.eval(collection)?;
        let absent = |marked: &Marked<T>| marked.0 == Value::Undefined;
        if absent(&value) || absent(&of) || key.as_ref().is_some_and(absent) {
            let mark = self.tracer.join(value.1, of.1);
            return Ok((Value::Undefined, mark));
        }
        if is_compound(&value.0) {
            let turns = if key.is_some() { 1 } else { shallow(&of.0) / ITEM };
            let nodes = self.weigh(&value.0, self.at)?;
            self.work(nodes.saturating_mul(turns as u64) / 8, self.at)?;
        }
        let found = found(key.as_ref().map(|key| &key.0), &value.0, &of.0);
        let mark = if T::ACTIVE {
            self.tracer.check(super::super::check::Asks::In, (&value.0, value.1), (&of.0, of.1), found.is_some());
            let other = match &found {
                Some(key) => self.tracer.child(of.1, key, true),
                None => self.tracer.lack(of.1),
            };
            let one = if found.is_some() { value.1 } else { self.tracer.sought(of.1, value.1) };
            let mark = self.tracer.join(one, other);
            self.tracer.like(of.1, mark)
        } else {
            T::Mark::default()
        };
        Ok((Value::Bool(found.is_some()), mark))
    }
}

/// The key under which `value` is in a collection.
fn found(key: Option<&Value>, value: &Value, of: &Value) -> Option<Value> {
    match (key, of) {
        (Some(key), of) => part(of, key).filter(|item| *item == value).map(|_| key.clone()),
        (None, Value::Array(items)) => items.iter().position(|item| item == value).map(Value::from),
        (None, Value::Set(set)) => set.contains(value).then(|| value.clone()),
        (None, Value::Object(object)) => {
            object.iter_sorted().find(|(_, item)| *item == value).map(|(key, _)| key.clone())
        }
        _ => None,
    }
}

/// The part of `value` under `key`.
pub(super) fn part<'a>(value: &'a Value, key: &Value) -> Option<&'a Value> {
    match value {
        Value::Object(object) => match key {
            Value::String(name) => field(value, name),
            _ => object.get(key),
        },
        Value::Array(items) => match key {
            Value::Number(number) => items.get(usize::try_from(number.as_u64()?).ok()?),
            _ => None,
        },
        Value::Set(set) => set.get(key),
        _ => None,
    }
}

/// The part of base data under an integer: OPA's store takes `data.a[2]` for the path `/a/2`.
fn numbered<'a>(value: &'a Value, key: &Value) -> Option<&'a Value> {
    match (value, key) {
        (Value::Object(object), Value::Number(number)) => object.get(&Value::from(number.as_i64()?.to_string())),
        _ => None,
    }
}

/// The outcome of a comparison.
pub(super) fn compare(op: Cmp, left: &Value, right: &Value) -> bool {
    match op {
        Cmp::Eq => left == right,
        Cmp::Ne => left != right,
        Cmp::Lt => order(left, right).is_lt(),
        Cmp::Le => order(left, right).is_le(),
        Cmp::Gt => order(left, right).is_gt(),
        Cmp::Ge => order(left, right).is_ge(),
    }
}

fn operate(op: Arith, left: &Value, right: &Value) -> Result<Value, Failure> {
    let wrong = || Failure::Undefined(format!("operator {op:?}: operands have the wrong types"));
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => match op {
            Arith::Add => number::add(left, right),
            Arith::Sub => number::sub(left, right),
            Arith::Mul => number::mul(left, right),
            Arith::Div => number::div(left, right),
            Arith::Rem => number::rem(left, right),
            Arith::And | Arith::Or => Err(wrong()),
        },
        (Value::Set(one), Value::Set(other)) => Ok(Value::from(match op {
            Arith::Sub => one.difference(other),
            Arith::And => one.intersection(other),
            Arith::Or => one.union(other),
            _ => return Err(wrong()),
        })),
        _ => Err(wrong()),
    }
}
