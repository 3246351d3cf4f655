//! What only tests ask of the machine: one clause by itself, the terms of a
//! statement that failed, and what `print` prints.

use super::super::super::Value;
use super::super::super::builtins::show;
use super::super::ir::{Clause, Expr, Op, Rule, RuleKind, Stmt};
use super::super::trace::Tracer;
use super::super::watch::Why;
use super::rule::{Growing, conflict};
use super::{Flow, Machine, Marked, Run};

/// Lines that one `print` may make: its arguments can have many values each.
const MOST_LINES: usize = 100;
/// Characters of one line: a policy may print anything.
const LONGEST: usize = 4_000;

impl<'p, T: Tracer> Machine<'p, T> {
    /// The value of `clause` as if its rule had no other.
    pub fn lone(&mut self, rule: &'p Rule, clause: &'p Clause) -> Run<Value> {
        self.down(clause.at)?;
        let mut next = Some(clause);
        let leaves = (rule.kind == RuleKind::Object).then(std::collections::BTreeSet::new);
        let mut growing: Growing<T> = Growing { value: Value::Undefined, marks: Vec::new(), names: Vec::new(), leaves };
        while let Some(clause) = next {
            let level = self.tracer.level();
            let found = self.clause(clause, &[], &mut |machine, clause, (value, mark)| match rule.kind {
                RuleKind::Object => machine.grow(rule, clause, (value, mark), level, false, &mut growing),
                _ if growing.value != Value::Undefined && growing.value != value => {
                    if rule.kind == RuleKind::Set {
                        Ok(Flow::Go)
                    } else {
                        conflict(rule, clause.at)
                    }
                }
                _ => {
                    growing.value = value;
                    Ok(Flow::Go)
                }
            })?;
            next = if found { None } else { clause.otherwise.as_deref() };
        }
        self.up();
        let value = growing.value;
        let set = rule.kind == RuleKind::Set && value != Value::Undefined;
        Ok(if set { Value::from(std::collections::BTreeSet::from([value])) } else { value })
    }

    /// Lets the tracer know which statement is next, and of which case.
    pub(super) fn watch(&mut self, stmt: &'p Stmt) -> Run<()> {
        if !self.tracer.begin(stmt) {
            return Ok(());
        }
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in self.keys {
            keys.push(self.eval(key)?.0);
        }
        if !keys.contains(&Value::Undefined) {
            self.tracer.case(keys, stmt);
        }
        Ok(())
    }

    /// Tells the terms of a statement that was not passed. They are asked again, which changes nothing.
    pub(super) fn tell(&mut self, stmt: &'p Stmt) {
        let why = match &stmt.op {
            Op::Test(Expr::Cmp(_, sides)) => self.two(sides, Why::Compared),
            Op::Test(Expr::In(_, sides)) => self.two(sides, Why::Lacking),
            Op::Test(expr) | Op::Assign(_, expr) => self.eval(expr).map(|(value, _)| Why::Value(value)),
            Op::Match(_, expr) => self.eval(expr).map(|(value, _)| Why::Unmatched(value)),
            Op::Not(_) => Ok(Why::Holds),
            Op::Every(..) => Ok(Why::NotAll),
            _ => return,
        };
        // An error would only repeat what the first evaluation has told, or is a limit.
        if let Ok(why) = why {
            self.tracer.tell(stmt, why);
        }
    }

    fn two(&mut self, sides: &'p (Expr, Expr), make: fn(Value, Value) -> Why) -> Run<Why> {
        let (left, right) = (self.eval(&sides.0)?.0, self.eval(&sides.1)?.0);
        Ok(make(left, right))
    }

    /// `print`: each argument is the set of its values, as in OPA, so that none stops the body.
    pub(super) fn print(&mut self, args: &'p [Expr]) -> Run<Marked<T>> {
        if T::WATCHES {
            let mut lines = vec![String::new()];
            for (at, arg) in args.iter().enumerate() {
                let (value, _) = self.eval(arg)?;
                let words = match &value {
                    Value::Set(set) if set.is_empty() => vec!["<undefined>".to_owned()],
                    Value::Set(set) => set.iter().map(word).collect(),
                    other => vec![word(other)],
                };
                let gap = if at == 0 { "" } else { " " };
                let longer = lines.iter().flat_map(|line| words.iter().map(move |word| format!("{line}{gap}{word}")));
                lines = longer.map(|line| line.chars().take(LONGEST).collect()).take(MOST_LINES).collect();
            }
            lines.into_iter().for_each(|line| self.tracer.printed(line));
        }
        Ok((Value::Bool(true), T::Mark::default()))
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        other => show(other).unwrap_or_else(|_| "…".to_owned()),
    }
}
