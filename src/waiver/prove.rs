//! From what was typed to what it means.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::approval::{Terms, days_between};
use super::{Field, Pattern, RawWaiver, ResourcePattern, Waiver, problem};
use crate::finding::{Problem, ProblemCode, RuleInfo};
use crate::source::Span;

/// The waivers of a run that hold, and what is wrong with the others.
#[derive(Debug, Clone, Default)]
pub struct Docket {
    /// Those that hold on the day.
    pub waivers: Vec<Waiver>,
    /// Why others don't, and what is to be said of those that do.
    pub problems: Vec<Problem>,
}

/// Proves the waivers of a run. `known` are further ids of rules, of packs that are not loaded.
#[must_use]
pub fn prove(
    raws: Vec<RawWaiver>,
    rules: &[Arc<RuleInfo>],
    known: &dyn Fn() -> Vec<String>,
    terms: &Terms,
    as_of: Date,
) -> Docket {
    let mut docket = Docket::default();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for raw in raws {
        let waiver = match one(&raw, as_of) {
            Ok(waiver) => waiver,
            Err(problem) => {
                docket.problems.push(*problem);
                continue;
            }
        };
        if let Some(refusal) = refusal(&waiver, &raw, rules, known, terms) {
            docket.problems.push(refusal);
            continue;
        }
        docket.problems.extend(remarks(&waiver, terms, as_of));
        let name =
            format!("{}\0{:?}", waiver.subject(), waiver.region.map(|region| (region, waiver.source.name().clone())));
        let place = format!("{}:{}", waiver.source.name(), waiver.source.position(waiver.span.start).line);
        if let Some(first) = seen.insert(name, place) {
            let message = format!("the waiver for {} is a duplicate: {first} has the first", waiver.subject());
            docket.problems.push(waiver.problem(true, message, "keep one"));
        }
        docket.waivers.push(waiver);
    }
    docket
}

fn one(raw: &RawWaiver, as_of: Date) -> Result<Waiver, Box<Problem>> {
    let fail = |span: Span, message: String, help: &str| Box::new(problem(&raw.source, span, false, message, help));
    let field = |name: &str| raw.fields.iter().find(|field| field.name == name);
    let text = |name: &str| field(name).map_or_else(String::new, |field| field.text.trim().to_owned());
    let needed = |name: &str| {
        field(name)
            .filter(|field| !field.text.trim().is_empty())
            .ok_or_else(|| fail(raw.span, format!("the waiver has no `{name}`, so it does not apply"), ""))
    };
    let pattern = |name: &str| match field(name) {
        None => Ok(None),
        Some(field) => Pattern::new(&field.text)
            .map(Some)
            .ok_or_else(|| fail(field.span, format!("`{name}` is no name and no glob"), "")),
    };
    let day = |field: &Field| {
        date(&field.text).ok_or_else(|| {
            let message = format!("`{}` is no day of the calendar, so the waiver does not apply", field.text);
            fail(field.span, message, "write YYYY-MM-DD, without a time or a zone")
        })
    };
    let fingerprint = field("fingerprint").map(|field| {
        let text = field.text.trim();
        let hex = text.len() >= 8 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'));
        hex.then(|| text.to_owned()).ok_or_else(|| {
            fail(field.span, format!("`{text}` is no fingerprint"), "copy at least 8 hex digits from a report")
        })
    });
    let fingerprint = fingerprint.transpose()?;
    let rule = match (pattern("rule")?, &fingerprint) {
        (Some(rule), _) => rule,
        (None, Some(_)) => Pattern::new("**").ok_or_else(|| fail(raw.span, String::new(), ""))?,
        (None, None) => return Err(fail(raw.span, "the waiver has no `rule`, so it does not apply".to_owned(), "")),
    };
    needed("reason")?;
    if raw.region.is_none() {
        needed("owner")?;
    }
    let expires = needed("expires")?;
    let last = day(expires)?;
    let created = field("created").map(day).transpose()?;
    if last < as_of {
        let message = format!("the waiver for `{rule}` ended on {last} and no longer applies");
        let help = "mend what it accepted, or have it approved again with a new `expires`";
        let ended = problem(&raw.source, expires.span, false, message, help);
        return Err(Box::new(Problem { code: ProblemCode::WaiverExpired, ..ended }));
    }
    // A day more, because days do not begin everywhere at once.
    if created.is_some_and(|created| days_between(as_of, created) > 1) {
        let message = format!("the waiver for `{rule}` is of a later day than {as_of}, so it does not apply yet");
        let span = field("created").map_or(raw.span, |field| field.span);
        return Err(fail(span, message, "`created` is the day on which it is written"));
    }
    if created.is_some_and(|created| created > last) {
        return Err(fail(expires.span, "the waiver ends before it was created".to_owned(), ""));
    }
    Ok(Waiver {
        rule,
        path: pattern("path")?,
        resource: resource(raw)?,
        fingerprint,
        reason: text("reason"),
        owner: text("owner"),
        ticket: text("ticket"),
        approver: text("approver"),
        expires: last,
        created,
        source: raw.source.clone(),
        span: raw.span,
        attested: raw.attested.clone(),
        region: raw.region,
    })
}

