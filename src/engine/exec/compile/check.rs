//! Checks over all rules: none may need itself.

use std::collections::BTreeSet;

use super::super::error::{ErrorCode, ExecError};
use super::super::ir::{Rule, RuleId};

/// Reports each rule that needs itself, with the way around.
pub(super) fn recursion(rules: &[Rule], needs: &[BTreeSet<RuleId>], errors: &mut Vec<ExecError>) {
    // 0: not seen, 1: on the way, 2: done. An explicit stack: chains of rules may be long.
    let mut state = vec![0_u8; rules.len()];
    for start in 0..rules.len() {
        let mut way: Vec<(usize, Vec<RuleId>)> = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(at) = next.take() {
                match state.get_mut(at) {
                    Some(seen) if *seen == 0 => {
                        *seen = 1;
                        way.push((at, needs.get(at).into_iter().flatten().copied().collect()));
                    }
                    Some(1) => cycle(rules, &way, at, errors),
                    _ => {}
                }
            }
            let Some((at, left)) = way.last_mut() else { break };
            match left.pop() {
                Some(id) => next = Some(id as usize),
                None => {
                    if let Some(seen) = state.get_mut(*at) {
                        *seen = 2;
                    }
                    way.pop();
                }
            }
        }
    }
}

fn cycle(rules: &[Rule], way: &[(usize, Vec<RuleId>)], at: usize, errors: &mut Vec<ExecError>) {
    let from = way.iter().position(|(rule, _)| *rule == at).unwrap_or_default();
    let ring = way.iter().skip(from).map(|(rule, _)| *rule).chain([at]);
    let names: Vec<String> =
        ring.filter_map(|rule| rules.get(rule)).map(|rule| format!("data.{}", rule.path.join("."))).collect();
    let Some(rule) = rules.get(at) else { return };
    let name = rule.path.last().map_or("", |name| &**name);
    let message = format!("rule {name} is recursive: {}", names.join(" -> "));
    errors.push(*ExecError::new(ErrorCode::Recursion, rule.at, message));
}

/// Whether a name sounds like an exemption.
pub(super) fn exempts(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["exempt", "exclu", "ignor", "skip", "exception", "is_update", "whitelist", "waive"]
        .iter()
        .any(|word| name.contains(word))
}
