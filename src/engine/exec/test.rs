//! Tests: the clauses that can be run as one, and running them.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::Value;
use super::error::{ErrorCode, ExecError};
use super::ir::{At, RuleId, RuleKind};
use super::run::Machine;
use super::session::guarded;
use super::watch::{Order, Watch, Watched, coverage};
use super::{Limits, Program};

/// One clause of a rule, to be run by itself.
///
/// Rules of one name are several tests, as in OPA: together, one that fails would hide behind one that passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lone {
    rule: RuleId,
    clause: usize,
    /// The rule's path, without `data`.
    pub path: Vec<Arc<str>>,
    /// Whether each of its keys is a case.
    pub cases: bool,
    /// Its body.
    pub at: At,
}

impl Program {
    /// Every clause of every rule that takes no arguments, by path and then as loaded.
    #[must_use]
    pub fn clauses(&self) -> Vec<Lone> {
        let rules = self.compiled.rules.iter().zip(0..).filter(|(rule, _)| rule.kind != RuleKind::Function);
        let lone = |(rule, id): (&super::ir::Rule, RuleId)| {
            let cases = rule.kind == RuleKind::Object;
            let each = rule.clauses.iter().enumerate();
            each.map(|(clause, body)| Lone { rule: id, clause, path: rule.path.clone(), cases, at: body.at })
                .collect::<Vec<_>>()
        };
        rules.flat_map(lone).collect()
    }

    /// What [`watch`](Self::watch) needs once for a program.
    #[must_use]
    pub fn order(&self) -> Order {
        Order::new(&self.compiled)
    }

    /// The value of `lone`, and how its evaluation went.
    pub fn watch(
        &self,
        lone: &Lone,
        order: &Order,
        data: &Value,
        limits: &Limits,
    ) -> Result<(Value, Watched), Box<ExecError>> {
        let rule = self.compiled.rules.get(lone.rule as usize);
        let Some((rule, clause)) = rule.and_then(|rule| Some((rule, rule.clauses.get(lone.clause)?))) else {
            return Err(ExecError::new(ErrorCode::Internal, lone.at, "there is no such test"));
        };
        guarded(|| {
            let watch = Watch::new(order.clone(), clause);
            let mut machine = Machine::new(self, Value::Undefined, data.clone(), limits, watch);
            machine.keys = &clause.keys;
            let value = machine.lone(rule, clause)?;
            Ok((value, machine.tracer.finish()))
        })
    }

    /// Each statement's place, and whether a test reached it.
    #[must_use]
    pub fn coverage(&self, reached: &HashSet<usize>) -> Vec<(At, bool)> {
        coverage(&self.compiled, reached)
    }
}
