//! How deeply values may come to be nested: decided from the rules, before anything is evaluated.
//!
//! regorus frees, compares and writes values by recursion, so a value that is nested deeply
//! enough ends the process. Inputs are bounded where they are parsed; what rules add to them
//! is bounded here. `f1(x) := f0(f0(x))` and so on nests a million times in twenty lines, and
//! a count at run time would have to look through every value that is made. As no rule needs
//! itself, the bound is a sum along the rules: no policy in use comes near it.

use std::collections::HashMap;

use super::super::super::Value;
use super::super::builtins;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{
    BuiltinId, Callee, Clause, Compr, Expr, Op, Pattern, Rule, RuleId, RuleKind, Slot, Stmt, Target,
};
use super::Globals;

/// The most levels that rules may add.
const MOST: u32 = 1_000;
/// Levels that a builtin may add to its operands.
const BUILTIN: u32 = 4;
/// Levels of what `json.unmarshal` and its like make of a text.
const UNMARSHALLED: u32 = 200;
/// Levels of what `json.patch` may make; it looks for itself.
pub(in super::super) const PATCHED: u32 = 400;

/// A bound on the levels of a value: a number, and what may come on top of an argument or of
/// the input and the data.
#[derive(Debug, Clone, Copy, Default)]
struct Deep {
    own: u32,
    argument: Option<u32>,
    world: Option<u32>,
}

impl Deep {
    const ARGUMENT: Self = Self { own: 0, argument: Some(0), world: None };
    const WORLD: Self = Self { own: 0, argument: None, world: Some(0) };

    fn of(levels: u32) -> Self {
        Self { own: levels, argument: None, world: None }
    }

    fn or(self, other: Self) -> Self {
        let (own, argument) = (self.own.max(other.own), self.argument.max(other.argument));
        Self { own, argument, world: self.world.max(other.world) }
    }

    fn plus(self, levels: u32) -> Self {
        let add = |bound: u32| bound.saturating_add(levels);
        Self { own: add(self.own), argument: self.argument.map(add), world: self.world.map(add) }
    }

    /// This bound where its argument and its world are themselves bounded.
    fn given(self, argument: Self, world: Self) -> Self {
        let mut all = Self::of(self.own);
        if let Some(levels) = self.argument {
            all = all.or(argument.plus(levels));
        }
        if let Some(levels) = self.world {
            all = all.or(world.plus(levels));
        }
        all
    }

    fn most(self) -> u32 {
        self.own.max(self.argument.unwrap_or(0)).max(self.world.unwrap_or(0))
    }
}

/// Reports the rules with which values can be nested too deeply; `order` has what a rule needs before it.
pub(super) fn check(rules: &[Rule], globals: &Globals, order: &[usize], errors: &mut Vec<ExecError>) {
    let mut known =
        Known { rules, globals, bounds: vec![Deep::default(); rules.len()], below: HashMap::new(), mocks: Vec::new() };
    let found = known.pass(order);
    // What stands in for a function with `with` is known only now.
    let found = if known.mocks.is_empty() { found } else { known.pass(order) };
    if let Some(rule) = found.and_then(|at| rules.get(at)) {
        let name = rule.path.join(".");
        let message = format!("rule data.{name} can nest values more than {MOST} levels deep");
        errors.push(*ExecError::new(ErrorCode::Compile, rule.at, message));
    }
}

/// The bounds of the rules as far as they are known.
struct Known<'a> {
    rules: &'a [Rule],
    globals: &'a Globals,
    bounds: Vec<Deep>,
    /// The bound of all rules below a node of the tree.
    below: HashMap<usize, Deep>,
    /// Functions that stand in for others.
    mocks: Vec<(Callee, Callee)>,
}

