//! Evaluating expressions with what is known before a plan.
//!
//! hcl-rs has an evaluator too, but without places, Terraform's functions or an
//! unknown that travels; so this one walks hcl-edit's tree itself. Every step
//! costs fuel, values are bounded in size (see `cell`), and the depth is bounded
//! across locals, so a hostile module ends as unknown and not as a crash.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hcl_edit::expr::{BinaryOp, BinaryOperator, Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::expr::{FuncCall, UnaryOperator};

use super::cell::{Cell, Eval, Stop};
use super::functions;
use crate::parse::hcl::Text;
use crate::parse::hcl::convert::wrap;
use crate::parse::hcl::template::{self, Piece};

/// How many steps one directory may take.
const FUEL: usize = 2_000_000;
/// How deep expressions may go, through locals and variables too.
const MAX_DEPTH: usize = 100;
/// 2^53: up to here a float holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Where a local or a variable gets its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition<'a> {
    pub(super) file: usize,
    pub(super) expr: &'a Expression,
    /// The primitive type that a variable is declared with.
    pub(super) kind: Option<&'a str>,
}

/// `local.x` and `var.x`.
pub(super) type Name<'a> = (&'a str, &'a str);

pub(super) struct Evaluator<'a> {
    texts: &'a [Text<'a>],
    names: HashMap<Name<'a>, Definition<'a>>,
    done: HashMap<Name<'a>, Option<Eval>>,
    bound: Vec<(&'a str, Cell)>,
    file: usize,
    depth: usize,
    fuel: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(texts: &'a [Text<'a>], names: HashMap<Name<'a>, Definition<'a>>) -> Self {
        Self { texts, names, done: HashMap::new(), bound: Vec::new(), file: 0, depth: 0, fuel: FUEL }
    }

    /// The value of an expression of the file numbered `file`.
    pub(super) fn value(&mut self, file: usize, expr: &'a Expression) -> Eval {
        self.file = file;
        self.eval(expr)
    }

    /// The definition that an expression, possibly in a template, names and nothing else.
    pub(super) fn definition(&self, expr: &Expression) -> Option<Definition<'a>> {
        match expr {
            Expression::StringTemplate(template) => self.definition(template::only_interpolation(template)?),
            Expression::Traversal(traversal) => match (&traversal.expr, traversal.operators.as_slice()) {
                (Expression::Variable(root), [only]) => match only.value() {
                    TraversalOperator::GetAttr(name) => self.names.get(&(root.as_str(), name.as_str())).copied(),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn spend(&mut self, cost: usize) -> Result<(), Stop> {
        self.fuel = self.fuel.checked_sub(cost).ok_or(Stop::Unknown)?;
        Ok(())
    }

    /// An expression in a list, an object or an argument, where unknown is a value.
    fn part(&mut self, expr: &'a Expression) -> Cell {
        let unknown = |text: &Text| Cell::Unknown(wrap(*text, expr).into());
        match self.eval(expr) {
            Ok(cell) => cell,
            Err(_) => self.texts.get(self.file).map_or(Cell::Unknown("${}".into()), unknown),
        }
    }

    fn eval(&mut self, expr: &'a Expression) -> Eval {
        self.spend(1)?;
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Unknown);
        }
        self.depth += 1;
        let value = self.expression(expr);
        self.depth -= 1;
        match value {
            Ok(Cell::Unknown(_)) => Err(Stop::Unknown),
            value => value,
        }
    }

    fn expression(&mut self, expr: &'a Expression) -> Eval {
        match expr {
            Expression::Null(_) => Ok(Cell::Null),
            Expression::Bool(value) => Ok(Cell::Bool(*value.value())),
            Expression::Number(value) => {
                let exact = |n: &f64| n.abs() <= EXACT;
                value.value().as_f64().filter(exact).map(Cell::Number).ok_or(Stop::Unknown)
            }
            Expression::String(value) => Cell::string(value.as_str()),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.part(item)).collect();
                Cell::list(items)
            }
            Expression::Object(fields) => {
                let mut map = BTreeMap::new();
                for (key, value) in fields {
                    map.insert(self.key(key)?, self.part(value.expr()));
                }
                Cell::map(map)
            }
            Expression::StringTemplate(parts) => match template::only_interpolation(parts) {
                Some(inner) => self.eval(inner),
                None => self.template(template::quoted(parts)),
            },
            Expression::HeredocTemplate(parts) => {
                let text = self.texts.get(self.file).copied().ok_or(Stop::Unknown)?;
                self.template(template::heredoc(text, parts))
            }
            Expression::Parenthesis(inner) => self.eval(inner.inner()),
            Expression::Variable(name) => self.variable(name.as_str()),
            Expression::Conditional(choice) => {
                let yes = self.eval(&choice.cond_expr)?.boolean()?;
                let (taken, other) = (&choice.true_expr, &choice.false_expr);
                let (taken, other) = if yes { (taken, other) } else { (other, taken) };
                let value = self.eval(taken)?;
                // Both sides have one type: `true ? 1 : "a"` is `"1"`.
                match (&value, self.eval(other)) {
                    (Cell::Number(_) | Cell::Bool(_), Ok(Cell::String(_))) => value.text().map(Cell::String),
                    _ => Ok(value),
                }
            }
            Expression::FuncCall(call) => self.call(call),
            Expression::Traversal(traversal) => self.traversal(traversal),
            Expression::UnaryOp(op) => match op.operator.value() {
                UnaryOperator::Neg => Ok(Cell::Number(-self.eval(&op.expr)?.number()?)),
                UnaryOperator::Not => Ok(Cell::Bool(!self.eval(&op.expr)?.boolean()?)),
            },
            Expression::BinaryOp(op) => self.binary(op),
            Expression::ForExpr(each) => self.for_expr(each),
        }
    }

    fn key(&mut self, key: &'a ObjectKey) -> Result<Arc<str>, Stop> {
        match key {
            ObjectKey::Ident(name) => Ok(name.as_str().into()),
            ObjectKey::Expression(Expression::Variable(name)) => Ok(name.value().as_str().into()),
            ObjectKey::Expression(expr) => self.eval(expr)?.text(),
        }
    }

    fn variable(&mut self, name: &str) -> Eval {
        let bound = self.bound.iter().rev().find(|(bound, _)| *bound == name);
        bound.map(|(_, cell)| cell.clone()).ok_or(Stop::Unknown)
    }

    /// The value of `var.x` or `local.x`; one that needs itself is unknown.
    fn named(&mut self, name: Name<'a>) -> Eval {
        let Some((name, definition)) = self.names.get_key_value(&name).map(|(name, def)| (*name, *def)) else {
            return Err(Stop::Unknown);
        };
        if let Some(done) = self.done.get(&name) {
            return done.clone().unwrap_or(Err(Stop::Unknown));
        }
        self.done.insert(name, None);
        let file = std::mem::replace(&mut self.file, definition.file);
        let bound = std::mem::take(&mut self.bound);
        let value = self.eval(definition.expr).and_then(|cell| convert(cell, definition.kind));
        self.file = file;
        self.bound = bound;
        self.done.insert(name, Some(value.clone()));
        value
    }

    fn traversal(&mut self, traversal: &'a Traversal) -> Eval {
        let operators: Vec<&TraversalOperator> = traversal.operators.iter().map(hcl_edit::Decorated::value).collect();
        if let (Expression::Variable(root), Some((TraversalOperator::GetAttr(name), rest))) =
            (&traversal.expr, operators.split_first())
            && matches!(root.as_str(), "var" | "local")
            && !self.bound.iter().any(|(bound, _)| *bound == root.as_str())
        {
            let value = self.named((root.as_str(), name.as_str()))?;
            return self.walk(value, rest);
        }
        let value = self.eval(&traversal.expr)?;
        self.walk(value, &operators)
    }

    fn walk(&mut self, mut value: Cell, operators: &[&'a TraversalOperator]) -> Eval {
        let mut rest = operators;
        while let Some((operator, after)) = rest.split_first() {
            rest = after;
            value = match operator {
                TraversalOperator::GetAttr(name) => index(&value, &Cell::String(name.as_str().into()))?,
                TraversalOperator::LegacyIndex(at) => index(&value, &Cell::String(at.value().to_string().into()))?,
                TraversalOperator::Index(at) => {
                    let at = self.eval(at)?;
                    index(&value, &at)?
                }
                TraversalOperator::AttrSplat(_) => {
                    let own = rest.iter().take_while(|op| matches!(op, TraversalOperator::GetAttr(_))).count();
                    let (own, after) = rest.split_at_checked(own).ok_or(Stop::Unknown)?;
                    rest = after;
                    self.splat(&value, own)?
                }
                TraversalOperator::FullSplat(_) => self.splat(&value, std::mem::take(&mut rest))?,
            };
        }
        Ok(value)
    }

    fn splat(&mut self, value: &Cell, operators: &[&'a TraversalOperator]) -> Eval {
        // Each splat of a chain is a level of recursion; chains have no other bound.
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Unknown);
        }
        self.spend(value.size())?;
        let items = match value {
            Cell::List(list) => list.parts.clone(),
            Cell::Null => Vec::new(),
            Cell::Unknown(_) => return Err(Stop::Unknown),
            other => vec![other.clone()],
        };
        self.depth += 1;
        let items: Result<Vec<_>, _> = items.into_iter().map(|item| self.walk(item, operators)).collect();
        self.depth -= 1;
        Cell::list(items?)
    }

    fn binary(&mut self, op: &'a BinaryOp) -> Eval {
        use BinaryOperator as Op;
        let left = self.eval(&op.lhs_expr)?;
        match op.operator.value() {
            Op::And if !left.boolean()? => return Ok(Cell::Bool(false)),
            Op::Or if left.boolean()? => return Ok(Cell::Bool(true)),
            _ => {}
        }
        let right = self.eval(&op.rhs_expr)?;
        let numbers = || Ok((left.number()?, right.number()?));
        let (same, ordered) = match op.operator.value() {
            Op::And | Op::Or => return Ok(Cell::Bool(right.boolean()?)),
            Op::Eq | Op::NotEq => {
                self.spend(left.size().saturating_add(right.size()))?;
                if !left.known() || !right.known() {
                    return Err(Stop::Unknown);
                }
                return Ok(Cell::Bool((left == right) == (*op.operator.value() == Op::Eq)));
            }
            _ => numbers()?,
        };
        let result = match op.operator.value() {
            Op::Less => return Ok(Cell::Bool(same < ordered)),
            Op::LessEq => return Ok(Cell::Bool(same <= ordered)),
            Op::Greater => return Ok(Cell::Bool(same > ordered)),
            Op::GreaterEq => return Ok(Cell::Bool(same >= ordered)),
            Op::Plus => same + ordered,
            Op::Minus => same - ordered,
            Op::Mul => same * ordered,
            Op::Div => same / ordered,
            _ => same % ordered,
        };
        // Terraform's numbers are exact; a float past this is not.
        match result.is_finite() {
            true if result.abs() <= EXACT => Ok(Cell::Number(result)),
            true => Err(Stop::Unknown),
            false => Err(Stop::Fault),
        }
    }

    fn template(&mut self, pieces: Vec<Piece<'a>>) -> Eval {
        let mut out = String::new();
        // For each open `if`: whether its text counts now, and whether the condition held.
        let mut open: Vec<(bool, bool)> = Vec::new();
        for piece in pieces {
            let shown = open.iter().all(|(shown, _)| *shown);
            match piece {
                Piece::Literal(text) if shown => out.push_str(&text),
                Piece::Interpolation(expr) if shown => out.push_str(&self.eval(expr)?.text()?),
                Piece::Literal(_) | Piece::Interpolation(_) => {}
                Piece::If(cond) => {
                    let held = if shown { self.eval(cond)?.boolean()? } else { false };
                    open.push((held, held));
                }
                Piece::Else => {
                    if let Some((shown, held)) = open.last_mut() {
                        *shown = !*held;
                    }
                }
                Piece::EndIf => drop(open.pop()),
                Piece::For(_) | Piece::EndFor => return Err(Stop::Unknown),
            }
            self.spend(out.len() / 64)?;
        }
        Cell::string(out)
    }

    fn for_expr(&mut self, each: &'a ForExpr) -> Eval {
        let over = self.eval(&each.intro.collection_expr)?;
        self.spend(over.size())?;
        let pairs: Vec<(Cell, Cell)> = match &over {
            Cell::List(list) => {
                let number = |at| u32::try_from(at).map_or(Cell::Null, |at| Cell::Number(f64::from(at)));
                list.parts.iter().enumerate().map(|(at, item)| (number(at), item.clone())).collect()
            }
            Cell::Map(map) => map.parts.iter().map(|(key, item)| (Cell::String(key.clone()), item.clone())).collect(),
            _ => return Err(Stop::Fault),
        };
        let outer = self.bound.len();
        let mut made = Vec::new();
        let mut result = Ok(());
        for (key, item) in pairs {
            if let Some(name) = &each.intro.key_var {
                self.bound.push((name.as_str(), key));
            }
            self.bound.push((each.intro.value_var.as_str(), item));
            result = self.for_item(each, &mut made);
            self.bound.truncate(outer);
            if result.is_err() {
                break;
            }
        }
        result?;
        collect(each, made)
    }

    fn for_item(&mut self, each: &'a ForExpr, made: &mut Vec<(Arc<str>, Cell)>) -> Result<(), Stop> {
        self.spend(1)?;
        if let Some(cond) = &each.cond
            && !self.eval(&cond.expr)?.boolean()?
        {
            return Ok(());
        }
        let key = match &each.key_expr {
            Some(key) => self.eval(key)?.text()?,
            None => Arc::from(""),
        };
        // An unknown item would show the loop's own variable, which means nothing outside it.
        let value = self.eval(&each.value_expr)?;
        self.spend(value.size())?;
        if !value.known() {
            return Err(Stop::Unknown);
        }
        made.push((key, value));
        Ok(())
    }

    fn call(&mut self, call: &'a FuncCall) -> Eval {
        if call.name.is_namespaced() {
            return Err(Stop::Unknown);
        }
        let name = call.name.name.as_str();
        match name {
            "try" => return self.first_that_works(call),
            "can" => {
                let arg = call.args.get(0).ok_or(Stop::Fault)?;
                return match self.eval(arg) {
                    Ok(value) if value.known() => Ok(Cell::Bool(true)),
                    Err(Stop::Fault) => Ok(Cell::Bool(false)),
                    _ => Err(Stop::Unknown),
                };
            }
            _ => {}
        }
        let mut args: Vec<Cell> = call.args.iter().map(|arg| self.part(arg)).collect();
        if call.args.expand_final() {
            let last = args.pop().ok_or(Stop::Fault)?;
            args.extend(last.items()?.iter().cloned());
        }
        self.spend(args.iter().map(Cell::size).fold(0, usize::saturating_add))?;
        let value = functions::call(name, &args)?;
        self.spend(value.size())?;
        Ok(value)
    }

    fn first_that_works(&mut self, call: &'a FuncCall) -> Eval {
        for arg in &call.args {
            match self.eval(arg) {
                Ok(value) if value.known() => return Ok(value),
                Err(Stop::Fault) => {}
                _ => return Err(Stop::Unknown),
            }
        }
        Err(Stop::Fault)
    }
}