/// The resources of a waiver; `resource` is text, or comes in parts.
fn resource(raw: &RawWaiver) -> Result<Option<ResourcePattern>, Box<Problem>> {
    let field = |name: &str| raw.fields.iter().find(|field| field.name == name);
    let text = |name: &str| field(name).map(|field| field.text.trim());
    let wrong =
        |field: &Field, message: &str| Box::new(problem(&raw.source, field.span, false, message.to_owned(), ""));
    let parts = ["resource.kind", "resource.namespace", "resource.name"];
    let part = parts.iter().find_map(|name| field(name));
    match (field("resource"), field("resource.address"), part) {
        (None, None, None) => Ok(None),
        (Some(name), ..) | (None, Some(name), None) => {
            ResourcePattern::new(&name.text).map(Some).ok_or_else(|| wrong(name, "`resource` is no name and no glob"))
        }
        (None, Some(address), Some(_)) => {
            Err(wrong(address, "a resource has an `address`, or a `kind`, `namespace` and `name`; not both"))
        }
        (None, None, Some(first)) => {
            let [kind, namespace, name] = parts.map(text);
            ResourcePattern::of_parts(kind, namespace, name)
                .map(Some)
                .ok_or_else(|| wrong(first, "the parts of a resource have no `/`"))
        }
    }
}

/// A real day, written `YYYY-MM-DD` and nothing else.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse::<Date>().ok().filter(|date| date.to_string() == text)
}

/// Why a waiver that can be read may not apply.
fn refusal(
    waiver: &Waiver,
    raw: &RawWaiver,
    rules: &[Arc<RuleInfo>],
    known: &dyn Fn() -> Vec<String>,
    terms: &Terms,
) -> Option<Problem> {
    let span = |name: &str| raw.fields.iter().find(|field| field.name == name).map_or(raw.span, |field| field.span);
    if raw.region.is_some() && terms.no_comments {
        let message = "waivers in comments are forbidden here, so this one does not apply".to_owned();
        return Some(refused(raw, raw.span, message, "move it to the waivers file"));
    }
    let named: Vec<_> = rules.iter().filter(|rule| waiver.rule.matches(&rule.id.0)).collect();
    if named.is_empty() {
        let known = known();
        if !known.iter().any(|id| waiver.rule.matches(id)) {
            let text = waiver.rule.to_string();
            let ids = rules.iter().map(|rule| &*rule.id.0).chain(known.iter().map(String::as_str));
            let near = ids.map(|id| (strsim::damerau_levenshtein(&text, id), id)).min().filter(|near| near.0 <= 4);
            let help = near.map_or_else(
                || "give the policy that has it with `--policy`; `regate rules -p POLICY` lists its rules".to_owned(),
                |near| format!("did you mean `{}`?", near.1),
            );
            return Some(problem(
                &raw.source,
                span("rule"),
                false,
                format!("no policy of this run has a rule `{text}`, so the waiver does not apply"),
                &help,
            ));
        }
    }
    // A glob over rules of several severities is judged finding by finding.
    let refusals: Vec<_> = named.iter().filter_map(|rule| terms.refusal(waiver, rule.severity)).collect();
    if !refusals.is_empty() && (refusals.len() == named.len()) {
        let message = format!(
            "the waiver for {} does not apply: {}",
            waiver.subject(),
            refusals.first().cloned().unwrap_or_default()
        );
        let at = if waiver.approver.is_empty() { raw.span } else { span("approver") };
        return Some(refused(raw, at, message, ""));
    }
    None
}

fn refused(raw: &RawWaiver, span: Span, message: String, help: &str) -> Problem {
    Problem { code: ProblemCode::WaiverRefused, ..problem(&raw.source, span, false, message, help) }
}

/// What is worth saying about a waiver that holds.
fn remarks(waiver: &Waiver, terms: &Terms, as_of: Date) -> Vec<Problem> {
    let mut all = Vec::new();
    let left = days_between(as_of, waiver.expires);
    if left <= terms.notice {
        let when = match left {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        let message = format!("the waiver for {} ends {when}, on {}", waiver.subject(), waiver.expires);
        all.push(waiver.problem(true, message, ""));
    }
    if waiver.fingerprint.is_none() && waiver.rule.is_everything() {
        all.push(waiver.problem(true, "this waiver accepts every rule".to_owned(), "name the rules that are meant"));
    }
    // Only `**` crosses folders.
    let wide = waiver.path.as_ref().is_some_and(|path| path.is_everything() && path.to_string().contains("**"))
        || waiver.resource.as_ref().is_some_and(ResourcePattern::is_everything);
    if wide {
        all.push(waiver.problem(
            true,
            format!("a glob of the waiver for {} matches everything", waiver.subject()),
            "narrow it, or leave it out",
        ));
    }
    all
}