impl Known<'_> {
    /// Bounds every rule; the first that is over the limit.
    fn pass(&mut self, order: &[usize]) -> Option<usize> {
        let mut found = None;
        let mocked: Vec<(Callee, Deep)> =
            self.mocks.iter().filter_map(|(of, by)| Some((*of, self.callee_alone(*by)?))).collect();
        self.below.clear();
        for at in order {
            let Some(rule) = self.rules.get(*at) else { continue };
            let mut deep = Deep::default();
            for clause in rule.clauses.iter().chain(&rule.default) {
                let mut next = Some(clause);
                while let Some(clause) = next {
                    let mut body = Body {
                        known: self,
                        mocked: &mocked,
                        slots: vec![Deep::default(); clause.slots],
                        found: Vec::new(),
                    };
                    deep = deep.or(body.clause(rule.kind, clause));
                    let stand_ins = body.found;
                    self.mocks.extend(stand_ins);
                    next = clause.otherwise.as_deref();
                }
            }
            if deep.most() > MOST && found.is_none() {
                found = Some(*at);
            }
            if let Some(place) = self.bounds.get_mut(*at) {
                *place = deep;
            }
        }
        found
    }

    fn callee_alone(&self, callee: Callee) -> Option<Deep> {
        match callee {
            Callee::Rule(id) => self.bounds.get(id as usize).copied(),
            Callee::Builtin(id) => Some(builtin(id, Deep::ARGUMENT)),
        }
    }

    fn rule(&self, id: RuleId) -> Deep {
        self.bounds.get(id as usize).copied().unwrap_or_default()
    }

    fn tree(&mut self, keys: &[Expr]) -> Deep {
        let mut node = 0;
        for key in keys {
            let child = match key {
                Expr::Const(Value::String(name)) => self.globals.child(node, name),
                _ => None,
            };
            let Some(child) = child else { break };
            node = child;
        }
        if let Some(known) = self.below.get(&node) {
            return *known;
        }
        let rules = self.globals.below(node);
        let deep = rules.into_iter().map(|id| self.rule(id)).fold(Deep::WORLD, Deep::or).plus(64);
        self.below.insert(node, deep);
        deep
    }
}

fn builtin(id: BuiltinId, args: Deep) -> Deep {
    match builtins::name(id) {
        "json.unmarshal"
        | "yaml.unmarshal"
        | "parse_config"
        | "parse_config_file"
        | "parse_combined_config_files"
        | "io.jwt.decode"
        | "io.jwt.decode_verify" => Deep::of(UNMARSHALLED),
        "json.patch" => Deep::of(PATCHED),
        _ => args.plus(BUILTIN),
    }
}

/// One clause.
struct Body<'k, 'a> {
    known: &'k mut Known<'a>,
    mocked: &'k [(Callee, Deep)],
    slots: Vec<Deep>,
    found: Vec<(Callee, Callee)>,
}

impl Body<'_, '_> {
    fn clause(&mut self, kind: RuleKind, clause: &Clause) -> Deep {
        clause.args.iter().for_each(|pattern| self.bind(pattern, Deep::ARGUMENT));
        self.block(&clause.block, Deep::WORLD);
        let value = self.expr(&clause.value, Deep::WORLD);
        let keys = clause.keys.iter().map(|key| self.expr(key, Deep::WORLD)).fold(Deep::default(), Deep::or);
        let levels = u32::try_from(clause.keys.len()).unwrap_or(u32::MAX);
        let collects = u32::from(clause.contains || kind == RuleKind::Set);
        value.plus(levels.saturating_add(collects)).or(keys.plus(levels))
    }

