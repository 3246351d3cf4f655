# METADATA
# title: Pods do not mount folders of their node
# description: A folder of the node gives a container a way to read its secrets or to take it over.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-host-path-volume
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Use a PersistentVolumeClaim, a ConfigMap, a Secret or an `emptyDir` instead of `hostPath`.
package regate.kubernetes.host_path_volume

import data.regate.lib.kubernetes

deny contains msg if {
	volume := kubernetes.pod_spec.volumes[_]
	path := volume.hostPath.path
	msg := sprintf("volume `%s` of %s mounts `%s` of the node", [volume.name, kubernetes.resource, path])
}
