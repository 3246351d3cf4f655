//! Heads: which document each rule adds to, and how.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use rayon::prelude::*;
use regorus::unstable::{Expr as Ast, Module, Query, Ref, Rule as AstRule, RuleBody, RuleHead, Span as AstSpan};

use super::super::super::Value;
use super::super::super::parse::with_stack;
use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{At, Clause, Cmp, Expr, Op, Pattern, Rule, RuleKind, Stmt};
use super::refs::{Seg, flatten};
use super::{Compiled, Cx, Globals, Need, Step, Unit, check, cycle, deep, scope, static_path, text_of};

/// A rule's head, taken apart.
struct Head<'a> {
    path: Vec<Arc<str>>,
    /// Keys below the path.
    keys: Vec<Key<'a>>,
    args: &'a [Ref<Ast>],
    function: bool,
    contains: bool,
    value: Option<&'a Ref<Ast>>,
}

/// One key below a rule's path.
enum Key<'a> {
    Name(Value),
    Term(&'a Ref<Ast>),
}

/// One rule as written, and the module it is in.
struct Draft<'a> {
    unit: &'a Unit<'a>,
    head: Head<'a>,
    bodies: &'a [RuleBody],
    default: bool,
    span: &'a AstSpan,
}

/// Compiles all rules of `modules`.
pub(in super::super) fn compile(modules: &[impl AsRef<Module>]) -> Result<Compiled, Vec<ExecError>> {
    let mut errors = Vec::new();
    let mut units: Vec<Unit<'_>> =
        modules.iter().enumerate().map(|(at, module)| unit(at, module.as_ref(), &mut errors)).collect();
    let mut names: BTreeMap<Vec<Arc<str>>, BTreeSet<String>> = BTreeMap::new();
    for unit in &units {
        names.entry(unit.package.clone()).or_default().extend(own_names(unit));
    }
    for unit in &mut units {
        unit.rules = names.get(&unit.package).cloned().unwrap_or_default();
    }
    let groups = gather(&units, &mut errors);
    let mut globals = Globals::default();
    units.iter().for_each(|unit| {
        globals.grow(&unit.package);
    });
    let mut kinds = Vec::new();
    for (id, (path, drafts)) in groups.iter().enumerate() {
        let node = globals.grow(path);
        if let Some(node) = globals.tree.get_mut(node) {
            node.rule = u32::try_from(id).ok();
        }
        let function = drafts.iter().find(|draft| draft.head.function).map(|draft| draft.head.args.len());
        globals.arity.push(function);
        kinds.push(kind_of(path, drafts, &mut errors));
    }
    let drafts: Vec<_> = groups.iter().zip(kinds).collect();
    let made: Vec<_> = drafts
        .into_par_iter()
        .map(|((path, drafts), kind)| with_stack(|| rule(&globals, path, drafts, kind)))
        .collect();
    let (mut rules, mut needs) = (Vec::with_capacity(made.len()), Vec::with_capacity(made.len()));
    for (rule, needed, wrong) in made {
        rules.push(rule);
        needs.push(needed);
        errors.extend(wrong);
    }
    let order = cycle::find(&rules, &globals, &needs, &mut errors);
    if errors.is_empty() {
        deep::check(&rules, &globals, &order, &mut errors);
    }
    if errors.is_empty() { Ok(Compiled { rules, globals }) } else { Err(errors) }
}

fn unit<'a>(at: usize, ast: &'a Module, errors: &mut Vec<ExecError>) -> Unit<'a> {
    let module = u32::try_from(at).unwrap_or(u32::MAX);
    let package = std::iter::empty().chain(static_path(&ast.package.refr).unwrap_or_default()).collect();
    let mut unit = Unit { module, package, imports: BTreeMap::new(), rules: BTreeSet::new(), ast: Some(ast) };
    for import in &ast.imports {
        let Some(path) = static_path(&import.refr) else { continue };
        let Some(root) = path.first().map(|root| &**root) else { continue };
        let alias = import.r#as.as_ref().map(|name| name.text().to_owned());
        let name = alias.or_else(|| path.last().map(std::string::ToString::to_string)).unwrap_or_default();
        match root {
            "input" | "data" if path.len() > 1 || import.r#as.is_some() => {
                unit.imports.insert(name, path);
            }
            "input" | "data" | "rego" | "future" => {}
            _ => {
                let message = format!(
                    "unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {root}"
                );
                errors.push(*ExecError::new(ErrorCode::Parse, unit.at(&import.span), message));
            }
        }
    }
    unit
}

