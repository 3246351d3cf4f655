# METADATA
# title: Nobody in a manifest is made cluster admin
# description: '`cluster-admin` may do anything in every namespace, reading all secrets included.'
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# custom:
#   id: k8s-cluster-admin-binding
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: Bind a role that allows only what the subject does.
package regate.kubernetes.cluster_admin_binding

import data.regate.lib.kubernetes

deny contains msg if {
	input.kind in {"RoleBinding", "ClusterRoleBinding"}
	input.roleRef.name == "cluster-admin"
	subject := input.subjects[_]
	msg := sprintf("%s makes %s `%s` a cluster admin", [kubernetes.resource, subject.kind, subject.name])
}
