//! Terraform beyond its syntax: the resolved view of a module, addresses of
//! blocks, and where the parts of a plan are written.
//!
//! In: the HCL files of one directory, which Terraform calls a module. Out: for
//! each file a second value in the shape of the first, with each expression
//! replaced by its value where that is plain: locals, variables by their default
//! or the directory's tfvars, templates, operators, `for`, the common functions.
//!
//! What is not plain stays the string `"${…}"` exactly as in the first view, and
//! that is the explicit unknown: a string with an unescaped `${` or `%{` is not
//! known. A template of which one part is unknown is unknown as a whole; in a
//! list or an object each part stands for itself. A literal `${` is written
//! `$${` in both views, so the two cannot be mixed up.
//!
//! Every part of a resolved value stands where it is used. Where an expression
//! only names a local or a variable defined in the same file, that definition is
//! the anchor.
//!
//! Nothing here opens a file. The files are parsed a second time, because a
//! document keeps no expressions; a Terraform directory is some kilobytes.

mod address;
mod cell;
mod eval;
mod functions;
mod plan;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Body;
use rayon::prelude::*;

pub use address::{address, block_path};
pub use plan::{PlanIndex, PlanPlace};

use crate::document::{Document, Format, Kind, Resolved, Tree};
use crate::parse::hcl::Text;
use crate::parse::hcl::convert::{self, Expressions};
use crate::parse::hcl::template::escape;
use crate::source::Source;
use eval::{Definition, Evaluator, Name};

/// The resolved view of each of `files`, the `.tf` files of one directory, or
/// none where it would equal the first view or the file cannot be read.
///
/// `tfvars` are the `.tfvars` files of that directory, of which Terraform loads
/// `terraform.tfvars` and then `*.auto.tfvars` by name; others are ignored, for
/// nobody knows which of them a run names.
#[must_use]
pub fn resolve(files: &[Arc<Source>], tfvars: &[Arc<Source>]) -> Vec<Option<Resolved>> {
    let mut loaded: Vec<&Arc<Source>> = tfvars.iter().filter(|source| load_order(source).is_some()).collect();
    loaded.sort_by_key(|source| load_order(source));
    let all = || files.iter().chain(loaded.iter().copied());
    let texts: Vec<Text> = all().map(|source| Text::new(source)).collect();
    let bodies: Vec<Option<Body>> = texts.iter().map(|text| text.body().ok()).collect();
    let (modules, given) = bodies.split_at_checked(files.len()).unwrap_or((&[], &[]));
    let names = definitions(modules, given);
    let mut evaluator = Evaluator::new(&texts, names);
    let mut views = Vec::with_capacity(files.len());
    for (file, body) in modules.iter().enumerate() {
        views.push(view(&mut evaluator, &texts, file, body.as_ref()));
    }
    views
}

/// Gives every Terraform document of the run its resolved view, directory by directory.
pub fn resolve_directories(documents: &mut [Document]) {
    let mut folders: BTreeMap<String, (Vec<usize>, Vec<Arc<Source>>)> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        if document.format != Format::Hcl || document.kind != Kind::Terraform {
            continue;
        }
        let name = document.source.name();
        let folder = folders.entry(name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).or_default();
        if name.ends_with(".tfvars") { folder.1.push(document.source.clone()) } else { folder.0.push(at) }
    }
    let resolved: Vec<(usize, Option<Resolved>)> = folders
        .into_par_iter()
        .flat_map_iter(|(_, (files, tfvars))| {
            let sources: Vec<_> =
                files.iter().filter_map(|at| documents.get(*at)).map(|file| file.source.clone()).collect();
            files.into_iter().zip(resolve(&sources, &tfvars))
        })
        .collect();
    for (at, view) in resolved {
        if let Some(document) = documents.get_mut(at) {
            document.resolved = view;
        }
    }
}

