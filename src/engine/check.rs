//! Static checks of parsed modules, with places in the author's text.
//!
//! In: the modules as regorus parsed them and the prepared texts they came from.
//! Out: what OPA's compiler refuses (unknown functions, wrong arities, conflicting
//! rules, second defaults, names declared twice) as errors, and what probably is not what was
//! meant (unused imports, references to nothing, a rule name one letter from `deny`) as warnings.
//!
//! Unsafe variables and recursion are not looked for here: the executor's compiler sees them.

mod literals;
mod scopes;
mod table;
mod walk;

use regorus::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use regorus::unstable::{Expr, Import, Module, Ref, Rule, Span as AstSpan};

use crate::engine::error::{Code, PolicyError};
use crate::engine::parse::{Parsed, with_stack};
use crate::engine::prepass::{Prepared, TEMPLATE_FUNCTION, Version, unmangle};
use scopes::Scopes;
use table::{Kind, Table};

/// What exists besides the modules.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Whether there is a builtin of that name.
    pub is_builtin: &'a (dyn Fn(&str) -> bool + Sync),
    /// The base documents under `data`.
    pub data: &'a Value,
}

/// A module and what names mean in it.
struct Unit<'a> {
    prepared: &'a Prepared,
    module: &'a Module,
    package: Vec<String>,
    /// What imports stand for, as paths that begin with `data` or `input`.
    imports: HashMap<String, Vec<String>>,
    /// The first names of the rules of its package.
    own: Arc<HashSet<String>>,
}

impl Unit<'_> {
    fn error(&self, span: &AstSpan, code: Code, message: impl Into<String>) -> PolicyError {
        PolicyError::at(&self.prepared.source, self.prepared.span(span.start, span.end), code, message)
    }
}

fn units(parsed: &[Parsed]) -> Vec<Unit<'_>> {
    let mut names: HashMap<Vec<String>, HashSet<String>> = HashMap::new();
    for Parsed { module, .. } in parsed {
        let rules = module.policy.iter().filter_map(|rule| root(table::rule_ref(rule)).map(str::to_owned));
        names.entry(path(&module.package.refr).unwrap_or_default()).or_default().extend(rules);
    }
    let names: HashMap<_, _> = names.into_iter().map(|(package, names)| (package, Arc::new(names))).collect();
    let unit = |module: &Module| {
        let own = path(&module.package.refr)?;
        let known = names.get(&own).cloned().unwrap_or_default();
        let mut imports = HashMap::new();
        for import in &module.imports {
            let Some((name, path)) = import_name(import).zip(path(&import.refr)) else { continue };
            if path.first().is_some_and(|root| root == "data" || root == "input") {
                imports.entry(name).or_insert(path);
            }
        }
        let package = std::iter::once("data".to_owned()).chain(own).collect();
        Some((package, imports, known))
    };
    parsed
        .iter()
        .filter_map(|parsed| {
            let (package, imports, own) = unit(&parsed.module)?;
            Some(Unit { prepared: &parsed.prepared, module: &parsed.module, package, imports, own })
        })
        .collect()
}

/// Checks parsed modules; sorted by file and place.
pub fn check(parsed: &[Parsed], known: Known<'_>) -> Vec<PolicyError> {
    let units = units(parsed);
    let (table, mut errors) = Table::build(&units);
    let asked = asked(&units);
    let each = |unit: &Unit<'_>| {
        let mut errors = Vec::new();
        imports(unit, &mut errors);
        names(unit, &asked, &mut errors);
        for rule in &unit.module.policy {
            let mut scopes = Scopes::new(unit, rule);
            scopes.bodies(&mut errors);
            walk::rule(rule, &mut |expr| match expr {
                Expr::Call { span, fcn, params, .. } => call(unit, &table, known, (span, fcn, params), &mut errors),
                Expr::RefDot { span, .. } | Expr::RefBrack { span, .. } if root(expr) == Some("data") => {
                    reference(unit, &table, known, (span, expr), &mut errors);
                }
                Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
                    scopes.query(query, &mut errors);
                }
                _ => {}
            });
        }
        errors
    };
    errors.extend(units.par_iter().map(|unit| with_stack(|| each(unit))).collect::<Vec<_>>().into_iter().flatten());
    errors.sort_by(|one, other| (&one.file, one.span, &one.message).cmp(&(&other.file, other.span, &other.message)));
    errors.dedup();
    errors
}

