//! `regate rules`: the catalogue, and one rule as a page.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::CliError;
use super::args::{RulesArgs, RulesCommand};
use super::output::print;
use crate::engine::Limits;
use crate::finding::RuleInfo;
use crate::policy::{PolicySet, load};
use crate::report::pretty;

/// Prints the catalogue or a page.
pub fn run(args: &RulesArgs) -> Result<u8, CliError> {
    let names = if args.policy.is_empty() { vec!["builtin:all".to_owned()] } else { args.policy.clone() };
    let (sources, errors) = load(&names, &[]);
    let set = PolicySet::new(&sources, &[], Limits::default());
    if let Some(error) = errors.iter().chain(&set.errors).find(|error| error.level == crate::engine::Level::Error) {
        let text = if error.line == 0 { format!("{}: {}", error.file, error.message) } else { error.to_string() };
        return Err(CliError::Usage(text));
    }
    let rules: Vec<&RuleInfo> = set.rules.iter().map(|rule| &*rule.info).collect();
    match &args.command {
        None if args.json => print(&pretty(&rules.iter().map(|rule| as_json(rule)).collect::<Json>())),
        None => print(&table(&rules)),
        Some(RulesCommand::Show { id }) => {
            let rule = rules.iter().find(|rule| *rule.id.0 == **id).ok_or_else(|| unknown(id, &rules))?;
            if args.json { print(&pretty(&as_json(rule))) } else { print(&page(rule)) }
        }
    }
}

fn unknown(id: &str, rules: &[&RuleInfo]) -> CliError {
    let near = rules.iter().map(|rule| (strsim::damerau_levenshtein(id, &rule.id.0), &rule.id)).min();
    let hint = near.filter(|(distance, _)| *distance <= 4).map(|(_, id)| format!("; did you mean `{id}`?"));
    CliError::Usage(format!("there is no rule `{id}`{}", hint.unwrap_or_default()))
}

fn table(rules: &[&RuleInfo]) -> String {
    let width = rules.iter().map(|rule| rule.id.0.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let line = format!("{:<width$}  {:<8}  {}", rule.id.0, rule.severity.name(), rule.title);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let plural = if rules.len() == 1 { "" } else { "s" };
    let _ = writeln!(text, "\n{} rule{plural}. `regate rules show ID` explains one.", rules.len());
    text
}

/// One rule as a page.
#[must_use]
pub fn page(rule: &RuleInfo) -> String {
    let kinds: Vec<_> = rule.kinds.iter().map(|kind| kind.name()).collect();
    let mut text = format!("{}\n{}\n\n", rule.id, if rule.title.is_empty() { "(no title)" } else { &rule.title });
    let _ = writeln!(text, "severity     {}", rule.severity);
    let _ = writeln!(text, "kinds        {}", if kinds.is_empty() { "any".to_owned() } else { kinds.join(", ") });
    for (framework, controls) in &rule.controls {
        let _ = writeln!(text, "controls     {framework}: {}", controls.join(", "));
    }
    let _ = writeln!(text, "policy       {}:{}", rule.file, rule.line);
    for (head, body) in [("", &rule.description), ("How to mend it\n", &rule.remediation)] {
        if !body.is_empty() {
            let _ = write!(text, "\n{head}{}\n", body.trim_end());
        }
    }
    for link in &rule.links {
        let _ = write!(text, "\n{link}");
    }
    if !rule.links.is_empty() {
        text.push('\n');
    }
    text
}

fn as_json(rule: &RuleInfo) -> Json {
    json!({
        "id": &*rule.id.0,
        "title": rule.title,
        "description": rule.description,
        "severity": rule.severity.name(),
        "kinds": rule.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "controls": rule.controls.iter().map(|(framework, ids)| (framework.clone(), json!(ids))).collect::<serde_json::Map<_, _>>(),
        "remediation": rule.remediation,
        "links": rule.links,
        "package": rule.package,
        "rule": rule.name,
        "file": rule.file,
        "line": rule.line,
    })
}