fn view<'a>(evaluator: &mut Evaluator<'a>, texts: &[Text], file: usize, body: Option<&'a Body>) -> Option<Resolved> {
    let text = texts.get(file)?;
    let mut view = View { evaluator, file, changed: false };
    let tree = convert::body_with(*text, body?, text.whole(), &mut view, &mut Vec::new());
    let changed = view.changed;
    let (value, spans) = tree.build();
    changed.then(|| Resolved { value, spans: Arc::new(spans) })
}

/// Where a tfvars file stands among those that Terraform loads by itself.
fn load_order(source: &Source) -> Option<(bool, &str)> {
    let name = source.name().rsplit('/').next().unwrap_or_default();
    match name {
        "terraform.tfvars" => Some((false, name)),
        _ => name.ends_with(".auto.tfvars").then_some((true, name)),
    }
}

/// Where each `local.x` and `var.x` gets its value; of several the last counts.
fn definitions<'a>(modules: &'a [Option<Body>], given: &'a [Option<Body>]) -> HashMap<Name<'a>, Definition<'a>> {
    let mut names = HashMap::new();
    let mut kinds: HashMap<&str, Option<&str>> = HashMap::new();
    for (file, body) in modules.iter().enumerate().filter_map(|(file, body)| Some((file, body.as_ref()?))) {
        for block in body.get_blocks("locals") {
            for local in block.body.attributes() {
                names.insert(("local", local.key.as_str()), Definition { file, expr: &local.value, kind: None });
            }
        }
        for block in body.get_blocks("variable") {
            let Some(label) = block.labels.first() else { continue };
            let kind = block.body.get_attribute("type").map(|kind| &kind.value);
            // Attributes left out get values from the type, which is not read here.
            if kind.is_some_and(|kind| kind.to_string().contains("optional(")) {
                continue;
            }
            let kind = kind.and_then(Expression::as_variable).map(hcl_edit::Ident::as_str);
            kinds.insert(label.as_str(), kind);
            if let Some(default) = block.body.get_attribute("default") {
                names.insert(("var", label.as_str()), Definition { file, expr: &default.value, kind });
            }
        }
    }
    for (file, body) in given.iter().enumerate().filter_map(|(file, body)| Some((file, body.as_ref()?))) {
        for attribute in body.attributes() {
            if let Some((name, kind)) = kinds.get_key_value(attribute.key.as_str()) {
                let definition = Definition { file: modules.len() + file, expr: &attribute.value, kind: *kind };
                names.insert(("var", *name), definition);
            }
        }
    }
    names
}

/// Expressions of one file, resolved.
struct View<'e, 'a> {
    evaluator: &'e mut Evaluator<'a>,
    file: usize,
    changed: bool,
}

impl<'a> Expressions<'a> for View<'_, 'a> {
    fn expression(&mut self, text: Text, expr: &'a Expression) -> Tree {
        let span = text.span(expr.span().unwrap_or_default());
        match expr {
            Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => {
                convert::expression(text, expr)
            }
            Expression::Array(items) => {
                Tree::array(items.iter().map(|item| self.expression(text, item)).collect(), span)
            }
            Expression::Object(fields) => convert::object(text, fields, span, self),
            _ => match self.evaluator.value(self.file, expr) {
                Ok(cell) => {
                    self.changed = true;
                    let definition = self.evaluator.definition(expr).filter(|def| def.file == self.file);
                    let anchor = definition.and_then(|def| def.expr.span()).map(|range| text.span(range));
                    cell.tree(span, anchor)
                }
                Err(_) => convert::expression(text, expr),
            },
        }
    }

    fn key(&mut self, text: Text, key: &'a ObjectKey) -> String {
        let plain = |expr: &Expression| matches!(expr, Expression::Variable(_) | Expression::Traversal(_));
        let value = match key {
            ObjectKey::Expression(expr) if !plain(expr) => self.evaluator.value(self.file, expr),
            _ => return convert::key_name(text, key),
        };
        match value.and_then(|cell| cell.text()) {
            Ok(name) => {
                let name = escape(&name);
                self.changed |= name != convert::key_name(text, key);
                name
            }
            Err(_) => convert::key_name(text, key),
        }
    }
}

#[cfg(test)]
mod tests;