/// The first names of the rules in a module.
fn own_names(unit: &Unit<'_>) -> BTreeSet<String> {
    let rules = unit.ast.map(|ast| ast.policy.as_slice()).unwrap_or_default();
    let name = |rule: &Ref<AstRule>| {
        let refr = match rule.as_ref() {
            AstRule::Default { refr, .. } => refr,
            AstRule::Spec { head, .. } => match head {
                RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
            },
        };
        scope::var(flatten(refr).0).map(str::to_owned)
    };
    rules.iter().filter_map(name).collect()
}

type Groups<'a> = BTreeMap<Vec<Arc<str>>, Vec<Draft<'a>>>;

fn gather<'a>(units: &'a [Unit<'a>], errors: &mut Vec<ExecError>) -> Groups<'a> {
    let mut groups = Groups::new();
    for unit in units {
        for rule in unit.ast.map(|ast| ast.policy.as_slice()).unwrap_or_default() {
            let draft = draft(unit, rule);
            groups.entry(draft.head.path.clone()).or_default().push(draft);
        }
    }
    fold_nested(&mut groups);
    for (path, drafts) in &groups {
        if let (Some(_), Some(draft)) = (below(&groups, path).next(), drafts.first()) {
            let name = path.join(".");
            let message = format!("rule data.{name} conflicts with rules below it");
            errors.push(*ExecError::new(ErrorCode::Type, draft.unit.at(draft.span), message));
        }
    }
    groups
}

/// The paths that begin with `path` and go on: they stand together behind it.
fn below<'g>(groups: &'g Groups<'_>, path: &'g [Arc<str>]) -> impl Iterator<Item = &'g Vec<Arc<str>>> {
    let behind = groups.range::<[Arc<str>], _>((Bound::Excluded(path), Bound::Unbounded));
    behind.map(|(other, _)| other).take_while(move |other| other.starts_with(path))
}

/// Rules below an object rule (`p.q := 1` beside `p[x] := …`) become its clauses.
fn fold_nested(groups: &mut Groups<'_>) {
    let objects: Vec<_> = groups
        .iter()
        .filter(|(_, drafts)| drafts.iter().any(|draft| !draft.head.keys.is_empty()))
        .map(|(path, _)| path.clone())
        .collect();
    for base in objects {
        let inner: Vec<_> = below(groups, &base).cloned().collect();
        for path in inner {
            let Some(drafts) = groups.remove(&path) else { continue };
            for mut draft in drafts {
                let names = path.iter().skip(base.len()).map(|name| Key::Name(Value::String(name.clone())));
                draft.head.keys = names.chain(std::mem::take(&mut draft.head.keys)).collect();
                draft.head.path.clone_from(&base);
                groups.entry(base.clone()).or_default().push(draft);
            }
        }
    }
}

fn draft<'a>(unit: &'a Unit<'a>, rule: &'a AstRule) -> Draft<'a> {
    match rule {
        AstRule::Default { span, refr, args, value, .. } => {
            let mut head = head(unit, refr, Some(value));
            head.args = args;
            head.function = !args.is_empty();
            Draft { unit, head, bodies: &[], default: true, span }
        }
        AstRule::Spec { span, head: RuleHead::Compr { refr, assign, .. }, bodies } => {
            let head = head(unit, refr, assign.as_ref().map(|assign| &assign.value));
            Draft { unit, head, bodies, default: false, span }
        }
        AstRule::Spec { span, head: RuleHead::Func { refr, args, assign, .. }, bodies } => {
            let mut head = head(unit, refr, assign.as_ref().map(|assign| &assign.value));
            head.args = args;
            // As in OPA `f() := 1` is the rule `f`.
            head.function = !args.is_empty();
            Draft { unit, head, bodies, default: false, span }
        }
        AstRule::Spec { span, head: RuleHead::Set { refr, key, .. }, bodies } => {
            let mut head = head(unit, refr, key.as_ref());
            head.contains = true;
            if key.is_none() && head.path.len() > 1 {
                // v0's `p.q { … }` is the set `p` with the member "q".
                head.keys.insert(0, Key::Name(head.path.pop().map_or(Value::Undefined, Value::String)));
            }
            Draft { unit, head, bodies, default: false, span }
        }
    }
}