    fn set(&mut self, slot: Slot, deep: Deep) {
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = place.or(deep);
        }
    }

    fn bind(&mut self, pattern: &Pattern, deep: Deep) {
        match pattern {
            Pattern::Bind(slot) => self.set(*slot, deep),
            Pattern::Array(items) => items.iter().for_each(|item| self.bind(item, deep)),
            Pattern::Object(pairs) => pairs.iter().for_each(|(_, item)| self.bind(item, deep)),
            Pattern::Any | Pattern::Equal(_) => {}
        }
    }

    fn block(&mut self, block: &[Stmt], world: Deep) {
        block.iter().for_each(|stmt| self.statement(&stmt.op, world));
    }

    fn statement(&mut self, op: &Op, world: Deep) {
        match op {
            Op::Test(expr) => {
                self.expr(expr, world);
            }
            Op::Assign(slot, expr) => {
                let deep = self.expr(expr, world);
                self.set(*slot, deep);
            }
            Op::Match(pattern, expr) => {
                let deep = self.expr(expr, world);
                self.bind(pattern, deep);
            }
            Op::Each(expr, key, value) => {
                let deep = self.expr(expr, world);
                self.bind(key, deep);
                self.bind(value, deep);
            }
            Op::EachKey(_, pattern) => self.bind(pattern, world),
            Op::Walk(expr, pattern) => {
                let deep = self.expr(expr, world).plus(2);
                self.bind(pattern, deep);
            }
            Op::Not(block) => self.block(block, world),
            Op::Every(expr, key, value, block) => {
                let deep = self.expr(expr, world);
                key.iter().chain([value]).for_each(|slot| self.set(*slot, deep));
                self.block(block, world);
            }
            Op::With(changes, block) => {
                let mut inner = world;
                for (target, by) in changes {
                    let deep = self.expr(by, world);
                    let levels = match target {
                        Target::Input(path) | Target::Data(path, _) => path.len(),
                        Target::Call(of, Some(by)) => {
                            self.found.push((*of, *by));
                            0
                        }
                        Target::Call(_, None) => 0,
                    };
                    inner = inner.or(deep.plus(u32::try_from(levels).unwrap_or(u32::MAX)));
                }
                self.block(block, inner);
            }
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, world: Deep) -> Deep {
        exprs.into_iter().map(|expr| self.expr(expr, world)).fold(Deep::default(), Deep::or)
    }

    fn expr(&mut self, expr: &Expr, world: Deep) -> Deep {
        match expr {
            Expr::Const(value) => Deep::of(levels(value)),
            Expr::Slot(slot) => self.slots.get(*slot as usize).copied().unwrap_or_default(),
            Expr::Input | Expr::Data => world,
            Expr::Rule(id) => self.known.rule(*id).given(Deep::default(), world).or(world),
            Expr::Ref(base, keys) => {
                self.all(keys, world);
                self.expr(base, world)
            }
            Expr::Tree(keys) => self.known.tree(keys).given(Deep::default(), world),
            Expr::Array(items) | Expr::Set(items) => self.all(items, world).plus(1),
            Expr::Object(fields) => self.all(fields.iter().flat_map(|(key, value)| [key, value]), world).plus(1),
            Expr::ArrayCompr(compr) | Expr::SetCompr(compr) | Expr::ObjectCompr(compr) => self.compr(compr, world),
            Expr::Call(callee, args, _) => {
                let args = self.all(args, world);
                self.call(*callee, args, world)
            }
            Expr::Arith(_, sides, _) => self.all([&sides.0, &sides.1], world),
            Expr::Cmp(_, sides) => {
                self.all([&sides.0, &sides.1], world);
                Deep::default()
            }
            Expr::In(key, sides) => {
                self.all(key.as_deref().into_iter().chain([&sides.0, &sides.1]), world);
                Deep::default()
            }
        }
    }

    fn compr(&mut self, compr: &Compr, world: Deep) -> Deep {
        self.block(&compr.block, world);
        self.all(compr.key.iter().chain([&compr.value]), world).plus(1)
    }

    fn call(&self, callee: Callee, args: Deep, world: Deep) -> Deep {
        let own = match callee {
            Callee::Rule(id) => self.known.rule(id).given(args, world),
            Callee::Builtin(id) => builtin(id, args),
        };
        let stand_ins = self.mocked.iter().filter(|(of, _)| *of == callee).map(|(_, by)| by.given(args, world));
        // A value that `with` puts in the place of a function is in the world's bound.
        stand_ins.fold(own.or(world), Deep::or)
    }
}

/// The levels of a constant, which are as many as its text has brackets.
fn levels(value: &Value) -> u32 {
    let inner = match value {
        Value::Array(items) => items.iter().map(levels).max(),
        Value::Set(items) => items.iter().map(levels).max(),
        Value::Object(fields) => fields.iter().map(|(key, value)| levels(key).max(levels(value))).max(),
        _ => return 0,
    };
    inner.unwrap_or(0) + 1
}
