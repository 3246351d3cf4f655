//! Rules and functions: their clauses, their conflicts, their defaults.

use super::super::super::Value;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{At, Clause, Expr, Rule, RuleId, RuleKind};
use super::super::trace::{FactKind, Tracer};
use super::bounds::{FIELD, MEMBER};
use super::{Cached, Flow, Machine, Marked, Run};

/// Keys of one member that its mark is kept under.
const DEEPEST: usize = 16;

/// The document that an object rule grows, and the marks of its members.
pub(super) struct Growing<T: Tracer> {
    pub value: Value,
    /// By their keys, and by the value itself where that is put into a set.
    pub marks: Vec<(Vec<Value>, T::Mark)>,
    /// The marks of the first keys.
    pub names: Vec<(Value, T::Mark)>,
    /// Where values were put, when clauses put them at different depths.
    pub leaves: Option<std::collections::BTreeSet<Vec<Value>>>,
}

impl<'p, T: Tracer> Machine<'p, T> {
    /// The value of a rule that is no function.
    pub fn rule(&mut self, id: RuleId) -> Run<Marked<T>> {
        match self.world.cache.get(id as usize) {
            Some(Cached::Known(value, mark)) => return Ok((value.clone(), *mark)),
            Some(Cached::Running) => {
                let at = self.program.rules.get(id as usize).map(|rule| rule.at).unwrap_or_default();
                return Err(ExecError::new(ErrorCode::Recursion, at, "the rule needs itself"));
            }
            _ => {}
        }
        let Some(rule) = self.program.rules.get(id as usize) else {
            return Ok((Value::Undefined, T::Mark::default()));
        };
        if self.world.masked.contains(&id) {
            return Ok((self.base(&rule.path), T::Mark::default()));
        }
        self.keep(id, Cached::Running);
        self.down(rule.at)?;
        let watched = self.watched == Some(id);
        let level = self.tracer.level();
        let here = self.at;
        let (value, mark) = match rule.kind {
            RuleKind::Complete => self.single(rule, &[])?,
            RuleKind::Set => self.set_rule(rule, watched)?,
            RuleKind::Object => self.object_rule(rule, watched)?,
            RuleKind::Function => (Value::Undefined, T::Mark::default()),
        };
        if T::ACTIVE && watched && rule.kind == RuleKind::Complete && value != Value::Undefined {
            self.emit_parts(&value, mark, rule.at);
        }
        self.tracer.rewind(level);
        let mark = if T::ACTIVE && rule.exempts { self.tracer.exempt(mark) } else { mark };
        self.up();
        self.at = here;
        self.keep_rule();
        self.keep(id, Cached::Known(value.clone(), mark));
        Ok((value, mark))
    }

    fn emit_parts(&mut self, value: &Value, mark: T::Mark, at: At) {
        let level = self.tracer.level();
        if !matches!(value, Value::Set(_) | Value::Array(_)) {
            self.tracer.pass(FactKind::Tested, mark);
            self.tracer.emit(value, T::Mark::default(), level, at);
            return;
        }
        let whole = (value.clone(), mark);
        // Giving an item away can not fail: nothing is evaluated.
        let _ = self.items(&whole, &mut |machine, _, item| {
            let level = machine.tracer.level();
            machine.tracer.pass(FactKind::Tested, item.1);
            machine.tracer.emit(&item.0, T::Mark::default(), level, at);
            machine.tracer.rewind(level);
            Ok(Flow::Go)
        });
    }

    /// Forgets what is known of a rule's value.
    pub fn forget(&mut self, id: RuleId) {
        self.keep(id, Cached::Unknown);
    }

    fn keep(&mut self, id: RuleId, known: Cached<T::Mark>) {
        if let Some(place) = self.world.cache.get_mut(id as usize) {
            *place = known;
        }
    }

