//! Compiling: modules as regorus parses them become rules of slots and statements.
//!
//! Names are resolved here once, the statements of each body are put into an
//! order in which every variable is bound before it is used (OPA's safety), and
//! what iterates is made explicit. Nothing of the syntax tree is kept.

mod atoms;
mod body;
mod check;
mod cycle;
mod deep;
mod heads;
mod refs;
mod scope;
mod terms;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use regorus::unstable::{Expr as Ast, Module, Span as AstSpan};

use super::super::Value;
use super::error::{ErrorCode, ExecError};
use super::ir::{At, Clause, Expr, Node, Rule, RuleId, Slot};
use crate::source::Span;
use scope::Frame;

pub(super) use deep::PATCHED;
pub(super) use heads::compile;

/// A compile step's result.
type Step<T> = Result<T, Box<ExecError>>;

/// What the compiled rules are known by while bodies are compiled.
#[derive(Debug, Default)]
pub(super) struct Globals {
    /// Packages and rules under `data`; the first node is the root.
    pub tree: Vec<Node>,
    /// Arity of each rule, `None` when it is no function.
    pub arity: Vec<Option<usize>>,
}

impl Globals {
    /// The node at `path`, made if need be.
    fn grow(&mut self, path: &[Arc<str>]) -> usize {
        if self.tree.is_empty() {
            self.tree.push(Node::default());
        }
        path.iter().fold(0, |at, key| {
            let known = self.tree.get(at).and_then(|node| node.children.get(key)).copied();
            known.unwrap_or_else(|| {
                let new = self.tree.len();
                self.tree.push(Node::default());
                if let Some(node) = self.tree.get_mut(at) {
                    node.children.insert(key.clone(), new);
                }
                new
            })
        })
    }

    /// The child of the node `at`.
    pub fn child(&self, at: usize, key: &str) -> Option<usize> {
        self.tree.get(at)?.children.get(key).copied()
    }

    /// The rule at the node `at`.
    pub fn rule(&self, at: usize) -> Option<RuleId> {
        self.tree.get(at)?.rule
    }

    /// All rules at or below the node `at`.
    pub fn below(&self, at: usize) -> Vec<RuleId> {
        let mut rules = Vec::new();
        let mut open = vec![at];
        while let Some(node) = open.pop().and_then(|at| self.tree.get(at)) {
            rules.extend(node.rule);
            open.extend(node.children.values());
        }
        rules
    }

    /// The rule whose whole path is `path`.
    pub fn find<'a>(&self, mut path: impl Iterator<Item = &'a str>) -> Option<RuleId> {
        self.rule(path.try_fold(0, |at, key| self.child(at, key))?)
    }
}

/// What a clause needs before it has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Rule(RuleId),
    /// All rules at or below a node of the tree: named together, as there may be many.
    Below(usize),
}

/// One module: its package, its imports and the names of its package's rules.
#[derive(Debug)]
struct Unit<'a> {
    module: u32,
    package: Vec<Arc<str>>,
    imports: BTreeMap<String, Vec<Arc<str>>>,
    rules: BTreeSet<String>,
    ast: Option<&'a Module>,
}

impl Unit<'_> {
    fn at(&self, span: &AstSpan) -> At {
        At { module: self.module, span: Span::new(span.start as usize, span.end as usize) }
    }

    /// The path that a global name means: `input…` or `data…`.
    fn global(&self, name: &str) -> Option<Vec<Arc<str>>> {
        if matches!(name, "input" | "data") {
            return Some(vec![name.into()]);
        }
        if self.rules.contains(name) {
            let head = std::iter::once(Arc::from("data"));
            return Some(head.chain(self.package.iter().cloned()).chain([Arc::from(name)]).collect());
        }
        self.imports.get(name).cloned()
    }
}

/// The compiler of one clause.
struct Cx<'a> {
    globals: &'a Globals,
    unit: &'a Unit<'a>,
    frame: Frame,
    /// Terms that a statement before them has put into a variable.
    lifted: HashMap<usize, Slot>,
    /// What the clause needs.
    needs: BTreeSet<Need>,
    depth: usize,
}

impl<'a> Cx<'a> {
    fn new(globals: &'a Globals, unit: &'a Unit<'a>) -> Self {
        Self { globals, unit, frame: Frame::default(), lifted: HashMap::new(), needs: BTreeSet::new(), depth: 0 }
    }

    fn at(&self, span: &AstSpan) -> At {
        self.unit.at(span)
    }

    fn fail<T>(&self, code: ErrorCode, span: &AstSpan, message: impl Into<String>) -> Step<T> {
        Err(ExecError::new(code, self.at(span), message))
    }

    /// What a statement before it has put into a variable, for `expr`.
    fn lifted(&self, expr: &Ast) -> Option<Expr> {
        self.lifted.get(&key_of(expr)).copied().map(Expr::Slot)
    }
}

/// The identity of a node of the syntax tree while it is compiled.
fn key_of(expr: &Ast) -> usize {
    std::ptr::from_ref(expr) as usize
}

/// The names of a path such as `data.a["b"].c`, if it is one of plain names.
fn static_path(expr: &Ast) -> Option<Vec<Arc<str>>> {
    match expr {
        Ast::Var { span, .. } => Some(vec![span.text().into()]),
        Ast::RefDot { refr, field, .. } => {
            let mut path = static_path(refr)?;
            path.push(field.0.text().into());
            Some(path)
        }
        Ast::RefBrack { refr, index, .. } => {
            let mut path = static_path(refr)?;
            path.push(text_of(index)?);
            Some(path)
        }
        _ => None,
    }
}

/// The text of a string literal.
fn text_of(expr: &Ast) -> Option<Arc<str>> {
    match expr {
        Ast::String { value: Value::String(text), .. } | Ast::RawString { value: Value::String(text), .. } => {
            Some(text.clone())
        }
        _ => None,
    }
}

/// The value of a scalar literal.
fn scalar(expr: &Ast) -> Option<&Value> {
    match expr {
        Ast::String { value, .. }
        | Ast::RawString { value, .. }
        | Ast::Number { value, .. }
        | Ast::Bool { value, .. }
        | Ast::Null { value, .. } => Some(value),
        _ => None,
    }
}

/// A query compiled by itself, with the variables it is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub clause: Clause,
    pub names: Vec<(String, Slot)>,
}

/// Rules and the tree they are found by.
#[derive(Debug)]
pub(super) struct Compiled {
    pub rules: Vec<Rule>,
    pub globals: Globals,
}

/// Compiles a query outside of any package.
pub(super) fn ask(globals: &Globals, query: &regorus::unstable::Query) -> Step<Asked> {
    let unit =
        Unit { module: super::QUERY, package: Vec::new(), imports: BTreeMap::new(), rules: BTreeSet::new(), ast: None };
    Cx::new(globals, &unit).asked(query)
}
