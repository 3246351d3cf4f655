# METADATA
# title: Base images have a fixed version
# description: A base image without a tag or with `latest` makes every build another image.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/
# custom:
#   id: docker-image-latest
#   severity: medium
#   kinds: [dockerfile]
#   controls:
#     nist-800-53-r5: [si-7, sr-3]
#     pci-dss-4.0.1: ["6.3.2"]
#     soc-2-2017: [CC8.1]
#     iso-27001-2022: [A.5.21]
#   remediation: Name a version, or better a digest.
package regate.dockerfile.image_latest

deny contains msg if {
	some instruction in input
	instruction.Cmd == "from"
	image := instruction.Value[0]
	image != "scratch"
	not contains(image, "$")
	not image in stages
	not fixed(image)
	msg := sprintf("base image `%s` has no fixed version", [image])
}

stages contains name if {
	some instruction in input
	instruction.Cmd == "from"
	lower(instruction.Value[1]) == "as"
	name := instruction.Value[2]
}

fixed(image) if contains(image, "@sha256:")

fixed(image) if {
	parts := split(image, "/")
	[_, tag] := split(parts[count(parts) - 1], ":")
	tag != "latest"
}
