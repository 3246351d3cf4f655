//! `regate rules`.

use insta::assert_snapshot;

use crate::gate::{Gate, NO_PODS};

#[test]
fn a_rule_is_a_page() {
    assert_snapshot!(Gate::new().run("rules show k8s-privileged-container").all(), @"
    k8s-privileged-container
    Containers do not run privileged

    severity     critical
    kinds        kubernetes
    controls     iso-27001-2022: A.8.9
    controls     nist-800-53-r5: cm-7, ac-6.10
    controls     pci-dss-4.0.1: 2.2.1
    controls     soc-2-2017: CC6.8
    policy       builtin:kubernetes/k8s-privileged-container/policy.rego:20

    A privileged container can take over its node.

    How to mend it
    Remove `securityContext.privileged`, or set it to `false`.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/
    exit 0
    ");
}

#[test]
fn a_wrong_id_is_answered_with_the_nearest() {
    assert_snapshot!(Gate::new().run("rules show k8s-privilegd-container").all(), @"
    error: there is no rule `k8s-privilegd-container`; did you mean `k8s-privileged-container`?
    exit 2
    ");
    assert_snapshot!(Gate::new().run("rules show nothing-like-it").all(), @"
    error: there is no rule `nothing-like-it`
    exit 2
    ");
}

#[test]
fn rules_of_ones_own_are_listed() {
    let gate = Gate::new().file("p/a.rego", NO_PODS);
    assert_snapshot!(gate.run("rules -p p").all(), @"
    main.deny  high

    1 rule. `regate rules show ID` explains one.
    exit 0
    ");
    assert_snapshot!(gate.run("rules -p nowhere").all(), @"
    error: nowhere: there is no such file or folder
    exit 2
    ");
}
