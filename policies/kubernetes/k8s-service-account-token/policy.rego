# METADATA
# title: Pods do not carry a token they do not use
# description: Every pod gets a token for the API server unless it declines it; most pods never use theirs.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   id: k8s-service-account-token
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [ac-6, ac-3]
#     pci-dss-4.0.1: ["7.2.1", "7.2.2"]
#     soc-2-2017: [CC6.3]
#     iso-27001-2022: [A.8.2, A.5.18]
#   remediation: 'Set `automountServiceAccountToken: false`, or name a service account made for this pod.'
package regate.kubernetes.service_account_token

import data.regate.lib.kubernetes

warn contains msg if {
	spec := kubernetes.pod_spec
	object.get(spec, "automountServiceAccountToken", true) != false
	object.get(spec, "serviceAccountName", "default") == "default"
	msg := sprintf("%s carries the token of the default service account", [kubernetes.resource])
}
