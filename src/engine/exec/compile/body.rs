//! Bodies: statements in an order in which each variable is bound before it is used.

use std::collections::BTreeSet;

use regorus::unstable::{BoolOp, Expr as Ast, Query, Ref, Span as AstSpan, WithModifier};

use super::super::super::Value;
use super::super::error::ErrorCode;
use super::super::ir::{At, Block, Callee, Cmp, Expr, Op, Pattern, Slot, Stmt, Target};
use super::atoms::{Atom, AtomKind};
use super::refs::{Seg, flatten};
use super::{Asked, Cx, Need, Step, key_of, scalar, scope, static_path};

/// What a reference asks of the variables around it.
struct Use<'a> {
    node: &'a Ast,
    inputs: Vec<Slot>,
    outputs: Vec<Slot>,
    wild: bool,
}

/// What a term asks of the variables around it.
#[derive(Default)]
struct Needs<'a> {
    slots: Vec<Slot>,
    refs: Vec<Use<'a>>,
}

impl Cx<'_> {
    /// Opens the scope of `query`; `heads` are seen in the same scope.
    pub(super) fn enter(&mut self, query: &Query, heads: &[&Ast]) {
        let mut names = scope::mentioned(query);
        heads.iter().for_each(|head| scope::words(head, &mut names));
        let begin = query.span.start;
        let mut declared = scope::declared(query);
        // As in OPA, a `some x` that only nested bodies speak of is a variable of each of them.
        for name in scope::announced(query) {
            if !names.contains(&name) && self.frame.find(&name).is_none() && self.unit.global(&name).is_none() {
                declared.remove(&name);
            }
        }
        names.retain(|name| self.frame.find_at(name, begin).is_none() && self.unit.global(name).is_none());
        names.extend(declared);
        names.remove("_");
        self.frame.open(&names);
        for (name, places) in scope::assigned(query) {
            self.frame.hide(&name, places);
        }
    }

    /// Compiles the statements of `query` in the scope that is open.
    pub(super) fn block(&mut self, query: &Query) -> Step<Block> {
        let mut out = Block::new();
        let mut waiting = self.atoms(query)?;
        while !waiting.is_empty() {
            let Some(next) = waiting.iter().position(|atom| self.ready(atom)) else {
                return self.stuck(&waiting);
            };
            let atom = waiting.remove(next);
            self.emit(&atom, &mut out)?;
        }
        Ok(out)
    }

    /// A query by itself.
    pub(super) fn asked(mut self, query: &Query) -> Step<Asked> {
        self.enter(query, &[]);
        let block = self.block(query)?;
        let mut names = Vec::new();
        for name in scope::mentioned(query).into_iter().chain(scope::declared(query)) {
            if let Some(slot) = self.frame.find(&name).filter(|slot| self.frame.is_bound(*slot)) {
                names.push((name, slot));
            }
        }
        let clause = super::Clause {
            slots: self.frame.len(),
            args: Vec::new(),
            block,
            keys: Vec::new(),
            value: Expr::Const(Value::from(true)),
            contains: false,
            otherwise: None,
            at: self.at(&query.span),
        };
        Ok(Asked { clause, names })
    }

    fn stuck<T>(&self, waiting: &[Atom<'_>]) -> Step<T> {
        for atom in waiting {
            let mut needs = Needs::default();
            for part in self.asks(atom).iter().flatten() {
                self.needs_of(part, &mut needs);
            }
            let mut names = BTreeSet::new();
            for part in self.asks(atom).iter().flatten() {
                scope::words(part, &mut names);
            }
            let open =
                |name: &&String| *name == "_" || self.frame.find(name).is_none_or(|slot| !self.frame.is_bound(slot));
            if let Some(name) = names.iter().filter(|name| self.unit.global(name).is_none()).find(open) {
                return self.fail(ErrorCode::Unsafe, atom.span, format!("var {name} is unsafe"));
            }
        }
        let span = waiting.first().map(|atom| atom.span);
        span.map_or_else(
            || Err(super::ExecError::new(ErrorCode::Internal, At::default(), "nothing to order")),
            |span| self.fail(ErrorCode::Unsafe, span, "the expression is unsafe"),
        )
    }

    /// The terms that must be ground before `atom` can run, in each of the ways it can.
    fn asks<'a>(&self, atom: &Atom<'a>) -> Vec<Vec<&'a Ast>> {
        let mut ways = match atom.kind {
            AtomKind::Test(expr) | AtomKind::Not(expr) => vec![vec![expr.as_ref()]],
            AtomKind::Unify(lhs, rhs) => vec![with_pattern(rhs, lhs), with_pattern(lhs, rhs)],
            AtomKind::Output(expr) => match expr.as_ref() {
                Ast::Call { params, .. } => match params.split_last() {
                    Some((last, rest)) => {
                        let mut way: Vec<&Ast> = rest.iter().map(AsRef::as_ref).collect();
                        pattern_terms(last, &mut way);
                        vec![way]
                    }
                    None => vec![Vec::new()],
                },
                _ => vec![Vec::new()],
            },
            AtomKind::SomeIn(key, value, collection) => {
                let mut way: Vec<&Ast> = vec![collection];
                key.into_iter().chain([value]).for_each(|part| pattern_terms(part, &mut way));
                vec![way]
            }
            AtomKind::Every(_, _, domain, _) => vec![vec![domain.as_ref()]],
            AtomKind::Never => vec![Vec::new()],
        };
        for way in &mut ways {
            way.extend(atom.with.iter().filter(|with| !self.replaces(with)).map(|with| with.r#as.as_ref()));
        }
        ways
    }

    fn ready(&self, atom: &Atom<'_>) -> bool {
        if let AtomKind::Every(key, value, _, query) = atom.kind {
            let mut names = BTreeSet::new();
            scope::free(query, &mut names);
            names.remove(value.text());
            if let Some(key) = key {
                names.remove(key.text());
            }
            if !self.closed(&names) {
                return false;
            }
        }
        if let AtomKind::Not(expr) = atom.kind {
            let mut names = BTreeSet::new();
            scope::words(expr, &mut names);
            if names.contains("_") || !self.closed(&names) {
                return false;
            }
        }
        self.asks(atom).iter().any(|way| self.grounded(way))
    }

    fn closed(&self, names: &BTreeSet<String>) -> bool {
        names.iter().filter_map(|name| self.frame.find(name)).all(|slot| self.frame.is_bound(slot))
    }

    /// Whether all of `terms` are ground once their references have been followed.
    fn grounded(&self, terms: &[&Ast]) -> bool {
        let mut needs = Needs::default();
        terms.iter().for_each(|term| self.needs_of(term, &mut needs));
        let mut bound = BTreeSet::new();
        let known = |slot: &Slot, extra: &BTreeSet<Slot>| self.frame.is_bound(*slot) || extra.contains(slot);
        let mut left: Vec<&Use<'_>> = needs.refs.iter().collect();
        loop {
            let before = left.len();
            left.retain(|used| {
                let go = used.inputs.iter().all(|slot| known(slot, &bound));
                if go {
                    bound.extend(used.outputs.iter().copied());
                }
                !go
            });
            if left.is_empty() || left.len() == before {
                break;
            }
        }
        left.is_empty() && needs.slots.iter().all(|slot| known(slot, &bound))
    }

    /// Notes what `expr` asks of the variables around it.
    fn needs_of<'a>(&self, expr: &'a Ast, needs: &mut Needs<'a>) {
        if self.lifted(expr).is_some() {
            return;
        }
        match expr {
            Ast::Var { span, .. } => match self.frame.find(span.text()) {
                Some(slot) => needs.slots.push(slot),
                None if span.text() == "_" => needs.slots.push(Slot::MAX),
                None => {}
            },
            Ast::RefDot { .. } | Ast::RefBrack { .. } => self.needs_of_ref(expr, needs),
            _ => {
                if let Some((query, heads)) = scope::closure(expr) {
                    let own = scope::declared(query);
                    let mut names = BTreeSet::new();
                    scope::free(query, &mut names);
                    heads.iter().for_each(|head| scope::words(head, &mut names));
                    let begin = query.span.start;
                    let outer = names.difference(&own).filter_map(|name| self.frame.find_at(name, begin));
                    needs.slots.extend(outer);
                }
                scope::parts(expr, |part| self.needs_of(part, needs));
            }
        }
    }

    fn needs_of_ref<'a>(&self, expr: &'a Ast, needs: &mut Needs<'a>) {
        let (base, segs) = flatten(expr);
        let mut used = Use { node: expr, inputs: Vec::new(), outputs: Vec::new(), wild: false };
        let mut inner = Needs::default();
        self.needs_of(base, &mut inner);
        for seg in segs {
            let Seg::Index(index) = seg else { continue };
            if self.lifted(index).is_none() && self.opens(index) {
                self.outputs(index, &mut used, &mut inner);
            } else {
                self.needs_of(index, &mut inner);
            }
        }
        used.inputs.append(&mut inner.slots);
        needs.refs.append(&mut inner.refs);
        needs.refs.push(used);
    }

    fn outputs<'a>(&self, index: &'a Ast, used: &mut Use<'a>, inner: &mut Needs<'a>) {
        match index {
            Ast::Var { span, .. } if span.text() == "_" => used.wild = true,
            Ast::Var { span, .. } => used.outputs.extend(self.frame.find(span.text())),
            Ast::Array { items, .. } => items.iter().for_each(|item| self.outputs(item, used, inner)),
            Ast::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| self.outputs(value, used, inner)),
            _ => self.needs_of(index, inner),
        }
    }

    /// Puts everything in `expr` that iterates into statements before it.
    pub(super) fn lift(&mut self, expr: &Ast, out: &mut Block) -> Step<()> {
        self.lift_all(&[expr], out)
    }

    fn lift_all(&mut self, terms: &[&Ast], out: &mut Block) -> Step<()> {
        let mut needs = Needs::default();
        terms.iter().for_each(|term| self.needs_of(term, &mut needs));
        let mut left = needs.refs;
        while !left.is_empty() {
            let next = left.iter().position(|used| used.inputs.iter().all(|slot| self.frame.is_bound(*slot)));
            let Some(next) = next else {
                return left.first().map_or(Ok(()), |used| self.unsafe_term(used.node));
            };
            let used = left.remove(next);
            if used.wild || !used.outputs.is_empty() {
                let value = self.reference(used.node, Some(out))?;
                let slot = match value {
                    Expr::Slot(slot) => slot,
                    value => self.keep(value, used.node.span(), out),
                };
                self.lifted.insert(key_of(used.node), slot);
            }
        }
        Ok(())
    }

    pub(super) fn keep(&mut self, value: Expr, span: &AstSpan, out: &mut Block) -> Slot {
        let slot = self.frame.fresh();
        self.frame.bind(slot);
        out.push(Stmt { op: Op::Assign(slot, value), at: self.at(span) });
        slot
    }

    fn emit(&mut self, atom: &Atom<'_>, out: &mut Block) -> Step<()> {
        if atom.with.is_empty() {
            return self.emit_plain(atom, out);
        }
        let mut mods = Vec::new();
        for with in atom.with {
            if !self.replaces(with) {
                self.lift(&with.r#as, out)?;
            }
            mods.push(self.modifier(with)?);
        }
        let mut inner = Block::new();
        self.emit_plain(atom, &mut inner)?;
        out.push(Stmt { op: Op::With(mods, inner), at: self.at(atom.span) });
        Ok(())
    }

    fn emit_plain(&mut self, atom: &Atom<'_>, out: &mut Block) -> Step<()> {
        let at = self.at(atom.span);
        let op = match atom.kind {
            AtomKind::Never => Op::Test(Expr::Const(Value::from(false))),
            AtomKind::Test(expr) if self.prints(expr) => Op::Test(self.print(expr)?),
            AtomKind::Test(expr) => {
                self.lift(expr, out)?;
                Op::Test(self.expr(expr)?)
            }
            AtomKind::Unify(lhs, rhs) => return self.unify(lhs, rhs, at, out),
            AtomKind::Output(expr) => return self.output(expr, at, out),
            AtomKind::SomeIn(key, value, collection) => {
                let mut terms: Vec<&Ast> = vec![collection];
                key.into_iter().chain([value]).for_each(|part| pattern_terms(part, &mut terms));
                self.lift_all(&terms, out)?;
                let collection = self.expr(collection)?;
                let key = key.map_or(Ok(Pattern::Any), |key| self.pattern(key))?;
                Op::Each(collection, key, self.pattern(value)?)
            }
            AtomKind::Not(expr) => return self.negate(expr, at, out),
            AtomKind::Every(key, value, domain, query) => {
                self.lift(domain, out)?;
                let domain = self.expr(domain)?;
                let bound = self.frame.bound().clone();
                let names = key.into_iter().chain([value]).map(|name| name.text().to_owned()).collect();
                self.frame.open(&names);
                let key = key.and_then(|key| self.frame.find(key.text()));
                let value = self.frame.find(value.text()).unwrap_or_default();
                key.into_iter().chain([value]).for_each(|slot| self.frame.bind(slot));
                self.enter(query, &[]);
                let block = self.block(query)?;
                self.frame.close();
                self.frame.close();
                self.frame.restore(bound);
                Op::Every(domain, key, value, block)
            }
        };
        out.push(Stmt { op, at });
        Ok(())
    }

    fn unify(&mut self, lhs: &Ref<Ast>, rhs: &Ref<Ast>, at: At, out: &mut Block) -> Step<()> {
        let (pattern, value) = if self.grounded(&with_pattern(rhs, lhs)) { (lhs, rhs) } else { (rhs, lhs) };
        self.lift_all(&with_pattern(value, pattern), out)?;
        if let Some(walked) = self.walked(value) {
            let walked = self.expr(walked)?;
            let pattern = self.pattern(pattern)?;
            out.push(Stmt { op: Op::Walk(walked, pattern), at });
            return Ok(());
        }
        let value = self.expr(value)?;
        let pattern = self.pattern(pattern)?;
        out.push(Stmt { op: matching(pattern, value), at });
        Ok(())
    }

    fn output(&mut self, expr: &Ref<Ast>, at: At, out: &mut Block) -> Step<()> {
        let Ast::Call { fcn, params, .. } = expr.as_ref() else { return self.unsafe_term(expr) };
        let (Some((last, rest)), Some(callee)) = (params.split_last(), self.callee(fcn)) else {
            return self.unsafe_term(expr);
        };
        let mut terms: Vec<&Ast> = rest.iter().map(AsRef::as_ref).collect();
        pattern_terms(last, &mut terms);
        self.lift_all(&terms, out)?;
        if let (Some(_), Some(walked)) = (self.walked(expr), rest.first()) {
            let walked = self.expr(walked)?;
            let pattern = self.pattern(last)?;
            out.push(Stmt { op: Op::Walk(walked, pattern), at });
            return Ok(());
        }
        if let Callee::Rule(rule) = callee {
            self.needs.insert(Need::Rule(rule));
        }
        let args = rest.iter().map(|arg| self.expr(arg)).collect::<Step<_>>()?;
        let pattern = self.pattern(last)?;
        out.push(Stmt { op: matching(pattern, Expr::Call(callee, args, at)), at });
        Ok(())
    }

    /// `not expr`: as in OPA, operands of calls are evaluated outside of the negation.
    fn negate(&mut self, expr: &Ref<Ast>, at: At, out: &mut Block) -> Step<()> {
        match expr.as_ref() {
            Ast::Call { params, .. } => params.iter().try_for_each(|param| self.outside(param, true, out))?,
            Ast::BoolExpr { op: BoolOp::Eq, lhs, rhs, .. } | Ast::AssignExpr { lhs, rhs, .. } => {
                self.outside(lhs, false, out)?;
                self.outside(rhs, false, out)?;
            }
            _ => {
                let mut parts = Vec::new();
                if !matches!(expr.as_ref(), Ast::RefDot { .. } | Ast::RefBrack { .. }) {
                    scope::parts(expr, |part| parts.push(part.clone()));
                }
                parts.iter().try_for_each(|part| self.outside(part, true, out))?;
            }
        }
        let bound = self.frame.bound().clone();
        let mut inner = Block::new();
        match expr.as_ref() {
            Ast::AssignExpr { lhs, rhs, .. } => self.unify(lhs, rhs, at, &mut inner)?,
            _ if self.takes_output(expr) => self.output(expr, at, &mut inner)?,
            _ => {
                let test = self.expr(expr)?;
                inner.push(Stmt { op: Op::Test(test), at });
            }
        }
        self.frame.restore(bound);
        out.push(Stmt { op: Op::Not(inner), at });
        Ok(())
    }

    fn outside(&mut self, expr: &Ref<Ast>, refs_too: bool, out: &mut Block) -> Step<()> {
        let plain = match expr.as_ref() {
            Ast::Var { span, .. } => self.frame.find(span.text()).is_some() || !refs_too,
            Ast::RefDot { .. } | Ast::RefBrack { .. } => !refs_too,
            other => scalar(other).is_some() || scope::closure(other).is_some(),
        };
        if !plain && self.lifted(expr).is_none() {
            let value = self.expr(expr)?;
            let slot = self.keep(value, expr.span(), out);
            self.lifted.insert(key_of(expr), slot);
        }
        Ok(())
    }

    /// Whether `with` puts one function in the place of another.
    fn replaces(&self, with: &WithModifier) -> bool {
        let function = |expr: &Ast| self.callee(expr).is_some_and(|callee| self.arity(callee).is_some());
        function(&with.refr) && function(&with.r#as)
    }

    fn modifier(&mut self, with: &WithModifier) -> Step<(Target, Expr)> {
        let Some(path) = static_path(&with.refr) else {
            return self.fail(ErrorCode::Compile, &with.span, "with keyword target must be a path");
        };
        let global = path.first().and_then(|name| self.unit.global(name));
        let mut full = global.unwrap_or_default();
        full.extend(path.iter().skip(1).cloned());
        let values = |path: &[std::sync::Arc<str>]| path.iter().skip(1).cloned().map(Value::String).collect();
        if full.first().is_some_and(|root| &**root == "input") {
            return Ok((Target::Input(values(&full)), self.expr(&with.r#as)?));
        }
        if let Some(callee) = self.callee(&with.refr) {
            let is_function = match callee {
                Callee::Builtin(_) => true,
                Callee::Rule(_) => self.arity(callee).is_some(),
            };
            if is_function {
                let by = self.callee(&with.r#as).filter(|by| self.arity(*by).is_some());
                if let Some(Callee::Rule(rule)) = by {
                    self.needs.insert(Need::Rule(rule));
                }
                let value = if by.is_some() { Expr::Const(Value::Undefined) } else { self.expr(&with.r#as)? };
                return Ok((Target::Call(callee, by), value));
            }
        }
        if full.first().is_none_or(|root| &**root != "data") {
            return self.fail(ErrorCode::Type, &with.span, "with keyword target is not defined");
        }
        let node = full.iter().skip(1).try_fold(0, |at, key| self.globals.child(at, key));
        let masked = node.map(|node| self.globals.below(node)).unwrap_or_default();
        Ok((Target::Data(values(&full), masked), self.expr(&with.r#as)?))
    }
}

/// The statement that matches `value` against `pattern`.
fn matching(pattern: Pattern, value: Expr) -> Op {
    match pattern {
        Pattern::Bind(slot) => Op::Assign(slot, value),
        Pattern::Equal(expr) => Op::Test(Expr::Cmp(Cmp::Eq, Box::new((expr, value)))),
        pattern => Op::Match(pattern, value),
    }
}

fn with_pattern<'a>(value: &'a Ast, pattern: &'a Ast) -> Vec<&'a Ast> {
    let mut terms = vec![value];
    pattern_terms(pattern, &mut terms);
    terms
}

/// The terms in a pattern that must be ground.
fn pattern_terms<'a>(pattern: &'a Ast, terms: &mut Vec<&'a Ast>) {
    match pattern {
        Ast::Var { .. } => {}
        Ast::Array { items, .. } => items.iter().for_each(|item| pattern_terms(item, terms)),
        Ast::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            terms.push(key);
            pattern_terms(value, terms);
        }),
        other => terms.push(other),
    }
}
