# METADATA
# title: Manifests do not carry secrets
# description: A password in a manifest is readable to everyone who can read the repository or the resource.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
# custom:
#   id: k8s-secret-in-env
#   severity: high
#   kinds: [kubernetes]
#   controls:
#     nist-800-53-r5: [ia-5, ia-5.7]
#     pci-dss-4.0.1: ["8.6.2"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.5.17]
#   remediation: Move the value to a Secret and read it with `valueFrom.secretKeyRef`.
package regate.kubernetes.secret_in_env

import data.regate.lib.kubernetes

deny contains msg if {
	some container in kubernetes.containers
	variable := container.env[_]
	regex.match(`(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key)$`, variable.name)
	is_string(variable.value)
	variable.value != ""
	not startswith(variable.value, "$(")
	msg := sprintf("variable `%s` of container `%s` in %s holds a secret in plain text", [variable.name, container.name, kubernetes.resource])
}
