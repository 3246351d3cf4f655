//! Waivers: accepted findings, each with a reason, an owner and a last day.
//!
//! In: `waivers.yaml` files and comments in the inputs, the rules of the run,
//! who may approve, the day. Out: [`Waiver`]s that were proven, and a problem
//! at its place for each entry that was not: such an entry never applies.
//!
//! What was typed ([`RawWaiver`]) and what it means are two types. Nothing here
//! opens a file or reads a clock; whether a waiver covers a finding is asked by
//! `judge` alone.

mod approval;
mod entry;
mod file;
mod inline;
mod matching;
mod people;
mod prove;
mod schema;

pub use approval::{Attested, Attester, Terms};
pub use entry::{appended, entry_text};
pub use file::read_file;
pub use inline::read_comments;
pub use matching::{Pattern, ResourcePattern};
pub use people::People;
pub use prove::{Docket, date as day, prove};
pub use schema::WaiversFile;

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Finding, Problem, ProblemCode};
use crate::source::{Source, Span};

/// A field as it was typed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name: `rule`, `expires`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Where the text stands.
    pub span: Span,
}

/// A waiver as its author typed it.
#[derive(Debug, Clone)]
pub struct RawWaiver {
    /// Its fields, in the order of the file.
    pub fields: Vec<Field>,
    /// The file it is in.
    pub source: Arc<Source>,
    /// The entry, or the comment.
    pub span: Span,
    /// Every place that a part of it is from: all its lines, and what an alias brought.
    pub parts: Vec<Span>,
    /// What is known of its approval, once somebody has asked.
    pub attested: Vec<Attested>,
    /// For a comment: the part of the file that it speaks for.
    pub region: Option<Span>,
}

/// A waiver that was proven: every field has a meaning and the day has not passed.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Which rules.
    pub rule: Pattern,
    /// Which files; all when left out.
    pub path: Option<Pattern>,
    /// Which resources; all when left out.
    pub resource: Option<ResourcePattern>,
    /// One finding only.
    pub fingerprint: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it; empty only in a comment.
    pub owner: String,
    /// Where it is discussed; may be empty.
    pub ticket: String,
    /// Who approved it; may be empty where no approvers are set.
    pub approver: String,
    /// Its last day.
    pub expires: Date,
    /// The day it was written.
    pub created: Option<Date>,
    /// The file it is in.
    pub source: Arc<Source>,
    /// The entry, or the comment.
    pub span: Span,
    /// What is known of its approval.
    pub attested: Vec<Attested>,
    /// For a comment: the part of the file that it speaks for.
    pub region: Option<Span>,
}

impl Waiver {
    /// Whether it speaks of `finding`; whether it may is asked of [`Terms`].
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let name = finding.place.source.name();
        let inside = |region: Span| {
            let span = finding.place.span;
            self.source.name() == name && region.start <= span.start && span.start <= region.end
        };
        self.rule.matches(&finding.rule.id.0)
            && self.region.is_none_or(inside)
            && self.fingerprint.as_ref().is_none_or(|fingerprint| finding.fingerprint.starts_with(fingerprint.as_str()))
            && self.path.as_ref().is_none_or(|path| path.matches_path(finding.place.source.key()))
            && self.resource.as_ref().is_none_or(|resource| resource.matches(&finding.resource.name))
    }

    /// What it is for, in the user's words: "`k8s-privileged-container` in `deploy/*`".
    #[must_use]
    pub fn subject(&self) -> String {
        let mut text = format!("`{}`", self.rule);
        if let Some(path) = &self.path {
            text = format!("{text} in `{path}`");
        }
        if let Some(resource) = &self.resource {
            text = format!("{text} on `{resource}`");
        }
        if let Some(fingerprint) = &self.fingerprint {
            text = format!("{text} ({fingerprint})");
        }
        text
    }

    /// Something to say about it, at its place.
    #[must_use]
    pub fn problem(&self, notice: bool, message: String, help: &str) -> Problem {
        problem(&self.source, self.span, notice, message, help)
    }
}

/// Days from the day `from` to the day `to`, both `YYYY-MM-DD`; 0 when one is no day.
#[must_use]
pub fn days_left(from: &str, to: &str) -> i32 {
    day(from).zip(day(to)).map_or(0, |(from, to)| approval::days_between(from, to))
}

/// A problem or notice at a place of a waivers file.
pub(crate) fn problem(source: &Arc<Source>, span: Span, notice: bool, message: String, help: &str) -> Problem {
    Problem {
        code: ProblemCode::Waiver,
        notice,
        message,
        file: source.name().to_string(),
        source: Some(source.clone()),
        labels: vec![(span, String::new())],
        help: help.to_owned(),
    }
}
