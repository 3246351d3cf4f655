# METADATA
# title: Images do not carry secrets
# description: What `ENV` and `ARG` set can be read by everyone who has the image.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-secret-in-image
#   severity: high
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [ia-5, ia-5.7]
#     pci-dss-4.0.1: ["8.6.2"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.5.17]
#   remediation: Use `RUN --mount=type=secret` for the build, and the environment of the platform for the run.
package regate.dockerfile.secret_in_image

deny contains msg if {
	some instruction in input
	instruction.Cmd == "env"
	some index, name in instruction.Value

	# conftest's shape: name, value and `=` follow each other.
	index % 3 == 0
	secret(name)
	value := trim(instruction.Value[index + 1], `"'`)
	value != ""
	not startswith(value, "$")
	msg := sprintf("`ENV` sets the secret `%s`", [name])
}

deny contains msg if {
	some instruction in input
	instruction.Cmd == "arg"
	some argument in instruction.Value
	[name, value] := split(argument, "=")
	secret(name)
	value != ""
	msg := sprintf("`ARG` sets the secret `%s`", [name])
}

secret(name) if regex.match(`(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key)$`, name)
