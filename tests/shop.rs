//! The built-in rules and the small systems in `fixtures/` that show them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::semicolon_if_nothing_returned,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;
use regate::document::Kind;
use regate::engine::Limits;
use regate::finding::RuleInfo;
use regate::judge::Status;
use regate::policy::{PolicySet, builtin_packs, builtin_sources, builtin_sources_for};
use regate::policy_test::{Outcome, TestOptions};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rules of the packs that `wanted` accepts.
fn rules(wanted: impl Fn(&str) -> bool) -> Vec<RuleInfo> {
    let set = PolicySet::new(&builtin_sources(wanted), &[], Limits::default());
    assert_eq!(set.errors, []);
    set.rules.iter().map(|rule| (*rule.info).clone()).collect()
}

/// The lines of the short report on `path` and the exit status.
fn check(path: &str, more: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regate"));
    command.args(["check", "--isolated", "-o", "concise", path]).args(more).current_dir(root());
    let out = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
    (String::from_utf8(out.stdout).unwrap(), out.status.code())
}

/// `file severity rule` of a line with a finding.
fn finding(line: &str) -> Option<(String, String)> {
    let (place, rest) = line.split_once(": ")?;
    let file = place.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ':');
    let mut words = rest.split(' ');
    let (severity, rule) = (words.next()?, words.next()?);
    ["low", "medium", "high", "critical"].contains(&severity).then(|| (file.to_owned(), rule.to_owned()))
}

#[test]
fn the_shop_fails_with_the_faults_a_reviewer_would_see() {
    let (text, code) = check("fixtures/shop", &[]);
    assert_eq!(code, Some(1));
    let mut by_file: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, rule) in text.lines().filter_map(finding) {
        by_file.entry(file).or_default().insert(rule);
    }
    let mut seen = String::new();
    for (file, rules) in by_file {
        let _ = writeln!(seen, "{file}");
        for rule in rules {
            let _ = writeln!(seen, "  {rule}");
        }
    }
    let _ = writeln!(seen, "{}", text.lines().last().unwrap());
    assert_snapshot!(seen, @"
    fixtures/shop/.github/workflows/release.yml
      gha-pull-request-target-checkout
      gha-script-injection
      gha-unpinned-action
      gha-write-all
    fixtures/shop/cloudformation/reports.yaml
      cfn-hardcoded-password
      cfn-iam-wildcard
      cfn-rds-public
      cfn-rds-unencrypted
      cfn-s3-public-acl
      cfn-security-group-open-admin-port
    fixtures/shop/compose.yaml
      compose-docker-socket
      compose-host-network
      compose-privileged
    fixtures/shop/deploy/access.yaml
      k8s-cluster-admin-binding
      k8s-node-port
      k8s-wildcard-rbac
    fixtures/shop/deploy/api.yaml
      k8s-dangerous-capability
      k8s-privilege-escalation
      k8s-secret-in-env
    fixtures/shop/deploy/data.yaml
      k8s-default-namespace
      k8s-host-network
      k8s-host-path-volume
      k8s-host-process-namespaces
      k8s-run-as-root
    fixtures/shop/deploy/web.yaml
      k8s-capabilities-not-dropped
      k8s-image-latest
      k8s-ingress-without-tls
      k8s-missing-probes
      k8s-no-memory-limit
      k8s-open-load-balancer
      k8s-privilege-escalation
      k8s-privileged-container
      k8s-run-as-root
      k8s-service-account-token
      k8s-writable-root-filesystem
    fixtures/shop/infra/compute.tf
      tf-ebs-unencrypted
      tf-hardcoded-password
      tf-iam-wildcard
      tf-imdsv1-allowed
      tf-rds-public
      tf-rds-unencrypted
    fixtures/shop/infra/main.tf
      tf-cloudtrail-incomplete
      tf-kms-no-rotation
      tf-s3-public-access-not-blocked
      tf-s3-public-acl
      tf-s3-unversioned
    fixtures/shop/infra/modules/bucket/main.tf
      tf-s3-unencrypted
    fixtures/shop/infra/network.tf
      tf-alb-http-listener
      tf-security-group-open-admin-port
    fixtures/shop/reports/junit.xml
      junit-failed-test
    fixtures/shop/reports/scan.sarif
      scan-error-result
    fixtures/shop/reports/trivy.json
      vuln-critical-with-fix
    fixtures/shop/services/api/Dockerfile
      docker-add-remote
      docker-image-latest
      docker-no-healthcheck
      docker-pipe-to-shell
      docker-runs-as-root
      docker-secret-in-image
    FAIL: 49 findings at or above medium
    ");
}

#[test]
fn its_clean_twin_passes_with_nothing_to_say() {
    let (text, code) = check("fixtures/shop-clean", &[]);
    let said: Vec<&str> = text.lines().filter(|line| !line.starts_with("checked ")).collect();
    assert_eq!((said, code), (vec!["PASS: no finding at or above medium"], Some(0)));
    assert_eq!(check("fixtures/shop-clean", &["--fail-on", "low"]).1, Some(0));
}

/// The folder of each built-in rule.
fn folders() -> Vec<PathBuf> {
    let packs = builtin_packs().into_iter().map(|pack| root().join("policies").join(pack));
    let mut all: Vec<PathBuf> = packs
        .flat_map(|pack| fs::read_dir(pack).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

fn example(folder: &Path, stem: &str) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&format!("{stem}.")))
}

