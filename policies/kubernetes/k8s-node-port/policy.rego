# METADATA
# title: Services do not open ports on every node
# description: A NodePort goes round the Ingress with its TLS and its rules.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/
# custom:
#   id: k8s-node-port
#   severity: low
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Use a ClusterIP service behind an Ingress.
package regate.kubernetes.node_port

import data.regate.lib.kubernetes

warn contains msg if {
	input.kind == "Service"
	input.spec.type == "NodePort"
	msg := sprintf("%s opens a port on every node", [kubernetes.resource])
}