/// The constant path that a reference begins with: `a.b` of `a.b[x].c`.
fn prefix(expr: &Expr) -> Option<(Vec<String>, bool)> {
    match expr {
        Expr::Var { span, .. } => Some((vec![unmangle(span.text()).to_owned()], true)),
        Expr::RefDot { refr, field, .. } => {
            let (mut path, whole) = prefix(refr)?;
            if whole {
                path.push(field.0.text().to_owned());
            }
            Some((path, whole))
        }
        Expr::RefBrack { refr, index, .. } => {
            let (mut path, whole) = prefix(refr)?;
            match index.as_ref() {
                Expr::String { value: Value::String(key), .. } if whole => {
                    path.push(key.to_string());
                    Some((path, true))
                }
                _ => Some((path, false)),
            }
        }
        _ => None,
    }
}

/// The first name of a reference.
fn root(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Var { span, .. } => Some(unmangle(span.text())),
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root(refr),
        _ => None,
    }
}

/// The path of a reference that is constant as a whole.
fn path(expr: &Expr) -> Option<Vec<String>> {
    prefix(expr).filter(|(_, whole)| *whole).map(|(path, _)| path)
}

fn import_name(import: &Import) -> Option<String> {
    let named = import.r#as.as_ref().map(|name| unmangle(name.text()).to_owned());
    named.or_else(|| path(&import.refr).and_then(|path| path.last().cloned()))
}

/// Imports that nothing uses or that hide each other.
fn imports(unit: &Unit<'_>, errors: &mut Vec<PolicyError>) {
    // Most modules import nothing but a version of the language.
    let language = |import: &Import| matches!(root(&import.refr), Some("rego" | "future"));
    if unit.module.imports.iter().all(language) {
        return;
    }
    let mut seen: HashSet<String> = HashSet::new();
    let mut used: HashSet<&str> = HashSet::new();
    walk::module(unit.module, &mut |expr| {
        used.extend(match expr {
            Expr::Call { fcn, .. } => root(fcn),
            expr => root(expr),
        });
    });
    walk::replaced(unit.module, &mut |expr| used.extend(root(expr)));
    for import in &unit.module.imports {
        let Some((name, path)) = import_name(import).zip(path(&import.refr)) else { continue };
        if matches!(path.first().map(String::as_str), Some("rego" | "future")) {
            continue;
        }
        if seen.contains(&name) && unit.prepared.version == Version::V1 {
            let message = format!("import must not shadow import {}", path.join("."));
            errors.push(unit.error(&import.span, Code::Compile, message));
        } else if !used.contains(name.as_str()) {
            let message = format!("import `{}` is not used", path.join("."));
            errors.push(unit.error(&import.span, Code::Compile, message).warning());
        }
        seen.insert(name);
    }
}

/// A rule that is almost called as those that make findings: its name's expression, the name, and what may be meant.
fn slip(rule: &Rule) -> Option<(&Expr, &str, &'static str)> {
    let refr = table::rule_ref(rule);
    let name = root(refr)?;
    let wanted = ["deny", "violation", "warn"];
    if matches!(table::kind(rule), Kind::Function(_)) || wanted.contains(&name) {
        return None;
    }
    // By the length first: that is all that most names need.
    let near = wanted
        .into_iter()
        .find(|wanted| name.len().abs_diff(wanted.len()) <= 1 && strsim::osa_distance(name, wanted) == 1)?;
    Some((refr, name, near))
}

