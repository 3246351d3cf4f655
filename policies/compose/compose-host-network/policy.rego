# METADATA
# title: Services have a network of their own
# description: A service in the network of the host sees and offers everything there.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/
# custom:
#   id: compose-host-network
#   severity: medium
#   kinds: [compose]
#   controls:
#     nist-800-53-r5: [sc-7, ac-4]
#     pci-dss-4.0.1: ["1.3.1", "1.4.2"]
#     soc-2-2017: [CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: 'Remove `network_mode: host` and list the `ports`.'
package regate.compose.host_network

deny contains msg if {
	some name, service in input.services
	service.network_mode == "host"
	msg := sprintf("service `%s` uses the network of the host", [name])
}
