//! Visiting every expression of a module.
//!
//! The recursion is as deep as the syntax tree, and the pre-pass bounds that.

use regorus::unstable::{Expr, Literal, LiteralStmt, Module, Query, Rule, RuleHead};

/// Visits all expressions of all rules, a whole before its parts.
pub fn module<'a>(module: &'a Module, visit: &mut dyn FnMut(&'a Expr)) {
    for rule in &module.policy {
        self::rule(rule, visit);
    }
}

/// Visits what the `with` of outermost statements replace.
pub fn replaced<'a>(module: &'a Module, visit: &mut dyn FnMut(&'a Expr)) {
    for rule in &module.policy {
        let Rule::Spec { bodies, .. } = rule.as_ref() else { continue };
        for stmt in bodies.iter().flat_map(|body| &body.query.stmts) {
            stmt.with_mods.iter().for_each(|with| visit(&with.refr));
        }
    }
}

/// Visits all expressions of `rule`: head arguments, keys, values and bodies; not the name.
pub fn rule<'a>(rule: &'a Rule, visit: &mut dyn FnMut(&'a Expr)) {
    match rule {
        Rule::Default { value, .. } => expr(value, visit),
        Rule::Spec { head, bodies, .. } => {
            self::head(head, visit);
            for body in bodies {
                if let Some(assign) = &body.assign {
                    expr(&assign.value, visit);
                }
                query(&body.query, visit);
            }
        }
    }
}

fn head<'a>(head: &'a RuleHead, visit: &mut dyn FnMut(&'a Expr)) {
    let (refr, assign) = match head {
        RuleHead::Compr { refr, assign, .. } => (refr, assign.as_ref()),
        RuleHead::Set { refr, key, .. } => {
            if let Some(key) = key {
                expr(key, visit);
            }
            (refr, None)
        }
        RuleHead::Func { refr, args, assign, .. } => {
            for arg in args {
                expr(arg, visit);
            }
            (refr, assign.as_ref())
        }
    };
    let mut name: &'a Expr = refr;
    loop {
        match name {
            Expr::RefBrack { refr, index, .. } => {
                expr(index, visit);
                name = refr;
            }
            Expr::RefDot { refr, .. } => name = refr,
            _ => break,
        }
    }
    if let Some(assign) = assign {
        expr(&assign.value, visit);
    }
}

/// Visits all expressions of `query`.
pub fn query<'a>(query: &'a Query, visit: &mut dyn FnMut(&'a Expr)) {
    query.stmts.iter().for_each(|stmt| statement(stmt, visit));
}

fn statement<'a>(stmt: &'a LiteralStmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn { key, value, collection, .. } => {
            key.iter().chain([value, collection]).for_each(|part| expr(part, visit));
        }
        Literal::Expr { expr: inner, .. } | Literal::NotExpr { expr: inner, .. } => expr(inner, visit),
        Literal::Every { domain, query: inner, .. } => {
            expr(domain, visit);
            query(inner, visit);
        }
    }
    // What `with` replaces is no use of it; only the replacement is.
    stmt.with_mods.iter().for_each(|with| expr(&with.r#as, visit));
}

/// Visits `expr` and all its parts; of a reference the whole, its indexes, and no shorter reference within it.
pub fn expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    let mut parts: Vec<&'a Expr> = Vec::new();
    match expr {
        Expr::Array { items, .. } | Expr::Set { items, .. } => parts.extend(items.iter().map(AsRef::as_ref)),
        Expr::Object { fields, .. } => {
            for (_, key, value) in fields {
                parts.extend([key.as_ref(), value.as_ref()]);
            }
        }
        Expr::ArrayCompr { term, query: inner, .. } | Expr::SetCompr { term, query: inner, .. } => {
            query(inner, visit);
            parts.push(term);
        }
        Expr::ObjectCompr { key, value, query: inner, .. } => {
            query(inner, visit);
            parts.extend([key.as_ref(), value.as_ref()]);
        }
        // The name of the function is no reference to a document.
        Expr::Call { params, .. } => parts.extend(params.iter().map(AsRef::as_ref)),
        Expr::UnaryExpr { expr, .. } => parts.push(expr),
        Expr::RefDot { .. } | Expr::RefBrack { .. } => reference(expr, &mut parts),
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => parts.extend([lhs.as_ref(), rhs.as_ref()]),
        Expr::Membership { key, value, collection, .. } => {
            parts.extend(key.iter().chain([value, collection]).map(AsRef::as_ref));
        }
        _ => {}
    }
    for part in parts {
        self::expr(part, visit);
    }
}

/// The indexes of a reference, and what it begins with unless that is a name.
fn reference<'a>(expr: &'a Expr, parts: &mut Vec<&'a Expr>) {
    let mut at = expr;
    loop {
        match at {
            Expr::RefDot { refr, .. } => at = refr,
            Expr::RefBrack { refr, index, .. } => {
                parts.push(index);
                at = refr;
            }
            Expr::Var { .. } => return,
            base => return parts.push(base),
        }
    }
}
