# METADATA
# title: Remote files are checked when they are fetched
# description: '`ADD` of a URL puts whatever the server answers today into the image.'
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-add-remote
#   severity: medium
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [si-7, sr-3]
#     pci-dss-4.0.1: ["6.3.2"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.5.21]
#   remediation: Use `ADD --checksum=sha256:…`, or fetch in a `RUN` that checks the sum.
package regate.dockerfile.add_remote

deny contains msg if {
	some instruction in input
	instruction.Cmd == "add"
	some source in array.slice(instruction.Value, 0, count(instruction.Value) - 1)
	regex.match(`^https?://`, source)
	not checked(instruction)
	msg := sprintf("`ADD` fetches `%s` without a checksum", [source])
}

checked(instruction) if startswith(instruction.Flags[_], "--checksum=")
