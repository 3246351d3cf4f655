# METADATA
# title: Workloads do not live in the default namespace
# description: Quotas, network policies and rights are set by namespace; in `default` everything shares them.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
# custom:
#   id: k8s-default-namespace
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [cm-2]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.8.31]
#   remediation: Set `metadata.namespace` to a namespace of the application.
package regate.kubernetes.default_namespace

import data.regate.lib.kubernetes

warn contains msg if {
	kubernetes.pod_spec
	input.metadata.namespace == "default"
	msg := sprintf("%s is in the default namespace", [kubernetes.resource])
}
