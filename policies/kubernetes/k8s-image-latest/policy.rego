# METADATA
# title: Images have a fixed version
# description: An image without a tag or with `latest` changes under a running system; nobody can say later what ran.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   id: k8s-image-latest
#   severity: medium
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [si-7, sr-3]
#     pci-dss-4.0.1: ["6.3.2"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.5.21]
#   remediation: Name a version, or better a digest, such as `registry.example.com/shop/web:1.8.2`.
package regate.kubernetes.image_latest

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	not fixed(container.image)
	msg := sprintf("image `%s` of container `%s` in %s has no fixed version", [container.image, container.name, kubernetes.resource])
}

fixed(image) if contains(image, "@sha256:")

fixed(image) if {
	parts := split(image, "/")
	[_, tag] := split(parts[count(parts) - 1], ":")
	tag != "latest"
}
