//! Approvals that git and CODEOWNERS prove.

use insta::assert_snapshot;

use crate::gate::Gate;

const RULES: &str = "package main\n\n# METADATA\n# custom:\n#   id: bad\n#   severity: critical\ndeny contains \"bad\" if input.spec.bad\n";
const POD: &str = "kind: Pod\nmetadata: {name: web}\nspec: {bad: true}\n";
const WAIVER: &str =
    "waivers:\n- rule: bad\n  reason: legacy\n  owner: bob\n  approver: alice\n  expires: 2099-12-31\n";
const PEOPLE: &str = "approvers: {critical: [alice, carol]}\npeople: {alice: [alice@example.com, \"@alice-gh\"], carol: [carol@example.com]}\n";

/// A repository with a bad pod, and settings that want approvals proven `by`.
fn repository(by: &str) -> Gate {
    let gate = Gate::new().file("policy/r.rego", RULES).file("deploy/web.yaml", POD);
    gate.write("regate.yaml", format!("{PEOPLE}approval: [{by}]\n"));
    gate.git("init -q -b main .");
    commit(&gate, "bob");
    gate
}

/// Commits all as a person.
fn commit(gate: &Gate, who: &str) {
    gate.git("add -A");
    gate.git(&format!("-c user.name={who} -c user.email={who}@example.com commit -q --allow-empty -m change"));
}

fn check(gate: &Gate) -> String {
    gate.check("-p policy deploy")
}

