//! Names: which variable, rule or import a word means at one place of a rule.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regorus::unstable::{AssignOp, Expr as Ast, Literal, Query, Ref};

use super::super::ir::Slot;

/// The variables of one clause as far as it has been compiled.
#[derive(Debug, Default)]
pub(super) struct Frame {
    scopes: Vec<BTreeMap<String, Slot>>,
    /// Where in the text a variable that `:=` declares is not seen yet.
    hidden: BTreeMap<Slot, Range<u32>>,
    bound: BTreeSet<Slot>,
    slots: u32,
}

impl Frame {
    /// A new variable without a name.
    pub fn fresh(&mut self) -> Slot {
        self.slots += 1;
        self.slots - 1
    }

    /// How many variables there are.
    pub fn len(&self) -> usize {
        self.slots as usize
    }

    /// Opens a scope in which each of `names` is a new variable.
    pub fn open(&mut self, names: &BTreeSet<String>) {
        let scope = names.iter().map(|name| (name.clone(), self.fresh())).collect();
        self.scopes.push(scope);
    }

    /// Closes the innermost scope.
    pub fn close(&mut self) {
        self.scopes.pop();
    }

    /// The variable that `name` means here.
    pub fn find(&self, name: &str) -> Option<Slot> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    /// Notes that nested bodies that begin within `places` do not see the innermost variable `name`.
    pub fn hide(&mut self, name: &str, places: Range<u32>) {
        if let Some(slot) = self.scopes.last().and_then(|scope| scope.get(name)) {
            self.hidden.insert(*slot, places);
        }
    }

    /// The variable that `name` means in a nested body that begins at `place`.
    pub fn find_at(&self, name: &str, place: u32) -> Option<Slot> {
        let seen = |slot: &Slot| self.hidden.get(slot).is_none_or(|hidden| !hidden.contains(&place));
        self.scopes.iter().rev().filter_map(|scope| scope.get(name).copied()).find(seen)
    }

    /// Notes that `slot` has a value from here on.
    pub fn bind(&mut self, slot: Slot) {
        self.bound.insert(slot);
    }

    /// Whether `slot` has a value here.
    pub fn is_bound(&self, slot: Slot) -> bool {
        self.bound.contains(&slot)
    }

    /// What has a value here.
    pub fn bound(&self) -> &BTreeSet<Slot> {
        &self.bound
    }

    /// Forgets what was bound since `bound` was taken: a nested body has ended.
    pub fn restore(&mut self, bound: BTreeSet<Slot>) {
        self.bound = bound;
    }
}

/// The text of a variable, when `expr` is one.
pub(super) fn var(expr: &Ast) -> Option<&str> {
    match expr {
        Ast::Var { span, .. } => Some(span.text()),
        _ => None,
    }
}

/// The names that `query` declares for itself: `some x`, `x := …`, `some x in …`.
pub(super) fn declared(query: &Query) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for stmt in &query.stmts {
        match &stmt.literal {
            Literal::SomeVars { vars, .. } => names.extend(vars.iter().map(|var| var.text().to_owned())),
            Literal::SomeIn { key, value, .. } => {
                for part in key.iter().chain([value]) {
                    pattern_names(part, &mut names);
                }
            }
            Literal::Expr { expr, .. } => {
                if let Ast::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() {
                    pattern_names(lhs, &mut names);
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }
    names.remove("_");
    names
}

/// The names that `some x` declares in `query`.
pub(super) fn announced(query: &Query) -> BTreeSet<String> {
    let vars = query.stmts.iter().filter_map(|stmt| match &stmt.literal {
        Literal::SomeVars { vars, .. } => Some(vars),
        _ => None,
    });
    vars.flatten().map(|var| var.text().to_owned()).collect()
}

/// The names that `:=` declares in `query`, and where in it each is not seen yet.
pub(super) fn assigned(query: &Query) -> Vec<(String, Range<u32>)> {
    let mut found = Vec::new();
    for stmt in &query.stmts {
        if let Literal::Expr { expr, .. } = &stmt.literal
            && let Ast::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref()
        {
            let mut names = BTreeSet::new();
            pattern_names(lhs, &mut names);
            found.extend(names.into_iter().map(|name| (name, query.span.start..stmt.span.end)));
        }
    }
    found
}

/// The variables of a pattern: those in it, in its arrays and in its objects' values.
pub(super) fn pattern_names(expr: &Ref<Ast>, names: &mut BTreeSet<String>) {
    match expr.as_ref() {
        Ast::Var { span, .. } => {
            names.insert(span.text().to_owned());
        }
        Ast::Array { items, .. } => items.iter().for_each(|item| pattern_names(item, names)),
        Ast::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| pattern_names(value, names)),
        _ => {}
    }
}

/// The names that `query` mentions outside of its own nested bodies.
pub(super) fn mentioned(query: &Query) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for stmt in &query.stmts {
        match &stmt.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                for part in key.iter().chain([value, collection]) {
                    words(part, &mut names);
                }
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => words(expr, &mut names),
            Literal::Every { domain, .. } => words(domain, &mut names),
        }
        for with in &stmt.with_mods {
            words(&with.r#as, &mut names);
        }
    }
    names
}

