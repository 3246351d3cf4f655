# METADATA
# title: Buckets are not public by their ACL
# description: A public ACL lets everyone list, read or write the bucket.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_acl
# custom:
#   id: tf-s3-public-acl
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [ac-3, sc-7]
#     pci-dss-4.0.1: ["1.3.1"]
#     soc-2-2017: [CC6.1, CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Use the ACL `private` and share through a bucket policy or signed URLs.
package regate.terraform.s3_public_acl

deny contains msg if {
	some kind in ["aws_s3_bucket", "aws_s3_bucket_acl"]
	some name, blocks in input.resource[kind]
	some block in blocks
	block.acl in {"public-read", "public-read-write"}
	msg := sprintf("%s `%s` has the public ACL `%s`", [kind, name, block.acl])
}
