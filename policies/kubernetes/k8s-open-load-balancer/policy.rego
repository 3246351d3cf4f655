# METADATA
# title: Load balancers say who may reach them
# description: A load balancer without source ranges is open to the whole internet.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/
# custom:
#   id: k8s-open-load-balancer
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Set `spec.loadBalancerSourceRanges`, or put the service behind an Ingress.
package regate.kubernetes.open_load_balancer

import data.regate.lib.kubernetes

deny contains msg if {
	input.kind == "Service"
	input.spec.type == "LoadBalancer"
	object.get(input.spec, "loadBalancerSourceRanges", []) == []
	not internal
	msg := sprintf("%s is a load balancer open to everyone", [kubernetes.resource])
}

# The marks with which the big clouds keep a load balancer inside the network.
internal if input.metadata.annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"] == "internal"

internal if input.metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] == "true"

internal if input.metadata.annotations["networking.gke.io/load-balancer-type"] == "Internal"
