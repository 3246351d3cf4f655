//! The tree under `data`, where packages, rules and base data lie mixed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::Value;
use super::super::ir::{At, Expr, Pattern, Stmt};
use super::super::trace::{FactKind, Tracer};
use super::expr::part;
use super::{Flow, Machine, Marked, Run, Then};

/// Where a walk down the tree has come to.
enum Place<M> {
    /// A package, and the base data at the same path.
    Inner(usize, Option<Value>),
    Value(Value, M),
}

impl<'p, T: Tracer> Machine<'p, T> {
    /// The base data at `path`.
    pub(super) fn base(&self, path: &[Arc<str>]) -> Value {
        let mut value = &self.world.data;
        for name in path {
            match part(value, &Value::String(name.clone())) {
                Some(below) => value = below,
                None => return Value::Undefined,
            }
        }
        value.clone()
    }

    /// The value at a path of keys.
    pub(super) fn tree(&mut self, keys: &'p [Expr]) -> Run<Marked<T>> {
        match self.descend(keys)? {
            Place::Value(value, mark) => Ok((value, mark)),
            Place::Inner(node, base) => self.whole_tree(node, base),
        }
    }

    fn descend(&mut self, keys: &'p [Expr]) -> Run<Place<T::Mark>> {
        let mut place = Place::Inner(0, Some(self.world.data.clone()));
        for key in keys {
            let (key, by) = self.eval(key)?;
            place = match place {
                Place::Inner(node, base) => {
                    let child = match &key {
                        Value::String(name) => self.program.globals.child(node, name),
                        _ => None,
                    };
                    let below = base.as_ref().and_then(|base| part(base, &key)).cloned();
                    match child {
                        Some(child) => match self.program.globals.rule(child) {
                            Some(rule) => {
                                let (value, mark) = self.rule(rule)?;
                                Place::Value(value, mark)
                            }
                            None => Place::Inner(child, below),
                        },
                        None => Place::Value(below.unwrap_or(Value::Undefined), T::Mark::default()),
                    }
                }
                Place::Value(value, mark) => {
                    let below = part(&value, &key).cloned();
                    let mark = self.tracer.lookup(mark, (&key, by), below.is_some());
                    Place::Value(below.unwrap_or(Value::Undefined), mark)
                }
            };
        }
        Ok(place)
    }

    fn whole_tree(&mut self, node: usize, base: Option<Value>) -> Run<Marked<T>> {
        let mut object = match base {
            Some(Value::Object(object)) => object.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            Some(other) if self.program.globals.tree.get(node).is_none_or(|node| node.children.is_empty()) => {
                return Ok((other, T::Mark::default()));
            }
            _ => BTreeMap::new(),
        };
        let program = self.program;
        let Some(inner) = program.globals.tree.get(node) else {
            return Ok((Value::from(object), T::Mark::default()));
        };
        let mut marks = Vec::new();
        self.down(At::default())?;
        for (name, child) in &inner.children {
            let key = Value::String(name.clone());
            let (value, mark) = match program.globals.rule(*child) {
                Some(rule) => {
                    let (value, mark) = self.rule(rule)?;
                    (merged(object.get(&key), value), mark)
                }
                None => self.whole_tree(*child, object.get(&key).cloned())?,
            };
            if value != Value::Undefined {
                if T::ACTIVE {
                    marks.push((key.clone(), mark));
                }
                object.insert(key, value);
            }
        }
        self.up();
        Ok((Value::from(object), self.tracer.keyed(T::Mark::default(), marks)))
    }

    /// Goes through the keys at a path.
    pub(super) fn each_key(
        &mut self,
        keys: &'p [Expr],
        pattern: &'p Pattern,
        rest: &'p [Stmt],
        at: At,
        then: Then<'_, 'p, T>,
    ) -> Run<Flow> {
        let mut names: Vec<Marked<T>> = Vec::new();
        match self.descend(keys)? {
            Place::Inner(node, base) => {
                if let Some(node) = self.program.globals.tree.get(node) {
                    names.extend(node.children.keys().map(|name| (Value::String(name.clone()), T::Mark::default())));
                }
                if let Some(Value::Object(object)) = base {
                    names.extend(object.keys().map(|key| (key.clone(), T::Mark::default())));
                }
                names.sort_by(|one, other| one.0.cmp(&other.0));
                names.dedup_by(|one, other| one.0 == other.0);
            }
            Place::Value(value, mark) => {
                let whole = (value, mark);
                self.items(&whole, &mut |_, key, _| {
                    names.push(key);
                    Ok(Flow::Go)
                })?;
            }
        }
        self.down(at)?;
        for name in names {
            self.tick(at)?;
            if !self.matches(pattern, &name)? {
                continue;
            }
            let level = self.tracer.level();
            self.tracer.pass(FactKind::Iterated, name.1);
            let flow = self.run(rest, then)?;
            self.tracer.rewind(level);
            if flow == Flow::Stop {
                self.up();
                return Ok(Flow::Stop);
            }
        }
        self.up();
        Ok(Flow::Go)
    }
}

/// A rule's value where base data lies at the same path: as in OPA's whole documents, the data wins.
fn merged(base: Option<&Value>, value: Value) -> Value {
    let Some(base) = base else { return value };
    let (Value::Object(below), Value::Object(above)) = (base, &value) else { return base.clone() };
    let mut object: BTreeMap<Value, Value> = above.iter().map(|(key, item)| (key.clone(), item.clone())).collect();
    for (key, item) in below.iter() {
        let item = above.get(key).map_or_else(|| item.clone(), |other| merged(Some(item), other.clone()));
        object.insert(key.clone(), item);
    }
    Value::from(object)
}
