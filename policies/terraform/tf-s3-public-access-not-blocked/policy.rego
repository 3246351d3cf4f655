# METADATA
# title: Buckets block public access in full
# description: Each of the four switches closes one way for a bucket to become public.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block
# custom:
#   id: tf-s3-public-access-not-blocked
#   severity: high
#   kinds: [terraform]
#   view: resolved
#   controls:
#     nist-800-53-r5: [ac-3, sc-7]
#     pci-dss-4.0.1: ["1.3.1"]
#     soc-2-2017: [CC6.1, CC6.6]
#     iso-27001-2022: [A.8.20]
#   remediation: Set all four switches of `aws_s3_bucket_public_access_block` to `true`.
package regate.terraform.s3_public_access_not_blocked

import data.regate.lib.terraform

deny contains msg if {
	some name, blocks in input.resource.aws_s3_bucket_public_access_block
	some block in blocks
	some switch in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
	terraform.is_off(block, switch)
	msg := sprintf("public access block `%s` leaves `%s` off", [name, switch])
}