/// Which of those names their own packages ask for, by package.
fn asked<'a>(units: &'a [Unit<'a>]) -> HashSet<(&'a [String], &'a str)> {
    let slips = units.iter().flat_map(|unit| &unit.module.policy).filter_map(|rule| slip(rule));
    let slips: HashSet<&str> = slips.map(|(_, name, _)| name).collect();
    let mut asked = HashSet::new();
    if !slips.is_empty() {
        for unit in units {
            let known = |name: &&str| slips.contains(name);
            walk::module(unit.module, &mut |expr| {
                asked.extend(root(expr).filter(known).map(|name| (unit.package.as_slice(), name)));
            });
        }
    }
    asked
}

/// Rule names that look like a slip of the pen.
fn names(unit: &Unit<'_>, asked: &HashSet<(&[String], &str)>, errors: &mut Vec<PolicyError>) {
    for (refr, name, near) in unit.module.policy.iter().filter_map(|rule| slip(rule)) {
        if !asked.contains(&(unit.package.as_slice(), name)) {
            let message = format!("the rule `{name}` is never asked for; did you mean `{near}`?");
            errors.push(unit.error(refr.span(), Code::Compile, message).warning());
        }
    }
}

/// A call of what is no function, or with too many or too few arguments.
fn call(
    unit: &Unit<'_>,
    table: &Table,
    known: Known<'_>,
    (span, fcn, params): (&AstSpan, &Expr, &[Ref<Expr>]),
    errors: &mut Vec<PolicyError>,
) {
    // Most calls are of builtins, and those are known by their text.
    let text = fcn.span().text();
    let known_here =
        root(fcn).is_none_or(|root| root == "data" || unit.own.contains(root) || unit.imports.contains_key(root));
    if !known_here && (text == TEMPLATE_FUNCTION || (known.is_builtin)(text)) {
        return literals::check(unit, text, params, errors);
    }
    let Some(path) = path(fcn) else { return };
    let name = path.join(".");
    let full = table.resolve(unit, &path);
    let arity = full.as_ref().and_then(|full| table.arity(full));
    match arity {
        // One argument more takes the result.
        Some(arity) if params.len() != arity && params.len() != arity + 1 => {
            let name = full.unwrap_or(path).join(".");
            let message = format!("function {name} has arity {arity}, got {} arguments", params.len());
            errors.push(unit.error(span, Code::Type, message));
        }
        Some(_) => {}
        None if params.is_empty() && full.is_some_and(|full| table.has(&full)) => {}
        None if name == TEMPLATE_FUNCTION || (known.is_builtin)(&name) => {}
        None => errors.push(unit.error(fcn.span(), Code::Type, format!("undefined function {name}"))),
    }
}

/// A reference below `data` to what neither a module nor the data has.
fn reference(
    unit: &Unit<'_>,
    table: &Table,
    known: Known<'_>,
    (span, expr): (&AstSpan, &Expr),
    errors: &mut Vec<PolicyError>,
) {
    let Some((path, _)) = prefix(expr) else { return };
    if path.len() < 2 || table.reaches(&path) {
        return;
    }
    let mut value = known.data;
    for key in path.iter().skip(1) {
        let Value::Object(fields) = value else { return };
        let Some(next) = fields.get(&Value::from(key.as_str())) else {
            let message = format!("`{}` is neither in a package nor in the data", path.join("."));
            errors.push(unit.error(span, Code::Compile, message).warning());
            return;
        };
        value = next;
    }
}

/// The head's reference and the bodies of a rule, for messages and walks.
fn rule_path(unit: &Unit<'_>, rule: &Rule) -> Option<Vec<String>> {
    let (path, _) = prefix(table::rule_ref(rule))?;
    Some(unit.package.iter().cloned().chain(path).collect())
}

#[cfg(test)]
mod tests;