#[test]
fn every_rule_finds_its_failing_example_and_not_its_passing_one() {
    for folder in folders() {
        let id = folder.file_name().unwrap().to_string_lossy().into_owned();
        let pack = folder.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        for (stem, wanted) in [("fail", true), ("pass", false)] {
            let path = example(&folder, stem).unwrap_or_else(|| panic!("{id} has no {stem}.*"));
            // A workflow is known by its folder.
            let text = fs::read(&path).unwrap();
            let place = tempfile::tempdir().unwrap();
            let name = if pack == "github-workflow" {
                ".github/workflows/x.yaml".to_owned()
            } else {
                path.file_name().unwrap().to_string_lossy().into_owned()
            };
            let copy = place.path().join(name);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::write(&copy, text).unwrap();
            let (output, code) = check(copy.to_str().unwrap(), &["-p", &format!("builtin:{pack}")]);
            let found = output.lines().filter_map(finding).any(|(_, rule)| rule == id);
            assert_eq!(found, wanted, "{id} on {stem}.*:\n{output}");
            assert_ne!(code, Some(2), "{id} on {stem}.*:\n{output}");
        }
    }
}

#[test]
fn every_rule_is_a_page_in_a_folder_of_its_name_with_a_test() {
    let rules = rules(|_| true);
    assert!(rules.len() >= 40, "{} rules", rules.len());
    for rule in &rules {
        let id = &*rule.id.0;
        for (what, text) in
            [("title", &rule.title), ("description", &rule.description), ("remediation", &rule.remediation)]
        {
            assert!(!text.trim().is_empty(), "{id} has no {what}");
        }
        assert!(!rule.kinds.is_empty(), "{id} names no kinds");
        assert!(!rule.controls.is_empty(), "{id} names no controls");
        assert!(rule.file.ends_with(&format!("/{id}/policy.rego")), "{id} is in {}", rule.file);
        let folder =
            root().join("policies").join(rule.file.trim_start_matches("builtin:")).parent().unwrap().to_path_buf();
        let test = fs::read_to_string(folder.join("policy_test.rego")).unwrap_or_else(|_| panic!("{id} has no test"));
        assert!(test.contains("\ntest_"), "{id} has no test");
    }
    let ids: BTreeSet<String> = rules.iter().map(|rule| rule.id.0.to_string()).collect();
    let named: BTreeSet<String> =
        folders().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(ids, named);
}

#[test]
fn the_packs_that_are_loaded_for_a_kind_hold_every_rule_for_it() {
    for pack in builtin_packs() {
        for rule in rules(|name| name == pack) {
            for kind in &rule.kinds {
                let loaded = builtin_sources_for(&[*kind]).modules;
                assert!(
                    loaded.iter().any(|module| module.name == rule.file),
                    "{} is not loaded for {}",
                    rule.id,
                    kind.name()
                );
            }
        }
    }
    assert!(builtin_sources_for(&[Kind::Unknown]).modules.iter().all(|module| module.name.starts_with("builtin:lib/")));
}

#[test]
fn the_tests_of_the_policies_pass_and_reach_every_line() {
    let sources = builtin_sources(|_| true);
    let options = TestOptions { coverage: true, ..TestOptions::default() };
    let run = regate::policy_test::run(&sources, Vec::new(), &options).unwrap();
    let failed: Vec<_> = run.tests.iter().filter(|test| test.outcome != Outcome::Pass).map(|test| &test.name).collect();
    let told = vec![format!("{} tests passed", run.tests.len())];
    assert_eq!((failed, &run.reasons, run.status), (vec![], &told, Status::Pass));
    // At least one that finds the fault and one that finds none, for each rule.
    assert!(run.tests.len() >= 2 * folders().len());
    let missed =
        run.coverage.unwrap().files.into_iter().map(|(name, file)| (name, file.which(false).collect::<Vec<_>>()));
    assert_eq!(missed.filter(|(_, lines)| !lines.is_empty()).collect::<Vec<_>>(), []);
}

#[test]
fn the_public_ids_of_rules_are_these() {
    let ids: Vec<String> = rules(|_| true).iter().map(|rule| rule.id.0.to_string()).collect();
    assert_snapshot!(ids.join("\n"), @"
    cfn-hardcoded-password
    cfn-iam-wildcard
    cfn-rds-public
    cfn-rds-unencrypted
    cfn-s3-public-acl
    cfn-security-group-open-admin-port
    compose-docker-socket
    compose-host-network
    compose-privileged
    docker-add-remote
    docker-image-latest
    docker-no-healthcheck
    docker-pipe-to-shell
    docker-runs-as-root
    docker-secret-in-image
    gha-no-permissions
    gha-pull-request-target-checkout
    gha-script-injection
    gha-unpinned-action
    gha-write-all
    junit-failed-test
    junit-no-tests
    k8s-capabilities-not-dropped
    k8s-cluster-admin-binding
    k8s-dangerous-capability
    k8s-default-namespace
    k8s-host-network
    k8s-host-path-volume
    k8s-host-process-namespaces
    k8s-image-latest
    k8s-ingress-without-tls
    k8s-missing-probes
    k8s-no-memory-limit
    k8s-node-port
    k8s-open-load-balancer
    k8s-privilege-escalation
    k8s-privileged-container
    k8s-run-as-root
    k8s-secret-in-env
    k8s-service-account-token
    k8s-wildcard-rbac
    k8s-writable-root-filesystem
    scan-error-result
    tf-alb-http-listener
    tf-cloudtrail-incomplete
    tf-ebs-unencrypted
    tf-hardcoded-password
    tf-iam-wildcard
    tf-imdsv1-allowed
    tf-kms-no-rotation
    tf-rds-public
    tf-rds-unencrypted
    tf-s3-public-access-not-blocked
    tf-s3-public-acl
    tf-s3-unencrypted
    tf-s3-unversioned
    tf-security-group-open-admin-port
    vuln-critical-with-fix
    vuln-exposed-secret
    ");
}
