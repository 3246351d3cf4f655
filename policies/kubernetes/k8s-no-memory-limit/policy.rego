# METADATA
# title: Containers have a memory limit
# description: A container without a limit can take all memory of its node and push other pods out.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   id: k8s-no-memory-limit
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [sc-5]
#     soc-2-2017: [A1.1]
#     iso-27001-2022: [A.8.6]
#   remediation: Set `resources.limits.memory`.
package regate.kubernetes.no_memory_limit

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	object.get(container, ["resources", "limits", "memory"], null) == null
	msg := sprintf("container `%s` of %s has no memory limit", [container.name, kubernetes.resource])
}
