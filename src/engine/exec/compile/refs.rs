//! References: `input.a[i].b`, `data.pkg.rule[x]`, `local.c`.

use regorus::unstable::{Expr as Ast, Ref, Span as AstSpan};

use super::super::super::Value;
use super::super::ir::{Block, Expr, Op, Pattern, Stmt};
use super::{Cx, Need, Step};

/// One step of a reference.
pub(super) enum Seg<'a> {
    Field(Value),
    Index(&'a Ref<Ast>),
}

/// The first term of a reference and its steps.
pub(super) fn flatten(expr: &Ast) -> (&Ast, Vec<Seg<'_>>) {
    let mut segs = Vec::with_capacity(8);
    let mut at = expr;
    loop {
        match at {
            Ast::RefDot { refr, field, .. } => {
                segs.push(Seg::Field(field.1.clone()));
                at = refr;
            }
            Ast::RefBrack { refr, index, .. } => {
                segs.push(Seg::Index(index));
                at = refr;
            }
            _ => break,
        }
    }
    segs.reverse();
    (at, segs)
}

/// How far a reference has been followed.
enum Cur {
    /// Among packages: the keys so far, the node when it is known, else those it may be.
    Tree(Vec<Expr>, Option<usize>, Vec<usize>),
    /// Below a value.
    Value(Expr, Vec<Expr>),
}

impl Cur {
    fn expr(self) -> Expr {
        match self {
            Self::Tree(keys, ..) => Expr::Tree(keys),
            Self::Value(base, keys) if keys.is_empty() => base,
            Self::Value(base, keys) => Expr::Ref(Box::new(base), keys),
        }
    }
}

