//! Statements: tests, loops, negation, `every` and `with`.

use super::super::super::Value;
use super::super::check::Asks;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{At, Expr, Op, Pattern, Slot, Stmt, Target};
use super::super::trace::{FactKind, Tracer};
use super::bounds::{ITEM, is_compound};
use super::{Cached, Flow, Machine, Marked, Run, Then, World, holds, with_stack};

impl<'p, T: Tracer> Machine<'p, T> {
    /// Runs `then` for each solution of `block`.
    pub fn run(&mut self, block: &'p [Stmt], then: Then<'_, 'p, T>) -> Run<Flow> {
        let level = self.tracer.level();
        let flow = with_stack(|| self.run_from(block, then));
        self.tracer.rewind(level);
        flow
    }

    fn run_from(&mut self, mut block: &'p [Stmt], then: Then<'_, 'p, T>) -> Run<Flow> {
        while let Some((stmt, rest)) = block.split_first() {
            self.at = stmt.at;
            if T::WATCHES {
                self.watch(stmt)?;
            }
            let passed = match &stmt.op {
                Op::Test(expr) => self.test(expr)?,
                Op::Assign(slot, expr) => {
                    let value = self.eval(expr)?;
                    self.assign(*slot, value)
                }
                Op::Match(pattern, expr) => {
                    let value = self.eval(expr)?;
                    let passed = value.0 != Value::Undefined && self.matches(pattern, &value)?;
                    self.kept(passed, value.1);
                    passed
                }
                Op::Not(inner) => self.negate(inner)?,
                Op::Every(domain, key, value, inner) => self.every(domain, *key, *value, inner)?,
                Op::Each(domain, key, value) => return self.each(domain, key, value, rest, stmt.at, then),
                Op::EachKey(keys, pattern) => return self.each_key(keys, pattern, rest, stmt.at, then),
                Op::Walk(expr, pattern) => return self.walk(expr, pattern, rest, stmt.at, then),
                Op::With(changes, inner) => return self.with(changes, inner, rest, stmt.at, then),
            };
            if !passed {
                if T::ACTIVE {
                    self.tracer.stopped(rest.as_ptr_range().end as usize, rest.len());
                }
                if T::WATCHES {
                    self.tell(stmt);
                }
                return Ok(Flow::Go);
            }
            block = rest;
        }
        then(self)
    }

    fn note(&mut self, passed: bool, kind: FactKind, mark: T::Mark) {
        if passed {
            self.tracer.pass(kind, mark);
        } else {
            self.tracer.fail(kind, mark);
        }
    }

    /// A value was given a name, or there was none to give it to: then that was the question.
    fn kept(&mut self, passed: bool, mark: T::Mark) {
        self.note(passed, if passed { FactKind::Bound } else { FactKind::Tested }, mark);
    }

    fn test(&mut self, expr: &'p Expr) -> Run<bool> {
        if !T::ACTIVE
            && let Expr::Cmp(op, sides) = expr
            && let (Some(left), Some(right)) = (self.peek(&sides.0), self.peek(&sides.1))
            && !(is_compound(left) && is_compound(right))
        {
            return Ok(super::expr::compare(*op, left, right));
        }
        let (value, mark) = self.eval(expr)?;
        let passed = holds(&value);
        if T::ACTIVE && matches!(expr, Expr::Slot(_) | Expr::Ref(..) | Expr::Input) {
            self.tracer.check(Asks::Truth, (&value, mark), (&Value::Undefined, T::Mark::default()), passed);
        }
        if passed && matches!(expr, Expr::Slot(_)) {
            self.tracer.pass_whole(mark);
        } else {
            let mark =
                if T::ACTIVE && passed && matches!(expr, Expr::Ref(..)) { self.tracer.present(mark) } else { mark };
            self.note(passed, FactKind::Tested, mark);
        }
        Ok(passed)
    }

    fn assign(&mut self, slot: Slot, value: Marked<T>) -> bool {
        let passed = value.0 != Value::Undefined;
        self.kept(passed, value.1);
        if passed {
            self.set(slot, value);
        }
        passed
    }

