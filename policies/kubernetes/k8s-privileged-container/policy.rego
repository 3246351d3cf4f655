# METADATA
# title: Containers do not run privileged
# description: A privileged container can take over its node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-privileged-container
#   severity: critical
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Remove `securityContext.privileged`, or set it to `false`.
package regate.kubernetes.privileged_container

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	container.securityContext.privileged == true
	msg := sprintf("container `%s` of %s is privileged", [container.name, kubernetes.resource])
}
