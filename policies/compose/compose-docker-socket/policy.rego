# METADATA
# title: Services do not get the socket of Docker
# description: Whoever can write to the socket of Docker is root on the host.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/
# custom:
#   id: compose-docker-socket
#   severity: high
#   kinds: [compose]
#   controls:
#     nist-800-53-r5: [cm-7, ac-6.10]
#     pci-dss-4.0.1: ["2.2.1"]
#     soc-2-2017: [CC6.8]
#     iso-27001-2022: [A.8.9]
#   remediation: Remove the mount of `docker.sock`, or put a proxy before it that allows only what is needed.
package regate.compose.docker_socket

deny contains msg if {
	some name, service in input.services
	volume := service.volumes[_]
	contains(source(volume), "docker.sock")
	msg := sprintf("service `%s` mounts the socket of Docker", [name])
}

# A mount is written as text or as an object.
source(volume) := volume if is_string(volume)

source(volume) := volume.source if is_object(volume)
