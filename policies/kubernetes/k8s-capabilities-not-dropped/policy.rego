# METADATA
# title: Containers drop the capabilities they do not need
# description: The default set of Linux capabilities is more than a web service needs.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-capabilities-not-dropped
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: 'Set `securityContext.capabilities.drop: [ALL]` and add back what is needed.'
package regate.kubernetes.capabilities_not_dropped

import data.regate.lib.kubernetes

warn contains msg if {
	some container in kubernetes.containers
	not drops_all(container)
	msg := sprintf("container `%s` of %s does not drop all capabilities", [container.name, kubernetes.resource])
}

drops_all(container) if upper(container.securityContext.capabilities.drop[_]) == "ALL"
