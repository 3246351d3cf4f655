//! Required evidence: reports that must be among the inputs.
//!
//! In: what is required, the documents, the moment, the commit. Out: a problem
//! for each report that is missing, empty, too old or about something else. The
//! age is taken from the report's own time; a report without one has its file's.

mod image;
mod report;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::document::{Document, Kind};
use crate::finding::{Problem, ProblemCode};
use crate::settings::{Commit, Term, Unmet};
use image::{Image, used};

/// A report that is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its kind.
    pub kind: Kind,
    /// How many there must be that count.
    pub min: usize,
    /// How old one may be.
    pub max_age: Option<Term>,
    /// Whether each image of the manifests must have one.
    pub covers_images: bool,
    /// Of which commit it must be.
    pub commit: Commit,
    /// What the run is when it is not met.
    pub unmet: Unmet,
}

/// What reports are held against.
pub struct Moment<'a> {
    /// The time of the run.
    pub now: Timestamp,
    /// The commit that is checked out, if there is one.
    pub head: Option<&'a str>,
    /// When a file was last written, if it is one.
    pub modified: &'a dyn Fn(&str) -> Option<Timestamp>,
}

/// The kinds that are reports, so that they may be required.
pub const REPORTS: [Kind; 3] = [Kind::Junit, Kind::Sarif, Kind::Trivy];

/// What is missing of what is required.
#[must_use]
pub fn evidence(needs: &[Need], documents: &[Document], moment: &Moment<'_>) -> Vec<Problem> {
    needs.iter().flat_map(|need| one(need, documents, moment)).collect()
}

fn one(need: &Need, documents: &[Document], moment: &Moment<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut good = Vec::new();
    for document in documents.iter().filter(|document| document.kind == need.kind) {
        match fault(need, document, moment) {
            None => good.push(document),
            Some(why) => problems.push(problem(need, document.source.name(), why)),
        }
    }
    if good.len() < need.min {
        let reports = if good.len() == 1 { "1 report counts" } else { &format!("{} reports count", good.len()) };
        let mut missing = problem(need, "", format!("{}: {reports}, and at least {} must", need.kind, need.min));
        "name the reports on the command line; those that `.gitignore` names are not found otherwise"
            .clone_into(&mut missing.help);
        problems.push(missing);
    }
    if need.covers_images {
        problems.extend(uncovered(need, documents, &good));
    }
    problems
}

/// A problem for each image, in each file, that no report is for.
fn uncovered(need: &Need, documents: &[Document], reports: &[&Document]) -> Vec<Problem> {
    let scanned: Vec<Vec<Image>> = reports.iter().map(|report| report::images(&report.value)).collect();
    let mut wanted = BTreeMap::new();
    for document in documents {
        for (text, path) in used(document) {
            wanted.entry((text, document.source.name().to_string())).or_insert((document, path));
        }
    }
    let mut problems = Vec::new();
    for ((text, file), (document, path)) in wanted {
        let image = Image::parse(&text);
        if scanned.iter().any(|names| image.is_covered_by(names)) {
            continue;
        }
        let others: Vec<&str> = scanned.iter().flat_map(|names| image.other_digests(names)).collect();
        let why = match (&image.digest, others.first()) {
            (Some(_), Some(other)) => {
                format!("image `{text}` has no {} report that counts: one of that name is of {other}", need.kind)
            }
            _ => format!("image `{text}` has no {} report that counts", need.kind),
        };
        let mut missing = problem(need, &file, why);
        if let Some(found) = document.spans.lookup(&path) {
            missing.source = Some(document.source.clone());
            missing.labels = vec![(found.value, String::new())];
        }
        problems.push(missing);
    }
    problems
}

fn problem(need: &Need, file: &str, message: String) -> Problem {
    Problem {
        code: match need.unmet {
            Unmet::Undecided => ProblemCode::Evidence,
            Unmet::Fail => ProblemCode::EvidenceFailed,
        },
        notice: false,
        message,
        file: file.to_owned(),
        source: None,
        labels: Vec::new(),
        help: String::new(),
    }
}

/// Why a report does not count, if it does not.
fn fault(need: &Need, document: &Document, moment: &Moment<'_>) -> Option<String> {
    let name = need.kind;
    if let Some(empty) = report::empty(document) {
        return Some(format!("the {name} report has {empty}, so it does not count"));
    }
    commit_fault(need, document, moment.head).or_else(|| age_fault(need, document, moment))
}

fn commit_fault(need: &Need, document: &Document, head: Option<&str>) -> Option<String> {
    let name = need.kind;
    if need.commit == Commit::Any {
        return None;
    }
    let stated = report::commits(document);
    let Some(head) = head else {
        let asked = need.commit == Commit::Head;
        return asked.then(|| format!("there is no commit here that the {name} report could be of"));
    };
    if stated.is_empty() && need.commit == Commit::Head {
        return Some(format!("the {name} report names no commit, so it may be of another"));
    }
    let other = stated.iter().find(|commit| !head.starts_with(commit.as_str()))?;
    Some(format!("the {name} report is of commit {other}, and this is {head}"))
}

fn age_fault(need: &Need, document: &Document, moment: &Moment<'_>) -> Option<String> {
    let (name, most) = (need.kind, need.max_age?);
    // Of several times the oldest: one stale suite makes a stale report.
    let own = report::times(document).into_iter().min();
    let Some(made) = own.or_else(|| (moment.modified)(document.source.name())) else {
        return Some(format!("the {name} report has no time, so its age is unknown"));
    };
    let age = moment.now.as_second().saturating_sub(made.as_second());
    // Clocks differ by minutes.
    if age < -300 {
        return Some(format!("the {name} report is from the future: {made}"));
    }
    let old = u64::try_from(age).unwrap_or(0) > most.seconds();
    old.then(|| format!("the {name} report of {made} is older than {most}"))
}