impl Cx<'_> {
    /// Whether `expr`, in the brackets of a reference, has variables to be bound there.
    pub(super) fn opens(&self, expr: &Ast) -> bool {
        match expr {
            Ast::Var { span, .. } if span.text() == "_" => true,
            Ast::Var { span, .. } => self.frame.find(span.text()).is_some_and(|slot| !self.frame.is_bound(slot)),
            Ast::Array { items, .. } => items.iter().any(|item| self.opens(item)),
            Ast::Object { fields, .. } => fields.iter().any(|(_, _, value)| self.opens(value)),
            _ => false,
        }
    }

    /// Compiles a reference; what it enumerates goes to `out`.
    pub(super) fn reference(&mut self, expr: &Ast, mut out: Option<&mut Block>) -> Step<Expr> {
        let (base, segs) = flatten(expr);
        let span = expr.span();
        let mut cur = self.base(base)?;
        for seg in segs {
            let index = match seg {
                Seg::Field(name) => {
                    cur = self.step(cur, Expr::Const(name));
                    continue;
                }
                Seg::Index(index) => index,
            };
            if self.lifted(index).is_none() && self.opens(index) {
                let Some(out) = out.as_deref_mut() else {
                    return self.unsafe_term(index);
                };
                cur = self.enumerate(cur, index, span, out)?;
            } else {
                let key = self.expr(index)?;
                cur = self.step(cur, key);
            }
        }
        if let Cur::Tree(_, node, may) = &cur {
            self.needs.extend(node.iter().chain(may).copied().map(Need::Below));
        }
        Ok(cur.expr())
    }

    fn base(&mut self, base: &Ast) -> Step<Cur> {
        if let Some(lifted) = self.lifted(base) {
            return Ok(Cur::Value(lifted, Vec::new()));
        }
        let Ast::Var { span, .. } = base else {
            return Ok(Cur::Value(self.expr(base)?, Vec::new()));
        };
        if let Some(slot) = self.frame.find(span.text()) {
            return Ok(Cur::Value(Expr::Slot(slot), Vec::new()));
        }
        let Some(path) = self.unit.global(span.text()) else {
            return self.unsafe_term(base);
        };
        let mut cur = match path.first().map(|root| &**root) {
            Some("input") => Cur::Value(Expr::Input, Vec::new()),
            _ => Cur::Tree(Vec::new(), Some(0), Vec::new()),
        };
        for name in path.iter().skip(1) {
            cur = self.step(cur, Expr::Const(Value::String(name.clone())));
        }
        Ok(cur)
    }

    fn step(&mut self, cur: Cur, key: Expr) -> Cur {
        match cur {
            Cur::Value(base, mut keys) => {
                keys.push(key);
                Cur::Value(base, keys)
            }
            Cur::Tree(mut keys, node, may) => {
                let next = match (&key, node) {
                    (Expr::Const(Value::String(name)), Some(node)) => Some(self.globals.child(node, name)),
                    (Expr::Const(_), Some(_)) => Some(None),
                    _ => None,
                };
                let may = if node.is_none() || next.is_none() { self.onward(node, &may, &key) } else { Vec::new() };
                keys.push(key);
                match next {
                    Some(Some(child)) => match self.globals.rule(child) {
                        Some(rule) => {
                            self.needs.insert(Need::Rule(rule));
                            Cur::Value(Expr::Rule(rule), Vec::new())
                        }
                        None => Cur::Tree(keys, Some(child), Vec::new()),
                    },
                    Some(None) => Cur::Value(Expr::Data, keys),
                    None => Cur::Tree(keys, None, may),
                }
            }
        }
    }

    /// The nodes that one of the nodes leads to under `key`; rules among them are needed.
    fn onward(&mut self, node: Option<usize>, may: &[usize], key: &Expr) -> Vec<usize> {
        let mut found = Vec::new();
        for from in node.iter().chain(may) {
            match key {
                Expr::Const(Value::String(name)) => found.extend(self.globals.child(*from, name)),
                Expr::Const(_) => {}
                _ => found.extend(self.globals.tree.get(*from).into_iter().flat_map(|node| node.children.values())),
            }
        }
        self.needs.extend(found.iter().filter_map(|node| self.globals.rule(*node)).map(Need::Rule));
        found.retain(|node| self.globals.rule(*node).is_none());
        found
    }

    fn enumerate(&mut self, cur: Cur, index: &Ref<Ast>, span: &AstSpan, out: &mut Block) -> Step<Cur> {
        let at = self.at(span);
        if let Cur::Tree(keys, node, may) = cur {
            let key = self.frame.fresh();
            let may = self.onward(node, &may, &Expr::Slot(key));
            self.frame.bind(key);
            // A key that is evaluated is kept: both the loop and what follows need it.
            let kept = |cx: &mut Self, key: Expr, out: &mut Block| match key {
                Expr::Const(_) | Expr::Slot(_) => key,
                key => Expr::Slot(cx.keep(key, span, out)),
            };
            let keys: Vec<Expr> = keys.into_iter().map(|key| kept(self, key, out)).collect();
            let copy = keys.iter().map(copy_key).collect();
            out.push(Stmt { op: Op::EachKey(copy, Pattern::Bind(key)), at });
            let pattern = self.pattern(index)?;
            if !matches!(pattern, Pattern::Any) {
                out.push(Stmt { op: Op::Match(pattern, Expr::Slot(key)), at });
            }
            let mut keys = keys;
            keys.push(Expr::Slot(key));
            return Ok(Cur::Tree(keys, None, may));
        }
        let value = self.frame.fresh();
        let pattern = self.pattern(index)?;
        out.push(Stmt { op: Op::Each(cur.expr(), pattern, Pattern::Bind(value)), at });
        self.frame.bind(value);
        Ok(Cur::Value(Expr::Slot(value), Vec::new()))
    }
}

/// A copy of a key in the tree of packages: a constant or a variable, others were put into one.
fn copy_key(key: &Expr) -> Expr {
    match key {
        Expr::Const(value) => Expr::Const(value.clone()),
        Expr::Slot(slot) => Expr::Slot(*slot),
        _ => Expr::Const(Value::Undefined),
    }
}
