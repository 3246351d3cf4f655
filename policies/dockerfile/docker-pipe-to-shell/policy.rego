# METADATA
# title: Scripts are not run straight from the network
# description: A script piped into a shell runs unseen, with whatever the server answers today.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-pipe-to-shell
#   severity: medium
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [si-7, sr-3]
#     pci-dss-4.0.1: ["6.3.2"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.5.21]
#   remediation: Fetch the file, check its sum, then run it; or install a package.
package regate.dockerfile.pipe_to_shell

deny contains msg if {
	some instruction in input
	instruction.Cmd == "run"
	command := concat(" ", instruction.Value)
	regex.match(`(curl|wget)[^|;&]*\|\s*(sudo\s+)?(/bin/)?(ba|da|z|a)?sh\b`, command)
	msg := "`RUN` pipes a download into a shell"
}
