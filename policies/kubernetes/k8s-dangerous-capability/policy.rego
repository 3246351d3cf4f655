# METADATA
# title: Containers do not add capabilities that reach the node
# description: '`SYS_ADMIN` and its like give a container most of what a privileged one has.'
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-dangerous-capability
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Remove the capability, or move the work to a component made for it.
package regate.kubernetes.dangerous_capability

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	capability := upper(container.securityContext.capabilities.add[_])
	trim_prefix(capability, "CAP_") in dangerous
	msg := sprintf("container `%s` of %s adds the capability `%s`", [container.name, kubernetes.resource, capability])
}

dangerous := {"ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"}