/// Adds the variables that `expr` mentions, nested bodies left out.
pub(super) fn words(expr: &Ast, names: &mut BTreeSet<String>) {
    each_word(expr, false, &mut |name| {
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
    });
}

/// Adds every name that `query` mentions and does not declare, nested bodies included.
pub(super) fn free(query: &Query, names: &mut BTreeSet<String>) {
    let own = declared(query);
    let mut add = |name: &str| {
        if !own.contains(name) {
            names.insert(name.to_owned());
        }
    };
    for stmt in &query.stmts {
        match &stmt.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                for part in key.iter().chain([value, collection]) {
                    each_word(part, true, &mut add);
                }
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => each_word(expr, true, &mut add),
            Literal::Every { key, value, domain, query, .. } => {
                each_word(domain, true, &mut add);
                let mut inner = BTreeSet::new();
                free(query, &mut inner);
                inner.remove(value.text());
                if let Some(key) = key {
                    inner.remove(key.text());
                }
                inner.iter().for_each(|name| add(name));
            }
        }
        for with in &stmt.with_mods {
            each_word(&with.r#as, true, &mut add);
        }
    }
}

/// The parts of `expr` that are no nested body; false for a leaf or a comprehension.
pub(super) fn parts<'a>(expr: &'a Ast, mut each: impl FnMut(&'a Ref<Ast>)) {
    match expr {
        Ast::Array { items, .. } | Ast::Set { items, .. } => items.iter().for_each(each),
        Ast::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            each(key);
            each(value);
        }),
        Ast::Call { params, .. } => params.iter().for_each(each),
        Ast::UnaryExpr { expr, .. } => each(expr),
        Ast::RefDot { refr, .. } => each(refr),
        Ast::RefBrack { refr, index, .. } => {
            each(refr);
            each(index);
        }
        Ast::BinExpr { lhs, rhs, .. }
        | Ast::BoolExpr { lhs, rhs, .. }
        | Ast::ArithExpr { lhs, rhs, .. }
        | Ast::AssignExpr { lhs, rhs, .. } => {
            each(lhs);
            each(rhs);
        }
        Ast::Membership { key, value, collection, .. } => {
            key.iter().for_each(&mut each);
            each(value);
            each(collection);
        }
        _ => {}
    }
}

/// The body and heads of a comprehension.
pub(super) fn closure(expr: &Ast) -> Option<(&Query, Vec<&Ref<Ast>>)> {
    match expr {
        Ast::ArrayCompr { term, query, .. } | Ast::SetCompr { term, query, .. } => Some((query, vec![term])),
        Ast::ObjectCompr { key, value, query, .. } => Some((query, vec![key, value])),
        _ => None,
    }
}

fn each_word(expr: &Ast, nested: bool, add: &mut dyn FnMut(&str)) {
    // References are most of what there is: their steps are followed without recursion.
    let mut at = expr;
    loop {
        match at {
            Ast::RefDot { refr, .. } => at = refr,
            Ast::RefBrack { refr, index, .. } => {
                each_word(index, nested, add);
                at = refr;
            }
            Ast::Var { span, .. } => return add(span.text()),
            _ => break,
        }
    }
    if let (true, Some((query, heads))) = (nested, closure(at)) {
        let own = declared(query);
        let mut inner = BTreeSet::new();
        free(query, &mut inner);
        for head in heads {
            each_word(head, true, &mut |name| {
                if !own.contains(name) {
                    inner.insert(name.to_owned());
                }
            });
        }
        inner.iter().for_each(|name| add(name));
    }
    parts(at, |part| each_word(part, nested, add));
}
