//! What every report states, so that no pass is vacuous: what was seen, what was not, on which day.

use super::count::headline_of;
use super::text::{count, thousands, visible};
use crate::judge::{Shadow, Verdict};

/// So many names are listed in a text; reports for programs have all.
const MOST: usize = 10;

/// What was seen and what was not, a word and a line each; the lines are safe to print.
pub fn stated(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let counts = &verdict.counts;
    let mut lines = vec![("checked", checked(verdict))];
    let mut line = |word, text: String| {
        if !text.is_empty() {
            lines.push((word, text));
        }
    };
    line("idle", names(&verdict.idle_rules));
    if !counts.unruled.is_empty() {
        line("no rule", format!("for {}", kinds(counts.unruled.iter().map(|(kind, n)| (kind.name(), *n)))));
    }
    let left = [
        (counts.ignored, "by ignore rules"),
        (counts.skipped, "of no known format"),
        (counts.unreadable, "unreadable"),
    ];
    let left: Vec<_> =
        left.iter().filter(|(n, _)| *n > 0).map(|(n, why)| format!("{} {why}", count(*n, "file"))).collect();
    line("left out", left.join(", "));
    let used: Vec<_> = verdict.waivers.iter().filter(|waiver| waiver.uses > 0).collect();
    for waiver in used.iter().take(MOST) {
        let by = if waiver.approver.is_empty() { String::new() } else { format!(", approved by {}", waiver.approver) };
        let text = format!(
            "{}:{} {} accepts {} until {}{by}",
            waiver.file,
            waiver.line,
            waiver.subject,
            count(waiver.uses, "finding"),
            waiver.until
        );
        line("waiver", visible(&text).into_owned());
    }
    if used.len() > MOST {
        line("waivers", format!("and {} more that were used", thousands(used.len() - MOST)));
    }
    line("day", verdict.as_of.clone());
    lines
}

/// The same in one line.
pub fn stated_line(verdict: &Verdict) -> String {
    let clauses = stated(verdict).into_iter().filter(|(word, _)| *word != "waiver");
    clauses.map(|(word, text)| format!("{word} {text}")).collect::<Vec<_>>().join("; ")
}

/// What other policies would change, in one line that is safe to print.
pub fn shadowed(shadow: &Shadow) -> String {
    format!(
        "policies of {} would be {}; {} would newly block, {} would no longer",
        visible(&shadow.policies.join(", ")),
        headline_of(shadow.status, &shadow.reasons),
        thousands(shadow.blocks.len()),
        thousands(shadow.frees.len())
    )
}

fn checked(verdict: &Verdict) -> String {
    let counts = &verdict.counts;
    let documents = count(counts.documents.values().sum(), "document");
    let by_kind = match counts.documents.len() {
        0 => String::new(),
        _ => format!(" ({})", kinds(counts.documents.iter().map(|(kind, n)| (kind.name(), *n)))),
    };
    let idle = match verdict.idle_rules.len() {
        0 => String::new(),
        n => format!(" ({} idle)", thousands(n)),
    };
    format!(
        "{}, {documents}{by_kind}, {}{idle}, {}",
        count(counts.files, "file"),
        count(verdict.rules.len(), "rule"),
        count(counts.evaluations, "evaluation")
    )
}

fn kinds<'a>(counts: impl Iterator<Item = (&'a str, usize)>) -> String {
    counts.map(|(kind, n)| format!("{} {kind}", thousands(n))).collect::<Vec<_>>().join(", ")
}

fn names(all: &[String]) -> String {
    let mut text = all.iter().take(MOST).map(|name| visible(name).into_owned()).collect::<Vec<_>>().join(", ");
    if all.len() > MOST {
        text = format!("{text} and {} more", thousands(all.len() - MOST));
    }
    text
}
