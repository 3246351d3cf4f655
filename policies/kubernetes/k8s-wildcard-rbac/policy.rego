# METADATA
# title: Roles name what they allow
# description: A `*` in a role allows everything that is there now and everything that comes later.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   id: k8s-wildcard-rbac
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: List the resources and verbs that are needed.
package regate.kubernetes.wildcard_rbac

import data.regate.lib.kubernetes

deny contains msg if {
	input.kind in {"Role", "ClusterRole"}
	rule := input.rules[_]
	some field in ["apiGroups", "resources", "verbs"]
	"*" in object.get(rule, field, [])
	msg := sprintf("%s allows every one of its `%s` with `*`", [kubernetes.resource, field])
}