fn head<'a>(unit: &Unit<'_>, refr: &'a Ast, value: Option<&'a Ref<Ast>>) -> Head<'a> {
    let (base, segs) = flatten(refr);
    let mut path = unit.package.clone();
    path.extend(scope::var(base).map(Arc::from));
    let mut keys = Vec::new();
    for seg in segs {
        let name = match &seg {
            Seg::Field(Value::String(name)) => Some(name.clone()),
            Seg::Index(index) => text_of(index),
            Seg::Field(_) => None,
        };
        match (name, seg) {
            (Some(name), _) if keys.is_empty() => path.push(name),
            (Some(name), _) => keys.push(Key::Name(Value::String(name))),
            (None, Seg::Index(index)) => keys.push(Key::Term(index)),
            (None, Seg::Field(name)) => keys.push(Key::Name(name)),
        }
    }
    Head { path, keys, args: &[], function: false, contains: false, value }
}

fn kind_of(path: &[Arc<str>], drafts: &[Draft<'_>], errors: &mut Vec<ExecError>) -> RuleKind {
    let kind = |draft: &Draft<'_>| {
        if draft.head.function {
            RuleKind::Function
        } else if !draft.head.keys.is_empty() {
            RuleKind::Object
        } else if draft.head.contains {
            RuleKind::Set
        } else {
            RuleKind::Complete
        }
    };
    let Some(first) = drafts.first() else { return RuleKind::Complete };
    let mut found = kind(first);
    let name = path.last().map_or("", |name| &**name);
    for draft in drafts {
        let (this, at) = (kind(draft), draft.unit.at(draft.span));
        if this == RuleKind::Object && matches!(found, RuleKind::Set | RuleKind::Complete) && !first.head.contains {
            found = RuleKind::Object;
        }
        if this != found && !(draft.default && found == RuleKind::Object) {
            errors.push(*ExecError::new(ErrorCode::Type, at, format!("conflicting rules {name} found")));
        }
        if this == RuleKind::Function && draft.head.args.len() != first.head.args.len() {
            errors.push(*ExecError::new(ErrorCode::Type, at, format!("conflicting rules {name} found")));
        }
    }
    if drafts.iter().filter(|draft| draft.default).count() > 1 {
        let message = format!("multiple default rules {name} found");
        errors.push(*ExecError::new(ErrorCode::Type, first.unit.at(first.span), message));
    }
    found
}