    /// Whether `value` matches; binds the pattern's variables on the way.
    pub fn matches(&mut self, pattern: &'p Pattern, value: &Marked<T>) -> Run<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Bind(slot) => {
                self.set(*slot, value.clone());
                Ok(true)
            }
            Pattern::Equal(expr) => {
                let (other, mark) = self.eval(expr)?;
                let held = other != Value::Undefined && self.same(&other, &value.0, self.at)?;
                self.tracer.check(Asks::Equal, (&value.0, value.1), (&other, mark), held);
                Ok(held)
            }
            Pattern::Array(items) => {
                let Value::Array(array) = &value.0 else { return Ok(false) };
                if array.len() != items.len() {
                    return Ok(false);
                }
                for (at, (pattern, item)) in items.iter().zip(array.iter()).enumerate() {
                    let mark =
                        if T::ACTIVE { self.tracer.child(value.1, &Value::from(at), true) } else { T::Mark::default() };
                    if !self.matches(pattern, &(item.clone(), mark))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Pattern::Object(pairs) => {
                let Value::Object(object) = &value.0 else { return Ok(false) };
                if object.len() != pairs.len() {
                    return Ok(false);
                }
                for (key, pattern) in pairs {
                    let (key, _) = self.eval(key)?;
                    let Some(item) = object.get(&key) else { return Ok(false) };
                    let mark = self.tracer.child(value.1, &key, true);
                    if !self.matches(pattern, &(item.clone(), mark))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    fn negate(&mut self, inner: &'p [Stmt]) -> Run<bool> {
        let level = self.tracer.level();
        let mut reason = T::Mark::default();
        let mut found = false;
        self.tracer.negate();
        self.run(inner, &mut |machine| {
            found = true;
            reason = machine.tracer.passed(level);
            Ok(Flow::Stop)
        })?;
        self.tracer.negate();
        if found {
            self.tracer.forgive(level);
            self.tracer.fail(FactKind::Tested, reason);
        } else {
            let failed = self.tracer.failed_last(level);
            self.tracer.pass(FactKind::Tested, failed);
        }
        Ok(!found)
    }

    fn every(&mut self, domain: &'p Expr, key: Option<Slot>, value: Slot, inner: &'p [Stmt]) -> Run<bool> {
        let domain = self.eval(domain)?;
        let level = self.tracer.level();
        // Who objects to what holds for every item misses one that is different.
        let reasons = self.tracer.lack(domain.1);
        let mut all = is_compound(&domain.0);
        let mut failed_any = false;
        self.items(&domain, &mut |machine, name, item| {
            machine.tick(machine.at)?;
            machine.set(value, item);
            if let Some(key) = key {
                machine.set(key, name);
            }
            let mut found = false;
            let start = machine.tracer.level();
            machine.run(inner, &mut |_| {
                found = true;
                Ok(Flow::Stop)
            })?;
            if !found {
                all = false;
                failed_any = true;
                return Ok(Flow::Stop);
            }
            machine.tracer.forgive(start);
            Ok(Flow::Go)
        })?;
        if all {
            self.tracer.forgive(level);
            self.tracer.pass(FactKind::Tested, reasons);
        } else if !failed_any {
            self.tracer.fail(FactKind::Tested, domain.1);
        }
        Ok(all)
    }

    /// Calls `each` with the key and the value of each item.
    pub fn items(
        &mut self,
        of: &Marked<T>,
        each: &mut dyn FnMut(&mut Self, Marked<T>, Marked<T>) -> Run<Flow>,
    ) -> Run<Flow> {
        let mut give = |machine: &mut Self, key: Value, value: &Value| {
            let mark = machine.tracer.child(of.1, &key, true);
            let by = match machine.tracer.name(of.1, &key) {
                Some(name) => name,
                None if matches!(key, Value::Number(_)) => machine.tracer.aside(mark),
                None => mark,
            };
            each(machine, (key, by), (value.clone(), mark))
        };
        match &of.0 {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if give(self, Value::from(at), item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            Value::Object(object) => {
                for (key, item) in object.iter_sorted() {
                    if give(self, key.clone(), item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            Value::Set(set) => {
                for item in set.iter() {
                    if give(self, item.clone(), item)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            _ => {}
        }
        Ok(Flow::Go)
    }

    fn each(
        &mut self,
        domain: &'p Expr,
        key: &'p Pattern,
        value: &'p Pattern,
        rest: &'p [Stmt],
        at: At,
        then: Then<'_, 'p, T>,
    ) -> Run<Flow> {
        let domain = self.eval(domain)?;
        self.tracer.domain(domain.1);
        let mut any = false;
        self.down(at)?;
        let flow = self.items(&domain, &mut |machine, name, item| {
            machine.tick(at)?;
            if !(machine.matches(key, &name)? && machine.matches(value, &item)?) {
                return Ok(Flow::Go);
            }
            any = true;
            let stand = machine.stand();
            let level = machine.tracer.level();
            machine.tracer.pass(FactKind::Iterated, item.1);
            let flow = machine.run(rest, then);
            machine.tracer.rewind(level);
            machine.settle(stand);
            flow
        });
        self.up();
        if !any {
            let lacking = self.tracer.lack(domain.1);
            self.tracer.fail(FactKind::Iterated, lacking);
            self.tracer.stopped(rest.as_ptr_range().end as usize, rest.len());
        }
        flow
    }

    fn walk(
        &mut self,
        expr: &'p Expr,
        pattern: &'p Pattern,
        rest: &'p [Stmt],
        at: At,
        then: Then<'_, 'p, T>,
    ) -> Run<Flow> {
        let root = self.eval(expr)?;
        if root.0 == Value::Undefined {
            self.tracer.fail(FactKind::Iterated, root.1);
            return Ok(Flow::Go);
        }
        self.tracer.domain(root.1);
        self.down(at)?;
        let mut open: Vec<(Vec<Value>, Marked<T>)> = vec![(Vec::new(), root)];
        while let Some((path, node)) = open.pop() {
            self.work(1 + path.len() as u64 / 8, at)?;
            let stand = self.stand();
            self.charge(path.len() * ITEM + 3 * ITEM, at)?;
            let first = open.len();
            self.items(&node, &mut |_, key, item| {
                let mut below = Vec::with_capacity(path.len() + 1);
                below.extend_from_slice(&path);
                below.push(key.0);
                open.push((below, item));
                Ok(Flow::Go)
            })?;
            if let Some(new) = open.get_mut(first..) {
                new.reverse();
            }
            let pair = Value::from(vec![Value::from(path), node.0]);
            let mark = if T::ACTIVE {
                // Which keys lead there is no part of what is there.
                let way = self.tracer.aside(node.1);
                self.tracer.array(node.1, vec![way, node.1])
            } else {
                T::Mark::default()
            };
            if !self.matches(pattern, &(pair, mark))? {
                continue;
            }
            let level = self.tracer.level();
            self.tracer.pass(FactKind::Iterated, node.1);
            let flow = self.run(rest, then)?;
            self.tracer.rewind(level);
            self.settle(stand);
            if flow == Flow::Stop {
                self.up();
                return Ok(Flow::Stop);
            }
        }
        self.up();
        Ok(Flow::Go)
    }

    fn with(
        &mut self,
        changes: &'p [(Target, Expr)],
        inner: &'p [Stmt],
        rest: &'p [Stmt],
        at: At,
        then: Then<'_, 'p, T>,
    ) -> Run<Flow> {
        let mut world = World {
            input: self.world.input.clone(),
            data: self.world.data.clone(),
            cache: vec![Cached::Unknown; self.program.rules.len()],
            masked: self.world.masked.clone(),
            mocks: self.world.mocks.clone(),
        };
        for (target, by) in changes {
            let value = self.eval(by)?;
            if value.0 == Value::Undefined && !matches!(target, Target::Call(_, Some(_))) {
                self.tracer.fail(FactKind::Bound, value.1);
                return Ok(Flow::Go);
            }
            match target {
                Target::Input(path) if path.is_empty() => world.input = value,
                Target::Input(path) => {
                    put(&mut world.input.0, path, value.0, at)?;
                    world.input.1 = self.tracer.with(world.input.1, value.1);
                }
                Target::Data(path, masked) => {
                    put(&mut world.data, path, value.0, at)?;
                    world.masked.extend(masked);
                }
                Target::Call(callee, replacement) => {
                    let replacement =
                        replacement.map(|by| self.mocked(by).map_or(by, |(by, _)| by.unwrap_or(callee.to_owned())));
                    world.mocks.retain(|(old, _, _)| old != callee);
                    world.mocks.push((*callee, replacement, value));
                }
            }
        }
        self.down(at)?;
        let mut other = world;
        std::mem::swap(&mut self.world, &mut other);
        let flow = self.run(inner, &mut |machine| {
            std::mem::swap(&mut machine.world, &mut other);
            let flow = machine.run_from(rest, then);
            std::mem::swap(&mut machine.world, &mut other);
            flow
        });
        std::mem::swap(&mut self.world, &mut other);
        self.up();
        flow
    }
}

/// Puts `value` at `path`, with objects made on the way.
fn put(root: &mut Value, path: &[Value], value: Value, at: At) -> Run<()> {
    let Some((last, way)) = path.split_last() else {
        *root = value;
        return Ok(());
    };
    let mut node = root;
    for key in way {
        if !matches!(node, Value::Object(_)) {
            *node = Value::new_object();
        }
        let Ok(object) = node.as_object_mut() else {
            return Err(ExecError::new(ErrorCode::With, at, "with can not put a value here"));
        };
        if !object.contains_key(key) {
            object.insert(key.clone(), Value::new_object());
        }
        let Some(next) = object.get_mut(key) else {
            return Err(ExecError::new(ErrorCode::With, at, "with can not put a value here"));
        };
        node = next;
    }
    if !matches!(node, Value::Object(_)) {
        *node = Value::new_object();
    }
    if let Ok(object) = node.as_object_mut() {
        object.insert(last.clone(), value);
    }
    Ok(())
}
