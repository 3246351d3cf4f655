//! Terms: everything with one value or none, and the patterns values are matched against.

use regorus::unstable::{ArithOp, BinOp, BoolOp, Expr as Ast, Query, Ref};

use super::super::super::Value;
use super::super::builtins;
use super::super::error::ErrorCode;
use super::super::ir::{Arith, At, Callee, Cmp, Compr, Expr, Pattern};
use super::{Cx, Need, Step, scalar, static_path};

/// Terms nested deeper than this are refused.
const DEEPEST: usize = 1_000;

impl Cx<'_> {
    /// Compiles a term whose variables are all bound.
    pub(super) fn expr(&mut self, expr: &Ast) -> Step<Expr> {
        if let Some(lifted) = self.lifted(expr) {
            return Ok(lifted);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fail(ErrorCode::Limit, expr.span(), "the expression is nested too deeply");
        }
        let done = self.term(expr);
        self.depth -= 1;
        done
    }

    fn term(&mut self, expr: &Ast) -> Step<Expr> {
        if let Some(value) = scalar(expr) {
            return Ok(Expr::Const(value.clone()));
        }
        Ok(match expr {
            Ast::Var { span, .. } => match self.frame.find(span.text()) {
                Some(slot) if self.frame.is_bound(slot) => Expr::Slot(slot),
                Some(_) => return self.unsafe_term(expr),
                None => self.reference(expr, None)?,
            },
            Ast::RefDot { .. } | Ast::RefBrack { .. } => self.reference(expr, None)?,
            Ast::Array { items, .. } => constant(Expr::Array(self.all(items)?)),
            Ast::Set { items, .. } => constant(Expr::Set(self.all(items)?)),
            Ast::Object { fields, .. } => {
                let mut pairs = Vec::with_capacity(fields.len());
                for (_, key, value) in fields {
                    pairs.push((self.expr(key)?, self.expr(value)?));
                }
                constant(Expr::Object(pairs))
            }
            Ast::ArrayCompr { term, query, .. } => {
                Expr::ArrayCompr(Box::new(self.compr(query, None, term, self.at(expr.span()))?))
            }
            Ast::SetCompr { term, query, .. } => {
                Expr::SetCompr(Box::new(self.compr(query, None, term, self.at(expr.span()))?))
            }
            Ast::ObjectCompr { key, value, query, .. } => {
                Expr::ObjectCompr(Box::new(self.compr(query, Some(key), value, self.at(expr.span()))?))
            }
            Ast::Call { fcn, params, .. } => self.call(expr, fcn, params)?,
            Ast::UnaryExpr { expr: inner, .. } => {
                let zero = Expr::Const(Value::from(0_u64));
                Expr::Arith(Arith::Sub, Box::new((zero, self.expr(inner)?)), self.at(expr.span()))
            }
            Ast::ArithExpr { op, lhs, rhs, .. } => {
                let op = match op {
                    ArithOp::Add => Arith::Add,
                    ArithOp::Sub => Arith::Sub,
                    ArithOp::Mul => Arith::Mul,
                    ArithOp::Div => Arith::Div,
                    ArithOp::Mod => Arith::Rem,
                };
                Expr::Arith(op, self.pair(lhs, rhs)?, self.at(expr.span()))
            }
            Ast::BinExpr { op, lhs, rhs, .. } => {
                let op = if *op == BinOp::Union { Arith::Or } else { Arith::And };
                Expr::Arith(op, self.pair(lhs, rhs)?, self.at(expr.span()))
            }
            Ast::BoolExpr { op, lhs, rhs, .. } => Expr::Cmp(cmp(op), self.pair(lhs, rhs)?),
            Ast::Membership { key, value, collection, .. } => {
                let key = key.as_ref().map(|key| self.expr(key)).transpose()?.map(Box::new);
                Expr::In(key, self.pair(value, collection)?)
            }
            Ast::AssignExpr { lhs, rhs, .. } => Expr::Cmp(Cmp::Eq, self.pair(lhs, rhs)?),
            _ => return self.fail(ErrorCode::Compile, expr.span(), "this expression is not supported"),
        })
    }

    fn all(&mut self, items: &[Ref<Ast>]) -> Step<Vec<Expr>> {
        items.iter().map(|item| self.expr(item)).collect()
    }

    fn pair(&mut self, lhs: &Ast, rhs: &Ast) -> Step<Box<(Expr, Expr)>> {
        Ok(Box::new((self.expr(lhs)?, self.expr(rhs)?)))
    }

    fn compr(&mut self, query: &Query, key: Option<&Ref<Ast>>, value: &Ref<Ast>, at: At) -> Step<Compr> {
        let bound = self.frame.bound().clone();
        let heads: Vec<&Ast> = key.into_iter().chain([value]).map(AsRef::as_ref).collect();
        self.enter(query, &heads);
        let mut block = self.block(query)?;
        for head in &heads {
            self.lift(head, &mut block)?;
        }
        let key = key.map(|key| self.expr(key)).transpose()?;
        let value = self.expr(value)?;
        self.frame.close();
        self.frame.restore(bound);
        Ok(Compr { block, key, value, at })
    }

    /// What the function part of a call names.
    pub(super) fn callee(&self, fcn: &Ast) -> Option<Callee> {
        let path = static_path(fcn)?;
        let (first, rest) = path.split_first()?;
        if self.frame.find(first).is_none()
            && let Some(mut global) = self.unit.global(first)
            && global.first().is_some_and(|root| &**root == "data")
        {
            global.extend(rest.iter().cloned());
            let rule = self.globals.find(global.get(1..)?.iter().map(|part| &**part))?;
            return Some(Callee::Rule(rule));
        }
        builtins::find(&path.join(".")).map(Callee::Builtin)
    }

    /// How many arguments `callee` takes.
    pub(super) fn arity(&self, callee: Callee) -> Option<usize> {
        match callee {
            Callee::Builtin(id) => builtins::arity(id),
            Callee::Rule(id) => self.globals.arity.get(id as usize).copied().flatten(),
        }
    }

    fn call(&mut self, expr: &Ast, fcn: &Ast, params: &[Ref<Ast>]) -> Step<Expr> {
        let Some(callee) = self.callee(fcn) else {
            let name = fcn.span().text();
            return self.fail(ErrorCode::Type, fcn.span(), format!("undefined function {name}"));
        };
        if self.arity(callee).is_some_and(|arity| arity != params.len()) {
            let name = fcn.span().text();
            let message = format!("{name}: has the wrong number of arguments: {}", params.len());
            return self.fail(ErrorCode::Type, expr.span(), message);
        }
        if let Callee::Rule(id) = callee {
            self.needs.insert(Need::Rule(id));
            // `f()` is the value of `f() := …`, a rule.
            if params.is_empty() && self.arity(callee).is_none() {
                return Ok(Expr::Rule(id));
            }
            if self.globals.arity.get(id as usize).copied().flatten().is_none() {
                // `f() := 1` is a rule, and can be written as a call.
                if params.is_empty() {
                    return Ok(Expr::Rule(id));
                }
                return self.fail(ErrorCode::Type, fcn.span(), "function expected, and this is a rule");
            }
        }
        Ok(Expr::Call(callee, self.all(params)?, self.at(expr.span())))
    }

    /// Compiles a pattern and binds its variables.
    pub(super) fn pattern(&mut self, expr: &Ast) -> Step<Pattern> {
        if self.lifted(expr).is_some() {
            return Ok(Pattern::Equal(self.expr(expr)?));
        }
        match expr {
            Ast::Var { span, .. } if span.text() == "_" => Ok(Pattern::Any),
            Ast::Var { span, .. } => match self.frame.find(span.text()) {
                Some(slot) if !self.frame.is_bound(slot) => {
                    self.frame.bind(slot);
                    Ok(Pattern::Bind(slot))
                }
                _ => Ok(Pattern::Equal(self.expr(expr)?)),
            },
            Ast::Array { items, .. } if items.iter().any(|item| self.opens(item)) => {
                Ok(Pattern::Array(items.iter().map(|item| self.pattern(item)).collect::<Step<_>>()?))
            }
            Ast::Object { fields, .. } if fields.iter().any(|(_, _, value)| self.opens(value)) => {
                let mut pairs = Vec::with_capacity(fields.len());
                for (_, key, value) in fields {
                    pairs.push((self.expr(key)?, self.pattern(value)?));
                }
                Ok(Pattern::Object(pairs))
            }
            _ => Ok(Pattern::Equal(self.expr(expr)?)),
        }
    }

    /// The error for a variable that nothing binds.
    pub(super) fn unsafe_term<T>(&self, expr: &Ast) -> Step<T> {
        self.fail(ErrorCode::Unsafe, expr.span(), format!("var {} is unsafe", expr.span().text()))
    }
}

/// A literal of constants is a constant.
fn constant(expr: Expr) -> Expr {
    let value = |expr: &Expr| match expr {
        Expr::Const(value) => Some(value.clone()),
        _ => None,
    };
    let folded = match &expr {
        Expr::Array(items) => items.iter().map(value).collect::<Option<Vec<_>>>().map(Value::from),
        Expr::Set(items) => items.iter().map(value).collect::<Option<std::collections::BTreeSet<_>>>().map(Value::from),
        Expr::Object(pairs) => pairs
            .iter()
            .map(|(key, item)| Some((value(key)?, value(item)?)))
            .collect::<Option<std::collections::BTreeMap<_, _>>>()
            .map(Value::from),
        _ => None,
    };
    folded.map_or(expr, Expr::Const)
}

fn cmp(op: &BoolOp) -> Cmp {
    match op {
        BoolOp::Eq => Cmp::Eq,
        BoolOp::Ne => Cmp::Ne,
        BoolOp::Lt => Cmp::Lt,
        BoolOp::Le => Cmp::Le,
        BoolOp::Gt => Cmp::Gt,
        BoolOp::Ge => Cmp::Ge,
    }
}
