# METADATA
# title: Ingresses speak TLS
# description: Without TLS passwords and sessions of customers travel in the clear.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/
# custom:
#   id: k8s-ingress-without-tls
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [sc-8, sc-8.1]
#     pci-dss-4.0.1: ["4.2.1"]
#     soc-2-2017: [CC6.7]
#     iso-27001-2022: [A.8.24]
#   remediation: Add `spec.tls` with the host and the Secret of its certificate.
package regate.kubernetes.ingress_without_tls

import data.regate.lib.kubernetes

deny contains msg if {
	input.kind == "Ingress"
	object.get(input.spec, "tls", []) == []
	msg := sprintf("%s has no TLS", [kubernetes.resource])
}