fn rule(
    globals: &Globals,
    path: &[Arc<str>],
    drafts: &[Draft<'_>],
    kind: RuleKind,
) -> (Rule, BTreeSet<Need>, Vec<ExecError>) {
    let mut errors = Vec::new();
    let mut needs = BTreeSet::new();
    let mut clauses = Vec::new();
    let mut default = None;
    for draft in drafts {
        for made in compiled(globals, draft, &mut needs) {
            match made {
                Ok(clause) if draft.default => default = Some(clause),
                Ok(clause) => clauses.push(clause),
                Err(error) => errors.push(*error),
            }
        }
    }
    let at = drafts.first().map(|draft| draft.unit.at(draft.span)).unwrap_or_default();
    let exempts = check::exempts(path.last().map_or("", |name| &**name));
    (Rule { path: path.to_vec(), kind, clauses, default, exempts, at }, needs, errors)
}

/// The clauses of one rule: one with its chain of `else`, or one a block of v0's chained bodies.
fn compiled(globals: &Globals, draft: &Draft<'_>, needs: &mut BTreeSet<Need>) -> Vec<Step<Clause>> {
    let mut make = |body: Option<&RuleBody>| {
        let mut cx = Cx::new(globals, draft.unit);
        let value = body.and_then(|body| body.assign.as_ref()).map(|assign| &assign.value);
        let value = if body.is_some_and(|body| body.is_else) { value } else { value.or(draft.head.value) };
        let at = body.map_or_else(|| cx.at(draft.span), |body| cx.at(&body.span));
        let made = cx.clause(&draft.head, body.map(|body| body.query.as_ref()), value, at);
        needs.append(&mut cx.needs);
        made
    };
    if draft.bodies.is_empty() {
        return vec![make(None)];
    }
    let mut clauses: Vec<Step<Clause>> = Vec::new();
    let mut chain: Vec<Step<Clause>> = Vec::new();
    for body in draft.bodies {
        let made = make(Some(body));
        if body.is_else {
            chain.push(made);
        } else {
            link(&mut clauses, &mut chain);
            clauses.push(made);
        }
    }
    link(&mut clauses, &mut chain);
    clauses
}

/// Hangs the `else` clauses in `chain` under the last of `clauses`.
fn link(clauses: &mut [Step<Clause>], chain: &mut Vec<Step<Clause>>) {
    let mut below: Option<Box<Clause>> = None;
    for made in chain.drain(..).rev() {
        match made {
            Ok(mut clause) => {
                clause.otherwise = below.take();
                below = Some(Box::new(clause));
            }
            Err(error) => {
                if let Some(last) = clauses.last_mut() {
                    *last = Err(error);
                }
                return;
            }
        }
    }
    if let (Some(below), Some(Ok(last))) = (below, clauses.last_mut()) {
        last.otherwise = Some(below);
    }
}

impl Cx<'_> {
    fn clause(&mut self, head: &Head<'_>, query: Option<&Query>, value: Option<&Ref<Ast>>, at: At) -> Step<Clause> {
        let mut names = BTreeSet::new();
        head.args.iter().for_each(|arg| scope::pattern_names(arg, &mut names));
        names.remove("_");
        self.frame.open(&names);
        let mut computed = Vec::new();
        let mut args = Vec::with_capacity(head.args.len());
        for arg in head.args {
            // `f($"{x}")`: what the body binds makes the text that the argument has to be.
            if let Ast::Call { .. } = arg.as_ref() {
                let slot = self.frame.fresh();
                self.frame.bind(slot);
                computed.push((slot, arg));
                args.push(Pattern::Bind(slot));
            } else {
                args.push(self.pattern(arg)?);
            }
        }
        let terms: Vec<&Ast> = head
            .keys
            .iter()
            .filter_map(|key| match key {
                Key::Term(term) => Some(term.as_ref()),
                Key::Name(_) => None,
            })
            .chain(value.map(AsRef::as_ref))
            .collect();
        let nothing;
        let query = if let Some(query) = query {
            query
        } else {
            nothing = Query { span: value_span(self.unit)?, stmts: Vec::new(), qidx: 0 };
            &nothing
        };
        self.enter(query, &terms);
        let mut block = self.block(query)?;
        for (slot, arg) in computed {
            self.lift(arg, &mut block)?;
            let sides = Box::new((Expr::Slot(slot), self.expr(arg)?));
            block.push(Stmt { op: Op::Test(Expr::Cmp(Cmp::Eq, sides)), at: self.at(arg.span()) });
        }
        for term in &terms {
            self.lift(term, &mut block)?;
        }
        let key = |cx: &mut Self, key: &Key<'_>| match key {
            Key::Name(name) => Ok(Expr::Const(name.clone())),
            Key::Term(term) => cx.expr(term),
        };
        let mut keys = head.keys.iter().map(|part| key(self, part)).collect::<Step<Vec<_>>>()?;
        let value = match value {
            Some(value) => self.expr(value)?,
            None if head.contains => keys.pop().unwrap_or(Expr::Const(Value::Undefined)),
            None => Expr::Const(Value::from(true)),
        };
        Ok(Clause { slots: self.frame.len(), args, block, keys, value, contains: head.contains, otherwise: None, at })
    }
}

fn value_span(unit: &Unit<'_>) -> Step<AstSpan> {
    match unit.ast {
        Some(ast) => Ok(ast.package.span.clone()),
        None => Err(ExecError::new(ErrorCode::Internal, At::default(), "a rule without a module")),
    }
}
