//! Names within a rule: what is declared, and what is declared twice or for nothing.

use std::collections::HashSet;

use regorus::unstable::{AssignOp, Expr, Literal, Query, Rule};

use super::{Unit, root, walk};
use crate::engine::error::{Code, PolicyError};

/// Reports names of `rule` that are declared twice in one body, or declared and not used.
pub fn check(unit: &Unit<'_>, rule: &Rule, errors: &mut Vec<PolicyError>) {
    // Few rules declare with `some x`; only for them is it asked what is used.
    let mut used: Option<HashSet<&str>> = None;
    queries(rule, &mut |query| {
        let mut declared: HashSet<&str> = HashSet::new();
        for stmt in &query.stmts {
            match &stmt.literal {
                Literal::SomeVars { vars, .. } => {
                    for var in vars {
                        if !declared.insert(var.text()) {
                            let message = format!("var {} declared above", var.text());
                            errors.push(unit.error(var, Code::Compile, message));
                        } else if !used.get_or_insert_with(|| words(rule)).contains(var.text()) {
                            let message = format!("declared var {} unused", var.text());
                            errors.push(unit.error(var, Code::Compile, message));
                        }
                    }
                }
                Literal::Expr { expr, .. } => {
                    let Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() else { continue };
                    constants(unit, lhs, errors);
                    let Expr::Var { span, .. } = lhs.as_ref() else { continue };
                    if span.text() != "_" && !declared.insert(span.text()) {
                        let message = format!("var {} assigned above", span.text());
                        errors.push(unit.error(span, Code::Compile, message));
                    }
                }
                Literal::SomeIn { key, value, .. } => {
                    for part in key.iter().chain([value]) {
                        let Expr::Var { span, .. } = part.as_ref() else { continue };
                        if span.text() != "_" && !declared.insert(span.text()) {
                            let message = format!("var {} declared above", span.text());
                            errors.push(unit.error(span, Code::Compile, message));
                        }
                    }
                }
                _ => {}
            }
        }
    });
}

/// The first names of everything in `rule`.
fn words(rule: &Rule) -> HashSet<&str> {
    let mut words = HashSet::new();
    walk::rule(rule, &mut |expr| words.extend(root(expr)));
    words
}

/// Reports what stands on the left of `:=` and can be given no value.
fn constants(unit: &Unit<'_>, pattern: &Expr, errors: &mut Vec<PolicyError>) {
    let what = match pattern {
        Expr::Array { items, .. } => return items.iter().for_each(|item| constants(unit, item, errors)),
        Expr::Object { fields, .. } => {
            return fields.iter().for_each(|(_, _, value)| constants(unit, value, errors));
        }
        Expr::Number { .. } => "number",
        Expr::String { .. } | Expr::RawString { .. } => "string",
        Expr::Bool { .. } => "boolean",
        Expr::Null { .. } => "null",
        Expr::Call { .. } => "call",
        Expr::RefDot { .. } | Expr::RefBrack { .. } => "ref",
        _ => return,
    };
    errors.push(unit.error(pattern.span(), Code::Compile, format!("cannot assign to {what}")));
}

/// Visits the bodies of `rule` and every query within them.
fn queries<'a>(rule: &'a Rule, visit: &mut dyn FnMut(&'a Query)) {
    if let Rule::Spec { bodies, .. } = rule {
        for body in bodies {
            nested(&body.query, visit);
        }
    }
    walk::rule(rule, &mut |expr| match expr {
        Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
            nested(query, visit);
        }
        _ => {}
    });
}

/// Visits `query` and the bodies of `every` in it.
fn nested<'a>(query: &'a Query, visit: &mut dyn FnMut(&'a Query)) {
    visit(query);
    for stmt in &query.stmts {
        if let Literal::Every { query, .. } = &stmt.literal {
            nested(query, visit);
        }
    }
}
