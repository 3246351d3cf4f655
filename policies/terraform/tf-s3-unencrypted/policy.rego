# METADATA
# title: Buckets say how they are encrypted
# description: Without a choice of its own a bucket has the key of the service, which can be neither withdrawn nor audited by you.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration
# custom:
#   id: tf-s3-unencrypted
#   severity: low
#   kinds: [terraform]
#   view: resolved
#   scope: all
#   controls:
#     nist-800-53-r5: [sc-28, sc-28.1]
#     pci-dss-4.0.1: ["3.5.1"]
#     soc-2-2017: [CC6.1]
#     iso-27001-2022: [A.8.24]
#   remediation: Add an `aws_s3_bucket_server_side_encryption_configuration` for the bucket.
package regate.terraform.s3_unencrypted

# The encryption may stand in another file than the bucket, so the whole run is looked at.
warn contains result if {
	some index, document in input
	some name, blocks in document.contents.resource.aws_s3_bucket
	some number, block in blocks
	not block.server_side_encryption_configuration
	not encrypted(document.path, name, block)
	result := {
		"msg": sprintf("bucket `%s` has no encryption configuration", [name]),
		"at": [index, "contents", "resource", "aws_s3_bucket", name, number],
	}
}

encrypted(path, name, block) if {
	some document in input
	folder(document.path) == folder(path)
	configuration := document.contents.resource.aws_s3_bucket_server_side_encryption_configuration[_][_]
	names(configuration.bucket, name, block)
}

# A configuration names its bucket by reference or by its real name.
names(reference, name, _) if contains(reference, sprintf("aws_s3_bucket.%s.", [name]))

names(reference, _, block) if reference == block.bucket

# Resources are known to each other within one module, which is one folder.
folder(path) := concat("/", array.slice(parts, 0, count(parts) - 1)) if parts := split(path, "/")
