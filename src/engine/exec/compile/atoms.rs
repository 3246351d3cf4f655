//! Atoms: the statements of a body, taken apart as far as their order may change.

use regorus::unstable::{AssignOp, Expr as Ast, Literal, LiteralStmt, Query, Ref, Span as AstSpan, WithModifier};

use super::super::builtins;
use super::super::ir::{Block, Callee, Compr, Expr};
use super::{Cx, Step};

/// One thing a body asks for.
pub(super) struct Atom<'a> {
    pub kind: AtomKind<'a>,
    pub span: &'a AstSpan,
    pub with: &'a [WithModifier],
}

/// What an atom asks for.
pub(super) enum AtomKind<'a> {
    Test(&'a Ref<Ast>),
    /// `lhs = rhs` or `lhs := rhs`.
    Unify(&'a Ref<Ast>, &'a Ref<Ast>),
    /// A call whose last argument takes the result.
    Output(&'a Ref<Ast>),
    SomeIn(Option<&'a Ref<Ast>>, &'a Ref<Ast>, &'a Ref<Ast>),
    Not(&'a Ref<Ast>),
    Every(Option<&'a AstSpan>, &'a AstSpan, &'a Ref<Ast>, &'a Query),
    /// Two patterns that can never match.
    Never,
}

impl Cx<'_> {
    /// The atoms of `query`, in the order written.
    pub(super) fn atoms<'a>(&self, query: &'a Query) -> Step<Vec<Atom<'a>>> {
        let mut atoms = Vec::new();
        for stmt in &query.stmts {
            self.atom(stmt, &mut atoms)?;
        }
        Ok(atoms)
    }

    fn atom<'a>(&self, stmt: &'a LiteralStmt, atoms: &mut Vec<Atom<'a>>) -> Step<()> {
        let kind = match &stmt.literal {
            Literal::SomeVars { .. } => return Ok(()),
            Literal::SomeIn { key, value, collection, .. } => AtomKind::SomeIn(key.as_ref(), value, collection),
            Literal::NotExpr { expr, .. } => AtomKind::Not(expr),
            Literal::Every { key, value, domain, query, .. } => AtomKind::Every(key.as_ref(), value, domain, query),
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Ast::AssignExpr { lhs, rhs, op, .. } => {
                    self.split(lhs, rhs, *op == AssignOp::ColEq, stmt, atoms);
                    return Ok(());
                }
                _ if self.takes_output(expr) => AtomKind::Output(expr),
                _ => AtomKind::Test(expr),
            },
        };
        atoms.push(Atom { kind, span: &stmt.span, with: &stmt.with_mods });
        Ok(())
    }

    /// Takes `[a, b] = [c, d]` apart, so that each half can wait for its own variables.
    fn split<'a>(
        &self,
        lhs: &'a Ref<Ast>,
        rhs: &'a Ref<Ast>,
        declares: bool,
        stmt: &'a LiteralStmt,
        atoms: &mut Vec<Atom<'a>>,
    ) {
        let mut open = vec![(lhs, rhs)];
        while let Some((lhs, rhs)) = open.pop() {
            let kind = match (lhs.as_ref(), rhs.as_ref()) {
                (Ast::Array { items: left, .. }, Ast::Array { items: right, .. }) if !declares => {
                    if left.len() == right.len() {
                        open.extend(left.iter().zip(right).rev());
                        continue;
                    }
                    AtomKind::Never
                }
                (Ast::Object { fields: left, .. }, Ast::Object { fields: right, .. }) if !declares => {
                    let pairs: Option<Vec<_>> = (left.len() == right.len())
                        .then(|| {
                            let same = |(_, key, value): &'a (AstSpan, Ref<Ast>, Ref<Ast>)| {
                                let other = right.iter().find(|(_, name, _)| {
                                    super::scalar(name).is_some() && super::scalar(name) == super::scalar(key)
                                })?;
                                Some((value, &other.2))
                            };
                            left.iter().map(same).collect()
                        })
                        .flatten();
                    match pairs {
                        Some(pairs) => {
                            open.extend(pairs.into_iter().rev());
                            continue;
                        }
                        None => AtomKind::Unify(lhs, rhs),
                    }
                }
                _ => AtomKind::Unify(lhs, rhs),
            };
            atoms.push(Atom { kind, span: &stmt.span, with: &stmt.with_mods });
        }
    }

    /// Whether `expr` is a call with one argument more than the function takes.
    pub(super) fn takes_output(&self, expr: &Ast) -> bool {
        let Ast::Call { fcn, params, .. } = expr else { return false };
        let Some(callee) = self.callee(fcn) else { return false };
        self.arity(callee).is_some_and(|arity| arity + 1 == params.len())
    }

    /// The argument of a call of `walk`.
    pub(super) fn walked<'a>(&self, expr: &'a Ast) -> Option<&'a Ref<Ast>> {
        let Ast::Call { fcn, params, .. } = expr else { return None };
        match self.callee(fcn)? {
            Callee::Builtin(id) if builtins::is_walk(id) => params.first(),
            _ => None,
        }
    }

    /// Whether `expr` is a call of `print`.
    pub(super) fn prints(&self, expr: &Ast) -> bool {
        matches!(expr, Ast::Call { fcn, .. } if self.callee(fcn) == Some(Callee::Builtin(builtins::print())))
    }

    /// A call of `print` with the set of the values of each argument: none of them can stop the body.
    pub(super) fn print(&mut self, expr: &Ast) -> Step<Expr> {
        let Ast::Call { params, .. } = expr else { return self.expr(expr) };
        let (at, bound) = (self.at(expr.span()), self.frame.bound().clone());
        let mut args = Vec::with_capacity(params.len());
        for param in params {
            let mut block = Block::new();
            self.lift(param, &mut block)?;
            let value = self.expr(param)?;
            self.frame.restore(bound.clone());
            args.push(Expr::SetCompr(Box::new(Compr { block, key: None, value, at })));
        }
        Ok(Expr::Call(Callee::Builtin(builtins::print()), args, at))
    }
}
