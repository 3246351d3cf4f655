# METADATA
# title: Containers do not run as root
# description: A process that breaks out of its container as root is root on the node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-run-as-root
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: 'Set `securityContext.runAsNonRoot: true` for the pod or the container, and no `runAsUser: 0`.'
package regate.kubernetes.run_as_root

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	object.get(container, ["securityContext", "runAsUser"], pod_user) == 0
	msg := sprintf("container `%s` of %s runs as root (`runAsUser: 0`)", [container.name, kubernetes.resource])
}

deny contains msg if {
	some container in kubernetes.containers
	object.get(container, ["securityContext", "runAsNonRoot"], pod_non_root) != true
	user := object.get(container, ["securityContext", "runAsUser"], pod_user)
	not known_user(user)
	msg := sprintf("container `%s` of %s may run as root: `runAsNonRoot` is not set", [container.name, kubernetes.resource])
}

# What the pod sets holds for a container that does not set it.
pod_non_root := object.get(kubernetes.pod_spec, ["securityContext", "runAsNonRoot"], false)

pod_user := object.get(kubernetes.pod_spec, ["securityContext", "runAsUser"], -1)

# A number of its own settles the question without `runAsNonRoot`: 0 is named by the rule above.
known_user(user) if user >= 0
