# METADATA
# title: Containers cannot gain more rights than they start with
# description: Without this a set-user-id program in the image gives its caller the rights of root.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-privilege-escalation
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: 'Set `securityContext.allowPrivilegeEscalation: false`.'
package regate.kubernetes.privilege_escalation

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	object.get(container, ["securityContext", "allowPrivilegeEscalation"], true) != false
	msg := sprintf("container `%s` of %s may gain privileges: `allowPrivilegeEscalation` is not `false`", [container.name, kubernetes.resource])
}
