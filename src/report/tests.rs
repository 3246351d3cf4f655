//! What holds of every format.

use super::canned::{verdict, written, written_next};
use super::*;

#[test]
fn every_format_is_found_by_its_name() {
    for format in ReportFormat::ALL {
        assert_eq!(format.name().parse(), Ok(*format));
    }
}

#[test]
fn a_misspelt_format_is_answered_with_the_nearest_name() {
    let error = "jsonn".parse::<ReportFormat>().unwrap_err();
    assert_eq!(error.nearest, Some(ReportFormat::Json));
    assert!(error.to_string().starts_with("`jsonn` is no report format, did you mean `json`?; the formats are"));
    assert_eq!("pdfs-and-more".parse::<ReportFormat>().unwrap_err().nearest, None);
}

/// GitLab's report is a list of issues and has no place for anything else.
fn stating() -> impl Iterator<Item = ReportFormat> {
    ReportFormat::ALL.iter().copied().filter(|format| *format != ReportFormat::Gitlab)
}

#[test]
fn every_format_states_what_was_seen_and_what_was_not() {
    for format in stating() {
        let text = written(format).replace('\\', "");
        let program =
            matches!(format, ReportFormat::Json | ReportFormat::Ndjson | ReportFormat::Sarif | ReportFormat::Record);
        let compact: String = text.split_whitespace().collect();
        let facts: &[&str] = if program {
            &[
                "\"documents\":{\"kubernetes\":1,\"terraform\":1}",
                "\"unruled\":{\"terraform\":1}",
                "\"ignored\":3,\"skipped\":1,\"unreadable\":1",
                "\"rules\":3,\"evaluations\":3",
                "[\"main.deny_idle\"]",
                "\"file\":\"waivers.yaml\",\"line\":2",
                "\"uses\":1",
                "2026-11-21",
            ]
        } else {
            &[
                "2 files, 2 documents (1 kubernetes, 1 terraform), 3 rules (1 idle), 3 evaluations",
                "main.deny_idle",
                "1 terraform",
                "3 files by ignore rules, 1 file of no known format, 1 file unreadable",
                "waivers.yaml:2 `k8s-privileged-container` in `deploy/*` accepts 1 finding until 2026-12-31, approved by sec",
                "2026-11-21",
            ]
        };
        for fact in facts {
            let found = if program { compact.contains(fact) } else { text.contains(fact) };
            assert!(found, "{format}: {fact}\n{text}");
        }
    }
}

#[test]
fn every_format_tells_what_the_next_policies_would_change_and_no_status_with_it() {
    for format in stating() {
        let text = written_next(format);
        let program = matches!(format, ReportFormat::Json | ReportFormat::Ndjson | ReportFormat::Record);
        if program {
            assert!(text.contains("\"would_block\"") && text.contains("\"would_pass\""), "{format}");
        } else {
            assert!(text.contains("1 would newly block, 1 would no longer"), "{format}: {text}");
        }
        assert!(!text.contains('\u{9b}'), "{format}");
    }
    let [mut with, without] = [written_next(ReportFormat::Gitlab), written(ReportFormat::Gitlab)];
    assert_eq!(with, without);
    with = written_next(ReportFormat::Human);
    assert_eq!(with.lines().last(), written(ReportFormat::Human).lines().last());
    insta::assert_snapshot!(with.split_once("next: ").unwrap().1.split_once("\n\n").unwrap().0, @r"
policies of next would be FAIL: 2 findings at or above low; 1 would newly block, 1 would no longer
  would block deploy/web, 1.yaml:10:18: low k8s-latest-tag image `nginx:latest` has no fixed tag
  would pass  infra/main.tf:3:12: high main.deny_acl bucket is public\u{1b}[2J\n::error::<b>100%</b> | `x` ]]>
  error       next/\u{9b}a.rego: policy-invalid permission denied
");
    insta::assert_snapshot!(written_next(ReportFormat::Markdown).split_once("### With the next").unwrap().1.split_once("### How").unwrap().0, @r"
 policies

policies of next would be FAIL: 2 findings at or above low; 1 would newly block, 1 would no longer.

### Would newly block

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| low | k8s-latest-tag | deploy/web, 1.yaml:10:18 | image \`nginx:latest\` has no fixed tag |

### Would no longer block

| Severity | Rule | Place | Finding |
| --- | --- | --- | --- |
| high | main.deny\_acl | infra/main.tf:3:12 | bucket is public\\u{1b}\[2J<br>::error::&lt;b&gt;100%&lt;/b&gt; \| \`x\` \]\]&gt; |

### Problems of the next policies

| Level | Code | File | Problem |
| --- | --- | --- | --- |
| **error** | policy-invalid | next/\\u{9b}a.rego | permission denied |
");
    assert_eq!(verdict().status.exit_code(), 1);
}
