# METADATA
# title: Containers have a read-only root filesystem
# description: On a writable root filesystem an intruder can leave tools or change the program.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-writable-root-filesystem
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: 'Set `securityContext.readOnlyRootFilesystem: true` and mount an `emptyDir` where the program writes.'
package regate.kubernetes.writable_root_filesystem

import data.regate.lib.kubernetes

warn contains msg if {
	some container in kubernetes.containers
	object.get(container, ["securityContext", "readOnlyRootFilesystem"], false) != true
	msg := sprintf("container `%s` of %s has a writable root filesystem", [container.name, kubernetes.resource])
}
