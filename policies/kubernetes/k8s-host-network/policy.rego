# METADATA
# title: Pods do not use the network of their node
# description: A pod in the network of its node sees the traffic of every other pod there and escapes network policies.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-host-network
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Remove `hostNetwork`, or set it to `false`.
package regate.kubernetes.host_network

import data.regate.lib.kubernetes

deny contains msg if {
	kubernetes.pod_spec.hostNetwork == true
	msg := sprintf("%s uses the network of its node", [kubernetes.resource])
}