/// What a `for` made, as the list or the object it stands for.
fn collect(each: &ForExpr, made: Vec<(Arc<str>, Cell)>) -> Eval {
    if each.key_expr.is_none() {
        return Cell::list(made.into_iter().map(|(_, value)| value).collect());
    }
    if !each.grouping {
        return Cell::map(made.into_iter().collect());
    }
    let mut groups: BTreeMap<Arc<str>, Vec<Cell>> = BTreeMap::new();
    for (key, value) in made {
        groups.entry(key).or_default().push(value);
    }
    Cell::map(groups.into_iter().map(|(key, group)| Ok((key, Cell::list(group)?))).collect::<Result<_, Stop>>()?)
}

/// The element of a list or the field of an object at `at`.
pub(super) fn index(value: &Cell, at: &Cell) -> Eval {
    match value {
        Cell::Map(map) => map.parts.get(&at.text()?).cloned().ok_or(Stop::Fault),
        Cell::List(list) => {
            let at = super::cell::whole(at.number()?).and_then(|at| usize::try_from(at).ok()).ok_or(Stop::Fault)?;
            list.parts.get(at).cloned().ok_or(Stop::Fault)
        }
        Cell::Unknown(_) => Err(Stop::Unknown),
        _ => Err(Stop::Fault),
    }
}

fn convert(cell: Cell, kind: Option<&str>) -> Eval {
    match (kind, &cell) {
        (_, Cell::Null) | (None, _) => Ok(cell),
        (Some("string"), _) => cell.text().map(Cell::String),
        (Some("number"), _) => cell.number().map(Cell::Number),
        (Some("bool"), _) => cell.boolean().map(Cell::Bool),
        _ => Ok(cell),
    }
}