    /// Runs one clause; `emit` gets each solution. Whether there was one.
    pub(super) fn clause(
        &mut self,
        clause: &'p Clause,
        args: &[Marked<T>],
        emit: &mut dyn FnMut(&mut Self, &'p Clause, Marked<T>) -> Run<Flow>,
    ) -> Run<bool> {
        let before = self.enter(clause.slots);
        self.tracer.open();
        let mut found = false;
        let mut matched = true;
        for (pattern, arg) in clause.args.iter().zip(args) {
            if !self.matches(pattern, arg)? {
                self.tracer.fail(FactKind::Tested, arg.1);
                matched = false;
                break;
            }
            if T::ACTIVE && !matches!(pattern, super::super::ir::Pattern::Any | super::super::ir::Pattern::Bind(_)) {
                self.tracer.pass(FactKind::Tested, arg.1);
            }
        }
        if matched {
            self.at = clause.at;
            self.run(&clause.block, &mut |machine| {
                let value = machine.eval(&clause.value)?;
                if value.0 == Value::Undefined {
                    machine.tracer.fail(FactKind::Tested, value.1);
                    return Ok(Flow::Go);
                }
                found = true;
                emit(machine, clause, value)
            })?;
        }
        self.leave(before);
        self.tracer.close(found);
        Ok(found)
    }

    /// The one value of a complete rule or of a function.
    pub(super) fn single(&mut self, rule: &'p Rule, args: &[Marked<T>]) -> Run<Marked<T>> {
        let start = self.tracer.level();
        let mut result: Option<Marked<T>> = None;
        for first in &rule.clauses {
            let mut next = Some(first);
            let mut clause_start = start;
            while let Some(clause) = next {
                let mut mine: Option<Marked<T>> = None;
                let mut asked = false;
                let is_else = !std::ptr::eq(clause, first);
                let constant = matches!(clause.value, Expr::Const(_));
                let level = self.tracer.level();
                let found = self.clause(clause, args, &mut |machine, clause, (value, mark)| {
                    if let Some((old, _)) = &mine {
                        return if machine.same(old, &value, clause.at)? {
                            Ok(Flow::Go)
                        } else {
                            conflict(rule, clause.at)
                        };
                    }
                    let passed = machine.tracer.passed(level);
                    asked = machine.tracer.level().passed > level.passed;
                    let mark = machine.tracer.chosen(mark, passed, matches!(value, Value::Bool(_)));
                    mine = Some((value, mark));
                    Ok(if constant { Flow::Stop } else { Flow::Go })
                })?;
                self.tracer.rewind(level);
                if found && let Some((value, mut mark)) = mine {
                    if is_else {
                        mark = self.otherwise((&value, mark), asked, clause_start);
                    }
                    match &result {
                        Some((old, _)) if !self.same(old, &value, clause.at)? => return conflict(rule, clause.at),
                        Some(_) => {}
                        None => result = Some((value, mark)),
                    }
                    break;
                }
                if !is_else {
                    clause_start = level;
                }
                next = clause.otherwise.as_deref();
            }
        }
        if let Some((value, mark)) = result {
            if holds_true(&value) {
                self.tracer.forgive(start);
                return Ok((value, mark));
            }
            let failed = self.tracer.failed_last(start);
            let mark = self.tracer.with(mark, failed);
            return Ok((value, mark));
        }
        let failed = self.tracer.failed_last(start);
        let mut value = Value::Undefined;
        if let Some(default) = &rule.default {
            self.clause(default, args, &mut |_, _, found| {
                value = found.0;
                Ok(Flow::Stop)
            })?;
        }
        Ok((value, failed))
    }

    /// The mark of a value that an `else` gave: what failed before it led there, and is all that it says
    /// where it asked nothing itself.
    fn otherwise(
        &mut self,
        (value, mark): (&Value, T::Mark),
        asked: bool,
        since: super::super::trace::Level,
    ) -> T::Mark {
        let failed = self.tracer.failed(since);
        if asked {
            self.tracer.passed_over(mark, failed)
        } else {
            self.tracer.chosen(mark, failed, matches!(value, Value::Bool(_)))
        }
    }

    fn set_rule(&mut self, rule: &'p Rule, watched: bool) -> Run<Marked<T>> {
        let mut set = std::collections::BTreeSet::new();
        let mut marks = Vec::new();
        let start = self.tracer.level();
        let mut emitting = Vec::new();
        for (number, clause) in rule.clauses.iter().enumerate() {
            if watched && self.only.as_ref().is_some_and(|only| !only.contains(&number)) {
                continue;
            }
            let level = self.tracer.level();
            let found = self.clause(clause, &[], &mut |machine, clause, (value, mark)| {
                machine.weigh(&value, clause.at)?;
                machine.keep_bytes(MEMBER, clause.at)?;
                if T::ACTIVE {
                    if watched {
                        machine.tracer.emit(&value, mark, level, clause.at);
                    }
                    let passed = machine.tracer.passed(level);
                    let mark = machine.tracer.item(mark, passed);
                    marks.push((value.clone(), mark));
                }
                set.insert(value);
                Ok(Flow::Go)
            })?;
            if watched && found {
                emitting.push(number);
            }
        }
        if watched {
            self.emitting = Some(emitting);
        }
        let whole = self.whole(start, set.is_empty());
        let mark = self.tracer.keyed(whole, marks);
        Ok((Value::from(set), mark))
    }

    /// What a collection depends on besides its members.
    fn whole(&mut self, start: super::super::trace::Level, empty: bool) -> T::Mark {
        let domains = self.tracer.domains(start);
        let failed = self.tracer.failed(start);
        let whole = if empty { self.tracer.or(domains, failed) } else { domains };
        self.tracer.sifted(whole, failed)
    }

    fn object_rule(&mut self, rule: &'p Rule, watched: bool) -> Run<Marked<T>> {
        let depth = rule.clauses.first().map_or(0, |clause| clause.keys.len());
        let mixed = rule.clauses.iter().any(|clause| clause.keys.len() != depth);
        let leaves = mixed.then(std::collections::BTreeSet::new);
        let mut growing: Growing<T> =
            Growing { value: Value::new_object(), marks: Vec::new(), names: Vec::new(), leaves };
        let start = self.tracer.level();
        for first in &rule.clauses {
            let mut next = Some(first);
            while let Some(clause) = next {
                let level = self.tracer.level();
                let found = self.clause(clause, &[], &mut |machine, clause, found| {
                    machine.grow(rule, clause, found, level, watched, &mut growing)
                })?;
                next = if found { None } else { clause.otherwise.as_deref() };
            }
        }
        let empty = growing.marks.is_empty();
        let whole = self.whole(start, empty);
        let mark = self.nested(whole, growing.marks);
        self.tracer.named(mark, growing.names);
        Ok((growing.value, mark))
    }

    /// The mark of an object whose members lie under several keys each.
    fn nested(&mut self, whole: T::Mark, marks: Vec<(Vec<Value>, T::Mark)>) -> T::Mark {
        let mut below: std::collections::BTreeMap<Value, Vec<(Vec<Value>, T::Mark)>> =
            std::collections::BTreeMap::new();
        for (keys, mark) in marks {
            let mut keys = keys.into_iter();
            if let Some(key) = keys.next() {
                below.entry(key).or_default().push((keys.collect(), mark));
            }
        }
        let mut members = Vec::with_capacity(below.len());
        for (key, inner) in below {
            let leaf = inner.iter().find(|(keys, _)| keys.is_empty()).map(|(_, mark)| *mark);
            let mark = leaf.unwrap_or_else(|| self.nested(T::Mark::default(), inner));
            members.push((key, mark));
        }
        self.tracer.keyed(whole, members)
    }

    pub(super) fn grow(
        &mut self,
        rule: &'p Rule,
        clause: &'p Clause,
        (value, mark): Marked<T>,
        level: super::super::trace::Level,
        watched: bool,
        growing: &mut Growing<T>,
    ) -> Run<Flow> {
        self.tick(clause.at)?;
        self.keep_bytes(FIELD, clause.at)?;
        let mut keys = Vec::with_capacity(clause.keys.len());
        for key in &clause.keys {
            let (key, name) = self.eval(key)?;
            if key == Value::Undefined {
                return Ok(Flow::Go);
            }
            self.weigh(&key, clause.at)?;
            if T::ACTIVE && keys.is_empty() {
                growing.names.push((key.clone(), name));
            }
            keys.push(key);
        }
        if T::ACTIVE {
            if watched {
                self.tracer.emit(&value, mark, level, clause.at);
            }
            let passed = self.tracer.passed(level);
            let mark = self.tracer.item(mark, passed);
            let member = clause.contains.then(|| value.clone());
            let keys = keys.iter().cloned().chain(member).take(DEEPEST).collect();
            growing.marks.push((keys, mark));
        }
        let free = growing.leaves.as_mut().is_none_or(|leaves| leaf(leaves, &keys));
        if free && insert(&mut growing.value, &keys, value, clause.contains) {
            Ok(Flow::Go)
        } else {
            let name = rule.path.join(".");
            let message = format!("object keys must be unique: data.{name}");
            Err(ExecError::new(ErrorCode::Conflict, clause.at, message))
        }
    }

    /// Calls a function of the policy.
    pub(super) fn function(&mut self, id: RuleId, args: &[Marked<T>], at: At) -> Run<Marked<T>> {
        let Some(rule) = self.program.rules.get(id as usize) else {
            return Ok((Value::Undefined, T::Mark::default()));
        };
        self.down(at)?;
        let level = self.tracer.level();
        let stand = self.stand();
        let here = self.at;
        let (value, mut mark) = self.single(rule, args)?;
        self.at = here;
        self.settle_for(stand, &value);
        self.tracer.rewind(level);
        if rule.exempts {
            mark = self.tracer.exempt(mark);
        }
        self.up();
        Ok((value, mark))
    }
}

fn holds_true(value: &Value) -> bool {
    super::holds(value)
}

pub(super) fn conflict<X>(rule: &Rule, at: At) -> Run<X> {
    let name = rule.path.join(".");
    let message = if rule.kind == RuleKind::Function {
        format!("functions must not produce multiple outputs for same inputs: data.{name}")
    } else {
        format!("complete rules must not produce multiple outputs: data.{name}")
    };
    Err(ExecError::new(ErrorCode::Conflict, at, message))
}

/// Notes a value at `keys`; false when it would lie in another's value or another in it.
fn leaf(leaves: &mut std::collections::BTreeSet<Vec<Value>>, keys: &[Value]) -> bool {
    let above = (0..keys.len()).any(|length| keys.get(..length).is_some_and(|way| leaves.contains(way)));
    let mut behind = leaves.range::<[Value], _>((std::ops::Bound::Excluded(keys), std::ops::Bound::Unbounded));
    let below = behind.next().is_some_and(|next| next.starts_with(keys));
    leaves.insert(keys.to_vec());
    !above && !below
}

/// Puts a value at `keys`; false when another value is there.
fn insert(root: &mut Value, keys: &[Value], value: Value, contains: bool) -> bool {
    let Some((key, rest)) = keys.split_first() else {
        if contains {
            if let Value::Undefined = root {
                *root = Value::new_set();
            }
            return root.as_set_mut().map(|set| set.insert(value)).is_ok();
        }
        return match root {
            Value::Undefined => {
                *root = value;
                true
            }
            old => *old == value,
        };
    };
    if let Value::Undefined = root {
        *root = Value::new_object();
    }
    let Ok(object) = root.as_object_mut() else { return false };
    if !object.contains_key(key) {
        object.insert(key.clone(), Value::Undefined);
    }
    object.get_mut(key).is_some_and(|below| insert(below, rest, value, contains))
}
