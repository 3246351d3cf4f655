# METADATA
# title: Services do not run privileged
# description: A privileged container can take over its host.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/
# custom:
#   id: compose-privileged
#   severity: critical
#   kinds: [compose]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: 'Remove `privileged: true`.'
package regate.compose.privileged

deny contains msg if {
	some name, service in input.services
	service.privileged == true
	msg := sprintf("service `%s` is privileged", [name])
}
