# METADATA
# title: Pods do not share the processes of their node
# description: With `hostPID` or `hostIPC` a container can see, trace and stop the processes of the node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: k8s-host-process-namespaces
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Remove `hostPID` and `hostIPC`.
package regate.kubernetes.host_process_namespaces

import data.regate.lib.kubernetes

deny contains msg if {
	some field in ["hostPID", "hostIPC"]
	kubernetes.pod_spec[field] == true
	msg := sprintf("%s sets `%s`", [kubernetes.resource, field])
}
