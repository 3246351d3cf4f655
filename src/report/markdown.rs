//! Markdown for a job's summary or a comment.
//!
//! GitHub drops a whole step summary of more than 1 MiB, so this one stops
//! before that and says how many findings are not shown.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Report;
use super::count::{Tally, acceptance, headline, is_open};
use super::locate::Locator;
use super::stated::{shadowed, stated};
use super::text::{clip, count, thousands, visible_lines};
use crate::finding::{Problem, Severity};
use crate::judge::{Disposition, Judged, Shadow, Status, Verdict};

/// Writes `markdown`.
pub struct Markdown;

/// Where the tables stop, in bytes.
const MAX: usize = 900_000;
/// A cell of a table, in bytes before escaping.
const MAX_CELL: usize = 4000;

impl Report for Markdown {
    fn write(&self, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::default();
        page.head(verdict);
        page.problems(verdict);
        let (failing, other): (Vec<_>, Vec<_>) = verdict
            .findings
            .iter()
            .filter(|judged| is_open(judged))
            .partition(|judged| judged.disposition == Disposition::Failing);
        page.findings("Failing", &failing);
        page.findings("Warnings", &other);
        page.accepted(verdict);
        if let Some(shadow) = &verdict.next {
            page.next(shadow);
        }
        page.remedies(verdict);
        out.write_all(page.text.as_bytes())
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Rows of a table as long as they fit; what is left is counted.
    fn rows<T>(&mut self, head: &str, noun: &str, items: &[T], row: impl Fn(&T) -> String) {
        let columns = head.matches('|').count() - 1;
        self.line(head);
        self.line(&format!("|{}", " --- |".repeat(columns)));
        for (at, item) in items.iter().enumerate() {
            let row = row(item);
            if self.text.len() + row.len() > MAX {
                self.line(&format!("\n_{} not shown: the page is full._", count(items.len() - at, noun)));
                break;
            }
            self.line(&row);
        }
        self.line("");
    }

    fn head(&mut self, verdict: &Verdict) {
        let mark = match verdict.status {
            Status::Pass => "✅",
            Status::Fail => "❌",
            Status::Undecided => "⚠️",
        };
        self.line(&format!("## {mark} regate: {}\n", cell(&headline(verdict))));
        let tally = Tally::of(verdict);
        let mut numbers = Severity::ALL
            .iter()
            .rev()
            .filter_map(|severity| Some(format!("{} {severity}", thousands(*tally.by_severity.get(severity)?))))
            .collect::<Vec<_>>();
        if tally.waived > 0 {
            numbers.push(format!("{} waived", thousands(tally.waived)));
        }
        if tally.known > 0 {
            numbers.push(format!("{} known", thousands(tally.known)));
        }
        let found = if numbers.is_empty() { "no findings".to_owned() } else { numbers.join(", ") };
        self.line(&format!("{found}.\n"));
        for (word, text) in stated(verdict) {
            self.line(&format!("- {word}: {}", cell(&text)));
        }
        self.line("");
    }

    /// What other policies would change.
    fn next(&mut self, shadow: &Shadow) {
        self.line("### With the next policies\n");
        self.line(&format!("{}.\n", cell(&shadowed(shadow))));
        for (title, found) in [("Would newly block", &shadow.blocks), ("Would no longer block", &shadow.frees)] {
            self.findings(title, &found.iter().collect::<Vec<_>>());
        }
        if !shadow.problems.is_empty() {
            self.line("### Problems of the next policies\n");
            self.problem_rows(&shadow.problems);
        }
    }

    fn problems(&mut self, verdict: &Verdict) {
        if verdict.problems.is_empty() {
            return;
        }
        self.line("### Problems\n");
        self.problem_rows(&verdict.problems);
    }

    fn problem_rows(&mut self, problems: &[Problem]) {
        self.rows("| Level | Code | File | Problem |", "problem", problems, |problem| {
            let level = if problem.notice { "notice" } else { "**error**" };
            format!("| {level} | {} | {} | {} |", problem.code.name(), cell(&problem.file), cell(&problem.message))
        });
    }

    fn findings(&mut self, title: &str, found: &[&Judged]) {
        if found.is_empty() {
            return;
        }
        self.line(&format!("### {title}\n"));
        let locator = Locator::default();
        self.rows("| Severity | Rule | Place | Finding |", "finding", found, |judged| {
            format!(
                "| {} | {} | {} | {} |",
                judged.finding.severity,
                rule(judged),
                place(judged, &locator),
                said(judged)
            )
        });
    }

    fn accepted(&mut self, verdict: &Verdict) {
        let found: Vec<_> = verdict.findings.iter().filter(|judged| !is_open(judged)).collect();
        if found.is_empty() {
            return;
        }
        self.line(&format!("<details><summary>{} accepted</summary>\n", count(found.len(), "finding")));
        let locator = Locator::default();
        self.rows("| Severity | Rule | Place | Finding | Why |", "finding", &found, |judged| {
            let why = cell(&acceptance(&judged.disposition).unwrap_or_default());
            let (severity, place) = (judged.finding.severity, place(judged, &locator));
            format!("| {severity} | {} | {place} | {} | {why} |", rule(judged), said(judged))
        });
        self.line("</details>\n");
    }

    fn remedies(&mut self, verdict: &Verdict) {
        let open = verdict.findings.iter().filter(|judged| is_open(judged)).map(|judged| &judged.finding.rule.id);
        let open: std::collections::HashSet<_> = open.collect();
        let rules = verdict.rules.iter().filter(|rule| open.contains(&rule.id) && !rule.remediation.is_empty());
        let rules: Vec<_> = rules.collect();
        if rules.is_empty() || self.text.len() > MAX {
            return;
        }
        self.line("### How to mend it\n");
        for rule in rules {
            let mut item = format!("- **{}**: {}", cell(&rule.id.0), cell(&rule.remediation));
            for link in rule.links.iter().filter(|link| is_link(link)) {
                // Writing to a String can't fail.
                let _ = write!(item, " <{link}>");
            }
            if self.text.len() + item.len() > MAX {
                break;
            }
            self.line(&item);
        }
    }
}

fn is_link(link: &str) -> bool {
    link.starts_with("https://") && link.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`'))
}

fn rule(judged: &Judged) -> String {
    cell(&judged.finding.rule.id.0)
}

fn said(judged: &Judged) -> String {
    cell(&judged.finding.message)
}

fn place<'a>(judged: &'a Judged, locator: &Locator<'a>) -> String {
    let source = &judged.finding.place.source;
    format!("{}:{}", cell(source.name()), locator.position(source, judged.finding.place.span.start))
}

/// `text` as it is to be read: no markup, mention, link or row of its own.
fn cell(text: &str) -> String {
    let text = visible_lines(clip(text, MAX_CELL).as_ref()).into_owned();
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::ReportFormat;
    use super::super::canned::{verdict, written, written_pass};
    use super::*;

    #[test]
    fn the_page_has_tables_and_nothing_hostile_in_them() {
        insta::assert_snapshot!(written(ReportFormat::Markdown), @r###"
## ❌ regate: FAIL: 2 findings at or above medium; 1 input could not be read

1 critical, 1 high, 1 low, 1 waived, 1 known.

- checked: 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
- idle: main.deny\_idle
- no rule: for 1 terraform
- left out: 3 files by ignore rules, 1 file of no known format, 1 file unreadable
- waiver: waivers.yaml:2 \`k8s-privileged-container\` in \`deploy/\*\` accepts 1 finding until 2026-12-31, approved by sec
- day: 2026-11-21

### Problems

| Level | Code | File | Problem |
| --- | --- | --- | --- |
| **error** | syntax | infra/main.tf | a value is missing |
| **error** | unreadable | secret/\\u{1b}x.yaml | permission denied |
| notice | not-checked |  | 1 Helm template was not checked |

### Failing

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| critical | k8s-privileged-container | deploy/web, 1.yaml:11:11 | container \`wéb\` is privileged |
| high | main.deny\_acl | infra/main.tf:3:12 | bucket is public\\u{1b}\[2J<br>::error::&lt;b&gt;100%&lt;/b&gt; \| \`x\` \]\]&gt; |

### Warnings

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| low | k8s-latest-tag | deploy/web, 1.yaml:10:18 | image \`nginx:latest\` has no fixed tag |

<details><summary>2 findings accepted</summary>

| Severity | Rule | Place | Finding | Why |
| --- | --- | --- | --- | --- |
| critical | k8s-privileged-container | deploy/web, 1.yaml:12:13 | an accepted one | waived until 2026-12-31 by sec: legacy \*node\* |
| low | k8s-latest-tag | deploy/web, 1.yaml:10:11 | an old one | known, not new |

</details>

### How to mend it

- **k8s-privileged-container**: Remove \`securityContext.privileged\`, or set it to \`false\`. <https://kubernetes.io/docs/concepts/security/>
"###);
    }

    #[test]
    fn a_pass_is_said() {
        insta::assert_snapshot!(written_pass(ReportFormat::Markdown), @r###"
## ✅ regate: PASS: no finding at or above medium

no findings.

- checked: 2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations
- idle: main.deny\_idle
- no rule: for 1 terraform
- left out: 3 files by ignore rules, 1 file of no known format, 1 file unreadable
- waiver: waivers.yaml:2 \`k8s-privileged-container\` in \`deploy/\*\` accepts 1 finding until 2026-12-31, approved by sec
- day: 2026-11-21
"###);
    }

    #[test]
    fn a_page_stays_under_what_github_takes() {
        let mut verdict = verdict();
        let finding = verdict.findings[4].clone();
        verdict.findings = vec![finding; 20_000];
        let mut out = Vec::new();
        Markdown.write(&verdict, &mut out).unwrap();
        assert!((800_000..950_000).contains(&out.len()), "{}", out.len());
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(" findings not shown: the page is full._"));
    }
}