#[test]
fn the_authors_of_the_waivers_lines_must_be_approvers() {
    let gate = repository("author").file("waivers.yaml", WAIVER);
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: its file is not committed
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    commit(&gate, "alice");
    assert_snapshot!(check(&gate), @"
    waiver waivers.yaml:2 `bad` accepts 1 finding until 2099-12-31, approved by alice
    PASS: no finding at or above medium
    exit 0
    ");
    // Who may approve may also change what another approved.
    gate.write("waivers.yaml", WAIVER.replace("legacy", "old"));
    commit(&gate, "carol");
    assert!(check(&gate).ends_with("exit 0"), "{}", check(&gate));
    gate.write("waivers.yaml", WAIVER.replace("2099", "2199"));
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: line 3 is not committed
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    commit(&gate, "bob");
    assert_snapshot!(masked(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its lines were last changed by bob <bob@example.com> in commit HASH, and that is its owner
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
}

/// The report with commits of every day.
fn masked(gate: &Gate) -> String {
    let said = check(gate);
    let Some(at) = said.find("commit ").map(|at| at + "commit ".len()) else { return said };
    format!("{}HASH{}", &said[..at], &said[at + 10..])
}

#[test]
fn a_mailmap_gives_no_line_to_another() {
    let gate = repository("author").file("waivers.yaml", WAIVER);
    gate.write(".mailmap", "alice <alice@example.com> <bob@example.com>\n");
    commit(&gate, "bob");
    assert!(check(&gate).contains("bob <bob@example.com>"), "{}", check(&gate));
}

#[test]
fn an_alias_brings_the_lines_it_stands_for() {
    let gate = repository("author");
    gate.write("waivers.yaml", "# later\n");
    commit(&gate, "bob");
    let text = "waivers:\n- &base\n  rule: bad\n  reason: legacy\n  owner: bob\n  approver: alice\n  path: nowhere\n  expires: &last 2099-12-31\n- <<: *base\n  path: deploy\n  expires: *last\n";
    gate.write("waivers.yaml", text);
    commit(&gate, "alice");
    assert!(check(&gate).ends_with("exit 0"), "{}", check(&gate));
    gate.write("waivers.yaml", text.replace("2099", "2199"));
    commit(&gate, "bob");
    assert!(check(&gate).ends_with("exit 1"), "{}", check(&gate));
}

#[test]
fn the_owner_proves_nothing_by_another_name() {
    let gate = repository("author").file("waivers.yaml", WAIVER.replace("bob", "alice@example.com"));
    commit(&gate, "carol");
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: `alice` approves a waiver that is `alice@example.com`'s own
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    // Carol may approve, but not what is her own.
    gate.write("waivers.yaml", WAIVER.replace("bob", "carol"));
    commit(&gate, "carol");
    assert_snapshot!(masked(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its lines were last changed by carol <carol@example.com> in commit HASH, and that is its owner
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
}

#[test]
fn a_shallow_clone_and_a_folder_without_git_prove_nothing() {
    let gate = repository("author").file("waivers.yaml", WAIVER);
    commit(&gate, "alice");
    commit(&gate, "bob");
    gate.git(&format!("clone -q --depth 1 file://{} shallow", gate.path("").display()));
    let run = gate.run_in("shallow", "check -o concise -p policy deploy", b"");
    assert_snapshot!(run.placeless(), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: the clone is shallow, so git can't tell who wrote line 2; fetch all of it
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    gate.git("-C shallow fetch -q --unshallow");
    assert_eq!(gate.run_in("shallow", "check -p policy deploy", b"").code, Some(0));
    std::fs::remove_dir_all(gate.path(".git")).unwrap();
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: its file is in no git repository
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
}

#[test]
fn a_comment_is_proven_by_its_own_line() {
    let gate = repository("author");
    let comment = "# regate:waive bad until=2099-12-31 reason=\"old\" approver=alice";
    gate.write("deploy/web.yaml", format!("{comment}\n{POD}"));
    commit(&gate, "alice");
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    deploy/web.yaml:1:59: error waiver-refused the waiver for `bad` does not apply: it names no owner, so its approver could be the owner
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    gate.write("deploy/web.yaml", format!("{comment} owner=bob\n{POD}"));
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    deploy/web.yaml:1:59: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: line 1 is not committed
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    commit(&gate, "alice");
    assert!(check(&gate).ends_with("exit 0"), "{}", check(&gate));
}

#[test]
fn codeowners_must_give_the_file_to_the_approver() {
    let gate = repository("codeowners").file("waivers.yaml", WAIVER);
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: the repository has no CODEOWNERS
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    gate.write("docs/CODEOWNERS", "* @alice-gh\n");
    assert!(check(&gate).ends_with("exit 0"), "{}", check(&gate));
    // The first place counts, and of its lines the last.
    gate.write(".github/CODEOWNERS", "* @alice-gh\n/waivers.yaml @bob\n");
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: CODEOWNERS gives `waivers.yaml` to @bob, not to `alice`
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    gate.write(".github/CODEOWNERS", "* @alice-gh\n/waivers.yaml\n");
    assert_snapshot!(check(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: .github/CODEOWNERS gives `waivers.yaml` to nobody
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    let run = gate.run_in("deploy", "check -o concise -p ../policy .", b"");
    assert!(run.all().contains("gives `waivers.yaml` to nobody"), "{}", run.all());
}

#[test]
fn a_signature_must_be_good_and_an_approvers() {
    let gate = repository("signature").file("waivers.yaml", WAIVER);
    commit(&gate, "alice");
    assert_snapshot!(masked(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:5:13: error waiver-refused the waiver for `bad` does not apply: its approval is not proven: commit HASH is not signed, or by no key that git can check
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "key", "-f", "key"])
        .current_dir(gate.path("."))
        .output();
    if !made.is_ok_and(|out| out.status.success()) {
        println!("skipped: there is no ssh-keygen");
        return;
    }
    let key = gate.read("key.pub");
    gate.write("signers", format!("alice@example.com {key}"));
    gate.git("config gpg.format ssh");
    gate.git("config gpg.ssh.allowedSignersFile signers");
    gate.write("waivers.yaml", format!("# signed\n{}", WAIVER.replace("legacy", "old")).replace('\n', " \n"));
    gate.git("add waivers.yaml");
    gate.git("-c user.signingKey=key commit -qS -m signed");
    assert!(check(&gate).ends_with("exit 0"), "{}", check(&gate));
    // The key is whose it is, whoever claims to be the author.
    gate.write("signers", format!("mallory@example.com {key}"));
    assert_snapshot!(masked(&gate), @"
    deploy/web.yaml: critical bad bad
    waivers.yaml:6:13: error waiver-refused the waiver for `bad` does not apply: its lines were last signed by mallory@example.com in commit HASH, and alice, carol may approve
    FAIL: 1 finding at or above medium; 1 problem (waiver-refused)
    exit 1
    ");
    gate.write("signers", "");
    assert!(check(&gate).ends_with("exit 1"), "{}", check(&gate));
}
