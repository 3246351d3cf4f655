//! Names within a rule: what is declared, and what is declared twice or for nothing.

use std::collections::HashSet;

use regorus::unstable::{AssignOp, Expr, Literal, Query, Rule};

use super::{Unit, root, walk};
use crate::engine::error::{Code, PolicyError};

/// What is known of one rule's names while its bodies are gone through.
pub struct Scopes<'u, 'a> {
    unit: &'u Unit<'u>,
    rule: &'a Rule,
    /// Few rules declare with `some x`; only for them is it asked what is used.
    used: Option<HashSet<&'a str>>,
}

impl<'u, 'a> Scopes<'u, 'a> {
    /// Before any body of `rule`.
    pub fn new(unit: &'u Unit<'u>, rule: &'a Rule) -> Self {
        Self { unit, rule, used: None }
    }

    /// Reports names that are declared twice in a body of the rule, or declared and not used.
    ///
    /// Bodies of comprehensions are [`query`](Self::query)'s: whoever walks the rule meets them.
    pub fn bodies(&mut self, errors: &mut Vec<PolicyError>) {
        if let Rule::Spec { bodies, .. } = self.rule {
            bodies.iter().for_each(|body| self.query(&body.query, errors));
        }
    }

    /// As [`bodies`](Self::bodies), for one body and the bodies of `every` in it.
    pub fn query(&mut self, query: &'a Query, errors: &mut Vec<PolicyError>) {
        let mut declared: HashSet<&str> = HashSet::new();
        for stmt in &query.stmts {
            match &stmt.literal {
                Literal::SomeVars { vars, .. } => {
                    for var in vars {
                        if !declared.insert(var.text()) {
                            let message = format!("var {} declared above", var.text());
                            errors.push(self.unit.error(var, Code::Compile, message));
                        } else if !self.used.get_or_insert_with(|| words(self.rule)).contains(var.text()) {
                            let message = format!("declared var {} unused", var.text());
                            errors.push(self.unit.error(var, Code::Compile, message));
                        }
                    }
                }
                Literal::Expr { expr, .. } => {
                    let Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() else { continue };
                    constants(self.unit, lhs, errors);
                    let Expr::Var { span, .. } = lhs.as_ref() else { continue };
                    if span.text() != "_" && !declared.insert(span.text()) {
                        let message = format!("var {} assigned above", span.text());
                        errors.push(self.unit.error(span, Code::Compile, message));
                    }
                }
                Literal::SomeIn { key, value, .. } => {
                    for part in key.iter().chain([value]) {
                        let Expr::Var { span, .. } = part.as_ref() else { continue };
                        if span.text() != "_" && !declared.insert(span.text()) {
                            let message = format!("var {} declared above", span.text());
                            errors.push(self.unit.error(span, Code::Compile, message));
                        }
                    }
                }
                Literal::Every { query, .. } => self.query(query, errors),
                Literal::NotExpr { .. } => {}
            }
        }
    }
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
